//! Who is told apart from whom.

use crate::verify::reachable::{Bits, Partition, Sets, TooMany};
use shared::condition::{Answers, Condition};
use shared::decision::{Guide, GuidePick, GuidePreference, NetworkIx};
use shared::directory::Directory;
use shared::recommend::in_force;

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
    /// The rules for which distance decides among several networks.
    lists: Vec<(usize, List)>,
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
            lists: lists(guide),
        };
        people.gather(guide);
        Ok(people)
    }

    fn gather(&mut self, guide: &Guide) {
        let mut partition = Partition::new(self.sets.len());
        for bits in self.rules.iter().chain(&self.remote_services).chain(&self.guarantees) {
            partition.refine(bits);
        }
        for (rank, serves) in self.networks.iter().enumerate() {
            let network = NetworkIx::new(rank);
            // Whether a network serves only matters where a rule that holds names it.
            let mut named = Bits::none(self.sets.len());
            for (rule, holds) in guide.rules.iter().zip(&self.rules) {
                if rule.pick.networks().contains(&network) || rule.complements.contains(&network) {
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

    /// The lists of the rules of a set of which distance decides.
    pub fn lists_of(&self, set: usize) -> Vec<List> {
        let held = self.lists.iter().filter(|(rule, _)| self.holds(*rule, set));
        self.serving(held.map(|(_, list)| list), set)
    }

    /// The lists of every rule of a guide, whether it holds or not, of those who serve a set.
    pub fn lists_in(&self, guide: &Guide, set: usize) -> Vec<List> {
        self.serving(lists(guide).iter().map(|(_, list)| list), set)
    }

    /// These lists without who does not serve a set, each once.
    fn serving<'a>(&self, all: impl Iterator<Item = &'a List>, set: usize) -> Vec<List> {
        let mut lists: Vec<List> = Vec::new();
        for list in all {
            let serves = |network: &usize| self.serves(*network, set);
            let networks: Vec<usize> = list.networks.iter().copied().filter(serves).collect();
            let list = List { networks, preference: list.preference.clone() };
            if list.networks.len() > 1 && !lists.contains(&list) {
                lists.push(list);
            }
        }
        lists
    }
}

/// Networks of which a rule takes one by its distance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct List {
    /// Their ranks, in the order of the rule.
    pub(super) networks: Vec<usize>,
    /// How far what comes first may be; the nearest of all is taken where absent.
    pub(super) preference: Option<GuidePreference>,
}

/// The lists of a guide's rules of which distance decides, with the rank of their rule.
fn lists(guide: &Guide) -> Vec<(usize, List)> {
    let mut lists = Vec::new();
    for (index, rule) in guide.rules.iter().enumerate() {
        let preference = match (&rule.pick, &rule.preference) {
            (GuidePick::NearestOf(_), _) => None,
            (GuidePick::InOrder(_), Some(preference)) => Some(preference.clone()),
            (GuidePick::InOrder(_), None) => continue,
        };
        let networks = rule.pick.networks().iter().map(|network| network.rank()).collect();
        lists.push((index, List { networks, preference }));
    }
    lists
}
