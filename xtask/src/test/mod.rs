//! Everything that can be checked, a few jobs at a time, in one table.
//!
//! Two things are compiled side by side: what is shipped, which browsers and the tests over
//! HTTP wait for, and the native test programs. All native tests are compiled by one cargo
//! command: asking cargo crate by crate would compile their dependencies again for every
//! choice of features.

mod again;
mod browsers;
mod checks;
mod compiler;
mod native;
mod queue;
mod read;
mod report;
mod since;

use crate::build::{self, lint::Linter};
use crate::engines::{self, Engines};
use crate::setup::{self, Found, Need};
use crate::stage::Stage;
use crate::step::{self, Taken};
use crate::tool::Ended;
pub(crate) use compiler::as_compiler;
use queue::{Job, Milestone};
use read::Ran;
use report::Count;
pub(crate) use report::{Outcome, Report, Suite};
use since::{EVERYTHING, Names};
use spro_tests::Failure;
use spro_tests::paths::Form;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// The suite that needs a real browser.
const BROWSER: &str = "tests/browser";
/// The suite that is run once in each engine.
const EACH_ENGINE: &str = "tests/browser/engines";
/// What is checked as a whole.
const CHECKS: [&str; 3] = ["formatting", "lints", "licences and sources"];
/// What the build of the shipped form is called in the table.
const BUILD: &str = "element and worker, built";
/// How many jobs run together: more than the two cores of the machine that this is
/// measured for, since browsers wait as much as they work.
const AT_ONCE: usize = 5;

/// What `cargo xtask test` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Only suites and browser files with one of these words in their names.
    pub(crate) words: Vec<String>,
    /// What is long by nature, too.
    pub(crate) thorough: bool,
    /// Only what the difference from this revision can touch.
    pub(crate) since: Option<String>,
}

/// The suites that were asked for.
#[derive(Debug)]
enum Wanted {
    Everything,
    /// Those that have one of these words in their names.
    Words(Vec<String>),
    /// Those of these names.
    Names(Names),
}

impl Wanted {
    fn new(options: &Options) -> Result<Self, Failure> {
        Ok(match &options.since {
            Some(revision) => {
                let names = since::suites(revision)?;
                if names.contains(EVERYTHING) { Self::Everything } else { Self::Names(names) }
            }
            None if options.words.is_empty() => Self::Everything,
            None => Self::Words(options.words.clone()),
        })
    }

    /// Whether this suite, check or file is wanted.
    fn has(&self, name: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Words(words) => words.iter().any(|word| name.contains(word.as_str())),
            Self::Names(names) => names.contains(name),
        }
    }

    /// Whether a suite of Rust is: of a crate, or of a module where crates meet.
    fn has_native(&self, suite: &str) -> bool {
        self.has(suite)
            || suite
                .split_once('/')
                .is_some_and(|(package, _)| matches!(self, Self::Names(_)) && self.has(package))
    }
}

/// What all jobs share.
#[derive(Debug)]
struct Context {
    found: Found,
    engines: Engines,
    wanted: Wanted,
    thorough: bool,
    /// Whether the shipped form is built, which lints the element.
    builds: bool,
    /// The servers of the files that only read, started when the first of them runs.
    stage: OnceLock<Result<Stage, Failure>>,
    /// The administrators' command line, compiled for its own tests.
    command_line: OnceLock<PathBuf>,
}

/// Runs what is wanted, and tells whether all is right. The table's last line is the last one
/// printed, for whoever reads the end of a log.
pub(crate) fn test(options: &Options) -> Result<bool, Failure> {
    let report = report(options)?;
    if report.is_empty() {
        return Ok(true);
    }
    print!("\n{report}");
    Ok(report.good())
}

