//! What differs between two directories: places field by field, everything else element by
//! element. What that changes for people is said by [`crate::compare::effect`].

use crate::compare::effect::{Effect, sentences};
use crate::report::diagnosis::compare::Comparison;
use serde::{Deserialize, Serialize};
use shared::directory::{Directory, Structure};
use shared::fields;
use shared::french::words;
use std::collections::{BTreeMap, BTreeSet};

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
    /// What differs in the parts that are lists of things with an id.
    pub elements: Vec<Element>,
}

/// A rule, a network, a territory… that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Element {
    /// The part that it belongs to, one of [`Difference::parts`].
    pub part: &'static str,
    /// Its id; empty for the order of the whole list.
    pub id: String,
    /// What people call it (French).
    pub name: String,
    /// What happens to it.
    pub change: Change,
    /// The names of its fields that differ, where it is in both.
    pub fields: Vec<String>,
}

/// What happens to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The other directory adds it.
    Added,
    /// The other directory no longer has it.
    Removed,
    /// It differs.
    Changed,
    /// The same elements come in another order.
    Reordered,
}

impl Change {
    /// As administrators read it (French).
    pub const fn french(self) -> &'static str {
        match self {
            Self::Added => "ajouté",
            Self::Removed => "retiré",
            Self::Changed => "modifié",
            Self::Reordered => "ordre modifié",
        }
    }
}

/// What a version changed, small enough to be kept with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// How many places it added.
    pub added: usize,
    /// How many it removed.
    pub removed: usize,
    /// How many it changed.
    pub changed: usize,
    /// The other parts that it changed, by name (see [`shared::fields::french_part`]).
    pub parts: Vec<String>,
    /// Its largest effects on people, in French sentences; none where nobody worked them out.
    pub headline: Vec<String>,
}

impl Summary {
    /// In one line (French), without the headline.
    pub fn french(&self) -> String {
        let count = |number: usize, one: &str, many: &str| {
            (number > 0).then(|| format!("{number} {}", if number < 2 { one } else { many }))
        };
        let mut parts: Vec<String> = [
            count(self.added, "lieu ajouté", "lieux ajoutés"),
            count(self.removed, "lieu retiré", "lieux retirés"),
            count(self.changed, "lieu modifié", "lieux modifiés"),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !self.parts.is_empty() {
            let names: Vec<&str> = self.parts.iter().map(|part| shared::fields::french_part(part)).collect();
            parts.push(format!("autres parties : {}", names.join(", ")));
        }
        if parts.is_empty() { "rien ne change".to_owned() } else { parts.join(", ") }
    }
}

/// Whether a version takes away so many of the places before it that a person must say how many:
/// more than a tenth, and ten or more, since fewer are read one by one. A list that came cut, or one
/// that was imported into another directory than the live one, would otherwise empty it.
pub const fn removes_many(removed: usize, before: usize) -> bool {
    removed >= 10 && removed.saturating_mul(10) > before
}

/// Sums a difference up, with its effect on people and on gaps where they are known.
pub fn summary(difference: &Difference, effect: Option<&Effect>, gaps: Option<&Comparison>) -> Summary {
    let gaps =
        gaps.map(|gaps| crate::report::diagnosis::compare_sentences::headline(gaps, 1)).unwrap_or_default();
    Summary {
        added: difference.added.len(),
        removed: difference.removed.len(),
        changed: difference.changed.len(),
        parts: difference.parts.iter().map(|part| (*part).to_owned()).collect(),
        headline: effect.map(sentences::headline).unwrap_or_default().into_iter().chain(gaps).collect(),
    }
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
///
/// ```
/// use insight::compare::diff::{Change, difference, summary};
/// use shared::directory::Directory;
///
/// let example = include_bytes!("../../../shared/examples/two-places.json");
/// let before = Directory::from_json(example).unwrap();
/// let mut after = before.clone();
/// after.structures[0].phones = vec!["04 75 00 00 03".to_owned()];
/// after.edition.rules[0].verified = true;
///
/// let found = difference(&before, &after);
/// assert_eq!(found.changed[0].id, "cio-romans");
/// assert_eq!(found.changed[0].fields[0].name, "phones");
/// assert_eq!(found.parts, ["edition.rules"]);
/// let rule = &found.elements[0];
/// assert_eq!((rule.id.as_str(), rule.change), ("R1-pupil", Change::Changed));
/// assert_eq!(summary(&found, None, None).french(), "1 lieu modifié, autres parties : règles");
/// assert!(difference(&after, &after).is_empty());
/// ```
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
        elements: elements(before, after),
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
        ("edition.rules", old.rules == new.rules && old.preference == new.preference),
        ("edition.remote_services", old.remote_services == new.remote_services),
        ("edition.guarantees", old.guarantees == new.guarantees),
        ("edition.cep_levels", old.cep_levels == new.cep_levels),
        ("edition.coordination", old.coordination == new.coordination),
        ("edition.preparations", old.preparations == new.preparations),
        ("territories", before.territories == after.territories),
        ("resources", before.resources == after.resources),
    ];
    difference.parts = parts.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect();
    difference
}

