//! Which places a visitor is shown: competence, then distance, whatever the department, and
//! never one less in the visitor's own commune.

use crate::shipped::{DIRECTORY_2026, REGION_2026, TODAY};
use shared::compile::compile;
use shared::condition::Answers;
use shared::directory::{Competence, Structure};
use shared::geography::{Position, department_of};
use shared::guide::walk;
use shared::recommend::{Target, others, plan, recommend};
use shared::snapshot::{DepartmentPiece, Guide, department_piece, guide_piece, read};
use shared::validate::validate;

/// Tain-l'Hermitage (Drôme) and Tournon-sur-Rhône (Ardèche) look at each other over the Rhône.
const TAIN: &str = "26347";
const TOURNON: &str = "07324";
const ROMANS: &str = "26281";
const VALENCE: &str = "26362";

/// A place for young people.
fn place(id: &str, commune: &str) -> Structure {
    Structure {
        id: id.to_owned(),
        network: "mission-locale".to_owned(),
        name: format!("Lieu {id}"),
        commune: commune.to_owned(),
        phones: vec!["04 00 00 00 00".to_owned()],
        ..Structure::default()
    }
}

/// The same, some kilometres north of its commune's centre.
fn north(id: &str, commune: &str, kilometres: f32) -> Structure {
    let centre = REGION_2026.commune(commune).unwrap().position;
    let latitude = centre.latitude + kilometres / 111.2;
    Structure { position: Some(Position { latitude, approximate: false, ..centre }), ..place(id, commune) }
}

fn there_for(structure: Structure, communes: &[&str]) -> Structure {
    let communes = communes.iter().map(|code| (*code).to_owned()).collect();
    Structure { competence: Some(Competence { communes, ..Competence::default() }), ..structure }
}

/// The place that a young person of a commune is sent to, and the others, by their ids.
fn shown(structures: Vec<Structure>, commune: &str) -> (String, Vec<String>) {
    let mut directory = DIRECTORY_2026.clone();
    directory.structures = structures;
    let valid = validate(directory, &REGION_2026, TODAY).unwrap();
    let snapshot = compile(&valid, &REGION_2026);
    let guide: Guide = read(&snapshot.pieces[&guide_piece("fr")]).unwrap();
    let piece: DepartmentPiece = read(&snapshot.pieces[&department_piece(department_of(commune))]).unwrap();
    let given: Answers = [
        ("goal", "choose"),
        ("for-whom", "me"),
        ("situation", "out"),
        ("age", "18-25"),
        ("diploma", "up-to-bac"),
        ("followed", "no"),
        ("disability", "no"),
        ("commune", commune),
    ]
    .into_iter()
    .map(|(question, choice)| (question.to_owned(), choice.to_owned()))
    .collect();
    let answers = walk(&guide, &given).answers;
    let plan = plan(&guide, &answers, TODAY);
    let found = recommend(&guide, &plan, &answers, &piece, commune).unwrap();
    let id = |place: usize| piece.places[place].id.clone();
    let Target::Place(main) = found.main.target else { panic!("no place: {:?}", found.main) };
    let others = others(&guide, &plan, &answers, &piece, commune, &found.main);
    (id(main.place), others.iter().map(|other| id(other.place)).collect())
}

#[test]
fn competence_beats_distance() {
    let structures = vec![
        place("near", ROMANS),
        there_for(place("competent", VALENCE), &[ROMANS]),
        there_for(north("elsewhere", ROMANS, 1.0), &[VALENCE]),
    ];
    let (main, others) = shown(structures, ROMANS);
    assert_eq!(main, "competent");
    // Another one to choose from; never the one that is there for other communes.
    assert_eq!(others, ["near"]);
}

#[test]
fn the_next_department_counts() {
    let (main, others) =
        shown(vec![place("own-department", VALENCE), place("over-the-river", TOURNON)], TAIN);
    assert_eq!(main, "over-the-river");
    assert_eq!(others, ["own-department"]);
    let competent = there_for(place("competent", TOURNON), &[TAIN]);
    assert_eq!(shown(vec![place("own-department", VALENCE), competent], TAIN).0, "competent");
}

#[test]
fn the_places_of_the_same_commune_are_never_lost() {
    // Five in the commune, at its edges; four nearer ones in the next.
    let mut structures: Vec<Structure> =
        (0_u8..5).map(|n| north(&format!("own-{n}"), ROMANS, 6.0 + f32::from(n) / 10.0)).collect();
    let bourg = "26057";
    structures.extend((0..4).map(|n| place(&format!("next-{n}"), bourg)));
    let (main, others) = shown(structures, ROMANS);
    assert_eq!(main, "next-0");
    assert_eq!(others, ["next-1", "next-2", "next-3", "own-0", "own-1", "own-2", "own-3", "own-4"]);
}

#[test]
fn a_place_of_a_whole_city_is_in_each_of_its_arrondissements() {
    let lyon = "69123";
    let mut structures: Vec<Structure> = (0..5).map(|n| place(&format!("fourth-{n}"), "69384")).collect();
    structures.push(north("city", lyon, 8.0));
    structures.push(north("first", "69381", 8.0));
    let (_, others) = shown(structures, "69384");
    assert!(others.contains(&"city".to_owned()), "{others:?}");
    assert!(!others.contains(&"first".to_owned()), "{others:?}");
    assert_eq!(others.len(), 5);
}

#[test]
fn a_source_calls_no_two_places_by_one_identifier() {
    let of = |source: &str, id: &str, identifier: &str| Structure {
        references: [(source.to_owned(), identifier.to_owned())].into(),
        ..place(id, "69384")
    };
    let named = |id: &str, identifier: &str| of("le fichier du réseau", id, identifier);
    let codes = |structures: Vec<Structure>| -> Vec<&'static str> {
        let mut directory = DIRECTORY_2026.clone();
        directory.structures = structures;
        shared::validate::findings(&directory, &REGION_2026, TODAY)
            .into_iter()
            .filter(|finding| finding.path.contains("references"))
            .map(|finding| finding.code)
            .collect()
    };
    assert!(codes(vec![named("a", "1"), named("b", "2")]).is_empty());
    assert_eq!(codes(vec![named("a", "1"), named("b", "1")]), ["duplicate-reference"]);
    let establishment = |id: &str| of("siret", id, "73282932000074");
    assert!(codes(vec![establishment("a"), establishment("b")]).is_empty(), "two places of one");
    assert_eq!(codes(vec![named("a", " ")]), ["blank-reference"]);
}
