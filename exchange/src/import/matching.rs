//! Finding the structure of a directory that a record is.

use super::address;
use super::merge::{Merger, SAME_PLACE};
use super::names;
use super::network::FALLBACK;
use super::record::Draft;
use shared::directory::Structure;
use std::collections::HashMap;

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
        by_reference(drafts, first_of, structures, &mut target, &mut taken);
        let mut places: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
        for (place, structure) in structures.iter().enumerate() {
            places.entry((&structure.network, &structure.commune)).or_default().push(place);
        }
        let mut rows: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
        for index in (0..drafts.len()).filter(|index| first_of[*index] == *index) {
            rows.entry(cell(&drafts[index].structure)).or_default().push(index);
        }
        for sign in [Sign::NameAndAddress, Sign::Address, Sign::PhoneOrPosition, Sign::OnlyName] {
            for index in 0..drafts.len() {
                if first_of[index] != index || target[index].is_some() {
                    continue;
                }
                let fits = |place: &usize| {
                    !taken[*place] && sign.holds(&drafts[index], &structures[*place], &known[*place])
                };
                let here = cell(&drafts[index].structure);
                let found: Vec<usize> =
                    places.get(&here).into_iter().flatten().copied().filter(fits).collect();
                // The weakest sign counts only where nobody else could be meant.
                let rivals = || {
                    rows.get(&here).into_iter().flatten().filter(|other| target[**other].is_none()).any(
                        |other| {
                            *other != index
                                && found.iter().any(|place| {
                                    sign.holds(&drafts[*other], &structures[*place], &known[*place])
                                })
                        },
                    )
                };
                if sign == Sign::OnlyName && (found.len() != 1 || rivals()) {
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

/// A place is looked for among those of its network in its commune.
fn cell(structure: &Structure) -> (&str, &str) {
    (&structure.network, &structure.commune)
}

/// The structures that a source calls by the same identifier: the surest sign of all.
fn by_reference(
    drafts: &[Draft],
    first_of: &[usize],
    structures: &[Structure],
    target: &mut [Option<usize>],
    taken: &mut [bool],
) {
    let mut holders: HashMap<(&str, &str), usize> = HashMap::new();
    for (place, structure) in structures.iter().enumerate() {
        for (source, identifier) in &structure.references {
            holders.insert((source, identifier), place);
        }
    }
    for index in (0..drafts.len()).filter(|index| first_of[*index] == *index) {
        let mut references = drafts[index].structure.references.iter();
        let place = references
            .find_map(|(source, identifier)| holders.get(&(source.as_str(), identifier.as_str())).copied());
        if let Some(place) = place.filter(|place| !taken[*place]) {
            target[index] = Some(place);
            taken[place] = true;
        }
    }
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
        let is_another = |(source, identifier): (&String, &String)| {
            structure.references.get(source).is_some_and(|own| own != identifier)
        };
        if new.references.iter().any(is_another) {
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
                let same_phone = new.phones.iter().any(|phone| structure.phones.contains(phone));
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
