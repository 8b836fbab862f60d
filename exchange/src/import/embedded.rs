//! JSON inside cells, as the exports of an API write it: a list of plain values is told one
//! after the other, a point is a position, and anything deeper is no value of a place.

use super::json;
use super::own;
use super::repair::{Doubt, Notes};
use super::report::lines;
use super::table::Table;
use serde_json::Value;

/// Puts what the JSON of cells says in its place, and tells of what cannot be read.
pub(super) fn unfold(table: &mut Table, notes: &mut Notes) {
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
    match serde_json::from_str(cell) {
        Ok(Value::Array(items)) if items.iter().all(|item| !item.is_array() && !item.is_object()) => {
            let said: Vec<String> =
                items.iter().map(json::cell).filter(|text| !text.trim().is_empty()).collect();
            Plain::Said(said.join(" ; "))
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
