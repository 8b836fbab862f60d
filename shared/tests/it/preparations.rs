//! What to say on the phone, and what may be useful to bring.

use crate::shipped::{DIRECTORY_2016, DIRECTORY_2026, FRANCE, REGIONS, TODAY, composed};
use shared::compile::localized;
use shared::finding::Severity;
use shared::validate::validate;

const LANGUAGES: [&str; 5] = ["fr", "fr-simple", "en", "ar", "uk"];

#[test]
fn whoever_is_led_somewhere_knows_what_to_say_in_their_language_and_in_french() {
    for language in LANGUAGES {
        let guide = localized(&DIRECTORY_2026, language);
        let of = |id: &str| {
            let network = guide.networks.iter().position(|network| network.id == id);
            let index = guide.preparation(network).unwrap();
            &guide.preparations[index]
        };
        assert_eq!(of("mission-locale").id, "young", "{language}");
        assert_eq!(of("france-travail").id, "job", "{language}");
        assert_eq!(of("cio").id, "studies", "{language}");
        assert_eq!(of("avenir-actifs").id, "career", "{language}");
        // What nothing is written for, and a site without a network, have what is for all.
        assert_eq!(of("france-services").id, "all", "{language}");
        assert_eq!(guide.preparations[guide.preparation(None).unwrap()].id, "all");
        for one in &guide.preparations {
            for text in [one.say, one.bring].map(|slot| guide.text(slot)) {
                assert!(!text.is_empty() && !guide.is_untranslated(text), "{language}: {text}");
                assert!(text.chars().count() <= 200, "short: {text}");
            }
        }
        let beside = if language.starts_with("fr") { 0 } else { guide.preparations.len() };
        assert_eq!(guide.texts.say_in_french.len(), beside, "{language}");
    }
    let (french, ukrainian) = (localized(&DIRECTORY_2026, "fr"), localized(&DIRECTORY_2026, "uk"));
    for (one, words) in french.preparations.iter().zip(&ukrainian.texts.say_in_french) {
        assert_eq!(french.text(one.say), words);
    }
}

/// No source says which papers a place asks for: they are a proposal, and the phone tells.
#[test]
fn nothing_to_bring_is_asked_for_by_anybody() {
    for one in &DIRECTORY_2026.edition.preparations {
        assert!(one.say["fr"].ends_with("Que dois-je apporter ?"), "{}", one.say["fr"]);
        assert!(one.bring["fr"].starts_with("Si vous les avez : "), "{}", one.bring["fr"]);
        assert!(one.bring["fr"].ends_with("Demandez au téléphone s’il faut autre chose."));
        assert!(!one.bring["fr"].contains("obligatoire"));
    }
}

#[test]
fn a_preparation_is_for_networks_that_are_there_in_every_region() {
    for (code, _) in REGIONS {
        let edition = composed(code).edition;
        assert_eq!(edition.preparations.len(), 5, "{code}");
        let ids = edition.preparations.iter().flat_map(|one| &one.networks);
        for id in ids {
            assert!(edition.networks.iter().any(|network| network.id == *id), "{code}: {id}");
        }
    }
    let mut directory = DIRECTORY_2026.clone();
    directory.structures.clear();
    directory.edition.preparations[1].networks.push("pole-emploi".to_owned());
    directory.edition.preparations[2].id = "all".to_owned();
    directory.edition.preparations[3].say.remove("fr");
    let findings = validate(directory, &FRANCE, TODAY).unwrap_err();
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let found: Vec<(&str, &str)> = errors.map(|one| (one.code, one.path.as_str())).collect();
    assert!(found.contains(&("unknown-network", "edition.preparations[1].networks[2]")), "{found:?}");
    assert!(found.contains(&("missing-french", "edition.preparations[3].say")), "{found:?}");
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn what_nobody_reads_is_told_once() {
    let mut directory = DIRECTORY_2026.clone();
    directory.structures.clear();
    let list = &mut directory.edition.preparations;
    let again = |one: &shared::directory::Preparation, id: &str| {
        let mut again = one.clone();
        again.id = id.to_owned();
        again
    };
    let all = list.iter().find(|one| one.networks.is_empty()).unwrap();
    let young = list.iter().find(|one| one.networks.iter().any(|id| id == "mission-locale")).unwrap();
    let (all, mut mixed, young) = (again(all, "all-2"), again(young, "mixed"), again(young, "young-2"));
    mixed.networks.push("france-services".to_owned());
    list.extend([all, young, mixed]);
    let valid = validate(directory, &FRANCE, TODAY).unwrap();
    let told: Vec<&str> = valid
        .warnings()
        .iter()
        .filter(|one| one.code == "never-said")
        .map(|one| one.value.as_str())
        .collect();
    assert_eq!(told, ["all-2", "young-2"], "the third speaks of France services");
}

#[test]
fn an_edition_without_them_says_nothing() {
    let guide = localized(&DIRECTORY_2016, "fr");
    assert!(guide.preparations.is_empty() && guide.preparation(Some(0)).is_none());
}
