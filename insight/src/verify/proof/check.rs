//! The checks of one case.

use super::counter::{CounterExample, Kind, Promise, person, recommended, town};
use super::people::People;
use super::places::{Kinds, Near, Order, Surroundings, first_within};
use super::promises::{Broken, Promises};
use shared::condition::{Answers, Truth};
use shared::decision::{Guide, GuidePick, GuideRule, NetworkIx, TextSlot};
use shared::directory::{Directory, Level, Service, Structure, is_date};
use shared::french::words;
use shared::recommend::{Card, Plan, Recommendation, Target, plan, recommend_cards};
use shared::snapshot::{DepartmentPiece, LocalizedGuide, Place, Snapshot, localized};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

pub(super) type Checked<T> = Result<T, Box<CounterExample>>;

/// What every check needs.
pub(super) struct Case<'a> {
    pub(super) directory: &'a Directory,
    pub(super) guide: &'a LocalizedGuide,
    pub(super) people: &'a People,
    pub(super) surroundings: &'a Surroundings<'a>,
    /// For each group, the kinds of surroundings that it is told apart by.
    kinds: Vec<Rc<Kinds>>,
    /// For each rule, the first that says why in the same words.
    reasons: Vec<usize>,
}

/// For each rule of a guide, the first that gives the same reason from the same source.
fn reasons(guide: &LocalizedGuide) -> Vec<usize> {
    let said = |rule: &GuideRule| (guide.text(rule.reason).to_owned(), rule.source.clone());
    let all: Vec<_> = guide.rules.iter().map(said).collect();
    all.iter().map(|one| all.iter().position(|other| other == one).unwrap_or_default()).collect()
}

impl<'a> Case<'a> {
    pub(super) fn new(
        directory: &'a Directory,
        guide: &'a LocalizedGuide,
        people: &'a People,
        surroundings: &'a Surroundings<'a>,
    ) -> Self {
        let kinds = |group: usize| {
            let set = people.first(group);
            let lists = people.lists_of(set);
            surroundings.kinds(people, &people.looks_for(set), Order::Winners(&lists), set)
        };
        let kinds = (0..people.groups()).map(kinds).collect();
        Self { directory, guide, people, surroundings, kinds, reasons: reasons(guide) }
    }

    /// Whether the engine, on the pieces that are served, finds for every commune and every
    /// network the place that the plain search finds. Returns how often it was asked.
    ///
    /// The engine is asked through a guide with one rule for each network, for a visitor
    /// whom every network serves: each network's best place is then a card.
    pub(super) fn best_places(&self, departments: &[DepartmentPiece]) -> Checked<u64> {
        let all: Vec<usize> = (0..self.guide.networks.len()).collect();
        let structures: HashMap<&str, &Structure> =
            self.directory.structures.iter().map(|structure| (structure.id.as_str(), structure)).collect();
        for piece in departments {
            self.alike(piece, &structures)?;
        }
        let mut decided = self.probe(departments, &all, 0)?;
        for network in all {
            // The first view was the one of the first set.
            for set in self.people.views(network).into_iter().filter(|set| *set != 0) {
                decided += self.probe(departments, &[network], set)?;
            }
        }
        Ok(decided)
    }

