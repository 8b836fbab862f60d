//! Words that an export glued together, because a line break inside a cell was dropped:
//! `D'ORIENTATIONDE CREST`, `NORD DROMEIMMEUBLE LE CEDRE`.
//!
//! A word is cut only where one side is a word of the table and the other is known too,
//! or where the table's word is so long that no French word ends or begins with it.

use super::words::{Kind, Words};
use shared::spelling::fold;

/// From this many letters on, a label or a building is not part of another word.
const LONG: usize = 8;

/// Beginnings that make a word of their own with what follows (`SOUS-DIRECTION` as one).
const PREFIXES: &[&str] = &[
    "auto", "co", "eco", "inter", "micro", "mini", "multi", "pluri", "pre", "re", "sous", "super", "sur",
    "tele", "trans",
];

/// Endings that make another word of a label (`INFORMATIONNEL`).
const SUFFIXES: &[&str] = &["s", "nel", "nels", "nelle", "nelles", "ne", "nes"];

/// Where words were glued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unglued {
    /// The parts of the text that stood on lines of their own, or were words of their own.
    pub(crate) parts: Vec<String>,
}

/// Cuts a text at its joints. `is_place` tells whether a folded word is a commune nearby;
/// `acronyms` are those that the record gives itself.
pub(crate) fn unglue(
    text: &str,
    words: &Words,
    is_place: &dyn Fn(&str) -> bool,
    acronyms: &[String],
) -> Unglued {
    let mut parts = vec![String::new()];
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
        if length == 0 {
            let other = rest.chars().next().map_or(1, char::len_utf8);
            push(&mut parts, &rest[..other]);
            rest = &rest[other..];
            continue;
        }
        let word = &rest[..length];
        let elides = rest[length..].starts_with(['\'', '’']);
        if let Some(at) = joint(word, elides, words, is_place, acronyms) {
            push(&mut parts, &word[..at]);
            parts.push(String::new());
            rest = &rest[at..];
        } else {
            push(&mut parts, word);
            rest = &rest[length..];
        }
    }
    let parts =
        parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
    Unglued { parts }
}

fn push(parts: &mut [String], text: &str) {
    if let Some(last) = parts.last_mut() {
        last.push_str(text);
    }
}

/// Where a word has to be cut, in bytes.
fn joint(
    word: &str,
    elides: bool,
    words: &Words,
    is_place: &dyn Fn(&str) -> bool,
    acronyms: &[String],
) -> Option<usize> {
    if let Some(at) = number_joint(word, words, is_place) {
        return Some(at);
    }
    // "ORIENTATIOND'ARBENT": the letter before the apostrophe belongs to what follows.
    if elides && let Some((at, _)) = word.char_indices().last() {
        let stem = fold(&word[..at]);
        let ends_elided = word.ends_with(['D', 'L']);
        return (ends_elided && stem.len() > 1 && words.knows(&stem)).then_some(at);
    }
    let folded = fold(word);
    if words.knows(&folded) || is_place(&folded) || acronyms.iter().any(|acronym| acronym == word) {
        return None;
    }
    let cuts = word.char_indices().map(|(at, _)| at).filter(|at| *at >= 2 && *at + 2 <= word.len());
    cuts.filter_map(|at| Some((strength(word, at, words, is_place, acronyms)?, at))).max().map(|(_, at)| at)
}

/// How sure a cut is; nothing where it is not.
fn strength(
    word: &str,
    at: usize,
    words: &Words,
    is_place: &dyn Fn(&str) -> bool,
    acronyms: &[String],
) -> Option<usize> {
    let (left, right) = (fold(&word[..at]), fold(&word[at..]));
    if PREFIXES.contains(&left.as_str()) {
        return None;
    }
    let is_head = |folded: &str| {
        words.is(folded, Kind::Label) || words.is(folded, Kind::Building) || words.is(folded, Kind::Street)
    };
    let is_known = |folded: &str| folded.len() > 1 && (words.knows(folded) || is_place(folded));
    let left_known = is_known(&left) || acronyms.iter().any(|acronym| fold(acronym) == left);
    let right_known = is_known(&right);
    let is_small = |folded: &str| words.is(folded, Kind::Small);
    let head = [&left, &right].into_iter().filter(|side| is_head(side)).map(String::len).max().unwrap_or(0);
    if left_known && right_known {
        // "DE" and "TOUR" make "DETOUR": beside a small word, the other one must be long.
        let shortest_safe = if is_small(&left) || is_small(&right) { LONG - 1 } else { 4 };
        let other_is_place = is_small(&left) && right.len() >= 6 && is_place(&right);
        if head >= shortest_safe || other_is_place {
            return Some(1000 + head + right.len().min(left.len()));
        }
    }
    let long_right = is_head(&right) && right.len() >= LONG && left.len() >= 3;
    let long_left =
        is_head(&left) && left.len() >= LONG && right.len() >= 3 && !SUFFIXES.contains(&right.as_str());
    let after_place = right.len() >= 3 && left.len() >= 6 && is_place(&left) && right.len() <= 5;
    if long_right || long_left {
        return Some(500 + head);
    }
    after_place.then_some(left.len())
}

