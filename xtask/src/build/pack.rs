//! From a raw WebAssembly module to files that are served: glue, optimisation, bundle,
//! compression.

use crate::step::Step;
use crate::tool;
use spro_tests::Failure;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// The features that every browser and runtime we serve knows, by name: with
/// `--all-features` wasm-opt writes what V8 refuses.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The oldest browsers that know those features, and private methods of classes.
const BROWSERS: &str = "--target=chrome96,edge96,firefox90,safari15";

/// Writes `NAME.js` and `NAME_bg.wasm` into a folder, as `wasm-bindgen --target web` does.
/// `restart` adds the function by which an instance that trapped is replaced.
pub(super) fn bind(wasm: &Path, name: &str, restart: bool, folder: &Path) -> Result<(), Failure> {
    let mut bindgen = Bindgen::new();
    let written = bindgen
        .input_path(wasm)
        .out_name(name)
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .reset_state_function(restart)
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder));
    written.map_err(|error| Failure::new(format!("wasm-bindgen refuses {}: {error:#}", tool::shown(wasm))))
}

/// Optimises a module for size and strips what only people read.
pub(super) fn optimise(step: &Step, from: &Path, to: &Path, level: &str) -> Result<(), Failure> {
    let mut command = tool::node_script("binaryen/bin/wasm-opt");
    command.args([level, "--strip-debug", "--strip-producers", "--strip-target-features"]).args(FEATURES);
    command.arg(from).arg("-o").arg(to);
    tool::run(
        step,
        command,
        "run `rm -r node_modules` and `cargo xtask setup` if wasm-opt itself is broken",
    )?;
    Ok(())
}

/// An esbuild command for one entry, minified, into one file.
pub(super) fn bundle(entry: &Path, to: &Path) -> Command {
    let mut command = tool::node_script("esbuild/bin/esbuild");
    let mut to_file = std::ffi::OsString::from("--outfile=");
    to_file.push(to);
    command.arg(entry).arg(to_file);
    command.args(["--bundle", "--minify", "--legal-comments=none", "--charset=utf8", "--log-level=warning"]);
    command
}

/// Bundles for browsers, with more options.
pub(super) fn bundle_for_browsers(
    step: &Step,
    entry: &Path,
    to: &Path,
    more: &[&str],
) -> Result<(), Failure> {
    let mut command = bundle(entry, to);
    command.args(more).args(["--format=esm", BROWSERS, "--loader:.css=text"]);
    tool::run(step, command, &format!("mend {} above", tool::shown(entry)))?;
    Ok(())
}

/// Writes a file's compressed sibling, `FILE.br`.
pub(super) fn compress(path: &Path) -> Result<(), Failure> {
    let bytes = tool::read(path)?;
    let mut compressed = Vec::new();
    // Quality 11, the widest window that every browser takes.
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 1 << 16, 11, 22);
    writer.write_all(&bytes).map_err(tool::failed(&format!("{} cannot be compressed", tool::shown(path))))?;
    drop(writer);
    tool::write(&sibling(path), &compressed)
}

/// `FILE.br`.
fn sibling(path: &Path) -> PathBuf {
    path.with_added_extension("br")
}
