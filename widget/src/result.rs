//! The recommendation: the place to go to, why, how to reach it, and what else may help.

use crate::card::Around;
use crate::dom::{El, button, el, text};
use crate::page::{Loaded, Page, today};
use crate::visit::OUTSIDE;
use leptos::prelude::{Get, GetUntracked, RenderEffect, StoredValue, Track, Update, WithUntracked};
use shared::condition::Answers;
use shared::directory::{Level, QuestionKind};
use shared::geography::{Position, department_of};
use shared::recommend::{Recommendation, Target, plan, recommend};
use shared::snapshot::{CommunePoint, DepartmentPiece, PIECE_FORMAT};
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// The nodes of the result, and the one that takes the focus.
pub(crate) fn view(page: &Rc<Page>, answers: &Answers) -> (Vec<El>, El) {
    let commune = page.visit.with_untracked(|visit| visit.commune(answers).to_owned());
    let department = department_of(&commune).to_owned();
    let is_known = page.guide.departments.iter().any(|candidate| candidate.code == department);
    let heading = text("h2", "heading", page.texts.go_first).part("heading").attr("tabindex", "-1");
    let contact = Rc::clone(page);
    let body = el("div").class("result").part("result").on("click", move |event| {
        let link = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(kind) = link.and_then(|link| link.get_attribute("data-contact")) {
            contact.emit("contact", &[("kind", &kind)]);
        }
    });

    page.load_communes();
    if is_known {
        page.load_department(department.clone());
    }
    let show = {
        let page = Rc::clone(page);
        let (answers, body, heading) = (answers.clone(), body.clone(), heading.clone());
        RenderEffect::new(move |_| {
            // The name of the commune is part of the sentences, and the options order them.
            page.options.track();
            let drawing = Drawing { page: &page, answers: &answers, heading: &heading, body: &body };
            match page.loads.get().department {
                _ if !is_known => drawing.draw(
                    &nowhere(),
                    OUTSIDE,
                    (commune != OUTSIDE).then_some(page.texts.unknown_commune),
                ),
                Loaded::Ready(piece) if piece.commune(&commune).is_none() => {
                    drawing.draw(&nowhere(), OUTSIDE, Some(page.texts.unknown_commune));
                }
                Loaded::Ready(piece) => drawing.draw(&piece, &commune, None),
                Loaded::Idle | Loaded::Loading => {
                    body.fill(vec![text("p", "status", page.texts.loading).attr("role", "status")]);
                }
                Loaded::Failed => {
                    // A way forward all the same: whatever needs no place.
                    drawing.draw(&nowhere(), OUTSIDE, Some(page.texts.unavailable));
                    let (again, title, department) = (Rc::clone(&page), heading.clone(), department.clone());
                    let retry = button("button", "button", page.texts.try_again, move || {
                        // The button goes: the focus must be somewhere else before.
                        title.focus();
                        again.load_department(department.clone());
                    });
                    let _ = body.element().insert_before(
                        retry.node(),
                        body.element().first_child().and_then(|first| first.next_sibling()).as_ref(),
                    );
                }
            }
        })
    };
    StoredValue::new_local(show);
    (vec![heading.clone(), body], heading)
}

/// A department without places: what is left is whatever can be reached from anywhere.
fn nowhere() -> DepartmentPiece {
    let position = Position { latitude: 0.0, longitude: 0.0, approximate: true };
    let commune = CommunePoint { code: OUTSIDE.to_owned(), position, territory: None };
    DepartmentPiece { format: PIECE_FORMAT, code: String::new(), communes: vec![commune], places: Vec::new() }
}

/// What is being drawn, and where.
struct Drawing<'a> {
    page: &'a Rc<Page>,
    answers: &'a Answers,
    heading: &'a El,
    body: &'a El,
}