/// What differs in every part that is a list.
fn elements(before: &Directory, after: &Directory) -> Vec<Element> {
    let (old, new) = (&before.edition, &after.edition);
    let mut found = Vec::new();
    let all = &mut found;
    list(all, "edition.languages", &old.languages, &new.languages, &|one| {
        (one.tag.clone(), one.name.clone())
    });
    list(all, "edition.region", &old.region.departments, &new.region.departments, &|one| {
        (one.code.clone(), one.name.clone())
    });
    list(all, "edition.questions", &old.questions, &new.questions, &|one| {
        (one.id.clone(), words(&one.text).to_owned())
    });
    list(all, "edition.networks", &old.networks, &new.networks, &|one| {
        (one.id.clone(), words(&one.name).to_owned())
    });
    list(all, "edition.rules", &old.rules, &new.rules, &|one| {
        (one.id.clone(), words(&one.reason).to_owned())
    });
    list(all, "edition.remote_services", &old.remote_services, &new.remote_services, &|one| {
        (one.id.clone(), words(&one.name).to_owned())
    });
    list(all, "edition.guarantees", &old.guarantees, &new.guarantees, &|one| {
        (one.id.clone(), words(&one.text).to_owned())
    });
    list(all, "edition.cep_levels", &old.cep_levels, &new.cep_levels, &|one| {
        (one.number.to_string(), words(&one.name).to_owned())
    });
    list(all, "edition.coordination", &old.coordination, &new.coordination, &|one| {
        (one.id.clone(), words(&one.who).to_owned())
    });
    list(all, "edition.preparations", &old.preparations, &new.preparations, &|one| {
        (one.id.clone(), words(&one.say).to_owned())
    });
    list(all, "territories", &before.territories, &after.territories, &|one| {
        (one.id.clone(), one.name.clone())
    });
    list(all, "resources", &before.resources, &after.resources, &|one| {
        (one.id.clone(), words(&one.title).to_owned())
    });
    found
}

/// What differs in one list; `named` gives the id of an element and what people call it.
fn list<T: PartialEq + Serialize>(
    found: &mut Vec<Element>,
    part: &'static str,
    before: &[T],
    after: &[T],
    named: &dyn Fn(&T) -> (String, String),
) {
    if before == after {
        return;
    }
    let element = |one: &T, change: Change, fields: Vec<String>| {
        let (id, name) = named(one);
        Element { part, id, name, change, fields }
    };
    let other = |list: &'_ [T], id: &str| list.iter().position(|one| named(one).0 == id);
    let begun = found.len();
    for one in after {
        match other(before, &named(one).0).map(|rank| &before[rank]) {
            None => found.push(element(one, Change::Added, Vec::new())),
            Some(was) if was != one => {
                let (old, new) = (fields::of(was), fields::of(one));
                let either: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
                let differ = either.into_iter().filter(|name| old.get(*name) != new.get(*name));
                found.push(element(one, Change::Changed, differ.cloned().collect()));
            }
            Some(_) => {}
        }
    }
    for one in before.iter().filter(|one| other(after, &named(one).0).is_none()) {
        found.push(element(one, Change::Removed, Vec::new()));
    }
    if found.len() == begun {
        let (id, name, fields) = (String::new(), String::new(), Vec::new());
        found.push(Element { part, id, name, change: Change::Reordered, fields });
    }
}