    fn probe(&self, departments: &[DepartmentPiece], networks: &[usize], set: usize) -> Checked<u64> {
        let looking_for = |network: &usize| GuideRule {
            pick: GuidePick::InOrder(vec![NetworkIx::new(*network)]),
            ..GuideRule::default()
        };
        let mut guide = Guide::clone(self.guide);
        guide.remote_services = Vec::new();
        guide.rules = networks.iter().map(looking_for).collect();
        let answers = self.people.sets().answers(set);
        let plan = Plan {
            rules: (0..guide.rules.len()).collect(),
            networks: vec![Truth::Match; guide.networks.len()],
            remote_services: Vec::new(),
        };
        let mut piece = departments.iter();
        let mut current: Option<&DepartmentPiece> = None;
        for commune in 0..self.surroundings.communes() {
            let point = self.surroundings.commune(commune);
            while current.is_none_or(|piece| piece.code != point.department()) {
                current = Some(piece.next().ok_or_else(|| CounterExample::unreadable(point.department()))?);
            }
            let Some(piece) = current else { continue };
            let found = recommend_cards(&guide, &plan, &answers, piece, &point.code).ok();
            let mut places = vec![None; guide.networks.len()];
            for card in found.iter().flat_map(Recommendation::cards) {
                if let (Some(network), Target::Place(chosen)) = (card.network, card.target) {
                    places[network].get_or_insert(chosen);
                }
            }
            for network in networks {
                let best = self.surroundings.best(self.people, commune, *network, set);
                let chosen = places[*network];
                let is_same = match (chosen, best) {
                    (Some(chosen), Some(best)) => {
                        (chosen.bond, chosen.distance) == (best.bond, best.distance)
                            && piece.places[chosen.place].network == self.guide.networks[*network].id
                    }
                    (None, None) => true,
                    (None, Some(best)) => best.is_elsewhere,
                    (Some(_), None) => false,
                };
                if is_same {
                    continue;
                }
                let expected = best.map_or_else(
                    || {
                        format!(
                            "aucun lieu du réseau {} pour cette commune",
                            self.guide.networks[*network].id
                        )
                    },
                    |best| format!("le lieu {}", self.surroundings.structure(best).name),
                );
                let mut counter = CounterExample::new(Kind::WrongDoor, expected);
                counter.person = person(self.guide, &answers);
                counter.commune = Some(town(point));
                counter.recommended =
                    chosen.map(|chosen| piece.places[chosen.place].name.clone()).into_iter().collect();
                return Err(counter);
            }
        }
        Ok(self.surroundings.communes() as u64)
    }

    /// Whether every place of a piece says what the directory does.
    fn alike(&self, piece: &DepartmentPiece, structures: &HashMap<&str, &Structure>) -> Checked<()> {
        for place in &piece.places {
            if let Some(expected) = self.unlike(place, structures.get(place.id.as_str()).copied()) {
                let mut counter = CounterExample::new(Kind::Unexplained, expected);
                counter.recommended = vec![place.name.clone()];
                return Err(counter);
            }
        }
        Ok(())
    }

    /// What a place of a piece does not say as its structure does, or does not say at all.
    fn unlike(&self, place: &Place, structure: Option<&Structure>) -> Option<String> {
        let network = self.directory.edition.networks.iter().find(|network| network.id == place.network);
        let (Some(structure), Some(network)) = (structure, network) else {
            return Some(format!("un lieu et un réseau de l’annuaire : {} n’y est pas", place.id));
        };
        let services = services(structure, &network.services);
        if place.services != services || place.services.is_empty() {
            return Some(format!("{} : au moins un service, le même que dans l’annuaire", structure.name));
        }
        if place.name.trim().is_empty()
            || (&place.checked_on, &place.as_of, place.to_confirm)
                != (&structure.checked_on, &structure.as_of, structure.is_to_confirm())
        {
            return Some(format!("{} : son nom, ses dates et ce qui est à confirmer", structure.id));
        }
        [&place.checked_on, &place.as_of]
            .into_iter()
            .flatten()
            .any(|date| !is_date(date))
            .then(|| format!("{} : des dates, ou aucune", structure.name))
    }

