//! What a visitor has done so far: a plain value, tested without a browser.

use crate::condition::Answers;
use crate::decision::{Guide, GuideQuestion, GuideQuestionKind};
use crate::geography::Position;
use crate::guide::walk;
use crate::snapshot::{CommunePoint, DepartmentPiece, PIECE_FORMAT};

/// Stands for "my commune is not in the list" among the answers.
pub const OUTSIDE: &str = "-";

/// A department without places, for who lives elsewhere: what is left is whatever can be
/// reached from anywhere. Its only commune is [`OUTSIDE`].
pub fn nowhere() -> DepartmentPiece {
    let position = Position { latitude: 0.0, longitude: 0.0, approximate: true };
    let commune = CommunePoint {
        code: OUTSIDE.to_owned(),
        position,
        city: None,
        intercommunality: None,
        territory: None,
    };
    let (communes, places) = (vec![commune], Vec::new());
    DepartmentPiece { format: PIECE_FORMAT, code: String::new(), partial: Vec::new(), communes, places }
}

/// The answers given so far, and where the visitor is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The id of the guide's commune question.
    commune: String,
    given: Answers,
    /// The question the visitor went back to.
    asking: Option<String>,
    /// What the host page proposed as a commune.
    proposed: Option<String>,
    /// What the visitor takes along.
    pub sheet: Sheet,
}

/// What a visitor wants on the liaison sheet. It stays in the page, as the answers do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// « Ce que je veux dire ».
    pub words: String,
    /// The visitor asked for the answers.
    pub with_answers: bool,
    /// Ids of the questions for which the visitor wants the other way round.
    toggled: Vec<String>,
}

impl Sheet {
    /// Whether the answer to a question is on the sheet, where the answers are. One to an
    /// optional question, such as a disability, is only where it was asked for by itself.
    pub fn shows(&self, question: &GuideQuestion) -> bool {
        question.optional == self.toggled.contains(&question.id)
    }

    /// Takes the answer to a question off the sheet, or puts it back.
    pub fn toggle(&mut self, question: &str) {
        match self.toggled.iter().position(|id| id == question) {
            Some(index) => drop(self.toggled.remove(index)),
            None => self.toggled.push(question.to_owned()),
        }
    }
}

/// What is on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Screen {
    /// A question.
    Question {
        /// Its index in the guide.
        index: usize,
        /// Its number for the visitor, from 1.
        number: usize,
        /// How many may still come after it, at most.
        remaining: usize,
        /// Whether there is a question to go back to.
        can_go_back: bool,
        /// The choice made before, if any.
        chosen: Option<String>,
    },
    /// The recommendation for these answers.
    Result(Answers),
}

impl Visit {
    /// A visit that begins.
    pub fn new(guide: &Guide) -> Self {
        let commune = guide.questions.iter().find(|question| question.kind == GuideQuestionKind::Commune);
        Self {
            commune: commune.map(|question| question.id.clone()).unwrap_or_default(),
            given: Answers::new(),
            asking: None,
            proposed: None,
            sheet: Sheet::default(),
        }
    }

