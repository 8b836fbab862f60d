//! One dated referential, its questions and its languages.

use super::{Contact, Guarantee, IsoDate, Level, Network, Pictogram, Preference, RemoteService, Rule, Text};
use crate::condition::{Condition, UnknownChoices};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One dated referential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Stable id, such as `2026`.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// First day on which it describes the system.
    pub valid_from: IsoDate,
    /// Last day, where it has been superseded.
    #[serde(default)]
    pub valid_until: Option<IsoDate>,
    /// The languages that a visitor may choose, French first. French alone where empty.
    #[serde(default)]
    pub languages: Vec<Language>,
    /// What the edition covers.
    pub region: Region,
    /// Beyond this distance a place is not "near": it is recommended only where it is
    /// competent for the commune. In kilometres, as the crow flies.
    pub reach_km: u16,
    /// How far a visitor goes for what comes first in a rule's list, where the rule does not say it.
    #[serde(default)]
    pub preference: Preference,
    /// The questions, in the order in which they may be asked.
    pub questions: Vec<Question>,
    /// The networks.
    pub networks: Vec<Network>,
    /// The rules, read from the first to the last.
    pub rules: Vec<Rule>,
    /// National and regional websites and phone lines.
    pub remote_services: Vec<RemoteService>,
    /// What to say on the phone and what to bring, by network.
    #[serde(default)]
    pub preparations: Vec<Preparation>,
    /// What the rules promise to whom. The proof tries them on every visitor.
    #[serde(default)]
    pub guarantees: Vec<Guarantee>,
    /// The levels of the *conseil en évolution professionnelle* (CEP) at the time, and
    /// where each falls among those of the SPRO.
    #[serde(default)]
    pub cep_levels: Vec<CepLevel>,
    /// Who coordinates what.
    #[serde(default)]
    pub coordination: Vec<Coordination>,
}

/// The part of the country that an edition covers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Its name.
    pub name: Text,
    /// Its departments.
    pub departments: Vec<Department>,
    /// Whom to tell about an error where no territory says otherwise.
    #[serde(default)]
    pub contact: Option<Contact>,
    /// Ids of the networks and remote services whose site and phone are this region's: who lives
    /// in another one is not led there.
    #[serde(default)]
    pub own: Vec<String>,
    /// Where the guides of other regions are, by the INSEE code of the region (`53`): who lives there
    /// is led to theirs. That of this region may be among them, and nobody is led there.
    #[serde(default)]
    pub guides: BTreeMap<String, String>,
}

/// A department of the region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// INSEE code, such as `26`.
    pub code: String,
    /// Official name.
    pub name: String,
}

/// A language of the edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// BCP 47 tag, such as `uk`, or `fr-simple` for easy-to-read French.
    pub tag: String,
    /// Its name in itself, as a visitor looks for it.
    pub name: String,
    /// It is written from right to left.
    #[serde(default)]
    pub right_to_left: bool,
}

/// One question of the guide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable id.
    pub id: String,
    /// The question.
    pub text: Text,
    /// Other wordings of the same question, the first whose condition holds.
    #[serde(default)]
    pub variants: Vec<Variant>,
    /// One or two sentences of help.
    #[serde(default)]
    pub help: Option<Text>,
    /// Asked only when this holds. It speaks of earlier questions only.
    #[serde(default)]
    pub ask_if: Condition,
    /// Nothing is lost by not answering, and the page says so.
    #[serde(default)]
    pub optional: bool,
    /// What is asked for.
    pub kind: QuestionKind,
}

/// What a question asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum QuestionKind {
    /// One choice among these.
    Choices(Vec<Choice>),
    /// The visitor's commune.
    Commune,
}

/// Another wording of a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// When to use it.
    pub when: Condition,
    /// The wording.
    pub text: Text,
}

/// One choice of a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Stable id.
    pub id: String,
    /// What the visitor reads.
    pub text: Text,
    /// A precision below it.
    #[serde(default)]
    pub help: Option<Text>,
    /// The choice stands for "I do not know" or "I prefer not to say".
    #[serde(default)]
    pub unknown: bool,
    /// The drawing beside it.
    #[serde(default)]
    pub pictogram: Option<Pictogram>,
}

/// What helps a visitor to phone and to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Preparation {
    /// Stable id.
    pub id: String,
    /// The networks that it is for, by id; where empty, what no other preparation is for.
    #[serde(default)]
    pub networks: Vec<String>,
    /// What the visitor can say on the phone, as they would say it.
    pub say: Text,
    /// What may be useful to bring. Nothing of it is asked for by anybody, unless a source says so.
    pub bring: Text,
}

/// One level of the *conseil en évolution professionnelle*, as its specification of the time
/// numbers it: three in that of 2014, two since 2020.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CepLevel {
    /// Its number in the specification.
    pub number: u8,
    /// Its name there.
    pub name: Text,
    /// What one gets.
    pub description: Text,
    /// Where it falls among the levels of the SPRO.
    pub level: Level,
    /// The page that says so.
    pub source: String,
}

/// Who coordinates what in the system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Coordination {
    /// Stable id.
    pub id: String,
    /// Who.
    pub who: Text,
    /// What.
    pub what: Text,
    /// The page that says so.
    pub source: String,
}

impl UnknownChoices for Vec<Question> {
    fn is_unknown(&self, question: &str, choice: &str) -> bool {
        self.iter().filter(|candidate| candidate.id == question).any(|question| match &question.kind {
            QuestionKind::Choices(choices) => {
                choices.iter().any(|candidate| candidate.id == choice && candidate.unknown)
            }
            QuestionKind::Commune => false,
        })
    }
}
