//! What needs a real browser: the element on a partner's page, which comes from another origin
//! than the worker; then the same files in each engine that is there.
//!
//! Each file is a process of its own, a few at a time. Those that only read share one worker;
//! the others, whose first line is [`OWN`], have one each.
//!
//! The element has deadlines of its own: after three seconds without a first question it leaves
//! the page's link, as it should on a machine that is too busy. A file that fails is therefore
//! tried once more when nothing else is running, and says so; a fault fails twice.

use super::checks::RELEASE;
use super::queue::{Done, Job, Milestone};
use super::report::{Count, Outcome, Suite};
use super::{BROWSER, Context, EACH_ENGINE, Wanted, check, finish, read};
use crate::engines::{self, Engine};
use crate::stage::Stage;
use crate::{step, tool};
use spro_tests::{Failure, paths};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// The first line of a file that changes what others would see.
const OWN: &str = "// @stage own";
/// The files that take longest, and begin first.
const LONGEST: [&str; 4] =
    ["three-ways.test.mjs", "published.test.mjs", "policies.test.mjs", "desk.test.mjs"];
/// What a quick run tries in other engines than Chromium: whole visits, and what each does of a
/// host's policy. `docs/testing.md` says why.
const QUICK: [&str; 2] = ["keyboard.test.mjs", "policies.test.mjs"];
/// What a file reads that runs the administrators' command line.
const COMMAND_LINE: &str = "SPRO_BIN";

/// Whether any of them is wanted.
pub(super) fn wanted(wanted: &Wanted) -> bool {
    !files(wanted, BROWSER, BROWSER).is_empty()
        || engines::TITLES.iter().any(|title| !files(wanted, &of_engine(title), EACH_ENGINE).is_empty())
}

/// A job for each file, and in each engine.
pub(super) fn jobs(context: &Arc<Context>) -> Vec<Job> {
    engines::forget_matrix();
    let mut jobs: Vec<Job> = files(&context.wanted, BROWSER, BROWSER)
        .into_iter()
        .map(|file| job(context, BROWSER.to_owned(), None, file))
        .collect();
    for (index, engine) in context.engines.0.iter().enumerate() {
        let suite = of_engine(engine.title);
        if engine.programs.is_ok() {
            let mut files = files(&context.wanted, &suite, EACH_ENGINE);
            if index > 0 && !context.thorough && !matches!(context.wanted, Wanted::Words(_)) {
                files.retain(|path| QUICK.contains(&name(path).as_str()));
            }
            jobs.extend(files.into_iter().map(|file| job(context, suite.clone(), Some(index), file)));
        }
    }
    jobs.sort_by_key(|job| !LONGEST.iter().any(|name| job.name.contains(name)));
    jobs
}

fn of_engine(title: &str) -> String {
    format!("{EACH_ENGINE}, {title}")
}

