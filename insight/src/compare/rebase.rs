//! Somebody published while a draft was being written: the draft goes on from what is live.
//!
//! A merge of three: what the draft began from, the draft, and what is live now. Places are
//! merged by id and field by field, every other part of the document whole, under the names
//! of [`crate::compare::diff::Difference::parts`]. Where both changed the same thing to different
//! values, what is live stays and the conflict is listed with the three values; a place that
//! one removed and the other changed stays, because an edit is more than a deletion.

use serde::Serialize;
use serde_json::Value;
use shared::directory::{Directory, Structure};
use shared::fields;
use std::collections::{BTreeMap, BTreeSet};

/// A draft on top of what is live.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rebased {
    /// What to go on with.
    pub directory: Directory,
    /// What somebody has to look at.
    pub conflicts: Vec<Conflict>,
}

/// Something that both changed, and not to the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// `structures`, or the name of a part.
    pub part: &'static str,
    /// The place's id; empty for a part.
    pub id: String,
    /// The place's name; empty for a part.
    pub name: String,
    /// The place's field; empty for the whole of it.
    pub field: String,
    /// What the draft began from; null where it was not there. For a part that is a list or
    /// an object, all of it.
    pub base: Value,
    /// What the draft says; null where it removes it.
    pub mine: Value,
    /// What is live; null where it was removed.
    pub theirs: Value,
    /// Which of the two was kept.
    pub kept: Kept,
}

/// Which side of a conflict was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// The draft's.
    Mine,
    /// What is live.
    Theirs,
}

impl Conflict {
    /// In a sentence (French).
    pub fn french(&self) -> String {
        use shared::fields::{brief, french, french_part};
        if self.part != "structures" {
            let part = french_part(self.part);
            return format!("{part} : modifié des deux côtés ; la partie en ligne est gardée, entière.");
        }
        let subject = format!("{} ({})", self.name, self.id);
        match (self.field.as_str(), self.kept) {
            ("", Kept::Mine) => {
                format!("{subject} : retiré en ligne, modifié dans le brouillon ; le lieu est gardé.")
            }
            ("", Kept::Theirs) => {
                format!("{subject} : retiré dans le brouillon, modifié en ligne ; le lieu est gardé.")
            }
            (field, _) => format!(
                "{subject}, {} : « {} » au départ, « {} » dans le brouillon, « {} » en ligne ; la valeur en ligne est gardée.",
                french(field),
                brief(&self.base),
                brief(&self.mine),
                brief(&self.theirs)
            ),
        }
    }
}

/// Puts `mine`, which began from `base`, on top of `theirs`.
pub fn rebase(base: &Directory, mine: &Directory, theirs: &Directory) -> Rebased {
    let mut conflicts = Vec::new();
    let mut directory = theirs.clone();
    structures(base, mine, theirs, &mut directory.structures, &mut conflicts);
    // Each part: its name, and the fields that make it up.
    macro_rules! part {
        ($name:literal, $($($field:ident).+),+) => {
            let of = |one: &Directory| ($(one.$($field).+.clone(),)+);
            let (was, is, live) = (of(base), of(mine), of(theirs));
            if is != was && live == was {
                $(mine.$($field).+.clone_into(&mut directory.$($field).+);)+
            } else if is != was && is != live {
                let value = |one: &Directory| json(&($(&one.$($field).+,)+));
                conflicts.push(Conflict {
                    part: $name,
                    id: String::new(),
                    name: String::new(),
                    field: String::new(),
                    base: value(base),
                    mine: value(mine),
                    theirs: value(theirs),
                    kept: Kept::Theirs,
                });
            }
        };
    }
    part!("schema", schema);
    part!("format", format);
    part!("title", title);
    part!("edition.id", edition.id);
    part!("edition.title", edition.title);
    part!("edition.validity", edition.valid_from, edition.valid_until);
    part!("edition.languages", edition.languages);
    part!("edition.region", edition.region, edition.reach_km);
    part!("edition.questions", edition.questions);
    part!("edition.networks", edition.networks);
    part!("edition.rules", edition.rules, edition.preference);
    part!("edition.remote_services", edition.remote_services);
    part!("edition.guarantees", edition.guarantees);
    part!("edition.cep_levels", edition.cep_levels);
    part!("edition.coordination", edition.coordination);
    part!("edition.preparations", edition.preparations);
    part!("territories", territories);
    part!("resources", resources);
    Rebased { directory, conflicts }
}

/// A part as JSON: its only field, or the list of them.
fn json<T: Serialize>(part: &T) -> Value {
    let text = serde_json::to_vec(part).unwrap_or_default();
    match serde_json::from_slice(&text).unwrap_or_default() {
        Value::Array(mut fields) if fields.len() == 1 => fields.remove(0),
        value => value,
    }
}

/// What a place is found again by. A draft may hold the same id twice before anybody has
/// checked it: the second one is another place, and must not be lost.
type Key = (String, usize);

fn keyed(directory: &Directory) -> Vec<(Key, &Structure)> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    directory
        .structures
        .iter()
        .map(|structure| {
            let times = seen.entry(&structure.id).or_default();
            *times += 1;
            ((structure.id.clone(), *times), structure)
        })
        .collect()
}

