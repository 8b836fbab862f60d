//! The drawing of an edition: nothing overlaps, every text fits, everything is there; for the
//! shipped editions in each of their languages, and for invented ones.
//!
//! `SPRO_BLESS=1` writes the drawings in `docs` again.

#![expect(
    clippy::disallowed_methods,
    reason = "`insight` reads no file; the drawings to compare with are files"
)]

use insight::report::drawing::{Frame, Picture, page, picture, svg};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};
use shared::compile::localized;
use shared::directory::Directory;
use shared::snapshot::{Guide, GuideTexts, LocalizedGuide};
use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A tenth of a unit: what writing with one decimal may shift.
const SLACK: f32 = 0.1;

fn contains(outer: &Frame, inner: &Frame) -> bool {
    inner.x >= outer.x - SLACK
        && inner.y >= outer.y - SLACK
        && inner.x + inner.width <= outer.x + outer.width + SLACK
        && inner.y + inner.height <= outer.y + outer.height + SLACK
}

fn overlap(a: &Frame, b: &Frame) -> bool {
    a.x + SLACK < b.x + b.width
        && b.x + SLACK < a.x + a.width
        && a.y + SLACK < b.y + b.height
        && b.y + SLACK < a.y + a.height
}

/// The space that a line of text takes.
fn space(picture: &Picture, index: usize) -> Frame {
    let label = &picture.labels[index];
    let width = label.font.width(&label.text);
    let x = if label.centred { label.x - width / 2.0 } else { label.x };
    let (y, height) = (label.y - label.font.size * 0.78, label.font.size);
    Frame { x, y, width, height, within: label.within, class: "text" }
}

