//! The program as people and scripts meet it, without a server: exit codes, French
//! sentences, files.

use crate::desk::{Desk, shipped};
use serde_json::{Value, json};
use std::fs;

const TABLE: &str = "NOM;CP;COMMUNE;TEL\nMISSION LOCALE DE SAOU;26400;SAOU;04 75 00 00 01\n";

#[test]
fn help_is_french_and_a_wrong_command_is_a_usage_error() {
    let desk = Desk::new();
    let help = desk.succeeds_with(0, &["--help"]);
    assert!(help.contains("Utilisation : cargo spro") && help.contains("import"), "{help}");
    assert!(desk.succeeds_with(0, &["publish", "--help"]).contains("--expect"));
    assert!(desk.fails_with(2, &[]).contains("Commandes :"));
    assert!(help.contains("Options :") && !help.contains("Options:"), "{help}");
    assert!(desk.fails_with(2, &["pubish", "x"]).contains("« pubish » n’existe pas"));
    assert!(desk.fails_with(2, &["validate"]).contains("Il manque"));
    assert!(desk.fails_with(2, &["validate", "x", "--frce"]).contains("« --frce »"));
    assert!(
        desk.fails_with(2, &["publish", "x", "--expect", "a", "--force"]).contains("ne vont pas ensemble")
    );
    assert!(desk.fails_with(2, &["versions", "--server", "exemple.fr"]).contains("n’est pas l’adresse"));
    let error = desk.json(2, &["pubish"]);
    assert_eq!(error["error"]["code"], "usage");
}

#[test]
fn files_that_are_not_tables_are_refused_and_nothing_is_written() {
    let desk = Desk::new();
    desk.write("book.xlsx", b"PK\x03\x04....").write("binary.csv", b"NOM;CP\na\0;1\n").write("empty.csv", "");
    desk.write("titles.csv", "NOM;CP\n").write("layout.csv", "a;b\n1;2\n");
    fs::create_dir(desk.path("folder")).unwrap();
    for (file, said) in [
        ("none.csv", "n’existe pas"),
        ("folder", "est un dossier"),
        ("book.xlsx", "classeur est abîmé"),
        ("binary.csv", "pas un fichier texte"),
        ("empty.csv", "vide"),
        ("titles.csv", "aucune ligne"),
        ("layout.csv", "Titres lus : « a », « b »"),
    ] {
        let err = desk.fails_with(1, &["import", "--shipped", file, "--out", "out.json"]);
        assert!(err.contains(said), "{file}: {err}");
        assert!(!desk.path("out.json").exists(), "{file}");
    }
    let error = desk.json(1, &["import", "--shipped", "book.xlsx"]);
    assert_eq!(error["error"]["code"], "damaged-workbook");
}

#[test]
fn an_import_is_written_once_and_never_over_another_file() {
    let desk = Desk::new();
    desk.write("table.csv", TABLE).write("other.json", "precious");
    let out = desk.succeeds_with(0, &["import", "--shipped", "table.csv", "--out", "out.json"]);
    assert!(out.contains("Fiches lues : 1 = 1 ajoutées + 0 fusionnées + 0 refusées"), "{out}");
    let written = fs::read_to_string(desk.path("out.json")).unwrap();
    assert!(written.contains("mission-locale-26400-saou"));
    assert!(
        desk.succeeds_with(0, &["import", "--shipped", "table.csv", "--out", "out.json"])
            .contains("exactement cela")
    );
    let err = desk.fails_with(1, &["import", "--shipped", "table.csv", "--out", "other.json"]);
    assert!(err.contains("--force"), "{err}");
    assert_eq!(fs::read_to_string(desk.path("other.json")).unwrap(), "precious");
    desk.succeeds_with(0, &["import", "--shipped", "table.csv", "--out", "other.json", "--force"]);
    assert_eq!(fs::read_to_string(desk.path("other.json")).unwrap(), written);

    let report = desk.json(0, &["import", "table.csv", "--into", "out.json"]);
    assert_eq!(
        (&report["read"], &report["kept"], &report["merged"], &report["refused"]),
        (&json!(1), &json!(0), &json!(1), &json!(0))
    );
    assert_eq!(report["repaired"]["capitals"]["count"], 1);
    assert!(report["findings"].is_array() && report["columns"].is_array());
    desk.fails_with(2, &["import", "--shipped", "table.csv", "--checked-on", "24/11/2026"]);
    desk.fails_with(2, &["import", "--shipped", "table.csv", "--checked-on", "2999-01-01"]);
}

