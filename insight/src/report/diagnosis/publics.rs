//! Whom a diagnosis speaks of: the publics of an edition, worked out from its rules.

use crate::report::saying::{Joints, Speaker};
use crate::verify::reachable::{Bits, Sets, TooMany};
use serde::Serialize;
use shared::condition::Condition;
use shared::directory::{Role, Service};
use shared::recommend::in_force;
use shared::snapshot::LocalizedGuide;

/// The people whom one rule of the edition is for.
///
/// For a rule of the role `main`, those for whom it is the first main rule that holds: every
/// visitor belongs to exactly one of these. For a rule of the role `adds`, all for whom it
/// holds. No rule names a public of its own: an edition that changes its rules changes its
/// publics, and no code does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Public {
    /// The rule's id; [`Public::WITHOUT_RULE`] for those whom no main rule leads anywhere.
    pub id: String,
    /// Who they are, in the words of the questions (French).
    pub who: String,
    /// What the rule tells them (French).
    pub reason: String,
    /// The rule only adds: its people are counted among the other publics too.
    pub adds: bool,
    /// How many of the reachable sets of answers they are.
    pub answer_sets: u64,
    /// Ids of the networks that certainly serve every one of them.
    pub networks: Vec<String>,
    /// Ids of the networks that the rule names.
    pub named: Vec<String>,
    /// What every one of them can have at a distance, by a site or a phone line.
    pub remote: Vec<Service>,
}

impl Public {
    /// The id of the people for whom no main rule holds.
    pub const WITHOUT_RULE: &'static str = "none";
}

/// A public, and which of the conditions asked about certainly hold for all its people.
pub(super) struct Certainty {
    pub(super) public: Public,
    /// One for each of the networks.
    pub(super) networks: Vec<bool>,
    /// One for each of the conditions.
    pub(super) conditions: Vec<bool>,
}

/// The publics of an edition on a day, in the order of its rules, from every reachable set of
/// answers. A rule that nobody meets first has no public.
pub(super) fn publics(
    guide: &LocalizedGuide,
    conditions: &[&Condition],
    today: &str,
) -> Result<Vec<Certainty>, TooMany> {
    let asked: Vec<&Condition> = guide
        .networks
        .iter()
        .map(|network| &network.serves)
        .chain(guide.remote_services.iter().map(|service| &service.serves))
        .chain(conditions.iter().copied())
        .collect();
    let rules: Vec<usize> = (0..guide.rules.len())
        .filter(|index| {
            let rule = &guide.rules[*index];
            in_force(rule.valid_from.as_deref(), rule.valid_until.as_deref(), today)
        })
        .collect();

    let sets = Sets::of(&guide.questions)?;
    let holds = |condition: &Condition| sets.truths(condition).yes;
    let asked: Vec<Bits> = asked.into_iter().map(holds).collect();
    // The sets that no main rule has led anywhere yet; those who are left come last.
    let mut left = Bits::all(sets.len());
    let mut people: Vec<(usize, Bits)> = Vec::new();
    // Whoever only receives does so for those whom no other rule leads anywhere.
    for role in [Role::Main, Role::Adds, Role::Receives] {
        for index in rules.iter().copied().filter(|index| guide.rules[*index].role == role) {
            let mut of_rule = holds(&guide.rules[index].when);
            if role != Role::Adds {
                of_rule.and(&left);
                left.without(&of_rule);
            }
            people.push((index, of_rule));
        }
    }
    people.sort_by_key(|(index, _)| *index);
    people.push((guide.rules.len(), left));
    people.retain(|(_, of_rule)| !of_rule.is_empty());
    let all_of = |of_rule: &Bits, condition: &Bits| of_rule.clone().without(condition).is_empty();
    Ok(people
        .into_iter()
        .map(|(rule, of_rule)| {
            let certain: Vec<bool> = asked.iter().map(|condition| all_of(&of_rule, condition)).collect();
            certainty(guide, rule, of_rule.count() as u64, &certain, today)
        })
        .collect())
}

fn certainty(
    guide: &LocalizedGuide,
    rule: usize,
    answer_sets: u64,
    certain: &[bool],
    today: &str,
) -> Certainty {
    let (networks, rest) = certain.split_at(guide.networks.len());
    let (remote, conditions) = rest.split_at(guide.remote_services.len());
    let networks: Vec<bool> = guide
        .networks
        .iter()
        .zip(networks)
        .map(|(network, certain)| {
            *certain && in_force(network.valid_from.as_deref(), network.valid_until.as_deref(), today)
        })
        .collect();
    let mut services: Vec<Service> = guide
        .remote_services
        .iter()
        .zip(remote)
        .filter(|(service, certain)| {
            **certain && in_force(service.valid_from.as_deref(), service.valid_until.as_deref(), today)
        })
        .flat_map(|(service, _)| service.services.iter().copied())
        .collect();
    services.sort_unstable();
    services.dedup();
    let (id, who) = named(guide, rule);
    let (reason, adds, names) = guide.rules.get(rule).map_or_else(Default::default, |rule| {
        let named = rule.pick.networks().iter().map(|network| guide.networks[network.rank()].id.clone());
        (guide.text(rule.reason).to_owned(), rule.role == Role::Adds, named.collect())
    });
    let serving = guide
        .networks
        .iter()
        .zip(&networks)
        .filter(|(_, certain)| **certain)
        .map(|(network, _)| network.id.clone())
        .collect();
    let public =
        Public { id, who, reason, adds, answer_sets, networks: serving, named: names, remote: services };
    Certainty { public, networks, conditions: conditions.to_vec() }
}

/// What the people of a rule are called: its id, and who they are in the words of the
/// questions. A rank beyond the rules stands for those whom no main rule leads anywhere.
pub(crate) fn named(guide: &LocalizedGuide, rule: usize) -> (String, String) {
    let speaker = Speaker { guide, joints: Joints::FRENCH };
    guide.rules.get(rule).map_or_else(
        || (Public::WITHOUT_RULE.to_owned(), "Les personnes qu’aucune règle n’oriente".to_owned()),
        |rule| {
            let who = if rule.when == Condition::Always && rule.role != Role::Adds {
                "Toutes les autres personnes".to_owned()
            } else {
                speaker.sentence(&rule.when)
            };
            (rule.id.clone(), who)
        },
    )
}
