//! What is checked as a whole: formatting, lints, licences, the examples in the documentation.

use super::native::{self, NATIVE};
use super::queue::{Done, Job, Milestone};
use super::report::{Outcome, Suite};
use super::{CHECKS, Context, Wanted, again, browsers, check, compiler, finish, read};
use crate::build::lint;
use crate::{deploy, dist, setup, step, tool};
use spro_tests::{Failure, paths};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// The suite of the examples that rustdoc runs.
pub(super) const EXAMPLES: &str = "examples in the documentation";
/// The element, as cargo names it.
const ELEMENT: [&str; 2] = ["--package", "spro-widget"];
/// What is tried of a deployment.
const DEPLOYMENT: &str = "deployment, tried";
/// The suite of the archive.
pub(super) const RELEASE: &str = "tests/release";

/// The checks that need nothing.
pub(super) fn jobs(context: &Arc<Context>) -> Vec<Job> {
    let [formatting, _, licences] = CHECKS;
    let mut jobs = Vec::new();
    if context.wanted.has(formatting) {
        jobs.push(job(formatting, || {
            check(formatting, || {
                let mut format = tool::cargo("fmt");
                format.args(["--all", "--check"]);
                tool::succeeded(format, "run `cargo fmt --all`", &|_| {})
            })
            .into()
        }));
    }
    if !context.wanted.has(licences) {
        return jobs;
    }
    jobs.push(job(licences, || deny().into()));
    jobs
}

/// Licences, sources and bans; and known faults, where the list of them can be had: it is in a
/// repository of GitHub, which not every network reaches.
fn deny() -> Suite {
    const UNREACHABLE: &str = "failed to fetch advisory database";
    let [_, _, name] = CHECKS;
    check(name, || {
        let deny = setup::cargo_deny()?;
        let run = |checks: &[&str]| {
            let mut command = Command::new(&deny);
            command.current_dir(paths::root()).args(["--locked", "--workspace", "check"]).args(checks);
            tool::succeeded(command, "see deny.toml", &|_| {})
        };
        let ended = run(&["bans", "licenses", "sources"])?;
        match run(&["advisories"]) {
            Err(failure) if failure.to_string().contains(UNREACHABLE) => {
                println!("known faults of dependencies … not checked: the list is out of reach here");
            }
            other => drop(other?),
        }
        Ok(ended)
    })
}

/// Whether anything of a release is wanted.
pub(super) fn releases_wanted(wanted: &Wanted, thorough: bool) -> bool {
    wanted.has(DEPLOYMENT) || (thorough && (wanted.has(RELEASE) || wanted.has(again::AGAIN)))
}

/// What is tried of a release: that a deployment would upload what was built; and in a thorough
/// run the archive, unpacked and served, and a second build that gives the same bytes.
pub(super) fn releases(context: &Arc<Context>) -> Vec<Job> {
    let needs = || vec![Milestone::Built];
    let mut jobs = Vec::new();
    if context.wanted.has(DEPLOYMENT) {
        let context = Arc::clone(context);
        let work =
            Box::new(move || check_step(DEPLOYMENT, || deploy::deploy(&context.found, true, None)).into());
        jobs.push(Job { name: DEPLOYMENT.to_owned(), needs: needs(), work });
    }
    if context.thorough && context.wanted.has(RELEASE) {
        let context = Arc::clone(context);
        let work = Box::new(move || match dist::dist(&context.found) {
            Ok(archive) => browsers::release(&archive).into(),
            Err(failure) => check(RELEASE, || Err(failure)).into(),
        });
        jobs.push(Job { name: RELEASE.to_owned(), needs: needs(), work });
    }
    if context.thorough && context.wanted.has(again::AGAIN) {
        let work = Box::new(move || again::again().into());
        jobs.push(Job { name: again::AGAIN.to_owned(), needs: needs(), work });
    }
    jobs
}

/// What is linted already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Linted {
    Nothing,
    /// What was compiled for this machine.
    Natives,
}

/// clippy as a compiler.
///
/// # Errors
/// When it is not installed.
pub(super) fn clippy() -> Result<PathBuf, Failure> {
    let name = format!("clippy-driver{}", std::env::consts::EXE_SUFFIX);
    let beside =
        tool::ask("rustc", &["--print", "sysroot"]).map(|root| Path::new(&root).join("bin").join(&name));
    beside
        .filter(|path| path.is_file())
        .or_else(|| tool::find("clippy-driver"))
        .ok_or_else(|| Failure::new("clippy is not installed: run `rustup component add clippy`"))
}

