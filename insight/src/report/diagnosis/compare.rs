//! What a publication makes worse or better in the diagnosis: gaps that are new, gaps that
//! are solved, commune by commune, and records, networks and labels that change.

use super::areas::{Row, worst_off};
use super::nearest::{Found, Need};
use super::records::{self, Lack, PlaceState};
use super::scope::{Members, members};
use super::{AreaKind, Survey};
use serde::Serialize;
use shared::french::words;
use shared::geography::{Commune, Meters};
use std::collections::{BTreeMap, BTreeSet};

/// How many communes a gap names.
const EXAMPLES: usize = 5;

/// What changes between two surveys of the same scope.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The distance that counts as near, in kilometres.
    pub near_km: u16,
    /// The areas where a gap is new or solved: the whole first, then departments, then
    /// territories.
    pub areas: Vec<AreaGaps>,
    /// Ids of the publics that only the survey after has: there is nothing to compare.
    pub publics_added: Vec<String>,
    /// Ids of the publics that only the survey before has.
    pub publics_removed: Vec<String>,
    /// Records that lack something they did not, or no longer lack something they did.
    pub records: Vec<RecordChange>,
    /// Networks, by id, that lost their last place, or are named by a rule without one.
    pub networks_left_without_place: Vec<String>,
    /// Networks that had no place and have one.
    pub networks_with_a_first_place: Vec<String>,
    /// What people call the networks, by id.
    #[serde(skip)]
    pub network_names: BTreeMap<String, String>,
    /// Territories whose label counts and did not, or no longer does.
    pub labels: Vec<LabelChange>,
}

/// The gaps that change in one area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AreaGaps {
    /// What it is.
    pub kind: AreaKind,
    /// INSEE code of a department or a commune, id of a territory or of the edition.
    pub code: String,
    /// Its name.
    pub name: String,
    /// One for each public and need for which something changes.
    pub gaps: Vec<Gap>,
}

/// What changes for one public and need in an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Id of the public; `None` for whoever is the worst off.
    pub public: Option<String>,
    /// Who they are (French).
    pub who: String,
    /// What they look for.
    pub need: Need,
    /// Communes that had a place within the edition's reach, or one that is there for them,
    /// and have none.
    #[serde(skip_serializing_if = "Communes::is_empty")]
    pub new_without: Communes,
    /// Communes that had none and have one.
    #[serde(skip_serializing_if = "Communes::is_empty")]
    pub solved_without: Communes,
    /// Communes that had a place near and have none.
    #[serde(skip_serializing_if = "Communes::is_empty")]
    pub new_far: Communes,
    /// Communes that had none near and have one.
    #[serde(skip_serializing_if = "Communes::is_empty")]
    pub solved_far: Communes,
}

/// Some communes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Communes {
    /// How many.
    pub communes: usize,
    /// How many people live there.
    pub inhabitants: u64,
    /// The names of those where the most people live, five at most.
    pub examples: Vec<String>,
}

/// A record whose lacks change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordChange {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Name of its commune.
    pub commune: String,
    /// What it lacks now and did not.
    pub new: Vec<Lack>,
    /// What it lacked and no longer does.
    pub solved: Vec<Lack>,
}

/// A territory whose label changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelChange {
    /// Its id.
    pub territory: String,
    /// Its name.
    pub name: String,
    /// Whether its label counted on the day.
    pub before: bool,
    /// Whether it counts.
    pub after: bool,
}

impl Communes {
    /// Whether there is none. JSON leaves these out: most areas have many.
    pub const fn is_empty(&self) -> bool {
        self.communes == 0
    }
}

impl Comparison {
    /// Whether nothing of it changes.
    pub fn is_empty(&self) -> bool {
        let Self {
            near_km: _,
            areas,
            publics_added,
            publics_removed,
            records,
            networks_left_without_place,
            networks_with_a_first_place,
            network_names: _,
            labels,
        } = self;
        areas.is_empty()
            && publics_added.is_empty()
            && publics_removed.is_empty()
            && records.is_empty()
            && networks_left_without_place.is_empty()
            && networks_with_a_first_place.is_empty()
            && labels.is_empty()
    }
}

