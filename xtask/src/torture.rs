//! `cargo xtask torture`: everything that tries to break the guide, in one table.
//!
//! What the tests try in small is tried here for long: hostile requests and files, storage that
//! fails, kills and races, fuzzing led by coverage, requests made from the description, a load, and
//! what a visitor notices of heavy requests.

use crate::build;
use crate::setup::{self, Need};
use crate::step::{self, Step};
use crate::test::{self, Outcome, Report, Suite};
use crate::tool;
use spro_tests::paths::{self, Form};
use spro_tests::{Failure, Log, Setup, Workerd, documents};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

/// The suites of hostile requests and files, of failing storage, of kills and races, and a hostile
/// directory and hosts' hostile pages in each engine.
const SUITES: [&str; 12] = [
    "tests/doors",
    "tests/malformed_requests",
    "tests/broken_kv",
    "tests/killed",
    "tests/values",
    "tests/publishing",
    "tests/administration",
    "exchange",
    "hostile.test",
    "hostile-directory.test",
    "policies.test",
    "fallbacks.test",
];
/// What is fuzzed (`fuzz/src/lib.rs`), and the folders of files that each begins with.
fn targets() -> [(&'static str, Vec<PathBuf>); 6] {
    let ours = |folders: &[&str]| folders.iter().map(|folder| paths::root().join(folder)).collect();
    [
        ("pieces", vec![Form::Shipped.folder().join("intermediate/bundle/pieces")]),
        ("directory", ours(&["shared/editions"])),
        ("decision", ours(&["fuzz/seeds/decision"])),
        ("file", ours(&["exchange/tests/cases", "fuzz/seeds/file"])),
        ("archive", ours(&["fuzz/seeds/archive"])),
        ("request", ours(&["fuzz/seeds/request"])),
    ]
}
/// How many targets are fuzzed at once: one for each core that this is measured for.
const AT_ONCE: usize = 2;
/// The longest input, in bytes: what is longer is a matter of limits, which tests check.
const LONGEST: &str = "65536";
/// cargo-fuzz, compiled where it is not installed: no registry ships it ready-made.
const CARGO_FUZZ: &str = "0.13.1";
/// The program that makes requests from the description of the API.
const SCHEMATHESIS: &str = "4.32.5";
/// How many requests it makes of each address.
const EXAMPLES: &str = "60";
/// The administrators' secret of the worker that gets them.
const TOKEN: &str = "a-token-of-the-torture-and-long-enough";

/// What `cargo xtask torture` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// For how long each target is fuzzed, in seconds.
    pub(crate) fuzzed: u64,
    /// For how long visitors load the worker, in seconds.
    pub(crate) loaded: u64,
    /// Only the parts with one of these words in their names.
    pub(crate) words: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { fuzzed: 60, loaded: 60, words: Vec::new() }
    }
}

impl Options {
    /// The same for so many hours: the targets take turns, and the load a tenth as long.
    pub(crate) fn last(&mut self, hours: u64) {
        let turns = u64::try_from(targets().len().div_ceil(AT_ONCE)).unwrap_or(1);
        self.fuzzed = hours * 3600 / turns;
        self.loaded = hours * 360;
    }

    fn wants(&self, name: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| name.contains(word.as_str()))
    }
}

