//! The commune field: an editable combobox with a list (WAI-ARIA authoring practices,
//! "Editable Combobox With List Autocomplete"). Everything happens in the page: the
//! region's names were loaded whole.

use crate::dom::{El, button, el};
use crate::page::{Loaded, Page};
use crate::speech::Value;
use crate::texts::Key;
use crate::visit::OUTSIDE;
use leptos::prelude::{Get, GetUntracked, RenderEffect, RwSignal, Set, StoredValue, Update};
use shared::commune_index::{CommuneName, Search};
use shared::snapshot::Guide;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition};

/// How many communes the list holds; it scrolls. The status says how many there are.
const SHOWN: usize = 20;

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    code: String,
    /// What the input holds once it is chosen.
    name: String,
    /// The name that it had, where that is what was typed.
    former: Option<String>,
    /// Department and postcodes, which tell homonyms apart.
    place: String,
}

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
}

/// What the list shows.
#[derive(Debug, Clone, Default)]
struct Drawn {
    lines: Arc<Vec<Line>>,
    /// Their nodes.
    options: Vec<El>,
    active: Option<usize>,
}

/// The field and the node that takes the focus when something is missing.
pub(crate) fn view(
    page: &Rc<Page>,
    form: &El,
    question: &str,
    chosen: Option<&str>,
    heading: &El,
    help: Option<&El>,
) -> (El, El) {
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
        .part("list");
    let status = el("p").class("status").attr("role", "status");
    let message = el("p").class("error").attr("id", "error").attr("role", "alert");

    let field = Rc::new(Field {
        page: Rc::clone(page),
        question: question.to_owned(),
        input: input.clone(),
        list: list.clone(),
        status: status.clone(),
        message: message.clone(),
        state,
    });
    field.listen(form);
    let (named, drawn) = (Rc::clone(&field), Rc::clone(&field));
    StoredValue::new_local([
        RenderEffect::new(move |_| named.name_chosen()),
        RenderEffect::new(move |_| drawn.draw(&drawn)),
    ]);
    let drawn = Rc::clone(&field);
    StoredValue::new_local(RenderEffect::new(move |before| drawn.draw_list(before)));

    let outside = Rc::clone(&field);
    let view = el("div")
        .class("field")
        .child(heading)
        .maybe(help)
        .child(&page.say("label", "label", Key::CommuneLabel).attr("for", "commune"))
        .child(&message)
        .child(&el("div").class("combobox").child(&input).child(&list))
        .child(&status)
        .child(&button(page.say("button", "quiet", Key::CommuneOutside), "button quiet", move || {
            outside.answer(OUTSIDE.to_owned());
        }));
    (view, input)
}

/// The field's parts, for its handlers.
struct Field {
    page: Rc<Page>,
    question: String,
    input: El,
    list: El,
    status: El,
    message: El,
    state: RwSignal<State>,
}

