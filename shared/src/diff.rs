//! What changes for people between two directories.

use crate::directory::{Directory, Structure};
use serde::Serialize;
use std::collections::BTreeMap;

/// The difference between the directory that is live and another.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Difference {
    /// Structures that the other adds.
    pub added: Vec<Named>,
    /// Structures that it no longer has.
    pub removed: Vec<Named>,
    /// Structures that it changes, field by field.
    pub changed: Vec<Changed>,
    /// Parts of the edition and lists that differ, by name.
    pub parts: Vec<&'static str>,
}

/// A structure, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A structure that changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// Its id.
    pub id: String,
    /// Its name, the new one.
    pub name: String,
    /// Its fields that differ.
    pub fields: Vec<Field>,
}

/// A field that differs. The values are as the document writes them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The value that is live.
    pub before: serde_json::Value,
    /// The value that would be.
    pub after: serde_json::Value,
}

impl Difference {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty() && self.parts.is_empty()
    }
}

/// Compares two directories. Structures are the same when they have the same id.
pub fn difference(before: &Directory, after: &Directory) -> Difference {
    let by_id = |directory: &Directory| -> BTreeMap<String, Structure> {
        directory.structures.iter().map(|structure| (structure.id.clone(), structure.clone())).collect()
    };
    let (old, new) = (by_id(before), by_id(after));
    let named = |structure: &Structure| Named { id: structure.id.clone(), name: structure.name.clone() };
    let mut difference = Difference {
        added: new.values().filter(|structure| !old.contains_key(&structure.id)).map(named).collect(),
        removed: old.values().filter(|structure| !new.contains_key(&structure.id)).map(named).collect(),
        changed: new.values().filter_map(|after| changed(old.get(&after.id)?, after)).collect(),
        parts: Vec::new(),
    };
    let (old, new) = (&before.edition, &after.edition);
    let parts = [
        ("title", before.title == after.title),
        ("edition.id", old.id == new.id),
        ("edition.title", old.title == new.title),
        ("edition.validity", (&old.valid_from, &old.valid_until) == (&new.valid_from, &new.valid_until)),
        ("edition.languages", old.languages == new.languages),
        ("edition.region", old.region == new.region && old.reach_km == new.reach_km),
        ("edition.questions", old.questions == new.questions),
        ("edition.networks", old.networks == new.networks),
        ("edition.rules", old.rules == new.rules),
        ("edition.remote_services", old.remote_services == new.remote_services),
        ("edition.guarantees", old.guarantees == new.guarantees),
        ("edition.cep_levels", old.cep_levels == new.cep_levels),
        ("edition.coordination", old.coordination == new.coordination),
        ("territories", before.territories == after.territories),
        ("resources", before.resources == after.resources),
    ];
    difference.parts = parts.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect();
    difference
}

fn changed(before: &Structure, after: &Structure) -> Option<Changed> {
    if before == after {
        return None;
    }
    // Through text, because a value widens single-precision numbers.
    let fields = |structure: &Structure| -> serde_json::Map<String, serde_json::Value> {
        let text = serde_json::to_string(structure).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    };
    let (old, new) = (fields(before), fields(after));
    let fields = new
        .into_iter()
        .filter_map(|(name, after)| {
            let before = old.get(&name).cloned().unwrap_or_default();
            (before != after).then_some(Field { name, before, after })
        })
        .collect();
    Some(Changed { id: after.id.clone(), name: after.name.clone(), fields })
}
