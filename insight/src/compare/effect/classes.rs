//! Who is told apart from whom, as far as the main place goes.
//!
//! The engine reads the answers only through the truth of conditions. For the main place,
//! those of the main rules in their order up to the first that always gives something, of
//! the networks that these name, of the narrower publics of their places, and, where no
//! rule is sure to give something, of the remote services of level One. People who share all
//! that before and after are one [`Class`].

use super::Side;
use crate::verify::reachable::{Bits, Partition, Sets, TooMany};
use shared::condition::Condition;
use shared::decision::{Guide, NetworkIx};
use shared::directory::{Level, Role};
use shared::recommend::in_force;
use std::collections::BTreeMap;

/// People whom the rules lead the same way, before and after.
pub(super) struct Class {
    /// The rank of their rule among those of the guide to come; that of the last plus one
    /// where no main rule holds.
    pub(super) public: usize,
    /// How many sets of answers they are.
    pub(super) sets: u64,
    /// Where the rules of each side lead them.
    pub(super) roads: [Road; 2],
}

/// Where the rules of one guide lead somebody, in the order in which they are tried.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Road {
    /// The main rules that hold, each with those of its networks that serve.
    pub(super) rules: Vec<(usize, Vec<usize>)>,
    /// The first remote service of level One that is open, where the rules may give nothing.
    pub(super) remote: Option<usize>,
    /// Of the narrower publics of these networks' places, those that include the person, as
    /// ranks in [`narrower`].
    pub(super) included: Vec<usize>,
}

/// The narrower publics of the places of one side, each once.
pub(super) fn narrower(side: &Side) -> Vec<(usize, &Condition)> {
    let mut narrower: Vec<(usize, &Condition)> = Vec::new();
    for place in side.departments.values().flat_map(|piece| &piece.places) {
        let network = side.guide.networks.iter().position(|network| network.id == place.network);
        if let Some(network) = network
            && place.serves != Condition::Always
            && !narrower.contains(&(network, &place.serves))
        {
            narrower.push((network, &place.serves));
        }
    }
    narrower
}

/// The classes of the people who answer the questions of `after`, those of a public together.
pub(super) fn classes(before: &Side, after: &Side, today: &str) -> Result<Vec<Class>, TooMany> {
    let sets = Sets::of(&after.guide.questions)?;
    let sides = [before, after].map(|side| Truths::new(side, &sets, today));
    let mut partition = Partition::new(sets.len());
    for bits in sides.iter().flat_map(Truths::all) {
        partition.refine(bits);
    }
    let mut counts = vec![0_u64; partition.first.len()];
    for class in &partition.of {
        counts[*class as usize] += 1;
    }
    let mut gathered: BTreeMap<(usize, [Road; 2]), u64> = BTreeMap::new();
    for (first, count) in partition.first.iter().zip(counts) {
        let set = *first as usize;
        let key = (sides[1].public(set), [sides[0].road(set), sides[1].road(set)]);
        *gathered.entry(key).or_default() += count;
    }
    Ok(gathered.into_iter().map(|((public, roads), sets)| Class { public, sets, roads }).collect())
}

/// Where the conditions of one side certainly hold.
struct Truths<'a> {
    guide: &'a Guide,
    /// The rules in force that may name the main place: those that only receive come last.
    rules: Vec<(usize, Bits)>,
    networks: Vec<Bits>,
    /// The remote services of level One.
    remote: Vec<(usize, Bits)>,
    narrower: Vec<(usize, Bits)>,
}

impl<'a> Truths<'a> {
    fn new(side: &'a Side, sets: &Sets, today: &str) -> Self {
        let guide = &*side.guide;
        let yes = |condition: &Condition| sets.truths(condition).yes;
        let of_role = |role: Role| guide.rules.iter().enumerate().filter(move |(_, rule)| rule.role == role);
        let rules: Vec<(usize, Bits)> = of_role(Role::Main)
            .chain(of_role(Role::Receives))
            .filter(|(_, rule)| in_force(rule.valid_from.as_deref(), rule.valid_until.as_deref(), today))
            .map(|(index, rule)| (index, yes(&rule.when)))
            .collect();
        // A network that none of these rules names never is the main place.
        let is_named = |rank: usize| {
            rules.iter().any(|(rule, _)| guide.rules[*rule].pick.networks().contains(&NetworkIx::new(rank)))
        };
        let networks: Vec<Bits> = guide
            .networks
            .iter()
            .enumerate()
            .map(|(rank, network)| {
                let counts = in_force(network.valid_from.as_deref(), network.valid_until.as_deref(), today);
                if counts && is_named(rank) { yes(&network.serves) } else { Bits::none(sets.len()) }
            })
            .collect();
        let remote = guide
            .remote_services
            .iter()
            .enumerate()
            .filter(|(_, one)| one.has_level(Level::One))
            .filter(|(_, one)| in_force(one.valid_from.as_deref(), one.valid_until.as_deref(), today))
            .map(|(index, one)| (index, yes(&one.serves)))
            .collect();
        let narrower =
            narrower(side).into_iter().map(|(network, condition)| (network, yes(condition))).collect();
        Self { guide, rules, networks, remote, narrower }
    }

    fn all(&self) -> impl Iterator<Item = &Bits> {
        let narrower = self.narrower.iter().filter(|(network, _)| !self.networks[*network].is_empty());
        let listed = self.rules.iter().chain(&self.remote).chain(narrower).map(|(_, bits)| bits);
        listed.chain(&self.networks)
    }

    /// The first of these rules that holds.
    fn public(&self, set: usize) -> usize {
        let first = self.rules.iter().find(|(_, holds)| holds.has(set));
        first.map_or(self.guide.rules.len(), |(rule, _)| *rule)
    }

    fn road(&self, set: usize) -> Road {
        let mut road = Road::default();
        let mut is_certain = false;
        for (rule, _) in self.rules.iter().filter(|(_, holds)| holds.has(set)) {
            let named = self.guide.rules[*rule].pick.networks();
            let serving: Vec<usize> = named
                .iter()
                .map(|network| network.rank())
                .filter(|network| self.networks[*network].has(set))
                .collect();
            is_certain = serving.iter().any(|network| {
                let network = &self.guide.networks[*network];
                network.website.is_some() || network.phone.is_some()
            });
            if !serving.is_empty() {
                road.rules.push((*rule, serving));
            }
            if is_certain {
                break;
            }
        }
        if !is_certain {
            road.remote = self.remote.iter().find(|(_, open)| open.has(set)).map(|(index, _)| *index);
        }
        let is_on_the_road =
            |network: &usize| road.rules.iter().any(|(_, serving)| serving.contains(network));
        road.included = self
            .narrower
            .iter()
            .enumerate()
            .filter(|(_, (network, includes))| is_on_the_road(network) && includes.has(set))
            .map(|(rank, _)| rank)
            .collect();
        road
    }
}
