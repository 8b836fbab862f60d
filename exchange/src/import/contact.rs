//! Phones, e-mails and websites: what can be mended with certainty is, the rest is told.

use super::repair::{Doubt, Notes, Proposal, Repair, is_space, tidy};
use email_address::{EmailAddress, Options};
use phonenumber::{Mode, country};
use shared::validate::is_phone;

/// The cell that a contact was read from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell<'a> {
    /// Its row.
    pub(crate) row: usize,
    /// Its column's title.
    pub(crate) column: &'a str,
    /// What it holds.
    pub(crate) text: &'a str,
}

/// The numbering plans that a ten-digit French number may belong to.
pub(crate) const FRENCH_PLANS: [country::Id; 7] =
    [country::FR, country::RE, country::GP, country::MQ, country::GF, country::YT, country::PM];

/// The phone numbers of a cell, the first one first.
pub(crate) fn phones(cell: Cell<'_>, notes: &mut Notes) -> Vec<String> {
    let Cell { row, column, text } = cell;
    let mut numbers: Vec<String> = Vec::new();
    let mut zero_added = false;
    for part in phone_parts(text) {
        match phone(&part) {
            Some((number, added)) => {
                zero_added |= added;
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
            None => notes.doubt(
                Doubt::Phone,
                row,
                column,
                &part,
                "un numéro à dix chiffres qui commence par 0, un numéro court, ou un numéro qui commence par +",
            ),
        }
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
                "un numéro : sa réparation est refusée, il n’est pas repris",
            );
            return Vec::new();
        }
    }
    numbers
}

