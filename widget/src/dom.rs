//! Building nodes by hand, in as few bytes as it takes.
//!
//! No `innerHTML` and no inline style, so that Trusted Types and a strict `style-src` have
//! nothing to refuse. A listener belongs to the reactive owner that is current when it is
//! added, and goes with it.
//!
//! Nothing generic and nothing inlined: these few functions are called hundreds of times,
//! and every copy is a visitor's download.

use gloo_events::{EventListener, EventListenerOptions};
use reactive_graph::owner::StoredValue;
use web_sys::{Document, Element, Event, HtmlElement, Node};

/// The page's document. There always is one where this code runs.
fn document() -> Document {
    web_sys::window().and_then(|window| window.document()).expect("a document")
}

/// A new element.
#[inline(never)]
pub(crate) fn el(tag: &str) -> El {
    El(document().create_element(tag).expect("a valid tag name"))
}

/// A new element of a drawing.
#[inline(never)]
pub(crate) fn drawn(tag: &str) -> El {
    El(document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag).expect("a valid tag name"))
}

/// A drawing that stands beside words: nobody hears it.
#[inline(never)]
pub(crate) fn drawing(class: &str, view_box: &str, parts: Vec<El>) -> El {
    drawn("svg").class(class).attr("viewBox", view_box).attr("aria-hidden", "true").children(parts)
}

/// What is drawn beside the words of a choice or of a card.
#[inline(never)]
pub(crate) fn pictogram(lines: Option<&String>) -> Option<El> {
    lines.map(|lines| drawing("pictogram", "0 0 24 24", vec![drawn("path").attr("d", lines)]))
}

/// An element with a class and a text: the most common need.
#[inline(never)]
pub(crate) fn text(tag: &str, class: &str, content: &str) -> El {
    el(tag).class(class).text(content)
}

/// An element under construction.
#[derive(Clone, Debug)]
pub(crate) struct El(Element);

impl El {
    /// An element that is there already.
    pub(crate) const fn of(element: Element) -> Self {
        Self(element)
    }

    /// Sets an attribute.
    #[inline(never)]
    pub(crate) fn attr(self, name: &str, value: &str) -> Self {
        // Fails only for names that are not names.
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// Sets an attribute when the condition holds.
    #[inline(never)]
    pub(crate) fn attr_if(self, condition: bool, name: &str, value: &str) -> Self {
        if condition { self.attr(name, value) } else { self }
    }

    /// Sets an attribute when the condition holds, removes it otherwise.
    pub(crate) fn attr_or_not(self, condition: bool, name: &str, value: &str) -> Self {
        if !condition {
            let _ = self.0.remove_attribute(name);
        }
        self.attr_if(condition, name, value)
    }

    /// Sets the class; an empty one is left out.
    #[inline(never)]
    pub(crate) fn class(self, class: &str) -> Self {
        self.attr_if(!class.is_empty(), "class", class)
    }

    /// Keeps what it says from whatever translates the page: names, addresses and numbers lead
    /// somewhere only as they are written.
    #[inline(never)]
    pub(crate) fn verbatim(self) -> Self {
        self.attr("translate", "no")
    }

    /// Names the element for the host's style sheet.
    pub(crate) fn part(self, part: &str) -> Self {
        self.attr("part", part)
    }

    /// Appends a text.
    #[inline(never)]
    pub(crate) fn text(self, content: &str) -> Self {
        let _ = self.0.append_with_str_1(content);
        self
    }

    /// Appends an element.
    #[inline(never)]
    pub(crate) fn child(self, child: &Self) -> Self {
        let _ = self.0.append_child(&child.0);
        self
    }

    /// Appends an element, if there is one.
    #[inline(never)]
    pub(crate) fn maybe(self, child: Option<&Self>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Appends elements.
    #[inline(never)]
    pub(crate) fn children(self, children: Vec<Self>) -> Self {
        for child in children {
            let _ = self.0.append_child(&child.0);
        }
        self
    }

    /// Replaces whatever it holds.
    #[inline(never)]
    pub(crate) fn fill(&self, children: Vec<Self>) {
        self.0.replace_children_with_node_0();
        for child in children {
            let _ = self.0.append_child(&child.0);
        }
    }

    /// Listens to an event as long as the current owner lives.
    pub(crate) fn on(self, event: &'static str, handle: impl FnMut(&Event) + 'static) -> Self {
        self.listen(event, Box::new(handle));
        self
    }

    #[inline(never)]
    fn listen(&self, event: &'static str, mut handle: Box<dyn FnMut(&Event)>) {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&self.0, event, options, move |event| handle(event));
        StoredValue::new_local(listener);
    }

    /// The node.
    pub(crate) fn node(&self) -> &Node {
        &self.0
    }

    /// The element.
    pub(crate) fn element(&self) -> &Element {
        &self.0
    }

    /// The element, as one that can take the focus.
    pub(crate) fn html(&self) -> &HtmlElement {
        use wasm_bindgen::JsCast;
        self.0.unchecked_ref()
    }

    /// Takes the focus without moving the page, then shows itself if it is out of sight.
    #[inline(never)]
    pub(crate) fn focus(&self) {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = self.html().focus_with_options(&options);
        let height = web_sys::window().and_then(|window| window.inner_height().ok()?.as_f64()).unwrap_or(0.0);
        let top = self.0.get_bounding_client_rect().top();
        if top < 0.0 || top > height * 0.8 {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Start);
            self.0.scroll_into_view_with_scroll_into_view_options(&options);
        }
    }
}

/// Makes a link of an `a`. Those that leave the page open elsewhere and do not say where they
/// come from.
#[inline(never)]
pub(crate) fn link(a: El, address: &str) -> El {
    let leaves = address.starts_with("http");
    a.attr("href", address).attr_if(leaves, "target", "_blank").attr_if(leaves, "rel", "noopener noreferrer")
}

/// Makes a `button` that does not submit.
pub(crate) fn button(button: El, part: &str, mut press: impl FnMut() + 'static) -> El {
    let button = button.attr("type", "button").part(part);
    button.listen("click", Box::new(move |_| press()));
    button
}
