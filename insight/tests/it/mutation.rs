//! Every rule of both editions, changed in every small way: each change is caught by the
//! validation, the analysis or the proof, or is proved to change nothing for anybody.
//!
//! A mutant drops a rule; widens its condition (drops a part, names a choice more, holds for
//! all); narrows it (drops an alternative, names a choice less, asks for an answer more);
//! swaps, drops or adds a network; changes its role, or how far what comes first may be.
//!
//! A mutant is *equivalent* when the recommendation is the same, reasons and order included,
//! for everybody whom it could concern: in one commune of each kind, and in every imagined
//! world. It is *caught* otherwise, or it *survives*, and then the test fails.

use crate::shipped::{DIRECTORY_2016, DIRECTORY_2026, FRANCE, TODAY};
use insight::verify::analysis::analyse;
use insight::verify::proof::{Order, People, Promises, Surroundings, day_within, prove};
use insight::verify::reachable::Bits;
use shared::condition::{AnswerIs, Condition};
use shared::decision::{GuidePick, GuidePreference, GuideTimesAsFar, NetworkIx};
use shared::directory::{Directory, Pick, Preference, QuestionKind, Role, Rule, TimesAsFar};
use shared::finding::Severity;
use shared::recommend::{NoRecommendation, Recommendation, Target, plan, recommend};
use shared::snapshot::LocalizedGuide;
use shared::validate::validate;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[test]
fn changes_of_every_rule_of_2026_are_caught_1() {
    mutate(&DIRECTORY_2026, (0, 2), sample, 15);
}

#[test]
fn changes_of_every_rule_of_2026_are_caught_2() {
    mutate(&DIRECTORY_2026, (1, 2), sample, 15);
}

#[test]
fn changes_of_every_rule_of_2016_are_caught() {
    mutate(&DIRECTORY_2016, (0, 1), sample, 15);
}

#[test]
#[ignore = "thorough: a thousand mutants and more, of which some are proved as whole editions"]
fn every_small_change_of_a_rule_of_2026_is_caught_1() {
    mutate(&DIRECTORY_2026, (0, 2), |_, mutants| mutants, 500);
}

#[test]
#[ignore = "thorough: a thousand mutants and more, of which some are proved as whole editions"]
fn every_small_change_of_a_rule_of_2026_is_caught_2() {
    mutate(&DIRECTORY_2026, (1, 2), |_, mutants| mutants, 500);
}

#[test]
#[ignore = "thorough: a thousand mutants and more, of which some are proved as whole editions"]
fn every_small_change_of_a_rule_of_2016_is_caught_1() {
    mutate(&DIRECTORY_2016, (0, 2), |_, mutants| mutants, 500);
}

#[test]
#[ignore = "thorough: a thousand mutants and more, of which some are proved as whole editions"]
fn every_small_change_of_a_rule_of_2016_is_caught_2() {
    mutate(&DIRECTORY_2016, (1, 2), |_, mutants| mutants, 500);
}

/// A rule, changed; `None` where it is dropped.
struct Mutant {
    kind: Kind,
    what: String,
    rule: Option<Rule>,
}

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Dropped,
    Role,
    Preference,
    Always,
    ChoiceMore,
    ChoiceLess,
    PartLess,
    NotLess,
    AnswerMore,
    PickLess,
    PickOther,
    ComplementLess,
    ComplementOther,
}

/// What became of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Promise,
    Validation,
    Analysis,
    Proof,
    Equivalent,
    Survivor,
}

/// Of the mutants of a rule, every third kind; of such a kind one in twenty, and one at least.
/// Which ones depends on the rule, so that kinds, networks and choices take their turns.
fn sample(rule: usize, mutants: Vec<Mutant>) -> Vec<Mutant> {
    let mut kinds: BTreeMap<Kind, Vec<Mutant>> = BTreeMap::new();
    for mutant in mutants {
        kinds.entry(mutant.kind).or_default().push(mutant);
    }
    let some = |mutants: Vec<Mutant>| {
        let first = rule % mutants.len().min(20);
        mutants.into_iter().skip(first).step_by(20)
    };
    let takes_its_turn =
        |(kind, mutants): (Kind, Vec<Mutant>)| (kind as usize % 3 == rule % 3).then_some(mutants);
    kinds.into_iter().filter_map(takes_its_turn).flat_map(some).collect()
}

