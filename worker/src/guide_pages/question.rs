//! A question with its choices.

use super::card::pictogram;
use super::page::{Page, Screen};
use maud::{Markup, html};
use shared::decision::{GuideChoice, GuideQuestion, GuideQuestionKind};
use shared::speech::Value;
use shared::texts::Key;
use shared::visit;
use shared::wording;

/// Where the visitor is among the questions.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) index: usize,
    pub(super) number: usize,
    pub(super) remaining: usize,
    pub(super) can_go_back: bool,
    pub(super) chosen: Option<String>,
}

impl Step {
    /// The question that a visit is at, if it is at one.
    pub(super) fn of(screen: visit::Screen) -> Option<Self> {
        match screen {
            visit::Screen::Question { index, number, remaining, can_go_back, chosen } => {
                Some(Self { index, number, remaining, can_go_back, chosen })
            }
            visit::Screen::Result(_) => None,
        }
    }
}

impl Page<'_> {
    /// A question with a choice among a few, each a button that goes on.
    pub(super) fn choices(&self, step: &Step, choices: &[GuideChoice]) -> Screen {
        let (voice, question) = (&self.voice, &self.voice.guide.questions[step.index]);
        let field = html! {
            h2.heading id="question" { (voice.told(self.wording(question))) }
            (self.help(question))
            ul.choices role="list" aria-labelledby="question"
                aria-describedby=[has_help(question).then_some("help")] {
                @for choice in choices {
                    li {
                        button.choice name="choice" value=(choice.id)
                            aria-current=[(step.chosen.as_ref() == Some(&choice.id)).then_some("true")] {
                            span.words {
                                span { (voice.edition(choice.text)) }
                                @if let Some(help) = choice.help { span.hint { (voice.edition(help)) } }
                            }
                            (pictogram(choice.pictogram.as_ref()))
                        }
                    }
                }
            }
        };
        self.asking(step, &field, false)
    }

    /// The question around its field; `goes_on` where what was typed waits for « Continuer ».
    pub(super) fn asking(&self, step: &Step, field: &Markup, goes_on: bool) -> Screen {
        let voice = &self.voice;
        let (number, remaining) = (step.number.to_string(), step.remaining.to_string());
        let values = [("number", Value::Plain(&number)), ("remaining", Value::Plain(&remaining))];
        let body = html! {
            p.step { (voice.say_with(wording::step(step.remaining), &values)) }
            form method="post" action="/" {
                (self.hidden())
                (field)
                @if step.can_go_back || goes_on {
                    div.actions {
                        @if step.can_go_back { (self.back()) }
                        @if goes_on { button.button.primary { (voice.say(Key::GoOn)) } }
                    }
                }
            }
        };
        let title = self.wording(&voice.guide.questions[step.index]).to_owned();
        Screen { title, is_error: false, body }
    }

    /// The question in the words for these answers.
    pub(super) fn wording(&self, question: &GuideQuestion) -> &str {
        let guide = self.voice.guide;
        guide.wording(question, &self.visit.answers(guide))
    }

    /// What helps to answer.
    pub(super) fn help(&self, question: &GuideQuestion) -> Markup {
        let voice = &self.voice;
        html! {
            @if has_help(question) {
                p.help id="help" {
                    @if question.optional { (voice.say(Key::Optional)) " " }
                    @if let Some(help) = question.help { (voice.edition(help)) }
                }
            }
        }
    }

    /// An answer, in the words of its question. `commune` is the name of the visitor's.
    pub(super) fn said_answer(
        &self,
        question: &GuideQuestion,
        choice: &str,
        commune: Option<&str>,
    ) -> Markup {
        let voice = &self.voice;
        match &question.kind {
            GuideQuestionKind::Choices(choices) => {
                let known = choices.iter().find(|candidate| candidate.id == choice);
                voice.told(known.map_or(choice, |choice| voice.guide.text(choice.text)))
            }
            GuideQuestionKind::Commune if choice == visit::OUTSIDE => voice.say(Key::Outside),
            GuideQuestionKind::Commune => voice.name(commune.unwrap_or(choice)),
        }
    }
}

/// Whether something below the question helps to answer it.
pub(super) const fn has_help(question: &GuideQuestion) -> bool {
    question.optional || question.help.is_some()
}
