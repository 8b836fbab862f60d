//! What a publication changes for people: in how many communes, and for whom, the guide
//! would send visitors somewhere else than it does now.
//!
//! The publics are those of the main rules of the directory to come
//! ([`crate::report::diagnosis::Public`]): every visitor belongs to exactly one, and an
//! administrator knows them by name. Ages alone would say less: an edition need not ask
//! one, and what changes for the young who look for a job may not change for pupils.
//! Within a public, people whom the rules lead to different places are told apart
//! ([`classes`]); a commune counts where at least one of them is sent elsewhere, and what
//! is told of it is what happens to the most common of those.
//!
//! The decisions are those of [`shared::recommend::recommend`], on the pieces that visitors
//! load, from which only what cannot matter to the main place is left out ([`decide`]).
//! Where that is the same before and after, nothing is decided again.

mod classes;
mod decide;
pub mod sentences;

use crate::verify::reachable::TooMany;
use classes::Class;
use decide::{Decider, Outcome};
use serde::{Deserialize, Serialize};
use shared::decision::GuideQuestion;
use shared::directory::{Department, MAIN_LANGUAGE};
use shared::geography::{Commune, Geography, Meters};
use shared::snapshot::{
    DepartmentPiece, LocalizedGuide, Snapshot, UnreadablePiece, department_piece, localized, read,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// How many communes an effect names for each public.
const EXAMPLES: usize = 5;

/// From how far a place that stays the same counts as moved, as a commune sees it.
const MOVED: Meters = Meters(1000);

/// What changes for people between two snapshots.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// The day for which both were asked.
    pub day: String,
    /// How many communes of either region were compared; a city with arrondissements counts
    /// through them.
    pub communes: usize,
    /// How many of them have another main place for somebody.
    pub changed: usize,
    /// How many people live in those.
    pub inhabitants: u64,
    /// The two ask different questions: the people are those who answer the new ones, and
    /// the directory before was asked about whatever of their answers it understands.
    pub questions_changed: bool,
    /// The publics for whom something changes, in the order of the rules.
    pub publics: Vec<PublicEffect>,
    /// The departments where something changes, by code.
    pub by_department: Vec<DepartmentEffect>,
    /// The communes where something changes, by INSEE code; not told, there may be thousands.
    #[serde(skip)]
    pub codes: Vec<String>,
}

/// What changes for one public.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PublicEffect {
    /// Id of its rule, or [`crate::report::diagnosis::Public::WITHOUT_RULE`].
    pub id: String,
    /// Who they are, in the words of the questions (French).
    pub who: String,
    /// How many communes have another main place.
    pub changed: usize,
    /// How many people live in those.
    pub inhabitants: u64,
    /// Of the changed, those whose new place is nearer than the one before.
    pub nearer: usize,
    /// By how much, on average.
    pub mean_nearer: Meters,
    /// Those whose new place is farther.
    pub farther: usize,
    /// By how much, on average.
    pub mean_farther: Meters,
    /// Those that have a place and had none: a site, a phone line, or nothing at all.
    pub gained: usize,
    /// Those that had a place and have none.
    pub lost: usize,
    /// Communes, not counted as changed, whose place is the same and has moved by a
    /// kilometre or more as seen from there.
    pub moved: usize,
    /// The changed communes where the most people live, five at most.
    pub examples: Vec<Example>,
}

/// One commune whose main place changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Example {
    /// INSEE code.
    pub code: String,
    /// Its name.
    pub commune: String,
    /// How many people live there; 0 where it is not known.
    pub inhabitants: u32,
    /// Where people are sent now.
    pub before: Whereto,
    /// Where they would be sent.
    pub after: Whereto,
}

/// Where a visitor is sent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Whereto {
    /// What it is.
    pub kind: Kind,
    /// The id of the place, the network or the remote service; empty for nothing.
    pub id: String,
    /// Its name (French); empty for nothing.
    pub name: String,
    /// How far a place is from the commune's centre, as the crow flies.
    pub distance: Option<Meters>,
}

