//! The directory of every region, composed of what is national and of its small file.

use crate::shipped::{
    DIRECTORY_2016, DIRECTORY_2026, EDITION_2016, EDITION_2026, FRANCE, NATIONAL_2026, REGIONS, TODAY,
    composed,
};
use serde_json::{Value, json};
use shared::condition::Condition;
use shared::directory::{Directory, MAIN_LANGUAGE};
use shared::finding::Severity;
use shared::region::{Region, compose};
use shared::validate::validate;
use std::collections::{BTreeMap, BTreeSet};

const NATIONAL_2016: &[u8] = include_bytes!("../../editions/2016/national.json");
const RHONE_ALPES: &[u8] = include_bytes!("../../editions/2016/82.json");

fn file(code: &str) -> &'static str {
    REGIONS.iter().find(|(known, _)| *known == code).unwrap().1
}

/// The file of a region, changed.
fn changed(code: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut region: Value = serde_json::from_str(file(code)).unwrap();
    change(&mut region);
    region.to_string()
}

/// Every text of the edition, the territories and the resources that people read, with its language;
/// sites and phones too. Sources are where a fact comes from: they may be of another region.
fn said(directory: &Directory) -> Vec<(String, String)> {
    fn collect(value: &Value, name: &str, texts: &mut Vec<(String, String)>) {
        match value {
            Value::String(text) if !matches!(name, "source" | "sources") => {
                texts.push((name.to_owned(), text.clone()));
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, name, texts)),
            Value::Object(fields) => fields.iter().for_each(|(name, value)| collect(value, name, texts)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    collect(&serde_json::to_value(directory).unwrap(), "", &mut texts);
    texts
}

#[test]
fn both_editions_are_made_of_their_sources_to_the_letter() {
    for (national, region, made) in [
        (NATIONAL_2026.as_bytes(), file("84").as_bytes(), EDITION_2026),
        (NATIONAL_2016, RHONE_ALPES, EDITION_2016),
    ] {
        let composed = compose(national, region).unwrap();
        let again = composed.over(made).unwrap();
        let made = std::str::from_utf8(made).unwrap();
        let differing = again.lines().zip(made.lines()).position(|(one, other)| one != other);
        assert!(
            again == made,
            "shared/editions is not what its sources make, from line {:?} on: cargo xtask directory",
            differing.map(|line| line + 1)
        );
    }
}

#[test]
fn the_directory_of_every_region_is_valid_and_all_departments_are_in_one() {
    let mut departments: Vec<String> = Vec::new();
    for (code, region) in REGIONS {
        let parsed = Region::from_json(region.as_bytes()).unwrap();
        assert_eq!(parsed.code, code);
        let directory = composed(code);
        let name = &parsed.name[MAIN_LANGUAGE];
        assert!(directory.title.contains(name.as_str()), "{}", directory.title);
        assert_eq!(directory.edition.region.departments, parsed.departments);
        departments.extend(parsed.departments.iter().map(|department| department.code.clone()));
        let valid =
            validate(directory, &FRANCE, TODAY).unwrap_or_else(|findings| panic!("{name}: {}", findings[0]));
        let known = ["no-contact"];
        let warnings: Vec<_> =
            valid.warnings().iter().filter(|finding| !known.contains(&finding.code)).collect();
        assert!(warnings.is_empty(), "{name}: {warnings:?}");
    }
    let all: BTreeSet<&str> = FRANCE.communes().iter().map(shared::geography::Commune::department).collect();
    assert_eq!(departments.len(), all.len(), "no department is in two regions");
    assert_eq!(departments.iter().map(String::as_str).collect::<BTreeSet<_>>(), all);
}

#[test]
fn no_text_of_a_region_is_of_another() {
    let shipped = Region::from_json(file("84").as_bytes()).unwrap();
    let (agency, operator) = (shipped.agency.unwrap(), shipped.cep_operator.unwrap());
    let contact = shipped.contact.unwrap();
    let mut foreign: Vec<String> = shipped.name.into_values().collect();
    foreign.extend([agency.name, operator.name, operator.full_name, contact.name.unwrap()]);
    foreign.extend([operator.phone.unwrap(), "avenir-actifs".to_owned(), "auvergnerhonealpes".to_owned()]);
    foreign.extend(["via-competences", "transitionspro-ara", "Rhône-Alpes"].map(str::to_owned));
    for (code, _) in REGIONS.iter().filter(|(code, _)| *code != "84") {
        for (language, text) in said(&composed(code)) {
            let named = foreign.iter().find(|name| text.to_lowercase().contains(&name.to_lowercase()));
            assert_eq!(named, None, "{code}, {language}: {text}");
        }
    }
    // What is looked for is there where it belongs.
    let own = said(&composed("84"));
    for name in &foreign {
        let is_there = own.iter().any(|(_, text)| text.to_lowercase().contains(&name.to_lowercase()));
        assert!(is_there, "{name}");
    }
}

#[test]
fn every_text_of_every_region_is_in_every_language_and_has_no_placeholder() {
    fn check(code: &str, value: &Value, path: &str) {
        match value {
            Value::Object(fields) if fields.get(MAIN_LANGUAGE).is_some_and(Value::is_string) => {
                for language in ["fr", "fr-simple", "en", "ar", "uk"] {
                    let is_said = fields
                        .get(language)
                        .and_then(Value::as_str)
                        .is_some_and(|text| !text.is_empty() && !text.contains(['{', '}', '\u{fffd}']));
                    let is_for_administrators = path.contains("guarantees") && language != "fr";
                    assert!(is_said || is_for_administrators, "{code}, {language}: {path}");
                }
            }
            Value::Object(fields) => {
                fields.iter().for_each(|(name, field)| check(code, field, &format!("{path}.{name}")));
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let id = item["id"].as_str().map_or_else(|| index.to_string(), str::to_owned);
                    check(code, item, &format!("{path}[{id}]"));
                }
            }
            Value::String(text) => assert!(!text.contains(['{', '}']), "{code}: {path}: {text}"),
            _ => {}
        }
    }
    for (code, _) in REGIONS {
        check(code, &serde_json::to_value(composed(code)).unwrap(), "");
    }
}

/// A region with its own agency and operator names them, in every language, and nobody else's.
#[test]
fn a_region_names_its_own_agency_and_operator() {
    let region = changed("53", |region| {
        region["agency"] = json!({
            "name": "Agence des Ajoncs", "website": "https://ajoncs.exemple.fr",
            "recognised_by": ["agence des ajoncs"], "source": "https://ajoncs.exemple.fr/qui"
        });
        region["cep_operator"] = json!({
            "id": "cap-ajoncs", "name": "Cap Ajoncs", "full_name": "Cap Ajoncs Bretagne",
            "website": "https://cap.exemple.fr", "phone": "02 99 00 00 00"
        });
        region["contact"] = json!({"name": "Agence des Ajoncs", "email": "spro@ajoncs.exemple.fr"});
    });
    let directory = compose(NATIONAL_2026.as_bytes(), region.as_bytes()).unwrap().directory().unwrap();
    let edition = &directory.edition;
    let network = |id: &str| edition.networks.iter().find(|network| network.id == id).unwrap();
    let rule = |picked: &str| {
        let is_it = |ids: &[String]| ids.first().is_some_and(|first| first == picked);
        edition.rules.iter().find(|rule| is_it(rule.pick.networks())).unwrap()
    };
    for language in ["fr", "fr-simple", "en", "ar", "uk"] {
        assert!(network("agence-orientation").name[language].contains("Agence des Ajoncs"), "{language}");
        assert!(network("cap-ajoncs").name[language].contains("Cap Ajoncs"), "{language}");
        assert!(rule("cap-ajoncs").reason[language].contains("Cap Ajoncs"), "{language}");
    }
    assert_eq!(rule("agence-orientation").source, "https://ajoncs.exemple.fr/qui");
    let fr = &rule("agence-orientation").reason["fr"];
    assert!(fr.ends_with("les métiers et les formations de Bretagne."), "{fr}");
    assert!(rule("agence-orientation").reason["uk"].contains("Бретань (Bretagne)"));
    assert!(network("agence-orientation").recognised_by.contains(&"agence des ajoncs".to_owned()));
    assert_eq!(
        edition.remote_services.iter().filter(|one| one.website == "https://cap.exemple.fr").count(),
        1
    );
    let contact = edition.region.contact.as_ref().and_then(|contact| contact.email.as_deref());
    assert_eq!(contact, Some("spro@ajoncs.exemple.fr"));
    assert!(validate(directory, &FRANCE, TODAY).is_ok());
}

/// What is national is the same to the letter in all of them, but for what names a region.
#[test]
fn rules_and_questions_are_those_of_every_region() {
    let shipped = &DIRECTORY_2026.edition;
    for (code, _) in REGIONS {
        let edition = composed(code).edition;
        assert_eq!(edition.questions, shipped.questions, "{code}");
        assert_eq!((edition.reach_km, &edition.preference), (shipped.reach_km, &shipped.preference));
        let conditions = |edition: &shared::directory::Edition| {
            let rules = edition.rules.iter().map(|rule| (rule.id.clone(), rule.when.clone()));
            rules.collect::<BTreeMap<_, _>>()
        };
        let (own, all) = (conditions(&edition), conditions(shipped));
        let is_everywhere = |id: &str| !matches!(id, "R22" | "R22n");
        let national = |rules: BTreeMap<String, Condition>| -> BTreeMap<String, Condition> {
            rules.into_iter().filter(|(id, _)| is_everywhere(id)).collect()
        };
        // To the agency where there is one, else to the national site.
        let has_agency = own.contains_key("R22");
        let is_known = matches!(code, "11" | "32" | "52" | "53" | "76" | "84");
        assert_eq!((has_agency, own.contains_key("R22n")), (is_known, !is_known), "{code}");
        assert_eq!(national(own), national(all), "{code}");
    }
}

#[test]
fn what_is_wrong_in_the_file_of_a_region_is_said_with_its_place() {
    let found = |change: &dyn Fn(&mut Value)| {
        let region = changed("84", change);
        let finding = compose(NATIONAL_2026.as_bytes(), region.as_bytes()).unwrap_err();
        assert_eq!(finding.severity, Severity::Error);
        (finding.code, finding.path)
    };
    assert_eq!(
        found(&|region| region["networks"]["cyo"] = json!({"website": "https://a.fr"})),
        ("unknown-network", "networks.cyo".to_owned())
    );
    assert_eq!(
        found(&|region| region["own"]["resources"][0]["before"] = json!("nothing")),
        ("unknown-id", "own.resources[boite-a-outils].before".to_owned())
    );
    assert_eq!(
        found(&|region| region["agence"] = json!({"name": "a"})),
        ("unknown-field", "agence".to_owned())
    );
    assert_eq!(found(&|region| region["own"]["resources"][0]["kind"] = json!("x")).0, "unknown-value");
    assert_eq!(found(&|region| region["own"]["networks"] = json!([{"id": "x"}])).0, "missing-field");
}

/// A network that is not everywhere is there where the region names it; else what is for it alone
/// goes too, and nothing that remains names it.
#[test]
fn a_network_that_is_not_everywhere_is_there_where_the_region_names_it() {
    let made = |region: &str| {
        compose(NATIONAL_2026.as_bytes(), region.as_bytes()).unwrap().directory().unwrap().edition
    };
    let with = made(&changed("53", |region| region["networks"]["mife"] = json!({})));
    let without = made(file("53"));
    let named = |edition: &shared::directory::Edition| {
        serde_json::to_string(edition).unwrap().matches("\"mife\"").count()
    };
    assert!(named(&with) > 20);
    assert_eq!(named(&without), 0);
    let promise = |edition: &shared::directory::Edition, id: &str| {
        edition.guarantees.iter().find(|guarantee| guarantee.id == id).cloned()
    };
    // Its only promise was that network; a world with one of its places; a promise that keeps others.
    assert!(promise(&with, "followed-adult").is_some() && promise(&without, "followed-adult").is_none());
    let beyond = "R15a-beyond-15-km";
    assert!(promise(&with, beyond).is_some() && promise(&without, beyond).is_none());
    let any = |edition| promise(edition, "R10-any").unwrap().among;
    assert_eq!((any(&with).len(), any(&without).len()), (2, 1));
    assert_eq!(with.rules.len(), without.rules.len());

    // A rule that leads to it alone goes with it, and no reason is promised to be that rule's.
    let mut national: Value = serde_json::from_str(NATIONAL_2026).unwrap();
    let networks = national["edition"]["networks"].as_array_mut().unwrap();
    networks.iter_mut().find(|network| network["id"] == "france-vae").unwrap()["if"] =
        json!("networks.france-vae");
    let lacking =
        compose(national.to_string().as_bytes(), file("53").as_bytes()).unwrap().directory().unwrap();
    assert!(lacking.edition.rules.iter().all(|rule| rule.id != "R18"));
    assert!(
        lacking.edition.guarantees.iter().all(|guarantee| !guarantee.because.contains(&"R18".to_owned()))
    );
    assert!(validate(lacking, &FRANCE, TODAY).is_ok());
}

#[test]
fn a_directory_made_again_keeps_its_places_and_its_title() {
    let composed_again = compose(NATIONAL_2026.as_bytes(), file("53").as_bytes()).unwrap();
    let over = |json: &[u8]| Directory::from_json(composed_again.over(json).unwrap().as_bytes()).unwrap();
    let renewed = over(EDITION_2026);
    assert_eq!((&renewed.title, &renewed.structures), (&DIRECTORY_2026.title, &DIRECTORY_2026.structures));
    assert_eq!(renewed.edition, composed("53").edition);
    // Territories are of the region's file: those of Rhône-Alpes go with it.
    assert!(!DIRECTORY_2016.territories.is_empty() && over(EDITION_2016).territories.is_empty());
    assert!(composed_again.over(b"[]").is_err());
}
