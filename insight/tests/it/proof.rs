//! Both shipped editions, proved: every reachable set of answers × every commune.

use crate::shipped::{
    COMMUNES, DIRECTORY_2016, DIRECTORY_2026, FRANCE, TODAY, with_a_place_for_two_departments,
};
use insight::verify::examine::examine;
use insight::verify::proof::{
    CounterExample, Kind, Order, People, Promises, Proof, Surroundings, day_within, prove, prove_snapshot,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};
use shared::compile::compile;
use shared::condition::{Answers, Condition, Truth};
use shared::directory::{Directory, Level, Pick, Role, Service};
use shared::finding::Severity;
use shared::geography::{Geography, Meters};
use shared::guide::for_each_reachable;
use shared::recommend::{Recommendation, Target, plan, recommend};
use shared::snapshot::{
    DepartmentPiece, GUIDE_PIECE, Guide, GuideTexts, department_piece, localized, read, texts_piece, write,
};
use shared::validate::{Valid, validate};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static DROME: LazyLock<Geography> =
    LazyLock::new(|| Geography::parse(COMMUNES, "", &|department| department == "26").unwrap());

fn valid(directory: Directory) -> Valid {
    validate(directory, &FRANCE, TODAY).unwrap_or_else(|findings| {
        panic!("{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

fn proved(directory: &Directory) -> Proof {
    let proof = prove(&valid(directory.clone()), &FRANCE, TODAY);
    println!("{proof}");
    assert!(proof.counter_example.is_none(), "{proof}");
    proof
}

#[test]
fn nobody_meets_a_dead_end_or_a_wrong_door_in_2026() {
    let proof = proved(&DIRECTORY_2026);
    assert!(proof.communes > 4_000 && proof.sets > 1_000 && proof.cases > 5_000_000);
    assert!(proof.guarantees > 20 && proof.instead_of.is_none());
}

#[test]
fn nobody_meets_a_dead_end_or_a_wrong_door_in_2016() {
    let proof = proved(&DIRECTORY_2016);
    assert!(proof.communes > 2_000 && proof.sets > 1_000 && proof.guarantees > 20);
    assert_eq!((proof.day.as_str(), proof.instead_of.as_deref()), ("2019-12-31", Some(TODAY)));
}

/// The edition of 2026, changed.
fn changed(change: impl Fn(&mut Directory)) -> Valid {
    let mut directory = DIRECTORY_2026.clone();
    change(&mut directory);
    valid(directory)
}

fn counter_example(valid: &Valid) -> CounterExample {
    let proof = prove(valid, &FRANCE, TODAY);
    let found = proof.counter_example.expect("something is wrong with it");
    println!("{found}");
    found
}

fn said<'a>(found: &'a CounterExample, question: &str) -> Option<&'a str> {
    let said = found.person.iter().find(|said| said.question.contains(question))?;
    Some(said.answer.as_str())
}

#[test]
fn a_question_asked_in_vain_is_a_counter_example() {
    let valid = valid(DIRECTORY_2026.clone());
    assert!(prove(&valid, &FRANCE, TODAY).asked > 300);
    let mut snapshot = compile(&valid, &FRANCE);
    // Those whom Cap emploi follows already are asked about a disability, as the edition says.
    let authored = valid.directory().edition.questions.iter().find(|question| question.id == "disability");
    let mut guide: Guide = read(&snapshot.pieces[GUIDE_PIECE]).unwrap();
    let question = guide.questions.iter_mut().find(|question| question.id == "disability").unwrap();
    question.ask_if.clone_from(&authored.unwrap().ask_if);
    snapshot.pieces.insert(GUIDE_PIECE.to_owned(), write(&guide));
    let found = prove_snapshot(&valid, &FRANCE, &snapshot, TODAY).counter_example.expect("it is in vain");
    println!("{found}");
    assert_eq!(found.kind, Kind::AskedInVain);
    assert!(found.expected.contains("reconnaissance de handicap"), "{found}");
    let said: Vec<&str> = found.person.iter().map(|said| said.answer.as_str()).collect();
    assert_eq!(
        said[..2],
        ["De 16 à 25 ans, sans école ni emploi", "Un conseiller de Cap emploi me suit déjà"]
    );
    assert!(found.to_string().contains("question posée pour rien") && found.path() == "edition.questions");
}

#[test]
fn a_question_asked_in_vain_holds_no_publication_back() {
    let mut directory = DIRECTORY_2026.clone();
    let edition = &mut directory.edition;
    let commune = edition.questions.iter().position(|question| question.id == "commune").unwrap();
    let asked = json!({
        "id": "again", "text": {"fr": "Encore ?"}, "ask_if": {"all": [
            {"answer": {"question": "situation", "is": ["retired"]}},
            {"answer": {"question": "goal", "is": ["unsaid"]}}
        ]},
        "kind": {"choices": [
            {"id": "yes", "text": {"fr": "Oui"}},
            {"id": "unsaid", "text": {"fr": "Je ne sais pas"}, "unknown": true}
        ]}
    });
    edition.questions.insert(commune, serde_json::from_value(asked).unwrap());
    // A place is for those who say yes, and beside it is one for everybody that comes before it.
    let all = directory.structures.iter().find(|place| place.id == "france-services-03000-moulins-2");
    let mut narrower = all.unwrap().clone();
    narrower.id.push_str("-again");
    narrower.references.clear();
    narrower.serves =
        Some(serde_json::from_str(r#"{"answer": {"question": "again", "is": ["yes"]}}"#).unwrap());
    directory.structures.push(narrower);
    directory.edition.guarantees.clear();
    let examined =
        examine(directory, &FRANCE, TODAY).unwrap_or_else(|refused| panic!("{:?}", refused.findings));
    let said: Vec<_> = examined.findings.iter().filter(|finding| finding.code == "asked-in-vain").collect();
    assert_eq!(said.len(), 1, "{:?}", examined.findings);
    assert!(said[0].severity == Severity::Warning && said[0].expected.contains("Encore"), "{}", said[0]);
}

#[test]
fn a_service_for_all_that_has_not_begun_is_a_dead_end() {
    let broken = changed(|directory| {
        directory.structures.clear();
        directory.edition.guarantees.clear();
        for service in &mut directory.edition.remote_services {
            service.valid_from = Some("2027-01-01".to_owned());
        }
        for network in &mut directory.edition.networks {
            (network.website, network.phone) = (None, None);
        }
    });
    let found = counter_example(&broken);
    assert_eq!(found.kind, Kind::DeadEnd);
    assert!(found.commune.is_some() && !found.person.is_empty() && found.recommended.is_empty());
    let text = found.to_string();
    assert!(text.contains("impasse") && text.contains("Quelle est votre situation"), "{text}");
}

#[test]
fn a_piece_without_the_right_place_is_a_wrong_door() {
    let right = valid(with_a_place_for_two_departments(DIRECTORY_2026.clone()));
    let left = right.directory().structures.last().unwrap();
    let other = changed(|_| {});
    let proof = prove_snapshot(&right, &FRANCE, &compile(&other, &FRANCE), TODAY);
    let found = proof.counter_example.unwrap();
    assert_eq!(found.kind, Kind::WrongDoor);
    assert!(found.expected.contains(&left.name), "{found}");
    // It is there for two departments.
    assert!(["73", "74"].contains(&&found.commune.unwrap().code[..2]));
}

#[test]
fn a_piece_with_a_place_for_others_is_a_wrong_door() {
    let right = changed(|directory| {
        for structure in directory.structures.iter_mut().filter(|structure| structure.network == "cio") {
            structure.serves = Some(
                serde_json::from_str(r#"{"answer": {"question": "situation", "is": ["pupil"]}}"#).unwrap(),
            );
        }
    });
    let proof = prove_snapshot(&right, &FRANCE, &compile(&changed(|_| {}), &FRANCE), TODAY);
    assert_eq!(proof.counter_example.unwrap().kind, Kind::WrongDoor);
    assert!(
        prove(&right, &FRANCE, TODAY).counter_example.is_none(),
        "narrower places are no harm in themselves"
    );
}

#[test]
fn a_missing_level_two_is_told_with_its_commune() {
    let broken = changed(|directory| {
        directory.edition.guarantees.retain(|guarantee| guarantee.id == "level-two");
        for network in &mut directory.edition.networks {
            network.services = vec![Service::Reception];
        }
        for service in
            directory.edition.remote_services.iter_mut().filter(|service| service.id == "avenir-actifs")
        {
            service.services = vec![Service::Reception];
        }
    });
    let found = counter_example(&broken);
    assert_eq!(found.kind, Kind::BrokenGuarantee);
    assert_eq!(found.guarantee.as_ref().map(|promise| promise.id.as_str()), Some("level-two"));
    assert!(found.commune.is_some() && found.expected.contains("niveau 2"), "{found}");
}

#[test]
fn a_rule_that_leads_elsewhere_breaks_its_guarantee() {
    let broken = changed(|directory| {
        for rule in directory.edition.rules.iter_mut().filter(|rule| rule.id == "R3") {
            rule.pick = Pick::InOrder(vec!["cio".to_owned()]);
        }
    });
    let found = counter_example(&broken);
    assert_eq!(found.kind, Kind::BrokenGuarantee);
    assert!(found.guarantee.is_some() && found.imagined.is_some());
    assert_eq!(said(&found, "situation"), Some("De 16 à 25 ans, sans école ni emploi"));
    assert!(found.to_string().contains("Garantie R"), "{found}");
}

#[test]
fn a_disability_that_changes_the_main_place_is_caught() {
    let broken = changed(|directory| {
        directory.edition.guarantees.retain(|guarantee| guarantee.only_adds.is_some());
        for rule in directory.edition.rules.iter_mut().filter(|rule| rule.id == "R5") {
            rule.role = Role::Main;
        }
    });
    let found = counter_example(&broken);
    assert_eq!(found.guarantee.as_ref().map(|promise| promise.id.as_str()), Some("disability-only-adds"));
    assert!(found.expected.contains("le même premier lieu"), "{found}");
}

#[test]
fn a_card_without_a_reason_or_a_service_is_caught() {
    let right = changed(|_| {});
    let mut snapshot = compile(&right, &FRANCE);
    let mut guide: Guide = read(&snapshot.pieces[GUIDE_PIECE]).unwrap();
    let rule = guide.rules.iter_mut().find(|rule| rule.id == "R2").unwrap();
    // Whatever the language in which nothing is said.
    for language in ["fr", "uk"] {
        let piece = texts_piece(language);
        let whole = snapshot.pieces[&piece].clone();
        let mut texts: GuideTexts = read(&whole).unwrap();
        texts.texts[rule.reason.text as usize].clear();
        snapshot.pieces.insert(piece.clone(), write(&texts));
        let found = prove_snapshot(&right, &FRANCE, &snapshot, TODAY).counter_example.unwrap();
        assert_eq!(found.kind, Kind::Unexplained);
        assert_eq!(said(&found, "situation"), None, "it is seen in {language} before anybody is met");
        // Nor is a text fewer a guide that can be read.
        texts.texts.pop();
        snapshot.pieces.insert(piece.clone(), write(&texts));
        let found = prove_snapshot(&right, &FRANCE, &snapshot, TODAY).counter_example.unwrap();
        assert_eq!(found.kind, Kind::Unreadable, "{language}");
        snapshot.pieces.insert(piece, whole);
    }

    rule.source.clear();
    snapshot.pieces.insert(GUIDE_PIECE.to_owned(), write(&guide));
    let found = prove_snapshot(&right, &FRANCE, &snapshot, TODAY).counter_example.unwrap();
    assert_eq!((found.kind, said(&found, "situation")), (Kind::Unexplained, Some("En études après le bac")));

    let without_service = changed(|directory| directory.structures[0].services = Some(Vec::new()));
    let found = counter_example(&without_service);
    assert_eq!(found.kind, Kind::Unexplained);
    assert!(found.expected.contains("au moins un service"), "{found}");

    snapshot.pieces.insert(GUIDE_PIECE.to_owned(), vec![shared::snapshot::PIECE_FORMAT]);
    let found = prove_snapshot(&right, &FRANCE, &snapshot, TODAY).counter_example.unwrap();
    assert_eq!(found.kind, Kind::Unreadable);
}

#[test]
fn an_edition_is_proved_on_a_day_of_its_own() {
    let edition = changed(|directory| directory.edition.valid_until = Some("2026-06-30".to_owned()));
    let edition = &edition.directory().edition;
    assert_eq!(day_within(edition, "2026-11-24"), "2026-06-30");
    assert_eq!(day_within(edition, "2026-06-30"), "2026-06-30");
    assert_eq!(day_within(edition, "2020-01-01"), "2025-01-01");
}

const NETWORKS: [&str; 4] = ["a", "b", "c", "d"];

/// A small edition with everything that makes the proof gather: narrower publics, several
/// networks in a rule, places that declare nothing, communes and departments.
#[expect(clippy::too_many_lines, reason = "one document, read from top to bottom")]
fn small(rules: &[usize], places: &[(usize, usize, usize, usize, usize)], promises: &[usize]) -> Directory {
    let condition = |question: &str, is: &[&str]| json!({"answer": {"question": question, "is": is}});
    let choice = |id: &str| json!({"id": id, "text": {"fr": id}, "unknown": id == "unsaid"});
    let publics = [
        json!("always"),
        condition("situation", &["work"]),
        condition("age", &["old"]),
        json!({"not": condition("age", &["old"])}),
        json!({"any": [condition("situation", &["school"]), condition("age", &["young", "unsaid"])]}),
    ];
    let network = |id: &str, serves: usize, services: &[&str], website: bool, reach: &str| {
        json!({
            "id": id, "name": {"fr": id}, "description": {"fr": id}, "public": {"fr": id},
            "serves": publics[serves], "services": services, "reach": reach,
            "website": website.then_some("https://exemple.fr"),
        })
    };
    let picks = [
        json!({"in_order": ["a"]}),
        json!({"in_order": ["b", "c"]}),
        json!({"nearest_of": ["a", "b"]}),
        json!({"nearest_of": ["a", "c", "d"]}),
        json!({"nearest_of": ["d", "b", "c"]}),
    ];
    let mut all: Vec<Value> = rules
        .iter()
        .enumerate()
        .map(|(index, seed)| {
            json!({
                "id": format!("r{index}"), "when": publics[seed % 5], "pick": picks[seed / 5 % 5],
                "role": if seed / 25 % 3 == 0 { "adds" } else { "main" },
                "complements": if seed / 75 % 2 == 0 { json!([]) } else { json!(["c"]) },
                "reason": {"fr": "r"}, "source": "https://exemple.fr",
            })
        })
        .collect();
    all.push(json!({
        "id": "last", "when": "always", "pick": {"nearest_of": ["a", "b", "c", "d"]},
        "reason": {"fr": "r"}, "source": "https://exemple.fr",
    }));
    let kept = [
        json!({"level": "two"}),
        json!({"never": ["b"]}),
        json!({"never": ["d"]}),
        json!({"main": ["a", "b", "c"]}),
        json!({"only_adds": "age"}),
    ];
    let guarantees: Vec<Value> = promises
        .iter()
        .enumerate()
        .map(|(index, seed)| {
            let mut promise = json!({
                "id": format!("g{index}"), "text": {"fr": "g"}, "when": publics[seed % 5],
                "source": "https://exemple.fr",
            });
            for (name, value) in kept[seed / 5 % 5].as_object().unwrap() {
                promise[name] = value.clone();
            }
            promise
        })
        .collect();
    let communes: Vec<&str> = DROME.communes().iter().map(|commune| commune.code.as_str()).collect();
    let structures: Vec<Value> = places
        .iter()
        .enumerate()
        .map(|(index, (network, commune, public, competence, services))| {
            let at = |step: usize| communes[(commune + step * 7) % communes.len()];
            let mut place = json!({
                "id": format!("p{index}"), "network": NETWORKS[network % 4], "name": "Lieu",
                "commune": at(0), "phones": ["04 00 00 00 00"],
            });
            if public % 5 > 0 {
                place["serves"] = publics[public % 5].clone();
            }
            match competence % 4 {
                1 => place["competence"] = json!({"communes": [at(0), at(1), at(2), at(3)]}),
                2 => place["competence"] = json!({"departments": ["26"]}),
                _ => {}
            }
            if services % 3 == 0 {
                place["services"] = json!(["reception"]);
            }
            place
        })
        .collect();
    let document = json!({
        "format": 1, "title": "Petit annuaire",
        "edition": {
            "id": "small", "title": {"fr": "Petite édition"}, "valid_from": "2026-01-01", "reach_km": 20,
            "region": {"name": {"fr": "Drôme"}, "departments": [{"code": "26", "name": "Drôme"}]},
            "questions": [
                {"id": "situation", "text": {"fr": "?"}, "kind": {"choices": [choice("school"), choice("work"), choice("unsaid")]}},
                {"id": "age", "text": {"fr": "?"}, "ask_if": {"not": condition("situation", &["school"])},
                 "kind": {"choices": [choice("young"), choice("old"), choice("unsaid")]}},
                {"id": "commune", "text": {"fr": "?"}, "kind": "commune"},
            ],
            "networks": [
                network("a", 0, &["reception", "advice"], true, "any_place"),
                network("b", 1, &["advice"], false, "any_place"),
                network("c", 4, &["reception", "support"], true, "any_place"),
                network("d", 0, &["reception"], false, "declared_only"),
            ],
            "rules": all,
            "remote_services": [{
                "id": "all", "name": {"fr": "s"}, "description": {"fr": "s"}, "website": "https://exemple.fr",
                "services": ["reception"],
            }],
            "guarantees": guarantees,
        },
        "structures": structures,
    });
    Directory::from_json(document.to_string().as_bytes()).unwrap_or_else(|finding| panic!("{finding}"))
}

/// Every set of answers in every commune, one by one, on the pieces that are served.
/// Whether one of them contradicts the invariants or a guarantee.
fn is_contradicted(valid: &Valid) -> bool {
    let snapshot = compile(valid, &DROME);
    let guide = localized(&snapshot.pieces, "fr").unwrap();
    let piece: DepartmentPiece = read(&snapshot.pieces[&department_piece("26")]).unwrap();
    let directory = valid.directory();
    let promises = Promises::new(directory, &guide);
    let everything: Vec<usize> = (0..guide.networks.len()).collect();
    let mut contradicted = asks_in_vain(&guide, &piece);
    for_each_reachable(&guide, &mut |answers| {
        let the_plan = plan(&guide, answers, TODAY);
        let holds = |condition: &Condition| condition.evaluate(answers, &guide.questions) == Truth::Match;
        let made = |index: usize| holds(&directory.edition.guarantees[index].when);
        contradicted |= promises.broken(&guide, &the_plan, answers, &made, &everything).0.is_some();
        let quiet = directory
            .edition
            .guarantees
            .iter()
            .filter(|guarantee| holds(&guarantee.when))
            .find_map(|guarantee| guarantee.only_adds.as_ref())
            .filter(|question| answers.contains_key(question))
            .map(|question| {
                let mut quiet = answers.clone();
                quiet.insert(question.clone(), "unsaid".to_owned());
                quiet
            });
        if let Some(quiet) = &quiet {
            let before = promises.outcomes(&guide, &plan(&guide, quiet, TODAY), quiet);
            let after = promises.outcomes(&guide, &the_plan, answers);
            contradicted |= before
                .iter()
                .zip(&after)
                .any(|(before, after)| !adds(before.as_ref().unwrap(), after.as_ref().unwrap()));
        }
        for commune in &piece.communes {
            let found = recommend(&guide, &the_plan, answers, &piece, &commune.code).unwrap();
            contradicted |= !found.has_level(Level::One, &guide);
            for guarantee in directory.edition.guarantees.iter().filter(|guarantee| holds(&guarantee.when)) {
                contradicted |= guarantee.level.is_some_and(|level| !found.has_level(level, &guide));
                contradicted |= found
                    .cards()
                    .filter_map(|card| card.network(&guide))
                    .any(|network| guarantee.never.contains(&network.id));
            }
            if let Some(quiet) = &quiet {
                let before =
                    recommend(&guide, &plan(&guide, quiet, TODAY), quiet, &piece, &commune.code).unwrap();
                contradicted |= !adds(&before, &found);
            }
        }
    });
    contradicted
}

/// Whether some question changes nothing for somebody who is asked it: in no commune is anybody who
/// answers otherwise, and says the same of the rest, told anything else.
fn asks_in_vain(guide: &Guide, piece: &DepartmentPiece) -> bool {
    let mut sets = Vec::new();
    for_each_reachable(guide, &mut |answers| sets.push(answers.clone()));
    let told = |answers: &Answers| -> Vec<_> {
        let the_plan = plan(guide, answers, TODAY);
        let in_commune = |commune: &str| {
            let found = recommend(guide, &the_plan, answers, piece, commune).unwrap();
            let card = |card: &shared::recommend::Card| {
                let place = match card.target {
                    Target::Place(chosen) => Some(chosen.place),
                    Target::Network | Target::Remote(_) => None,
                };
                // Every rule of these directories gives the same reason.
                (card.network, place, card.rule.is_some())
            };
            let cards: BTreeSet<_> = found.complements.iter().map(card).collect();
            (card(&found.main), found.reception.as_ref().map(card), cards, found.remote_services.clone())
        };
        piece.communes.iter().map(|commune| in_commune(&commune.code)).collect()
    };
    let all: Vec<_> = sets.iter().map(|answers| (answers, told(answers))).collect();
    guide.questions.iter().enumerate().any(|(rank, question)| {
        let before = |answers: &Answers| -> Vec<Option<String>> {
            guide.questions[..rank].iter().map(|earlier| answers.get(&earlier.id).cloned()).collect()
        };
        let asked = all.iter().filter(|(answers, _)| answers.contains_key(&question.id));
        asked.clone().any(|(one, _)| {
            let of_them = asked.clone().filter(|(other, _)| before(one) == before(other));
            !of_them.clone().any(|(one, told)| {
                of_them.clone().any(|(other, told_other)| {
                    let same_rest = guide.questions[rank + 1..].iter().all(|later| {
                        match (one.get(&later.id), other.get(&later.id)) {
                            (Some(one), Some(other)) => one == other,
                            _ => true,
                        }
                    });
                    one.get(&question.id) != other.get(&question.id) && same_rest && told != told_other
                })
            })
        })
    })
}

fn adds(before: &Recommendation, after: &Recommendation) -> bool {
    before.main.network == after.main.network
        && before.cards().all(|card| after.cards().any(|other| other.network == card.network))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        rng_seed: RngSeed::Fixed(2026),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// What the proof gathers, it may gather: it finds a counter-example exactly where going
    /// through all cases one by one finds one.
    #[test]
    fn the_proof_agrees_with_all_cases_one_by_one(
        rules in vec(0_usize..150, 0..4),
        places in vec((0_usize..4, 0_usize..363, 0_usize..5, 0_usize..4, 0_usize..3), 0..14),
        promises in vec(0_usize..25, 0..3),
    ) {
        let valid = validate(small(&rules, &places, &promises), &DROME, TODAY).unwrap();
        let proof = prove(&valid, &DROME, TODAY);
        prop_assert_eq!(proof.counter_example.is_some(), is_contradicted(&valid), "{}", proof);
    }
}

/// What the invariants and guarantees see of a case: the promises made, the services at a
/// distance, the main network, and for each card its network, whether it is a place, a
/// competent one or a far one, and what is offered.
type Seen = (Vec<bool>, Vec<usize>, Option<usize>, BTreeSet<(Option<usize>, u8, Vec<Service>)>);

fn seen(found: &Recommendation, promised: Vec<bool>, far: Meters) -> Seen {
    let cards = found
        .cards()
        .map(|card| {
            let kind = match card.target {
                Target::Place(chosen) if chosen.bond.is_competent() => 0,
                Target::Place(chosen) => 1 + u8::from(chosen.distance > far),
                Target::Network => 3,
                Target::Remote(_) => 4,
            };
            (card.network, kind, card.services.clone())
        })
        .collect();
    (promised, found.remote_services.clone(), found.main.network, cards)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 250,
        rng_seed: RngSeed::Fixed(26),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// One person of each group in one commune of each kind see all that anybody sees
    /// anywhere.
    #[test]
    fn nobody_sees_what_no_representative_sees(
        rules in vec(0_usize..150, 0..4),
        places in vec((0_usize..4, 0_usize..363, 0_usize..5, 0_usize..4, 0_usize..3), 0..14),
        promises in vec(0_usize..25, 0..3),
    ) {
        let valid = validate(small(&rules, &places, &promises), &DROME, TODAY).unwrap();
        let directory = valid.directory();
        let snapshot = compile(&valid, &DROME);
        let guide: Guide = read(&snapshot.pieces[GUIDE_PIECE]).unwrap();
        let piece: DepartmentPiece = read(&snapshot.pieces[&department_piece("26")]).unwrap();
        let far = Meters(u32::from(guide.reach_km) * 500);
        let promised = |answers: &Answers| -> Vec<bool> {
            let made = directory.edition.guarantees.iter();
            made.map(|guarantee| guarantee.when.evaluate(answers, &guide.questions) == Truth::Match).collect()
        };
        let mut all = BTreeSet::new();
        for_each_reachable(&guide, &mut |answers| {
            let plan = plan(&guide, answers, TODAY);
            for commune in &piece.communes {
                let found = recommend(&guide, &plan, answers, &piece, &commune.code).unwrap();
                all.insert(seen(&found, promised(answers), far));
            }
        });
        let people = People::new(directory, &guide, TODAY).unwrap();
        let surroundings = Surroundings::new(directory, &DROME, &people);
        let mut gathered = BTreeSet::new();
        for group in 0..people.groups() {
            let (set, answers) = (people.first(group), people.answers(group));
            let plan = plan(&guide, &answers, TODAY);
            let networks = people.looks_for(set);
            let lists = people.lists_of(set);
            for commune in &surroundings.kinds(&people, &networks, Order::Winners(&lists), set).communes {
                let piece = surroundings.piece(&people, &networks, *commune, set);
                let found =
                    recommend(&guide, &plan, &answers, &piece, &surroundings.commune(*commune).code).unwrap();
                gathered.insert(seen(&found, promised(&answers), far));
            }
        }
        prop_assert_eq!(gathered, all);
    }
}

#[test]
fn random_directories_are_of_both_kinds() {
    let verdict = |promises: &[usize]| {
        let places = [(0, 3, 0, 0, 1), (1, 90, 1, 1, 1), (2, 200, 2, 0, 0), (3, 10, 0, 2, 1)];
        let valid = validate(small(&[31, 87], &places, promises), &DROME, TODAY).unwrap();
        prove(&valid, &DROME, TODAY).counter_example.is_some()
    };
    assert!(verdict(&[0]) && verdict(&[20]) && !verdict(&[]));
}