/// Tries everything, and tells whether all held.
pub(crate) fn torture(options: &Options) -> Result<bool, Failure> {
    let begun = step::now();
    let found = setup::setup(Need::Browser)?;
    build::build(&found, Form::Shipped)?;
    // Whoever has twenty minutes sees what of them was building: nothing, the next time.
    let built = Suite { seconds: begun.elapsed().as_secs_f64(), ..Suite::named("what is shipped, compiled") };
    let words: Vec<String> =
        SUITES.iter().filter(|suite| options.wants(suite)).map(|suite| (*suite).to_owned()).collect();
    let mut report = if words.is_empty() {
        Report::default()
    } else {
        test::report(&test::Options { words, thorough: true, since: None })?
    };
    report.add(built);
    let targets: Vec<_> =
        targets().into_iter().filter(|(target, _)| options.wants(&fuzzing(target))).collect();
    if !targets.is_empty() {
        for suite in fuzz(&targets, options.fuzzed) {
            report.add(suite);
        }
    }
    for (name, key) in [("schemathesis, without a key", false), ("schemathesis, with the first key", true)] {
        if options.wants(name) {
            report.add(check(name, || schemathesis(key)));
        }
    }
    let seconds = options.loaded.to_string();
    let measures = [("load and soak", &["load", &seconds][..]), ("longest waits", &["waits"])];
    let measures = measures.into_iter().filter(|(name, _)| options.wants(name)).collect::<Vec<_>>();
    if !measures.is_empty() {
        report.add(check("load and waits, compiled", || measuring("build", &[])));
    }
    for (name, arguments) in measures {
        report.add(check(name, || measuring("run", arguments)));
    }
    report.seconds = begun.elapsed().as_secs_f64();
    print!("\n{report}");
    Ok(report.good())
}

/// Does one part, and says how it went.
fn check(name: &str, work: impl FnOnce() -> Result<(), Failure>) -> Suite {
    println!("\n{name}");
    let begun = step::now();
    let outcome = work();
    if let Err(failure) = &outcome {
        println!("{failure}");
    }
    Suite {
        outcome: Outcome::Check { right: outcome.is_ok() },
        seconds: begun.elapsed().as_secs_f64(),
        ..Suite::named(name)
    }
}

fn fuzzing(target: &str) -> String {
    format!("fuzz, {target}")
}

/// Fuzzes these targets, a few at once.
fn fuzz(targets: &[(&str, Vec<PathBuf>)], seconds: u64) -> Vec<Suite> {
    let name = "fuzz, compiled";
    let compiled = check(name, || {
        let step = Step::begin(name);
        let program = cargo_fuzz(&step)?;
        let build = fuzzer(&program, "build");
        tool::run(&step, build, "mend what is above")?;
        step.done();
        Ok(())
    });
    if !compiled.good() {
        return vec![compiled];
    }
    let mut suites = vec![compiled];
    for some in targets.chunks(AT_ONCE) {
        let done: Vec<Suite> = thread::scope(|scope| {
            let running: Vec<_> = some
                .iter()
                .map(|(target, seeds)| {
                    scope.spawn(move || check(&fuzzing(target), || fuzz_one(target, seeds, seconds)))
                })
                .collect();
            let joined = |running: thread::ScopedJoinHandle<'_, Suite>| {
                running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            running.into_iter().map(joined).collect()
        });
        suites.extend(done);
    }
    suites
}

/// cargo-fuzz with what is common to all of its commands. No sanitizer: no line of ours is
/// `unsafe`, and the compiler in use need not be a nightly one.
fn fuzzer(program: &Path, command: &str) -> Command {
    let mut fuzz = Command::new(program);
    fuzz.current_dir(paths::root()).env("RUSTC_BOOTSTRAP", "1");
    fuzz.args([command, "--sanitizer", "none"]);
    fuzz
}

/// Fuzzes one target, from its seeds and from what earlier runs found.
fn fuzz_one(target: &str, seeds: &[PathBuf], seconds: u64) -> Result<(), Failure> {
    let corpus = paths::root().join("fuzz/corpus").join(target);
    fs::create_dir_all(&corpus).map_err(tool::failed("no corpus"))?;
    let mut fuzz = fuzzer(&cargo_fuzz_found()?, "run");
    fuzz.arg(target).arg(&corpus).args(seeds);
    fuzz.args(["--", &format!("-max_total_time={seconds}"), &format!("-max_len={LONGEST}")]);
    // A slow input is a fault as well; two GiB is what libFuzzer allows by itself.
    fuzz.args(["-timeout=10", "-print_final_stats=1", "-verbosity=0"]);
    let ended = tool::succeeded(fuzz, "its input is in fuzz/artifacts", &|_| {})?;
    let stat = |name: &str| {
        let line = ended.printed.lines().find_map(|line| line.strip_prefix(name));
        line.map(str::trim).unwrap_or_default().to_owned()
    };
    println!("fuzz, {target} … {} executions", stat("stat::number_of_executed_units:"));
    Ok(())
}

