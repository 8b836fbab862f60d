//! A worker: one ES module, and the WebAssembly module that it imports as such.

use super::pack::{self, More, Packer};
use super::{Inputs, budget, files, fresh_folder};
use crate::step::Step;
use crate::tool;
use spro_tests::Failure;
use spro_tests::paths::{self, Form, Worker};
use std::fs;
use std::path::Path;

/// From the raw module to what is deployed.
pub(super) fn pack(form: Form, packer: &Packer, worker: Worker, raw: &Path) -> Result<(), Failure> {
    let name = worker.folder();
    // What both are made of, and its own.
    let sources = ["serving/js".to_owned(), format!("{name}/js")].map(|folder| paths::root().join(folder));
    let mut inputs = Inputs::new()?;
    inputs.add(include_bytes!("worker.rs"));
    inputs.add(&tool::read(raw)?);
    for folder in &sources {
        inputs.add_folder(folder)?;
    }

    let step = Step::begin(format!("{name}, packed"));
    let stamp = form.folder().join(format!("{name}.stamp"));
    let out = form.worker(worker);
    let [entry, wasm, _] = worker.files();
    if inputs.made(&stamp, &out.join(wasm)) {
        step.skip(&"up to date");
        return Ok(());
    }
    let folder = fresh_folder(form, name)?;
    step.detail("wasm-bindgen");
    packer.bind(&step, raw, "index", Some(More::Restart), &folder)?;
    for file in sources.iter().map(|folder| files(folder)).collect::<Result<Vec<_>, _>>()?.concat() {
        tool::write(&folder.join(file.file_name().unwrap_or_default()), &tool::read(&file)?)?;
    }

    fs::create_dir_all(&out).map_err(tool::failed(&format!("{} cannot be made", tool::shown(&out))))?;
    step.detail("esbuild");
    let mut bundle = pack::bundle(&folder.join(entry), &out.join(entry));
    // The runtime compiles the module and brings Node's modules and its own.
    bundle.args(["--format=esm", "--target=esnext"]);
    bundle.args(["--external:*.wasm", "--external:*.bin", "--external:node:*", "--external:cloudflare:*"]);
    tool::run(&step, bundle, &format!("mend {name}/js/{entry} above"))?;
    // Without wasm-opt: it takes minutes, and what is uploaded, which is compressed, gets no smaller.
    pack::rename(&folder.join(wasm), &out.join(wasm))?;
    inputs.stamp(&stamp)?;
    step.done();
    Ok(())
}

/// Weighs the code of both.
pub(super) fn weigh(form: Form) -> Result<(), Failure> {
    let step = Step::begin("workers, weighed");
    let weights = budget::check_workers(&step, form)?;
    step.done_with(&weights);
    Ok(())
}
