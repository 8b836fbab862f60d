//! Networks, what they offer, and services at a distance.

use super::{IsoDate, Pictogram, Text};
use crate::condition::Condition;
use serde::{Deserialize, Serialize};

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

/// How a network belongs to the system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    /// A network of the system.
    #[default]
    Network,
    /// Associated for reception and information only (level One), where a territory
    /// has taken it in: Maisons de l'emploi, Relais de services publics and others.
    Associate,
    /// A partner outside the system that a visitor may still need.
    Partner,
}

/// How a network's places relate to communes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// A place that declares no competence receives whoever comes.
    #[default]
    AnyPlace,
    /// A place receives only the communes that it declares.
    DeclaredOnly,
    /// A place that declares no competence is there for its own territory first: its commune,
    /// then its intercommunality, then its department. A nearer one beyond comes after those
    /// (Missions locales, agencies of France Travail, CIO, Maisons de l'emploi, chambers).
    Territory,
}

/// How many places a network has in a department.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExpectedPlaces {
    /// The department's code.
    pub department: String,
    /// How many places there are; absent where it is only known that there are more than the
    /// directory has.
    #[serde(default)]
    pub places: Option<u16>,
}

/// A network: what kind of place, and whom it serves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Stable id.
    pub id: String,
    /// What one place of the network is called, in full.
    pub name: Text,
    /// Its usual short name, shown with the full one.
    #[serde(default)]
    pub acronym: Option<String>,
    /// The drawing beside the names of its places.
    #[serde(default)]
    pub pictogram: Option<Pictogram>,
    /// What one finds there.
    pub description: Text,
    /// Whom it serves, as a sentence.
    pub public: Text,
    /// Whom it serves, as the condition that is evaluated.
    #[serde(default)]
    pub serves: Condition,
    /// What it offers.
    pub services: Vec<Service>,
    /// How it belongs to the system.
    #[serde(default)]
    pub membership: Membership,
    /// Whether it gives the *conseil en évolution professionnelle*.
    #[serde(default)]
    pub cep_operator: CepOperator,
    /// How its places relate to communes.
    #[serde(default)]
    pub reach: Reach,
    /// How many places it has in the departments where somebody knows it. Where the directory has
    /// fewer, a far place does not come before the network's own site or phone.
    #[serde(default)]
    pub expected: Vec<ExpectedPlaces>,
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

impl Network {
    /// Whether it offers something of this level.
    pub fn has_level(&self, level: Level) -> bool {
        self.services.iter().any(|service| service.level() == level)
    }

    /// Whether it can be reached without going to one of its places.
    pub const fn has_contact(&self) -> bool {
        self.website.is_some() || self.phone.is_some()
    }
}

/// A national or regional website or phone line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoteService {
    /// Stable id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// What one finds there.
    pub description: Text,
    /// Its site.
    pub website: String,
    /// Its phone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// When somebody answers, as a sentence.
    #[serde(default)]
    pub hours: Option<Text>,
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
    /// First day of the service, where it is dated.
    #[serde(default)]
    pub valid_from: Option<IsoDate>,
    /// Last day of the service, where it is dated.
    #[serde(default)]
    pub valid_until: Option<IsoDate>,
}

impl RemoteService {
    /// Whether it offers something of this level.
    pub fn has_level(&self, level: Level) -> bool {
        self.services.iter().any(|service| service.level() == level)
    }
}