#[test]
fn a_refused_row_stops_the_writing_unless_accepted() {
    let desk = Desk::new();
    desk.write("table.csv", format!("{TABLE}MISSION LOCALE DE PRIVAS;07000\n"));
    let report = desk.json(1, &["import", "--shipped", "table.csv", "--out", "out.json"]);
    assert_eq!((&report["refused"], &report["written"]), (&json!(1), &Value::Null));
    assert!(!desk.path("out.json").exists());
    desk.succeeds_with(0, &["import", "--shipped", "table.csv", "--out", "out.json", "--accept-refused"]);
    assert!(desk.path("out.json").exists());
}

#[test]
fn a_merge_fills_blanks_and_never_overwrites_something_newer() {
    let desk = Desk::new();
    let mut directory: Value = serde_json::from_str(&shipped()).unwrap();
    directory["structures"] = json!([{
        "id": "mine", "network": "mission-locale", "name": "Mission locale à moi", "commune": "26362",
        "address": { "lines": ["1 rue du Parc"], "postcode": "26000" },
        "phones": ["04 75 00 00 09"], "checked_on": "2026-01-01"
    }]);
    desk.write("base.json", directory.to_string());
    desk.write(
        "table.csv",
        "NOM;ADRESSE;CP;COMMUNE;TEL;MAIL\nMISSION LOCALE DE VALENCE;1 RUE DU PARC;26000;VALENCE;04 75 00 00 01;a@exemple.fr\n",
    );
    let outcome = |date: &str| {
        let report = desk.json(
            0,
            &[
                "import",
                "table.csv",
                "--into",
                "base.json",
                "--out",
                "out.json",
                "--force",
                "--checked-on",
                date,
            ],
        );
        let fields: Vec<String> = report["records"][0]["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| field["name"].as_str().unwrap().to_owned())
            .collect();
        let out: Value = serde_json::from_slice(&fs::read(desk.path("out.json")).unwrap()).unwrap();
        assert_eq!(out["structures"].as_array().unwrap().len(), 1);
        let name = out["structures"][0]["name"].as_str().unwrap().to_owned();
        let conflicts =
            report["findings"].as_array().unwrap().iter().any(|group| group["code"] == "conflict");
        (fields, name, out["structures"][0]["phones"][0].clone(), conflicts)
    };
    let mine = "Mission locale à moi".to_owned();
    assert_eq!(outcome("2025-01-01"), (vec!["emails".to_owned()], mine, json!("04 75 00 00 09"), true));
    let newer = ["name", "phones", "emails", "checked_on", "source"].map(str::to_owned).to_vec();
    let theirs = "Mission locale de Valence".to_owned();
    assert_eq!(outcome("2026-02-01"), (newer, theirs, json!("04 75 00 00 01"), false));
}

#[test]
fn validation_names_everything_that_is_wrong() {
    let desk = Desk::new();
    desk.write("good.json", shipped()).write("cut.json", &shipped()[..500]).write("table.csv", TABLE);
    let good = desk.json(0, &["validate", "good.json"]);
    assert_eq!(good["valid"], true);
    assert_eq!(good["snapshot"].as_str().map(str::len), Some(32));
    let mut directory: Value = serde_json::from_str(&shipped()).unwrap();
    directory["structures"][0]["commune"] = json!("99999");
    directory["structures"][1]["network"] = json!("nothing");
    desk.write("bad.json", directory.to_string());
    let bad = desk.json(1, &["validate", "bad.json"]);
    let codes: Vec<&str> =
        bad["findings"].as_array().unwrap().iter().filter_map(|one| one["code"].as_str()).collect();
    assert!(codes.contains(&"unknown-commune") && codes.contains(&"unknown-network"), "{codes:?}");
    assert!(desk.succeeds_with(1, &["validate", "bad.json"]).contains("annuaire refusé"));
    assert!(desk.succeeds_with(1, &["validate", "cut.json"]).contains("coupé"));
    assert!(
        desk.fails_with(1, &["diff", "table.csv", "--against", "good.json"]).contains("cargo spro import")
    );
}

#[test]
fn a_difference_between_files_is_told() {
    let desk = Desk::new();
    desk.write("before.json", shipped()).write("table.csv", TABLE);
    desk.succeeds_with(0, &["import", "table.csv", "--into", "before.json", "--out", "after.json"]);
    let difference = desk.json(0, &["diff", "after.json", "--against", "before.json"]);
    assert_eq!(difference["added"][0]["id"], "mission-locale-26400-saou");
    assert_eq!(difference["summary"]["added"], 1);
    assert!(difference["effect"]["communes"].as_u64().unwrap() > 4000);
    assert!(difference["effect"]["publics"][0]["examples"][0]["after"]["distance"].is_u64(), "{difference}");
    let out = desk.succeeds_with(0, &["diff", "after.json", "--against", "before.json"]);
    assert!(out.contains("+ lieux ajoutés       1 : Mission locale de Saou"), "{out}");
    assert!(out.contains("EFFET SUR LES PERSONNES") && out.contains("autre lieu principal pour"), "{out}");

    // An element that changes is named, and a document with errors has no effect to show.
    let mut other: Value = serde_json::from_str(&shipped()).unwrap();
    other["edition"]["rules"][0]["verified"] = json!(false);
    desk.write("rule.json", other.to_string());
    let out = desk.succeeds_with(0, &["diff", "rule.json", "--against", "before.json"]);
    assert!(out.contains("règles : modifié R0-france-travail (verified)"), "{out}");
    assert!(out.contains("Aucune commune n’a un autre lieu principal"), "{out}");
    other["structures"][0]["commune"] = json!("99999");
    desk.write("wrong.json", other.to_string());
    let out = desk.succeeds_with(0, &["diff", "wrong.json", "--against", "before.json"]);
    assert!(out.contains("le nouveau a des erreurs"), "{out}");
    assert!(
        desk.succeeds_with(0, &["diff", "before.json", "--against", "before.json"])
            .contains("exactement la même chose")
    );
}

#[test]
fn a_diagnosis_and_the_schema_need_no_server() {
    let desk = Desk::new();
    desk.write("good.json", shipped());
    assert!(desk.succeeds_with(0, &["diagnose", "good.json"]).contains("26 Drôme"));
    assert!(desk.json(0, &["diagnose", "good.json"])["departments"].is_array());
    assert_eq!(desk.json(0, &["schema"])["title"], "Directory");
}

#[test]
fn a_diagnosis_is_of_the_part_and_in_the_form_that_are_asked_for() {
    let desk = Desk::new();
    let drome = ["diagnose", "--edition", "2026", "--department", "26"];
    let with = |more: &[&'static str]| [&drome[..], more].concat();
    let text = desk.succeeds_with(0, &drome);
    assert!(text.contains("l’édition 2026 : Drôme") && !text.contains("38 Isère"), "{text}");
    assert_eq!(desk.json(0, &drome)["whole"]["code"], "26");
    let json: Value = serde_json::from_str(&desk.succeeds_with(0, &with(&["--format", "json"]))).unwrap();
    assert_eq!(json["whole"]["name"], "Drôme");

    let said = desk.succeeds_with(0, &with(&["--format", "html", "--out", "drome.html"]));
    assert!(said.contains("Écrit dans drome.html"), "{said}");
    let page = fs::read_to_string(desk.path("drome.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("<svg class=\"map\""));
    let said = desk.fails_with(1, &with(&["--format", "csv", "--out", "drome.html"]));
    assert!(said.contains("--force"), "{said}");
    desk.succeeds_with(0, &with(&["--format", "csv", "--out", "drome.html", "--force"]));
    assert!(fs::read_to_string(desk.path("drome.html")).unwrap().starts_with("\u{feff}Code INSEE;"));

    let romans = desk.json(0, &["diagnose", "--edition", "2026", "--commune", "26281"]);
    assert_eq!(romans["whole"]["name"], "Romans-sur-Isère");
    let said = desk.fails_with(1, &["diagnose", "--edition", "2026", "--department", "75"]);
    assert!(said.contains("« 75 » n’est pas dans la région"), "{said}");
    let said = desk.fails_with(2, &with(&["--commune", "26281"]));
    assert!(said.contains("ne vont pas ensemble"), "{said}");
}

#[test]
fn an_edition_is_drawn_in_a_language_that_it_has() {
    let desk = Desk::new();
    let svg = desk.succeeds_with(0, &["draw", "--edition", "2026"]);
    assert!(svg.starts_with("<svg ") && svg.contains("Quelle est votre situation"), "{}", &svg[..200]);
    desk.write("good.json", shipped());
    assert_eq!(desk.succeeds_with(0, &["draw", "good.json"]), svg);
    let page = desk.succeeds_with(0, &["draw", "--edition", "2026", "--format", "html"]);
    assert!(page.contains("<ol>") && page.contains(svg.lines().nth(30).unwrap()), "the page has the drawing");
    let said = desk.fails_with(2, &["draw", "--edition", "2026", "--language", "xx"]);
    assert!(said.contains("« xx »"), "{said}");
}

#[test]
fn places_are_exported_in_the_format_that_the_file_name_says() {
    let desk = Desk::new();
    let table = desk.succeeds_with(0, &["export", "--edition", "2026"]);
    assert!(table.starts_with("\u{feff}Identifiant;Réseau;Nom;"), "{}", &table[..100]);
    let said = desk.succeeds_with(0, &["export", "--edition", "2026", "--out", "lieux.xlsx"]);
    assert!(said.contains("Classeur Excel (XLSX)") && said.contains("Écrit dans lieux.xlsx"), "{said}");
    let again = desk.json(0, &["import", "--shipped", "lieux.xlsx"]);
    assert_eq!((&again["read"], &again["kept"]), (&again["merged"], &json!(0)));
    assert!(again["records"].as_array().unwrap().iter().all(|record| record["fields"].is_null()));
    let map: Value =
        serde_json::from_str(&desk.succeeds_with(0, &["export", "--edition", "2026", "--format", "geojson"]))
            .unwrap();
    assert_eq!(map["type"], "FeatureCollection");
    assert!(
        desk.fails_with(2, &["export", "--edition", "2026", "--format", "ods"]).contains("--out lieux.ods")
    );
    assert!(desk.fails_with(2, &["export", "--format", "pdf"]).contains("« pdf » ne convient pas"));
    desk.write("lieux.csv", "precious");
    let said = desk.fails_with(1, &["export", "--edition", "2026", "--out", "lieux.csv"]);
    assert!(said.contains("--force"), "{said}");
}

#[test]
fn columns_are_remembered_by_name() {
    let desk = Desk::new();
    desk.write(
        "a.csv",
        "Lieu d’accueil public;CP;Ligne directe\nMission locale du Lac;26000;04 75 00 00 01\n",
    );
    let advice = desk.fails_with(1, &["import", "--shipped", "a.csv", "--mapping", "réseau"]);
    assert!(advice.contains("--column"), "{advice}");
    let advice = desk.fails_with(2, &["import", "--shipped", "a.csv", "--column", "CP=couleur"]);
    assert!(advice.contains("code postal"), "{advice}");
    let columns = ["--column", "Lieu d’accueil public=nom", "--column", "Ligne directe="];
    let told = desk
        .succeeds_with(0, &[&["import", "--shipped", "a.csv", "--mapping", "réseau"][..], &columns].concat());
    assert!(told.contains("retenues sous « réseau »"), "{told}");
    let report = desk.json(0, &["import", "--shipped", "a.csv", "--mapping", "réseau"]);
    assert_eq!(report["columns"][0]["field"], "name");
    assert_eq!(report["columns"][2]["ignored"], "laissée de côté, comme demandé");
    desk.write("b.csv", "NOM;CP\nMission locale du Lac;26000\n");
    let report = desk.json(0, &["import", "--shipped", "b.csv", "--mapping", "réseau"]);
    let codes: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|group| group["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"mapping-unknown-title"), "{codes:?}");
}

#[test]
fn decisions_are_typed_or_read_from_a_file() {
    let desk = Desk::new();
    desk.write("a.csv", "NOM;CP;TEL\nMission locale du Lac;26000;04.75.00.00.01\n");
    let count = |arguments: &[&str]| {
        let report = desk.json(0, &[&["import", "--shipped", "a.csv"][..], arguments].concat());
        report["repaired"]["phone-spelling"]["count"].as_u64().unwrap()
    };
    assert_eq!(count(&[]), 1);
    assert_eq!(count(&["--refuse", "phone-spelling"]), 0);
    desk.write("decisions.json", r#"{"items": {"phone-spelling:2:TEL": "refuse"}}"#);
    assert_eq!(count(&["--decisions", "decisions.json"]), 0);
    assert_eq!(count(&["--decisions", "decisions.json", "--accept", "phone-spelling:2:TEL"]), 1);
    let advice = desk.fails_with(2, &["import", "--shipped", "a.csv", "--accept", "phones"]);
    assert!(advice.contains("entre crochets"), "{advice}");
    desk.write("decisions.json", "{");
    desk.fails_with(1, &["import", "--shipped", "a.csv", "--decisions", "decisions.json"]);
}

#[test]
fn places_that_left_the_file_are_listed_or_removed() {
    let desk = Desk::new();
    desk.write(
        "a.csv",
        "ID;NOM;CP;TEL\n1;Mission locale du Lac;26000;04 75 00 00 01\n2;CIO du Lac;26000;04 75 00 00 02\n",
    );
    desk.succeeds_with(0, &["import", "--shipped", "a.csv", "--key", "ID", "--out", "one.json"]);
    desk.write("a.csv", "ID;NOM;CP;TEL\n1;Mission locale du Parc;38000;04 76 00 00 09\n");
    let arguments = ["import", "a.csv", "--key", "ID", "--into", "one.json"];
    let report = desk.json(0, &[&arguments[..], &["--missing"]].concat());
    assert_eq!((&report["merged"], &report["missing"][0]["removed"]), (&1.into(), &false.into()));
    let told = desk.succeeds_with(0, &[&arguments[..], &["--remove-missing"]].concat());
    assert!(told.contains("ABSENTS DU FICHIER") && told.contains("retirés"), "{told}");
}

#[test]
fn what_is_to_be_checked_again_is_listed_and_asked_for() {
    let desk = Desk::new();
    let mut directory: Value = serde_json::from_str(&shipped()).unwrap();
    // Whatever day it is, a hundred years are long and the others are not that old.
    for place in directory["structures"].as_array_mut().unwrap() {
        place["checked_on"] = json!("2024-01-01");
    }
    directory["structures"][0]["checked_on"] = json!("1900-01-01");
    directory["structures"][0]["as_of"] = Value::Null;
    desk.write("old.json", directory.to_string());
    let id = directory["structures"][0]["id"].as_str().unwrap().to_owned();
    let found = desk.json(0, &["freshness", "old.json", "--months", "1200"]);
    let record = &found["groups"][0]["stale"][0];
    assert_eq!((&found["groups"][0]["territory"], &record["record"]["id"]), (&Value::Null, &json!(id)));
    assert!(record["main_for"]["communes"].is_u64() && found["quality"]["whole"]["score"].is_f64());
    let table = desk.succeeds_with(0, &["freshness", "old.json", "--months", "1200", "--format", "csv"]);
    assert!(table.starts_with('\u{feff}') && table.contains("Identifiant;Nom;"), "{table}");
    let page = desk.succeeds_with(0, &["freshness", "old.json", "--months", "1200", "--format", "html"]);
    assert!(page.contains("<h1>Fiches à revérifier</h1>") && page.contains("Content-Security-Policy"));
    assert!(
        desk.fails_with(1, &["freshness", "old.json", "--territory", "ailleurs"]).contains("« ailleurs »")
    );

    assert!(desk.succeeds_with(0, &["remind", "--help"]).contains("crontab"));
    let arguments = ["remind", "old.json", "--months", "1200", "--out", "rappels"];
    assert_eq!(desk.json(0, &arguments)["messages"][0]["table"], "a-verifier-region.csv");
    let letter = fs::read_to_string(desk.path("rappels/a-verifier-region.txt")).unwrap();
    assert!(letter.contains("Objet : ") && letter.contains("01/01/1900"), "{letter}");
    desk.succeeds_with(0, &arguments);
    // Another message would replace one that somebody may have changed: not without --force.
    desk.write("rappels/a-verifier-region.csv", "mine");
    assert!(desk.fails_with(1, &arguments).contains("--force"));
    assert_eq!(fs::read_to_string(desk.path("rappels/a-verifier-region.csv")).unwrap(), "mine");

    // The table comes back: each record is found again, and nothing is added.
    desk.write("table.csv", table);
    let again = desk.json(0, &["import", "table.csv", "--into", "old.json"]);
    assert_eq!((&again["read"], &again["kept"], &again["refused"]), (&json!(1), &json!(0), &json!(0)));
}

/// The shipped directory, in one department and without what stands elsewhere.
fn of_one_department() -> Value {
    let mut directory: Value = serde_json::from_str(&shipped()).unwrap();
    let is_there = |code: &Value| code.as_str().is_some_and(|code| code.starts_with("26"));
    directory["edition"]["region"]["departments"]
        .as_array_mut()
        .unwrap()
        .retain(|one| is_there(&one["code"]));
    for list in ["territories", "resources"] {
        directory[list] = json!([]);
    }
    let places = directory["structures"].as_array_mut().unwrap();
    places.retain(|place| is_there(&place["commune"]) && place["competence"].is_null());
    directory
}

#[test]
fn what_a_directory_has_stands_beside_what_there_should_be() {
    let desk = Desk::new();
    let mut directory = of_one_department();
    let cio = directory["edition"]["networks"].as_array_mut().unwrap();
    let cio = cio.iter_mut().find(|network| network["id"] == "cio").unwrap();
    cio["expected"] = json!([{ "department": "26", "places": 99 }]);
    desk.write("one.json", directory.to_string());
    let text = desk.succeeds_with(0, &["coverage", "one.json"]);
    for said in
        ["Couverture de one.json", "qu’un lieu existe encore", " sur 99", "À REGARDER", "jamais proposé"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    let json = desk.json(0, &["coverage", "one.json"]);
    let networks = json["networks"].as_array().unwrap();
    let cio = networks.iter().find(|network| network["id"] == "cio").unwrap();
    assert_eq!(
        (&cio["departments"][0]["expected"], &cio["departments"][0]["lacks"]),
        (&json!(99), &json!(true))
    );
    assert!(json["concerns"].as_array().is_some_and(|concerns| !concerns.is_empty()));
    let csv = desk.succeeds_with(0, &["coverage", "one.json", "--format", "csv"]);
    assert_eq!(csv.lines().count(), 1 + 2 * networks.len(), "{csv}");
    let page = desk.succeeds_with(0, &["coverage", "one.json", "--format", "html"]);
    assert!(page.contains("<h1>Couverture</h1>") && page.contains("Content-Security-Policy"));
    let write = ["coverage", "one.json", "--format", "markdown", "--out", "places.md"];
    desk.succeeds_with(0, &write);
    let table = fs::read_to_string(desk.path("places.md")).unwrap();
    assert!(table.starts_with("# Couverture : ") && table.contains(" sur 99 |"), "{table}");
    assert!(desk.succeeds_with(0, &write).contains("exactement cela"), "nothing of it changes by itself");

    // The proof passes without any place, and does not hide it.
    directory["structures"] = json!([]);
    directory["edition"]["guarantees"] = json!([]);
    desk.write("none.json", directory.to_string());
    let proof = desk.succeeds_with(0, &["prove", "none.json"]);
    for said in ["Aucun contre-exemple", "ne dit pas que la liste", "  0\u{a0}%  Mission locale · aucun lieu"]
    {
        assert!(proof.contains(said), "{said}: {proof}");
    }
    let proof = desk.json(0, &["prove", "none.json"]);
    assert!(
        proof["reached"].as_array().is_some_and(|all| all.iter().all(|one| one["percent"] == 0)),
        "{proof}"
    );
}
