//! A postcode and a town in one cell: « 26021 VALENCE CEDEX 9 », « F-74000 Annecy », « Valence (26000) ».

use super::columns::{Column, Columns, Field, Why};
use super::place::written_postcode;
use super::repair::tidy;
use super::table::Table;

/// Gives the postcodes that stand with the towns a column of their own, or the blank cells of the one
/// that there is. One that another cell of the row contradicts stays where it is.
pub(super) fn set_apart(table: &mut Table, columns: &mut Columns) {
    let rank = |field| columns.list.iter().position(|column| column.field == Some(field));
    let (Some(town), postcode) = (rank(Field::Town), rank(Field::Postcode)) else { return };
    let found: Vec<Option<(String, String)>> =
        table.rows.iter().map(|row| apart(row.cells.get(town).filter(|_| !row.is_own())?)).collect();
    if found.iter().all(Option::is_none) {
        return;
    }
    let at = postcode.unwrap_or_else(|| {
        let title = columns.list[town].title.clone();
        let samples = found.iter().flatten().map(|(digits, _)| digits.clone()).take(3).collect();
        let (field, why) = (Some(Field::Postcode), Some(Why::Content));
        table.titles.push(title.clone());
        columns.list.push(Column { title, field, why, samples, ..Column::default() });
        table.rows.iter_mut().for_each(|row| row.cells.push(String::new()));
        table.titles.len() - 1
    });
    for (row, found) in table.rows.iter_mut().zip(found) {
        let Some((digits, name)) = found else { continue };
        let Some(cell) = row.cells.get_mut(at) else { continue };
        let is_same = matches!(written_postcode(cell), Ok(Some((other, _))) if other == digits);
        if tidy(cell).is_empty() {
            *cell = digits;
        } else if !is_same {
            continue;
        }
        row.cells[town] = name;
    }
}

/// The postcode of a cell and its town; nothing where only one of them is there.
fn apart(cell: &str) -> Option<(String, String)> {
    let text = tidy(cell);
    let is_digit = |letter: char| letter.is_ascii_digit();
    let between = [' ', '-', '–', '/', ',', ':', '(', ')'];
    let written = |digits: &str, name: &str| {
        let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
        let name = name.trim_matches(between);
        let is_town = digits.len() == 5 && name.starts_with(char::is_alphabetic);
        is_town.then(|| (digits, name.to_owned()))
    };
    let start = text.strip_prefix("FR-").or_else(|| text.strip_prefix("F-")).unwrap_or(&text);
    let first = start.find(|letter| !is_digit(letter))?;
    // « 38 024 » is one number.
    let length = match start.get(first + 1..first + 4) {
        Some(rest) if first == 2 && start[first..].starts_with(' ') && rest.chars().all(is_digit) => 6,
        _ => first,
    };
    let begins = written(&start[..length], &start[length..]).filter(|_| start[length..].starts_with(between));
    let (name, last) = text.trim_end_matches(')').rsplit_once([' ', '('])?;
    begins.or_else(|| written(last, name).filter(|_| last.chars().all(is_digit)))
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn a_postcode_is_told_from_its_town() {
        for (cell, expect) in [
            ("26021 VALENCE CEDEX 9", Some(("26021", "VALENCE CEDEX 9"))),
            ("38 024 Grenoble Cedex", Some(("38024", "Grenoble Cedex"))),
            ("F-74000 ANNECY", Some(("74000", "ANNECY"))),
            ("07000 - Privas", Some(("07000", "Privas"))),
            ("Valence (26000)", Some(("26000", "Valence"))),
            ("Lyon 3e 69003", Some(("69003", "Lyon 3e"))),
            ("Privas", None),
            ("07000", None),
            ("Lyon 3", None),
            ("123456 Privas", None),
            ("07000Privas", None),
            ("", None),
        ] {
            let found = apart(cell);
            let found = found.as_ref().map(|(digits, town)| (digits.as_str(), town.as_str()));
            assert_eq!(found, expect, "{cell}");
        }
    }
}
