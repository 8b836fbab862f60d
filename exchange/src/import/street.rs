//! A street in several columns: its number, its kind and its name; and the address that a file
//! has beside its complement, or once more.

use super::columns::{Column, Columns, Field, Why};
use super::record::{Draft, date};
use super::repair::{Doubt, Notes, Proposal, tidy};
use super::table::{Row, Table};
use super::titles;
use super::words::{Kind, Words};
use shared::spelling::fold;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Titles of a street, which may lack its number.
const STREETS: &[&str] = &["rue", "voie", "street"];

/// Titles that mean a number of a street only where one comes after it.
const NUMBERS: &[&str] = &["numero", "num", "n", "no"];

/// Recognises what only the columns beside it tell: « Numéro » before « Rue » is its number, and
/// beside a number « Rue » is a name.
pub(super) fn recognise(list: &mut [Column]) {
    let is_titled = |column: &Column, titles: &[&str]| matches!(&titles::words(&column.title)[..], [word] if titles.contains(&word.as_str()));
    let is_street = |column: Option<&Column>| {
        column.is_some_and(|column| match column.field {
            Some(Field::StreetKind | Field::StreetName) => true,
            Some(Field::AddressLine) => is_titled(column, STREETS),
            _ => false,
        })
    };
    for index in 0..list.len() {
        let column = &list[index];
        let is_free = column.field.is_none() && column.ignored.is_none();
        if is_free && is_titled(column, NUMBERS) && is_street(list.get(index + 1)) {
            (list[index].field, list[index].why) = (Some(Field::StreetNumber), Some(Why::Title));
        }
    }
    let has = |field| list.iter().any(|column| column.field == Some(field));
    if has(Field::StreetName) || !has(Field::StreetNumber) && !has(Field::StreetKind) {
        return;
    }
    let is_name = |column: &&mut Column| match column.field {
        Some(Field::AddressLine) => is_titled(column, STREETS),
        Some(Field::FullAddress) => true,
        _ => false,
    };
    if let Some(column) = list.iter_mut().filter(|column| column.why == Some(Why::Title)).find(is_name) {
        column.field = Some(Field::StreetName);
    }
}

/// Leaves out the column of the whole address where it only repeats what the others say.
pub(super) fn leave_out_repeated(list: &mut [Column], table: &Table, words: &Words) {
    let Some(at) = list
        .iter()
        .position(|column| column.field == Some(Field::FullAddress) && column.why == Some(Why::Title))
    else {
        return;
    };
    let (mut repeated, mut others, mut is_needed) = (0, 0, false);
    for row in &table.rows {
        let Some(whole) = row.cells.get(at).filter(|cell| !tidy(cell).is_empty()) else { continue };
        let cells = || list.iter().zip(&row.cells);
        let mut lines = cells().filter(|(column, cell)| is_line(column.field) && !tidy(cell).is_empty());
        if repeats(whole, cells()) {
            repeated += 1;
        } else {
            others += 1;
            is_needed |= !lines.any(|(_, cell)| has_street(cell, words));
        }
    }
    // A few that differ in their spelling only are no street of their own.
    let is_mostly_the_same = repeated > others * 4;
    if repeated > 0 && (others == 0 || is_mostly_the_same && !is_needed) {
        let column = &mut list[at];
        (column.field, column.why) = (None, None);
        column.ignored = Some("reprend les autres colonnes de l’adresse");
    }
}

const fn is_line(field: Option<Field>) -> bool {
    matches!(field, Some(Field::AddressLine | Field::StreetNumber | Field::StreetKind | Field::StreetName))
}

fn has_street(cell: &str, words: &Words) -> bool {
    tidy(cell).starts_with(|first: char| first.is_ascii_digit())
        || fold(cell).split(' ').any(|word| words.is(word, Kind::Street))
}

