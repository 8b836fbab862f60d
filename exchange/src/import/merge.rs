//! Bringing what was read into a directory: what it already has is merged, never
//! doubled, and nothing of it is overwritten by something older.

use super::address;
use super::matching::{first_of, identifiers};
use super::near::Lists;
use super::network::{FALLBACK, Networks};
use super::pair::Pair;
use super::phones::is_national;
use super::record::Draft;
use super::repair::{Doubt, Notes, Proposal};
use super::settle::Merging;
use super::words::Words;
use serde::Serialize;
use serde_json::Value;
use shared::directory::{Directory, Structure};
use shared::geography::{Geography, Meters};
use shared::spelling::fold;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem;

/// Within this, two positions are one place.
pub(crate) const SAME_PLACE: Meters = Meters(50);

/// Beyond this, two positions of one place disagree.
const ELSEWHERE: Meters = Meters(1_000);

/// A field that a merge changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// Its name in the document.
    pub name: String,
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
    /// An ISO date.
    pub today: &'a str,
    /// Whether the drafts of new places are needed afterwards. Else they are moved: of a file of a
    /// country's places there is no room for two of each.
    pub keeps_drafts: bool,
}

impl Merger<'_> {
    /// Merges the drafts into the directory. The outcomes are in the order of the drafts.
    pub(crate) fn merge(
        &self,
        drafts: &mut [Draft],
        same: &BTreeMap<usize, usize>,
        directory: &mut Directory,
        notes: &mut Notes,
    ) -> Vec<Outcome> {
        let first_of = first_of(drafts, same);
        let mut target = self.match_all(drafts, &first_of, &directory.structures);
        let is_new =
            |index: &usize, target: &[Option<usize>]| first_of[*index] == *index && target[*index].is_none();
        let new: Vec<usize> = (0..drafts.len()).filter(|index| is_new(index, &target)).collect();
        self.find_neighbours(drafts, &new, &directory.structures, &mut target, notes);
        let new: Vec<usize> = new.into_iter().filter(|index| is_new(index, &target)).collect();
        self.tell_apart(drafts, &new, &directory.structures);
        let ids = new_ids(drafts, &new, &directory.structures);
        let kept: BTreeSet<usize> = new.iter().copied().collect();
        directory.structures.reserve_exact(ids.len());
        for (index, id) in ids {
            drafts[index].structure.id = id;
            target[index] = Some(directory.structures.len());
            let new = &mut drafts[index].structure;
            directory.structures.push(if self.keeps_drafts { new.clone() } else { mem::take(new) });
        }
        (0..drafts.len())
            .map(|index| {
                let place = target[first_of[index]].unwrap_or_default();
                let structure = &mut directory.structures[place];
                let id = structure.id.clone();
                if kept.contains(&index) {
                    return Outcome::Kept { id };
                }
                let fields = self.merge_one(structure, &drafts[index], first_of[index] != index, notes);
                Outcome::Merged { id, fields }
            })
            .collect()
    }

    /// New places of one name in one commune get their street after it, where it is not the same.
    fn tell_apart(&self, drafts: &mut [Draft], new: &[usize], structures: &[Structure]) {
        let label = |structure: &Structure| fold(&structure.name);
        // The one street of a label, or `None` where there are several.
        let mut streets: HashMap<(&str, String), Option<String>> = HashMap::new();
        let all = structures.iter().chain(new.iter().map(|index| &drafts[*index].structure));
        for structure in all {
            let street = address::key(&structure.address.lines, self.words);
            match streets.entry((structure.commune.as_str(), label(structure))) {
                Entry::Vacant(entry) => drop(entry.insert(Some(street))),
                Entry::Occupied(mut entry) if entry.get().as_ref() != Some(&street) => {
                    *entry.get_mut() = None;
                }
                Entry::Occupied(_) => {}
            }
        }
        let has_several = |structure: &Structure| {
            streets.get(&(structure.commune.as_str(), label(structure))).is_some_and(Option::is_none)
        };
        let named: Vec<(usize, String)> = new
            .iter()
            .map(|index| (*index, &drafts[*index]))
            .filter(|(_, draft)| !draft.is_own && has_several(&draft.structure))
            .filter_map(|(index, draft)| {
                let street = address::street(&draft.structure.address.lines, self.words)?;
                Some((index, format!("{} ({street})", draft.structure.name)))
            })
            .collect();
        for (index, name) in named {
            drafts[index].structure.name = name;
        }
    }

    /// Tells of the structures that no row is, and that a new one could be under another
    /// address; those that somebody called one place become its target.
    fn find_neighbours(
        &self,
        drafts: &[Draft],
        new: &[usize],
        structures: &[Structure],
        target: &mut [Option<usize>],
        notes: &mut Notes,
    ) {
        let mut taken = vec![false; structures.len()];
        for place in target.iter().flatten() {
            taken[*place] = true;
        }
        let (mut near, mut reached) = (Lists::default(), Lists::default());
        for (place, structure) in structures.iter().enumerate() {
            near.add((structure.network.as_str(), structure.commune.as_str()), place);
            for phone in &structure.phones {
                reached.add((structure.network.as_str(), phone.as_str()), place);
            }
        }
        for index in new {
            let draft = &drafts[*index];
            let new = &draft.structure;
            if new.network == FALLBACK {
                continue;
            }
            let here = near.first(&(new.network.as_str(), new.commune.as_str()), &taken);
            let by_phone = || {
                new.phones
                    .iter()
                    .filter(|phone| !is_national(phone))
                    .find_map(|phone| reached.first(&(new.network.as_str(), phone.as_str()), &taken))
            };
            let Some(place) = here.or_else(by_phone) else { continue };
            let structure = &structures[place];
            let lines = structure.address.lines.join(", ");
            let expected = format!(
                "l’annuaire a déjà « {} » ({lines}) : le même qui a déménagé, ou un autre ?",
                structure.name
            );
            let pair = Pair::of((draft.row, new), (None, structure), self.geography);
            let proposal = Proposal {
                cause: Doubt::Twin,
                row: draft.row,
                column: "",
                value: &new.name,
                expected: &expected,
                repair: &format!("le même lieu que « {} »", structure.name),
            };
            if notes.propose_pair(proposal, Some(pair)) {
                target[*index] = Some(place);
                taken[place] = true;
            }
        }
    }

    /// Merges one draft into the structure it is. `is_again` where an earlier row of the file is it too.
    fn merge_one(
        &self,
        structure: &mut Structure,
        draft: &Draft,
        is_again: bool,
        notes: &mut Notes,
    ) -> Vec<Field> {
        let new = &draft.structure;
        // What the source itself calls it makes it the same record, whatever else changed.
        let is_keyed = identifiers(new).any(|known| identifiers(structure).any(|own| own == known));
        // The file wins where it is dated, and not older than what the directory has; where
        // neither is dated, a record of its own source is that record again, only later.
        let wins = match (new.latest(), structure.latest()) {
            (Some(file), Some(own)) => own <= file,
            (Some(_), None) => true,
            (None, None) => is_keyed,
            (None, Some(_)) => false,
        };
        // Rows of one day do not say which of them is right: the first stays, the other is proposed.
        let is_newer = new.latest() > structure.latest();
        let wins = wins && (is_newer || !is_again);
        // What somebody wrote in a table of ours is a correction like any other.
        let before = draft.is_own.then(|| structure.clone());
        let mut merging = Merging {
            wins,
            corrections: std::mem::take(&mut structure.corrections),
            is_newer,
            row: draft.row,
            fields: Vec::new(),
            notes,
            own: structure.latest().cloned(),
        };
        if is_keyed {
            merging.identity(structure, draft);
        }
        merging.name(structure, draft, is_keyed || is_newer);
        for (source, identifier) in &new.references {
            // Of two rows that are one place, the first says what it is called there.
            let is_blank = !structure.references.contains_key(source);
            if structure.references.get(source) != Some(identifier) && (is_blank || !is_again) {
                let mut all = structure.references.clone();
                all.insert(source.clone(), identifier.clone());
                merging.settle("references", is_blank, &mut structure.references, &all);
            }
        }
        merging.address(structure, draft, self.words);
        if is_again && !is_newer {
            // Both rows may be right: a place has several numbers.
            let mut all = structure.phones.clone();
            all.extend(new.phones.iter().filter(|phone| !structure.phones.contains(phone)).cloned());
            merging.settle("phones", true, &mut structure.phones, &all);
        } else if !new.phones.iter().all(|phone| structure.phones.contains(phone)) {
            // Somebody's mobile in a list is no reason to drop the number of the place.
            let is_mobile = |phone: &String| phone.starts_with("06") || phone.starts_with("07");
            let takes_away = new.phones.iter().all(is_mobile) && !structure.phones.iter().all(is_mobile);
            let (may, is_blank) = (draft.is_own || is_keyed || !takes_away, structure.phones.is_empty());
            merging.settle_if(may, "phones", is_blank, &mut structure.phones, &new.phones);
        }
        let has_email = |email: &String| structure.emails.iter().any(|own| own.eq_ignore_ascii_case(email));
        if !new.emails.iter().all(has_email) {
            merging.settle("emails", structure.emails.is_empty(), &mut structure.emails, &new.emails);
        }
        // Where it is belongs to its address: another one's says nothing of this one.
        let own_key = address::key(&structure.address.lines, self.words);
        let is_there = own_key.is_empty() || draft.address_key.is_empty() || own_key == draft.address_key;
        match (structure.position, new.position) {
            (None, Some(_)) if !is_there => {
                merging.settle_if(false, "position", false, &mut structure.position, &new.position);
            }
            (None, Some(_)) => merging.settle("position", true, &mut structure.position, &new.position),
            (Some(own), Some(other)) if own.distance(other) > if wins { SAME_PLACE } else { ELSEWHERE } => {
                merging.settle("position", false, &mut structure.position, &new.position);
            }
            _ => {}
        }
        if new.website.is_some() && new.website != structure.website {
            merging.settle("website", structure.website.is_none(), &mut structure.website, &new.website);
        }
        if new.competence.is_some() {
            let is_blank = structure.competence.is_none();
            let may = draft.is_own;
            merging.settle_if(may, "competence", is_blank, &mut structure.competence, &new.competence);
        }
        merging.hours(structure, draft);
        merging.structured(structure, draft);
        let dates = |one: &Structure| (one.checked_on.clone(), one.as_of.clone());
        if wins && dates(structure) != dates(new) {
            if new.checked_on.is_some() {
                merging.settle("checked_on", false, &mut structure.checked_on, &new.checked_on);
            }
            if new.source.is_some() {
                merging.settle("source", false, &mut structure.source, &new.source);
                merging.settle("as_of", false, &mut structure.as_of, &new.as_of);
                merging.settle("licence", false, &mut structure.licence, &new.licence);
                merging.settle("confidence", false, &mut structure.confidence, &new.confidence);
            }
        }
        structure.corrections = merging.corrections;
        if before.is_some() {
            structure.correct(before.as_ref(), self.today);
        }
        merging.fields
    }
}

