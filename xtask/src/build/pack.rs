//! From a raw WebAssembly module to files that are served: glue, optimisation, bundle,
//! compression.

use crate::step::Step;
use crate::tool;
use spro_tests::{Failure, paths};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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

/// What compiles the shipped directory runs for a second: optimising it takes longer.
const UNOPTIMISED: &str = "profile.dev.package.spro-shared.opt-level=0";

/// What is made of a module beside its glue.
#[derive(Debug, Clone, Copy)]
pub(super) enum More {
    /// The function by which an instance that trapped is replaced.
    Restart,
    /// A second module with what may come later, `split_later.wasm`.
    Split,
}

/// The programs that are compiled for packing.
#[derive(Debug, Clone)]
pub(super) struct Packer {
    /// That of `xtask/pack`.
    pack: PathBuf,
    /// That of `xtask/bundle`.
    pub(super) bundle: PathBuf,
}

impl Packer {
    /// Compiles them where they are not there yet.
    pub(super) fn ready(step: &Step) -> Result<Self, Failure> {
        let mut cargo = tool::cargo("build");
        cargo.args(["--locked", "--package", "spro-pack", "--package", "spro-bundle"]);
        cargo.args(["--config", UNOPTIMISED, "--target-dir"]).arg(tool::target());
        tool::run(step, cargo, "mend what is above")?;
        let program =
            |name: &str| tool::target().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        Ok(Self { pack: program("spro-pack"), bundle: program("spro-bundle") })
    }

    /// Writes `NAME.js` and `NAME_bg.wasm` into a folder, with or without something more.
    pub(super) fn bind(
        &self,
        step: &Step,
        wasm: &Path,
        name: &str,
        more: Option<More>,
        folder: &Path,
    ) -> Result<(), Failure> {
        let mut command = Command::new(&self.pack);
        command.arg(wasm).arg(name).arg(folder).args(more.map(|more| match more {
            More::Restart => "restart",
            More::Split => "split",
        }));
        tool::run(step, command, "the module and wasm-bindgen must be of one version").map(drop)
    }
}

/// Optimises a module for size and strips what only people read.
pub(super) fn optimise(step: &Step, from: &Path, to: &Path, levels: &[&str]) -> Result<(), Failure> {
    let mut command = tool::node_script("binaryen/bin/wasm-opt");
    command
        .args(levels)
        .args(["--strip-debug", "--strip-producers", "--strip-target-features"])
        .args(FEATURES);
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

/// Bundles for browsers, in a format of esbuild's, with more options.
pub(super) fn bundle_for_browsers(
    step: &Step,
    entry: &Path,
    to: &Path,
    format: &str,
    more: &[&str],
) -> Result<(), Failure> {
    let mut command = bundle(entry, to);
    command.args(more).arg(format!("--format={format}")).args([BROWSERS, "--loader:.css=text"]);
    tool::run(step, command, &format!("mend {} above", tool::shown(entry)))?;
    Ok(())
}

/// Writes the compressed sibling of each file, `FILE.br`, with brotli at a quality. Node has
/// it built in, in C: nothing is compiled for it.
pub(super) fn compress(step: &Step, files: &[PathBuf], quality: u32) -> Result<(), Failure> {
    let mut node = Command::new("node");
    node.arg(paths::root().join("xtask/src/build/compress.mjs")).arg(quality.to_string()).args(files);
    tool::run(step, node, "run `cargo xtask setup`: Node compresses").map(drop)
}

/// How many bytes a text has when brotli has compressed it at a quality.
pub(super) fn compressed_size(step: &Step, bytes: &[u8], quality: u32) -> Result<usize, Failure> {
    let file = paths::built().join("intermediate/weighed");
    tool::write(&file, bytes)?;
    compress(step, std::slice::from_ref(&file), quality)?;
    Ok(tool::read(&sibling(&file))?.len())
}

/// How many bytes gzip makes of a file: what an upload weighs.
pub(super) fn gzip_size(step: &Step, file: &Path) -> Result<usize, Failure> {
    let mut node = Command::new("node");
    node.arg(paths::root().join("xtask/src/build/compress.mjs")).arg("gzip").arg(file);
    let printed = tool::run(step, node, "mend xtask/src/build/compress.mjs")?;
    printed.trim().parse().map_err(|_| Failure::new(format!("no size of {}: {printed}", tool::shown(file))))
}

/// `FILE.br`.
pub(super) fn sibling(path: &Path) -> PathBuf {
    path.with_added_extension("br")
}

/// Moves a file of ours.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::rename(from, to).map_err(tool::failed(&format!("{} cannot be moved", tool::shown(from))))
}