/// The test files of a folder that are wanted; all of them where the folder itself is.
fn files(wanted: &Wanted, suite: &str, folder: &str) -> Vec<PathBuf> {
    let mut files = engines::test_files(folder);
    let whole = wanted.has(suite)
        || (suite.starts_with(EACH_ENGINE) && matches!(wanted, Wanted::Names(_)) && wanted.has(EACH_ENGINE));
    files.retain(|path| whole || wanted.has(&name(path)));
    files
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn job(context: &Arc<Context>, suite: String, engine: Option<usize>, file: PathBuf) -> Job {
    let text = fs::read_to_string(&file).unwrap_or_default();
    let mut needs = vec![Milestone::Built];
    if text.contains(COMMAND_LINE) {
        needs.push(Milestone::Compiled);
    }
    let called = match engine {
        None => name(&file),
        Some(index) => format!("{}, {}", name(&file), context.engines.0[index].title),
    };
    let one = OneFile { called: called.clone(), suite, engine, own: text.lines().next() == Some(OWN), file };
    let context = Arc::clone(context);
    let work = Box::new(move || {
        let first = one.run(&context);
        if first.good() {
            return first.into();
        }
        // Its time counts, its failure only if it fails again.
        let spent = Suite { outcome: Outcome::Tests(Count::default()), tests: Vec::new(), ..first };
        let name = one.called.clone();
        let again = Box::new(move || one.run(&context).into());
        Done { again: Some(Job { name, needs: Vec::new(), work: again }), ..spent.into() }
    });
    Job { name: called, needs, work }
}

/// One file, in one engine.
struct OneFile {
    /// What it is called, with its engine.
    called: String,
    /// The suite whose row it is in.
    suite: String,
    /// Its place among the engines; none for Chromium's own files.
    engine: Option<usize>,
    /// Whether it needs servers of its own.
    own: bool,
    file: PathBuf,
}

impl OneFile {
    fn run(&self, context: &Context) -> Suite {
        let Self { called, suite, engine, own, file } = self;
        let ran = if *own {
            Stage::start(&context.found).and_then(|stage| run(context, &stage, called, suite, *engine, file))
        } else {
            let stage = context.stage.get_or_init(|| Stage::start(&context.found));
            let stage = stage.as_ref().map_err(Clone::clone);
            stage.and_then(|stage| run(context, stage, called, suite, *engine, file))
        };
        ran.unwrap_or_else(|failure| check(suite, || Err(failure)))
    }
}

/// Runs one file.
fn run(
    context: &Context,
    stage: &Stage,
    called: &str,
    suite: &str,
    engine: Option<usize>,
    file: &Path,
) -> Result<Suite, Failure> {
    let mut node = stage.node();
    if let Some(engine) = engine.map(|index| &context.engines.0[index]) {
        variables(&mut node, engine);
    }
    if let Some(program) = context.command_line.get() {
        node.env("SPRO_BIN", program);
    }
    if context.thorough {
        node.env("SPRO_THOROUGH", "1");
    }
    node_tests(node, called, suite, file)
}

/// Tries an archive as somebody unpacks it.
pub(super) fn release(archive: &Path) -> Suite {
    let file = paths::root().join(RELEASE).join("dist.test.mjs");
    let mut node = Command::new("node");
    node.current_dir(paths::root()).env("SPRO_ARCHIVE", archive);
    node_tests(node, RELEASE, RELEASE, &file).unwrap_or_else(|failure| check(RELEASE, || Err(failure)))
}

/// Runs a file of Node's tests.
fn node_tests(mut node: Command, called: &str, suite: &str, file: &Path) -> Result<Suite, Failure> {
    let begun = step::now();
    // One file for each engine: what is behind the last dot of a name is part of it.
    let events =
        paths::built().join("events").join(format!("{}.jsonl", called.replace([' ', ',', '/'], "-")));
    // What an earlier run left is not what this one did.
    tool::write(&events, b"")?;
    let reporter = paths::root().join("xtask/src/test/reporter.mjs");
    // Run as a program, not by `node --test`, which would start another Node for it.
    node.args(["--test-reporter=spec", "--test-reporter-destination=stdout"])
        .arg(format!("--test-reporter={}", reporter.display()))
        .arg(format!("--test-reporter-destination={}", events.display()))
        .arg(file);
    let ended = tool::capture(node, &|_| {})?;
    let ran = read::node(&fs::read_to_string(&events).unwrap_or_default());
    finish(called, &ran, &ended, begun, &ended.printed);
    let outcome = ran.outcome(!ended.status.success());
    let (seconds, processor) = (begun.elapsed().as_secs_f64(), ended.processor);
    let tests =
        ran.tests.into_iter().map(|(test, seconds)| (format!("{}: {test}", name(file)), seconds)).collect();
    Ok(Suite { outcome, seconds, processor, tests, ..Suite::named(suite) })
}

/// Which engine a Node is to use, and where its programs are.
fn variables(node: &mut Command, engine: &Engine) {
    let programs = engine.programs.iter().flatten();
    node.env("SPRO_ENGINE", engine.id).envs(programs.map(|(name, path)| (name, path)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_choose_files() {
        let named = |words: &str, suite: &str, folder: &str| -> Vec<String> {
            let wanted = Wanted::Words(words.split_whitespace().map(str::to_owned).collect());
            files(&wanted, suite, folder).iter().map(|path| name(path)).collect()
        };
        assert_eq!(named("slow.test visit", BROWSER, BROWSER), ["slow.test.mjs", "visit.test.mjs"]);
        let all = files(&Wanted::Everything, BROWSER, BROWSER);
        assert_eq!(all.len(), engines::test_files(BROWSER).len());
        let firefox = of_engine("Firefox ESR");
        assert_eq!(named("Firefox", &firefox, EACH_ENGINE).len(), engines::test_files(EACH_ENGINE).len());
        assert!(named("Firefox", BROWSER, BROWSER).is_empty());
        let quick = |path: &PathBuf| QUICK.contains(&name(path).as_str());
        assert_eq!(engines::test_files(EACH_ENGINE).iter().filter(|path| quick(path)).count(), QUICK.len());
    }

    #[test]
    fn files_that_write_have_a_stage_of_their_own() {
        let own = |name: &str| {
            let text = fs::read_to_string(paths::root().join(BROWSER).join(name)).unwrap();
            text.lines().next() == Some(OWN)
        };
        assert!(own("published.test.mjs") && own("three-ways.test.mjs"));
        assert!(!own("visit.test.mjs"));
    }
}
