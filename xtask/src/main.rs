//! Build, run, test and bench: `cargo xtask`, the project's own commands.
//!
//! Everything else that a command needs, it installs or says how to get ([`setup`]).

mod build;
mod deploy;
mod directory;
mod dist;
mod engines;
mod options;
mod run;
mod setup;
mod stage;
mod step;
mod test;
mod tool;
mod torture;
mod watch;

use options::{HELP, Task};
use setup::Need;
use spro_tests::Failure;
use spro_tests::paths::{self, Form};
use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = build::lint::as_compiler().or_else(test::as_compiler) {
        return code;
    }
    match options::read(std::env::args_os().skip(1)).and_then(perform) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

/// Does what was asked; false when it was done and what it found is not right.
fn perform(task: Task) -> Result<bool, Failure> {
    match task {
        Task::Help => println!("{HELP}"),
        Task::Setup => drop(engines::find(&setup::setup(Need::Browser)?)),
        Task::Build => {
            shipped(Need::Shipping)?;
            build::print_sizes()?;
        }
        Task::Run(options) => {
            run::check(&options)?;
            let need = if options.form == Form::Shipped { Need::Shipping } else { Need::Serving };
            let found = setup::setup(need)?;
            build::build(&found, options.form)?;
            run::run(&options, &found)?;
        }
        Task::Test(options) => return test::test(&options),
        Task::Torture(options) => return torture::torture(&options),
        Task::Bench(words) => bench(&words)?,
        Task::Dist => drop(dist::dist(&shipped(Need::Shipping)?)?),
        Task::Widest => widest(&shipped(Need::Shipping)?)?,
        Task::Deploy { dry_run, region } => {
            deploy::deploy(&shipped(Need::Shipping)?, dry_run, region.as_deref())?;
        }
        Task::Screenshots => screenshots(&shipped(Need::Browser)?)?,
        Task::Directory => directory::directory()?,
        Task::Geography(places) => geography(&places)?,
    }
    Ok(true)
}

/// Sets up, and builds what is deployed.
fn shipped(need: Need) -> Result<setup::Found, Failure> {
    let found = setup::setup(need)?;
    build::build(&found, Form::Shipped)?;
    Ok(found)
}

/// What `bench` measures: what costs processor time here, then what a browser has to wait for.
const MEASURED: [&str; 4] = ["costs", "keystrokes", "slow", "compare"];

/// Measures and prints the parts that have one of these words in their names.
fn bench(words: &[String]) -> Result<(), Failure> {
    let is_wanted = |part: &&str| words.is_empty() || words.iter().any(|word| part.contains(word.as_str()));
    let (costs, scripts): (Vec<&str>, Vec<&str>) =
        MEASURED.into_iter().filter(is_wanted).partition(|part| *part == MEASURED[0]);
    if costs.is_empty() && scripts.is_empty() {
        return Err(Failure::new(format!(
            "bench measures {}: see `cargo xtask --help`",
            MEASURED.join(", ")
        )));
    }
    let found = shipped(Need::Browser)?;
    if !costs.is_empty() {
        let mut cargo = tool::cargo("run");
        // As it is deployed, what is timed natively is optimised.
        cargo.args(["--quiet", "--locked", "--release", "--package", "spro-bench"]);
        tool::hand_over(cargo, "mend xtask/bench")?;
    }
    if scripts.is_empty() {
        return Ok(());
    }
    let stage = stage::Stage::start(&found)?;
    for part in scripts {
        let mut node = stage.node();
        node.arg(format!("tests/bench/{part}.mjs"));
        tool::hand_over(node, "the element cannot be measured")?;
    }
    Ok(())
}

/// Measures the widest case and prints it: `admin/examples/widest`.
fn widest(_: &setup::Found) -> Result<(), Failure> {
    let mut cargo = tool::cargo("run");
    // As it is deployed, what is timed natively is optimised.
    cargo.args(["--quiet", "--locked", "--release", "--package", "spro-admin", "--example", "widest"]);
    tool::hand_over(cargo, "mend admin/examples/widest")
}

/// Takes the pictures of the documentation, of the directory shipped with the build.
fn screenshots(found: &setup::Found) -> Result<(), Failure> {
    let step = step::Step::begin("pictures");
    let stage = stage::Stage::start(found)?;
    let mut node = stage.node();
    node.env("OUT", paths::root().join("docs/screenshots")).arg("tests/browser/screenshots.mjs");
    tool::run(&step, node, "mend what is above")?;
    step.done_with(&"in docs/screenshots");
    Ok(())
}

/// Rebuilds the commune reference.
fn geography(places: &std::path::Path) -> Result<(), Failure> {
    setup::setup(Need::Serving)?;
    let mut cargo = tool::cargo("run");
    cargo.args(["--quiet", "--locked", "--package", "spro-geography", "--"]).arg(places);
    tool::hand_over(cargo, "see xtask/geography/src/main.rs")
}
