//! The commune field: an editable combobox with a list (WAI-ARIA authoring practices,
//! "Editable Combobox With List Autocomplete"). Everything happens in the page: the
//! region's names were loaded whole.

use crate::commune_list::List;
use crate::dom::{El, button, el};
use crate::page::{Loaded, Page};
use crate::speech::Value;
use crate::texts::Key;
use js_sys::Array;
use reactive_graph::effect::RenderEffect;
use reactive_graph::owner::StoredValue;
use reactive_graph::signal::RwSignal;
use reactive_graph::traits::{Get, GetUntracked, Set, Update};
use shared::around::ACCURATE;
use shared::commune_lines::{Line, lines};
use shared::geography::Position;
use shared::visit::OUTSIDE;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, KeyboardEvent};

/// What the field shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct State {
    lines: Arc<Vec<Line>>,
    /// All that fit, shown or not.
    all: usize,
    /// The list is open.
    open: bool,
    /// The line that the arrow keys are on.
    active: Option<usize>,
    /// The commune that is chosen; typing forgets it.
    code: Option<String>,
    /// Something is typed: the status speaks only then.
    typed: bool,
    /// What is missing, once « Continuer » was pressed.
    error: Option<Key>,
    /// What became of « Autour de moi »; typing forgets it.
    around: Option<Key>,
}

/// The field.
pub(crate) fn view(
    page: &Rc<Page>,
    go_on: &El,
    question: &str,
    chosen: Option<&str>,
    heading: &El,
    help: Option<&El>,
) -> El {
    page.load_communes();
    let code = chosen.filter(|code| *code != OUTSIDE).map(str::to_owned);
    let state = RwSignal::new(State { code, ..State::default() });

    let described = if help.is_some() { "help error" } else { "error" };
    let input = el("input")
        .attr("id", "commune")
        .attr("type", "text")
        .attr("role", "combobox")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false")
        .attr("aria-autocomplete", "list")
        .attr("aria-controls", "communes")
        .attr("aria-describedby", described)
        .part("input");
    let list = el("ul")
        .attr("id", "communes")
        .attr("role", "listbox")
        .attr("aria-label", page.texts.bare(Key::Communes))
        .verbatim()
        .part("list");
    let status = el("p").class("status").attr("role", "status");
    let message = el("p").class("error").attr("id", "error").attr("role", "alert");

    let field = Rc::new(Field {
        page: Rc::clone(page),
        question: question.to_owned(),
        input: input.clone(),
        list: List { page: Rc::clone(page), node: list.clone() },
        status: status.clone(),
        message: message.clone(),
        state,
    });
    field.listen(go_on);
    let (named, drawn) = (Rc::clone(&field), Rc::clone(&field));
    StoredValue::new_local([
        RenderEffect::new(move |_| named.name_chosen()),
        RenderEffect::new(move |_| drawn.draw(&drawn)),
    ]);
    let drawn = Rc::clone(&field);
    StoredValue::new_local(RenderEffect::new(move |before| {
        let state = drawn.state.get();
        let (lines, active) = if state.open { (state.lines, state.active) } else { Default::default() };
        drawn.list.draw(lines, active, before)
    }));

    let outside = Rc::clone(&field);
    el("div")
        .class("field")
        .child(heading)
        .maybe(help)
        .child(&page.say("label", "label", Key::CommuneLabel).attr("for", "commune"))
        .child(&message)
        .child(&el("div").class("combobox").child(&input).child(&list))
        .maybe(field.around().as_ref())
        .child(&status)
        .child(&button(page.say("button", "quiet", Key::CommuneOutside), "button quiet", move || {
            outside.answer(OUTSIDE.to_owned());
        }))
}

/// The field's parts, for its handlers.
struct Field {
    page: Rc<Page>,
    question: String,
    input: El,
    list: List,
    status: El,
    message: El,
    state: RwSignal<State>,
}

impl Field {
    fn listen(self: &Rc<Self>, go_on: &El) {
        let [typing, pressing, leaving, submitting, choosing] = [0; 5].map(|_| Rc::clone(self));
        let _ = self
            .input
            .clone()
            .on("input", move |_| typing.suggest(true))
            .on("keydown", move |event| pressing.key(event.unchecked_ref()))
            .on("blur", move |_| leaving.change(|state| state.open = false));
        // One pair of listeners for all lines, which come and go at every letter.
        let _ = self
            .list
            .node
            .clone()
            // The focus stays in the input, so that leaving it always means leaving.
            .on("mousedown", web_sys::Event::prevent_default)
            .on("click", move |event| {
                let state = choosing.state.get_untracked();
                if let Some(line) = choosing.list.pressed(event).and_then(|index| state.lines.get(index)) {
                    choosing.choose(line);
                }
            });
        let _ = go_on.clone().on("click", move |event| {
            event.prevent_default();
            submitting.submit();
        });
    }

