//! The document that an administrator publishes: an edition (what the law and the
//! networks are at a date) with territories, structures and resources.
//!
//! Types that a visitor's page also needs are generic in `T`, the form of a text:
//! [`Text`] (every language) in the document, `String` (one language) in a snapshot.
//! Dates are ISO strings here, so that a wrong one becomes a finding among the others
//! instead of stopping the reading; [`crate::validate`] checks them as a calendar does.

use crate::condition::{Condition, UnknownChoices};
use crate::geography::Position;
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
    pub edition: Edition<Text>,
    /// Sets of communes with their own organisation.
    #[serde(default)]
    pub territories: Vec<Territory>,
    /// The places.
    #[serde(default)]
    pub structures: Vec<Structure>,
    /// Guides, news and useful sites.
    #[serde(default)]
    pub resources: Vec<Resource>,
}

/// One dated referential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Edition<T> {
    /// Stable id, such as `2026`.
    pub id: String,
    /// Its title.
    pub title: T,
    /// First day on which it describes the system.
    pub valid_from: IsoDate,
    /// Last day, where it has been superseded.
    #[serde(default)]
    pub valid_until: Option<IsoDate>,
    /// What the edition covers.
    pub region: Region<T>,
    /// Beyond this distance a place is not "near": it is recommended only where it is
    /// competent for the commune. In kilometres, as the crow flies.
    pub reach_km: u16,
    /// The questions, in the order in which they may be asked.
    pub questions: Vec<Question<T>>,
    /// The networks.
    pub networks: Vec<Network<T>>,
    /// The rules, read from the first to the last.
    pub rules: Vec<Rule<T>>,
    /// National and regional websites and phone lines.
    pub remote_services: Vec<RemoteService<T>>,
}

/// The part of the country that an edition covers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Region<T> {
    /// Its name.
    pub name: T,
    /// Its departments.
    pub departments: Vec<Department>,
    /// Whom to tell about an error where no territory says otherwise.
    #[serde(default)]
    pub contact: Option<Contact>,
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

/// One question of the guide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Question<T> {
    /// Stable id.
    pub id: String,
    /// The question.
    pub text: T,
    /// Other wordings of the same question, the first whose condition holds.
    #[serde(default)]
    pub variants: Vec<Variant<T>>,
    /// One or two sentences of help.
    #[serde(default)]
    pub help: Option<T>,
    /// Asked only when this holds. It speaks of earlier questions only.
    #[serde(default)]
    pub ask_if: Condition,
    /// Nothing is lost by not answering, and the page says so.
    #[serde(default)]
    pub optional: bool,
    /// What is asked for.
    pub kind: QuestionKind<T>,
}

/// What a question asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub enum QuestionKind<T> {
    /// One choice among these.
    Choices(Vec<Choice<T>>),
    /// The visitor's commune.
    Commune,
}

/// Another wording of a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Variant<T> {
    /// When to use it.
    pub when: Condition,
    /// The wording.
    pub text: T,
}

/// One choice of a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Choice<T> {
    /// Stable id.
    pub id: String,
    /// What the visitor reads.
    pub text: T,
    /// A precision below it.
    #[serde(default)]
    pub help: Option<T>,
    /// The choice stands for "I do not know" or "I prefer not to say".
    #[serde(default)]
    pub unknown: bool,
}

/// What a place offers (labour code, L. 6111-3 and following).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Accueil et information: a first conversation, for everybody.
    Reception,
    /// Conseil: personal advice.
    Advice,
    /// Accompagnement: help until the project is carried out.
    Support,
}

/// The level of intervention of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Reception and information, for everybody.
    One,
    /// Advice and support.
    Two,
}

impl Service {
    /// The level this service belongs to.
    pub const fn level(self) -> Level {
        match self {
            Self::Reception => Level::One,
            Self::Advice | Self::Support => Level::Two,
        }
    }
}

/// Whether a network gives the *conseil en évolution professionnelle*, and by what title.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CepOperator {
    /// It does not.
    #[default]
    No,
    /// Named by the law or chosen by the State's call for tenders.
    ByLaw,
    /// Accredited by the Region.
    ByRegion,
}

/// How a network's places relate to communes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// A place that declares no competence receives whoever comes.
    #[default]
    AnyPlace,
    /// A place receives only the communes that it declares (Maisons de l'emploi).
    DeclaredOnly,
}

