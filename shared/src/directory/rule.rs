//! Rules, and the guarantees that they have to keep.

use super::{IsoDate, Level, Text};
use crate::condition::Condition;
use serde::{Deserialize, Serialize};

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
    /// The first rule of this role that holds and leads somewhere names where anybody is received:
    /// beside the main place where that is only a site or a phone or does not receive everybody,
    /// and instead of it where no rule names one. The next ones of this role say nothing more.
    Receives,
}

/// How a rule picks among networks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Pick {
    /// The first of these networks that serves the visitor and has a place for the commune, as far
    /// as the [`Preference`] goes.
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

/// How far a visitor goes for a network that comes first in a list in order, rather than for one
/// that comes after it.
///
/// Without a limit, any distance. Distances are those from the commune's centre. Where a place that
/// gives way to its network's own contact is nearer than what would be taken, that contact is.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Preference {
    /// A place is passed over where one of a network after it is more than so many kilometres
    /// nearer.
    #[serde(default)]
    pub farther_km: Option<u16>,
    /// A place is passed over where it is so many times as far as one of these networks.
    #[serde(default)]
    pub times_as_far: Vec<TimesAsFar>,
    /// A place that is nearer than so many kilometres counts as being there for
    /// [`Self::times_as_far`]: the centre of a commune is not where its people live.
    #[serde(default)]
    pub next_door_km: u16,
}

/// See [`Preference::times_as_far`].
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TimesAsFar {
    /// The network that comes after the others.
    pub network: String,
    /// How many times as far as its place.
    pub times: u16,
}

impl Preference {
    /// Whether any distance is gone for what comes first.
    pub const fn is_without_limit(&self) -> bool {
        self.farther_km.is_none() && self.times_as_far.is_empty()
    }
}

/// One rule: whom it is for, where it leads, why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable id, such as `R3`.
    pub id: String,
    /// For whom.
    pub when: Condition,
    /// Main place, or addition only.
    #[serde(default)]
    pub role: Role,
    /// Where it leads.
    pub pick: Pick,
    /// How far what comes first in its list may be; what the edition says where absent.
    #[serde(default)]
    pub preference: Option<Preference>,
    /// Networks that complete it.
    #[serde(default)]
    pub complements: Vec<String>,
    /// The sentence that tells the visitor why.
    pub reason: Text,
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

impl Rule {
    /// What limits how far the first of its networks may be, where something does: its own
    /// preference, else that of the edition.
    pub fn limit<'a>(&'a self, of_edition: &'a Preference) -> Option<&'a Preference> {
        let preference = self.preference.as_ref().unwrap_or(of_edition);
        let limits = matches!(&self.pick, Pick::InOrder(networks) if networks.len() > 1)
            && !preference.is_without_limit();
        limits.then_some(preference)
    }
}

/// A place that a guarantee imagines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ImaginedPlace {
    /// Its network.
    pub network: String,
    /// How far it is, in kilometres.
    pub km: u16,
}

/// A promise of the edition: what certain visitors must get, whatever the rules become.
///
/// A guarantee says a second time, by its outcome, what the rules say by their mechanism.
/// An administrator who mends a rule learns at once whom it would send elsewhere.
/// It is tried on every reachable set of answers for which `when` certainly holds:
///
/// - `main`, `among` and `within` as if every network had a place next to the visitor;
///   `main` and `among`, where the guarantee holds `anywhere`, also as if a single network
///   had one, each in its turn, and as if none had;
/// - `nearest` as if one of these networks alone had a place next to the visitor;
/// - where `imagined` says which places there are and how far, all of these as if there were those
///   alone, and nowhere else;
/// - `received` as if every network had a place next to the visitor, or as imagined;
/// - `because` and `never` in all of these; `never` also in every commune with the places of the directory;
/// - `level` in every commune.
///
/// Every publication proves it (`insight::verify::proof`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Guarantee {
    /// Stable id, such as `R3`, after the row of the table that it comes from.
    pub id: String,
    /// The promise in a sentence, for administrators.
    pub text: Text,
    /// To whom it is made.
    pub when: Condition,
    /// The main place is of one of these networks; of any where empty.
    #[serde(default)]
    pub main: Vec<String>,
    /// The place where anybody is received, beside the main place or the main place itself, is of
    /// one of these networks.
    #[serde(default)]
    pub received: Vec<String>,
    /// The only places that there are; all networks' next door where empty.
    #[serde(default)]
    pub imagined: Vec<ImaginedPlace>,
    /// Each of these networks is recommended, first or beside.
    #[serde(default)]
    pub among: Vec<String>,
    /// Whichever of these networks alone has a place near is recommended; first, where it
    /// is one of `main` as well.
    #[serde(default)]
    pub nearest: Vec<String>,
    /// No other network than these is recommended; any may be where empty.
    #[serde(default)]
    pub within: Vec<String>,
    /// No other rule than these gives its reason, by id; any may where empty.
    #[serde(default)]
    pub because: Vec<String>,
    /// None of these networks is recommended.
    #[serde(default)]
    pub never: Vec<String>,
    /// `main` and `among` do not depend on which places are near.
    #[serde(default)]
    pub anywhere: bool,
    /// Something of this level is open to them in every commune.
    #[serde(default)]
    pub level: Option<Level>,
    /// The id of a question that only ever adds: against keeping the answer to oneself, no
    /// answer to it changes the main place or takes a network away.
    #[serde(default)]
    pub only_adds: Option<String>,
    /// The page that the promise comes from.
    pub source: String,
}
