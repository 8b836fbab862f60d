//! The words of the guide in one language, and the two together.

use crate::decision::{Guide, GuideNetwork, GuideQuestion, TextSlot};
use crate::snapshot::UnreadablePiece;
use serde::{Deserialize, Serialize};
#[cfg(feature = "document")]
use serde_json::Value;
use std::ops::Deref;
use std::sync::Arc;

/// What the guide says in one language, by [`TextSlot`]. A missing translation is in French.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideTexts {
    /// [`crate::snapshot::PIECE_FORMAT`].
    pub format: u8,
    /// BCP 47 tag of the texts.
    pub language: String,
    /// The numbers of those that nobody has translated, in order: they are in French, each whole, and a
    /// page must say so to a screen reader.
    pub untranslated: Vec<u32>,
    /// The texts.
    pub texts: Vec<String>,
    /// What to say on the phone, in French, in the order of [`Guide::preparations`]: who answers speaks
    /// French. None where this language is French.
    pub say_in_french: Vec<String>,
}

/// The guide with its words in one language. What decides is the [`Guide`] that it dereferences to.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalizedGuide {
    /// What decides: one for all languages.
    pub guide: Arc<Guide>,
    /// What it says.
    pub texts: GuideTexts,
}

impl Deref for LocalizedGuide {
    type Target = Guide;

    fn deref(&self) -> &Guide {
        &self.guide
    }
}

impl LocalizedGuide {
    /// Puts both together.
    ///
    /// # Errors
    /// [`UnreadablePiece::Malformed`] where the texts are not as many as the guide has slots: they belong to
    /// another guide.
    pub fn new(guide: Arc<Guide>, texts: GuideTexts) -> Result<Self, UnreadablePiece> {
        if texts.texts.len() == guide.slots as usize {
            Ok(Self { guide, texts })
        } else {
            Err(UnreadablePiece::Malformed)
        }
    }

    /// BCP 47 tag of the texts.
    pub fn language(&self) -> &str {
        &self.texts.language
    }

    /// A text; nothing for a slot that the guide does not have.
    pub fn text(&self, slot: TextSlot) -> &str {
        self.texts.texts.get(slot.text as usize).map_or("", String::as_str)
    }

    /// Whether nobody has translated this text of the guide: it is in French.
    pub fn is_untranslated(&self, words: &str) -> bool {
        self.untranslated().any(|untranslated| untranslated == words)
    }

    /// The texts that nobody has translated.
    pub fn untranslated(&self) -> impl Iterator<Item = &str> {
        self.texts.untranslated.iter().map(|text| self.text(TextSlot { text: *text }))
    }

    /// The question's wording for these answers.
    pub fn wording(&self, question: &GuideQuestion, answers: &crate::condition::Answers) -> &str {
        self.text(question.wording(&self.guide, answers))
    }

    /// A network's full name.
    pub fn name_of(&self, network: &GuideNetwork) -> &str {
        self.text(network.name)
    }
}

/// The guide in one language as JSON, as partners' programs read it: each slot is its text, each network
/// its id.
///
/// # Errors
/// Those of `serde_json`: none for these types.
#[cfg(feature = "document")]
pub fn to_json(guide: &LocalizedGuide) -> serde_json::Result<Vec<u8>> {
    let mut json = in_words(as_value(&*guide.guide)?, guide);
    let mut untranslated: Vec<&str> = guide.untranslated().collect();
    untranslated.sort_unstable();
    if let Value::Object(fields) = &mut json {
        fields.insert("language".to_owned(), guide.language().into());
        fields.insert("untranslated".to_owned(), untranslated.into());
        fields.insert("say_in_french".to_owned(), guide.texts.say_in_french.clone().into());
        fields.remove("slots");
    }
    left_empty(&mut json, "networks", &["expected", "recognised_by", "sources", "unverified"]);
    left_empty(&mut json, "remote_services", &["sources"]);
    serde_json::to_vec(&json)
}

/// A piece as a value, by way of its text: otherwise each of its types would be compiled into the public
/// worker for a second serializer.
#[cfg(feature = "document")]
pub(crate) fn as_value<T: Serialize>(piece: &T) -> serde_json::Result<Value> {
    serde_json::from_slice(&serde_json::to_vec(piece)?)
}

/// Replaces each [`TextSlot`] and each [`crate::decision::NetworkIx`]: an object with one number.
#[cfg(feature = "document")]
fn in_words(value: Value, guide: &LocalizedGuide) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(|item| in_words(item, guide)).collect()),
        Value::Object(fields) => {
            let rank = |name: &str| {
                let rank = fields.get(name)?.as_u64().filter(|_| fields.len() == 1)?;
                usize::try_from(rank).ok()
            };
            if let Some(text) = rank("text") {
                return guide.texts.texts.get(text).cloned().into();
            }
            if let Some(network) = rank("network") {
                return guide.networks.get(network).map(|network| network.id.clone()).into();
            }
            fields.into_iter().map(|(name, value)| (name, in_words(value, guide))).collect()
        }
        other => other,
    }
}

/// Lists that a document has and a piece leaves out. They were always empty here, and whoever reads one
/// goes on finding it.
#[cfg(feature = "document")]
pub(crate) fn left_empty(json: &mut Value, list: &str, names: &[&str]) {
    for fields in json[list].as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        fields.extend(names.iter().map(|name| ((*name).to_owned(), Value::Array(Vec::new()))));
    }
}
