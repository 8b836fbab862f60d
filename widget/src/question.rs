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
use wasm_bindgen::JsCast;

/// The nodes of a question, and the one that takes the focus.
pub(crate) fn view(page: &Rc<Page>, screen: &Screen) -> (Vec<El>, El) {
    let Screen::Question { index, number, remaining, can_go_back, chosen, incomplete } = screen else {
        return (Vec::new(), el("p"));
    };
    let question = &page.guide.questions[*index];
    let answers = page.visit.with_untracked(|visit| visit.answers(&page.guide));
    let wording = page.guide.wording(question, &answers);
    let heading = page.told("h2", "heading", wording).part("heading").attr("tabindex", "-1");
    let optional = question.optional.then(|| page.say("span", "", Key::Optional).text(" "));
    let more = question.help.map(|help| page.edition("span", "", help));
    let help = (optional.is_some() || more.is_some())
        .then(|| el("p").class("help").attr("id", "help").maybe(optional.as_ref()).maybe(more.as_ref()));

    // Its press, not the form's submission, which a sandbox without `allow-forms` forbids; the
    // browser presses it when somebody types Enter.
    let go_on = page.say("button", "button primary", Key::GoOn).attr("type", "submit").part("button primary");
    let (field, first) = match &question.kind {
        GuideQuestionKind::Choices(choices) => choice_field(
            page,
            &go_on,
            &question.id,
            choices,
            chosen.as_deref(),
            *incomplete,
            &heading,
            help.as_ref(),
        ),
        GuideQuestionKind::Commune => {
            commune_field::view(page, &go_on, &question.id, chosen.as_deref(), &heading, help.as_ref())
        }
    };
    let actions = el("div").class("actions");
    let actions = if *can_go_back {
        let back = Rc::clone(page);
        actions.child(&button(page.say("button", "button", Key::Back), "button back", move || {
            back.visit.update(|visit| visit.back(&back.guide));
        }))
    } else {
        actions
    };
    let actions = actions.child(&go_on);
    let focus = if *incomplete { first } else { heading };
    let form = el("form").attr("novalidate", "");
    (vec![step(page, *number, *remaining), form.child(&field).child(&actions)], focus)
}

/// Where the visitor is.
fn step(page: &Page, number: usize, remaining: usize) -> El {
    let key = wording::step(remaining);
    let (number, remaining) = (number.to_string(), remaining.to_string());
    let values = [("number", Value::Plain(&number)), ("remaining", Value::Plain(&remaining))];
    page.say_with("p", "step", key, &values)
}

/// Radio buttons, and the sentence that says when none is chosen.
#[expect(clippy::too_many_arguments, reason = "it is the second half of `view`")]
fn choice_field(
    page: &Rc<Page>,
    go_on: &El,
    id: &str,
    choices: &[GuideChoice],
    chosen: Option<&str>,
    incomplete: bool,
    heading: &El,
    help: Option<&El>,
) -> (El, El) {
    let mut inputs: Vec<El> = Vec::with_capacity(choices.len());
    let labels: Vec<El> = choices
        .iter()
        .map(|choice| {
            let input = el("input")
                .attr("type", "radio")
                .attr("name", "choice")
                .attr("value", &choice.id)
                .attr_if(chosen == Some(&choice.id), "checked", "")
                .attr_if(incomplete, "aria-describedby", "error");
            let help = choice.help.map(|help| page.edition("span", "hint", help));
            let words =
                el("span").class("words").child(&page.edition("span", "", choice.text)).maybe(help.as_ref());
            let label = el("label").class("choice").part("choice").child(&input).child(&words);
            inputs.push(input);
            label.maybe(pictogram(choice.pictogram.as_ref()).as_ref())
        })
        .collect();
    let first = inputs[0].clone();

    let submit = Rc::clone(page);
    let question = id.to_owned();
    let _ = go_on.clone().on("click", move |event| {
        event.prevent_default();
        let checked = inputs
            .iter()
            .map(|input| input.element().unchecked_ref::<web_sys::HtmlInputElement>())
            .find(|input| input.checked())
            .map(web_sys::HtmlInputElement::value);
        submit.visit.update(|visit| match checked {
            Some(choice) => visit.answer(&question, choice),
            None => visit.refuse(),
        });
    });
    let error =
        incomplete.then(|| page.say("p", "error", Key::ChooseOne).attr("id", "error").attr("role", "alert"));
    let field = el("fieldset")
        .attr_if(help.is_some(), "aria-describedby", "help")
        .child(&el("legend").child(heading))
        .maybe(help)
        .maybe(error.as_ref())
        .children(labels);
    (field, first)
}
