//! What the guide says of itself, in the visitor's language, and in French where that
//! language lacks a text. Everything else it says comes from the edition.
//!
//! French is compiled in: it is always there. Other languages are given: the element reads
//! files of its build, the worker's pages have them all. `texts/fr.txt` lists what both say,
//! `texts/pages/fr.txt` what only pages say: no visitor of the element downloads that.

mod read;

pub use read::{in_order, read};

use crate::directory::MAIN_LANGUAGE;
use std::fmt;

include!(concat!(env!("OUT_DIR"), "/keys.rs"));

/// The element's texts in French, in the order of [`Key`], a line each.
pub const FRENCH: &str = include_str!(concat!(env!("OUT_DIR"), "/fr.txt"));

/// Those of pages, which follow them.
pub const FRENCH_OF_PAGES: &str = include_str!(concat!(env!("OUT_DIR"), "/pages.fr.txt"));

/// How a day is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// « 24 novembre 2026 ».
    Long,
    /// « mardi 24 novembre »: a day that is near.
    Near,
    /// « mardi ».
    Weekday,
}

/// How days, numbers and languages are said in a language: what JavaScript calls `Intl`, in
/// the browser and at the edge. A locale is a BCP 47 tag.
pub trait Intl: fmt::Debug {
    /// A day, an ISO date; `None` where it is not one.
    fn date(&self, locale: &str, iso: &str, style: Style) -> Option<String>;
    /// A number.
    fn number(&self, locale: &str, number: f64) -> String;
    /// The name of a language, by its tag; `None` where there is no name for it.
    fn language(&self, locale: &str, tag: &str) -> Option<String>;
}

/// The texts in one language.
#[derive(Debug)]
pub struct Texts {
    /// BCP 47 tag.
    language: String,
    /// In the order of [`Key`], empty where one is missing; none at all for French.
    own: Vec<String>,
    french: Vec<&'static str>,
    intl: &'static dyn Intl,
}

impl Texts {
    /// The element's texts for a guide's language, from a file: the language, then the texts
    /// in the order of [`Key`], a line each, empty where one is missing. A file of another
    /// language says nothing: French is better than a mixture.
    pub fn new(language: &str, file: &str, intl: &'static dyn Intl) -> Self {
        let (own_language, own) = file.split_once('\n').unwrap_or_default();
        let rest = language.strip_prefix(own_language);
        let fits = !own.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        Self {
            language: language.to_owned(),
            own: if fits { own.split('\n').map(str::to_owned).collect() } else { Vec::new() },
            french: FRENCH.split('\n').collect(),
            intl,
        }
    }

    /// The same with those of pages, which follow the others in the file.
    pub fn of_pages(language: &str, file: &str, intl: &'static dyn Intl) -> Self {
        let mut texts = Self::new(language, file, intl);
        texts.french.extend(FRENCH_OF_PAGES.split('\n'));
        texts
    }

    /// Whether a text is said in French for want of a translation.
    pub fn is_french(&self, key: Key) -> bool {
        self.language != MAIN_LANGUAGE && self.own.get(key as usize).is_none_or(String::is_empty)
    }

    /// The words, in French where they must be or where there are no others.
    pub fn words(&self, key: Key, in_french: bool) -> &str {
        match self.own.get(key as usize) {
            Some(own) if !in_french && !own.is_empty() => own,
            _ => self.french.get(key as usize).copied().unwrap_or_default(),
        }
    }

    /// The words for an attribute, where no mark can say that they are French.
    pub fn bare(&self, key: Key) -> &str {
        self.words(key, false)
    }

    /// A day in words, as the sentence that it is for has it; an ISO date.
    pub fn day(&self, sentence: Key, iso: &str) -> String {
        self.date(sentence, iso, Style::Long)
    }

    /// The same with the name of the day, and without the year: a day that is near.
    pub fn near_day(&self, sentence: Key, iso: &str) -> String {
        self.date(sentence, iso, Style::Near)
    }

    /// The name of a day of the week, as the sentence that it is for has it.
    pub fn weekday(&self, sentence: Key, day: usize) -> String {
        // The first of January 2024 was a Monday.
        self.date(sentence, &format!("2024-01-0{}", day + 1), Style::Weekday)
    }

    /// The name of a language, by its tag; the tag itself where there is no name for it.
    pub fn language_name(&self, sentence: Key, tag: &str) -> String {
        // No list of languages that we know of has French sign language.
        if tag == "fsl" {
            return self.bare(Key::SignLanguage).to_owned();
        }
        self.intl.language(&self.locale(sentence), tag).unwrap_or_else(|| tag.to_owned())
    }

