//! From the rows of a text or of a sheet to a table: which row has the titles, which rows
//! are blank, and which do not fit.

use super::columns::recognise;
use super::repair::tidy;
use super::table::{Format, Row, Table};

/// How far from the top the titles are looked for.
pub(super) const HEAD: usize = 10;

/// One row, before the titles are known.
pub(super) struct Line {
    /// Its number, as a spreadsheet program shows it.
    pub(super) number: usize,
    /// Its cells.
    pub(super) cells: Vec<String>,
}

impl Line {
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    fn recognised(&self) -> usize {
        self.cells.iter().filter(|cell| recognise(cell).is_some()).count()
    }
}

/// What to do with a row that is not as long as the titles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Uneven {
    /// In a text, a separator or a quote is missing: the row is at fault.
    Fault,
    /// A sheet says nothing of empty cells at the end: the row is filled up, and a column
    /// without a title is called as the sheet does.
    Fill,
}

/// How many titles a row of these has that are known, at best.
pub(super) fn recognised(lines: &[Line]) -> usize {
    lines.iter().take(HEAD).map(Line::recognised).max().unwrap_or_default()
}

/// The table that rows make.
pub(super) fn table(lines: Vec<Line>, mut blank_rows: Vec<usize>, format: Format, uneven: Uneven) -> Table {
    // Some exports put a title or a date above the columns' titles.
    let head = lines
        .iter()
        .take(HEAD)
        .position(|line| line.recognised() >= 2)
        .or_else(|| lines.iter().position(|line| !line.is_blank()))
        .unwrap_or(0);
    let mut lines = lines.into_iter();
    let above_titles = lines
        .by_ref()
        .take(head)
        .filter(|line| !line.is_blank())
        .map(|line| (line.number, tidy(&line.cells.join(" "))))
        .collect();
    let (first, titles) = lines.next().map(|line| (line.number, line.cells)).unwrap_or_default();
    let mut titles: Vec<String> = titles.iter().map(|title| tidy(title)).collect();
    while titles.last().is_some_and(String::is_empty) {
        titles.pop();
    }
    let lines: Vec<Line> = lines.collect();
    if uneven == Uneven::Fill {
        let filled = |line: &Line| line.cells.iter().rposition(|cell| !cell.trim().is_empty());
        let width = lines.iter().filter_map(filled).max().map_or(0, |last| last + 1);
        titles.resize(titles.len().max(width), String::new());
    }
    for (index, title) in titles.iter_mut().enumerate() {
        if title.is_empty() {
            *title = format!("colonne {}", letters(index));
        }
    }
    let mut rows = Vec::new();
    for mut line in lines {
        if line.is_blank() {
            blank_rows.push(line.number);
            continue;
        }
        if uneven == Uneven::Fill {
            line.cells.resize(titles.len(), String::new());
        }
        rows.push(row(line, titles.len()));
    }
    blank_rows.sort_unstable();
    // Blank lines at the end are how spreadsheet programs end a file, and those above the
    // titles are how people lay out a sheet.
    let last = rows.last().map_or(0, |row: &Row| row.number);
    blank_rows.retain(|number| *number < last && (uneven == Uneven::Fault || *number > first));
    Table { format, titles, rows, blank_rows, above_titles }
}

/// Makes a line fit the titles, or says why it does not.
fn row(line: Line, width: usize) -> Row {
    let Line { number, mut cells } = line;
    while cells.len() > width && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    let fault = (cells.len() != width).then(|| {
        let (count, kind) = (cells.len(), if cells.len() < width { "pas assez" } else { "trop" });
        format!("{kind} de cellules : {count} au lieu de {width} (un séparateur ou un guillemet manque sans doute dans cette ligne)")
    });
    Row { number, cells, fault, ..Row::default() }
}

/// What a spreadsheet program calls a column, from 0: A, B … Z, AA.
fn letters(index: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(index % 26).unwrap_or_default());
    if index < 26 { letter.to_string() } else { format!("{}{letter}", letters(index / 26 - 1)) }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_are_called_as_in_a_sheet() {
        for (index, expect) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(index), expect);
        }
    }
}
