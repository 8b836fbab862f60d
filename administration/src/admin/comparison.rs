//! What a draft changes for people, against a version: the places it adds, removes and
//! changes, where that sends people, which gaps it opens or closes, and what somebody has to
//! answer for. Worked out when a draft is checked, and kept with it.

use super::drafts::KeptFinding;
use crate::publication::listed;
use insight::compare::diff::Summary;
use insight::compare::effect::{PublicEffect, sentences};
use insight::compare::review::review;
use insight::report::diagnosis::compare_sentences;
use insight::verify::examine::Examined;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::directory::Directory;
use shared::fields;
use shared::geography::Geography;
use shared::snapshot::SnapshotId;
use shared::validate::validate;

/// How many sentences about gaps are told at once.
const MOST_GAPS: usize = 6;

/// What is kept with a draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Comparison {
    /// The version that it was compared with.
    pub(crate) live: SnapshotId,
    /// Why the rest is missing, where it is: in plain French.
    #[serde(default)]
    pub(crate) lacking: Option<String>,
    /// In a few lines, to be kept with the version.
    #[serde(default)]
    pub(crate) summary: Summary,
    /// All of the effect in one sentence.
    #[serde(default)]
    pub(crate) overall: String,
    /// For whom something changes, the most communes first.
    #[serde(default)]
    pub(crate) publics: Vec<Told>,
    /// The communes whose main place changes for somebody, by INSEE code.
    #[serde(default)]
    pub(crate) codes: Vec<String>,
    /// What it makes better or worse in the diagnosis, in sentences.
    #[serde(default)]
    pub(crate) gaps: Vec<String>,
    /// What it makes worse and somebody has to answer for before it is published.
    #[serde(default)]
    pub(crate) losses: Vec<KeptFinding>,
    /// The same as numbers, for programs.
    #[serde(default)]
    pub(crate) effect: Value,
    #[serde(default)]
    pub(crate) diagnosis: Value,
}

/// An effect with some of its communes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    pub(crate) sentence: String,
    pub(crate) examples: Vec<String>,
}

/// Compares a draft that may be published with what is live.
pub(crate) fn comparison(
    live: SnapshotId,
    before: Directory,
    after: &Examined,
    geography: &Geography,
    today: &str,
) -> Comparison {
    let mut comparison = Comparison {
        live,
        lacking: None,
        summary: Summary::default(),
        overall: String::new(),
        publics: Vec::new(),
        codes: Vec::new(),
        gaps: Vec::new(),
        losses: Vec::new(),
        effect: Value::Null,
        diagnosis: Value::Null,
    };
    let lacking = |why: &str| Some(format!("{why} : l’effet sur les personnes n’a pas pu être calculé."));
    let Ok(before) = validate(before, geography, today) else {
        comparison.lacking = lacking("La version en ligne ne passe plus le contrôle d’aujourd’hui");
        return comparison;
    };
    let review = review((&before, None), (&after.directory, Some(&after.snapshot)), geography, today);
    comparison.summary = review.summary;
    match &review.effect {
        Some(effect) => {
            comparison.overall = sentences::overall(effect);
            comparison.codes.clone_from(&effect.codes);
            comparison.publics = sentences::largest(effect).into_iter().map(told).collect();
        }
        None => comparison.lacking = lacking("Les questions ont trop de réponses possibles"),
    }
    if let Some(gaps) = &review.gaps {
        comparison.gaps = compare_sentences::headline(gaps, MOST_GAPS);
    }
    comparison.losses = fields::read(&listed(&review.losses)).unwrap_or_default();
    comparison.effect = serde_json::to_value(&review.effect).unwrap_or_default();
    comparison.diagnosis = serde_json::to_value(&review.gaps).unwrap_or_default();
    comparison
}

fn told(public: &PublicEffect) -> Told {
    Told {
        sentence: sentences::sentence(public),
        examples: public.examples.iter().map(sentences::example).collect(),
    }
}
