//! From a table that somebody keeps to a directory: every record is kept, merged or
//! refused, every repair and every doubt is told.

mod address;
mod clues;
pub mod columns;
mod communes;
mod contact;
mod cross;
mod delimited;
mod features;
mod glue;
mod grid;
mod matching;
pub mod merge;
mod names;
mod network;
mod place;
mod record;
pub mod repair;
pub mod report;
mod spelling;
mod synonyms;
mod table;
pub mod typed;
mod wording;
mod words;
mod workbook;

use crate::refusal::Refusal;
use columns::{Columns, Field};
use merge::{Merger, Outcome};
use record::{Desk, Draft};
use repair::{Doubt, Notes, Repair, undo_double_encoding};
use report::{Record, Report, grouped};
use serde::{Deserialize, Serialize};
use shared::directory::Directory;
use shared::geography::Geography;
use std::collections::BTreeMap;
use table::{Format, Row, Table, Workbook};

/// What the administrator says about a file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// The file's name, for the report.
    pub file: String,
    /// Where the facts come from, for each structure.
    pub source: String,
    /// The day on which the file was checked.
    pub checked_on: Option<String>,
}

/// What an import gives.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The directory with the records in it.
    pub directory: Directory,
    /// What was done.
    pub report: Report,
}

/// Imports a file into a directory.
pub fn import(
    bytes: &[u8],
    mut directory: Directory,
    geography: &Geography,
    options: &Options,
    today: &str,
) -> Result<Imported, Refusal> {
    let mut table = Table::read(bytes)?;
    let columns = Columns::of(&table)?;
    let mut notes = Notes::default();
    if let Format::Workbook { unread, .. } = &table.format {
        for (sheet, rows) in unread {
            let expected = format!(
                "une seule feuille par fichier : {} non {}",
                report::plural(*rows, "ligne", "lignes"),
                if *rows < 2 { "lue" } else { "lues" }
            );
            notes.doubt(Doubt::SheetNotRead, 0, "", sheet, expected);
        }
    }
    for run in table.blank_rows.chunk_by(|one, next| *next == one + 1) {
        // A gap of a million rows is one gap.
        let (told, gap) =
            if run.len() > GAP { (&run[..1], report::lines(run)) } else { (run, String::new()) };
        for number in told {
            notes.doubt(Doubt::BlankRow, *number, "", &gap, "une fiche, ou pas de ligne du tout");
        }
    }
    for (number, text) in &table.above_titles {
        notes.doubt(Doubt::AboveHeader, *number, "", text, "la première ligne avec les titres des colonnes");
    }
    for row in &mut table.rows {
        mend_encoding(row, &columns, &mut notes);
        leave_out_errors(row, &columns, &mut notes);
    }

    let places = communes::Places::new(geography);
    let words = words::Words::new();
    let networks = network::Networks::new(&directory.edition.networks);
    let departments = directory.edition.region.departments.clone();
    let desk = Desk {
        columns: &columns,
        geography,
        places: &places,
        words: &words,
        networks: &networks,
        departments: &departments,
        checked_on: options.checked_on.as_deref(),
        source: &options.source,
    };
    let read: Vec<(usize, Result<Draft, Record>)> = table
        .rows
        .iter()
        .map(|row| {
            (
                row.number,
                desk.read(row, &mut notes).map_err(|reason| refuse(row, &columns, reason, &mut notes)),
            )
        })
        .collect();
    let mut drafts: Vec<Draft> = read.iter().filter_map(|(_, read)| read.as_ref().ok().cloned()).collect();
    let title = |field: Field| {
        columns
            .list
            .iter()
            .find(|column| column.field == Some(field))
            .map_or("", |column| column.title.as_str())
    };
    cross::look(&drafts, geography, title(Field::Phone), title(Field::Email), &mut notes);

    let merger = Merger { networks: &networks, words: &words, geography };
    let outcomes = merger.merge(&mut drafts, &mut directory, &mut notes);
    let records = records(read, &drafts, outcomes, &directory);
    let validation = shared::validate::findings(&directory, geography, today);
    Ok(Imported {
        report: report(options, &table, columns, records, notes, &directory, validation),
        directory,
    })
}

/// From this many blank rows in a row on, they are told together.
const GAP: usize = 100;

