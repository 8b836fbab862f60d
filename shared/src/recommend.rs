//! The decision: which place to go to, why, and what else may help.
//!
//! Three filters, in this order and no other: *competence* (a place that is there for the
//! commune beats any nearer one, and a place that is there for other communes is out; where
//! none declares it, the [`Bond`] with the commune's territory stands for it in the networks
//! that have one), then *eligibility* (nobody is sent to a place that does not serve them), then
//! *distance*. A place of somebody else's territory, and a far one where the list of a network is
//! known not to be whole, do not come before the network's own site or phone. Two steps, so that a
//! proof can run all cases:
//!
//! 1. [`plan`] looks at the answers only: which rules hold, which networks serve.
//! 2. [`recommend`] looks for places around the commune.

use crate::bond::Bond;
use crate::condition::{Answers, Condition, Truth};
use crate::decision::{Guide, GuideNetwork, GuidePick, GuidePreference, GuideRule, NetworkIx};
use crate::directory::{Level, Reach, Role, Service};
use crate::geography::Meters;
use crate::snapshot::{Covers, DepartmentPiece, Place};
use serde::Serialize;

/// What the answers alone decide.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Plan {
    /// Indexes of the rules that hold, in their order.
    pub rules: Vec<usize>,
    /// For each network, whether it serves the visitor.
    pub networks: Vec<Truth>,
    /// For each remote service, whether it serves the visitor.
    pub remote_services: Vec<Truth>,
}

/// A place chosen for a commune.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Chosen {
    /// Index in [`DepartmentPiece::places`].
    pub place: usize,
    /// How far it is from the commune's centre.
    pub distance: Meters,
    /// One of the two positions is approximate.
    pub approximate: bool,
    /// How it belongs to the commune.
    pub bond: Bond,
}

impl Chosen {
    /// What the best of several networks is the least of: a place that is there for the commune,
    /// then the nearest.
    fn among_networks(&self) -> (bool, Meters) {
        (!self.bond.is_competent(), self.distance)
    }
}

/// What a card leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A place of a network.
    Place(Chosen),
    /// A network that has no place near, or none that may come before it, through its national
    /// site or phone.
    Network,
    /// A remote service (index in [`Guide::remote_services`]).
    Remote(usize),
}

/// One thing that is recommended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// Where to go.
    pub target: Target,
    /// Index in [`Guide::networks`]; `None` for a remote service.
    pub network: Option<usize>,
    /// The rule that led here (index in [`Guide::rules`]).
    pub rule: Option<usize>,
    /// What is offered there.
    pub services: Vec<Service>,
}

/// The answer to a visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recommendation {
    /// Where to go first.
    pub main: Card,
    /// Where anybody is received, where the main card is no place of level One: what a rule that
    /// [receives](Role::Receives) leads to.
    pub reception: Option<Card>,
    /// What may also help, most useful first.
    pub complements: Vec<Card>,
    /// Remote services open to the visitor (indexes in [`Guide::remote_services`]).
    pub remote_services: Vec<usize>,
    /// Networks that might serve the visitor, with the questions that would tell.
    pub undetermined: Vec<Undetermined>,
}

/// A network that might serve the visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undetermined {
    /// Index in [`Guide::networks`].
    pub network: usize,
    /// Ids of the questions whose answer would tell.
    pub missing: Vec<String>,
}

/// Why nothing could be recommended. [`crate::validate`] refuses the directories for which
/// the first could happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRecommendation {
    /// No place and no remote service is open to the visitor.
    DeadEnd,
    /// The commune is not in this piece.
    UnknownCommune,
}

