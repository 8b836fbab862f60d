//! What stays while screens and languages change: the outermost node, the choice of a
//! language, and the line that says what became of it.

use crate::about;
use crate::dom::{El, button, el, text};
use crate::page::Page;
use crate::texts::Key;
use std::rc::Rc;

/// The outermost nodes of an element.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) section: El,
    pub(crate) screen: El,
    languages: El,
    /// A live region must be there before it speaks: it is never replaced.
    said: El,
    privacy: El,
    about: El,
}

impl Frame {
    /// Empty nodes; [`Self::dress`] gives them a language.
    pub(crate) fn new() -> Self {
        let screen = el("div").class("screen");
        let languages = el("div").class("languages").part("languages").attr("role", "group").verbatim();
        let said = el("p").class("said").attr("role", "status");
        let privacy = el("p").class("privacy");
        let about = el("div");
        let section = el("section").class("guide").part("guide");
        let section = section.child(&languages).child(&said).child(&screen).child(&privacy).child(&about);
        Self { section, screen, languages, said, privacy, about }
    }

    /// Puts everything in a page's language.
    pub(crate) fn dress(&self, page: &Rc<Page>) {
        let guide = &page.guide;
        let _ = self
            .section
            .clone()
            .attr("lang", guide.language())
            .attr("dir", page.direction())
            .attr("aria-label", page.texts.bare(Key::Title));
        self.privacy.fill(vec![page.say("span", "", Key::Privacy)]);
        self.about.fill(about::view(page));
        self.said.fill(Vec::new());
        let _ = self.languages.clone().attr("aria-label", page.texts.bare(Key::LanguageLabel)).attr_or_not(
            guide.languages.len() < 2,
            "hidden",
            "",
        );
        // Buttons, all in view: whoever does not read this language finds their own, and
        // nothing changes before it is pressed, as a list under the arrow keys would.
        self.languages.fill(
            guide
                .languages
                .iter()
                .map(|language| {
                    let name = text("button", "quiet", &language.name)
                        .attr("lang", &language.tag)
                        .attr("dir", if language.right_to_left { "rtl" } else { "ltr" })
                        .attr_if(language.tag == guide.language(), "aria-current", "true");
                    let (page, tag) = (Rc::clone(page), language.tag.clone());
                    button(name, "button quiet language", move || {
                        if page.guide.language() != tag {
                            let _ = page.source.calls.speak(&tag);
                        }
                    })
                })
                .collect(),
        );
    }

    /// Says what became of a choice of language; only for who listens, where it can be seen.
    pub(crate) fn announce(&self, page: &Page, key: Key) {
        let class = if key == Key::LanguageChanged { "unseen" } else { "" };
        self.said.fill(vec![page.say("span", class, key)]);
    }

    /// Whether the focus is on one of the languages.
    pub(crate) fn focused_language(&self, focused: &web_sys::Element) -> bool {
        self.languages.element().contains(Some(focused))
    }

    /// Puts the focus on the language that is spoken.
    pub(crate) fn focus_language(&self) {
        if let Ok(Some(current)) = self.languages.element().query_selector("[aria-current]") {
            El::of(current).focus();
        }
    }
}
