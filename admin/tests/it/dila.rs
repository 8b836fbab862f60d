//! The DILA's archive, from the program as people run it. The records are invented
//! (`examples/dila_generate`).

#[path = "../../examples/dila_generate/records.rs"]
mod records;

use crate::desk::{Desk, shipped, text};
use serde_json::{Value, json};
use std::io::Write;

const COUNT: u64 = 2_000;

/// The document, and how many records of each type are in it.
fn document(count: u64) -> (Vec<u8>, Vec<(&'static str, u64)>) {
    let geography = admin::reference::geography().unwrap();
    let mut document = Vec::new();
    let counts = records::write(count, geography.communes(), &mut document).unwrap();
    (document, counts)
}

fn tarred(document: &[u8]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(document.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    archive.append_data(&mut header, "2026-11-24-data.gouv_local.json", document).unwrap();
    archive.into_inner().unwrap()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn sum(report: &Value, names: &[&str]) -> u64 {
    names.iter().map(|name| report[name].as_u64().unwrap()).sum()
}

#[test]
fn every_record_is_kept_merged_refused_or_counted() {
    let desk = Desk::new();
    let (document, counts) = document(COUNT);
    desk.write("annuaire.tar.bz2", packed(&tarred(&document)));
    let report = desk.json(0, &["import", "--shipped", "annuaire.tar.bz2", "--out", "out.json"]);
    assert_eq!(report["format"], "dila");
    let left_out = report["left_out"].as_object().unwrap();
    let others: u64 = left_out.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(sum(&report, &["kept", "merged", "refused"]) + others, COUNT);
    assert_eq!((&report["read"], &report["refused"]), (&json!(COUNT), &json!(0)));
    let count_of = |kind: &str| counts.iter().find(|(known, _)| *known == kind).unwrap().1;
    assert_eq!(left_out["mairie"], json!(count_of("mairie")));
    let here = sum(&report, &["kept", "merged"]);
    let elsewhere: u64 = left_out
        .iter()
        .filter(|(kind, _)| kind.contains("autre département"))
        .map(|(_, count)| count.as_u64().unwrap())
        .sum();
    let wanted = [
        "france_travail",
        "mission_locale",
        "cio",
        "cij",
        "msap",
        "cidf",
        "cap_emploi",
        "chambre_metier",
        "cci",
    ];
    assert_eq!(here + elsewhere, wanted.iter().map(|kind| count_of(kind)).sum::<u64>());
    assert!(here > 20, "{here}");

    let written: Value = serde_json::from_slice(&std::fs::read(desk.path("out.json")).unwrap()).unwrap();
    let added = written["structures"]
        .as_array()
        .unwrap()
        .iter()
        .find(|place| place["references"]["dila"].is_string());
    let added = added.unwrap();
    assert_eq!(added["hours"][0]["from"], "09:00");
    assert_eq!(added["access"], "Accessible en fauteuil roulant");
    assert!(added["checked_on"].as_str().unwrap().starts_with("2025-"));
    assert!(added["competence"].is_null(), "one commune is where it is, not what it is there for");

    // The same file again: the same places, by their identifiers.
    let again = desk.json(0, &["import", "annuaire.tar.bz2", "--into", "out.json"]);
    assert_eq!((&again["kept"], sum(&again, &["merged"])), (&json!(0), here));
}

#[test]
fn the_document_is_recognised_in_any_wrapping_and_a_department_can_be_chosen() {
    let desk = Desk::new();
    let (document, _) = document(1_000);
    desk.write("a.json", &document).write("b.tar", tarred(&document)).write("c", packed(&document));
    desk.write("d.tar.bz2", packed(&tarred(&document)));
    let of = |file: &str| {
        let mut report = desk.json(0, &["import", "--shipped", file]);
        report["file"] = Value::Null;
        report["validation"] = Value::Null;
        report.to_string().replace(&format!("\"{}\"", file.split('.').next().unwrap()), "source")
    };
    let first = of("a.json");
    assert!(first.contains("\"read\":1000"), "{}", &first[..200]);
    for file in ["b.tar", "c", "d.tar.bz2"] {
        assert_eq!(of(file), first, "{file}");
    }
    let rhone = desk.json(0, &["import", "--shipped", "a.json", "--department", "69"]);
    let records = rhone["records"].as_array().unwrap();
    assert!(records.iter().all(|record| record["id"].as_str().unwrap().contains("-69")), "{records:?}");
    desk.write("table.csv", "NOM;CP;COMMUNE\nCIO;26000;VALENCE\n");
    assert!(desk.fails_with(2, &["import", "--shipped", "table.csv", "--department", "69"]).contains("DILA"));
}

#[test]
fn a_damaged_archive_is_refused_with_the_place_where_it_broke() {
    let desk = Desk::new();
    desk.write("base.json", shipped());
    let (document, _) = document(COUNT);
    let whole = packed(&tarred(&document));
    let mut flipped = whole.clone();
    flipped[whole.len() * 2 / 3] ^= 0xff;
    desk.write("cut.tar.bz2", &whole[..whole.len() * 2 / 3]).write("flipped.tar.bz2", flipped);
    desk.write("cut.tar", &tarred(&document)[..document.len() / 2]);
    desk.write("cut.json", &document[..document.len() / 2]);
    for file in ["cut.tar.bz2", "flipped.tar.bz2", "cut.tar", "cut.json"] {
        let said = desk.fails_with(1, &["import", file, "--into", "base.json", "--out", "out.json"]);
        assert!(
            said.contains("s’est arrêtée à la fiche ") && said.contains("la dernière fiche entière est la "),
            "{said}"
        );
        assert!(!desk.path("out.json").exists(), "{file}");
        let error = desk.json(1, &["import", "--shipped", file]);
        assert_eq!(error["error"]["code"], "damaged-archive", "{file}");
    }
    desk.write("other.tar.bz2", packed(b"PK nothing")).write("empty.tar.bz2", packed(&tarred(b"{\"a\": 1}")));
    assert_eq!(desk.json(1, &["import", "--shipped", "empty.tar.bz2"])["error"]["code"], "no-document");
    desk.fails_with(1, &["import", "--shipped", "other.tar.bz2"]);
}

#[test]
fn a_record_that_does_not_end_is_not_held() {
    let desk = Desk::new();
    let long =
        format!(r#"{{"service":[{{"id":"a"}},{{"id":"b","nom":"{}"}}]}}"#, "x".repeat(6 * 1024 * 1024));
    desk.write("long.tar.bz2", packed(&tarred(long.as_bytes())));
    let error = desk.json(1, &["import", "--shipped", "long.tar.bz2"]);
    assert_eq!(error["error"]["code"], "large-record", "{error}");
    let said = desk.fails_with(1, &["import", "--shipped", "long.tar.bz2"]);
    assert!(said.contains("La fiche 2 ") && said.contains("4 Mio"), "{said}");
}

#[test]
fn a_record_of_another_form_is_refused_alone() {
    let desk = Desk::new();
    let good = r#"{"id": "a", "nom": "CIO - Valence", "code_insee_commune": "26362", "pivot": [{"type_service_local": "cio", "code_insee_commune": ["26362", "26281"]}], "adresse": [{"type_adresse": "Adresse", "numero_voie": "1 rue de l'Exemple", "code_postal": "26000", "nom_commune": "Valence"}]}"#;
    let odd = r#"{"id": "b", "nom": "CIO - Privas", "code_insee_commune": "07186", "pivot": [{"type_service_local": "cio"}], "telephone": "04 75 00 00 01"}"#;
    let nowhere = r#"{"id": "c", "nom": "CIO", "pivot": [{"type_service_local": "cio"}]}"#;
    desk.write("a.json", format!(r#"{{"service": [{good}, {odd}, {nowhere}, {{"id": 4}}]}}"#));
    // Nobody is there yet whom the record could be.
    let mut base: Value = serde_json::from_str(&shipped()).unwrap();
    base["structures"] = json!([]);
    desk.write("base.json", base.to_string());
    let report = desk.json(1, &["import", "a.json", "--into", "base.json", "--out", "out.json"]);
    assert_eq!((&report["read"], &report["kept"], &report["refused"]), (&json!(4), &json!(1), &json!(3)));
    let reasons: Vec<&str> =
        report["records"].as_array().unwrap().iter().filter_map(|record| record["reason"].as_str()).collect();
    assert!(reasons[0].contains("forme attendue") && reasons.len() == 3, "{reasons:?}");
    desk.json(0, &["import", "a.json", "--into", "base.json", "--out", "out.json", "--accept-refused"]);
    let written: Value = serde_json::from_slice(&std::fs::read(desk.path("out.json")).unwrap()).unwrap();
    let place = written["structures"].as_array().unwrap().last().unwrap();
    assert_eq!(
        place["competence"]["communes"],
        json!(["26281", "26362"]),
        "several communes are a competence"
    );
}

#[test]
fn progress_goes_to_standard_error_and_is_silent_for_scripts() {
    let desk = Desk::new();
    let (document, _) = document(10_000);
    desk.write("a.json", &document);
    let people = desk.run(&["import", "--shipped", "a.json"]);
    let progress = text(&people.stderr);
    assert!(progress.contains("10000 fiches lues") && progress.lines().count() == 1, "{progress}");
    assert!(text(&people.stdout).contains("10000 fiches lues en "));
    assert!(desk.run(&["import", "--shipped", "a.json", "--json"]).stderr.is_empty());
}