/// Tries these mutants of one part of the rules, of so many parts. At least so many are caught by
/// a guarantee.
fn mutate(
    directory: &Directory,
    (part, parts): (usize, usize),
    choose: fn(usize, Vec<Mutant>) -> Vec<Mutant>,
    least: usize,
) {
    let bench = Bench::new(directory);
    let mut tried: BTreeMap<Kind, BTreeMap<Fate, usize>> = BTreeMap::new();
    let mut survivors = Vec::new();
    for (index, rule) in directory.edition.rules.iter().enumerate().skip(part).step_by(parts) {
        let chosen = choose(index, mutants(directory, rule));
        assert!(!chosen.is_empty());
        for mutant in chosen {
            let fate = bench.fate(index, &mutant);
            *tried.entry(mutant.kind).or_default().entry(fate).or_default() += 1;
            if fate == Fate::Survivor {
                survivors.push(format!("{} : {}", rule.id, mutant.what));
            }
        }
    }
    let count = |fate| tried.values().filter_map(|fates| fates.get(&fate)).sum::<usize>();
    let all: usize = tried.values().flat_map(BTreeMap::values).sum();
    println!(
        "edition {}: {all} mutants of a part of {} rules; caught by a guarantee {}, by validation {}, by the analysis {}, by the rest of the proof {}; equivalent {}; survivors {}",
        directory.edition.id,
        directory.edition.rules.len(),
        count(Fate::Promise),
        count(Fate::Validation),
        count(Fate::Analysis),
        count(Fate::Proof),
        count(Fate::Equivalent),
        survivors.len()
    );
    for (kind, fates) in &tried {
        println!("  {kind:?}: {fates:?}");
    }
    assert!(survivors.is_empty(), "{}", survivors.join("\n"));
    assert!(count(Fate::Promise) > least, "{}", count(Fate::Promise));
}

/// The edition as it is, ready to be compared.
struct Bench<'a> {
    directory: &'a Directory,
    guide: LocalizedGuide,
    day: &'a str,
    people: People,
    promises: Promises<'a>,
    surroundings: Surroundings<'a>,
    findings: BTreeSet<(String, String)>,
}

impl<'a> Bench<'a> {
    fn new(directory: &'a Directory) -> Self {
        let guide = shared::compile::localized(directory, "fr");
        let day = day_within(&directory.edition, TODAY);
        let people = People::new(directory, &guide, day).unwrap();
        let promises = Promises::new(directory, &guide);
        let surroundings = Surroundings::new(directory, &FRANCE, &people);
        let findings = findings(directory);
        Self { directory, guide, day, people, promises, surroundings, findings }
    }

    fn fate(&self, index: usize, mutant: &Mutant) -> Fate {
        let mut guide = self.guide.clone();
        let rules = &mut Arc::make_mut(&mut guide.guide).rules;
        match &mutant.rule {
            Some(rule) => {
                let target = &mut rules[index];
                target.when.clone_from(&rule.when);
                target.role = rule.role;
                target.pick = match &rule.pick {
                    Pick::InOrder(networks) => GuidePick::InOrder(self.ranks(networks)),
                    Pick::NearestOf(networks) => GuidePick::NearestOf(self.ranks(networks)),
                };
                let limit = rule.limit(&self.directory.edition.preference);
                target.preference = limit.map(|limit| self.preference(limit));
                target.complements = self.ranks(&rule.complements);
            }
            None => drop(rules.remove(index)),
        }
        let concerned = self.concerned(index, mutant, &guide);
        for set in &concerned {
            let answers = self.people.sets().answers(*set);
            let plan = plan(&guide, &answers, self.day);
            let looked_for: Vec<usize> =
                (0..guide.networks.len()).filter(|network| self.people.serves(*network, *set)).collect();
            let made = |guarantee: usize| self.people.is_promised(guarantee, *set);
            if self.promises.broken(&guide, &plan, &answers, &made, &looked_for).0.is_some() {
                return Fate::Promise;
            }
        }
        if concerned.iter().all(|set| self.is_same(&guide, *set)) {
            return Fate::Equivalent;
        }
        let mut changed = self.directory.clone();
        match &mutant.rule {
            Some(rule) => changed.edition.rules[index] = rule.clone(),
            None => drop(changed.edition.rules.remove(index)),
        }
        let Ok(valid) = validate(changed.clone(), &FRANCE, TODAY) else { return Fate::Validation };
        if !findings(&changed).is_subset(&self.findings) {
            return Fate::Analysis;
        }
        if prove(&valid, &FRANCE, TODAY).counter_example.is_some() {
            return Fate::Proof;
        }
        Fate::Survivor
    }