    fn native(&self) -> &HtmlInputElement {
        self.input.element().unchecked_ref()
    }

    fn typed(&self) -> String {
        self.native().value()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.get_untracked();
        change(&mut state);
        self.set(state);
    }

    /// Nothing is drawn again when nothing changed: a button must not be replaced between
    /// a finger's press and its release.
    fn set(&self, state: State) {
        if self.state.get_untracked() != state {
            self.state.set(state);
        }
    }

    /// Looks for what is typed, which forgets whatever was chosen.
    fn suggest(&self, open: bool) {
        let typed = self.typed();
        let territory = self.page.options.get_untracked().territory;
        let mut search = self.page.communes();
        if let Some(department) = search.as_ref().and_then(|search| search.lacking(&typed)) {
            // The list comes once their names are there.
            self.page.load_names(department);
            search = None;
        }
        let (lines, all) = match search {
            Some(search) => lines(&search, &self.page.guide, &typed, territory.as_deref()),
            None => (Vec::new(), 0),
        };
        let lines = Arc::new(lines);
        let open = open && !lines.is_empty();
        let typed = !typed.trim().is_empty();
        self.set(State { lines, all, open, typed, ..State::default() });
    }

    fn key(&self, event: &KeyboardEvent) {
        let state = self.state.get_untracked();
        let count = state.lines.len();
        let active = match (event.key().as_str(), state.active) {
            ("ArrowDown", Some(index)) if index + 1 < count => Some(index + 1),
            ("ArrowDown", _) => (count > 0).then_some(0),
            ("ArrowUp", Some(index)) if index > 0 => Some(index - 1),
            ("ArrowUp", _) => count.checked_sub(1),
            ("Enter", Some(index)) if state.open => {
                event.prevent_default();
                return self.choose(&state.lines[index]);
            }
            ("Escape", _) if state.open => {
                event.prevent_default();
                return self.close();
            }
            ("Escape", _) => {
                self.native().set_value("");
                return self.suggest(false);
            }
            _ => return,
        };
        event.prevent_default();
        self.change(|state| {
            state.open = count > 0;
            state.active = active;
        });
    }

    fn close(&self) {
        self.change(|state| {
            state.open = false;
            state.active = None;
        });
    }

    fn choose(&self, line: &Line) {
        self.native().set_value(&line.name);
        self.change(|state| {
            state.around = None;
            state.code = Some(line.code.clone());
            state.error = None;
            state.open = false;
            state.active = None;
        });
    }

    /// « Autour de moi », where the page may ask the device.
    fn around(self: &Rc<Self>) -> Option<El> {
        let page = &self.page;
        if page.source.calls.locating().is_undefined() {
            return None;
        }
        let field = Rc::clone(self);
        let ask = page.say("button", "quiet", Key::Around).attr("aria-describedby", "around");
        let ask = button(ask, "button quiet", move || {
            field.change(|state| state.around = Some(Key::Loading));
            let (field, asked) = (Rc::clone(&field), field.page.source.calls.locate());
            spawn_local(async move {
                let found = match asked {
                    Ok(promise) => JsFuture::from(promise).await.ok(),
                    Err(_) => None,
                };
                field.locate(found.as_ref().map(Array::from).as_ref());
            });
        });
        let help = page.say("span", "hint", Key::AroundHelp).attr("id", "around");
        Some(el("p").class("around").child(&ask).text(" ").child(&help))
    }

    /// Chooses the commune of a position, whose three numbers [`crate::page::Calls::locate`] gives. It
    /// goes no farther than this.
    fn locate(&self, found: Option<&Array>) {
        let waits = self.state.try_get_untracked().is_some_and(|state| state.around == Some(Key::Loading));
        // The screen is gone, or the visitor has typed meanwhile.
        if !waits {
            return;
        }
        let number = |index| found.and_then(|found| found.get(index).as_f64());
        let (around, commune) = match (number(0), number(1), number(2), self.page.communes()) {
            (Some(_), .., None) => (Key::Unavailable, None),
            (_, _, Some(accuracy), _) if accuracy > f64::from(ACCURATE.0) => (Key::AroundVague, None),
            (Some(latitude), Some(longitude), Some(_), Some(search)) => {
                #[expect(clippy::cast_possible_truncation, reason = "a position to the metre")]
                let (latitude, longitude) = (latitude as f32, longitude as f32);
                match search.around(Position { latitude, longitude, approximate: false }) {
                    Some(commune) => (Key::AroundFound, Some((commune.code.clone(), commune.name.clone()))),
                    None => (Key::AroundOutside, None),
                }
            }
            _ => (Key::AroundNone, None),
        };
        if let Some((_, name)) = &commune {
            self.native().set_value(name);
        }
        self.change(|state| {
            state.around = Some(around);
            if let Some((code, _)) = commune {
                (state.code, state.error, state.open) = (Some(code), None, false);
            }
        });
    }

