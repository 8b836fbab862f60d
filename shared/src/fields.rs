//! The parts of a directory as administrators call them, and values that fit on one line.

use crate::directory::{OpeningHours, Weekday};
use crate::french::weekday;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Something as the fields of its JSON object.
pub fn of<T: Serialize>(thing: &T) -> serde_json::Map<String, Value> {
    // Through text, because a value widens single-precision numbers.
    let text = serde_json::to_vec(thing).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

/// The thing that a JSON value is.
///
/// Through bytes: whatever reads JSON from something else (`from_str`, `from_value`) is compiled once
/// more for each type, and a worker has them all from bytes already.
///
/// # Errors
/// Why it is none.
pub fn read<T: DeserializeOwned>(value: &Value) -> serde_json::Result<T> {
    serde_json::from_slice(&serde_json::to_vec(value)?)
}

/// What people call a field of a structure.
pub fn french(field: &str) -> &str {
    match field {
        "access" => "accès",
        "among" | "main" | "nearest" | "never" | "within" => "réseaux",
        "ask_if" | "when" => "condition",
        "bring" => "quoi apporter",
        "choices" => "réponses",
        "communes" => "communes",
        "territories" => "territoires",
        "complements" => "compléments",
        "departments" => "départements",
        "description" => "description",
        "expected" => "nombre de lieux attendu",
        "phone" => "téléphone",
        "pictogram" => "dessin",
        "pick" => "réseaux proposés",
        "say" => "quoi dire",
        "public" => "public",
        "reason" => "raison",
        "sources" => "sources",
        "text" => "texte",
        "title" => "titre",
        "valid_from" => "début",
        "valid_until" => "fin",
        "address" => "adresse",
        "as_of" => "date de la liste",
        "checked_on" => "date de vérification",
        "closed" => "fermetures",
        "commune" => "commune",
        "competence" => "compétence",
        "confidence" => "confiance",
        "corrections" => "corrigés par une personne",
        "emails" => "courriels",
        "hours" => "horaires",
        "hours_note" => "remarque sur les horaires",
        "languages" => "langues parlées",
        "licence" => "licence",
        "name" => "nom",
        "network" => "réseau",
        "phones" => "téléphones",
        "position" => "position",
        "references" => "identifiants dans les sources",
        "serves" => "public accueilli",
        "services" => "services",
        "source" => "source",
        "website" => "site",
        other => other,
    }
}

/// What people call a part of a directory that is not its structures.
pub fn french_part(part: &str) -> &str {
    match part {
        "title" => "titre",
        "edition.id" => "identifiant de l’édition",
        "edition.title" => "titre de l’édition",
        "edition.validity" => "dates de l’édition",
        "edition.languages" => "langues",
        "edition.region" => "région et distances",
        "edition.questions" => "questions",
        "edition.networks" => "réseaux",
        "edition.rules" => "règles",
        "edition.remote_services" => "services à distance",
        "edition.guarantees" => "garanties",
        "edition.cep_levels" => "niveaux du conseil en évolution professionnelle",
        "edition.coordination" => "qui coordonne quoi",
        "edition.preparations" => "quoi dire et quoi apporter",
        "territories" => "territoires",
        "resources" => "ressources",
        other => other,
    }
}

/// How many codes of a long list are shown.
const LISTED: usize = 12;

/// The value of a field of a structure on one line.
pub fn shown(field: &str, value: &Value) -> String {
    match value {
        Value::Object(corrections) if field == "corrections" && !corrections.is_empty() => {
            corrections.keys().map(|name| french(name)).collect::<Vec<_>>().join(", ")
        }
        Value::Array(spans) if field == "hours" && !spans.is_empty() => {
            week(value).unwrap_or_else(|| brief(value))
        }
        Value::Array(services) if field == "services" && !services.is_empty() => {
            services.iter().map(|service| word(&brief(service)).to_owned()).collect::<Vec<_>>().join(", ")
        }
        Value::String(level) if field == "confidence" => word(level).to_owned(),
        Value::Object(area) if field == "competence" => {
            let told = area.iter().filter_map(|(kind, codes)| {
                let codes = codes.as_array().filter(|codes| !codes.is_empty())?;
                let first = codes.iter().take(LISTED).map(brief).collect::<Vec<_>>().join(", ");
                let more = if codes.len() > LISTED { ", …" } else { "" };
                Some(format!("{} : {first}{more}", french(kind)))
            });
            Some(told.collect::<Vec<_>>().join(" ; "))
                .filter(|told| !told.is_empty())
                .unwrap_or_else(|| brief(&Value::Null))
        }
        _ => brief(value),
    }
}

/// « lundi au vendredi 09:00-12:00 ; samedi 10:00-12:00 »; nothing where these are no hours.
fn week(value: &Value) -> Option<String> {
    let spans: Vec<OpeningHours> = read(value).ok()?;
    let named = |days: &[Weekday]| {
        let is_a_row = |pair: &[Weekday]| pair[0] as usize + 1 == pair[1] as usize;
        match days {
            [first, .., last] if days.len() > 2 && days.windows(2).all(is_a_row) => {
                format!("{} au {}", weekday(*first), weekday(*last))
            }
            days => days.iter().map(|day| weekday(*day)).collect::<Vec<_>>().join(", "),
        }
    };
    let told = spans.iter().map(|span| format!("{} {}-{}", named(&span.days), span.from, span.to));
    Some(told.collect::<Vec<_>>().join(" ; "))
}

/// What people call a value of a closed list.
fn word(value: &str) -> &str {
    match value {
        "high" => "haute",
        "medium" => "moyenne",
        "low" => "basse",
        "reception" => "accueil",
        "advice" => "conseil",
        "support" => "accompagnement",
        other => other,
    }
}

/// A value on one line.
pub fn brief(value: &Value) -> String {
    match value {
        Value::Null => "(rien)".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "(rien)".to_owned(),
        Value::Array(items) => items.iter().map(brief).collect::<Vec<_>>().join(", "),
        Value::Object(fields) if fields.is_empty() => "(rien)".to_owned(),
        Value::Object(fields) => fields
            .values()
            .filter(|value| !value.is_null() && !value.is_boolean())
            .map(brief)
            .collect::<Vec<_>>()
            .join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;
    use serde_json::json;

    fn edition(document: &[u8]) -> Directory {
        Directory::from_json(document).unwrap()
    }

    fn shipped() -> Directory {
        edition(include_bytes!("../editions/2026.json"))
    }

    #[test]
    fn values_are_read_without_their_json() {
        for (value, expect) in [
            (json!(null), "(rien)"),
            (json!([]), "(rien)"),
            (json!(["a@exemple.fr", "b@exemple.fr"]), "a@exemple.fr, b@exemple.fr"),
            (json!({ "approximate": false, "latitude": 45.5, "longitude": 5.25 }), "45.5, 5.25"),
            (
                json!({ "lines": ["1 rue du Parc", "BP 12"], "postcode": "26000", "town": null }),
                "1 rue du Parc, BP 12, 26000",
            ),
        ] {
            assert_eq!(brief(&value), expect);
        }
    }

    #[test]
    fn hours_and_confidence_are_said_in_french() {
        let span = |days: &[&str], from: &str, to: &str| json!({ "days": days, "from": from, "to": to });
        let hours = json!([
            span(&["tuesday", "wednesday", "thursday"], "09:00", "12:00"),
            span(&["tuesday", "friday"], "14:00", "17:00"),
        ]);
        for (field, value, expect) in [
            ("hours", hours, "mardi au jeudi 09:00-12:00 ; mardi, vendredi 14:00-17:00"),
            ("hours", json!([]), "(rien)"),
            ("confidence", json!("low"), "basse"),
            ("confidence", json!(null), "(rien)"),
            ("services", json!(["reception", "advice"]), "accueil, conseil"),
            ("source", json!("low"), "low"),
            (
                "competence",
                json!({ "communes": ["26057", "26281"], "departments": [], "territories": ["diois"] }),
                "communes : 26057, 26281 ; territoires : diois",
            ),
            ("competence", json!({ "communes": [] }), "(rien)"),
        ] {
            assert_eq!(shown(field, &value), expect);
        }
    }

    #[test]
    fn every_field_of_a_structure_has_a_french_name() {
        let structure = shipped().structures.remove(0);
        let Value::Object(fields) = json!(structure) else { panic!("not an object") };
        for field in fields.keys().filter(|field| *field != "id") {
            let known = french(field) != field
                || ["commune", "licence", "position", "services", "source"].contains(&field.as_str());
            assert!(known, "{field}");
        }
    }
}