/// Cuts a cell where one number ends and another begins.
fn phone_parts(cell: &str) -> Vec<String> {
    let cell = cell.replace(" ou ", "\n").replace(" et ", "\n").replace(" OU ", "\n").replace(" ET ", "\n");
    let mut parts = Vec::new();
    for part in cell.split(['\n', '\r', '/', ';', ',', '|']).map(tidy).filter(|part| !part.is_empty()) {
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

/// One number as France writes it, and whether its leading zero had to be added.
fn phone(part: &str) -> Option<(String, bool)> {
    let unlabelled = part
        .trim_start_matches(|letter: char| letter.is_alphabetic() || matches!(letter, '.' | ':' | ' '))
        .trim_end_matches(['.', '-', ' ']);
    if unlabelled.chars().any(char::is_alphabetic) {
        return None;
    }
    let mut digits: String = unlabelled.chars().filter(char::is_ascii_digit).collect();
    // A spreadsheet program that takes a number for a number.
    if unlabelled.ends_with(".0") && digits.len() == 10 && !digits.starts_with('0') {
        digits.pop();
    }
    let is_international = unlabelled.starts_with('+') || (digits.starts_with("00") && digits.len() > 10);
    if is_international {
        let dialled = format!("+{}", digits.trim_start_matches('0').replacen("330", "33", 1));
        let number = phonenumber::parse(None, dialled).ok().filter(phonenumber::is_valid)?;
        let mode = if number.code().value() == 33 { Mode::National } else { Mode::International };
        return Some((number.format().mode(mode).to_string().replace(['-', '(', ')'], " "), false));
    }
    // Short numbers: 3949, those of operators, and the 116 of social help.
    if digits.len() == 4 && digits.starts_with(['1', '3']) || digits.len() == 6 && digits.starts_with("116") {
        return Some((digits, false));
    }
    let zero_added = digits.len() == 9 && !digits.starts_with('0');
    if zero_added {
        digits.insert(0, '0');
    }
    if digits.len() != 10 || !digits.starts_with('0') {
        return None;
    }
    FRENCH_PLANS
        .iter()
        .find_map(|plan| phonenumber::parse(Some(*plan), &digits).ok().filter(phonenumber::is_valid))?;
    let pairs: Vec<&str> = (0..5).map(|pair| &digits[pair * 2..pair * 2 + 2]).collect();
    Some((pairs.join(" "), zero_added))
}

/// The e-mail addresses of a cell.
pub(crate) fn emails(cell: Cell<'_>, notes: &mut Notes) -> Vec<String> {
    let Cell { row, column, text } = cell;
    if tidy(text).is_empty() {
        return Vec::new();
    }
    let mut addresses: Vec<String> = Vec::new();
    let mut is_chosen = false;
    for part in email_parts(text) {
        match email(&part) {
            Ok(address) => {
                if !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
            Err(Some(proposal)) => {
                let cause = Doubt::Email;
                let expected = "une adresse de la forme accueil@exemple.fr";
                if notes.propose(Proposal { cause, row, column, value: &part, expected, repair: &proposal }) {
                    addresses.push(proposal);
                    is_chosen = true;
                }
            }
            Err(None) => {
                notes.doubt(Doubt::Email, row, column, &part, "une adresse de la forme accueil@exemple.fr");
            }
        }
    }
    let after = addresses.join(" ; ");
    if !addresses.is_empty() && after != text && !(is_chosen && addresses.len() == 1) {
        let kind = if addresses.len() > 1 {
            Repair::EmailSecond
        } else if after.eq_ignore_ascii_case(text) {
            Repair::EmailCase
        } else {
            Repair::EmailStray
        };
        if !notes.mend(kind, row, column, text, &after) {
            if is_address(text) {
                return vec![text.to_owned()];
            }
            let expected = "une adresse : sa réparation est refusée, elle n’est pas reprise";
            notes.doubt(Doubt::Email, row, column, text, expected);
            return Vec::new();
        }
    }
    addresses
}

/// Cuts a cell into addresses: at white space only where there is more than one, because
/// a space within a single address is a stray.
fn email_parts(cell: &str) -> Vec<String> {
    let squeeze = |text: &str| text.chars().filter(|letter| !is_space(*letter)).collect::<String>();
    if cell.matches('@').count() <= 1 {
        return vec![squeeze(cell)];
    }
    let mut parts: Vec<String> = Vec::new();
    for part in cell.split([';', ',', '/', '|', '\n', '\r']).map(tidy).filter(|part| !part.is_empty()) {
        if part.matches('@').count() > 1 {
            parts.extend(part.split(' ').filter(|word| word.contains('@')).map(str::to_owned));
        } else {
            parts.push(squeeze(&part));
        }
    }
    parts
}

/// One address with its domain in lower case; what could be meant where it is not one.
fn email(part: &str) -> Result<String, Option<String>> {
    const STRAY: &[char] = &['.', ',', ';', ':', '<', '>', '(', ')', '[', ']', '"', '\'', '’', '-', '_'];
    let lower_start = part.get(..7).map(str::to_ascii_lowercase);
    let part = if lower_start.as_deref() == Some("mailto:") { &part[7..] } else { part };
    // An underscore or a hyphen may begin a name, but never end a domain.
    let part = part.trim_start_matches(&STRAY[..STRAY.len() - 2]).trim_end_matches(STRAY);
    let Some((name, domain)) = part.rsplit_once('@') else { return Err(None) };
    let address = format!("{name}@{}", domain.to_lowercase());
    if is_address(&address) {
        return Ok(address);
    }
    let proposal = format!("{name}@{}", domain.to_lowercase().replace(',', "."));
    Err(is_address(&proposal).then_some(proposal))
}

/// Whether this is one address and nothing else.
pub(crate) fn is_address(text: &str) -> bool {
    text.is_ascii()
        && !text.contains(['"', '(', ')', ',', ';', ':', '\\', '[', ']', '<', '>'])
        && EmailAddress::parse_with_options(
            text,
            Options::default().with_required_tld().without_display_text(),
        )
        .is_ok()
}

/// Whether this is one phone number that can exist, however it is written.
pub(crate) fn is_phone_like(text: &str) -> bool {
    let mut silent = Notes::default();
    let found = phones(Cell { row: 0, column: "", text }, &mut silent);
    !found.is_empty() && silent.doubts.is_empty() && found.iter().all(|number| number.len() > 6)
}

/// Whether this is the address of a page.
pub(crate) fn is_page(text: &str) -> bool {
    website(Cell { row: 0, column: "", text }, &mut Notes::default()).is_some()
}

/// The website of a cell.
pub(crate) fn website(cell: Cell<'_>, notes: &mut Notes) -> Option<String> {
    let Cell { row, column, text } = cell;
    let tidied = tidy(text);
    if tidied.is_empty() {
        return None;
    }
    let has_scheme = tidied.starts_with("https://") || tidied.starts_with("http://");
    let address = if has_scheme { tidied.clone() } else { format!("https://{tidied}") };
    let host = address.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
    let fits = host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !address.contains([' ', '@'])
        && tidied.contains(":/") == has_scheme;
    if !fits {
        notes.doubt(Doubt::Website, row, column, text, "une adresse complète, comme https://exemple.fr");
        return None;
    }
    let kind = if has_scheme { Repair::Space } else { Repair::WebsiteScheme };
    if address != text && !notes.mend(kind, row, column, text, &address) {
        let expected = "une adresse complète : sa réparation est refusée, elle n’est pas reprise";
        notes.doubt(Doubt::Website, row, column, text, expected);
        return None;
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads one cell and returns what was found, the repairs' codes and the doubts' codes.
    fn read(
        reader: impl Fn(Cell<'_>, &mut Notes) -> Vec<String>,
        text: &str,
    ) -> (Vec<String>, Vec<&'static str>, Vec<&'static str>) {
        let mut notes = Notes::default();
        let found = reader(Cell { row: 2, column: "C", text }, &mut notes);
        let repairs = notes.repairs.keys().map(|kind| kind.code()).collect();
        let doubts = notes.doubts.keys().map(|cause| cause.code()).collect();
        (found, repairs, doubts)
    }

    fn phone_is(text: &str, numbers: &[&str], repair: &[&str], doubt: &[&str]) {
        let (found, repairs, doubts) = read(phones, text);
        assert_eq!((found, repairs, doubts), (strings(numbers), repair.to_vec(), doubt.to_vec()), "{text:?}");
    }

    fn email_is(text: &str, addresses: &[&str], repair: &[&str], doubt: &[&str]) {
        let (found, repairs, doubts) = read(emails, text);
        assert_eq!(
            (found, repairs, doubts),
            (strings(addresses), repair.to_vec(), doubt.to_vec()),
            "{text:?}"
        );
    }

    fn strings(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_owned()).collect()
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
    fn emails_are_mended_or_told() {
        email_is("", &[], &[], &[]);
        email_is("pij@exemple.fr", &["pij@exemple.fr"], &[], &[]);
        email_is("pij@exemple.fr ", &["pij@exemple.fr"], &["email-stray-character"], &[]);
        email_is("pij @exemple.fr", &["pij@exemple.fr"], &["email-stray-character"], &[]);
        email_is("pij@exemple.fr-", &["pij@exemple.fr"], &["email-stray-character"], &[]);
        email_is("pij@exemple.fr\n", &["pij@exemple.fr"], &["email-stray-character"], &[]);
        email_is("<mailto:pij@exemple.fr>", &[], &[], &["email-unreadable"]);
        email_is("mailto:pij@exemple.fr", &["pij@exemple.fr"], &["email-stray-character"], &[]);
        email_is("Pij@exemple.fr", &["Pij@exemple.fr"], &[], &[]);
        email_is("Pij@Exemple.FR", &["Pij@exemple.fr"], &["email-domain-case"], &[]);
        email_is(
            "a@exemple.fr b@exemple.fr",
            &["a@exemple.fr", "b@exemple.fr"],
            &["email-second-address"],
            &[],
        );
        email_is(
            "a@exemple.fr;b@exemple.fr",
            &["a@exemple.fr", "b@exemple.fr"],
            &["email-second-address"],
            &[],
        );
        email_is("a@exemple", &[], &[], &["email-unreadable"]);
        email_is("exemple.fr", &[], &[], &["email-unreadable"]);
        email_is("a@exemple,fr", &[], &[], &["email-unreadable"]);
        email_is("é@exemple.fr", &[], &[], &["email-unreadable"]);
    }

    #[test]
    fn websites_get_their_scheme() {
        let one = |text: &str| read(|cell, notes| website(cell, notes).into_iter().collect(), text);
        assert_eq!(
            one("www.exemple.fr"),
            (strings(&["https://www.exemple.fr"]), vec!["website-scheme"], vec![])
        );
        assert_eq!(one("http://exemple.fr/a"), (strings(&["http://exemple.fr/a"]), vec![], vec![]));
        assert_eq!(one("voir page"), (vec![], vec![], vec!["website-unreadable"]));
        assert_eq!(one("http:/exemple.fr"), (vec![], vec![], vec!["website-unreadable"]));
        assert_eq!(one(""), (vec![], vec![], vec![]));
    }
}
