//! The rungs, from the best to none, and why a page is not on the first.

use serde::{Deserialize, Serialize};

/// How a page shows the guide. The order is from none to the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Rung {
    /// Nothing of the guide is there, or nothing can be said of it.
    None,
    /// The link inside the tag.
    Link,
    /// Our page in a frame.
    Frame,
    /// The element.
    Element,
}

impl Rung {
    /// The rung that the attribute `data-rung` names.
    pub(crate) fn read(attribute: &str) -> Self {
        match attribute {
            "element" => Self::Element,
            "frame" => Self::Frame,
            "link" => Self::Link,
            _ => Self::None,
        }
    }

    /// As people read it.
    pub(crate) const fn french(self) -> &'static str {
        match self {
            Self::Element => "élément",
            Self::Frame => "cadre",
            Self::Link => "lien",
            Self::None => "RIEN",
        }
    }
}

/// What a reason code means; the code itself where this program does not know it.
pub(crate) fn reason(code: &str) -> &str {
    match code {
        "no-wasm" => "ce navigateur n’a pas WebAssembly",
        "wasm-forbidden" => "la politique de la page interdit WebAssembly ('wasm-unsafe-eval' manque)",
        "script-failed" => "le script du guide est bloqué, absent ou modifié",
        "data-failed" => "les données du guide n’arrivent pas (connect-src ?)",
        "wasm-failed" => "le module du guide n’arrive pas",
        "unreadable-guide" => "les données du guide sont illisibles",
        "stopped" => "le guide s’est arrêté",
        "slow" => "le guide a mis trop longtemps",
        "frame-failed" => "le cadre n’arrive pas (frame-src ?)",
        "frame-off" => "le cadre est refusé par l’attribut frame=\"none\"",
        "begun" => "quelqu’un avait déjà commencé dans la page elle-même",
        "no-page" => "la page n’a pas pu être ouverte",
        "no-answer" => "la page n’a pas répondu à temps",
        "http-error" => "la page répond par une erreur",
        "no-element" => "la page n’a pas d’élément <spro-guide>",
        "no-loader" => "la balise <script> du guide manque",
        "undecided" => "rien n’est décidé au bout du temps donné",
        "old-loader" => "l’adresse du script est ancienne : reprenez le code à poser sur /embed",
        "pinned" => "la page a épinglé une version du guide",
        code => code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rungs_are_ordered_and_travel_as_words() {
        assert!(Rung::Element > Rung::Frame && Rung::Frame > Rung::Link && Rung::Link > Rung::None);
        for rung in [Rung::Element, Rung::Frame, Rung::Link] {
            let word = serde_json::to_value(rung).unwrap();
            assert_eq!(Rung::read(word.as_str().unwrap()), rung);
        }
        assert_eq!(Rung::read("roof"), Rung::None);
        assert_eq!(reason("of-tomorrow"), "of-tomorrow");
    }
}
