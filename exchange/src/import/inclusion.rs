//! Reading data·inclusion, version 1: structures and services (see
//! [`crate::export`] for where its fields are described).
//!
//! A structure is a record. Its services say what is done there in words that have no place
//! in a directory, so that they only confirm it; a service whose structure is not in the
//! file is a record that cannot be placed.

use super::given::Given;
use super::table::{Format, Row, Table};
use crate::hours::{self, Syntax};
use crate::inclusion::{SIRET, SOURCE, networks};
use serde::Deserialize;
use serde_json::Value;
use shared::directory::Structure;
use std::collections::{BTreeMap, BTreeSet};

/// The columns, under titles that people know.
const TITLES: [&str; 13] = [
    "nom",
    "reseau",
    "complement_adresse",
    "voie",
    "code_postal",
    "commune",
    "code_insee",
    "telephone",
    "courriel",
    "site_web",
    "latitude",
    "longitude",
    "date_maj",
];

#[derive(Deserialize)]
struct Fields {
    id: Option<String>,
    source: Option<String>,
    nom: Option<String>,
    date_maj: Option<String>,
    siret: Option<String>,
    commune: Option<String>,
    code_postal: Option<String>,
    code_insee: Option<String>,
    adresse: Option<String>,
    complement_adresse: Option<String>,
    longitude: Option<f64>,
    latitude: Option<f64>,
    telephone: Option<String>,
    courriel: Option<String>,
    site_web: Option<String>,
    horaires_accueil: Option<String>,
    reseaux_porteurs: Option<Vec<String>>,
}

/// Reads the file, where it is one: `{structures, services}`, a list of structures, or one
/// structure a line.
pub(super) fn read(documents: &[Value]) -> Option<Table> {
    let (structures, services) = lists(documents)?;
    let known: BTreeSet<&str> = structures.iter().filter_map(|one| one["id"].as_str()).collect();
    let orphans: Vec<&Value> = services
        .iter()
        .filter(|service| service["structure_id"].as_str().is_none_or(|id| !known.contains(id)))
        .collect();
    let mut rows: Vec<Row> = structures.iter().enumerate().map(|(index, one)| row(index + 1, one)).collect();
    for service in orphans {
        rows.push(Row {
            number: rows.len() + 1,
            cells: cells(&[("nom", service["nom"].as_str().unwrap_or_default())]),
            fault: Some(format!(
                "service dont la structure « {} » n’est pas dans le fichier",
                service["structure_id"].as_str().unwrap_or_default()
            )),
            ..Row::default()
        });
    }
    keep_unique_sirets(&mut rows);
    let titles = TITLES.map(str::to_owned).to_vec();
    Some(Table { format: Format::Inclusion, titles, rows, blank_rows: Vec::new(), above_titles: Vec::new() })
}

/// The structures and the services of a file; nothing where it is another one.
fn lists(documents: &[Value]) -> Option<(&[Value], &[Value])> {
    if let [document @ Value::Object(fields)] = documents
        && let Some(structures) = fields.get("structures")
        && !fields.contains_key("edition")
    {
        let services = document["services"].as_array().map_or(&[][..], Vec::as_slice);
        return Some((structures.as_array()?, services));
    }
    let structures = match documents {
        [Value::Array(items)] => items,
        documents => documents,
    };
    structures.first().is_some_and(is_structure).then_some((structures, &[]))
}

/// Whether an object is a structure of theirs: any list of places may have a name and a town.
fn is_structure(one: &Value) -> bool {
    let has = |field: &str| one[field].is_string();
    has("nom") && (has("id") && has("source") || one.get("reseaux_porteurs").is_some())
}

fn cells(said: &[(&str, &str)]) -> Vec<String> {
    let cell = |title: &str| {
        said.iter().find(|(known, _)| *known == title).map_or(String::new(), |(_, text)| (*text).to_owned())
    };
    TITLES.iter().map(|title| cell(title)).collect()
}

fn row(number: usize, structure: &Value) -> Row {
    let fields = match Fields::deserialize(structure) {
        Ok(fields) => fields,
        Err(error) => {
            return Row {
                number,
                cells: cells(&[("nom", structure["nom"].as_str().unwrap_or_default())]),
                fault: Some(format!("la fiche ne suit pas le schéma ({error})")),
                ..Row::default()
            };
        }
    };
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let number_of = |field: Option<f64>| field.map_or_else(String::new, |number| number.to_string());
    let cells = cells(&[
        ("nom", &text(&fields.nom)),
        ("reseau", &network(fields.reseaux_porteurs.as_deref().unwrap_or_default())),
        ("complement_adresse", &text(&fields.complement_adresse)),
        ("voie", &text(&fields.adresse)),
        ("code_postal", &text(&fields.code_postal)),
        ("commune", &text(&fields.commune)),
        ("code_insee", &text(&fields.code_insee)),
        ("telephone", &text(&fields.telephone)),
        ("courriel", &text(&fields.courriel)),
        ("site_web", &text(&fields.site_web)),
        ("latitude", &number_of(fields.latitude)),
        ("longitude", &number_of(fields.longitude)),
        ("date_maj", &text(&fields.date_maj)),
    ]);
    Row { number, cells, given: Some(Box::new(given(&fields))), ..Row::default() }
}

fn given(fields: &Fields) -> Given {
    let mut structure = Structure::default();
    let references = [(SOURCE, &fields.id), (SIRET, &fields.siret)];
    for (source, id) in references {
        if let Some(id) = id.as_ref().filter(|id| !id.trim().is_empty()) {
            structure.references.insert(source.to_owned(), id.trim().to_owned());
        }
    }
    if let Some(text) = fields.horaires_accueil.as_ref().filter(|text| !text.trim().is_empty()) {
        match hours::read(text, Syntax::OpenStreetMap) {
            Some(read) => (structure.hours, structure.closed) = (read.weekly, read.closed),
            None => structure.hours_note = Some(text.trim().to_owned()),
        }
    }
    structure.source = fields.source.as_ref().map(|source| format!("data·inclusion ({source})"));
    Given { structure, ..Given::default() }
}

/// Our network for their codes: the first that stands for one of ours only. Of any other
/// code the words may be those of a network.
fn network(codes: &[String]) -> String {
    let ours = |code: &str| {
        let mut found = networks().filter(|(theirs, _)| *theirs == code).map(|(_, ours)| ours);
        found.next().filter(|_| found.next().is_none())
    };
    match codes.iter().find_map(|code| ours(code)) {
        Some(network) => network.to_owned(),
        None => codes.iter().map(|code| code.replace('-', " ")).collect::<Vec<_>>().join(" / "),
    }
}

/// Forgets the establishment's number that several places of a file have: it is that of
/// their head office, and says nothing of each.
pub(super) fn keep_unique_sirets(rows: &mut [Row]) {
    let siret_of =
        |row: &Row| row.given.as_ref().and_then(|given| given.structure.references.get(SIRET).cloned());
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for siret in rows.iter().filter_map(siret_of) {
        *count.entry(siret).or_default() += 1;
    }
    for row in rows {
        let siret = siret_of(row);
        let is_sound = |siret: &String| {
            siret.len() == 14 && siret.bytes().all(|byte| byte.is_ascii_digit()) && count[siret] == 1
        };
        if let (Some(given), false) = (&mut row.given, siret.as_ref().is_some_and(is_sound)) {
            given.structure.references.remove(SIRET);
        }
    }
}
