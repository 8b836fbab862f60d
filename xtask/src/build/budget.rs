//! How much a visitor may have to wait for, and how much code the workers may have: `budget.txt`.
//! One byte over, and the build fails.
//!
//! What is read of the directory is weighed as it ships, in French.

use super::pack;
use crate::step::Step;
use crate::tool;
use spro_tests::Failure;
use spro_tests::paths::{self, Form, Worker};
use std::path::Path;

/// The file with the limits, from the root.
pub(super) const FILE: &str = "budget.txt";
/// Every line that the file must have.
const NAMES: [&str; 8] = [
    "spro-guide.js",
    "first question",
    "second question",
    "element.js",
    "element_bg.wasm",
    "later.wasm",
    "worker",
    "both workers",
];
/// What the element reads before it asks its first and its second question, as the bundle
/// names it: as it is, and compressed as at publication.
pub(super) const READ_FIRST: [&str; 3] = ["first.json", "pieces/guide.br", "pieces/texts.fr.br"];

/// What the worker compresses with what it makes by itself (`serving/src/brotli.rs`).
const AT_THE_EDGE: u32 = 5;

/// One limit, and what there is.
struct Line {
    name: &'static str,
    /// How it is compressed.
    unit: &'static str,
    bytes: usize,
}

/// Compares the element with its limits, and says each that it breaks; where it breaks none, lists the weights.
pub(super) fn check_element(
    step: &Step,
    assets: &Path,
    build: &str,
    directory: &Path,
) -> Result<String, Failure> {
    let weights = compare(&weigh(step, assets, build, directory)?)?;
    Ok(format!("{weights}{}", pieces(directory)?))
}

/// What the rest weighs that a result needs. It has no limit: a region may have more communes than ours.
fn pieces(directory: &Path) -> Result<String, Failure> {
    let folder = directory.join("pieces");
    let communes = tool::read(&folder.join("communes.br"))?.len();
    let mut places = 0;
    for file in super::files(&folder)? {
        let is_compressed = file.extension().is_some_and(|extension| extension == "br");
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if is_compressed && name.starts_with("department.") {
            places = places.max(tool::read(&file)?.len());
        }
    }
    Ok(format!(", communes {communes}, places of a department at most {places}"))
}

/// The same of the code of both workers.
pub(super) fn check_workers(step: &Step, form: Form) -> Result<String, Failure> {
    let code = |worker: Worker| -> Result<usize, Failure> {
        let [entry, wasm, _] = worker.files().map(|file| form.worker(worker).join(file));
        Ok(pack::gzip_size(step, &entry)? + pack::gzip_size(step, &wasm)?)
    };
    let [public, administration] = [code(Worker::Public)?, code(Worker::Administration)?];
    compare(&[
        Line { name: "worker", unit: "gzip", bytes: public },
        Line { name: "both workers", unit: "gzip", bytes: public + administration },
    ])
}

fn compare(lines: &[Line]) -> Result<String, Failure> {
    let text = String::from_utf8_lossy(&tool::read(&paths::root().join(FILE))?).into_owned();
    let limits = limits(&text)?;
    if let Some((name, _)) = limits.iter().find(|(name, _)| !NAMES.contains(name)) {
        return Err(Failure::new(format!("{FILE} limits `{name}`, which nothing is called")));
    }
    let over: Vec<String> = lines.iter().filter_map(|line| judge(line, &limits)).collect();
    if over.is_empty() { Ok(listed(lines)) } else { Err(Failure::new(over.join("\n"))) }
}

/// The weights, on one line.
fn listed(lines: &[Line]) -> String {
    let weights = lines.iter().map(|line| format!("{} {}", line.name, line.bytes));
    format!("bytes of {}: {}", lines[0].unit, weights.collect::<Vec<_>>().join(", "))
}

/// What is wrong with a line, if anything is.
fn judge(line: &Line, limits: &[(&str, usize)]) -> Option<String> {
    let Line { name, unit, bytes } = line;
    match limits.iter().find(|(known, _)| known == name) {
        None => Some(format!("{FILE} has no line for `{name}`: it weighs {bytes} bytes of {unit}")),
        Some((_, limit)) if bytes > limit => Some(format!(
            "{name} weighs {bytes} bytes of {unit}, {} over its limit in {FILE}: make it lighter, or say there why it may be heavier",
            bytes - limit
        )),
        Some(_) => None,
    }
}

/// The lines `name = bytes`; blank ones and those that begin with `#` say nothing.
fn limits(text: &str) -> Result<Vec<(&str, usize)>, Failure> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, bytes) = line.split_once('=')?;
            Some((name.trim(), bytes.trim().parse().ok()?))
        })
        .collect::<Option<_>>()
        .ok_or_else(|| Failure::new(format!("{FILE} has a line that is not `name = bytes`")))
}

fn weigh(step: &Step, assets: &Path, build: &str, directory: &Path) -> Result<Vec<Line>, Failure> {
    let file =
        |name: &str| -> Result<usize, Failure> { Ok(tool::read(&pack::sibling(&assets.join(name)))?.len()) };
    let loader = file("spro-guide.js")?;
    let element = file(&format!("{build}/element.js"))?;
    let module = file(&format!("{build}/element_bg.wasm"))?;
    let later = file(&format!("{build}/later.wasm"))?;
    let [first, guide, texts] = READ_FIRST.map(|file| tool::read(&directory.join(file)));
    let (first, guide) = (pack::compressed_size(step, &first?, AT_THE_EDGE)?, guide?.len() + texts?.len());
    let usable = loader + element + first;
    Ok(vec![
        Line { name: "spro-guide.js", unit: "brotli", bytes: loader },
        Line { name: "element.js", unit: "brotli", bytes: element },
        Line { name: "element_bg.wasm", unit: "brotli", bytes: module },
        Line { name: "later.wasm", unit: "brotli", bytes: later },
        Line { name: "first question", unit: "brotli", bytes: usable },
        Line { name: "second question", unit: "brotli", bytes: usable + module + guide },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: &str = "# Bytes.\n\na b = 10\nc=2\n";

    #[test]
    fn one_byte_over_is_told_and_not_one_less() {
        let limits = limits(LIMITS).unwrap();
        assert_eq!(limits, [("a b", 10), ("c", 2)]);
        assert_eq!(judge(&Line { name: "a b", unit: "brotli", bytes: 10 }, &limits), None);
        let told = judge(&Line { name: "a b", unit: "brotli", bytes: 11 }, &limits).unwrap();
        assert!(told.contains("a b weighs 11 bytes of brotli, 1 over"), "{told}");
        assert!(
            judge(&Line { name: "d", unit: "brotli", bytes: 1 }, &limits)
                .unwrap()
                .contains("no line for `d`")
        );
    }

    #[test]
    fn the_weights_are_on_one_line() {
        let line = |name, bytes| Line { name, unit: "gzip", bytes };
        assert_eq!(listed(&[line("a b", 10), line("c", 2)]), "bytes of gzip: a b 10, c 2");
    }

    #[test]
    fn a_line_that_says_no_number_is_refused() {
        assert!(limits("a = ten").is_err());
        assert!(limits("a 10").is_err());
    }
}
