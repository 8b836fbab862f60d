//! What each commune has around it: the plain search through the whole directory, without
//! the pieces and without the engine.

use super::people::{List, People};
use shared::bond::Bond;
use shared::compile::partial;
use shared::condition::Condition;
use shared::decision::{GuidePreference, NetworkIx};
use shared::directory::{Directory, Reach, Service, Structure};
use shared::geography::{Commune, Geography, Meters, Position, department_of};
use shared::recommend::STANDS_IN;
use shared::snapshot::{CommunePoint, Covers, DepartmentPiece, PIECE_FORMAT, Place};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// A place that a commune's people may be sent to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Near {
    pub(super) bond: Bond,
    pub(super) distance: Meters,
    /// The network's own contact comes before it.
    pub(super) gives_way: bool,
    /// It is there for another territory, and comes not even after that contact.
    pub(super) is_elsewhere: bool,
    /// Index in the directory.
    pub(super) structure: u32,
    /// Its narrower public, where it has one.
    narrower: Option<u16>,
}

impl Near {
    /// What the best of several networks is the least of.
    pub(super) fn among_networks(&self) -> (bool, Meters) {
        (!self.bond.is_competent(), self.distance)
    }
}

/// What the order of places must tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order<'a> {
    /// Of each list of networks, which of them is taken.
    Winners(&'a [List]),
    /// The same, and every network's place from every other's.
    Full(&'a [List]),
}

/// The places around every commune of the region.
#[derive(Debug)]
pub struct Surroundings<'a> {
    communes: Vec<&'a Commune>,
    networks: Vec<(&'a str, &'a [Service])>,
    structures: Vec<Spot<'a>>,
    /// Department → the networks of which the directory does not know all places there.
    partial: HashMap<&'a str, Vec<String>>,
    /// Commune × network → its places, best first, up to the first that receives everybody
    /// whom the network serves.
    near: Vec<Vec<Near>>,
    /// The first of each of these.
    first: Vec<Seen>,
    /// Whether a network has a place with a narrower public.
    narrows: Vec<bool>,
    far: Meters,
    /// What [`Self::kinds`] has found: many people look for the same networks.
    found: RefCell<HashMap<LookedFor, Rc<Kinds>>>,
    /// What those were found from, by commune: many look for the same network beside others.
    columns: RefCell<HashMap<ColumnOf, Rc<[u8]>>>,
}

/// A best place as far as it tells communes apart.
#[derive(Debug, Clone, Copy)]
struct Seen {
    /// [`Surroundings::kind`], or 0 where there is none.
    kind: u8,
    /// What the least is best of among networks: competent ones first, then the nearest.
    key: u32,
    /// See [`Near::gives_way`].
    gives_way: bool,
}

impl Seen {
    const NOTHING: Self = Self { kind: 0, key: u32::MAX, gives_way: true };

    /// The bits of a key that are the distance.
    const DISTANCE: u32 = u32::MAX >> 1;
}

/// A value of each commune that tells them apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Column {
    /// [`Seen::kind`] of a network's place.
    Place(usize),
    /// Of a list of networks, which is taken.
    Winner(List),
}

/// A column, and which narrower publics of its networks count.
type ColumnOf = (Column, Vec<bool>);

/// The bits of [`Surroundings::kind`] that say what a place offers.
const OFFERED: u8 = 0b111;

/// How many ranks of nearness [`Surroundings::kind`] has: competent, near, far. Those of places that
/// give way come after them.
const NEARNESS: u8 = 3;

/// Whether there is a place of this kind, whether it gives way, and what it offers.
const fn card(kind: u8) -> u8 {
    let gives_way = (kind >> OFFERED.count_ones() > NEARNESS) as u8;
    if kind == 0 { 0 } else { 1 << 4 | gives_way << 3 | kind & OFFERED }
}

