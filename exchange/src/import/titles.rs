//! What the title of a column says, however it is written: in the plural, with a star, in
//! another order, with a remark in brackets, or with one letter that is wrong.

use super::columns::Field;
use super::synonyms::SYNONYMS;
use crate::hours;
use shared::spelling::fold;
use std::sync::LazyLock;

/// The field that a column's title announces.
pub(crate) fn recognise(title: &str) -> Option<Field> {
    if left_out(title).is_some() {
        return None;
    }
    let words = words(title);
    known(&words).or_else(|| without_brackets(title)).or_else(|| misspelt(&words.join(" ")))
}

/// Why a column is never taken for something of the place, whatever its cells look like.
pub(crate) fn left_out(title: &str) -> Option<&'static str> {
    let words = words(title);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let is_name_of_contact = has(&["contact"]) && has(&["nom"]);
    // « Personne morale » and « chef-lieu » are none.
    let is_other = has(&["morale"]) || words.windows(2).any(|pair| pair == ["chef", "lieu"]);
    if has(PERSONS) && !is_other || is_name_of_contact {
        Some(PERSON)
    } else if has(FAXES) && !has(&["tel", "telephone"]) {
        Some("un fax n’est pas un téléphone")
    } else {
        None
    }
}

/// Why a column about a person is left out.
pub(super) const PERSON: &str = "parle d’une personne, et non du lieu";

/// Why a column is left out of which nothing is known.
pub(super) const UNKNOWN: &str = "titre inconnu";

/// Whether a column holds remarks about who knows what.
pub(crate) fn is_comment(title: &str) -> bool {
    const COMMENTS: &[&str] = &["commentaire", "remarque", "observation", "precision", "note"];
    words(title).iter().any(|word| COMMENTS.contains(&word.as_str()))
}

/// Whether a title is nothing but the first name of a person: the name beside it is theirs.
pub(crate) fn is_first_name(title: &str) -> bool {
    words(title) == ["prenom"]
}

/// The day of the week whose hours a column holds, from 0 for Monday: « Lundi », `h_lundi`,
/// « HORAIRES LUNDI », « lun. », « Lundi matin ».
pub(crate) fn weekday(title: &str) -> Option<usize> {
    let mut found = None;
    for word in words(title) {
        let day = hours::day(&word).filter(|_| word.len() > 2);
        match day {
            Some(_) if found.is_some() => return None,
            Some(_) => found = day,
            None if !AROUND_A_DAY.contains(&word.as_str()) => return None,
            None => {}
        }
    }
    found
}

/// The words of a title: folded, in the singular, those of `codePostal` apart.
pub(super) fn words(title: &str) -> Vec<String> {
    let mut apart = String::with_capacity(title.len());
    let mut was_small = false;
    for letter in title.chars() {
        if was_small && letter.is_uppercase() {
            apart.push(' ');
        }
        was_small = letter.is_lowercase();
        apart.push(letter);
    }
    fold(&apart).split(' ').filter(|word| !word.is_empty()).map(singular).collect()
}

fn singular(word: &str) -> String {
    let is_long = word.len() > 3;
    if is_long && !word.ends_with("ss") { word.trim_end_matches(['s', 'x']) } else { word }.to_owned()
}

/// A name of a field: the words that tell it from others, and all of them.
struct Name {
    field: Field,
    significant: String,
    whole: String,
}

/// The names of the fields: cells are compared with them before a file's titles are found.
static NAMES: LazyLock<Vec<Name>> = LazyLock::new(|| {
    let names =
        SYNONYMS.iter().flat_map(|(field, _, names)| names.iter().map(move |name| (*field, words(name))));
    names
        .map(|(field, words)| Name { field, significant: significant(&words), whole: words.join(" ") })
        .collect()
});

/// The field whose names have these words, in any order and without those that join them.
fn known(words: &[String]) -> Option<Field> {
    let wanted = significant(words);
    NAMES.iter().find(|name| name.significant == wanted).map(|name| name.field)
}

fn significant(words: &[String]) -> String {
    const JOINING: &[&str] = &["de", "du", "des", "d", "la", "le", "les", "l"];
    let all = words.iter().map(String::as_str);
    let mut significant: Vec<&str> = all.filter(|word| !JOINING.contains(word)).collect();
    significant.sort_unstable();
    significant.join(" ")
}

/// The field of a title beside what it says in brackets, unless that is another one.
fn without_brackets(title: &str) -> Option<Field> {
    let (before, rest) = title.split_once(['(', '['])?;
    let (inside, after) = rest.split_once([')', ']']).unwrap_or((rest, ""));
    let field = known(&words(&format!("{before} {after}")))?;
    known(&words(inside)).is_none_or(|other| other == field).then_some(field)
}

