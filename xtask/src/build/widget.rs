//! What browsers load: the loader, always current, and the element, in a folder named by
//! its content.

use super::compile::Compiled;
use super::pack::{self, More, Packer};
use super::{Inputs, budget, bundle, fresh_folder, integrity, texts};
use crate::dist;
use crate::step::Step;
use crate::tool::{self, hash};
use serde_json::Value;
use spro_tests::Failure;
use spro_tests::paths::{self, Form};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The files of the immutable folder, beside those of [`texts::translated`].
const IMMUTABLE: [&str; 5] = ["element.js", "element_bg.wasm", "framed.js", "frame.js", "doctor.js"];
/// Beside them: what others wrote of them, and their licences.
const NOTICES: &str = "third-party.txt";
/// Where the loader names that folder.
const PLACEHOLDER: &str = "__BUILD__";
/// Stands for the hash of the module in the script that loads it.
const MODULE_HASH: &str = "__MODULE__";
/// What comes later, in the shipped form, and what stands for its hash.
const LATER: (&str, &str) = ("later.wasm", "__LATER__");
/// The loader, in both places that it is served from.
const LOADER: &str = "spro-guide.js";
/// How both parts of the module are optimised: for size, until nothing becomes smaller.
const SMALLEST: [&str; 2] = ["-Oz", "--converge"];
/// What compresses them.
const COMPRESS: &str = include_str!("compress.mjs");

/// From the raw module to the files that browsers load.
pub(super) fn pack(form: Form, packer: &Packer, compiled: &Compiled) -> Result<(), Failure> {
    let raw = &compiled.element;
    let sources = paths::root().join("widget/js");
    let mut inputs = Inputs::new()?;
    for program in [include_str!("widget.rs"), include_str!("pack.rs"), include_str!("budget.rs"), COMPRESS] {
        inputs.add(program.as_bytes());
    }
    inputs.add(&tool::read(&paths::root().join(budget::FILE))?);
    let directory = bundle::folder(form);
    let piece_format = piece_format(&directory)?;
    inputs.add(&piece_format.to_le_bytes());
    if form == Form::Shipped {
        // They are weighed with it; an edition that changes is no reason to pack the quick form.
        for file in budget::READ_FIRST {
            inputs.add(&tool::read(&directory.join(file))?);
        }
    }
    inputs.add(&tool::read(raw)?);
    inputs.add_folder(&sources)?;
    inputs.add(NOTICES.as_bytes());
    let translated = texts::translated(form)?;
    for (name, text) in &translated {
        inputs.add(name.as_bytes());
        inputs.add(text.as_bytes());
    }

    let step = Step::begin("element, packed");
    let stamp = form.folder().join("element.stamp");
    if inputs.made(&stamp, &form.assets().join("build.txt")) {
        step.skip(&"up to date");
        return Ok(());
    }
    let folder = fresh_folder(form, "element")?;
    let copied = |name: &str| -> Result<PathBuf, Failure> {
        let to = folder.join(name);
        tool::write(&to, &tool::read(&sources.join(name))?)?;
        Ok(to)
    };

    step.detail("wasm-bindgen");
    packer.bind(&step, raw, "widget", (form == Form::Shipped).then_some(More::Split), &folder)?;

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
    if form == Form::Shipped {
        hashes.insert(LATER.0.to_owned(), LATER.1.to_owned());
    }
    let written = |value: &dyn std::fmt::Display, name: &str| format!("--define:{name}={value}");
    let words = texts::first_words()?.into_iter().map(|(language, texts)| (language, object(texts)));
    let define = [
        written(&json(object(hashes)), "__HASHES__"),
        written(&json(object(words)), "__WORDS__"),
        written(&piece_format, "__FORMAT__"),
    ];
    let define: Vec<&str> = define.iter().map(String::as_str).collect();
    for name in ["element.js", "framed.js", "frame.js", "doctor.js", LOADER] {
        // Of the loader, pages make a module or a plain script.
        let (source, format) = if name == LOADER { ("loader.js", "iife") } else { (name, "esm") };
        let to = folder.join("bundle").join(name);
        pack::bundle_for_browsers(&step, &folder.join(source), &to, format, &define)?;
        pack::rename(&to, &folder.join(name))?;
    }

    parts(&step, form, &folder)?;
    let loader = folder.join(LOADER);
    let checked = [("__ELEMENT__", "element.js"), ("__FRAMED__", "framed.js"), ("__DOCTOR__", "doctor.js")];
    for (placeholder, file) in checked {
        replace(&loader, placeholder, &integrity::of(&tool::read(&folder.join(file))?))?;
    }

    let mut files = IMMUTABLE.map(str::to_owned).to_vec();
    files.extend(translated.keys().map(|language| texts::file(language)));
    if form == Form::Shipped {
        tool::write(&folder.join(NOTICES), dist::notices_of_the_element()?.as_bytes())?;
        files.extend([LATER.0, NOTICES].map(str::to_owned));
    }
    let (build, served) = publish(form, &folder, &files, &loader)?;
    let mut weights = String::new();
    if form == Form::Shipped {
        step.detail("brotli");
        // 11 is the highest quality there is.
        pack::compress(&step, &served, 11)?;
        weights = format!("; {}", budget::check_element(&step, &form.assets(), &build, &directory)?);
    }
    tool::write(&form.assets().join("build.txt"), format!("{build}\n").as_bytes())?;
    inputs.stamp(&stamp)?;
    step.done_with(&format_args!("build {build}{weights}"));
    Ok(())
}

