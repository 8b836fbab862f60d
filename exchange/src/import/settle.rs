//! Settling the fields of a place that the directory has and the file has again: the file's
//! value is taken, or proposed, and nothing that differs is left without a word.

use super::address;
use super::merge::Field;
use super::network::FALLBACK;
use super::record::Draft;
use super::repair::{Doubt, Notes, Proposal};
use super::words::Words;
use crate::hours;
use serde::Serialize;
use serde_json::Value;
use shared::directory::{Correction, Structure};
use shared::fields::{french, shown};
use shared::french::day;
use shared::spelling::fold;
use std::collections::BTreeMap;

/// One merge under way.
pub(super) struct Merging<'a> {
    /// Whether the file's value counts where both have one.
    pub(super) wins: bool,
    /// Whether the file was checked later than the directory's place.
    pub(super) is_newer: bool,
    /// The file's row.
    pub(super) row: usize,
    /// What changed until now.
    pub(super) fields: Vec<Field>,
    /// Where disagreements are told.
    pub(super) notes: &'a mut Notes,
    /// When the directory's place was checked.
    pub(super) own: Option<String>,
    /// What a person typed there.
    pub(super) corrections: BTreeMap<String, Correction>,
}

impl Merging<'_> {
    /// What a place is, which only its source's own identifier lets change: its network and
    /// its commune.
    pub(super) fn identity(&mut self, structure: &mut Structure, draft: &Draft) {
        let new = &draft.structure;
        if new.network != FALLBACK && new.network != structure.network {
            self.settle("network", structure.network == FALLBACK, &mut structure.network, &new.network);
        }
        if new.commune != structure.commune {
            self.settle("commune", false, &mut structure.commune, &new.commune);
            if structure.commune == new.commune && structure.position != new.position {
                // The place moved: where it was says nothing any more.
                self.settle("position", true, &mut structure.position, &new.position);
            }
        }
    }

    /// What the place is called: what somebody corrected in a table of ours counts as it is
    /// written, and elsewhere another way of writing the same is no other name.
    pub(super) fn name(&mut self, structure: &mut Structure, draft: &Draft, may: bool) {
        let new = &draft.structure;
        // New places of one name were told apart by their street.
        let is_told_apart = structure.name.starts_with(&format!("{} (", new.name));
        if draft.is_own || fold(&new.name) != fold(&structure.name) && !is_told_apart {
            self.settle_if(may, "name", false, &mut structure.name, &new.name);
        }
    }

    /// Where the place is: another street is another address, and of the same street more may
    /// be said, or another postcode.
    pub(super) fn address(&mut self, structure: &mut Structure, draft: &Draft, words: &Words) {
        let mut new = draft.structure.address.clone();
        // A file without postcodes takes none away.
        if new.postcode.is_empty() && new.town.is_none() && draft.structure.commune == structure.commune {
            new.postcode.clone_from(&structure.address.postcode);
            new.town.clone_from(&structure.address.town);
        }
        let (own, new) = (&mut structure.address, &new);
        let says_more = !address::is_within(&new.lines, &own.lines);
        let is_same = address::key(&own.lines, words) == draft.address_key || !says_more;
        if own.lines.is_empty() || !is_same {
            if !new.lines.is_empty() {
                self.settle("address", own.lines.is_empty(), own, new);
            }
        } else if own.postcode.is_empty() {
            self.settle("address", true, own, new);
        } else {
            let mut after = new.clone();
            if !says_more || new.lines.is_empty() {
                after.lines.clone_from(&own.lines);
            }
            if new.postcode.is_empty() || new.postcode == own.postcode {
                (after.postcode, after.town) = (own.postcode.clone(), own.town.clone());
            }
            self.settle_if(self.is_newer, "address", false, own, &after);
        }
    }

    /// When it is open.
    pub(super) fn hours(&mut self, structure: &mut Structure, draft: &Draft) {
        let new = &draft.structure;
        if new.hours.is_empty() {
            if new.hours_note.is_some() && !draft.is_own {
                let is_blank = structure.hours.is_empty() && structure.hours_note.is_none();
                // Beside hours that nobody takes back, a note may contradict them.
                let may = structure.hours.is_empty();
                self.settle_if(may, "hours_note", is_blank, &mut structure.hours_note, &new.hours_note);
            }
            return;
        }
        if structure.hours != new.hours {
            self.settle("hours", structure.hours.is_empty(), &mut structure.hours, &new.hours);
        }
        // A note that only said the hours is not needed beside them; any other stays.
        let is_blank = structure.hours_note.as_ref().is_none_or(|note| hours::read(note).week == new.hours);
        if structure.hours == new.hours && (is_blank || new.hours_note.is_some()) {
            self.settle("hours_note", is_blank, &mut structure.hours_note, &new.hours_note);
        }
    }

    /// The fields that only some formats have. A row of ours has all of them; one that is
    /// blank there still changes nothing, because a column may have been deleted.
    pub(super) fn structured(&mut self, structure: &mut Structure, draft: &Draft) {
        let new = &draft.structure;
        if !new.closed.is_empty() {
            self.settle("closed", structure.closed.is_empty(), &mut structure.closed, &new.closed);
        }
        if !new.languages.is_empty() {
            self.settle(
                "languages",
                structure.languages.is_empty(),
                &mut structure.languages,
                &new.languages,
            );
        }
        if new.access.is_some() {
            self.settle("access", structure.access.is_none(), &mut structure.access, &new.access);
        }
        if !draft.is_own {
            return;
        }
        if new.position.is_some() {
            self.settle("position", false, &mut structure.position, &new.position);
        }
        if new.hours_note.is_some() {
            self.settle(
                "hours_note",
                structure.hours_note.is_none(),
                &mut structure.hours_note,
                &new.hours_note,
            );
        }
        if new.serves.is_some() {
            self.settle("serves", structure.serves.is_none(), &mut structure.serves, &new.serves);
        }
        if new.services.is_some() {
            self.settle("services", structure.services.is_none(), &mut structure.services, &new.services);
        }
    }

    /// Settles a field whose value even a row that wins may only propose.
    pub(super) fn settle_if<T: Clone + PartialEq + Serialize>(
        &mut self,
        may: bool,
        name: &'static str,
        is_blank: bool,
        own: &mut T,
        new: &T,
    ) {
        let wins = self.wins;
        self.wins = wins && may;
        self.settle(name, is_blank, own, new);
        self.wins = wins;
    }

    /// Takes the file's value, or keeps the directory's and says so.
    pub(super) fn settle<T: Clone + PartialEq + Serialize>(
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
        let is_typed = self.corrections.contains_key(name);
        if !is_typed && (is_blank || self.wins) || self.is_accepted(name, &before, &after) {
            self.corrections.remove(name);
            own.clone_from(new);
            self.fields.push(Field { name: name.to_owned(), before, after });
        }
    }

    /// Proposes the file's value of a field that stays as it is, and says whether it was accepted.
    fn is_accepted(&mut self, name: &'static str, before: &Value, after: &Value) -> bool {
        let (value, repair) = (shown(name, before), shown(name, after));
        let (cause, expected) = match self.corrections.get(name) {
            None => {
                let since =
                    self.own.as_ref().map_or(String::new(), |date| format!(", datée du {}", day(date)));
                let expected = format!("le fichier dit « {repair} » ; l’annuaire garde sa valeur{since}");
                (Doubt::Conflict, expected)
            }
            Some(correction) if correction.replaces(after) => {
                let expected = format!(
                    "corrigé par une personne le {} ; le fichier dit encore « {repair} »",
                    day(&correction.on)
                );
                (Doubt::Corrected, expected)
            }
            Some(correction) => {
                let expected = format!(
                    "corrigé par une personne le {} ; la source disait « {} », elle dit maintenant « {repair} »",
                    day(&correction.on),
                    shown(name, &correction.instead_of)
                );
                (Doubt::SourceChanged, expected)
            }
        };
        self.notes.propose(Proposal {
            cause,
            row: self.row,
            column: french(name),
            value: &value,
            expected: &expected,
            repair: &repair,
        })
    }
}

/// A field as the document writes it: through text, because a value widens
/// single-precision numbers.
pub(super) fn value(field: &impl Serialize) -> Value {
    let text = serde_json::to_vec(field).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}
