//! What the records themselves lack: places, territories, labels, papers.

use super::Thresholds;
use super::scope::{Members, members};
use serde::Serialize;
use shared::directory::{Directory, Resource, Structure, Territory};
use shared::geography::{Commune, Geography};
use shared::recommend::in_force;

/// What may be wrong with the record of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// Its network is out of its dates: it is not counted as a place.
    Expired,
    /// It is closed for long: it is not counted as a place.
    Closed,
    /// Nobody has checked it for a year, or ever.
    Check,
    /// It has no phone number.
    Phone,
    /// It has no hours, in a table or in words.
    Hours,
    /// It has no position of its own, or an approximate one.
    Position,
}

impl Lack {
    /// All of them, the worst first.
    pub const ALL: [Self; 6] =
        [Self::Expired, Self::Closed, Self::Check, Self::Phone, Self::Hours, Self::Position];

    /// As JSON says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Closed => "closed",
            Self::Check => "check",
            Self::Phone => "phone",
            Self::Hours => "hours",
            Self::Position => "position",
        }
    }

    /// As administrators read it (French).
    pub const fn french(self) -> &'static str {
        match self {
            Self::Expired => "réseau qui n’est plus en vigueur",
            Self::Closed => "fermés pour longtemps",
            Self::Check => "pas vérifiées depuis un an",
            Self::Phone => "sans téléphone",
            Self::Hours => "sans horaires",
            Self::Position => "sans position exacte",
        }
    }
}

/// A place whose record lacks something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaceState {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Id of its network.
    pub network: String,
    /// Name of its commune.
    pub commune: String,
    /// When it was last true for somebody: checked, or published in a list.
    pub checked_on: Option<String>,
    /// What is wrong, the worst first.
    pub lacks: Vec<Lack>,
}

/// What a territory announces and does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TerritoryState {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its label « Orientation pour tous ».
    pub label: Option<LabelState>,
    /// Networks that it announces at level One and that have no place there.
    pub level_one_without_place: Vec<String>,
    /// The same at level Two.
    pub level_two_without_place: Vec<String>,
    /// Its papers that are no longer shown, by title.
    pub expired_papers: Vec<String>,
}

/// A label on the day of the diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelState {
    /// The day it was granted, or the last on which it may have been.
    pub granted_on: String,
    /// The first day on which it may no longer count: before [`Self::expires_on`] where
    /// nobody knows the day it was granted.
    pub may_expire_on: Option<String>,
    /// The first day on which it certainly no longer counts.
    pub expires_on: Option<String>,
    /// Whether it certainly counts today.
    pub counts: bool,
    /// Whether it certainly no longer counts today. With [`Self::counts`] false as well,
    /// nobody knows.
    pub has_expired: bool,
}

/// Whether a place is of a network out of its dates, or closed for long: such a place is in
/// the directory and receives nobody.
pub(super) fn does_not_count(
    directory: &Directory,
    structure: &Structure,
    thresholds: &Thresholds,
    today: &str,
) -> Option<Lack> {
    let network = directory.edition.networks.iter().find(|network| network.id == structure.network);
    let is_in_force = network.is_some_and(|network| {
        in_force(network.valid_from.as_deref(), network.valid_until.as_deref(), today)
    });
    if !is_in_force {
        return Some(Lack::Expired);
    }
    let is_closed = structure.closed.iter().any(|closure| {
        closure.from.as_str() <= today && closure.until.as_str() >= thresholds.closed_until.as_str()
    });
    is_closed.then_some(Lack::Closed)
}

/// The places of some communes whose record lacks something, by commune.
pub(super) fn places(
    directory: &Directory,
    geography: &Geography,
    holds: &dyn Fn(&Commune) -> bool,
    thresholds: &Thresholds,
    today: &str,
) -> Vec<PlaceState> {
    let mut places: Vec<PlaceState> = directory
        .structures
        .iter()
        .filter_map(|structure| {
            let commune = geography.current(&structure.commune).filter(|commune| holds(commune))?;
            let counts = does_not_count(directory, structure, thresholds, today);
            let unchecked =
                structure.latest().is_none_or(|latest| latest.as_str() < thresholds.unchecked_since.as_str());
            let lacks: Vec<Lack> = [
                (Lack::Check, unchecked),
                (Lack::Phone, structure.phones.is_empty()),
                (Lack::Hours, structure.hours.is_empty() && structure.hours_note.is_none()),
                (Lack::Position, structure.position.is_none_or(|position| position.approximate)),
            ]
            .into_iter()
            .filter(|(_, lacks)| *lacks)
            .map(|(lack, _)| lack)
            .collect();
            let lacks: Vec<Lack> = counts.into_iter().chain(lacks).collect();
            (!lacks.is_empty()).then(|| PlaceState {
                id: structure.id.clone(),
                name: structure.name.clone(),
                network: structure.network.clone(),
                commune: commune.name.clone(),
                checked_on: structure.latest().cloned(),
                lacks,
            })
        })
        .collect();
    places.sort_by(|a, b| (&a.commune, &a.name, &a.id).cmp(&(&b.commune, &b.name, &b.id)));
    places
}

/// A territory on a day. A place counts for it where it stands there, or is there for one
/// of its communes.
pub(super) fn territory(
    directory: &Directory,
    geography: &Geography,
    territory: &Territory,
    counts: &dyn Fn(usize) -> bool,
    today: &str,
) -> TerritoryState {
    let within = members(territory, geography);
    let without_place = |networks: &[String]| -> Vec<String> {
        let is_served = |network: &&String| {
            directory.structures.iter().enumerate().any(|(index, structure)| {
                structure.network == **network
                    && counts(index)
                    && is_for(structure, territory, &within, directory, geography)
            })
        };
        networks.iter().filter(|network| !is_served(network)).cloned().collect()
    };
    let is_expired = |resource: &&Resource| {
        resource.territory.as_ref() == Some(&territory.id)
            && resource.valid_until.as_deref().is_some_and(|until| until < today)
    };
    TerritoryState {
        id: territory.id.clone(),
        name: territory.name.clone(),
        label: territory.label.as_ref().map(|label| LabelState {
            granted_on: label.granted_on.clone(),
            may_expire_on: label.may_expire_on(),
            expires_on: label.expires_on(),
            counts: label.counts_on(today),
            has_expired: label.expires_on().is_some_and(|expiry| expiry.as_str() <= today),
        }),
        level_one_without_place: without_place(&territory.level_one),
        level_two_without_place: without_place(&territory.level_two),
        expired_papers: directory
            .resources
            .iter()
            .filter(is_expired)
            .filter_map(|resource| resource.title.get(shared::directory::MAIN_LANGUAGE).cloned())
            .collect(),
    }
}

fn is_for(
    structure: &Structure,
    territory: &Territory,
    within: &Members,
    directory: &Directory,
    geography: &Geography,
) -> bool {
    let holds = |code: &String| geography.current(code).is_some_and(|commune| within.holds(commune));
    let Some(competence) = &structure.competence else { return holds(&structure.commune) };
    let named = competence
        .territories
        .iter()
        .filter_map(|id| directory.territories.iter().find(|territory| territory.id == *id));
    let touches = |department: &String| {
        territory.departments.contains(department)
            || territory.communes.iter().any(|code| shared::geography::department_of(code) == department)
    };
    competence.communes.iter().any(holds)
        || competence.departments.iter().any(touches)
        || named.into_iter().any(|other| {
            other.id == territory.id
                || other.communes.iter().any(holds)
                || other.departments.iter().any(touches)
        })
}
