//! Phone numbers: what can be mended with certainty is, the rest is told.

use super::contact::Cell;
use super::repair::{Doubt, Notes, Repair, tidy};
use crate::numbering;
use shared::spelling::fold;
use shared::validate::is_phone;

/// The most digits of a short number.
const SHORT: usize = 4;

/// Whether a number is a whole network's: a short one, or one of 08. It says nothing of a place.
pub(super) fn is_national(phone: &str) -> bool {
    phone.starts_with("08") || phone.bytes().filter(u8::is_ascii_digit).count() <= SHORT
}

/// The phone numbers of a cell, the first one first.
pub(crate) fn phones(cell: Cell<'_>, notes: &mut Notes) -> Vec<String> {
    let Cell { row, column, text } = cell;
    let mut numbers: Vec<String> = Vec::new();
    let mut zero_added = false;
    let mut is_phone_too = false;
    let (plain, mut remarks) = without_brackets(text);
    for part in phone_parts(&plain) {
        // « Tél / Fax : » is both.
        if !part.contains(|letter: char| letter.is_ascii_digit()) && is_label(&part, PHONES) {
            is_phone_too = true;
            continue;
        }
        if is_label(&part, FAXES) && !is_label(&part, PHONES) && !is_phone_too {
            notes.doubt(
                Doubt::PhoneRemark,
                row,
                column,
                &part,
                "c’est le numéro d’un fax, et non d’un téléphone",
            );
            continue;
        }
        let (number, remark) = without_remark(&part);
        match phone(number) {
            Some((number, added)) => {
                zero_added |= added;
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
                remarks.extend(remark.map(str::to_owned));
            }
            None => notes.doubt(
                Doubt::Phone,
                row,
                column,
                &part,
                "ce numéro ne peut pas exister : il faut dix chiffres qui commencent par 0, un numéro court, ou un numéro qui commence par +",
            ),
        }
    }
    for remark in remarks {
        notes.doubt(
            Doubt::PhoneRemark,
            row,
            column,
            &remark,
            "cette précision n’a pas sa place dans un numéro",
        );
    }
    let after = numbers.join(" ; ");
    if !numbers.is_empty() && after != text {
        let kind = if numbers.len() > 1 {
            Repair::PhoneSecond
        } else if zero_added {
            Repair::PhoneZero
        } else if tidy(text) == after {
            Repair::PhoneStray
        } else {
            Repair::PhoneSpelling
        };
        if !notes.mend(kind, row, column, text, &after) {
            let written = tidy(text);
            if is_phone(&written) {
                return vec![written];
            }
            notes.doubt(
                Doubt::Phone,
                row,
                column,
                text,
                "la réparation de ce numéro est refusée : il n’est pas repris",
            );
            return Vec::new();
        }
    }
    numbers
}

/// Words that announce a phone number.
const PHONES: &[&str] = &["tel", "telephone", "tels", "telephones", "phone"];

/// Words that announce a fax.
const FAXES: &[&str] = &["fax", "telecopie", "telecopieur"];

fn is_label(part: &str, words: &[&str]) -> bool {
    let letters = part.replace(|letter: char| letter.is_ascii_digit(), " ");
    fold(&letters).split(' ').any(|word| words.contains(&word))
}

/// A cell without what it says in brackets, unless that belongs to the number as in « +33 (0)4 »
/// or makes a fax of it, and what they say.
fn without_brackets(cell: &str) -> (String, Vec<String>) {
    let (mut plain, mut remarks) = (String::with_capacity(cell.len()), Vec::new());
    let mut rest = cell;
    while let Some(start) = rest.find(['(', '[']) {
        let inside = &rest[start + 1..];
        let Some(end) = inside.find([')', ']']) else { break };
        let said = &inside[..end];
        plain.push_str(&rest[..start]);
        if is_label(said, FAXES) {
            plain.push_str(" fax ");
        } else if said.contains(char::is_alphabetic) {
            remarks.push(tidy(said));
            plain.push(' ');
        } else {
            plain.push_str(&rest[start..start + end + 2]);
        }
        rest = &inside[end + 1..];
    }
    plain.push_str(rest);
    (plain, remarks)
}

