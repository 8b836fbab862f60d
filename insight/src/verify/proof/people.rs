//! Who is told apart from whom.

use crate::verify::reachable::{Bits, Partition, Sets, TooMany};
use shared::condition::{Answers, Condition};
use shared::directory::{Directory, Pick};
use shared::recommend::in_force;
use shared::snapshot::Guide;

/// Every reachable set of answers, gathered by what the engine and the guarantees can see of
/// it.
#[derive(Debug)]
pub struct People {
    sets: Sets,
    /// For each rule, where it is in force and certainly holds.
    rules: Vec<Bits>,
    /// For each network, where it is in force and certainly serves.
    networks: Vec<Bits>,
    /// For each remote service, the same.
    remote_services: Vec<Bits>,
    /// The narrower publics of places: network, condition, where it certainly holds.
    narrower: Vec<(usize, Condition, Bits)>,
    /// For each guarantee, to whom it is made.
    guarantees: Vec<Bits>,
    /// For each network, who has a rule that names it and is served by it.
    looked_for: Vec<Bits>,
    /// The rules that take the nearest of several networks, with the ranks of these.
    nearest: Vec<(usize, Vec<usize>)>,
    partition: Partition,
}

impl People {
    /// Gathers the sets of answers as of `day`, an ISO date.
    ///
    /// # Errors
    /// When there are too many to go through.
    pub fn new(directory: &Directory, guide: &Guide, day: &str) -> Result<Self, TooMany> {
        let sets = Sets::of(&guide.questions)?;
        let holds = |condition: &Condition, from: Option<&str>, until: Option<&str>| {
            if in_force(from, until, day) { sets.truths(condition).yes } else { Bits::none(sets.len()) }
        };
        let rules: Vec<Bits> = guide
            .rules
            .iter()
            .map(|rule| holds(&rule.when, rule.valid_from.as_deref(), rule.valid_until.as_deref()))
            .collect();
        let networks: Vec<Bits> = guide
            .networks
            .iter()
            .map(|network| {
                holds(&network.serves, network.valid_from.as_deref(), network.valid_until.as_deref())
            })
            .collect();
        let remote_services: Vec<Bits> = guide
            .remote_services
            .iter()
            .map(|service| {
                holds(&service.serves, service.valid_from.as_deref(), service.valid_until.as_deref())
            })
            .collect();
        let mut narrower: Vec<(usize, Condition, Bits)> = Vec::new();
        for structure in &directory.structures {
            let network = guide.networks.iter().position(|network| network.id == structure.network);
            if let (Some(network), Some(condition)) = (network, &structure.serves)
                && *condition != Condition::Always
                && !narrower.iter().any(|(of, known, _)| *of == network && known == condition)
            {
                narrower.push((network, condition.clone(), sets.truths(condition).yes));
            }
        }
        let guarantees: Vec<Bits> =
            directory.edition.guarantees.iter().map(|guarantee| sets.truths(&guarantee.when).yes).collect();
        let mut people = Self {
            partition: Partition::new(sets.len()),
            sets,
            rules,
            networks,
            remote_services,
            narrower,
            guarantees,
            looked_for: Vec::new(),
            nearest: nearest(guide),
        };
        people.gather(guide);
        Ok(people)
    }

    fn gather(&mut self, guide: &Guide) {
        let mut partition = Partition::new(self.sets.len());
        for bits in self.rules.iter().chain(&self.remote_services).chain(&self.guarantees) {
            partition.refine(bits);
        }
        for (network, serves) in guide.networks.iter().zip(&self.networks) {
            // Whether a network serves only matters where a rule that holds names it.
            let mut named = Bits::none(self.sets.len());
            for (rule, holds) in guide.rules.iter().zip(&self.rules) {
                if rule.pick.networks().contains(&network.id) || rule.complements.contains(&network.id) {
                    named.or(holds);
                }
            }
            named.and(serves);
            partition.refine(&named);
            self.looked_for.push(named);
        }
        for (network, _, holds) in &self.narrower {
            partition.refine(holds.clone().and(&self.looked_for[*network]));
        }
        self.partition = partition;
    }

