//! The files of texts, against the French ones.
#![expect(clippy::disallowed_methods, reason = "they are files")]

use shared::texts::read;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect()
}

/// A translation may be incomplete; it may not be of something else.
fn check(folder: &Path) -> usize {
    let french = fs::read_to_string(folder.join("fr.txt")).unwrap();
    let texts = read(&french).unwrap();
    let files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let files: Vec<&PathBuf> =
        files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "txt")).collect();
    for path in &files {
        let language = path.file_stem().unwrap().to_string_lossy().into_owned();
        let own = fs::read_to_string(path).unwrap();
        let own = read(&own).unwrap_or_else(|reason| panic!("{language}: {reason}"));
        for (key, text) in &own {
            let Some((_, french)) = texts.iter().find(|(known, _)| known == key) else {
                panic!("{language}: {key} is no key of fr.txt");
            };
            assert_eq!(placeholders(text), placeholders(french), "{language}: {key}");
            assert!(!text.contains(['<', '\u{2066}', '\u{202b}']), "{language}: {key} holds markup");
        }
        let missing: Vec<&str> = texts
            .iter()
            .map(|(key, _)| *key)
            .filter(|key| !own.iter().any(|(own, text)| own == key && !text.is_empty()))
            .collect();
        if !missing.is_empty() {
            println!("{language}: {} texts are said in French: {}", missing.len(), missing.join(", "));
        }
    }
    files.len()
}

#[test]
fn every_language_translates_the_french_texts_and_no_others() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("texts");
    let (element, pages) = (check(&folder), check(&folder.join("pages")));
    assert!(element > 1);
    assert_eq!(element, pages, "the pages speak the languages of the element");
}
