//! What of a directory is written in words, as the fields of forms: the texts of an edition in each of
//! its languages, its resources and its news, with what stands beside their words. One walk over the
//! document for all of them: a part that it knows needs no form of its own.

use super::parts::Kind;
use super::place_read::{told, unreadable};
use crate::admin::territories::new_id;
use exchange::import::typed as written;
use serde_json::Value;
use serving::form::Form;
use serving::problem::{Failure, Problem};
use shared::directory::{Directory, Language, MAIN_LANGUAGE, Structure};
use shared::fields;
use shared::finding::{Finding, Severity};

/// The fields that are words or stand beside them, in the order of the form: their name in the document,
/// what people call them, how they are typed. One of several lines is a text in each language.
const FIELDS: [(&str, &str, Kind); 23] = [
    ("kind", "Sorte", Kind::Line),
    ("title", "Titre", Kind::Line),
    ("name", "Nom", Kind::Line),
    ("acronym", "Sigle", Kind::Line),
    ("text", "Texte", Kind::Line),
    ("reason", "Raison", Kind::Line),
    ("who", "Qui", Kind::Line),
    ("what", "Quoi", Kind::Line),
    ("say", "Quoi dire", Kind::Line),
    ("bring", "Quoi apporter", Kind::Line),
    ("help", "Aide", Kind::Lines(3)),
    ("description", "Description", Kind::Lines(3)),
    ("public", "Public", Kind::Line),
    ("hours", "Horaires", Kind::Lines(2)),
    ("phone", "Téléphone", Kind::Line),
    ("email", "Courriel", Kind::Line),
    ("website", "Adresse de la page", Kind::Url),
    ("source", "Page d’où vient l’information", Kind::Url),
    ("territory", "Territoire", Kind::Line),
    ("published_on", "Publié le", Kind::Date),
    ("valid_from", "Valable à partir du", Kind::Date),
    ("valid_until", "Montré jusqu’au", Kind::Date),
    ("checked_on", "Vérifié le", Kind::Date),
];

/// The parts of a directory that have words: where they are, and what people call them. News are the
/// resources of that kind.
pub(super) const PARTS: [(&str, &str); 11] = [
    ("resources", "Ressources"),
    ("news", "Actualités"),
    ("edition", "Titre et contact"),
    ("edition.questions", "Questions et réponses"),
    ("edition.networks", "Réseaux"),
    ("edition.remote_services", "Services à distance"),
    ("edition.rules", "Raisons"),
    ("edition.preparations", "Quoi dire et quoi apporter"),
    ("edition.coordination", "Qui coordonne quoi"),
    ("edition.cep_levels", "Niveaux du conseil en évolution professionnelle"),
    ("edition.guarantees", "Garanties"),
];

/// The kinds of a resource.
pub(super) const KINDS: [(&str, &str); 7] = [
    ("news", "Actualité"),
    ("guide", "Guide"),
    ("framework", "Référentiel"),
    ("collection", "Recueil"),
    ("site", "Site utile"),
    ("diagnosis", "Diagnostic d’un territoire"),
    ("action_plan", "Plan d’action d’un territoire"),
];

/// What is said of fields, by their number.
pub(super) type Said = Vec<(usize, String)>;

/// A resource that has nothing yet.
const BLANK: &[u8] = br#"{"id":"","kind":"","title":{},"description":null,"website":null,"territory":null,"published_on":null,"valid_until":null,"source":null}"#;

/// A directory whose words are read and changed by where they are.
pub(super) struct Document {
    pub(super) value: Value,
    pub(super) languages: Vec<Language>,
    structures: Vec<Structure>,
}

/// Something of it that has a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thing {
    /// What an address calls it: `questions.situation.emploi`.
    pub(super) key: String,
    /// Where it is, as a JSON pointer.
    pub(super) pointer: String,
    /// The part that it belongs to.
    pub(super) part: &'static str,
}