/// Runs what is wanted, and says how it went; nothing where nothing is wanted.
pub(crate) fn report(options: &Options) -> Result<Report, Failure> {
    let begun = step::now();
    let wanted = Wanted::new(options)?;
    if matches!(&wanted, Wanted::Names(names) if names.is_empty()) {
        println!("nothing that is tested differs");
        return Ok(Report::default());
    }
    let mut report = Report::default();
    let _all = step::side_by_side();
    let natives = native::programs_wanted(&wanted);
    // What is installed meanwhile waits for a network, not for the processors.
    let compiling = natives.any.then(native::begin);
    let found = setup::setup(match (browsers::wanted(&wanted), options.thorough) {
        (true, true) => Need::Browser,
        (true, false) => Need::Engine,
        (false, _) => Need::Shipping,
    })?;
    let engines = if browsers::wanted(&wanted) { engines::find(&found) } else { Engines(Vec::new()) };

    let thorough = options.thorough;
    let in_browsers = browsers::wanted(&wanted);
    let builds = in_browsers || natives.need_the_worker || checks::releases_wanted(&wanted, thorough);
    let (stage, command_line) = (OnceLock::new(), OnceLock::new());
    let context = Arc::new(Context { found, engines, wanted, thorough, builds, stage, command_line });
    let browsers = browsers::jobs(&context);
    let tried_in_browsers = !browsers.is_empty();
    let mut jobs = Vec::new();
    let releases = checks::releases(&context);
    if builds {
        jobs.push(built(&context));
    }
    let wait_for_them = || browsers.iter().any(|job| job.needs.contains(&Milestone::Compiled));
    match compiling.or_else(|| wait_for_them().then(native::begin)) {
        Some(compiling) => jobs.push(native::job(&context, compiling)),
        None => jobs.extend(checks::lints(&context, checks::Linted::Nothing)),
    }
    jobs.extend(checks::jobs(&context));
    jobs.extend(browsers);
    jobs.extend(releases);
    let suites = queue::run(jobs, AT_ONCE);
    for suite in steps().chain(suites) {
        report.add(suite);
    }
    if tried_in_browsers {
        println!("\n{}", engines::matrix(&context.engines));
        print!("{}", context.engines);
    }
    report.seconds = begun.elapsed().as_secs_f64();
    Ok(report)
}

/// Builds what is shipped. Its steps are in the table by themselves.
fn built(context: &Arc<Context>) -> Job {
    let context = Arc::clone(context);
    let linter = Linter { clippy: checks::clippy().ok() };
    let work = Box::new(move || match build::build_linted(&context.found, Form::Shipped, &linter) {
        Ok(()) => checks::element_linted(&context),
        Err(failure) => {
            println!("{failure}");
            Suite { outcome: Outcome::Check { right: false }, ..Suite::named(BUILD) }.into()
        }
    });
    Job { name: BUILD.to_owned(), needs: Vec::new(), work }
}

/// The rows of the steps that took their time: set-up and compiling.
fn steps() -> impl Iterator<Item = Suite> {
    let took_its_time = |taken: &Taken| taken.seconds >= 0.5;
    step::taken().into_iter().filter(took_its_time).map(|Taken { name, seconds, processor }| Suite {
        seconds,
        processor,
        ..Suite::named(name)
    })
}

/// Runs something as one check of the table, and says how it went.
fn check(name: &str, run: impl FnOnce() -> Result<Ended, Failure>) -> Suite {
    let begun = step::now();
    let outcome = run();
    let seconds = begun.elapsed().as_secs_f64();
    let processor = match &outcome {
        Ok(ended) => {
            println!("{name} … {seconds:.1} s");
            ended.processor
        }
        Err(failure) => {
            println!("{name} … failed after {seconds:.1} s\n{failure}");
            0.0
        }
    };
    Suite { outcome: Outcome::Check { right: outcome.is_ok() }, seconds, processor, ..Suite::named(name) }
}

/// Says how a program of tests went. What it printed is shown where something is wrong; where
/// all is well, only what its tests wanted read.
fn finish(name: &str, ran: &Ran, ended: &Ended, begun: Instant, printed: &str) {
    let seconds = begun.elapsed().as_secs_f64();
    let Count { passed, failed, skipped } = ran.count;
    let mut lines = format!("{name} … {passed} passed");
    if skipped > 0 {
        let _ = write!(lines, ", {skipped} skipped");
    }
    if failed > 0 || !ended.status.success() {
        let _ = write!(lines, ", {failed} FAILED ({})\n{}", ended.status, printed.trim_end());
    }
    let _ = write!(lines, ", {seconds:.1} s");
    for line in &ran.said {
        let _ = write!(lines, "\n  {line}");
    }
    // At once: others print, too.
    println!("{lines}");
}
