//! What must hold for any directory, any answers and any text, on random cases.

use crate::shipped::{DIRECTORY_2026, EDITION_2026, REGION_2026, TODAY};
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use shared::commune_index::CommuneIndex;
use shared::compile::{compile, guide};
use shared::condition::{Answers, Condition, Truth};
use shared::decision::GuideQuestionKind;
use shared::directory::{Competence, Directory, Pick, Reach, Structure};
use shared::geography::{Commune, Meters, Position, department_of};
use shared::guide::walk;
use shared::recommend::{Chosen, Target, others, plan, recommend};
use shared::snapshot::{DepartmentPiece, GUIDE_PIECE, Guide, department_piece, read, write};
use shared::spelling::fold;
use shared::validate::{findings, validate};
use std::sync::LazyLock;

static GUIDE: LazyLock<Guide> = LazyLock::new(|| guide(&DIRECTORY_2026));

/// Any choices, applicable or not.
fn any_answers() -> impl Strategy<Value = Answers> {
    let questions: Vec<(String, Vec<String>)> = GUIDE
        .questions
        .iter()
        .filter_map(|question| match &question.kind {
            GuideQuestionKind::Choices(choices) => {
                Some((question.id.clone(), choices.iter().map(|choice| choice.id.clone()).collect()))
            }
            GuideQuestionKind::Commune => None,
        })
        .collect();
    questions
        .into_iter()
        .map(|(id, choices)| {
            option::weighted(0.9, prop::sample::select(choices))
                .prop_map(move |choice| Some((id.clone(), choice?)))
        })
        .collect::<Vec<_>>()
        .prop_map(|pairs| pairs.into_iter().flatten().collect())
}

/// A place of some network, with or without a competence and a narrower public.
/// Where the visitors of the tests live.
const ASKED: [&str; 6] = ["26281", "26027", "07186", "38185", "26362", "38053"];