/// Looks at the answers. `today` is an ISO date: a rule or a network that has expired, or
/// not begun, does not count.
pub fn plan(guide: &Guide, answers: &Answers, today: &str) -> Plan {
    let questions = &guide.questions;
    let truth = |condition: &Condition| condition.evaluate(answers, questions);
    Plan {
        rules: (0..guide.rules.len())
            .filter(|index| {
                let rule = &guide.rules[*index];
                in_force(rule.valid_from.as_deref(), rule.valid_until.as_deref(), today)
                    && truth(&rule.when) == Truth::Match
            })
            .collect(),
        networks: guide
            .networks
            .iter()
            .map(|network| {
                if in_force(network.valid_from.as_deref(), network.valid_until.as_deref(), today) {
                    truth(&network.serves)
                } else {
                    Truth::NoMatch
                }
            })
            .collect(),
        remote_services: guide
            .remote_services
            .iter()
            .map(|service| {
                if in_force(service.valid_from.as_deref(), service.valid_until.as_deref(), today) {
                    truth(&service.serves)
                } else {
                    Truth::NoMatch
                }
            })
            .collect(),
    }
}

impl Plan {
    /// Leaves out the networks and remote services with these ids, for who they are not there for.
    pub fn without(&mut self, guide: &Guide, ids: &[String]) {
        let networks = guide.networks.iter().map(|network| &network.id).zip(&mut self.networks);
        let services = guide.remote_services.iter().map(|service| &service.id);
        for (_, serves) in
            networks.chain(services.zip(&mut self.remote_services)).filter(|(id, _)| ids.contains(id))
        {
            *serves = Truth::NoMatch;
        }
    }
}

/// Whether `today` is within two ISO dates, both included.
pub fn in_force(from: Option<&str>, until: Option<&str>, today: &str) -> bool {
    from.is_none_or(|from| from <= today) && until.is_none_or(|until| today <= until)
}

/// Decides for one commune.
///
/// `answers` are those that count ([`crate::guide::Walk::answers`]): places with a
/// narrower public than their network are checked against them.
///
/// # Errors
/// Where the commune is not in the piece, or nothing at all is open to the visitor.
///
/// ```
/// use shared::recommend::{NoRecommendation, Target, plan, recommend};
/// use shared::{compile, condition::Answers, directory::Directory, guide::walk, snapshot};
/// # use shared::{geography::Geography, validate::validate};
/// # let geography = Geography::parse(include_str!("../examples/communes.tsv"), "", &|_| true).unwrap();
/// # let directory = Directory::from_json(include_bytes!("../examples/two-places.json")).unwrap();
/// # let valid = validate(directory, &geography, "2026-11-24").unwrap();
/// # let compiled = compile::compile(&valid, &geography);
/// let guide: snapshot::Guide = snapshot::read(&compiled.pieces["guide"]).unwrap();
/// let piece: snapshot::DepartmentPiece = snapshot::read(&compiled.pieces["department.26"]).unwrap();
///
/// let mut given = Answers::new();
/// given.insert("situation".to_owned(), "pupil".to_owned());
/// assert_eq!(walk(&guide, &given).next.unwrap().id, "commune");
/// given.insert("commune".to_owned(), "26281".to_owned());
/// let walk = walk(&guide, &given);
/// assert!(walk.next.is_none(), "everything is answered");
///
/// let plan = plan(&guide, &walk.answers, "2026-11-24");
/// let found = recommend(&guide, &plan, &walk.answers, &piece, "26281").unwrap();
/// let Target::Place(chosen) = found.main.target else { panic!("a place is near") };
/// assert_eq!(piece.places[chosen.place].name, "CIO de Romans");
/// // The words are read apart, in one language or another.
/// let texts: snapshot::GuideTexts = snapshot::read(&compiled.pieces["texts.fr"]).unwrap();
/// let reason = guide.rules[found.main.rule.unwrap()].reason;
/// assert_eq!(texts.texts[reason.text as usize], "Ce centre conseille les élèves.");
/// let elsewhere = recommend(&guide, &plan, &walk.answers, &piece, "07186");
/// assert_eq!(elsewhere, Err(NoRecommendation::UnknownCommune));
/// ```
pub fn recommend(
    guide: &Guide,
    plan: &Plan,
    answers: &Answers,
    piece: &DepartmentPiece,
    commune: &str,
) -> Result<Recommendation, NoRecommendation> {
    let around = around(guide, plan, answers, piece, commune)?;
    let mut found = around.cards()?;
    found.undetermined = around.undetermined();
    Ok(found)
}

