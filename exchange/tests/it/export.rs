//! What other programs read: two invented places in each format. `SPRO_BLESS=1 cargo test
//! -p spro-exchange --test it export` writes the expected files again: read the difference
//! before committing it.

use crate::reference;
use exchange::export::{Format, LICENCE_ID, export};
use serde_json::{Value, json};
use shared::directory::Directory;
use std::fs;
use std::path::Path;

const TODAY: &str = "2026-11-24";

/// Two places, one with everything and one with almost nothing.
fn places() -> Directory {
    let structures = json!([
        {
            "id": "exemple-1",
            "network": "mission-locale",
            "name": "Mission locale d’exemple.",
            "address": {
                "lines": ["Immeuble Le Cèdre", "6 boulevard du Buis", "BP 12"],
                "postcode": "01004",
                "town": "Bourg-en-Bresse Cedex"
            },
            "commune": "01053",
            "position": { "latitude": 46.2052, "longitude": 5.2258 },
            "phones": ["+41 22 388 44 00", "04 75 00 00 01"],
            "emails": ["accueil@exemple.fr"],
            "website": "https://exemple.fr",
            "hours": [
                { "days": ["monday", "tuesday"], "from": "08:30", "to": "12:00" },
                { "days": ["monday"], "from": "14:00", "to": "17:00" }
            ],
            "hours_note": "=sur rendez-vous",
            "closed": [{ "from": "2026-08-01", "until": "2026-08-15" }],
            "competence": { "communes": ["01004"], "departments": ["26"] },
            "checked_on": "2026-02-01",
            "source": "https://exemple.fr/contact",
            "as_of": "2026-01-15",
            "licence": "Licence Ouverte 2.0 (Etalab)",
            "confidence": "medium",
            "references": { "siret": "12345678900011" }
        },
        { "id": "exemple-2", "network": "cci", "name": "Exemple", "commune": "69383", "phones": ["3949"] }
    ]);
    Directory { structures: serde_json::from_value(structures).unwrap(), ..reference::shipped() }
}

fn exported(format: Format) -> String {
    String::from_utf8(export(&places(), reference::geography(), format, TODAY)).unwrap()
}

fn check(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name);
    if std::env::var_os("SPRO_BLESS").is_some() {
        fs::write(&path, found).unwrap();
    }
    assert_eq!(found, fs::read_to_string(&path).unwrap_or_default(), "{name}");
}

fn pretty(text: &str) -> String {
    serde_json::to_string_pretty(&serde_json::from_str::<Value>(text).unwrap()).unwrap() + "\n"
}

#[test]
fn a_table_opens_in_a_french_spreadsheet() {
    let table = exported(Format::Csv);
    assert!(table.starts_with("\u{feff}Identifiant;Réseau;Nom;"), "{table}");
    check("export.expected.csv", &table);
}

#[test]
fn a_map_has_points_and_says_its_licence() {
    let map = exported(Format::GeoJson);
    check("export.expected.geojson", &pretty(&map));
    let map: geojson::FeatureCollection = map.parse().unwrap();
    let members = map.foreign_members.unwrap();
    assert_eq!((&members["licence_id"], &members["date"]), (&json!(LICENCE_ID), &json!(TODAY)));
    assert!(map.features[1].geometry.is_none(), "a place without a position is not put anywhere");
}

#[test]
fn data_inclusion_gets_what_its_schema_requires() {
    let text = exported(Format::Inclusion);
    check("export-inclusion.expected.json", &pretty(&text));
    let document: Value = serde_json::from_str(&text).unwrap();
    let list = |name: &str| document[name].as_array().unwrap().clone();
    let ids: Vec<Value> = list("structures").iter().map(|structure| structure["id"].clone()).collect();
    for one in list("structures").iter().chain(&list("services")) {
        for field in ["id", "source", "nom", "description", "date_maj"] {
            assert!(one[field].is_string(), "{field} of {one}");
        }
        let length = one["description"].as_str().unwrap().chars().count();
        assert!((50..=2000).contains(&length), "{one}");
        let name = one["nom"].as_str().unwrap();
        assert!((3..=150).contains(&name.chars().count()) && !name.ends_with('.'), "{one}");
    }
    assert!(list("services").iter().all(|service| ids.contains(&service["structure_id"])));
}