/// What a visitor is sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A place.
    Place,
    /// A network that has no place near, through its national site or phone.
    Network,
    /// A remote service.
    Remote,
    /// Nothing: the commune was not in the region.
    Nothing,
}

/// How many communes of a department change for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentEffect {
    /// INSEE code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many communes it has.
    pub communes: usize,
    /// How many have another main place for somebody.
    pub changed: usize,
}

/// Why two snapshots cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incomparable {
    /// A piece of one of them cannot be read.
    Unreadable(UnreadablePiece),
    /// The questions have more sets of answers than can be gone through.
    TooMany,
}

impl fmt::Display for Incomparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(f),
            Self::TooMany => TooMany.fmt(f),
        }
    }
}

impl std::error::Error for Incomparable {}

impl From<TooMany> for Incomparable {
    fn from(_: TooMany) -> Self {
        Self::TooMany
    }
}

/// The pieces of one snapshot that the decision reads.
struct Side {
    guide: LocalizedGuide,
    departments: BTreeMap<String, DepartmentPiece>,
}

impl Side {
    fn read(snapshot: &Snapshot) -> Result<Self, Incomparable> {
        fn piece<T: shared::wire::Wire>(snapshot: &Snapshot, name: &str) -> Result<T, Incomparable> {
            let bytes = snapshot.pieces.get(name).map(Vec::as_slice).unwrap_or_default();
            read(bytes).map_err(Incomparable::Unreadable)
        }
        let guide =
            localized(&snapshot.pieces, MAIN_LANGUAGE).map_err(|(_, why)| Incomparable::Unreadable(why))?;
        let departments = guide
            .departments
            .iter()
            .map(|one| Ok((one.code.clone(), piece(snapshot, &department_piece(&one.code))?)))
            .collect::<Result<_, Incomparable>>()?;
        Ok(Self { guide, departments })
    }
}

/// Compares two snapshots as of `today`, an ISO date.
///
/// # Errors
/// When a piece cannot be read, or the questions have too many sets of answers.
///
/// ```
/// use insight::compare::effect::{Kind, effect};
/// # use shared::{directory::Directory, geography::Geography, validate::validate};
/// # let communes = include_str!("../../../../shared/examples/communes.tsv");
/// # let geography = Geography::parse(communes, "", &|_| true).unwrap();
/// # let example = include_bytes!("../../../../shared/examples/two-places.json");
/// # let directory = Directory::from_json(example).unwrap();
/// let compiled = |directory: Directory| {
///     let valid = validate(directory, &geography, "2026-11-24").unwrap();
///     shared::compile::compile(&valid, &geography)
/// };
/// let before = compiled(directory.clone());
/// let mut without_a_place = directory;
/// without_a_place.structures.remove(0);
///
/// let found = effect(&before, &compiled(without_a_place), &geography, "2026-11-24").unwrap();
/// let pupils = found.publics.iter().find(|public| public.id == "R1-pupil").unwrap();
/// assert_eq!((pupils.changed, pupils.lost), (2, 2), "the third had none within reach");
/// let example = &pupils.examples[0];
/// assert_eq!((example.commune.as_str(), &*example.before.id), ("Valence", "cio-romans"));
/// assert_eq!((example.after.kind, &*example.after.id), (Kind::Network, "cio"));
/// ```
pub fn effect(
    before: &Snapshot,
    after: &Snapshot,
    geography: &Geography,
    today: &str,
) -> Result<Effect, Incomparable> {
    let (before, after) = (Side::read(before)?, Side::read(after)?);
    let classes = classes::classes(&before, &after, today)?;
    let whole_cities: BTreeSet<&str> =
        geography.communes().iter().filter_map(|commune| commune.parent.as_deref()).collect();
    let mut effect = Effect {
        day: today.to_owned(),
        communes: 0,
        changed: 0,
        inhabitants: 0,
        questions_changed: asks_otherwise(&before.guide, &after.guide),
        publics: Vec::new(),
        by_department: Vec::new(),
        codes: Vec::new(),
    };
    let mut tallies: BTreeMap<usize, Tally> = BTreeMap::new();
    for department in departments(&before.guide, &after.guide) {
        let communes: Vec<&Commune> = geography
            .communes()
            .iter()
            .filter(|one| one.department() == department.code && !whole_cities.contains(one.code.as_str()))
            .collect();
        let pair = [&before, &after].map(|side| Decider::new(side, &department.code));
        let mut anyone = vec![false; communes.len()];
        for of_public in classes.chunk_by(|a, b| a.public == b.public) {
            let changes = changes(&pair, of_public, &communes);
            if changes.iter().all(Option::is_none) {
                continue;
            }
            let tally = tallies.entry(of_public[0].public).or_default();
            for ((commune, change), anyone) in communes.iter().zip(changes).zip(&mut anyone) {
                if let Some((_, outcomes)) = change {
                    *anyone |= tally.count(commune, &outcomes, &pair);
                }
            }
            tally.keep_examples();
        }
        effect.communes += communes.len();
        let elsewhere: Vec<&Commune> = communes
            .iter()
            .zip(&anyone)
            .filter(|(_, changed)| **changed)
            .map(|(commune, _)| *commune)
            .collect();
        let changed = elsewhere.len();
        effect.changed += changed;
        effect.inhabitants += elsewhere.iter().map(|commune| u64::from(commune.population)).sum::<u64>();
        effect.codes.extend(elsewhere.iter().map(|commune| commune.code.clone()));
        if changed > 0 {
            let (code, name) = (department.code.clone(), department.name.clone());
            effect.by_department.push(DepartmentEffect { code, name, communes: communes.len(), changed });
        }
    }
    effect.publics = tallies
        .into_iter()
        .map(|(rule, tally)| {
            let (id, who) = crate::report::diagnosis::named(&after.guide, rule);
            PublicEffect { id, who, ..tally.finished() }
        })
        .collect();
    Ok(effect)
}