    /// Decides for one person, once for the kinds of surroundings that have the same cards.
    /// Returns where each kind leads, and how often it was decided.
    pub(super) fn decisions(
        &self,
        promises: &Promises,
        group: usize,
        day: &str,
        pieces: &mut Pieces,
    ) -> Checked<(Vec<Led>, usize)> {
        let set = self.people.first(group);
        let person = self.person(group, day);
        let networks = self.people.looks_for(set);
        let kinds = self.kinds(group);
        if pieces.kinds.as_ref().is_none_or(|known| !Rc::ptr_eq(known, kinds)) {
            let piece = |commune: &usize| self.surroundings.piece(self.people, &networks, *commune, set);
            pieces.pieces = kinds.decided.iter().map(piece).collect();
            pieces.kinds = Some(Rc::clone(kinds));
        }
        let mut led = Vec::with_capacity(kinds.decided.len());
        for (commune, piece) in kinds.decided.iter().zip(&pieces.pieces) {
            let code = &self.surroundings.commune(*commune).code;
            let found = recommend_cards(self.guide, &person.0, &person.1, piece, code).ok();
            let wrong = match &found {
                None => Some((Kind::DeadEnd, "au moins une recommandation".to_owned(), None)),
                Some(found) => self.wrong(promises, set, *commune, piece, found),
            };
            if let Some((kind, expected, guarantee)) = wrong {
                let mut counter = CounterExample::new(kind, expected);
                counter.commune = Some(town(self.surroundings.commune(*commune)));
                self.tell(&mut counter, &person.1, found.as_ref(), Some(piece), guarantee);
                return Err(counter);
            }
            led.extend(found.as_ref().map(|found| Led::of(found, &self.reasons)));
        }
        let of_kinds = kinds.cards.iter().map(|cards| led[usize::from(*cards)].clone()).collect();
        Ok((of_kinds, led.len()))
    }

    /// The groups in an order in which those that look for the same networks follow each other:
    /// their pieces are made once.
    pub(super) fn groups(&self) -> Vec<usize> {
        let mut groups: Vec<usize> = (0..self.people.groups()).collect();
        groups.sort_by_cached_key(|group| {
            let set = self.people.first(*group);
            (self.people.looks_for(set), self.people.lists_of(set))
        });
        groups
    }

    /// The kinds of surroundings that a group is told apart by.
    pub(super) fn kinds(&self, group: usize) -> &Rc<Kinds> {
        &self.kinds[group]
    }

    /// Whether two groups that are told the same in a commune are sent to another place of a network
    /// there: some receive not everybody whom their network serves.
    pub(super) fn are_sent_elsewhere(&self, groups: (usize, usize), commune: usize, led: &Led) -> bool {
        let place = |group: usize, network: usize| {
            let near = self.surroundings.best(self.people, commune, network, self.people.first(group));
            near.map(|near| near.structure)
        };
        led.networks
            .iter()
            .flatten()
            .filter(|network| self.surroundings.narrows(**network))
            .any(|network| place(groups.0, *network) != place(groups.1, *network))
    }

    /// What the answers of a group decide, and they.
    fn person(&self, group: usize, day: &str) -> (Plan, Answers) {
        let answers = self.people.answers(group);
        (plan(self.guide, &answers, day), answers)
    }

    /// What the engine recommends in a commune where these networks are looked for, and the piece
    /// that it looked at.
    fn decide(
        &self,
        (plan, answers): &(Plan, Answers),
        set: usize,
        commune: usize,
        networks: &[usize],
    ) -> (DepartmentPiece, Option<Recommendation>) {
        let piece = self.surroundings.piece(self.people, networks, commune, set);
        let code = &self.surroundings.commune(commune).code;
        let found = recommend_cards(self.guide, plan, answers, &piece, code).ok();
        (piece, found)
    }

    /// What is wrong with a decision, what was expected, and the guarantee that says so.
    fn wrong(
        &self,
        promises: &Promises,
        set: usize,
        commune: usize,
        piece: &DepartmentPiece,
        found: &Recommendation,
    ) -> Option<(Kind, String, Option<usize>)> {
        let mut offered: Vec<Service> = Vec::new();
        for card in found.cards() {
            if let Some(expected) = self.wrong_door(set, commune, piece, card) {
                return Some((Kind::WrongDoor, expected, None));
            }
            if let Some(expected) = self.unexplained(piece, card) {
                return Some((Kind::Unexplained, expected, None));
            }
            offered.extend(&card.services);
        }
        for service in &found.remote_services {
            if !self.people.is_open(*service, set) {
                let name = self.guide.text(self.guide.remote_services[*service].name);
                return Some((
                    Kind::WrongDoor,
                    format!("pas « {name} », qui n’est pas pour cette personne"),
                    None,
                ));
            }
            offered.extend(&self.guide.remote_services[*service].services);
        }
        let is_offered = |level: Level| offered.iter().any(|service| service.level() == level);
        if !is_offered(Level::One) {
            return Some((
                Kind::DeadEnd,
                "un lieu ou un service de niveau 1 (accueil, information)".to_owned(),
                None,
            ));
        }
        for (index, guarantee) in self.directory.edition.guarantees.iter().enumerate() {
            // What is promised with imagined places is tried with those.
            if !self.people.is_promised(index, set) || !guarantee.imagined.is_empty() {
                continue;
            }
            if let Some(level) = guarantee.level
                && !is_offered(level)
            {
                let level = match level {
                    Level::One => "niveau 1 (accueil, information)",
                    Level::Two => "niveau 2 (conseil, accompagnement)",
                };
                return Some((
                    Kind::BrokenGuarantee,
                    format!("un lieu ou un service de {level}"),
                    Some(index),
                ));
            }
            if let Some(expected) = promises.unwanted(index, found) {
                return Some((Kind::BrokenGuarantee, expected, Some(index)));
            }
        }
        None
    }

