//! Rules that never fire, that lead nowhere, or that others always forestall; networks that
//! are never recommended.

use super::Facts;
use crate::verify::reachable::{Bits, Partition};
use shared::finding::Finding;
use std::collections::BTreeSet;

impl Facts<'_> {
    pub(super) fn rules(&self, findings: &mut Vec<Finding>) {
        let mut matters = vec![false; self.edition.rules.len()];
        // Rule and network of the complements that are new to somebody, somewhere.
        let mut completes: BTreeSet<(usize, usize)> = BTreeSet::new();
        for set in self.told_apart().first {
            let held = self.held(set as usize);
            for rank in 0..held.len() {
                let rule = held[rank].rule;
                if !matters[rule] {
                    matters[rule] = self.can_matter(&held[..=rank]);
                }
                for network in &held[rank].complements {
                    if !completes.contains(&(rule, *network)) {
                        // The other complements of the rule itself are other networks.
                        let own = held[rank].without_complements();
                        let around = held[..rank].iter().chain([&own]).chain(&held[rank + 1..]);
                        if self.can_complete(*network, &around) {
                            completes.insert((rule, *network));
                        }
                    }
                }
            }
        }
        for (index, rule) in self.edition.rules.iter().enumerate() {
            let path = format!("edition.rules[{index}]");
            let Some(holds) = &self.rules[index] else { continue };
            if holds.is_empty() {
                findings.push(Finding::warning(
                    "dead-rule",
                    format!("{path}.when"),
                    rule.id.clone(),
                    "une condition que quelqu’un peut remplir : cette règle ne sert jamais",
                ));
                continue;
            }
            let serves = |id: &String| {
                self.network(id).is_some_and(|network| !holds.clone().and(&self.networks[network]).is_empty())
            };
            let named = rule.pick.networks().iter().chain(&rule.complements);
            let (useful, useless): (Vec<&String>, Vec<&String>) = named.partition(|id| serves(id));
            if useful.is_empty() {
                findings.push(Finding::error(
                    "rule-to-nowhere",
                    path,
                    rule.id.clone(),
                    "un réseau qui reçoit au moins une des personnes de la règle : aucun ne les reçoit",
                ));
                continue;
            }
            for id in useless {
                findings.push(Finding::warning(
                    "useless-network",
                    path.clone(),
                    id.clone(),
                    "des réseaux qui reçoivent au moins une des personnes de la règle : celui-ci n’en reçoit aucune",
                ));
            }
            let idle = |id: &&String| {
                let network = self.network(id);
                serves(id) && network.is_some_and(|network| !completes.contains(&(index, network)))
            };
            for id in rule.complements.iter().filter(idle) {
                findings.push(Finding::warning(
                    "idle-complement",
                    format!("{path}.complements"),
                    id.clone(),
                    "un complément qui ajoute quelque chose : d’autres règles mènent toujours déjà à ce réseau",
                ));
            }
            if !matters[index] {
                findings.push(Finding::warning(
                    "shadowed-rule",
                    path,
                    rule.id.clone(),
                    "une règle qui change quelque chose : les règles d’avant mènent toujours au même endroit",
                ));
            }
        }
        for (index, network) in self.edition.networks.iter().enumerate() {
            let is_recommended = self.edition.rules.iter().zip(&self.rules).any(|(rule, holds)| {
                let is_named =
                    rule.pick.networks().contains(&network.id) || rule.complements.contains(&network.id);
                is_named
                    && holds
                        .as_ref()
                        .is_some_and(|holds| !holds.clone().and(&self.networks[index]).is_empty())
            });
            if !is_recommended {
                findings.push(Finding::warning(
                    "unused-network",
                    format!("edition.networks[{index}]"),
                    network.id.clone(),
                    "un réseau qu’une règle recommande à quelqu’un : ses lieux ne sont jamais proposés",
                ));
            }
        }
    }

    /// The sets of answers that the rules and the networks they name tell apart.
    fn told_apart(&self) -> Partition {
        let mut partition = Partition::new(self.sets.len());
        for holds in self.rules.iter().flatten() {
            partition.refine(holds);
        }
        for (index, network) in self.edition.networks.iter().enumerate() {
            let mut named = Bits::none(self.sets.len());
            for (rule, holds) in self.edition.rules.iter().zip(&self.rules) {
                let Some(holds) = holds else { continue };
                if rule.pick.networks().contains(&network.id) || rule.complements.contains(&network.id) {
                    named.or(holds);
                }
            }
            partition.refine(named.and(&self.networks[index]));
        }
        partition
    }
}