/// Whom a place is the main one for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Served {
    /// In how many communes it is the main place for somebody.
    pub communes: usize,
    /// How many people live in those.
    pub inhabitants: u64,
}

/// For each place that is the main one somewhere, by id, where it is, as of `today`.
///
/// # Errors
/// As [`effect`].
pub fn mains(
    snapshot: &Snapshot,
    geography: &Geography,
    today: &str,
) -> Result<BTreeMap<String, Served>, Incomparable> {
    let side = Side::read(snapshot)?;
    let classes = classes::classes(&side, &side, today)?;
    let whole_cities: BTreeSet<&str> =
        geography.communes().iter().filter_map(|commune| commune.parent.as_deref()).collect();
    let mut served: BTreeMap<String, Served> = BTreeMap::new();
    for department in side.departments.keys() {
        let decider = Decider::new(&side, department);
        let communes = geography
            .communes()
            .iter()
            .filter(|one| one.department() == department && !whole_cities.contains(one.code.as_str()));
        let prepared: Vec<_> = classes.iter().map(|class| decider.prepare(&class.roads[1])).collect();
        for commune in communes {
            let places: BTreeSet<usize> = prepared
                .iter()
                .filter_map(|one| match decide::decide(one.as_ref(), &commune.code) {
                    Outcome::Place(place, _) => Some(place),
                    _ => None,
                })
                .collect();
            for place in places {
                let id = decider.id(Outcome::Place(place, Meters(0))).1;
                let served = served.entry(id.to_owned()).or_default();
                served.communes += 1;
                served.inhabitants += u64::from(commune.population);
            }
        }
    }
    Ok(served)
}

/// Whether two guides ask other questions, or ask them in other French words.
fn asks_otherwise(before: &LocalizedGuide, after: &LocalizedGuide) -> bool {
    fn words(guide: &LocalizedGuide) -> impl Iterator<Item = &str> {
        guide.questions.iter().flat_map(GuideQuestion::slots).map(|slot| guide.text(slot))
    }
    before.questions != after.questions || !words(before).eq(words(after))
}

