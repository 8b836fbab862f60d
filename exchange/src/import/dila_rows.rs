//! The DILA's counters as its API exports them: one a row, with the lists that the archive
//! has written as JSON inside cells. Each is read as the archive's record.

use super::columns::Field;
use super::dila::Extract;
use super::repair::tidy;
use super::table::Table;
use serde_json::{Map, Value, json};
use shared::directory::Directory;
use shared::geography::Geography;
use std::collections::BTreeMap;

/// The column that no other table has: what a counter is, and for whom.
const PIVOT: &str = "pivot";

/// Whether a table is one of theirs.
pub(super) fn are_in(table: &Table) -> bool {
    let Some(pivot) = table.titles.iter().position(|title| title == PIVOT) else { return false };
    let is_json = |cell: &String| cell.trim_start().starts_with(['[', '{']);
    table.rows.iter().any(|row| row.cells.get(pivot).is_some_and(is_json))
}

/// The same table as the archive would have given it, and the count of the records that no
/// network of the directory's wants.
pub(super) fn read(
    table: Table,
    directory: &Directory,
    geography: &Geography,
) -> (Table, BTreeMap<String, usize>) {
    let mut extract = Extract::new(directory, geography, &[]);
    for row in &table.rows {
        if let Some(fault) = &row.fault {
            let name = table.titles.iter().position(|title| title == Field::Name.label());
            let name = name.and_then(|name| row.cells.get(name)).map_or("", String::as_str);
            extract.fault(row.number, name, fault.clone());
        } else {
            extract.record(row.number, &record(&table.titles, &row.cells).to_string());
        }
    }
    let Table { blank_rows, above_titles, .. } = table;
    let (table, left_out) = extract.into_table();
    (Table { blank_rows, above_titles, ..table }, left_out)
}

/// A record as the archive writes it.
fn record(titles: &[String], cells: &[String]) -> Value {
    let mut fields = Map::new();
    for (title, cell) in titles.iter().zip(cells) {
        let cell = tidy(cell);
        if cell.is_empty() {
            continue;
        }
        let value = match serde_json::from_slice(cell.as_bytes()) {
            Ok(value @ (Value::Array(_) | Value::Object(_))) => value,
            // Lists of one are also written as what is in them.
            _ => match title.as_str() {
                "adresse_courriel" => cell.split(';').map(tidy).collect(),
                "telephone" | "site_internet" => json!([{ "valeur": cell }]),
                _ => Value::String(cell),
            },
        };
        fields.insert(title.clone(), value);
    }
    Value::Object(fields)
}
