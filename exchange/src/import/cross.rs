//! Doubts that only show when records are seen together.

use super::matching::identifiers;
use super::merge::SAME_PLACE;
use super::names::APART;
use super::near::{Seen, Signs};
use super::network::FALLBACK;
use super::pair::Pair;
use super::phones::is_national;
use super::record::Draft;
use super::repair::{Doubt, Notes, Proposal};
use shared::geography::{Geography, Position};
use shared::spelling::fold;
use std::collections::{BTreeMap, HashSet};

/// From this many addresses on, a domain is a usual one.
const USUAL: usize = 5;

/// So many kinds of places with one number are compared with each other.
const KINDS: usize = 256;

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
    shared_addresses(drafts, notes);
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
    for (phone, holders) in by_phone.into_iter().filter(|(phone, _)| !is_national(phone)) {
        // Those in one place of one network are one: a switchboard has thousands of places.
        let mut kinds: Vec<(&Draft, Option<Position>)> = Vec::new();
        let mut known: HashSet<(&str, &str, bool, Option<[u32; 2]>)> = HashSet::new();
        let at: Vec<Option<Position>> = holders.iter().map(|one| position(one, geography)).collect();
        for (one, at) in holders.iter().zip(&at) {
            let bits = at.map(|at| [at.latitude.to_bits(), at.longitude.to_bits()]);
            let kind = (one.key.as_str(), one.structure.network.as_str(), one.key.is_empty(), bits);
            if kinds.len() < KINDS && known.insert(kind) {
                kinds.push((one, *at));
            }
        }
        for (one, at) in holders.iter().zip(&at) {
            let far = kinds.iter().find(|(other, there)| {
                let apart = at.zip(*there).is_some_and(|(here, there)| here.distance(there) > APART);
                // A network with one number for all its places says so by its key.
                apart
                    && !(one.key == other.key
                        && one.structure.network == other.structure.network
                        && one.key.is_empty())
            });
            if let Some((other, _)) = far {
                let expected = format!(
                    "la ligne {} ({}) a le même numéro : un standard commun, ou une erreur ?",
                    other.row, other.structure.name
                );
                notes.doubt(Doubt::SharedPhone, one.row, column, phone, expected);
            }
        }
    }
}

/// One address for places of several networks: one building, or a cell that was copied. Told once
/// an address; of one network, [`twins`] asks whether they are one place.
fn shared_addresses(drafts: &[Draft], notes: &mut Notes) {
    let mut by_address: BTreeMap<(&str, &str), Vec<&Draft>> = BTreeMap::new();
    for draft in drafts.iter().filter(|draft| !draft.is_own && !draft.address_key.is_empty()) {
        let holders =
            by_address.entry((draft.structure.commune.as_str(), draft.address_key.as_str())).or_default();
        if holders.iter().all(|other| other.structure.network != draft.structure.network) {
            holders.push(draft);
        }
    }
    for holders in by_address.into_values().filter(|holders| holders.len() > 1) {
        let names: Vec<String> = holders
            .iter()
            .map(|draft| format!("« {} » (ligne {})", draft.structure.name, draft.row))
            .collect();
        let expected = format!("un même bâtiment, ou une adresse à corriger : {} ?", names.join(", "));
        let value = holders[0].structure.address.lines.join(", ");
        notes.doubt(Doubt::SharedAddress, holders[0].row, "", &value, expected);
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

/// Two records of one network at one address, with one phone or mail or in one position: one place,
/// or two? Those of one name at one address too, where their source gives them two identifiers.
/// Returns the pairs that somebody called one place, the later one first.
fn twins(drafts: &[Draft], geography: &Geography, notes: &mut Notes) -> BTreeMap<usize, usize> {
    let names: Vec<String> = drafts.iter().map(|draft| fold(&draft.structure.name)).collect();
    let mut seen = Seen::default();
    let mut same = BTreeMap::new();
    for (index, one) in drafts.iter().enumerate() {
        let new = &one.structure;
        let signs = Signs {
            area: (&new.network, &new.commune),
            label: (&names[index], &one.address_key),
            identifier: identifiers(new).next().map_or("", |(_, identifier)| identifier),
            phones: &new.phones,
            emails: &new.emails,
            position: new.position,
        };
        // Organisations without a network share buildings and switchboards.
        let is_alone = new.network == FALLBACK;
        let other = if is_alone { seen.by_name(&signs) } else { seen.by_contact(&signs) };
        seen.add(index, &signs);
        let Some(other) = other else { continue };
        let sign = if is_alone { "le même nom" } else { in_common(one, &drafts[other]) };
        let twin = &drafts[other];
        let expected =
            format!("la ligne {} ({}) a {sign} : un seul lieu, ou deux ?", twin.row, twin.structure.name);
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

/// What two records of one network and one commune have in common.
fn in_common(one: &Draft, other: &Draft) -> &'static str {
    let is_here = |(here, there): (Position, Position)| here.distance(there) <= SAME_PLACE;
    if one.address_key == other.address_key && !one.address_key.is_empty() {
        let is_called_so = fold(&one.structure.name) == fold(&other.structure.name);
        if is_called_so { "le même nom et la même adresse" } else { "la même adresse" }
    } else if one.structure.position.zip(other.structure.position).is_some_and(is_here) {
        "la même position"
    } else if one.structure.phones.iter().any(|phone| other.structure.phones.contains(phone)) {
        "le même téléphone"
    } else {
        "le même courriel"
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
