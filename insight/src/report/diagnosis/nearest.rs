//! The nearest place for every commune, public and need.

use super::publics::Certainty;
use serde::Serialize;
use shared::bond::Bond;
use shared::compile::covers;
use shared::condition::Condition;
use shared::directory::{Directory, Reach, Service};
use shared::geography::{Commune, Geography, Meters, Position};
use shared::recommend::in_force;
use shared::snapshot::Covers;
use std::collections::BTreeMap;

/// What somebody may look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Level One: reception and information.
    Reception,
    /// Level Two: advice or support, whichever is nearer.
    LevelTwo,
    /// Advice.
    Advice,
    /// Support.
    Support,
    /// A place of a network that the rule of the public names, whatever it offers.
    Named,
}

impl Need {
    /// All of them, in the order of a table.
    pub const ALL: [Self; 5] = [Self::Reception, Self::LevelTwo, Self::Advice, Self::Support, Self::Named];

    /// As administrators read it (French).
    pub const fn french(self) -> &'static str {
        match self {
            Self::Reception => "niveau 1 : accueil",
            Self::LevelTwo => "niveau 2 : conseil ou accompagnement",
            Self::Advice => "conseil",
            Self::Support => "accompagnement",
            Self::Named => "lieu prévu par la règle",
        }
    }
}

/// The nearest place of some kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Index in the directory's structures.
    pub structure: usize,
    /// From the commune's centre.
    pub distance: Meters,
    /// The place is there for the commune.
    pub competent: bool,
}

/// What is nearest in one commune for one public.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Nearest {
    services: [Option<Found>; 3],
    named: Option<Found>,
}

impl Nearest {
    /// The nearest place for a need.
    pub fn get(&self, need: Need) -> Option<Found> {
        let [reception, advice, support] = self.services;
        match need {
            Need::Reception => reception,
            Need::Advice => advice,
            Need::Support => support,
            Need::LevelTwo => nearer(advice, support),
            Need::Named => self.named,
        }
    }
}

fn nearer(a: Option<Found>, b: Option<Found>) -> Option<Found> {
    a.into_iter().chain(b).min_by_key(|found| (found.distance, found.structure))
}

const SERVICES: [Service; 3] = [Service::Reception, Service::Advice, Service::Support];

/// A place that counts: of a network in force, and not closed for long.
struct Open<'a> {
    structure: usize,
    home: &'a Commune,
    position: Position,
    /// Places of one kind serve the same people and offer the same.
    kind: usize,
    covers: Covers,
    reach: Reach,
}

/// What the places of a kind have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    network: usize,
    /// Index among the narrower publics, of a place that has one.
    serves: Option<usize>,
    services: Vec<Service>,
}

/// The distinct publics of places that are narrower than their network.
pub(super) fn conditions(directory: &Directory) -> Vec<&Condition> {
    let mut conditions: Vec<&Condition> = Vec::new();
    for serves in directory.structures.iter().filter_map(|structure| structure.serves.as_ref()) {
        if !conditions.contains(&serves) {
            conditions.push(serves);
        }
    }
    conditions
}

/// Works out the nearest places: for each commune, in their order, one [`Nearest`] a public.
///
/// The order is the engine's. Within a network, a place that is there for the commune hides
/// those that only happen to be near, and in a network of a territory one with a closer [`Bond`]
/// hides the others; a place that is there for other communes is out; then
/// the nearest counts, of all networks. Only what certainly serves every one of the public
/// counts. The edition's reach does not: how far is too far is for the reader.
pub(super) fn nearest(
    directory: &Directory,
    geography: &Geography,
    communes: &[&Commune],
    publics: &[Certainty],
    is_open: &dyn Fn(usize) -> bool,
    today: &str,
) -> Vec<Nearest> {
    let mut kinds: Vec<Kind> = Vec::new();
    let conditions = conditions(directory);
    let mut all = Vec::with_capacity(communes.len() * publics.len());
    for group in communes.chunk_by(|a, b| a.department() == b.department()) {
        let code = group[0].department();
        let department: Vec<&Commune> =
            geography.communes().iter().filter(|commune| commune.department() == code).collect();
        let open: Vec<Open> = (0..directory.structures.len())
            .filter(|index| is_open(*index))
            .filter_map(|index| {
                open(directory, geography, index, (code, &department), &conditions, &mut kinds, today)
            })
            .collect();
        let choices = choices(directory, publics, &kinds);
        for commune in group {
            let rank =
                department.binary_search_by(|other| other.code.cmp(&commune.code)).unwrap_or(usize::MAX);
            let by_kind = by_kind(&open, kinds.len(), commune, rank);
            all.extend(choices.iter().map(|wanted| Nearest {
                services: [0, 1, 2].map(|service| best(&by_kind, &wanted[service])),
                named: best(&by_kind, &wanted[3]),
            }));
        }
    }
    all
}

