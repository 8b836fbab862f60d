//! What browsers load: the loader, always current, and the element, in a folder named by
//! its content.

use super::compile::{self, Module};
use super::{Inputs, budget, fresh_folder, integrity, pack, prune, texts};
use crate::step::Step;
use crate::tool;
use shared::snapshot::{PIECE_FORMAT, hash};
use spro_tests::{Failure, paths};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const WIDGET: Module = Module { package: "spro-widget", library: "widget", profile: "widget" };
/// The files of the immutable folder, beside those of [`texts::translated`].
const IMMUTABLE: [&str; 5] = ["element.js", "element_bg.wasm", "framed.js", "frame.js", "doctor.js"];
/// Where the loader names that folder.
const PLACEHOLDER: &str = "__BUILD__";
/// Stands for the hash of the module in the script that loads it.
const MODULE_HASH: &str = "__MODULE__";
/// The loader, in both places that it is served from.
const LOADER: &str = "spro-guide.js";

/// Compiles it, and says where the raw module is, and how it was made.
pub(super) fn compile(step: &Step, rust_source: bool) -> Result<(PathBuf, String), Failure> {
    if rust_source {
        match compile::compile_smallest(step, WIDGET) {
            Ok(raw) => {
                return Ok((raw, "smallest build: standard library for size, immediate abort".to_owned()));
            }
            // Our own mistake would be found again by the other build, a minute later.
            Err(reason) if reason.to_string().contains("could not compile `spro-widget`") => {
                return Err(reason);
            }
            Err(reason) => {
                let log = paths::built().join("smallest-build.log");
                tool::write(&log, reason.to_string().as_bytes())?;
                let raw = compile::compile(step, WIDGET)?;
                let note = format!("stable build; the smallest one failed, see {}", tool::shown(&log));
                return Ok((raw, note));
            }
        }
    }
    let raw = compile::compile(step, WIDGET)?;
    Ok((raw, "stable build; the smallest one wants `rustup component add rust-src`".to_owned()))
}

/// From the raw module to the files that browsers load.
pub(super) fn pack(raw: &Path) -> Result<(), Failure> {
    let sources = paths::root().join("widget/js");
    let mut inputs = Inputs::new()?;
    inputs.add(include_bytes!("widget.rs"));
    inputs.add(include_bytes!("pack.rs"));
    inputs.add(include_bytes!("prune.rs"));
    inputs.add(include_bytes!("budget.rs"));
    inputs.add(&tool::read(&paths::root().join(budget::FILE))?);
    inputs.add(&tool::read(raw)?);
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
    pack::bind(raw, "widget", false, &folder)?;
    prune::make_droppable(&folder.join("widget.js"))?;

    step.detail("esbuild");
    // The style sheet travels as a text inside the module: minified before it becomes one.
    for name in ["style.css", "paper.css"] {
        let style = pack::bundle(&sources.join(name), &folder.join(name));
        tool::run(&step, style, &format!("mend widget/js/{name} above"))?;
    }
    for path in super::files(&sources)? {
        if path.extension().is_some_and(|extension| extension == "js") {
            copied(&path.file_name().unwrap_or_default().to_string_lossy())?;
        }
    }
    let mut hashes = BTreeMap::new();
    for (language, text) in &translated {
        let name = texts::file(language);
        tool::write(&folder.join(&name), text.as_bytes())?;
        hashes.insert(name, integrity::of(text.as_bytes()));
    }
    // The module is optimised by what the script uses of it: its hash is known afterwards.
    hashes.insert("element_bg.wasm".to_owned(), MODULE_HASH.to_owned());
    let written = |value: &dyn std::fmt::Display, name: &str| format!("--define:{name}={value}");
    let define = [
        written(&json(&hashes), "__HASHES__"),
        written(&json(&texts::first_words()?), "__WORDS__"),
        written(&PIECE_FORMAT, "__FORMAT__"),
    ];
    let define: Vec<&str> = define.iter().map(String::as_str).collect();
    for name in ["element.js", "framed.js", "frame.js", "doctor.js", LOADER] {
        let source = if name == LOADER { "loader.js" } else { name };
        let to = folder.join("bundle").join(name);
        pack::bundle_for_browsers(&step, &folder.join(source), &to, &define)?;
        fs::rename(&to, folder.join(name)).map_err(tool::failed(&format!("{name} cannot be moved")))?;
    }

    step.detail("wasm-opt");
    let element = folder.join("element.js");
    prune::drop_unused_exports(&folder.join("widget_bg.wasm"), &element)?;
    let module = folder.join("element_bg.wasm");
    pack::optimise(&step, &folder.join("widget_bg.wasm"), &module, "-Oz")?;
    replace(&element, MODULE_HASH, &integrity::of(&tool::read(&module)?))?;
    let loader = folder.join(LOADER);
    let checked = [("__ELEMENT__", "element.js"), ("__FRAMED__", "framed.js"), ("__DOCTOR__", "doctor.js")];
    for (placeholder, file) in checked {
        replace(&loader, placeholder, &integrity::of(&tool::read(&folder.join(file))?))?;
    }

    step.detail("brotli");
    let mut files = IMMUTABLE.map(str::to_owned).to_vec();
    files.extend(translated.keys().map(|language| texts::file(language)));
    let build = publish(&folder, &files, &loader)?;
    inputs.stamp(&stamp)?;
    step.done_with(&format_args!("build {build}"));
    Ok(())
}

/// What an object is as JavaScript.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Puts a text in the place of one that must be there.
fn replace(file: &Path, placeholder: &str, with: &str) -> Result<(), Failure> {
    let text = String::from_utf8_lossy(&tool::read(file)?).into_owned();
    if !text.contains(placeholder) {
        let name = tool::shown(file);
        return Err(Failure::new(format!("{name} does not say {placeholder}: it would check nothing")));
    }
    tool::write(file, text.replace(placeholder, with).as_bytes())
}

/// Names the build, and puts its files where they are served from. Returns the name.
///
/// The name stands for every byte of the folder: the loader's own are in it before they say it.
fn publish(folder: &Path, files: &[String], loader: &Path) -> Result<String, Failure> {
    let mut content = tool::read(loader)?;
    for file in files {
        content.extend(tool::read(&folder.join(file))?);
    }
    let mut build = hash(&content);
    build.truncate(16);
    replace(loader, PLACEHOLDER, &build)?;

    let assets = paths::assets();
    // Written last, removed first: half a build is no build.
    let _ = fs::remove_file(assets.join("build.txt"));
    let mut integrities = BTreeMap::new();
    for file in files.iter().map(String::as_str).chain([LOADER]) {
        let bytes = tool::read(&folder.join(file))?;
        let to = assets.join(&build).join(file);
        tool::write(&to, &bytes)?;
        pack::compress(&to)?;
        integrities.insert(file, integrity::of(&bytes));
    }
    let rolling = assets.join(LOADER);
    tool::write(&rolling, &tool::read(loader)?)?;
    pack::compress(&rolling)?;
    let listed = serde_json::json!({ "build": build, "files": integrities });
    tool::write(&assets.join("integrity.json"), format!("{listed:#}\n").as_bytes())?;
    forget_others(&assets, &build);
    budget::check(&assets, &build)?;
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
