//! What a publication changes for people, against all decisions one by one.

use crate::shipped::{COMMUNES, DIRECTORY_2026, REGION_2026, TODAY};
use insight::compare::effect::{Effect, Kind, effect, sentences};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use shared::compile::{self, compile};
use shared::condition::{Answers, Condition, Truth};
use shared::directory::{Competence, Directory, Role, Structure};
use shared::geography::{Geography, Position};
use shared::guide::for_each_reachable;
use shared::recommend::{Plan, Target, plan, recommend};
use shared::snapshot::{DepartmentPiece, GUIDE_PIECE, Guide, Snapshot, department_piece, read};
use shared::validate::validate;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

/// A corner of a department, so that all cases can be tried.
static CORNER: LazyLock<Geography> = LazyLock::new(|| {
    let of_corner = |line: &&str| {
        ["26362", "26281", "26057", "26003", "07186", "07019"].iter().any(|code| line.starts_with(code))
    };
    let communes: Vec<&str> = COMMUNES.lines().filter(of_corner).collect();
    Geography::parse(&communes.join("\n"), "", &|_| true).unwrap()
});

fn shipped() -> Directory {
    DIRECTORY_2026.clone()
}

/// The edition of 2026 for two departments, with these places and fewer questions.
fn corner(structures: Vec<Structure>) -> Directory {
    let mut directory = shipped();
    directory.edition.region.departments.retain(|one| ["26", "07"].contains(&one.code.as_str()));
    directory.edition.guarantees.clear();
    directory.structures = structures;
    directory.territories.clear();
    directory
}

fn snapshot(directory: Directory, geography: &Geography) -> Snapshot {
    compile(&validate(directory, geography, TODAY).unwrap(), geography)
}

/// Where a set of answers leads in a commune, by the engine on the pieces of visitors.
fn target(
    (guide, pieces): &(Guide, Vec<DepartmentPiece>),
    plan: &Plan,
    answers: &Answers,
    commune: &str,
) -> (Kind, String) {
    let piece = pieces.iter().find(|piece| piece.commune(commune).is_some());
    let Some(Ok(found)) = piece.map(|piece| recommend(guide, plan, answers, piece, commune)) else {
        return (Kind::Nothing, String::new());
    };
    match found.main.target {
        Target::Place(chosen) => (Kind::Place, piece.unwrap().places[chosen.place].id.clone()),
        Target::Network => (Kind::Network, guide.networks[found.main.network.unwrap()].id.clone()),
        Target::Remote(index) => (Kind::Remote, guide.remote_services[index].id.clone()),
    }
}

fn pieces(snapshot: &Snapshot) -> (Guide, Vec<DepartmentPiece>) {
    let guide: Guide = read(&snapshot.pieces[GUIDE_PIECE]).unwrap();
    let pieces = guide
        .departments
        .iter()
        .map(|one| read(&snapshot.pieces[&department_piece(&one.code)]).unwrap())
        .collect();
    (guide, pieces)
}