/// Compares two surveys, made with the same geography on the same day.
pub fn compare(before: &Survey, after: &Survey) -> Comparison {
    let ids = |survey: &Survey| -> BTreeSet<String> {
        survey.publics.iter().map(|public| public.id.clone()).collect()
    };
    let (old, new) = (ids(before), ids(after));
    let networks =
        |survey: &Survey| -> BTreeSet<String> { survey.networks_without_place().into_iter().collect() };
    let (old_networks, new_networks) = (networks(before), networks(after));
    let both = [before, after].into_iter().flat_map(|survey| &survey.directory.edition.networks);
    let network_names = both.map(|network| (network.id.clone(), words(&network.name).to_owned())).collect();
    Comparison {
        near_km: near_km(after),
        areas: areas(before, after),
        publics_added: new.difference(&old).cloned().collect(),
        publics_removed: old.difference(&new).cloned().collect(),
        records: record_changes(before, after),
        networks_left_without_place: new_networks.difference(&old_networks).cloned().collect(),
        networks_with_a_first_place: old_networks
            .difference(&new_networks)
            .filter(|id| after.directory.structures.iter().any(|one| one.network == **id))
            .cloned()
            .collect(),
        network_names,
        labels: labels(before, after),
    }
}

/// The middle one of the distances that people tell apart.
fn near_km(survey: &Survey) -> u16 {
    let near = &survey.thresholds.near_km;
    near.get(near.len() / 2).copied().unwrap_or(survey.thresholds.reach_km)
}

/// A public by rank, what they look for, and which of the four lists of a [`Gap`].
type Slot = (usize, Need, usize);

/// The communes of a list: how many people live there, and the name.
type Named<'a> = Vec<(u32, &'a str)>;

/// What is counted of an area: the gaps by the rank of their public and by need.
struct Count<'a> {
    what: (AreaKind, &'a str, &'a str),
    members: Option<Members<'a>>,
    gaps: BTreeMap<(usize, Need), Gap>,
    named: BTreeMap<Slot, Named<'a>>,
}

impl Count<'_> {
    fn holds(&self, commune: &Commune) -> bool {
        match (self.what.0, &self.members) {
            (AreaKind::Department, _) => commune.department() == self.what.1,
            (_, Some(members)) => members.holds(commune),
            (_, None) => true,
        }
    }
}

fn areas(before: &Survey, after: &Survey) -> Vec<AreaGaps> {
    let scope = &after.scope;
    let new = |what, members| Count { what, members, gaps: BTreeMap::new(), named: BTreeMap::new() };
    let mut counts = vec![new((scope.kind, scope.code.as_str(), scope.name.as_str()), None)];
    if scope.kind != AreaKind::Commune {
        let departments = after.directory.edition.region.departments.iter();
        counts.extend(departments.map(|one| new((AreaKind::Department, &one.code, &one.name), None)));
        counts.extend(
            after.directory.territories.iter().map(|one| {
                new((AreaKind::Territory, &one.id, &one.name), Some(members(one, after.geography)))
            }),
        );
    }
    // The publics that both have; the last rank is whoever is the worst off.
    let publics: Vec<(usize, usize)> = after
        .publics
        .iter()
        .enumerate()
        .filter_map(|(rank, public)| Some((before.publics.iter().position(|one| one.id == public.id)?, rank)))
        .collect();
    let worst = after.publics.len();
    let old_rows: BTreeMap<&str, Row> = before.rows().map(|row| (row.commune.code.as_str(), row)).collect();
    let near = Meters::from_km(near_km(after));
    for row in after.rows() {
        // A commune that joins the region had no gap: it had no survey.
        let Some(old) = old_rows.get(row.commune.code.as_str()) else { continue };
        for need in Need::ALL {
            let of_publics = publics.iter().map(|(old_rank, rank)| {
                (*rank, old.nearest[*old_rank].get(need), row.nearest[*rank].get(need))
            });
            let for_all =
                (worst, worst_off(*old, &before.publics, need), worst_off(row, &after.publics, need));
            for (rank, was, is) in of_publics.chain([for_all]) {
                let changes = [
                    change(was, is, |found| reaches(found, before), |found| reaches(found, after)),
                    change(was, is, |found| found.distance <= near, |found| found.distance <= near),
                ];
                if changes == [None, None] {
                    continue;
                }
                let who = after.publics.get(rank);
                for count in counts.iter_mut().filter(|count| count.holds(row.commune)) {
                    let gap = count.gaps.entry((rank, need)).or_insert_with(|| Gap {
                        public: who.map(|public| public.id.clone()),
                        who: who.map_or("La personne la moins bien servie".to_owned(), |one| one.who.clone()),
                        need,
                        new_without: Communes::default(),
                        solved_without: Communes::default(),
                        new_far: Communes::default(),
                        solved_far: Communes::default(),
                    });
                    for (index, change) in changes.iter().enumerate() {
                        let Some(is_new) = change else { continue };
                        let which = index * 2 + usize::from(!is_new);
                        let communes = slot(gap, which);
                        communes.communes += 1;
                        communes.inhabitants += u64::from(row.commune.population);
                        let named = count.named.entry((rank, need, which)).or_default();
                        named.push((row.commune.population, &row.commune.name));
                    }
                }
            }
        }
    }
    counts.into_iter().filter_map(finished).collect()
}

