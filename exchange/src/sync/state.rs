//! What is remembered of a source between two readings.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::directory::{CORRECTABLE, Directory, Structure};
use shared::fields;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The facts of a place by field; a blank field is absent.
pub(super) type Facts = Map<String, Value>;

/// What is remembered of a source.
///
/// A reading is *adopted* once the directory has something of what it changed. Until then, as while
/// a draft waits, the next reading is compared with the last one that was.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// The format of its file.
    pub format: String,
    /// The titles of the columns that were read.
    pub columns: BTreeSet<String>,
    /// How many of its records were taken.
    pub records: usize,
    /// The last reading, by the id of the place here.
    pub last: BTreeMap<String, Known>,
    /// The last reading that the directory adopted.
    pub adopted: BTreeMap<String, Known>,
    /// What the last reading changed: the facts before it by the id of the place; `None` where the
    /// place is new.
    pub pending: BTreeMap<String, Option<Facts>>,
}

/// A place in one reading.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Known {
    /// What the source said.
    pub source: Facts,
    /// What the directory had after it.
    pub directory: Facts,
    /// The fields about which nothing is settled: a person has been asked about them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub open: BTreeSet<String>,
    /// Since which day the source no longer has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone_since: Option<String>,
}

impl Known {
    /// What the source said of a field and what was left here, where both are settled.
    pub(super) fn sides(&self, field: &str) -> Option<(Value, Value)> {
        (!self.open.contains(field)).then(|| (side(&self.source, field), side(&self.directory, field)))
    }
}

/// A field; null where it is blank.
pub(super) fn side(facts: &Facts, field: &str) -> Value {
    facts.get(field).cloned().unwrap_or_default()
}

/// The facts of a place that a source gives and a person may decide about.
pub(super) fn facts(place: &Structure) -> Facts {
    let mut all = fields::of(place);
    CORRECTABLE.iter().filter_map(|field| Some(((*field).to_owned(), all.remove(*field)?))).collect()
}

/// A value of a merge as [`facts`] have it: a blank is null.
pub(super) fn plain(value: &Value) -> Value {
    match value {
        Value::Array(items) if items.is_empty() => Value::Null,
        Value::String(text) if text.is_empty() => Value::Null,
        other => other.clone(),
    }
}

/// The day for which a source speaks, which no person types: with the facts, it tells an adopted
/// reading from what somebody changed by hand.
pub(super) const DAY: &str = "as_of";

/// The facts of a place, and the day for which its source gives them.
pub(super) fn dated_facts(place: &Structure) -> Facts {
    let mut all = facts(place);
    if let Some(day) = &place.as_of {
        all.insert(DAY.to_owned(), day.as_str().into());
    }
    all
}

impl State {
    /// The last reading that a directory has adopted.
    ///
    /// New places and new days are what only a reading brings. Where it had neither, half of what
    /// it changed must have changed: one correction by hand is no adoption.
    pub(super) fn adopted_by(&self, base: &Directory) -> &BTreeMap<String, Known> {
        let by_id: HashMap<&str, &Structure> =
            base.structures.iter().map(|place| (place.id.as_str(), place)).collect();
        let (mut sure, mut sure_seen, mut all, mut seen) = (0_usize, 0_usize, 0_usize, 0_usize);
        for (id, before) in &self.pending {
            let is = by_id.get(id.as_str()).map(|place| dated_facts(place));
            let differs = |field: &str| match (before, &is) {
                (Some(before), Some(is)) => side(is, field) != side(before, field),
                _ => is.is_some(),
            };
            let is_sure = before.as_ref().is_none_or(|before| before.contains_key(DAY));
            sure += usize::from(is_sure);
            sure_seen += usize::from(is_sure && differs(DAY));
            all += 1;
            seen += usize::from(match before {
                Some(before) => before.keys().any(|field| differs(field)),
                None => is.is_some(),
            });
        }
        let is_adopted = if sure > 0 { sure_seen > 0 } else { seen * 2 >= all };
        if is_adopted { &self.last } else { &self.adopted }
    }
}
