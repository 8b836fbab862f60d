//! What a file says in a form of its own, beside its cells.

use shared::directory::Structure;

/// Facts that a format gives as what they are, and no cell has to be understood for: hours,
/// identifiers elsewhere, a network's code.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    /// The facts. A field that says nothing leaves the word to the cells.
    pub(crate) structure: Structure,
    /// The row was written by [`crate::export`]: it says itself where its facts come from
    /// and when they were checked, and its name and address are left as they are.
    pub(crate) is_own: bool,
    /// Its position is only good enough to rank places.
    pub(crate) is_approximate: bool,
}

impl Given {
    /// Lets the facts replace what the cells said.
    pub(crate) fn apply(&self, structure: &mut Structure) {
        let given = &self.structure;
        structure.id.clone_from(&given.id);
        structure.references.clone_from(&given.references);
        if let Some(position) = &mut structure.position {
            position.approximate = self.is_approximate;
        }
        if self.is_own || !given.hours.is_empty() || given.hours_note.is_some() {
            structure.hours.clone_from(&given.hours);
            structure.hours_note.clone_from(&given.hours_note);
        }
        if self.is_own || !given.closed.is_empty() {
            structure.closed.clone_from(&given.closed);
        }
        if self.is_own || given.competence.is_some() {
            structure.competence.clone_from(&given.competence);
        }
        if self.is_own || given.source.is_some() {
            structure.source.clone_from(&given.source);
        }
        if self.is_own {
            structure.as_of.clone_from(&given.as_of);
            structure.licence.clone_from(&given.licence);
            structure.confidence = given.confidence;
        }
        if given.checked_on.is_some() {
            structure.checked_on.clone_from(&given.checked_on);
        }
        structure.languages.clone_from(&given.languages);
        structure.access.clone_from(&given.access);
        structure.serves.clone_from(&given.serves);
        structure.services.clone_from(&given.services);
    }
}
