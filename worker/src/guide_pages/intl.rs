//! Days, numbers and names of languages, as the runtime says them.

use js_sys::{Date, Number, Object};
use serving::brotli::object;
use shared::texts::{Intl, Style};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The runtime's `Intl`.
#[derive(Debug)]
pub(super) struct Edge;

impl Intl for Edge {
    fn date(&self, locale: &str, iso: &str, style: Style) -> Option<String> {
        let style: &[(&str, &str)] = match style {
            Style::Long => &[("dateStyle", "long")],
            Style::Near => &[("weekday", "long"), ("day", "numeric"), ("month", "long")],
            Style::Weekday => &[("weekday", "long")],
        };
        let mut options: Vec<(&str, JsValue)> =
            style.iter().map(|(name, value)| (*name, JsValue::from_str(value))).collect();
        // Without a time, an ISO date is midnight in UTC.
        options.push(("timeZone", JsValue::from_str("UTC")));
        let date = Date::new(&JsValue::from_str(iso));
        (!date.get_time().is_nan())
            .then(|| String::from(date.to_locale_date_string(locale, &object(&options))))
    }

    fn number(&self, locale: &str, number: f64) -> String {
        Number::from(number).to_locale_string(locale).into()
    }

    fn language(&self, locale: &str, tag: &str) -> Option<String> {
        let options = object(&[("type", JsValue::from_str("language"))]);
        DisplayNames::new(locale, &options).and_then(|names| names.of(tag)).ok()
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DisplayNames;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &Object) -> Result<DisplayNames, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn of(this: &DisplayNames, tag: &str) -> Result<String, JsValue>;
}
