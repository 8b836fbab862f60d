//! Makes the files that are served, in one of two forms ([`Form`]): `target/spro`, what is
//! deployed, and `target/spro-quick`, what `cargo xtask run` serves on this machine.
//!
//! cargo decides what to compile again. What comes after it (glue, optimisation, bundle,
//! compression) is done again only when something that went into it has changed: a stamp
//! beside the result holds the hash of all that.

mod budget;
mod bundle;
mod compile;
mod integrity;
pub(crate) mod lint;
mod pack;
mod texts;
mod widget;
mod worker;

use crate::setup::Found;
use crate::step::{self, Step};
use crate::tool::{self, hash};
use compile::Compiled;
use lint::Linter;
use pack::Packer;
use spro_tests::Failure;
use spro_tests::paths::{self, Form, Worker};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;

/// Builds everything that has to be built in this form. Two of these at once take turns.
pub(crate) fn build(found: &Found, form: Form) -> Result<(), Failure> {
    build_linted(found, form, &Linter::default())
}

/// The same, with lints of what is compiled ([`lint::findings`]).
pub(crate) fn build_linted(found: &Found, form: Form, linter: &Linter) -> Result<(), Failure> {
    let path = form.folder().join("lock");
    tool::write(&path, b"")?;
    let turn =
        File::open(&path).map_err(tool::failed(&format!("{} cannot be opened", tool::shown(&path))))?;
    if turn.try_lock().is_err() {
        let step = Step::begin("another build");
        turn.lock().map_err(tool::failed(&format!("{} cannot be locked", tool::shown(&path))))?;
        step.done_with(&"waited for");
    }
    let step = Step::begin("element and workers, compiled");
    // In different folders: none waits for the other's lock.
    let (packer, compiled) = thread::scope(|scope| {
        let packer = scope.spawn(|| Packer::ready(&step));
        let compiled = match form {
            Form::Shipped => compile::shipped(&step, found.rust_source, linter),
            Form::Quick => compile::quick(&step).map(|compiled| (compiled, "quick form".to_owned())),
        };
        (packer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), compiled)
    });
    let (packer, (compiled, how)) = (packer?, compiled?);
    step.done_with(&how);
    compiled.note(form)?;
    pack(form, &packer, &compiled)
}

/// Packs what was last compiled in this form again: scripts, styles, texts or the shipped
/// directory have changed.
pub(crate) fn pack_again(form: Form) -> Result<(), Failure> {
    let step = Step::begin("tools");
    let packer = Packer::ready(&step)?;
    step.done();
    pack(form, &packer, &Compiled::noted(form)?)
}

fn pack(form: Form, packer: &Packer, compiled: &Compiled) -> Result<(), Failure> {
    bundle::bundle(form, packer)?;
    let _both = step::side_by_side();
    // wasm-bindgen reads each module on one core, and wasm-opt takes its time.
    thread::scope(|scope| {
        let workers = scope.spawn(|| {
            worker::pack(form, packer, Worker::Public, &compiled.worker)?;
            worker::pack(form, packer, Worker::Administration, &compiled.administration)?;
            if form == Form::Shipped { worker::weigh(form) } else { Ok(()) }
        });
        let element = widget::pack(form, packer, compiled);
        element.and(workers.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// Prints what everything weighs, as it is and as it travels.
pub(crate) fn print_sizes() -> Result<(), Failure> {
    let build = paths::build_id()?;
    let assets = paths::assets();
    println!("\n{:<42} {:>9} {:>9}", "size in bytes", "raw", "brotli");
    let mut served = vec!["spro-guide.js".to_owned()];
    served.extend(["element.js", "element_bg.wasm", "later.wasm"].map(|file| format!("{build}/{file}")));
    served.extend(
        texts::translated(Form::Shipped)?.keys().map(|language| format!("{build}/{}", texts::file(language))),
    );
    for file in served {
        let raw = tool::read(&assets.join(&file))?.len();
        let brotli = tool::read(&assets.join(format!("{file}.br")))?.len();
        println!("{file:<42} {raw:>9} {brotli:>9}");
    }
    for worker in Worker::BOTH {
        for file in worker.files() {
            let raw = tool::read(&Form::Shipped.worker(worker).join(file))?.len();
            let name = format!("{}/{file}", worker.folder());
            println!("{name:<42} {raw:>9}");
        }
    }
    Ok(())
}

/// Everything that went into a result.
struct Inputs {
    bytes: Vec<u8>,
}

impl Inputs {
    /// Begins with what is common to both: the recipe itself, and the versions of the tools.
    fn new() -> Result<Self, Failure> {
        let mut inputs = Self { bytes: Vec::new() };
        inputs.add(include_bytes!("pack.rs"));
        inputs.add(include_bytes!("../../pack/src/main.rs"));
        inputs.add(&tool::read(&paths::root().join("package-lock.json"))?);
        Ok(inputs)
    }

    fn add(&mut self, bytes: &[u8]) {
        self.bytes.extend(hash(bytes).bytes());
    }

    /// Adds a folder of ours: the names and the bytes of its files.
    fn add_folder(&mut self, folder: &Path) -> Result<(), Failure> {
        for path in files(folder)? {
            self.add(path.to_string_lossy().as_bytes());
            self.add(&tool::read(&path)?);
        }
        Ok(())
    }

    /// Whether these inputs are those of the last result, and it is still there.
    fn made(&self, stamp: &Path, result: &Path) -> bool {
        result.exists() && fs::read_to_string(stamp).is_ok_and(|made| made == hash(&self.bytes))
    }

    fn stamp(&self, stamp: &Path) -> Result<(), Failure> {
        tool::write(stamp, hash(&self.bytes).as_bytes())
    }
}

/// The files of a folder, sorted; none where it is missing, which whoever reads one of them
/// will say better.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(self::files(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Empties and makes a folder for intermediate files.
fn fresh_folder(form: Form, name: &str) -> Result<PathBuf, Failure> {
    let folder = form.folder().join("intermediate").join(name);
    // What is not there needs no removing.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(tool::failed(&format!("{} cannot be made", tool::shown(&folder))))?;
    Ok(folder)
}
