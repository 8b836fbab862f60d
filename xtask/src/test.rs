//! Everything that can be checked, in one table.
//!
//! All native tests are compiled by one cargo command and then run one by one: asking
//! cargo crate by crate would compile their dependencies again for every choice of
//! features.

use crate::engines::{self, Engine, Engines};
use crate::setup::{Found, WASM};
use crate::stage::Stage;
use crate::step::Step;
use crate::suite::{Outcome, Report, Suite, read_libtest, read_tap};
use crate::tool;
use serde_json::Value;
use spro_tests::{Failure, paths};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The suite that needs a real browser.
const BROWSER: &str = "tests/browser";
/// The suite that is run once in each engine.
const EACH_ENGINE: &str = "tests/browser/engines";
const EXAMPLES: &str = "examples in the documentation";
/// What is right or wrong as a whole.
const CHECKS: [&str; 3] = ["formatting", "lints", "licences and sources"];

/// What is compiled for this machine. The element makes sense in a browser only, where it is
/// tested; what it decides is in `shared`.
const NATIVE: [&str; 3] = ["--workspace", "--exclude", "spro-widget"];

/// A program that runs tests.
#[derive(Debug)]
struct Program {
    suite: String,
    executable: PathBuf,
    folder: PathBuf,
}

/// What was asked for: everything, or what has one of these words in its name.
#[derive(Debug)]
pub(crate) struct Wanted(Vec<String>);

impl From<Vec<String>> for Wanted {
    fn from(words: Vec<String>) -> Self {
        Self(words)
    }
}

impl Wanted {
    fn has(&self, name: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|word| name.contains(word.as_str()))
    }

    /// Whether a native suite is among it: they are compiled as a whole, which takes minutes.
    fn has_native(&self) -> bool {
        let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
        let crates = entries(paths::root()).filter(|entry| entry.path().join("Cargo.toml").is_file());
        let files = entries(&paths::root().join("tests/tests"))
            .filter_map(|entry| Some(format!("tests/{}", entry.path().file_stem()?.to_string_lossy())));
        crates
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .chain(files)
            .any(|name| self.has(&name))
    }

    /// The test files of a folder that are wanted; all of them where the folder itself is.
    fn files(&self, suite: &str, folder: &str) -> Vec<PathBuf> {
        files(folder, |name| self.has(name) || self.0.iter().any(|word| suite.contains(word.as_str())))
    }
}

fn files(folder: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut files = engines::test_files(folder);
    files.retain(|path| path.file_name().is_some_and(|name| is_wanted(&name.to_string_lossy())));
    files
}

/// Runs what is wanted, and tells whether all is right. The table's last line is the last one
/// printed, for whoever reads the end of a log.
pub(crate) fn test(found: &Found, engines: &Engines, wanted: &Wanted) -> Result<bool, Failure> {
    let mut report = Report::default();
    checks(&mut report, wanted);
    let mut command_line = None;
    if wanted.has_native() {
        let programs;
        (programs, command_line) = compile()?;
        for suite in suites(&programs).into_iter().filter(|suite| wanted.has(suite)) {
            let programs: Vec<&Program> = programs.iter().filter(|program| program.suite == suite).collect();
            report.add(native(&suite, &programs)?);
        }
    }
    if wanted.has(EXAMPLES) {
        report.add(examples()?);
    }
    let suites = browsers(found, engines, wanted, command_line.as_deref());
    if !suites.is_empty() {
        println!("\n{}", engines::matrix(engines));
        print!("{engines}");
    }
    for suite in suites {
        report.add(suite);
    }
    print!("\n{report}");
    Ok(report.good())
}

