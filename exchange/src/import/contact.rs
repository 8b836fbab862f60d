//! E-mails and websites: what can be mended with certainty is, the rest is told.

use super::repair::{Doubt, Notes, Proposal, Repair, is_space, tidy};
use email_address::{EmailAddress, Options};

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
                let expected = "ce n’est pas une adresse de courriel, comme accueil@exemple.fr";
                if notes.propose(Proposal { cause, row, column, value: &part, expected, repair: &proposal }) {
                    addresses.push(proposal);
                    is_chosen = true;
                }
            }
            Err(None) => {
                notes.doubt(
                    Doubt::Email,
                    row,
                    column,
                    &part,
                    "ce n’est pas une adresse de courriel, comme accueil@exemple.fr",
                );
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
            let expected = "la réparation de cette adresse est refusée : elle n’est pas reprise";
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
        // « Accueil <accueil@exemple.fr> » is what a mail program copies.
        let inside = cell.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
        return vec![squeeze(
            inside.map(|(address, _)| address).filter(|it| it.contains('@')).unwrap_or(cell),
        )];
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
        notes.doubt(
            Doubt::Website,
            row,
            column,
            text,
            "ce n’est pas l’adresse complète d’un site, comme https://exemple.fr",
        );
        return None;
    }
    let kind = if has_scheme { Repair::Space } else { Repair::WebsiteScheme };
    if address != text && !notes.mend(kind, row, column, text, &address) {
        let expected = "la réparation de cette adresse est refusée : elle n’est pas reprise";
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
    fn emails_are_mended_or_told() {
        email_is("", &[], &[], &[]);
        email_is("pij@exemple.fr", &["pij@exemple.fr"], &[], &[]);
        email_is("pij@exemple.fr ", &["pij@exemple.fr"], &["email-stray-character"], &[]);
        email_is("pij @exemple.fr", &["pij@exemple.fr"], &["email-stray-character"], &[]);
        email_is("pij@exemple.fr-", &["pij@exemple.fr"], &["email-stray-character"], &[]);
        email_is("pij@exemple.fr\n", &["pij@exemple.fr"], &["email-stray-character"], &[]);
        email_is("<mailto:pij@exemple.fr>", &["pij@exemple.fr"], &["email-stray-character"], &[]);
        email_is("Accueil <pij@exemple.fr>", &["pij@exemple.fr"], &["email-stray-character"], &[]);
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
