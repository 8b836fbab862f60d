//! What a record says about where it is, and how a commune was found from it.

use shared::geography::{Commune, Position};

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

/// A town without its CEDEX, and the number after it.
pub(crate) fn without_cedex(town: &str) -> (String, Cedex) {
    let words: Vec<&str> = town.split(' ').collect();
    let Some(at) = words.iter().position(|word| word.eq_ignore_ascii_case("cedex")) else {
        return (town.to_owned(), Cedex::No);
    };
    let number = words.get(at + 1).and_then(|word| word.parse().ok());
    let kept: Vec<&str> = words
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != at && !(*index == at + 1 && number.is_some()))
        .map(|(_, word)| *word)
        .collect();
    (kept.join(" "), number.map_or(Cedex::Plain, Cedex::Numbered))
}