impl Thing {
    /// Whether it may be taken out: a resource may, what rules need may not.
    pub(super) fn may_go(&self) -> bool {
        self.pointer.starts_with("/resources/")
    }
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it is in its thing, and its name in the form: `title.uk`.
    pub(super) key: String,
    /// What people call it, with its language.
    pub(super) label: String,
    /// The number of its language, where it is a text.
    pub(super) language: Option<usize>,
    pub(super) kind: Kind,
    pub(super) value: String,
}

impl Line {
    /// Its last name in the document, or its language's.
    pub(super) fn name(&self) -> &str {
        self.key.rsplit('.').next().unwrap_or_default()
    }

    /// The text that it is a language of.
    pub(super) fn text(&self) -> &str {
        self.key.rsplit_once('.').map_or("", |(text, _)| text)
    }

    /// Whether it has the French words of the same text.
    pub(super) fn is_french_of(&self, other: &Self) -> bool {
        self.name() == MAIN_LANGUAGE && self.text() == other.text() && !self.value.is_empty()
    }
}

impl Document {
    pub(super) fn new(mut directory: Directory) -> Self {
        let structures = std::mem::take(&mut directory.structures);
        let mut languages = directory.edition.languages.clone();
        if languages.is_empty() {
            let french =
                Language { tag: MAIN_LANGUAGE.into(), name: "Français".into(), right_to_left: false };
            languages.push(french);
        }
        let mut value = Value::Object(fields::of(&directory));
        let contact = &mut value["edition"]["region"]["contact"];
        if contact.is_null() {
            *contact = serde_json::from_slice(br#"{"name":null,"email":null,"phone":null,"website":null}"#)
                .unwrap_or_default();
        }
        Self { value, languages, structures }
    }

    /// Everything that has a form, in the order of [`PARTS`].
    pub(super) fn things(&self) -> Vec<Thing> {
        let mut things = Vec::new();
        for (part, _) in PARTS {
            if part == "edition" {
                things.push(Thing { key: part.to_owned(), pointer: String::new(), part });
            } else if part != "news" {
                let (name, pointer) =
                    (part.rsplit('.').next().unwrap_or(part), format!("/{}", part.replace('.', "/")));
                self.walk(name, &pointer, part, &mut things);
            }
        }
        things
    }

    fn walk(&self, key: &str, pointer: &str, part: &'static str, things: &mut Vec<Thing>) {
        let Some(list) = self.value.pointer(pointer).and_then(Value::as_array) else { return };
        for (index, item) in list.iter().enumerate() {
            let id = item["id"].as_str().map_or_else(|| item["number"].to_string(), str::to_owned);
            let (key, pointer) = (format!("{key}.{id}"), format!("{pointer}/{index}"));
            let part = if item["kind"] == "news" { "news" } else { part };
            let choices = format!("{pointer}/kind/choices");
            things.push(Thing { key: key.clone(), pointer, part });
            self.walk(&key, &choices, part, things);
        }
    }

    /// The one that an address names.
    pub(super) fn find(&self, key: &str) -> Option<Thing> {
        self.things().into_iter().find(|thing| thing.key == key)
    }

    /// Takes a resource out.
    pub(super) fn remove(&mut self, thing: &Thing) -> Result<(), Failure> {
        let index = thing.pointer.strip_prefix("/resources/").and_then(|index| index.parse::<usize>().ok());
        match (self.value["resources"].as_array_mut(), index) {
            (Some(list), Some(index)) if index < list.len() => {
                list.remove(index);
                Ok(())
            }
            _ => Err(Problem::not_found().into()),
        }
    }

    /// Adds an empty resource of a kind.
    pub(super) fn add_resource(&mut self, kind: &str) -> Option<Thing> {
        let list = self.value["resources"].as_array_mut()?;
        let mut new: Value = serde_json::from_slice(BLANK).unwrap_or_default();
        new["kind"] = kind.into();
        list.push(new);
        let pointer = format!("/resources/{}", list.len() - 1);
        Some(Thing { key: "new".to_owned(), pointer, part: "resources" })
    }

    /// Gives the last resource, which is new, an id after its name; says whether another is the same.
    pub(super) fn is_there_twice(&mut self, name: &str) -> bool {
        let Some((new, others)) = self.value["resources"].as_array_mut().and_then(|all| all.split_last_mut())
        else {
            return false;
        };
        let is_there = others.iter().any(|other| {
            new["id"] = other["id"].clone();
            new == other
        });
        new["id"] = new_id(name, "ressource", &|id| others.iter().any(|other| other["id"] == id)).into();
        is_there
    }

    /// The fields of a thing.
    pub(super) fn lines(&self, thing: &Thing) -> Vec<Line> {
        let mut lines = Vec::new();
        if let Some(value) = self.value.pointer(&thing.pointer) {
            let about = if thing.pointer.is_empty() { "Annuaire : " } else { "" };
            self.collect(value, "", about, &mut lines);
        }
        lines
    }

    fn collect(&self, value: &Value, prefix: &str, about: &str, lines: &mut Vec<Line>) {
        for (name, label, kind) in FIELDS {
            let is_of_resource = value.get("published_on").is_some();
            let (key, label) = (format!("{prefix}{name}"), format!("{about}{label}"));
            match value.get(name) {
                Some(text)
                    if text.as_object().is_some_and(|words| words.values().all(Value::is_string))
                        || text.is_null() && matches!(kind, Kind::Lines(_)) =>
                {
                    for (index, language) in self.languages.iter().enumerate() {
                        let value = text[&language.tag].as_str().unwrap_or_default().to_owned();
                        let (key, label) =
                            (format!("{key}.{}", language.tag), format!("{label} – {}", language.name));
                        lines.push(Line { key, label, language: Some(index), kind, value });
                    }
                }
                Some(text @ (Value::Null | Value::String(_))) if name != "kind" || is_of_resource => {
                    let value = text.as_str().unwrap_or_default().to_owned();
                    lines.push(Line { key, label, language: None, kind, value });
                }
                _ => {}
            }
        }
        for (name, about) in [("edition", "Édition : "), ("region", "Région : "), ("contact", "Contact : ")]
        {
            if let Some(within) = value.get(name).filter(|within| within.is_object()) {
                self.collect(within, &format!("{prefix}{name}."), about, lines);
            }
        }
        for (index, variant) in
            value.get("variants").and_then(Value::as_array).into_iter().flatten().enumerate()
        {
            self.collect(variant, &format!("{prefix}variants.{index}."), "Autre formulation : ", lines);
        }
    }

    /// Writes what was typed into a thing, where it is not what is there; what cannot be read is said, by
    /// the number of its field.
    pub(super) fn write(&mut self, thing: &Thing, before: &[Line], typed: &[Line]) -> Said {
        let mut wrong = Vec::new();
        for (index, (before, line)) in before.iter().zip(typed).enumerate() {
            if line.value == before.value {
                continue;
            }
            let value = line.read().unwrap_or_else(|sentence| {
                wrong.push((index, sentence));
                before.value.clone()
            });
            let pointer = format!("{}/{}", thing.pointer, line.key.replace('.', "/"));
            let Some((parent, name)) = pointer.rsplit_once('/') else { continue };
            let Some(parent) = self.value.pointer_mut(parent) else { continue };
            parent[name] = if value.is_empty() { Value::Null } else { value.into() };
            if parent[name].is_null()
                && line.language.is_some()
                && let Some(words) = parent.as_object_mut()
            {
                words.remove(name);
                if words.is_empty() {
                    *parent = Value::Null;
                }
            }
        }
        wrong
    }

    /// The directory that it is.
    pub(super) fn directory(&self) -> Result<Directory, Finding> {
        let mut value = self.value.clone();
        let contact = &mut value["edition"]["region"]["contact"];
        if contact.as_object().is_some_and(|contact| contact.values().all(Value::is_null)) {
            *contact = Value::Null;
        }
        let mut directory = Directory::from_json(value.to_string().as_bytes())?;
        directory.structures.clone_from(&self.structures);
        Ok(directory)
    }
}

impl Line {
    /// What was typed as the document has it, or what is wrong with it.
    fn read(&self) -> Result<String, String> {
        let text = self.value.as_str();
        let read = match self.name() {
            _ if self.language.is_some() || text.is_empty() => return Ok(text.to_owned()),
            "phone" => written::phones(text).map(|all| all.into_iter().next()),
            "email" => written::emails(text).map(|all| all.into_iter().next()),
            "website" | "source" => written::website(text),
            _ if self.kind == Kind::Date => {
                let wrong = || format!("« {text} » n’est pas une date. Écrivez par exemple : 24/11/2026.");
                return written::date(text).ok_or_else(wrong);
            }
            _ => return Ok(written::plain(text)),
        };
        let told = |values| unreadable("", values).into_iter().map(|one| one.sentence).collect::<Vec<_>>();
        read.map(Option::unwrap_or_default).map_err(|values| told(values).join(" "))
    }
}

/// Adds what findings say of a thing, by the number of their field: errors, and what should be looked at.
/// What no field of it can mend is left to the check of the draft.
pub(super) fn of_fields(
    findings: &[Finding],
    thing: &Thing,
    lines: &[Line],
    wrong: &mut Said,
    doubts: &mut Said,
) {
    // A field that could not be read still holds the value before: nothing to add to that.
    let unreadable = wrong.len();
    for finding in findings {
        let path = format!("/{}", finding.path.replace(']', "").replace(['.', '['], "/"));
        let Some(within) = path.strip_prefix(&thing.pointer) else { continue };
        let within = within.trim_start_matches('/').replace('/', ".");
        // A text that lacks its French is named as a whole.
        let is_here = |line: &Line| line.key == within || line.language.is_some() && line.text() == within;
        let Some(at) = lines.iter().position(is_here) else { continue };
        if finding.severity != Severity::Error {
            doubts.push((at, told(finding)));
        } else if wrong[..unreadable].iter().all(|(told, _)| *told != at) {
            let is_empty = lines[at].value.is_empty();
            wrong.push((at, if is_empty { "C’est obligatoire.".to_owned() } else { told(finding) }));
        }
    }
}

/// What the name of a field begins with that remembers what the form was written for.
pub(super) const WAS: &str = "was.";

/// The fields as a browser sent them, and where somebody else has changed one since the form was written:
/// theirs stays where this form has not touched it.
pub(super) fn typed(before: &[Line], form: &Form, by: &str) -> (Vec<Line>, Said) {
    let (mut lines, mut others) = (before.to_vec(), Said::new());
    for (index, line) in lines.iter_mut().enumerate().filter(|(_, line)| form.sends(&line.key)) {
        let typed = form.get(&line.key).replace("\r\n", "\n").trim().to_owned();
        let was = format!("{WAS}{}", line.key);
        let was = form.sends(&was).then(|| form.get(&was)).filter(|was| *was != line.value);
        if was.is_some() && typed != line.value {
            others.push((index, format!("{by} a écrit « {} » entre-temps.", line.value)));
        }
        if was != Some(typed.as_str()) {
            line.value = typed;
        }
    }
    (lines, others)
}

/// What a thing is called: its first words.
pub(super) fn called(lines: &[Line]) -> &str {
    let french =
        |line: &&Line| line.language.is_some() && line.name() == MAIN_LANGUAGE && !line.value.is_empty();
    lines.iter().find(french).map_or("…", |line| line.value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use shared::geography::Geography;
    use shared::validate::findings;

    fn shipped() -> Directory {
        Directory::from_json(include_bytes!("../../../../shared/editions/2026.json")).unwrap()
    }

    fn document() -> Document {
        Document::new(shipped())
    }

    fn thing(document: &Document, key: &str) -> Thing {
        document.find(key).unwrap()
    }

    fn value<'a>(lines: &'a [Line], key: &str) -> &'a str {
        &lines.iter().find(|line| line.key == key).unwrap_or_else(|| panic!("{key}: {lines:?}")).value
    }

