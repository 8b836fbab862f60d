//! The diagnosis of small invented directories, against distances worked out by hand.
//!
//! Four communes stand on a meridian: a tenth of a degree is 11.12 km. Alpha at 45.0,
//! Beta at 45.1, Gamma at 45.2, Delta at 45.5. `SPRO_BLESS=1` writes the expected files again.

#![expect(clippy::disallowed_methods, reason = "`insight` reads no file; the expected answers are files")]

use crate::shipped::TODAY;
use insight::report::diagnosis::compare::{Comparison, compare};
use insight::report::diagnosis::compare_sentences as said;
use insight::report::diagnosis::{
    AreaKind, Diagnosis, Lack, Need, Scope, Survey, Thresholds, UnknownScope, Unsurveyed, page,
};
use serde_json::{Value, json};
use shared::directory::Directory;
use shared::geography::Geography;
use shared::validate::{Valid, validate};
use std::fs;
use std::path::Path;

fn geography() -> Geography {
    let communes = "\
01001\tAlpha\t01100\t100\t45.0\t5.0\t\t\t
01002\tBeta\t01100\t200\t45.1\t5.0\t\t\t
01003\tGamma\t01100\t300\t45.2\t5.0\t\t\t
01004\tDelta\t01100\t400\t45.5\t5.0\t\t\t
02001\tOméga\t02100\t50\t45.5\t5.1\t\t\t
69123\tCité\t69000\t30\t45.7\t5.0\t\t\t
69381\tCité 1er\t69001\t10\t45.7\t5.0\t\t\t69123
69382\tCité 2e\t69002\t20\t45.7\t5.0\t\t\t69123
";
    Geography::parse(communes, "01999\tVieil-Alpha\t01001\n", &|_| true).unwrap()
}

/// A hall in Alpha that receives everybody, a house in Gamma that receives the young and
/// advises them, and a place in Delta whose network no longer exists.
fn document() -> Value {
    let text = |french: &str| json!({ "fr": french });
    let age = |is: &[&str]| json!({"answer": {"question": "age", "is": is}});
    let network = |id: &str, serves: Value, services: Value| {
        json!({"id": id, "name": text(id), "description": text("x"), "public": text("x"), "serves": serves,
            "services": services, "website": "https://exemple.fr", "sources": ["https://exemple.fr"]})
    };
    let rule = |id: &str, when: Value, networks: Value| {
        json!({"id": id, "when": when, "pick": {"in_order": networks}, "reason": text("Parce que."),
            "source": "https://exemple.fr", "verified": true})
    };
    let place = |id: &str, network: &str, commune: &str| {
        json!({"id": id, "network": network, "name": format!("Lieu {id}"), "commune": commune,
            "address": {"postcode": "01100"}, "phones": ["04 75 00 00 01"], "hours_note": "le matin",
            "checked_on": "2026-06-01"})
    };
    let mut old = network("old", json!("always"), json!(["reception", "advice"]));
    old["valid_until"] = json!("2020-12-31");
    json!({
        "format": 1, "title": "Annuaire inventé",
        "edition": {
            "id": "test", "title": text("Édition"), "valid_from": "2020-01-01",
            "region": {"name": text("Région"), "departments": [
                {"code": "01", "name": "Un"}, {"code": "02", "name": "Deux"}, {"code": "69", "name": "Cité"}]},
            "reach_km": 60,
            "questions": [
                {"id": "age", "text": text("Quel âge ?"), "kind": {"choices": [
                    {"id": "young", "text": text("Moins de 26 ans")},
                    {"id": "old", "text": text("26 ans ou plus")},
                    {"id": "unsaid", "text": text("Je préfère ne pas répondre"), "unknown": true}]}},
                {"id": "commune", "text": text("Où ?"), "kind": "commune"}],
            "networks": [network("hall", json!("always"), json!(["reception"])),
                network("house", age(&["young"]), json!(["reception", "advice"])), old],
            "rules": [rule("young", age(&["young"]), json!(["house"])), rule("all", json!("always"), json!(["hall"]))],
            "remote_services": [{"id": "site", "name": text("Site"), "description": text("x"),
                "website": "https://exemple.fr", "services": ["reception"], "checked_on": "2026-06-01"}],
        },
        "structures": [place("hall-alpha", "hall", "01001"), place("house-gamma", "house", "01003"),
            place("old-delta", "old", "01004")],
    })
}

