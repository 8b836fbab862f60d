//! The liaison sheet: what the visitor can print and take along. Answers are on it only if the
//! visitor says so, one by one. What they write themselves is in no form: it is not sent.

use super::card::Around;
use super::code::code;
use super::form::SHOW;
use super::page::{Page, Screen};
use maud::{Markup, html};
use shared::directory::MAIN_LANGUAGE;
use shared::recommend::{Recommendation, Target};
use shared::speech::Value;
use shared::texts::Key;

/// The field that asks for a sheet in French, for whoever receives the visitor.
pub(super) const IN_FRENCH: &str = "in-french";

/// What the sheet is made of.
pub(super) struct Sheet<'a> {
    pub(super) around: &'a Around<'a>,
    pub(super) found: &'a Recommendation,
    /// The name of the visitor's commune.
    pub(super) commune: Option<&'a str>,
    /// The questions whose answers are on it.
    pub(super) shown: &'a [&'a str],
    /// The page in French, where the sheet is to be.
    pub(super) french: Option<&'a Page<'a>>,
}

impl Page<'_> {
    /// The sheet, with what the visitor can put on it.
    pub(super) fn sheet(&self, sheet: &Sheet<'_>) -> Screen {
        let voice = &self.voice;
        let body = html! {
            h2.heading { (voice.say(Key::LiaisonTitle)) }
            div.result {
                p { (voice.say(Key::PageSheetIntro)) }
                (self.choices_of_sheet(sheet))
                (sheet.french.unwrap_or(self).paper(sheet))
                p.help.screen-only { (voice.say(Key::PagePrint)) }
            }
            div.actions {
                button.button form="go" name="go" value="result" { (voice.say(Key::PageToResult)) }
                (self.restart())
            }
        };
        Screen { title: voice.texts.bare(Key::LiaisonTitle).to_owned(), is_error: false, body }
    }

    /// Which answers are on the sheet, and in which language it is.
    fn choices_of_sheet(&self, sheet: &Sheet<'_>) -> Markup {
        let (voice, guide) = (&self.voice, self.voice.guide);
        html! {
            form.card.screen-only method="post" action="/" {
                (self.hidden())
                fieldset.ticks {
                    legend { (voice.say(Key::LiaisonChoose)) }
                    @for (index, _) in self.visit.answered(guide) {
                        @let question = &guide.questions[index];
                        label.tick {
                            input type="checkbox" name=(SHOW) value=(question.id)
                                checked[sheet.shown.contains(&question.id.as_str())];
                            span { (voice.told(self.wording(question))) }
                        }
                    }
                }
                @if guide.language() != MAIN_LANGUAGE {
                    label.tick {
                        input type="checkbox" name=(IN_FRENCH) value="1" checked[sheet.french.is_some()];
                        span { (voice.say(Key::LiaisonInFrench)) }
                    }
                }
                div.actions {
                    button.button name="go" value="sheet" { (voice.say(Key::PageAddAnswers)) }
                }
            }
        }
    }

    fn paper(&self, sheet: &Sheet<'_>) -> Markup {
        let (voice, guide) = (&self.voice, self.voice.guide);
        let around = sheet.around.said_by(voice);
        let date = voice.texts.day(Key::LiaisonDate, around.today);
        html! {
            div.sheet lang=(guide.language()) dir=(voice.direction()) {
                p { (voice.say_with(Key::LiaisonDate, &[("date", Value::Plain(&date))])) }
                h3 { (voice.say(Key::LiaisonPlace)) }
                (around.on_paper(&sheet.found.main))
                @if let Target::Place(chosen) = sheet.found.main.target {
                    figure {
                        (code(&around.piece.places[chosen.place], voice.texts.bare(Key::PageCodeName)))
                        figcaption.hint { (voice.say(Key::PageCode)) }
                    }
                }
                @if let Some(reception) = &sheet.found.reception {
                    h3 { (voice.say(Key::Reception)) }
                    (around.on_paper(reception))
                }
                (self.answers_on_paper(sheet))
                h3 id="words" { (voice.say(Key::LiaisonMyWords)) }
                p.help.screen-only id="words-help" { (voice.say(Key::PageWordsHelp)) }
                textarea rows="8" aria-labelledby="words" aria-describedby="words-help"
                    spellcheck="false" autocomplete="off" {}
            }
        }
    }

    fn answers_on_paper(&self, sheet: &Sheet<'_>) -> Markup {
        let (voice, guide) = (&self.voice, self.voice.guide);
        let answered = self.visit.answered(guide);
        let shown = || {
            answered
                .iter()
                .map(|(index, choice)| (&guide.questions[*index], choice))
                .filter(|(question, _)| sheet.shown.contains(&question.id.as_str()))
        };
        html! {
            @if shown().next().is_some() {
                h3 { (voice.say(Key::LiaisonAnswers)) }
                ul.answers {
                    @for (question, choice) in shown() {
                        li {
                            span.asked { (voice.told(self.wording(question))) } " "
                            strong { (self.said_answer(question, choice, sheet.commune)) }
                        }
                    }
                }
            }
        }
    }
}
