//! `cargo spro texts`: what translators get. `SPRO_BLESS=1` writes the expected table again.

use crate::desk::{Desk, shipped};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// The shape of the shipped directory with one question, one network and invented texts.
fn half_translated() -> Value {
    let mut document: Value = serde_json::from_str(&shipped()).unwrap();
    let edition = &mut document["edition"];
    edition["languages"] = json!([
        { "tag": "fr", "name": "Français" },
        { "tag": "uk", "name": "Українська" },
        { "tag": "en", "name": "English" },
    ]);
    for part in ["questions", "networks"] {
        let first = edition[part][0].clone();
        edition[part] = json!([first]);
    }
    let both = |fr: &str, uk: &str| json!({ "fr": fr, "uk": uk, "en": "In English" });
    edition["title"] = both("Une édition", "Видання");
    edition["region"]["name"] = both("Une région", "Регіон");
    let network = edition["networks"][0].as_object_mut().unwrap();
    for (field, fr, uk) in [
        ("name", "Un réseau", "Мережа"),
        ("description", "Ce qu’il fait", "Що вона робить"),
        ("public", "Pour qui", "Для кого"),
    ] {
        network.insert(field.to_owned(), both(fr, uk));
    }
    for part in ["rules", "remote_services", "guarantees", "cep_levels", "coordination", "preparations"] {
        edition[part] = json!([]);
    }
    document["resources"] = json!([]);
    document["territories"] = json!([]);
    document["structures"] = json!([]);
    document["title"] = json!("À moitié");
    let question = &mut document["edition"]["questions"][0];
    question.as_object_mut().unwrap().remove("help");
    question["text"] = json!({ "fr": "Une « question » ; longue ?", "uk": "Питання?", "en": "A question?" });
    let choices = question["kind"]["choices"].as_array_mut().unwrap();
    choices.truncate(1);
    choices[0]["text"] = json!({ "fr": "Oui", "uk": "  " });
    document
}

#[test]
fn a_translator_gets_a_table_of_what_is_there_and_what_is_missing() {
    let desk = Desk::new();
    desk.write("half.json", half_translated().to_string());
    let arguments = ["texts", "half.json", "--language", "uk", "--out", "uk.csv", "--all"];
    let said = desk.succeeds_with(0, &arguments);
    assert!(said.contains("edition.questions[situation].kind.choices[pupil].text\n    « Oui »"), "{said}");
    assert!(!said.contains("longue"), "{said}");
    assert!(said.contains("Le tableau est dans uk.csv"), "{said}");

    let found = fs::read_to_string(desk.path("uk.csv")).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/texts.expected.csv");
    if std::env::var_os("SPRO_BLESS").is_some() {
        fs::write(&path, &found).unwrap();
    }
    assert_eq!(found, fs::read_to_string(&path).unwrap_or_default(), "{}", path.display());

    // Never over another file unless asked.
    desk.write("uk.csv", "precious");
    assert!(desk.fails_with(1, &arguments).contains("existe déjà"));
}

#[test]
fn every_language_is_summed_up() {
    let desk = Desk::new();
    desk.write("half.json", half_translated().to_string());
    let summary = desk.json(0, &["texts", "half.json"]);
    let of = |index: usize| summary["languages"][index].clone();
    assert_eq!(of(0)["language"], "uk");
    assert_eq!(of(0)["missing"], 1, "a blank is no translation");
    assert_eq!(of(1)["missing"], 1, "no word at all is none either");
    assert_eq!(of(0)["texts"], of(1)["texts"]);
    assert!(desk.succeeds_with(0, &["texts", "half.json"]).contains("1 manquent"));

    let unknown = desk.succeeds_with(0, &["texts", "half.json", "--language", "de"]);
    assert!(unknown.contains("n’est pas dans edition.languages"), "{unknown}");
    assert!(desk.fails_with(2, &["texts", "--language", "fr"]).contains("référence"));
    assert!(desk.fails_with(2, &["texts", "--out", "x.csv"]).contains("--language"));
}

/// What is shipped is what visitors of a clean clone read.
#[test]
fn the_shipped_directory_is_translated_whole() {
    let summary = Desk::new().json(0, &["texts"]);
    for language in summary["languages"].as_array().unwrap() {
        assert_eq!(language["missing"], 0, "{language}");
    }
    assert!(summary["languages"].as_array().unwrap().len() >= 4);
}
