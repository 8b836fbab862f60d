//! How the pages say the values of a place: days, languages, services.

use super::hours;
use maud::{Markup, html};
use serde_json::Value;
use serving::clock;
use shared::directory::{OpeningHours, Service};
use shared::fields;
use shared::french::day;

/// A moment on the clock of France, as an element that programs read too.
pub(super) fn time(rfc3339: &str) -> Markup {
    html! { time datetime=(rfc3339) { (clock::told(rfc3339)) } }
}

/// A day as an element that programs read too.
pub(super) fn date(iso: &str) -> Markup {
    html! { time datetime=(iso) { (day(iso)) } }
}

/// The day a year before another, from which on a record is recent; as dates compare.
pub(super) fn a_year_before(today: &str) -> String {
    let year = today.get(..4).and_then(|year| year.parse::<u16>().ok()).unwrap_or_default();
    format!("{:04}{}", year.saturating_sub(1), today.get(4..).unwrap_or_default())
}

/// What a service is called.
pub(super) const fn service(service: Service) -> &'static str {
    match service {
        Service::Reception => "Accueil et information",
        Service::Advice => "Conseil",
        Service::Support => "Accompagnement",
    }
}

/// The services, with their names in the document.
pub(super) const SERVICES: [(&str, Service); 3] =
    [("reception", Service::Reception), ("advice", Service::Advice), ("support", Service::Support)];

/// The value of a field of a place on one line, as people read it.
pub(super) fn value(field: &str, value: &Value) -> String {
    let read = match field {
        "hours" => fields::read::<Vec<OpeningHours>>(value)
            .ok()
            .map(|hours| hours::week(&hours))
            .filter(|week| !week.is_empty()),
        "services" => fields::read::<Vec<Service>>(value)
            .ok()
            .map(|list| list.into_iter().map(service).collect::<Vec<_>>().join(", ").to_lowercase()),
        "checked_on" => value.as_str().map(day),
        "competence" if value.is_null() => Some("tout le monde".to_owned()),
        _ => None,
    };
    read.unwrap_or_else(|| shared::fields::shown(field, value))
}

/// Known languages: the code that the document holds, and the French name.
const LANGUAGES: [(&str, &str); 40] = [
    ("sq", "albanais"),
    ("de", "allemand"),
    ("am", "amharique"),
    ("en", "anglais"),
    ("ar", "arabe"),
    ("hy", "arménien"),
    ("bm", "bambara"),
    ("bn", "bengali"),
    ("ber", "berbère"),
    ("bg", "bulgare"),
    ("zh", "chinois"),
    ("ko", "coréen"),
    ("es", "espagnol"),
    ("ka", "géorgien"),
    ("el", "grec"),
    ("hi", "hindi"),
    ("it", "italien"),
    ("ja", "japonais"),
    ("kab", "kabyle"),
    ("ku", "kurde"),
    ("fsl", "langue des signes française"),
    ("ln", "lingala"),
    ("mg", "malgache"),
    ("nl", "néerlandais"),
    ("ur", "ourdou"),
    ("ps", "pachto"),
    ("fa", "persan"),
    ("ff", "peul"),
    ("pl", "polonais"),
    ("pt", "portugais"),
    ("ro", "roumain"),
    ("ru", "russe"),
    ("sr", "serbe"),
    ("so", "somali"),
    ("sw", "swahili"),
    ("ta", "tamoul"),
    ("ti", "tigrigna"),
    ("tr", "turc"),
    ("uk", "ukrainien"),
    ("vi", "vietnamien"),
];

/// What a language is called; its code where we have no name for it.
pub(super) fn language(code: &str) -> &str {
    LANGUAGES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}

/// The code of a language by its name or its code.
pub(super) fn language_code(typed: &str) -> Option<String> {
    let folded = shared::spelling::fold(typed);
    let known =
        LANGUAGES.iter().find(|(code, name)| *code == folded || shared::spelling::fold(name) == folded);
    if let Some((code, _)) = known {
        return Some((*code).to_owned());
    }
    let is_code = (2..=3).contains(&typed.split('-').next().unwrap_or_default().len())
        && typed.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_code.then(|| typed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_year_is_taken_off_a_date() {
        assert_eq!(a_year_before("2026-11-24"), "2025-11-24");
    }

    #[test]
    fn languages_are_called_by_their_names() {
        for (code, name) in LANGUAGES {
            assert_eq!(language_code(name).as_deref(), Some(code), "{name}");
            assert_eq!(language_code(code).as_deref(), Some(code));
            assert_eq!(language(code), name);
        }
        assert_eq!(language_code("Arménien").as_deref(), Some("hy"));
        assert_eq!(language_code("fr-simple").as_deref(), Some("fr-simple"));
        assert_eq!(language_code("elfique"), None);
    }

    #[test]
    fn values_are_read_as_people_say_them() {
        let hours = json!([{ "days": ["monday", "friday"], "from": "09:00", "to": "12:00" }]);
        assert_eq!(value("hours", &hours), "lundi : 9:00-12:00 ; vendredi : 9:00-12:00");
        assert_eq!(value("services", &json!(["advice", "support"])), "conseil, accompagnement");
        assert_eq!(value("checked_on", &json!("2026-11-24")), "24\u{a0}novembre 2026");
        assert_eq!(value("competence", &json!(null)), "tout le monde");
        assert_eq!(value("phones", &json!(null)), "(rien)");
    }
}
