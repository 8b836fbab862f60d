//! The `<spro-guide>` element: a visitor answers a few questions and leaves with a place.
//!
//! The custom element itself is `js/loader.js` and `js/element.js`; it shows the first question
//! by itself, and calls [`Instance::mount`] once the module and the guide are there and the
//! visitor goes on. This crate alone knows the DOM, and only below the
//! element's own shadow root. It learns about the world through the public API, and tells
//! it nothing: answers never leave the page.
//!
//! `widget/README.md` is for who knows Leptos: the life of a screen, owners and effects, bytes, and
//! what to change to add a text, a screen, an attribute or an event.

mod about;
mod api;
mod card;
mod clock;
mod commune_field;
mod commune_list;
mod dom;
mod frame;
mod hours;
mod keep;
mod later;
mod liaison;
mod options;
mod page;
mod place;
mod question;
mod report;
mod result;
mod sheet;
mod speech;
mod texts;
mod why;

use api::Source;
use frame::Frame;
use page::{Calls, Page};
use reactive_graph::computed::Memo;
use reactive_graph::effect::RenderEffect;
use reactive_graph::owner::{Owner, StoredValue};
use reactive_graph::traits::{Get, GetUntracked, Set, Update};
use shared::snapshot::{LocalizedGuide, SnapshotId};
use shared::visit::{Screen, Visit};
use std::rc::Rc;
use std::sync::Arc;
use texts::{Key, Texts};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{HtmlElement, ShadowRoot};

/// One element of the page, alive.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Instance {
    root: ShadowRoot,
    owner: Owner,
    page: Rc<Page>,
}

#[wasm_bindgen]
impl Instance {
    /// Shows the guide in the element's shadow root.
    ///
    /// `snapshot` is the id of the snapshot that `guide` and `words` are pieces of, what decides and
    /// what it says in a language; `texts` is the file of the build with the texts of that language, or
    /// nothing. `calls` is what the custom element does when it is asked.
    ///
    /// `shown` says that the custom element has shown the first question by itself, and `answer` is
    /// what was answered there, if anything was.
    ///
    /// # Errors
    /// A short code when the guide is not one that this build can read.
    #[expect(clippy::too_many_arguments, reason = "JavaScript has no structure of ours to hand over")]
    pub fn mount(
        host: HtmlElement,
        snapshot: &str,
        guide: &[u8],
        words: &[u8],
        texts: &str,
        calls: Calls,
        shown: bool,
        answer: Option<String>,
    ) -> Result<Self, JsValue> {
        // Fails when another instance did it already, which is what we want.
        let _ = any_spawner::Executor::init_wasm_bindgen();
        let (snapshot, guide) = open(snapshot, guide, words)?;
        let root = host.shadow_root().ok_or_else(unreadable)?;
        let texts = Texts::new(guide.language(), texts);
        let source = Source { snapshot, calls };
        let frame = Frame::new();
        root.replace_children_with_node_1(frame.section.node());
        let moved = answer.is_some();
        let mut visit = Visit::new(&guide);
        if let (Some(answer), Screen::Question { index, .. }) = (answer, visit.screen(&guide)) {
            visit.answer(&guide.questions[index].id, answer);
        }
        let make = || Page::new(host, source, (guide, texts), frame, visit);
        let (owner, page) = show(make, moved, shown && !moved);
        Ok(Self { root, owner, page })
    }

    /// Goes on with another guide: a newer one, or one in another language. The visitor stays
    /// where they are, the focus too.
    ///
    /// # Errors
    /// See [`Self::mount`]; then nothing has changed.
    #[wasm_bindgen(js_name = goOn)]
    pub fn go_on(&mut self, snapshot: &str, guide: &[u8], words: &[u8], texts: &str) -> Result<(), JsValue> {
        let (snapshot, guide) = open(snapshot, guide, words)?;
        let before = Rc::clone(&self.page);
        let texts = Texts::new(guide.language(), texts);
        let is_translated = guide.language() != before.guide.language();
        let visit = before.visit.get_untracked();
        let focused = self.root.active_element();
        let on_languages = focused.as_ref().is_some_and(|node| before.frame.focused_language(node));
        self.owner.cleanup();
        let source = Source { snapshot, calls: before.source.calls.clone() };
        let make = || Page::new(before.host.clone(), source, (guide, texts), before.frame.clone(), visit);
        let (owner, page) = show(make, focused.is_some() && !on_languages, false);
        if on_languages {
            page.frame.focus_language();
        }
        if is_translated {
            page.frame.announce(&page, Key::LanguageChanged);
        }
        (self.owner, self.page) = (owner, page);
        Ok(())
    }

    /// Says that another language did not come.
    pub fn stay(&self) {
        self.page.frame.announce(&self.page, Key::LanguageFailed);
    }

    /// Reads the element's attributes again.
    pub fn update(&self, host: &HtmlElement) {
        let options = options::of(host);
        if self.page.options.get_untracked() != options {
            self.page.options.set(options);
        }
    }

    /// Stops everything that the instance started. The shadow root is the caller's.
    pub fn unmount(self) {
        self.owner.cleanup();
    }
}

/// Makes a page and keeps it in step with its visit, as long as the owner lives. `moved` puts
/// the focus on the first screen too; `shown` says that the host page was told of it already.
fn show(make: impl FnOnce() -> Rc<Page>, moved: bool, shown: bool) -> (Owner, Rc<Page>) {
    // A root of our own: an element inserted while another one handles an event would
    // otherwise become its child and stop with it.
    let owner = Owner::new();
    let page = owner.with(|| {
        let page = make();
        let visit = page.visit;
        // The host's commune is the visitor's first answer, and can be changed.
        let follow = {
            let page = Rc::clone(&page);
            RenderEffect::new(move |_| {
                let options = page.options.get();
                visit.update(|visit| visit.prefill(options.commune.as_deref()));
            })
        };
        // Only another screen is drawn again, not every change of the visit: what a
        // screen holds, listeners included, goes when it is drawn again.
        let guide = Arc::clone(&page.guide);
        let screen = Memo::new(move |_| visit.get().screen(&guide));
        let draw = {
            let page = Rc::clone(&page);
            RenderEffect::new(move |again: Option<()>| {
                let is_first = again.is_none();
                page.show(&screen.get(), moved || !is_first, shown && is_first);
            })
        };
        // An effect stops when it is dropped: these two live as long as the owner.
        StoredValue::new_local((follow, draw));
        page
    });
    (owner, page)
}

/// Reads a guide with its words, and the id of its snapshot.
fn open(snapshot: &str, guide: &[u8], words: &[u8]) -> Result<(SnapshotId, LocalizedGuide), JsValue> {
    use shared::snapshot::read;
    let read = || {
        let guide = LocalizedGuide::new(Arc::new(read(guide).ok()?), read(words).ok()?).ok()?;
        Some((SnapshotId::parse(snapshot)?, guide))
    };
    read().ok_or_else(unreadable)
}

fn unreadable() -> JsValue {
    JsValue::from_str("unreadable-guide")
}
