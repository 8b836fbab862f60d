//! Values that somebody types into a form, one at a time: read with the same code as the
//! cells of a file, so that a phone number is written in one way wherever it comes from.

use super::clues::{Clues, How};
use super::communes::Places;
use super::contact::{self, Cell};
use super::merge::place_id;
use super::phones;
use super::repair::{Notes, tidy};
use shared::directory::Structure;
use shared::geography::{Geography, Position};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// A value that cannot be kept as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The value.
    pub value: String,
    /// What is wrong with it, as a French sentence.
    pub expected: String,
    /// What was probably meant, where one can tell.
    pub proposal: Option<String>,
}

/// Reads the phone numbers of a text, in the order in which they are written.
///
/// # Errors
/// Every number that cannot exist.
pub fn phones(text: &str) -> Result<Vec<String>, Vec<Unreadable>> {
    read(text, phones::phones)
}

/// Reads the e-mail addresses of a text.
///
/// # Errors
/// Every address that is not one.
pub fn emails(text: &str) -> Result<Vec<String>, Vec<Unreadable>> {
    read(text, contact::emails)
}

/// Reads the address of a page; nothing where nothing was typed.
///
/// # Errors
/// The address, where it is not one.
pub fn website(text: &str) -> Result<Option<String>, Vec<Unreadable>> {
    read(text, contact::website)
}

fn read<T>(text: &str, reader: impl Fn(Cell<'_>, &mut Notes) -> T) -> Result<T, Vec<Unreadable>> {
    let mut notes = Notes::default();
    let value = reader(Cell { row: 0, column: "", text }, &mut notes);
    let doubts: Vec<Unreadable> = notes
        .doubts
        .into_values()
        .flatten()
        .map(|doubt| Unreadable { value: doubt.value, expected: doubt.expected, proposal: doubt.repair })
        .collect();
    if doubts.is_empty() { Ok(value) } else { Err(doubts) }
}

/// Reads a postcode, with the zero that it may have lost; nothing where nothing was typed.
///
/// # Errors
/// The text, where it is no postcode.
pub fn postcode(text: &str) -> Result<Option<String>, Unreadable> {
    let unreadable =
        |_| Unreadable { value: tidy(text), expected: super::place::NO_POSTCODE.to_owned(), proposal: None };
    super::place::written_postcode(text).map(|read| read.map(|(digits, _)| digits)).map_err(unreadable)
}

/// Reads a date as people write it, `24/11/2026` or ISO; nothing where it is not one.
pub fn date(text: &str) -> Option<String> {
    super::record::date(tidy(text).as_str())
}

/// A text without stray spaces: no-break spaces count as spaces, runs of them as one.
pub fn plain(text: &str) -> String {
    tidy(text)
}

/// The communes, by how people call them. Indexing those of the country takes longer than reading a
/// usual file: whoever reads several keeps this. It is done when it is first asked for.
pub struct Communes<'a> {
    geography: &'a Geography,
    places: OnceLock<Places<'a>>,
}

/// A commune that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Town {
    /// Its INSEE code.
    pub code: String,
    /// The town as the post writes it, where it is not the commune's name.
    pub written: Option<String>,
}

impl<'a> Communes<'a> {
    /// The communes of a reference.
    pub const fn new(geography: &'a Geography) -> Self {
        Self { geography, places: OnceLock::new() }
    }