    fn rank(&self, network: &str) -> NetworkIx {
        let rank = self.guide.networks.iter().position(|known| known.id == network);
        NetworkIx::new(rank.expect("a network of the edition"))
    }

    fn ranks(&self, networks: &[String]) -> Vec<NetworkIx> {
        networks.iter().map(|network| self.rank(network)).collect()
    }

    fn preference(&self, limit: &Preference) -> GuidePreference {
        let times =
            |limit: &TimesAsFar| GuideTimesAsFar { network: self.rank(&limit.network), times: limit.times };
        GuidePreference {
            farther_km: limit.farther_km,
            times_as_far: limit.times_as_far.iter().map(times).collect(),
            next_door_km: limit.next_door_km,
        }
    }

    /// One set of answers for each kind of person to whom the mutant may make a difference.
    fn concerned(&self, index: usize, mutant: &Mutant, guide: &LocalizedGuide) -> Vec<usize> {
        let sets = self.people.sets();
        let mut before = Bits::none(sets.len());
        before.or(&sets.truths(&self.directory.edition.rules[index].when).yes);
        let old = &self.directory.edition.rules[index];
        let (bits, named) = match &mutant.rule {
            Some(rule) => {
                let after = sets.truths(&rule.when).yes;
                let only_the_condition = (&rule.pick, &rule.preference, &rule.complements, rule.role)
                    == (&old.pick, &old.preference, &old.complements, old.role);
                if only_the_condition {
                    before.xor(&after);
                } else {
                    before.or(&after);
                }
                (before, rule.pick.networks().iter().chain(&rule.complements).collect::<Vec<_>>())
            }
            None => (before, Vec::new()),
        };
        let named: Vec<usize> = named
            .into_iter()
            .filter_map(|id| guide.networks.iter().position(|network| network.id == *id))
            .collect();
        let mut seen = BTreeSet::new();
        bits.ones()
            .filter(|set| {
                let serving: Vec<bool> =
                    named.iter().map(|network| self.people.serves(*network, *set)).collect();
                seen.insert((self.people.group(*set), serving))
            })
            .collect()
    }

    /// Whether somebody gets the same from the mutant, wherever they live.
    fn is_same(&self, guide: &LocalizedGuide, set: usize) -> bool {
        let answers = self.people.sets().answers(set);
        let plans = (plan(&self.guide, &answers, self.day), plan(guide, &answers, self.day));
        let worlds = self.promises.outcomes(&self.guide, &plans.0, &answers);
        let others = self.promises.outcomes(guide, &plans.1, &answers);
        if !worlds.iter().zip(&others).all(|(one, two)| told(&self.guide, one) == told(guide, two)) {
            return false;
        }
        let networks: Vec<usize> = (0..guide.networks.len())
            .filter(|network| self.people.serves(*network, set))
            .filter(|network| {
                let network = NetworkIx::new(*network);
                [&self.guide, guide].iter().any(|guide| {
                    guide.rules.iter().any(|rule| {
                        rule.pick.networks().contains(&network) || rule.complements.contains(&network)
                    })
                })
            })
            .collect();
        let mut lists = self.people.lists_in(&self.guide, set);
        lists.extend(self.people.lists_in(guide, set));
        let order = Order::Full(&lists);
        self.surroundings.kinds(&self.people, &networks, order, set).communes.iter().all(|commune| {
            let piece = self.surroundings.piece(&self.people, &networks, *commune, set);
            let code = &self.surroundings.commune(*commune).code;
            let one = recommend(&self.guide, &plans.0, &answers, &piece, code);
            let two = recommend(guide, &plans.1, &answers, &piece, code);
            told(&self.guide, &one) == told(guide, &two)
        })
    }
}

