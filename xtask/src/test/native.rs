//! The tests that run on this machine: compiled together, run a program at a time.

use super::queue::{Done, Job, Milestone};
use super::report::{Count, Outcome, Suite};
use super::{Context, Wanted, check, checks, compiler, finish, read};
use crate::step::{self, Step};
use crate::tool;
use serde_json::Value;
use spro_tests::{Failure, paths};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

/// What is compiled for this machine. The element makes sense in a browser only, where it is
/// tested; what it decides is in `shared`.
pub(super) const NATIVE: [&str; 5] = ["--workspace", "--exclude", "spro-widget", "--exclude", PACK];
/// What packs WebAssembly is compiled for every build, by itself: with the others, what it
/// depends on would be compiled again with their features.
const PACK: &str = "spro-pack";
/// The crate whose tests cross crates: a suite for each of its modules.
const CROSSING: &str = "tests";
/// The crates whose tests start the built worker.
const START_THE_WORKER: [&str; 2] = [CROSSING, "admin"];
/// Without traces a test still says where it fails, and a tenth of the compiling is saved.
pub(super) const UNTRACED: &str = "profile.dev.debug=false";
/// The programs that take longest, and begin first.
const LONGEST: [&str; 2] = ["insight, tests", "exchange, tests"];
/// What compiling them is called.
const COMPILED: &str = "native tests, compiled";

/// A program that runs tests.
#[derive(Debug)]
struct Program {
    /// The folder of its crate, from the top.
    package: String,
    /// Whether it holds the tests in `tests/`, not those beside the code.
    integration: bool,
    executable: PathBuf,
    folder: PathBuf,
}

impl Program {
    /// Whether its tests start the built worker.
    fn starts_the_worker(&self) -> bool {
        self.integration && START_THE_WORKER.contains(&self.package.as_str())
    }
}

/// Which native tests are wanted.
#[derive(Debug)]
pub(super) struct ProgramsWanted {
    /// Any at all: compiling them takes minutes.
    pub(super) any: bool,
    /// One that starts the built worker.
    pub(super) need_the_worker: bool,
}

/// Whether any native test is wanted.
pub(super) fn programs_wanted(wanted: &Wanted) -> ProgramsWanted {
    let suites = suites();
    let any = |of: &dyn Fn(&str) -> bool| {
        suites.iter().any(|(package, suite)| of(package) && wanted.has_native(suite))
    };
    ProgramsWanted {
        any: any(&|_| true),
        need_the_worker: any(&|package| START_THE_WORKER.contains(&package)),
    }
}

/// The crates and their suites, as far as files tell before anything is compiled.
fn suites() -> Vec<(String, String)> {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
    };
    let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let root = paths::root();
    let mut suites: Vec<(String, String)> = [root.to_owned(), root.join("xtask")]
        .iter()
        .flat_map(|folder| entries(folder))
        .filter(|path| path.join("Cargo.toml").is_file())
        .map(|path| (name(&path), name(&path)))
        .collect();
    for path in entries(&root.join("tests/tests/it")) {
        suites.push((CROSSING.to_owned(), format!("{CROSSING}/{}", name(&path))));
    }
    suites
}

/// The native tests being compiled.
pub(super) type Compiling = JoinHandle<Result<Compiled, Failure>>;

/// Begins to compile all native tests, which needs nothing that is installed first.
pub(super) fn begin() -> Compiling {
    thread::spawn(compile)
}

/// Waits for the native tests. They run next, and what needs the same folder: the other lints.
pub(super) fn job(context: &Arc<Context>, compiling: Compiling) -> Job {
    let context = Arc::clone(context);
    let ended = || compiling.join().unwrap_or_else(|_| Err(Failure::new("the compiling of tests panicked")));
    let work = Box::new(move || match ended() {
        Ok(compiled) => {
            if let Some(path) = compiled.command_line {
                // Set once: this is the only job that compiles it.
                let _ = context.command_line.set(path);
            }
            let mut next = Vec::new();
            for program in compiled.programs {
                next.extend(program_job(&context, program));
            }
            // The longest first.
            next.sort_by_key(|job| (!job.needs.is_empty(), !LONGEST.contains(&job.name.as_str())));
            next.extend(checks::lints(&context, checks::Linted::Natives));
            let suites = checks::linted(&context, &compiled.lints).into_iter().collect();
            Done { suites, reached: Some(Milestone::Compiled), next, ..Done::default() }
        }
        Err(failure) => {
            let mut done: Done = check(COMPILED, || Err(failure)).into();
            done.next = checks::lints(&context, checks::Linted::Nothing);
            done
        }
    });
    Job { name: COMPILED.to_owned(), needs: Vec::new(), work }
}

/// What compiling all native tests gave.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    programs: Vec<Program>,
    /// The administrators' command line, which was compiled for its own tests.
    command_line: Option<PathBuf>,
    /// What the lints found in our crates, as they say it.
    lints: String,
}

