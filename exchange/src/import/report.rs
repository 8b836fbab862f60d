//! What an import did, for scripts (JSON, stable English names) and for people (French).

use super::columns::Column;
use super::identity::Key;
use super::merge::Field;
use super::repair::{Accepted, Doubtful, Mended, Notes};
use super::table::{Format, Workbook};
use serde::{Serialize, Serializer};
use shared::directory::{Directory, MAIN_LANGUAGE, Structure};
use shared::finding::Finding;
use std::collections::{BTreeMap, HashMap};

/// The format of a table of communes and places.
pub(crate) const COMPETENCE: &str = "competence";

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
    /// What the row itself says of the place, before the directory had a word: where
    /// [`Options::keep_given`](super::Options::keep_given) asks for it. Its id is empty unless the row
    /// has one of its own.
    #[serde(skip)]
    pub given: Option<Box<Structure>>,
}

/// The repairs of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repairs {
    /// Stable code: the key of the JSON object.
    #[serde(skip)]
    pub code: &'static str,
    /// What was done, as a French title.
    pub label: String,
    /// How many were made; those that somebody refused do not count.
    pub count: usize,
    /// Each of them, refused ones included.
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

/// A place of the file's source that the file no longer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gone {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it was taken out of the directory, as somebody asked.
    pub removed: bool,
}

/// Everything about one import.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// The file.
    pub file: String,
    /// `csv`, `xlsx`, `ods`, `json`, `geojson`, `inclusion`, `dila`, `competence` or `directory`.
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
    /// Values of the file that differ from what a person typed, and were not taken.
    pub corrections: usize,
    /// What the columns were taken for.
    pub columns: Vec<Column>,
    /// The column that identifies the places: the one that was chosen, or one to choose.
    pub key: Option<Key>,
    /// Places of the same source that the file no longer has, where somebody asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Gone>,
    /// Network id → how many records.
    pub networks: BTreeMap<String, usize>,
    /// What people call these networks, by id: for the text.
    #[serde(skip)]
    pub(super) called: BTreeMap<String, String>,
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
    let group = |code, label, list: Vec<Mended>| {
        let count = list.iter().filter(|mended| mended.accepted != Accepted::Refused).count();
        Repairs { code, label, count, list }
    };
    let mended =
        notes.repairs.into_iter().map(|(kind, list)| group(kind.code(), kind.label().to_owned(), list));
    let chosen = notes
        .chosen
        .into_iter()
        .map(|(cause, list)| group(cause.code(), format!("Proposition acceptée : {}", cause.label()), list));
    let repaired = mended.chain(chosen).collect();
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

    /// Says what the table was read as.
    pub(super) fn read_as(&mut self, format: &Format) {
        let (name, encoding, separator, sheet) = match format {
            Format::Csv { encoding, separator } => ("csv", Some(*encoding), Some(*separator), None),
            Format::Json => ("json", None, None, None),
            Format::GeoJson => ("geojson", None, None, None),
            Format::Inclusion { .. } => ("inclusion", None, None, None),
            Format::Dila => ("dila", None, None, None),
            Format::Workbook { kind: Workbook::Xlsx, sheet, .. } => ("xlsx", None, None, Some(sheet.clone())),
            Format::Workbook { kind: Workbook::Ods, sheet, .. } => ("ods", None, None, Some(sheet.clone())),
        };
        (self.format, self.encoding, self.separator, self.sheet) = (name, encoding, separator, sheet);
    }

    /// Counts the records, and those of each network.
    pub(super) fn count(&mut self, directory: &Directory) {
        let count = |outcome: &str| self.records.iter().filter(|record| record.outcome == outcome).count();
        let (kept, merged, refused) = (count("kept"), count("merged"), count("refused"));
        (self.kept, self.merged, self.refused) = (kept, merged, refused);
        self.read = self.records.len() + self.left_out.values().sum::<usize>();
        let networks: HashMap<&str, &str> = directory
            .structures
            .iter()
            .map(|structure| (structure.id.as_str(), structure.network.as_str()))
            .collect();
        let mut ids: Vec<&str> = self.records.iter().filter_map(|record| record.id.as_deref()).collect();
        if self.format == COMPETENCE {
            // A row is a commune there, and a place has many.
            ids.sort_unstable();
            ids.dedup();
        }
        for network in &directory.edition.networks {
            let name = network.name.get(MAIN_LANGUAGE).unwrap_or(&network.id);
            self.called.insert(network.id.clone(), name.clone());
        }
        for id in ids {
            if let Some(network) = networks.get(id) {
                *self.networks.entry((*network).to_owned()).or_default() += 1;
            }
        }
    }
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
