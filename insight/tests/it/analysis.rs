//! What the analysis says of an edition that says something in vain, one way at a time.

use crate::shipped::{DIRECTORY_2016, DIRECTORY_2026, REGION_2026, TODAY};
use insight::verify::analysis::analyse;
use serde_json::{Value, json};
use shared::directory::Directory;
use shared::finding::{Finding, Severity};
use shared::validate::validate;

/// An edition in which nothing is in vain: two questions, three networks, four rules.
fn edition() -> Value {
    let is = |question: &str, is: &[&str]| json!({"answer": {"question": question, "is": is}});
    let choice = |id: &str| json!({"id": id, "text": {"fr": id}, "unknown": id == "unsaid"});
    let network = |id: &str, serves: Value| {
        json!({
            "id": id, "name": {"fr": id}, "description": {"fr": id}, "public": {"fr": id},
            "serves": serves, "services": ["reception"], "website": "https://exemple.fr",
        })
    };
    let rule = |id: &str, when: Value, network: &str| {
        json!({
            "id": id, "when": when, "pick": {"in_order": [network]},
            "reason": {"fr": id}, "source": "https://exemple.fr",
        })
    };
    json!({
        "format": 1, "title": "Annuaire", "structures": [],
        "edition": {
            "id": "test", "title": {"fr": "Essai"}, "valid_from": "2026-01-01", "reach_km": 20,
            "region": {"name": {"fr": "Drôme"}, "departments": [{"code": "26", "name": "Drôme"}]},
            "questions": [
                {"id": "work", "text": {"fr": "?"}, "kind": {"choices": [choice("yes"), choice("no"), choice("unsaid")]}},
                {
                    "id": "age", "text": {"fr": "?"}, "ask_if": is("work", &["no"]),
                    "kind": {"choices": [choice("young"), choice("old"), choice("unsaid")]},
                },
                {"id": "commune", "text": {"fr": "?"}, "kind": "commune"},
            ],
            "networks": [
                network("workers", is("work", &["yes"])),
                network("youth", is("age", &["young"])),
                network("all", json!("always")),
            ],
            "rules": [
                rule("r0", is("work", &["yes"]), "workers"),
                rule("r1", is("age", &["young"]), "youth"),
                rule("r2", json!("always"), "all"),
            ],
            "remote_services": [{
                "id": "site", "name": {"fr": "site"}, "description": {"fr": "site"},
                "website": "https://exemple.fr", "services": ["reception"],
            }],
        },
    })
}

fn findings(document: &Value) -> Vec<Finding> {
    let directory = Directory::from_json(document.to_string().as_bytes());
    analyse(&directory.unwrap_or_else(|finding| panic!("{finding}")), TODAY)
}

/// Changes the edition and wants this one finding.
#[track_caller]
fn check(change: impl Fn(&mut Value), code: &str, path: &str, value: &str, severity: Severity) {
    let mut document = edition();
    change(&mut document["edition"]);
    let found = findings(&document);
    let told: Vec<String> = found.iter().map(|finding| format!("{}: {finding}", finding.code)).collect();
    let [finding] = found.as_slice() else { panic!("one finding, not {told:#?}") };
    assert_eq!(
        (finding.code, finding.path.as_str(), finding.value.as_str(), finding.severity),
        (code, path, value, severity)
    );
}

/// Changes the edition and wants this among what is said.
#[track_caller]
fn check_among(change: impl Fn(&mut Value), code: &str, path: &str) {
    let mut document = edition();
    change(&mut document["edition"]);
    let found = findings(&document);
    assert!(
        found.iter().any(|finding| finding.code == code && finding.path == path),
        "{:#?}",
        found.iter().map(|finding| format!("{}: {finding}", finding.code)).collect::<Vec<_>>()
    );
}

fn answer(question: &str, is: &[&str]) -> Value {
    json!({"answer": {"question": question, "is": is}})
}

#[test]
fn an_edition_with_nothing_in_vain_is_left_alone() {
    assert_eq!(findings(&edition()), []);
}

