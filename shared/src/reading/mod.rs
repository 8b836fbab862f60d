//! Reading documents that come from outside, with the place of what is wrong.

mod path;

use crate::directory::Directory;
use crate::finding::Finding;
use path::path;
use serde::de::DeserializeOwned;
use serde_json::Value;

impl Directory {
    /// Reads a directory document.
    ///
    /// # Errors
    /// One finding with the path, the line and the column where reading stopped: text that
    /// is not JSON, an unknown or a missing field, a value of another type.
    ///
    /// ```
    /// use shared::directory::Directory;
    ///
    /// let directory = Directory::from_json(include_bytes!("../../examples/two-places.json")).unwrap();
    /// assert_eq!(directory.edition.networks.len(), 2);
    /// assert_eq!(directory.structures[0].name, "CIO de Romans");
    ///
    /// let finding = Directory::from_json(br#"{"format": 1, "titel": "x"}"#).unwrap_err();
    /// assert_eq!((finding.code, finding.path.as_str()), ("unknown-field", "titel"));
    /// assert!(finding.expected.contains("ligne 1"), "where a person finds it: {finding}");
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self, Finding> {
        let directory: Self = document(json)?;
        let json = without_mark(json);
        // A list is read as the fields of an object in their order: « [5.0, 45.0] » would be
        // a position with its numbers exchanged.
        let given = serde_json::from_slice(json).unwrap_or_default();
        let read = serde_json::to_value(&directory).unwrap_or_default();
        match list_for_object(&given, &read) {
            Some(path) => Err(Finding::error(
                "wrong-type",
                if path.is_empty() { "." } else { path.trim_start_matches('.') },
                "",
                "c’est une liste : il faut un objet, avec le nom de chaque champ",
            )),
            None => Ok(directory),
        }
    }
}

/// Reads a document of any type, with the place of what is wrong.
pub(crate) fn document<T: DeserializeOwned>(json: &[u8]) -> Result<T, Finding> {
    let json = without_mark(json);
    serde_json::from_slice(json).map_err(|error| {
        // Behind the document stands what belongs to none of its fields.
        let path = if error.is_syntax() && error.to_string().starts_with("trailing characters") {
            ".".to_owned()
        } else {
            path(json, error.line(), error.column())
        };
        unreadable(&error, &path)
    })
}

/// Spreadsheet programs and Windows editors like to begin a file with a BOM.
fn without_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json)
}

/// Where a document has a list and what was read from it is an object.
fn list_for_object(given: &Value, read: &Value) -> Option<String> {
    match (given, read) {
        (Value::Array(_), Value::Object(_)) => Some(String::new()),
        (Value::Array(given), Value::Array(read)) => {
            given.iter().zip(read).enumerate().find_map(|(index, (given, read))| {
                list_for_object(given, read).map(|path| format!("[{index}]{path}"))
            })
        }
        (Value::Object(given), Value::Object(read)) => given.iter().find_map(|(name, given)| {
            list_for_object(given, read.get(name)?).map(|path| format!(".{name}{path}"))
        }),
        _ => None,
    }
}

/// The finding for a serde error. The messages of serde are for developers: the usual ones
/// are said again in French, with the name they quote.
fn unreadable(error: &serde_json::Error, path: &str) -> Finding {
    let message = error.to_string();
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let place = format!("ligne {}, colonne {}", error.line(), error.column());
    let (code, value, expected) = if error.is_eof() {
        (
            "truncated",
            "",
            "le fichier s’arrête avant la fin : il a sans doute été coupé ; reprenez l’original".to_owned(),
        )
    } else if error.is_syntax() {
        ("not-json", "", "ce n’est pas du JSON valable à cet endroit".to_owned())
    } else if message.starts_with("unknown field") {
        (
            "unknown-field",
            quoted.first().copied().unwrap_or(""),
            format!(
                "ce champ n’existe pas ; champs possibles : {}",
                quoted[1.min(quoted.len())..].join(", ")
            ),
        )
    } else if message.starts_with("unknown variant") {
        (
            "unknown-value",
            quoted.first().copied().unwrap_or(""),
            format!("valeur inconnue ; valeurs possibles : {}", quoted[1.min(quoted.len())..].join(", ")),
        )
    } else if message.starts_with("missing field") {
        ("missing-field", "", format!("il manque le champ « {} »", quoted.first().copied().unwrap_or("")))
    } else {
        (
            "wrong-type",
            quoted.first().copied().unwrap_or(""),
            "la valeur n’est pas du type attendu (texte, nombre, liste ou objet)".to_owned(),
        )
    };
    Finding::error(code, path, value, format!("{expected} ({place})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, code: &str, path: &str) {
        let finding = Directory::from_json(json.as_bytes()).unwrap_err();
        assert_eq!((finding.code, finding.path.as_str()), (code, path), "{finding}");
    }

    #[test]
    fn a_list_is_not_taken_for_an_object() {
        let shipped: Value = serde_json::from_slice(include_bytes!("../../editions/2026.json")).unwrap();
        let refused = |pointer: &str, list: Value, path: &str| {
            let mut document = shipped.clone();
            *document.pointer_mut(pointer).unwrap() = list;
            check(&document.to_string(), "wrong-type", path);
        };
        let place = &shipped["structures"][0];
        assert!(place["address"]["postcode"].is_string(), "the first place has an address");
        refused(
            "/structures/0/address",
            serde_json::json!([["1 rue"], "26000", null]),
            "structures[0].address",
        );
        refused(
            "/edition/region/departments/1",
            serde_json::json!(["26", "Drôme"]),
            "edition.region.departments[1]",
        );
        refused(
            "/edition/questions/0/kind/choices/1",
            serde_json::json!(["x", { "fr": "X" }, null, false]),
            "edition.questions[0].kind.choices[1]",
        );
        check("[null, 1, \"t\"]", "wrong-type", ".");
        assert!(Directory::from_json(shipped.to_string().as_bytes()).is_ok());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        check("", "truncated", ".");
        check("{\"format\": 1,", "truncated", ".");
        check("x", "not-json", ".");
        check(r#"{"format": 1, "tilte": ""}"#, "unknown-field", "tilte");
        check(r#"{"format": "one"}"#, "wrong-type", "format");
        check("{\"format\": 1, \"title\":\n [\"t\"], \"x\": 1}", "wrong-type", "title");
        check(
            r#"{"format": 1, "structures": [{"id": "a", "phones": ["1", 2]}]}"#,
            "wrong-type",
            "structures[0].phones[1]",
        );
        check(r#"{"format": 1, "structures": [{"id": "a"}, {"id": "b"}]}"#, "missing-field", "structures[0]");
        check(r#"{"format": 1}"#, "missing-field", ".");
        check(
            r#"{"format": 1, "title": "", "structures": [{"id": "a", "fone": "1"}]}"#,
            "unknown-field",
            "structures[0].fone",
        );
    }
}
