//! What an element reads first: enough to ask the first question, and to check whatever it
//! reads after that. It is small on purpose, because nothing is shown before it is there.
//!
//! It is the one thing read that is not immutable: it says which snapshot is live, and the
//! hash of each of its pieces. A browser compares those before it hands a piece over. Nothing
//! tells the hash of this one beforehand: a sum at its end tells whether a byte was damaged.

use crate::commune_index::MOST_DEPARTMENTS;
use crate::condition::Answers;
use crate::decision::GuideQuestionKind;
use crate::directory::{Language, MAIN_LANGUAGE};
use crate::guide::walk;
use crate::snapshot::{
    COMMUNES_PIECE, GUIDE_PIECE, LocalizedGuide, Manifest, PIECE_FORMAT, SnapshotId, about_piece,
    department_piece, texts_piece,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// The first question and what is around it, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct First<'a> {
    /// [`PIECE_FORMAT`] of the pieces.
    pub format: u8,
    /// The live snapshot.
    pub snapshot: &'a str,
    /// BCP 47 tag of the texts.
    pub language: &'a str,
    /// Whether this deployment counts visits (docs/counters.md).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub count: bool,
    /// Whether this deployment takes reports of errors; said only where it does not.
    #[serde(skip_serializing_if = "Clone::clone")]
    pub reports: bool,
    /// The languages that the visitor may choose.
    pub languages: &'a [Language],
    /// The question that every visit begins with; `None` where it is not one with choices,
    /// which only the whole guide can ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<FirstQuestion<'a>>,
    /// Of the texts here, those that nobody has translated: they are French.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub french: Vec<&'a str>,
    /// Piece name → SHA-256 of its compact form, in hex: of all pieces that a visit in this
    /// language may read, but for those that [`crate::commune_index::Part`] is for.
    pub pieces: BTreeMap<&'a str, &'a str>,
}

/// A question with choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FirstQuestion<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its wording for a visitor who has answered nothing.
    pub text: &'a str,
    /// What helps to answer it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<&'a str>,
    /// Whether it may be left out.
    pub optional: bool,
    /// How many may come after it, at most.
    pub remaining: usize,
    /// Its choices.
    pub choices: Vec<FirstChoice<'a>>,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FirstChoice<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it says.
    pub text: &'a str,
    /// What explains it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<&'a str>,
    /// The lines of the drawing beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pictogram: Option<&'a str>,
}

/// What an element reads first, of a guide and of the snapshot that it belongs to.
pub fn first<'a>(guide: &'a LocalizedGuide, snapshot: &'a SnapshotId, manifest: &'a Manifest) -> First<'a> {
    let question = question(guide);
    let mut said: Vec<&str> = Vec::new();
    if let Some(question) = &question {
        said.push(question.text);
        said.extend(question.help);
        said.extend(question.choices.iter().flat_map(|choice| [Some(choice.text), choice.help]).flatten());
    }
    said.retain(|text| guide.is_untranslated(text));
    let language = guide.language();
    let own =
        [COMMUNES_PIECE.to_owned(), GUIDE_PIECE.to_owned(), texts_piece(language), about_piece(language)];
    // Of a wide directory the communes' names say them: a hundred hashes are too much before a question.
    let told = if guide.departments.len() > MOST_DEPARTMENTS { &[][..] } else { &guide.departments };
    let departments = told.iter().map(|department| department_piece(&department.code));
    let main = texts_piece(MAIN_LANGUAGE);
    let names = own.into_iter().chain(departments).chain([main]);
    First {
        format: PIECE_FORMAT,
        snapshot: snapshot.as_str(),
        language,
        count: false,
        reports: true,
        languages: &guide.languages,
        question,
        french: said,
        pieces: names
            .filter_map(|name| manifest.pieces.get_key_value(&name))
            .map(|(name, hash)| (name.as_str(), hash.as_str()))
            .collect(),
    }
}

/// What is sent: JSON that ends with [`sum`] of all that is before its last comma.
///
/// # Errors
/// Those of `serde_json`: none for these types.
pub fn to_json(first: &First) -> serde_json::Result<String> {
    let mut json = serde_json::to_string(first)?;
    json.truncate(json.len() - 1);
    let sum = sum(&json);
    Ok(format!("{json},\"sum\":{sum}}}"))
}

