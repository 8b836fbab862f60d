//! Which places a visitor is shown: competence, then the place's own territory, then distance, and
//! never one less in the visitor's own commune.

use crate::shipped::{DIRECTORY_2026, REGION_2026, TODAY};
use shared::compile::compile;
use shared::condition::Answers;
use shared::directory::{Competence, Directory, ExpectedPlaces, Reach, Structure};
use shared::geography::{Position, department_of};
use shared::guide::walk;
use shared::recommend::{Card, Target, others, plan, recommend};
use shared::snapshot::{DepartmentPiece, GUIDE_PIECE, Guide, department_piece, read};
use shared::validate::validate;
use std::collections::BTreeSet;

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
    let (main, _, others) = young(directory, commune);
    (main.expect("a place"), others)
}

/// What comes first for a young person of a commune, what comes second, each the id of a place or
/// none for a network's own contact, and the other places of the first's network.
fn young(directory: Directory, commune: &str) -> (Option<String>, Option<String>, Vec<String>) {
    let valid = validate(directory, &REGION_2026, TODAY).unwrap();
    let snapshot = compile(&valid, &REGION_2026);
    let guide: Guide = read(&snapshot.pieces[GUIDE_PIECE]).unwrap();
    let piece: DepartmentPiece = read(&snapshot.pieces[&department_piece(department_of(commune))]).unwrap();
    young_of(&guide, &piece, commune)
}

