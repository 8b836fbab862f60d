//! The precisions that come with the table of 2026, each with a test that names it.

use crate::people::{Published, with_a_place_of_every_network};
use crate::shipped::{DIRECTORY_2026 as EDITION, TODAY, with_a_place_for_two_departments};
use shared::condition::{Answers, Condition};
use shared::decision::GuideQuestionKind;
use shared::directory::{Competence, Role, Structure};
use shared::recommend::Target;
use std::sync::LazyLock;

/// With a place of every network in Valence: what the rules alone decide.
static EVERYWHERE: LazyLock<Published> =
    LazyLock::new(|| Published::new(with_a_place_of_every_network(EDITION.clone(), "26362"), TODAY));

/// One set of answers for each kind of people who answer this.
fn people_who_say(question: &str, choice: &str) -> Vec<&'static Answers> {
    let kinds = EVERYWHERE.somebody_of_each_kind().iter();
    let people: Vec<_> =
        kinds.filter(|given| given.get(question).is_some_and(|said| said == choice)).collect();
    assert!(people.len() > 5, "hardly anybody says {choice} to {question}");
    people
}

#[test]
fn whoever_is_followed_keeps_their_adviser() {
    for network in ["france-travail", "mission-locale", "cap-emploi"] {
        for question in ["youth", "profile"] {
            for given in people_who_say(question, network) {
                let told = EVERYWHERE.decide(given, "26362");
                assert_eq!(told.main.as_deref(), Some(network), "{given:?}");
            }
        }
        let rule = format!("R0-{network}");
        let rule = EVERYWHERE.guide.rules.iter().find(|known| known.id == rule).unwrap();
        let reason = EVERYWHERE.guide.text(rule.reason);
        assert!(reason.contains("reste le premier contact"), "{reason}");
    }
    // Before anything else is asked of who has no job.
    for question in ["youth", "profile"] {
        let question = EVERYWHERE.guide.questions.iter().find(|known| known.id == question).unwrap();
        assert!(question.optional, "{}", question.id);
    }
}

#[test]
fn the_question_on_disability_is_optional_and_only_adds() {
    let question = EVERYWHERE.guide.questions.iter().find(|question| question.id == "disability").unwrap();
    assert!(question.optional);
    let GuideQuestionKind::Choices(choices) = &question.kind else { panic!("not a choice") };
    assert!(choices.iter().any(|choice| choice.unknown));
    // Every rule that reads the answer adds, and none takes away.
    for rule in &EVERYWHERE.guide.rules {
        assert!(rule.role == Role::Adds || !rule.when.questions().contains(&"disability"), "{}", rule.id);
    }
    for given in people_who_say("disability", "yes").into_iter().chain(people_who_say("disability", "yes-26"))
    {
        let with = EVERYWHERE.decide(given, "26362");
        assert!(with.networks().contains(&"cap-emploi"), "{given:?}");
        for silent in ["no", "unsaid"] {
            let mut other = given.clone();
            other.insert("disability".to_owned(), silent.to_owned());
            let without = EVERYWHERE.decide(&other, "26362");
            assert_eq!(with.main, without.main, "{given:?}");
            assert!(without.networks().iter().all(|id| with.networks().contains(id)), "{given:?}");
        }
    }
}

#[test]
fn public_agents_are_never_sent_to_avenir_actifs() {
    for given in people_who_say("sector", "public") {
        let told = EVERYWHERE.decide(given, "26362");
        for network in ["avenir-actifs", "transitions-pro"] {
            assert!(!told.networks().contains(&network), "{network} for {given:?}");
        }
        let remote =
            told.found.remote_services.iter().map(|index| &EVERYWHERE.guide.remote_services[*index].id);
        assert!(!remote.into_iter().any(|id| id == "avenir-actifs"), "{given:?}");
    }
}

