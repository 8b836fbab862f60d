//! The DILA's counters as its API exports them, against the same ones in its archive. The
//! records are invented.

use crate::reference;
use exchange::import::dila::Extract;
use exchange::import::{Imported, Options, import, import_extract};
use serde_json::{Value, json};
use shared::directory::Directory;

const TODAY: &str = "2026-11-24";

fn base() -> Directory {
    Directory { structures: Vec::new(), ..reference::shipped() }
}

fn options() -> Options {
    Options { file: "x".into(), source: "x".into(), ..Options::default() }
}

fn imported(text: &str) -> Imported {
    import(text.as_bytes(), base(), crate::communes(), &options(), TODAY).unwrap()
}

/// Two counters of ours, and one that no network wants.
fn records() -> Vec<Value> {
    let record = |id: &str, kind: &str, street: &str| {
        json!({
            "id": id, "nom": format!("Permanence {id}"), "code_insee_commune": "26362",
            "pivot": [{ "type_service_local": kind, "code_insee_commune": ["26362", "26108"] }],
            "adresse": [{
                "type_adresse": "Adresse", "complement1": "Espace Exemple", "numero_voie": street,
                "code_postal": "26000", "nom_commune": "Valence", "longitude": "4.89", "latitude": "44.93",
                "accessibilite": "ACC"
            }],
            "telephone": [
                { "valeur": "04 75 00 00 01", "description": "" },
                { "valeur": "04 75 00 00 09", "description": "Télécopie" }
            ],
            "adresse_courriel": ["accueil@exemple.fr"],
            "site_internet": [{ "libelle": "", "valeur": "https://www.exemple.fr" }],
            "plage_ouverture": [{
                "nom_jour_debut": "Lundi", "nom_jour_fin": "Jeudi",
                "valeur_heure_debut_1": "09:00:00", "valeur_heure_fin_1": "12:00:00", "commentaire": ""
            }],
            "date_modification": "01/02/2026 10:00:00"
        })
    };
    vec![
        record("a-1", "mission_locale", "1 rue du Lac"),
        record("a-2", "cio", "2 rue du Lac"),
        record("a-3", "mairie", "3 rue du Lac"),
    ]
}

/// The same with its lists as texts, as the API writes them.
fn exported() -> Vec<Value> {
    let flat = |name: &str, value: Value| match value {
        Value::Array(items) if name == "adresse_courriel" => items[0].clone(),
        Value::Array(_) => Value::String(value.to_string()),
        other => other,
    };
    let record = |record: Value| -> Value {
        let Value::Object(fields) = record else { unreachable!() };
        fields.into_iter().map(|(name, value)| (name.clone(), flat(&name, value))).collect()
    };
    records().into_iter().map(record).collect()
}

fn csv(records: &[Value]) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let titles: Vec<&String> = records[0].as_object().unwrap().keys().collect();
    writer.write_record(&titles).unwrap();
    for record in records {
        writer.write_record(titles.iter().map(|title| record[title.as_str()].as_str().unwrap())).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

#[test]
fn an_export_of_the_api_gives_what_the_archive_gives() {
    let geography = reference::geography();
    let mut extract = Extract::new(&base(), geography, &[]);
    let document = json!({ "service": records() }).to_string();
    extract.read_from(document.as_bytes(), &mut |_| {}).unwrap();
    let archive = import_extract(extract, base(), crate::communes(), &options(), TODAY).unwrap();
    let mut places = archive.directory.structures.iter();
    let place = places.find(|place| place.network == "mission-locale").unwrap();
    assert_eq!(place.phones, ["04 75 00 00 01"], "nobody answers a fax");
    assert_eq!((place.hours.len(), place.references["dila"].as_str()), (1, "a-1"));

    for text in [
        document,
        json!(records()).to_string(),
        json!(exported()).to_string(),
        json!({ "total_count": 3, "results": exported() }).to_string(),
        csv(&exported()),
    ] {
        let found = imported(&text);
        assert_eq!(found.directory, archive.directory, "{text}");
        assert_eq!((found.report.format, found.report.kept), ("dila", 2));
        assert_eq!(found.report.left_out["mairie"], 1);
    }
}

#[test]
fn an_export_that_is_cut_is_refused_row_by_row_in_french() {
    let mut records = exported();
    let cut: String = records[0]["adresse"].as_str().unwrap().chars().take(40).collect();
    records[0]["adresse"] = json!(cut);
    let found = imported(&csv(&records));
    assert_eq!((found.report.kept, found.report.refused), (1, 1));
    let record = &found.report.records[0];
    assert_eq!((record.row, record.name.as_str()), (2, "Permanence a-1"));
    let reason = record.reason.as_deref().unwrap();
    assert!(
        reason.starts_with("la fiche n’a pas la forme attendue") && !reason.contains("invalid"),
        "{reason}"
    );
}
