//! JSON whose fields keep the order in which they are written: a document that is composed again
//! differs from the last one only where its sources do.

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Number;
use std::fmt;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Json {
    /// The fields of an object; none of anything else.
    pub(super) fn fields(&self) -> &[(String, Self)] {
        if let Self::Object(fields) = self { fields } else { &[] }
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> &[Self] {
        if let Self::List(items) = self { items } else { &[] }
    }

    /// The letters of a text.
    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A field of an object.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.fields().iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// The text of a field; blank where there is none.
    pub(super) fn word(&self, name: &str) -> &str {
        self.get(name).and_then(Self::text).unwrap_or_default()
    }

    /// A field of an object, to be changed.
    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        let Self::Object(fields) = self else { return None };
        fields.iter_mut().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// The items of a list in a field, to be changed.
    pub(super) fn list_mut(&mut self, name: &str) -> Option<&mut Vec<Self>> {
        if let Some(Self::List(items)) = self.get_mut(name) { Some(items) } else { None }
    }

    /// What is at a path of fields with full stops between them.
    pub(super) fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |value, name| value.get(name))
    }

    /// Takes a field out.
    pub(super) fn take(&mut self, name: &str) -> Option<Self> {
        let Self::Object(fields) = self else { return None };
        let at = fields.iter().position(|(field, _)| field == name)?;
        Some(fields.remove(at).1)
    }

    /// Sets a field: in its place, else before the first of `later` that is there, else last.
    pub(super) fn set(&mut self, name: &str, value: Self, later: &[&str]) {
        if let Some(field) = self.get_mut(name) {
            *field = value;
        } else if let Self::Object(fields) = self {
            let place = fields.iter().position(|(field, _)| later.contains(&field.as_str()));
            fields.insert(place.unwrap_or(fields.len()), (name.to_owned(), value));
        }
    }

    /// Whether it is a text in one or more languages.
    pub(super) fn is_in_languages(&self) -> bool {
        self.get(crate::directory::MAIN_LANGUAGE).is_some()
            && self.fields().iter().all(|(_, words)| words.text().is_some())
    }

    /// The document, two blanks a level.
    pub(super) fn pretty(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

/// Reads any JSON value.
struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = object.next_entry()? {
            fields.push(field);
        }
        Ok(Json::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn what_is_read_is_written_to_the_letter() {
        let text = "{\n  \"z\": 45.046,\n  \"a\": [\n    -3,\n    18446744073709551615,\n    true,\n    null\n  ],\n  \"m\": {\n    \"é\": \"« ’ »\",\n    \"b\": []\n  }\n}\n";
        let json: Json = serde_json::from_str(text).unwrap();
        assert_eq!(json.pretty(), text);
        assert_eq!(json.at("m.é").and_then(Json::text), Some("« ’ »"));
        assert_eq!(json.at("m.c"), None);
    }

    #[test]
    fn a_field_is_set_where_a_reader_looks_for_it() {
        let mut json: Json = serde_json::from_str(r#"{"id": "a", "sources": []}"#).unwrap();
        json.set("website", Json::Text("w".to_owned()), &["sources"]);
        json.set("id", Json::Text("b".to_owned()), &[]);
        json.set("last", Json::Null, &["nothing"]);
        assert_eq!(
            serde_json::to_string(&json).unwrap(),
            r#"{"id":"b","website":"w","sources":[],"last":null}"#
        );
    }
}
