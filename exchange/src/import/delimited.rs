//! Rows and titles of a text with separators (CSV), with the row numbers that a
//! spreadsheet program shows.

use super::columns::recognise;
use super::table::{Format, Row, Table};
use crate::refusal::Refusal;

/// One record of a CSV file, before the titles are known.
struct Record {
    number: usize,
    cells: Vec<String>,
}

impl Record {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    fn recognised(&self) -> usize {
        self.cells.iter().filter(|cell| recognise(cell).is_some()).count()
    }
}

/// Reads a text whose cells are separated by a character.
pub(super) fn read(text: &str, encoding: &'static str) -> Result<Table, Refusal> {
    let separator = guess_separator(text);
    let (records, mut blank_rows) = records(text, separator)?;
    // Some exports put a title or a date above the columns' titles.
    let head = records
        .iter()
        .take(10)
        .position(|record| record.recognised() >= 2)
        .or_else(|| records.iter().position(|record| !record.is_blank()))
        .unwrap_or(0);
    let mut records = records.into_iter();
    let above_titles = records
        .by_ref()
        .take(head)
        .filter(|record| !record.is_blank())
        .map(|record| (record.number, super::repair::tidy(&record.cells.join(" "))))
        .collect();
    let mut titles: Vec<String> = records
        .next()
        .map(|record| record.cells)
        .unwrap_or_default()
        .iter()
        .map(|title| super::repair::tidy(title))
        .collect();
    while titles.last().is_some_and(String::is_empty) {
        titles.pop();
    }
    let mut rows = Vec::new();
    for record in records {
        if record.is_blank() {
            blank_rows.push(record.number);
        } else {
            rows.push(row(record, titles.len()));
        }
    }
    blank_rows.sort_unstable();
    // Blank lines at the end are how spreadsheet programs end a file.
    let last = rows.last().map_or(0, |row| row.number);
    blank_rows.retain(|number| *number < last);
    Ok(Table { format: Format::Csv { encoding, separator }, titles, rows, blank_rows, above_titles })
}

/// Makes a record fit the titles, or says why it does not.
fn row(record: Record, width: usize) -> Row {
    let Record { number, mut cells } = record;
    while cells.len() > width && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    let fault = (cells.len() != width).then(|| {
        let (count, kind) = (cells.len(), if cells.len() < width { "pas assez" } else { "trop" });
        format!("{kind} de cellules : {count} au lieu de {width} (un séparateur ou un guillemet manque sans doute dans cette ligne)")
    });
    Row { number, cells, point: None, fault }
}

/// The separator that finds the most known titles, then the most columns.
fn guess_separator(text: &str) -> char {
    let score = |separator: char| {
        let mut reader = reader(text, separator);
        let best = reader
            .records()
            .take(10)
            .filter_map(Result::ok)
            .map(|record| (record.iter().filter(|cell| recognise(cell).is_some()).count(), record.len()))
            .max();
        best.unwrap_or((0, 0))
    };
    // The last of equals wins: the semicolon, which French spreadsheet programs write.
    ['|', '\t', ',', ';'].into_iter().max_by_key(|separator| score(*separator)).unwrap_or(';')
}

fn reader(text: &str, separator: char) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(u8::try_from(separator).unwrap_or(b';'))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// The records with their row numbers, and the numbers of the empty lines.
fn records(text: &str, separator: char) -> Result<(Vec<Record>, Vec<usize>), Refusal> {
    let mut reader = reader(text, separator);
    let (mut records, mut blank_rows) = (Vec::new(), Vec::new());
    let mut number = 0;
    let mut record = csv::StringRecord::new();
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or_default();
        for _ in 0..empty_lines(text.as_bytes(), start) {
            number += 1;
            blank_rows.push(number);
        }
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                return Err(Refusal::new(
                    "unreadable-table",
                    format!("Le tableau ne peut pas être lu ({error})."),
                ));
            }
        }
        number += 1;
        records.push(Record { number, cells: record.iter().map(str::to_owned).collect() });
    }
    // A quote that is never closed swallows the end of the file into one cell: refuse it
    // all, because rows would be lost without anybody seeing it.
    let swallowed =
        records.last().and_then(|last| last.cells.last()).is_some_and(|cell| cell.trim().contains('\n'));
    if text.matches('"').count() % 2 == 1 && swallowed {
        let row = records.last().map_or(0, |last| last.number);
        return Err(Refusal::new(
            "unclosed-quote",
            format!(
                "Un guillemet ouvert à la ligne {row} n’est jamais fermé : la fin du fichier est illisible."
            ),
        )
        .advising("Corrigez cette ligne dans le tableur, puis exportez de nouveau."));
    }
    Ok((records, blank_rows))
}

/// How many empty lines begin at this byte: the CSV reader steps over them silently.
fn empty_lines(bytes: &[u8], start: usize) -> usize {
    let mut rest = bytes.get(start..).unwrap_or_default();
    if start > 0 && bytes[start - 1] == b'\r' {
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    let mut count = 0;
    while let Some(after) =
        rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).or_else(|| rest.strip_prefix(b"\r"))
    {
        count += 1;
        rest = after;
    }
    count
}