    /// Whether a card leads to what certainly serves the person, and to the best of it.
    fn wrong_door(&self, set: usize, commune: usize, piece: &DepartmentPiece, card: &Card) -> Option<String> {
        if let Target::Remote(service) = card.target {
            let name = self.guide.text(self.guide.remote_services[service].name);
            return (!self.people.is_open(service, set))
                .then(|| format!("pas « {name} », qui n’est pas pour cette personne"));
        }
        let network = card.network?;
        if !self.people.serves(network, set) {
            let name = self.guide.name_of(&self.guide.networks[network]);
            return Some(format!("pas « {name} », qui ne reçoit pas certainement cette personne"));
        }
        let best = |network: usize| self.surroundings.best(self.people, commune, network, set);
        match (card.target, best(network)) {
            (Target::Place(chosen), Some(near))
                if (chosen.bond, chosen.distance) == (near.bond, near.distance)
                    // What gives way is never what a rule leads to.
                    && !(near.gives_way && card.rule.is_some())
                    && piece.places[chosen.place].id == self.surroundings.structure(near).id => {}
            (Target::Network, None) => {}
            (Target::Network, Some(near)) if near.gives_way => {}
            (_, Some(near)) => return Some(format!("le lieu {}", self.surroundings.structure(near).name)),
            (_, None) => return Some("un lieu qui existe pour cette commune".to_owned()),
        }
        // A rule's card is the one that its own list gives.
        let rule = &self.guide.rules[card.rule?];
        let list: Vec<usize> = rule
            .pick
            .networks()
            .iter()
            .map(|network| network.rank())
            .filter(|network| self.people.serves(*network, set))
            .collect();
        let with_place =
            list.iter().copied().filter(|network| best(*network).is_some_and(|near| !near.gives_way));
        let key = |network: &usize| best(*network).map(Near::among_networks);
        let expected = match (&rule.pick, &rule.preference) {
            (GuidePick::InOrder(_), None) => with_place.clone().next(),
            (GuidePick::InOrder(_), Some(preference)) => {
                let known: Vec<usize> = with_place.clone().collect();
                let named = known
                    .iter()
                    .filter_map(|network| Some((NetworkIx::new(*network), best(*network)?.distance)));
                first_within(preference, &named.collect::<Vec<_>>()).map(|first| {
                    let taken = known[first];
                    let behind = |network: &usize| {
                        best(*network).filter(|near| near.gives_way && !near.is_elsewhere).is_some_and(
                            |near| best(taken).is_some_and(|taken| near.distance < taken.distance),
                        )
                    };
                    let earlier = list.iter().take_while(|network| **network != taken);
                    earlier.copied().find(behind).unwrap_or(taken)
                })
            }
            (GuidePick::NearestOf(_), _) => with_place.clone().min_by_key(key),
        };
        let is_right = match (&rule.pick, expected) {
            (_, None) => list.contains(&network),
            (GuidePick::InOrder(_), Some(expected)) => expected == network,
            (GuidePick::NearestOf(_), Some(expected)) => key(&expected) == key(&network),
        };
        (!is_right).then(|| {
            let name = expected.map_or("", |network| self.guide.name_of(&self.guide.networks[network]));
            format!("« {name} », d’après la règle {}", rule.id)
        })
    }