/// The public of the places that are narrower than their network.
fn young() -> Condition {
    serde_json::from_str(r#"{"answer": {"question": "youth", "is": ["16-17", "graduate"]}}"#).unwrap()
}

/// Everybody whom the conditions of the edition and of these tests tell apart. The engine
/// sees of an answer only what conditions say of it: the same truths, the same decision. What
/// is left out is only the repetition.
fn somebody(guide: &Guide) -> Vec<Answers> {
    let mut seen: HashSet<Vec<Truth>> = HashSet::new();
    let mut answers = Vec::new();
    for_each_reachable(guide, &mut |given| {
        if seen.insert(CONDITIONS.iter().map(|one| one.evaluate(given, &guide.questions)).collect()) {
            answers.push(given.clone());
        }
    });
    answers
}

static CONDITIONS: LazyLock<Vec<Condition>> = LazyLock::new(|| {
    let guide = compile::guide(&DIRECTORY_2026);
    let rules = guide.rules.iter().map(|rule| &rule.when);
    let networks = guide.networks.iter().map(|network| &network.serves);
    let remote = guide.remote_services.iter().map(|service| &service.serves);
    let own = [young(), Condition::Always];
    let mut conditions: Vec<Condition> = Vec::new();
    for condition in rules.chain(networks).chain(remote).chain(&own) {
        if !conditions.contains(condition) {
            conditions.push(condition.clone());
        }
    }
    conditions
});

/// Public → communes whose main place differs for at least one set of answers, all of them
/// tried.
fn brute(before: &Snapshot, after: &Snapshot, geography: &Geography) -> BTreeMap<String, BTreeSet<String>> {
    let (old, new) = (pieces(before), pieces(after));
    let mut changed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let known = |one: &Condition| CONDITIONS.contains(one);
    for (guide, pieces) in [&old, &new] {
        assert!(guide.rules.iter().all(|rule| known(&rule.when)));
        assert!(guide.networks.iter().all(|network| known(&network.serves)));
        assert!(guide.remote_services.iter().all(|service| known(&service.serves)));
        assert!(pieces.iter().flat_map(|piece| &piece.places).all(|place| known(&place.serves)));
    }
    for answers in &somebody(&new.0) {
        let first = |role: Role| {
            new.0.rules.iter().find(|rule| {
                rule.role == role && rule.when.evaluate(answers, &new.0.questions) == Truth::Match
            })
        };
        let public = first(Role::Main)
            .or_else(|| first(Role::Receives))
            .map_or("none".to_owned(), |rule| rule.id.clone());
        let plans = [&old, &new].map(|side| plan(&side.0, answers, TODAY));
        for commune in geography.communes() {
            let (before, after) = (
                target(&old, &plans[0], answers, &commune.code),
                target(&new, &plans[1], answers, &commune.code),
            );
            if before != after {
                changed.entry(public.clone()).or_default().insert(commune.code.clone());
            }
        }
    }
    changed
}

fn agrees(before: &Snapshot, after: &Snapshot, geography: &Geography) -> Effect {
    let found = effect(before, after, geography, TODAY).unwrap();
    let expected: BTreeMap<String, usize> = brute(before, after, geography)
        .into_iter()
        .map(|(public, communes)| (public, communes.len()))
        .collect();
    let counted: BTreeMap<String, usize> = found
        .publics
        .iter()
        .filter(|public| public.changed > 0)
        .map(|public| (public.id.clone(), public.changed))
        .collect();
    assert_eq!(counted, expected);
    for public in &found.publics {
        assert!(public.nearer + public.farther + public.gained + public.lost <= public.changed);
        assert_eq!(public.examples.len(), public.changed.min(5));
        for example in &public.examples {
            assert_ne!((example.before.kind, &example.before.id), (example.after.kind, &example.after.id));
        }
    }
    found
}

fn place(id: usize, network: &str, commune: &str) -> Structure {
    Structure {
        id: format!("lieu-{id}"),
        network: network.to_owned(),
        name: format!("Lieu {id}"),
        commune: commune.to_owned(),
        phones: vec!["04 75 00 00 01".to_owned()],
        ..Structure::default()
    }
}

fn any_place() -> impl Strategy<Value = Structure> {
    let networks: Vec<String> = shipped().edition.networks.into_iter().map(|network| network.id).collect();
    let communes: Vec<String> = CORNER.communes().iter().map(|commune| commune.code.clone()).collect();
    let competence = prop_oneof![
        3 => Just(None),
        1 => Just(Some(Competence { departments: vec!["26".to_owned()], ..Competence::default() })),
        1 => prop::sample::select(communes.clone())
            .prop_map(|one| Some(Competence { communes: vec![one], ..Competence::default() })),
    ];
    (
        0..12_usize,
        prop::sample::select(networks),
        prop::sample::select(communes),
        competence,
        any::<bool>(),
        0..3_u8,
    )
        .prop_map(move |(id, network, commune, competence, narrower, shift)| Structure {
            competence,
            serves: narrower.then(young),
            position: CORNER.commune(&commune).filter(|_| shift > 0).map(|commune| Position {
                latitude: commune.position.latitude + f32::from(shift) / 50.0,
                ..commune.position
            }),
            ..place(id, &network, &commune)
        })
}

fn any_places() -> impl Strategy<Value = Vec<Structure>> {
    prop::collection::vec(any_place(), 0..10).prop_map(|places| {
        let by_id: BTreeMap<String, Structure> =
            places.into_iter().map(|place| (place.id.clone(), place)).collect();
        by_id.into_values().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 6, failure_persistence: None, rng_seed: RngSeed::Fixed(20_261_124), ..ProptestConfig::default()
    })]

    /// Nothing is told that visitors would not see, and nothing that they would is left out.
    #[test]
    fn the_effect_is_what_all_decisions_say(before in any_places(), after in any_places(), rule in 0..22_usize) {
        let mut other = corner(after);
        // The rules may change as well: one goes, unless it is the last.
        if rule < other.edition.rules.len() - 1 {
            other.edition.rules.remove(rule);
        }
        agrees(&snapshot(corner(before), &CORNER), &snapshot(other, &CORNER), &CORNER);
    }
}