/// The same without what is undetermined, for checks that decide ten thousand times and read the
/// cards only.
pub fn recommend_cards(
    guide: &Guide,
    plan: &Plan,
    answers: &Answers,
    piece: &DepartmentPiece,
    commune: &str,
) -> Result<Recommendation, NoRecommendation> {
    around(guide, plan, answers, piece, commune)?.cards()
}

fn around<'a>(
    guide: &'a Guide,
    plan: &'a Plan,
    answers: &'a Answers,
    piece: &'a DepartmentPiece,
    commune: &str,
) -> Result<Around<'a>, NoRecommendation> {
    let commune = piece.commune(commune).ok_or(NoRecommendation::UnknownCommune)?;
    Ok(Around { guide, plan, answers, piece, commune })
}

/// Within this, a known place of a network whose list is not whole may stand in for one that is
/// missing: what a bus ride in the country is.
pub const STANDS_IN: Meters = Meters::from_km(15);

/// How many other places of a network are worth a choice.
const OTHERS: usize = 3;

/// The other places of a card's network for the commune: the best ones, and every one in the
/// commune itself. In the order of [`Bond`], then the nearest.
pub fn others(
    guide: &Guide,
    plan: &Plan,
    answers: &Answers,
    piece: &DepartmentPiece,
    commune: &str,
    card: &Card,
) -> Vec<Chosen> {
    let (Some(commune), Some(network), Target::Place(main)) =
        (piece.commune(commune), card.network, card.target)
    else {
        return Vec::new();
    };
    let around = Around { guide, plan, answers, piece, commune };
    let mut others: Vec<Chosen> = Vec::new();
    for other in around.places(network).filter(|other| other.place != main.place) {
        // In order as they come: a sort brings kilobytes into the element.
        let key = |chosen: &Chosen| (chosen.bond, chosen.distance);
        let before = others.iter().take_while(|known| key(known) <= key(&other)).count();
        others.insert(before, other);
    }
    let mut kept = 0;
    others.retain(|other| {
        kept += 1;
        kept <= OTHERS
            || piece.places[other.place].within.iter().any(|within| usize::from(*within) == commune)
    });
    others
}

/// One visitor in one commune.
struct Around<'a> {
    guide: &'a Guide,
    plan: &'a Plan,
    answers: &'a Answers,
    piece: &'a DepartmentPiece,
    commune: usize,
}