/// Cuts a cell where one number ends and another begins.
fn phone_parts(cell: &str) -> Vec<String> {
    let cell = cell.replace(" ou ", "\n").replace(" et ", "\n").replace(" OU ", "\n").replace(" ET ", "\n");
    let mut parts = Vec::new();
    for part in
        cell.split(['\n', '\r', '/', ';', ',', '|']).flat_map(at_labels).filter(|part| !part.is_empty())
    {
        let digits: String = part.chars().filter(char::is_ascii_digit).collect();
        let in_a_row = digits.len() > 10
            && digits.len().is_multiple_of(10)
            && !part.contains('+')
            && digits.as_bytes().chunks(10).all(|number| number[0] == b'0' && number[1] != b'0');
        if in_a_row {
            parts.extend(
                digits.as_bytes().chunks(10).map(|number| String::from_utf8_lossy(number).into_owned()),
            );
        } else {
            parts.push(part);
        }
    }
    parts
}

/// Cuts a text before a word that announces a number, where one was there before.
fn at_labels(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let words: Vec<String> = tidy(text).split(' ').map(str::to_owned).collect();
    for (index, word) in words.iter().enumerate() {
        let is_number = |text: &str| text.contains(|letter: char| letter.is_ascii_digit());
        let is_new = (is_label(word, PHONES) || is_label(word, FAXES))
            && is_number(&words[..index].concat())
            && is_number(&words[index..].concat());
        if is_new {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            *part = tidy(&format!("{part} {word}"));
        }
    }
    parts
}

/// A number without the words before it, and those behind it: « poste 12 ».
fn without_remark(part: &str) -> (&str, Option<&str>) {
    let number = part
        .trim_start_matches(|letter: char| letter.is_alphabetic() || matches!(letter, '.' | ':' | '-' | ' '));
    let end = number.find(char::is_alphabetic).unwrap_or(number.len());
    let (number, remark) = number.split_at(end);
    (number.trim_end_matches(['.', '-', ':', ' ']), Some(remark).filter(|remark| !remark.is_empty()))
}

/// One number as France writes it, and whether its leading zero had to be added.
fn phone(number: &str) -> Option<(String, bool)> {
    let mut digits: String = number.chars().filter(char::is_ascii_digit).collect();
    // A spreadsheet program that takes a number for a number.
    if number.ends_with(".0") && digits.len() == 10 && !digits.starts_with('0') {
        digits.pop();
    }
    let is_international = number.starts_with('+') || (digits.starts_with("00") && digits.len() > 10);
    if is_international {
        return numbering::international(number).map(|number| (number, false));
    }
    // Short numbers: 3949, those of operators, and the 116 of social help.
    if digits.len() == 4 && digits.starts_with(['1', '3']) || digits.len() == 6 && digits.starts_with("116") {
        return Some((digits, false));
    }
    let zero_added = digits.len() == 9 && !digits.starts_with('0');
    if zero_added {
        digits.insert(0, '0');
    }
    numbering::is_french(&digits).then(|| (numbering::in_pairs(&digits), zero_added))
}

