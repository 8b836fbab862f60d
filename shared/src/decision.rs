//! The guide without its words: the questions, the networks, the rules and the remote services, as an
//! edition is compiled.
//!
//! What a visitor reads is a [`TextSlot`] here: the number of a text in [`crate::localized::GuideTexts`],
//! of which there is one for each language. The engine takes a [`Guide`] and never sees a language; a
//! better translation leaves this piece as it is, byte for byte.

use crate::condition::{Condition, UnknownChoices};
use crate::directory::{
    CepOperator, Contact, Department, Label, Language, Level, Membership, Reach, Role, Service,
};
use crate::geography::Meters;
use serde::{Deserialize, Serialize};

/// The number of a text in [`crate::localized::GuideTexts::texts`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TextSlot {
    /// The number, from 0.
    pub text: u32,
}

/// The rank of a network in [`Guide::networks`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NetworkIx {
    network: u32,
}

impl NetworkIx {
    /// The network of this rank.
    pub const fn new(rank: usize) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "no edition has four billion networks")]
        Self { network: rank as u32 }
    }

    /// The rank.
    pub const fn rank(self) -> usize {
        self.network as usize
    }
}

/// What the guide needs before it knows where the visitor lives, in no language.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Guide {
    /// [`crate::snapshot::PIECE_FORMAT`].
    pub format: u8,
    /// The languages that the visitor may choose, each with its own texts.
    pub languages: Vec<Language>,
    /// How many texts each of them has.
    pub slots: u32,
    /// Id of the edition.
    pub edition: String,
    /// Title of the edition.
    pub title: TextSlot,
    /// Name of the region.
    pub region: TextSlot,
    /// Its departments.
    pub departments: Vec<Department>,
    /// Whom to tell about an error where no territory says otherwise.
    pub contact: Option<Contact>,
    /// See [`crate::directory::Edition::reach_km`].
    pub reach_km: u16,
    /// The questions.
    pub questions: Vec<GuideQuestion>,
    /// The networks.
    pub networks: Vec<GuideNetwork>,
    /// The rules.
    pub rules: Vec<GuideRule>,
    /// The remote services.
    pub remote_services: Vec<GuideService>,
    /// The territories, without their communes.
    pub territories: Vec<TerritoryCard>,
    /// What to say on the phone and what to bring.
    pub preparations: Vec<GuidePreparation>,
}

impl Guide {
    /// What to say and to bring where a card of a network, by rank, or of none, leads: its index.
    pub fn preparation(&self, network: Option<usize>) -> Option<usize> {
        let of = |network: usize| {
            self.preparations.iter().position(|one| one.networks.contains(&NetworkIx::new(network)))
        };
        network.and_then(of).or_else(|| self.preparations.iter().position(|one| one.networks.is_empty()))
    }

    /// The network with this id.
    pub fn network(&self, id: &str) -> Option<&GuideNetwork> {
        self.networks.iter().find(|network| network.id == id)
    }

    /// When somebody answers a network's phone, where a remote service of the same number says it.
    pub fn hours_of(&self, network: &GuideNetwork) -> Option<TextSlot> {
        let phone = network.phone.as_ref()?;
        self.remote_services.iter().find(|service| service.phone.as_ref() == Some(phone))?.hours
    }
}

/// What a page says of a territory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TerritoryCard {
    /// Stable id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The departments that it lies in.
    pub departments: Vec<String>,
    /// Whom to tell about an error.
    pub contact: Option<Contact>,
    /// Its label.
    pub label: Option<Label>,
    /// Where its guide is: of a region that is not the directory's, where somebody knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<String>,
}

/// A question: see [`crate::directory::Question`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GuideQuestion {
    /// Stable id.
    pub id: String,
    /// The question.
    pub text: TextSlot,
    /// Other wordings of the same question, the first whose condition holds.
    pub variants: Vec<GuideVariant>,
    /// One or two sentences of help.
    pub help: Option<TextSlot>,
    /// Asked only when this holds: what the edition says, less those of whom it would be asked in vain.
    pub ask_if: Condition,
    /// Nothing is lost by not answering.
    pub optional: bool,
    /// What is asked for.
    pub kind: GuideQuestionKind,
}