/// The ids of the new structures, which do not depend on the order of the rows: places
/// that would have the same are numbered by name and address.
fn new_ids(drafts: &[Draft], new: &[usize], structures: &[Structure]) -> Vec<(usize, String)> {
    let mut taken: BTreeSet<String> = structures.iter().map(|structure| structure.id.clone()).collect();
    // What has an id keeps it, whatever the others would be called.
    let mut sorted: Vec<(bool, String, String, &str, usize)> = new
        .iter()
        .map(|index| {
            let draft = &drafts[*index];
            (
                draft.structure.id.is_empty(),
                base_id(draft),
                fold(&draft.structure.name),
                draft.address_key.as_str(),
                *index,
            )
        })
        .collect();
    sorted.sort_unstable();
    let mut ids = Vec::with_capacity(sorted.len());
    // The last number that was given to a base: all before it are taken.
    let mut last: HashMap<String, usize> = HashMap::new();
    for (_, base, _, _, index) in sorted {
        let mut id = base.clone();
        let number = last.entry(base.clone()).or_insert(1);
        while !taken.insert(id.clone()) {
            *number += 1;
            id = format!("{base}-{number}");
        }
        ids.push((index, id));
    }
    ids
}

fn base_id(draft: &Draft) -> String {
    if !draft.structure.id.is_empty() {
        return draft.structure.id.clone();
    }
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
