//! The placeholders of a national document, filled in with what the file of a region says.

use super::ordered::Json;
use crate::directory::MAIN_LANGUAGE;
use crate::finding::Finding;
use std::collections::BTreeMap;

/// What the placeholders stand for: the fields of the region's file, by their path, and the words
/// that the national document makes of them.
pub(super) struct Words<'a> {
    region: &'a Json,
    made: BTreeMap<String, Json>,
    /// Ids of the networks and rules that this region does not have.
    pub(super) left_out: Vec<String>,
}

/// What a text is, as far as placeholders go.
enum Placeholder<'a> {
    /// `{path}` alone: the field itself.
    Field(&'a str),
    /// `{path?}` alone: the field itself, or nothing.
    Optional(&'a str),
    /// `{path*}` alone: the items of the list, none where the region has none.
    Items(&'a str),
    /// Anything else.
    Sentence,
}

impl Placeholder<'_> {
    fn of(text: &str) -> Placeholder<'_> {
        let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match inner.filter(|inner| !inner.contains(['{', '}'])) {
            None => Placeholder::Sentence,
            Some(path) => match (path.strip_suffix('?'), path.strip_suffix('*')) {
                (Some(path), _) => Placeholder::Optional(path),
                (_, Some(path)) => Placeholder::Items(path),
                _ => Placeholder::Field(path),
            },
        }
    }
}

impl<'a> Words<'a> {
    /// Those of a region, with the national words: a list of objects with a `name`, a `value`, and
    /// `if` or `unless` where they depend on what the region has.
    pub(super) fn new(region: &'a Json, national: &[Json]) -> Result<Self, Finding> {
        let mut words = Self { region, made: BTreeMap::new(), left_out: Vec::new() };
        for word in national.iter().filter(|word| !word.word("name").is_empty()) {
            let (name, value) = (word.word("name").to_owned(), word.get("value").unwrap_or(&Json::Null));
            if words.holds(word)
                && let Some(value) = words.fill(value, None, &format!("words[{name}]"))?
            {
                words.made.insert(name, value);
            }
        }
        Ok(words)
    }

    /// What a path stands for.
    fn find(&self, path: &str) -> Option<&Json> {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let made = self.made.get(first);
        let found = match made {
            Some(word) if rest.is_empty() => Some(word),
            Some(word) => word.at(rest),
            None => self.region.at(path),
        };
        found.filter(|value| **value != Json::Null)
    }

    /// Whether the region has what an item is written for: `if` it has a field, `unless` it does.
    fn holds(&self, item: &Json) -> bool {
        let has = |path: &Json| path.text().is_some_and(|path| self.find(path).is_some());
        item.get("if").is_none_or(has) && !item.get("unless").is_some_and(has)
    }

    /// A value with its placeholders filled in; nothing where it goes with what the region lacks.
    /// `language` is that of the text around it.
    pub(super) fn fill(
        &mut self,
        value: &Json,
        language: Option<&str>,
        path: &str,
    ) -> Result<Option<Json>, Finding> {
        Ok(Some(match value {
            Json::Text(text) => return self.text(text, language, path),
            Json::List(items) => {
                let filled = self.list(items, path)?;
                // A list that was written as empty says so; one that lost all its items says nothing.
                if filled.is_empty() && !items.is_empty() {
                    return Ok(None);
                }
                Json::List(filled)
            }
            Json::Object(fields) => {
                let in_languages = value.is_in_languages();
                let mut filled = Vec::with_capacity(fields.len());
                for (name, field) in fields {
                    let language = in_languages.then_some(name.as_str());
                    if let Some(field) = self.fill(field, language, &joined(path, name))? {
                        filled.push((name.clone(), field));
                    }
                }
                Json::Object(filled)
            }
            other => other.clone(),
        }))
    }

