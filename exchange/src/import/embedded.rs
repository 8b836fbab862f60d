//! JSON inside cells, as the exports of an API write it: a list of plain values is told one
//! after the other, a point is a position, and anything deeper is no value of a place.

use super::json;
use super::own;
use super::repair::{Doubt, Notes};
use super::report::lines;
use super::table::{COLUMNS, Table};
use serde_json::{Map, Value};

/// Puts what the JSON of cells says in its place, and tells of what cannot be read.
pub(super) fn unfold(table: &mut Table, notes: &mut Notes) {
    unfold_objects(table);
    for index in 0..table.titles.len() {
        if own::has(table, &table.titles[index]) {
            continue;
        }
        let mut unread: Vec<usize> = Vec::new();
        let mut example = String::new();
        for row in &mut table.rows {
            let Some(cell) = row.cells.get_mut(index).filter(|cell| may_be_json(cell)) else { continue };
            match plain(cell) {
                Plain::Text => {}
                Plain::Said(text) => *cell = text,
                Plain::Nested => {
                    if unread.is_empty() {
                        example = cell.chars().take(EXAMPLE).collect();
                    }
                    unread.push(row.number);
                    cell.clear();
                }
            }
        }
        if !unread.is_empty() {
            let expected = format!(
                "cette cellule contient un objet JSON et non une valeur simple : elle n’est pas reprise (lignes {})",
                lines(&unread)
            );
            notes.doubt(Doubt::NotRead, 0, &table.titles[index], &example, expected);
        }
    }
}

/// Gives the members of objects columns of their own, where all of a column's cells are objects of
/// plain values: `{"voie": "1 rue A", "commune": "Crest"}` is two columns.
fn unfold_objects(table: &mut Table) {
    for index in 0..table.titles.len() {
        if own::has(table, &table.titles[index]) {
            continue;
        }
        let cells = table.rows.iter().map(|row| row.cells.get(index).map_or("", |cell| cell.trim()));
        let objects: Option<Vec<Map<String, Value>>> = cells.map(members).collect();
        let Some(objects) = objects.filter(|objects| objects.iter().any(|object| !object.is_empty())) else {
            continue;
        };
        let mut names: Vec<&String> = Vec::new();
        for name in objects.iter().flat_map(Map::keys) {
            if !names.contains(&name) && table.titles.len() + names.len() < COLUMNS {
                names.push(name);
            }
        }
        for name in names {
            let is_new = !table.titles.contains(name);
            let title = if is_new { name.clone() } else { format!("{} {name}", table.titles[index]) };
            table.titles.push(title);
            for (row, object) in table.rows.iter_mut().zip(&objects) {
                row.cells.push(object.get(name).map_or_else(String::new, said));
            }
        }
        for row in &mut table.rows {
            if let Some(cell) = row.cells.get_mut(index) {
                cell.clear();
            }
        }
    }
}

/// The members of an object of plain values, or of lists of these; none of a blank cell. A point is
/// one value.
fn members(cell: &str) -> Option<Map<String, Value>> {
    if cell.is_empty() {
        return Some(Map::new());
    }
    let Ok(Value::Object(members)) = serde_json::from_slice(cell.as_bytes()) else { return None };
    let is_plain = |value: &Value| !value.is_array() && !value.is_object();
    let is_said =
        |value: &Value| is_plain(value) || value.as_array().is_some_and(|list| list.iter().all(is_plain));
    let is_point = members.contains_key("lat") && members.contains_key("lon");
    (!is_point && members.values().all(is_said)).then_some(members)
}

/// A plain value, or a list of them.
fn said(value: &Value) -> String {
    let texts = value
        .as_array()
        .map_or_else(|| vec![json::cell(value)], |list| list.iter().map(json::cell).collect());
    texts.into_iter().filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join(" ; ")
}

/// How many letters show what was not read.
const EXAMPLE: usize = 60;

fn may_be_json(cell: &str) -> bool {
    cell.trim_start().starts_with(['[', '{'])
}

/// What a cell is that begins as JSON does.
enum Plain {
    /// A text like any other.
    Text,
    /// JSON that says this.
    Said(String),
    /// JSON that no cell can say.
    Nested,
}

fn plain(cell: &str) -> Plain {
    match serde_json::from_slice(cell.as_bytes()) {
        Ok(Value::Array(items)) if items.iter().all(|item| !item.is_array() && !item.is_object()) => {
            Plain::Said(said(&Value::Array(items)))
        }
        Ok(Value::Object(members)) => {
            let number = |name: &str| members.get(name).filter(|value| value.is_number()).map(json::cell);
            match (number("lat"), number("lon")) {
                (Some(latitude), Some(longitude)) => Plain::Said(format!("{latitude}, {longitude}")),
                _ if members.is_empty() => Plain::Said(String::new()),
                _ => Plain::Nested,
            }
        }
        Ok(_) => Plain::Nested,
        // A spreadsheet program cuts a long cell, and what is left is no JSON any more.
        Err(_) if ["{\"", "[{"].iter().any(|start| cell.trim_start().starts_with(start)) => Plain::Nested,
        Err(_) => Plain::Text,
    }
}
