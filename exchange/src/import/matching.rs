//! Finding the structure of a directory that a record is.

use super::address;
use super::merge::{Merger, SAME_PLACE};
use super::names;
use super::network::FALLBACK;
use super::record::Draft;
use shared::directory::Structure;
use shared::spelling::fold;

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
        for sign in [Sign::NameAndAddress, Sign::Address, Sign::PhoneOrPosition, Sign::OnlyName] {
            for index in 0..drafts.len() {
                if first_of[index] != index || target[index].is_some() {
                    continue;
                }
                let fits = |place: &usize| {
                    !taken[*place] && sign.holds(&drafts[index], &structures[*place], &known[*place])
                };
                let found: Vec<usize> = (0..structures.len()).filter(fits).collect();
                // The weakest sign counts only where nobody else could be meant.
                let rivals = || {
                    (0..drafts.len())
                        .filter(|other| first_of[*other] == *other && target[*other].is_none())
                        .any(|other| {
                            other != index
                                && found.iter().any(|place| {
                                    sign.holds(&drafts[other], &structures[*place], &known[*place])
                                })
                        })
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

/// Whether two rows are one record written twice.
pub(crate) fn same_record(one: &Draft, other: &Draft) -> bool {
    one.structure.network == other.structure.network
        && one.structure.commune == other.structure.commune
        && one.address_key == other.address_key
        && fold(&one.structure.name) == fold(&other.structure.name)
}