/// What a question asks for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuideQuestionKind {
    /// One choice among these.
    Choices(Vec<GuideChoice>),
    /// The visitor's commune.
    #[default]
    Commune,
}

/// Another wording of a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GuideVariant {
    /// When to use it.
    pub when: Condition,
    /// The wording.
    pub text: TextSlot,
}

/// One choice of a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GuideChoice {
    /// Stable id.
    pub id: String,
    /// What the visitor reads.
    pub text: TextSlot,
    /// A precision below it.
    pub help: Option<TextSlot>,
    /// The choice stands for "I do not know" or "I prefer not to say".
    pub unknown: bool,
    /// The lines of the drawing beside it: see [`crate::directory::Pictogram::path`].
    pub pictogram: Option<String>,
}

impl GuideQuestion {
    /// Its choices; none where it asks for the commune.
    pub fn choices(&self) -> &[GuideChoice] {
        match &self.kind {
            GuideQuestionKind::Choices(choices) => choices,
            GuideQuestionKind::Commune => &[],
        }
    }

    /// The texts that it is made of, in the order of its fields.
    pub fn slots(&self) -> impl Iterator<Item = TextSlot> {
        let own = [Some(self.text), self.help].into_iter().flatten();
        let variants = self.variants.iter().map(|variant| variant.text);
        let choices = self.choices().iter().flat_map(|choice| [Some(choice.text), choice.help]).flatten();
        own.chain(variants).chain(choices)
    }

    /// Whether this is an answer to the question: one of its choices, or any commune code.
    pub fn accepts(&self, answer: &str) -> bool {
        match &self.kind {
            GuideQuestionKind::Choices(choices) => choices.iter().any(|choice| choice.id == answer),
            GuideQuestionKind::Commune => !answer.is_empty(),
        }
    }
}

impl UnknownChoices for Vec<GuideQuestion> {
    fn is_unknown(&self, question: &str, choice: &str) -> bool {
        self.iter().filter(|candidate| candidate.id == question).any(|question| {
            question.choices().iter().any(|candidate| candidate.id == choice && candidate.unknown)
        })
    }
}

/// A network: see [`crate::directory::Network`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GuideNetwork {
    /// Stable id.
    pub id: String,
    /// What one place of the network is called, in full.
    pub name: TextSlot,
    /// Its usual short name, the same in every language.
    pub acronym: Option<String>,
    /// The lines of the drawing beside the names of its places: see [`crate::directory::Pictogram::path`].
    pub pictogram: Option<String>,
    /// What one finds there.
    pub description: TextSlot,
    /// Whom it serves, as a sentence.
    pub public: TextSlot,
    /// Whom it serves, as the condition that is evaluated.
    pub serves: Condition,
    /// What it offers.
    pub services: Vec<Service>,
    /// How it belongs to the system.
    pub membership: Membership,
    /// Whether it gives the *conseil en évolution professionnelle*.
    pub cep_operator: CepOperator,
    /// How its places relate to communes.
    pub reach: Reach,
    /// Its national site, or the page that lists its places.
    pub website: Option<String>,
    /// Its national phone number.
    pub phone: Option<String>,
    /// First day, an ISO date, where it is dated.
    pub valid_from: Option<String>,
    /// Last day, an ISO date.
    pub valid_until: Option<String>,
}

impl GuideNetwork {
    /// Whether it offers something of this level.
    pub fn has_level(&self, level: Level) -> bool {
        self.services.iter().any(|service| service.level() == level)
    }

    /// Whether it can be reached without going to one of its places.
    pub const fn has_contact(&self) -> bool {
        self.website.is_some() || self.phone.is_some()
    }
}

