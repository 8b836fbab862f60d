//! The recommendation: the place to go to, why, how to reach it, and what else may help.

use crate::dom::{El, button, el, text};
use crate::liaison;
use crate::page::{Loaded, Page, today};
use crate::sheet::Drawn;
use crate::speech::Value;
use crate::texts::Key;
use reactive_graph::effect::RenderEffect;
use reactive_graph::owner::StoredValue;
use reactive_graph::signal::RwSignal;
use reactive_graph::traits::{Get, GetUntracked, Set, Track, Update, WithUntracked};
use shared::condition::Answers;
use shared::decision::{GuideQuestion, GuideQuestionKind};
use shared::geography::department_of;
use shared::recommend::{Card, Recommendation, Target, plan, recommend};
use shared::snapshot::DepartmentPiece;
use shared::visit::{OUTSIDE, Visit, nowhere};
use shared::wording::open_complements;
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// The nodes of the result, and the one that takes the focus.
pub(crate) fn view(page: &Rc<Page>, answers: &Answers) -> (Vec<El>, El) {
    let commune = page.visit.with_untracked(|visit| visit.commune(answers).to_owned());
    let department = department_of(&commune).to_owned();
    let is_known = page.guide.departments.iter().any(|candidate| candidate.code == department);
    // It is read as soon as it has the focus, before the places are there.
    let heading = el("h2").class("heading").part("heading").attr("tabindex", "-1");
    let heading = heading.child(&page.say("span", "", Key::GoFirst));
    let contact = Rc::clone(page);
    let body = el("div").class("result").part("result").on("click", move |event| {
        // A name inside the link may be what was pressed.
        let pressed = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let link = pressed.and_then(|pressed| pressed.closest("[data-contact]").ok().flatten());
        if let Some(kind) = link.and_then(|link| link.get_attribute("data-contact")) {
            contact.emit("contact", &[("kind", kind.into())]);
        }
    });

    let drawn = RwSignal::new_local(None);
    let sheet = liaison::view(page, drawn);

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
            let drawing = Drawing { page: &page, answers: &answers, heading: &heading, body: &body, drawn };
            match page.loads.get().department {
                _ if !is_known => {
                    drawing.draw(
                        Rc::new(nowhere()),
                        OUTSIDE,
                        Some(if commune == OUTSIDE { Key::OutsideRegion } else { Key::UnknownCommune }),
                    );
                }
                Loaded::Ready(piece) if piece.commune(&commune).is_none() => {
                    drawing.draw(Rc::new(nowhere()), OUTSIDE, Some(Key::UnknownCommune));
                }
                Loaded::Ready(piece) => drawing.draw(piece, &commune, None),
                Loaded::Idle | Loaded::Loading => {
                    body.fill(vec![page.say("p", "status", Key::Loading).attr("role", "status")]);
                }
                Loaded::Failed => {
                    // A way forward all the same: whatever needs no place.
                    drawing.draw(Rc::new(nowhere()), OUTSIDE, Some(Key::Unavailable));
                    let (again, title, department) = (Rc::clone(&page), heading.clone(), department.clone());
                    let retry = button(page.say("button", "button", Key::TryAgain), "button", move || {
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
    (vec![heading.clone(), body, sheet, actions(page)], heading)
}

/// What is being drawn, and where.
struct Drawing<'a> {
    page: &'a Rc<Page>,
    answers: &'a Answers,
    heading: &'a El,
    body: &'a El,
    drawn: liaison::Result,
}

impl Drawing<'_> {
    fn draw(&self, piece: Rc<DepartmentPiece>, commune: &str, notice: Option<Key>) {
        let Self { page, answers, heading, body, drawn } = *self;
        let guide = &page.guide;
        let today = today();
        let mut plan = plan(guide, answers, &today);
        let search = page.communes();
        let lives_in = page.visit.with_untracked(|visit| visit.commune(answers).to_owned());
        let elsewhere = search.as_ref().and_then(|search| search.region(&lives_in));
        if let (Some(search), Some(_)) = (&search, elsewhere) {
            plan.without(guide, search.own());
        }
        // Publishing proves that there always is a recommendation.
        let Ok(mut found) = recommend(guide, &plan, answers, &piece, commune) else { return };
        page.options.get_untracked().order(guide, &mut found);
        let name = page.commune_name(&lives_in);
        let (commune, answers) = (commune.to_owned(), answers.clone());
        let shown = Rc::new(Drawn { found, piece, commune, name, today, answers, plan });
        let (around, found) = (shown.around(page), &shown.found);

        let is_place = matches!(found.main.target, Target::Place(_));
        let title = if is_place { Key::GoFirst } else { Key::GoFirstRemote };
        heading.fill(vec![page.say("span", "", title)]);
        let is_unavailable = matches!(notice, Some(Key::Unavailable));
        let region = ("region", Value::Told(guide.text(guide.region)));
        let notice = match elsewhere {
            Some(lives_in) => {
                Some((Key::Elsewhere, vec![region, ("elsewhere", Value::French(&lives_in.name))]))
            }
            None => notice.map(|notice| (notice, vec![region])),
        };
        let notice = notice
            .map(|(notice, values)| page.say_with("p", "notice", notice, &values).attr("role", "status"));
        let mut first = vec![around.card(&found.main).part("card main")];
        if let Some(reception) = &found.reception {
            first.push(page.say("h3", "subheading", Key::Reception));
            first.push(around.reception(reception).part("card"));
        }
        if let Some(region) = elsewhere
            && let Some(guide) = &region.guide
        {
            first.insert(0, around.guide_of_region(guide, &region.name));
        }
        if let Some(service) = elsewhere.and_then(|region| region.contact.as_ref()) {
            first.push(page.say("h3", "subheading", Key::ElsewhereService));
            first.push(around.service_of_region(service).part("card"));
        }
        let mut also: Vec<El> = Vec::new();
        if !found.complements.is_empty() {
            also.push(page.say("h3", "subheading", Key::Complements));
            let (first, rest) = found.complements.split_at(open_complements(found.complements.len()));
            let list = |cards: &[Card]| {
                el("ul").class("list").children(cards.iter().map(|card| around.folded(card)).collect())
            };
            also.push(list(first));
            if !rest.is_empty() {
                let summary = page.say("summary", "", Key::MoreComplements);
                also.push(el("details").class("more").part("more").child(&summary).child(&list(rest)));
            }
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
            let summary = page.say("summary", "", Key::RemoteServices);
            let list = el("ul").class("remote").children(remote);
            let services = el("details").class("more").part("more").child(&summary).child(&list);
            also.push(services.attr_or_not(elsewhere.is_some(), "open", ""));
        }
        also.extend(self.undetermined(found));
        also.push(your_answers(page));
        let column = |nodes| el("div").class("column").children(nodes);
        body.fill(notice.into_iter().chain([column(first), column(also)]).collect());
        let kind = if is_place { "place" } else { "remote" };
        page.emit("result", &[("kind", kind.into())]);
        // Places that did not come are no outcome: they may come yet.
        if !is_unavailable {
            let _ = page.source.calls.count(&counted(page, &shown, kind));
        }
        drawn.set(Some(shown));
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
                let answer = page.say("button", "quiet", Key::AnswerIt);
                let answer = button(answer, "button quiet", move || {
                    change.visit.update(|visit| visit.change(&question));
                });
                Some(
                    el("li")
                        .child(&page.edition("strong", "", network.name))
                        .text(" – ")
                        .child(&page.edition("span", "", network.public))
                        .text(" ")
                        .child(&answer),
                )
            })
            .collect();
        (!items.is_empty()).then(|| {
            el("details")
                .class("more")
                .part("more")
                .child(&page.say("summary", "", Key::Undetermined))
                .child(&el("ul").children(items))
        })
    }
}

