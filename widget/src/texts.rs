//! What the element says of itself: see `shared::texts`. Days, numbers and names of languages
//! come from the browser.

pub(crate) use shared::texts::Key;

use js_sys::{Date, Number, Object, Reflect};
use shared::texts::{Intl, Style};
use std::ops::Deref;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The texts in one language, with the browser's words for days and numbers.
#[derive(Debug)]
pub(crate) struct Texts(shared::texts::Texts);

impl Texts {
    /// See [`shared::texts::Texts::new`]; the file is one of the build.
    pub(crate) fn new(language: &str, file: &str) -> Self {
        Self(shared::texts::Texts::new(language, file, &Browser))
    }
}

impl Deref for Texts {
    type Target = shared::texts::Texts;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// The browser's `Intl`.
#[derive(Debug)]
struct Browser;

impl Intl for Browser {
    fn date(&self, locale: &str, iso: &str, style: Style) -> Option<String> {
        let options = options(match style {
            Style::Long => &[("dateStyle", "long")],
            Style::Near => &[("weekday", "long"), ("day", "numeric"), ("month", "long")],
            Style::Weekday => &[("weekday", "long")],
        });
        let _ = Reflect::set(&options, &JsValue::from_str("timeZone"), &JsValue::from_str("UTC"));
        // Without a time, an ISO date is midnight in UTC.
        let date = Date::new(&JsValue::from_str(iso));
        (!date.get_time().is_nan()).then(|| String::from(date.to_locale_date_string(locale, &options)))
    }

    fn number(&self, locale: &str, number: f64) -> String {
        Number::from(number).to_locale_string(locale).into()
    }

    fn language(&self, locale: &str, tag: &str) -> Option<String> {
        let options = options(&[("type", "language")]);
        DisplayNames::new(locale, &options).and_then(|names| names.of(tag)).ok()
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