/// Whether this is one phone number that can exist, however it is written.
pub(crate) fn is_phone_like(text: &str) -> bool {
    let mut silent = Notes::default();
    let found = phones(Cell { row: 0, column: "", text }, &mut silent);
    !found.is_empty()
        && !silent.doubts.contains_key(&Doubt::Phone)
        && found.iter().all(|number| number.len() > 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads one cell: the numbers, the repairs' codes and the doubts' codes.
    fn phone_is(text: &str, numbers: &[&str], repair: &[&str], doubt: &[&str]) {
        let mut notes = Notes::default();
        let found = phones(Cell { row: 2, column: "C", text }, &mut notes);
        let repairs: Vec<&str> = notes.repairs.keys().map(|kind| kind.code()).collect();
        let doubts: Vec<&str> = notes.doubts.keys().map(|cause| cause.code()).collect();
        assert_eq!(
            (found, &repairs[..], &doubts[..]),
            (numbers.iter().map(|one| (*one).to_owned()).collect(), repair, doubt),
            "{text:?}"
        );
    }

    #[test]
    fn phones_are_mended_or_told() {
        phone_is("", &[], &[], &[]);
        phone_is("04 75 00 00 01", &["04 75 00 00 01"], &[], &[]);
        phone_is("04 75 00 00 01 ", &["04 75 00 00 01"], &["phone-stray-character"], &[]);
        phone_is("04\u{a0}75 00 00 01", &["04 75 00 00 01"], &["phone-stray-character"], &[]);
        phone_is(
            "04 75 00 00 01\n06 10 00 00 02",
            &["04 75 00 00 01", "06 10 00 00 02"],
            &["phone-second-number"],
            &[],
        );
        phone_is(
            "0475000001/0475000002",
            &["04 75 00 00 01", "04 75 00 00 02"],
            &["phone-second-number"],
            &[],
        );
        phone_is(
            "0475000001 0475000002",
            &["04 75 00 00 01", "04 75 00 00 02"],
            &["phone-second-number"],
            &[],
        );
        phone_is("04 75 00 00 01 ou 3949", &["04 75 00 00 01", "3949"], &["phone-second-number"], &[]);
        phone_is("475000001", &["04 75 00 00 01"], &["phone-leading-zero"], &[]);
        phone_is("475000001.0", &["04 75 00 00 01"], &["phone-leading-zero"], &[]);
        phone_is("04.75.00.00.01", &["04 75 00 00 01"], &["phone-spelling"], &[]);
        phone_is("Tél. : 04-75-00-00-01", &["04 75 00 00 01"], &["phone-spelling"], &[]);
        phone_is("+33 (0)4 75 00 00 01", &["04 75 00 00 01"], &["phone-spelling"], &[]);
        phone_is("0262 20 00 01", &["02 62 20 00 01"], &["phone-spelling"], &[]);
        phone_is("3949", &["3949"], &[], &[]);
        phone_is("04 75 00 00", &[], &[], &["phone-unreadable"]);
        phone_is("accueil", &[], &[], &["phone-unreadable"]);
        phone_is("04 75 00 00 01 / 12", &["04 75 00 00 01"], &["phone-spelling"], &["phone-unreadable"]);
        phone_is("+41 22 388 44 00", &["+41 22 388 44 00"], &[], &[]);
    }

    #[test]
    fn what_is_said_of_a_number_is_told() {
        const ONE: &[&str] = &["04 75 00 00 01"];
        let (spelling, remark) = (&["phone-spelling"][..], &["phone-remark"][..]);
        for text in [
            "04 75 00 00 01 (poste 7)",
            "04 75 00 00 01 poste 7",
            "04 75 00 00 01 [prix d’un appel local, 0,06 €/min]",
            "04 75 00 00 01 / fax 04 75 00 00 02",
            "Tél. 04 75 00 00 01 Fax. 04 75 00 00 02",
            "04 75 00 00 01 ; 04 75 00 00 02 (télécopie)",
        ] {
            phone_is(text, ONE, spelling, remark);
        }
        phone_is("Fax : 04 75 00 00 02", &[], &[], remark);
        phone_is("Tél / Fax : 04 75 00 00 01", ONE, spelling, &[]);
        phone_is("Tél. et fax 04 75 00 00 01", ONE, spelling, &[]);
        phone_is("0 805 12 34 56 (numéro vert)", &["08 05 12 34 56"], spelling, remark);
        phone_is("04 75 00 00 (poste 7)", &[], &[], &["phone-unreadable", "phone-remark"]);
    }

    #[test]
    fn what_a_repair_writes_passes_the_check() {
        for (text, number) in [
            ("+687 25 62 00", "+687 25 62 00"),
            ("+1 (514) 555-0199", "+1 514 555 0199"),
            ("+44 20 7946 0958", "+44 20 7946 0958"),
            ("+32.2.274.15.00", "+32 2 274 15 00"),
        ] {
            let found = phones(Cell { row: 2, column: "C", text }, &mut Notes::default());
            assert_eq!(found, [number]);
            assert!(is_phone(number));
        }
    }
}