/// Whether a whole address says nothing that the other cells of its row do not: their lines, the
/// postcode, the town and the name. A word in four may be spelled otherwise, but no number.
fn repeats<'a>(whole: &str, cells: impl Iterator<Item = (&'a Column, &'a String)>) -> bool {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut has_lines = false;
    for (column, cell) in cells {
        let is_around = matches!(column.field, Some(Field::Postcode | Field::Town | Field::Name));
        if is_line(column.field) || is_around {
            let folded = fold(cell);
            has_lines |= is_line(column.field) && !folded.is_empty();
            known.extend(folded.split(' ').map(str::to_owned));
        }
    }
    let folded = fold(whole);
    let (said, new): (Vec<&str>, Vec<&str>) = folded.split(' ').partition(|word| known.contains(*word));
    let is_number = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit());
    has_lines && !new.iter().any(is_number) && new.len() * 4 <= said.len() + new.len()
}

/// The cells of a row's address with their columns, in the order of its lines.
pub(super) fn cells<'a>(
    row: &'a Row,
    columns: &'a Columns,
    words: &Words,
    notes: &mut Notes,
) -> Vec<(&'a str, Cow<'a, str>)> {
    let mut cells = Vec::new();
    let mut is_joined = false;
    let mut has_whole = false;
    for (column, cell) in columns.list.iter().zip(&row.cells) {
        let title = column.title.as_str();
        match column.field {
            Some(Field::AddressLine) => cells.push((title, Cow::Borrowed(cell.as_str()))),
            Some(Field::StreetNumber | Field::StreetKind | Field::StreetName) if !is_joined => {
                is_joined = true;
                cells.extend(joined(row, columns, notes).map(|street| (title, Cow::Owned(street))));
            }
            Some(Field::FullAddress) if !repeats(cell, columns.list.iter().zip(&row.cells)) => {
                has_whole = true;
                cells.push((title, Cow::Borrowed(cell.as_str())));
            }
            _ => {}
        }
    }
    if has_whole {
        // The post wants a building before its street.
        cells.sort_by_key(|(_, cell)| {
            let folded = fold(cell);
            !folded.split(' ').next().is_some_and(|word| words.is(word, Kind::Building))
        });
    }
    cells
}

/// « 12 bis », « avenue » and « Jean-Jaurès » on one line.
fn joined(row: &Row, columns: &Columns, notes: &mut Notes) -> Option<String> {
    let numbers: Vec<String> =
        columns.cells(row, Field::StreetNumber).filter_map(|cell| number(row, cell, notes)).collect();
    let (kind, name) = (columns.cell(row, Field::StreetKind).1, columns.cell(row, Field::StreetName).1);
    let (kind, name) = (tidy(kind), tidy(name));
    let mut parts = Vec::new();
    if name.is_empty() && kind.is_empty() {
        if !numbers.is_empty() {
            let column = columns.cell(row, Field::StreetNumber).0;
            notes.doubt(
                Doubt::StreetNumber,
                row.number,
                column,
                &numbers.join(" "),
                "ce numéro n’a pas de rue : il n’est pas repris seul",
            );
        }
        return None;
    }
    if !name.starts_with(|first: char| first.is_ascii_digit()) {
        parts.extend(numbers);
    }
    let begins_with_kind = format!("{} ", fold(&name)).starts_with(&format!("{} ", fold(&kind)));
    if !kind.is_empty() && !begins_with_kind {
        parts.push(kind);
    }
    parts.push(name);
    Some(parts.join(" ").trim_end().to_owned())
}

/// The number of a street; nothing where a spreadsheet program took it for a date, until
/// somebody says that it was a number.
fn number(row: &Row, (column, cell): (&str, &str), notes: &mut Notes) -> Option<String> {
    let written = tidy(cell);
    let written = written.strip_suffix(".0").unwrap_or(&written).trim_start_matches('0');
    let Some((day, month)) = day_and_month(&tidy(cell)) else {
        return Some(written.to_owned()).filter(|number| !number.is_empty());
    };
    let repair = format!("{day}-{month}");
    let expected = "un tableur a fait de ce numéro une date : elle n’est pas reprise";
    let (row, value) = (row.number, &tidy(cell));
    let proposal = Proposal { cause: Doubt::StreetNumber, row, column, value, expected, repair: &repair };
    notes.propose(proposal).then_some(repair)
}