    /// What a card does not say.
    fn unexplained(&self, piece: &DepartmentPiece, card: &Card) -> Option<String> {
        let offered = match card.target {
            Target::Remote(service) => &self.guide.remote_services[service].services,
            Target::Network => &self.guide.networks[card.network?].services,
            Target::Place(chosen) => &piece.places[chosen.place].services,
        };
        if card.services.is_empty() || card.services != *offered {
            return Some("au moins un service, donc un niveau, sur chaque carte".to_owned());
        }
        let blank = |text: &str| text.trim().is_empty();
        if let Some(rule) = card.rule {
            let rule = &self.guide.rules[rule];
            return (blank(self.guide.text(rule.reason)) || blank(&rule.source))
                .then(|| format!("la raison de la règle {} et sa source", rule.id));
        }
        let network = card.network(self.guide)?;
        (blank(self.guide.text(network.public)) || blank(self.guide.name_of(network)))
            .then(|| format!("le nom du réseau {} et son public", network.id))
    }

    /// Tries the guarantees made to one person with imagined places.
    pub(super) fn promises(&self, promises: &Promises, group: usize, day: &str) -> Checked<u64> {
        let set = self.people.first(group);
        let answers = self.people.answers(group);
        let plan = plan(self.guide, &answers, day);
        let made = |guarantee: usize| self.people.is_promised(guarantee, set);
        let looked_for = self.people.looks_for(set);
        let (broken, decided) = promises.broken(self.guide, &plan, &answers, &made, &looked_for);
        match broken {
            None => Ok(decided),
            Some(broken) => Err(self.not_kept(&broken, &answers)),
        }
    }

    fn not_kept(&self, broken: &Broken, answers: &Answers) -> Box<CounterExample> {
        let mut counter = CounterExample::new(Kind::BrokenGuarantee, broken.expected.clone());
        counter.imagined.clone_from(&broken.world);
        self.tell(&mut counter, answers, broken.found.as_ref(), None, Some(broken.guarantee));
        counter
    }

    /// Whether the answers that only add do so: each against keeping it to oneself, in every
    /// imagined world and in every pair of kinds of surroundings that a commune is of. `led` says
    /// where each group is led in each of its kinds ([`Self::decisions`]).
    ///
    /// Returns how many decisions this took beside those.
    pub(super) fn additions(&self, promises: &Promises, led: &[Vec<Led>], day: &str) -> Checked<u64> {
        let mut imagined =
            Imagined { case: self, promises, day, people: HashMap::new(), led: HashMap::new() };
        for (index, guarantee) in promises.guarantees().iter().enumerate() {
            let Some(question) =
                guarantee.only_adds.as_deref().and_then(|id| self.people.sets().question(id))
            else {
                continue;
            };
            for (with, without) in self.pairs(index, question) {
                let pair = Pair { guarantee: index, with, without };
                imagined.only_adds(pair)?;
                self.only_adds(pair, led, day)?;
            }
        }
        Ok(imagined.led.len() as u64)
    }

    /// The groups of who answers a question, each with the group of the same people when they
    /// keep it to themselves.
    fn pairs(&self, guarantee: usize, question: usize) -> BTreeSet<(usize, usize)> {
        let (people, sets) = (self.people, self.people.sets());
        let Some(unsaid) = sets.unknown_choices(question).next() else { return BTreeSet::new() };
        let mut answered = sets.asked(question).clone();
        answered.and(people.promised(guarantee)).without(sets.answered(question, unsaid));
        answered
            .ones()
            .filter_map(|with| {
                let mut row = sets.row(with).to_vec();
                row[question] = u8::try_from(unsaid).ok()?;
                // Validation sees to it that no other question depends on this one.
                let without = sets.find(&row)?;
                Some((people.group(with), people.group(without)))
            })
            .collect()
    }