fn any_structure() -> impl Strategy<Value = Structure> {
    let networks: Vec<String> =
        DIRECTORY_2026.edition.networks.iter().map(|network| network.id.clone()).collect();
    let communes: Vec<String> = REGION_2026
        .communes()
        .iter()
        .filter(|commune| ["26", "07", "38"].contains(&commune.department()))
        .map(|commune| commune.code.clone())
        .collect();
    let competence = prop_oneof![
        3 => Just(None),
        1 => btree_set(prop::sample::select(communes.clone()), 0..40).prop_map(|communes| {
            Some(Competence { communes: communes.into_iter().collect(), ..Competence::default() })
        }),
        1 => prop::sample::select(vec!["07", "26", "38"]).prop_map(|department| {
            Some(Competence { departments: vec![department.to_owned()], ..Competence::default() })
        }),
    ];
    let adults: Condition =
        serde_json::from_str(r#"{"answer": {"question": "situation", "is": ["job-seeker", "out"]}}"#)
            .unwrap();
    // Some in the communes that the tests ask about, where several places may be side by side.
    let commune = prop_oneof![3 => prop::sample::select(communes), 1 => prop::sample::select(ASKED.to_vec()).prop_map(str::to_owned)];
    (prop::sample::select(networks), commune, competence, prop::bool::weighted(0.2)).prop_map(
        move |(network, commune, competence, narrow)| Structure {
            id: String::new(),
            network,
            name: "Lieu".to_owned(),
            commune,
            phones: vec!["04 00 00 00 00".to_owned()],
            competence,
            serves: narrow.then(|| adults.clone()),
            ..Structure::default()
        },
    )
}

/// These places in the edition's own region.
fn directory(structures: Vec<Structure>) -> Directory {
    let mut directory = DIRECTORY_2026.clone();
    directory.structures = structures;
    for (index, structure) in directory.structures.iter_mut().enumerate() {
        structure.id = format!("s{index}");
    }
    directory
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96,
        // The same cases every time: a red test here must be red for everybody.
        rng_seed: RngSeed::Fixed(2026),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Competence, then eligibility, then distance, against the plainest way to say it: of
    /// all the structures of the region, none would have been better.
    #[test]
    fn no_other_place_of_the_region_would_have_been_better(
        structures in vec(any_structure(), 0..60),
        given in any_answers(),
        commune in prop::sample::select(ASKED.to_vec()),
    ) {
        let valid = validate(directory(structures), &REGION_2026, TODAY).unwrap();
        let snapshot = compile(&valid, &REGION_2026);
        let guide: Guide = read(&snapshot.pieces[GUIDE_PIECE]).unwrap();
        let piece: DepartmentPiece = read(&snapshot.pieces[&department_piece(department_of(commune))]).unwrap();
        let answers = walk(&guide, &given).answers;
        let plan = plan(&guide, &answers, TODAY);
        let found = recommend(&guide, &plan, &answers, &piece, commune).unwrap();

        let here = REGION_2026.commune(commune).unwrap();
        for card in found.cards() {
            let Some(network) = card.network(&guide) else { continue };
            prop_assert_eq!(network.serves.evaluate(&answers, &guide.questions), Truth::Match);
            // The whole region's places of this network that are for this visitor.
            let mut all: Vec<_> = valid
                .directory()
                .structures
                .iter()
                .filter(|structure| structure.network == network.id)
                .filter(|structure| structure.serves.as_ref().is_none_or(|serves| {
                    serves.evaluate(&answers, &guide.questions) == Truth::Match
                }))
                .filter_map(|structure| {
                    let there = REGION_2026.commune(&structure.commune).unwrap();
                    let distance = here.position.distance(there.position);
                    let is_near = distance.0 <= u32::from(guide.reach_km) * 1000;
                    let city = |one: &Commune| one.parent.clone().unwrap_or_else(|| one.code.clone());
                    let is_own_territory =
                        network.reach == Reach::Territory && here.department() == there.department();
                    let rank = match &structure.competence {
                        None if is_own_territory && city(here) == city(there) => 1,
                        None if is_own_territory && here.intercommunality == there.intercommunality => 2,
                        None if is_own_territory => 3,
                        None if network.reach == Reach::DeclaredOnly || !is_near => return None,
                        None => 4,
                        Some(competence) => {
                            if !competence.communes.iter().any(|code| code == commune)
                                && !competence.departments.iter().any(|code| code == here.department())
                            {
                                return None;
                            }
                            0
                        }
                    };
                    Some((rank, distance, structure.id.as_str()))
                })
                .collect();
            all.sort_unstable();
            let best = all.first().map(|(rank, distance, _)| (*rank, *distance));
            let rank = |chosen: &Chosen| (chosen.bond as u8, chosen.distance);
            match card.target {
                Target::Place(chosen) => {
                    prop_assert_eq!(Some(rank(&chosen)), best);
                    // The next best ones are there for those who want a choice, and no place
                    // of the visitor's own commune is ever lost.
                    let shown = others(&guide, &plan, &answers, &piece, commune, card);
                    let keys: Vec<_> = shown.iter().map(rank).collect();
                    let next: Vec<_> = all.iter().skip(1).map(|(rank, distance, _)| (*rank, *distance)).collect();
                    let first = keys.len().min(3);
                    prop_assert_eq!(&keys[..first], &next[..next.len().min(3)]);
                    prop_assert!(keys.is_sorted());
                    let ids: Vec<&str> = shown
                        .iter()
                        .map(|other| other.place)
                        .chain([chosen.place])
                        .map(|place| piece.places[place].id.as_str())
                        .collect();
                    for (_, _, id) in &all {
                        let own = valid.directory().structures.iter().any(|s| s.id == *id && s.commune == commune);
                        prop_assert!(!own || ids.contains(id), "{} of {} is lost", id, commune);
                    }
                    for (index, id) in ids.iter().enumerate() {
                        prop_assert!(!ids[..index].contains(id), "{} is shown twice", id);
                    }
                }
                // Its own contact comes before a place of another territory, and before a far one
                // where the directory does not know all of them.
                Target::Network => {
                    let is_partial = piece.partial.contains(&network.id);
                    let gives_way = best.is_none_or(|(rank, distance)| {
                        rank == 4 && network.reach == Reach::Territory
                            || rank >= 3 && distance > Meters(15_000) && is_partial
                    });
                    prop_assert!(gives_way);
                }
                Target::Remote(_) => {}
            }
        }
    }

    /// Changing an early answer and changing it back leaves everything as it was.
    #[test]
    fn an_answer_changed_and_changed_back_loses_nothing(given in any_answers(), other in any_answers()) {
        let before = walk(&GUIDE, &given);
        for question in &before.answered {
            let mut changed = given.clone();
            if let Some(choice) = other.get(&question.id) {
                changed.insert(question.id.clone(), choice.clone());
            }
            let _ = walk(&GUIDE, &changed);
            changed.insert(question.id.clone(), given.get(&question.id).unwrap().clone());
            prop_assert_eq!(&walk(&GUIDE, &changed), &before);
        }
    }

    /// Only answers that apply count, and counting them again gives the same walk.
    #[test]
    fn the_answers_that_count_are_a_fixed_point(given in any_answers()) {
        let walked = walk(&GUIDE, &given);
        let again = walk(&GUIDE, &walked.answers);
        prop_assert_eq!(&walked.answers, &again.answers);
        for question in &walked.answered {
            prop_assert_eq!(question.ask_if.evaluate(&walked.answers, &GUIDE.questions), Truth::Match);
        }
    }

    /// More answers never turn a settled condition round: unknown is between true and false.
    #[test]
    fn an_answer_more_only_settles_what_was_open(given in any_answers(), drop in 0_usize..12) {
        let mut fewer = given.clone();
        if let Some(question) = GUIDE.questions.get(drop) {
            fewer.remove(&question.id);
        }
        for rule in &GUIDE.rules {
            let (before, after) = (rule.when.evaluate(&fewer, &GUIDE.questions), rule.when.evaluate(&given, &GUIDE.questions));
            prop_assert!(before == after || before == Truth::Undetermined, "{}: {:?} then {:?}", rule.id, before, after);
        }
    }

    #[test]
    fn whatever_is_read_never_panics(text in ".{0,400}", bytes in vec(any::<u8>(), 0..400)) {
        let _ = Directory::from_json(text.as_bytes());
        let _ = Directory::from_json(&bytes);
        let _ = read::<Guide>(&bytes);
        let _ = read::<DepartmentPiece>(&bytes);
        let _ = read::<CommuneIndex>(&bytes);
    }

    #[test]
    fn a_document_cut_or_changed_anywhere_is_refused_or_read_never_a_panic(at in 0_usize..100_000, byte in any::<u8>()) {
        let mut json = EDITION_2026.to_vec();
        let at = at.min(json.len() - 1);
        prop_assert!(Directory::from_json(&json[..at]).is_err());
        json[at] = byte;
        if let Ok(directory) = Directory::from_json(&json) {
            let _ = findings(&directory, &REGION_2026, TODAY);
        }
    }

    #[test]
    fn folding_twice_changes_nothing(name in ".{0,60}") {
        let folded = fold(&name);
        prop_assert_eq!(fold(&folded), folded.clone());
        prop_assert!(folded.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b' '));
        prop_assert!(!folded.starts_with(' ') && !folded.ends_with(' ') && !folded.contains("  "));
    }

    #[test]
    fn distance_is_symmetric_and_zero_only_at_home(
        latitude in 41.0_f32..51.0, longitude in -5.0_f32..9.5, other in 41.0_f32..51.0, east in -5.0_f32..9.5,
    ) {
        let a = Position { latitude, longitude, approximate: false };
        let b = Position { latitude: other, longitude: east, approximate: false };
        prop_assert_eq!(a.distance(b), b.distance(a));
        prop_assert_eq!(a.distance(a).0, 0);
    }

    #[test]
    fn a_piece_is_read_back_as_it_was_written(structures in vec(any_structure(), 0..30)) {
        let valid = validate(directory(structures), &REGION_2026, TODAY).unwrap();
        for (name, bytes) in &compile(&valid, &REGION_2026).pieces {
            if name.starts_with("department.") {
                let piece: DepartmentPiece = read(bytes).unwrap();
                prop_assert_eq!(&write(&piece), bytes);
                let json = shared::snapshot::to_json(name, bytes).unwrap().unwrap();
                prop_assert_eq!(serde_json::from_slice::<DepartmentPiece>(&json).unwrap(), piece);
            }
        }
    }

    #[test]
    fn the_document_is_read_back_as_it_was_written(structures in vec(any_structure(), 0..30)) {
        let directory = directory(structures);
        prop_assert_eq!(Directory::from_json(directory.to_json().as_bytes()).unwrap(), directory);
    }
}

#[test]
fn a_pick_names_networks_of_the_edition() {
    for rule in &DIRECTORY_2026.edition.rules {
        let (Pick::InOrder(networks) | Pick::NearestOf(networks)) = &rule.pick;
        assert!(networks.iter().all(|id| GUIDE.network(id).is_some()), "{}", rule.id);
    }
}
