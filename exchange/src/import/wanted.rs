//! Which places of a file are taken: a national list has more than a directory wants of it.

use super::record::Draft;
use serde::{Deserialize, Serialize};
use shared::directory::Structure;
use shared::geography::department_of;
use std::collections::BTreeMap;

/// What is taken of a file. A list that is empty asks for nothing, hence takes everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// Ids of networks.
    pub networks: Vec<String>,
    /// Codes of departments.
    pub departments: Vec<String>,
}

impl Wanted {
    /// Whether it takes everything.
    pub fn is_everything(&self) -> bool {
        self.networks.is_empty() && self.departments.is_empty()
    }

    /// Whether it takes a place.
    pub fn takes(&self, place: &Structure) -> bool {
        self.unwanted(place).is_none()
    }

    /// Takes the drafts that nobody wants away, and counts them as the report calls them.
    pub(super) fn set_aside(&self, drafts: &mut Vec<Draft>) -> BTreeMap<String, usize> {
        let mut count = BTreeMap::new();
        if self.is_everything() {
            return count;
        }
        drafts.retain(|draft| match self.unwanted(&draft.structure) {
            Some(why) => {
                *count.entry(why).or_default() += 1;
                false
            }
            None => true,
        });
        count
    }

    /// Why a place is not taken.
    fn unwanted(&self, place: &Structure) -> Option<String> {
        let lacks = |list: &[String], item: &str| !list.is_empty() && !list.iter().any(|one| one == item);
        let department = department_of(&place.commune);
        if lacks(&self.departments, department) {
            return Some(format!("département {department}, non demandé"));
        }
        lacks(&self.networks, &place.network).then(|| format!("réseau {}, non demandé", place.network))
    }
}
