//! What an import did, for scripts (JSON, stable English names) and for people (French).

use super::columns::Column;
use super::merge::Field;
use super::repair::{Doubtful, Mended, Notes};
use serde::{Serialize, Serializer};
use shared::fields::french;
use shared::finding::Finding;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many examples a group shows unless all are asked for.
const EXAMPLES: usize = 5;

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// Its row.
    pub row: usize,
    /// `kept`, `merged` or `refused`.
    pub outcome: &'static str,
    /// The structure's id, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The structure's name, or the name that was refused.
    pub name: String,
    /// What a merge changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The repairs of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repairs {
    /// Stable code: the key of the JSON object.
    #[serde(skip)]
    pub code: &'static str,
    /// What was done, as a French title.
    pub label: &'static str,
    /// How many.
    pub count: usize,
    /// Each of them.
    pub list: Vec<Mended>,
}

/// The doubts of one cause.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// Stable code.
    pub code: &'static str,
    /// What it is, as a French title.
    pub label: &'static str,
    /// How many.
    pub count: usize,
    /// Each of them.
    pub rows: Vec<Doubtful>,
}

/// Everything about one import.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The file.
    pub file: String,
    /// `csv`, `xlsx`, `ods`, `geojson`, `inclusion`, `dila` or `directory`.
    pub format: &'static str,
    /// The encoding of a CSV.
    pub encoding: Option<&'static str>,
    /// The separator of a CSV.
    pub separator: Option<char>,
    /// The sheet of a workbook that was read.
    pub sheet: Option<String>,
    /// Records read: kept, merged and refused add up to it.
    pub read: usize,
    /// Records that became new structures.
    pub kept: usize,
    /// Records that were merged into structures that were there.
    pub merged: usize,
    /// Records that could not be taken.
    pub refused: usize,
    /// Records of a huge file that nobody asked for, counted by their type: with the three
    /// above they add up to those that were read.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<String, usize>,
    /// What the columns were taken for.
    pub columns: Vec<Column>,
    /// Network id → how many records.
    pub networks: BTreeMap<String, usize>,
    /// What became of every record, in the order of the file.
    pub records: Vec<Record>,
    /// Repairs by kind, the ones that matter most first; an object in JSON.
    #[serde(serialize_with = "by_code")]
    pub repaired: Vec<Repairs>,
    /// Doubts by cause.
    pub findings: Vec<Group>,
    /// What validation says of the directory that came out.
    pub validation: Vec<Finding>,
    /// Where the directory was written.
    pub written: Option<String>,
}

/// The repairs and doubts of an import, grouped.
pub(crate) fn grouped(notes: Notes) -> (Vec<Repairs>, Vec<Group>) {
    let repaired = notes
        .repairs
        .into_iter()
        .map(|(kind, list)| Repairs { code: kind.code(), label: kind.label(), count: list.len(), list })
        .collect();
    let findings = notes
        .doubts
        .into_iter()
        .map(|(cause, rows)| Group { code: cause.code(), label: cause.label(), count: rows.len(), rows })
        .collect();
    (repaired, findings)
}

fn by_code<S: Serializer>(repaired: &[Repairs], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(repaired.iter().map(|repairs| (repairs.code, repairs)))
}

impl Report {
    /// How many repairs of a kind were made.
    pub fn repaired_count(&self, code: &str) -> usize {
        self.repaired.iter().find(|repairs| repairs.code == code).map_or(0, |repairs| repairs.count)
    }

    /// How many doubts of a cause remain.
    pub fn finding_count(&self, code: &str) -> usize {
        self.findings.iter().find(|group| group.code == code).map_or(0, |group| group.count)
    }

    /// The report as people read it: the summary, then each group with examples.
    pub fn to_text(&self, all: bool) -> String {
        let mut text = String::new();
        self.summary(&mut text);
        self.column_lines(&mut text);
        let shown = if all { usize::MAX } else { EXAMPLES };
        if !self.repaired.is_empty() {
            let total: usize = self.repaired.iter().map(|repairs| repairs.count).sum();
            say(&mut text, format_args!("\nRÉPARÉ ({total})"));
            for repairs in &self.repaired {
                say(&mut text, format_args!("\n  {} : {}", repairs.label, repairs.count));
                for mended in repairs.list.iter().take(shown) {
                    say(
                        &mut text,
                        format_args!(
                            "    ligne {} · {} : « {} » → « {} »",
                            mended.row,
                            mended.column,
                            visible(&mended.before),
                            mended.after
                        ),
                    );
                }
                more(&mut text, repairs.count, shown);
            }
        }
        self.merged_lines(&mut text, shown);
        if !self.findings.is_empty() {
            let total: usize = self.findings.iter().map(|group| group.count).sum();
            say(&mut text, format_args!("\nÀ REGARDER ({total})"));
            for group in &self.findings {
                say(&mut text, format_args!("\n  {} : {}", group.label, group.count));
                for doubt in group.rows.iter().take(shown) {
                    say(&mut text, format_args!("    {}", doubt_line(doubt)));
                }
                more(&mut text, group.count, shown);
            }
        }
        text
    }

