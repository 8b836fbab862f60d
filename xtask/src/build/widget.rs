//! What browsers load: the loader, always current, and the element, in a folder named by
//! its content.

use super::compile::{self, Module};
use super::{Inputs, fresh_folder, pack, prune, texts};
use crate::step::Step;
use crate::tool;
use shared::snapshot::hash;
use spro_tests::{Failure, paths};
use std::fs;
use std::path::{Path, PathBuf};

const WIDGET: Module = Module { package: "spro-widget", library: "widget", profile: "widget" };
/// The files of the immutable folder, beside those of [`texts::translated`].
const IMMUTABLE: [&str; 2] = ["element.js", "element_bg.wasm"];
/// Where the loader names that folder.
const PLACEHOLDER: &str = "__BUILD__";

pub(super) fn build(rust_source: bool) -> Result<(), Failure> {
    let raw = compile(rust_source)?;
    let sources = paths::root().join("widget/js");
    let mut inputs = Inputs::new()?;
    inputs.add(include_bytes!("widget.rs"));
    inputs.add(include_bytes!("pack.rs"));
    inputs.add(include_bytes!("prune.rs"));
    inputs.add(&tool::read(&raw)?);
    inputs.add_folder(&sources)?;
    let translated = texts::translated()?;
    for (name, text) in &translated {
        inputs.add(name.as_bytes());
        inputs.add(text.as_bytes());
    }

    let step = Step::begin("element, packed");
    let stamp = paths::built().join("element.stamp");
    if inputs.made(&stamp, &paths::assets().join("build.txt")) {
        step.skip(&"up to date");
        return Ok(());
    }
    let folder = fresh_folder("element")?;
    let copied = |name: &str| -> Result<PathBuf, Failure> {
        let to = folder.join(name);
        tool::write(&to, &tool::read(&sources.join(name))?)?;
        Ok(to)
    };

    step.detail("wasm-bindgen");
    pack::bind(&raw, "widget", false, &folder)?;
    prune::make_droppable(&folder.join("widget.js"))?;

    step.detail("esbuild");
    // The style sheet travels as a text inside the module: minified before it becomes one.
    for name in ["style.css", "paper.css"] {
        let style = pack::bundle(&sources.join(name), &folder.join(name));
        tool::run(&step, style, &format!("mend widget/js/{name} above"))?;
    }
    copied("paper.js")?;
    copied("language.js")?;
    let element = copied("element.js")?;
    let languages: Vec<&String> = translated.keys().collect();
    let define = format!("--define:__TEXTS__={languages:?}");
    pack::bundle_for_browsers(&step, &element, &folder.join("bundle/element.js"), &[&define])?;
    fs::rename(folder.join("bundle/element.js"), &element)
        .map_err(tool::failed("element.js cannot be moved"))?;
    let loader = folder.join("spro-guide.js");
    pack::bundle_for_browsers(&step, &sources.join("loader.js"), &loader, &[])?;

    step.detail("wasm-opt");
    prune::drop_unused_exports(&folder.join("widget_bg.wasm"), &element)?;
    pack::optimise(&step, &folder.join("widget_bg.wasm"), &folder.join("element_bg.wasm"), "-Oz")?;

    step.detail("brotli");
    let mut files = IMMUTABLE.map(str::to_owned).to_vec();
    for (language, text) in &translated {
        let name = texts::file(language);
        tool::write(&folder.join(&name), text.as_bytes())?;
        files.push(name);
    }
    let build = publish(&folder, &files, &loader)?;
    inputs.stamp(&stamp)?;
    step.done_with(&format_args!("build {build}"));
    Ok(())
}

fn compile(rust_source: bool) -> Result<PathBuf, Failure> {
    let step = Step::begin("element, compiled");
    if rust_source {
        match compile::compile_smallest(&step, WIDGET) {
            Ok(raw) => {
                step.done_with(&"smallest build: standard library for size, immediate abort");
                return Ok(raw);
            }
            // Our own mistake would be found again by the other build, a minute later.
            Err(reason) if reason.to_string().contains("could not compile `spro-widget`") => {
                return Err(reason);
            }
            Err(reason) => {
                let log = paths::built().join("smallest-build.log");
                tool::write(&log, reason.to_string().as_bytes())?;
                let raw = compile::compile(&step, WIDGET)?;
                let note = format!("stable build; the smallest one failed, see {}", tool::shown(&log));
                step.done_with(&note);
                return Ok(raw);
            }
        }
    }
    let raw = compile::compile(&step, WIDGET)?;
    step.done_with(&"stable build; the smallest one wants `rustup component add rust-src`");
    Ok(raw)
}

/// Names the build, and puts its files where they are served from. Returns the name.
fn publish(folder: &Path, files: &[String], loader: &Path) -> Result<String, Failure> {
    let mut content = Vec::new();
    for file in files {
        content.extend(tool::read(&folder.join(file))?);
    }
    let mut build = hash(&content);
    build.truncate(16);

    let assets = paths::assets();
    // Written last, removed first: half a build is no build.
    let _ = fs::remove_file(assets.join("build.txt"));
    for file in files {
        let to = assets.join(&build).join(file);
        tool::write(&to, &tool::read(&folder.join(file))?)?;
        pack::compress(&to)?;
    }
    let text = String::from_utf8_lossy(&tool::read(loader)?).into_owned();
    if !text.contains(PLACEHOLDER) {
        return Err(Failure::new(format!(
            "widget/js/loader.js does not say {PLACEHOLDER}: it would load nothing"
        )));
    }
    let loader = assets.join("spro-guide.js");
    tool::write(&loader, text.replace(PLACEHOLDER, &build).as_bytes())?;
    pack::compress(&loader)?;
    forget_others(&assets, &build);
    tool::write(&assets.join("build.txt"), format!("{build}\n").as_bytes())?;
    Ok(build)
}

/// Removes the earlier builds. Not the folder of all: a worker may be serving from it.
fn forget_others(assets: &Path, build: &str) {
    for entry in fs::read_dir(assets).into_iter().flatten().flatten() {
        if entry.path().is_dir() && entry.file_name() != build {
            // Left behind, it only takes room.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
