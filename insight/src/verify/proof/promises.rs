//! The guarantees, tried with imagined places.

use super::places::piece_of;
use shared::condition::Answers;
use shared::directory::{Directory, Guarantee, Network};
use shared::geography::Position;
use shared::recommend::{NoRecommendation, Plan, Recommendation, Target, recommend_cards};
use shared::snapshot::{Covers, DepartmentPiece, LocalizedGuide, Place};

const SOMEWHERE: &str = "00000";

/// The edition's guarantees, with the imagined worlds in which they are tried.
#[derive(Debug)]
pub struct Promises<'a> {
    guarantees: &'a [Guarantee],
    networks: &'a [Network],
    ids: Vec<&'a str>,
    /// The ids of the guide's rules.
    rules: Vec<String>,
    /// Every network beside the visitor; none; then each network alone; then, for each guarantee that
    /// imagines places of its own, those.
    worlds: Vec<DepartmentPiece>,
    /// For each guarantee, the rank of its own world.
    own: Vec<Option<usize>>,
}

/// A guarantee that is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its rank.
    pub guarantee: usize,
    /// The places that were imagined, as a French sentence; none for those of the directory.
    pub world: Option<String>,
    /// What was recommended; nothing at all in a dead end.
    pub found: Option<Recommendation>,
    /// What the guarantee wants, in French.
    pub expected: String,
}

impl<'a> Promises<'a> {
    const ALL: usize = 0;
    const NONE: usize = 1;
    const ALONE: usize = 2;

    /// Imagines the places.
    pub fn new(directory: &'a Directory, guide: &LocalizedGuide) -> Self {
        let here = Position { latitude: 45.0, longitude: 5.0, approximate: false };
        let places: Vec<_> = guide
            .networks
            .iter()
            .map(|network| Place {
                id: network.id.clone(),
                network: network.id.clone(),
                position: here,
                covers: Covers::Department,
                services: network.services.clone(),
                ..Place::default()
            })
            .collect();
        let world = |places| piece_of(SOMEWHERE, here, places);
        let mut worlds = vec![world(places.clone()), world(Vec::new())];
        worlds.extend(places.iter().map(|place| world(vec![place.clone()])));
        let own = directory.edition.guarantees.iter().map(|guarantee| {
            if guarantee.imagined.is_empty() {
                return None;
            }
            let there = guarantee.imagined.iter().filter_map(|imagined| {
                let place = places.iter().find(|place| place.network == imagined.network)?;
                Some(Place { position: north(here, imagined.km), ..place.clone() })
            });
            worlds.push(world(there.collect()));
            Some(worlds.len() - 1)
        });
        let own = own.collect();
        Self {
            guarantees: &directory.edition.guarantees,
            networks: &directory.edition.networks,
            ids: directory.edition.networks.iter().map(|network| network.id.as_str()).collect(),
            rules: guide.rules.iter().map(|rule| rule.id.clone()).collect(),
            worlds,
            own,
        }
    }