#[test]
fn a_question_that_nobody_meets() {
    check_among(
        |edition| {
            edition["questions"][1]["ask_if"] =
                json!({"all": [answer("work", &["no"]), answer("work", &["yes"])]});
        },
        "unreachable-question",
        "edition.questions[1]",
    );
}

#[test]
fn a_question_that_changes_nothing() {
    check(
        |edition| {
            let more = json!({
                "id": "colour", "text": {"fr": "?"},
                "kind": {"choices": [{"id": "red", "text": {"fr": "r"}}, {"id": "blue", "text": {"fr": "b"}}]},
            });
            edition["questions"].as_array_mut().unwrap().push(more);
        },
        "idle-question",
        "edition.questions[3]",
        "colour",
        Severity::Warning,
    );
}

#[test]
fn choices_that_lead_to_the_same() {
    check(
        |edition| {
            let more = json!({"id": "older", "text": {"fr": "older"}});
            edition["questions"][1]["kind"]["choices"].as_array_mut().unwrap().push(more);
        },
        "alike-choices",
        "edition.questions[1].kind.choices",
        "old / older",
        Severity::Warning,
    );
}

#[test]
fn a_guarantee_or_a_wording_that_tells_choices_apart_is_a_use() {
    let mut document = edition();
    let choices = document["edition"]["questions"][1]["kind"]["choices"].as_array_mut().unwrap();
    choices.push(json!({"id": "older", "text": {"fr": "older"}}));
    document["edition"]["guarantees"] = json!([{
        "id": "g", "text": {"fr": "g"}, "when": answer("age", &["older"]), "main": ["all"],
        "source": "https://exemple.fr",
    }]);
    assert_eq!(findings(&document), []);
}

#[test]
fn a_wording_that_never_appears() {
    check(
        |edition| {
            edition["questions"][1]["variants"] =
                json!([{"when": answer("work", &["yes"]), "text": {"fr": "??"}}]);
        },
        "unused-wording",
        "edition.questions[1].variants[0].when",
        "",
        Severity::Warning,
    );
}

#[test]
fn a_rule_that_never_fires() {
    check_among(
        |edition| {
            edition["rules"][1]["when"] =
                json!({"all": [answer("work", &["yes"]), answer("age", &["young"])]});
        },
        "dead-rule",
        "edition.rules[1].when",
    );
}

#[test]
fn a_rule_that_leads_nobody_anywhere() {
    check(
        |edition| {
            let more = json!({
                "id": "r3", "when": answer("work", &["no"]), "pick": {"in_order": ["workers"]},
                "reason": {"fr": "r"}, "source": "https://exemple.fr",
            });
            edition["rules"].as_array_mut().unwrap().push(more);
        },
        "rule-to-nowhere",
        "edition.rules[3]",
        "r3",
        Severity::Error,
    );
}

#[test]
fn a_network_that_serves_nobody_of_the_rule() {
    check(
        |edition| edition["rules"][1]["complements"] = json!(["workers"]),
        "useless-network",
        "edition.rules[1]",
        "workers",
        Severity::Warning,
    );
}

#[test]
fn a_rule_that_others_forestall() {
    let more = |pick: Value, before: bool| {
        move |edition: &mut Value| {
            let rule = json!({
                "id": "r3", "when": answer("work", &["yes"]), "pick": pick,
                "reason": {"fr": "r"}, "source": "https://exemple.fr",
            });
            let rules = edition["rules"].as_array_mut().unwrap();
            rules.insert(if before { 0 } else { rules.len() }, rule);
        }
    };
    let shadowed = |change: &dyn Fn(&mut Value)| {
        let mut document = edition();
        change(&mut document["edition"]);
        let found = findings(&document);
        found
            .into_iter()
            .filter(|finding| finding.code == "shadowed-rule")
            .map(|finding| finding.value)
            .collect()
    };
    let none: [String; 0] = [];
    #[expect(clippy::type_complexity, reason = "a change, and the rules that it puts in the shade")]
    let shadowed: &dyn Fn(&dyn Fn(&mut Value)) -> Vec<String> = &shadowed;
    assert_eq!(shadowed(&more(json!({"in_order": ["all"]}), false)), ["r3"]);
    // Before the others it gives the main place.
    assert_eq!(shadowed(&more(json!({"in_order": ["all"]}), true)), none);
    // Where « all » is nearer, the nearest of both is what the last rule gives anyway.
    assert_eq!(shadowed(&more(json!({"nearest_of": ["workers", "all"]}), false)), ["r3"]);
}