    fn answer(&self, code: String) {
        self.page.visit.update(|visit| visit.answer(&self.question, code));
    }

    /// Goes on with the commune that is chosen, or with the only one that fits.
    fn submit(&self) {
        if let Some(code) = self.state.get_untracked().code {
            return self.answer(code);
        }
        if self.page.communes().is_none() {
            return self.page.load_communes();
        }
        self.suggest(true);
        let typed = self.typed();
        let state = self.state.get_untracked();
        let error = match state.lines.as_slice() {
            [only] if state.all == 1 => return self.answer(only.code.clone()),
            [] if typed.trim().is_empty() => Key::CommuneNoneTyped,
            [] => Key::NoCommune,
            _ if state.all == 0 => Key::FoundNear,
            _ => Key::CommuneSeveral,
        };
        self.change(|state| state.error = Some(error));
        self.input.focus();
    }

    /// Once the names are there: writes that of a commune chosen before, or looks for what
    /// was typed meanwhile.
    fn name_chosen(&self) {
        if !matches!(self.page.loads.get().communes, Loaded::Ready(_)) {
            return;
        }
        let typed = self.typed();
        match self.state.get_untracked().code.and_then(|code| self.page.commune_name(&code)) {
            Some(name) if typed.is_empty() => self.native().set_value(&name),
            None if !typed.is_empty() => self.suggest(true),
            None => self.change(|state| state.code = None),
            Some(_) => {}
        }
    }

    /// Keeps the status and the message in step with the state.
    fn draw(&self, this: &Rc<Self>) {
        let state = self.state.get();
        let yes_no = |yes: bool| if yes { "true" } else { "false" };
        let active = state.active.map(|index| format!("commune-{index}"));
        drop(
            self.input
                .clone()
                .attr("aria-expanded", yes_no(state.open))
                .attr("aria-invalid", yes_no(state.error.is_some()))
                .attr_or_not(
                    active.is_some(),
                    "aria-activedescendant",
                    active.as_deref().unwrap_or_default(),
                ),
        );
        let page = &self.page;
        let typed = self.typed();
        self.message.fill(state.error.map_or_else(Vec::new, |error| {
            let values = [
                ("region", Value::Told(page.guide.text(page.guide.region))),
                ("typed", Value::Typed(typed.trim())),
            ];
            vec![page.say_with("span", "", error, &values)]
        }));

        let loads = page.loads.get();
        if let Some(around) = state.around {
            let values = [
                ("commune", Value::French(&typed)),
                ("region", Value::Told(page.guide.text(page.guide.region))),
            ];
            return self.status.fill(vec![page.say_with("span", "", around, &values)]);
        }
        self.status.fill(match loads.communes {
            Loaded::Ready(_) if state.code.is_some() || !state.typed => Vec::new(),
            Loaded::Ready(_) => vec![self.found(&state)],
            Loaded::Idle | Loaded::Loading => vec![page.say("span", "", Key::Loading)],
            Loaded::Failed => {
                let again = Rc::clone(this);
                let retry = button(page.say("button", "quiet", Key::TryAgain), "button quiet", move || {
                    // The button goes: the focus must be somewhere else before.
                    again.input.focus();
                    again.page.load_communes();
                });
                vec![page.say("span", "", Key::Unavailable), retry]
            }
        });
    }

    /// How many communes fit.
    fn found(&self, state: &State) -> El {
        let (count, shown) = (state.all, state.lines.len());
        let key = match count {
            _ if state.lines.first().is_some_and(Line::is_outside) => Key::FoundOutside,
            0 if shown > 0 => Key::FoundNear,
            0 => Key::FoundNone,
            _ if count > shown => Key::FoundMore,
            _ => Key::Found,
        };
        let (count, shown) = (count.to_string(), shown.to_string());
        self.page.say_with(
            "span",
            "",
            key,
            &[
                ("count", Value::Plain(&count)),
                ("shown", Value::Plain(&shown)),
                ("region", Value::Told(self.page.guide.text(self.page.guide.region))),
            ],
        )
    }
}