/// How a rule picks among networks: see [`crate::directory::Pick`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuidePick {
    /// The first that serves the visitor and has a place, as far as the preference goes.
    InOrder(Vec<NetworkIx>),
    /// The best place of all of them.
    NearestOf(Vec<NetworkIx>),
}

impl Default for GuidePick {
    fn default() -> Self {
        Self::InOrder(Vec::new())
    }
}

impl GuidePick {
    /// The networks it names.
    pub fn networks(&self) -> &[NetworkIx] {
        match self {
            Self::InOrder(networks) | Self::NearestOf(networks) => networks,
        }
    }
}

/// How far a visitor goes for what comes first in a list: see [`crate::directory::Preference`].
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct GuidePreference {
    /// A place is passed over where one of a network after it is more than so many kilometres nearer.
    pub farther_km: Option<u16>,
    /// A place is passed over where it is so many times as far as one of these networks.
    pub times_as_far: Vec<GuideTimesAsFar>,
    /// A place that is nearer than so many kilometres counts as being there.
    pub next_door_km: u16,
}

/// See [`GuidePreference::times_as_far`].
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct GuideTimesAsFar {
    /// The network that comes after the others.
    pub network: NetworkIx,
    /// How many times as far as its place.
    pub times: u16,
}

impl GuidePreference {
    /// Whether the place of one network, so far away, is passed over for the place of a network
    /// that comes after it.
    pub fn passes_over(&self, place: Meters, network: NetworkIx, other: Meters) -> bool {
        let km = |km: u16| u32::from(km) * 1000;
        let is_farther = self.farther_km.is_some_and(|limit| place.0 > other.0 + km(limit));
        let many_times = self.times_as_far.iter().filter(|limit| limit.network == network);
        let other = other.0.max(km(self.next_door_km));
        is_farther || many_times.into_iter().any(|limit| place.0 >= other.saturating_mul(limit.times.into()))
    }
}

/// A rule: see [`crate::directory::Rule`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GuideRule {
    /// Stable id, such as `R3`.
    pub id: String,
    /// For whom.
    pub when: Condition,
    /// What it can do to a recommendation.
    pub role: Role,
    /// Where it leads.
    pub pick: GuidePick,
    /// How far what comes first in its list may be, where something limits it.
    pub preference: Option<GuidePreference>,
    /// Networks that complete it.
    pub complements: Vec<NetworkIx>,
    /// The sentence that tells the visitor why.
    pub reason: TextSlot,
    /// The page that the rule comes from.
    pub source: String,
    /// Whether that page says all of it.
    pub verified: bool,
    /// First day, an ISO date, where it is dated.
    pub valid_from: Option<String>,
    /// Last day, an ISO date.
    pub valid_until: Option<String>,
}

/// What helps a visitor to phone and to come: see [`crate::directory::Preparation`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuidePreparation {
    /// Stable id.
    pub id: String,
    /// The networks that it is for; where empty, what no other preparation is for.
    pub networks: Vec<NetworkIx>,
    /// What the visitor can say on the phone, as they would say it.
    pub say: TextSlot,
    /// What may be useful to bring.
    pub bring: TextSlot,
}

/// A national or regional website or phone line: see [`crate::directory::RemoteService`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GuideService {
    /// Stable id.
    pub id: String,
    /// Its name.
    pub name: TextSlot,
    /// What one finds there.
    pub description: TextSlot,
    /// Its site.
    pub website: String,
    /// Its phone number.
    pub phone: Option<String>,
    /// When somebody answers, as a sentence.
    pub hours: Option<TextSlot>,
    /// For whom.
    pub serves: Condition,
    /// What it offers.
    pub services: Vec<Service>,
    /// When somebody last checked, an ISO date.
    pub checked_on: Option<String>,
    /// First day, an ISO date, where it is dated.
    pub valid_from: Option<String>,
    /// Last day, an ISO date.
    pub valid_until: Option<String>,
}

impl GuideService {
    /// Whether it offers something of this level.
    pub fn has_level(&self, level: Level) -> bool {
        self.services.iter().any(|service| service.level() == level)
    }
}
