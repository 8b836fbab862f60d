//! Of whom a question is asked: only of those whose result some answer to it can still change.
//!
//! An edition says who may be asked ([`Question::ask_if`]). What is asked of them in vain is taken
//! out where the directory is compiled, so that a visitor's page has nothing to work out.
//!
//! A *result* is what the rules that hold lead to, with their reasons: the networks of each that
//! serve the visitor and can be reached at all, which remote services are open, which narrower
//! publics include the visitor. Two sets of answers with the same result are told the same wherever
//! they live. A question is asked in vain where no choice of it, nor leaving it out, leads to another
//! result, whatever else is answered afterwards.
//!
//! Dates are left aside: what ends or begins later counts as if it were there. [`crate::proof`] looks
//! for somebody, somewhere, to whom the answer makes a difference, by the engine and the places.

use crate::condition::{AnswerIs, Condition, Truth};
use crate::directory::{Directory, MAIN_LANGUAGE, Question, QuestionKind, Role, Rule};
use std::collections::{BTreeMap, HashMap};

/// Sets of answers that are gone through at most. Beyond, the edition's own conditions stay.
const MOST: usize = 200_000;

/// In a row: the question is not asked.
const NOT_ASKED: u8 = u8::MAX;

/// For each question of the edition, of whom it is asked.
pub(crate) fn conditions(directory: &Directory) -> Vec<Condition> {
    let questions = &directory.edition.questions;
    let authored = || questions.iter().map(|question| question.ask_if.clone()).collect();
    let Some(mut tree) = Tree::new(directory) else { return authored() };
    let mut row = vec![NOT_ASKED; questions.len()];
    let Some(root) = tree.grow(&mut row, 0) else { return authored() };
    let mut asked = vec![Vec::new(); questions.len()];
    if tree.walk(root, &mut row, 0, &mut asked).is_none() {
        return authored();
    }
    questions
        .iter()
        .enumerate()
        .map(|(rank, question)| tree.condition(rank, question, &asked[rank]))
        .collect()
}

/// Every set of answers that the edition's own conditions allow, as a tree of its questions.
struct Tree<'a> {
    questions: &'a [Question],
    /// Whether anything that decides speaks of a question.
    counts: Vec<bool>,
    ask_if: Vec<Ranked>,
    decides: Decides<'a>,
    nodes: Vec<Node>,
    known: HashMap<Node, usize>,
    results: HashMap<Vec<usize>, usize>,
    /// Whether two subtrees lead to different results, by their ranks, the lower first.
    differ: HashMap<(usize, usize), bool>,
    leaves: usize,
}

/// What follows from the answers so far.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Node {
    /// The result, by its rank.
    Leaf(usize),
    /// The question is not asked.
    Skip(usize),
    /// What follows each of its choices.
    Ask(Vec<usize>),
}

/// Who is asked a question, row by row, and whether something depends on it.
type Asked = Vec<(Vec<u8>, bool)>;

impl<'a> Tree<'a> {
    /// `None` where a question has more choices than a row can hold.
    fn new(directory: &'a Directory) -> Option<Self> {
        let questions = &directory.edition.questions;
        if questions.iter().any(|question| choices(question) >= usize::from(NOT_ASKED)) {
            return None;
        }
        let ranked = |condition: &Condition| Ranked::of(condition, questions);
        let decides = Decides::of(directory);
        let mut counts = vec![false; questions.len()];
        let asked = questions.iter().map(|question| ranked(&question.ask_if)).collect::<Vec<_>>();
        for condition in decides.all().chain(&asked) {
            condition.for_each_question(&mut |rank| counts[rank] = true);
        }
        Some(Self {
            questions,
            counts,
            ask_if: asked,
            decides,
            nodes: Vec::new(),
            known: HashMap::new(),
            results: HashMap::new(),
            differ: HashMap::new(),
            leaves: 0,
        })
    }

