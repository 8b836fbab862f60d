//! A JSON document as a table: an object is a record, and each of its keys a column.

use super::table::{COLUMNS, Format, Row, Table, too_wide};
use super::{features, inclusion};
use crate::refusal::Refusal;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fmt;

/// One object.
#[derive(Default)]
pub(super) struct Record {
    /// Its members, in the order of the file: a map would sort them.
    pub(super) fields: Vec<(String, Value)>,
    /// Latitude and longitude, where the format says them beside the members.
    pub(super) point: Option<(f64, f64)>,
    /// Why it cannot be read, where it cannot.
    pub(super) fault: Option<String>,
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Record;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
                let mut record = Record::default();
                while let Some(member) = map.next_entry()? {
                    record.fields.push(member);
                }
                Ok(record)
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// Reads a document, whatever it is a list of.
pub(super) fn read(text: &str) -> Result<Table, Refusal> {
    let documents: serde_json::Result<Vec<Value>> =
        serde_json::Deserializer::from_slice(text.as_bytes()).into_iter().collect();
    let documents = documents.map_err(|error| damaged(&error))?;
    if let Some(table) = inclusion::read(&documents) {
        return Ok(table);
    }
    if let [collection] = &documents[..]
        && collection["type"] == "FeatureCollection"
    {
        return features::read(collection);
    }
    match records(&documents, text) {
        Some(records) => table(Format::Json, records),
        None => Err(unknown(&documents)),
    }
}

/// The objects of a list, of the only list in the answer of an API, or one a line.
fn records(documents: &[Value], text: &str) -> Option<Vec<Record>> {
    let are_objects = |items: &[Value]| !items.is_empty() && items.iter().all(Value::is_object);
    let read = match documents {
        [Value::Array(items)] if are_objects(items) => serde_json::from_slice(text.as_bytes()),
        [Value::Object(answer)] => {
            let is_list = |member: &Value| member.as_array().is_some_and(|items| are_objects(items));
            let lists: Vec<&String> =
                answer.iter().filter(|(_, member)| is_list(member)).map(|(name, _)| name).collect();
            let [name] = lists[..] else { return None };
            let members: HashMap<String, &RawValue> = serde_json::from_slice(text.as_bytes()).ok()?;
            serde_json::from_slice(members.get(name)?.get().as_bytes())
        }
        [_] => return None,
        many if are_objects(many) => {
            serde_json::Deserializer::from_slice(text.as_bytes()).into_iter().collect()
        }
        _ => return None,
    };
    read.ok()
}

/// The table of these records: the columns are the keys of all of them.
pub(super) fn table(format: Format, records: Vec<Record>) -> Result<Table, Refusal> {
    let mut titles: Vec<String> = Vec::new();
    let mut rank: HashMap<String, usize> = HashMap::new();
    for (title, _) in records.iter().flat_map(|record| &record.fields) {
        if !rank.contains_key(title) {
            rank.insert(title.clone(), titles.len());
            titles.push(title.clone());
        }
        // Each record may bring titles of its own: all of them for each would not fit.
        if titles.len() > COLUMNS {
            return Err(too_wide());
        }
    }
    let (mut rows, mut blank_rows) = (Vec::with_capacity(records.len()), Vec::new());
    for (number, Record { fields, point, fault }) in (1..).zip(records) {
        let mut cells = vec![String::new(); titles.len()];
        for (title, value) in &fields {
            cells[rank[title]] = cell(value);
        }
        if point.is_none() && fault.is_none() && cells.iter().all(|cell| cell.trim().is_empty()) {
            blank_rows.push(number);
        } else {
            rows.push(Row { number, cells, point, fault, given: None });
        }
    }
    Ok(Table { format, titles, rows, blank_rows, above_titles: Vec::new() })
}

/// A value as a spreadsheet would have written it: mapping tools turn postcodes into
/// floating-point numbers. Lists and objects stay JSON, for [`super::embedded`] to read.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "oui".to_owned(),
        Value::Bool(false) => "non".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            let text = number.to_string();
            text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
        }
        Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

