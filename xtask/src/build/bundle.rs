//! The data modules of the workers: the shipped directory, compiled, and what surrounds it. What is
//! compiled to WebAssembly holds none of it: an edition that changes compiles nothing again.

use super::pack::{self, Packer};
use super::{Inputs, fresh_folder};
use crate::step::Step;
use crate::tool;
use serde_json::{Map, Value, json};
use spro_tests::Failure;
use spro_tests::paths::{self, Form, Worker};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A directory to ship instead of ours: a file, relative to the repository.
const OVERRIDE: &str = "SPRO_DIRECTORY";
/// What the program reads beside the directory, from the repository.
const READ: [&str; 3] = ["shared/data", "shared/texts", "shared/editions"];
/// The guides for people, each in the worker that serves it.
const GUIDES: [(Worker, &str); 2] =
    [(Worker::Public, "guide-du-site"), (Worker::Administration, "guide-de-l-administration")];
/// The folder of what the program wrote, in that of intermediate files.
const FOLDER: &str = "bundle";
/// The same levels as at publication (`serving/src/brotli.rs`): of what visitors read, and of the rest.
const QUALITY: [u32; 2] = [10, 9];

/// The files of the bundle, as the program named them.
pub(super) fn folder(form: Form) -> PathBuf {
    form.folder().join("intermediate").join(FOLDER)
}

/// Compiles the directory and packs the data module, where something of it has changed.
pub(super) fn bundle(form: Form, packer: &Packer) -> Result<(), Failure> {
    let directory = env::var_os(OVERRIDE).map(PathBuf::from);
    let mut inputs = Inputs::new()?;
    inputs.add(include_bytes!("bundle.rs"));
    inputs.add(include_bytes!("compress.mjs"));
    inputs.add(&tool::read(&packer.bundle)?);
    inputs.add(&tool::read(&paths::root().join("worker/openapi.json"))?);
    for (_, guide) in GUIDES {
        inputs.add(&tool::read(&paths::root().join(format!("docs/{guide}.md")))?);
    }
    for folder in READ {
        inputs.add_folder(&paths::root().join(folder))?;
    }
    if let Some(directory) = &directory {
        inputs.add(&tool::read(&paths::root().join(directory))?);
    }
    let step = Step::begin("shipped directory");
    let stamp = form.folder().join("bundle.stamp");
    let modules = Worker::BOTH.map(|worker| form.worker(worker).join(worker.files()[2]));
    if modules.iter().all(|module| inputs.made(&stamp, module)) {
        step.skip(&"up to date");
        return Ok(());
    }
    let folder = fresh_folder(form, FOLDER)?;
    let mut program = Command::new(&packer.bundle);
    program.current_dir(paths::root()).arg(&folder).args(&directory);
    tool::run(&step, program, "mend what is above")?;
    step.detail("brotli");
    let (plain, compressed): (Vec<PathBuf>, Vec<PathBuf>) =
        super::files(&folder)?.into_iter().partition(|path| is_plain(&folder, path));
    let (pieces, others): (Vec<PathBuf>, Vec<PathBuf>) =
        compressed.iter().cloned().partition(|path| name(&folder, path).starts_with("pieces/"));
    for (files, quality) in [pieces, others].iter().zip(QUALITY) {
        pack::compress(&step, files, quality)?;
    }
    let plain = plain.iter().map(|path| (path, tool::read(path)));
    let compressed = compressed.iter().map(|path| (path, tool::read(&pack::sibling(path))));
    let files = plain
        .chain(compressed)
        .map(|(path, bytes)| Ok((name(&folder, path), bytes?)))
        .collect::<Result<Vec<(String, Vec<u8>)>, Failure>>()?;
    let [public, administration] = Worker::BOTH.map(|worker| {
        let read_there = files.iter().filter(|(name, _)| is_read_by(worker, name)).cloned();
        module_of(read_there.collect())
    });
    for (module, bytes) in modules.iter().zip([&public, &administration]) {
        tool::write(module, bytes)?;
    }
    inputs.stamp(&stamp)?;
    step.done_with(&format_args!("{} and {} bytes", public.len(), administration.len()));
    Ok(())
}

/// Whether a worker reads a file: the public one needs neither the document nor the communes that a
/// publication is checked against, the administration no text of the guide.
fn is_read_by(worker: Worker, name: &str) -> bool {
    if let Some(guide) = name.strip_prefix("guides/") {
        return GUIDES.contains(&(worker, guide));
    }
    match worker {
        Worker::Public => {
            name == "manifest.json"
                || name == "openapi.json"
                || name.starts_with("pieces/")
                || name.starts_with("texts/")
        }
        Worker::Administration => {
            name == "manifest.json"
                || name == "directory.json"
                || name == "communes.tsv"
                || name == "former-communes.tsv"
                || name.starts_with("pieces/")
        }
    }
}

/// The path of a file from the folder, the same on every system.
fn name(folder: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(folder).unwrap_or(path).components();
    parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Whether the worker reads a file by itself, instead of sending or decompressing it.
fn is_plain(folder: &Path, path: &Path) -> bool {
    let name = name(folder, path);
    name == "manifest.json" || name.starts_with("texts/")
}

/// The module's bytes: a line of JSON with the place of each file after that line, and its
/// length; then the files. `serving/js/shipped.js` reads it.
fn module_of(mut files: Vec<(String, Vec<u8>)>) -> Vec<u8> {
    files.sort();
    let mut places = Map::new();
    let mut bytes = Vec::new();
    for (name, content) in files {
        places.insert(name, json!([bytes.len(), content.len()]));
        bytes.extend(content);
    }
    let mut module = format!("{}\n", Value::Object(places)).into_bytes();
    module.extend(bytes);
    module
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_says_where_each_file_is() {
        let files = vec![("b".to_owned(), b"\n22".to_vec()), ("a/1".to_owned(), b"1".to_vec())];
        assert_eq!(module_of(files), b"{\"a/1\":[0,1],\"b\":[1,3]}\n1\n22");
    }

    #[test]
    fn each_guide_is_where_it_is_served() {
        for (worker, guide) in GUIDES {
            let readers = Worker::BOTH.into_iter().filter(|one| is_read_by(*one, &format!("guides/{guide}")));
            assert_eq!(readers.collect::<Vec<_>>(), [worker], "{guide}");
        }
        assert!(!is_read_by(Worker::Public, "guides/other"));
    }

    #[test]
    fn what_is_sent_is_compressed() {
        let folder = Path::new("/f");
        let plain = |name: &str| is_plain(folder, &folder.join(name));
        assert!(plain("manifest.json") && plain("texts/en"));
        assert!(!plain("directory.json") && !plain("pieces/guide") && !plain("communes.tsv"));
    }
}