    /// The guarantees.
    pub const fn guarantees(&self) -> &'a [Guarantee] {
        self.guarantees
    }

    /// What is recommended in every imagined world: first where all networks are, then
    /// where none is, then where each is alone, then where a guarantee says.
    pub fn outcomes(
        &self,
        guide: &LocalizedGuide,
        plan: &Plan,
        answers: &Answers,
    ) -> Vec<Result<Recommendation, NoRecommendation>> {
        (0..self.worlds.len()).map(|world| self.outcome(world, guide, plan, answers)).collect()
    }

    /// What is recommended in one of them.
    pub(super) fn outcome(
        &self,
        world: usize,
        guide: &LocalizedGuide,
        plan: &Plan,
        answers: &Answers,
    ) -> Result<Recommendation, NoRecommendation> {
        recommend_cards(guide, plan, answers, &self.worlds[world], SOMEWHERE)
    }

    /// The worlds where all networks are and where none is, and those of each of these networks.
    pub(super) fn worlds(&self, alone: &dyn Fn(usize) -> bool) -> impl Iterator<Item = usize> + use<> {
        let alone: Vec<usize> = (0..self.ids.len()).filter(|network| alone(*network)).collect();
        let alone = alone.into_iter().map(|network| Self::ALONE + network);
        [Self::ALL, Self::NONE].into_iter().chain(alone)
    }

    /// Tries the guarantees that are made to a visitor in the imagined worlds, and returns
    /// the first that is not kept with how many decisions it took.
    ///
    /// `looked_for` are the networks that the visitor's rules name and that serve them:
    /// any other alone changes nothing.
    pub fn broken(
        &self,
        guide: &LocalizedGuide,
        plan: &Plan,
        answers: &Answers,
        made: &dyn Fn(usize) -> bool,
        looked_for: &[usize],
    ) -> (Option<Broken>, u64) {
        let made: Vec<usize> = (0..self.guarantees.len()).filter(|guarantee| made(*guarantee)).collect();
        if made.is_empty() {
            return (None, 0);
        }
        let is_wanted = |guarantee: &usize, network: usize| {
            self.guarantees[*guarantee].nearest.iter().any(|id| id == self.ids[network])
        };
        let alone = |network: usize| {
            looked_for.contains(&network) || made.iter().any(|guarantee| is_wanted(guarantee, network))
        };
        let mut decided = 0;
        for world in self.worlds(&alone) {
            let found = self.outcome(world, guide, plan, answers).ok();
            decided += 1;
            for guarantee in made.iter().filter(|guarantee| self.own[**guarantee].is_none()) {
                if let Some(expected) = self.expected(*guarantee, world, found.as_ref()) {
                    let world = Some(Self::told(world, guide));
                    return (Some(Broken { guarantee: *guarantee, world, found, expected }), decided);
                }
            }
        }
        for guarantee in made {
            let Some(world) = self.own[guarantee] else { continue };
            let found = self.outcome(world, guide, plan, answers).ok();
            decided += 1;
            if let Some(expected) = self.expected(guarantee, world, found.as_ref()) {
                let world = Some(self.imagined(guarantee, guide));
                return (Some(Broken { guarantee, world, found, expected }), decided);
            }
        }
        (None, decided)
    }

    /// The world of a guarantee of its own, in French.
    fn imagined(&self, guarantee: usize, guide: &LocalizedGuide) -> String {
        let places = self.guarantees[guarantee].imagined.iter().map(|place| {
            let name = guide.network(&place.network).map_or("", |network| guide.name_of(network));
            format!("{name} à {} km", place.km)
        });
        format!("là où il y a seulement : {}", places.collect::<Vec<_>>().join(", "))
    }

    /// What a guarantee wants in a world and does not get.
    fn expected(&self, guarantee: usize, world: usize, found: Option<&Recommendation>) -> Option<String> {
        let guarantee = &self.guarantees[guarantee];
        let Some(found) = found else { return Some("au moins une recommandation".to_owned()) };
        let is_own = !guarantee.imagined.is_empty();
        if (world == Self::ALL || is_own || guarantee.anywhere)
            && let Some(expected) = self.first_and_beside(guarantee, found)
        {
            return Some(expected);
        }
        if let Some(expected) = unwanted(guarantee, self.networks, found) {
            return Some(expected);
        }
        if (world == Self::ALL || is_own)
            && let Some(expected) = self.beyond(guarantee, found).or_else(|| self.elsewhere(guarantee, found))
        {
            return Some(expected);
        }
        if let Some(expected) = self.other_reason(guarantee, found) {
            return Some(expected);
        }
        if is_own {
            return None;
        }
        let alone = world.checked_sub(Self::ALONE).and_then(|network| self.ids.get(network))?;
        if guarantee.nearest.iter().any(|id| id == alone) {
            let is_first = self.network(found.main.network) == Some(*alone);
            if guarantee.main.iter().any(|id| id == alone) {
                return (!is_first).then(|| format!("en premier, le seul lieu proche : {alone}"));
            }
            return (!self.has(found, alone)).then(|| format!("le seul lieu proche : {alone}"));
        }
        None
    }

    fn first_and_beside(&self, guarantee: &Guarantee, found: &Recommendation) -> Option<String> {
        let main = self.network(found.main.network);
        if !guarantee.main.is_empty() && !guarantee.main.iter().any(|id| Some(id.as_str()) == main) {
            return Some(format!("en premier : {}", guarantee.main.join(" ou ")));
        }
        let missing = guarantee.among.iter().find(|id| !self.has(found, id))?;
        Some(format!("parmi les lieux proposés : {missing}"))
    }

    /// The place where anybody is received that a guarantee wants and that is not there.
    fn elsewhere(&self, guarantee: &Guarantee, found: &Recommendation) -> Option<String> {
        let card = found.reception.as_ref().unwrap_or(&found.main);
        let id = self.network(card.network).filter(|_| matches!(card.target, Target::Place(_)));
        let is_there = guarantee.received.is_empty()
            || guarantee.received.iter().any(|known| Some(known.as_str()) == id);
        (!is_there).then(|| format!("un lieu où être reçu : {}", guarantee.received.join(" ou ")))
    }

    fn other_reason(&self, guarantee: &Guarantee, found: &Recommendation) -> Option<String> {
        if guarantee.because.is_empty() {
            return None;
        }
        let rules = found.cards().filter_map(|card| card.rule).map(|rule| &self.rules[rule]);
        let other = rules.into_iter().find(|id| !guarantee.because.contains(id))?;
        Some(format!("pas la raison de {other}, seulement celles de : {}", guarantee.because.join(", ")))
    }

    fn beyond(&self, guarantee: &Guarantee, found: &Recommendation) -> Option<String> {
        let is_known =
            |id: &str| guarantee.within.is_empty() || guarantee.within.iter().any(|known| known == id);
        let id = found.cards().filter_map(|card| self.network(card.network)).find(|id| !is_known(id))?;
        Some(format!("pas {id}, rien d’autre que : {}", guarantee.within.join(", ")))
    }

    fn network(&self, index: Option<usize>) -> Option<&'a str> {
        index.map(|index| self.ids[index])
    }

    fn has(&self, found: &Recommendation, id: &str) -> bool {
        found.cards().any(|card| self.network(card.network) == Some(id))
    }

    pub(super) fn told(world: usize, guide: &LocalizedGuide) -> String {
        match world {
            Self::ALL => "là où chaque réseau a un lieu tout près".to_owned(),
            Self::NONE => "là où aucun réseau n’a de lieu".to_owned(),
            _ => {
                format!(
                    "là où un seul réseau a un lieu : {}",
                    guide.networks.get(world - Self::ALONE).map_or("", |network| guide.name_of(network))
                )
            }
        }
    }
}

/// So many kilometres to the north of a position.
fn north(here: Position, km: u16) -> Position {
    /// Of latitude.
    const KM_OF_A_DEGREE: f32 = 111.195;
    Position { latitude: here.latitude + f32::from(km) / KM_OF_A_DEGREE, ..here }
}

/// A network that a guarantee excludes and that is recommended all the same.
pub(super) fn unwanted(
    guarantee: &Guarantee,
    networks: &[Network],
    found: &Recommendation,
) -> Option<String> {
    found
        .cards()
        .filter_map(|card| card.network)
        .map(|network| &networks[network].id)
        .find(|id| guarantee.never.contains(id))
        .map(|id| format!("jamais {id}"))
}