/// What is counted of a result, where anything is: the network of its first card and the
/// territory of the commune, never a place nor a commune.
fn counted(page: &Page, shown: &Drawn, kind: &str) -> String {
    const NONE: &str = "-";
    let network = shown.found.main.network(&page.guide).map_or(NONE, |network| network.id.as_str());
    let commune = shown.piece.commune(&shown.commune).and_then(|index| shown.piece.communes[index].territory);
    let territory = commune.and_then(|index| page.guide.territories.get(usize::from(index)));
    ["outcome", kind, network, territory.map_or(NONE, |territory| territory.id.as_str())].join(" ")
}

/// The answers with a way to change each.
fn your_answers(page: &Rc<Page>) -> El {
    let (answered, answers) =
        page.visit.with_untracked(|visit| (visit.answered(&page.guide), visit.answers(&page.guide)));
    let rows = answered.into_iter().map(|(index, choice)| {
        let question = &page.guide.questions[index];
        let wording = page.guide.wording(question, &answers);
        let change = Rc::clone(page);
        let id = question.id.clone();
        let button = button(page.say("button", "quiet", Key::Change), "button quiet", move || {
            change.visit.update(|visit| visit.change(&id));
        });
        el("li")
            .child(&page.told("span", "asked", wording))
            .text(" ")
            .child(&said_answer(page, question, &choice))
            .text(" ")
            .child(&button.child(&page.about(Value::Told(wording))))
    });
    el("details")
        .class("more")
        .part("more")
        .child(&page.say("summary", "", Key::YourAnswers))
        .child(&el("ul").class("answers").children(rows.collect()))
}

/// An answer, in the words of its question.
pub(crate) fn said_answer(page: &Page, question: &GuideQuestion, choice: &str) -> El {
    let said = match &question.kind {
        GuideQuestionKind::Choices(choices) => choices
            .iter()
            .find(|candidate| candidate.id == choice)
            .map(|choice| page.edition("strong", "", choice.text)),
        GuideQuestionKind::Commune if choice == OUTSIDE => Some(page.say("strong", "", Key::Outside)),
        GuideQuestionKind::Commune => page.commune_name(choice).map(|name| page.name("strong", "", &name)),
    };
    said.unwrap_or_else(|| text("strong", "", choice))
}

fn actions(page: &Rc<Page>) -> El {
    let (back, restart) = (Rc::clone(page), Rc::clone(page));
    el("div")
        .class("actions")
        .child(&button(page.say("button", "button", Key::Back), "button back", move || {
            back.visit.update(|visit| visit.back(&back.guide));
        }))
        .child(&button(page.say("button", "button", Key::Restart), "button restart", move || {
            restart.visit.update(Visit::restart);
        }))
}