impl Around<'_> {
    /// Every card, in order; nothing of what is undetermined.
    fn cards(&self) -> Result<Recommendation, NoRecommendation> {
        let mut cards: Vec<Card> = Vec::new();
        let mut main = None;
        let mut reception = None;
        for rule in &self.plan.rules {
            let role = self.guide.rules[*rule].role;
            if role == Role::Receives && reception.is_some() {
                continue;
            }
            let Some(card) = self.pick(*rule) else { continue };
            let far = self.far_place(&card);
            match role {
                Role::Main if main.is_none() => main = Some(card),
                Role::Main | Role::Adds => cards.push(card),
                // Among the others it comes where its rule does.
                Role::Receives => reception = Some((cards.len(), card)),
            }
            // These come before those of later rules.
            cards.extend(far);
            self.add_complements(*rule, &mut cards);
        }
        if main.is_none() {
            main = reception.take().map(|(_, card)| card);
        }
        let mut remote_services: Vec<usize> = (0..self.guide.remote_services.len())
            .filter(|index| self.plan.remote_services[*index] == Truth::Match)
            .collect();
        let main = if let Some(main) = main {
            main
        } else {
            let open = remote_services
                .iter()
                .position(|index| self.guide.remote_services[*index].has_level(Level::One))
                .ok_or(NoRecommendation::DeadEnd)?;
            let service = remote_services.remove(open);
            let services = self.guide.remote_services[service].services.clone();
            Card { target: Target::Remote(service), network: None, rule: None, services }
        };

        // One card a network, the first that named it; and the far place that its own contact comes
        // before.
        let key = |card: &Card| (card.network, matches!(card.target, Target::Place(_)));
        let mut seen = vec![key(&main)];
        let is_place = |card: &Card| match (card.target, card.network) {
            // What gives way to its network's contact is there for somebody else.
            (Target::Place(chosen), Some(network)) => {
                card.services.contains(&Service::Reception) && !self.gives_way(network, chosen)
            }
            _ => false,
        };
        let reception = match reception {
            Some((_, mut card)) if is_place(&card) && !is_place(&main) && !seen.contains(&key(&card)) => {
                seen.push(key(&card));
                // What another rule says of it is about the visitor.
                let mut same = cards.iter().filter(|other| key(other) == key(&card));
                card.rule = same.find_map(|other| other.rule).or(card.rule);
                Some(card)
            }
            Some((at, card)) => {
                cards.insert(at, card);
                None
            }
            None => None,
        };
        // A rule that leads where an earlier one completes says why.
        for later in 1..cards.len() {
            let earlier = cards[..later].iter().position(|card| key(card) == key(&cards[later]));
            if let Some(earlier) = earlier
                && cards[earlier].rule.is_none()
            {
                cards[earlier].rule = cards[later].rule;
            }
        }
        cards.retain(|card| {
            let new = !seen.contains(&key(card));
            seen.push(key(card));
            new
        });
        // Whatever is far only comes after what is not, each in the order of the rules.
        let far = Meters(u32::from(self.guide.reach_km) * 1000 / 2);
        let is_near = |card: &Card| !matches!(card.target, Target::Place(chosen) if !chosen.bond.is_competent() && chosen.distance > far);
        let (mut cards, others): (Vec<Card>, Vec<Card>) = cards.into_iter().partition(is_near);
        cards.extend(others);

        Ok(Recommendation { main, reception, complements: cards, remote_services, undetermined: Vec::new() })
    }

    /// The card that a pick gives: a place if one of its networks has one for the commune that
    /// does not give way, else the first of its networks that can be reached from afar.
    fn pick(&self, rule: usize) -> Option<Card> {
        let GuideRule { pick, preference, role, .. } = &self.guide.rules[rule];
        // A site or a phone receives nobody: what such a rule says is true of places alone.
        let said = Some(rule).filter(|_| *role != Role::Receives);
        let networks = pick.networks().iter().filter_map(|network| self.serving(*network));
        let mut places = networks.filter_map(|network| {
            let chosen = self.best_place(network).filter(|chosen| !self.gives_way(network, *chosen))?;
            Some((network, chosen))
        });
        let best = match (pick, preference) {
            (GuidePick::InOrder(_), None) => places.next(),
            (GuidePick::InOrder(_), Some(preference)) => preferred(preference, &places.collect::<Vec<_>>()),
            (GuidePick::NearestOf(_), _) => places.min_by_key(|(_, chosen)| chosen.among_networks()),
        };
        let mut networks = pick.networks().iter().filter_map(|network| self.serving(*network));
        let Some((taken, chosen)) = best else {
            let network = networks.find(|network| self.guide.networks[*network].has_contact())?;
            return Some(self.network_card(network, said));
        };
        // Nobody goes farther than to a place of what comes first, even if that gives way.
        let is_nearer = |network: &usize| {
            self.best_behind(*network).is_some_and(|behind| behind.distance < chosen.distance)
        };
        let is_limited = preference.is_some();
        let earlier = networks.take_while(|network| is_limited && *network != taken).find(is_nearer);
        Some(match earlier {
            Some(network) => self.network_card(network, said),
            None => self.place_card(taken, chosen, Some(rule)),
        })
    }

    /// The place of a network whose own contact comes before it.
    fn far_place(&self, card: &Card) -> Option<Card> {
        let (Target::Network, Some(network)) = (card.target, card.network) else { return None };
        Some(self.place_card(network, self.best_behind(network)?, None))
    }

    /// The place of a network that its own contact comes before, in the visitor's department: one
    /// in another is there for somebody else.
    fn best_behind(&self, network: usize) -> Option<Chosen> {
        self.best_place(network).filter(|chosen| {
            let is_elsewhere =
                chosen.bond == Bond::Distance && self.guide.networks[network].reach == Reach::Territory;
            !is_elsewhere && self.gives_way(network, *chosen)
        })
    }

    fn add_complements(&self, rule: usize, cards: &mut Vec<Card>) {
        for complement in &self.guide.rules[rule].complements {
            let Some(network) = self.serving(*complement) else { continue };
            match self.best_place(network) {
                Some(chosen) if !self.gives_way(network, chosen) => {
                    cards.push(self.place_card(network, chosen, None));
                }
                _ => {
                    if self.guide.networks[network].has_contact() {
                        cards.push(self.network_card(network, None));
                    }
                    let behind = self.best_behind(network);
                    cards.extend(behind.map(|chosen| self.place_card(network, chosen, None)));
                }
            }
        }
    }

    /// The index of a network, if it certainly serves the visitor.
    fn serving(&self, network: NetworkIx) -> Option<usize> {
        (self.plan.networks.get(network.rank())? == &Truth::Match).then_some(network.rank())
    }

    fn place_card(&self, network: usize, chosen: Chosen, rule: Option<usize>) -> Card {
        let services = self.piece.places[chosen.place].services.clone();
        Card { target: Target::Place(chosen), network: Some(network), rule, services }
    }

    fn network_card(&self, network: usize, rule: Option<usize>) -> Card {
        let services = self.guide.networks[network].services.clone();
        Card { target: Target::Network, network: Some(network), rule, services }
    }

    /// The place of a network for the commune: in the order of [`Bond`], then the nearest.
    fn best_place(&self, network: usize) -> Option<Chosen> {
        // Places are sorted by id: of two at the same distance, the same one always wins.
        self.places(network).min_by_key(|chosen| (chosen.bond, chosen.distance))
    }

    /// Whether a place comes after its network's own contact. In another department, a place of a
    /// network of a territory receives somebody else. In the visitor's own, where the directory
    /// does not know all of the network's places, the one which is there for the commune may be
    /// missing, and this one too far to stand for it.
    fn gives_way(&self, network: usize, chosen: Chosen) -> bool {
        let network = &self.guide.networks[network];
        let gives_way = match chosen.bond {
            Bond::Competent | Bond::Commune | Bond::Intercommunality => false,
            Bond::Distance if network.reach == Reach::Territory => true,
            Bond::Department | Bond::Distance => {
                chosen.distance > STANDS_IN && self.piece.partial.contains(&network.id)
            }
        };
        gives_way && network.has_contact()
    }

    /// The places of a network that are there for the commune, or within reach among those
    /// that declare nothing; a network of a territory reaches all of its department.
    fn places(&self, network: usize) -> impl Iterator<Item = Chosen> {
        let network = &self.guide.networks[network];
        let reach = Meters(u32::from(self.guide.reach_km) * 1000);
        let here = self.piece.communes[self.commune].position;
        self.piece
            .places
            .iter()
            .enumerate()
            .filter(move |(_, place)| place.network == network.id && self.is_open_to_visitor(place))
            .filter_map(move |(index, place)| {
                let distance = here.distance(place.position);
                let bond = match (&place.covers, network.reach) {
                    (Covers::Department, _) => Bond::Competent,
                    (Covers::Communes(communes), _) => {
                        // Indexes are 16 bits wide in the piece.
                        let commune = u16::try_from(self.commune).ok()?;
                        communes.binary_search(&commune).ok()?;
                        Bond::Competent
                    }
                    (Covers::Undeclared, Reach::DeclaredOnly) => return None,
                    (Covers::Undeclared, Reach::Territory) => self.bond(place),
                    (Covers::Undeclared, Reach::AnyPlace) => Bond::Distance,
                };
                if bond == Bond::Distance && distance > reach {
                    return None;
                }
                let approximate = here.approximate || place.position.approximate;
                Some(Chosen { place: index, distance, approximate, bond })
            })
    }

    /// How a place that declares nothing belongs to the commune.
    fn bond(&self, place: &Place) -> Bond {
        let here = &self.piece.communes[self.commune];
        let city = |index: usize| self.piece.communes[index].city.map_or(index, usize::from);
        if place.department != self.piece.code {
            Bond::Distance
        } else if place.within.iter().any(|within| city(usize::from(*within)) == city(self.commune)) {
            Bond::Commune
        } else if here.intercommunality.is_some() && here.intercommunality == place.intercommunality {
            Bond::Intercommunality
        } else {
            Bond::Department
        }
    }

    fn is_open_to_visitor(&self, place: &Place) -> bool {
        place.serves == Condition::Always
            || place.serves.evaluate(self.answers, &self.guide.questions) == Truth::Match
    }

    /// The networks that a rule names and that might serve the visitor, with the
    /// unanswered or unsaid questions that would tell.
    fn undetermined(&self) -> Vec<Undetermined> {
        let unknown = |question: &str| {
            let is_open = |choice: &String| {
                crate::condition::UnknownChoices::is_unknown(&self.guide.questions, question, choice)
            };
            // A question that was never asked does not apply to the visitor.
            self.answers.get(question).is_some_and(is_open)
        };
        (0..self.guide.networks.len())
            .filter(|index| self.plan.networks[*index] == Truth::Undetermined)
            .filter(|index| {
                let network = NetworkIx::new(*index);
                self.guide.rules.iter().any(|rule| rule.pick.networks().contains(&network))
            })
            .filter_map(|network| {
                let missing: Vec<String> = self.guide.networks[network]
                    .serves
                    .questions()
                    .into_iter()
                    .filter(|question| unknown(question))
                    .map(str::to_owned)
                    .collect();
                (!missing.is_empty()).then_some(Undetermined { network, missing })
            })
            .collect()
    }
}