/// The row of what was linted as it was compiled; nothing where nobody asked for it.
pub(super) fn linted(context: &Context, found: &str) -> Option<Suite> {
    let [_, name, _] = CHECKS;
    let right = found.is_empty();
    if !right {
        println!("{name} … failed\n{found}");
    }
    context.wanted.has(name).then(|| Suite { outcome: Outcome::Check { right }, ..Suite::named(name) })
}

/// The lints that are still to be run once the shipped form is built: those of the element, where
/// compiling it has not found them.
pub(super) fn element_linted(context: &Arc<Context>) -> Done {
    let built = Done { reached: Some(Milestone::Built), ..Done::default() };
    let [_, name, _] = CHECKS;
    if context.thorough || !context.wanted.has(name) {
        return built;
    }
    match lint::findings() {
        Some(found) => Done { suites: linted(context, &found).into_iter().collect(), ..built },
        None => Done { next: vec![job(name, || clippy_of(&ELEMENT).into())], ..built },
    }
}

/// The lints that are still to be run, and the examples of what is compiled for this machine: one
/// after the other, since one cargo at a time may use the folder where the native tests were
/// compiled. A thorough run lints everything once more, as who ships it compiles it.
pub(super) fn lints(context: &Arc<Context>, linted: Linted) -> Vec<Job> {
    let [_, name, _] = CHECKS;
    let examples = context.wanted.has(EXAMPLES).then(|| job(EXAMPLES, || examples().into()));
    let natives = linted == Linted::Natives && !context.thorough;
    if !context.wanted.has(name) || (natives && context.builds) {
        return examples.into_iter().collect();
    }
    let packages: &[&str] = if natives { &ELEMENT } else { &["--workspace"] };
    vec![job(name, move || Done { next: examples.into_iter().collect(), ..clippy_of(packages).into() })]
}

/// Lints these packages. No line of the element is for WebAssembly only.
fn clippy_of(packages: &[&str]) -> Suite {
    let [_, name, _] = CHECKS;
    check(name, || {
        let mut clippy = tool::cargo("clippy");
        clippy.arg("--locked").args(packages).args(["--all-targets", "--", "--deny", "warnings"]);
        tool::succeeded(tool::behind_others(clippy), "mend what is above", &|_| {})
    })
}

/// The same as [`check`] for what prints by itself.
fn check_step(name: &str, run: impl FnOnce() -> Result<(), Failure>) -> Suite {
    let begun = step::now();
    let outcome = run();
    let seconds = begun.elapsed().as_secs_f64();
    match &outcome {
        Ok(()) => println!("{name} … {seconds:.1} s"),
        Err(failure) => println!("{name} … failed after {seconds:.1} s\n{failure}"),
    }
    Suite { outcome: Outcome::Check { right: outcome.is_ok() }, seconds, ..Suite::named(name) }
}

/// Runs the examples in the documentation.
fn examples() -> Suite {
    let begun = step::now();
    let mut cargo = tool::cargo("test");
    cargo.arg("--locked").args(NATIVE).args(["--doc", "--config", native::UNTRACED]);
    // They have none, and would be compiled for nobody.
    cargo.args(["--exclude", "spro-worker", "--exclude", "spro-administration"]);
    // As the tests are compiled: otherwise our crates would be compiled again.
    if let Err(failure) = compiler::stand_between(&mut cargo) {
        return check(EXAMPLES, || Err(failure));
    }
    match tool::capture(tool::behind_others(cargo), &|_| {}) {
        Ok(ended) => {
            let ran = read::examples(&ended.printed);
            finish(EXAMPLES, &ran, &ended, begun, &ended.printed);
            let outcome = ran.outcome(!ended.status.success());
            let (seconds, processor) = (begun.elapsed().as_secs_f64(), ended.processor);
            Suite { outcome, seconds, processor, ..Suite::named(EXAMPLES) }
        }
        Err(failure) => check(EXAMPLES, || Err(failure)),
    }
}

fn job(name: &str, work: impl FnOnce() -> Done + Send + 'static) -> Job {
    Job { name: name.to_owned(), needs: Vec::new(), work: Box::new(work) }
}
