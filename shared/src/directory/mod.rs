//! The document that an administrator publishes: an edition (what the law and the
//! networks are at a date) with territories, structures and resources.
//!
//! A text has every language here ([`Text`]); compilation cuts it from what decides
//! ([`crate::decision`]).
//! Dates are ISO strings here, so that a wrong one becomes a finding among the others
//! instead of stopping the reading; [`crate::validate`] checks them as a calendar does.

#[cfg(feature = "document")]
mod correction;
mod edition;
mod network;
mod pictogram;
mod place;
mod rule;
mod territory;

#[cfg(feature = "document")]
pub use correction::*;
pub use edition::*;
pub use network::*;
pub use pictogram::*;
pub use place::*;
pub use rule::*;
pub use territory::*;

use crate::opening::Day;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the document format that this crate reads and writes.
pub const FORMAT: u32 = 1;

/// The language that every text has, and that missing translations fall back to.
pub const MAIN_LANGUAGE: &str = "fr";

/// A text in one or more languages: BCP 47 language tag → text. French is always there.
pub type Text = BTreeMap<String, String>;

/// An ISO 8601 calendar date, such as `2026-11-24`. Two of them compare as dates do.
pub type IsoDate = String;

/// Whether a text is a calendar date, written year-month-day.
pub fn is_date(text: &str) -> bool {
    Day::parse(text).is_some_and(|day| day.iso() == text)
}

/// Everything that can be published at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// Where editors find the JSON Schema; not used otherwise.
    #[serde(rename = "$schema", default)]
    pub schema: Option<String>,
    /// The version of this format: [`FORMAT`].
    pub format: u32,
    /// What this directory is, for administrators.
    pub title: String,
    /// The dated referential: networks, questions, rules, texts.
    pub edition: Edition,
    /// Sets of communes with their own organisation.
    #[serde(default)]
    pub territories: Vec<Territory>,
    /// The places.
    #[serde(default)]
    pub structures: Vec<Structure>,
    /// Guides, news, useful sites, and the papers of the territories.
    #[serde(default)]
    pub resources: Vec<Resource>,
}

#[cfg(feature = "document")]
impl Directory {
    /// The document as an administrator wants to read it: indented, without the fields
    /// that say nothing.
    ///
    /// Place by place: the tree of a whole country's would take five times the room of its text.
    pub fn to_json(&self) -> String {
        // No line break inside a string is one in JSON.
        const NO_PLACE: &str = "\n  \"structures\": []";
        let Self { schema, format, title, edition, territories, structures, resources } = self;
        let around = json_without_blanks(&Self {
            schema: schema.clone(),
            format: *format,
            title: title.clone(),
            edition: edition.clone(),
            territories: territories.clone(),
            structures: Vec::new(),
            resources: resources.clone(),
        });
        let Some((before, after)) = around.split_once(NO_PLACE).filter(|_| !structures.is_empty()) else {
            return around + "\n";
        };
        let mut text = format!("{before}\n  \"structures\": [");
        for (index, structure) in structures.iter().enumerate() {
            text.push_str(if index == 0 { "\n" } else { ",\n" });
            for (line, of_place) in json_without_blanks(structure).lines().enumerate() {
                text.push_str(if line == 0 { "    " } else { "\n    " });
                text.push_str(of_place);
            }
        }
        text.push_str("\n  ]");
        text.push_str(after);
        text.push('\n');
        text
    }
}

/// A value as indented JSON, without the fields that say nothing.
#[cfg(feature = "document")]
fn json_without_blanks(value: &impl Serialize) -> String {
    // Through text, because a value widens single-precision numbers: 45.046 would be
    // written 45.04600143432617.
    let text = serde_json::to_vec(value).unwrap_or_default();
    let value = serde_json::from_slice(&text).unwrap_or_default();
    serde_json::to_string_pretty(&without_blanks(value)).unwrap_or_default()
}

/// Drops the object fields that hold nothing, `false` or the value that is assumed anyway.
#[cfg(feature = "document")]
fn without_blanks(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| (name, without_blanks(value)))
                .filter(|(name, value)| match value {
                    Value::Null | Value::Bool(false) => false,
                    Value::Array(items) => !items.is_empty() || matches!(name.as_str(), "structures" | "is"),
                    // A competence over nothing is not the same as none at all.
                    Value::Object(fields) => !fields.is_empty() || name == "competence",
                    Value::String(text) => {
                        !(matches!(name.as_str(), "ask_if" | "serves") && text == "always"
                            || name == "cep_operator" && text == "no"
                            || name == "reach" && text == "any_place"
                            || name == "role" && text == "main"
                            || name == "membership" && text == "network")
                    }
                    Value::Bool(true) | Value::Number(_) => true,
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(without_blanks).collect()),
        other => other,
    }
}
