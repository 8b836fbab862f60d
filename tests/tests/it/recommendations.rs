//! `POST /v1/recommendations`: the engine of the element, for partners' servers, on the
//! directory shipped with the build. What it should say is in shared's own tests; here, that
//! it says it over HTTP with its reasons, to a few persons.

use serde_json::{Value, json};
use spro_tests::{Client, Setup, Workerd};

fn ask(client: &Client, answers: &Value, commune: &str) -> Value {
    let reply = client
        .post("/v1/recommendations")
        .json(&json!({"answers": answers, "commune": commune}))
        .send()
        .unwrap();
    assert_eq!(reply.status, 200, "{answers} {commune}: {}", reply.text());
    assert_eq!(reply.header("Cache-Control"), Some("no-store"), "answers are nobody's to keep");
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
    reply.json()
}

/// Every text in a document, keys left out.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// The sixty people whom an adviser would send somewhere.
const PEOPLE: &str = include_str!("../../../shared/tests/cases/accueil.tsv");

/// A card as their table names it.
fn named(card: &Value) -> String {
    let id = |what: &str| card[what]["id"].as_str().unwrap().to_owned();
    match card["kind"].as_str() {
        Some("place") => id("place"),
        Some("network") => format!("réseau {}", id("network")),
        Some("remote_service") => format!("service {}", id("remote_service")),
        _ if card.is_null() => String::new(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn sixty_people_are_sent_where_an_adviser_would() {
    let workerd = Workerd::start(Setup::default()).unwrap();
    let client = workerd.client();
    let mut rows = PEOPLE.lines().map(|row| row.split('\t').collect::<Vec<_>>());
    let head = rows.next().unwrap();
    let mut answered = 0;
    for row in rows {
        let cell = |name: &str| row[head.iter().position(|known| *known == name).unwrap()];
        let answers = cell("réponses").split(", ").map(|answer| {
            let (question, choice) = answer.split_once('=').unwrap();
            (question.to_owned(), json!(choice))
        });
        let found = ask(&client, &Value::Object(answers.collect()), cell("code"));
        let who = format!("{}, {}", cell("n°"), cell("personne"));
        assert_eq!(found["next"], Value::Null, "{who} has answered all that is asked");
        assert_eq!(found["ignored"], json!([]), "{who} has answered nothing else");
        assert_eq!(named(&found["main"]), cell("premier"), "{who}");
        assert_eq!(named(&found["reception"]), cell("être reçu"), "{who}");
        answered += 1;
    }
    assert_eq!(answered, 60);
}

#[test]
fn persons_are_sent_to_a_place_that_is_for_them() {
    let workerd = Workerd::start(Setup::default()).unwrap();
    let client = workerd.client();
    for (person, answers, commune, networks) in [
        (
            "19, out of school, Romans-sur-Isère",
            json!({"situation": "young", "youth": "none", "goal": "job"}),
            "26281",
            &["mission-locale"][..],
        ),
        (
            "executive of the private sector, Annecy",
            json!({"situation": "employed", "sector": "executive", "goal": "review"}),
            "74010",
            &["apec"],
        ),
        (
            "parent of a pupil, Villeurbanne",
            json!({"situation": "pupil", "for-whom": "child", "track": "school", "studies": "choose"}),
            "69266",
            &["cio"],
        ),
        (
            "employee of the private sector, Privas",
            json!({"situation": "employed", "sector": "private", "goal": "review"}),
            "07186",
            &["avenir-actifs"],
        ),
    ] {
        let recommendation = ask(&client, &answers, commune);
        let main = &recommendation["main"];
        let network = main["network"]["id"].as_str().or(main["network"].as_str()).unwrap_or_default();
        assert!(networks.contains(&network), "{person}: {network} in {recommendation}");
        assert!(
            main["reason"].as_str().is_some_and(|reason| reason.len() > 20),
            "{person} is told why: {main}"
        );
        let remote = recommendation["remote_services"].as_array();
        assert!(remote.is_some_and(|services| !services.is_empty()), "{person}: never a dead end");
    }
}

#[test]
fn who_says_nothing_is_still_helped_anywhere() {
    let workerd = Workerd::start(Setup::default()).unwrap();
    let client = workerd.client();
    // A village of 200 people in the Drôme, a commune of each department, an arrondissement.
    for commune in [
        "26136", "01004", "03190", "07186", "15014", "38185", "42218", "43157", "63113", "69383", "73065",
        "74010",
    ] {
        for answers in [json!({}), json!({"situation": "unsaid", "goal": "unsaid"})] {
            let recommendation = ask(&client, &answers, commune);
            assert!(recommendation["main"].is_object(), "{commune}: {recommendation}");
            let said = texts(&recommendation);
            assert!(said.iter().any(|text| text.starts_with("https://")), "{commune}: a way to reach it");
        }
    }
}

#[test]
fn the_same_question_has_the_same_answer() {
    let workerd = Workerd::start(Setup::default()).unwrap();
    let client = workerd.client();
    let answers = json!({"situation": "job-seeker", "profile": "rsa", "goal": "review"});
    let first = ask(&client, &answers, "38185");
    for _ in 0..5 {
        assert_eq!(ask(&client, &answers, "38185"), first);
    }
}
