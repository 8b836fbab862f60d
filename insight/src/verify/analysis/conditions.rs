//! Conditions that cannot hold, that always do, and parts of them that change nothing.
//!
//! A part is in vain when the condition without it certainly holds for exactly the same
//! reachable sets of answers. For a network it must also certainly fail for the same ones:
//! a visitor is told which question would settle whether a network serves them.

use super::{Facts, told};
use crate::verify::reachable::{Bits, Truths};
use shared::condition::{AnswerIs, Condition};
use shared::finding::Finding;

impl Facts<'_> {
    pub(super) fn conditions(&self, findings: &mut Vec<Finding>) {
        let everybody = Bits::all(self.sets.len());
        for (index, question) in self.edition.questions.iter().enumerate() {
            self.idle(
                &format!("edition.questions[{index}].ask_if"),
                &question.ask_if,
                false,
                &everybody,
                findings,
            );
        }
        for (index, network) in self.edition.networks.iter().enumerate() {
            let path = format!("edition.networks[{index}].serves");
            if self.sets.truths(&network.serves).yes.is_empty() {
                findings.push(Finding::warning(
                    "serves-nobody",
                    path,
                    network.id.clone(),
                    "un public que quelqu’un peut atteindre : aucune réponse ne mène à ce réseau",
                ));
            } else {
                self.idle(&path, &network.serves, true, &everybody, findings);
            }
        }
        for (index, rule) in self.edition.rules.iter().enumerate() {
            // A rule that never holds is said with the rules.
            if self.rules[index].as_ref().is_some_and(|holds| !holds.is_empty()) {
                self.idle(&format!("edition.rules[{index}].when"), &rule.when, false, &everybody, findings);
            }
        }
        for (index, service) in self.edition.remote_services.iter().enumerate() {
            let path = format!("edition.remote_services[{index}].serves");
            if self.sets.truths(&service.serves).yes.is_empty() {
                findings.push(Finding::warning(
                    "serves-nobody",
                    path,
                    service.id.clone(),
                    "un public que quelqu’un peut atteindre : aucune réponse ne mène à ce service",
                ));
            } else {
                self.idle(&path, &service.serves, false, &everybody, findings);
            }
        }
        for (index, guarantee) in self.edition.guarantees.iter().enumerate() {
            if self.sets.truths(&guarantee.when).yes.is_empty() {
                findings.push(Finding::error(
                    "promise-to-nobody",
                    format!("edition.guarantees[{index}].when"),
                    guarantee.id.clone(),
                    "une promesse faite à quelqu’un : aucune réponse ne remplit cette condition, rien n’est donc prouvé",
                ));
            }
        }
        for (index, structure) in self.directory.structures.iter().enumerate() {
            let Some(serves) = &structure.serves else { continue };
            let mut holds = self.sets.truths(serves).yes;
            if let Some(network) = self.network(&structure.network) {
                holds.and(&self.networks[network]);
            }
            if holds.is_empty() {
                findings.push(Finding::warning(
                    "serves-nobody",
                    format!("structures[{index}].serves"),
                    told(serves),
                    "un public que le réseau reçoit aussi : ce lieu n’est jamais proposé",
                ));
            }
        }
    }

    /// Says that a condition is always true, or which of its parts are in vain, among the
    /// sets of `context`.
    pub(super) fn idle(
        &self,
        path: &str,
        condition: &Condition,
        with_refusals: bool,
        context: &Bits,
        findings: &mut Vec<Finding>,
    ) {
        if *condition == Condition::Always {
            return;
        }
        let within = |mut truths: Truths| {
            truths.yes.and(context);
            truths.no.and(context);
            truths
        };
        let whole = within(self.sets.truths(condition));
        if whole.yes == *context {
            findings.push(Finding::warning(
                "always-true",
                path,
                told(condition),
                "« always » : cette condition est toujours remplie",
            ));
            return;
        }
        let idle: Vec<String> = without_a_part(condition)
            .into_iter()
            .filter(|(_, shorter)| {
                let shorter = within(self.sets.truths(shorter));
                shorter.yes == whole.yes && (!with_refusals || shorter.no == whole.no)
            })
            .map(|(part, _)| part)
            .collect();
        if !idle.is_empty() {
            findings.push(Finding::warning(
                "idle-part",
                path,
                idle.join(" ; "),
                "une condition sans cette partie, qui ne change jamais rien",
            ));
        }
    }
}

/// The condition without each of its parts in turn, with the part in words.
fn without_a_part(condition: &Condition) -> Vec<(String, Condition)> {
    let mut shorter = Vec::new();
    match condition {
        Condition::Always => {}
        Condition::Answer(AnswerIs { question, is }) => {
            for rank in (0..is.len()).filter(|_| is.len() > 1) {
                let mut fewer = is.clone();
                let left = fewer.remove(rank);
                let test = AnswerIs { question: question.clone(), is: fewer };
                shorter.push((format!("{question} = {left}"), Condition::Answer(test)));
            }
        }
        Condition::All(parts) | Condition::Any(parts) => {
            let rebuilt = |parts| match condition {
                Condition::All(_) => Condition::All(parts),
                _ => Condition::Any(parts),
            };
            for (rank, part) in parts.iter().enumerate() {
                if parts.len() > 1 {
                    let mut fewer = parts.clone();
                    fewer.remove(rank);
                    shorter.push((told(part), rebuilt(fewer)));
                }
                for (left, changed) in without_a_part(part) {
                    let mut others = parts.clone();
                    others[rank] = changed;
                    shorter.push((left, rebuilt(others)));
                }
            }
        }
        Condition::Not(part) => shorter.extend(
            without_a_part(part).into_iter().map(|(left, part)| (left, Condition::Not(Box::new(part)))),
        ),
    }
    shorter
}