/// FNV, with which one other character always gives another sum, over the units of UTF-16,
/// which are what a browser counts a text in.
fn sum(text: &str) -> u32 {
    text.encode_utf16().fold(0, |sum, unit| (sum ^ u32::from(unit)).wrapping_mul(16_777_619))
}

fn question(guide: &LocalizedGuide) -> Option<FirstQuestion<'_>> {
    let nothing = Answers::new();
    let walk = walk(guide, &nothing);
    let next = walk.next?;
    let GuideQuestionKind::Choices(choices) = &next.kind else { return None };
    Some(FirstQuestion {
        id: &next.id,
        text: guide.wording(next, &nothing),
        help: next.help.map(|help| guide.text(help)),
        optional: next.optional,
        remaining: walk.remaining - 1,
        choices: choices
            .iter()
            .map(|choice| FirstChoice {
                id: &choice.id,
                text: guide.text(choice.text),
                help: choice.help.map(|help| guide.text(help)),
                pictogram: choice.pictogram.as_deref(),
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile;
    use crate::directory::Directory;
    use std::sync::Arc;

    fn shipped(language: &str) -> LocalizedGuide {
        let directory = Directory::from_json(include_bytes!("../editions/2026.json")).unwrap();
        compile::localized(&directory, language)
    }

    /// A manifest with these pieces, the hash of each its own name.
    fn manifest(names: &[&str]) -> Manifest {
        Manifest {
            format: PIECE_FORMAT,
            title: String::new(),
            edition: String::new(),
            structures: 0,
            pieces: names.iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect(),
            document: None,
        }
    }

    fn id() -> SnapshotId {
        SnapshotId::parse(&"0".repeat(32)).unwrap()
    }

    #[test]
    fn it_asks_what_the_whole_guide_asks_first() {
        let (guide, id, manifest) = (shipped("fr"), id(), manifest(&[]));
        let first = first(&guide, &id, &manifest);
        let question = first.question.unwrap();
        assert_eq!(question.id, guide.questions[0].id);
        assert_eq!(question.text, guide.text(guide.questions[0].text));
        assert!(question.choices.len() > 3);
        assert_eq!(first.french, Vec::<&str>::new());
    }

    #[test]
    fn what_nobody_has_translated_is_told() {
        let (mut guide, id, manifest) = (shipped("en"), id(), manifest(&[]));
        let slot = guide.questions[0].text;
        let text = guide.text(slot).to_owned();
        guide.texts.untranslated = vec![slot.text];
        assert_eq!(first(&guide, &id, &manifest).french, [text]);
    }

    #[test]
    fn its_end_tells_whether_a_character_was_damaged() {
        let (guide, id, manifest) = (shipped("uk"), id(), manifest(&[]));
        let json = to_json(&first(&guide, &id, &manifest)).unwrap();
        let (before, after) = json.rsplit_once(',').unwrap();
        assert_eq!(after, format!("\"sum\":{}}}", sum(before)));
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["sum"], sum(before));
        for (at, character) in before.char_indices().step_by(7) {
            let mut other = before.to_owned();
            other.replace_range(at..at + character.len_utf8(), "~");
            assert!(character == '~' || sum(&other) != sum(before), "{at}");
        }
    }

    #[test]
    fn it_lists_the_pieces_of_its_language_and_no_others() {
        let (guide, id) = (shipped("ar"), id());
        let own = ["about.ar", "communes", "department.26", "guide", "texts.ar", "texts.fr"];
        let all: Vec<&str> = own.into_iter().chain(["about.fr", "texts.en", "department.13"]).collect();
        let manifest = manifest(&all);
        let first = first(&guide, &id, &manifest);
        assert_eq!(first.pieces.keys().copied().collect::<Vec<_>>(), own);
        assert_eq!(first.pieces["texts.ar"], "texts.ar");
    }

    #[test]
    fn a_guide_that_begins_with_the_commune_leaves_the_question_to_the_whole_guide() {
        let (mut guide, id, manifest) = (shipped("fr"), id(), manifest(&[]));
        let questions = &mut Arc::make_mut(&mut guide.guide).questions;
        questions.retain(|question| question.kind == GuideQuestionKind::Commune);
        assert_eq!(first(&guide, &id, &manifest).question, None);
    }
}