impl Drawing<'_> {
    fn draw(&self, piece: &DepartmentPiece, commune: &str, notice: Option<&str>) {
        let Self { page, answers, heading, body } = *self;
        let (guide, texts) = (&page.guide, page.texts);
        let today = today();
        let plan = plan(guide, answers, &today);
        // Publishing proves that there always is a recommendation.
        let Ok(mut found) = recommend(guide, &plan, answers, piece, commune) else { return };
        order_for_host(page, &mut found);
        let name = page.visit.with_untracked(|visit| page.commune_name(visit.commune(answers)));
        let around = Around { page, piece, commune, name: name.as_deref(), today: &today };

        let is_place = matches!(found.main.target, Target::Place(_));
        heading.element().set_text_content(Some(if is_place {
            texts.go_first
        } else {
            texts.go_first_remote
        }));
        let mut nodes: Vec<El> = Vec::new();
        nodes.extend(notice.map(|notice| text("p", "notice", notice).attr("role", "status")));
        nodes.push(around.card(&found.main).part("card main"));
        if let Some(reception) = &found.reception {
            nodes.push(text("h3", "subheading", texts.reception));
            nodes.push(around.card(reception).part("card"));
        }
        if !found.complements.is_empty() {
            nodes.push(text("h3", "subheading", texts.complements));
            nodes.extend(found.complements.iter().map(|card| around.folded(card)));
        }
        // What the main card says already is not said twice.
        let said = found.main.network(guide).and_then(|network| network.website.as_deref());
        let remote: Vec<El> = found
            .remote_services
            .iter()
            .map(|index| &guide.remote_services[*index])
            .filter(|service| is_place || Some(service.website.as_str()) != said)
            .map(|service| around.remote(service))
            .collect();
        if !remote.is_empty() {
            nodes.push(text("h3", "subheading", texts.remote_services));
            nodes.push(el("ul").class("remote").children(remote));
        }
        nodes.extend(self.undetermined(&found));
        nodes.push(your_answers(page));
        nodes.push(actions(page));
        body.fill(nodes);
        page.emit("result", &[("kind", if is_place { "place" } else { "remote" })]);
    }

    /// Networks that an answer kept to oneself leaves open.
    fn undetermined(&self, found: &Recommendation) -> Option<El> {
        let page = self.page;
        let items: Vec<El> = found
            .undetermined
            .iter()
            .filter_map(|open| {
                let network = &page.guide.networks[open.network];
                let question = open.missing.first()?.clone();
                let change = Rc::clone(page);
                let answer = button("quiet", "button quiet", page.texts.answer_it, move || {
                    change.visit.update(|visit| visit.change(&question));
                });
                Some(
                    el("li")
                        .child(&text("strong", "", &network.name))
                        .text(" : ")
                        .text(&network.public)
                        .text(" ")
                        .child(&answer),
                )
            })
            .collect();
        (!items.is_empty()).then(|| {
            el("details")
                .class("more")
                .part("more")
                .child(&text("summary", "", page.texts.undetermined))
                .child(&el("ul").children(items))
        })
    }
}

/// What the host page is about comes first, among what is recommended anyway.
fn order_for_host(page: &Page, found: &mut Recommendation) {
    let options = page.options.get_untracked();
    if options.level == Some(Level::One)
        && let Some(reception) = found.reception.take()
    {
        let main = std::mem::replace(&mut found.main, reception);
        found.complements.insert(0, main);
    }
    if let Some(id) = &options.network {
        found
            .complements
            .sort_by_key(|card| card.network(&page.guide).is_none_or(|network| network.id != *id));
    }
}

/// The answers with a way to change each.
fn your_answers(page: &Rc<Page>) -> El {
    let texts = page.texts;
    let (answered, answers) =
        page.visit.with_untracked(|visit| (visit.answered(&page.guide), visit.answers(&page.guide)));
    let rows = answered.into_iter().map(|(index, choice)| {
        let question = &page.guide.questions[index];
        let said = match &question.kind {
            QuestionKind::Choices(choices) => {
                choices.iter().find(|candidate| candidate.id == choice).map(|choice| choice.text.clone())
            }
            QuestionKind::Commune if choice == OUTSIDE => Some(texts.outside.to_owned()),
            QuestionKind::Commune => page.commune_name(&choice),
        };
        let wording = question.wording(&page.guide, &answers);
        let change = Rc::clone(page);
        let id = question.id.clone();
        let button = button("quiet", "button quiet", texts.change, move || {
            change.visit.update(|visit| visit.change(&id));
        })
        .attr("aria-label", &format!("{} : {wording}", texts.change));
        el("li")
            .child(&text("span", "asked", wording))
            .text(" ")
            .child(&text("strong", "", said.as_deref().unwrap_or(&choice)))
            .text(" ")
            .child(&button)
    });
    el("details")
        .class("more")
        .part("more")
        .child(&text("summary", "", texts.your_answers))
        .child(&el("ul").class("answers").children(rows.collect()))
}

fn actions(page: &Rc<Page>) -> El {
    let (back, restart) = (Rc::clone(page), Rc::clone(page));
    el("div")
        .class("actions")
        .child(&button("button", "button back", page.texts.back, move || {
            back.visit.update(|visit| visit.back(&back.guide));
        }))
        .child(&button("button", "button restart", page.texts.restart, move || {
            restart.visit.update(crate::visit::Visit::restart);
        }))
}
