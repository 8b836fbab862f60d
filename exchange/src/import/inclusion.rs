//! Reading data·inclusion, version 1 and what was before it: structures and services (see
//! [`crate::export`] for where its fields are described).
//!
//! Before version 1 the network was said by `labels_nationaux` and `typologie`, and the hours
//! were called `horaires_ouverture`.
//!
//! A structure is a record. Its services say what is done there in words that have no place
//! in a directory, so that they only confirm it; a service whose structure is not in the
//! file is a record that cannot be placed.

use super::given::Given;
use super::table::{Format, Row, Table};
use crate::hours::{self, Syntax};
use crate::inclusion::{SIRET, SOURCE, networks, older_networks};
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

/// The fields whose value is a text.
const TEXTS: [&str; 16] = [
    "id",
    "source",
    "nom",
    "date_maj",
    "siret",
    "commune",
    "code_postal",
    "code_insee",
    "adresse",
    "complement_adresse",
    "telephone",
    "courriel",
    "site_web",
    "horaires_accueil",
    "horaires_ouverture",
    "typologie",
];

/// The fields whose value is a number, and those whose value is a list of texts.
const NUMBERS: [&str; 2] = ["longitude", "latitude"];
const LISTS: [&str; 2] = ["reseaux_porteurs", "labels_nationaux"];

/// The fields that only the form of before version 1 has.
const OLDER: [&str; 3] = ["typologie", "labels_nationaux", "horaires_ouverture"];

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
    let format = Format::Inclusion { is_older: is_older(structures), unread: unread(structures) };
    Some(Table { format, titles, rows, blank_rows: Vec::new(), above_titles: Vec::new() })
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

/// Whether structures are written in the form of before version 1.
fn is_older(structures: &[Value]) -> bool {
    structures.iter().any(|one| OLDER.iter().any(|field| one.get(field).is_some()))
}

/// The fields of structures that have no place in a directory, and say something.
fn unread(structures: &[Value]) -> Vec<String> {
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    };
    let is_read = |name: &str| TEXTS.contains(&name) || NUMBERS.contains(&name) || LISTS.contains(&name);
    let fields = structures.iter().filter_map(Value::as_object).flatten();
    let unread: BTreeSet<&String> =
        fields.filter(|(name, value)| !is_read(name) && says(value)).map(|(name, _)| name).collect();
    unread.into_iter().cloned().collect()
}

/// The first field whose value has not the form of the schema.
fn misfit(structure: &Value) -> Option<&'static str> {
    let fits = |field: &str, is: &dyn Fn(&Value) -> bool| {
        structure.get(field).is_none_or(|value| value.is_null() || is(value))
    };
    let is_list = |value: &Value| value.as_array().is_some_and(|items| items.iter().all(Value::is_string));
    TEXTS
        .into_iter()
        .find(|field| !fits(field, &Value::is_string))
        .or_else(|| NUMBERS.into_iter().find(|field| !fits(field, &Value::is_number)))
        .or_else(|| LISTS.into_iter().find(|field| !fits(field, &is_list)))
}

fn row(number: usize, structure: &Value) -> Row {
    let text = |field: &str| structure[field].as_str().unwrap_or_default();
    let fault = if structure.is_object() {
        misfit(structure)
            .map(|field| format!("le champ « {field} » n’a pas la forme du schéma data·inclusion"))
    } else {
        Some("cet élément de la liste n’est pas une fiche".to_owned())
    };
    if fault.is_some() {
        return Row { number, cells: cells(&[("nom", text("nom"))]), fault, ..Row::default() };
    }
    let number_of = |field: &str| super::json::cell(&structure[field]);
    let cells = cells(&[
        ("nom", text("nom")),
        ("reseau", &network(structure)),
        ("complement_adresse", text("complement_adresse")),
        ("voie", text("adresse")),
        ("code_postal", text("code_postal")),
        ("commune", text("commune")),
        ("code_insee", text("code_insee")),
        ("telephone", text("telephone")),
        ("courriel", text("courriel")),
        ("site_web", text("site_web")),
        ("latitude", &number_of("latitude")),
        ("longitude", &number_of("longitude")),
        ("date_maj", text("date_maj")),
    ]);
    Row { number, cells, given: Some(Box::new(given(&text))), ..Row::default() }
}

fn given<'a>(text: &impl Fn(&str) -> &'a str) -> Given {
    let mut structure = Structure::default();
    for (source, id) in [(SOURCE, text("id").trim()), (SIRET, text("siret").trim())] {
        if !id.is_empty() {
            structure.references.insert(source.to_owned(), id.to_owned());
        }
    }
    let hours = ["horaires_accueil", "horaires_ouverture"].map(|field| text(field).trim());
    if let Some(said) = hours.into_iter().find(|said| !said.is_empty()) {
        match hours::listed(said, Syntax::OpenStreetMap) {
            Some(read) => (structure.hours, structure.closed) = (read.week, read.closed),
            None => structure.hours_note = Some(said.to_owned()),
        }
    }
    structure.source = Some(text("source"))
        .filter(|source| !source.is_empty())
        .map(|source| format!("data·inclusion ({source})"));
    Given { structure, ..Given::default() }
}

/// Our network for their codes: the first that stands for one of ours only. Of any other
/// code the words may be those of a network.
fn network(structure: &Value) -> String {
    let list = |field: &str| structure[field].as_array().into_iter().flatten().filter_map(Value::as_str);
    let today: Vec<&str> = list("reseaux_porteurs").collect();
    if !today.is_empty() {
        let ours = |code: &str| {
            let mut found = networks().filter(|(theirs, _)| *theirs == code).map(|(_, ours)| ours);
            found.next().filter(|_| found.next().is_none())
        };
        let words = || today.iter().map(|code| code.replace('-', " ")).collect::<Vec<_>>().join(" / ");
        return today.iter().find_map(|code| ours(code)).map_or_else(words, str::to_owned);
    }
    // What a structure is says more than what it has the label of, and those are many: their
    // words alone name no network.
    let mut older = structure["typologie"].as_str().into_iter().chain(list("labels_nationaux"));
    let found = older.find_map(|code| older_networks().find(|(theirs, _)| *theirs == code));
    found.map_or_else(String::new, |(_, ours)| ours.to_owned())
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