/// A network: what kind of place, and whom it serves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Network<T> {
    /// Stable id.
    pub id: String,
    /// What one place of the network is called, in full.
    pub name: T,
    /// Its usual short name, shown with the full one.
    #[serde(default)]
    pub acronym: Option<String>,
    /// What one finds there.
    pub description: T,
    /// Whom it serves, as a sentence.
    pub public: T,
    /// Whom it serves, as the condition that is evaluated.
    #[serde(default)]
    pub serves: Condition,
    /// What it offers.
    pub services: Vec<Service>,
    /// Whether it gives the *conseil en évolution professionnelle*.
    #[serde(default)]
    pub cep_operator: CepOperator,
    /// How its places relate to communes.
    #[serde(default)]
    pub reach: Reach,
    /// Its national site, or the page that lists its places.
    #[serde(default)]
    pub website: Option<String>,
    /// Its national phone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// Folded words by which an import recognises the network in a name.
    #[serde(default)]
    pub recognised_by: Vec<String>,
    /// Where the facts come from.
    #[serde(default)]
    pub sources: Vec<String>,
    /// What no source confirms yet, in a few words each.
    #[serde(default)]
    pub unverified: Vec<String>,
    /// First and last day of the facts, where they are dated.
    #[serde(default)]
    pub valid_from: Option<IsoDate>,
    /// Last day.
    #[serde(default)]
    pub valid_until: Option<IsoDate>,
}

impl<T> Network<T> {
    /// Whether it offers something of this level.
    pub fn has_level(&self, level: Level) -> bool {
        self.services.iter().any(|service| service.level() == level)
    }
}

/// What a rule can do to a recommendation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The first rule of this role that holds names the main place.
    #[default]
    Main,
    /// The rule only ever adds (disability, health).
    Adds,
}

/// How a rule picks among networks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Pick {
    /// The first of these networks that serves the visitor and has a place for the commune.
    InOrder(Vec<String>),
    /// Of all places of these networks that serve the visitor, the best for the commune.
    NearestOf(Vec<String>),
}

impl Pick {
    /// The networks it names.
    pub fn networks(&self) -> &[String] {
        match self {
            Self::InOrder(networks) | Self::NearestOf(networks) => networks,
        }
    }
}

/// One rule: whom it is for, where it leads, why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Rule<T> {
    /// Stable id, such as `R3`.
    pub id: String,
    /// For whom.
    pub when: Condition,
    /// Main place, or addition only.
    #[serde(default)]
    pub role: Role,
    /// Where it leads.
    pub pick: Pick,
    /// Networks that complete it.
    #[serde(default)]
    pub complements: Vec<String>,
    /// The sentence that tells the visitor why.
    pub reason: T,
    /// The page that the rule comes from.
    pub source: String,
    /// Whether that page says all of it.
    #[serde(default)]
    pub verified: bool,
    /// First day of the rule, where it is dated.
    #[serde(default)]
    pub valid_from: Option<IsoDate>,
    /// Last day of the rule, where it is dated.
    #[serde(default)]
    pub valid_until: Option<IsoDate>,
}

/// A national or regional website or phone line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct RemoteService<T> {
    /// Stable id.
    pub id: String,
    /// Its name.
    pub name: T,
    /// What one finds there.
    pub description: T,
    /// Its site.
    pub website: String,
    /// Its phone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// When somebody answers, as a sentence.
    #[serde(default)]
    pub hours: Option<T>,
    /// For whom.
    #[serde(default)]
    pub serves: Condition,
    /// What it offers.
    pub services: Vec<Service>,
    /// Where the facts come from.
    #[serde(default)]
    pub sources: Vec<String>,
    /// When somebody last checked.
    #[serde(default)]
    pub checked_on: Option<IsoDate>,
}

/// A set of communes with its own organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Territory {
    /// Stable id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its communes, by INSEE code.
    #[serde(default)]
    pub communes: Vec<String>,
    /// Whole departments that belong to it.
    #[serde(default)]
    pub departments: Vec<String>,
    /// Whom to tell about an error: a page or a professional address, never a person's.
    #[serde(default)]
    pub contact: Option<Contact>,
    /// The label « Orientation pour tous », where it was granted.
    #[serde(default)]
    pub label: Option<Label>,
}