fn open<'a>(
    directory: &Directory,
    geography: &'a Geography,
    index: usize,
    (code, department): (&str, &[&Commune]),
    conditions: &[&Condition],
    kinds: &mut Vec<Kind>,
    today: &str,
) -> Option<Open<'a>> {
    let structure = &directory.structures[index];
    let commune = geography.current(&structure.commune)?;
    let networks = &directory.edition.networks;
    let network = networks.iter().position(|network| network.id == structure.network)?;
    let of = &networks[network];
    if !in_force(of.valid_from.as_deref(), of.valid_until.as_deref(), today) {
        return None;
    }
    let serves =
        structure.serves.as_ref().and_then(|serves| conditions.iter().position(|one| *one == serves));
    let mut services = structure.services.clone().unwrap_or_else(|| of.services.clone());
    services.sort_unstable();
    let kind = Kind { network, serves, services };
    let kind = kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
        kinds.push(kind);
        kinds.len() - 1
    });
    Some(Open {
        structure: index,
        home: commune,
        position: structure.position.unwrap_or(commune.position),
        kind,
        covers: covers(directory, geography, structure, code, department),
        reach: of.reach,
    })
}

/// For a public and a need, the kinds of places that will do, network by network.
type Wanted = [Vec<Vec<usize>>; 4];

fn choices(directory: &Directory, publics: &[Certainty], kinds: &[Kind]) -> Vec<Wanted> {
    publics
        .iter()
        .map(|certainty| {
            let serves = |kind: &Kind| {
                certainty.networks[kind.network]
                    && kind.serves.is_none_or(|condition| certainty.conditions[condition])
            };
            let wanted = |will_do: &dyn Fn(&Kind) -> bool| -> Vec<Vec<usize>> {
                let mut by_network: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
                for (index, kind) in kinds.iter().enumerate() {
                    if serves(kind) && will_do(kind) {
                        by_network.entry(kind.network).or_default().push(index);
                    }
                }
                by_network.into_values().collect()
            };
            let offering = |service: Service| wanted(&|kind| kind.services.contains(&service));
            let named =
                wanted(&|kind| certainty.public.named.contains(&directory.edition.networks[kind.network].id));
            let [reception, advice, support] = SERVICES.map(offering);
            [reception, advice, support, named]
        })
        .collect()
}

/// The nearest place of each [`Bond`].
type ByBond = [Option<Found>; 5];

/// For each kind of place, the nearest of each bond.
fn by_kind(open: &[Open<'_>], kinds: usize, here: &Commune, rank: usize) -> Vec<ByBond> {
    let mut by_kind = vec![ByBond::default(); kinds];
    for place in open {
        let bond = match &place.covers {
            Covers::Department => Bond::Competent,
            Covers::Communes(communes) => {
                if !u16::try_from(rank).is_ok_and(|rank| communes.binary_search(&rank).is_ok()) {
                    continue;
                }
                Bond::Competent
            }
            Covers::Undeclared => match place.reach {
                Reach::DeclaredOnly => continue,
                Reach::Territory => Bond::between(here, place.home),
                Reach::AnyPlace => Bond::Distance,
            },
        };
        let distance = here.position.distance(place.position);
        let found = Found { structure: place.structure, distance, competent: bond.is_competent() };
        let best = &mut by_kind[place.kind][bond as usize];
        *best = nearer(*best, Some(found));
    }
    by_kind
}

fn best(by_kind: &[ByBond], wanted: &[Vec<usize>]) -> Option<Found> {
    let of_network = |kinds: &Vec<usize>| {
        let nearest = |which: usize| {
            kinds
                .iter()
                .filter_map(|kind| by_kind[*kind][which])
                .min_by_key(|found| (found.distance, found.structure))
        };
        (0..ByBond::default().len()).find_map(nearest)
    };
    wanted.iter().filter_map(of_network).min_by_key(|found| (found.distance, found.structure))
}
