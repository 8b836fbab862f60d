//! Values that a person typed in the place of what a source says, field by field. A source that
//! is imported again does not overwrite them: [`Correction`] says what the source said then, so
//! that an import can tell a source that repeats itself from one that has something new to say.

use super::{IsoDate, Structure};
use crate::fields;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A field of a place that a person typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The day on which they typed it.
    pub on: IsoDate,
    /// The value that they replaced, as the document writes it; absent where there was none.
    #[serde(default)]
    pub instead_of: Value,
}

impl Correction {
    /// What a person typed on a day, in the place of a value as the document writes it.
    pub fn of(on: impl Into<IsoDate>, instead_of: &Value) -> Self {
        Self { on: on.into(), instead_of: normal(instead_of) }
    }

    /// Whether a value is the one that was replaced.
    pub fn replaces(&self, value: &Value) -> bool {
        self.instead_of == normal(value)
    }
}

/// The fields that a source gives and a person may correct.
pub const CORRECTABLE: [&str; 16] = [
    "name",
    "network",
    "address",
    "commune",
    "position",
    "phones",
    "emails",
    "website",
    "hours",
    "hours_note",
    "closed",
    "languages",
    "access",
    "competence",
    "serves",
    "services",
];

impl Structure {
    /// Records that a person typed, on `today`, what differs from `before`; from nothing where the
    /// place is new. A value that is again what the source says is no correction any more.
    pub fn correct(&mut self, before: Option<&Self>, today: &str) {
        let blank = Self::default();
        let (was, is) = (fields::of(before.unwrap_or(&blank)), fields::of(self));
        for name in CORRECTABLE {
            let [was, is] = [&was, &is].map(|fields| fields.get(name).map(normal).unwrap_or_default());
            if was == is {
                continue;
            }
            let instead_of = self.corrections.remove(name).map_or(was, |known| known.instead_of);
            if instead_of != is {
                self.corrections.insert(name.to_owned(), Correction { on: today.to_owned(), instead_of });
            }
        }
    }
}

/// A value without what says nothing, so that the same is equal however it was written: the
/// document leaves blanks out.
fn normal(value: &Value) -> Value {
    let says_something = |value: &Value| *value != Value::Null;
    match value {
        Value::Bool(false) => Value::Null,
        Value::String(text) if text.is_empty() => Value::Null,
        Value::Array(items) if items.is_empty() => Value::Null,
        Value::Array(items) => Value::Array(items.iter().map(normal).collect()),
        Value::Object(fields) => {
            let normal = fields.iter().map(|(name, value)| (name.clone(), normal(value)));
            let fields: serde_json::Map<String, Value> =
                normal.filter(|(_, value)| says_something(value)).collect();
            if fields.is_empty() { Value::Null } else { Value::Object(fields) }
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn place() -> Structure {
        let mut place = Structure { name: "CIO".to_owned(), ..Structure::default() };
        place.phones = vec!["04 75 00 00 01".to_owned()];
        place.address.lines = vec!["1 rue du Parc".to_owned()];
        place
    }

    #[test]
    fn what_differs_is_a_correction_until_it_is_what_the_source_says() {
        let source = place();
        let mut typed = Structure { phones: vec!["04 75 00 00 02".to_owned()], ..source.clone() };
        typed.correct(Some(&source), "2026-11-29");
        assert_eq!(typed.corrections.keys().collect::<Vec<_>>(), ["phones"]);
        assert!(typed.corrections["phones"].replaces(&json!(["04 75 00 00 01"])));
        let mut later = Structure { phones: Vec::new(), ..typed.clone() };
        later.correct(Some(&typed), "2026-12-01");
        assert_eq!(
            later.corrections["phones"],
            Correction { on: "2026-12-01".to_owned(), instead_of: json!(["04 75 00 00 01"]) }
        );
        let mut back = Structure { phones: source.phones.clone(), ..later.clone() };
        back.correct(Some(&later), "2026-12-02");
        assert_eq!(back, source);
    }

    #[test]
    fn all_of_a_new_place_is_typed_and_nothing_of_what_is_blank() {
        let mut new = place();
        new.correct(None, "2026-11-29");
        assert_eq!(new.corrections.keys().collect::<Vec<_>>(), ["address", "name", "phones"]);
        assert!(new.corrections.values().all(|correction| correction.replaces(&Value::Null)));
    }

    #[test]
    fn blanks_do_not_count() {
        let correction = Correction { on: String::new(), instead_of: json!({ "lines": ["1 rue du Parc"] }) };
        assert!(correction.replaces(&json!({ "lines": ["1 rue du Parc"], "postcode": "", "town": null })));
        assert!(!correction.replaces(&json!({ "lines": ["1 rue du Parc"], "postcode": "26000" })));
    }
}
