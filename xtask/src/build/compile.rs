//! From Rust to a raw WebAssembly module.

use crate::setup::WASM;
use crate::step::Step;
use crate::tool;
use spro_tests::{Failure, paths};
use std::path::PathBuf;
use std::process::Command;

/// A crate that becomes a WebAssembly module. Its profile has the library's name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Module {
    /// The package's name.
    pub(super) package: &'static str,
    /// The library's name.
    pub(super) library: &'static str,
    /// The profile's name.
    pub(super) profile: &'static str,
}

/// Flags of the smallest build. They are not stable yet: the compiler takes them because
/// `RUSTC_BOOTSTRAP` says that we know. With them the standard library is compiled for
/// size, a panic is one instruction, and no text about it is shipped.
const SMALLEST: [&str; 3] = ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none"];

/// Compiles with the standard library as it comes.
pub(super) fn compile(step: &Step, module: Module) -> Result<PathBuf, Failure> {
    // Apart from the native build, whose features would be unified with these.
    let target = tool::target().join("wasm");
    let command = command(module, &target, &[]);
    tool::run(step, command, &format!("mend {} above", module.package))?;
    Ok(result(module, &target))
}

/// Compiles with the standard library made for size.
pub(super) fn compile_smallest(step: &Step, module: Module) -> Result<PathBuf, Failure> {
    let target = tool::target().join("wasm-smallest");
    let mut command = command(module, &target, &SMALLEST);
    command
        .env("RUSTC_BOOTSTRAP", "1")
        .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
    tool::run(step, command, "the smallest build needs another compiler")?;
    Ok(result(module, &target))
}

fn command(module: Module, target: &std::path::Path, flags: &[&str]) -> Command {
    let mut cargo = tool::cargo("build");
    cargo.args(["--locked", "--lib", "--package", module.package, "--profile", module.profile]);
    cargo.args(["--target", WASM, "--target-dir"]).arg(target);
    // The same source gives the same bytes wherever it was built, and no path of the
    // machine is shipped.
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let mut flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
    flags.push(format!("--remap-path-prefix={}=spro", paths::root().display()));
    flags.extend(home.map(|home| format!("--remap-path-prefix={}=cargo", home.display())));
    cargo.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    cargo
}

fn result(module: Module, target: &std::path::Path) -> PathBuf {
    target.join(WASM).join(module.profile).join(format!("{}.wasm", module.library))
}
