//! The liaison sheet: what the visitor can take along, printed or copied by themselves.
//! Nothing of it is sent or stored. Answers are on it only if the visitor says so, and those
//! to optional questions, such as a disability, only one by one.

use crate::dom::{El, button, el, text};
use crate::page::Page;
use crate::sheet::Drawn;
use crate::texts::Key;
use reactive_graph::effect::RenderEffect;
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::signal::RwSignal;
use reactive_graph::traits::{Get, GetUntracked, Set, Update, With, WithUntracked};
use shared::directory::MAIN_LANGUAGE;
use shared::snapshot::LocalizedGuide;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

/// What the sheet repeats, once it is there.
pub(crate) type Result = RwSignal<Option<Rc<Drawn>>, LocalStorage>;

/// The sheet being made.
#[derive(Clone)]
struct Liaison {
    page: Rc<Page>,
    drawn: Result,
    /// The page in French, when the sheet speaks French to whoever receives the visitor.
    french: RwSignal<Option<Rc<Page>>, LocalStorage>,
    paper: El,
    /// A live region must be there before it speaks.
    said: El,
}

/// The nodes of the sheet, closed at first.
pub(crate) fn view(page: &Rc<Page>, drawn: Result) -> El {
    let paper = el("div").class("sheet").part("sheet").attr("dir", "auto");
    let said = el("p").class("status").attr("role", "status");
    let french = RwSignal::new_local(None);
    let liaison = Liaison { page: Rc::clone(page), drawn, french, paper, said };
    let show = {
        let liaison = liaison.clone();
        RenderEffect::new(move |_| liaison.show())
    };
    StoredValue::new_local(show);
    el("details")
        .class("card liaison")
        .part("card liaison")
        .child(&el("summary").child(&page.say("strong", "", Key::LiaisonTitle)))
        .child(&page.say("p", "", Key::LiaisonIntro))
        .child(&liaison.own_words())
        .children(liaison.choices())
        .maybe(liaison.language().as_ref())
        .child(&liaison.paper)
        .child(&liaison.actions())
        .child(&liaison.said)
}

impl Liaison {
    fn show(&self) {
        let french = self.french.get();
        let page = french.as_ref().unwrap_or(&self.page);
        let Some(drawn) = self.drawn.get() else { return };
        let nodes = self.page.visit.with(|visit| drawn.sheet(page, visit));
        self.paper.clone().attr("lang", page.guide.language()).attr("dir", page.direction()).fill(nodes);
        self.said.fill(Vec::new());
    }

    /// « Ce que je veux dire ».
    fn own_words(&self) -> El {
        let page = &self.page;
        let visit = page.visit;
        let field = el("textarea")
            .attr("rows", "4")
            // A browser may send what it corrects to its maker.
            .attr("spellcheck", "false")
            .attr("autocomplete", "off")
            .attr("aria-describedby", "words-help");
        let area: HtmlTextAreaElement = field.element().clone().unchecked_into();
        area.set_value(&visit.with_untracked(|visit| visit.sheet.words.clone()));
        let field = field.on("input", move |_| visit.update(|visit| visit.sheet.words = area.value()));
        let help = page.say("p", "help", Key::LiaisonMyWordsHelp).attr("id", "words-help");
        let label =
            el("label").class("label").child(&page.say("span", "", Key::LiaisonMyWords)).child(&field);
        el("div").child(&label).child(&help)
    }

    /// Whether the answers are on the sheet, and which.
    fn choices(&self) -> Vec<El> {
        let page = &self.page;
        let visit = page.visit;
        let (answered, answers, sheet) = visit.with_untracked(|visit| {
            (visit.answered(&page.guide), visit.answers(&page.guide), visit.sheet.clone())
        });
        let rows = answered.into_iter().map(|(index, _)| {
            let question = &page.guide.questions[index];
            let id = question.id.clone();
            let box_of = checkbox(sheet.shows(question), move |_| {
                visit.update(|visit| visit.sheet.toggle(&id));
            });
            let wording = page.told("span", "", page.guide.wording(question, &answers));
            el("label").class("tick").child(&box_of).child(&wording)
        });
        let legend = page.say("legend", "", Key::LiaisonChoose);
        let list = el("fieldset").class("ticks").child(&legend).children(rows.collect()).attr_or_not(
            !sheet.with_answers,
            "hidden",
            "",
        );
        let all = {
            let list = list.clone();
            checkbox(sheet.with_answers, move |checked| {
                let _ = list.clone().attr_or_not(!checked, "hidden", "");
                visit.update(|visit| visit.sheet.with_answers = checked);
            })
        };
        let label = page.say("span", "", Key::LiaisonAddAnswers);
        vec![el("label").class("tick").child(&all).child(&label), list]
    }

