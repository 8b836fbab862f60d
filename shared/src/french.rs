//! How French writes a day, a number and the beginning of a sentence, for administrators. The element
//! asks the browser, which knows every language ([`crate::texts::Intl`]).

use crate::directory::{MAIN_LANGUAGE, Text, Weekday, is_date};

/// From Monday.
const WEEKDAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// The name of a day of the week.
pub const fn weekday(day: Weekday) -> &'static str {
    WEEKDAYS[day as usize]
}

/// An ISO date in words: « 24 novembre 2026 », without a line break after the day. What is not a date
/// is left as it is.
pub fn day(iso: &str) -> String {
    let parts: Vec<u16> = iso.split('-').filter_map(|part| part.parse().ok()).collect();
    let [year, month, day] = parts[..] else { return iso.to_owned() };
    let Some(name) = MONTHS.get(usize::from(month).wrapping_sub(1)).filter(|_| is_date(iso)) else {
        return iso.to_owned();
    };
    let first = if day == 1 { "er" } else { "" };
    format!("{day}{first}\u{a0}{name} {year}")
}

/// A number with its thousands apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

/// A text with its first letter as a capital.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The French words of a text; empty where it has none, which validation refuses.
pub fn words(text: &Text) -> &str {
    text.get(MAIN_LANGUAGE).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_french_does() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
    }

    #[test]
    fn a_date_is_said_and_what_is_none_is_left_as_it_is() {
        assert_eq!(day("2026-08-01"), "1er\u{a0}août 2026");
        assert_eq!(day("2019-12-31"), "31\u{a0}décembre 2019");
        assert_eq!(day("2026-11-24"), "24\u{a0}novembre 2026");
        for other in ["2026-02-30", "2026-13-01", "2026-00-01", "2026-08", "hier", ""] {
            assert_eq!(day(other), other);
        }
        assert_eq!((weekday(Weekday::Monday), weekday(Weekday::Sunday)), ("lundi", "dimanche"));
    }

    #[test]
    fn a_sentence_begins_with_a_capital() {
        assert_eq!((capitalised("élève de 3e"), capitalised("")), ("Élève de 3e".to_owned(), String::new()));
    }
}