    fn node(&mut self, node: Node) -> usize {
        if let Some(known) = self.known.get(&node) {
            return *known;
        }
        self.nodes.push(node.clone());
        self.known.insert(node, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    /// The subtree from a question on; `None` where there are too many sets of answers.
    fn grow(&mut self, row: &mut [u8], question: usize) -> Option<usize> {
        if question == row.len() {
            self.leaves += 1;
            if self.leaves > MOST {
                return None;
            }
            let result = self.decides.result(row);
            let next = self.results.len();
            let rank = *self.results.entry(result).or_insert(next);
            return Some(self.node(Node::Leaf(rank)));
        }
        let is_asked = self.counts[question] && self.ask_if[question].evaluate(row) == Truth::Match;
        let choices = choices(&self.questions[question]);
        if !is_asked || choices == 0 {
            let after = self.grow(row, question + 1)?;
            return Some(self.node(Node::Skip(after)));
        }
        let mut after = Vec::with_capacity(choices);
        for choice in 0..choices {
            row[question] = u8::try_from(choice).unwrap_or(NOT_ASKED);
            after.push(self.grow(row, question + 1)?);
        }
        row[question] = NOT_ASKED;
        Some(self.node(Node::Ask(after)))
    }

    /// Whether some answers that follow lead to different results in two subtrees. What only one of
    /// them asks is compared with not being asked.
    fn differ(&mut self, one: usize, two: usize) -> bool {
        if one == two {
            return false;
        }
        let key = (one.min(two), one.max(two));
        if let Some(known) = self.differ.get(&key) {
            return *known;
        }
        let differ = match (self.nodes[one].clone(), self.nodes[two].clone()) {
            (Node::Leaf(one), Node::Leaf(two)) => one != two,
            (Node::Skip(one), Node::Skip(two)) => self.differ(one, two),
            (Node::Ask(ones), Node::Ask(twos)) => {
                ones.iter().zip(&twos).any(|(one, two)| self.differ(*one, *two))
            }
            (Node::Skip(one), Node::Ask(twos)) => twos.iter().any(|two| self.differ(one, *two)),
            (Node::Ask(ones), Node::Skip(two)) => ones.iter().any(|one| self.differ(*one, two)),
            // Both are at the same question.
            (Node::Leaf(_), _) | (_, Node::Leaf(_)) => true,
        };
        self.differ.insert(key, differ);
        differ
    }

    /// Goes through what is really asked, and notes for each question of whom.
    fn walk(&mut self, node: usize, row: &mut [u8], question: usize, asked: &mut [Asked]) -> Option<()> {
        match self.nodes[node].clone() {
            Node::Leaf(_) => {}
            Node::Skip(after) => self.walk(after, row, question + 1, asked)?,
            Node::Ask(after) => {
                let mut decides = after[1..].iter().any(|other| self.differ(after[0], *other));
                if !decides {
                    // Left out, it leaves what depends on it undetermined.
                    let without = self.grow(row, question + 1)?;
                    decides = self.differ(after[0], without);
                }
                asked[question].push((row[..question].to_vec(), decides));
                if decides {
                    for (choice, node) in after.into_iter().enumerate() {
                        row[question] = u8::try_from(choice).unwrap_or(NOT_ASKED);
                        self.walk(node, row, question + 1, asked)?;
                    }
                    row[question] = NOT_ASKED;
                } else {
                    let without = self.grow(row, question + 1)?;
                    self.walk(without, row, question + 1, asked)?;
                }
            }
        }
        Some(())
    }

    /// Of whom a question is asked, as a condition on the earlier ones.
    fn condition(&self, rank: usize, question: &Question, asked: &Asked) -> Condition {
        let authored = question.ask_if.clone();
        if matches!(question.kind, QuestionKind::Commune) || asked.iter().all(|(_, decides)| *decides) {
            // A question that decides nothing at all was never asked above.
            let is_idle = !self.counts[rank] && choices(question) > 0;
            return if is_idle { Condition::never() } else { authored };
        }
        if asked.iter().all(|(_, decides)| !decides) {
            return Condition::never();
        }
        let told_apart = self.told_apart(rank, asked);
        match self.said(&told_apart, asked.iter().map(|(row, decides)| (row.as_slice(), *decides)).collect())
        {
            Some(Condition::Always) | None => authored,
            Some(said) if authored == Condition::Always => said,
            Some(said) => Condition::All(vec![authored, said]),
        }
    }

    /// The fewest earlier questions that tell apart where a question decides: each with those that
    /// it depends on itself.
    fn told_apart(&self, rank: usize, asked: &Asked) -> Vec<usize> {
        let mut kept: Vec<usize> = (0..rank).filter(|question| self.counts[*question]).collect();
        for question in (0..rank).rev() {
            let without: Vec<usize> = kept.iter().copied().filter(|other| *other != question).collect();
            let is_needed = without.iter().any(|other| {
                let mut depends = false;
                self.ask_if[*other].for_each_question(&mut |on| depends |= on == question);
                depends
            });
            let mut seen: HashMap<Vec<u8>, bool> = HashMap::new();
            let tells = asked.iter().all(|(row, decides)| {
                let seen = seen.entry(without.iter().map(|other| row[*other]).collect()).or_insert(*decides);
                seen == decides
            });
            if !is_needed && tells {
                kept = without;
            }
        }
        kept
    }

    /// A condition on these questions, the first first, that holds where a row says so; `None` where
    /// there is none, since a question is asked of some and not of others.
    fn said(&self, questions: &[usize], rows: Vec<(&[u8], bool)>) -> Option<Condition> {
        if rows.iter().all(|(_, decides)| *decides) {
            return Some(Condition::Always);
        }
        if rows.iter().all(|(_, decides)| !decides) {
            return Some(Condition::never());
        }
        let (question, rest) = questions.split_first()?;
        let mut by_choice: BTreeMap<u8, Vec<(&[u8], bool)>> = BTreeMap::new();
        for (row, decides) in rows {
            by_choice.entry(row[*question]).or_default().push((row, decides));
        }
        if by_choice.contains_key(&NOT_ASKED) {
            let alone = by_choice.len() == 1;
            return alone
                .then(|| by_choice.remove(&NOT_ASKED))
                .flatten()
                .and_then(|rows| self.said(rest, rows));
        }
        let QuestionKind::Choices(choices) = &self.questions[*question].kind else { return None };
        let mut parts: Vec<(Condition, Vec<String>)> = Vec::new();
        for (choice, rows) in by_choice {
            let said = self.said(rest, rows)?;
            let id = choices.get(usize::from(choice))?.id.clone();
            match parts.iter_mut().find(|(known, _)| *known == said) {
                Some((_, ids)) => ids.push(id),
                None => parts.push((said, vec![id])),
            }
        }
        parts.retain(|(said, _)| *said != Condition::never());
        let mut parts: Vec<Condition> = parts
            .into_iter()
            .map(|(said, is)| {
                let test = Condition::Answer(AnswerIs { question: self.questions[*question].id.clone(), is });
                if said == Condition::Always { test } else { Condition::All(vec![test, said]) }
            })
            .collect();
        if parts.len() == 1 { parts.pop() } else { Some(Condition::Any(parts)) }
    }
}

/// How many answers a question has, the commune apart.
fn choices(question: &Question) -> usize {
    match &question.kind {
        QuestionKind::Choices(choices) => choices.len(),
        QuestionKind::Commune => 0,
    }
}

/// What tells results apart.
struct Decides<'a> {
    rules: Vec<Looks<'a>>,
    serves: Vec<Ranked>,
    /// Whether a network can be reached from afar, and whether at all.
    reached: Vec<(bool, bool)>,
    remote: Vec<Ranked>,
    /// The narrower publics of places, each with its network.
    narrower: Vec<(usize, Ranked)>,
}

/// A rule with the ranks of what it names.
struct Looks<'a> {
    rule: &'a Rule,
    when: Ranked,
    /// The rank of the first rule that a visitor could not tell from it.
    alike: usize,
    picks: Vec<usize>,
    complements: Vec<usize>,
}