    /// The same in the directory's own places.
    fn only_adds(&self, pair: Pair, led: &[Vec<Led>], day: &str) -> Checked<()> {
        let (of_with, of_without) = (self.kinds(pair.with), self.kinds(pair.without));
        let mut seen = vec![false; of_with.communes.len() * of_without.communes.len()];
        for (commune, kinds) in of_with.of.iter().zip(&of_without.of).enumerate() {
            let (with, without) = (usize::from(*kinds.0), usize::from(*kinds.1));
            let seen = &mut seen[with * of_without.communes.len() + without];
            if *seen || led[pair.with][with].keeps(&led[pair.without][without]) {
                *seen = true;
                continue;
            }
            let decide = |group: usize| {
                let (person, set) = (self.person(group, day), self.people.first(group));
                let networks = self.people.looks_for(set);
                let (piece, found) = self.decide(&person, set, commune, &networks);
                (person.1, piece, found)
            };
            let ((answers, piece, found), (_, _, without)) = (decide(pair.with), decide(pair.without));
            let expected = self.at_least(without.as_ref());
            let mut counter = CounterExample::new(Kind::BrokenGuarantee, expected);
            counter.commune = Some(town(self.surroundings.commune(commune)));
            self.tell(&mut counter, &answers, found.as_ref(), Some(&piece), Some(pair.guarantee));
            return Err(counter);
        }
        Ok(())
    }

    /// What an answer that only adds must leave as it is.
    fn at_least(&self, without: Option<&Recommendation>) -> String {
        let cards = without.map_or_else(Vec::new, |found| recommended(self.guide, found, &|_| None));
        format!(
            "au moins ce qui est proposé sans cette réponse, et le même premier lieu : {}",
            cards.join(" ; ")
        )
    }

    fn tell(
        &self,
        counter: &mut CounterExample,
        answers: &Answers,
        found: Option<&Recommendation>,
        piece: Option<&DepartmentPiece>,
        guarantee: Option<usize>,
    ) {
        let place = |card: &Card| {
            let (Target::Place(chosen), Some(piece)) = (card.target, piece) else { return None };
            let id = &piece.places[chosen.place].id;
            let structure = self.directory.structures.iter().find(|structure| structure.id == *id)?;
            Some(structure.name.clone())
        };
        counter.person = person(self.guide, answers);
        counter.recommended = found.map_or_else(Vec::new, |found| recommended(self.guide, found, &place));
        counter.guarantee = guarantee.map(|index| {
            let guarantee = &self.directory.edition.guarantees[index];
            Promise {
                id: guarantee.id.clone(),
                text: words(&guarantee.text).to_owned(),
                source: guarantee.source.clone(),
            }
        });
    }
}

/// The pieces of the surroundings that were decided last.
#[derive(Default)]
pub(super) struct Pieces {
    kinds: Option<Rc<Kinds>>,
    /// One for each of [`Kinds::decided`].
    pieces: Vec<DepartmentPiece>,
}

/// The networks to which somebody is led: that of the main card, and those of all cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Led {
    main: Option<usize>,
    networks: Vec<Option<usize>>,
    told: Told,
}

/// What somebody is told: of each card its network, whether it is a place, and the first rule that
/// says why in the same words; the main card and where one is received first, the others in the order
/// of these numbers, since distances only order them; then the remote services.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    first: (CardTold, Option<CardTold>),
    cards: Vec<CardTold>,
    remote: Vec<usize>,
}

type CardTold = (Option<usize>, bool, Option<usize>);

impl Told {
    fn of(found: &Recommendation, reasons: &[usize]) -> Self {
        let told = |card: &Card| {
            (card.network, matches!(card.target, Target::Place(_)), card.rule.map(|rule| reasons[rule]))
        };
        let mut cards: Vec<CardTold> = found.complements.iter().map(told).collect();
        cards.sort_unstable();
        Self {
            first: (told(&found.main), found.reception.as_ref().map(told)),
            cards,
            remote: found.remote_services.clone(),
        }
    }
}

impl Led {
    fn of(found: &Recommendation, reasons: &[usize]) -> Self {
        Self {
            main: found.main.network,
            networks: found.cards().map(|card| card.network).collect(),
            told: Told::of(found, reasons),
        }
    }