fn checks(report: &mut Report, wanted: &Wanted) {
    let [formatting, lints, licences] = CHECKS;
    if wanted.has(formatting) {
        let mut format = tool::cargo("fmt");
        format.args(["--all", "--check"]);
        report.add(check(formatting, format, "run `cargo fmt --all`"));
    }
    if wanted.has(lints) {
        clippy(report, lints);
    }
    if !wanted.has(licences) {
    } else if tool::find("cargo-deny").is_some() {
        let mut deny = tool::cargo("deny");
        deny.args(["--workspace", "check", "bans", "licenses", "sources"]);
        report.add(check(licences, deny, "see deny.toml"));
    } else {
        println!("{licences} … not checked: `cargo install cargo-deny` brings the check");
    }
}

fn clippy(report: &mut Report, name: &str) {
    let deny = ["--", "--deny", "warnings"];
    let mut clippy = tool::cargo("clippy");
    clippy.args(["--locked"]).args(NATIVE).arg("--all-targets").args(deny);
    report.add(check(name, clippy, "mend what is above"));
    for package in ["spro-worker", "spro-widget"] {
        let mut clippy = tool::cargo("clippy");
        // With the profile of the build: what ran on this machine for it is there already.
        clippy.args(["--locked", "--package", package, "--profile", "worker"]);
        clippy.args(["--target", WASM, "--target-dir"]);
        clippy.arg(tool::target().join("wasm")).args(deny);
        report.add(check(&format!("{name}, {package} for wasm"), clippy, "mend what is above"));
    }
}

fn check(name: &str, command: Command, mend: &str) -> Suite {
    let step = Step::begin(name);
    let outcome = tool::run(&step, command, mend);
    let seconds = step.seconds();
    match &outcome {
        Ok(_) => step.done(),
        Err(failure) => {
            drop(step);
            println!("{failure}");
        }
    }
    Suite { name: name.to_owned(), outcome: Outcome::Check { right: outcome.is_ok() }, seconds }
}

/// Compiles all native tests, and tells which programs run them; and where the
/// administrators' command line is, which was compiled for its own tests.
fn compile() -> Result<(Vec<Program>, Option<PathBuf>), Failure> {
    let step = Step::begin("tests, compiled");
    let mut cargo = tool::cargo("test");
    cargo.args(["--locked"]).args(NATIVE).args(["--no-run", "--message-format=json-render-diagnostics"]);
    let printed = tool::run(&step, cargo, "mend what is above")?;
    let programs: Vec<Program> = printed.lines().filter_map(program).collect();
    step.done_with(&format_args!("{} programs", programs.len()));
    Ok((programs, printed.lines().find_map(command_line)))
}

/// A line of cargo's messages, where it speaks of the administrators' command line.
fn command_line(line: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    let is_it = message["target"]["name"] == "spro" && message["profile"]["test"] == false;
    is_it.then(|| message["executable"].as_str().map(PathBuf::from)).flatten()
}

/// A line of cargo's messages, where it speaks of a test program.
fn program(line: &str) -> Option<Program> {
    let message: Value = serde_json::from_str(line).ok()?;
    if message["profile"]["test"] != true {
        return None;
    }
    let executable = PathBuf::from(message["executable"].as_str()?);
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?.to_owned();
    let package = folder.file_name()?.to_string_lossy().into_owned();
    // One suite per crate; where crates meet, one per file.
    let suite = match (package.as_str(), message["target"]["kind"][0].as_str()?) {
        ("tests", "test") => format!("tests/{}", message["target"]["name"].as_str()?),
        _ => package,
    };
    Some(Program { suite, executable, folder })
}

fn suites(programs: &[Program]) -> Vec<String> {
    let mut names: Vec<String> = programs.iter().map(|program| program.suite.clone()).collect();
    // Those that need a running worker come last: what fails there often fails before.
    names.sort_by_key(|name| (name.starts_with("tests"), name.clone()));
    names.dedup();
    names
}