fn damaged(error: &serde_json::Error) -> Refusal {
    let what = if error.is_eof() {
        "il s’arrête avant sa fin".to_owned()
    } else {
        format!("on ne peut plus le lire à la ligne {}, caractère {}", error.line(), error.column())
    };
    Refusal::new("damaged-json", format!("Ce fichier JSON est abîmé : {what}."))
        .advising("Téléchargez-le ou exportez-le de nouveau, en entier.")
}

/// How many keys say what an object is.
const KEYS: usize = 5;

fn unknown(documents: &[Value]) -> Refusal {
    let what = match documents {
        [Value::Object(fields)] if !fields.is_empty() => {
            let keys: Vec<String> = fields.keys().take(KEYS).map(|key| format!("« {key} »")).collect();
            let more = if fields.len() > KEYS { "…" } else { "" };
            format!("un objet avec {}{more}", keys.join(", "))
        }
        [Value::Object(_)] => "un objet vide".to_owned(),
        [Value::Array(items)] if items.is_empty() => "une liste vide".to_owned(),
        _ => "une liste de valeurs qui ne sont pas toutes des objets".to_owned(),
    };
    Refusal::new("unknown-json", format!("Ce fichier JSON n’est pas une liste de lieux : c’est {what}."))
        .advising(
            "Peuvent être lus en JSON : une liste d’objets, un par lieu, seule ou dans la réponse d’une API (« results ») ; une collection GeoJSON (« FeatureCollection ») ; data·inclusion ; la base de données locales de la DILA ; un annuaire SPRO Guide.",
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::ROWS;

    fn read(text: &str) -> Table {
        Table::read(text.as_bytes(), ROWS).unwrap()
    }

    #[test]
    fn a_list_an_answer_and_lines_are_one_table() {
        let records = [
            r#"{"nom": "A", "ouvert": true, "cp": 1000.0, "lieu_dit": null}"#,
            r#"{"cp": 26000, "nom": "B", "tel": ["04", "05"]}"#,
        ];
        let list = read(&format!("[{}]", records.join(",")));
        assert_eq!(list.titles, ["nom", "ouvert", "cp", "lieu_dit", "tel"], "in the order of the file");
        assert_eq!(list.rows[0].cells, ["A", "oui", "1000", "", ""]);
        assert_eq!(list.rows[1].cells, ["B", "", "26000", "", r#"["04","05"]"#]);
        for text in [
            format!(r#"{{"total_count": 2, "results": [{}], "links": []}}"#, records.join(",")),
            records.join("\n"),
        ] {
            let other = read(&text);
            assert_eq!(other.format, Format::Json);
            let cells = |table: &Table| -> Vec<Vec<String>> {
                table.rows.iter().map(|row| row.cells.clone()).collect()
            };
            assert_eq!((&other.titles, cells(&other)), (&list.titles, cells(&list)), "{text}");
        }
    }

    #[test]
    fn any_other_json_is_named_in_french() {
        for (text, code, said) in [
            ("{}", "unknown-json", "un objet vide"),
            ("[]", "unknown-json", "une liste vide"),
            ("[1, {}]", "unknown-json", "ne sont pas toutes des objets"),
            (r#"{"b": [{}], "a": [{}]}"#, "unknown-json", "« a », « b »"),
            (r#"{"type": "Point", "coordinates": [5, 45]}"#, "unknown-json", "« coordinates », « type »"),
            (r#"[{"nom": "A"},"#, "damaged-json", "avant sa fin"),
            ("[{\"nom\": \"A\"},\n {nom}]", "damaged-json", "ligne 2, caractère 3"),
        ] {
            let refusal = Table::read(text.as_bytes(), ROWS).unwrap_err();
            assert_eq!(refusal.code, code, "{text}");
            assert!(refusal.message.contains(said), "{text}: {refusal}");
        }
    }
}