/// What a commune belongs to, by number: comparing names for every place and commune takes longer
/// than all the rest.
#[derive(Debug, Clone, Copy)]
struct Seat {
    department: u32,
    /// Its own, for an arrondissement its city's.
    city: u32,
    intercommunality: Option<u32>,
}

impl Seat {
    /// How a place that declares nothing belongs to a commune: what [`Bond::between`] says.
    fn bond(self, place: Self) -> Bond {
        if self.department != place.department {
            Bond::Distance
        } else if self.city == place.city {
            Bond::Commune
        } else if self.intercommunality.is_some() && self.intercommunality == place.intercommunality {
            Bond::Intercommunality
        } else {
            Bond::Department
        }
    }
}

/// Communes that are told apart step by step. The kinds are numbered as they come.
struct Split {
    of: Vec<u16>,
    kinds: usize,
}

impl Split {
    fn new(communes: usize) -> Self {
        Self { of: vec![0; communes], kinds: 1 }
    }

    /// Tells those apart that differ in a value.
    fn by(&mut self, value: impl Fn(usize) -> u8) {
        const VALUES: usize = 1 << u8::BITS;
        const NONE: u16 = u16::MAX;
        let mut renamed = vec![NONE; self.kinds * VALUES];
        self.kinds = 0;
        for (commune, kind) in self.of.iter_mut().enumerate() {
            let name = &mut renamed[usize::from(*kind) * VALUES + usize::from(value(commune))];
            if *name == NONE {
                // There are no more kinds than communes, and France has half as many.
                *name = u16::try_from(self.kinds).unwrap_or(NONE);
                self.kinds += 1;
            }
            *kind = *name;
        }
    }

    fn kinds(self) -> Kinds {
        let mut communes = Vec::with_capacity(self.kinds);
        for (commune, kind) in self.of.iter().enumerate() {
            if usize::from(*kind) == communes.len() {
                communes.push(commune);
            }
        }
        Kinds { communes, of: self.of, ..Kinds::default() }
    }
}

/// The communes, told apart by their surroundings.
#[derive(Debug, Default)]
pub struct Kinds {
    /// A commune of each kind.
    pub communes: Vec<usize>,
    /// The kind of each commune.
    pub of: Vec<u16>,
    /// A commune for each of the kinds that have the same cards, where only the winners of lists
    /// are told apart.
    pub(super) decided: Vec<usize>,
    /// Of each kind, which of these it is as.
    pub(super) cards: Vec<u16>,
}

/// Networks, the lists of which one is taken, whether the order of all tells apart, and which
/// narrower publics count.
type LookedFor = (Vec<usize>, Vec<List>, bool, Vec<bool>);

/// A structure with where it is and what it offers.
#[derive(Debug)]
struct Spot<'a> {
    structure: &'a Structure,
    home: &'a Commune,
    position: Position,
    services: &'a [Service],
}

impl<'a> Surroundings<'a> {
    /// Tries every place for every commune.
    pub fn new(directory: &'a Directory, geography: &'a Geography, people: &People) -> Self {
        Self::told_apart(directory, geography, &|network, serves| people.narrower(network, serves))
    }

    /// The same where nobody has to be told apart: for [`Self::open_to_all`] alone.
    pub fn for_everybody(directory: &'a Directory, geography: &'a Geography) -> Self {
        Self::told_apart(directory, geography, &|_, serves| (*serves != Condition::Always).then_some(0))
    }

