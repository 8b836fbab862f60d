//! What the liaison sheet says: the cards of the result, and what the visitor adds.
//!
//! Whoever receives the visitor reads French: the sheet may be of another page than the one on
//! the screen. Links and disclosures are not for paper: the style sheets leave them out, and
//! the text that is copied is what can be seen.

use crate::card::Around;
use crate::dom::{El, el, text};
use crate::page::Page;
use crate::result::said_answer;
use crate::speech::Value;
use crate::texts::Key;
use shared::condition::Answers;
use shared::recommend::{Plan, Recommendation};
use shared::snapshot::DepartmentPiece;
use shared::visit::Visit;
use std::rc::Rc;

/// What the result shows, for the sheet to repeat.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) found: Recommendation,
    pub(crate) piece: Rc<DepartmentPiece>,
    /// See [`Around`].
    pub(crate) commune: String,
    pub(crate) name: Option<String>,
    pub(crate) today: String,
    pub(crate) answers: Answers,
    pub(crate) plan: Plan,
}

impl Drawn {
    /// What the sentences of a card depend on.
    pub(crate) fn around<'a>(&'a self, page: &'a Page) -> Around<'a> {
        Around {
            page,
            piece: &self.piece,
            commune: &self.commune,
            name: self.name.as_deref(),
            today: &self.today,
            answers: &self.answers,
            plan: &self.plan,
            found: &self.found,
        }
    }

    /// The sheet of a visit, in the language of a page.
    pub(crate) fn sheet(&self, page: &Page, visit: &Visit) -> Vec<El> {
        let around = self.around(page);
        let date = page.texts.day(Key::LiaisonDate, &self.today);
        let mut nodes = vec![
            page.say("h3", "", Key::LiaisonTitle),
            page.say_with("p", "", Key::LiaisonDate, &[("date", Value::Plain(&date))]),
            page.say("h4", "", Key::LiaisonPlace),
            around.on_paper(&self.found.main),
        ];
        if let Some(reception) = &self.found.reception {
            nodes.push(page.say("h4", "", Key::Reception));
            nodes.push(around.on_paper(reception));
        }
        if visit.sheet.with_answers {
            nodes.push(page.say("h4", "", Key::LiaisonAnswers));
            for (index, choice) in visit.answered(&page.guide) {
                let question = &page.guide.questions[index];
                if visit.sheet.shows(question) {
                    nodes.push(page.told("p", "", page.guide.wording(question, &self.answers)));
                    nodes.push(el("p").child(&said_answer(page, question, &choice)));
                }
            }
        }
        nodes.push(page.say("h4", "", Key::LiaisonMyWords));
        if visit.sheet.words.trim().is_empty() {
            // Room to write on paper.
            nodes.push(el("div").class("room").children((0..6).map(|_| el("div")).collect()));
        } else {
            nodes.extend(visit.sheet.words.lines().map(|line| text("p", "", line).attr("dir", "auto")));
        }
        nodes
    }
}