    /// The sets of answers.
    pub const fn sets(&self) -> &Sets {
        &self.sets
    }

    /// How many people are told apart.
    pub const fn groups(&self) -> usize {
        self.partition.first.len()
    }

    /// The set of answers that stands for a group.
    pub fn first(&self, group: usize) -> usize {
        self.partition.first[group] as usize
    }

    /// The group of a set.
    pub fn group(&self, set: usize) -> usize {
        self.partition.of[set] as usize
    }

    /// The answers that stand for a group.
    pub fn answers(&self, group: usize) -> Answers {
        self.sets.answers(self.first(group))
    }

    /// Whether a rule is in force and certainly holds for a set.
    pub fn holds(&self, rule: usize, set: usize) -> bool {
        self.rules[rule].has(set)
    }

    /// Whether a network is in force and certainly serves a set.
    pub fn serves(&self, network: usize, set: usize) -> bool {
        self.networks[network].has(set)
    }

    /// Whether a remote service is in force and certainly serves a set.
    pub fn is_open(&self, service: usize, set: usize) -> bool {
        self.remote_services[service].has(set)
    }

    /// Whether a guarantee is made to a set.
    pub fn is_promised(&self, guarantee: usize, set: usize) -> bool {
        self.guarantees[guarantee].has(set)
    }

    /// Where a guarantee is made.
    pub fn promised(&self, guarantee: usize) -> &Bits {
        &self.guarantees[guarantee]
    }

    /// The rank of a place's narrower public among those of its network.
    pub(super) fn narrower(&self, network: usize, condition: &Condition) -> Option<usize> {
        self.narrower.iter().position(|(of, known, _)| *of == network && known == condition)
    }

    /// Whether a narrower public certainly includes a set.
    pub(super) fn includes(&self, narrower: usize, set: usize) -> bool {
        self.narrower[narrower].2.has(set)
    }

    /// Which of the narrower publics of these networks certainly include a set.
    pub(super) fn included(&self, networks: &[usize], set: usize) -> Vec<bool> {
        let of_them = self.narrower.iter().filter(|(network, _, _)| networks.contains(network));
        of_them.map(|(_, _, holds)| holds.has(set)).collect()
    }

    /// One set for each way in which the narrower publics of a network can include people
    /// together; one set in all where it has none.
    pub(super) fn views(&self, network: usize) -> Vec<usize> {
        let mut partition = Partition::new(self.sets.len());
        for (_, _, holds) in self.narrower.iter().filter(|(of, _, _)| *of == network) {
            partition.refine(holds);
        }
        partition.first.iter().map(|set| *set as usize).collect()
    }

    /// The networks that the rules of a set look for and that serve it, by rank.
    pub fn looks_for(&self, set: usize) -> Vec<usize> {
        (0..self.looked_for.len()).filter(|network| self.looked_for[*network].has(set)).collect()
    }

    /// The lists among which a rule of a set looks for the nearest, by rank.
    pub fn nearest_of(&self, set: usize) -> Vec<Vec<usize>> {
        let mut lists: Vec<Vec<usize>> = Vec::new();
        for (_, networks) in self.nearest.iter().filter(|(rule, _)| self.holds(*rule, set)) {
            let list: Vec<usize> =
                networks.iter().copied().filter(|network| self.serves(*network, set)).collect();
            if list.len() > 1 && !lists.contains(&list) {
                lists.push(list);
            }
        }
        lists
    }
}

/// The rules of a guide that take the nearest of several networks, with the ranks of these.
fn nearest(guide: &Guide) -> Vec<(usize, Vec<usize>)> {
    let rank = |id: &String| guide.networks.iter().position(|network| network.id == *id);
    let mut nearest = Vec::new();
    for (index, rule) in guide.rules.iter().enumerate() {
        if let Pick::NearestOf(ids) = &rule.pick {
            nearest.push((index, ids.iter().filter_map(rank).collect()));
        }
    }
    nearest
}