/// The first of these places that no later one is too much nearer than.
fn preferred(preference: &GuidePreference, places: &[(usize, Chosen)]) -> Option<(usize, Chosen)> {
    let passes_over = |place: &Chosen, (network, other): &(usize, Chosen)| {
        preference.passes_over(place.distance, NetworkIx::new(*network), other.distance)
    };
    let kept = places
        .iter()
        .enumerate()
        .find(|(rank, (_, place))| !places[rank + 1..].iter().any(|other| passes_over(place, other)));
    kept.map(|(_, place)| *place)
}

impl Recommendation {
    /// Every card, the main one first.
    pub fn cards(&self) -> impl Iterator<Item = &Card> {
        std::iter::once(&self.main).chain(&self.reception).chain(&self.complements)
    }

    /// Whether something of this level is open to the visitor: invariant 2.
    pub fn has_level(&self, level: Level, guide: &Guide) -> bool {
        self.cards().any(|card| card.services.iter().any(|service| service.level() == level))
            || self.remote_services.iter().any(|index| guide.remote_services[*index].has_level(level))
    }
}

impl Card {
    /// The network, where there is one.
    pub fn network<'a>(&self, guide: &'a Guide) -> Option<&'a GuideNetwork> {
        self.network.map(|index| &guide.networks[index])
    }
}
