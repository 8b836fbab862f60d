//! Compiles the directory that ships with the worker: what visitors get when KV has nothing,
//! or nothing good, to say. `cargo xtask` compiles and calls it, compresses what it writes, and
//! packs that into the worker's data module (`xtask/src/build/bundle.rs`).
//!
//! ```text
//! spro-bundle FOLDER [DIRECTORY]
//! ```
//!
//! Reads the repository that it was compiled in; `DIRECTORY` ships instead of
//! `shared/editions/2026.json`. Writes into `FOLDER`, which is there:
//!
//! | file | what it is |
//! | --- | --- |
//! | `manifest.json` | the snapshot's manifest, whose hash is its id |
//! | `directory.json` | the document that it was compiled from |
//! | `pieces/NAME` | its pieces, in their compact form |
//! | `communes.tsv`, `former-communes.tsv` | what a publication is checked against |
//! | `openapi.json` | the description of the API, on one line |
//! | `texts/LANGUAGE` | what the guide and its pages say in each language but French |
//! | `guides/NAME` | a guide for people, as HTML: its title on the first line ([`guides`]) |
//! | `first.json` | what the element reads before its first question, in French: it is weighed |

mod guides;

use shared::compile::{self, compile};
use shared::directory::{Directory, MAIN_LANGUAGE};
use shared::finding::{Finding, Severity};
use shared::first;
use shared::geography::Geography;
use shared::texts::in_order;
use shared::validate::validate;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

/// A build has no clock, so that the same sources give the same bytes. With this date,
/// what has expired is only warned about, and nothing is in the future.
const NO_DAY: &str = "9999-12-31";

/// The directory that ships where no other is named.
const DIRECTORY: &str = "shared/editions/2026.json";

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let done = match &arguments[..] {
        [folder] => bundle(folder, Path::new(DIRECTORY)),
        [folder, directory] => bundle(folder, directory),
        _ => Err("usage: spro-bundle FOLDER [DIRECTORY]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn bundle(folder: &Path, directory_file: &Path) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).ok_or("no repository")?;
    let communes = read(&root.join("shared/data/communes.tsv"))?;
    let former = read(&root.join("shared/data/former-communes.tsv"))?;
    let geography =
        Geography::parse(&communes, &former, &|_| true).map_err(|error| format!("shared/data: {error}"))?;
    let document = read(&root.join(directory_file))?;
    let directory =
        Directory::from_json(document.as_bytes()).map_err(|finding| refused(directory_file, &[finding]))?;
    let valid =
        validate(directory, &geography, NO_DAY).map_err(|findings| refused(directory_file, &findings))?;
    let snapshot = compile(&valid, &geography);

    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::write(&path, bytes)).map_err(unusable(&path, "written"))
    };
    write("manifest.json", &snapshot.manifest.to_bytes())?;
    write("directory.json", snapshot.document.as_bytes())?;
    for (name, bytes) in &snapshot.pieces {
        write(&format!("pieces/{name}"), bytes)?;
    }
    write("communes.tsv", lean(&communes).as_bytes())?;
    write("former-communes.tsv", lean(&former).as_bytes())?;
    write("openapi.json", one_line(&read(&root.join("worker/openapi.json"))?)?.as_bytes())?;
    for (language, texts) in texts(&root.join("shared/texts"))? {
        write(&format!("texts/{language}"), texts.as_bytes())?;
    }
    for (name, _) in guides::SERVED {
        write(&format!("guides/{name}"), guides::read(&root.join("docs"), name)?.as_bytes())?;
    }
    let guide = compile::localized(valid.directory(), MAIN_LANGUAGE);
    let first = first::to_json(&first::first(&guide, &snapshot.id, &snapshot.manifest))
        .map_err(|error| format!("first.json: {error}"))?;
    write("first.json", first.as_bytes())
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(unusable(file, "read"))
}

/// What is said of a file of which nothing can be made.
fn unusable<E: Display>(path: &Path, verb: &str) -> impl Fn(E) -> String {
    move |error| format!("{} cannot be {verb}: {error}", path.display())
}

/// Every error of a directory, in one message.
fn refused(file: &Path, findings: &[Finding]) -> String {
    let errors: Vec<String> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| format!("  {finding}"))
        .collect();
    format!(
        "the directory to ship, {}, has {} error(s):\n{}",
        file.display(),
        errors.len(),
        errors.join("\n")
    )
}

