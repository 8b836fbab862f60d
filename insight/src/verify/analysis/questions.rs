//! Questions that are never asked, and answers that never matter.
//!
//! Two choices of a question are *alike* when, whatever else a visitor answers, both are
//! followed by the same questions in the same words, and by the same rules, networks,
//! remote services, narrower publics and guarantees. A question whose choices are all alike
//! is asked in vain. Choices that say something (not « je préfère ne pas répondre ») and are
//! alike could be one.

use super::Facts;
use crate::verify::reachable::{Bits, Partition};
use shared::directory::{MAIN_LANGUAGE, QuestionKind};
use shared::finding::Finding;
use shared::recommend::in_force;

impl Facts<'_> {
    pub(super) fn questions(&self, findings: &mut Vec<Finding>) {
        let seen = self.seen_apart();
        for (index, question) in self.edition.questions.iter().enumerate() {
            let path = format!("edition.questions[{index}]");
            let QuestionKind::Choices(choices) = &question.kind else { continue };
            let asked = self.sets.asked(index);
            if asked.is_empty() {
                findings.push(Finding::warning(
                    "unreachable-question",
                    path,
                    question.id.clone(),
                    "une question que quelqu’un peut rencontrer : sa condition « ask_if » n’est jamais remplie",
                ));
                continue;
            }
            self.wordings(index, &path, asked, findings);
            let mut alike: Vec<Vec<usize>> = Vec::new();
            for choice in 0..choices.len() {
                match alike.iter_mut().find(|class| self.are_alike(index, class[0], choice, &seen)) {
                    Some(class) => class.push(choice),
                    None => alike.push(vec![choice]),
                }
            }
            if alike.len() == 1 {
                findings.push(Finding::warning(
                    "idle-question",
                    path,
                    question.id.clone(),
                    "une question dont la réponse change quelque chose : toutes ses réponses mènent au même endroit",
                ));
                continue;
            }
            for class in alike {
                let named: Vec<&str> = class
                    .iter()
                    .map(|choice| &choices[*choice])
                    .filter(|choice| !choice.unknown)
                    .map(|choice| choice.text.get(MAIN_LANGUAGE).unwrap_or(&choice.id).as_str())
                    .collect();
                if named.len() > 1 {
                    findings.push(Finding::warning(
                        "alike-choices",
                        format!("{path}.kind.choices"),
                        named.join(" / "),
                        "des choix qui mènent à des endroits différents : ceux-ci ne changent jamais rien entre eux",
                    ));
                }
            }
        }
    }

    fn wordings(&self, index: usize, path: &str, asked: &Bits, findings: &mut Vec<Finding>) {
        let mut left = asked.clone();
        for (which, variant) in self.edition.questions[index].variants.iter().enumerate() {
            let path = format!("{path}.variants[{which}].when");
            let mut used = self.sets.truths(&variant.when).yes;
            used.and(&left);
            if used.is_empty() {
                findings.push(Finding::warning(
                    "unused-wording",
                    path,
                    "",
                    "une formulation qui sert : celle-ci n’apparaît jamais",
                ));
            } else {
                self.idle(&path, &variant.when, false, &left, findings);
            }
            left.without(&used);
        }
    }

    /// The sets of answers that something of the edition tells apart.
    fn seen_apart(&self) -> Partition {
        let (sets, edition) = (self.sets, self.edition);
        let mut partition = Partition::new(sets.len());
        for bits in self.rules.iter().flatten() {
            partition.refine(bits);
        }
        for (index, network) in edition.networks.iter().enumerate() {
            let mut named = Bits::none(sets.len());
            let mut picked = Bits::none(sets.len());
            for (rule, holds) in edition.rules.iter().zip(&self.rules) {
                let Some(holds) = holds else { continue };
                let is_picked = rule.pick.networks().contains(&network.id);
                if is_picked || rule.complements.contains(&network.id) {
                    named.or(holds);
                }
                if is_picked {
                    // A network that might serve is told with the question that would tell.
                    picked = Bits::all(sets.len());
                }
            }
            let truths = sets.truths(&network.serves);
            partition.refine(named.and(&self.networks[index]));
            partition.refine(picked.clone().and(&truths.yes));
            partition.refine(picked.and(&truths.no));
        }
        for service in &edition.remote_services {
            if in_force(service.valid_from.as_deref(), service.valid_until.as_deref(), self.day) {
                partition.refine(&sets.truths(&service.serves).yes);
            }
        }
        let mut narrower: Vec<_> =
            self.directory.structures.iter().filter_map(|structure| structure.serves.as_ref()).collect();
        narrower.dedup();
        for condition in narrower {
            partition.refine(&sets.truths(condition).yes);
        }
        for guarantee in &edition.guarantees {
            partition.refine(&sets.truths(&guarantee.when).yes);
        }
        for (index, question) in edition.questions.iter().enumerate() {
            for variant in &question.variants {
                partition.refine(sets.truths(&variant.when).yes.and(sets.asked(index)));
            }
        }
        partition
    }

    /// Whether two choices of a question are alike. The sets with each come in the order of
    /// their other answers, so that both lists must be equal one by one.
    fn are_alike(&self, question: usize, one: usize, two: usize, seen: &Partition) -> bool {
        let (with_one, with_two) = (self.sets.answered(question, one), self.sets.answered(question, two));
        with_one.count() == with_two.count()
            && with_one.ones().zip(with_two.ones()).all(|(a, b)| {
                let (row, other) = (self.sets.row(a), self.sets.row(b));
                seen.of[a] == seen.of[b]
                    && row[..question] == other[..question]
                    && row[question + 1..] == other[question + 1..]
            })
    }
}
