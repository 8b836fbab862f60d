//! Rows and titles of a text with separators (CSV), with the row numbers that a
//! spreadsheet program shows.

use super::columns::recognise;
use super::grid::{HEAD, Line, Uneven, table};
use super::table::{Format, Table, too_long};
use crate::refusal::Refusal;

/// Reads a text whose cells are separated by a character, of so many rows at most.
pub(super) fn read(text: &str, encoding: &'static str, most: usize) -> Result<Table, Refusal> {
    let separator = guess_separator(text);
    let (lines, blank_rows) = lines(text, separator, most)?;
    Ok(table(lines, blank_rows, Format::Csv { encoding, separator }, Uneven::Fault))
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

/// The rows with their numbers, and the numbers of the empty lines.
fn lines(text: &str, separator: char, most: usize) -> Result<(Vec<Line>, Vec<usize>), Refusal> {
    let mut reader = reader(text, separator);
    let (mut lines, mut blank_rows) = (Vec::new(), Vec::new());
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
            Err(_) => {
                let message = format!("Le tableau ne peut pas être lu après la ligne {number}.");
                return Err(Refusal::new("unreadable-table", message)
                    .advising("Ouvrez-le dans votre tableur et enregistrez-le de nouveau."));
            }
        }
        number += 1;
        // Before the memory is taken: titles may stand below some lines.
        if lines.len() > most + HEAD {
            return Err(too_long(most));
        }
        lines.push(Line { number, cells: record.iter().map(str::to_owned).collect() });
    }
    // A quote that is never closed swallows the end of the file into one cell: refuse it
    // all, because rows would be lost without anybody seeing it.
    let swallowed =
        lines.last().and_then(|last| last.cells.last()).is_some_and(|cell| cell.trim().contains('\n'));
    if text.matches('"').count() % 2 == 1 && swallowed {
        let row = lines.last().map_or(0, |last| last.number);
        return Err(Refusal::new(
            "unclosed-quote",
            format!(
                "Un guillemet ouvert à la ligne {row} n’est jamais fermé : la fin du fichier est illisible."
            ),
        )
        .advising("Corrigez cette ligne dans le tableur, puis exportez de nouveau."));
    }
    Ok((lines, blank_rows))
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
