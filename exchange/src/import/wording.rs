//! What is said of single words in French, without any table.

use shared::spelling::fold;

/// `27EME` is `27e`, `1ER` is `1er`, `XE` is `Xe`.
pub(super) fn ordinal(word: &str) -> Option<String> {
    let digits = word.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(word.len());
    let (number, ending) = word.split_at(digits);
    match (number, ending) {
        ("1", "ER") => Some("1er".to_owned()),
        ("1", "ERE" | "RE") => Some("1re".to_owned()),
        ("", _) => {
            let roman = word.strip_suffix('E').or_else(|| word.strip_suffix("EME"))?;
            let is_roman = !roman.is_empty() && roman.chars().all(|letter| matches!(letter, 'I' | 'V' | 'X'));
            is_roman.then(|| format!("{roman}e"))
        }
        (_, "E" | "EME" | "ÈME" | "IEME") => Some(format!("{number}e")),
        _ => None,
    }
}

/// Whether a word has an ending, or a beginning, that mostly takes an accent in French.
pub(super) fn may_miss_an_accent(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "EE", "EES", "ERE", "ERES", "IERE", "IERES", "TE", "EGE", "EME", "EMES", "EQUE", "ENE", "ESE", "ETE",
        "ETES",
    ];
    let doubled = word.ends_with("TTE")
        || word.ends_with("STE")
        || word.ends_with("NTE")
        || word.ends_with("RTE")
        || word.ends_with("OTE");
    word.is_ascii()
        && !doubled
        && ENDINGS.iter().any(|ending| word.len() > ending.len() + 1 && word.ends_with(ending))
}

/// `de Moulins`, `d’Oyonnax`, `du Puy-en-Velay`: the French of "of this commune". An
/// arrondissement is called by its short name.
pub(crate) fn of_commune(name: &str) -> String {
    let name = name.strip_suffix(" Arrondissement").unwrap_or(name).replace('\'', "’");
    if let Some(rest) = name.strip_prefix("Le ") {
        format!("du {rest}")
    } else if let Some(rest) = name.strip_prefix("Les ") {
        format!("des {rest}")
    } else if fold(&name).starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']) {
        format!("d’{name}")
    } else {
        format!("de {name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_are_short() {
        for (word, expect) in [
            ("27EME", Some("27e")),
            ("1ER", Some("1er")),
            ("1ERE", Some("1re")),
            ("XE", Some("Xe")),
            ("27", None),
            ("EME", None),
            ("5TER", None),
        ] {
            assert_eq!(ordinal(word).as_deref(), expect, "{word}");
        }
    }

    #[test]
    fn of_a_commune_is_said_as_in_french() {
        for (name, expect) in [
            ("Moulins", "de Moulins"),
            ("Oyonnax", "d’Oyonnax"),
            ("Évian-les-Bains", "d’Évian-les-Bains"),
            ("Le Puy-en-Velay", "du Puy-en-Velay"),
            ("La Mulatière", "de La Mulatière"),
            ("Lyon 7e Arrondissement", "de Lyon 7e"),
        ] {
            assert_eq!(of_commune(name), expect);
        }
    }
}