/// What a spreadsheet program shows where a formula has no result, in English and French.
const FORMULA_ERRORS: &[&str] = &[
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#VALEUR!",
    "#NOM?",
    "#NUL!",
    "#NOMBRE!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
    "#EPARS!",
    "#ÉPARS!",
];

/// Empties the cells that hold the error of a formula, and says so.
fn leave_out_errors(row: &mut Row, columns: &Columns, notes: &mut Notes) {
    for (column, cell) in columns.list.iter().zip(&mut row.cells) {
        let tidied = cell.trim();
        let is_code = tidied
            .strip_prefix("Err:")
            .is_some_and(|rest| rest.len() == 3 && rest.bytes().all(|byte| byte.is_ascii_digit()));
        if is_code || FORMULA_ERRORS.contains(&tidied) {
            if column.field.is_some() {
                notes.doubt(
                    Doubt::FormulaError,
                    row.number,
                    &column.title,
                    tidied,
                    "une valeur : la formule n’a pas de résultat, la cellule compte comme vide",
                );
            }
            cell.clear();
        }
    }
}

/// Puts right cells whose accents went through a wrong encoding.
fn mend_encoding(row: &mut Row, columns: &Columns, notes: &mut Notes) {
    for (column, cell) in columns.list.iter().zip(&mut row.cells) {
        if let Some(mended) = undo_double_encoding(cell) {
            notes.mended(Repair::Encoding, row.number, &column.title, cell, &mended);
            *cell = mended;
        }
    }
}

fn refuse(row: &Row, columns: &Columns, reason: String, notes: &mut Notes) -> Record {
    let name = repair::tidy(columns.cell(row, Field::Name).1);
    notes.doubt(Doubt::Refused, row.number, "", &name, reason.clone());
    Record { row: row.number, outcome: "refused", id: None, name, fields: Vec::new(), reason: Some(reason) }
}

/// One record for each row, in the order of the file.
fn records(
    read: Vec<(usize, Result<Draft, Record>)>,
    drafts: &[Draft],
    outcomes: Vec<Outcome>,
    directory: &Directory,
) -> Vec<Record> {
    let name_of = |id: &str| {
        directory
            .structures
            .iter()
            .find(|structure| structure.id == id)
            .map_or(String::new(), |found| found.name.clone())
    };
    let mut placed = drafts.iter().zip(outcomes);
    read.into_iter()
        .filter_map(|(row, read)| match read {
            Err(refused) => Some(refused),
            Ok(_) => placed.next().map(|(_, outcome)| match outcome {
                Outcome::Kept { id } => Record {
                    row,
                    outcome: "kept",
                    name: name_of(&id),
                    id: Some(id),
                    fields: Vec::new(),
                    reason: None,
                },
                Outcome::Merged { id, fields } => {
                    Record { row, outcome: "merged", name: name_of(&id), id: Some(id), fields, reason: None }
                }
            }),
        })
        .collect()
}

fn report(
    options: &Options,
    table: &Table,
    columns: Columns,
    records: Vec<Record>,
    notes: Notes,
    directory: &Directory,
    validation: Vec<shared::finding::Finding>,
) -> Report {
    let count = |outcome: &str| records.iter().filter(|record| record.outcome == outcome).count();
    let mut networks: BTreeMap<String, usize> = BTreeMap::new();
    for id in records.iter().filter_map(|record| record.id.as_deref()) {
        if let Some(structure) = directory.structures.iter().find(|structure| structure.id == id) {
            *networks.entry(structure.network.clone()).or_default() += 1;
        }
    }
    let (format, encoding, separator, sheet) = match &table.format {
        Format::Csv { encoding, separator } => ("csv", Some(*encoding), Some(*separator), None),
        Format::GeoJson => ("geojson", None, None, None),
        Format::Workbook { kind: Workbook::Xlsx, sheet, .. } => ("xlsx", None, None, Some(sheet.clone())),
        Format::Workbook { kind: Workbook::Ods, sheet, .. } => ("ods", None, None, Some(sheet.clone())),
    };
    let (repaired, findings) = grouped(notes);
    Report {
        file: options.file.clone(),
        format,
        encoding,
        separator,
        sheet,
        read: table.rows.len(),
        kept: count("kept"),
        merged: count("merged"),
        refused: count("refused"),
        columns: columns.list,
        networks,
        records,
        repaired,
        findings,
        validation,
        written: None,
    }
}