/// What a visitor sees of a recommendation: cards in their order, with where they lead and
/// why, and services at a distance.
type Told<'a> = Option<(Vec<(Option<usize>, Option<usize>, Option<&'a str>)>, Vec<usize>, bool)>;

fn told<'a>(guide: &'a LocalizedGuide, found: &Result<Recommendation, NoRecommendation>) -> Told<'a> {
    let found = found.as_ref().ok()?;
    let cards = found
        .cards()
        .map(|card| {
            let place = match card.target {
                Target::Place(chosen) => Some(chosen.place),
                Target::Network | Target::Remote(_) => None,
            };
            (card.network, place, card.rule.map(|rule| guide.text(guide.rules[rule].reason)))
        })
        .collect();
    Some((cards, found.remote_services.clone(), found.reception.is_some()))
}

/// What the analysis says, by code and value: paths move when a rule goes.
fn findings(directory: &Directory) -> BTreeSet<(String, String)> {
    analyse(directory, TODAY)
        .into_iter()
        .filter(|finding| finding.severity >= Severity::Warning)
        .map(|finding| (finding.code.to_owned(), format!("{} {}", finding.value, finding.expected)))
        .collect()
}

fn mutants(directory: &Directory, rule: &Rule) -> Vec<Mutant> {
    let edition = &directory.edition;
    let mut mutants = vec![Mutant { kind: Kind::Dropped, what: "dropped".to_owned(), rule: None }];
    let mut add = |kind: Kind, what: String, change: &dyn Fn(&mut Rule)| {
        let mut changed = rule.clone();
        change(&mut changed);
        mutants.push(Mutant { kind, what, rule: Some(changed) });
    };
    for role in [Role::Main, Role::Adds, Role::Receives].into_iter().filter(|role| *role != rule.role) {
        add(Kind::Role, format!("{role:?}"), &|rule| rule.role = role);
    }
    for (what, preference) in preferences(rule.limit(&edition.preference)) {
        add(Kind::Preference, what, &|rule| rule.preference = Some(preference.clone()));
    }
    for (kind, what, when) in conditions(directory, &rule.when) {
        add(kind, what, &|rule| rule.when = when.clone());
    }
    let picked = rule.pick.networks();
    let named = |id: &String| picked.contains(id) || rule.complements.contains(id);
    for (rank, id) in picked.iter().enumerate() {
        if picked.len() > 1 {
            add(Kind::PickLess, format!("pick without {id}"), &|rule| {
                networks(&mut rule.pick).remove(rank);
            });
        }
        for other in edition.networks.iter().map(|network| &network.id).filter(|other| !named(other)) {
            add(Kind::PickOther, format!("pick {other} for {id}"), &|rule| {
                networks(&mut rule.pick)[rank].clone_from(other);
            });
        }
    }
    for (rank, id) in rule.complements.iter().enumerate() {
        add(Kind::ComplementLess, format!("without complement {id}"), &|rule| {
            rule.complements.remove(rank);
        });
        for other in edition.networks.iter().map(|network| &network.id).filter(|other| !named(other)) {
            add(Kind::ComplementOther, format!("complement {other} for {id}"), &|rule| {
                rule.complements[rank].clone_from(other);
            });
        }
    }
    mutants
}