    fn summary(&self, text: &mut String) {
        let postcodes = self.repaired_count("postcode-leading-zero");
        say(text, format_args!("{}", self.file));
        let left_out: usize = self.left_out.values().sum();
        let others = if left_out > 0 { format!(" + {left_out} laissées de côté") } else { String::new() };
        say(
            text,
            format_args!(
                "Fiches lues : {} = {} ajoutées + {} fusionnées + {} refusées{others}. Aucune n’est perdue.",
                self.read, self.kept, self.merged, self.refused
            ),
        );
        let repaired: usize = self.repaired.iter().map(|repairs| repairs.count).sum();
        let doubts: usize = self.findings.iter().map(|group| group.count).sum();
        say(
            text,
            format_args!(
                "{}, dont {} ; {}.",
                plural(repaired, "réparation", "réparations"),
                plural(postcodes, "code postal", "codes postaux"),
                plural(doubts, "point à regarder", "points à regarder")
            ),
        );
        let networks: Vec<String> = self.networks.iter().map(|(id, count)| format!("{id} {count}")).collect();
        say(text, format_args!("Réseaux : {}.", networks.join(", ")));
        if left_out > 0 {
            let mut types: Vec<(&String, &usize)> = self.left_out.iter().collect();
            types.sort_by_key(|(kind, count)| (usize::MAX - **count, *kind));
            let types: Vec<String> = types.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
            say(text, format_args!("Laissées de côté, par type : {}.", types.join(", ")));
        }
    }

    fn column_lines(&self, text: &mut String) {
        let read_as = match (self.encoding, self.separator) {
            (Some(encoding), Some('\t')) => format!("CSV, {encoding}, séparateur tabulation"),
            (Some(encoding), Some(separator)) => format!("CSV, {encoding}, séparateur « {separator} »"),
            _ => match (self.format, &self.sheet) {
                ("ods", Some(sheet)) => format!("ODS, feuille « {sheet} »"),
                (_, Some(sheet)) => format!("XLSX, feuille « {sheet} »"),
                ("inclusion", _) => "data·inclusion".to_owned(),
                ("dila", _) => "base de données locales de la DILA".to_owned(),
                _ => "GeoJSON".to_owned(),
            },
        };
        say(text, format_args!("\nCOLONNES ({read_as})"));
        for column in &self.columns {
            let meaning = column.field.map_or_else(
                || format!("ignorée : {}", column.ignored.unwrap_or_default()),
                |field| field.label().to_owned(),
            );
            say(text, format_args!("  « {} » → {meaning}", column.title));
        }
    }

    fn merged_lines(&self, text: &mut String, shown: usize) {
        let changed: Vec<&Record> = self.records.iter().filter(|record| !record.fields.is_empty()).collect();
        if self.merged == 0 {
            return;
        }
        say(text, format_args!("\nFUSIONNÉ ({}), dont {} avec un changement", self.merged, changed.len()));
        for record in changed.iter().take(shown) {
            let fields: Vec<&str> = record.fields.iter().map(|field| french(field.name)).collect();
            let id = record.id.as_deref().unwrap_or_default();
            say(text, format_args!("    ligne {} → {id} : {}", record.row, fields.join(", ")));
        }
        more(text, changed.len(), shown);
    }
}

fn doubt_line(doubt: &Doubtful) -> String {
    let mut line = if doubt.row == 0 { "fichier".to_owned() } else { format!("ligne {}", doubt.row) };
    if !doubt.column.is_empty() {
        let _ = write!(line, " · {}", doubt.column);
    }
    if !doubt.value.is_empty() {
        let _ = write!(line, " · « {} »", visible(&doubt.value));
    }
    let _ = write!(line, " : {}", doubt.expected);
    if let Some(repair) = &doubt.repair {
        let _ = write!(line, " (proposition : « {repair} »)");
    }
    line
}

fn more(text: &mut String, count: usize, shown: usize) {
    if count > shown {
        say(text, format_args!("    … et {} de plus (--all pour tout voir)", count - shown));
    }
}

/// Line breaks and no-break spaces as signs that can be seen.
fn visible(text: &str) -> String {
    text.replace('\n', "⏎").replace('\r', "").replace('\u{a0}', "⍽")
}

/// Row numbers as people say them, runs of three and more with their ends only:
/// `3, 7–12`. They have to be in order.
pub fn lines(rows: &[usize]) -> String {
    rows.chunk_by(|one, next| *next == one + 1)
        .flat_map(|run| match run {
            [first, _, .., last] => vec![format!("{first}–{last}")],
            short => short.iter().map(ToString::to_string).collect(),
        })
        .collect::<Vec<_>>()
        .join(", ")
}

/// A count with its noun.
pub(crate) fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count < 2 { one } else { many })
}

/// Writing to a string cannot fail.
fn say(text: &mut String, line: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{line}");
}