/// The departments of either region, by code.
fn departments<'a>(before: &'a LocalizedGuide, after: &'a LocalizedGuide) -> Vec<&'a Department> {
    let by_code: BTreeMap<&str, &Department> =
        before.departments.iter().chain(&after.departments).map(|one| (one.code.as_str(), one)).collect();
    by_code.into_values().collect()
}

/// For each commune, what changes for the most common people of a public for whom something
/// does.
fn changes(
    pair: &[Decider; 2],
    classes: &[Class],
    communes: &[&Commune],
) -> Vec<Option<(u64, [Outcome; 2])>> {
    let mut changes = vec![None; communes.len()];
    for class in classes {
        let [before, after] = [0, 1].map(|side| pair[side].prepare(&class.roads[side]));
        if decide::is_same(before.as_ref(), after.as_ref()) {
            continue;
        }
        for (commune, change) in communes.iter().zip(&mut changes) {
            let outcomes = [&before, &after].map(|one| decide::decide(one.as_ref(), &commune.code));
            let is_worth = is_change(&outcomes, pair) || moved(&outcomes);
            // Another place says more than the same one elsewhere, then more people do.
            let rank = |outcomes: &[Outcome; 2], sets: u64| (is_change(outcomes, pair), sets);
            let known = change.as_ref().map(|(sets, outcomes)| rank(outcomes, *sets));
            if is_worth && known.is_none_or(|known| known < rank(&outcomes, class.sets)) {
                *change = Some((class.sets, outcomes));
            }
        }
    }
    changes
}

/// Whether people are sent to something else.
fn is_change(outcomes: &[Outcome; 2], pair: &[Decider; 2]) -> bool {
    let [before, after] = outcomes;
    pair[0].id(*before) != pair[1].id(*after)
}

/// Whether a place is not where it was, as a commune sees it.
fn moved(outcomes: &[Outcome; 2]) -> bool {
    match outcomes {
        [Outcome::Place(_, before), Outcome::Place(_, after)] => before.0.abs_diff(after.0) >= MOVED.0,
        _ => false,
    }
}

/// What has been counted for one public.
#[derive(Default)]
struct Tally {
    counted: PublicEffect,
    /// Metres, summed up.
    nearer: u64,
    farther: u64,
}

impl Tally {
    /// Counts a commune, and says whether its people are sent elsewhere.
    fn count(&mut self, commune: &Commune, outcomes: &[Outcome; 2], pair: &[Decider; 2]) -> bool {
        let counted = &mut self.counted;
        if !is_change(outcomes, pair) {
            counted.moved += 1;
            return false;
        }
        counted.changed += 1;
        counted.inhabitants += u64::from(commune.population);
        match outcomes {
            [Outcome::Place(_, before), Outcome::Place(_, after)] => {
                counted.nearer += usize::from(after < before);
                counted.farther += usize::from(after > before);
                self.nearer += u64::from(before.0.saturating_sub(after.0));
                self.farther += u64::from(after.0.saturating_sub(before.0));
            }
            [Outcome::Place(..), _] => counted.lost += 1,
            [_, Outcome::Place(..)] => counted.gained += 1,
            _ => {}
        }
        counted.examples.push(Example {
            code: commune.code.clone(),
            commune: commune.name.clone(),
            inhabitants: commune.population,
            before: pair[0].whereto(outcomes[0]),
            after: pair[1].whereto(outcomes[1]),
        });
        true
    }

    /// Keeps the communes where the most people live.
    fn keep_examples(&mut self) {
        let examples = &mut self.counted.examples;
        examples.sort_by(|a, b| (b.inhabitants, &a.code).cmp(&(a.inhabitants, &b.code)));
        examples.truncate(EXAMPLES);
    }

    fn finished(self) -> PublicEffect {
        let mean = |metres: u64, communes: usize| {
            let communes = u64::try_from(communes).unwrap_or(u64::MAX).max(1);
            Meters(u32::try_from(metres / communes).unwrap_or(u32::MAX))
        };
        PublicEffect {
            mean_nearer: mean(self.nearer, self.counted.nearer),
            mean_farther: mean(self.farther, self.counted.farther),
            ..self.counted
        }
    }
}