fn young_of(
    guide: &Guide,
    piece: &DepartmentPiece,
    commune: &str,
) -> (Option<String>, Option<String>, Vec<String>) {
    let given: Answers = [
        ("situation", "young"),
        ("youth", "none"),
        ("goal", "review"),
        ("disability", "no"),
        ("commune", commune),
    ]
    .into_iter()
    .map(|(question, choice)| (question.to_owned(), choice.to_owned()))
    .collect();
    let answers = walk(guide, &given).answers;
    let plan = plan(guide, &answers, TODAY);
    let found = recommend(guide, &plan, &answers, piece, commune).unwrap();
    let id = |place: usize| piece.places[place].id.clone();
    let led = |card: &Card| match card.target {
        Target::Place(chosen) => Some(id(chosen.place)),
        Target::Network | Target::Remote(_) => None,
    };
    let others = others(guide, &plan, &answers, piece, commune, &found.main);
    // Among what may also help: it is not where one is received.
    let second = found.complements.iter().find(|card| card.network == found.main.network).and_then(led);
    (led(&found.main), second, others.iter().map(|other| id(other.place)).collect())
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
fn the_next_department_counts_after_ones_own_but_for_competence() {
    let (main, others) =
        shown(vec![place("own-department", VALENCE), place("over-the-river", TOURNON)], TAIN);
    assert_eq!(main, "own-department", "even within one intercommunality");
    assert_eq!(others, ["over-the-river"]);
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
    let (main, others) = shown(structures.clone(), ROMANS);
    assert_eq!(main, "own-0");
    assert_eq!(others, ["own-1", "own-2", "own-3", "own-4"]);
    // A network that belongs to no territory: the nearest, wherever it lies.
    let mut directory = DIRECTORY_2026.clone();
    let network = directory.edition.networks.iter_mut().find(|network| network.id == "mission-locale");
    network.unwrap().reach = Reach::AnyPlace;
    directory.structures = structures;
    let (main, _, others) = young(directory, ROMANS);
    assert_eq!(main.as_deref(), Some("next-0"));
    assert_eq!(others, ["next-1", "next-2", "next-3", "own-0", "own-1", "own-2", "own-3", "own-4"]);
}

#[test]
fn a_city_is_one_commune_whatever_its_arrondissements() {
    // Villeurbanne is nearer to the 3rd and the 6th than the 9th is, and of the same métropole.
    let structures = || vec![place("lyon", "69389"), place("villeurbanne", "69266")];
    for arrondissement in ["69383", "69386", "69389"] {
        assert_eq!(shown(structures(), arrondissement).0, "lyon", "{arrondissement}");
    }
    assert_eq!(shown(structures(), "69266").0, "villeurbanne");
}

#[test]
fn the_intercommunality_then_the_department_come_before_what_is_nearer() {
    // Saint-Rambert-d'Albon (Drôme) is 20 km from Vienne (Isère) and 30 from Romans, 45 from Die.
    let (albon, die, vienne) = ("26325", "26113", "38544");
    let all = || vec![place("die", die), place("romans", ROMANS), place("vienne", vienne)];
    let (main, others) = shown(all(), albon);
    assert_eq!(main, "romans");
    assert_eq!(others, ["die", "vienne"]);
    // However far: the department is the place's.
    assert_eq!(shown(vec![place("die", die), place("vienne", vienne)], albon).0, "die");
}

#[test]
fn another_departments_place_is_left_to_the_networks_own_contact() {
    let mut directory = DIRECTORY_2026.clone();
    directory.structures = vec![place("vienne", "38544")];
    let (main, second, _) = young(directory.clone(), "26325");
    assert_eq!((main, second), (None, None), "it receives somebody else");
    // One that can be reached in no other way is better than nothing.
    let network = directory.edition.networks.iter_mut().find(|network| network.id == "mission-locale");
    network.unwrap().website = None;
    assert_eq!(young(directory, "26325").0.as_deref(), Some("vienne"));
}

#[test]
fn where_a_list_is_not_whole_a_far_place_comes_after_the_networks_own_contact() {
    let known = |places: Option<u16>, commune: &str| {
        let mut directory = DIRECTORY_2026.clone();
        let network = directory.edition.networks.iter_mut().find(|network| network.id == "mission-locale");
        network.unwrap().expected = vec![ExpectedPlaces { department: "26".to_owned(), places }];
        directory.structures = vec![place("romans", ROMANS)];
        let (main, second, _) = young(directory, commune);
        (main, second)
    };
    let (place, contact) = (Some("romans".to_owned()), None);
    // Die is 40 km away and of another intercommunality; Clérieux is 6 km away.
    for missing in [None, Some(2)] {
        assert_eq!(known(missing, "26113"), (contact.clone(), place.clone()), "{missing:?}");
        assert_eq!(known(missing, "26096"), (place.clone(), None), "{missing:?}");
        assert_eq!(known(missing, ROMANS), (place.clone(), None), "{missing:?}");
    }
    assert_eq!(known(Some(1), "26113"), (place, None), "the list is whole");
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

#[test]
fn a_shipped_place_says_its_source_its_licence_and_its_day() {
    assert!(DIRECTORY_2026.structures.len() > 700);
    for place in &DIRECTORY_2026.structures {
        assert!(place.source.is_some() && place.licence.is_some() && place.as_of.is_some(), "{}", place.id);
    }
}

#[test]
fn the_department_of_the_rhone_is_not_there_for_the_metropole_de_lyon() {
    let rhone = DIRECTORY_2026.structures.iter().find(|place| place.id == "conseil-departemental-69003-lyon");
    let declared = &rhone.unwrap().competence.as_ref().unwrap().communes;
    let parents: BTreeSet<&str> =
        REGION_2026.communes().iter().filter_map(|commune| commune.parent.as_deref()).collect();
    for commune in REGION_2026.communes() {
        let is_whole = !parents.contains(commune.code.as_str());
        let is_its_own = is_whole && commune.department() == "69" && commune.intercommunality != "200046977";
        assert_eq!(declared.contains(&commune.code), is_its_own, "{} ({})", commune.name, commune.code);
    }
    let valid = validate(DIRECTORY_2026.clone(), &REGION_2026, TODAY).unwrap();
    let snapshot = compile(&valid, &REGION_2026);
    let guide: Guide = read(&snapshot.pieces[GUIDE_PIECE]).unwrap();
    let piece: DepartmentPiece = read(&snapshot.pieces[&department_piece("69")]).unwrap();
    for (commune, is_sent_there) in [("69243", true), ("69276", false), ("69388", false)] {
        let given: Answers = [
            ("situation", "out"),
            ("profile", "rsa"),
            ("goal", "job"),
            ("disability", "no"),
            ("commune", commune),
        ]
        .into_iter()
        .map(|(question, choice)| (question.to_owned(), choice.to_owned()))
        .collect();
        let answers = walk(&guide, &given).answers;
        let found = recommend(&guide, &plan(&guide, &answers, TODAY), &answers, &piece, commune).unwrap();
        let is_of_the_department = |card: &&Card| {
            card.network.is_some_and(|network| guide.networks[network].id == "conseil-departemental")
        };
        let targets: Vec<bool> = found
            .complements
            .iter()
            .filter(is_of_the_department)
            .map(|card| matches!(card.target, Target::Place(_)))
            .collect();
        assert_eq!(targets, [is_sent_there], "{commune}: the place, or the network's site");
    }
}

/// The communes whose young people are sent to a Mission locale of another department, with it.
fn leave_their_department(directory: Directory) -> Vec<String> {
    let valid = validate(directory, &REGION_2026, TODAY).unwrap();
    let snapshot = compile(&valid, &REGION_2026);
    let guide: Guide = read(&snapshot.pieces[GUIDE_PIECE]).unwrap();
    let departments: BTreeSet<&str> =
        REGION_2026.communes().iter().map(|commune| department_of(&commune.code)).collect();
    let mut leave = Vec::new();
    for department in departments {
        let piece: DepartmentPiece = read(&snapshot.pieces[&department_piece(department)]).unwrap();
        let of_it =
            REGION_2026.communes().iter().filter(|commune| department_of(&commune.code) == department);
        for commune in of_it {
            // The second card counts too: after the network's own contact, some would rather go there.
            let (first, second, _) = young_of(&guide, &piece, &commune.code);
            for id in [first, second].into_iter().flatten() {
                let place = valid.directory().structures.iter().find(|place| place.id == id).unwrap();
                let mission_locale = place.network == "mission-locale";
                if mission_locale && department_of(&place.commune) != department {
                    leave.push(format!("{} ({}): {}", commune.name, commune.code, place.name));
                }
            }
        }
    }
    leave
}

#[test]
fn nobody_leaves_their_department_for_a_shipped_mission_locale() {
    let leave = leave_their_department(DIRECTORY_2026.clone());
    let found = leave.join("\n");
    assert!(leave.is_empty(), "{found}");
    // Distance alone would send hundreds of communes over a border.
    let mut nearest = DIRECTORY_2026.clone();
    for network in &mut nearest.edition.networks {
        network.reach = Reach::AnyPlace;
    }
    assert!(leave_their_department(nearest).len() > 100);
}
