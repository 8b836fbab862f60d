//! The `<spro-guide>` element: a visitor answers a few questions and leaves with a place.
//!
//! The custom element itself is `js/element.js`; it calls [`Instance::mount`] once the
//! module and the guide are there. This crate alone knows the DOM, and only below the
//! element's own shadow root. It learns about the world through the public API, and tells
//! it nothing: answers never leave the page.

mod api;
mod card;
mod commune_field;
mod dom;
mod options;
mod page;
mod question;
mod result;
mod texts;
mod visit;

use api::Source;
use leptos::prelude::{Get, GetUntracked, Memo, Owner, RenderEffect, RwSignal, Set, StoredValue, Update};
use options::Options;
use page::Page;
use shared::snapshot::{Guide, SnapshotId};
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{HtmlElement, ShadowRoot};

/// The length of the snapshot's id, in front of the guide.
const ID_LENGTH: usize = 32;

/// One element of the page, alive.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Instance {
    owner: Owner,
    page: Rc<Page>,
}

#[wasm_bindgen]
impl Instance {
    /// Shows the guide in a shadow root.
    ///
    /// `origin` is where the API is, without a final slash; `guide` is the body of
    /// `/v1/guide.bin`. `answers` is what [`Self::answers`] gave, to go on with a visit, or
    /// empty. `renew` asks for a newer guide, when a piece of this one cannot be
    /// had.
    ///
    /// # Errors
    /// A short code when the guide is not one that this build can read.
    pub fn mount(
        host: HtmlElement,
        root: &ShadowRoot,
        origin: String,
        guide: &[u8],
        answers: &str,
        renew: js_sys::Function,
    ) -> Result<Self, JsValue> {
        // Fails when another instance did it already, which is what we want.
        let _ = any_spawner::Executor::init_wasm_bindgen();
        let (snapshot, guide) = open(guide).ok_or_else(|| JsValue::from_str("unreadable-guide"))?;
        // A root of our own: an element inserted while another one handles an event would
        // otherwise become its child and stop with it.
        let owner = Owner::new();
        let page = owner.with(|| {
            let options = RwSignal::new(Options::of(&host));
            let page = Page::new(host, Source { origin, snapshot }, guide, options, renew);
            root.replace_children_with_node_1(&page.container());
            let visit = page.visit;
            visit.update(|visit| visit.resume(answers));
            let is_resumed = !answers.is_empty();
            // The host's commune is the visitor's first answer, and can be changed.
            let follow = {
                let page = Rc::clone(&page);
                RenderEffect::new(move |_| {
                    let options = options.get();
                    page.apply(&options);
                    visit.update(|visit| visit.prefill(options.commune.as_deref()));
                })
            };
            // Only another screen is drawn again, not every change of the visit: what a
            // screen holds, listeners included, goes when it is drawn again.
            let guide = Arc::clone(&page.guide);
            let screen = Memo::new(move |_| visit.get().screen(&guide));
            let show = {
                let page = Rc::clone(&page);
                RenderEffect::new(move |moved: Option<()>| {
                    page.show(&screen.get(), moved.is_some() || is_resumed);
                })
            };
            // An effect stops when it is dropped: these two live as long as the owner.
            StoredValue::new_local((follow, show));
            page
        });
        Ok(Self { owner, page })
    }

    /// The answers given so far, for another instance to go on with.
    pub fn answers(&self) -> String {
        self.page.visit.get_untracked().to_text()
    }

    /// Reads the element's attributes again.
    pub fn update(&self, host: &HtmlElement) {
        let options = Options::of(host);
        if self.page.options.get_untracked() != options {
            self.page.options.set(options);
        }
    }

    /// Stops everything that the instance started. The shadow root is the caller's.
    pub fn unmount(self) {
        self.owner.cleanup();
    }
}

/// Separates the id from the guide.
fn open(body: &[u8]) -> Option<(SnapshotId, Guide)> {
    let (id, guide) = body.split_at_checked(ID_LENGTH)?;
    let id = SnapshotId::parse(std::str::from_utf8(id).ok()?)?;
    Some((id, shared::snapshot::read(guide).ok()?))
}
