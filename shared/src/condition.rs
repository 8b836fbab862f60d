//! The closed vocabulary of conditions, and their three-valued evaluation.
//!
//! A condition speaks of answers only. It cannot call anything, compare texts or look up
//! a name at run time: what an edition can say is what [`Condition`] lists, so that a
//! directory can be analysed before anybody meets it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a visitor answered: question id → choice id. Questions that were not asked, or
/// not answered yet, are absent.
///
/// A sorted list with the interface of a map: there are a dozen answers, and the code of a
/// balanced tree is 2 KB of every visitor's download.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct Answers(Vec<(String, String)>);

impl Answers {
    /// No answer.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    fn position(&self, question: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(id, _)| id.as_str().cmp(question))
    }

    /// The choice made for a question.
    pub fn get(&self, question: &str) -> Option<&String> {
        self.position(question).ok().map(|index| &self.0[index].1)
    }

    /// Whether a question is answered.
    pub fn contains_key(&self, question: &str) -> bool {
        self.position(question).is_ok()
    }

    /// Answers a question, or answers it differently.
    pub fn insert(&mut self, question: String, choice: String) {
        match self.position(&question) {
            Ok(index) => self.0[index].1 = choice,
            Err(index) => self.0.insert(index, (question, choice)),
        }
    }

    /// Takes an answer back.
    pub fn remove(&mut self, question: &str) {
        if let Ok(index) = self.position(question) {
            self.0.remove(index);
        }
    }

    /// Takes every answer back.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The answers, by question id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(question, choice)| (question.as_str(), choice.as_str()))
    }
}

impl FromIterator<(String, String)> for Answers {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        let mut answers = Self::new();
        for (question, choice) in pairs {
            answers.insert(question, choice);
        }
        answers
    }
}

impl From<BTreeMap<String, String>> for Answers {
    fn from(map: BTreeMap<String, String>) -> Self {
        Self(map.into_iter().collect())
    }
}

impl From<Answers> for BTreeMap<String, String> {
    fn from(answers: Answers) -> Self {
        answers.0.into_iter().collect()
    }
}

/// A condition on the answers, as an edition writes it.
///
/// ```
/// use shared::condition::Condition;
/// let young: Condition =
///     serde_json::from_str(r#"{"answer": {"question": "age", "is": ["16-17", "18-25"]}}"#).unwrap();
/// let not_a_pupil: Condition =
///     serde_json::from_str(r#"{"not": {"answer": {"question": "situation", "is": ["pupil"]}}}"#).unwrap();
/// let both = Condition::All(vec![young, not_a_pupil]);
/// # let _ = both;
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// Holds for everybody.
    #[default]
    Always,
    /// Holds when the answer to one question is one of these choices.
    Answer(AnswerIs),
    /// Holds when every part holds.
    All(Vec<Condition>),
    /// Holds when at least one part holds.
    Any(Vec<Condition>),
    /// Holds when the part does not.
    Not(Box<Condition>),
}

/// The answer to `question` is one of the choices in `is`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerIs {
    /// The id of a question that comes earlier in the edition.
    pub question: String,
    /// Ids of choices of that question.
    pub is: Vec<String>,
}

/// What a condition comes to for somebody (Kleene's three values).
///
/// There is no conversion to `bool`: unknown is a value, and whoever wants to treat it as
/// one of the other two has to write which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Truth {
    /// It holds, whatever the missing answers are.
    Match,
    /// It does not hold, whatever the missing answers are.
    NoMatch,
    /// It depends on an answer that is missing, or that the visitor kept for themselves.
    Undetermined,
}

/// Tells which choices stand for "I do not know" or "I prefer not to say".
pub trait UnknownChoices {
    /// Whether this choice of this question is such an answer.
    fn is_unknown(&self, question: &str, choice: &str) -> bool;
}

impl Condition {
    /// One that holds for nobody.
    pub const fn never() -> Self {
        Self::Any(Vec::new())
    }

    /// Evaluates the condition.
    ///
    /// An answer that is missing, or that is one of the unknown choices, leaves the
    /// condition undetermined, except where the condition names that choice itself.
    pub fn evaluate(&self, answers: &Answers, unknown: &dyn UnknownChoices) -> Truth {
        match self {
            Self::Always => Truth::Match,
            Self::Answer(AnswerIs { question, is }) => match answers.get(question) {
                None => Truth::Undetermined,
                Some(choice) if is.contains(choice) => Truth::Match,
                Some(choice) if unknown.is_unknown(question, choice) => Truth::Undetermined,
                Some(_) => Truth::NoMatch,
            },
            Self::All(parts) => fold(parts, answers, unknown, Truth::NoMatch, Truth::Match),
            Self::Any(parts) => fold(parts, answers, unknown, Truth::Match, Truth::NoMatch),
            Self::Not(part) => match part.evaluate(answers, unknown) {
                Truth::Match => Truth::NoMatch,
                Truth::NoMatch => Truth::Match,
                Truth::Undetermined => Truth::Undetermined,
            },
        }
    }