/// Runs the programs of one suite.
fn native(suite: &str, programs: &[&Program]) -> Result<Suite, Failure> {
    let step = Step::begin(suite);
    let mut printed = String::new();
    let mut crashed = 0;
    for program in programs {
        let mut command = Command::new(&program.executable);
        command.current_dir(&program.folder).env("CARGO_MANIFEST_DIR", &program.folder).arg("--show-output");
        let (text, status) = tool::capture(&step, command)?;
        // A program that died without a result has failed without counting it.
        let counted = matches!(read_libtest(&text), Outcome::Tests { failed, .. } if failed > 0);
        crashed += u32::from(!status.success() && !counted);
        printed.push_str(&text);
    }
    let outcome = match read_libtest(&printed) {
        Outcome::Tests { passed, failed, skipped } => {
            Outcome::Tests { passed, failed: failed + crashed, skipped }
        }
        check @ Outcome::Check { .. } => check,
    };
    Ok(finish(step, suite, outcome, &printed))
}

/// Runs the examples in the documentation.
fn examples() -> Result<Suite, Failure> {
    let step = Step::begin(EXAMPLES);
    let mut cargo = tool::cargo("test");
    cargo.args(["--locked"]).args(NATIVE).arg("--doc");
    let (printed, status) = tool::capture(&step, cargo)?;
    let outcome = match read_libtest(&printed) {
        Outcome::Tests { passed, failed: 0, skipped } if !status.success() => {
            Outcome::Tests { passed, failed: 1, skipped }
        }
        outcome => outcome,
    };
    Ok(finish(step, EXAMPLES, outcome, &printed))
}

/// Runs what needs a real browser: the element on a partner's page, which comes from
/// another origin than the worker; then the same files in each engine that is there.
fn browsers(found: &Found, engines: &Engines, wanted: &Wanted, command_line: Option<&Path>) -> Vec<Suite> {
    let failed = |name: &str, failure: &Failure| {
        println!("{failure}");
        let outcome = Outcome::Tests { passed: 0, failed: 0, skipped: 0 };
        Suite { name: name.to_owned(), outcome, seconds: 0.0 }
    };
    let of_engine = |engine: &Engine| format!("{EACH_ENGINE}, {}", engine.title);
    let here = || engines.0.iter().filter(|engine| engine.programs.is_ok());
    let files = wanted.files(BROWSER, BROWSER);
    if files.is_empty() && here().all(|engine| wanted.files(&of_engine(engine), EACH_ENGINE).is_empty()) {
        return Vec::new();
    }
    let stage = match Stage::start(found) {
        Ok(stage) => stage,
        Err(failure) => return vec![failed(BROWSER, &failure)],
    };
    let mut node = stage.node();
    if let Some(program) = command_line {
        node.env("SPRO_BIN", program);
    }
    let mut suites = Vec::new();
    if !files.is_empty() {
        suites.push(browser(BROWSER, &files, node).unwrap_or_else(|error| failed(BROWSER, &error)));
    }
    engines::forget_matrix();
    for engine in here() {
        let name = of_engine(engine);
        let files = wanted.files(&name, EACH_ENGINE);
        if let Some(node) = engine.node(&stage)
            && !files.is_empty()
        {
            suites.push(browser(&name, &files, node).unwrap_or_else(|error| failed(&name, &error)));
        }
    }
    suites
}

/// Runs these browser tests.
fn browser(name: &str, files: &[PathBuf], mut node: Command) -> Result<Suite, Failure> {
    let step = Step::begin(name);
    let tap = paths::built().join("browser.tap");
    // What an earlier run left is not what this one did.
    let _ = fs::remove_file(&tap);
    // One file after the other: they share the worker and its KV.
    node.args(["--test", "--test-concurrency=1"])
        .args(["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap"])
        .arg(format!("--test-reporter-destination={}", tap.display()))
        .args(files);
    let (printed, _) = tool::capture(&step, node)?;
    let outcome = read_tap(&fs::read_to_string(&tap).unwrap_or_default());
    Ok(finish(step, name, outcome, &printed))
}

