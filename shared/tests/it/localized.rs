//! What decides, apart from what is said.

use crate::people::valid;
use crate::shipped::{DIRECTORY_2016, DIRECTORY_2026, FRANCE, TODAY};
use serde_json::Value;
use shared::compile::{compile, localized};
use shared::directory::{Directory, Rule, Text};
use shared::localized::{LocalizedGuide, to_json};
use shared::snapshot::{GUIDE_PIECE, Snapshot, UnreadablePiece};
use shared::spelling::keep_together;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The shipped edition in one department, changed.
fn compiled(change: impl FnOnce(&mut Directory)) -> Snapshot {
    let mut directory = DIRECTORY_2026.clone();
    directory.edition.region.departments.retain(|department| department.code == "26");
    directory.structures.retain(|place| place.commune.starts_with("26"));
    directory.edition.networks.iter_mut().for_each(|network| network.expected.clear());
    change(&mut directory);
    compile(&valid(directory, TODAY), &FRANCE)
}

/// The pieces that are not the same.
fn changed<'a>(before: &'a Snapshot, after: &'a Snapshot) -> BTreeSet<&'a str> {
    let names: BTreeSet<&String> =
        before.manifest.pieces.keys().chain(after.manifest.pieces.keys()).collect();
    let is_other = |name: &&&String| before.manifest.pieces.get(**name) != after.manifest.pieces.get(**name);
    names.iter().filter(is_other).map(|name| name.as_str()).collect()
}

#[test]
fn a_translation_changes_the_texts_of_its_language_and_no_other_piece() {
    let before = compiled(|_| {});
    let fields: [fn(&mut Directory) -> &mut Text; 6] = [
        |directory| &mut directory.edition.title,
        |directory| &mut directory.edition.questions[0].text,
        |directory| &mut directory.edition.networks[0].name,
        |directory| &mut directory.edition.networks[0].public,
        |directory| &mut directory.edition.rules[0].reason,
        |directory| &mut directory.edition.remote_services[0].description,
    ];
    for field in fields {
        for (language, piece) in [("uk", "texts.uk"), ("en", "texts.en")] {
            let better = |directory: &mut Directory| {
                field(directory).insert(language.to_owned(), "…".to_owned());
            };
            let after = compiled(better);
            assert_eq!(changed(&before, &after), [piece].into(), "{language}");
            assert_ne!(before.id, after.id);
        }
        // Without its translation a text is in French, and the piece says so.
        let after = compiled(|directory| drop(field(directory).remove("ar")));
        assert_eq!(changed(&before, &after), ["texts.ar"].into());
    }
    // Of two rules that a visitor cannot tell apart, one alone is said in other words.
    let again = |directory: &mut Directory| {
        let rules = &mut directory.edition.rules;
        rules.insert(1, Rule { id: "again".to_owned(), ..rules[0].clone() });
    };
    let alike = compiled(again);
    let after = compiled(|directory| {
        again(directory);
        directory.edition.rules[1].reason.insert("en".to_owned(), "…".to_owned());
    });
    assert_eq!(changed(&alike, &after), ["texts.en"].into());
    // What decides is not a matter of words.
    let after = compiled(|directory| directory.edition.reach_km += 1);
    assert!(changed(&before, &after).contains(GUIDE_PIECE));
}

#[test]
fn texts_of_another_guide_are_refused() {
    let guide = localized(&DIRECTORY_2026, "fr");
    let other = localized(&DIRECTORY_2016, "fr");
    let refused = LocalizedGuide::new(Arc::clone(&guide.guide), other.texts);
    assert_eq!(refused, Err(UnreadablePiece::Malformed));
    let mut texts = guide.texts.clone();
    texts.texts.push(String::new());
    assert!(LocalizedGuide::new(Arc::clone(&guide.guide), texts).is_err());
    assert!(LocalizedGuide::new(guide.guide, guide.texts).is_ok());
}

/// What partners' programs read is what the document says, in one language.
#[test]
fn the_json_of_a_language_has_the_words_and_the_ids_of_the_document() {
    for directory in [&*DIRECTORY_2016, &*DIRECTORY_2026] {
        let tags = directory.edition.languages.iter().map(|language| language.tag.as_str());
        for language in tags {
            let guide = localized(directory, language);
            let json: Value = serde_json::from_slice(&to_json(&guide).unwrap()).unwrap();
            let said = |text: &Text| {
                let own = text.get(language).filter(|words| !words.trim().is_empty());
                match own {
                    Some(words) if !language.starts_with("fr") => words.clone(),
                    Some(words) => keep_together(words),
                    None => keep_together(&text["fr"]),
                }
            };
            let edition = &directory.edition;
            assert_eq!(json["language"], language);
            assert_eq!(json["title"], said(&edition.title));
            assert_eq!(json["region"], said(&edition.region.name));
            for (question, written) in edition.questions.iter().zip(json["questions"].as_array().unwrap()) {
                assert_eq!(written["text"], said(&question.text));
                assert_eq!(
                    written["help"],
                    question.help.as_ref().map_or(Value::Null, |help| said(help).into())
                );
            }
            for (network, written) in edition.networks.iter().zip(json["networks"].as_array().unwrap()) {
                assert_eq!(written["id"], *network.id);
                assert_eq!(written["name"], said(&network.name));
                assert_eq!(written["public"], said(&network.public));
                assert_eq!(written["expected"], Value::Array(Vec::new()));
            }
            for (rule, written) in edition.rules.iter().zip(json["rules"].as_array().unwrap()) {
                assert_eq!(written["pick"], serde_json::to_value(&rule.pick).unwrap());
                assert_eq!(written["complements"], serde_json::to_value(&rule.complements).unwrap());
                let limit = rule.limit(&edition.preference);
                assert_eq!(written["preference"], serde_json::to_value(limit).unwrap());
                assert_eq!(written["when"], serde_json::to_value(&rule.when).unwrap());
                assert_eq!(written["reason"], said(&rule.reason));
            }
            for (service, written) in
                edition.remote_services.iter().zip(json["remote_services"].as_array().unwrap())
            {
                assert_eq!(written["name"], said(&service.name));
                assert_eq!(written["sources"], Value::Array(Vec::new()));
            }
            assert!(json.get("slots").is_none() && json["untranslated"].is_array());
        }
    }
}
