//! `cargo spro networks`: what each edition's networks offer, and where that is from.
//! `SPRO_BLESS=1 cargo test -p spro-admin --test it networks` writes the expected text again.

use crate::desk::{Desk, shipped};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

fn network<'a>(list: &'a Value, id: &str) -> &'a Value {
    let networks = list["networks"].as_array().unwrap();
    networks.iter().find(|network| network["id"] == id).unwrap_or_else(|| panic!("no network {id}"))
}

#[test]
fn the_networks_of_2016_are_told_as_expected() {
    let told = Desk::new().succeeds_with(0, &["networks", "--edition", "2016"]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/networks-2016.expected.txt");
    if std::env::var_os("SPRO_BLESS").is_some() {
        fs::write(&path, &told).unwrap();
    }
    assert_eq!(told, fs::read_to_string(&path).unwrap_or_default());
    // Only an address may be wider than a screen.
    let wide = told.lines().filter(|line| line.chars().count() > 80);
    assert!(wide.clone().all(|line| line.contains("http")), "{:?}", wide.collect::<Vec<_>>());
}

#[test]
fn scripts_get_the_same_for_both_editions() {
    let desk = Desk::new();
    let old = desk.json(0, &["networks", "--edition", "2016"]);
    let afdas = network(&old, "afdas");
    assert_eq!(afdas["services"], json!(["advice", "support"]));
    assert_eq!((&afdas["levels"], &afdas["cep_operator"]), (&json!(["two"]), &json!("by_law")));
    assert_eq!(afdas["valid_until"], "2019-12-31");
    assert!(!afdas["sources"].as_array().unwrap().is_empty());
    assert_eq!(network(&old, "maison-emploi")["membership"], "associate");

    let new = desk.json(0, &["networks"]);
    assert_eq!(new["edition"], "2026");
    assert_eq!(new, desk.json(0, &["networks", "--edition", "2026"]));
    assert_eq!(network(&new, "france-travail")["levels"], json!(["one", "two"]));
    assert_eq!(network(&new, "france-services")["membership"], "partner");
    assert_eq!(network(&new, "cio")["valid_until"], Value::Null);
}

#[test]
fn an_operator_accredited_by_the_region_is_told_as_such() {
    let desk = Desk::new();
    let mut directory: Value = serde_json::from_str(&shipped()).unwrap();
    let networks = directory["edition"]["networks"].as_array_mut().unwrap();
    networks.retain(|network| network["id"] == "mife");
    networks[0]["cep_operator"] = json!("by_region");
    desk.write("region.json", directory.to_string());
    let told = desk.succeeds_with(0, &["networks", "region.json"]);
    assert!(told.contains("opérateur agréé par la Région"), "{told}");
    assert!(!told.contains("désigné par la loi"), "{told}");
    assert_eq!(network(&desk.json(0, &["networks", "region.json"]), "mife")["cep_operator"], "by_region");
}

#[test]
fn an_edition_that_is_not_there_is_a_usage_error() {
    let desk = Desk::new();
    desk.write("cut.json", "{");
    assert!(desk.fails_with(2, &["networks", "--edition", "2017"]).contains("« 2017 » ne convient pas"));
    let both = desk.fails_with(2, &["networks", "cut.json", "--edition", "2016"]);
    assert!(both.contains("ne vont pas ensemble"), "{both}");
    assert!(desk.fails_with(1, &["networks", "cut.json"]).contains("cargo spro validate"));
}