    /// The fields of a thing with some changed.
    fn with(lines: &[Line], changes: &[(&str, &str)]) -> Vec<Line> {
        let mut lines = lines.to_vec();
        for (key, text) in changes {
            (*text).clone_into(&mut lines.iter_mut().find(|line| line.key == *key).unwrap().value);
        }
        lines
    }

    fn write(document: &mut Document, key: &str, changes: &[(&str, &str)]) -> Vec<String> {
        let thing = thing(document, key);
        let before = document.lines(&thing);
        let typed = with(&before, changes);
        let wrong = document.write(&thing, &before, &typed);
        wrong.into_iter().map(|(at, _)| typed[at].key.clone()).collect()
    }

    /// How many texts a value has.
    fn texts(value: &Value) -> usize {
        match value {
            Value::Object(object) if object.contains_key("fr") => 1,
            Value::Object(object) => object.values().map(texts).sum(),
            Value::Array(list) => list.iter().map(texts).sum(),
            _ => 0,
        }
    }

    /// Whoever opens every form and saves it as it is changes nothing, and no text is out of reach.
    #[test]
    fn every_text_of_an_edition_has_a_field_and_is_written_back_as_it_was() {
        let mut document = document();
        let mut fields = 0;
        for thing in document.things() {
            let lines = document.lines(&thing);
            assert!(!lines.is_empty(), "{thing:?}");
            fields += lines.iter().filter(|line| line.name() == "fr" && !line.value.is_empty()).count();
            assert_eq!(document.write(&thing, &lines, &lines), []);
        }
        assert_eq!(document.directory().unwrap(), shipped());
        assert!(fields > 300);
        assert_eq!(fields, texts(&document.value));
        let keys: std::collections::BTreeSet<String> =
            document.things().into_iter().map(|thing| thing.key).collect();
        assert_eq!(keys.len(), document.things().len(), "an address leads to one");
    }

