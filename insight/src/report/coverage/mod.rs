//! « Couverture »: what a directory has, beside what there should be. Places by network and
//! department, how old their records are, what confirms them, and how many people have a place of
//! each network near them. As JSON, as a table ([`Coverage::csv`]), as a page ([`page::html`]) and as
//! Markdown ([`markdown::table`]).
//!
//! The proof says that nobody is sent wrongly with the places that are there; this says how few
//! these may be. [`concerns`] and [`losses`] are what somebody has to look at before publishing.

mod concerns;
mod csv;
pub mod markdown;
pub mod page;
mod sentences;

pub use concerns::{FALL, concerns, losses};
pub use sentences::{LIMITS, departures as departures_told, in_short, reached};

use crate::verify::proof::{Surroundings, day_within};
use serde::Serialize;
use shared::compile::partial;
use shared::directory::{Confidence, Department, Directory, Network, Reach, Structure};
use shared::french::words;
use shared::geography::{Commune, Geography, Meters};
use shared::recommend::in_force;
use shared::validate::Valid;
use std::collections::{BTreeMap, BTreeSet};

/// Within how many kilometres a place is one that people really have.
pub const NEAR_KM: u16 = 20;

/// What a directory has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coverage {
    /// Title of the directory.
    pub title: String,
    /// Id of its edition.
    pub edition: String,
    /// The day for which rules and networks count.
    pub day: String,
    /// Within how many kilometres a place counts as near.
    pub near_km: u16,
    /// How many people live in the region.
    pub inhabitants: u64,
    /// The departments of the region.
    pub departments: Vec<Department>,
    /// All places together.
    pub places: Places,
    /// The networks, in the order of the edition.
    pub networks: Vec<NetworkCoverage>,
    /// Where the records come from, the source of the most places first.
    pub sources: Vec<SourceCoverage>,
    /// Whom the guide sends to another department, in the order of the networks.
    pub departures: Vec<Departure>,
}

/// Communes whose people the guide sends to a place of another department, in a network whose places
/// are there for a territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Departure {
    /// The network's id.
    pub network: String,
    /// The code of the communes' department.
    pub from: String,
    /// The communes' names.
    pub communes: Vec<String>,
    /// The place's id.
    pub place: String,
    /// The place's name.
    pub name: String,
    /// The code of the place's department.
    pub to: String,
    /// Why nobody of their own department comes first.
    pub why: Leaving,
}

/// Why people leave their department.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Leaving {
    /// The place declares that it is there for them.
    Declared,
    /// Their department has no place, and the network no site or phone that would come before.
    NothingElse,
}

/// What a directory has of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceCoverage {
    /// What it is called; empty for the places that name none.
    pub source: String,
    /// The licences under which it publishes.
    pub licences: Vec<String>,
    /// Its places.
    pub places: Places,
}

/// What a directory has of one network.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NetworkCoverage {
    /// Its id.
    pub id: String,
    /// Its name (French).
    pub name: String,
    /// What the rules do with it.
    pub named: Named,
    /// Whether it has a site or a phone of its own.
    pub has_contact: bool,
    /// Its places.
    pub places: Places,
    /// The same by department, in the order of [`Coverage::departments`].
    pub departments: Vec<DepartmentPlaces>,
    /// How many of the places stand outside the region.
    pub outside: usize,
    /// How many people have one of its places near them: one that receives everybody whom the
    /// network serves, to which the guide sends before the network's own site or phone.
    pub reached: u64,
}

/// What the rules in force do with a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// A rule leads to it.
    Picked,
    /// It only completes what other networks give.
    Beside,
    /// No rule names it.
    Never,
    /// It is not in force.
    NotInForce,
}

/// The places of a network in a department, beside what there should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DepartmentPlaces {
    /// The department's code.
    pub department: String,
    /// How many the directory has.
    pub places: usize,
    /// How many there are, where somebody knows it.
    pub expected: Option<u16>,
    /// Whether there certainly are more than the directory has.
    pub lacks: bool,
}

/// Some places, with what is known of their records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Places {
    /// How many.
    pub count: usize,
    /// How old their records are.
    pub dates: Dates,
    /// What confirms them.
    pub confirmed: Confirmed,
    /// To how many people should phone before they go there.
    pub to_confirm: usize,
    /// How many have their week.
    pub with_week: usize,
}