fn check(picture: &Picture) -> Result<(), String> {
    let sheet =
        Frame { x: 0.0, y: 0.0, width: picture.width, height: picture.height, within: None, class: "sheet" };
    let texts: Vec<Frame> = (0..picture.labels.len()).map(|index| space(picture, index)).collect();
    let inside = |frame: &Frame| contains(frame.within.map_or(&sheet, |outer| &picture.frames[outer]), frame);
    for (index, frame) in picture.frames.iter().enumerate() {
        if !inside(frame) {
            return Err(format!("{frame:?} leaves what it is within"));
        }
        let siblings = picture.frames[index + 1..].iter().filter(|other| other.within == frame.within);
        if let Some(other) = siblings.into_iter().find(|other| overlap(frame, other)) {
            return Err(format!("{frame:?} overlaps {other:?}"));
        }
    }
    for (index, text) in texts.iter().enumerate() {
        let said = &picture.labels[index].text;
        if !inside(text) {
            return Err(format!(
                "« {said} » at {text:?} leaves {:?}",
                text.within.map(|outer| &picture.frames[outer])
            ));
        }
        let is_beside = |other: &&Frame| other.within == text.within && overlap(text, other);
        if let Some(other) = texts[index + 1..].iter().find(is_beside) {
            return Err(format!("« {said} » at {text:?} overlaps the text at {other:?}"));
        }
        if let Some(frame) = picture.frames.iter().find(is_beside) {
            return Err(format!("« {said} » at {text:?} overlaps {frame:?}"));
        }
    }
    // No line runs through a box at top level, but for those that leave an answer.
    for line in picture.lines.iter().filter(|line| line.class == "order") {
        for ends in line.points.windows(2) {
            let (a, b) = (ends[0], ends[1]);
            let way = Frame {
                x: a.0.min(b.0),
                y: a.1.min(b.1) + 0.2,
                width: (a.0 - b.0).abs().max(0.2),
                height: ((a.1 - b.1).abs() - 0.4).max(0.2),
                within: None,
                class: "way",
            };
            if let Some(frame) =
                picture.frames.iter().find(|frame| frame.within.is_none() && overlap(frame, &way))
            {
                return Err(format!("{line:?} runs through {frame:?}"));
            }
        }
    }
    Ok(())
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn editions() -> Vec<Directory> {
    let mut files: Vec<PathBuf> = fs::read_dir(repository().join("shared/editions"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.to_string_lossy().ends_with(".json") && !path.to_string_lossy().ends_with(".schema.json")
        })
        .collect();
    files.sort();
    files.iter().map(|file| Directory::from_json(&fs::read(file).unwrap()).unwrap()).collect()
}

#[test]
fn the_shipped_editions_are_drawn_without_overlap_in_each_language() {
    let editions = editions();
    assert!(!editions.is_empty());
    for directory in &editions {
        let mut languages: Vec<&str> =
            directory.edition.languages.iter().map(|language| language.tag.as_str()).collect();
        languages.push("fr");
        for language in languages {
            let picture = picture(&localized(directory, language));
            check(&picture).unwrap_or_else(|wrong| panic!("{} in {language}: {wrong}", directory.edition.id));
        }
    }
}

#[test]
fn the_drawings_in_docs_are_those_of_the_editions() {
    for directory in editions() {
        let found = svg(&localized(&directory, "fr"));
        let path = repository().join(format!("docs/guide-{}.svg", directory.edition.id));
        if std::env::var_os("SPRO_BLESS").is_some() {
            fs::write(&path, &found).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        let differs =
            (1..).zip(found.lines().zip(expected.lines())).find(|(_, (found, expected))| found != expected);
        assert_eq!(differs, None, "{}: run the test again with SPRO_BLESS=1 and look at it", path.display());
        assert_eq!(found.lines().count(), expected.lines().count(), "{}", path.display());
    }
}

#[test]
fn everything_that_the_edition_says_is_drawn_and_listed() {
    for directory in editions() {
        let guide = localized(&directory, "fr");
        let page = page::html(&guide);
        let list = page.split("</svg>").nth(1).unwrap();
        let drawn: Vec<String> = picture(&guide).labels.into_iter().map(|label| label.text).collect();
        let drawn = drawn.join(" ");
        let there = |text: &str| {
            let words: Vec<&str> = text.split(' ').collect();
            assert!(drawn.contains(&words.join(" ")), "{text} is not drawn");
            let escaped = insight::report::markup::Escaped(text).to_string();
            assert!(list.contains(&escaped), "{text} is not listed");
        };
        for question in &guide.questions {
            there(guide.text(question.text));
            for choice in question.choices() {
                there(guide.text(choice.text));
            }
        }
        for rule in &guide.rules {
            there(&rule.id);
            for network in rule.pick.networks().iter().chain(&rule.complements) {
                there(guide.name_of(&guide.networks[network.rank()]));
            }
        }
        for service in &guide.remote_services {
            there(guide.text(service.name));
        }
        let unverified = guide.rules.iter().filter(|rule| !rule.verified).count();
        let marked = picture(&guide).frames.iter().filter(|frame| frame.class == "tag doubt").count();
        assert_eq!(marked, unverified + 1, "each unverified rule is marked, and the legend says how");
    }
}

#[test]
fn a_language_from_right_to_left_is_the_mirror_image() {
    let mut guide = localized(&editions()[0], "fr");
    let plain = picture(&guide);
    guide.texts.language = "ar".to_owned();
    Arc::make_mut(&mut guide.guide).languages =
        serde_json::from_value(json!([{"tag": "ar", "name": "العربية", "right_to_left": true}])).unwrap();
    let svg = svg(&guide);
    assert!(svg.contains("class=\"guide rtl\"") && svg.contains("lang=\"ar\""), "{}", &svg[..300]);
    // The questions stand on the right.
    let first = svg.lines().find(|line| line.contains("class=\"question\"")).unwrap();
    let x: f32 = first.split(" x=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    assert!(x > plain.width / 2.0, "{first}");
}

/// Words of any length, some of them absurd.
fn any_text(longest: usize) -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => "[a-zéèàç’]{1,12}",
        1 => "[A-ZŒM]{1,20}",
        1 => "[a-zW]{30,60}",
        1 => "[а-яЩ]{2,14}",
        1 => "[<&\"']{1,4}",
    ];
    vec(word, 1..longest).prop_map(|words| words.join(" "))
}

/// An edition of any shape: conditions on earlier questions, any number of everything.
fn any_guide() -> impl Strategy<Value = LocalizedGuide> {
    let question = (any_text(14), vec((any_text(9), any::<bool>()), 1..7), any::<bool>());
    let tests = vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 0..4);
    let questions = vec((question, tests.clone()), 1..9);
    let networks = vec(any_text(8), 1..7);
    let picks = vec(any::<prop::sample::Index>(), 1..4);
    let rules = vec(
        (any_text(3), tests.clone(), picks.clone(), vec(any::<prop::sample::Index>(), 0..4), any::<u8>()),
        1..16,
    );
    let remote = vec((any_text(10), tests), 0..7);
    (questions, networks, rules, remote).prop_map(|(questions, networks, rules, remote)| {
        type Tests = Vec<(prop::sample::Index, prop::sample::Index, u8)>;
        let words: RefCell<Vec<String>> = RefCell::default();
        let slot = |text: &str| {
            let mut words = words.borrow_mut();
            words.push(text.to_owned());
            json!({"text": words.len() - 1})
        };
        let condition = |tests: &Tests, before: usize| -> Value {
            if before == 0 || tests.is_empty() {
                return json!("always");
            }
            let parts: Vec<Value> = tests
                .iter()
                .map(|(question, choice, kind)| {
                    let question = question.index(before);
                    let choices = questions[question].0.1.len();
                    let is = [choice.index(choices), (choice.index(choices) + 1) % choices];
                    let test = json!({"answer": {"question": format!("q{question}"), "is": is.map(|at| format!("c{at}"))}});
                    if kind.is_multiple_of(5) { json!({"not": test}) } else { test }
                })
                .collect();
            if tests[0].2.is_multiple_of(2) { json!({ "all": parts }) } else { json!({ "any": parts }) }
        };
        let said_questions: Vec<Value> = questions
            .iter()
            .enumerate()
            .map(|(index, ((text, choices, optional), tests))| {
                let choices: Vec<Value> = choices
                    .iter()
                    .enumerate()
                    .map(|(at, (text, unknown))| json!({"id": format!("c{at}"), "text": slot(text), "unknown": unknown}))
                    .collect();
                json!({"id": format!("q{index}"), "text": slot(text), "variants": [], "optional": optional, "ask_if": condition(tests, index),
                    "kind": if optional & choices.is_empty() { json!("commune") } else { json!({"choices": choices}) }})
            })
            .collect();
        let said_networks: Vec<Value> = networks
            .iter()
            .enumerate()
            .map(|(index, name)| json!({"id": format!("n{index}"), "name": slot(name), "description": slot(""), "public": slot(""),
                "serves": "always", "services": [], "membership": "network", "cep_operator": "no", "reach": "any_place"}))
            .collect();
        let ids = |picks: &[prop::sample::Index]| -> Vec<Value> {
            picks.iter().map(|pick| json!({"network": pick.index(networks.len())})).collect()
        };
        let said_rules: Vec<Value> = rules
            .iter()
            .map(|(id, tests, picks, complements, kind)| {
                let pick = if kind.is_multiple_of(3) { json!({"nearest_of": ids(picks)}) } else { json!({"in_order": ids(picks)}) };
                json!({"id": id, "when": condition(tests, questions.len()), "role": if kind.is_multiple_of(4) { "adds" } else { "main" },
                    "pick": pick, "complements": ids(complements), "reason": slot(""), "source": "", "verified": kind.is_multiple_of(2),
                    "valid_from": (kind.is_multiple_of(7)).then_some("2026-01-01"), "valid_until": (kind.is_multiple_of(5)).then_some("2027-01-01")})
            })
            .collect();
        let said_remote: Vec<Value> = remote
            .iter()
            .map(|(name, tests)| json!({"id": "r", "name": slot(name), "description": slot(""), "website": "", "services": ["reception", "support"],
                "serves": condition(tests, questions.len())}))
            .collect();
        let (title, region) = (slot("Une édition"), slot(""));
        let words = words.into_inner();
        let guide: Guide = serde_json::from_value(json!({
            "format": 2, "languages": [], "slots": words.len(), "edition": "x", "title": title, "region": region,
            "departments": [], "reach_km": 1, "questions": said_questions, "networks": said_networks,
            "rules": said_rules, "remote_services": said_remote, "territories": [], "preparations": [],
        }))
        .unwrap();
        let said =
            GuideTexts { format: 2, language: "fr".to_owned(), untranslated: Vec::new(), texts: words, say_in_french: Vec::new() };
        LocalizedGuide::new(Arc::new(guide), said).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        // The same cases every time: a red test here must be red for everybody.
        rng_seed: RngSeed::Fixed(2026),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_edition_is_drawn_without_overlap(guide in any_guide()) {
        if let Err(wrong) = check(&picture(&guide)) {
            return Err(TestCaseError::fail(wrong));
        }
        let svg = svg(&guide);
        prop_assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
    }
}
