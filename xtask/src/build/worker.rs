//! The worker: one ES module, and the WebAssembly module that it imports as such.

use super::pack::{self, Packer};
use super::{Inputs, fresh_folder};
use crate::step::Step;
use crate::tool;
use spro_tests::Failure;
use spro_tests::paths::{self, Form};
use std::fs;
use std::path::Path;

/// From the raw module to what is deployed.
pub(super) fn pack(form: Form, packer: &Packer, raw: &Path) -> Result<(), Failure> {
    let sources = paths::root().join("worker/js");
    let mut inputs = Inputs::new()?;
    inputs.add(include_bytes!("worker.rs"));
    inputs.add(&tool::read(raw)?);
    inputs.add_folder(&sources)?;

    let step = Step::begin("worker, packed");
    let stamp = form.folder().join("worker.stamp");
    let out = form.worker();
    if inputs.made(&stamp, &out.join("index_bg.wasm")) {
        step.skip(&"up to date");
        return Ok(());
    }
    let folder = fresh_folder(form, "worker")?;
    step.detail("wasm-bindgen");
    packer.bind(&step, raw, "index", true, &folder)?;
    let entry = folder.join("worker.js");
    for file in ["worker.js", "ledger.js", "shipped.js"] {
        tool::write(&folder.join(file), &tool::read(&sources.join(file))?)?;
    }

    fs::create_dir_all(&out).map_err(tool::failed(&format!("{} cannot be made", tool::shown(&out))))?;
    step.detail("esbuild");
    let mut bundle = pack::bundle(&entry, &out.join("worker.js"));
    // The runtime compiles the module and brings Node's modules and its own.
    bundle.args(["--format=esm", "--target=esnext"]);
    bundle.args(["--external:*.wasm", "--external:*.bin", "--external:node:*", "--external:cloudflare:*"]);
    tool::run(&step, bundle, "mend worker/js/worker.js above")?;
    // Without wasm-opt: it takes minutes, and what is uploaded, which is compressed, gets no smaller.
    let module = out.join("index_bg.wasm");
    pack::rename(&folder.join("index_bg.wasm"), &module)?;
    inputs.stamp(&stamp)?;
    step.done();
    Ok(())
}
