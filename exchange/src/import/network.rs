//! Recognising the network of a place from its name, by the words that the edition gives
//! for each network (`recognised_by`). No network is named here.

use shared::directory::{MAIN_LANGUAGE, Network};
use shared::spelling::fold;

/// From this many characters on, a pattern may be found inside a glued word.
const LONG: usize = 8;

/// From this likeness on, of 1 for the same, one text is another with a slip of the hand:
/// one letter in five.
const NEAR: f64 = 0.8;

/// The network of places that no pattern recognises: it is never proposed to visitors.
pub const FALLBACK: &str = "autre-partenaire";

/// A network found in a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recognised {
    /// Its id.
    pub(crate) network: String,
    /// The folded pattern that was found.
    pub(crate) pattern: String,
    /// Where it starts in the folded name.
    pub(crate) start: usize,
    /// Another network that the name speaks of, further on.
    pub(crate) other: Option<String>,
}

impl Recognised {
    /// A network that was said by its id.
    pub(crate) fn of_id(id: &str) -> Self {
        Self { network: id.to_owned(), pattern: String::new(), start: 0, other: None }
    }
}

/// The patterns of an edition.
pub(crate) struct Networks {
    /// Network id and folded pattern.
    patterns: Vec<(String, String)>,
    /// Network id and its name as people write it.
    names: Vec<(String, String)>,
    ids: Vec<String>,
}

impl Networks {
    /// Takes the patterns of an edition's networks.
    pub(crate) fn new(networks: &[Network]) -> Self {
        let patterns = networks
            .iter()
            .flat_map(|network| {
                network.recognised_by.iter().map(|pattern| (network.id.clone(), fold(pattern)))
            })
            .filter(|(_, pattern)| !pattern.is_empty())
            .collect();
        let names = networks
            .iter()
            .filter_map(|network| Some((network.id.clone(), network.name.get(MAIN_LANGUAGE)?.clone())))
            .collect();
        Self { patterns, names, ids: networks.iter().map(|network| network.id.clone()).collect() }
    }