    /// The commune that was answered, [`OUTSIDE`] included.
    pub fn commune<'a>(&self, answers: &'a Answers) -> &'a str {
        answers.get(&self.commune).map_or(OUTSIDE, String::as_str)
    }

    /// Where the visitor is.
    pub fn screen(&self, guide: &Guide) -> Screen {
        let walk = walk(guide, &self.given);
        let asked =
            self.asking.as_ref().and_then(|id| walk.answered.iter().position(|question| question.id == *id));
        let (number, question) = match (asked, walk.next) {
            (Some(position), _) => (position, walk.answered[position]),
            (None, Some(next)) => (walk.answered.len(), next),
            (None, None) => return Screen::Result(walk.answers),
        };
        let index =
            guide.questions.iter().position(|candidate| candidate.id == question.id).unwrap_or_default();
        Screen::Question {
            index,
            number: number + 1,
            remaining: match asked {
                Some(position) => walk.answered.len() - position - 1 + walk.remaining,
                None => walk.remaining - 1,
            },
            can_go_back: number > 0,
            chosen: self.given.get(&question.id).cloned(),
        }
    }

    /// Everything that was answered, whether it counts now or not: question id, choice.
    pub fn given(&self) -> impl Iterator<Item = (&str, &str)> {
        self.given.iter()
    }

    /// The answers that count.
    pub fn answers(&self, guide: &Guide) -> Answers {
        walk(guide, &self.given).answers
    }

    /// The questions that apply and are answered, as (index in the guide, choice).
    pub fn answered(&self, guide: &Guide) -> Vec<(usize, String)> {
        let walk = walk(guide, &self.given);
        guide
            .questions
            .iter()
            .enumerate()
            .filter_map(|(index, question)| Some((index, walk.answers.get(&question.id)?.clone())))
            .collect()
    }

    /// Answers a question and goes on to the first one that has no answer. Later answers stay.
    pub fn answer(&mut self, question: &str, choice: String) {
        self.given.insert(question.to_owned(), choice);
        self.asking = None;
    }

    /// Goes back to the question before this one.
    pub fn back(&mut self, guide: &Guide) {
        let answered = walk(guide, &self.given).answered;
        let before = match &self.asking {
            Some(id) => answered.iter().position(|question| question.id == *id).unwrap_or(answered.len()),
            None => answered.len(),
        };
        self.asking = before.checked_sub(1).map(|index| answered[index].id.clone());
    }

    /// Goes to a question that was answered already.
    pub fn change(&mut self, question: &str) {
        self.asking = Some(question.to_owned());
    }

    /// Forgets everything but what the host page proposed.
    pub fn restart(&mut self) {
        self.given.clear();
        self.sheet = Sheet::default();
        self.asking = None;
        let proposed = self.proposed.take();
        self.prefill_answer(proposed);
    }

    /// Takes the host page's commune, unless the visitor chose one.
    pub fn prefill(&mut self, commune: Option<&str>) {
        if self.proposed.as_deref() == commune {
            return;
        }
        if self.given.get(&self.commune) == self.proposed.as_ref() {
            self.given.remove(&self.commune);
            self.prefill_answer(commune.map(str::to_owned));
        } else {
            self.proposed = commune.map(str::to_owned);
        }
    }

    fn prefill_answer(&mut self, commune: Option<String>) {
        if let Some(commune) = &commune
            && !self.given.contains_key(&self.commune)
        {
            self.given.insert(self.commune.clone(), commune.clone());
        }
        self.proposed = commune;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::guide;
    use crate::directory::Directory;

    fn shipped() -> Guide {
        guide(&Directory::from_json(include_bytes!("../editions/2026.json")).unwrap())
    }

    fn question(visit: &Visit, guide: &Guide) -> String {
        match visit.screen(guide) {
            Screen::Question { index, .. } => guide.questions[index].id.clone(),
            Screen::Result(_) => "result".to_owned(),
        }
    }

    fn play(guide: &Guide, steps: &[(&str, &str)]) -> Visit {
        let mut visit = Visit::new(guide);
        for (id, choice) in steps {
            assert_eq!(question(&visit, guide), *id);
            visit.answer(id, (*choice).to_owned());
        }
        visit
    }

    const PUPIL: &[(&str, &str)] = &[
        ("situation", "pupil"),
        ("track", "school"),
        ("studies", "choose"),
        ("for-whom", "me"),
        ("commune", "26281"),
    ];

    #[test]
    fn going_back_and_changing_an_answer_keeps_the_later_ones() {
        let guide = shipped();
        let mut visit = play(&guide, PUPIL);
        assert_eq!(question(&visit, &guide), "result");
        visit.change("track");
        assert_eq!(question(&visit, &guide), "track");
        visit.answer("track", "unsaid".to_owned());
        assert_eq!(question(&visit, &guide), "result");
        assert_eq!(visit.answers(&guide).get("commune").unwrap(), "26281");
    }

    #[test]
    fn an_answer_that_no_longer_applies_is_set_aside_and_comes_back() {
        let guide = shipped();
        let mut visit = play(&guide, &[("situation", "employed"), ("sector", "public")]);
        visit.change("situation");
        visit.answer("situation", "retired".to_owned());
        assert!(!visit.answers(&guide).contains_key("sector"));
        visit.change("situation");
        visit.answer("situation", "employed".to_owned());
        assert_eq!(visit.answers(&guide).get("sector").unwrap(), "public");
    }

    #[test]
    fn back_goes_one_question_at_a_time_to_the_first() {
        let guide = shipped();
        let mut visit = play(&guide, PUPIL);
        for expected in ["commune", "for-whom", "studies", "track", "situation"] {
            visit.back(&guide);
            assert_eq!(question(&visit, &guide), expected);
        }
        assert!(matches!(visit.screen(&guide), Screen::Question { can_go_back: false, number: 1, .. }));
    }

    #[test]
    fn a_visit_goes_on_with_another_guide() {
        let guide = shipped();
        let mut visit = play(&guide, PUPIL);
        visit.change("for-whom");
        // The next publication no longer asks this.
        let mut other = guide.clone();
        other.questions.retain(|question| question.id != "for-whom");
        assert_eq!(question(&visit, &other), "result");
        assert_eq!(question(&visit, &guide), "for-whom");
    }

    #[test]
    fn the_number_of_questions_left_never_grows() {
        let guide = shipped();
        let mut visit = Visit::new(&guide);
        let mut before = usize::MAX;
        while let Screen::Question { index, remaining, .. } = visit.screen(&guide) {
            assert!(remaining < before, "{}: {remaining} after {before}", guide.questions[index].id);
            before = remaining;
            let choice = match &guide.questions[index].kind {
                GuideQuestionKind::Choices(choices) => choices[0].id.clone(),
                GuideQuestionKind::Commune => "26281".to_owned(),
            };
            visit.answer(&guide.questions[index].id.clone(), choice);
        }
    }

    #[test]
    fn the_hosts_commune_is_an_answer_until_the_visitor_gives_another() {
        let guide = shipped();
        let mut visit = Visit::new(&guide);
        visit.prefill(Some("26281"));
        visit.answer("situation", "retired".to_owned());
        visit.answer("goal", "review".to_owned());
        assert_eq!(question(&visit, &guide), "result");
        visit.answer("commune", "07186".to_owned());
        visit.prefill(Some("38185"));
        assert_eq!(visit.answers(&guide).get("commune").unwrap(), "07186");
        visit.restart();
        assert_eq!(question(&visit, &guide), "situation");
        visit.prefill(None);
        visit.answer("situation", "retired".to_owned());
        visit.answer("goal", "review".to_owned());
        assert_eq!(question(&visit, &guide), "commune");
    }
}