#[test]
fn the_nearest_of_more_networks_is_no_shadow() {
    let mut document = edition();
    let networks = document["edition"]["networks"].as_array_mut().unwrap();
    let mut other = networks[2].clone();
    other["id"] = json!("other");
    networks.push(other);
    document["edition"]["rules"][2]["pick"] = json!({"nearest_of": ["all", "other"]});
    let last = json!({
        "id": "r3", "when": "always", "pick": {"nearest_of": ["all", "workers"]},
        "reason": {"fr": "r"}, "source": "https://exemple.fr",
    });
    document["edition"]["rules"].as_array_mut().unwrap().push(last);
    // Where « other » is the nearest, the last rule leads to « all », which is new.
    assert_eq!(findings(&document), []);
    document["edition"]["rules"][3]["pick"] = json!({"in_order": ["other", "all"]});
    let found = findings(&document);
    assert_eq!(found, [], "where « all » is nearer, the last rule leads to « other »: {found:?}");
}

#[test]
fn a_complement_that_is_there_anyway() {
    check(
        |edition| edition["rules"][0]["complements"] = json!(["all"]),
        "idle-complement",
        "edition.rules[0].complements",
        "all",
        Severity::Warning,
    );
}

#[test]
fn a_network_that_is_never_recommended() {
    check(
        |edition| {
            let mut other = edition["networks"][2].clone();
            other["id"] = json!("other");
            edition["networks"].as_array_mut().unwrap().push(other);
        },
        "unused-network",
        "edition.networks[3]",
        "other",
        Severity::Warning,
    );
}

#[test]
fn publics_that_are_nobody_and_promises_to_nobody() {
    let nobody = json!({"all": [answer("work", &["yes"]), answer("age", &["old"])]});
    check_among(
        |edition| edition["networks"][2]["serves"] = nobody.clone(),
        "serves-nobody",
        "edition.networks[2].serves",
    );
    check(
        |edition| edition["remote_services"][0]["serves"] = nobody.clone(),
        "serves-nobody",
        "edition.remote_services[0].serves",
        "site",
        Severity::Warning,
    );
    check(
        |edition| {
            edition["guarantees"] = json!([{
                "id": "g", "text": {"fr": "g"}, "when": nobody, "main": ["all"], "source": "https://exemple.fr",
            }]);
        },
        "promise-to-nobody",
        "edition.guarantees[0].when",
        "g",
        Severity::Error,
    );
    let mut document = edition();
    document["structures"] = json!([{
        "id": "s", "network": "youth", "name": "s", "commune": "26281", "serves": answer("work", &["yes"]),
    }]);
    assert_eq!(findings(&document)[0].path, "structures[0].serves");
}

#[test]
fn conditions_with_something_in_vain() {
    check(
        |edition| {
            edition["rules"][2]["when"] =
                json!({"any": [answer("work", &["yes", "no"]), answer("work", &["unsaid"])]});
        },
        "always-true",
        "edition.rules[2].when",
        "(work = yes ou no ou work = unsaid)",
        Severity::Warning,
    );
    // The age is only asked of those who do not work.
    check(
        |edition| {
            edition["rules"][1]["when"] =
                json!({"all": [answer("work", &["no"]), answer("age", &["young"])]});
        },
        "idle-part",
        "edition.rules[1].when",
        "work = no",
        Severity::Warning,
    );
    // A network certainly refuses those who work: without it, their age would be missing.
    let mut document = edition();
    document["edition"]["networks"][1]["serves"] =
        json!({"all": [answer("work", &["no"]), answer("age", &["young"])]});
    assert_eq!(findings(&document), []);
}

