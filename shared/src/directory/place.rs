//! Places: where they are, when they are open, whom they are there for.

#[cfg(feature = "document")]
use super::Correction;
use super::{IsoDate, Service};
use crate::condition::Condition;
use crate::geography::Position;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

/// The source under which [`Structure::references`] keep the number of an establishment.
pub const ESTABLISHMENT: &str = "siret";

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

/// Days on which a place is closed beside its weekly hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// First day.
    pub from: IsoDate,
    /// Last day, included.
    pub until: IsoDate,
}

/// How sure it is that a record of a list is still true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Nothing later says the same.
    Low,
    /// A later list, independent of the first, says the same.
    Medium,
    /// The keeper of the network publishes it.
    High,
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
    /// Days on which it is closed beside that. Public holidays are known anyway.
    #[serde(default)]
    pub closed: Vec<Closure>,
    /// Languages spoken there beside French, as BCP 47 tags; `fsl` is French sign language.
    #[serde(default)]
    pub languages: Vec<String>,
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
    /// When a person last checked the record: by phone, there, or on the place's own page. A list
    /// that somebody published is no check: [`Self::as_of`].
    #[serde(default)]
    pub checked_on: Option<IsoDate>,
    /// Where the facts come from: a page or the name of a list.
    #[serde(default)]
    pub source: Option<String>,
    /// The day for which the source gives them.
    #[serde(default)]
    pub as_of: Option<IsoDate>,
    /// The licence under which the source publishes them.
    #[serde(default)]
    pub licence: Option<String>,
    /// How sure it is that they are still true, where who gathered them said so.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What other directories call it: the name of a source → the identifier there. A file of
    /// that source that comes again is the same place, whatever else has changed. No two places
    /// have the same identifier in one source, but for `siret`, the number of an establishment,
    /// which may have several places.
    #[serde(default)]
    pub references: BTreeMap<String, String>,
    /// What a person typed in the place of what a source says: the name of a field → what it
    /// replaced. An import does not overwrite it until a person accepts the file's value.
    #[cfg(feature = "document")]
    #[serde(default)]
    pub corrections: BTreeMap<String, Correction>,
}

impl Structure {
    /// The last day on which the record was true for somebody: checked by a person, or published
    /// in a list.
    pub fn latest(&self) -> Option<&IsoDate> {
        self.checked_on.as_ref().max(self.as_of.as_ref())
    }

    /// Whether to phone before going there: who gathered the record was not sure of it, and nobody
    /// has checked it since.
    pub fn is_to_confirm(&self) -> bool {
        self.confidence.is_some_and(|confidence| confidence < Confidence::High)
            && self.checked_on.as_ref().is_none_or(|checked| self.as_of.as_ref() > Some(checked))
    }
}