/// How far what comes first may be, changed in one place.
fn preferences(limit: Option<&Preference>) -> Vec<(String, Preference)> {
    let Some(limit) = limit else { return Vec::new() };
    let mut changed = vec![("any distance".to_owned(), Preference::default())];
    if let Some(km) = limit.farther_km {
        for other in [km.saturating_sub(5), km + 5] {
            changed.push((format!("{other} km"), Preference { farther_km: Some(other), ..limit.clone() }));
        }
    }
    for (rank, times) in limit.times_as_far.iter().enumerate() {
        let mut without = limit.clone();
        without.times_as_far.remove(rank);
        changed.push((format!("no matter how near {} is", times.network), without));
        let mut more = limit.clone();
        more.times_as_far[rank].times += 1;
        changed.push((format!("{} times {}", times.times + 1, times.network), more));
    }
    if !limit.times_as_far.is_empty() {
        let next_door_km = limit.next_door_km + 2;
        changed.push((
            format!("next door up to {next_door_km} km"),
            Preference { next_door_km, ..limit.clone() },
        ));
    }
    changed
}

fn networks(pick: &mut Pick) -> &mut Vec<String> {
    match pick {
        Pick::InOrder(networks) | Pick::NearestOf(networks) => networks,
    }
}

/// A condition, changed in one place.
fn conditions(directory: &Directory, when: &Condition) -> Vec<(Kind, String, Condition)> {
    let mut changed = Vec::new();
    if *when != Condition::Always {
        changed.push((Kind::Always, "always".to_owned(), Condition::Always));
    }
    changed.extend(parts(directory, when));
    for question in &directory.edition.questions {
        let QuestionKind::Choices(choices) = &question.kind else { continue };
        if when.questions().contains(&question.id.as_str()) {
            continue;
        }
        for left in choices {
            let is: Vec<String> = choices
                .iter()
                .filter(|choice| choice.id != left.id)
                .map(|choice| choice.id.clone())
                .collect();
            let more = Condition::Answer(AnswerIs { question: question.id.clone(), is });
            changed.push((
                Kind::AnswerMore,
                format!("only where {} is not {}", question.id, left.id),
                Condition::All(vec![when.clone(), more]),
            ));
        }
    }
    changed
}

fn parts(directory: &Directory, condition: &Condition) -> Vec<(Kind, String, Condition)> {
    let mut changed = Vec::new();
    match condition {
        Condition::Always => {}
        Condition::Answer(AnswerIs { question, is }) => {
            let kind = directory
                .edition
                .questions
                .iter()
                .find(|known| known.id == *question)
                .map(|known| &known.kind);
            let Some(QuestionKind::Choices(choices)) = kind else { return changed };
            for choice in choices.iter().map(|choice| &choice.id) {
                let mut is = is.clone();
                let (kind, sign) = if let Some(rank) = is.iter().position(|named| named == choice) {
                    is.remove(rank);
                    (Kind::ChoiceLess, '−')
                } else {
                    is.push(choice.clone());
                    (Kind::ChoiceMore, '+')
                };
                if !is.is_empty() {
                    let changed_test = Condition::Answer(AnswerIs { question: question.clone(), is });
                    changed.push((kind, format!("{question} {sign} {choice}"), changed_test));
                }
            }
        }
        Condition::All(all) | Condition::Any(all) => {
            let whole = |parts| match condition {
                Condition::All(_) => Condition::All(parts),
                _ => Condition::Any(parts),
            };
            for (rank, part) in all.iter().enumerate() {
                let mut fewer = all.clone();
                fewer.remove(rank);
                if !fewer.is_empty() {
                    changed.push((Kind::PartLess, format!("without part {rank}"), whole(fewer)));
                }
                for (kind, what, part) in parts(directory, part) {
                    let mut other = all.clone();
                    other[rank] = part;
                    changed.push((kind, what, whole(other)));
                }
            }
        }
        Condition::Not(part) => {
            changed.push((Kind::NotLess, "without its not".to_owned(), (**part).clone()));
            changed.extend(
                parts(directory, part)
                    .into_iter()
                    .map(|(kind, what, part)| (kind, what, Condition::Not(Box::new(part)))),
            );
        }
    }
    changed
}