/// `05HANDICAP`, `3UNIVERSITE`, `LYON2`: where digits and letters meet, except in ordinals
/// and in numbers of houses.
fn number_joint(word: &str, words: &Words, is_place: &dyn Fn(&str) -> bool) -> Option<usize> {
    let digits = word.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(word.len());
    if digits > 0 && digits < word.len() {
        let letters = &word[digits..];
        let is_ending =
            matches!(fold(letters).as_str(), "eme" | "ieme" | "ere" | "bis" | "ter" | "nde" | "quater");
        return (letters.chars().count() >= 3 && !is_ending && letters.chars().all(char::is_alphabetic))
            .then_some(digits);
    }
    let letters = word.find(|letter: char| letter.is_ascii_digit())?;
    let name = fold(&word[..letters]);
    let is_number = word[letters..].bytes().all(|byte| byte.is_ascii_digit());
    (is_number && name.len() >= 3 && (words.knows(&name) || is_place(&name))).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let words = Words::new();
        let is_place = |folded: &str| {
            matches!(folded, "arbent" | "valence" | "aubenas" | "domerat" | "oyonnax" | "genas")
        };
        let acronyms = ["ADEMON".to_owned()];
        assert_eq!(unglue(text, &words, &is_place, &acronyms).parts, expect, "{text}");
    }

    #[test]
    fn glued_words_are_cut() {
        check(
            "CENTRE D'INFORMATION ET D'ORIENTATIOND'ARBENT",
            &["CENTRE D'INFORMATION ET D'ORIENTATION", "D'ARBENT"],
        );
        check(
            "CENTRE D'INFORMATION ET D'ORIENTATIONDOMERAT",
            &["CENTRE D'INFORMATION ET D'ORIENTATION", "DOMERAT"],
        );
        check("POINT INFORMATION JEUNESSELE TREMPLIN", &["POINT INFORMATION JEUNESSE", "LE TREMPLIN"]);
        check("POINT INFORMATION JEUNESSE DEVALENCE", &["POINT INFORMATION JEUNESSE DE", "VALENCE"]);
        check(
            "MISSION LOCALE NORD DROMEIMMEUBLE LE CEDRE",
            &["MISSION LOCALE NORD DROME", "IMMEUBLE LE CEDRE"],
        );
        check("MISSION LOCALE OUEST ALLIERTOUR B", &["MISSION LOCALE OUEST ALLIER", "TOUR B"]);
        check("CAP EMPLOI 05HANDICAP EMPLOI 05", &["CAP EMPLOI 05", "HANDICAP EMPLOI 05"]);
        check("CAP EMPLOI 04-05UNIR’H", &["CAP EMPLOI 04-05", "UNIR’H"]);
        check("ADEMONASSOCIATION VALLEE", &["ADEMON", "ASSOCIATION VALLEE"]);
        check("COMMUNAUTEDE COMMUNES", &["COMMUNAUTE", "DE COMMUNES"]);
        check("CMA DE L'AINPOINT B", &["CMA DE L'AIN", "POINT B"]);
        check("D'INFORMATION ETD'ORIENTATION", &["D'INFORMATION ET", "D'ORIENTATION"]);
        check("ORIENTATION ETINSERTION", &["ORIENTATION ET", "INSERTION"]);
        check(
            "FEYZIN MIONS GENASDIRECTION ADMINISTRATIVE",
            &["FEYZIN MIONS GENAS", "DIRECTION ADMINISTRATIVE"],
        );
        check("UNIV. VALENCE2 - SCUIO", &["UNIV. VALENCE", "2 - SCUIO"]);
        check("D'AUBENASMED", &["D'AUBENAS", "MED"]);
    }

    #[test]
    fn words_are_left_whole() {
        for whole in [
            "METROPOLE DE LYON",
            "DETOUR DE LA TOUR",
            "CAPACITE ELECTRICITE",
            "INFORMATIONS",
            "ECOQUARTIER",
            "SOUSDIRECTION",
            "11EME BCA",
            "18B",
            "5TER",
            "CS51093",
            "AUJOURD'HUI",
            "OYONNAX ARBENT AGGLOMERATION",
            "RETOUR A L'EMPLOI",
        ] {
            check(whole, &[whole]);
        }
    }
}
