//! What is checked as a whole: formatting, lints, licences, the examples in the documentation.

use super::native::NATIVE;
use super::queue::{Done, Job, Milestone};
use super::report::{Outcome, Suite};
use super::{CHECKS, Context, browsers, check, finish, read};
use crate::{deploy, dist, step, tool};
use spro_tests::Failure;
use std::sync::Arc;

/// The suite of the examples that rustdoc runs.
pub(super) const EXAMPLES: &str = "examples in the documentation";
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
    if tool::find("cargo-deny").is_some() {
        jobs.push(job(licences, || {
            check(licences, || {
                let mut deny = tool::cargo("deny");
                deny.args(["--workspace", "check", "bans", "licenses", "sources"]);
                tool::succeeded(deny, "see deny.toml", &|_| {})
            })
            .into()
        }));
    } else {
        println!("{licences} … not checked: `cargo install cargo-deny` brings the check");
    }
    jobs
}

/// What is tried of a release: that a deployment would upload what was built; and in a thorough
/// run the archive, unpacked and served.
pub(super) fn releases(context: &Arc<Context>) -> Vec<Job> {
    let needs = || vec![Milestone::Built];
    let mut jobs = Vec::new();
    if context.wanted.has(DEPLOYMENT) {
        let context = Arc::clone(context);
        let work = Box::new(move || check_step(DEPLOYMENT, || deploy::deploy(&context.found, true)).into());
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
    jobs
}

/// The lints, and the examples of what is compiled for this machine: one after the other, since
/// one cargo at a time may use the folder where the native tests were compiled.
pub(super) fn lints(context: &Arc<Context>) -> Vec<Job> {
    let [_, name, _] = CHECKS;
    let examples = context.wanted.has(EXAMPLES).then(|| job(EXAMPLES, || examples().into()));
    if !context.wanted.has(name) {
        return examples.into_iter().collect();
    }
    vec![job(name, move || {
        let suite = check(name, || {
            let mut clippy = tool::cargo("clippy");
            // Element and worker, too: no line of theirs is for WebAssembly only.
            clippy.args(["--locked", "--workspace", "--all-targets"]);
            clippy.args(["--", "--deny", "warnings"]);
            tool::succeeded(clippy, "mend what is above", &|_| {})
        });
        Done { next: examples.into_iter().collect(), ..suite.into() }
    })]
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
    cargo.args(["--locked"]).args(NATIVE).arg("--doc");
    match tool::capture(cargo, &|_| {}) {
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