    #[test]
    fn texts_and_what_stands_beside_them_are_written_where_they_are() {
        let mut document = document();
        let service = shipped().edition.remote_services[1].id.clone();
        let service = format!("remote_services.{service}");
        let choice = "questions.situation.pupil";
        assert_eq!(
            write(
                &mut document,
                &service,
                &[("phone", "0809361213"), ("name.uk", ""), ("valid_until", "31/12/2027")]
            ),
            [""; 0]
        );
        assert_eq!(write(&mut document, choice, &[("text.fr", "Une réponse"), ("help.en", "")]), [""; 0]);
        assert_eq!(
            write(&mut document, "edition", &[("edition.region.contact.email", "spro@exemple.fr")]),
            [""; 0]
        );
        let after = document.directory().unwrap();
        let changed = &after.edition.remote_services[1];
        assert_eq!(changed.phone.as_deref(), Some("08 09 36 12 13"));
        assert_eq!(changed.valid_until.as_deref(), Some("2027-12-31"));
        assert!(!changed.name.contains_key("uk"));
        let contact = after.edition.region.contact.as_ref().unwrap();
        assert_eq!(contact.email.as_deref(), Some("spro@exemple.fr"));
        assert_eq!(value(&document.lines(&thing(&document, choice)), "text.fr"), "Une réponse");
        assert_eq!(after.structures, shipped().structures);
    }