fn structures(
    base: &Directory,
    mine: &Directory,
    theirs: &Directory,
    merged: &mut Vec<Structure>,
    conflicts: &mut Vec<Conflict>,
) {
    let [base, mine, theirs] = [base, mine, theirs].map(keyed);
    let find = |list: &[(Key, &Structure)]| -> BTreeMap<Key, Structure> {
        list.iter().map(|(key, structure)| (key.clone(), (*structure).clone())).collect()
    };
    let (was, is, live) = (find(&base), find(&mine), find(&theirs));
    *merged = order(&base, &mine, &theirs)
        .into_iter()
        .filter_map(|key| one((was.get(&key), is.get(&key), live.get(&key)), conflicts))
        .collect();
}

/// The keys of both in an order that moves as little as possible: that of whoever changed
/// it, or what is live with the draft's additions where they were.
fn order(base: &[(Key, &Structure)], mine: &[(Key, &Structure)], theirs: &[(Key, &Structure)]) -> Vec<Key> {
    let keys = |list: &[(Key, &Structure)]| -> Vec<Key> { list.iter().map(|(key, _)| key.clone()).collect() };
    let (was, is, live) = (keys(base), keys(mine), keys(theirs));
    let (first, second) = if live == was { (is, live) } else { (live, is) };
    let mut order = first;
    let mut known: BTreeSet<Key> = order.iter().cloned().collect();
    let mut previous: Option<Key> = None;
    for key in second {
        if known.insert(key.clone()) {
            let place = previous.and_then(|previous| order.iter().position(|one| *one == previous));
            order.insert(place.map_or(0, |place| place + 1), key.clone());
        }
        previous = Some(key);
    }
    order
}

/// What becomes of one place: base, mine, theirs.
fn one(
    sides: (Option<&Structure>, Option<&Structure>, Option<&Structure>),
    conflicts: &mut Vec<Conflict>,
) -> Option<Structure> {
    let object =
        |structure: Option<&Structure>| structure.map_or(Value::Null, |one| Value::Object(fields::of(one)));
    let mut whole = |named: &Structure, kept| {
        conflicts.push(Conflict {
            part: "structures",
            id: named.id.clone(),
            name: named.name.clone(),
            field: String::new(),
            base: object(sides.0),
            mine: object(sides.1),
            theirs: object(sides.2),
            kept,
        });
    };
    match sides {
        (_, None, None) => None,
        (None, Some(only), None) | (None, None, Some(only)) => Some(only.clone()),
        (Some(was), Some(is), None) => (is != was).then(|| {
            whole(is, Kept::Mine);
            is.clone()
        }),
        (Some(was), None, Some(live)) => (live != was).then(|| {
            whole(live, Kept::Theirs);
            live.clone()
        }),
        (was, Some(is), Some(live)) => Some(field_by_field(was, is, live, conflicts)),
    }
}

fn field_by_field(
    was: Option<&Structure>,
    is: &Structure,
    live: &Structure,
    conflicts: &mut Vec<Conflict>,
) -> Structure {
    if was == Some(live) {
        return is.clone();
    }
    if was == Some(is) || is == live {
        return live.clone();
    }
    let (old, mine, mut merged) = (was.map(fields::of).unwrap_or_default(), fields::of(is), fields::of(live));
    let corrections = |fields: &Map| fields.get(CORRECTIONS).cloned().unwrap_or_default();
    let typed = [corrections(&old), corrections(&mine), corrections(&merged)];
    let mut theirs_stay: BTreeSet<String> = BTreeSet::new();
    for (field, value) in mine.into_iter().filter(|(field, _)| field != CORRECTIONS) {
        let base = old.get(&field);
        let theirs = merged.get(&field).cloned().unwrap_or_default();
        if base == Some(&value) || theirs == value {
            continue;
        }
        if base == Some(&theirs) {
            merged.insert(field, value);
            continue;
        }
        theirs_stay.insert(field.clone());
        conflicts.push(Conflict {
            part: "structures",
            id: live.id.clone(),
            name: live.name.clone(),
            field,
            base: base.cloned().unwrap_or_default(),
            mine: value,
            theirs,
            kept: Kept::Theirs,
        });
    }
    merged.insert(CORRECTIONS.to_owned(), merged_corrections(typed, &theirs_stay));
    // Fields of two places always make a place; what is live stays where they did not.
    fields::read(&Value::Object(merged)).unwrap_or_else(|_| live.clone())
}

/// The field of a place that says which others a person typed.
const CORRECTIONS: &str = "corrections";

type Map = serde_json::Map<String, Value>;

/// The corrections of a place, each on its own: base, mine, theirs. Where a conflict keeps the
/// live value of a field, it keeps what is known of it.
fn merged_corrections([base, mine, theirs]: [Value; 3], theirs_stay: &BTreeSet<String>) -> Value {
    let map = |value: Value| match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    let (base, mine, mut merged) = (map(base), map(mine), map(theirs));
    let names: BTreeSet<&String> = base.keys().chain(mine.keys()).collect();
    for name in names {
        if base.get(name) == mine.get(name) || theirs_stay.contains(name) {
            continue;
        }
        match mine.get(name) {
            Some(correction) => drop(merged.insert(name.clone(), correction.clone())),
            None => drop(merged.remove(name)),
        }
    }
    Value::Object(merged)
}
