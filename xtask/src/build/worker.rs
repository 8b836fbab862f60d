//! The worker: one ES module, and the WebAssembly module that it imports as such.

use super::compile::{self, Module};
use super::{Inputs, fresh_folder, pack};
use crate::step::Step;
use crate::tool;
use spro_tests::{Failure, paths};
use std::fs;
use std::path::{Path, PathBuf};

const WORKER: Module = Module { package: "spro-worker", library: "edge", profile: "worker" };

/// Compiles it, and says where the raw module is.
pub(super) fn compile(step: &Step) -> Result<PathBuf, Failure> {
    compile::compile(step, WORKER)
}

/// From the raw module to what is deployed.
pub(super) fn pack(raw: &Path) -> Result<(), Failure> {
    let sources = paths::root().join("worker/js");
    let mut inputs = Inputs::new()?;
    inputs.add(include_bytes!("worker.rs"));
    inputs.add(&tool::read(raw)?);
    inputs.add_folder(&sources)?;

    let step = Step::begin("worker, packed");
    let stamp = paths::built().join("worker.stamp");
    let out = paths::worker();
    if inputs.made(&stamp, &out.join("index_bg.wasm")) {
        step.skip(&"up to date");
        return Ok(());
    }
    let folder = fresh_folder("worker")?;
    step.detail("wasm-bindgen");
    pack::bind(raw, "index", true, &folder)?;
    let entry = folder.join("worker.js");
    for file in ["worker.js", "ledger.js"] {
        tool::write(&folder.join(file), &tool::read(&sources.join(file))?)?;
    }

    fs::create_dir_all(&out).map_err(tool::failed("target/spro/worker cannot be made"))?;
    step.detail("esbuild");
    let mut bundle = pack::bundle(&entry, &out.join("worker.js"));
    // The runtime compiles the module and brings Node's modules and its own.
    bundle.args(["--format=esm", "--target=esnext"]);
    bundle.args(["--external:*.wasm", "--external:node:*", "--external:cloudflare:*"]);
    tool::run(&step, bundle, "mend worker/js/worker.js above")?;
    // Without wasm-opt: it takes minutes, and what is uploaded, which is compressed, gets no smaller.
    let module = out.join("index_bg.wasm");
    fs::rename(folder.join("index_bg.wasm"), &module)
        .map_err(tool::failed("index_bg.wasm cannot be moved"))?;
    inputs.stamp(&stamp)?;
    step.done();
    Ok(())
}
