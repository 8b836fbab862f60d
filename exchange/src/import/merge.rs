//! Bringing what was read into a directory: what it already has is merged, never
//! doubled, and nothing of it is overwritten by something older.

use super::address;
use super::matching::same_record;
use super::network::{FALLBACK, Networks};
use super::record::Draft;
use super::repair::{Doubt, Notes};
use super::words::Words;
use serde::Serialize;
use serde_json::Value;
use shared::directory::{Directory, Structure};
use shared::fields::{brief, french};
use shared::geography::{Geography, Meters};
use shared::spelling::fold;
use std::collections::{BTreeMap, BTreeSet};

/// Within this, two positions are one place.
pub(crate) const SAME_PLACE: Meters = Meters(50);

/// Beyond this, two positions of one place disagree.
const ELSEWHERE: Meters = Meters(1_000);

/// A field that a merge changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// Its name in the document.
    pub name: &'static str,
    /// The value in the directory.
    pub before: Value,
    /// The value from the file.
    pub after: Value,
}

/// What became of a draft.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    /// It is a structure that the directory did not have.
    Kept {
        /// Its id.
        id: String,
    },
    /// It is one that the directory has, or that another row gave.
    Merged {
        /// Its id.
        id: String,
        /// What changed there.
        fields: Vec<Field>,
    },
}

/// What matching and merging need to know.
pub(crate) struct Merger<'a> {
    /// The networks of the edition.
    pub networks: &'a Networks,
    /// The table of words.
    pub words: &'a Words,
    /// The communes.
    pub geography: &'a Geography,
}

impl Merger<'_> {
    /// Merges the drafts into the directory. The outcomes are in the order of the drafts.
    pub(crate) fn merge(
        &self,
        drafts: &mut [Draft],
        directory: &mut Directory,
        notes: &mut Notes,
    ) -> Vec<Outcome> {
        let first_of: Vec<usize> = (0..drafts.len())
            .map(|index| {
                (0..index).find(|other| same_record(&drafts[*other], &drafts[index])).unwrap_or(index)
            })
            .collect();
        let mut target = self.match_all(drafts, &first_of, &directory.structures);
        let new: Vec<usize> = (0..drafts.len())
            .filter(|index| first_of[*index] == *index && target[*index].is_none())
            .collect();
        self.tell_apart(drafts, &new, &directory.structures);
        let rest: Vec<&Structure> = (0..directory.structures.len())
            .filter(|place| !target.contains(&Some(*place)))
            .map(|place| &directory.structures[place])
            .collect();
        for index in &new {
            tell_neighbour(&drafts[*index], &rest, notes);
        }
        let ids = new_ids(drafts, &new, &directory.structures);
        let kept: BTreeSet<usize> = new.iter().copied().collect();
        for (index, id) in ids {
            drafts[index].structure.id.clone_from(&id);
            target[index] = Some(directory.structures.len());
            directory.structures.push(drafts[index].structure.clone());
        }
        (0..drafts.len())
            .map(|index| {
                let place = target[first_of[index]].unwrap_or_default();
                let structure = &mut directory.structures[place];
                let id = structure.id.clone();
                if kept.contains(&index) {
                    return Outcome::Kept { id };
                }
                let fields = self.merge_one(structure, &drafts[index], notes);
                Outcome::Merged { id, fields }
            })
            .collect()
    }

    /// New places of one name in one commune get their street after it.
    fn tell_apart(&self, drafts: &mut [Draft], new: &[usize], structures: &[Structure]) {
        let label = |structure: &Structure| (structure.commune.clone(), fold(&structure.name));
        let mut count: BTreeMap<(String, String), usize> = BTreeMap::new();
        let all = structures.iter().chain(new.iter().map(|index| &drafts[*index].structure));
        for structure in all {
            *count.entry(label(structure)).or_default() += 1;
        }
        for index in new {
            let structure = &mut drafts[*index].structure;
            if count.get(&label(structure)).is_some_and(|places| *places > 1)
                && let Some(street) = address::street(&structure.address.lines, self.words)
            {
                structure.name = format!("{} ({street})", structure.name);
            }
        }
    }

    /// Merges one draft into the structure it is.
    fn merge_one(&self, structure: &mut Structure, draft: &Draft, notes: &mut Notes) -> Vec<Field> {
        let new = &draft.structure;
        // The file wins where it is dated, and not older than what the directory has.
        let wins = new
            .checked_on
            .as_ref()
            .is_some_and(|file| structure.checked_on.as_ref().is_none_or(|own| own <= file));
        let mut merging =
            Merging { wins, row: draft.row, fields: Vec::new(), notes, own: structure.checked_on.clone() };
        let same_address = address::key(&structure.address.lines, self.words) == draft.address_key
            || address::is_within(&new.address.lines, &structure.address.lines);
        if structure.address.lines.is_empty() || !same_address {
            let is_blank = structure.address.lines.is_empty();
            if !new.address.lines.is_empty() {
                merging.settle("address", is_blank, &mut structure.address, &new.address);
            }
        } else if structure.address.postcode.is_empty() {
            merging.settle("address", true, &mut structure.address, &new.address);
        }
        if !new.phones.iter().all(|phone| structure.phones.contains(phone)) {
            merging.settle("phones", structure.phones.is_empty(), &mut structure.phones, &new.phones);
        }
        let has_email = |email: &String| structure.emails.iter().any(|own| own.eq_ignore_ascii_case(email));
        if !new.emails.iter().all(has_email) {
            merging.settle("emails", structure.emails.is_empty(), &mut structure.emails, &new.emails);
        }
        match (structure.position, new.position) {
            (None, Some(_)) => merging.settle("position", true, &mut structure.position, &new.position),
            (Some(own), Some(other)) if own.distance(other) > if wins { SAME_PLACE } else { ELSEWHERE } => {
                merging.settle("position", false, &mut structure.position, &new.position);
            }
            _ => {}
        }
        if new.website.is_some() && new.website != structure.website {
            merging.settle("website", structure.website.is_none(), &mut structure.website, &new.website);
        }
        if structure.competence.is_none() && new.competence.is_some() {
            merging.settle("competence", true, &mut structure.competence, &new.competence);
        }
        if structure.hours.is_empty() && structure.hours_note.is_none() && new.hours_note.is_some() {
            merging.settle("hours_note", true, &mut structure.hours_note, &new.hours_note);
        }
        if wins && structure.checked_on != new.checked_on {
            merging.settle("checked_on", false, &mut structure.checked_on, &new.checked_on);
            if new.source.is_some() && structure.source != new.source {
                merging.settle("source", false, &mut structure.source, &new.source);
            }
        }
        merging.fields
    }
}