impl<'a> Decides<'a> {
    fn of(directory: &'a Directory) -> Self {
        let edition = &directory.edition;
        let questions = &edition.questions;
        let ranked = |condition: &Condition| Ranked::of(condition, questions);
        let rank = |id: &String| edition.networks.iter().position(|network| network.id == *id);
        let ranks = |ids: &[String]| ids.iter().filter_map(rank).collect();
        let seen = |rule: &'a Rule| {
            // In French: a translation decides nothing.
            let reason = rule.reason.get(MAIN_LANGUAGE);
            (rule.role, &rule.pick, rule.limit(&edition.preference), reason, &rule.source)
        };
        let rules = edition.rules.iter().map(|rule| Looks {
            rule,
            when: ranked(&rule.when),
            alike: edition.rules.iter().position(|other| seen(other) == seen(rule)).unwrap_or_default(),
            picks: ranks(rule.pick.networks()),
            complements: ranks(&rule.complements),
        });
        let mut narrower: Vec<(usize, &Condition)> = Vec::new();
        for structure in &directory.structures {
            if let (Some(network), Some(serves)) = (rank(&structure.network), &structure.serves)
                && !narrower.contains(&(network, serves))
            {
                narrower.push((network, serves));
            }
        }
        Self {
            rules: rules.collect(),
            serves: edition.networks.iter().map(|network| ranked(&network.serves)).collect(),
            reached: edition
                .networks
                .iter()
                .map(|network| {
                    let mut places = directory.structures.iter();
                    let is_there = places.any(|structure| structure.network == network.id);
                    (network.has_contact(), network.has_contact() || is_there)
                })
                .collect(),
            remote: edition.remote_services.iter().map(|service| ranked(&service.serves)).collect(),
            narrower: narrower.into_iter().map(|(network, serves)| (network, ranked(serves))).collect(),
        }
    }

    /// Every condition that decides something.
    fn all(&self) -> impl Iterator<Item = &Ranked> {
        let rules = self.rules.iter().map(|looks| &looks.when);
        let narrower = self.narrower.iter().map(|(_, serves)| serves);
        rules.chain(&self.serves).chain(&self.remote).chain(narrower)
    }

    /// The result of a set of answers, as numbers that are equal where it is.
    fn result(&self, row: &[u8]) -> Vec<usize> {
        const RULE: usize = usize::MAX;
        const COMPLEMENT: usize = usize::MAX - 1;
        const REMOTE: usize = usize::MAX - 2;
        const NARROWER: usize = usize::MAX - 3;
        let holds = |condition: &Ranked| condition.evaluate(row) == Truth::Match;
        let serves: Vec<bool> = self
            .serves
            .iter()
            .zip(&self.reached)
            .map(|(serves, (_, is_reached))| *is_reached && holds(serves))
            .collect();
        let mut result = Vec::new();
        let mut named = vec![false; serves.len()];
        // Networks that an earlier rule names alone: one of any role, one that may give the main place.
        let (mut picked, mut picked_first) = (vec![false; serves.len()], vec![false; serves.len()]);
        let mut completed = vec![false; serves.len()];
        let mut is_received = false;
        for looks in self.rules.iter().filter(|looks| holds(&looks.when)) {
            let role = looks.rule.role;
            let picks: Vec<usize> = looks.picks.iter().copied().filter(|network| serves[*network]).collect();
            if picks.is_empty() || role == Role::Receives && is_received {
                continue;
            }
            // It leads somewhere wherever the visitor lives.
            let is_certain = picks.iter().any(|network| self.reached[*network].0);
            is_received |= role == Role::Receives && is_certain;
            let alone = if let [network] = picks[..] { Some(network) } else { None };
            let is_said = alone.is_some_and(|network| match role {
                Role::Main => picked_first[network],
                Role::Adds => picked[network],
                Role::Receives => false,
            });
            if !is_said {
                result.extend([RULE, looks.alike]);
                result.extend(&picks);
            }
            for network in &picks {
                named[*network] = true;
            }
            if let Some(network) = alone.filter(|_| role != Role::Receives) {
                picked[network] = true;
                picked_first[network] |= role == Role::Main;
            }
            for network in looks.complements.iter().copied().filter(|network| serves[*network]) {
                named[network] = true;
                if !picked[network] && !completed[network] {
                    result.extend([COMPLEMENT, network]);
                }
                completed[network] |= is_certain;
            }
        }
        let open = self.remote.iter().enumerate().filter(|(_, serves)| holds(serves));
        result.extend(open.flat_map(|(rank, _)| [REMOTE, rank]));
        let included = self
            .narrower
            .iter()
            .enumerate()
            .filter(|(_, (network, serves))| named[*network] && holds(serves));
        result.extend(included.flat_map(|(rank, _)| [NARROWER, rank]));
        result
    }
}

