//! Finding the structure of a directory that a record is.

use super::address;
use super::merge::{Merger, SAME_PLACE};
use super::names;
use super::near::{Places, Signs};
use super::network::FALLBACK;
use super::phones::is_national;
use super::record::Draft;
use crate::inclusion::SIRET;
use shared::directory::Structure;
use shared::spelling::fold;
use std::collections::{BTreeMap, HashMap};

impl Merger<'_> {
    /// The structure of the directory that each draft is, from the surest sign to the
    /// weakest, each structure once.
    pub(crate) fn match_all(
        &self,
        drafts: &[Draft],
        first_of: &[usize],
        structures: &[Structure],
    ) -> Vec<Option<usize>> {
        let known: Vec<(String, String)> = structures
            .iter()
            .map(|structure| {
                let commune =
                    self.geography.current(&structure.commune).map_or("", |commune| commune.name.as_str());
                let key = names::key(&structure.name, &structure.network, commune, self.networks, self.words);
                (key, address::key(&structure.address.lines, self.words))
            })
            .collect();
        let mut target: Vec<Option<usize>> = vec![None; drafts.len()];
        let mut taken = vec![false; structures.len()];
        match_identifiers(drafts, first_of, structures, &mut target, &mut taken);
        // Every sign below is of one network in one commune. Nobody is compared with all others,
        // so that a whole country is matched in the time that it takes to read it.
        let mut places = Places::default();
        for (place, (structure, known)) in structures.iter().zip(&known).enumerate() {
            places.add(place, &signs(structure, &known.0, &known.1));
        }
        let mut called: HashMap<_, Vec<usize>> = HashMap::new();
        for index in (0..drafts.len()).filter(|index| first_of[*index] == *index) {
            let draft = &drafts[index];
            called.entry((area(&draft.structure), draft.key.as_str())).or_default().push(index);
        }
        for sign in [Sign::NameAndAddress, Sign::Address, Sign::PhoneOrPosition, Sign::OnlyName] {
            for (index, draft) in drafts.iter().enumerate() {
                if first_of[index] != index || target[index].is_some() {
                    continue;
                }
                let own = signs(&draft.structure, &draft.key, &draft.address_key);
                let mut found = match sign {
                    Sign::NameAndAddress => places.by_label(&own, &taken),
                    Sign::Address => places.by_street(&own, &taken),
                    Sign::PhoneOrPosition => places.by_phone_or_position(&own, &taken),
                    Sign::OnlyName => places.by_name(&own, &taken),
                };
                found.retain(|place| sign.holds(draft, &structures[*place], &known[*place]));
                // The weakest sign counts only where nobody else could be meant.
                let rivals = |place: usize| {
                    let of_this_name = called.get(&(own.area, own.label.0)).into_iter().flatten();
                    of_this_name.take(RIVALS).any(|other| {
                        *other != index
                            && target[*other].is_none()
                            && sign.holds(&drafts[*other], &structures[place], &known[place])
                    })
                };
                if sign == Sign::OnlyName && (found.len() != 1 || rivals(found[0])) {
                    continue;
                }
                if let Some(place) = found.first() {
                    target[index] = Some(*place);
                    taken[*place] = true;
                }
            }
        }
        target
    }
}

/// The structures that drafts name themselves: by our identifier, or by that of another
/// directory.
fn match_identifiers(
    drafts: &[Draft],
    first_of: &[usize],
    structures: &[Structure],
    target: &mut [Option<usize>],
    taken: &mut [bool],
) {
    let mut by_identifier: HashMap<(&str, &str), usize> = HashMap::new();
    for (place, structure) in structures.iter().enumerate().rev() {
        by_identifier.extend(identifiers(structure).map(|identifier| (identifier, place)));
    }
    for index in (0..drafts.len()).filter(|index| first_of[*index] == *index) {
        let found = identifiers(&drafts[index].structure)
            .find_map(|identifier| by_identifier.get(&identifier).copied().filter(|place| !taken[*place]));
        if let Some(place) = found {
            target[index] = Some(place);
            taken[place] = true;
        }
    }
}

