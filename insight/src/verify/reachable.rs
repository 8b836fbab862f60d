//! Every complete set of answers that a visitor can reach, in a form that can be reasoned
//! about: one row a set, one bit column a choice.
//!
//! The rows are those of [`shared::guide::for_each_reachable`], in the same order. Because a
//! question is asked depending on earlier ones only, each is decided once, going down.
//! A condition then holds on a [`Bits`]: its three values for tens of thousands of sets
//! cost a few hundred machine words, which is what lets a proof and an analysis be exact.

use shared::condition::{Answers, Condition, Truth};
use shared::decision::GuideQuestion;
use shared::directory::{Question, QuestionKind};
use std::fmt;

/// In a row: the question is not asked.
pub const NOT_ASKED: u8 = u8::MAX;

/// Sets of answers that fit in the memory of a worker (about 30 bytes each).
const MOST: usize = 1_000_000;

/// The questions have more sets of answers than can be gone through. A guide that asks so
/// much is too long for a visitor as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany;

impl fmt::Display for TooMany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the questions have more than {MOST} sets of answers")
    }
}

impl std::error::Error for TooMany {}

/// One bit for each set of answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// No bit set.
    pub fn none(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len }
    }

    /// Every bit set.
    pub fn all(len: usize) -> Self {
        let mut bits = Self { words: vec![u64::MAX; len.div_ceil(64)], len };
        if let Some(last) = bits.words.last_mut()
            && !len.is_multiple_of(64)
        {
            *last = (1 << (len % 64)) - 1;
        }
        bits
    }

    /// Whether a bit is set.
    pub fn has(&self, index: usize) -> bool {
        self.words[index / 64] >> (index % 64) & 1 == 1
    }

    fn put(&mut self, index: usize) {
        self.words[index / 64] |= 1 << (index % 64);
    }

    /// Keeps the bits that the other has as well.
    pub fn and(&mut self, other: &Self) -> &mut Self {
        self.zip(other, |a, b| a & b)
    }

    /// Adds the other's bits.
    pub fn or(&mut self, other: &Self) -> &mut Self {
        self.zip(other, |a, b| a | b)
    }

    /// Takes the other's bits away.
    pub fn without(&mut self, other: &Self) -> &mut Self {
        self.zip(other, |a, b| a & !b)
    }

    /// Keeps the bits that only one of both has.
    pub fn xor(&mut self, other: &Self) -> &mut Self {
        self.zip(other, |a, b| a ^ b)
    }

    fn zip(&mut self, other: &Self, with: impl Fn(u64, u64) -> u64) -> &mut Self {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word = with(*word, *other);
        }
        self
    }

    /// Whether no bit is set.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// How many bits are set.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The indexes of the bits that are set.
    pub fn ones(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros() as usize;
                (rest != 0).then(|| {
                    rest &= rest - 1;
                    index * 64 + bit
                })
            })
        })
    }

    /// The lowest index whose bit is set.
    pub fn first(&self) -> Option<usize> {
        self.ones().next()
    }
}

/// Where a condition holds, and where it certainly does not. Elsewhere it is undetermined.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Truths {
    /// It certainly holds.
    pub yes: Bits,
    /// It certainly does not.
    pub no: Bits,
}

impl Truths {
    /// Its value for one set.
    pub fn at(&self, set: usize) -> Truth {
        match (self.yes.has(set), self.no.has(set)) {
            (true, _) => Truth::Match,
            (_, true) => Truth::NoMatch,
            _ => Truth::Undetermined,
        }
    }
}

/// A question as the columns need it.
#[derive(Debug)]
struct Column {
    id: String,
    choices: Vec<String>,
    unknown: Vec<bool>,
    /// Where the question is asked.
    asked: Bits,
    /// Where each choice is the answer.
    answered: Vec<Bits>,
}

/// A question as far as it tells sets of answers apart, of a directory or of a guide.
#[derive(Debug)]
pub struct Outline<'a> {
    id: &'a str,
    ask_if: &'a Condition,
    /// Each with whether it stands for no answer. None for the commune, the other half of a case:
    /// conditions do not speak of it.
    choices: Vec<(&'a str, bool)>,
}

