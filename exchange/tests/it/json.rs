//! Lists of objects, and JSON inside cells, read into a directory. The records are invented.

use crate::reference;
use exchange::import::columns::Field;
use exchange::import::{Imported, Options, import};
use serde_json::json;
use shared::directory::{Directory, Structure};

const TODAY: &str = "2026-11-24";

fn imported(text: &str) -> Imported {
    let base = Directory { structures: Vec::new(), ..reference::shipped() };
    let options = Options { file: "x".into(), source: "x".into(), ..Options::default() };
    import(text.as_bytes(), base, crate::communes(), &options, TODAY).unwrap()
}

fn place<'a>(imported: &'a Imported, name: &str) -> &'a Structure {
    imported.directory.structures.iter().find(|place| place.name.starts_with(name)).unwrap()
}

#[test]
fn a_list_of_objects_is_a_table() {
    let list = json!([{
        "id": "7", "network": "info-jeunes", "name": "Le Kiosque", "lines": ["Espace Exemple", "3 rue du Lac"],
        "postcode": 26000, "insee": "26362", "commune_name": "Valence", "phones": ["04 75 00 00 01", "04 75 00 00 02"],
        "email": "accueil@exemple.fr", "website": null, "hours_text": "lundi 9h-12h", "lat": 44.93, "lon": 4.89,
        "as_of": "2026-10-01", "itinerant": false
    }, { "network": "cio", "name": "CIO", "commune_name": "Crest", "phones": [], "lines": ["1 rue de l’Exemple"] }]);
    for text in [list.to_string(), json!({ "total_count": 2, "results": list }).to_string()] {
        let found = imported(&text);
        assert_eq!((found.report.format, found.report.read, found.report.kept), ("json", 2, 2));
        assert_eq!(place(&found, "CIO").network, "cio");
        let place = place(&found, "Le Kiosque");
        assert_eq!(place.network, "info-jeunes");
        assert_eq!(place.address.lines, ["Espace Exemple", "3 rue du Lac"]);
        assert_eq!((place.address.postcode.as_str(), place.commune.as_str()), ("26000", "26362"));
        assert_eq!(place.phones, ["04 75 00 00 01", "04 75 00 00 02"]);
        assert_eq!((place.hours.len(), place.as_of.as_deref()), (1, Some("2026-10-01")));
        assert!(place.position.is_some());
        assert_eq!(found.report.finding_count("part-not-read"), 0);
    }
}

#[test]
fn json_in_a_cell_is_never_an_address_or_a_name() {
    let nested = r#"[{""voie"": ""1 rue A""}]"#;
    let found = imported(&format!(
        "Nom;Adresse;CP;Commune;Téléphone;geo_point_2d\n\
         CIO A;\"{nested}\";26000;Valence;\"[\"\"04 75 00 00 01\"\", \"\"04 75 00 00 02\"\"]\";\"{{\"\"lon\"\": 4.89, \"\"lat\"\": 44.93}}\"\n\
         CIO B;\"{}\";26400;Crest;0475000003;\n\
         CIO C;[Bâtiment 2] 3 rue C;26150;Die;0475000004;\n",
        &nested[..20]
    ));
    let [a, b, c] = ["CIO A", "CIO B", "CIO C"].map(|name| place(&found, name));
    assert!(a.address.lines.is_empty() && b.address.lines.is_empty());
    assert_eq!(c.address.lines, ["[Bâtiment 2] 3 rue C"]);
    assert_eq!(a.phones, ["04 75 00 00 01", "04 75 00 00 02"]);
    assert!(a.position.is_some());
    let told = found.report.findings.iter().find(|group| group.code == "part-not-read").unwrap();
    assert_eq!((told.count, told.rows[0].column.as_str()), (1, "Adresse"));
    assert!(told.rows[0].expected.contains("lignes 2, 3"), "{}", told.rows[0].expected);
}

#[test]
fn objects_in_a_column_are_columns() {
    let found = imported(
        "nom,adresse,horaires,contact\n\
         CIO,\"{\"\"voie\"\": \"\"1 rue A\"\", \"\"code_postal\"\": 26400, \"\"commune\"\": \"\"Crest\"\"}\",\"{\"\"lundi\"\": \"\"9h-12h\"\", \"\"mardi\"\": [\"\"9h-12h\"\", \"\"14h-17h\"\"]}\",\"{\"\"tel\"\": \"\"04 75 00 00 01\"\"}\"\n\
         CIO,\"{\"\"voie\"\": \"\"2 rue B\"\", \"\"commune\"\": \"\"Die\"\"}\",,\"{\"\"mail\"\": \"\"accueil@exemple.fr\"\"}\"\n",
    );
    let [crest, die] = ["CIO de Crest", "CIO de Die"].map(|name| place(&found, name));
    assert_eq!(
        (&crest.address.lines[..], &crest.phones[..]),
        (&["1 rue A".into()][..], &["04 75 00 00 01".into()][..])
    );
    assert_eq!((crest.address.postcode.as_str(), crest.hours.len()), ("26400", 2));
    assert_eq!((die.commune.as_str(), &die.emails[..]), ("26113", &["accueil@exemple.fr".into()][..]));
    assert_eq!(found.report.finding_count("part-not-read"), 0);
}

#[test]
fn a_feature_that_is_none_is_refused_by_itself() {
    let point = |coordinates| json!({ "type": "Point", "coordinates": coordinates });
    let properties = json!({ "nom": "CIO", "commune": "Valence", "cp": 26000 });
    let found = imported(
        &json!({ "type": "FeatureCollection", "features": [
            { "type": "Feature", "properties": properties, "geometry": point(json!([4.89, 44.93])) },
            { "type": "Feature", "properties": properties, "geometry": point(json!(["?", 44.93])) },
            { "type": "Point", "properties": properties },
        ] })
        .to_string(),
    );
    assert_eq!((found.report.read, found.report.kept, found.report.refused), (3, 1, 2));
    let column = found.report.columns.iter().find(|column| column.title == "cp").unwrap();
    assert_eq!(column.field, Some(Field::Postcode));
}