/// So many records of one name are looked at, to see whether one of them is meant as well.
const RIVALS: usize = 1024;

/// What a structure, or the structure of a record, may have in common with others.
fn signs<'a>(structure: &'a Structure, name: &'a str, street: &'a str) -> Signs<'a> {
    Signs {
        area: area(structure),
        label: (name, street),
        identifier: "",
        phones: &structure.phones,
        emails: &structure.emails,
        position: structure.position,
    }
}

/// Where a structure may be matched by what is known of it.
fn area(structure: &Structure) -> (&str, &str) {
    (&structure.network, &structure.commune)
}

/// What a structure is called, by us and elsewhere: the source and the identifier. An
/// establishment's number is not one: several places may be of one establishment.
pub(crate) fn identifiers(structure: &Structure) -> impl Iterator<Item = (&str, &str)> {
    let own = Some(("", structure.id.as_str())).filter(|(_, id)| !id.is_empty());
    let elsewhere = structure.references.iter().map(|(source, id)| (source.as_str(), id.as_str()));
    own.into_iter().chain(elsewhere.filter(|(source, _)| *source != SIRET))
}

/// Whether two records are called differently by one and the same source.
fn are_told_apart(one: &Structure, other: &Structure) -> bool {
    identifiers(one)
        .any(|(source, id)| identifiers(other).any(|(same, another)| same == source && another != id))
}

/// What makes a draft and a structure one place, of one network and in one commune.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    NameAndAddress,
    Address,
    PhoneOrPosition,
    OnlyName,
}

impl Sign {
    fn holds(self, draft: &Draft, structure: &Structure, known: &(String, String)) -> bool {
        let new = &draft.structure;
        if new.network != structure.network || new.commune != structure.commune {
            return false;
        }
        // One source calls two places by two identifiers: they are two.
        if are_told_apart(new, structure) {
            return false;
        }
        let same_name = draft.key == known.0;
        let same_address = !draft.address_key.is_empty() && draft.address_key == known.1;
        // Organisations without a network share buildings and switchboards.
        let may_differ = new.network != FALLBACK;
        match self {
            Self::NameAndAddress => same_name && same_address,
            Self::Address => same_address && may_differ,
            Self::PhoneOrPosition => {
                let same_phone =
                    new.phones.iter().any(|phone| !is_national(phone) && structure.phones.contains(phone));
                let same_position = new
                    .position
                    .zip(structure.position)
                    .is_some_and(|(here, there)| !there.approximate && here.distance(there) <= SAME_PLACE);
                may_differ && (same_phone || same_position)
            }
            Self::OnlyName => same_name,
        }
    }
}

/// For each draft, the first one that is the same record written twice, or that somebody
/// called the same place, or itself.
pub(crate) fn first_of(drafts: &[Draft], called_same: &BTreeMap<usize, usize>) -> Vec<usize> {
    let mut by_label: HashMap<(&str, &str, &str, String), Vec<usize>> = HashMap::new();
    let mut by_identifier: HashMap<(&str, &str), usize> = HashMap::new();
    let mut first_of = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.iter().enumerate() {
        let structure = &draft.structure;
        let (network, commune) = area(structure);
        let label = (network, commune, draft.address_key.as_str(), fold(&structure.name));
        let same = by_label.entry(label).or_default();
        let named = identifiers(structure).find_map(|identifier| by_identifier.get(&identifier).copied());
        let first = called_same
            .get(&index)
            .map(|other| first_of[*other])
            .or(named)
            .or_else(|| {
                same.iter().copied().find(|other| !are_told_apart(&drafts[*other].structure, structure))
            })
            .unwrap_or(index);
        if first == index {
            same.push(index);
        }
        for identifier in identifiers(structure) {
            by_identifier.entry(identifier).or_insert(first);
        }
        first_of.push(first);
    }
    first_of
}