    #[test]
    fn a_resource_is_added_and_a_second_time_known() {
        let add = |document: &mut Document| {
            let thing = document.add_resource("").unwrap();
            let before = document.lines(&thing);
            let typed = with(
                &before,
                &[
                    ("kind", "news"),
                    ("title.fr", "Le bilan de 2023"),
                    ("published_on", "2026-11-24"),
                    ("website", "exemple.fr/bilan"),
                ],
            );
            assert_eq!(document.write(&thing, &before, &typed), []);
            document.is_there_twice("Le bilan de 2023")
        };
        let mut document = document();
        assert!(!add(&mut document));
        let added = document.directory().unwrap().resources.pop().unwrap();
        let json = json!({
            "id": "le-bilan-de-2023", "kind": "news", "title": { "fr": "Le bilan de 2023" },
            "published_on": "2026-11-24", "website": "https://exemple.fr/bilan",
        });
        assert_eq!(added, serde_json::from_value(json).unwrap());
        assert_eq!(thing(&document, "resources.le-bilan-de-2023").part, "news");
        assert!(add(&mut document), "a double click adds one");
    }

    /// What cannot be is told at the field that it was typed into.
    #[test]
    fn what_is_wrong_is_told_where_it_is() {
        let geography =
            Geography::parse("26362\tValence\t26000\t100\t45.0\t5.0\t\t\t", "", &|_| true).unwrap();
        let told = |key: &str, changes: &[(&str, &str)]| {
            let mut document = document();
            let unreadable = write(&mut document, key, changes);
            let thing = thing(&document, key);
            let lines = document.lines(&thing);
            let found = match document.directory() {
                Ok(directory) => findings(&directory, &geography, "2026-11-30"),
                Err(finding) => vec![finding],
            };
            let mut errors = Said::new();
            of_fields(&found, &thing, &lines, &mut errors, &mut Said::new());
            let errors = errors.into_iter().map(|(at, _)| lines[at].key.clone());
            unreadable.into_iter().chain(errors).collect::<Vec<_>>()
        };
        let resource = "resources.site-avenirs";
        assert_eq!(
            told(resource, &[("published_on", "hier"), ("source", "nulle part")]),
            ["source", "published_on"]
        );
        assert_eq!(told(resource, &[("title.fr", "")]), ["title.fr"]);
        assert_eq!(told(resource, &[("website", "")]), ["website"], "a site has an address");
        assert_eq!(told(resource, &[("kind", "poem")]), ["kind"]);
        let network = shipped().edition.networks[0].id.clone();
        let all = ["fr", "fr-simple", "en", "ar", "uk"].map(|language| format!("description.{language}"));
        let all: Vec<(&str, &str)> = all.iter().map(|key| (key.as_str(), "")).collect();
        assert_eq!(told(&format!("networks.{network}"), &all), ["description.fr"]);
        assert_eq!(told("edition", &[("edition.valid_from", "")]), ["edition.valid_from"]);
    }