/// Closes a suite's step. What it printed is shown where something is wrong; where all is
/// well, only the lines that its tests wanted read.
fn finish(step: Step, name: &str, outcome: Outcome, printed: &str) -> Suite {
    let seconds = step.seconds();
    let suite = Suite { name: name.to_owned(), outcome, seconds };
    if suite.good() {
        step.done();
        for line in said(printed) {
            println!("  {line}");
        }
    } else {
        drop(step);
        println!("{}", printed.trim_end());
    }
    suite
}

/// What tests that passed had to say: how many cases they ran, or what they did without.
fn said(printed: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut inside = false;
    for line in printed.lines() {
        if line.starts_with("---- ") && line.ends_with(" stdout ----") {
            inside = true;
        } else if line.is_empty() || line == "successes:" {
            inside = false;
        } else if inside {
            lines.push(line);
        } else if let Some(told) = line.trim_start().strip_prefix("ℹ ") {
            // Node's own count comes last, in the same form.
            if COUNTS.iter().any(|count| told.starts_with(count)) {
                continue;
            }
            lines.push(told);
        }
    }
    lines
}

/// How the lines of Node's summary begin.
const COUNTS: [&str; 8] =
    ["tests ", "suites ", "pass ", "fail ", "cancelled ", "skipped ", "todo ", "duration_ms "];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_test_says_is_kept() {
        let printed = "running 2 tests\ntest a ... ok\n\nsuccesses:\n\n---- a stdout ----\n12 cases\n\n\nsuccesses:\n    \
                       a\n    b\n\ntest result: ok. 2 passed; 0 failed\n";
        assert_eq!(said(printed), ["12 cases"]);
        assert!(said("test result: ok. 2 passed; 0 failed\n").is_empty());
        let printed = "✔ a visit (12ms)\n  ℹ GET /v1/guide.bin\nℹ tests 1\nℹ pass 1\nℹ duration_ms 12\n";
        assert_eq!(said(printed), ["GET /v1/guide.bin"]);
    }

    #[test]
    fn words_choose_suites_and_files() {
        let wanted = |words: &str| Wanted(words.split_whitespace().map(str::to_owned).collect());
        assert!(wanted("").has("shared") && wanted("").has_native());
        assert!(wanted("tests/seen").has("tests/seen") && !wanted("tests/seen").has("tests/pages"));
        assert!(wanted("shared").has_native() && wanted("counters").has_native());
        assert!(!wanted("lints slow.test tests/browser").has_native());
        let names = |words: &str, suite: &str, folder: &str| -> Vec<String> {
            let files = wanted(words).files(suite, folder);
            files.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(names("slow visit", BROWSER, BROWSER), ["slow.test.mjs", "visit.test.mjs"]);
        assert_eq!(names("", BROWSER, BROWSER).len(), engines::test_files(BROWSER).len());
        let firefox = format!("{EACH_ENGINE}, Firefox ESR");
        assert_eq!(names("Firefox", &firefox, EACH_ENGINE).len(), engines::test_files(EACH_ENGINE).len());
        assert!(names("Firefox", BROWSER, BROWSER).is_empty());
    }

    #[test]
    fn a_test_program_is_known_by_its_message() {
        let message = |kind: &str, folder: &str, test: bool| {
            format!(
                r#"{{"executable":"/t/x","manifest_path":"/r/{folder}/Cargo.toml","profile":{{"test":{test}}},"target":{{"kind":["{kind}"],"name":"api"}}}}"#
            )
        };
        let suite = |line: &str| program(line).map(|program| program.suite);
        assert_eq!(suite(&message("lib", "shared", true)).as_deref(), Some("shared"));
        assert_eq!(suite(&message("test", "shared", true)).as_deref(), Some("shared"));
        assert_eq!(suite(&message("lib", "tests", true)).as_deref(), Some("tests"));
        assert_eq!(suite(&message("test", "tests", true)).as_deref(), Some("tests/api"));
        assert_eq!(suite(&message("bin", "admin", false)), None);
        assert_eq!(suite("   Compiling shared"), None);
    }
}