/// Both parts of the module as they are served, each with its hash in the script that loads it; in the
/// quick form the one that there is.
fn parts(step: &Step, form: Form, folder: &Path) -> Result<(), Failure> {
    let mut parts = vec![("widget_bg.wasm", "element_bg.wasm", MODULE_HASH)];
    if form == Form::Shipped {
        step.detail("wasm-opt");
        parts.push(("split_later.wasm", LATER.0, LATER.1));
    }
    for (made, served, placeholder) in parts {
        let (made, served) = (folder.join(made), folder.join(served));
        match form {
            Form::Shipped => pack::optimise(step, &made, &served, &SMALLEST)?,
            Form::Quick => pack::rename(&made, &served)?,
        }
        replace(&folder.join("element.js"), placeholder, &integrity::of(&tool::read(&served)?))?;
    }
    Ok(())
}

/// An object of JSON from its fields.
fn object<V: Into<Value>>(fields: impl IntoIterator<Item = (String, V)>) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name, value.into())).collect())
}

/// What an object is as JavaScript.
fn json(value: impl Into<Value>) -> String {
    value.into().to_string()
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

/// The format of the pieces that the worker writes, which the element must read.
fn piece_format(directory: &Path) -> Result<u64, Failure> {
    let manifest = directory.join("manifest.json");
    let format = serde_json::from_slice::<Value>(&tool::read(&manifest)?).ok();
    format
        .and_then(|manifest| manifest["format"].as_u64())
        .ok_or_else(|| Failure::new("the shipped directory's manifest has no format"))
}

/// Names the build, and puts its files where they are served from. Returns the name, and
/// where the files are.
///
/// The name stands for every byte of the folder: the loader's own are in it before they say it.
fn publish(
    form: Form,
    folder: &Path,
    files: &[String],
    loader: &Path,
) -> Result<(String, Vec<PathBuf>), Failure> {
    let mut content = tool::read(loader)?;
    for file in files {
        content.extend(tool::read(&folder.join(file))?);
    }
    let mut build = hash(&content);
    build.truncate(16);
    replace(loader, PLACEHOLDER, &build)?;

    let assets = form.assets();
    // Written last, removed first: half a build is no build.
    let _ = fs::remove_file(assets.join("build.txt"));
    let mut integrities = BTreeMap::new();
    let mut served = vec![assets.join(LOADER)];
    for file in files.iter().map(String::as_str).chain([LOADER]) {
        let bytes = tool::read(&folder.join(file))?;
        let to = assets.join(&build).join(file);
        tool::write(&to, &bytes)?;
        served.push(to);
        integrities.insert(file, integrity::of(&bytes));
    }
    tool::write(&served[0], &tool::read(loader)?)?;
    let listed = serde_json::json!({ "build": build, "files": integrities });
    tool::write(&assets.join("integrity.json"), format!("{listed:#}\n").as_bytes())?;
    forget_others(&assets, &build);
    Ok((build, served))
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
