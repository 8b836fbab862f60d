//! What an edition says in vain, worked out without meeting anybody: questions and choices
//! that change nothing, rules that never lead anywhere new, conditions that cannot hold,
//! texts that some visitors cannot read.
//!
//! Nothing here is a guess: conditions are evaluated on every reachable set of answers
//! ([`crate::verify::reachable`]), and whether a rule can ever add something is decided for every
//! way in which places can lie around a visitor (`worlds`). Only acronyms are recognised
//! by how they look.
//!
//! What leaves visitors worse off than the edition says is an error: a promise that concerns
//! nobody, a rule that leads nobody anywhere. What is merely in vain is a warning.

mod conditions;
mod questions;
mod rules;
mod texts;
mod worlds;

use crate::verify::proof::day_within;
use crate::verify::reachable::{Bits, Sets};
use shared::condition::Condition;
use shared::directory::{Directory, Edition};
use shared::finding::Finding;
use shared::recommend::in_force;

/// Analyses a directory's edition as of `today` (an ISO date), or as of the nearest day on
/// which the edition is valid. Findings come in the order of the document's parts.
pub fn analyse(directory: &Directory, today: &str) -> Vec<Finding> {
    let edition = &directory.edition;
    let mut findings = Vec::new();
    match Sets::of(&edition.questions) {
        Ok(sets) => {
            let facts = Facts::new(directory, &sets, day_within(edition, today));
            facts.questions(&mut findings);
            facts.conditions(&mut findings);
            facts.rules(&mut findings);
        }
        Err(_) => findings.push(Finding::error(
            "too-many-answers",
            "edition.questions",
            "",
            "moins d’un million de jeux de réponses, pour que la preuve puisse les parcourir",
        )),
    }
    texts::texts(directory, &mut findings);
    findings
}

/// What holds for whom, on the day of the analysis.
struct Facts<'a> {
    directory: &'a Directory,
    edition: &'a Edition,
    sets: &'a Sets,
    /// For each rule in force, where it certainly holds; `None` where it is not in force.
    rules: Vec<Option<Bits>>,
    /// For each network, where it is in force and certainly serves.
    networks: Vec<Bits>,
    day: &'a str,
}

impl<'a> Facts<'a> {
    fn new(directory: &'a Directory, sets: &'a Sets, day: &'a str) -> Self {
        let edition = &directory.edition;
        let rules = edition
            .rules
            .iter()
            .map(|rule| {
                in_force(rule.valid_from.as_deref(), rule.valid_until.as_deref(), day)
                    .then(|| sets.truths(&rule.when).yes)
            })
            .collect();
        let networks = edition
            .networks
            .iter()
            .map(|network| {
                if in_force(network.valid_from.as_deref(), network.valid_until.as_deref(), day) {
                    sets.truths(&network.serves).yes
                } else {
                    Bits::none(sets.len())
                }
            })
            .collect();
        Self { directory, edition, sets, rules, networks, day }
    }

    fn network(&self, id: &str) -> Option<usize> {
        self.edition.networks.iter().position(|network| network.id == id)
    }
}

/// A condition in a few French words, for a finding.
fn told(condition: &Condition) -> String {
    let joined = |parts: &[Condition], word: &str| parts.iter().map(told).collect::<Vec<_>>().join(word);
    match condition {
        Condition::Always => "toujours".to_owned(),
        Condition::Answer(test) => format!("{} = {}", test.question, test.is.join(" ou ")),
        Condition::All(parts) => format!("({})", joined(parts, " et ")),
        Condition::Any(parts) => format!("({})", joined(parts, " ou ")),
        Condition::Not(part) => format!("sauf {}", told(part)),
    }
}
