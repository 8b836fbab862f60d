//! The name that visitors read, from the name that a file gives.

use super::glue::unglue;
use super::network::{Networks, Recognised};
use super::spelling::{Context, Speller};
use super::wording::of_commune;
use super::words::Kind;
use shared::geography::Meters;
use shared::spelling::fold;

/// A name, put right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Name {
    /// What visitors read.
    pub(crate) text: String,
    /// The same before its capitals were put right: what patterns are looked for in.
    pub(crate) unglued: String,
    /// The building that was glued to it, for the address.
    pub(crate) building: Option<String>,
    /// Whether words had to be cut.
    pub(crate) was_glued: bool,
    /// Words that may miss an accent.
    pub(crate) doubtful: Vec<String>,
}

/// Puts a name right. `acronym` is what the file's own column says, or nothing.
///
/// Words that an export glued together are cut only where they may be.
pub(crate) fn name(
    tidied: &str,
    acronym: &str,
    networks: &Networks,
    speller: Speller<'_>,
    may_unglue: bool,
) -> Name {
    let is_place = |folded: &str| {
        speller
            .places
            .name_near(folded, speller.near)
            .or_else(|| speller.places.word_near(folded, speller.near))
            .is_some()
    };
    let parts = if may_unglue && super::spelling::is_shouted(tidied) {
        unglue(tidied, speller.words, &is_place, speller.acronyms).parts
    } else {
        vec![tidied.to_owned()]
    };
    let mut name = Name { was_glued: parts.len() > 1, ..Name::default() };
    let mut parts = parts.into_iter();
    let mut text = parts.next().unwrap_or_default();
    for part in parts {
        if let Some(building) = &mut name.building {
            building.push_str(if is_joined(&part, building, speller) { " " } else { " – " });
            building.push_str(&part);
        } else if is_building(&text, &part, networks, speller) {
            name.building = Some(part);
        } else {
            text.push_str(&link(&text, &part, speller));
            text.push_str(&part);
        }
    }
    let found = speller.spell(&text, Context::Name);
    name.doubtful = found.doubtful;
    name.text = found.text;
    if !acronym.is_empty() && !contains_words(&fold(&name.text), &fold(acronym)) {
        name.text = format!("{} ({acronym})", name.text);
    }
    name.unglued = text;
    name
}

fn contains_words(text: &str, words: &str) -> bool {
    format!(" {text} ").contains(&format!(" {words} "))
}

/// Whether a part that was glued on is where the place lives, and not what it is.
fn is_building(text: &str, part: &str, networks: &Networks, speller: Speller<'_>) -> bool {
    let first = fold(part).split(' ').next().unwrap_or_default().to_owned();
    speller.words.is(&first, Kind::Building) && networks.recognise(text).is_some()
}

/// Whether two parts are one phrase.
fn is_joined(part: &str, text: &str, speller: Speller<'_>) -> bool {
    let before = fold(text).rsplit(' ').next().unwrap_or_default().to_owned();
    let after = fold(part).split(' ').next().unwrap_or_default().to_owned();
    speller.words.is(&before, Kind::Small)
        || matches!(after.as_str(), "de" | "du" | "des" | "d" | "et")
        || (after.starts_with(|first: char| first.is_ascii_digit()) && !before.is_empty())
}

/// What links a name and the part that was glued to it.
fn link(text: &str, part: &str, speller: Speller<'_>) -> String {
    if is_joined(part, text, speller) {
        return " ".to_owned();
    }
    let last = fold(text).rsplit(' ').next().unwrap_or_default().to_owned();
    let words: Vec<&str> = part.split([' ', '-']).collect();
    let place = (1..=words.len().min(6))
        .rev()
        .find_map(|count| speller.places.name_near(&fold(&words[..count].join(" ")), speller.near));
    match place {
        Some(place) if speller.words.is(&last, Kind::Label) && !place.starts_with("Le") => {
            if of_commune(place).starts_with("d’") { " D'".to_owned() } else { " DE ".to_owned() }
        }
        _ => " – ".to_owned(),
    }
}