fn finished(mut count: Count) -> Option<AreaGaps> {
    for ((rank, need, which), mut named) in count.named {
        named.sort_by(|a, b| (b.0, a.1).cmp(&(a.0, b.1)));
        if let Some(gap) = count.gaps.get_mut(&(rank, need)) {
            slot(gap, which).examples =
                named.into_iter().take(EXAMPLES).map(|(_, name)| name.to_owned()).collect();
        }
    }
    let (kind, code, name) = count.what;
    let gaps: Vec<Gap> = count.gaps.into_values().collect();
    (!gaps.is_empty()).then(|| AreaGaps { kind, code: code.to_owned(), name: name.to_owned(), gaps })
}

fn slot(gap: &mut Gap, which: usize) -> &mut Communes {
    match which {
        0 => &mut gap.new_without,
        1 => &mut gap.solved_without,
        2 => &mut gap.new_far,
        _ => &mut gap.solved_far,
    }
}

/// Whether the guide would send anybody that far.
fn reaches(found: Found, survey: &Survey) -> bool {
    found.competent || found.distance <= Meters::from_km(survey.thresholds.reach_km)
}

/// Whether a gap is new (true) or solved (false).
fn change(
    was: Option<Found>,
    is: Option<Found>,
    did: impl Fn(Found) -> bool,
    does: impl Fn(Found) -> bool,
) -> Option<bool> {
    let (had, has) = (was.is_some_and(did), is.is_some_and(does));
    (had != has).then_some(had)
}

fn record_changes(before: &Survey, after: &Survey) -> Vec<RecordChange> {
    let states = |survey: &Survey| -> BTreeMap<String, PlaceState> {
        let holds = |commune: &Commune| survey.holds(commune);
        records::places(survey.directory, survey.geography, &holds, &survey.thresholds, &survey.today)
            .into_iter()
            .map(|state| (state.id.clone(), state))
            .collect()
    };
    let (old, new) = (states(before), states(after));
    let lacks = |states: &BTreeMap<String, PlaceState>, id: &str| {
        states.get(id).map(|one| one.lacks.clone()).unwrap_or_default()
    };
    after
        .directory
        .structures
        .iter()
        .filter_map(|structure| {
            let (had, has) = (lacks(&old, &structure.id), lacks(&new, &structure.id));
            let only = |these: &[Lack], those: &[Lack]| -> Vec<Lack> {
                these.iter().copied().filter(|lack| !those.contains(lack)).collect()
            };
            let (new, solved) = (only(&has, &had), only(&had, &has));
            (!new.is_empty() || !solved.is_empty()).then(|| RecordChange {
                id: structure.id.clone(),
                name: structure.name.clone(),
                commune: after
                    .geography
                    .current(&structure.commune)
                    .map_or_else(String::new, |commune| commune.name.clone()),
                new,
                solved,
            })
        })
        .collect()
}

fn labels(before: &Survey, after: &Survey) -> Vec<LabelChange> {
    let counts = |survey: &Survey, id: &str| {
        let territory = survey.directory.territories.iter().find(|territory| territory.id == id);
        territory.and_then(|one| one.label.as_ref()).is_some_and(|label| label.counts_on(&survey.today))
    };
    let names: BTreeMap<&str, &str> = [before, after]
        .iter()
        .flat_map(|survey| &survey.directory.territories)
        .map(|territory| (territory.id.as_str(), territory.name.as_str()))
        .collect();
    names
        .into_iter()
        .map(|(id, name)| LabelChange {
            territory: id.to_owned(),
            name: name.to_owned(),
            before: counts(before, id),
            after: counts(after, id),
        })
        .filter(|change| change.before != change.after)
        .collect()
}