    /// `narrower` gives the rank of a place's public among those of its network, where it is
    /// narrower than that.
    fn told_apart(
        directory: &'a Directory,
        geography: &'a Geography,
        narrower: &dyn Fn(usize, &Condition) -> Option<usize>,
    ) -> Self {
        let edition = &directory.edition;
        let departments: Vec<&str> =
            edition.region.departments.iter().map(|department| department.code.as_str()).collect();
        let communes: Vec<&Commune> = departments
            .iter()
            .flat_map(|code| geography.communes().iter().filter(move |commune| commune.department() == *code))
            .collect();
        let networks: Vec<(&str, &[Service])> = edition
            .networks
            .iter()
            .map(|network| (network.id.as_str(), network.services.as_slice()))
            .collect();
        let reach = Meters(u32::from(edition.reach_km) * 1000);
        let partial: HashMap<&str, Vec<String>> = departments
            .iter()
            .map(|department| (*department, partial(directory, geography, department)))
            .collect();
        let mut seats: HashMap<&str, u32> = HashMap::new();
        let mut numbered = |name: &'a str| {
            let next = u32::try_from(seats.len()).unwrap_or(u32::MAX);
            *seats.entry(name).or_insert(next)
        };
        let mut seat = |commune: &'a Commune| Seat {
            department: numbered(commune.department()),
            city: numbered(commune.city()),
            intercommunality: (!commune.intercommunality.is_empty())
                .then(|| numbered(&commune.intercommunality)),
        };
        let here: Vec<Seat> = communes.iter().map(|commune| seat(commune)).collect();
        let mut structures = Vec::new();
        let mut near: Vec<Vec<Near>> = vec![Vec::new(); communes.len() * networks.len()];
        // How the best place so far of those that receive everybody belongs to the commune: whatever
        // belongs to it less is never looked at.
        let mut open = vec![Bond::Distance; near.len()];
        for structure in &directory.structures {
            let network = networks.iter().position(|(id, _)| *id == structure.network);
            let (Some(network), Some(home)) = (network, geography.current(&structure.commune)) else {
                continue;
            };
            let position = structure.position.unwrap_or(Position { approximate: true, ..home.position });
            let services = structure.services.as_deref().unwrap_or(networks[network].1);
            let index = u32::try_from(structures.len()).unwrap_or(u32::MAX);
            structures.push(Spot { structure, home, position, services });
            let narrower = structure
                .serves
                .as_ref()
                .and_then(|serves| narrower(network, serves))
                .and_then(|rank| u16::try_from(rank).ok());
            let of = &edition.networks[network];
            let competence = Competent::of(directory, geography, structure);
            let is_partial: HashMap<&str, bool> =
                partial.iter().map(|(department, ids)| (*department, ids.contains(&of.id))).collect();
            let there = seat(home);
            for (rank, commune) in communes.iter().enumerate() {
                let bond = match (&competence, of.reach) {
                    (Some(competent), _) if competent.includes(commune) => Bond::Competent,
                    (Some(_), _) | (None, Reach::DeclaredOnly) => continue,
                    (None, Reach::Territory) => here[rank].bond(there),
                    (None, Reach::AnyPlace) => Bond::Distance,
                };
                let of_network = rank * networks.len() + network;
                if bond > open[of_network]
                    || (bond == Bond::Distance && commune.position.is_beyond(position, reach))
                {
                    continue;
                }
                let distance = commune.position.distance(position);
                if bond == Bond::Distance && distance > reach {
                    continue;
                }
                let is_partial = || is_partial[commune.department()];
                let is_elsewhere = bond == Bond::Distance && of.reach == Reach::Territory && of.has_contact();
                let may_be_another = bond >= Bond::Department && distance > STANDS_IN && is_partial();
                if narrower.is_none() {
                    open[of_network] = bond;
                }
                near[of_network].push(Near {
                    bond,
                    distance,
                    gives_way: is_elsewhere || (may_be_another && of.has_contact()),
                    is_elsewhere,
                    structure: index,
                    narrower,
                });
            }
        }
        for places in &mut near {
            best_first(places, &structures);
        }
        let mut narrows = vec![false; networks.len()];
        for (index, places) in near.iter().enumerate() {
            narrows[index % networks.len()] |= places.iter().any(|place| place.narrower.is_some());
        }
        let (first, far, found) = (Vec::new(), Meters(reach.0 / 2), RefCell::default());
        let columns = RefCell::default();
        let mut this =
            Self { communes, networks, structures, partial, near, first, narrows, far, found, columns };
        let best = |places: &Vec<Near>| places.first().map_or(Seen::NOTHING, |near| this.as_seen(near));
        this.first = this.near.iter().map(best).collect();
        this
    }

    /// How many communes the region has.
    pub const fn communes(&self) -> usize {
        self.communes.len()
    }

    /// A commune, by rank.
    pub fn commune(&self, commune: usize) -> &'a Commune {
        self.communes[commune]
    }

    pub(super) fn structure(&self, near: &Near) -> &'a Structure {
        self.structures[near.structure as usize].structure
    }

    pub(super) fn services(&self, near: &Near) -> &'a [Service] {
        self.structures[near.structure as usize].services
    }

    /// How far from a commune the place is to which everybody goes whom a network serves, by rank;
    /// `None` where it has none for them, or where its own contact comes first.
    pub fn open_to_all(&self, commune: usize, network: usize) -> Option<Meters> {
        self.everybodys(commune, network).map(|place| place.distance)
    }

    /// That place, and how it belongs to the commune.
    pub fn place_open_to_all(&self, commune: usize, network: usize) -> Option<(&'a Structure, Bond)> {
        self.everybodys(commune, network).map(|place| (self.structure(place), place.bond))
    }

    fn everybodys(&self, commune: usize, network: usize) -> Option<&Near> {
        let places = &self.near[commune * self.networks.len() + network];
        places.iter().find(|place| place.narrower.is_none()).filter(|place| !place.gives_way)
    }

    /// The best place of a network for a set of answers: competence, then eligibility, then
    /// distance.
    pub(super) fn best(&self, people: &People, commune: usize, network: usize, set: usize) -> Option<&Near> {
        self.near[commune * self.networks.len() + network]
            .iter()
            .find(|near| near.narrower.is_none_or(|narrower| people.includes(usize::from(narrower), set)))
    }

    /// Whether a network has a place with a narrower public.
    pub(super) fn narrows(&self, network: usize) -> bool {
        self.narrows[network]
    }

    /// The kinds of surroundings, for whoever looks for these networks.
    pub fn kinds(&self, people: &People, networks: &[usize], order: Order<'_>, set: usize) -> Rc<Kinds> {
        let (lists, is_full) = match order {
            Order::Winners(lists) => (lists, false),
            Order::Full(lists) => (lists, true),
        };
        let key = (networks.to_vec(), lists.to_vec(), is_full, people.included(networks, set));
        if let Some(kinds) = self.found.borrow().get(&key) {
            return Rc::clone(kinds);
        }
        let kinds = Rc::new(self.kinds_anew(people, networks, order, set));
        self.found.borrow_mut().insert(key, Rc::clone(&kinds));
        kinds
    }

    fn kinds_anew(&self, people: &People, networks: &[usize], order: Order<'_>, set: usize) -> Kinds {
        let (Order::Winners(lists) | Order::Full(lists)) = order;
        let column = |column| self.column(people, column, set);
        let places: Vec<Rc<[u8]>> = networks.iter().map(|network| column(Column::Place(*network))).collect();
        let winners: Vec<Rc<[u8]>> = lists.iter().map(|list| column(Column::Winner(list.clone()))).collect();
        let mut split = Split::new(self.communes.len());
        for column in places.iter().chain(&winners) {
            split.by(|commune| column[commune]);
        }
        if matches!(order, Order::Full(_)) {
            let key = |commune: usize, network: usize| self.seen(people, commune, network, set).key;
            for (index, one) in networks.iter().enumerate() {
                for other in &networks[..index] {
                    split.by(|commune| key(commune, *one).cmp(&key(commune, *other)) as u8);
                }
            }
        }
        let mut kinds = split.kinds();
        if let Order::Winners(_) = order {
            // What decides which cards there are, and what each offers: how near a place is only
            // orders them.
            let mut known: HashMap<Vec<u8>, u16> = HashMap::new();
            for commune in &kinds.communes {
                let next = u16::try_from(kinds.decided.len()).unwrap_or(u16::MAX);
                let cards = places.iter().map(|place| card(place[*commune]));
                let winners = winners.iter().map(|winner| winner[*commune]);
                let cards = *known.entry(cards.chain(winners).collect()).or_insert(next);
                kinds.cards.push(cards);
                if cards == next {
                    kinds.decided.push(*commune);
                }
            }
        }
        kinds
    }

    /// A value of each commune, for a set of answers.
    fn column(&self, people: &People, column: Column, set: usize) -> Rc<[u8]> {
        let included = match &column {
            Column::Place(network) => people.included(&[*network], set),
            Column::Winner(list) => people.included(&list.networks, set),
        };
        let key = (column, included);
        if let Some(known) = self.columns.borrow().get(&key) {
            return Rc::clone(known);
        }
        let seen = |commune: usize, network: usize| self.seen(people, commune, network, set);
        let value = |commune: usize| match &key.0 {
            Column::Place(network) => seen(commune, *network).kind,
            Column::Winner(list) => winner(list, &|network| seen(commune, network)),
        };
        let values: Rc<[u8]> = (0..self.communes.len()).map(value).collect();
        self.columns.borrow_mut().insert(key, Rc::clone(&values));
        values
    }

    /// The best place of a network as far as it tells communes apart.
    fn seen(&self, people: &People, commune: usize, network: usize, set: usize) -> Seen {
        if self.narrows[network] {
            self.best(people, commune, network, set).map_or(Seen::NOTHING, |near| self.as_seen(near))
        } else {
            self.first[commune * self.networks.len() + network]
        }
    }

    fn as_seen(&self, near: &Near) -> Seen {
        if near.is_elsewhere {
            return Seen::NOTHING;
        }
        let (not_competent, distance) = near.among_networks();
        // The earth's circumference in metres leaves the highest bit free.
        let key = u32::from(not_competent) << 31 | distance.0;
        Seen { kind: self.kind(near), key, gives_way: near.gives_way }
    }

    /// Competent, near or far, before or after its network's contact, and with which services;
    /// never 0.
    fn kind(&self, near: &Near) -> u8 {
        let kind = match (near.bond.is_competent(), near.distance > self.far) {
            (true, _) => 1,
            (false, false) => 2,
            (false, true) => 3,
        } + if near.gives_way { NEARNESS } else { 0 };
        let services = self.services(near).iter().fold(0_u8, |bits, service| bits | 1 << (*service as u8));
        kind << OFFERED.count_ones() | services
    }

    /// A piece with one commune and the best place of each of these networks: all that the
    /// engine would look at in the department's.
    pub fn piece(&self, people: &People, networks: &[usize], commune: usize, set: usize) -> DepartmentPiece {
        let point = self.communes[commune];
        let places = networks
            .iter()
            .filter_map(|network| {
                let near = self.best(people, commune, *network, set)?;
                let spot = &self.structures[near.structure as usize];
                let covers = if near.bond.is_competent() { Covers::Department } else { Covers::Undeclared };
                Some(Place {
                    department: spot.home.department().to_owned(),
                    // The commune of the piece is its only one.
                    within: if spot.home.city() == point.city() { vec![0] } else { Vec::new() },
                    intercommunality: (spot.home.intercommunality == point.intercommunality).then_some(0),
                    serves: spot.structure.serves.clone().unwrap_or(Condition::Always),
                    id: spot.structure.id.clone(),
                    network: self.networks[*network].0.to_owned(),
                    position: spot.position,
                    covers,
                    services: spot.services.to_vec(),
                    ..Place::default()
                })
            })
            .collect();
        let mut piece = piece_of(&point.code, point.position, places);
        piece.partial.clone_from(&self.partial[point.department()]);
        piece.communes[0].intercommunality = (!point.intercommunality.is_empty()).then_some(0);
        piece
    }
}

