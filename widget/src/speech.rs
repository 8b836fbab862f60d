//! Saying something in the visitor's language. Whatever is said in another one is marked,
//! for the voice of a screen reader and for the direction of the letters: texts that nobody
//! has translated, and the names, addresses and notes of places, which are French.

use crate::dom::{El, el, text};
use crate::page::Page;
use crate::texts::Key;
use shared::decision::{GuideNetwork, TextSlot};
use shared::directory::MAIN_LANGUAGE;
use shared::speech::Part;
use shared::wording::is_usual;

pub(crate) use shared::speech::{Value, Values};

impl Page {
    /// An element that says a text of ours.
    #[inline(never)]
    pub(crate) fn say(&self, tag: &str, class: &str, key: Key) -> El {
        self.say_with(tag, class, key, &[])
    }

    /// The same, with its placeholders filled.
    #[inline(never)]
    pub(crate) fn say_with(&self, tag: &str, class: &str, key: Key, values: Values) -> El {
        let is_french = self.is_french(key, values);
        self.fill(mark(el(tag).class(class), is_french), key, values, is_french)
    }

    /// Whether a sentence is said in French: half of one never is.
    #[inline(never)]
    pub(crate) fn is_french(&self, key: Key, values: Values) -> bool {
        self.texts.sentence_is_french(key, values)
    }

    #[inline(never)]
    fn fill(&self, mut said: El, key: Key, values: Values, is_french: bool) -> El {
        self.texts.fill(key, values, is_french, &mut |part| {
            let before = said.clone();
            said = match part {
                Part::Words(words) => before.text(words),
                Part::French(words) => before.child(&self.name("bdi", "", words)),
                Part::Told(words) => before.child(&self.told("bdi", "", words)),
                Part::Typed(words) => before.child(&text("bdi", "", words).verbatim()),
            };
        });
        said
    }

    /// What separates the items of a list.
    pub(crate) fn comma(&self, in_french: bool) -> String {
        self.texts.comma(in_french)
    }

    /// What only those who hear the page need: what a link or a button is about.
    #[inline(never)]
    pub(crate) fn about(&self, about: Value) -> El {
        self.say_with("span", "unseen", Key::Precision, &[("what", Value::Plain("")), ("about", about)])
    }

    /// An element that says a text of the edition.
    #[inline(never)]
    pub(crate) fn told(&self, tag: &str, class: &str, words: &str) -> El {
        mark(text(tag, class, words), self.guide.is_untranslated(words))
    }

    /// The same, by its slot.
    #[inline(never)]
    pub(crate) fn edition(&self, tag: &str, class: &str, text: TextSlot) -> El {
        self.told(tag, class, self.guide.text(text))
    }

    /// An element that says a name or an address of the country: in French, and as it is written.
    #[inline(never)]
    pub(crate) fn name(&self, tag: &str, class: &str, words: &str) -> El {
        self.french(tag, class, words).verbatim()
    }

    /// An element that says what is always in French: the notes of places.
    #[inline(never)]
    pub(crate) fn french(&self, tag: &str, class: &str, words: &str) -> El {
        // Easy-to-read French is French.
        mark(text(tag, class, words), !self.guide.language().starts_with(MAIN_LANGUAGE))
    }

    /// A network's name with the short one, that first which people know it by.
    pub(crate) fn network_name(&self, tag: &str, class: &str, network: &GuideNetwork) -> El {
        let Some(acronym) = &network.acronym else { return self.edition(tag, class, network.name) };
        let (name, acronym) = (self.edition("span", "", network.name), self.name("bdi", "", acronym));
        let (first, then) = if is_usual(network) { (acronym, name) } else { (name, acronym) };
        el(tag).class(class).child(&first).text(" (").child(&then).text(")")
    }
}

/// Marks what is French among other words.
#[inline(never)]
pub(crate) fn mark(said: El, is_french: bool) -> El {
    said.attr_if(is_french, "lang", MAIN_LANGUAGE).attr_if(is_french, "dir", "ltr")
}
