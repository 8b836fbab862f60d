//! The table of 2016: from a described person to the expected place, and the promises of
//! the edition.

use crate::people::{PAGE_2016, Published, THEN, broken_promises, with_a_place_of_every_network};
use crate::shipped::DIRECTORY_2016;
use shared::directory::Level;
use std::sync::LazyLock;

/// With a place of every network in Valence: what the rules alone decide.
static EVERYWHERE: LazyLock<Published> =
    LazyLock::new(|| Published::new(with_a_place_of_every_network(DIRECTORY_2016.clone(), "26362"), THEN));

/// A row's name, a person, the main network expected, and networks expected among the others.
type Row = (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static [&'static str]);

#[test]
fn each_row_of_the_table_leads_where_it_says() {
    #[rustfmt::skip]
    let rows: &[Row] = &[
        ("job seeker", &[("goal", "job"), ("situation", "job-seeker"), ("executive", "no"), ("age", "30-plus")], "pole-emploi", &["mife"]),
        ("job seeker of unknown age", &[("situation", "job-seeker")], "pole-emploi", &[]),
        ("out of work, looking", &[("goal", "job"), ("situation", "out"), ("age", "26-29")], "pole-emploi", &["mife"]),
        ("under 26", &[("goal", "job"), ("situation", "job-seeker"), ("age", "18-25")], "mission-locale", &["info-jeunes", "pole-emploi"]),
        ("disability", &[("situation", "job-seeker"), ("age", "30-plus"), ("disability", "yes")], "pole-emploi", &["cap-emploi"]),
        ("disability, employed", &[("situation", "employed"), ("sector", "public"), ("age", "30-plus"), ("disability", "yes")], "mife", &["cap-emploi"]),
        ("executive, looking", &[("situation", "job-seeker"), ("executive", "yes"), ("age", "30-plus")], "apec", &["pole-emploi"]),
        ("executive of the metal industry", &[("situation", "employed"), ("sector", "private"), ("executive", "yes"), ("branch", "other")], "apec", &["fongecif-rhone-alpes"]),
        ("executive of a theatre", &[("situation", "employed"), ("sector", "private"), ("executive", "yes"), ("branch", "performing-arts")], "apec", &["afdas"]),
        ("afdas", &[("situation", "employed"), ("sector", "private"), ("branch", "performing-arts"), ("age", "30-plus")], "afdas", &["mife"]),
        ("agecif-cama", &[("situation", "employed"), ("sector", "private"), ("branch", "farm-bank"), ("age", "30-plus")], "agecif-cama", &["mife"]),
        ("fafsea", &[("situation", "employed"), ("sector", "private"), ("branch", "farming"), ("age", "30-plus")], "fafsea", &["mife", "chambre-agriculture"]),
        ("faftt", &[("situation", "employed"), ("sector", "private"), ("branch", "temping"), ("age", "30-plus")], "faftt", &["mife"]),
        ("opcalim", &[("situation", "employed"), ("sector", "private"), ("branch", "food"), ("age", "30-plus")], "opcalim", &["mife"]),
        ("unagecif", &[("situation", "employed"), ("sector", "private"), ("branch", "public-companies"), ("age", "30-plus")], "unagecif", &["mife"]),
        ("unifaf", &[("situation", "employed"), ("sector", "private"), ("branch", "care"), ("age", "30-plus")], "unifaf", &["mife"]),
        ("uniformation", &[("situation", "employed"), ("sector", "private"), ("branch", "social-economy"), ("age", "30-plus")], "uniformation", &["mife"]),
        ("fongecif", &[("situation", "employed"), ("sector", "private"), ("branch", "other"), ("age", "30-plus")], "fongecif-rhone-alpes", &["mife"]),
        ("pupil", &[("situation", "pupil")], "cio", &["info-jeunes"]),
        ("student", &[("situation", "student")], "scuio", &["cio", "info-jeunes"]),
        ("self-employed", &[("situation", "employed"), ("sector", "self"), ("age", "30-plus")], "mife", &["cma", "cci"]),
        ("public agent", &[("situation", "employed"), ("sector", "public"), ("age", "30-plus")], "mife", &[]),
        ("apprenticeship", &[("goal", "apprenticeship"), ("situation", "pupil")], "cio", &["cma"]),
        ("retired", &[("situation", "retired")], "cio", &[]),
        ("nothing said", &[("situation", "unsaid")], "cio", &[]),
    ];
    for (row, person, main, others) in rows {
        let told = EVERYWHERE.tell(person, "26362");
        assert_eq!(told.main.as_deref(), Some(*main), "{row}");
        for other in *others {
            assert!(told.others.iter().any(|id| id == other), "{row}: {other} is not in {:?}", told.others);
        }
    }
}

#[test]
fn every_promise_is_kept_to_everybody() {
    let guarantees = &DIRECTORY_2016.edition.guarantees;
    let broken = broken_promises(&EVERYWHERE, guarantees, "26362");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_commune_has_a_first_level_and_whoever_works_a_second() {
    let page = &*PAGE_2016;
    #[rustfmt::skip]
    let people: &[&[(&str, &str)]] = &[
        &[("situation", "pupil")],
        &[("situation", "student")],
        &[("situation", "retired")],
        &[("situation", "unsaid")],
        &[("situation", "out"), ("age", "under-16")],
        &[("situation", "job-seeker"), ("age", "16-17")],
        &[("situation", "job-seeker")],
        &[("situation", "employed"), ("sector", "private")],
        &[("situation", "employed"), ("sector", "private"), ("branch", "food")],
        &[("situation", "employed"), ("sector", "public")],
        &[("situation", "employed"), ("sector", "self")],
    ];
    let communes = page.departments.iter().flat_map(|piece| &piece.communes);
    assert!(communes.clone().count() > 2_500);
    for commune in communes {
        for person in people {
            let told = page.tell(person, &commune.code);
            assert!(told.found.has_level(Level::One, &page.guide), "{person:?} in {}", commune.code);
            let works = person.iter().any(|(_, choice)| ["employed", "job-seeker"].contains(choice));
            assert!(
                !works || told.found.has_level(Level::Two, &page.guide),
                "{person:?} in {}",
                commune.code
            );
        }
    }
}
