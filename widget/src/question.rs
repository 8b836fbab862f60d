//! A question with its choices.

use crate::commune_field;
use crate::dom::{El, button, el, pictogram};
use crate::page::Page;
use crate::speech::Value;
use crate::texts::Key;
use reactive_graph::traits::{Update, WithUntracked};
use shared::decision::{GuideChoice, GuideQuestionKind};
use shared::visit::Screen;
use shared::wording;
use std::rc::Rc;

/// The nodes of a question, and the one that takes the focus.
pub(crate) fn view(page: &Rc<Page>, screen: &Screen) -> (Vec<El>, El) {
    let Screen::Question { index, number, remaining, can_go_back, chosen } = screen else {
        return (Vec::new(), el("p"));
    };
    let question = &page.guide.questions[*index];
    let answers = page.visit.with_untracked(|visit| visit.answers(&page.guide));
    let wording = page.guide.wording(question, &answers);
    let heading =
        page.told("h2", "heading", wording).part("heading").attr("id", "question").attr("tabindex", "-1");
    let optional = question.optional.then(|| page.say("span", "", Key::Optional).text(" "));
    let more = question.help.map(|help| page.edition("span", "", help));
    let help = (optional.is_some() || more.is_some())
        .then(|| el("p").class("help").attr("id", "help").maybe(optional.as_ref()).maybe(more.as_ref()));

    let (field, go_on) = match &question.kind {
        GuideQuestionKind::Choices(choices) => {
            let list = choice_list(page, &question.id, choices, chosen.as_deref(), help.is_some());
            (el("div").child(&heading).maybe(help.as_ref()).child(&list), None)
        }
        GuideQuestionKind::Commune => {
            // Its press, not the form's submission, which a sandbox without `allow-forms` forbids;
            // the browser presses it when somebody types Enter.
            let go_on =
                page.say("button", "button primary", Key::GoOn).attr("type", "submit").part("button primary");
            let field =
                commune_field::view(page, &go_on, &question.id, chosen.as_deref(), &heading, help.as_ref());
            (el("form").attr("novalidate", "").child(&field), Some(go_on))
        }
    };
    let back = can_go_back.then(|| {
        let back = Rc::clone(page);
        button(page.say("button", "button", Key::Back), "button back", move || {
            back.visit.update(|visit| visit.back(&back.guide));
        })
    });
    let actions = (back.is_some() || go_on.is_some())
        .then(|| el("div").class("actions").maybe(back.as_ref()).maybe(go_on.as_ref()));
    (vec![step(page, *number, *remaining), field.maybe(actions.as_ref())], heading)
}

/// Where the visitor is.
fn step(page: &Page, number: usize, remaining: usize) -> El {
    let key = wording::step(remaining);
    let (number, remaining) = (number.to_string(), remaining.to_string());
    let values = [("number", Value::Plain(&number)), ("remaining", Value::Plain(&remaining))];
    page.say_with("p", "step", key, &values)
}

/// The answers, each a button that goes on; what was answered before is marked. `described` says
/// whether something helps to answer.
fn choice_list(
    page: &Rc<Page>,
    id: &str,
    choices: &[GuideChoice],
    chosen: Option<&str>,
    described: bool,
) -> El {
    let lines = choices
        .iter()
        .map(|choice| {
            let help = choice.help.map(|help| page.edition("span", "hint", help));
            let words =
                el("span").class("words").child(&page.edition("span", "", choice.text)).maybe(help.as_ref());
            let answer = el("button")
                .class("choice")
                .attr("value", &choice.id)
                .attr_if(chosen == Some(&choice.id), "aria-current", "true")
                .child(&words)
                .maybe(pictogram(choice.pictogram.as_ref()).as_ref());
            let (page, question, choice) = (Rc::clone(page), id.to_owned(), choice.id.clone());
            el("li").child(&button(answer, "choice", move || {
                page.visit.update(|visit| visit.answer(&question, choice.clone()));
            }))
        })
        .collect();
    // Safari takes a list without bullets for none, unless it is said.
    el("ul")
        .class("choices")
        .attr("role", "list")
        .attr("aria-labelledby", "question")
        .attr_if(described, "aria-describedby", "help")
        .children(lines)
}
