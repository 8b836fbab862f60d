//! What the element says of itself, in the visitor's language, and in French where that
//! language lacks a text. Everything else it says comes from the edition.
//!
//! French is compiled in: it is always there. The other languages are files of the build,
//! which the custom element reads beside the guide. See `texts/fr.txt`, the list of all.

use js_sys::{Date, Number, Object, Reflect};
use shared::directory::MAIN_LANGUAGE;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

include!(concat!(env!("OUT_DIR"), "/keys.rs"));

const FRENCH: &str = include_str!(concat!(env!("OUT_DIR"), "/fr.txt"));

/// The texts in one language.
#[derive(Debug)]
pub(crate) struct Texts {
    /// BCP 47 tag.
    language: String,
    /// In the order of [`Key`], empty where one is missing; none at all for French.
    own: Vec<String>,
    french: Vec<&'static str>,
}

impl Texts {
    /// The texts for a guide's language, from a file of the build: the language, then the
    /// texts in the order of [`Key`], a line each, empty where one is missing. A file of
    /// another language says nothing: French is better than a mixture.
    pub(crate) fn new(language: &str, file: &str) -> Self {
        let (own_language, own) = file.split_once('\n').unwrap_or_default();
        let rest = language.strip_prefix(own_language);
        let fits = !own.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        Self {
            language: language.to_owned(),
            own: if fits { own.split('\n').map(str::to_owned).collect() } else { Vec::new() },
            french: FRENCH.split('\n').collect(),
        }
    }

    /// Whether a text is said in French for want of a translation.
    pub(crate) fn is_french(&self, key: Key) -> bool {
        self.language != MAIN_LANGUAGE && self.own.get(key as usize).is_none_or(String::is_empty)
    }

    /// The words, in French where they must be or where there are no others.
    pub(crate) fn words(&self, key: Key, in_french: bool) -> &str {
        match self.own.get(key as usize) {
            Some(own) if !in_french && !own.is_empty() => own,
            _ => self.french.get(key as usize).copied().unwrap_or_default(),
        }
    }

    /// The words for an attribute, where no mark can say that they are French.
    pub(crate) fn bare(&self, key: Key) -> &str {
        self.words(key, false)
    }

    /// A day in words, as the sentence that it is for has it; an ISO date.
    pub(crate) fn day(&self, sentence: Key, iso: &str) -> String {
        self.date(sentence, iso, &[("dateStyle", "long")])
    }

    /// The same with the name of the day, and without the year: a day that is near.
    pub(crate) fn near_day(&self, sentence: Key, iso: &str) -> String {
        self.date(sentence, iso, &[("weekday", "long"), ("day", "numeric"), ("month", "long")])
    }

    /// The name of a day of the week, as the sentence that it is for has it.
    pub(crate) fn weekday(&self, sentence: Key, day: usize) -> String {
        // The first of January 2024 was a Monday.
        self.date(sentence, &format!("2024-01-0{}", day + 1), &[("weekday", "long")])
    }

    /// The name of a language, by its tag; the tag itself where the browser has no name for it.
    pub(crate) fn language_name(&self, sentence: Key, tag: &str) -> String {
        let options = options(&[("type", "language")]);
        let name = DisplayNames::new(&self.locale(sentence), &options).and_then(|names| names.of(tag));
        name.unwrap_or_else(|_| tag.to_owned())
    }

    fn date(&self, sentence: Key, iso: &str, style: &[(&str, &str)]) -> String {
        let options = options(style);
        let _ = Reflect::set(&options, &JsValue::from_str("timeZone"), &JsValue::from_str("UTC"));
        // Without a time, an ISO date is midnight in UTC.
        let date = Date::new(&JsValue::from_str(iso));
        if date.get_time().is_nan() {
            return iso.to_owned();
        }
        date.to_locale_date_string(&self.locale(sentence), &options).into()
    }