impl<'a> From<&'a Question> for Outline<'a> {
    fn from(question: &'a Question) -> Self {
        let choices = match &question.kind {
            QuestionKind::Choices(choices) => choices.as_slice(),
            QuestionKind::Commune => &[],
        };
        let choices = choices.iter().map(|choice| (choice.id.as_str(), choice.unknown)).collect();
        Self { id: &question.id, ask_if: &question.ask_if, choices }
    }
}

impl<'a> From<&'a GuideQuestion> for Outline<'a> {
    fn from(question: &'a GuideQuestion) -> Self {
        let choices = question.choices().iter().map(|choice| (choice.id.as_str(), choice.unknown)).collect();
        Self { id: &question.id, ask_if: &question.ask_if, choices }
    }
}

/// Every reachable set of answers.
#[derive(Debug)]
pub struct Sets {
    rows: Vec<u8>,
    columns: Vec<Column>,
    len: usize,
}

impl Sets {
    /// Goes through the questions.
    ///
    /// # Errors
    /// When there are more than a million sets, or a question with more than 254 choices.
    pub fn of<'a, Q>(questions: &'a [Q]) -> Result<Self, TooMany>
    where
        &'a Q: Into<Outline<'a>>,
    {
        let questions: Vec<Outline> = questions.iter().map(Into::into).collect();
        let mut columns = Vec::with_capacity(questions.len());
        for question in &questions {
            let (choices, unknown): (Vec<_>, Vec<_>) =
                question.choices.iter().map(|(id, unknown)| ((*id).to_owned(), *unknown)).unzip();
            if choices.len() >= usize::from(NOT_ASKED) {
                return Err(TooMany);
            }
            let (asked, answered) = (Bits::none(0), Vec::new());
            columns.push(Column { id: question.id.to_owned(), choices, unknown, asked, answered });
        }
        let mut sets = Self { rows: Vec::new(), columns, len: 0 };
        let conditions: Vec<Indexed> =
            questions.iter().map(|question| sets.indexed(question.ask_if)).collect();
        sets.descend(&conditions, &mut vec![NOT_ASKED; questions.len()], 0)?;
        sets.fill();
        Ok(sets)
    }

    fn descend(&mut self, ask_if: &[Indexed], row: &mut [u8], question: usize) -> Result<(), TooMany> {
        if question == row.len() {
            if self.len == MOST {
                return Err(TooMany);
            }
            self.rows.extend_from_slice(row);
            self.len += 1;
            return Ok(());
        }
        let choices = self.columns[question].choices.len();
        if choices == 0 || ask_if[question].evaluate(row, &self.columns) != Truth::Match {
            return self.descend(ask_if, row, question + 1);
        }
        for choice in 0..choices {
            row[question] = u8::try_from(choice).unwrap_or(NOT_ASKED);
            self.descend(ask_if, row, question + 1)?;
        }
        row[question] = NOT_ASKED;
        Ok(())
    }

    fn fill(&mut self) {
        let (len, width) = (self.len, self.columns.len());
        for (index, column) in self.columns.iter_mut().enumerate() {
            column.asked = Bits::none(len);
            column.answered = vec![Bits::none(len); column.choices.len()];
            for set in 0..len {
                let choice = self.rows[set * width + index];
                if choice != NOT_ASKED {
                    column.asked.put(set);
                    column.answered[usize::from(choice)].put(set);
                }
            }
        }
    }

    /// How many sets there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none. There always is one: a guide without questions has a set
    /// without answers.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The choice made for each question, by rank; [`NOT_ASKED`] where it is not asked.
    pub fn row(&self, set: usize) -> &[u8] {
        let width = self.columns.len();
        &self.rows[set * width..(set + 1) * width]
    }

    /// One set as the engine takes it.
    pub fn answers(&self, set: usize) -> Answers {
        self.row(set)
            .iter()
            .zip(&self.columns)
            .filter(|(choice, _)| **choice != NOT_ASKED)
            .map(|(choice, column)| (column.id.clone(), column.choices[usize::from(*choice)].clone()))
            .collect()
    }

    /// The set with this row.
    pub fn find(&self, row: &[u8]) -> Option<usize> {
        // Rows come in the order of their choices, where "not asked" never meets a choice:
        // whether a question is asked depends on what comes before it.
        let (mut low, mut high) = (0, self.len);
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.row(middle).cmp(row) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Where a question, by rank, is asked.
    pub fn asked(&self, question: usize) -> &Bits {
        &self.columns[question].asked
    }

    /// Where a choice of a question is the answer, both by rank.
    pub fn answered(&self, question: usize, choice: usize) -> &Bits {
        &self.columns[question].answered[choice]
    }

    /// The ranks of a question's choices that stand for no answer.
    pub fn unknown_choices(&self, question: usize) -> impl Iterator<Item = usize> {
        self.columns[question]
            .unknown
            .iter()
            .enumerate()
            .filter(|(_, unknown)| **unknown)
            .map(|(rank, _)| rank)
    }

    /// The rank of a question.
    pub fn question(&self, id: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.id == id)
    }

    /// Evaluates a condition on every set at once, as [`Condition::evaluate`] does on one.
    pub fn truths(&self, condition: &Condition) -> Truths {
        let constant = |holds: bool| {
            let (yes, no) = (Bits::all(self.len), Bits::none(self.len));
            if holds { Truths { yes, no } } else { Truths { yes: no, no: yes } }
        };
        match condition {
            Condition::Always => constant(true),
            Condition::Answer(test) => {
                let mut truths = Truths { yes: Bits::none(self.len), no: Bits::none(self.len) };
                if let Some(column) = self.columns.iter().find(|column| column.id == test.question) {
                    for ((choice, unknown), bits) in
                        column.choices.iter().zip(&column.unknown).zip(&column.answered)
                    {
                        if test.is.contains(choice) {
                            truths.yes.or(bits);
                        } else if !unknown {
                            truths.no.or(bits);
                        }
                    }
                }
                truths
            }
            Condition::All(parts) => {
                let mut whole = constant(true);
                for part in parts {
                    let part = self.truths(part);
                    whole.yes.and(&part.yes);
                    whole.no.or(&part.no);
                }
                whole
            }
            Condition::Any(parts) => {
                let mut whole = constant(false);
                for part in parts {
                    let part = self.truths(part);
                    whole.yes.or(&part.yes);
                    whole.no.and(&part.no);
                }
                whole
            }
            Condition::Not(part) => {
                let part = self.truths(part);
                Truths { yes: part.no, no: part.yes }
            }
        }
    }

    fn indexed(&self, condition: &Condition) -> Indexed {
        let all = |parts: &[Condition]| parts.iter().map(|part| self.indexed(part)).collect();
        match condition {
            Condition::Always => Indexed::All(Vec::new()),
            Condition::Answer(test) => {
                let question = self.question(&test.question);
                let column = question.map(|question| &self.columns[question]);
                let named = column.map_or_else(Vec::new, |column| {
                    column.choices.iter().map(|choice| test.is.contains(choice)).collect()
                });
                Indexed::Answer(question, named)
            }
            Condition::All(parts) => Indexed::All(all(parts)),
            Condition::Any(parts) => Indexed::Any(all(parts)),
            Condition::Not(part) => Indexed::Not(Box::new(self.indexed(part))),
        }
    }
}

