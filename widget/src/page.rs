//! What one element holds: the guide, the visit, what has been loaded, and its frame.

use crate::api::Source;
use crate::dom::el;
use crate::frame::Frame;
use crate::later::Drawn;
use crate::options::{self, Options};
use crate::texts::{Key, Texts};
use crate::{later, question};
use js_sys::Promise;
use reactive_graph::owner::LocalStorage;
use reactive_graph::signal::RwSignal;
use reactive_graph::traits::{GetUntracked, Set, Track};
use shared::commune_index::{MOST_DEPARTMENTS, Search};
use shared::snapshot::{DepartmentPiece, LocalizedGuide};
use shared::visit::{Screen, Visit};
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{CustomEvent, CustomEventInit, HtmlElement, Node};

/// Something that comes from the API.
#[derive(Debug, Clone, Default)]
pub(crate) enum Loaded<T> {
    /// Not asked for yet.
    #[default]
    Idle,
    /// On its way.
    Loading,
    /// There.
    Ready(T),
    /// It did not come.
    Failed,
}

/// What an element has asked the API for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Loads {
    /// The names of the region's communes; of a wide directory, once a postcode says the department,
    /// those of that.
    pub(crate) communes: Loaded<Rc<Search>>,
    /// The places of the visitor's department.
    pub(crate) department: Loaded<Rc<DepartmentPiece>>,
}

#[wasm_bindgen]
extern "C" {
    /// What the custom element is asked for.
    #[derive(Debug, Clone)]
    pub type Calls;
    /// The bytes of a piece of a snapshot, by its name, and by its hash where what was read first does
    /// not tell that; the promise fails where they cannot be had, or are not what was published.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn piece(
        this: &Calls,
        snapshot: &str,
        name: &str,
        hash: Option<&str>,
    ) -> Result<Promise, JsValue>;
    /// Brings what the first questions do not need; the promise fails where it cannot be had.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn later(this: &Calls) -> Result<Promise, JsValue>;
    /// A newer guide.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn renew(this: &Calls) -> Result<(), JsValue>;
    /// The guide in another language, by its tag.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn speak(this: &Calls, language: &str) -> Result<(), JsValue>;
    /// Prints a node alone; the promise fails where the browser cannot.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn print(this: &Calls, sheet: &Node) -> Result<Promise, JsValue>;
    /// Copies a text; the promise fails where that is forbidden.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn copy(this: &Calls, text: &str) -> Result<Promise, JsValue>;
    /// Where the device is: latitude and longitude in degrees, and how far that may be from the truth in
    /// metres; the promise fails where the visitor or the device does not say it.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn locate(this: &Calls) -> Result<Promise, JsValue>;
    /// The same function, undefined where the page may not ask.
    #[wasm_bindgen(method, getter, js_name = locate)]
    pub(crate) fn locating(this: &Calls) -> JsValue;
    /// Sends a report of an error, and gives the status of the answer; the promise fails where none
    /// comes.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn report(
        this: &Calls,
        snapshot: &str,
        place: &str,
        field: &str,
        text: &str,
    ) -> Result<Promise, JsValue>;
    /// The same function, undefined where the deployment takes no reports.
    #[wasm_bindgen(method, getter, js_name = report)]
    pub(crate) fn reporting(this: &Calls) -> JsValue;
    /// Adds to the anonymous counters. Where they are off there is no such function, and
    /// nothing happens.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn count(this: &Calls, what: &str) -> Result<(), JsValue>;
}

/// One element, in one language.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) host: HtmlElement,
    pub(crate) source: Source,
    pub(crate) guide: Arc<LocalizedGuide>,
    pub(crate) texts: Texts,
    pub(crate) options: RwSignal<Options>,
    pub(crate) visit: RwSignal<Visit>,
    pub(crate) loads: RwSignal<Loads, LocalStorage>,
    pub(crate) frame: Frame,
    /// Whether what the first questions do not need has come, where a screen waits for it.
    later: RwSignal<bool>,
}

impl Page {
    /// A page that begins, or that goes on with a visit.
    pub(crate) fn new(
        host: HtmlElement,
        source: Source,
        (guide, texts): (LocalizedGuide, Texts),
        frame: Frame,
        visit: Visit,
    ) -> Rc<Self> {
        let page = Rc::new(Self {
            source,
            visit: RwSignal::new(visit),
            guide: Arc::new(guide),
            texts,
            options: RwSignal::new(options::of(&host)),
            loads: RwSignal::new_local(Loads::default()),
            frame,
            host,
            later: RwSignal::new(later::is_there()),
        });
        page.frame.dress(&page);
        page
    }

    /// The same visit in French, for who is not the visitor; it is not shown by itself.
    pub(crate) fn in_french(&self, guide: LocalizedGuide) -> Rc<Self> {
        Rc::new(Self {
            host: self.host.clone(),
            source: self.source.clone(),
            texts: Texts::new(guide.language(), ""),
            guide: Arc::new(guide),
            options: self.options,
            visit: self.visit,
            loads: self.loads,
            frame: self.frame.clone(),
            later: self.later,
        })
    }