#[test]
fn too_many_sets_of_answers_are_an_error_and_not_a_wait() {
    let mut document = edition();
    let question = document["edition"]["questions"][0].clone();
    let questions: Vec<Value> = (0..14)
        .map(|index| {
            let mut question = question.clone();
            question["id"] = json!(format!("q{index}"));
            question
        })
        .collect();
    document["edition"]["questions"].as_array_mut().unwrap().extend(questions);
    let found = findings(&document);
    assert_eq!((found[0].code, found[0].severity), ("too-many-answers", Severity::Error));
}

#[test]
fn texts_that_nobody_has_translated_or_can_read() {
    check(
        |edition| {
            edition["languages"] =
                json!([{"tag": "fr", "name": "Français"}, {"tag": "en", "name": "English"}]);
            for list in ["questions", "networks", "rules", "remote_services"] {
                for item in edition[list].as_array_mut().unwrap() {
                    for field in ["text", "name", "description", "public", "reason"] {
                        if item[field].is_object() {
                            item[field]["en"] = json!("x");
                        }
                    }
                    let choices = item.pointer_mut("/kind/choices").and_then(Value::as_array_mut);
                    for choice in choices.into_iter().flatten() {
                        choice["text"]["en"] = json!("x");
                    }
                }
            }
            edition["region"]["name"]["en"] = json!("x");
        },
        "untranslated",
        "edition.title",
        "en",
        Severity::Warning,
    );
    check(
        |edition| edition["title"]["en"] = json!("Test"),
        "undeclared-language",
        "edition.title",
        "en",
        Severity::Warning,
    );
}

/// The validation tells of it already, and it is one thing.
#[test]
fn a_translation_that_is_blank_is_told_once() {
    let mut directory = DIRECTORY_2026.clone();
    directory.structures.clear();
    directory.edition.preparations[0].say.insert("en".to_owned(), " ".to_owned());
    let of_it = |findings: &[Finding]| {
        let is_of_it = |one: &&Finding| one.path.starts_with("edition.preparations[0].say");
        findings.iter().filter(is_of_it).map(|one| one.code).collect::<Vec<_>>()
    };
    assert_eq!(of_it(&analyse(&directory, TODAY)), [""; 0]);
    let valid = validate(directory, &REGION_2026, TODAY).unwrap();
    assert_eq!(of_it(valid.warnings()), ["blank-text"]);
    let mut missing = valid.directory().clone();
    missing.edition.preparations[0].say.remove("en");
    assert_eq!(of_it(&analyse(&missing, TODAY)), ["untranslated"]);
}

#[test]
fn an_acronym_that_nothing_spells_out() {
    let with = |reason: &'static str| {
        move |edition: &mut Value| edition["rules"][2]["reason"] = json!({"fr": reason})
    };
    check(with("Le RSA le permet."), "acronym", "edition.rules[2].reason", "RSA", Severity::Warning);
    for fine in [
        "Le RSA (revenu de solidarité active) le permet.",
        "Le revenu de solidarité active (RSA) le permet.",
        "RSA : revenu de solidarité active",
        "GDF Suez (le gaz)",
        "Au XXI siècle, Apec ou A, tout est dit.",
    ] {
        let mut document = edition();
        with(fine)(&mut document["edition"]);
        assert_eq!(findings(&document), [], "{fine}");
    }
    // The card of the network says what its short name stands for; that of another does not.
    let mut document = edition();
    document["edition"]["networks"][2]["acronym"] = json!("CIO, BIJ");
    document["edition"]["networks"][2]["description"] = json!({"fr": "Un CIO reçoit tout le monde."});
    with("Le BIJ reçoit tout le monde.")(&mut document["edition"]);
    assert_eq!(findings(&document), []);
    document["edition"]["networks"][0]["description"] = json!({"fr": "Comme un CIO."});
    assert_eq!(findings(&document)[0].path, "edition.networks[0].description");
}

#[test]
fn the_shipped_editions_have_no_error_and_no_acronym_alone() {
    for directory in [&DIRECTORY_2016, &DIRECTORY_2026] {
        // What is in vain there is meant: words that visitors look for, networks for an import.
        let meant = ["alike-choices", "unused-network", "untranslated"];
        for finding in analyse(directory, TODAY) {
            assert!(meant.contains(&finding.code), "{}: {finding}", finding.code);
        }
    }
}
