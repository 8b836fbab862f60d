//! The element's own texts in other languages than French, which is compiled in.

use crate::tool;
use spro_tests::Failure;
use spro_tests::paths::{self, Form};
use std::collections::BTreeMap;
use std::path::Path;

#[expect(unreachable_pub, reason = "public in the crate that it is a module of")]
#[path = "../../../shared/src/texts/read.rs"]
mod read;

use read::in_order;

/// The compiled-in language, whose file lists all texts.
const FRENCH: &str = "fr";

/// The name of a language's file in the immutable folder.
pub(super) fn file(language: &str) -> String {
    format!("texts.{language}.txt")
}

/// By language: its tag, then the texts in the order of the French ones, a line each. Keys
/// and comments do not travel: the file and the element are of one build.
///
/// In the quick form French is among them, although it is compiled in: a text that changes is
/// then packed again, without compiling anything.
pub(super) fn translated(form: Form) -> Result<BTreeMap<String, String>, Failure> {
    let folder = paths::root().join("shared/texts");
    let text_of = |path: &Path| -> Result<String, Failure> {
        Ok(String::from_utf8_lossy(&tool::read(path)?).into_owned())
    };
    let french = text_of(&folder.join(format!("{FRENCH}.txt")))?;
    let mut translated = BTreeMap::new();
    for path in super::files(&folder)? {
        let language = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // Folders hold what only pages say.
        let is_of_element = path.parent() == Some(&*folder);
        let is_compiled_in = form == Form::Shipped && language == FRENCH;
        if !is_of_element || path.extension().is_none_or(|extension| extension != "txt") || is_compiled_in {
            continue;
        }
        let texts = in_order(&french, &text_of(&path)?)
            .map_err(|reason| Failure::new(format!("shared/texts/{language}.txt, {reason}")))?;
        translated.insert(language.clone(), format!("{language}\n{texts}"));
    }
    Ok(translated)
}

/// The texts that a first question needs before the module is there (`widget/js/first.js`).
const FIRST: [&str; 12] = [
    "about_open",
    "title",
    "privacy",
    "language_label",
    "language_changed",
    "language_failed",
    "loading",
    "optional",
    "step_last",
    "step_then_one",
    "step_then_some",
    "step_plain",
];

/// Those texts by language and by key.
pub(super) fn first_words() -> Result<BTreeMap<String, BTreeMap<String, String>>, Failure> {
    let mut words = BTreeMap::new();
    let folder = paths::root().join("shared/texts");
    for path in super::files(&folder)? {
        let language = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.parent() != Some(&*folder) || path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let file = String::from_utf8_lossy(&tool::read(&path)?).into_owned();
        let all = read::read(&file)
            .map_err(|reason| Failure::new(format!("shared/texts/{language}.txt, {reason}")))?;
        let first = all.into_iter().filter(|(key, _)| FIRST.contains(key));
        words.insert(language, first.map(|(key, text)| (key.to_owned(), text)).collect());
    }
    Ok(words)
}