    /// The reference.
    pub const fn geography(&self) -> &'a Geography {
        self.geography
    }

    /// Their index.
    pub(super) fn places(&self) -> &Places<'a> {
        self.places.get_or_init(|| Places::new(self.geography))
    }

    /// Finds a commune by its name and one of its postcodes, or by its INSEE code.
    ///
    /// # Errors
    /// Why it is not certain which commune is meant, as a French sentence: a person who types
    /// can be asked, hence nothing is guessed as it has to be with the rows of a file.
    pub fn find(
        &self,
        postcode: Option<&str>,
        town: &str,
        position: Option<Position>,
    ) -> Result<Town, String> {
        let town = tidy(town);
        let found =
            self.places().find(Clues { postcode, town: &town, code: &town, position, ..Clues::default() })?;
        match found.how {
            How::Agreed | How::Former | How::Arrondissement | How::Completed => {
                Ok(Town { code: found.commune.code.clone(), written: found.town })
            }
            How::Guessed(why) | How::Mismatch(why) => Err(why),
        }
    }

    /// The code of a commune written « Valence (26362) », « 26000 Valence » or « 26362 »; nothing where
    /// it is not certain which is meant.
    pub fn written(&self, line: &str) -> Option<String> {
        let in_brackets =
            line.strip_suffix(')').and_then(|line| line.rsplit_once('(')).map(|(_, code)| code.trim());
        if let Some(code) = in_brackets.or(Some(line)).filter(|code| self.geography.current(code).is_some()) {
            return Some(code.to_owned());
        }
        let (digits, name) = line.split_once(' ')?;
        let digits = postcode(digits).ok()??;
        self.find(Some(&digits), name, None).ok().map(|town| town.code)
    }

    /// The codes of the whole communes of an intercommunality, in their order: by its SIREN number, or
    /// by one of its communes as [`Self::written`] reads it. None where it is none.
    pub fn of_intercommunality(&self, line: &str) -> Vec<String> {
        let digits: String = line.chars().filter(|letter| !letter.is_whitespace()).collect();
        let named = || self.geography.current(&self.written(line)?);
        let siren = if digits.len() == 9 && digits.bytes().all(|digit| digit.is_ascii_digit()) {
            digits
        } else {
            named().map(|commune| commune.intercommunality.clone()).unwrap_or_default()
        };
        let communes = self.geography.communes().iter();
        let own =
            communes.filter(|one| !siren.is_empty() && one.intercommunality == siren && one.parent.is_none());
        own.map(|commune| commune.code.clone()).collect()
    }

    /// An id for a new place, as an import would give it.
    pub fn new_id(&self, place: &Structure, others: &[Structure]) -> String {
        let taken: BTreeSet<&str> = others.iter().map(|other| other.id.as_str()).collect();
        let commune = self.geography.current(&place.commune);
        let own = place.address.postcode.as_str();
        let of_commune = commune.and_then(|commune| commune.postcodes.first());
        let postcode = of_commune.filter(|_| !self.places().has_postcode(own)).map_or(own, String::as_str);
        let base = place_id(&place.network, postcode, commune.map_or("", |commune| &commune.name));
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        std::iter::once(base.clone()).chain(numbered).find(|id| !taken.contains(id.as_str())).unwrap_or(base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn communes_and_intercommunalities_are_read_as_people_write_them() {
        let lines = "\
26003\tAlpha\t26100\t100\t45.0\t5.0\t\t200000001\t
26057\tBeta\t26100\t200\t45.1\t5.0\t\t200000001\t
26281\tGamma\t26100\t300\t45.2\t5.0\t\t\t
";
        let geography = Geography::parse(lines, "", &|_| true).unwrap();
        let communes = Communes::new(&geography);
        for line in ["26003", "Alpha (26003)", "26100 Alpha", "26100  ALPHA"] {
            assert_eq!(communes.written(line).as_deref(), Some("26003"), "{line}");
        }
        for line in ["", "Alpha", "26100 Delta", "99999"] {
            assert_eq!(communes.written(line), None, "{line}");
        }
        for line in ["200000001", "200 000 001", "26100 Beta"] {
            assert_eq!(communes.of_intercommunality(line), ["26003", "26057"], "{line}");
        }
        for line in ["", "200000002", "26100 Gamma", "Alpha"] {
            assert!(communes.of_intercommunality(line).is_empty(), "{line}: nobody's is not a group");
        }
    }

    #[test]
    fn what_is_typed_is_read_as_a_cell_would_be() {
        assert_eq!(phones("0475000001\r\n04.75.00.00.02").unwrap(), ["04 75 00 00 01", "04 75 00 00 02"]);
        let wrong = phones("04 75 00 00").unwrap_err();
        assert_eq!((wrong.len(), wrong[0].value.as_str()), (1, "04 75 00 00"));
        assert_eq!(emails("a@exemple,fr").unwrap_err()[0].proposal.as_deref(), Some("a@exemple.fr"));
        assert_eq!(website("www.exemple.fr").unwrap().as_deref(), Some("https://www.exemple.fr"));
        assert_eq!(website(" ").unwrap(), None);
        assert_eq!(postcode(" 7 000").unwrap().as_deref(), Some("07000"));
        assert_eq!(postcode("").unwrap(), None);
        assert!(postcode("abc").is_err());
        assert_eq!(date(" 1/2/2026 ").as_deref(), Some("2026-02-01"));
    }

    #[test]
    fn a_commune_is_found_or_asked_for_again_but_never_guessed() {
        let geography = crate::reference::geography();
        let communes = Communes::new(geography);
        let find = |postcode, town| communes.find(Some(postcode), town, None).map(|town| town.code);
        assert_eq!(find("26000", "valence").as_deref(), Ok("26362"));
        assert_eq!(find("26000", "26362").as_deref(), Ok("26362"));
        assert_eq!(find("69003", "Lyon").as_deref(), Ok("69383"));
        assert!(find("26000", "Privas").is_err() && find("26000", "Nulle-Part").is_err());
        let cedex = communes.find(Some("73019"), "Chambéry Cedex 9", None).unwrap();
        assert_eq!((cedex.code.as_str(), cedex.written.as_deref()), ("73065", Some("Chambéry Cedex 09")));
    }

    #[test]
    fn a_new_place_has_an_id_that_no_other_has() {
        let geography = crate::reference::geography();
        let communes = Communes::new(geography);
        let mut place = Structure { network: "cio".into(), commune: "26362".into(), ..Structure::default() };
        place.address.postcode = "26000".into();
        assert_eq!(communes.new_id(&place, &[]), "cio-26000-valence");
        place.id = "cio-26000-valence".into();
        let id = communes.new_id(&place, std::slice::from_ref(&place));
        assert_eq!(id, "cio-26000-valence-2");
    }
}