/// The day and the month of a date, as a spreadsheet program writes it.
fn day_and_month(text: &str) -> Option<(u8, u8)> {
    const MONTHS: [&str; 12] =
        ["jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec"];
    let folded = fold(text);
    let parts: Vec<&str> = folded.split(' ').collect();
    let [day, month, ..] = parts[..] else { return None };
    if let Some(month) = (1..).zip(MONTHS).find(|(_, start)| month.starts_with(start)).map(|(month, _)| month)
    {
        let day = day.parse().ok().filter(|day| (1..=31).contains(day))?;
        return (parts.len() <= 3).then_some((day, month));
    }
    let iso = date(text)?;
    Some((iso.get(8..10)?.parse().ok()?, iso.get(5..7)?.parse().ok()?))
}

/// Tells of a file whose columns look like streets where no place gets one.
pub(super) fn look(table: &Table, columns: &Columns, drafts: &[Draft], words: &Words, notes: &mut Notes) {
    if drafts.iter().any(|draft| !draft.structure.address.lines.is_empty()) {
        return;
    }
    for (index, column) in columns.list.iter().enumerate() {
        let titled = titles::words(&column.title);
        let has = |list: &[&str]| titled.iter().any(|word| list.contains(&word.as_str()));
        let is_elsewhere = has(&["mail", "mel", "email", "courriel", "web", "site", "electronique"]);
        let cells = table.rows.iter().filter_map(|row| row.cells.get(index)).map(|cell| fold(cell));
        let (streets, others): (Vec<String>, Vec<String>) = cells
            .filter(|cell| !cell.is_empty())
            .partition(|cell| cell.split(' ').take(3).any(|word| words.is(word, Kind::Street)));
        let looks_like = has(STREETS) || has(&["adresse", "address"]) || streets.len() > others.len();
        if column.field.is_none() && column.ignored == Some(titles::UNKNOWN) && looks_like && !is_elsewhere {
            let expected = "cette colonne semble contenir des rues, et aucun lieu n’en a : dites ce qu’elle contient (ligne d’adresse, numéro dans la rue, type de voie ou nom de rue)";
            notes.doubt(Doubt::NoStreet, 0, &column.title, "", expected);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_were_numbers_are_known() {
        for (text, expect) in [
            ("2026-03-09", Some((9, 3))),
            ("09/03/2026", Some((9, 3))),
            ("9-mars", Some((9, 3))),
            ("09-juil.-26", Some((9, 7))),
            ("9 juil.", Some((9, 7))),
            ("12 bis", None),
            ("9-3", None),
            ("12", None),
            ("", None),
        ] {
            assert_eq!(day_and_month(text), expect, "{text}");
        }
    }

    #[test]
    fn a_whole_address_repeats_what_its_row_says() {
        let column = |field| Column { field: Some(field), ..Column::default() };
        let columns = [column(Field::AddressLine), column(Field::Postcode), column(Field::Town)];
        for (whole, line, expect) in [
            ("9 rue du Buis 26400 Crest", "9 RUE DU BUIS", true),
            ("9 avenue du Grand Buis, 26400 Crest", "9 av du grand buis", true),
            ("9 rue du Buis", "11 rue du Buis", false),
            ("9 rue du Buis", "Hall C", false),
            ("9 rue du Buis", "", false),
        ] {
            let cells = [line.to_owned(), "26400".to_owned(), "Crest".to_owned()];
            assert_eq!(repeats(whole, columns.iter().zip(&cells)), expect, "{whole}");
        }
    }
}
