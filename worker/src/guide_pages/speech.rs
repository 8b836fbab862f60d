//! Saying something in the visitor's language, as markup. Whatever is said in another one is
//! marked, for the voice of a screen reader and for the direction of the letters.

use maud::{Markup, PreEscaped, Render, html};
use shared::decision::{GuideNetwork, TextSlot};
use shared::directory::MAIN_LANGUAGE;
use shared::snapshot::LocalizedGuide;
use shared::speech::{Part, Value, Values};
use shared::texts::{Key, Texts};
use shared::wording::is_usual;

/// A guide and the texts of its language.
pub(super) struct Voice<'a> {
    pub(super) guide: &'a LocalizedGuide,
    pub(super) texts: Texts,
}

impl Voice<'_> {
    /// Where the lines of the guide's language begin: `ltr` or `rtl`.
    pub(super) fn direction(&self) -> &'static str {
        let current = self.guide.languages.iter().find(|language| language.tag == self.guide.language());
        if current.is_some_and(|language| language.right_to_left) { "rtl" } else { "ltr" }
    }

    /// A text of ours.
    pub(super) fn say(&self, key: Key) -> Markup {
        self.say_with(key, &[])
    }

    /// The same, with its placeholders filled.
    pub(super) fn say_with(&self, key: Key, values: Values) -> Markup {
        let is_french = self.texts.sentence_is_french(key, values);
        let mut said = String::new();
        self.texts.fill(key, values, is_french, &mut |part| match part {
            Part::Words(words) => words.render_to(&mut said),
            Part::French(words) => html! { bdi { (self.name(words)) } }.render_to(&mut said),
            Part::Told(words) => html! { bdi { (self.told(words)) } }.render_to(&mut said),
            Part::Typed(words) => html! { bdi translate="no" { (words) } }.render_to(&mut said),
        });
        mark(&PreEscaped(said), is_french)
    }

    /// What only those who hear the page need: what a link or a button is about.
    pub(super) fn about(&self, about: Value) -> Markup {
        let values = [("what", Value::Plain("")), ("about", about)];
        html! { span.unseen { (self.say_with(Key::Precision, &values)) } }
    }

    /// A text of the edition.
    pub(super) fn told(&self, words: &str) -> Markup {
        mark(&words, self.guide.is_untranslated(words))
    }

    /// The same, by its slot.
    pub(super) fn edition(&self, text: TextSlot) -> Markup {
        self.told(self.guide.text(text))
    }

    /// A name or an address of the country: in French, and as it is written, whatever translates
    /// the page.
    pub(super) fn name(&self, words: &str) -> Markup {
        let is_foreign = self.is_foreign();
        let (lang, dir) = (is_foreign.then_some(MAIN_LANGUAGE), is_foreign.then_some("ltr"));
        html! { span translate="no" lang=[lang] dir=[dir] { (words) } }
    }

    /// What is always in French: the notes of places.
    pub(super) fn french(&self, words: &str) -> Markup {
        mark(&words, self.is_foreign())
    }

    /// Whether French is another language. Easy-to-read French is none.
    fn is_foreign(&self) -> bool {
        !self.guide.language().starts_with(MAIN_LANGUAGE)
    }

    /// A network's name with the short one, that first which people know it by.
    pub(super) fn network_name(&self, network: &GuideNetwork) -> Markup {
        let name = html! { span { (self.edition(network.name)) } };
        let Some(acronym) = &network.acronym else { return name };
        let acronym = html! { bdi { (self.name(acronym)) } };
        let (first, then) = if is_usual(network) { (acronym, name) } else { (name, acronym) };
        html! { (first) " (" (then) ")" }
    }
}

/// Marks what is French among other words.
fn mark(said: &dyn Render, is_french: bool) -> Markup {
    if is_french {
        html! { span lang=(MAIN_LANGUAGE) dir="ltr" { (said.render()) } }
    } else {
        said.render()
    }
}
