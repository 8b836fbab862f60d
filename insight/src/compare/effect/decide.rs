//! The engine's decision about the main place, on a piece and a guide from which whatever
//! cannot matter to it is left out: what remains is short, and equal exactly where the
//! decision must be.

use super::classes::{Road, narrower};
use super::{Kind, Side, Whereto};
use shared::condition::{Answers, Condition};
use shared::directory::{Address, Network, Pick, Role, Rule};
use shared::geography::Meters;
use shared::recommend::{Plan, Target, plan, recommend_cards};
use shared::snapshot::{CommunePoint, DepartmentPiece, Guide, Place};
use std::collections::BTreeSet;

/// Where somebody is sent first; ranks are those of the side's guide and piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Place(usize, Meters),
    Network(usize),
    Remote(usize),
    Nothing,
}

/// One side in one department.
pub(super) struct Decider<'a> {
    guide: &'a Guide,
    piece: Option<&'a DepartmentPiece>,
    /// The places with nothing but what decides: the same ranks as in the piece.
    lean: Vec<Place>,
    narrower: Vec<(usize, &'a Condition)>,
}

/// One side as the people of one class meet it in one department.
pub(super) struct Prepared {
    guide: Guide,
    plan: Plan,
    piece: DepartmentPiece,
    /// Rank here → rank in the side's piece or guide.
    places: Vec<usize>,
    networks: Vec<usize>,
    remote: Option<usize>,
}

impl<'a> Decider<'a> {
    pub(super) fn new(side: &'a Side, department: &str) -> Self {
        let piece = side.departments.get(department);
        let lean = piece.map_or_else(Vec::new, |piece| piece.places.iter().map(lean_place).collect());
        Self { guide: &side.guide, piece, lean, narrower: narrower(side) }
    }

    /// What the engine is asked with; `None` where the region has no such department.
    pub(super) fn prepare(&self, road: &Road) -> Option<Prepared> {
        let piece = self.piece?;
        let networks: Vec<usize> = road
            .rules
            .iter()
            .flat_map(|(_, serving)| serving.iter().copied())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let is_open = |place: &Place| {
            networks.iter().any(|network| self.guide.networks[*network].id == place.network)
                && (place.serves == Condition::Always
                    || road.included.iter().any(|rank| {
                        let (network, condition) = self.narrower[*rank];
                        self.guide.networks[network].id == place.network && *condition == place.serves
                    }))
        };
        let places: Vec<usize> = (0..self.lean.len()).filter(|index| is_open(&self.lean[*index])).collect();
        let here =
            places.iter().map(|index| Place { serves: Condition::Always, ..self.lean[*index].clone() });
        let guide = self.lean_guide(road, &networks);
        Some(Prepared {
            plan: plan(&guide, &Answers::new(), ""),
            guide,
            piece: DepartmentPiece {
                format: piece.format,
                code: piece.code.clone(),
                partial: piece.partial.clone(),
                communes: piece.communes.clone(),
                places: here.collect(),
            },
            places,
            networks,
            remote: road.remote,
        })
    }

    /// The part of the guide that a road goes through, without words, dates or conditions:
    /// they have all been evaluated.
    fn lean_guide(&self, road: &Road, networks: &[usize]) -> Guide {
        let id = |network: &usize| self.guide.networks[*network].id.clone();
        let rules = road.rules.iter().map(|(rule, serving)| {
            let serving = serving.iter().map(id).collect();
            Rule {
                id: String::new(),
                when: Condition::Always,
                role: Role::Main,
                pick: match &self.guide.rules[*rule].pick {
                    Pick::InOrder(_) => Pick::InOrder(serving),
                    Pick::NearestOf(_) => Pick::NearestOf(serving),
                },
                preference: self.guide.rules[*rule].preference.clone(),
                complements: Vec::new(),
                reason: String::new(),
                source: String::new(),
                verified: true,
                valid_from: None,
                valid_until: None,
            }
        });
        let remote = road.remote.map(|remote| {
            let mut remote = self.guide.remote_services[remote].clone();
            (remote.serves, remote.valid_from, remote.valid_until) = (Condition::Always, None, None);
            (remote.name, remote.description, remote.hours) = (String::new(), String::new(), None);
            (remote.website, remote.phone, remote.checked_on) = (String::new(), None, None);
            remote
        });
        Guide {
            format: self.guide.format,
            language: String::new(),
            languages: Vec::new(),
            untranslated: Vec::new(),
            edition: String::new(),
            title: String::new(),
            region: String::new(),
            departments: Vec::new(),
            contact: None,
            reach_km: self.guide.reach_km,
            questions: Vec::new(),
            networks: networks.iter().map(|network| lean_network(&self.guide.networks[*network])).collect(),
            rules: rules.collect(),
            remote_services: remote.into_iter().collect(),
            territories: Vec::new(),
            preparations: Vec::new(),
            say_in_french: Vec::new(),
        }
    }