    /// Whether the edition has this network.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.ids.iter().any(|known| known == id)
    }

    /// The id of a network that a person named, by its id or by its name.
    pub(crate) fn meant(&self, network: &str) -> Option<&str> {
        self.of_id(network).or_else(|| self.of_name(network))
    }

    /// What people call a network; its id where it has no name.
    pub(crate) fn called<'a>(&'a self, id: &'a str) -> &'a str {
        self.names.iter().find(|(known, _)| known == id).map_or(id, |(_, name)| name.as_str())
    }

    /// The network whose id this is, however it is written.
    pub(crate) fn of_id(&self, text: &str) -> Option<&str> {
        self.ids.iter().find(|id| fold(id) == fold(text)).map(String::as_str)
    }

    /// The network whose whole name this is, or one of its words.
    pub(crate) fn of_name(&self, text: &str) -> Option<&str> {
        let folded = fold(text);
        let mut known = self.names.iter().chain(&self.patterns);
        known.find(|(_, name)| !folded.is_empty() && fold(name) == folded).map(|(id, _)| id.as_str())
    }

    /// The network that a cell of its own says. A cell that lists several things says one only
    /// where all of them do.
    pub(crate) fn of_cell(&self, cell: &str) -> Option<Recognised> {
        if let Some(id) = self.of_id(cell) {
            return Some(Recognised::of_id(id));
        }
        if let Some(id) = self.of_name(cell) {
            let by_words = self.recognise(cell).filter(|found| found.network == id);
            return by_words.or_else(|| Some(Recognised::of_id(id)));
        }
        let mut said = cell
            .split([',', ';', '|', '/', '\n', '\r'])
            .filter(|part| !fold(part).is_empty())
            .map(|part| self.of_id(part).map(Recognised::of_id).or_else(|| self.recognise(part)));
        let first = said.next()??;
        said.all(|other| other.is_some_and(|other| other.network == first.network)).then_some(first)
    }

    /// Recognises a name: the pattern that starts first, and of those the longest. What a
    /// place is comes first in its name, then what it is part of or where it lives.
    pub(crate) fn recognise(&self, name: &str) -> Option<Recognised> {
        let folded = fold(name);
        let mut found: Vec<(usize, &str, &str)> = self
            .patterns
            .iter()
            .filter_map(|(network, pattern)| {
                Some((position(&folded, pattern)?, network.as_str(), pattern.as_str()))
            })
            .collect();
        found.sort_by_key(|(start, _, pattern)| (*start, usize::MAX - pattern.len()));
        let (start, network, pattern) = *found.first()?;
        let end = start + pattern.len();
        let other =
            found.iter().find(|(at, other, _)| *at >= end && *other != network).map(|(_, other, _)| *other);
        Some(Recognised {
            network: network.to_owned(),
            pattern: pattern.to_owned(),
            start,
            other: other.map(str::to_owned),
        })
    }

    /// The network whose name, id or words are nearest to a text, with what they are, where
    /// they are near enough for a slip of the hand: the whole of the text, or as many of its
    /// words as the network's.
    pub(crate) fn nearest(&self, text: &str) -> Option<(&str, &str)> {
        let folded = fold(text);
        let words: Vec<&str> = folded.split(' ').collect();
        let ids = self.ids.iter().map(|id| (id, id));
        let known = self.names.iter().chain(&self.patterns).map(|(id, name)| (id, name)).chain(ids);
        known
            .filter(|(id, name)| id.as_str() != FALLBACK && name.len() >= LONG)
            .filter_map(|(id, name)| {
                let wanted = fold(name);
                let count = wanted.split(' ').count();
                let best = words
                    .windows(count)
                    .map(|window| strsim::normalized_damerau_levenshtein(&window.join(" "), &wanted))
                    .fold(0.0, f64::max);
                (best >= NEAR).then_some((best, id.as_str(), name.as_str()))
            })
            .max_by(|one, other| one.0.total_cmp(&other.0))
            .map(|(_, id, name)| (id, name))
    }

    /// A folded name without the patterns of a network.
    pub(crate) fn without_patterns(&self, folded: &str, network: &str) -> String {
        let mut patterns: Vec<&str> = self
            .patterns
            .iter()
            .filter(|(id, _)| id == network)
            .map(|(_, pattern)| pattern.as_str())
            .collect();
        patterns.sort_by_key(|pattern| usize::MAX - pattern.len());
        let mut rest = folded.to_owned();
        for pattern in patterns {
            while let Some(start) = position(&rest, pattern) {
                rest.replace_range(start..start + pattern.len(), " ");
            }
        }
        rest.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// Where a pattern is in a folded name: as whole words, else, when it is long, glued.
fn position(folded: &str, pattern: &str) -> Option<usize> {
    let bytes = folded.as_bytes();
    let is_edge = |at: usize| at == 0 || at >= bytes.len() || bytes[at] == b' ' || bytes[at - 1] == b' ';
    // Names are short: a search that first studies its pattern takes longer than to try each letter.
    let starts = || (0..bytes.len()).filter(|start| bytes[*start..].starts_with(pattern.as_bytes()));
    starts()
        .find(|start| is_edge(*start) && is_edge(start + pattern.len()))
        .or_else(|| starts().next().filter(|_| pattern.len() >= LONG))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, network: Option<&str>) {
        let networks = Networks::new(&crate::reference::shipped().edition.networks);
        assert_eq!(networks.recognise(name).map(|found| found.network).as_deref(), network, "{name}");
    }

    #[test]
    fn names_are_recognised_glued_or_not() {
        check("CENTRE D'INFORMATION ET D'ORIENTATIOND'ARBENT", Some("cio"));
        check("CIO d’Annonay", Some("cio"));
        check("POINT INFORMATION JEUNESSELE TREMPLIN", Some("info-jeunes"));
        check("MISSION LOCALE NORD DROMEIMMEUBLE LE CEDRE", Some("mission-locale"));
        check("ESPACE 3R MISSION LOCALE DU VERCORS", Some("mission-locale"));
        check("CAP EMPLOI 05HANDICAP EMPLOI 05", Some("cap-emploi"));
        check("CHEOPS BRETAGNE", Some("cap-emploi"));
        check("ADE-MIFE DROME", Some("mife"));
        check("CARREFOUR  26 MIFE DES BARONNIES", Some("mife"));
        check("CENTRE D'INFORMATION SUR LES DROITS DES FEMMES ET DES FAMILLES", Some("cidff"));
        check(
            "SERVICE D'INFORMATION ET D'ORIENTATION DE L'ENSEIGNEMENT CATHOLIQUE",
            Some("sio-enseignement-catholique"),
        );
        check("DIOIS DEVELOPPEMENTMAISON DE L’EMPLOI", Some("maison-emploi"));
        check("ANTENNE AUVERGNE-RHONE-ALPES ORIENTATION", Some("agence-orientation"));
    }

    #[test]
    fn a_short_pattern_is_a_whole_word() {
        check("SOCIOLOGIE", None);
        check("ACCIDENT", None);
        check("FONDATION FACADE GRAND LARGE", None);
    }

    #[test]
    fn what_comes_first_wins_and_the_other_is_told() {
        let networks = Networks::new(&crate::reference::shipped().edition.networks);
        let found = networks.recognise("Mission locale et maison de l'emploi de Valence").unwrap();
        assert_eq!(
            (found.network.as_str(), found.other.as_deref()),
            ("mission-locale", Some("maison-emploi"))
        );
    }

    #[test]
    fn a_cell_that_lists_several_things_is_no_network() {
        let networks = Networks::new(&crate::reference::shipped().edition.networks);
        for (cell, expect) in [
            ("cio", Some("cio")),
            ("Mission locale", Some("mission-locale")),
            ("PIJ / BIJ", Some("info-jeunes")),
            ("Mission locale, CIO", None),
            ("Aide CAF, aide Pôle emploi, impôts", None),
            ("Aide Pôle emploi\nAutres démarches", None),
            (" ; ", None),
            ("", None),
        ] {
            assert_eq!(networks.of_cell(cell).map(|found| found.network).as_deref(), expect, "{cell}");
        }
    }

    #[test]
    fn a_slip_of_the_hand_is_near() {
        let networks = Networks::new(&crate::reference::shipped().edition.networks);
        for (text, expect) in [
            ("Misson locale du Val", Some("mission-locale")),
            ("MISSIONS LOCLES", Some("mission-locale")),
            ("Point informatoin jeunesse", Some("info-jeunes")),
            ("Atelier des Tilleuls", None),
            ("", None),
        ] {
            assert_eq!(networks.nearest(text).map(|(id, _)| id), expect, "{text}");
        }
    }
}