/// The days on which records were last true for somebody (ISO dates).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Dates {
    /// The first.
    pub oldest: Option<String>,
    /// Half of the dated ones are not later.
    pub median: Option<String>,
    /// The last.
    pub newest: Option<String>,
    /// How many have no date.
    pub undated: usize,
}

/// What confirms records. Each is counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Confirmed {
    /// Somebody has checked the place since the list that it comes from.
    pub by_a_person: usize,
    /// Who keeps the network publishes it.
    pub by_its_keeper: usize,
    /// A later list, independent of the first, says the same.
    pub by_a_later_list: usize,
    /// Nothing later says the same.
    pub by_nothing: usize,
    /// Nobody said.
    pub unknown: usize,
}

impl Places {
    fn of<'a>(structures: impl Iterator<Item = &'a Structure>) -> Self {
        let mut places = Self::default();
        let mut dates: Vec<&String> = Vec::new();
        for structure in structures {
            places.count += 1;
            places.to_confirm += usize::from(structure.is_to_confirm());
            places.with_week += usize::from(!structure.hours.is_empty());
            dates.extend(structure.latest());
            let confirmed = &mut places.confirmed;
            let is_checked =
                structure.checked_on.as_ref().is_some_and(|day| structure.as_of.as_ref() <= Some(day));
            *match (is_checked, structure.confidence) {
                (true, _) => &mut confirmed.by_a_person,
                (_, Some(Confidence::High)) => &mut confirmed.by_its_keeper,
                (_, Some(Confidence::Medium)) => &mut confirmed.by_a_later_list,
                (_, Some(Confidence::Low)) => &mut confirmed.by_nothing,
                (_, None) => &mut confirmed.unknown,
            } += 1;
        }
        dates.sort_unstable();
        places.dates = Dates {
            oldest: dates.first().map(ToString::to_string),
            median: dates.get(dates.len().saturating_sub(1) / 2).map(ToString::to_string),
            newest: dates.last().map(ToString::to_string),
            undated: places.count - dates.len(),
        };
        places
    }
}

impl Coverage {
    /// The share of the people of the region that a network reaches, in whole per cent, never
    /// rounded to all or nothing.
    pub fn percent(&self, network: &NetworkCoverage) -> u64 {
        crate::report::diagnosis::percent(network.reached, self.inhabitants)
    }

    /// The networks that a rule leads to, those that reach the fewest people first.
    pub fn picked(&self) -> Vec<&NetworkCoverage> {
        let mut picked: Vec<_> =
            self.networks.iter().filter(|network| network.named == Named::Picked).collect();
        picked.sort_by_key(|network| network.reached);
        picked
    }
}

/// What a directory has as of `today` (an ISO date), or as of the nearest day on which its
/// edition is valid.
pub fn coverage(directory: &Valid, geography: &Geography, today: &str) -> Coverage {
    let directory = directory.directory();
    let edition = &directory.edition;
    let departments = &edition.region.departments;
    let surroundings = Surroundings::for_everybody(directory, geography);
    // A city that has arrondissements is only counted through them.
    let whole_cities: BTreeSet<&str> =
        geography.communes().iter().filter_map(|commune| commune.parent.as_deref()).collect();
    let communes: Vec<usize> = (0..surroundings.communes())
        .filter(|rank| !whole_cities.contains(surroundings.commune(*rank).code.as_str()))
        .collect();
    let people = |rank: usize| u64::from(surroundings.commune(rank).population);
    let mut standing: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for structure in &directory.structures {
        if let Some(commune) = geography.current(&structure.commune) {
            *standing.entry((&structure.network, commune.department())).or_default() += 1;
        }
    }
    let lacking: Vec<Vec<String>> =
        departments.iter().map(|department| partial(directory, geography, &department.code)).collect();
    let departures = departures(directory, geography, &surroundings, &communes);
    let near = Meters::from_km(NEAR_KM);
    let networks = edition
        .networks
        .iter()
        .enumerate()
        .map(|(rank, network)| {
            let places = Places::of(of_network(directory, &network.id));
            let departments: Vec<DepartmentPlaces> = departments
                .iter()
                .zip(&lacking)
                .map(|(department, lacking)| DepartmentPlaces {
                    department: department.code.clone(),
                    places: standing
                        .get(&(network.id.as_str(), department.code.as_str()))
                        .copied()
                        .unwrap_or_default(),
                    expected: network
                        .expected
                        .iter()
                        .find(|expected| expected.department == department.code)
                        .and_then(|expected| expected.places),
                    lacks: lacking.contains(&network.id),
                })
                .collect();
            let inside: usize = departments.iter().map(|department| department.places).sum();
            let is_near = |commune: &&usize| {
                surroundings.open_to_all(**commune, rank).is_some_and(|distance| distance <= near)
            };
            NetworkCoverage {
                id: network.id.clone(),
                name: words(&network.name).to_owned(),
                named: named(directory, network, today),
                has_contact: network.has_contact(),
                outside: places.count.saturating_sub(inside),
                places,
                departments,
                reached: communes.iter().filter(is_near).map(|commune| people(*commune)).sum(),
            }
        })
        .collect();
    Coverage {
        title: directory.title.clone(),
        edition: edition.id.clone(),
        day: day_within(edition, today).to_owned(),
        near_km: NEAR_KM,
        inhabitants: communes.iter().map(|commune| people(*commune)).sum(),
        departments: departments.clone(),
        places: Places::of(directory.structures.iter()),
        networks,
        sources: sources(&directory.structures),
        departures,
    }
}