/// Whether a name says what kind of place it is and nothing else.
pub(crate) fn is_bare(
    name: &str,
    recognised: Option<&Recognised>,
    networks: &Networks,
    speller: Speller<'_>,
) -> bool {
    let Some(recognised) = recognised else { return false };
    networks
        .without_patterns(&fold(name), &recognised.network)
        .split(' ')
        .all(|word| word.is_empty() || word.len() == 1 || speller.words.is_plain(word))
}

/// Whether a name has the commune's in it, even one that is made of common words: « Val-d’Arc ».
pub(crate) fn has_commune(name: &str, commune: &str) -> bool {
    format!(" {} ", fold(name)).contains(&format!(" {} ", fold(commune)))
}

/// A name without the commune that stands after its dash: `CIO – Aubenas` is a CIO.
pub(crate) fn before_commune<'a>(name: &'a str, commune: &str) -> Option<&'a str> {
    let (before, after) = name.rsplit_once(" – ").or_else(|| name.rsplit_once(" - "))?;
    let bare = |text: &str| {
        let folded = fold(text.strip_suffix(" Arrondissement").unwrap_or(text));
        let article = ["le ", "la ", "les "].into_iter().find(|article| folded.starts_with(article));
        folded[article.map_or(0, str::len)..].to_owned()
    };
    let (after, commune) = (bare(after), bare(commune));
    // « Romans » is what people call Romans-sur-Isère.
    let is_short = || commune.strip_prefix(&after).is_some_and(|rest| rest.starts_with(' '));
    (after == commune || !after.is_empty() && is_short()).then_some(before)
}

