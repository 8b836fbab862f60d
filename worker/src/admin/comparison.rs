//! What a draft changes for people, against a version: the places it adds, removes and
//! changes, where that sends people, and which gaps it opens or closes. Worked out when a
//! draft is checked, and kept with it.

use crate::problem::{Failure, log};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::compile::compile;
use shared::diagnosis::{Scope, Survey, Thresholds, compare, compare_sentences};
use shared::directory::Directory;
use shared::effect::{effect, sentences};
use shared::examine::Examined;
use shared::geography::Geography;
use shared::snapshot::SnapshotId;
use shared::validate::validate;

/// How many sentences about gaps are told at once.
const MOST_GAPS: usize = 12;

/// What is kept with a draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Comparison {
    /// The version that it was compared with.
    pub(crate) live: SnapshotId,
    /// Why the rest is missing, where it is: in plain French.
    #[serde(default)]
    pub(crate) lacking: Option<String>,
    /// All of the effect in one sentence.
    #[serde(default)]
    pub(crate) overall: String,
    /// The three largest effects.
    #[serde(default)]
    pub(crate) headline: Vec<String>,
    /// For whom something changes, the most communes first.
    #[serde(default)]
    pub(crate) publics: Vec<Told>,
    /// What it makes better or worse in the diagnosis, in sentences.
    #[serde(default)]
    pub(crate) gaps: Vec<String>,
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

impl Comparison {
    fn lacking(live: SnapshotId, why: &str) -> Self {
        Self {
            live,
            lacking: Some(why.to_owned()),
            overall: String::new(),
            headline: Vec::new(),
            publics: Vec::new(),
            gaps: Vec::new(),
            effect: Value::Null,
            diagnosis: Value::Null,
        }
    }
}

/// Compares a draft that may be published with what is live.
pub(crate) fn comparison(
    live: SnapshotId,
    before: Directory,
    after: &Examined,
    geography: &Geography,
    today: &str,
) -> Result<Comparison, Failure> {
    const STALE: &str = "La version en ligne ne passe plus le contrôle d’aujourd’hui : l’effet sur les personnes n’a pas pu être calculé.";
    let Ok(before) = validate(before, geography, today) else { return Ok(Comparison::lacking(live, STALE)) };
    let effect = match effect(&compile(&before, geography), &after.snapshot, geography, today) {
        Ok(effect) => effect,
        Err(error) => {
            log("the effect of a draft", &error);
            return Ok(Comparison::lacking(live, "L’effet sur les personnes n’a pas pu être calculé."));
        }
    };
    let reach = after.directory.directory().edition.reach_km;
    let thresholds = || Thresholds::usual(reach, today);
    let old = Survey::new(&before, geography, &Scope::Region, thresholds(), today);
    let new = Survey::new(&after.directory, geography, &Scope::Region, thresholds(), today);
    let diagnosis = match (&old, &new) {
        (Ok(old), Ok(new)) => Some(compare::compare(old, new)),
        _ => None,
    };
    let told = |public: &shared::effect::PublicEffect| Told {
        sentence: sentences::sentence(public),
        examples: public.examples.iter().map(sentences::example).collect(),
    };
    Ok(Comparison {
        live,
        lacking: None,
        overall: sentences::overall(&effect),
        headline: sentences::headline(&effect),
        publics: sentences::largest(&effect).into_iter().map(told).collect(),
        gaps: diagnosis.as_ref().map_or_else(Vec::new, |found| compare_sentences::headline(found, MOST_GAPS)),
        effect: serde_json::to_value(&effect).unwrap_or_default(),
        diagnosis: serde_json::to_value(&diagnosis).unwrap_or_default(),
    })
}
