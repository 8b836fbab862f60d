//! Territories, their label, and the papers around the system.

use super::{Contact, IsoDate, Text};
use serde::{Deserialize, Serialize};

/// A set of communes with its own organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Territory {
    /// Stable id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it works together, in one or two sentences.
    #[serde(default)]
    pub description: Option<Text>,
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
    /// Networks that receive and inform everybody there (level One), associates included.
    #[serde(default)]
    pub level_one: Vec<String>,
    /// Networks that advise and support there (level Two).
    #[serde(default)]
    pub level_two: Vec<String>,
    /// Where the facts come from.
    #[serde(default)]
    pub sources: Vec<String>,
    /// What no source confirms yet, in a few words each.
    #[serde(default)]
    pub unverified: Vec<String>,
}

/// The label « Orientation pour tous »: granted on a date, valid five years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The day it was granted; the last day on which it may have been, where
    /// [`Self::not_before`] says that nobody knows the day.
    pub granted_on: IsoDate,
    /// The first day on which it may have been granted, where no source gives the day.
    #[serde(default)]
    pub not_before: Option<IsoDate>,
}

impl Label {
    /// How long it is valid, in years.
    pub const YEARS: u16 = 5;

    /// The first day on which it certainly no longer counts: the day it was granted, five
    /// years later. `None` where the date is not one; validation refuses those.
    pub fn expires_on(&self) -> Option<IsoDate> {
        years_after(&self.granted_on)
    }

    /// The first day on which it may no longer count: [`Self::expires_on`] where the day it
    /// was granted is known, earlier where it is not.
    pub fn may_expire_on(&self) -> Option<IsoDate> {
        years_after(self.not_before.as_deref().unwrap_or(&self.granted_on))
    }

    /// Whether it certainly counts on a day. Of a label whose day nobody knows, only the
    /// days on which it counts whatever that day was: unknown is not true.
    pub fn counts_on(&self, today: &str) -> bool {
        self.granted_on.as_str() <= today
            && self.may_expire_on().is_some_and(|expiry| today < expiry.as_str())
    }
}

/// The same day [`Label::YEARS`] later.
fn years_after(date: &str) -> Option<IsoDate> {
    let (year, day) = date.split_once('-')?;
    let year: u16 = year.parse().ok()?;
    // The 29th of February compares as a date does, even in a year that has none.
    Some(format!("{:04}-{day}", year.checked_add(Label::YEARS)?))
}

/// What a resource is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// A practical guide.
    Guide,
    /// A référentiel: what a good reception is.
    Framework,
    /// A recueil: practices or places collected.
    Collection,
    /// Something new.
    News,
    /// A useful site.
    Site,
    /// The diagnosis of a territory.
    Diagnosis,
    /// What a territory has decided to do.
    ActionPlan,
}

/// A guide, a piece of news, a useful site, or a paper of a territory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Stable id.
    pub id: String,
    /// What it is.
    pub kind: ResourceKind,
    /// Its title.
    pub title: Text,
    /// What one finds there.
    #[serde(default)]
    pub description: Option<Text>,
    /// Where it is; a paper whose page is gone has none.
    #[serde(default)]
    pub website: Option<String>,
    /// The territory whose paper it is.
    #[serde(default)]
    pub territory: Option<String>,
    /// When it was published.
    #[serde(default)]
    pub published_on: Option<IsoDate>,
    /// Last day on which it is shown.
    #[serde(default)]
    pub valid_until: Option<IsoDate>,
    /// The page that the fact comes from, where it is not `website`.
    #[serde(default)]
    pub source: Option<String>,
}
