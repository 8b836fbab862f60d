//! Doubts that only show when records are seen together.

use super::names::APART;
use super::network::FALLBACK;
use super::record::Draft;
use super::repair::{Doubt, Notes};
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

/// Looks at all records together. `columns` names the columns of phones and e-mails.
pub(crate) fn look(
    drafts: &[Draft],
    geography: &Geography,
    phone_column: &str,
    email_column: &str,
    notes: &mut Notes,
) {
    shared_phones(drafts, geography, phone_column, notes);
    email_domains(drafts, email_column, notes);
    twins(drafts, notes);
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
fn email_domains(drafts: &[Draft], column: &str, notes: &mut Notes) {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    let addresses = || {
        drafts
            .iter()
            .flat_map(|draft| draft.structure.emails.iter().map(move |email| (draft, email.as_str())))
    };
    for (_, email) in addresses() {
        if let Some((_, domain)) = email.split_once('@') {
            *count.entry(domain).or_default() += 1;
        }
    }
    let usual_domains: Vec<&str> =
        count.iter().filter(|(_, uses)| **uses >= USUAL).map(|(domain, _)| *domain).collect();
    for (draft, email) in addresses() {
        let Some((name, domain)) = email.split_once('@') else { continue };
        let mistaken = MISTAKEN.iter().find(|(wrong, _)| *wrong == domain).map(|(_, right)| *right);
        let is_rare = count.get(domain).is_some_and(|uses| *uses < USUAL);
        let usual = mistaken.or_else(|| {
            usual_domains.iter().copied().filter(|_| is_rare).find(|other| {
                other.strip_suffix(domain).is_some_and(|rest| rest.ends_with('-'))
                    || is_one_letter_off(domain, other)
            })
        });
        if let Some(usual) = usual {
            notes.doubt_proposing(
                Doubt::EmailDomain,
                draft.row,
                column,
                email,
                format!("le domaine est-il bien « {domain} », et non « {usual} » ?"),
                format!("{name}@{usual}"),
            );
        }
    }
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

/// Two names of one network at one address: one place, or two?
fn twins(drafts: &[Draft], notes: &mut Notes) {
    // Network, commune and street: the records there, each name once.
    let mut there: HashMap<_, Vec<(String, &Draft)>> = HashMap::new();
    for one in drafts {
        let structure = &one.structure;
        if structure.network == FALLBACK || one.address_key.is_empty() {
            continue;
        }
        let others = there.entry((&structure.network, &structure.commune, &one.address_key)).or_default();
        let name = fold(&structure.name);
        let twin = others.iter().find(|(other, _)| *other != name).map(|(_, twin)| *twin);
        // One record of each name is enough to tell of the next.
        if !others.iter().any(|(other, _)| *other == name) {
            others.push((name, one));
        }
        if let Some(twin) = twin {
            let expected = format!(
                "un seul lieu, ou deux : la ligne {} ({}) a la même adresse",
                twin.row, twin.structure.name
            );
            notes.doubt(Doubt::Twin, one.row, "", &one.structure.name, expected);
        }
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
