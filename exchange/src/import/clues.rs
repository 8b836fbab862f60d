//! What a record says about where it is, and how a commune was found from it.

use super::columns::{Columns, Field};
use super::home::Home;
use super::table::Row;
use shared::geography::{Commune, Position};
use shared::spelling::{fold, is_postcode};

/// What a record says about where it is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Clues<'a> {
    /// Five digits, or nothing.
    pub(crate) postcode: Option<&'a str>,
    /// The town, as written.
    pub(crate) town: &'a str,
    /// An INSEE code, as written.
    pub(crate) code: &'a str,
    /// The position.
    pub(crate) position: Option<Position>,
    /// Its row, which may name a place elsewhere than in the columns for it.
    pub(crate) line: Option<(&'a Row, &'a Columns)>,
    /// What is known of where the file's places are.
    pub(crate) home: Option<&'a Home>,
}

impl Clues<'_> {
    /// What its row says in other columns than those for places, folded, with a space at both
    /// ends. Of an address only what follows a postcode: streets are named after towns.
    pub(crate) fn text(&self) -> String {
        let mut text = " ".to_owned();
        let Some((row, columns)) = self.line else { return text };
        for (column, cell) in columns.list.iter().zip(&row.cells) {
            let folded = match column.field {
                None | Some(Field::Name) => fold(cell),
                Some(Field::AddressLine | Field::FullAddress) => {
                    let folded = fold(cell);
                    let words: Vec<&str> = folded.split(' ').skip_while(|word| !is_postcode(word)).collect();
                    words.join(" ")
                }
                Some(_) => continue,
            };
            if !folded.is_empty() {
                // A sign that no folded text has: words of two cells are no name.
                text.push_str(&folded);
                text.push_str(" / ");
            }
        }
        text
    }

    /// Its first phone number, as written.
    pub(crate) fn phone(&self) -> &str {
        self.line.map_or("", |(row, columns)| columns.cell(row, Field::Phone).1)
    }
}

/// How the commune was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum How {
    /// The name and the postcode agree.
    Agreed,
    /// The town is a former commune, or a former name.
    Former,
    /// The town is a city with arrondissements, and this is the one.
    Arrondissement,
    /// The town was written in short, and only one commune of the postcode fits.
    Completed,
    /// Deduced from what is left: the sentence says from what.
    Guessed(String),
    /// The postcode and the town disagree: the sentence says how it was settled.
    Mismatch(String),
}

/// A commune that was found.
#[derive(Debug, Clone)]
pub(crate) struct Found<'a> {
    /// The commune.
    pub(crate) commune: &'a Commune,
    /// How.
    pub(crate) how: How,
    /// The town as the post writes it, where it is not the commune's name.
    pub(crate) town: Option<String>,
}

/// Whether a town is written with CEDEX: the post's own delivery for large senders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cedex {
    /// It is not.
    No,
    /// Without a number.
    Plain,
    /// With the number of an office, in Lyon that of the arrondissement.
    Numbered(u8),
}

/// A town as an envelope writes it, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// The town alone.
    pub(crate) town: String,
    /// Its CEDEX.
    pub(crate) cedex: Cedex,
    /// The delivery box that stands with it, which belongs to the address.
    pub(crate) boxed: Option<String>,
}

/// Takes a town apart: « BOURG EN BRESSE CEDEX 9 BP 8 » is a town, a CEDEX and a box.
pub(crate) fn envelope(town: &str) -> Envelope {
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let mut words = town.split(' ').filter(|word| !word.is_empty()).peekable();
    let (mut kept, mut boxed, mut cedex) = (Vec::new(), Vec::new(), Cedex::No);
    while let Some(word) = words.next() {
        let folded = fold(word).replace(' ', "");
        if let Some(number) = folded.strip_prefix("cedex").filter(|rest| rest.is_empty() || is_number(rest)) {
            let number = number.parse().ok().or_else(|| {
                let next = words.next_if(|next| next.len() <= 2 && is_number(next));
                next.and_then(|next| next.parse().ok())
            });
            cedex = number.map_or(Cedex::Plain, Cedex::Numbered);
            continue;
        }
        let number = BOXES.iter().find_map(|letters| folded.strip_prefix(letters));
        let is_box = number.is_some_and(|number| {
            is_number(number) || (number.is_empty() && words.peek().is_some_and(|next| is_number(next)))
        });
        if is_box {
            boxed.push(word);
            while let Some(number) = words.next_if(|next| is_number(next)) {
                boxed.push(number);
            }
        } else {
            kept.push(word);
        }
    }
    let town = kept.join(" ").trim_matches([' ', '-', ',']).to_owned();
    Envelope { town, cedex, boxed: Some(boxed.join(" ")).filter(|boxed| !boxed.is_empty()) }
}

/// The letters of delivery boxes.
const BOXES: [&str; 3] = ["bp", "cs", "tsa"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_a_town_a_cedex_and_a_box() {
        let check = |written: &str, town: &str, cedex, boxed: Option<&str>| {
            let boxed = boxed.map(str::to_owned);
            assert_eq!(envelope(written), Envelope { town: town.to_owned(), cedex, boxed }, "{written}");
        };
        check("PRIVAS", "PRIVAS", Cedex::No, None);
        check("PRIVAS CEDEX", "PRIVAS", Cedex::Plain, None);
        check("Lyon Cedex 07", "Lyon", Cedex::Numbered(7), None);
        check("ANNECY CEDEX9", "ANNECY", Cedex::Numbered(9), None);
        check("PRIVAS CEDEX BP 12", "PRIVAS", Cedex::Plain, Some("BP 12"));
        check("ANNECY CEDEX 9 CS 40 017", "ANNECY", Cedex::Numbered(9), Some("CS 40 017"));
        check("B.P. 12 - PRIVAS CEDEX", "PRIVAS", Cedex::Plain, Some("B.P. 12"));
        check("PRIVAS BP12", "PRIVAS", Cedex::No, Some("BP12"));
        check("CS", "CS", Cedex::No, None);
        check("", "", Cedex::No, None);
    }
}