/// What differs between a structure and what became of it; `None` where nothing does.
pub fn changed(before: &Structure, after: &Structure) -> Option<Changed> {
    if before == after {
        return None;
    }
    let (old, new) = (fields::of(before), fields::of(after));
    let fields = new
        .into_iter()
        .filter_map(|(name, after)| {
            let before = old.get(&name).cloned().unwrap_or_default();
            (before != after).then_some(Field { name, before, after })
        })
        .collect();
    Some(Changed { id: after.id.clone(), name: after.name.clone(), fields })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Directory {
        Directory::from_json(include_bytes!("../../../shared/editions/2026.json")).unwrap()
    }

    #[test]
    fn a_change_of_a_rule_names_the_rule_and_what_differs() {
        let before = shipped();
        let mut after = before.clone();
        assert!(difference(&before, &after).elements.is_empty());
        after.edition.rules[3].verified = !after.edition.rules[3].verified;
        after.edition.rules[3].complements.push("cio".to_owned());
        let removed = after.edition.networks.pop().unwrap();
        let mut added = after.resources[0].clone();
        "neuf".clone_into(&mut added.id);
        after.resources.push(added);
        after.edition.questions.reverse();
        let elements = difference(&before, &after).elements;
        let told: Vec<_> = elements.iter().map(|one| (one.part, one.id.as_str(), one.change)).collect();
        assert_eq!(
            told,
            [
                ("edition.questions", "", Change::Reordered),
                ("edition.networks", removed.id.as_str(), Change::Removed),
                ("edition.rules", before.edition.rules[3].id.as_str(), Change::Changed),
                ("resources", "neuf", Change::Added),
            ]
        );
        assert_eq!(elements[2].fields, ["complements", "verified"]);
    }

    #[test]
    fn every_part_that_can_differ_has_a_french_name() {
        let mut other = shipped();
        let shipped = other.clone();
        other.title.push('x');
        other.edition.id.push('x');
        other.edition.region.departments.clear();
        other.edition.questions.clear();
        other.edition.networks.clear();
        other.edition.rules.clear();
        other.edition.remote_services.clear();
        other.edition.title.clear();
        other.edition.valid_from.push('x');
        other.edition.languages.clear();
        other.edition.guarantees = Directory::from_json(include_bytes!("../../../shared/editions/2016.json"))
            .unwrap()
            .edition
            .guarantees;
        other.edition.cep_levels.clear();
        other.edition.coordination.clear();
        other.edition.preparations.clear();
        other.resources.clear();
        let parts = difference(&shipped, &other).parts;
        assert_eq!(parts.len(), 15, "{parts:?}");
        for part in parts.into_iter().chain(["territories"]) {
            assert_ne!(fields::french_part(part), part);
        }
    }

    #[test]
    fn a_summary_is_small_and_survives_storage() {
        let before = shipped();
        let mut after = before.clone();
        after.structures.remove(0);
        after.structures[0].phones.clear();
        after.resources.clear();
        let summary = summary(&difference(&before, &after), None, None);
        assert_eq!(summary.french(), "1 lieu retiré, 1 lieu modifié, autres parties : ressources");
        let kept = serde_json::to_string(&summary).unwrap();
        assert!(kept.len() < 200, "{kept}");
        assert_eq!(serde_json::from_str::<Summary>(&kept).unwrap(), summary);
        assert_eq!(Summary::default().french(), "rien ne change");
    }
}
