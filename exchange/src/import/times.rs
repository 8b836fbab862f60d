//! The hours of a place: what its row says in one cell, in a column for each day, and beside.

use super::columns::{Columns, Field};
use super::repair::{Doubt, Notes, Proposal, tidy};
use super::table::Row;
use super::titles;
use super::week;
use crate::hours::{self, Hours};
use shared::directory::Structure;
use shared::french::capitalised;
use shared::spelling::fold;
use shared::validate::hours_without_persons;
use std::borrow::Cow;

/// Reads the hours of a row into its structure.
pub(super) fn read(row: &Row, columns: &Columns, structure: &mut Structure, notes: &mut Notes) {
    let (column, text) = columns.cell(row, Field::Hours);
    let is_read = |text: &str| !hours::read(text).week.is_empty();
    let text = &without_persons((row.number, column), text, notes, is_read)[..];
    let Hours { mut week, closed, mut note, contradiction, is_unread, perhaps } = hours::read(text);
    let said = hours::one_line(text);
    if !perhaps.is_empty() {
        notes.doubt(Doubt::HoursWithin, row.number, column, &said, longer(&perhaps));
    }
    if let Some(contradiction) = contradiction {
        notes.doubt(Doubt::Hours, row.number, column, &said, contradiction);
    } else if is_unread {
        // Whom it names is told apart, and nobody reads it.
        let named = shared::validate::without_persons(&said).or_else(|| hours_without_persons(&said));
        let left = named.as_ref().map_or(&said, |(left, _)| left);
        if !left.is_empty() {
            let expected = "ces horaires ne se lisent pas comme « lundi au vendredi 9h-12h et 14h-17h » : les visiteurs lisent ce texte tel quel";
            notes.doubt(Doubt::HoursAsText, row.number, column, left, expected);
        }
    }
    let (by_day, remarks) = week::read(row, columns, notes);
    if week.is_empty() {
        week = by_day;
    } else if !by_day.is_empty() && week != by_day {
        // The columns of the days say it day by day; what the cell says otherwise stays to be read.
        (week, note) = (by_day, Some(said));
    }
    let beside = columns.cells(row, Field::HoursNote).filter_map(|(title, cell)| beside(title, cell));
    let mut all: Vec<String> = Vec::new();
    for text in note.into_iter().chain(remarks).chain(beside) {
        let text = text.trim_end_matches('.').to_owned();
        if !all.contains(&text) {
            all.push(text);
        }
    }
    (structure.hours, structure.closed) = (week, closed);
    structure.hours_note = Some(all.join(". ")).filter(|note| !note.is_empty());
}

/// A text of hours without the persons whom it names, where what is left is read: who is there
/// changes, and is nobody's business but theirs. The text as it is, where it is read with all that it
/// says, or not even without them.
pub(super) fn without_persons<'a>(
    (row, column): (usize, &str),
    text: &'a str,
    notes: &mut Notes,
    is_read: impl Fn(&str) -> bool,
) -> Cow<'a, str> {
    if is_read(text) {
        return Cow::Borrowed(text);
    }
    let ways = [hours_without_persons(text), shared::validate::without_persons(text)];
    let Some((left, person)) = ways.into_iter().flatten().find(|(left, _)| is_read(left)) else {
        return Cow::Borrowed(text);
    };
    let proposal = Proposal {
        cause: Doubt::PersonName,
        row,
        column,
        value: &person,
        expected: "ce passage nomme une personne : il est laissé de côté, et les heures sont reprises",
        repair: text,
    };
    if notes.propose(proposal) { Cow::Borrowed(text) } else { Cow::Owned(left) }
}

/// What is told of longer hours that a day may have.
pub(super) fn longer(perhaps: &[String]) -> String {
    format!("les plus courtes sont sûres ; à côté, les visiteurs lisent « {} »", perhaps.join(". "))
}

/// What a cell says beside the hours: its text, or where it is « oui », what its title asks.
fn beside(title: &str, cell: &str) -> Option<String> {
    const POSSIBLE: &[&str] = &["prise", "de", "rendez", "vou", "rdv", "possible"];
    let text = hours::one_line(cell);
    match fold(&text).as_str() {
        "" | "non" | "no" | "n" | "faux" | "false" | "0" => None,
        "oui" | "yes" | "o" | "vrai" | "true" | "1" => {
            let asks_whether = titles::words(title).iter().all(|word| POSSIBLE.contains(&word.as_str()));
            let said = if asks_whether { "Rendez-vous possible".to_owned() } else { title.replace('_', " ") };
            Some(capitalised(&tidy(&said)))
        }
        _ => Some(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yes_is_what_its_title_asks() {
        for (title, cell, expect) in [
            ("prise_rdv", "Oui", Some("Rendez-vous possible")),
            ("sur_rdv", "oui", Some("Sur rdv")),
            ("RDV", "Non", None),
            ("RDV", "-", None),
            ("RDV", "le jeudi\nseulement", Some("le jeudi ; seulement")),
        ] {
            assert_eq!(beside(title, cell).as_deref(), expect, "{title}: {cell}");
        }
    }
}
