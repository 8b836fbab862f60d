//! Nothing is asked in vain: a question is put only to those whose result some answer to it can still
//! change, and leaving it out changes nothing.

use crate::people::{PAGE_2016, PAGE_2026, Published, answers, with_a_place_of_every_network};
use crate::shipped::{DIRECTORY_2016, DIRECTORY_2026, TODAY};
use shared::compile::guide;
use shared::condition::{Answers, Condition};
use shared::decision::GuideQuestionKind;
use shared::directory::Directory;
use shared::guide::{for_each_reachable, walk};
use shared::recommend::{Recommendation, Target, plan, recommend};
use shared::snapshot::{DepartmentPiece, Guide};
use std::collections::BTreeMap;

/// What a visitor reads of a recommendation: its cards with why, in their order.
type Told = (Vec<(Option<usize>, Option<usize>, Option<usize>)>, bool, Vec<usize>);

fn told(found: &Recommendation) -> Told {
    let cards = found.cards().map(|card| {
        let place = match card.target {
            Target::Place(chosen) => Some(chosen.place),
            Target::Network | Target::Remote(_) => None,
        };
        (card.network, place, card.rule)
    });
    (cards.collect(), found.reception.is_some(), found.remote_services.clone())
}

fn told_in(guide: &Guide, piece: &DepartmentPiece, commune: &str, given: &Answers, day: &str) -> Told {
    let given = walk(guide, given).answers;
    told(&recommend(guide, &plan(guide, &given, day), &given, piece, commune).unwrap())
}

/// The guide as its edition asks, in vain or not.
fn asking_all(directory: &Directory) -> Guide {
    let mut guide = guide(directory);
    for (question, authored) in guide.questions.iter_mut().zip(&directory.edition.questions) {
        question.ask_if = authored.ask_if.clone();
    }
    guide
}

/// Whoever answers all that the edition would ask is led where they are without it.
fn leaving_out_changes_nothing(directory: &Directory, page: &Published, step: usize) {
    let all = asking_all(directory);
    let mut sets = Vec::new();
    for_each_reachable(&all, &mut |given| sets.push(given.clone()));
    let (mut compared, mut fewer) = (0, 0);
    for given in sets.iter().step_by(step) {
        fewer += usize::from(walk(&page.guide, given).answered.len() < walk(&all, given).answered.len());
        for piece in &page.departments {
            let commune = &piece.communes[compared % piece.communes.len()].code;
            assert_eq!(
                told_in(&page.guide, piece, commune, given, &page.today),
                told_in(&all, piece, commune, given, &page.today),
                "{given:?} in {commune}"
            );
            compared += 1;
        }
    }
    println!("edition {}: {compared} compared, {fewer} with fewer questions", directory.edition.id);
    assert!(compared > 1_000 && fewer > 0);
}

#[test]
fn leaving_a_question_out_changes_nothing_in_2026() {
    leaving_out_changes_nothing(&DIRECTORY_2026, &PAGE_2026, 1);
}

#[test]
fn leaving_a_question_out_changes_nothing_in_2016() {
    leaving_out_changes_nothing(&DIRECTORY_2016, &PAGE_2016, 7);
}

#[test]
fn what_changes_nothing_is_not_asked() {
    // In 2016 nothing depends on for whom it is.
    let never = |guide: &Guide, id: &str| {
        let question = guide.questions.iter().find(|question| question.id == id).unwrap();
        question.ask_if == Condition::never()
    };
    assert!(never(&PAGE_2016.guide, "for-whom") && !never(&PAGE_2026.guide, "for-whom"));
    // Cap emploi already follows them: a disability would add nothing, but where a job is looked for.
    let asked = |goal: &str| {
        let given = answers(&[("situation", "young"), ("youth", "cap-emploi"), ("goal", goal)]);
        walk(&PAGE_2026.guide, &given).next.map(|question| question.id.as_str())
    };
    assert_eq!((asked("review"), asked("job")), (Some("commune"), Some("disability")));
    // What only a network does that nobody can reach is not asked for.
    let mut gone = DIRECTORY_2026.clone();
    gone.structures.retain(|structure| structure.network != "cap-emploi");
    let network = gone.edition.networks.iter_mut().find(|network| network.id == "cap-emploi").unwrap();
    (network.website, network.phone) = (None, None);
    for network in &mut gone.edition.networks {
        if network.id == "mission-locale" {
            network.serves =
                serde_json::from_str(r#"{"answer": {"question": "situation", "is": ["young"]}}"#).unwrap();
        }
    }
    let employed = answers(&[("situation", "employed"), ("sector", "private"), ("goal", "job")]);
    let next = |directory: &Directory| {
        let guide = guide(directory);
        walk(&guide, &employed).next.map(|question| question.id.clone())
    };
    assert_eq!(next(&DIRECTORY_2026).as_deref(), Some("disability"));
    assert_eq!(next(&gone).as_deref(), Some("commune"));
}

/// How many questions each reachable visitor is asked, the commune included, in order.
pub(crate) fn questions_asked(page: &Published) -> Vec<usize> {
    let mut counts: Vec<usize> = page.everybody().iter().map(|given| given.iter().count() + 1).collect();
    counts.sort_unstable();
    counts
}

#[test]
fn nobody_is_asked_six_questions() {
    let counts = questions_asked(&PAGE_2026);
    assert_eq!((counts[counts.len() / 2], counts.last()), (5, Some(&5)));
}

/// Of those who are asked a question, how many change the network that comes first by answering it
/// otherwise, the rest being equal, with every network next door.
#[test]
fn what_decides_most_comes_first() {
    let page = Published::new(with_a_place_of_every_network(DIRECTORY_2026.clone(), "26362"), TODAY);
    let mut shares = BTreeMap::new();
    for (rank, question) in page.guide.questions.iter().enumerate() {
        let GuideQuestionKind::Choices(choices) = &question.kind else { continue };
        let (mut asked, mut changed) = (0_u32, 0_u32);
        for given in page.everybody().iter().filter(|given| given.contains_key(&question.id)) {
            let main = page.decide(given, "26362").main;
            asked += 1;
            changed += u32::from(choices.iter().any(|choice| {
                let mut other = given.clone();
                other.insert(question.id.clone(), choice.id.clone());
                page.decide(&walk(&page.guide, &other).answers, "26362").main != main
            }));
        }
        shares.insert(rank, (question.id.as_str(), f64::from(changed) / f64::from(asked)));
    }
    println!("{shares:?}");
    let of = |id: &str| shares.values().find(|(known, _)| *known == id).unwrap().1;
    // Each before those that follow it in a visit.
    for visit in [
        &["situation", "track", "studies", "for-whom"][..],
        &["situation", "sector", "goal", "disability"],
        &["situation", "profile", "goal", "disability"],
        &["situation", "youth", "goal", "disability"],
    ] {
        for pair in visit.windows(2) {
            assert!(of(pair[0]) >= of(pair[1]), "{} before {}: {shares:?}", pair[0], pair[1]);
        }
    }
    assert!(of("situation") > 0.99 && of("disability") < 0.01);
}
