//! data·inclusion, version 1, read into a directory. The records are invented.

use crate::reference;
use exchange::export::{Format, export};
use exchange::import::{Imported, Options, import};
use serde_json::{Value, json};
use shared::directory::{Directory, Weekday};

const TODAY: &str = "2026-11-24";

fn imported(document: &Value) -> Imported {
    let base = Directory { structures: Vec::new(), ..reference::shipped() };
    let options = Options { file: "x.json".into(), source: "x".into(), ..Options::default() };
    import(document.to_string().as_bytes(), base, crate::communes(), &options, TODAY).unwrap()
}

fn structure(id: &str, more: &Value) -> Value {
    let mut structure = json!({
        "source": "exemple", "id": id, "nom": "Permanence", "commune": "Valence", "code_postal": "26000",
        "code_insee": "26362", "adresse": "1 rue de l’Exemple", "telephone": "+33475000001",
        "date_maj": "2025-02-14", "description": "…"
    });
    structure.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    structure
}

#[test]
fn what_is_said_in_a_form_of_its_own_is_taken_as_it_is() {
    let found = imported(&json!({ "structures": [structure("exemple--1", &json!({
        "complement_adresse": "Immeuble Le Cèdre",
        "horaires_accueil": "Mo-Fr 08:30-12:30; We off; PH off",
        "reseaux_porteurs": ["departements", "reseau-information-jeunesse"],
        "siret": "12345678900011", "latitude": 44.9334, "longitude": 4.892, "courriel": null
    }))], "services": [] }));
    assert_eq!(found.report.format, "inclusion");
    let place = &found.directory.structures[0];
    assert_eq!(place.network, "info-jeunes");
    assert_eq!(place.address.lines, ["Immeuble Le Cèdre", "1 rue de l’Exemple"]);
    assert_eq!(place.phones, ["04 75 00 00 01"]);
    let days = [Weekday::Monday, Weekday::Tuesday, Weekday::Thursday, Weekday::Friday];
    assert_eq!(place.hours[0].days, days);
    assert_eq!(place.checked_on.as_deref(), Some("2025-02-14"));
    assert_eq!(place.source.as_deref(), Some("data·inclusion (exemple)"));
    assert_eq!(place.references["data-inclusion"], "exemple--1");
    assert_eq!(place.references["siret"], "12345678900011");
    assert!(place.position.is_some());
}

#[test]
fn hours_that_are_not_understood_stay_a_text() {
    let hours = "Mo-Fr 08:30-12:30 \"sur rendez-vous\"";
    let found = imported(&json!([structure("a", &json!({ "horaires_accueil": hours }))]));
    let place = &found.directory.structures[0];
    assert_eq!((place.hours.len(), place.hours_note.as_deref()), (0, Some(hours)));
}

#[test]
fn the_name_says_which_of_several_networks_a_code_stands_for() {
    let found = imported(&json!([
        structure("a", &json!({ "nom": "CCI de la Drôme", "reseaux_porteurs": ["chambres-consulaires"] })),
        structure("b", &json!({ "nom": "Mission locale d’exemple", "reseaux_porteurs": ["plie"] })),
    ]));
    let networks: Vec<&str> = found.directory.structures.iter().map(|place| place.network.as_str()).collect();
    assert_eq!(networks, ["cci", "mission-locale"]);
}

#[test]
fn what_was_written_before_version_1_is_read_and_said_to_be_older() {
    let older = |id: &str, typology: Value, labels: Value| {
        structure(
            id,
            &json!({
                "adresse": format!("{id} rue de l’Exemple"), "typologie": typology, "labels_nationaux": labels,
                "horaires_ouverture": "Mo-Fr 09:00-12:00", "antenne": true, "rna": null
            }),
        )
    };
    let found = imported(&json!([
        older("1", json!("ML"), json!(["aidants-connect"])),
        older("2", json!("ASSO"), json!(["aidants-connect", "cap-emploi-reseau-cheops"])),
        older("3", Value::Null, json!(["france-service"])),
        older("4", json!("ASSO"), Value::Null),
    ]));
    let places = &found.directory.structures;
    let network =
        |id: &str| &places.iter().find(|place| place.references["data-inclusion"] == id).unwrap().network;
    let networks = ["1", "2", "3", "4"].map(network);
    assert_eq!(networks, ["mission-locale", "cap-emploi", "france-services", "autre-partenaire"]);
    assert!(places.iter().all(|place| place.hours[0].days.len() == 5));
    assert_eq!(found.report.finding_count("network-unknown"), 1);
    let told = &found.report.findings.iter().find(|group| group.code == "part-not-read").unwrap().rows;
    assert!(told[0].expected.contains("plus ancienne"), "{told:?}");
    assert_eq!(told[1].value, "antenne, description");
    let today = imported(&json!([structure("a", &json!({}))]));
    assert_eq!(today.report.finding_count("part-not-read"), 1, "only the fields");
}

#[test]
fn nothing_that_cannot_be_placed_is_lost() {
    let found = imported(&json!({
        "structures": [
            structure("a", &json!({})),
            { "id": "b", "nom": "Sans commune", "source": "exemple" },
            structure("c", &json!({ "telephone": 475_000_001 })),
        ],
        "services": [
            { "id": "s1", "structure_id": "a", "nom": "Atelier" },
            { "id": "s2", "structure_id": "z", "nom": "Atelier perdu" },
        ]
    }));
    let report = &found.report;
    assert_eq!((report.read, report.kept, report.refused), (4, 1, 3));
    let refused: Vec<&str> = report
        .records
        .iter()
        .filter(|record| record.outcome == "refused")
        .map(|record| record.name.as_str())
        .collect();
    assert_eq!(refused, ["Sans commune", "Permanence", "Atelier perdu"]);
    let reason = report.records[2].reason.as_deref().unwrap();
    assert!(reason.contains("« telephone »"), "{reason}");
}

#[test]
fn one_structure_a_line_is_the_same_as_a_list() {
    let lines = format!("{}\n{}\n", structure("a", &json!({})), structure("b", &json!({ "nom": "CIO" })));
    let base = Directory { structures: Vec::new(), ..reference::shipped() };
    let options = Options { file: "x.json".into(), source: "x".into(), ..Options::default() };
    let by_line = import(lines.as_bytes(), base, crate::communes(), &options, TODAY).unwrap();
    let list = imported(&json!([structure("a", &json!({})), structure("b", &json!({ "nom": "CIO" }))]));
    assert_eq!(by_line.directory, list.directory);
}

#[test]
fn the_number_of_a_head_office_is_nobodys() {
    let siret = json!({ "siret": "12345678900011" });
    let mut other = structure("b", &siret);
    other["adresse"] = json!("9 rue de l’Exemple");
    let found = imported(&json!([structure("a", &siret), other]));
    assert_eq!(found.directory.structures.len(), 2);
    assert!(found.directory.structures.iter().all(|place| !place.references.contains_key("siret")));
}

#[test]
fn what_we_export_there_comes_back_with_its_places() {
    let (directory, geography) = (reference::shipped(), reference::geography());
    let bytes = export(&directory, geography, Format::Inclusion, TODAY);
    let found = imported(&serde_json::from_slice(&bytes).unwrap());
    assert_eq!(found.report.kept, directory.structures.len(), "{:?}", found.report.refused);
    let count = |directory: &Directory| {
        let mut communes: Vec<String> =
            directory.structures.iter().map(|place| place.commune.clone()).collect();
        communes.sort_unstable();
        communes
    };
    assert_eq!(count(&found.directory), count(&directory));
}