impl Field {
    fn listen(self: &Rc<Self>, form: &El) {
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
            .clone()
            // The focus stays in the input, so that leaving it always means leaving.
            .on("mousedown", web_sys::Event::prevent_default)
            .on("click", move |event| choosing.press(event));
        let _ = form.clone().on("submit", move |event| {
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
        let (lines, all) = match self.page.communes() {
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

    /// Chooses the line that was pressed.
    fn press(&self, event: &web_sys::Event) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
            return;
        };
        let options = self.list.element().children();
        let state = self.state.get_untracked();
        for (index, line) in (0..).zip(state.lines.iter()) {
            if options.item(index).is_some_and(|option| option.contains(Some(&target))) {
                return self.choose(line);
            }
        }
    }

    fn choose(&self, line: &Line) {
        self.native().set_value(&line.name);
        self.change(|state| {
            state.code = Some(line.code.clone());
            state.error = None;
            state.open = false;
            state.active = None;
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

    /// Keeps the list in step with the state. The lines that are there say something else:
    /// making twenty new ones at every letter is what an old phone would feel.
    fn draw_list(&self, before: Option<Drawn>) -> Drawn {
        let state = self.state.get();
        let lines = if state.open { state.lines } else { Arc::default() };
        let Drawn { lines: old, mut options, active } = before.unwrap_or_default();
        for gone in options.drain(lines.len().min(options.len())..) {
            gone.element().remove();
        }
        for (index, line) in lines.iter().enumerate() {
            if index == options.len() {
                let option = option(index);
                drop(self.list.clone().child(&option));
                options.push(option);
            } else if old.get(index) == Some(line) {
                continue;
            }
            self.say(&options[index], line);
        }
        drop(self.list.clone().attr_or_not(lines.is_empty(), "hidden", ""));
        let now = Drawn { lines, options, active: state.active.filter(|_| state.open) };
        if active != now.active {
            let select = |index: Option<usize>, selected: &str| {
                let option = now.options.get(index?)?.element();
                let _ = option.set_attribute("aria-selected", selected);
                Some(option)
            };
            select(active, "false");
            if let Some(option) = select(now.active, "true") {
                let nearest = ScrollIntoViewOptions::new();
                nearest.set_block(ScrollLogicalPosition::Nearest);
                option.scroll_into_view_with_scroll_into_view_options(&nearest);
            }
        }
        now
    }

    /// Makes a line of the list say what it has to.
    fn say(&self, option: &El, line: &Line) {
        let page = &self.page;
        let name = match &line.former {
            Some(former) => {
                let values = [("former", Value::French(former)), ("today", Value::French(&line.name))];
                page.say_with("span", "name", Key::Former, &values)
            }
            None => page.french("span", "name", &line.name),
        };
        option.fill(vec![name]);
        drop(option.clone().text(" ").child(&page.french("span", "hint", &line.place)));
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
            let values = [("region", Value::Told(&page.guide.region)), ("typed", Value::Typed(typed.trim()))];
            vec![page.say_with("span", "", error, &values)]
        }));

        self.status.fill(match page.loads.get().communes {
            Loaded::Ready(_) if state.code.is_some() || !state.typed => Vec::new(),
            Loaded::Ready(_) => vec![self.found(state.all, state.lines.len())],
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
    fn found(&self, count: usize, shown: usize) -> El {
        let key = match count {
            0 => Key::FoundNone,
            _ if count > shown => Key::FoundMore,
            _ => Key::Found,
        };
        let (count, shown) = (count.to_string(), shown.to_string());
        self.page.say_with(
            "span",
            "",
            key,
            &[("count", Value::Plain(&count)), ("shown", Value::Plain(&shown))],
        )
    }
}

/// A line of the list, which says nothing yet.
fn option(index: usize) -> El {
    el("li")
        .attr("role", "option")
        .attr("id", &format!("commune-{index}"))
        .attr("aria-selected", "false")
        .part("option")
}

/// The lines for what is typed, those of the host's territory first.
fn lines(search: &Search, guide: &Guide, typed: &str, territory: Option<&str>) -> (Vec<Line>, usize) {
    let here: &[String] = territory
        .and_then(|id| guide.territories.iter().find(|territory| territory.id == id))
        .map_or(&[], |territory| &territory.departments);
    let is_here = |commune: &CommuneName| {
        territory == Some(commune.department()) || here.iter().any(|code| code == commune.department())
    };
    let (hits, all) = search.find_from(typed, SHOWN, &is_here);
    let lines = hits
        .iter()
        .map(|hit| {
            let commune = hit.commune;
            let department =
                guide.departments.iter().find(|department| department.code == commune.department());
            let department = department.map_or("", |department| &department.name);
            Line {
                code: commune.code.clone(),
                name: commune.name.clone(),
                former: hit.former.map(str::to_owned),
                place: if commune.postcodes.is_empty() {
                    department.to_owned()
                } else {
                    format!("{department}, {}", commune.postcodes.join(" "))
                },
            }
        })
        .collect();
    (lines, all)
}