/// What a publication is checked against, without what it does not need: the comments, which say
/// where the data come from, and the numbers of the intercommunalities, a quarter of the bytes.
/// Their ranks stand for them, in the same order: it decides of the bytes of a piece.
fn lean(text: &str) -> String {
    const INTERCOMMUNALITY: usize = 7;
    let lines = || text.lines().filter(|line| !line.starts_with('#'));
    let numbers: BTreeSet<&str> = lines()
        .filter_map(|line| line.split('\t').nth(INTERCOMMUNALITY))
        .filter(|one| !one.is_empty())
        .collect();
    let ranks: BTreeMap<&str, usize> = numbers.into_iter().zip(0..).collect();
    let mut lean = String::new();
    for line in lines() {
        for (index, field) in line.split('\t').enumerate() {
            if index > 0 {
                lean.push('\t');
            }
            match ranks.get(field) {
                // Writing to a string cannot fail.
                Some(rank) if index == INTERCOMMUNALITY => drop(write!(lean, "{rank:04}")),
                _ => lean.push_str(field),
            }
        }
        lean.push('\n');
    }
    lean
}

/// What the guide and its pages say in each language but French, which `shared` has: the tag,
/// then the texts of the element and those of the pages, as [`shared::texts::Texts`] reads them.
fn texts(folder: &Path) -> Result<Vec<(String, String)>, String> {
    let pages = folder.join("pages");
    let (french, french_of_pages) = (read(&folder.join("fr.txt"))?, read(&pages.join("fr.txt"))?);
    let ordered = |french: &str, file: &Path| {
        in_order(french, &read(file)?).map_err(|reason| format!("{}, {reason}", file.display()))
    };
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).map_err(unusable(folder, "read"))? {
        let path = entry.map_err(unusable(folder, "read"))?.path();
        let language = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "txt") || language == MAIN_LANGUAGE {
            continue;
        }
        let element = ordered(&french, &path)?;
        let page = ordered(&french_of_pages, &pages.join(format!("{language}.txt")))?;
        texts.push((language.clone(), format!("{language}\n{element}\n{page}")));
    }
    Ok(texts)
}

/// JSON as machines read it.
fn one_line(json: &str) -> Result<String, String> {
    let value: serde_json::Value =
        serde_json::from_str(json).map_err(|error| format!("worker/openapi.json: {error}"))?;
    Ok(value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn communes_ship_without_what_a_publication_does_not_need() {
        let line = |code: &str, group: &str| format!("{code}\ta\tb\tc\td\te\tf\t{group}\tg\n");
        let text = ["# where it is from\n", &line("01", "200"), &line("02", "100"), &line("03", "")].concat();
        assert_eq!(lean(&text), [line("01", "0001"), line("02", "0000"), line("03", "")].concat());
    }

    /// A desk compiles with the whole reference, the worker with the lean one.
    #[test]
    fn a_directory_has_one_snapshot_whoever_compiles_it() {
        let communes = include_str!("../../../shared/data/communes.tsv");
        let former = include_str!("../../../shared/data/former-communes.tsv");
        let mut directory =
            Directory::from_json(include_bytes!("../../../shared/editions/2026.json")).unwrap();
        directory
            .edition
            .region
            .departments
            .retain(|department| matches!(department.code.as_str(), "07" | "26"));
        directory
            .structures
            .retain(|place| place.commune.starts_with("07") || place.commune.starts_with("26"));
        for network in &mut directory.edition.networks {
            network.expected.clear();
        }
        let id = |communes: &str, former: &str| {
            let geography = Geography::parse(communes, former, &|_| true).unwrap();
            compile(&validate(directory.clone(), &geography, NO_DAY).unwrap(), &geography).id
        };
        assert_eq!(id(communes, former), id(&lean(communes), &lean(former)));
    }

    #[test]
    fn a_missing_file_is_named() {
        assert!(read(Path::new("missing.tsv")).unwrap_err().starts_with("missing.tsv cannot be read: "));
        assert!(one_line("{").unwrap_err().starts_with("worker/openapi.json: "));
    }
}