    fn list(&mut self, items: &[Json], path: &str) -> Result<Vec<Json>, Finding> {
        let mut filled = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            if let Some(Placeholder::Items(list)) = item.text().map(Placeholder::of) {
                filled.extend(self.find(list).map(Json::items).unwrap_or_default().iter().cloned());
                continue;
            }
            let mut item = item.clone();
            let holds = self.holds(&item);
            if matches!(path, "edition.networks" | "edition.rules") && !holds {
                self.left_out.push(item.word("id").to_owned());
            }
            if !holds {
                continue;
            }
            let is_conditional = item.take("if").is_some() | item.take("unless").is_some();
            let value = if is_conditional { item.take("value") } else { None };
            let id = Some(item.word("id")).filter(|id| !id.is_empty()).map(str::to_owned);
            let path = format!("{path}[{}]", id.unwrap_or_else(|| index.to_string()));
            filled.extend(self.fill(&value.unwrap_or(item), None, &path)?);
        }
        Ok(filled)
    }

    fn text(&self, text: &str, language: Option<&str>, path: &str) -> Result<Option<Json>, Finding> {
        let unknown = |placeholder: &str| {
            Finding::error(
                "unknown-placeholder",
                path,
                placeholder,
                "un champ du fichier de la région, ou un mot de « words »",
            )
        };
        match Placeholder::of(text) {
            Placeholder::Field(field) => match self.find(field) {
                Some(value) => Ok(Some(in_language(value, language).clone())),
                None => Err(unknown(field)),
            },
            Placeholder::Optional(field) => {
                Ok(self.find(field).map(|value| in_language(value, language).clone()))
            }
            Placeholder::Items(list) => Err(unknown(list)),
            Placeholder::Sentence => {
                let mut filled = String::with_capacity(text.len());
                let mut rest = text;
                while let Some((before, after)) = rest.split_once('{') {
                    let (field, after) = after.split_once('}').ok_or_else(|| unknown(after))?;
                    let value = self.find(field).ok_or_else(|| unknown(field))?;
                    let words = in_language(value, Some(language.unwrap_or(MAIN_LANGUAGE)));
                    filled.push_str(before);
                    filled.push_str(words.text().ok_or_else(|| unknown(field))?);
                    rest = after;
                }
                filled.push_str(rest);
                Ok(Some(Json::Text(filled)))
            }
        }
    }
}

/// A text in the language around it, in French where it has none; anything else, and a text that
/// nothing is around, as a whole.
fn in_language<'a>(value: &'a Json, language: Option<&str>) -> &'a Json {
    match language {
        Some(language) if value.is_in_languages() => {
            value.get(language).or_else(|| value.get(MAIN_LANGUAGE)).unwrap_or(value)
        }
        _ => value,
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn ordered(value: &Value) -> Json {
        serde_json::from_value(value.clone()).unwrap()
    }

    fn filled(national: &Value) -> Result<Value, Finding> {
        let region = ordered(&json!({
            "name": {"fr": "Bretagne", "uk": "Бретань"}, "contact": {"name": "Ada"},
            "agency": null, "departments": [{"code": "22"}, {"code": "29"}]
        }));
        let words = ordered(&json!([
            {"name": "who", "if": "agency", "value": "{agency.name}"},
            {"name": "who", "unless": "agency", "value": {"fr": "Personne, {name}", "uk": "{name}"}}
        ]));
        let mut words = Words::new(&region, words.items())?;
        let value = words.fill(&ordered(national), None, "")?;
        Ok(serde_json::to_value(value).unwrap())
    }

    #[test]
    fn a_text_is_filled_in_in_its_language_and_else_in_french() {
        let national = json!({
            "a": {"fr": "En {name} : {who}.", "en": "In {name}", "uk": "{name} ({name.fr})"},
            "b": "{who}", "c": "{name.fr}, {name}"
        });
        let expected = json!({
            "a": {"fr": "En Bretagne : Personne, Bretagne.", "en": "In Bretagne", "uk": "Бретань (Bretagne)"},
            "b": {"fr": "Personne, Bretagne", "uk": "Бретань"}, "c": "Bretagne, Bretagne"
        });
        assert_eq!(filled(&national).unwrap(), expected);
    }

    #[test]
    fn what_a_region_lacks_goes_with_all_that_is_written_for_it() {
        let national = json!({
            "contact": "{contact?}", "phone": "{agency.phone?}",
            "departments": ["{departments*}"], "none": ["{agency.networks*}"], "empty": [],
            "services": [{"if": "agency", "id": "x"}, {"unless": "agency", "id": "y"}, {"id": "z"}],
            "unverified": ["a", {"if": "contact", "value": "b"}, {"if": "agency.website", "value": "c"}]
        });
        let expected = json!({
            "contact": {"name": "Ada"}, "departments": [{"code": "22"}, {"code": "29"}], "empty": [],
            "services": [{"id": "y"}, {"id": "z"}], "unverified": ["a", "b"]
        });
        assert_eq!(filled(&national).unwrap(), expected);
    }

    #[test]
    fn a_placeholder_that_stands_for_nothing_is_an_error_with_its_place() {
        for wrong in ["{agency.website}", "Voir {agency.name}.", "{nme}", "{name", "{contact} !"] {
            let error = filled(&json!({"list": [{"id": "a", "text": {"fr": wrong}}]})).unwrap_err();
            assert_eq!(
                (error.code, error.path.as_str()),
                ("unknown-placeholder", "list[a].text.fr"),
                "{wrong}"
            );
        }
    }
}