fn valid(document: &Value) -> Valid {
    let directory = Directory::from_json(document.to_string().as_bytes()).unwrap();
    validate(directory, &geography(), TODAY).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn diagnosed(document: &Value, scope: &Scope) -> Diagnosis {
    let (valid, geography) = (valid(document), geography());
    let thresholds = Thresholds::usual(60, TODAY);
    Survey::new(&valid, &geography, scope, thresholds, TODAY).unwrap().diagnosis()
}

/// The nearest place in a commune: its id and its distance in whole kilometres.
fn nearest(document: &Value, commune: &str, public: &str, need: Need) -> Option<(String, u32)> {
    let (valid, geography) = (valid(document), geography());
    let survey =
        Survey::new(&valid, &geography, &Scope::Region, Thresholds::usual(60, TODAY), TODAY).unwrap();
    let public = survey.publics().iter().position(|one| one.id == public).unwrap();
    let (_, nearest) = survey.communes().find(|(one, _)| one.code == commune).unwrap();
    nearest[public].get(need).map(|found| {
        let id = valid.directory().structures[found.structure].id.clone();
        (id, (found.distance.0 + 500) / 1000)
    })
}

#[track_caller]
fn check(document: &Value, commune: &str, public: &str, need: Need, expect: Option<(&str, u32)>) {
    let found = nearest(document, commune, public, need);
    let found = found.as_ref().map(|(id, km)| (id.as_str(), *km));
    assert_eq!(found, expect, "{need:?} of {public} in {commune}");
}

fn department() -> Scope {
    Scope::Department("01".to_owned())
}

#[test]
fn each_public_has_its_own_nearest_place() {
    let document = document();
    check(&document, "01001", "all", Need::Reception, Some(("hall-alpha", 0)));
    check(&document, "01004", "all", Need::Reception, Some(("hall-alpha", 56)));
    check(&document, "01004", "young", Need::Reception, Some(("house-gamma", 33)));
    check(&document, "01001", "young", Need::Advice, Some(("house-gamma", 22)));
    check(&document, "01001", "young", Need::LevelTwo, Some(("house-gamma", 22)));
    check(&document, "01001", "young", Need::Named, Some(("house-gamma", 22)));
    check(&document, "01003", "all", Need::Named, Some(("hall-alpha", 22)));
    // Nobody gives support, and nobody advises those who are not young.
    check(&document, "01003", "young", Need::Support, None);
    check(&document, "01003", "all", Need::LevelTwo, None);
}

#[test]
fn publics_are_those_of_the_rules_and_share_everybody_out() {
    let diagnosis = diagnosed(&document(), &department());
    let publics: Vec<_> =
        diagnosis.publics.iter().map(|one| (one.id.as_str(), one.who.as_str(), one.answer_sets)).collect();
    // "Unsaid" does not make anybody young.
    assert_eq!(
        publics,
        [("young", "«\u{a0}Moins de 26 ans\u{a0}»", 1), ("all", "Toutes les autres personnes", 2)]
    );
    assert_eq!(diagnosis.publics[0].networks, ["hall", "house"]);
    assert_eq!(diagnosis.publics[1].networks, ["hall"], "the house does not certainly serve all the others");
}

#[test]
fn communes_and_people_are_added_up_by_distance() {
    let diagnosis = diagnosed(&document(), &department());
    let met = diagnosis.whole.met("young", Need::LevelTwo).unwrap();
    let within: Vec<_> = met.within.iter().map(|one| (one.km, one.communes, one.inhabitants)).collect();
    // Gamma 0, Beta 11, Alpha 22, Delta 33 km.
    assert_eq!(within, [(10, 1, 300), (20, 2, 500), (30, 3, 600), (60, 4, 1000)]);
    assert_eq!((met.communes_without, met.inhabitants_without), (0, 0));
    let farthest = met.farthest.as_ref().unwrap();
    assert_eq!((farthest.commune.as_str(), farthest.place.as_str()), ("Delta", "house-gamma"));
    let none = diagnosis.whole.met("all", Need::LevelTwo).unwrap();
    assert_eq!((none.communes_without, none.inhabitants_without, &none.farthest), (4, 1000, &None));
    // For whoever is the worst off: those who are not young, and have the hall only.
    let worst = diagnosis.whole.met_for_all(Need::Reception).unwrap();
    let within: Vec<_> = worst.within.iter().map(|one| one.inhabitants).collect();
    assert_eq!(within, [100, 300, 600, 1000]);
    assert_eq!(diagnosis.whole.met_for_all(Need::LevelTwo).unwrap().communes_without, 4);
}

#[test]
fn a_city_is_counted_through_its_arrondissements() {
    let diagnosis = diagnosed(&document(), &Scope::Commune("69123".to_owned()));
    assert_eq!((diagnosis.whole.communes, diagnosis.whole.inhabitants), (2, 30));
    let region = diagnosed(&document(), &Scope::Region);
    assert_eq!((region.whole.communes, region.whole.inhabitants), (7, 1080));
    let former = diagnosed(&document(), &Scope::Commune("01999".to_owned()));
    assert_eq!(former.whole.name, "Alpha");
}

#[test]
fn a_place_for_other_communes_does_not_count_and_one_for_the_commune_hides_the_others() {
    let mut document = document();
    let mut far = document["structures"][0].clone();
    far["id"] = json!("hall-delta");
    far["commune"] = json!("01004");
    far["competence"] = json!({"communes": ["01001"]});
    document["structures"].as_array_mut().unwrap().push(far);
    // There for Alpha: farther than the hall of Alpha itself, and yet the one.
    check(&document, "01001", "all", Need::Reception, Some(("hall-delta", 56)));
    // Not there for its own commune.
    check(&document, "01004", "all", Need::Reception, Some(("hall-alpha", 56)));
    document["edition"]["networks"][0]["reach"] = json!("declared_only");
    check(&document, "01001", "all", Need::Reception, Some(("hall-delta", 56)));
    check(&document, "01004", "all", Need::Reception, None);
}

#[test]
fn a_place_that_is_narrower_than_its_network_counts_only_for_whom_it_certainly_serves() {
    let mut document = document();
    document["structures"][1]["serves"] = json!({"answer": {"question": "age", "is": ["old"]}});
    check(&document, "01003", "young", Need::Advice, None);
    document["structures"][1]["serves"] = json!({"answer": {"question": "age", "is": ["young", "old"]}});
    check(&document, "01003", "young", Need::Advice, Some(("house-gamma", 0)));
    document["structures"][1]["services"] = json!(["reception"]);
    check(&document, "01003", "young", Need::Advice, None);
    // Of "all", some kept their age for themselves and are served, others are not.
    document["structures"][0]["serves"] = json!({"answer": {"question": "age", "is": ["unsaid"]}});
    check(&document, "01001", "all", Need::Reception, None);
}

#[test]
fn what_has_expired_or_is_closed_for_long_does_not_count() {
    let mut document = document();
    check(&document, "01004", "all", Need::Reception, Some(("hall-alpha", 56)));
    document["edition"]["networks"][2]["valid_until"] = json!(TODAY);
    check(&document, "01004", "all", Need::Reception, Some(("old-delta", 0)));
    // Closed for the holidays counts; closed for months does not.
    document["structures"][2]["closed"] = json!([{"from": "2026-11-01", "until": "2026-12-31"}]);
    check(&document, "01004", "all", Need::Reception, Some(("old-delta", 0)));
    document["structures"][2]["closed"] = json!([{"from": "2026-11-01", "until": "2027-06-30"}]);
    check(&document, "01004", "all", Need::Reception, Some(("hall-alpha", 56)));
    document["structures"][2]["closed"] = json!([{"from": "2026-12-01", "until": "2027-06-30"}]);
    check(&document, "01004", "all", Need::Reception, Some(("old-delta", 0)));
}

#[test]
fn each_record_says_what_it_lacks() {
    let mut document = document();
    document["structures"][0]["checked_on"] = json!("2025-11-23");
    document["structures"][0]["position"] = json!({"latitude": 45.0, "longitude": 5.0});
    document["structures"][1]["position"] = json!({"latitude": 45.2, "longitude": 5.0});
    document["structures"][1]["checked_on"] = json!("2025-11-24");
    document["structures"][2]["phones"] = json!([]);
    document["structures"][2]["hours_note"] = Value::Null;
    let diagnosis = diagnosed(&document, &department());
    let lacks: Vec<_> =
        diagnosis.incomplete.iter().map(|place| (place.id.as_str(), place.lacks.as_slice())).collect();
    assert_eq!(
        lacks,
        [
            ("hall-alpha", &[Lack::Check][..]),
            ("old-delta", &[Lack::Expired, Lack::Phone, Lack::Hours, Lack::Position]),
        ]
    );
    assert_eq!(diagnosis.incomplete_by["check"], 1);
    assert_eq!(diagnosed(&document, &Scope::Department("02".to_owned())).incomplete, []);
}

#[test]
fn an_expired_label_is_shown_and_no_longer_counts() {
    let mut document = document();
    let territory = |id: &str, granted_on: &str, communes: &[&str]| {
        json!({"id": id, "name": id, "communes": communes, "label": {"granted_on": granted_on},
            "level_one": ["hall", "house"], "level_two": ["house"], "sources": ["https://exemple.fr"]})
    };
    document["territories"] = json!([
        territory("south", "2014-05-01", &["01001", "01002"]),
        territory("north", "2024-05-01", &["01003"])
    ]);
    let diagnosis = diagnosed(&document, &department());
    let labels: Vec<_> = diagnosis
        .territory_states
        .iter()
        .map(|state| (state.id.as_str(), state.label.as_ref().unwrap().counts))
        .collect();
    assert_eq!(labels, [("south", false), ("north", true)]);
    let south = &diagnosis.territory_states[0];
    assert_eq!(south.label.as_ref().unwrap().expires_on.as_deref(), Some("2019-05-01"));
    assert!(south.label.as_ref().unwrap().has_expired);
    // Nobody knows the day of this one: it neither counts nor has expired.
    let mut in_doubt = document.clone();
    in_doubt["territories"][1]["label"] = json!({"granted_on": "2024-05-01", "not_before": "2019-01-01"});
    let in_doubt = diagnosed(&in_doubt, &department()).territory_states[1].label.clone().unwrap();
    assert!(!in_doubt.counts && !in_doubt.has_expired);
    assert_eq!(in_doubt.may_expire_on.as_deref(), Some("2024-01-01"));
    // The house stands in the north only.
    assert_eq!(
        (&south.level_one_without_place[..], &south.level_two_without_place[..]),
        (&["house".to_owned()][..], &["house".to_owned()][..])
    );
    assert_eq!(diagnosis.territories[0].inhabitants, 300);
    let north = diagnosed(&document, &Scope::Territory("north".to_owned()));
    assert_eq!((north.whole.communes, north.whole.inhabitants), (1, 300));
}

#[test]
fn an_area_that_is_not_there_is_refused() {
    let (valid, geography) = (valid(&document()), geography());
    for scope in
        [Scope::Department("75".into()), Scope::Territory("none".into()), Scope::Commune("75056".into())]
    {
        let survey = Survey::new(&valid, &geography, &scope, Thresholds::usual(60, TODAY), TODAY);
        assert_eq!(survey.err(), Some(Unsurveyed::Scope(UnknownScope(scope))));
    }
}

#[test]
fn the_table_and_the_page_are_as_expected() {
    let (valid, geography) = (valid(&document()), geography());
    let survey = Survey::new(&valid, &geography, &department(), Thresholds::usual(60, TODAY), TODAY).unwrap();
    golden("diagnosis.csv", &survey.csv());
    golden("diagnosis.html", &page::html(&survey, &survey.diagnosis()));
}

fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name);
    if std::env::var_os("SPRO_BLESS").is_some() {
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    for (line, (found, expected)) in (1..).zip(found.lines().zip(expected.lines())) {
        assert_eq!(found, expected, "{}:{line}", path.display());
    }
    assert_eq!(found.len(), expected.len(), "{}", path.display());
}