/// Compiles them and lints them in one pass: clippy is a compiler, and as that of our crates it
/// need not read a second time what they depend on, as `cargo clippy` would.
fn compile() -> Result<Compiled, Failure> {
    let step = Step::begin(COMPILED);
    let mut compiled = Compiled::default();
    let mut compile = |packages: &[&str]| {
        let mut cargo = tool::cargo("test");
        cargo.args(["--locked", "--no-run", "--config", UNTRACED]).args(packages);
        cargo.arg("--message-format=json");
        compiler::stand_between(&mut cargo)?;
        // Beside what is shipped, not behind it: half of what runs next waits for these programs,
        // and fills the time in which browsers wait.
        let ended = tool::capture(cargo, &|line| step.detail(line))?;
        step.spent(ended.processor);
        let said = compiled.read(&ended.printed);
        if ended.status.success() {
            return Ok(());
        }
        let other: Vec<&str> = ended.printed.lines().filter(|line| line.starts_with("error")).collect();
        Err(Failure::new(format!("{said}{}\nmend what is above", other.join("\n"))))
    };
    // Tests only: `cargo test` alone would compile each library once more, for nobody.
    compile(&[&NATIVE[..], &["--lib", "--bins", "--tests"]].concat())?;
    compile(&["--package", PACK, "--bins"])?;
    step.done_with(&format_args!("{} programs", compiled.programs.len()));
    Ok(compiled)
}

impl Compiled {
    /// Reads cargo's messages, and returns what the compiler said of our crates.
    fn read(&mut self, printed: &str) -> String {
        let mut said = String::new();
        for line in printed.lines().filter(|line| line.starts_with('{')) {
            let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
            self.programs.extend(program(&message));
            if let Some(path) = command_line(&message) {
                self.command_line = Some(path);
            }
            let rendered = message["message"]["rendered"].as_str().unwrap_or_default();
            // A crate and its tests are compiled each: what is wrong with it is said twice.
            if message["reason"] == "compiler-message" && !said.contains(rendered) {
                said.push_str(rendered);
            }
        }
        self.lints.push_str(&said);
        said
    }
}

/// The administrators' command line, where a message of cargo speaks of it.
fn command_line(message: &Value) -> Option<PathBuf> {
    let is_it = message["target"]["name"] == "spro" && message["profile"]["test"] == false;
    is_it.then(|| message["executable"].as_str().map(PathBuf::from)).flatten()
}

/// A test program, where a message of cargo speaks of one.
fn program(message: &Value) -> Option<Program> {
    if message["profile"]["test"] != true {
        return None;
    }
    let executable = PathBuf::from(message["executable"].as_str()?);
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?.to_owned();
    let package = folder.file_name()?.to_string_lossy().into_owned();
    let integration = message["target"]["kind"][0] == "test";
    Some(Program { package, integration, executable, folder })
}

/// The job that runs a program; nothing where none of its suites is wanted.
fn program_job(context: &Arc<Context>, program: Program) -> Option<Job> {
    let wanted = &context.wanted;
    let suites: Vec<String> = suites()
        .into_iter()
        .filter(|(package, _)| *package == program.package)
        .map(|(_, suite)| suite)
        .collect();
    let whole = wanted.has_native(&program.package);
    let crossing = program.package == CROSSING && program.integration;
    // The tests of some modules only: libtest takes their names.
    let modules: Vec<String> = if whole || !crossing {
        Vec::new()
    } else {
        let chosen = suites.iter().filter(|suite| wanted.has_native(suite));
        chosen.filter_map(|suite| Some(format!("{}::", suite.split_once('/')?.1))).collect()
    };
    if !whole && modules.is_empty() {
        return None;
    }
    let needs = if program.starts_the_worker() { vec![Milestone::Built] } else { Vec::new() };
    let name =
        format!("{}, {}", program.package, if program.integration { "tests" } else { "beside the code" });
    let (called, context) = (name.clone(), Arc::clone(context));
    let work =
        Box::new(move || Done { suites: run(&called, &program, &modules, &context), ..Done::default() });
    Some(Job { name, needs, work })
}