/// A condition whose questions and choices are ranks.
enum Indexed {
    /// The question, and whether the condition names each of its choices.
    Answer(Option<usize>, Vec<bool>),
    All(Vec<Indexed>),
    Any(Vec<Indexed>),
    Not(Box<Indexed>),
}

impl Indexed {
    fn evaluate(&self, row: &[u8], columns: &[Column]) -> Truth {
        let fold = |parts: &[Self], decisive: Truth, neutral: Truth| {
            let mut result = neutral;
            for part in parts {
                match part.evaluate(row, columns) {
                    truth if truth == decisive => return decisive,
                    Truth::Undetermined => result = Truth::Undetermined,
                    _ => {}
                }
            }
            result
        };
        match self {
            Self::Answer(question, named) => {
                let Some(question) = *question else { return Truth::Undetermined };
                let choice = usize::from(row[question]);
                match named.get(choice) {
                    None => Truth::Undetermined,
                    Some(true) => Truth::Match,
                    Some(false) if columns[question].unknown[choice] => Truth::Undetermined,
                    Some(false) => Truth::NoMatch,
                }
            }
            Self::All(parts) => fold(parts, Truth::NoMatch, Truth::Match),
            Self::Any(parts) => fold(parts, Truth::Match, Truth::NoMatch),
            Self::Not(part) => match part.evaluate(row, columns) {
                Truth::Match => Truth::NoMatch,
                Truth::NoMatch => Truth::Match,
                Truth::Undetermined => Truth::Undetermined,
            },
        }
    }
}