/// Puts the places of a commune in order, up to the first that receives everybody.
fn best_first(places: &mut Vec<Near>, structures: &[Spot]) {
    let key = |near: &Near| (near.bond, near.distance, &structures[near.structure as usize].structure.id);
    places.sort_by(|a, b| key(a).cmp(&key(b)));
    if let Some(open) = places.iter().position(|place| place.narrower.is_none()) {
        places.truncate(open + 1);
        places.shrink_to_fit();
    }
}

/// The network of a list that is taken, by its rank there.
fn winner(list: &List, best: &dyn Fn(usize) -> Seen) -> u8 {
    let places = list.networks.iter().map(|network| best(*network));
    let known = places.enumerate().filter(|(_, place)| !place.gives_way);
    let winner = match &list.preference {
        None => known.min_by_key(|(rank, place)| (place.key, *rank)),
        Some(preference) => {
            let known: Vec<(usize, Seen)> = known.collect();
            let named = known.iter().map(|(rank, place)| {
                (NetworkIx::new(list.networks[*rank]), Meters(place.key & Seen::DISTANCE))
            });
            first_within(preference, &named.collect::<Vec<_>>()).map(|first| {
                let (rank, taken) = known[first];
                let earlier = list.networks[..rank].iter().map(|network| best(*network));
                // The contact of an earlier one is taken where its place is nearer than this.
                let behind = earlier.enumerate().find(|(_, place)| {
                    place.kind > 0
                        && place.gives_way
                        && place.key & Seen::DISTANCE < taken.key & Seen::DISTANCE
                });
                behind.unwrap_or((rank, taken))
            })
        }
    };
    winner.map_or(u8::MAX, |(rank, _)| u8::try_from(rank).unwrap_or(u8::MAX))
}