    /// Whether both read the same, wherever the places are.
    pub(super) fn is_told_as(&self, other: &Self) -> bool {
        self.told == other.told
    }

    /// Whether the first place is the same as without an answer, and nothing else is missing.
    fn keeps(&self, without: &Self) -> bool {
        self.main == without.main && without.networks.iter().all(|network| self.networks.contains(network))
    }
}

/// A group that gives an answer, and the group of the same people who do not.
#[derive(Debug, Clone, Copy)]
struct Pair {
    guarantee: usize,
    with: usize,
    without: usize,
}

/// Where groups are led in the imagined worlds, each decided once.
struct Imagined<'a> {
    case: &'a Case<'a>,
    promises: &'a Promises<'a>,
    day: &'a str,
    people: HashMap<usize, (Plan, Answers)>,
    /// By group and world; nothing in a dead end.
    led: HashMap<(usize, usize), Option<Led>>,
}

impl Imagined<'_> {
    /// Whether an answer only adds, in every world.
    fn only_adds(&mut self, pair: Pair) -> Checked<()> {
        let (guide, people) = (self.case.guide, self.case.people);
        let mut looked_for = people.looks_for(people.first(pair.with));
        looked_for.extend(people.looks_for(people.first(pair.without)));
        // Any other network alone is, for both, as if there were none.
        for world in self.promises.worlds(&|network| looked_for.contains(&network)) {
            let [with, without] = [pair.with, pair.without].map(|group| self.led(group, world));
            let is_kept = match (&with, &without) {
                (Some(with), Some(without)) => with.keeps(without),
                (_, None) => true,
                (None, Some(_)) => false,
            };
            if !is_kept {
                let found = |group: usize| {
                    let (plan, answers) = self.case.person(group, self.day);
                    let found = self.promises.outcome(world, guide, &plan, &answers).ok();
                    (answers, found)
                };
                let ((answers, found), (_, without)) = (found(pair.with), found(pair.without));
                let broken = Broken {
                    guarantee: pair.guarantee,
                    world: Some(Promises::told(world, guide)),
                    found,
                    expected: self.case.at_least(without.as_ref()),
                };
                return Err(self.case.not_kept(&broken, &answers));
            }
        }
        Ok(())
    }

    fn led(&mut self, group: usize, world: usize) -> Option<Led> {
        if let Some(led) = self.led.get(&(group, world)) {
            return led.clone();
        }
        let (plan, answers) = self.people.entry(group).or_insert_with(|| self.case.person(group, self.day));
        let found = self.promises.outcome(world, self.case.guide, plan, answers);
        let led = found.ok().as_ref().map(|found| Led::of(found, &self.case.reasons));
        self.led.insert((group, world), led.clone());
        led
    }
}

/// Whether every language has a text in each slot of the guide. All of them decide alike: what decides is
/// one piece, which no language is in.
pub(super) fn languages(guide: &LocalizedGuide, snapshot: &Snapshot) -> Checked<()> {
    for language in &guide.languages {
        let other = localized(&snapshot.pieces, &language.tag)
            .map_err(|(name, _)| CounterExample::unreadable(&name))?;
        let is_blank = |slot: &TextSlot| other.text(*slot).trim().is_empty();
        let mut needed = guide
            .questions
            .iter()
            .map(|question| question.text)
            .chain(guide.networks.iter().flat_map(|network| [network.name, network.public]))
            .chain(guide.rules.iter().map(|rule| rule.reason));
        let is_said = |slot: &TextSlot| !guide.text(*slot).trim().is_empty();
        let mut all = (0..guide.slots).map(|text| TextSlot { text }).filter(is_said);
        if needed.any(|slot| is_blank(&slot)) || all.any(|slot| is_blank(&slot)) {
            return Err(CounterExample::new(
                Kind::Unexplained,
                format!("en « {} », le texte de chaque question, réseau et règle", language.tag),
            ));
        }
    }
    Ok(())
}

/// What a structure offers.
fn services<'a>(structure: &'a Structure, of_network: &'a [Service]) -> &'a [Service] {
    structure.services.as_deref().unwrap_or(of_network)
}