/// The field whose name is this title but for one letter.
fn misspelt(title: &str) -> Option<Field> {
    /// Words of their own, near as they are.
    const OTHERS: &[&str] = &["courrier", "villa", "single"];
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let is_near = |name: &str| {
        name.len().abs_diff(title.len()) < 2
            && name.len() >= LONG
            && !name.bytes().any(is_digit)
            && strsim::levenshtein(name, title) == 1
    };
    if title.len() < LONG || OTHERS.contains(&title) {
        return None;
    }
    let field = NAMES.iter().find(|name| is_near(&name.whole))?.field;
    let is_other = |name: &Name| name.field != field && is_near(&name.whole);
    (!NAMES.iter().any(is_other)).then_some(field)
}

/// A shorter title may be another word.
const LONG: usize = 5;

/// Words, in the singular, of titles about a person.
const PERSONS: &[&str] = &[
    "referent",
    "referente",
    "responsable",
    "directeur",
    "directrice",
    "direction",
    "nominatif",
    "nominative",
    "prenom",
    "civilite",
    "interlocuteur",
    "interlocutrice",
    "conseiller",
    "conseillere",
    "president",
    "presidente",
    "gerant",
    "gerante",
    "dirigeant",
    "dirigeante",
    "correspondant",
    "correspondante",
    "animateur",
    "animatrice",
    "coordinateur",
    "coordinatrice",
    "coordonnateur",
    "coordonnatrice",
    "gestionnaire",
    "charge",
    "chargee",
    "chef",
    "cheffe",
    "agent",
    "agente",
    "salarie",
    "salariee",
    "elu",
    "elue",
    "personne",
    "personnel",
    "personnelle",
];

/// Words of titles about a fax.
const FAXES: &[&str] = &["fax", "telecopie", "telecopieur"];

/// Words that may stand beside a day in the title of its hours.
const AROUND_A_DAY: &[&str] = &[
    "h",
    "hr",
    "heure",
    "horaire",
    "ouverture",
    "ouvert",
    "fermeture",
    "debut",
    "fin",
    "a",
    "accueil",
    "public",
    "jour",
    "journee",
    "d",
    "de",
    "du",
    "le",
    "la",
    "l",
    "au",
    "en",
    "matin",
    "matinee",
    "apre",
    "midi",
    "am",
    "pm",
    "soir",
    "semaine",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_recognised_however_they_are_written() {
        for (title, field) in [
            ("NOM", Some(Field::Name)),
            ("Noms des structures *", Some(Field::Name)),
            ("Code postal", Some(Field::Postcode)),
            ("CODE_POSTAL", Some(Field::Postcode)),
            ("codePostal", Some(Field::Postcode)),
            ("ADR 2 EF", Some(Field::AddressLine)),
            ("Compléments d’adresses", Some(Field::AddressLine)),
            ("Adresse (complément)", Some(Field::AddressLine)),
            ("Adresse (siège)", Some(Field::FullAddress)),
            ("Adresse (site web)", None),
            ("Téléphone", Some(Field::Phone)),
            ("Telephonne", Some(Field::Phone)),
            ("E-mail", Some(Field::Email)),
            ("Couriel*", Some(Field::Email)),
            ("Courrier", None),
            ("Code INSEE", Some(Field::CommuneCode)),
            ("Altitude", None),
            ("coord z", None),
            ("tel 7", None),
            ("couleur", None),
            ("", None),
        ] {
            assert_eq!(recognise(title), field, "{title}");
        }
    }

    #[test]
    fn a_person_is_not_the_place() {
        for title in [
            "Mail des référents",
            "Téléphone (responsable)",
            "Directrice",
            "Nom du contact",
            "telReferent",
            "E-mail nominatif",
            "Prénom",
        ] {
            assert_eq!((recognise(title), left_out(title).is_some()), (None, true), "{title}");
        }
        assert!(left_out("Chef-lieu").is_none() && left_out("Personne morale").is_none());
        assert!(left_out("Fax").is_some() && left_out("Tél / Fax").is_none());
        assert_eq!(recognise("Contact mail"), Some(Field::Email));
    }

    #[test]
    fn days_are_recognised_however_they_are_written() {
        for (title, day) in [
            ("Lundi", Some(0)),
            ("h_mardi", Some(1)),
            ("HORAIRES MERCREDI", Some(2)),
            ("jeu.", Some(3)),
            ("Vendredi après-midi", Some(4)),
            ("Heures d’ouverture le samedi*", Some(5)),
            ("dimanches", Some(6)),
            ("Mardi fermeture", Some(1)),
            ("jeudi_debut_matin", Some(3)),
            ("Lundi et mardi", None),
            ("Permanence du lundi", None),
            ("ma", None),
            ("Horaires", None),
        ] {
            assert_eq!(weekday(title), day, "{title}");
        }
    }

    #[test]
    fn no_title_stands_for_two_fields() {
        let mut seen = std::collections::BTreeMap::new();
        for (field, _, names) in SYNONYMS {
            for name in *names {
                let other = *seen.entry(significant(&words(name))).or_insert(*field);
                assert_eq!(other, *field, "{name} is {other:?} and {field:?}");
                assert_eq!(recognise(name), Some(*field), "{name}");
            }
        }
    }
}
