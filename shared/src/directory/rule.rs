//! Rules, and the guarantees that they have to keep.

use super::{IsoDate, Level};
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
/// - `because` and `never` in all of these; `never` also in every commune with the places of the directory;
/// - `level` in every commune.
///
/// Every publication proves it (`insight::verify::proof`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Guarantee<T> {
    /// Stable id, such as `R3`, after the row of the table that it comes from.
    pub id: String,
    /// The promise in a sentence, for administrators.
    pub text: T,
    /// To whom it is made.
    pub when: Condition,
    /// The main place is of one of these networks; of any where empty.
    #[serde(default)]
    pub main: Vec<String>,
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
