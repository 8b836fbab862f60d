//! From Rust to raw WebAssembly modules.

use super::lint::Linter;
use crate::setup::WASM;
use crate::step::Step;
use crate::tool;
use spro_tests::Failure;
use spro_tests::paths::{self, Form};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The profile of what is deployed.
const SHIPPED: &str = "shipped";
/// The profile of what is served on this machine.
const QUICK: &str = "quick";
/// The element's own level: what visitors download is small before it is fast. The worker
/// keeps the profile's.
const ELEMENT_LEVEL: &str = "profile.shipped.opt-level=\"z\"";

/// The file beside a build that says what cargo made.
const NOTE: &str = "compiled.txt";

/// The element's package, and the name of its library.
pub(super) const ELEMENT: (&str, &str) = ("spro-widget", "widget");
/// The public worker's.
const WORKER: (&str, &str) = ("spro-worker", "edge");
/// The administration worker's.
const ADMINISTRATION: (&str, &str) = ("spro-administration", "administration");

/// Flags of the smallest build. They are not stable yet: the compiler takes them because
/// `RUSTC_BOOTSTRAP` says that we know. With them the standard library is compiled for
/// size, a panic is one instruction, and no text about it is shipped.
const SMALLEST: [&str; 3] = ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none"];

/// Flags of the element: it is cut in two (`widget/src/later.rs`), which takes its relocations.
const SPLIT: [&str; 3] = ["--cfg", "spro_split", "-Clink-arg=--emit-relocs"];

/// What cargo made.
#[derive(Debug)]
pub(super) struct Compiled {
    /// The element's raw module.
    pub(super) element: PathBuf,
    /// The public worker's.
    pub(super) worker: PathBuf,
    /// The administration worker's.
    pub(super) administration: PathBuf,
}

impl Compiled {
    /// Notes where everything is, for a build that compiles nothing.
    pub(super) fn note(&self, form: Form) -> Result<(), Failure> {
        let Self { element, worker, administration } = self;
        let lines = [element, worker, administration].map(|path| path.to_string_lossy().into_owned());
        tool::write(&form.folder().join(NOTE), lines.join("\n").as_bytes())
    }

    /// Where everything was when it was last compiled in this form.
    pub(super) fn noted(form: Form) -> Result<Self, Failure> {
        let note = String::from_utf8_lossy(&tool::read(&form.folder().join(NOTE))?).into_owned();
        let mut lines = note.lines().map(PathBuf::from);
        let mut next =
            || lines.next().ok_or_else(|| Failure::new("nothing was compiled yet: run `cargo xtask build`"));
        Ok(Self { element: next()?, worker: next()?, administration: next()? })
    }
}

/// Compiles all three as they are deployed, and says how the element was made.
///
/// The workers, then the element, in one folder: they share their macros and build scripts. The
/// standard library's source makes the element smaller, not different.
pub(super) fn shipped(
    step: &Step,
    rust_source: bool,
    linter: &Linter,
) -> Result<(Compiled, String), Failure> {
    let target = shipped_target();
    let folder = target.join(WASM).join(SHIPPED);
    let cargo = |package: &str, flags: &[&str]| {
        let mut cargo = command(&target, flags);
        cargo.args(["--package", package, "--profile", SHIPPED]);
        // Build scripts ask for it: were it set for one of the two only, they would run again.
        cargo.env("RUSTC_BOOTSTRAP", "1");
        cargo
    };
    // Each worker is linked on one core.
    let mut workers = cargo(WORKER.0, &[]);
    workers.args(["--package", ADMINISTRATION.0]);
    tool::run(step, workers, "mend the worker above")?;
    let plain = || {
        let mut cargo = cargo(ELEMENT.0, &SPLIT);
        cargo.args(["--config", ELEMENT_LEVEL]);
        linter.watch(&mut cargo);
        tool::run(step, cargo, "mend spro-widget above")
    };
    let mut how = "smallest build: standard library for size, immediate abort".to_owned();
    if rust_source {
        let mut smallest = cargo(ELEMENT.0, &[SMALLEST, SPLIT].concat());
        smallest.args(["--config", ELEMENT_LEVEL]);
        linter.watch(&mut smallest);
        smallest.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
        match tool::run(step, smallest, "the smallest build needs another compiler") {
            Ok(_) => {}
            // Our own mistake would be found again by the other build, a minute later.
            Err(reason) if reason.to_string().contains("could not compile `spro-widget`") => {
                return Err(reason);
            }
            Err(reason) => {
                let log = paths::built().join("smallest-build.log");
                tool::write(&log, reason.to_string().as_bytes())?;
                plain()?;
                how = format!("stable build; the smallest one failed, see {}", tool::shown(&log));
            }
        }
    } else {
        plain()?;
        "stable build; the smallest one wants `rustup component add rust-src`".clone_into(&mut how);
    }
    let module = |library: &str| folder.join(library).with_extension("wasm");
    let compiled = Compiled {
        element: module(ELEMENT.1),
        worker: module(WORKER.1),
        administration: module(ADMINISTRATION.1),
    };
    Ok((compiled, how))
}

/// The folder of what is shipped: apart from the native build, whose features would be unified
/// with these.
fn shipped_target() -> PathBuf {
    tool::target().join("shipped")
}

/// Compiles all three to be there soon: unoptimised, by one cargo, which then keeps both cores
/// busy. That unifies their features, which would bloat what is deployed and harms nobody here.
pub(super) fn quick(step: &Step) -> Result<Compiled, Failure> {
    let target = tool::target();
    let mut cargo = command(&target, &[]);
    for (package, _) in [ELEMENT, WORKER, ADMINISTRATION] {
        cargo.args(["--package", package]);
    }
    cargo.args(["--profile", QUICK]);
    tool::run(step, cargo, "mend what is above")?;
    let module = |library: &str| target.join(WASM).join(QUICK).join(library).with_extension("wasm");
    Ok(Compiled {
        element: module(ELEMENT.1),
        worker: module(WORKER.1),
        administration: module(ADMINISTRATION.1),
    })
}

fn command(target: &Path, flags: &[&str]) -> Command {
    let mut cargo = tool::cargo("build");
    cargo.args(["--locked", "--lib"]);
    cargo.args(["--target", WASM, "--target-dir"]).arg(target);
    // The same source gives the same bytes wherever it was built, and no path of the
    // machine is shipped.
    let mut flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
    flags.extend(tool::remapped());
    cargo.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    cargo
}
