//! Doubts that only show when records are seen together.

use super::merge::SAME_PLACE;
use super::names::APART;
use super::network::FALLBACK;
use super::pair::Pair;
use super::record::Draft;
use super::repair::{Doubt, Notes, Proposal};
use shared::geography::{Geography, Position};
use shared::spelling::fold;
use std::collections::{BTreeMap, HashMap};

/// From this many addresses on, a domain is a usual one.
const USUAL: usize = 5;

/// Domains that people write for others.
const MISTAKEN: &[(&str, &str)] = &[
    ("gmail.fr", "gmail.com"),
    ("gmal.com", "gmail.com"),
    ("gmial.com", "gmail.com"),
    ("hotmail.con", "hotmail.com"),
    ("wanado.fr", "wanadoo.fr"),
    ("wanadoo.com", "wanadoo.fr"),
    ("orange.com", "orange.fr"),
    ("laposte.fr", "laposte.net"),
];

/// Looks at all records together, and returns which are the same place as an earlier one
/// because somebody said so. The columns are those of phones and e-mails.
pub(crate) fn look(
    drafts: &mut [Draft],
    geography: &Geography,
    phone_column: &str,
    email_column: &str,
    notes: &mut Notes,
) -> BTreeMap<usize, usize> {
    shared_phones(drafts, geography, phone_column, notes);
    email_domains(drafts, email_column, notes);
    twins(drafts, geography, notes)
}

fn position(draft: &Draft, geography: &Geography) -> Option<Position> {
    draft.structure.position.or_else(|| Some(geography.current(&draft.structure.commune)?.position))
}

/// One number for two places far apart: one of them has the other's.
fn shared_phones(drafts: &[Draft], geography: &Geography, column: &str, notes: &mut Notes) {
    let mut by_phone: BTreeMap<&str, Vec<&Draft>> = BTreeMap::new();
    for draft in drafts {
        for phone in &draft.structure.phones {
            by_phone.entry(phone).or_default().push(draft);
        }
    }
    for (phone, holders) in by_phone {
        for (index, one) in holders.iter().enumerate() {
            let far = holders.iter().enumerate().find(|(other_index, other)| {
                let apart = position(one, geography)
                    .zip(position(other, geography))
                    .is_some_and(|(here, there)| here.distance(there) > APART);
                // A network with one number for all its places says so by its key.
                *other_index != index
                    && apart
                    && !(one.key == other.key
                        && one.structure.network == other.structure.network
                        && one.key.is_empty())
            });
            if let Some((_, other)) = far {
                let expected = format!(
                    "son propre numéro : la ligne {} ({}) a le même",
                    other.row, other.structure.name
                );
                notes.doubt(Doubt::SharedPhone, one.row, column, phone, expected);
            }
        }
    }
}

/// A domain that looks like another one: `lyon.fr` among many `ac-lyon.fr`.
fn email_domains(drafts: &mut [Draft], column: &str, notes: &mut Notes) {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for email in drafts.iter().flat_map(|draft| &draft.structure.emails) {
        if let Some((_, domain)) = email.split_once('@') {
            *count.entry(domain.to_owned()).or_default() += 1;
        }
    }
    let usual: Vec<&str> =
        count.iter().filter(|(_, uses)| **uses >= USUAL).map(|(domain, _)| domain.as_str()).collect();
    for draft in drafts {
        let row = draft.row;
        for email in &mut draft.structure.emails {
            let Some((_, domain)) = email.split_once('@') else { continue };
            let is_rare = count.get(domain).is_some_and(|uses| *uses < USUAL);
            let usual: &[&str] = if is_rare { &usual } else { &[] };
            if let Some(usual) = usual_domain(email, usual, row, column, notes) {
                *email = usual;
            }
        }
    }
}

