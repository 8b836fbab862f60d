//! What an element says when a visit goes on, and which counters that moves.

use shared::directory::MAIN_LANGUAGE;
use shared::snapshot::Guide;
use std::collections::BTreeSet;

/// Stands for "none" in a message, and in a counter.
const NONE: &str = "-";

/// A message: words with one space between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said<'a> {
    /// `begin fr element`: the first answer was given.
    Begin { language: &'a str, rung: &'a str },
    /// `step goal`: this question was shown, for the first time in this visit.
    Step { question: &'a str },
    /// `outcome place cio valence`: the first result of the visit, the network of its main
    /// card and the territory of the commune.
    Outcome { kind: &'a str, network: &'a str, territory: &'a str },
}

impl<'a> Said<'a> {
    /// Reads a message; `None` where it is none.
    pub(super) fn read(message: &'a str) -> Option<Self> {
        let words: Vec<&str> = message.split(' ').collect();
        Some(match words[..] {
            ["begin", language, rung @ ("element" | "frame" | "page")] => Self::Begin { language, rung },
            ["step", question] => Self::Step { question },
            ["outcome", kind @ ("place" | "remote"), network, territory] => {
                Self::Outcome { kind, network, territory }
            }
            _ => return None,
        })
    }

    /// The counters that it moves, each by one; `None` where the live guide does not know a
    /// word of it: an old page says it, or somebody who writes what they like.
    pub(super) fn counters(&self, known: &Known) -> Option<Vec<String>> {
        let counters = match self {
            Self::Begin { language, rung } => {
                vec!["begin".to_owned(), format!("language/{language}"), format!("rung/{rung}")]
            }
            Self::Step { question } => vec![format!("step/{question}")],
            Self::Outcome { kind, network, territory } => {
                vec![
                    format!("outcome/{kind}"),
                    format!("network/{network}"),
                    format!("territory/{territory}"),
                ]
            }
        };
        counters.iter().all(|counter| known.0.contains(counter)).then_some(counters)
    }
}

/// Every counter that a guide can move: hence as many at most, whatever is sent.
#[derive(Debug)]
pub(super) struct Known(BTreeSet<String>);

impl Known {
    pub(super) fn of(guide: &Guide) -> Self {
        let fixed = ["begin", "rung/element", "rung/frame", "rung/page", "outcome/place", "outcome/remote"];
        let mut known: BTreeSet<String> = fixed.map(str::to_owned).into();
        let mut add = |kind: &str, ids: &mut dyn Iterator<Item = &str>| {
            known.extend(ids.map(|id| format!("{kind}/{id}")));
        };
        let languages = guide.languages.iter().map(|language| language.tag.as_str());
        // French is always there, listed or not.
        add("language", &mut languages.chain([MAIN_LANGUAGE]));
        add("step", &mut guide.questions.iter().map(|question| question.id.as_str()));
        add("network", &mut guide.networks.iter().map(|network| network.id.as_str()).chain([NONE]));
        add("territory", &mut guide.territories.iter().map(|territory| territory.id.as_str()).chain([NONE]));
        Self(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::compile::guide;
    use shared::directory::Directory;

    fn known() -> Known {
        let directory = Directory::from_json(include_bytes!("../../../shared/editions/2026.json")).unwrap();
        Known::of(&guide(&directory))
    }

    fn counters(message: &str) -> Option<Vec<String>> {
        Said::read(message)?.counters(&known())
    }

    #[test]
    fn a_message_moves_counters_that_stand_alone() {
        let moved = |message| counters(message).unwrap().join(" ");
        assert_eq!(moved("begin fr element"), "begin language/fr rung/element");
        assert_eq!(moved("begin ar frame"), "begin language/ar rung/frame");
        assert_eq!(moved("step goal"), "step/goal");
        assert_eq!(moved("outcome remote - -"), "outcome/remote network/- territory/-");
        assert_eq!(moved("outcome place cio -"), "outcome/place network/cio territory/-");
    }

    /// No answer, commune, address or number of anybody can become a counter.
    #[test]
    fn what_the_guide_does_not_know_is_not_counted() {
        for message in [
            "begin xx element",
            "step nothing",
            "step goal/review",
            "outcome place cio 26362",
            "outcome place nobody -",
            "outcome place https://mairie.exemple.fr -",
        ] {
            assert!(Said::read(message).is_some(), "{message}");
            assert_eq!(counters(message), None, "{message}");
        }
        for message in [
            "",
            "step",
            "step  goal",
            "step goal ",
            "begin fr",
            "begin fr link",
            "outcome place",
            "answer goal review",
        ] {
            assert_eq!(Said::read(message), None, "{message}");
        }
    }
}
