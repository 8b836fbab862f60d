//! The communes that a town, however it is written, may be the name of.

use super::{Named, Places};
use shared::geography::Commune;
use shared::spelling::{fold, in_full};

/// The communes that a town may be the name of.
pub(super) struct Names {
    /// They.
    pub(super) list: Vec<Named>,
    /// Whether it is the name as a whole, not a part of what is written.
    pub(super) is_whole: bool,
}

impl<'a> Places<'a> {
    /// A former commune's name as it was official.
    pub(super) fn former_name(&self, town: &str) -> Option<&'a str> {
        let folded = fold(town);
        let full = || self.former_names.get(&in_full(&folded)?);
        self.former_names.get(&folded).or_else(full).copied()
    }

    /// The communes of this name; of its parts where a sign joins a hamlet and a town.
    pub(super) fn names(&self, town: &str) -> Names {
        let whole = self.named(town);
        if !whole.is_empty() {
            return Names { list: whole.to_vec(), is_whole: true };
        }
        if let Some(index) = self.numbered(town) {
            return Names { list: vec![Named { index, is_former: false }], is_whole: true };
        }
        let mut list = Vec::new();
        for part in parts(town) {
            for found in self.named(part) {
                // "Seynod - Annecy": a former commune and today's are one place.
                match list.iter_mut().find(|other: &&mut Named| other.index == found.index) {
                    Some(other) => other.is_former &= found.is_former,
                    None => list.push(*found),
                }
            }
        }
        Names { list, is_whole: false }
    }

    /// The arrondissement that a number after a city stands for: « LYON 03 », « Lyon 3ème ».
    fn numbered(&self, town: &str) -> Option<usize> {
        let folded = fold(town);
        let (city, number) = folded.rsplit_once(' ')?;
        let number = number.trim_end_matches(char::is_alphabetic).parse().ok()?;
        let whole = self
            .named(city)
            .iter()
            .find_map(|named| self.parts.get(self.commune(named.index).code.as_str()))?;
        whole.iter().copied().find(|index| number_of(self.commune(*index)) == Some(number))
    }
}

/// The number of an arrondissement.
pub(super) fn number_of(commune: &Commune) -> Option<u8> {
    let digits: String = commune.name.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// What signs join, in the order in which it is written. In « Villefranche s/Saône » the stroke
/// joins nothing.
fn parts(town: &str) -> impl Iterator<Item = &str> {
    let is_short = |piece: &str| matches!(fold(piece).rsplit(' ').next(), Some("s" | "ss"));
    let strokes = if town.split('/').any(is_short) { '(' } else { '/' };
    town.split([',', '(', ')', strokes]).flat_map(|part| part.split(" - "))
}

/// A town as it is compared: folded, in full.
pub(super) fn written(town: &str) -> String {
    let folded = fold(town);
    in_full(&folded).unwrap_or(folded)
}

/// Whether a town may be a commune's name in short (« romans »), with a hamlet (« venissieux le
/// bas ») or without its article. Both are folded.
pub(super) fn fits(town: &str, name: &str) -> bool {
    let begins = |long: &str, short: &str| {
        short.len() >= 3
            && long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let (town, name) = (without_article(town), without_article(name));
    begins(name, town) || begins(town, name)
}

fn without_article(folded: &str) -> &str {
    ["l ", "le ", "la ", "les "].iter().find_map(|article| folded.strip_prefix(article)).unwrap_or(folded)
}