/// Runs a program: one row, or one for each module where crates meet.
fn run(name: &str, program: &Program, modules: &[String], context: &Context) -> Vec<Suite> {
    let begun = step::now();
    let mut command = Command::new(&program.executable);
    command.current_dir(&program.folder).env("CARGO_MANIFEST_DIR", &program.folder);
    // Events in JSON and times are not stable yet: the program takes them because
    // `RUSTC_BOOTSTRAP` says that we know.
    command.env("RUSTC_BOOTSTRAP", "1");
    command.args(["-Zunstable-options", "--format=json", "--report-time", "--show-output"]);
    if context.thorough {
        command.arg("--include-ignored").env("SPRO_THOROUGH", "1");
    }
    command.args(modules);
    if let Ok(browser) = &context.found.browser {
        command.env("SPRO_BROWSER", browser);
    }
    // What speaks with a worker waits for it, but not for ever.
    let command = if program.starts_the_worker() { command } else { tool::behind_others(command) };
    let ended = match tool::capture(command, &|_| {}) {
        Ok(ended) => ended,
        Err(failure) => return vec![check(name, || Err(failure))],
    };
    let ran = read::libtest(&ended.printed);
    let died = !ended.status.success();
    let other: Vec<&str> = ended.printed.lines().filter(|line| !line.starts_with('{')).collect();
    finish(name, &ran, &ended, begun, &format!("{}{}", ran.failures, other.join("\n")));
    if ran.count == Count::default() && !died && !program.integration {
        // A crate may have all of its tests in `tests/`.
        return Vec::new();
    }
    let (seconds, processor) = (begun.elapsed().as_secs_f64(), ended.processor);
    if program.package != CROSSING || !program.integration {
        let outcome = ran.outcome(died);
        return vec![Suite {
            outcome,
            seconds,
            processor,
            tests: ran.tests,
            ..Suite::named(&program.package)
        }];
    }
    by_module(&ended.printed, died, seconds, processor)
}

/// A row for each module, which share the program's time as their tests do.
fn by_module(printed: &str, died: bool, seconds: f64, processor: f64) -> Vec<Suite> {
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    for line in printed.lines() {
        let event: Value = serde_json::from_str(line).unwrap_or_default();
        if let Some((module, _)) = event["name"].as_str().and_then(|name| name.split_once("::")) {
            let lines = modules.entry(module.to_owned()).or_default();
            lines.push_str(line);
            lines.push('\n');
        }
    }
    let ran: Vec<_> = modules.into_iter().map(|(module, lines)| (module, read::libtest(&lines))).collect();
    let spent = |tests: &[(String, f64)]| tests.iter().map(|(_, seconds)| seconds).sum::<f64>();
    let all: f64 = ran.iter().map(|(_, ran)| spent(&ran.tests)).sum();
    let failed: u32 = ran.iter().map(|(_, ran)| ran.count.failed).sum();
    let mut suites: Vec<Suite> = ran
        .into_iter()
        .map(|(module, ran)| {
            let share = spent(&ran.tests) / all.max(f64::MIN_POSITIVE);
            Suite {
                outcome: ran.outcome(false),
                seconds: seconds * share,
                processor: processor * share,
                tests: ran.tests,
                ..Suite::named(format!("{CROSSING}/{module}"))
            }
        })
        .collect();
    if (died && failed == 0) || suites.is_empty() {
        suites.push(Suite { outcome: Outcome::Check { right: false }, ..Suite::named(CROSSING) });
    }
    suites
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_messages_name_programs_and_lints() {
        let message = |kind: &str, folder: &str, test: bool| {
            format!(
                r#"{{"executable":"/t/x","manifest_path":"/r/{folder}/Cargo.toml","profile":{{"test":{test}}},"target":{{"kind":["{kind}"],"name":"it"}}}}"#
            )
        };
        let lint =
            r#"{"reason":"compiler-message","message":{"level":"warning","rendered":"warning: so\n"}}"#;
        let lines = [
            message("lib", "shared", true),
            message("test", "tests", true),
            message("bin", "admin", false),
            lint.to_owned(),
            "   Compiling shared".to_owned(),
            lint.to_owned(),
        ];
        let mut compiled = Compiled::default();
        assert_eq!(compiled.read(&lines.join("\n")), "warning: so\n");
        assert_eq!(compiled.lints, "warning: so\n");
        let programs: Vec<(&str, bool)> =
            compiled.programs.iter().map(|program| (program.package.as_str(), program.integration)).collect();
        assert_eq!(programs, [("shared", false), ("tests", true)]);
    }

    #[test]
    fn words_choose_crates_and_modules() {
        let wanted = |words: &str| Wanted::Words(words.split_whitespace().map(str::to_owned).collect());
        let any = |words: &str| programs_wanted(&wanted(words)).any;
        assert!(programs_wanted(&Wanted::Everything).any);
        assert!(any("shared") && any("tests/seen") && any("publishing"));
        assert!(!any("lints slow.test"));
        assert!(programs_wanted(&wanted("publishing")).need_the_worker);
        assert!(!programs_wanted(&wanted("exchange")).need_the_worker);
    }

    #[test]
    fn where_crates_meet_each_module_is_a_suite() {
        let printed = r#"{"type":"test","event":"ok","name":"seen::a","exec_time":1}
{"type":"test","event":"failed","name":"killed::b","exec_time":3}
"#;
        let suites = by_module(printed, true, 8.0, 4.0);
        let rows: Vec<(&str, bool, f64)> =
            suites.iter().map(|suite| (suite.name.as_str(), suite.good(), suite.seconds)).collect();
        assert_eq!(rows, [("tests/killed", false, 6.0), ("tests/seen", true, 2.0)]);
        assert!(!by_module("", true, 1.0, 1.0)[0].good());
    }
}