    /// A distance in kilometres, to the nearest hundred metres below ten.
    pub(crate) fn kilometres(&self, sentence: Key, meters: u32) -> String {
        let tenths = if meters < 10_000 { meters / 100 } else { (meters + 500) / 1_000 * 10 };
        Number::from(f64::from(tenths) / 10.0).to_locale_string(&self.locale(sentence)).into()
    }

    /// What `Intl` is asked for. European digits everywhere: so are those of phone numbers and
    /// addresses, and those that the guide's own words hold.
    fn locale(&self, sentence: Key) -> String {
        let language = self.words(Key::Locale, self.is_french(sentence));
        format!("{language}-u-nu-latn")
    }
}

#[wasm_bindgen]
extern "C" {
    /// Safari has it since 2021: before, a language is said by its tag.
    #[wasm_bindgen(js_namespace = Intl)]
    type DisplayNames;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &Object) -> Result<DisplayNames, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn of(this: &DisplayNames, tag: &str) -> Result<String, JsValue>;
}

/// Options of `Intl`.
#[inline(never)]
pub(crate) fn options(values: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in values {
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    options
}

#[cfg(test)]
#[path = "../texts/read.rs"]
mod read;

#[cfg(test)]
mod tests {
    use super::read::{in_order, read};
    use super::*;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    fn folder() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("texts")
    }

    fn french() -> String {
        fs::read_to_string(folder().join("fr.txt")).unwrap()
    }

    #[test]
    fn a_text_that_is_missing_is_french_whole_and_says_so() {
        let own = in_order(&french(), "back = رجوع\nstep_plain = السؤال {number}\n").unwrap();
        let texts = Texts::new("ar", &format!("ar\n{own}"));
        let said = |texts: &Texts, key| (texts.words(key, false).to_owned(), texts.is_french(key));
        assert_eq!(said(&texts, Key::Back), ("رجوع".to_owned(), false));
        assert_eq!(texts.words(Key::Back, true), "Retour");
        assert_eq!(said(&texts, Key::StepPlain), ("السؤال {number}".to_owned(), false));
        assert_eq!(said(&texts, Key::GoOn), ("Continuer".to_owned(), true));
        assert_eq!(said(&Texts::new("fr", ""), Key::GoOn), ("Continuer".to_owned(), false));
        assert_eq!(texts.own.len(), texts.french.len(), "nothing is shifted");
        // Of a language with its region, and never of another one.
        assert!(!Texts::new("ar-MA", &format!("ar\n{own}")).is_french(Key::Back));
        for other in ["fr", "arn", "a", ""] {
            assert_eq!(Texts::new(other, &format!("ar\n{own}")).words(Key::Back, false), "Retour");
        }
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

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect()
    }

    /// A translation may be incomplete; it may not be of something else.
    #[test]
    fn every_language_translates_the_french_texts_and_no_others() {
        let file = french();
        let texts = read(&file).unwrap();
        let mut languages = 0;
        for entry in fs::read_dir(folder()).unwrap() {
            let path = entry.unwrap().path();
            let language = path.file_stem().unwrap().to_string_lossy().into_owned();
            if path.extension().is_none_or(|extension| extension != "txt") {
                continue;
            }
            languages += 1;
            let own = fs::read_to_string(&path).unwrap();
            let own = read(&own).unwrap_or_else(|reason| panic!("{language}: {reason}"));
            for (key, text) in &own {
                let Some((_, french)) = texts.iter().find(|(known, _)| known == key) else {
                    panic!("{language}: {key} is no key of fr.txt");
                };
                assert_eq!(placeholders(text), placeholders(french), "{language}: {key}");
                assert!(!text.contains(['<', '\u{2066}', '\u{202b}']), "{language}: {key} holds markup");
            }
            let missing: Vec<&str> = texts
                .iter()
                .map(|(key, _)| *key)
                .filter(|key| !own.iter().any(|(own, text)| own == key && !text.is_empty()))
                .collect();
            if !missing.is_empty() {
                println!("{language}: {} texts are said in French: {}", missing.len(), missing.join(", "));
            }
        }
        assert!(languages >= 1);
    }
}