#[test]
fn a_vocational_pupil_keeps_their_status() {
    for given in people_who_say("situation", "pupil") {
        let told = EVERYWHERE.decide(given, "26362");
        // The guidance service of Catholic schools has a place there.
        let is_catholic = given.get("track").is_some_and(|track| track == "catholic");
        let main = if is_catholic { "sio-enseignement-catholique" } else { "cio" };
        assert_eq!(told.main.as_deref(), Some(main), "{given:?}");
        for network in ["france-travail", "cap-emploi", "apec", "avenir-actifs"] {
            assert!(!told.networks().contains(&network), "{network} for {given:?}");
        }
    }
    let told = EVERYWHERE.tell(&[("situation", "pupil"), ("track", "vocational-final")], "26362");
    assert!(told.others.contains(&"mission-locale".to_owned()));
    let rule = EVERYWHERE.guide.rules.iter().find(|rule| Some(&rule.id) == told.rule.as_ref()).unwrap();
    let reason = EVERYWHERE.guide.text(rule.reason);
    assert!(reason.contains("sans quitter l’école"), "{reason}");
}

#[test]
fn the_coverage_of_a_place_wins_over_distance() {
    let place = |id: &str, network: &str, commune: &str, communes: Option<&[&str]>| Structure {
        id: id.to_owned(),
        network: network.to_owned(),
        name: id.to_owned(),
        commune: commune.to_owned(),
        phones: vec!["04 00 00 00 00".to_owned()],
        competence: communes.map(|communes| Competence {
            communes: communes.iter().map(|code| (*code).to_owned()).collect(),
            ..Competence::default()
        }),
        ..Structure::default()
    };
    let mut directory = EDITION.clone();
    // In Meylan: a Maison de l'emploi of Grenoble next door, and that of the commune, farther.
    directory.structures = vec![
        place("grenoble", "maison-emploi", "38185", Some(&["38185"])),
        place("domene", "maison-emploi", "38150", Some(&["38229", "38150"])),
        place("anybody", "mission-locale", "38229", None),
        place("competent", "mission-locale", "38421", Some(&["38229"])),
    ];
    let page = Published::new(directory, TODAY);
    let chosen = |pairs: &[(&str, &str)], network: &str| {
        let told = page.tell(pairs, "38229");
        let piece = page.departments.iter().find(|piece| piece.code == "38").unwrap();
        let index = page.guide.networks.iter().position(|other| other.id == network);
        let card = told.found.cards().find(|card| card.network == index).unwrap();
        let Target::Place(chosen) = card.target else { panic!("no place of {network}") };
        assert!(chosen.bond.is_competent());
        piece.places[chosen.place].id.clone()
    };
    assert_eq!(chosen(&[("situation", "out"), ("profile", "rsa")], "maison-emploi"), "domene");
    assert_eq!(chosen(&[("situation", "young")], "mission-locale"), "competent");
}

#[test]
fn a_place_for_two_departments_serves_both_and_no_third() {
    let page = Published::new(with_a_place_for_two_departments(EDITION.clone()), TODAY);
    let with = |commune: &str| {
        let told = page.tell(&[("situation", "job-seeker"), ("disability", "yes")], commune);
        let index = page.guide.networks.iter().position(|network| network.id == "cap-emploi");
        let card = told.found.cards().find(|card| card.network == index).unwrap().clone();
        matches!(card.target, Target::Place(chosen) if chosen.bond.is_competent())
    };
    assert!(with("73065") && with("74010"));
    assert!(!with("38185"));
}

#[test]
fn info_jeunes_has_no_age() {
    assert_eq!(EVERYWHERE.guide.network("info-jeunes").unwrap().serves, Condition::Always);
    let everybody = EVERYWHERE.somebody_of_each_kind();
    assert!(everybody.iter().any(|given| given.get("situation").is_some_and(|said| said == "retired")));
    for given in everybody {
        let told = EVERYWHERE.decide(given, "26362");
        let remote =
            told.found.remote_services.iter().map(|index| &EVERYWHERE.guide.remote_services[*index].id);
        assert!(remote.into_iter().any(|id| id == "info-jeunes"), "{given:?}");
    }
}