fn cargo_fuzz_found() -> Result<PathBuf, Failure> {
    let ours = tool::target().join("tools/bin").join(format!("cargo-fuzz{}", std::env::consts::EXE_SUFFIX));
    tool::find("cargo-fuzz")
        .or_else(|| ours.is_file().then_some(ours))
        .ok_or_else(|| Failure::new("cargo-fuzz is not installed"))
}

/// cargo-fuzz, installed where it is not.
fn cargo_fuzz(step: &Step) -> Result<PathBuf, Failure> {
    if let Ok(found) = cargo_fuzz_found() {
        return Ok(found);
    }
    step.detail("cargo-fuzz");
    let mut cargo = tool::cargo("install");
    cargo.args(["--locked", "--version", CARGO_FUZZ, "cargo-fuzz", "--root"]);
    cargo.arg(tool::target().join("tools"));
    tool::run(step, cargo, "run `cargo install --locked cargo-fuzz` where a registry can be reached")?;
    cargo_fuzz_found()
}

/// Sends what the description of the API allows, and what it does not, and compares the answers
/// with it: those without a key to the public addresses, or those of an administrator to all.
fn schemathesis(key: bool) -> Result<(), Failure> {
    let step = Step::begin("schemathesis");
    let folder = tool::target().join("tools/schemathesis");
    let program = folder.join("bin/schemathesis");
    if !program.is_file() {
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv"]).arg(&folder);
        tool::run(&step, venv, "install Python 3.10 or later with its venv module")?;
        let mut pip = Command::new(folder.join("bin/pip"));
        pip.args(["install", "--quiet", "--disable-pip-version-check"]);
        pip.arg(format!("schemathesis=={SCHEMATHESIS}"));
        tool::run(&step, pip, "PyPI must be reached")?;
    }
    let workerd = Workerd::start(Setup {
        token: Some(TOKEN.to_owned()),
        log: Log::File(paths::built().join("torture-workerd.log")),
        ..Setup::default()
    })?;
    let reply = workerd
        .client()
        .post("/admin/v1/publish")
        .token(TOKEN)
        .json(&documents::small("Schemathesis")?)
        .send()?;
    if reply.status != 200 {
        return Err(Failure::new(format!("nothing to ask: publishing answered {}", reply.text())));
    }
    let mut run = Command::new(program);
    run.current_dir(paths::built());
    run.arg("--config-file").arg(paths::root().join("xtask/src/torture/schemathesis.toml"));
    run.arg("run").arg(format!("{}/openapi.json", workerd.origin())).args(["--seed", "1"]);
    run.args(["--continue-on-failure", "--max-examples", EXAMPLES]);
    if key {
        // A request for each thing that is described: more would publish for an hour.
        run.args(["--include-path-regex", "^/admin", "--phases", "coverage"]);
        run.args(["--header", &format!("Authorization: Bearer {TOKEN}")]);
    } else {
        run.args(["--exclude-path-regex", "^/admin"]);
    }
    let ended = tool::succeeded(run, "the description or the answer is wrong", &|line| step.detail(line))?;
    step.done();
    for line in ended.printed.lines().rev().take(12).collect::<Vec<_>>().into_iter().rev() {
        println!("  {line}");
    }
    Ok(())
}

/// Builds the program that measures, or runs a part of it, which prints by itself.
fn measuring(command: &str, arguments: &[&str]) -> Result<(), Failure> {
    let mut cargo = tool::cargo(command);
    // What is compared natively with answers must not be slower than those.
    cargo.args(["--quiet", "--locked", "--release", "--package", "spro-torture"]);
    if !arguments.is_empty() {
        cargo.arg("--").args(arguments);
    }
    tool::hand_over(cargo, "a promise of docs/security.md does not hold")
}