    fn date(&self, sentence: Key, iso: &str, style: Style) -> String {
        let locale = self.locale(sentence);
        match self.intl.date(&locale, iso, style) {
            None => iso.to_owned(),
            Some(said) if locale.starts_with(MAIN_LANGUAGE) => first(&said),
            Some(said) => said,
        }
    }

    /// A distance in kilometres, to the nearest hundred metres below ten.
    pub fn kilometres(&self, sentence: Key, meters: u32) -> String {
        let tenths = if meters < 10_000 { meters / 100 } else { (meters + 500) / 1_000 * 10 };
        self.intl.number(&self.locale(sentence), f64::from(tenths) / 10.0)
    }

    /// What `Intl` is asked for. European digits everywhere: so are those of phone numbers and
    /// addresses, and those that the guide's own words hold.
    fn locale(&self, sentence: Key) -> String {
        let language = self.words(Key::Locale, self.is_french(sentence));
        format!("{language}-u-nu-latn")
    }
}

/// French says « 1er janvier »; its `Intl` does not.
fn first(said: &str) -> String {
    let words = said.split(' ').map(|word| if word == "1" { "1er" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// Says everything as it is, for tests.
#[derive(Debug)]
pub struct Plain;

impl Intl for Plain {
    fn date(&self, _: &str, iso: &str, _: Style) -> Option<String> {
        Some(iso.to_owned())
    }

    fn number(&self, _: &str, number: f64) -> String {
        format!("{number}")
    }

    fn language(&self, _: &str, _: &str) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_missing_is_french_whole_and_says_so() {
        let french = include_str!("../../texts/fr.txt");
        let own = in_order(french, "back = رجوع\nstep_plain = السؤال {number}\n").unwrap();
        let texts = Texts::new("ar", &format!("ar\n{own}"), &Plain);
        let said = |texts: &Texts, key| (texts.words(key, false).to_owned(), texts.is_french(key));
        assert_eq!(said(&texts, Key::Back), ("رجوع".to_owned(), false));
        assert_eq!(texts.words(Key::Back, true), "Retour");
        assert_eq!(said(&texts, Key::StepPlain), ("السؤال {number}".to_owned(), false));
        assert_eq!(said(&texts, Key::GoOn), ("Continuer".to_owned(), true));
        assert_eq!(said(&Texts::new("fr", "", &Plain), Key::GoOn), ("Continuer".to_owned(), false));
        assert_eq!(texts.own.len(), texts.french.len(), "nothing is shifted");
        // Of a language with its region, and never of another one.
        assert!(!Texts::new("ar-MA", &format!("ar\n{own}"), &Plain).is_french(Key::Back));
        for other in ["fr", "arn", "a", ""] {
            assert_eq!(Texts::new(other, &format!("ar\n{own}"), &Plain).words(Key::Back, false), "Retour");
        }
    }

    #[test]
    fn what_only_pages_say_follows_what_the_element_says() {
        let element = in_order(include_str!("../../texts/fr.txt"), include_str!("../../texts/en.txt"));
        let pages = in_order(include_str!("../../texts/pages/fr.txt"), "page_skip = Skip\n");
        let file = format!("en\n{}\n{}", element.unwrap(), pages.unwrap());
        let texts = Texts::of_pages("en", &file, &Plain);
        assert_eq!((texts.bare(Key::Back), texts.bare(Key::PageSkip)), ("Back", "Skip"));
        assert_eq!(texts.own.len(), texts.french.len(), "nothing is shifted");
        assert!(texts.is_french(Key::PageTitle) && !texts.bare(Key::PageTitle).is_empty());
    }

    #[test]
    fn the_first_of_a_month_is_said_as_people_do() {
        assert_eq!(first("1 janvier 2027"), "1er janvier 2027");
        assert_eq!(first("vendredi 1 janvier"), "vendredi 1er janvier");
        assert_eq!(first("11 janvier 2021"), "11 janvier 2021");
    }

    #[test]
    fn a_line_that_is_not_a_text_is_refused() {
        for (file, told) in [
            ("Continuer", "line 1"),
            ("# x\n\nGo-on = x", "line 3"),
            ("a = 1\na = 2", "comes twice"),
            (" = x", "line 1"),
        ] {
            assert!(read(file).unwrap_err().contains(told), "{file}");
        }
        assert_eq!(read(" a = b = c \n").unwrap(), [("a", "b = c".to_owned())]);
        assert_eq!(read("a = Pourquoi ?").unwrap()[0].1, "Pourquoi\u{a0}?");
    }
}
