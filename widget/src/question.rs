//! A question with its choices.

use crate::commune_field;
use crate::dom::{El, button, el, text};
use crate::page::Page;
use crate::visit::Screen;
use leptos::prelude::{Update, WithUntracked};
use shared::directory::{Choice, QuestionKind};
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// The nodes of a question, and the one that takes the focus.
pub(crate) fn view(page: &Rc<Page>, screen: &Screen) -> (Vec<El>, El) {
    let Screen::Question { index, number, remaining, can_go_back, chosen, incomplete } = screen else {
        return (Vec::new(), el("p"));
    };
    let texts = page.texts;
    let question = &page.guide.questions[*index];
    let answers = page.visit.with_untracked(|visit| visit.answers(&page.guide));
    let heading =
        text("h2", "heading", question.wording(&page.guide, &answers)).part("heading").attr("tabindex", "-1");
    let mut help = question.help.clone().unwrap_or_default();
    if question.optional {
        help = format!("{} {help}", texts.optional);
    }
    let help = (!help.is_empty()).then(|| text("p", "help", help.trim()).attr("id", "help"));

    let form = el("form").attr("novalidate", "");
    let (field, first) = match &question.kind {
        QuestionKind::Choices(choices) => choice_field(
            page,
            &form,
            &question.id,
            choices,
            chosen.as_deref(),
            *incomplete,
            &heading,
            help.as_ref(),
        ),
        QuestionKind::Commune => {
            commune_field::view(page, &form, &question.id, chosen.as_deref(), &heading, help.as_ref())
        }
    };
    let actions = el("div").class("actions");
    let actions = if *can_go_back {
        let back = Rc::clone(page);
        actions.child(&button("button", "button back", texts.back, move || {
            back.visit.update(|visit| visit.back(&back.guide));
        }))
    } else {
        actions
    };
    let actions = actions
        .child(&text("button", "button primary", texts.go_on).attr("type", "submit").part("button primary"));
    let focus = if *incomplete { first } else { heading };
    let step = text("p", "step", &(texts.step)(*number, *remaining));
    (vec![step, form.child(&field).child(&actions)], focus)
}

/// Radio buttons, and the sentence that says when none is chosen.
#[expect(clippy::too_many_arguments, reason = "it is the second half of `view`")]
fn choice_field(
    page: &Rc<Page>,
    form: &El,
    id: &str,
    choices: &[Choice<String>],
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
            let words = text("span", "words", &choice.text);
            let words = match &choice.help {
                Some(help) => words.child(&text("span", "hint", help)),
                None => words,
            };
            let label = el("label").class("choice").part("choice").child(&input).child(&words);
            inputs.push(input);
            label
        })
        .collect();
    let first = inputs[0].clone();

    let submit = Rc::clone(page);
    let question = id.to_owned();
    let _ = form.clone().on("submit", move |event| {
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
    let error = incomplete
        .then(|| text("p", "error", page.texts.choose_one).attr("id", "error").attr("role", "alert"));
    let field = el("fieldset")
        .attr_if(help.is_some(), "aria-describedby", "help")
        .child(&el("legend").child(heading))
        .maybe(help)
        .maybe(error.as_ref())
        .children(labels);
    (field, first)
}