fn compared(before: &Value, after: &Value) -> Comparison {
    let (before, after, geography) = (valid(before), valid(after), geography());
    let survey = |directory| {
        Survey::new(directory, &geography, &Scope::Region, Thresholds::usual(60, TODAY), TODAY).unwrap()
    };
    compare(&survey(&before), &survey(&after))
}

#[test]
fn a_place_that_goes_opens_gaps_and_one_that_comes_closes_them() {
    let before = document();
    assert!(compared(&before, &before).is_empty());
    let mut after = before.clone();
    // The only place that advises goes: the young of the four communes of 01 and the one of
    // 02 have no advice within reach.
    after["structures"].as_array_mut().unwrap().remove(1);
    let worse = compared(&before, &after);
    let whole = &worse.areas[0];
    assert_eq!((whole.kind, worse.near_km), (AreaKind::Region, 20));
    let gap = |of: &Comparison, need| {
        let whole = of.areas[0].clone();
        whole.gaps.into_iter().find(|gap| gap.public.as_deref() == Some("young") && gap.need == need).unwrap()
    };
    let advice = gap(&worse, Need::Advice);
    // Alpha at 22 km, Beta at 11, Gamma at 0, Delta and Oméga at 33, and the two
    // arrondissements at 56: all within 60 km; Beta and Gamma within 20.
    assert_eq!((advice.new_without.communes, advice.new_far.communes), (7, 2));
    assert_eq!(advice.new_far.examples, ["Gamma", "Beta"], "the most inhabitants first");
    assert_eq!((advice.new_far.inhabitants, advice.solved_without.communes), (500, 0));
    // Reception stays: the hall is within reach of all but the far ones.
    assert!(gap(&worse, Need::Reception).new_far.communes > 0);
    let department = worse.areas.iter().find(|area| area.code == "02").unwrap();
    assert_eq!(department.gaps[0].public.as_deref(), Some("young"));
    assert_eq!(worse.networks_left_without_place, ["house"]);

    let better = compared(&after, &before);
    let solved = gap(&better, Need::Advice);
    assert_eq!((solved.solved_without.communes, solved.solved_far.communes), (7, 2));
    assert_eq!(better.networks_with_a_first_place, ["house"]);
    let told = said::headline(&worse, 3).join("\n");
    assert!(told.contains("communes n’ont plus aucun lieu"), "{told}");
    assert!(said::headline(&better, 3)[0].contains("désormais un lieu"));
}

#[test]
fn records_and_labels_that_change_are_told() {
    let mut before = document();
    before["territories"] =
        json!([{"id": "t", "name": "T", "communes": ["01001"], "label": {"granted_on": "2020-01-01"}}]);
    let mut after = before.clone();
    after["structures"][0]["phones"] = json!([]);
    after["structures"][0]["position"] = json!({"latitude": 45.0, "longitude": 5.0});
    after["structures"][1]["checked_on"] = json!("2020-01-01");
    after["territories"][0]["label"]["granted_on"] = json!("2024-01-01");
    let found = compared(&before, &after);
    let changes: Vec<_> =
        found.records.iter().map(|one| (one.id.as_str(), one.new.clone(), one.solved.clone())).collect();
    assert_eq!(
        changes,
        [("hall-alpha", vec![Lack::Phone], vec![Lack::Position]), ("house-gamma", vec![Lack::Check], vec![])]
    );
    assert_eq!(
        said::record(&found.records[0]),
        "Lieu hall-alpha (Alpha) : manque désormais : un téléphone ; ne manque plus : une position exacte"
    );
    assert_eq!((found.labels.len(), found.labels[0].before, found.labels[0].after), (1, false, true));
}