    /// What tells one outcome from another.
    pub(super) fn id(&self, outcome: Outcome) -> (u8, &str) {
        match outcome {
            Outcome::Place(place, _) => (0, &self.lean[place].id),
            Outcome::Network(network) => (1, &self.guide.networks[network].id),
            Outcome::Remote(remote) => (2, &self.guide.remote_services[remote].id),
            Outcome::Nothing => (3, ""),
        }
    }

    /// An outcome as it is told.
    pub(super) fn whereto(&self, outcome: Outcome) -> Whereto {
        let (kind, name, distance) = match outcome {
            Outcome::Place(place, distance) => {
                let name = self.piece.map(|piece| piece.places[place].name.as_str());
                (Kind::Place, name.unwrap_or_default(), Some(distance))
            }
            Outcome::Network(network) => (Kind::Network, self.guide.networks[network].name.as_str(), None),
            Outcome::Remote(remote) => (Kind::Remote, self.guide.remote_services[remote].name.as_str(), None),
            Outcome::Nothing => (Kind::Nothing, "", None),
        };
        Whereto { kind, id: self.id(outcome).1.to_owned(), name: name.to_owned(), distance }
    }
}

/// Whether the engine must decide the same for every commune of the department.
pub(super) fn is_same(before: Option<&Prepared>, after: Option<&Prepared>) -> bool {
    match (before, after) {
        (None, None) => true,
        (Some(before), Some(after)) => {
            // The territory of a commune, whose card it is, decides nothing.
            let points = |prepared: &Prepared| -> Vec<CommunePoint> {
                let lean = |one: &CommunePoint| CommunePoint { territory: None, ..one.clone() };
                prepared.piece.communes.iter().map(lean).collect()
            };
            before.guide == after.guide
                && before.piece.places == after.piece.places
                && before.piece.partial == after.piece.partial
                && points(before) == points(after)
        }
        _ => false,
    }
}

/// Decides for one commune.
pub(super) fn decide(prepared: Option<&Prepared>, commune: &str) -> Outcome {
    let Some(prepared) = prepared else { return Outcome::Nothing };
    let Prepared { guide, plan, piece, .. } = prepared;
    let Ok(found) = recommend_cards(guide, plan, &Answers::new(), piece, commune) else {
        return Outcome::Nothing;
    };
    let network =
        || found.main.network.map_or(Outcome::Nothing, |one| Outcome::Network(prepared.networks[one]));
    match found.main.target {
        Target::Place(chosen) => Outcome::Place(prepared.places[chosen.place], chosen.distance),
        Target::Network => network(),
        Target::Remote(_) => prepared.remote.map_or(Outcome::Nothing, Outcome::Remote),
    }
}

/// A network with nothing but what decides.
fn lean_network(network: &Network<String>) -> Network<String> {
    Network {
        name: String::new(),
        acronym: None,
        description: String::new(),
        public: String::new(),
        serves: Condition::Always,
        // Whether there is a site or a phone decides, not which.
        website: network.website.as_ref().or(network.phone.as_ref()).map(|_| String::new()),
        phone: None,
        valid_from: None,
        valid_until: None,
        ..network.clone()
    }
}

/// A place with nothing but what decides.
fn lean_place(place: &Place) -> Place {
    Place {
        id: place.id.clone(),
        network: place.network.clone(),
        name: String::new(),
        address: Address::default(),
        commune: String::new(),
        department: place.department.clone(),
        within: place.within.clone(),
        intercommunality: place.intercommunality,
        position: place.position,
        phones: Vec::new(),
        emails: Vec::new(),
        website: None,
        hours: Vec::new(),
        hours_note: None,
        closed: Vec::new(),
        languages: Vec::new(),
        covers: place.covers.clone(),
        serves: place.serves.clone(),
        services: Vec::new(),
        access: None,
        checked_on: None,
        to_confirm: false,
        source: None,
        as_of: None,
        licence: None,
    }
}