/// Tells of a structure that no row is, and that a new one could be under another address.
fn tell_neighbour(draft: &Draft, rest: &[&Structure], notes: &mut Notes) {
    let new = &draft.structure;
    let neighbour = rest.iter().find(|structure| {
        structure.network == new.network
            && new.network != FALLBACK
            && (structure.commune == new.commune
                || new.phones.iter().any(|phone| structure.phones.contains(phone)))
    });
    if let Some(structure) = neighbour {
        let lines = structure.address.lines.join(", ");
        let expected = format!(
            "l’annuaire a déjà « {} » ({lines}, {}) : le même qui a déménagé, ou un autre ?",
            structure.name, structure.id
        );
        notes.doubt(Doubt::Twin, draft.row, "", &new.name, expected);
    }
}

/// The ids of the new structures, which do not depend on the order of the rows: places
/// that would have the same are numbered by name and address.
fn new_ids(drafts: &[Draft], new: &[usize], structures: &[Structure]) -> Vec<(usize, String)> {
    let mut taken: BTreeSet<String> = structures.iter().map(|structure| structure.id.clone()).collect();
    let mut sorted: Vec<(String, String, &str, usize)> = new
        .iter()
        .map(|index| {
            let draft = &drafts[*index];
            (base_id(draft), fold(&draft.structure.name), draft.address_key.as_str(), *index)
        })
        .collect();
    sorted.sort_unstable();
    let mut ids = Vec::with_capacity(sorted.len());
    for (base, _, _, index) in sorted {
        let mut id = base.clone();
        let mut number = 1;
        while !taken.insert(id.clone()) {
            number += 1;
            id = format!("{base}-{number}");
        }
        ids.push((index, id));
    }
    ids
}

fn base_id(draft: &Draft) -> String {
    place_id(&draft.structure.network, &draft.id_postcode, &draft.commune_name)
}

/// The id of a place by what it is and where, before it is told apart from others.
pub(crate) fn place_id(network: &str, postcode: &str, commune: &str) -> String {
    // The postcode already says which arrondissement.
    let commune = match commune.strip_suffix(" Arrondissement") {
        Some(name) => name.rsplit_once(' ').map_or(name, |(city, _)| city),
        None => commune,
    };
    let slug = fold(commune).replace(' ', "-");
    [network, postcode, &slug].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// One merge under way.
struct Merging<'a> {
    wins: bool,
    row: usize,
    fields: Vec<Field>,
    notes: &'a mut Notes,
    own: Option<String>,
}

impl Merging<'_> {
    /// Takes the file's value, or keeps the directory's and says so.
    fn settle<T: Clone + PartialEq + Serialize>(
        &mut self,
        name: &'static str,
        is_blank: bool,
        own: &mut T,
        new: &T,
    ) {
        if own == new {
            return;
        }
        let (before, after) = (value(own), value(new));
        if is_blank || self.wins {
            own.clone_from(new);
            self.fields.push(Field { name, before, after });
            return;
        }
        let since = self.own.as_ref().map_or(String::new(), |date| format!(", vérifiée le {date}"));
        let expected = format!("l’annuaire garde « {} »{since}", brief(&before));
        self.notes.doubt(Doubt::Conflict, self.row, french(name), &brief(&after), expected);
    }
}

/// A field as the document writes it: through text, because a value widens
/// single-precision numbers.
fn value(field: &impl Serialize) -> Value {
    let text = serde_json::to_string(field).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}