    #[test]
    fn of_two_who_write_the_second_is_told_and_nothing_is_lost() {
        let document = document();
        let before = document.lines(&thing(&document, "resources.site-avenirs"));
        let was = [("was.title.fr", "Avenirs"), ("was.title.en", "Future")];
        let limits = serving::limits::Limits::form(10_000, 50);
        let sent = |pairs: &[(&str, &str)]| {
            let body: Vec<String> = pairs
                .iter()
                .map(|(name, value)| format!("{name}={}", shared::percent::encoded(value)))
                .collect();
            Form::parse(body.join("&").as_bytes(), &limits).unwrap()
        };
        // One text is theirs and untouched here, one is written by both, one only here.
        let form =
            sent(&[&was[..], &[("title.fr", "Avenirs"), ("title.en", "Mine"), ("title.uk", "Моє")]].concat());
        let (lines, others) = typed(&before, &form, "Une autre");
        let told: Vec<&str> = others.iter().map(|(at, _)| lines[*at].key.as_str()).collect();
        assert_eq!(told, ["title.fr", "title.en"]);
        assert_eq!(value(&lines, "title.fr"), value(&before, "title.fr"));
        assert_eq!((value(&lines, "title.en"), value(&lines, "title.uk")), ("Mine", "Моє"));
        assert!(others[1].1.contains("Une autre a écrit « Avenir(s)"), "{others:?}");
        // Sent again from the page that told it, everything is taken.
        let was = ("was.title.en", value(&before, "title.en"));
        let (lines, others) = typed(&before, &sent(&[was, ("title.en", "Mine")]), "Une autre");
        assert_eq!((value(&lines, "title.en"), others.len()), ("Mine", 0));
    }
}
