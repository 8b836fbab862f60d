//! The engine's decision about the main place, on a piece and a guide from which whatever
//! cannot matter to it is left out: what remains is short, and equal exactly where the
//! decision must be.

use super::classes::{Road, narrower};
use super::{Kind, Side, Whereto};
use shared::condition::{Answers, Condition};
use shared::decision::{Guide, GuideNetwork, GuidePick, GuideRule, GuideService, NetworkIx};
use shared::geography::Meters;
use shared::recommend::{Plan, Target, plan, recommend_cards};
use shared::snapshot::{CommunePoint, DepartmentPiece, LocalizedGuide, Place};
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
    guide: &'a LocalizedGuide,
    piece: Option<&'a DepartmentPiece>,
    /// The places with nothing but what decides: the same ranks as in the piece.
    decisive: Vec<Place>,
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
        let decisive = |place: &Place| Place {
            id: place.id.clone(),
            network: place.network.clone(),
            department: place.department.clone(),
            within: place.within.clone(),
            intercommunality: place.intercommunality,
            position: place.position,
            covers: place.covers.clone(),
            serves: place.serves.clone(),
            ..Place::default()
        };
        let decisive = piece.map_or_else(Vec::new, |piece| piece.places.iter().map(decisive).collect());
        Self { guide: &side.guide, piece, decisive, narrower: narrower(side) }
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
        let places: Vec<usize> =
            (0..self.decisive.len()).filter(|index| is_open(&self.decisive[*index])).collect();
        let here =
            places.iter().map(|index| Place { serves: Condition::Always, ..self.decisive[*index].clone() });
        let guide = self.of_road(road, &networks);
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
    fn of_road(&self, road: &Road, networks: &[usize]) -> Guide {
        // Networks are numbered anew: those of the road, in their order.
        let rank = |network: usize| networks.binary_search(&network).ok().map(NetworkIx::new);
        let rules = road.rules.iter().map(|(rule, serving)| {
            let rule = &self.guide.rules[*rule];
            let serving = serving.iter().filter_map(|network| rank(*network)).collect();
            let preference = rule.preference.clone().map(|mut preference| {
                preference.times_as_far.retain_mut(|limit| match rank(limit.network.rank()) {
                    Some(network) => {
                        limit.network = network;
                        true
                    }
                    None => false,
                });
                preference
            });
            GuideRule {
                pick: match &rule.pick {
                    GuidePick::InOrder(_) => GuidePick::InOrder(serving),
                    GuidePick::NearestOf(_) => GuidePick::NearestOf(serving),
                },
                preference,
                ..GuideRule::default()
            }
        });
        let networks = networks.iter().map(|network| {
            let network = &self.guide.networks[*network];
            GuideNetwork {
                id: network.id.clone(),
                services: network.services.clone(),
                membership: network.membership,
                cep_operator: network.cep_operator,
                reach: network.reach,
                // Whether there is a site or a phone decides, not which.
                website: network.has_contact().then(String::new),
                ..GuideNetwork::default()
            }
        });
        let remote = road.remote.map(|remote| {
            let GuideService { id, services, .. } = self.guide.remote_services[remote].clone();
            GuideService { id, services, ..GuideService::default() }
        });
        Guide {
            format: self.guide.format,
            reach_km: self.guide.reach_km,
            networks: networks.collect(),
            rules: rules.collect(),
            remote_services: remote.into_iter().collect(),
            ..Guide::default()
        }
    }

    /// What tells one outcome from another.
    pub(super) fn id(&self, outcome: Outcome) -> (u8, &str) {
        match outcome {
            Outcome::Place(place, _) => (0, &self.decisive[place].id),
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
            Outcome::Network(network) => {
                (Kind::Network, self.guide.name_of(&self.guide.networks[network]), None)
            }
            Outcome::Remote(remote) => {
                (Kind::Remote, self.guide.text(self.guide.remote_services[remote].name), None)
            }
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
                let decisive = |one: &CommunePoint| CommunePoint { territory: None, ..one.clone() };
                prepared.piece.communes.iter().map(decisive).collect()
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