    /// Where the lines of the guide's language begin: `ltr` or `rtl`.
    pub(crate) fn direction(&self) -> &'static str {
        let guide = &self.guide;
        let current = guide.languages.iter().find(|language| language.tag == guide.language());
        if current.is_some_and(|language| language.right_to_left) { "rtl" } else { "ltr" }
    }

    /// Puts a screen in place of the one before; `moved` when the visitor asked for it, so
    /// that the focus goes there; `told` when the host page was told of it already.
    pub(crate) fn show(self: &Rc<Self>, screen: &Screen, moved: bool, told: bool) {
        let (nodes, focus) = match screen {
            Screen::Question { .. } => question::view(self, screen),
            Screen::Result(answers) => later::result(self, answers).unwrap_or_else(|| self.waiting()),
        };
        self.frame.screen.fill(nodes);
        if moved {
            focus.focus();
            if !matches!(screen, Screen::Question { number: 1, .. }) {
                let _ = self.source.calls.count(&["begin ", self.guide.language()].concat());
            }
            // The names are needed at the last question: they come while the others are read.
            self.load_communes();
        }
        match screen {
            Screen::Question { index, number, .. } if !told => {
                let question = self.guide.questions[*index].id.as_str();
                let number = u32::try_from(*number).unwrap_or(u32::MAX).into();
                self.emit("step", &[("question", question.into()), ("number", number)]);
                let _ = self.source.calls.count(&["step ", question].concat());
            }
            Screen::Question { .. } | Screen::Result(_) => {}
        }
    }

    /// The result before the module that draws it is there, which then draws it.
    fn waiting(self: &Rc<Self>) -> Drawn {
        self.later.track();
        let page = Rc::clone(self);
        spawn_local(async move {
            page.wait_for_later().await;
            let _ = page.later.try_set(later::is_there());
        });
        let heading = el("h2").class("heading").part("heading").attr("tabindex", "-1");
        let heading = heading.child(&self.say("span", "", Key::GoFirst));
        let status = self.say("p", "status", Key::Loading).attr("role", "status");
        (vec![heading.clone(), status], heading)
    }

    /// Waits for what the first questions do not need. Where it does not come, the custom element goes
    /// down a rung.
    pub(crate) async fn wait_for_later(&self) {
        if let Ok(promise) = self.source.calls.later()
            && JsFuture::from(promise).await.is_ok()
        {
            later::came();
        }
    }

    /// Loads the communes' names, unless they are there or coming.
    pub(crate) fn load_communes(self: &Rc<Self>) {
        if !matches!(self.loads.get_untracked().communes, Loaded::Loading | Loaded::Ready(_)) {
            self.load_names("");
        }
    }

    /// Loads everybody's names, or in their place those of a department of a wide directory.
    pub(crate) fn load_names(self: &Rc<Self>, department: &str) {
        self.set_loads(|loads| loads.communes = Loaded::Loading);
        let (page, department) = (Rc::clone(self), department.to_owned());
        spawn_local(async move {
            let communes = page.source.communes(&department).await.map_or(Loaded::Failed, Loaded::Ready);
            page.settle(matches!(communes, Loaded::Failed), |loads| loads.communes = communes);
            // The first number that a browser writes takes an old phone a tenth of a second: not at the result.
            drop(page.texts.kilometres(Key::Distance, 0));
        });
    }

    /// Loads a department's places.
    pub(crate) fn load_department(self: &Rc<Self>, code: String) {
        self.set_loads(|loads| loads.department = Loaded::Loading);
        let page = Rc::clone(self);
        let is_wide = self.guide.departments.len() > MOST_DEPARTMENTS;
        spawn_local(async move {
            let names = if is_wide { page.source.communes(&code).await.ok() } else { None };
            let hash = names.as_ref().and_then(|names| Some(names.part(&code)?.hash.clone()));
            let department =
                page.source.department(&code, hash.as_deref()).await.map_or(Loaded::Failed, Loaded::Ready);
            page.settle(matches!(department, Loaded::Failed), |loads| {
                loads.department = department;
                if let Some(names) = names {
                    loads.communes = Loaded::Ready(names);
                }
            });
        });
    }

    /// Keeps what came. What failed may belong to a snapshot that is gone: the custom element
    /// looks for a newer one, and goes on with these answers if there is one.
    fn settle(&self, failed: bool, change: impl FnOnce(&mut Loads)) {
        self.set_loads(change);
        if failed {
            let _ = self.source.calls.renew();
        }
    }

    /// After the element is gone there is no signal to write to, and nothing happens.
    fn set_loads(&self, change: impl FnOnce(&mut Loads)) {
        if let Some(mut loads) = self.loads.try_get_untracked() {
            change(&mut loads);
            let _ = self.loads.try_set(loads);
        }
    }

    /// The communes' names, once they are there.
    pub(crate) fn communes(&self) -> Option<Rc<Search>> {
        match self.loads.get_untracked().communes {
            Loaded::Ready(search) => Some(search),
            Loaded::Idle | Loaded::Loading | Loaded::Failed => None,
        }
    }

    /// The name of a commune, or of a department outside the region, once the names are there.
    pub(crate) fn commune_name(&self, code: &str) -> Option<String> {
        Some(self.communes()?.named(code)?.name.clone())
    }

    /// Tells the host page. Nothing of what the visitor answered is in an event.
    pub(crate) fn emit(&self, name: &str, detail: &[(&str, JsValue)]) {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        let object = js_sys::Object::new();
        for (key, value) in detail {
            let _ = js_sys::Reflect::set(&object, &JsValue::from_str(key), value);
        }
        init.set_detail(&object);
        if let Ok(event) = CustomEvent::new_with_event_init_dict(&format!("spro-guide:{name}"), &init) {
            let _ = self.host.dispatch_event(&event);
        }
    }
}

/// Today as the visitor's clock has it, as an ISO date.
pub(crate) fn today() -> String {
    let now = js_sys::Date::new_0();
    format!("{:04}-{:02}-{:02}", now.get_full_year(), now.get_month() + 1, now.get_date())
}
