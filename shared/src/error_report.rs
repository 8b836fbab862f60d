//! What a visitor reports of a place that is wrong: the place, what of it, and what they had before
//! them. Nothing in it is about the visitor.

use crate::texts::Key;
use serde::{Deserialize, Serialize};

/// The longest text, in characters.
pub const LONGEST: usize = 200;
/// So many digits in a row, with what people write between them, are somebody's number: a French one
/// has ten, the numbers of services four and dates eight.
const DIGITS_OF_A_PHONE: usize = 9;

/// What of a place is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// Its phone number.
    Phone,
    /// Its opening hours.
    Hours,
    /// Its address.
    Address,
    /// It is there no more.
    Closed,
    /// Something else.
    Other,
}

impl Wrong {
    /// All of them, in the order in which they are proposed.
    pub const ALL: [Self; 5] = [Self::Phone, Self::Hours, Self::Address, Self::Closed, Self::Other];

    /// As a report says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Hours => "hours",
            Self::Address => "address",
            Self::Closed => "closed",
            Self::Other => "other",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wrong| wrong.as_str() == text)
    }

    /// What a visitor reads.
    pub const fn name(self) -> Key {
        match self {
            Self::Phone => Key::ReportPhone,
            Self::Hours => Key::Hours,
            Self::Address => Key::Address,
            Self::Closed => Key::ReportClosed,
            Self::Other => Key::ReportOther,
        }
    }
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorReport {
    /// The id of the place.
    pub place: String,
    /// What of it is wrong.
    pub field: Wrong,
    /// What the visitor adds; most add nothing.
    #[serde(default)]
    pub text: String,
    /// The snapshot that they read.
    pub snapshot: String,
    /// The build of the element that showed it; empty in the pages without JavaScript.
    #[serde(default)]
    pub build: String,
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is longer than [`LONGEST`].
    TooLong,
    /// It holds a phone number, an e-mail or the address of a page: somebody could be found by it.
    LeadsToSomebody,
}

/// Why the text of a report is refused, if it is.
#[must_use]
pub fn refused(text: &str) -> Option<Refused> {
    if text.chars().count() > LONGEST {
        return Some(Refused::TooLong);
    }
    let lower = text.to_ascii_lowercase();
    let leads = ['@', '＠'].iter().any(|sign| lower.contains(*sign))
        || ["://", "www."].iter().any(|sign| lower.contains(sign));
    (leads || holds_a_phone(text)).then_some(Refused::LeadsToSomebody)
}

fn holds_a_phone(text: &str) -> bool {
    let mut digits = 0;
    for character in text.chars() {
        if character.is_numeric() {
            digits += 1;
            if digits >= DIGITS_OF_A_PHONE {
                return true;
            }
        } else if !(character.is_whitespace() || ".-‐‑–_()+".contains(character)) {
            digits = 0;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_leads_to_nobody() {
        for text in [
            "Le numéro est le 04 75 71 21 90",
            "0475712190",
            "+33 (0)4.75.71.21.90",
            "04-75-71-21-90",
            "٠٤٧٥٧١٢١٩٠",
            "écrivez à jean.dupont@exemple.fr",
            "jean ＠ exemple",
            "voir https://exemple.fr",
            "WWW.exemple.fr",
        ] {
            assert_eq!(refused(text), Some(Refused::LeadsToSomebody), "{text}");
        }
        for text in [
            "",
            "Fermé le mercredi",
            "Ouvert de 9h à 12h et de 13h30 à 17h30, le 01/02/2026 et le 03/04/2026",
            "09:00 – 12:00, 13:30 – 17:00",
            "Le 3949 ne répond plus",
            "A déménagé au 12 rue du Port, 26100 Romans",
        ] {
            assert_eq!(refused(text), None, "{text}");
        }
        assert_eq!(refused(&"é".repeat(LONGEST)), None);
        assert_eq!(refused(&"é".repeat(LONGEST + 1)), Some(Refused::TooLong));
    }

    #[test]
    fn what_is_wrong_is_read_as_it_is_written() {
        for wrong in Wrong::ALL {
            assert_eq!(Wrong::parse(wrong.as_str()), Some(wrong));
            assert_eq!(serde_json::to_string(&wrong).unwrap(), format!("\"{}\"", wrong.as_str()));
        }
        assert_eq!(Wrong::parse("commune"), None);
        // Nothing else can come with it.
        let more = r#"{"place":"a","field":"phone","snapshot":"b","commune":"26281"}"#;
        assert!(serde_json::from_str::<ErrorReport>(more).is_err());
    }
}