/// An address with the domain that it was probably meant to have, of the usual ones, where somebody accepted it.
fn usual_domain(email: &str, usual: &[&str], row: usize, column: &str, notes: &mut Notes) -> Option<String> {
    let (name, domain) = email.split_once('@')?;
    let mistaken = MISTAKEN.iter().find(|(wrong, _)| *wrong == domain).map(|(_, right)| *right);
    let usual = mistaken.or_else(|| {
        usual.iter().copied().find(|other| {
            other.strip_suffix(domain).is_some_and(|rest| rest.ends_with('-'))
                || is_one_letter_off(domain, other)
        })
    })?;
    let expected = format!("le domaine est-il bien « {domain} », et non « {usual} » ?");
    let repair = format!("{name}@{usual}");
    let cause = Doubt::EmailDomain;
    let proposal = Proposal { cause, row, column, value: email, expected: &expected, repair: &repair };
    notes.propose(proposal).then_some(repair)
}

/// Whether two words differ by one letter added, dropped or changed.
fn is_one_letter_off(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one == other || one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let same_start = one.iter().zip(other).take_while(|(left, right)| left == right).count();
    let same_end = one.iter().rev().zip(other.iter().rev()).take_while(|(left, right)| left == right).count();
    same_start + same_end + 1 >= one.len().max(other.len())
}

/// Two names of one network at one address, with one phone or in one position: one place,
/// or two? Returns the pairs that somebody called one place, the later one first.
fn twins(drafts: &[Draft], geography: &Geography, notes: &mut Notes) -> BTreeMap<usize, usize> {
    let mut neighbours: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    let names: Vec<String> = drafts.iter().map(|draft| fold(&draft.structure.name)).collect();
    let mut same = BTreeMap::new();
    for (index, one) in drafts.iter().enumerate() {
        let new = &one.structure;
        let list = neighbours.entry((&new.network, &new.commune)).or_default();
        let twin = list.iter().find_map(|other| {
            let same_name = names[index] == names[*other];
            Some((*other, alike(one, &drafts[*other], same_name)?))
        });
        list.push(index);
        let Some((other, sign)) = twin else { continue };
        let twin = &drafts[other];
        let expected =
            format!("un seul lieu, ou deux : la ligne {} ({}) a {sign}", twin.row, twin.structure.name);
        let pair = Pair::of((one.row, new), (Some(twin.row), &twin.structure), geography);
        let proposal = Proposal {
            cause: Doubt::Twin,
            row: one.row,
            column: "",
            value: &new.name,
            expected: &expected,
            repair: &format!("le même lieu que la ligne {}", twin.row),
        };
        if notes.propose_pair(proposal, Some(pair)) {
            same.insert(index, other);
        }
    }
    same
}

/// Why two records of one network and one commune may be one place.
fn alike(one: &Draft, other: &Draft, same_name: bool) -> Option<&'static str> {
    let (new, old) = (&one.structure, &other.structure);
    let same_address = one.address_key == other.address_key;
    // The same record written twice is merged without asking.
    if same_name && same_address {
        return None;
    }
    // Organisations without a network share buildings and switchboards.
    if new.network == FALLBACK {
        return same_name.then_some("le même nom");
    }
    let same_position =
        new.position.zip(old.position).is_some_and(|(here, there)| here.distance(there) <= SAME_PLACE);
    if same_address && !one.address_key.is_empty() {
        Some("la même adresse")
    } else if same_position {
        Some("la même position")
    } else if new.phones.iter().any(|phone| old.phones.contains(phone)) && !old.phones.is_empty() {
        Some("le même téléphone")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_off_is_one_letter() {
        for (one, other, expect) in [
            ("ac-lyon.fr", "ac-lion.fr", true),
            ("ac-lyon.fr", "ac-lyn.fr", true),
            ("ac-lyon.fr", "ac-lyonn.fr", true),
            ("ac-lyon.fr", "ac-lyon.fr", false),
            ("ac-lyon.fr", "ac-paris.fr", false),
            ("aab.fr", "ab.fr", true),
        ] {
            assert_eq!(is_one_letter_off(one, other), expect, "{one} {other}");
        }
    }
}
