//! Build, run, test and bench: `cargo xtask`, the project's own commands.
//!
//! Everything else that a command needs, it installs or says how to get ([`setup`]).

mod bench;
mod build;
mod engines;
mod geography;
mod options;
mod run;
mod setup;
mod stage;
mod step;
mod suite;
mod test;
mod tool;

use options::{HELP, Task};
use spro_tests::{Failure, paths};
use std::process::ExitCode;

fn main() -> ExitCode {
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
        Task::Setup => drop(engines::find(&setup::setup()?)),
        Task::Build => {
            build::build(&setup::setup()?)?;
            build::print_sizes()?;
        }
        Task::Run(options) => {
            run::check(&options)?;
            build::build(&setup::setup()?)?;
            run::run(&options)?;
        }
        Task::Test(words) => {
            let found = setup::setup()?;
            let engines = engines::find(&found);
            build::build(&found)?;
            return test::test(&found, &engines, &words.into());
        }
        Task::Bench => {
            let found = setup::setup()?;
            build::build(&found)?;
            bench::bench(&found)?;
        }
        Task::Screenshots => {
            let found = setup::setup()?;
            build::build(&found)?;
            screenshots(&found)?;
        }
        Task::Geography(places) => geography(&places)?,
    }
    Ok(true)
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

fn geography(places: &std::path::Path) -> Result<(), Failure> {
    setup::setup()?;
    let step = step::Step::begin("commune reference");
    let out = paths::root().join("shared/data");
    let report = geography::generate(&paths::root().join("node_modules"), places, &out)
        .map_err(|error| Failure::new(format!("the commune reference was not rebuilt: {error}")))?;
    step.done();
    print!("{report}");
    Ok(())
}