/// A condition whose questions and choices are ranks.
enum Ranked {
    /// The question, whether the condition names each of its choices, and which are unknown.
    Answer(usize, Vec<(bool, bool)>),
    /// Nobody can tell: there is no such question.
    Open,
    All(Vec<Ranked>),
    Any(Vec<Ranked>),
    Not(Box<Ranked>),
}

impl Ranked {
    fn of(condition: &Condition, questions: &[Question]) -> Self {
        let all = |parts: &[Condition]| parts.iter().map(|part| Self::of(part, questions)).collect();
        match condition {
            Condition::Always => Self::All(Vec::new()),
            Condition::All(parts) => Self::All(all(parts)),
            Condition::Any(parts) => Self::Any(all(parts)),
            Condition::Not(part) => Self::Not(Box::new(Self::of(part, questions))),
            Condition::Answer(AnswerIs { question, is }) => {
                let rank = questions.iter().position(|known| known.id == *question);
                match rank.map(|rank| (rank, &questions[rank].kind)) {
                    Some((rank, QuestionKind::Choices(choices))) => Self::Answer(
                        rank,
                        choices.iter().map(|choice| (is.contains(&choice.id), choice.unknown)).collect(),
                    ),
                    Some((_, QuestionKind::Commune)) | None => Self::Open,
                }
            }
        }
    }