    /// For who reads another language than whoever receives them.
    fn language(&self) -> Option<El> {
        if self.page.guide.language() == MAIN_LANGUAGE {
            return None;
        }
        let liaison = self.clone();
        let name = el("span").child(&self.page.say("span", "", Key::LiaisonInFrench));
        let shown = name.clone();
        let toggle = button(el("button").class("quiet").child(&name), "button quiet", move || {
            let (liaison, shown) = (liaison.clone(), shown.clone());
            if liaison.french.get_untracked().is_some() {
                liaison.french.set(None);
                shown.fill(vec![liaison.page.say("span", "", Key::LiaisonInFrench)]);
                return;
            }
            spawn_local(async move {
                let texts = liaison.page.source.texts(MAIN_LANGUAGE).await;
                let guide = Arc::clone(&liaison.page.guide.guide);
                match texts.ok().and_then(|texts| LocalizedGuide::new(guide, texts).ok()) {
                    Some(guide) => {
                        let _ = liaison.french.try_set(Some(liaison.page.in_french(guide)));
                        shown.fill(vec![liaison.page.say("span", "", Key::LiaisonInLanguage)]);
                    }
                    None => liaison.said.fill(vec![liaison.page.say("span", "", Key::LanguageFailed)]),
                }
            });
        });
        Some(el("p").child(&toggle))
    }

    fn actions(&self) -> El {
        let page = &self.page;
        let [printing, copying] = [0; 2].map(|_| self.clone());
        let print =
            button(page.say("button", "button", Key::Print), "button print", move || printing.take(false));
        let copy = button(page.say("button", "button", Key::Copy), "button copy", move || copying.take(true));
        el("div").class("actions").child(&print).child(&copy)
    }

    /// Prints the sheet, or copies its text. Where the browser cannot print, the sheet can be copied;
    /// where it or the host page forbids that, shows the text for the visitor to copy.
    fn take(&self, is_copy: bool) {
        // What can be seen, line by line.
        let written = self.paper.html().inner_text();
        let (page, said) = (Rc::clone(&self.page), self.said.clone());
        let calls = &page.source.calls;
        let asked = if is_copy { calls.copy(&written) } else { calls.print(self.paper.node()) };
        spawn_local(async move {
            let is_done = match asked {
                Ok(promise) => JsFuture::from(promise).await.is_ok(),
                Err(_) => false,
            };
            let say = |key| vec![page.say("span", "", key)];
            match (is_copy, is_done) {
                (true, true) => said.fill(say(Key::Copied)),
                (false, true) => said.fill(Vec::new()),
                (false, false) => said.fill(say(Key::PrintFailed)),
                (true, false) => {
                    let field = text("textarea", "copy", &written)
                        .attr("readonly", "")
                        .attr("rows", "8")
                        .attr("aria-label", page.texts.bare(Key::LiaisonTitle));
                    let mut nodes = say(Key::CopyFailed);
                    nodes.push(field.clone());
                    said.fill(nodes);
                    field.focus();
                    field.element().unchecked_ref::<HtmlTextAreaElement>().select();
                }
            }
        });
    }
}

fn checkbox(checked: bool, mut change: impl FnMut(bool) + 'static) -> El {
    let field = el("input").attr("type", "checkbox");
    let input: HtmlInputElement = field.element().clone().unchecked_into();
    input.set_checked(checked);
    field.on("change", move |_| change(input.checked()))
}
