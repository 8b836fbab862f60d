//! Whether a rule can ever add something, wherever places are.
//!
//! For one visitor, some rules hold, and each names networks that serve them. What a rule
//! leads to depends on which of those networks have a place near, and on which is nearest.
//! Nothing of the directory's places is assumed: a *world* is any choice of networks that
//! have a place, with any order of distance. To find out whether a rule can lead to a
//! network that no rule before it has led to, one does not have to go through all worlds:
//! it is enough that every earlier rule that names the network can be led elsewhere by a
//! place that does not lead the rule itself elsewhere ([`Held::can_miss`]). Such places can
//! always exist together, since a place that must be farther than the network's own for one
//! rule never has to be nearer for another.

use super::Facts;
use shared::directory::{Pick, Role};

/// A rule that holds for a visitor.
pub(super) struct Held {
    /// The rule's rank.
    pub(super) rule: usize,
    /// The networks that it picks among and that serve the visitor, by rank.
    pub(super) picks: Vec<usize>,
    /// The complements that serve the visitor.
    pub(super) complements: Vec<usize>,
    /// What comes first is chosen however far it is. Otherwise any of them can be, as where the
    /// nearest is.
    in_order: bool,
    is_main: bool,
}

impl Facts<'_> {
    /// The rules that hold for a set of answers, in their order; of those that receive, up to the
    /// first that leads somewhere in every world.
    pub(super) fn held(&self, set: usize) -> Vec<Held> {
        let serving = |ids: &[String]| -> Vec<usize> {
            ids.iter()
                .filter_map(|id| self.network(id))
                .filter(|network| self.networks[*network].has(set))
                .collect()
        };
        let mut is_received = false;
        self.edition
            .rules
            .iter()
            .zip(&self.rules)
            .enumerate()
            .filter(|(_, (_, holds))| holds.as_ref().is_some_and(|holds| holds.has(set)))
            .filter(|(_, (rule, _))| {
                let receives = rule.role == Role::Receives;
                let counts = !(receives && is_received);
                is_received |= receives
                    && serving(rule.pick.networks()).into_iter().any(|network| self.has_contact(network));
                counts
            })
            .map(|(index, (rule, _))| Held {
                rule: index,
                picks: serving(rule.pick.networks()),
                complements: serving(&rule.complements),
                in_order: matches!(rule.pick, Pick::InOrder(_))
                    && rule.limit(&self.edition.preference).is_none(),
                is_main: rule.role != Role::Adds,
            })
            .collect()
    }

    /// Whether the last of these rules can give the main place, or lead to a network to
    /// which none before it leads, in some world.
    pub(super) fn can_matter(&self, held: &[Held]) -> bool {
        let Some((last, before)) = held.split_last() else { return false };
        if last.is_main && self.can_be_main(last, before) {
            return true;
        }
        last.picks.iter().any(|network| self.can_lead_to(last, *network, before))
            || last.complements.iter().any(|network| self.can_complete(*network, &before))
    }

    /// Whether a complement can be new beside what these rules lead to, with a place of its
    /// own or from afar.
    pub(super) fn can_complete<'b>(
        &self,
        network: usize,
        before: &(impl IntoIterator<Item = &'b Held> + Clone),
    ) -> bool {
        let all = |fits: &dyn Fn(&Held) -> bool| before.clone().into_iter().all(fits);
        let is_elsewhere = |rule: &Held| rule.picks.iter().any(|other| *other != network);
        all(&|rule| !rule.complements.contains(&network))
            && (all(&|rule| !rule.picks.contains(&network) || rule.can_miss(network, |_| true, |_| true))
                || self.has_contact(network)
                    && all(&|rule| self.afar(rule) != Some(network) || is_elsewhere(rule)))
    }

    /// Whether no main rule before it leads anywhere while it does.
    fn can_be_main(&self, last: &Held, before: &[Held]) -> bool {
        let mains: Vec<&Held> = before.iter().filter(|rule| rule.is_main).collect();
        // What can be reached from afar leads somewhere in every world.
        let is_quiet = mains.iter().all(|rule| rule.picks.iter().all(|network| !self.has_contact(*network)));
        is_quiet
            && last.picks.iter().any(|network| {
                self.has_contact(*network) || mains.iter().all(|rule| !rule.picks.contains(network))
            })
    }

    fn can_lead_to(&self, last: &Held, network: usize, before: &[Held]) -> bool {
        if before.iter().any(|rule| rule.complements.contains(&network)) {
            return false;
        }
        let earlier: &[usize] = match last.picks.iter().position(|picked| *picked == network) {
            Some(rank) if last.in_order => &last.picks[..rank],
            _ => &[],
        };
        let by_place = before.iter().filter(|rule| rule.picks.contains(&network)).all(|rule| {
            rule.can_miss(
                network,
                // A place that may exist at all, beside or behind the network's own.
                |other| !earlier.contains(&other),
                // A place that may be nearer than the network's own.
                |other| !earlier.contains(&other) && (last.in_order || !last.picks.contains(&other)),
            )
        });
        by_place || self.can_lead_afar(last, network, before)
    }

    /// Whether the rule can lead to the network's site or phone where an earlier one does
    /// not: no place of its own networks is near.
    fn can_lead_afar(&self, last: &Held, network: usize, before: &[Held]) -> bool {
        self.afar(last) == Some(network)
            && before.iter().filter(|rule| rule.picks.contains(&network)).all(|rule| {
                self.afar(rule) != Some(network) || rule.picks.iter().any(|other| !last.picks.contains(other))
            })
    }

    /// Where a rule leads when no place is near.
    fn afar(&self, rule: &Held) -> Option<usize> {
        rule.picks.iter().copied().find(|picked| self.has_contact(*picked))
    }

    fn has_contact(&self, network: usize) -> bool {
        let network = &self.edition.networks[network];
        network.website.is_some() || network.phone.is_some()
    }
}

impl Held {
    /// The rule with what it picks alone.
    pub(super) fn without_complements(&self) -> Self {
        Self { picks: self.picks.clone(), complements: Vec::new(), ..*self }
    }

    /// Whether the rule, which picks among this network and others, can lead to another one
    /// while this network has a place: `may_exist` and `may_be_nearer` say what the world
    /// allows of the others.
    fn can_miss(
        &self,
        network: usize,
        may_exist: impl Fn(usize) -> bool,
        may_be_nearer: impl Fn(usize) -> bool,
    ) -> bool {
        if self.in_order {
            self.picks.iter().take_while(|picked| **picked != network).any(|other| may_exist(*other))
        } else {
            self.picks.iter().any(|other| *other != network && may_be_nearer(*other))
        }
    }
}
