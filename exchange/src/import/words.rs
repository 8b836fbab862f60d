//! The table of words: everything the program knows about how French words are spelled.

use shared::spelling::fold;
use std::collections::{HashMap, HashSet};

const WORDS: &str = include_str!("../../data/words.tsv");

/// What a word is, which decides of its capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// Written as it stands in the table.
    Name,
    /// A common noun or an adjective of organisations.
    Plain,
    /// A plain word that files like to glue to the next one.
    Label,
    /// A word that begins the name of a building.
    Building,
    /// An article or a preposition.
    Small,
    /// A kind of street.
    Street,
    /// A common word met in streets.
    Common,
}

/// The table of words.
pub(crate) struct Words {
    forms: HashMap<String, Vec<(Kind, &'static str)>>,
    /// Every single word of it, folded.
    known: HashSet<String>,
}

impl Words {
    /// Reads the table.
    pub(crate) fn new() -> Self {
        let mut forms: HashMap<String, Vec<(Kind, &'static str)>> = HashMap::new();
        let mut known = HashSet::new();
        for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
            let Some((kind, form)) = line.split_once('\t') else { continue };
            let kind = match kind {
                "name" => Kind::Name,
                "label" => Kind::Label,
                "building" => Kind::Building,
                "small" => Kind::Small,
                "street" => Kind::Street,
                "common" => Kind::Common,
                _ => Kind::Plain,
            };
            let folded = fold(form);
            known.extend(folded.split(' ').map(str::to_owned));
            let list = forms.entry(folded).or_default();
            list.push((kind, form));
            list.sort_unstable();
        }
        Self { forms, known }
    }

    /// Whether the table has this folded word, alone or in a phrase.
    pub(crate) fn knows(&self, folded: &str) -> bool {
        self.known.contains(folded)
    }

    /// Whether the table has this folded word as one of this kind.
    pub(crate) fn is(&self, folded: &str, kind: Kind) -> bool {
        self.forms.get(folded).is_some_and(|forms| forms.iter().any(|(other, _)| *other == kind))
    }

    /// Whether a folded word says nothing of its own about a place.
    pub(crate) fn is_plain(&self, folded: &str) -> bool {
        [Kind::Plain, Kind::Label, Kind::Small].into_iter().any(|kind| self.is(folded, kind))
    }

    /// The kind and the form of a folded phrase: the first reading of it.
    pub(crate) fn form(&self, folded: &str) -> Option<(Kind, &'static str)> {
        self.forms.get(folded).and_then(|forms| forms.first().copied())
    }

    /// The form of a folded phrase as one of this kind.
    pub(crate) fn form_of_kind(&self, folded: &str, kind: Kind) -> Option<&'static str> {
        self.forms.get(folded)?.iter().find(|(other, _)| *other == kind).map(|(_, form)| *form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_no_word_twice_in_a_kind() {
        let mut seen = HashSet::new();
        for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
            let (kind, form) = line.split_once('\t').unwrap();
            assert!(seen.insert((kind, fold(form))), "{line} is there twice");
        }
    }
}
