//! The column whose cells identify a place in its source: an update then finds it again,
//! whatever else has changed.

use super::columns::Columns;
use super::record::Draft;
use super::repair::{Doubt, Notes, tidy};
use super::table::Table;
use serde::Serialize;
use shared::spelling::fold;
use std::collections::{BTreeSet, HashMap};

/// Titles of columns that identify places, folded.
const TITLES: &[&str] = &[
    "identifiant",
    "id",
    "identifiant structure",
    "id structure",
    "code structure",
    "numero structure",
    "siret",
    "numero siret",
    "n siret",
    "code etablissement",
    "numero etablissement",
    "uai",
    "code uai",
    "numero uai",
    "rne",
    "finess",
    "numero finess",
    "n finess",
    "reference",
    "cle",
];

/// The column that identifies the places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Key {
    /// Its title.
    pub column: String,
    /// Whether somebody chose it. Else it is only proposed, and was not used.
    pub chosen: bool,
    /// Why it is proposed, as a French sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The key that was chosen, or the one that could be: its title says so, and its cells are
/// all there and all different.
pub(crate) fn key(table: &Table, columns: &Columns) -> Option<Key> {
    if let Some(index) = columns.key {
        return Some(Key { column: columns.list[index].title.clone(), chosen: true, reason: None });
    }
    let is_unique = |index: usize| {
        let cells: Vec<String> =
            table.rows.iter().filter_map(|row| row.cells.get(index)).map(|cell| tidy(cell)).collect();
        let different: BTreeSet<&String> = cells.iter().collect();
        cells.len() > 1 && different.len() == cells.len() && cells.iter().all(|cell| !cell.is_empty())
    };
    let (_, column) = columns
        .list
        .iter()
        .enumerate()
        .find(|(index, column)| TITLES.contains(&fold(&column.title).as_str()) && is_unique(*index))?;
    let reason = "son titre le dit, et ses cellules sont toutes remplies et toutes différentes";
    Some(Key { column: column.title.clone(), chosen: false, reason: Some(reason.to_owned()) })
}

/// Looks at the identifiers of a file together: one that is missing or comes twice tells
/// nothing.
pub(crate) fn look(table: &Table, columns: &Columns, drafts: &mut [Draft], source: &str, notes: &mut Notes) {
    let Some(index) = columns.key else { return };
    let title = &columns.list[index].title;
    let is_siret = fold(title).split(' ').any(|word| word == "siret");
    let mut first_of: HashMap<String, usize> = HashMap::new();
    let mut drafts = drafts.iter_mut().peekable();
    for row in &table.rows {
        let identifier = row.cells.get(index).map(|cell| tidy(cell)).unwrap_or_default();
        let draft = drafts.next_if(|draft| draft.row == row.number);
        if identifier.is_empty() {
            let expected = "cette ligne n’a pas d’identifiant : le nom, l’adresse et le téléphone ont servi";
            notes.doubt(Doubt::Key, row.number, title, "", expected);
            continue;
        }
        if is_siret && !can_be_siret(&identifier) {
            let expected =
                "ce n’est pas un SIRET, qui a quatorze chiffres dont le dernier vérifie les autres";
            notes.doubt(Doubt::Siret, row.number, title, &identifier, expected);
        }
        // A row that was refused keeps nobody from having its identifier.
        let Some(draft) = draft else { continue };
        if let Some(first) = first_of.get(&identifier) {
            let expected = format!("la ligne {first} a déjà cet identifiant");
            notes.doubt(Doubt::KeyTwice, row.number, title, &identifier, expected);
            draft.structure.references.remove(source);
        } else {
            first_of.insert(identifier, row.number);
        }
    }
}

/// Whether a SIRET can exist: fourteen digits with their check digit (Luhn); those of La
/// Poste, which ran out of numbers, have a sum of digits that five divides (INSEE).
fn can_be_siret(text: &str) -> bool {
    let digits: Vec<u32> = text
        .chars()
        .filter(|letter| *letter != ' ')
        .map(|letter| letter.to_digit(10).unwrap_or(99))
        .collect();
    if digits.len() != 14 || digits.contains(&99) {
        return false;
    }
    let doubled = |(rank, digit): (usize, &u32)| {
        let digit = if rank % 2 == 1 { digit * 2 } else { *digit };
        digit / 10 + digit % 10
    };
    let is_post = digits[..9] == [3, 5, 6, 0, 0, 0, 0, 0, 0];
    digits.iter().rev().enumerate().map(doubled).sum::<u32>().is_multiple_of(10)
        || (is_post && digits.iter().sum::<u32>().is_multiple_of(5))
}

#[cfg(test)]
mod tests {
    use super::can_be_siret;

    #[test]
    fn the_last_digit_verifies_the_others() {
        for (text, expect) in [
            ("73282932000074", true),
            ("732 829 320 00074", true),
            ("73282932000075", false),
            ("7328293200007", false),
            ("7328293200007A", false),
            ("35600000000048", true),
            ("35600000049837", true),
        ] {
            assert_eq!(can_be_siret(text), expect, "{text}");
        }
    }
}
