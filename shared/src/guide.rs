//! Walking through the questions.
//!
//! Answers are kept by question id and the path is replayed from them each time. Changing
//! an early answer therefore keeps the later ones: those that no longer apply are set
//! aside, and count again if they come to apply again.

use crate::condition::{Answers, Truth};
use crate::decision::{Guide, GuideQuestion, GuideQuestionKind, TextSlot};

/// Where a visitor stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk<'a> {
    /// The questions that apply and are answered, in order.
    pub answered: Vec<&'a GuideQuestion>,
    /// The question to ask now; `None` when all that apply are answered.
    pub next: Option<&'a GuideQuestion>,
    /// The answers that count: only those of [`Self::answered`].
    pub answers: Answers,
    /// How many questions may still come at most, the next one included.
    pub remaining: usize,
}

/// Replays the answers.
///
/// A question is asked only when its condition holds: where it depends on an answer that
/// the visitor kept for themselves, it is skipped. An answer that is not one of the
/// question's choices is taken as not given. The commune counts as any other answer here;
/// whether it exists is for whoever has the communes.
pub fn walk<'a>(guide: &'a Guide, given: &Answers) -> Walk<'a> {
    let mut walk = Walk { answered: Vec::new(), next: None, answers: Answers::new(), remaining: 0 };
    for question in &guide.questions {
        match question.ask_if.evaluate(&walk.answers, &guide.questions) {
            Truth::Match => {}
            // Before the next question, what is undetermined is skipped for good; after it,
            // it may still come.
            Truth::Undetermined if walk.next.is_some() => {
                walk.remaining += 1;
                continue;
            }
            Truth::Undetermined | Truth::NoMatch => continue,
        }
        let answer = given.get(&question.id).filter(|answer| question.accepts(answer));
        match (answer, walk.next) {
            (Some(answer), None) => {
                walk.answers.insert(question.id.clone(), answer.clone());
                walk.answered.push(question);
            }
            (None, None) => {
                walk.next = Some(question);
                walk.remaining += 1;
            }
            (_, Some(_)) => walk.remaining += 1,
        }
    }
    walk
}

impl GuideQuestion {
    /// The question's wording for these answers.
    pub fn wording(&self, guide: &Guide, answers: &Answers) -> TextSlot {
        self.variants
            .iter()
            .find(|variant| variant.when.evaluate(answers, &guide.questions) == Truth::Match)
            .map_or(self.text, |variant| variant.text)
    }
}

/// Calls `visit` with every complete set of answers that a visitor can reach, without the
/// commune, and returns how many there are.
pub fn for_each_reachable(guide: &Guide, visit: &mut dyn FnMut(&Answers)) -> u64 {
    fn step(guide: &Guide, given: &mut Answers, visit: &mut dyn FnMut(&Answers)) -> u64 {
        let walk = walk(guide, given);
        let Some(question) = walk.next else {
            let mut answers = walk.answers;
            for question in
                guide.questions.iter().filter(|question| question.kind == GuideQuestionKind::Commune)
            {
                answers.remove(&question.id);
            }
            visit(&answers);
            return 1;
        };
        let answers: Vec<String> = match &question.kind {
            GuideQuestionKind::Choices(choices) => choices.iter().map(|choice| choice.id.clone()).collect(),
            GuideQuestionKind::Commune => vec!["?".to_owned()],
        };
        let id = question.id.clone();
        let mut count = 0;
        for answer in answers {
            given.insert(id.clone(), answer);
            count += step(guide, given, visit);
        }
        given.remove(&id);
        count
    }
    step(guide, &mut Answers::new(), visit)
}