    /// Calls `visit` for every test of an answer in this condition.
    pub fn for_each_answer(&self, visit: &mut dyn FnMut(&AnswerIs)) {
        match self {
            Self::Always => {}
            Self::Answer(test) => visit(test),
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.for_each_answer(visit);
                }
            }
            Self::Not(part) => part.for_each_answer(visit),
        }
    }

    /// The questions this condition depends on, each once, in the order they are met.
    pub fn questions(&self) -> Vec<&str> {
        fn collect<'a>(condition: &'a Condition, into: &mut Vec<&'a str>) {
            match condition {
                Condition::Always => {}
                Condition::Answer(test) => {
                    if !into.contains(&test.question.as_str()) {
                        into.push(&test.question);
                    }
                }
                Condition::All(parts) | Condition::Any(parts) => {
                    for part in parts {
                        collect(part, into);
                    }
                }
                Condition::Not(part) => collect(part, into),
            }
        }
        let mut questions = Vec::new();
        collect(self, &mut questions);
        questions
    }
}

/// Kleene's conjunction and disjunction: `decisive` settles the whole, otherwise one
/// undetermined part leaves it undetermined, otherwise it is `neutral`.
fn fold(
    parts: &[Condition],
    answers: &Answers,
    unknown: &dyn UnknownChoices,
    decisive: Truth,
    neutral: Truth,
) -> Truth {
    let mut result = neutral;
    for part in parts {
        match part.evaluate(answers, unknown) {
            truth if truth == decisive => return decisive,
            Truth::Undetermined => result = Truth::Undetermined,
            _ => {}
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Unsaid;
    impl UnknownChoices for Unsaid {
        fn is_unknown(&self, _: &str, choice: &str) -> bool {
            choice == "unsaid"
        }
    }

    fn check(condition: &str, answers: &[(&str, &str)], expect: Truth) {
        let condition: Condition = serde_json::from_str(condition).unwrap();
        let answers = answers.iter().map(|(q, c)| ((*q).into(), (*c).into())).collect();
        assert_eq!(condition.evaluate(&answers, &Unsaid), expect, "{condition:?} on {answers:?}");
    }

    const YOUNG: &str = r#"{"answer": {"question": "age", "is": ["16-25"]}}"#;

    #[test]
    fn a_missing_or_unsaid_answer_is_never_true_nor_false() {
        check(YOUNG, &[("age", "16-25")], Truth::Match);
        check(YOUNG, &[("age", "30")], Truth::NoMatch);
        check(YOUNG, &[], Truth::Undetermined);
        check(YOUNG, &[("age", "unsaid")], Truth::Undetermined);
        check(&format!(r#"{{"not": {YOUNG}}}"#), &[], Truth::Undetermined);
        check(&format!(r#"{{"not": {YOUNG}}}"#), &[("age", "unsaid")], Truth::Undetermined);
    }

    #[test]
    fn a_condition_may_name_the_unsaid_choice() {
        let unsaid = r#"{"answer": {"question": "age", "is": ["unsaid"]}}"#;
        check(unsaid, &[("age", "unsaid")], Truth::Match);
        check(unsaid, &[("age", "30")], Truth::NoMatch);
    }

    #[test]
    fn one_decisive_part_settles_all_and_any() {
        let pupil = r#"{"answer": {"question": "situation", "is": ["pupil"]}}"#;
        let all = format!(r#"{{"all": [{YOUNG}, {pupil}]}}"#);
        let any = format!(r#"{{"any": [{YOUNG}, {pupil}]}}"#);
        check(&all, &[("situation", "work")], Truth::NoMatch);
        check(&all, &[("situation", "pupil")], Truth::Undetermined);
        check(&all, &[("situation", "pupil"), ("age", "16-25")], Truth::Match);
        check(&any, &[("situation", "pupil")], Truth::Match);
        check(&any, &[("situation", "work")], Truth::Undetermined);
        check(&any, &[("situation", "work"), ("age", "30")], Truth::NoMatch);
        check(r#""always""#, &[], Truth::Match);
    }

    #[test]
    fn an_unknown_operator_is_refused() {
        assert!(serde_json::from_str::<Condition>(r#"{"older_than": 26}"#).is_err());
        assert!(
            serde_json::from_str::<Condition>(r#"{"answer": {"question": "a", "is": [], "x": 1}}"#).is_err()
        );
    }
}