/// How to reach an organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Who it is.
    #[serde(default)]
    pub name: Option<String>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Phone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// Web page.
    #[serde(default)]
    pub website: Option<String>,
}

/// The label « Orientation pour tous »: granted on a date, valid five years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The day it was granted.
    pub granted_on: IsoDate,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Building, street and number, delivery box; one line each, without the town.
    #[serde(default)]
    pub lines: Vec<String>,
    /// Five digits. It may be a CEDEX code, which no commune has.
    #[serde(default)]
    pub postcode: String,
    /// The town as the post wants it, where it is not the commune's name.
    #[serde(default)]
    pub town: Option<String>,
}

/// The communes that a place is there for. Stronger than distance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Competence {
    /// Communes, by INSEE code.
    #[serde(default)]
    pub communes: Vec<String>,
    /// Whole departments.
    #[serde(default)]
    pub departments: Vec<String>,
    /// Whole territories, by id.
    #[serde(default)]
    pub territories: Vec<String>,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are the days of the week")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// The same opening hours on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    /// The days.
    pub days: Vec<Weekday>,
    /// Opens at, local time, `HH:MM`.
    pub from: String,
    /// Closes at, local time, `HH:MM`, later the same day.
    pub to: String,
}

/// One place.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Structure {
    /// Stable id.
    pub id: String,
    /// Id of its network.
    pub network: String,
    /// Its name.
    pub name: String,
    /// Its address.
    #[serde(default)]
    pub address: Address,
    /// INSEE code of its commune.
    pub commune: String,
    /// Its position; its commune's centre is used, marked approximate, where it has none.
    #[serde(default)]
    pub position: Option<Position>,
    /// Phone numbers, the public one first.
    #[serde(default)]
    pub phones: Vec<String>,
    /// E-mail addresses of the place, never of a person.
    #[serde(default)]
    pub emails: Vec<String>,
    /// Its own page.
    #[serde(default)]
    pub website: Option<String>,
    /// Weekly opening hours.
    #[serde(default)]
    pub hours: Vec<OpeningHours>,
    /// What the hours do not say (by appointment, closed in August).
    #[serde(default)]
    pub hours_note: Option<String>,
    /// The communes it is there for; everybody where absent.
    #[serde(default)]
    pub competence: Option<Competence>,
    /// Whom this place serves, where it is narrower than its network.
    #[serde(default)]
    pub serves: Option<Condition>,
    /// What this place offers, where it differs from its network.
    #[serde(default)]
    pub services: Option<Vec<Service>>,
    /// Access for disabled visitors, as a sentence.
    #[serde(default)]
    pub access: Option<String>,
    /// When somebody last checked the record.
    #[serde(default)]
    pub checked_on: Option<IsoDate>,
    /// Where the facts come from: a page or the name of a file.
    #[serde(default)]
    pub source: Option<String>,
}

/// A guide, a piece of news or a useful site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Stable id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Where it is.
    pub website: String,
    /// When it was published.
    #[serde(default)]
    pub published_on: Option<IsoDate>,
}

impl<T> UnknownChoices for Vec<Question<T>> {
    fn is_unknown(&self, question: &str, choice: &str) -> bool {
        self.iter().filter(|candidate| candidate.id == question).any(|question| match &question.kind {
            QuestionKind::Choices(choices) => {
                choices.iter().any(|candidate| candidate.id == choice && candidate.unknown)
            }
            QuestionKind::Commune => false,
        })
    }
}

impl Directory {
    /// The document as an administrator wants to read it: indented, without the fields
    /// that say nothing.
    pub fn to_json(&self) -> String {
        // Through text, because a value widens single-precision numbers: 45.046 would be
        // written 45.04600143432617.
        let text = serde_json::to_string(self).unwrap_or_default();
        let value = serde_json::from_str(&text).unwrap_or_default();
        let mut text = serde_json::to_string_pretty(&without_blanks(value)).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// Drops the object fields that hold nothing, `false` or the value that is assumed anyway.
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
                            || name == "role" && text == "main")
                    }
                    Value::Bool(true) | Value::Number(_) => true,
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(without_blanks).collect()),
        other => other,
    }
}
