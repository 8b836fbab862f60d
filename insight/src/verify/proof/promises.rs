//! The guarantees, tried with imagined places.

use super::places::piece_of;
use shared::condition::Answers;
use shared::directory::{Directory, Guarantee};
use shared::geography::Position;
use shared::recommend::{NoRecommendation, Plan, Recommendation, Target, recommend_cards};
use shared::snapshot::{Covers, DepartmentPiece, LocalizedGuide, Place};

const SOMEWHERE: &str = "00000";

/// The edition's guarantees, with the imagined worlds in which they are tried.
#[derive(Debug)]
pub struct Promises<'a> {
    guarantees: &'a [Guarantee],
    /// What each of them says, by number.
    wishes: Vec<Wish>,
    ids: Vec<&'a str>,
    /// The ids of the guide's rules.
    rules: Vec<String>,
    /// Every network beside the visitor; none; then each network alone; then, for each guarantee that
    /// imagines places of its own, those.
    worlds: Vec<DepartmentPiece>,
    /// For each guarantee, the rank of its own world.
    own: Vec<Option<usize>>,
}

/// What a guarantee says, by the ranks of its networks and rules: comparing names in every world
/// takes longer than deciding there.
#[derive(Debug)]
struct Wish {
    main: Vec<usize>,
    received: Vec<usize>,
    among: Vec<usize>,
    nearest: Vec<usize>,
    within: Vec<usize>,
    never: Vec<usize>,
    because: Vec<usize>,
}

impl Wish {
    fn of(guarantee: &Guarantee, ids: &[&str], rules: &[String]) -> Self {
        let ranks =
            |named: &[String]| named.iter().filter_map(|name| ids.iter().position(|id| id == name)).collect();
        let because = guarantee.because.iter().filter_map(|name| rules.iter().position(|id| id == name));
        Self {
            main: ranks(&guarantee.main),
            received: ranks(&guarantee.received),
            among: ranks(&guarantee.among),
            nearest: ranks(&guarantee.nearest),
            within: ranks(&guarantee.within),
            never: ranks(&guarantee.never),
            because: because.collect(),
        }
    }
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
        let guarantees = &directory.edition.guarantees;
        let ids: Vec<&str> = directory.edition.networks.iter().map(|network| network.id.as_str()).collect();
        let rules: Vec<String> = guide.rules.iter().map(|rule| rule.id.clone()).collect();
        let wishes = guarantees.iter().map(|guarantee| Wish::of(guarantee, &ids, &rules)).collect();
        Self { guarantees, wishes, ids, rules, worlds, own }
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
        let alone = |network: usize| {
            looked_for.contains(&network)
                || made.iter().any(|guarantee| self.wishes[*guarantee].nearest.contains(&network))
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
    fn expected(&self, index: usize, world: usize, found: Option<&Recommendation>) -> Option<String> {
        let (guarantee, wish) = (&self.guarantees[index], &self.wishes[index]);
        let Some(found) = found else { return Some("au moins une recommandation".to_owned()) };
        let is_own = self.own[index].is_some();
        if (world == Self::ALL || is_own || guarantee.anywhere)
            && let Some(expected) = self.first_and_beside(index, found)
        {
            return Some(expected);
        }
        if let Some(expected) = self.unwanted(index, found) {
            return Some(expected);
        }
        if (world == Self::ALL || is_own)
            && let Some(expected) = self.beyond(index, found).or_else(|| self.elsewhere(index, found))
        {
            return Some(expected);
        }
        if let Some(expected) = self.other_reason(index, found) {
            return Some(expected);
        }
        if is_own {
            return None;
        }
        let alone = world.checked_sub(Self::ALONE).filter(|network| wish.nearest.contains(network))?;
        if wish.main.contains(&alone) {
            let is_first = found.main.network == Some(alone);
            return (!is_first).then(|| format!("en premier, le seul lieu proche : {}", self.ids[alone]));
        }
        (!has(found, alone)).then(|| format!("le seul lieu proche : {}", self.ids[alone]))
    }

    fn first_and_beside(&self, index: usize, found: &Recommendation) -> Option<String> {
        let (wish, main) = (&self.wishes[index], &self.guarantees[index].main);
        if !main.is_empty() && found.main.network.is_none_or(|network| !wish.main.contains(&network)) {
            return Some(format!("en premier : {}", main.join(" ou ")));
        }
        let missing = wish.among.iter().find(|network| !has(found, **network))?;
        Some(format!("parmi les lieux proposés : {}", self.ids[*missing]))
    }

    /// The place where anybody is received that a guarantee wants and that is not there.
    fn elsewhere(&self, index: usize, found: &Recommendation) -> Option<String> {
        let (wish, wanted) = (&self.wishes[index], &self.guarantees[index].received);
        let card = found.reception.as_ref().unwrap_or(&found.main);
        let is_there = matches!(card.target, Target::Place(_))
            && card.network.is_some_and(|network| wish.received.contains(&network));
        (!wanted.is_empty() && !is_there).then(|| format!("un lieu où être reçu : {}", wanted.join(" ou ")))
    }

    fn other_reason(&self, index: usize, found: &Recommendation) -> Option<String> {
        let (wish, known) = (&self.wishes[index], &self.guarantees[index].because);
        let mut rules = found.cards().filter_map(|card| card.rule);
        let other = rules.find(|rule| !known.is_empty() && !wish.because.contains(rule))?;
        Some(format!("pas la raison de {}, seulement celles de : {}", self.rules[other], known.join(", ")))
    }

    fn beyond(&self, index: usize, found: &Recommendation) -> Option<String> {
        let (wish, known) = (&self.wishes[index], &self.guarantees[index].within);
        let mut networks = found.cards().filter_map(|card| card.network);
        let other = networks.find(|network| !known.is_empty() && !wish.within.contains(network))?;
        Some(format!("pas {}, rien d’autre que : {}", self.ids[other], known.join(", ")))
    }

    /// A network that a guarantee excludes and that is recommended all the same.
    pub(super) fn unwanted(&self, index: usize, found: &Recommendation) -> Option<String> {
        let never = &self.wishes[index].never;
        let mut networks = found.cards().filter_map(|card| card.network);
        networks
            .find(|network| never.contains(network))
            .map(|network| format!("jamais {}", self.ids[network]))
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

fn has(found: &Recommendation, network: usize) -> bool {
    found.cards().any(|card| card.network == Some(network))
}