/// Gathers sets that nothing tells apart.
#[derive(Debug)]
pub struct Partition {
    /// The class of each set.
    pub of: Vec<u32>,
    /// The first set of each class, in the order of the classes.
    pub first: Vec<u32>,
}

impl Partition {
    /// Everything is alike.
    pub fn new(len: usize) -> Self {
        Self { of: vec![0; len], first: if len == 0 { Vec::new() } else { vec![0] } }
    }

    /// Tells apart the sets in `bits` from the others.
    pub fn refine(&mut self, bits: &Bits) {
        const NEW: u32 = u32::MAX;
        let mut split = vec![[NEW; 2]; self.first.len()];
        self.first.clear();
        for (set, class) in self.of.iter_mut().enumerate() {
            let slot = &mut split[*class as usize][usize::from(bits.has(set))];
            if *slot == NEW {
                *slot = u32::try_from(self.first.len()).unwrap_or(NEW);
                self.first.push(u32::try_from(set).unwrap_or(NEW));
            }
            *class = *slot;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::guide::for_each_reachable;

    fn guide() -> shared::snapshot::Guide {
        let text = include_bytes!("../../../shared/editions/2026.json");
        shared::compile::guide(&shared::directory::Directory::from_json(text).unwrap())
    }

    #[test]
    fn the_rows_are_what_visitors_can_reach_in_the_same_order() {
        let guide = guide();
        let sets = Sets::of(&guide.questions).unwrap();
        let mut set = 0;
        let count = for_each_reachable(&guide, &mut |answers| {
            assert_eq!(&sets.answers(set), answers);
            set += 1;
        });
        assert_eq!(usize::try_from(count).unwrap(), sets.len());
        for set in (0..sets.len()).step_by(97) {
            assert_eq!(sets.find(sets.row(set)), Some(set));
        }
    }

    #[test]
    fn a_condition_on_all_sets_is_the_condition_on_each() {
        let guide = guide();
        let sets = Sets::of(&guide.questions).unwrap();
        let conditions = guide
            .rules
            .iter()
            .map(|rule| &rule.when)
            .chain(guide.networks.iter().map(|network| &network.serves))
            .chain(guide.questions.iter().map(|question| &question.ask_if));
        for condition in conditions {
            for condition in [condition.clone(), Condition::Not(Box::new(condition.clone()))] {
                let truths = sets.truths(&condition);
                for set in (0..sets.len()).step_by(31) {
                    let expected = condition.evaluate(&sets.answers(set), &guide.questions);
                    assert_eq!(truths.at(set), expected, "{condition:?} on {:?}", sets.answers(set));
                }
            }
        }
    }

    #[test]
    fn bits_count_and_list_themselves() {
        let mut bits = Bits::none(130);
        for index in [0, 63, 64, 129] {
            bits.put(index);
        }
        assert_eq!(bits.ones().collect::<Vec<_>>(), [0, 63, 64, 129]);
        let mut others = Bits::all(130);
        assert_eq!((bits.count(), others.count(), others.without(&bits).count()), (4, 130, 126));
        assert!(Bits::none(5).is_empty() && Bits::all(128).has(127));
    }

    #[test]
    fn a_partition_tells_apart_what_some_bits_tell_apart() {
        let mut bits = Bits::none(4);
        bits.put(2);
        let mut partition = Partition::new(4);
        partition.refine(&bits);
        assert_eq!((partition.of, partition.first), (vec![0, 0, 1, 0], vec![0, 2]));
    }
}