/// What is left of a name when the kind of place and the commune are taken out: two
/// records of one place agree on it.
pub(crate) fn key(
    name: &str,
    network: &str,
    commune: &str,
    networks: &Networks,
    words: &super::words::Words,
) -> String {
    let without_brackets = name.split('(').next().unwrap_or(name);
    let rest = networks.without_patterns(&fold(without_brackets), network);
    let commune = fold(commune.strip_suffix(" Arrondissement").unwrap_or(commune));
    let rest = format!(" {rest} ").replace(&format!(" {commune} "), " ");
    // « Antenne D » is not « antenne d’… »: a capital that stands alone tells places apart. In a name
    // that is all capitals it may be either.
    let is_shouted = !without_brackets.contains(char::is_lowercase);
    let letters: Vec<String> = without_brackets
        .split_whitespace()
        .filter(|word| !is_shouted && matches!(word.as_bytes(), [letter] if letter.is_ascii_uppercase()))
        .map(fold)
        .collect();
    rest.split(' ')
        .filter(|word| !word.is_empty())
        .filter(|word| !words.is(word, Kind::Small) || letters.iter().any(|letter| letter == word))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The departments that a name declares: the numbers right after the network's own words
/// (`CAP EMPLOI 15 - 43`).
pub(crate) fn departments(unglued: &str, recognised: &Recognised) -> Vec<String> {
    let folded = fold(unglued);
    let Some(at) = folded.find(&recognised.pattern) else { return Vec::new() };
    folded[at + recognised.pattern.len()..]
        .split(' ')
        .filter(|word| !word.is_empty())
        .map_while(|word| {
            let is_number = (word.len() == 2 || word.len() == 3 && word.starts_with("97"))
                && word.bytes().all(|byte| byte.is_ascii_digit());
            (is_number || matches!(word, "2a" | "2b")).then(|| word.to_uppercase())
        })
        .collect()
}

/// Further apart than this, two places are not neighbours.
pub(crate) const APART: Meters = Meters(5_000);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::communes;
    use crate::import::words::Words;

    fn check(near: &str, text: &str, acronym: &str, expect: &str, building: Option<&str>) {
        let geography = crate::reference::geography();
        let (places, words) = (communes::indexed(), Words::new());
        let networks = Networks::new(&crate::reference::shipped().edition.networks);
        let acronyms = [acronym.to_owned()];
        let near = geography.commune(near).unwrap();
        let speller = Speller { words: &words, places, near, acronyms: &acronyms };
        let found = name(text, acronym, &networks, speller, true);
        assert_eq!((found.text.as_str(), found.building.as_deref()), (expect, building));
    }

    #[test]
    fn a_letter_that_stands_alone_tells_places_apart() {
        let words = Words::new();
        let networks = Networks::new(&crate::reference::shipped().edition.networks);
        for (name, expect) in [
            ("CIO L de Crest", "l"),
            ("CIO de Crest", ""),
            ("CIO L DE CREST", ""),
            ("CIO d’Alixan de Crest", "alixan"),
        ] {
            assert_eq!(key(name, "cio", "Crest", &networks, &words), expect, "{name}");
        }
    }

    #[test]
    fn glued_names_are_put_right() {
        check(
            "26108",
            "CENTRE D'INFORMATION ET D'ORIENTATIONDE CREST",
            "",
            "Centre d’information et d’orientation de Crest",
            None,
        );
        check(
            "03101",
            "CENTRE D'INFORMATION ET D'ORIENTATIONDOMERAT",
            "",
            "Centre d’information et d’orientation de Domérat",
            None,
        );
        check(
            "43135",
            "CENTRE D'INFORMATION ET D'ORIENTATIONLE MONASTIER",
            "",
            "Centre d’information et d’orientation – Le Monastier",
            None,
        );
        check(
            "69276",
            "POINT INFORMATION JEUNESSELE TREMPLIN",
            "",
            "Point information jeunesse – Le Tremplin",
            None,
        );
        check(
            "26362",
            "MISSION LOCALE NORD DROMEIMMEUBLE LE CEDRE",
            "",
            "Mission locale Nord Drôme",
            Some("IMMEUBLE LE CEDRE"),
        );
        check("01053", "CAP EMPLOI 05HANDICAP EMPLOI 05", "", "Cap emploi 05 – Handicap emploi 05", None);
        check("01053", "CMA DE L'AINPOINT B", "", "CMA de l’Ain – Point B", None);
        check("26362", "CENTRE POUR TOUS", "CPT", "Centre pour tous (CPT)", None);
        check("26362", "CPT CENTRE POUR TOUS", "CPT", "CPT centre pour tous", None);
    }

    #[test]
    fn a_commune_after_a_dash_is_found() {
        for (name, commune, expect) in [
            ("CIO – Aubenas", "Aubenas", Some("CIO")),
            ("CIO - Puy-en-Velay", "Le Puy-en-Velay", Some("CIO")),
            ("Mission locale – Sud – AUBENAS", "Aubenas", Some("Mission locale – Sud")),
            ("Mission locale – Romans", "Romans-sur-Isère", Some("Mission locale")),
            ("CIO – Aubenas", "Privas", None),
            ("CIO – Rom", "Romans-sur-Isère", None),
            ("CIO Aubenas", "Aubenas", None),
        ] {
            assert_eq!(before_commune(name, commune), expect, "{name}");
        }
    }

    #[test]
    fn departments_are_read_right_after_the_network() {
        let networks = Networks::new(&crate::reference::shipped().edition.networks);
        for (name, expect) in [
            ("CAP EMPLOI 15 - 43", &["15", "43"][..]),
            ("CAP EMPLOI 2A-2B", &["2A", "2B"]),
            ("CAP EMPLOI DE L'AIN 01", &[]),
            ("CAP EMPLOI 42 HVE 2", &["42"]),
        ] {
            assert_eq!(departments(name, &networks.recognise(name).unwrap()), expect, "{name}");
        }
    }
}