    /// As [`Condition::evaluate`].
    fn evaluate(&self, row: &[u8]) -> Truth {
        let fold = |parts: &[Self], decisive: Truth, neutral: Truth| {
            let mut whole = neutral;
            for part in parts {
                match part.evaluate(row) {
                    truth if truth == decisive => return decisive,
                    Truth::Undetermined => whole = Truth::Undetermined,
                    _ => {}
                }
            }
            whole
        };
        match self {
            Self::Answer(question, choices) => match choices.get(usize::from(row[*question])) {
                Some((true, _)) => Truth::Match,
                Some((false, false)) => Truth::NoMatch,
                Some((false, true)) | None => Truth::Undetermined,
            },
            Self::Open => Truth::Undetermined,
            Self::All(parts) => fold(parts, Truth::NoMatch, Truth::Match),
            Self::Any(parts) => fold(parts, Truth::Match, Truth::NoMatch),
            Self::Not(part) => match part.evaluate(row) {
                Truth::Match => Truth::NoMatch,
                Truth::NoMatch => Truth::Match,
                Truth::Undetermined => Truth::Undetermined,
            },
        }
    }

    fn for_each_question(&self, visit: &mut dyn FnMut(usize)) {
        match self {
            Self::Open => {}
            Self::Answer(question, _) => visit(*question),
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.for_each_question(visit);
                }
            }
            Self::Not(part) => part.for_each_question(visit),
        }
    }
}