/// Whom the guide sends to another department, of these communes.
fn departures(
    directory: &Directory,
    geography: &Geography,
    surroundings: &Surroundings<'_>,
    communes: &[usize],
) -> Vec<Departure> {
    type Left<'a> = (usize, &'a str, &'a str, Leaving);
    let mut found: BTreeMap<Left<'_>, (&Structure, Vec<String>)> = BTreeMap::new();
    let networks = directory.edition.networks.iter().enumerate();
    for (rank, _) in networks.filter(|(_, network)| network.reach != Reach::AnyPlace) {
        for commune in communes {
            let Some((place, bond)) = surroundings.place_open_to_all(*commune, rank) else { continue };
            let here = surroundings.commune(*commune);
            let is_elsewhere = |there: &Commune| there.department() != here.department();
            if geography.current(&place.commune).is_some_and(is_elsewhere) {
                let why = if bond.is_competent() { Leaving::Declared } else { Leaving::NothingElse };
                let (_, names) = found
                    .entry((rank, here.department(), &place.id, why))
                    .or_insert_with(|| (place, Vec::new()));
                names.push(here.name.clone());
            }
        }
    }
    let department = |place: &Structure| geography.current(&place.commune).map_or("", Commune::department);
    found
        .into_iter()
        .map(|((_, from, _, why), (place, communes))| Departure {
            network: place.network.clone(),
            from: from.to_owned(),
            communes,
            place: place.id.clone(),
            name: place.name.clone(),
            to: department(place).to_owned(),
            why,
        })
        .collect()
}

fn sources(structures: &[Structure]) -> Vec<SourceCoverage> {
    let mut by_source: BTreeMap<&str, Vec<&Structure>> = BTreeMap::new();
    for structure in structures {
        by_source.entry(structure.source.as_deref().unwrap_or_default()).or_default().push(structure);
    }
    let mut sources: Vec<SourceCoverage> = by_source
        .into_iter()
        .map(|(source, structures)| {
            let licences: BTreeSet<&String> =
                structures.iter().filter_map(|one| one.licence.as_ref()).collect();
            SourceCoverage {
                source: source.to_owned(),
                licences: licences.into_iter().cloned().collect(),
                places: Places::of(structures.into_iter()),
            }
        })
        .collect();
    sources.sort_by_key(|one| usize::MAX - one.places.count);
    sources
}

fn of_network<'a>(directory: &'a Directory, network: &str) -> impl Iterator<Item = &'a Structure> {
    directory.structures.iter().filter(move |structure| structure.network == network)
}

/// What the rules do with a network as of `today`, or as of the nearest day of the edition.
fn named(directory: &Directory, network: &Network, today: &str) -> Named {
    let day = day_within(&directory.edition, today);
    if !in_force(network.valid_from.as_deref(), network.valid_until.as_deref(), day) {
        return Named::NotInForce;
    }
    let mut named = Named::Never;
    for rule in &directory.edition.rules {
        if !in_force(rule.valid_from.as_deref(), rule.valid_until.as_deref(), day) {
            continue;
        }
        if rule.pick.networks().contains(&network.id) {
            return Named::Picked;
        }
        if rule.complements.contains(&network.id) {
            named = Named::Beside;
        }
    }
    named
}