#[test]
fn nothing_changes_when_only_words_do() {
    let mut other = shipped();
    let geography = &*REGION_2026;
    let before = snapshot(shipped(), geography);
    for structure in &mut other.structures {
        structure.phones = vec!["04 75 00 00 09".to_owned()];
        structure.name.push_str(" bis");
    }
    let found = effect(&before, &snapshot(other, geography), geography, TODAY).unwrap();
    assert_eq!((found.changed, found.publics.len(), found.by_department.len()), (0, 0, 0));
    assert!(found.communes > 4000);
    assert_eq!(sentences::headline(&found).len(), 1);
}

#[test]
fn a_department_that_joins_was_sent_nowhere_before() {
    let mut alone = corner(vec![place(1, "mission-locale", "26362")]);
    alone.edition.region.departments.retain(|one| one.code == "26");
    let both = corner(vec![place(1, "mission-locale", "26362"), place(2, "mission-locale", "07186")]);
    let (alone, both) = (snapshot(alone, &CORNER), snapshot(both, &CORNER));
    let found = agrees(&alone, &both, &CORNER);
    let young = found.publics.iter().find(|public| public.id == "R3").unwrap();
    assert!(young.examples.iter().any(|example| example.before.kind == Kind::Nothing));
    assert!(young.gained > 0 && young.lost == 0);
    let back = agrees(&both, &alone, &CORNER);
    assert_eq!(back.publics.iter().find(|public| public.id == "R3").unwrap().lost, young.gained);
}

#[test]
fn a_place_that_moves_stays_the_same_place() {
    let before = corner(vec![place(1, "mission-locale", "26362")]);
    let mut after = before.clone();
    after.structures[0].position = CORNER
        .commune("26362")
        .map(|commune| Position { latitude: commune.position.latitude + 0.02, ..commune.position });
    let found = agrees(&snapshot(before, &CORNER), &snapshot(after, &CORNER), &CORNER);
    assert_eq!(found.changed, 0);
    let young = found.publics.iter().find(|public| public.id == "R3").unwrap();
    assert!(young.moved > 0);
    assert!(sentences::headline(&found)[0].contains("le même"), "{:?}", sentences::headline(&found));
}

#[test]
fn it_is_told_in_sentences() {
    let before = corner(vec![place(1, "mission-locale", "26362")]);
    let after = corner(vec![place(1, "mission-locale", "26362"), place(2, "mission-locale", "26281")]);
    let found = agrees(&snapshot(before, &CORNER), &snapshot(after, &CORNER), &CORNER);
    let told = sentences::headline(&found);
    let young = found.publics.iter().find(|public| public.id == "R3").unwrap();
    let said = sentences::sentence(young);
    assert!(said.contains("autre lieu principal pour") && said.contains("plus près"), "{told:?}");
    let example = sentences::example(&young.examples[0]);
    assert!(example.contains(" : Lieu 1 (") && example.contains("→ Lieu 2 ("), "{example}");
    assert!(sentences::overall(&found).contains("un autre lieu principal"));
}

/// How long the whole region takes when half of its places go; printed, as of the machine.
#[test]
fn a_whole_region_is_compared() {
    let mut other = shipped();
    let geography = &*REGION_2026;
    let before = snapshot(shipped(), geography);
    other.structures.truncate(other.structures.len() / 2);
    let after = snapshot(other, geography);
    #[expect(clippy::disallowed_methods, reason = "a measure that is printed; nothing depends on it")]
    let begun = std::time::Instant::now();
    let found = effect(&before, &after, geography, TODAY).unwrap();
    println!("{} communes in {:?}", found.communes, begun.elapsed());
    for told in sentences::headline(&found) {
        println!("{told}");
    }
    println!("{}", sentences::overall(&found));
    assert!(found.changed > 0);
}