/// The rank of the first of these networks whose place is not passed over for a later one's.
pub(super) fn first_within(preference: &GuidePreference, places: &[(NetworkIx, Meters)]) -> Option<usize> {
    (0..places.len()).find(|rank| {
        let later = &places[rank + 1..];
        later.iter().all(|(network, other)| !preference.passes_over(places[*rank].1, *network, *other))
    })
}

/// A piece of one commune, which lies there.
pub(super) fn piece_of(code: &str, position: Position, places: Vec<Place>) -> DepartmentPiece {
    let commune = CommunePoint { code: code.to_owned(), position, ..CommunePoint::default() };
    let code = department_of(code).to_owned();
    DepartmentPiece {
        format: PIECE_FORMAT,
        code,
        communes: vec![commune],
        places,
        ..DepartmentPiece::default()
    }
}

/// The communes that a structure is there for, found without what compiles the pieces: the proof tries
/// that one.
struct Competent<'a> {
    departments: HashSet<&'a str>,
    communes: HashSet<&'a str>,
}

impl<'a> Competent<'a> {
    /// `None` where it declares no competence.
    fn of(directory: &'a Directory, geography: &'a Geography, structure: &'a Structure) -> Option<Self> {
        let competence = structure.competence.as_ref()?;
        let territories: Vec<_> = directory
            .territories
            .iter()
            .filter(|territory| competence.territories.contains(&territory.id))
            .collect();
        let departments = competence
            .departments
            .iter()
            .chain(territories.iter().flat_map(|territory| &territory.departments))
            .map(String::as_str)
            .collect();
        // A commune that has become part of another stands for that one.
        let communes = competence
            .communes
            .iter()
            .chain(territories.iter().flat_map(|territory| &territory.communes))
            .filter_map(|code| Some(geography.current(code)?.code.as_str()))
            .collect();
        Some(Self { departments, communes })
    }

    /// An arrondissement belongs to whatever its city belongs to.
    fn includes(&self, commune: &Commune) -> bool {
        self.departments.contains(commune.department())
            || self.communes.contains(commune.code.as_str())
            || commune.parent.as_deref().is_some_and(|parent| self.communes.contains(parent))
    }
}
