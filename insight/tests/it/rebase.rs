//! Somebody published while a draft was being written.

use crate::shipped::{DIRECTORY_2016, DIRECTORY_2026 as SHIPPED};
use insight::compare::diff::difference;
use insight::compare::rebase::{Kept, rebase};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::json;
use shared::directory::{Directory, Structure};
use shared::geography::Position;
use std::collections::BTreeSet;

fn place(id: &str) -> Structure {
    Structure {
        id: id.to_owned(),
        name: format!("Lieu {id}"),
        commune: "26362".to_owned(),
        ..Structure::default()
    }
}

fn with(structures: Vec<Structure>) -> Directory {
    Directory { structures, ..SHIPPED.clone() }
}

fn any_place() -> impl Strategy<Value = Structure> {
    (0..8_u8, 0..3_u8, 0..3_u8, 0..3_u8, any::<f32>()).prop_map(|(id, name, phone, hours, latitude)| {
        Structure {
            name: format!("Lieu {name}"),
            phones: vec![format!("04 75 00 00 0{phone}"); usize::from(phone)],
            hours_note: (hours > 0).then(|| format!("note {hours}")),
            position: Some(Position { latitude: latitude % 90.0, longitude: 5.046, approximate: false })
                .filter(|position| hours > 1 && position.latitude.is_finite()),
            ..place(&format!("p{id}"))
        }
    })
}

/// Any draft: ids may come twice, and other parts may differ.
fn any_directory() -> impl Strategy<Value = Directory> {
    (prop::collection::vec(any_place(), 0..8), 0..3_u8, any::<bool>(), any::<bool>()).prop_map(
        |(structures, title, resources, rules)| {
            let mut directory = with(structures);
            directory.title = format!("Titre {title}");
            if resources {
                directory.resources.clear();
            }
            if rules {
                directory.edition.rules.reverse();
                "2020-01-01".clone_into(&mut directory.edition.valid_from);
            }
            directory
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200, failure_persistence: None, rng_seed: RngSeed::Fixed(20_261_124), ..ProptestConfig::default()
    })]

    #[test]
    fn who_changed_alone_wins(base in any_directory(), other in any_directory()) {
        let ahead = rebase(&base, &base, &other);
        prop_assert_eq!(&ahead.directory, &other);
        prop_assert!(ahead.conflicts.is_empty());
        let mine = rebase(&base, &other, &base);
        prop_assert_eq!(&mine.directory, &other);
        prop_assert!(mine.conflicts.is_empty());
        prop_assert_eq!(rebase(&base, &other, &other).directory, other);
    }

    #[test]
    fn nothing_is_lost(base in any_directory(), mine in any_directory(), theirs in any_directory()) {
        let rebased = rebase(&base, &mine, &theirs);
        let ids = |directory: &Directory| -> BTreeSet<String> {
            directory.structures.iter().map(|one| one.id.clone()).collect()
        };
        let merged = ids(&rebased.directory);
        // Whoever is in both, or new in one, stays.
        for id in ids(&mine).union(&ids(&theirs)) {
            let (in_base, in_mine, in_theirs) =
                (ids(&base).contains(id), ids(&mine).contains(id), ids(&theirs).contains(id));
            if in_mine && in_theirs || !in_base {
                prop_assert!(merged.contains(id), "{}", id);
            }
        }
        // A value that only one side wrote is there, or listed.
        for structure in &mine.structures {
            let of = |directory: &Directory| -> Vec<String> {
                directory.structures.iter().filter(|one| one.id == structure.id).map(|one| one.name.clone()).collect()
            };
            let written = !of(&base).contains(&structure.name);
            let listed = rebased.conflicts.iter().any(|one| one.id == structure.id);
            prop_assert!(!written || listed || of(&rebased.directory).contains(&structure.name));
        }
        // What is live keeps its order, unless only the draft has another.
        let sequence = |directory: &Directory| -> Vec<String> {
            directory.structures.iter().map(|one| one.id.clone()).collect()
        };
        let (live, all) = (sequence(&theirs), sequence(&rebased.directory));
        if live != sequence(&base) && live.len() == ids(&theirs).len() && all.len() == merged.len() {
            let both = |list: Vec<String>| -> Vec<String> {
                list.into_iter().filter(|id| merged.contains(id) && ids(&theirs).contains(id)).collect()
            };
            prop_assert_eq!(both(all), both(live));
        }
    }
}

#[test]
fn two_fields_of_one_place_are_both_kept() {
    let base = with(vec![place("a"), place("b")]);
    let (mut mine, mut theirs) = (base.clone(), base.clone());
    mine.structures[1].phones = vec!["04 75 00 00 01".to_owned()];
    mine.structures.insert(1, place("mien"));
    theirs.structures[1].website = Some("https://exemple.fr".to_owned());
    theirs.structures.push(place("leur"));
    let rebased = rebase(&base, &mine, &theirs);
    assert!(rebased.conflicts.is_empty(), "{:?}", rebased.conflicts);
    let ids: Vec<&str> = rebased.directory.structures.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["a", "mien", "b", "leur"]);
    let both = &rebased.directory.structures[2];
    assert_eq!((both.phones.len(), both.website.as_deref()), (1, Some("https://exemple.fr")));
}

#[test]
fn the_same_field_changed_twice_is_a_conflict_with_its_three_values() {
    let base = with(vec![place("a")]);
    let (mut mine, mut theirs) = (base.clone(), base.clone());
    mine.structures[0].phones = vec!["04 75 00 00 01".to_owned()];
    theirs.structures[0].phones = vec!["04 75 00 00 02".to_owned()];
    mine.edition.rules.reverse();
    theirs.edition.rules.truncate(2);
    let rebased = rebase(&base, &mine, &theirs);
    assert_eq!(rebased.directory, theirs);
    let conflict = &rebased.conflicts[0];
    assert_eq!((conflict.id.as_str(), conflict.field.as_str(), conflict.kept), ("a", "phones", Kept::Theirs));
    assert_eq!(
        (&conflict.base, &conflict.mine, &conflict.theirs),
        (&json!([]), &json!(["04 75 00 00 01"]), &json!(["04 75 00 00 02"]))
    );
    assert_eq!(
        conflict.french(),
        "Lieu a (a), téléphones : « (rien) » au départ, « 04 75 00 00 01 » dans le brouillon, « 04 75 00 00 02 » en ligne ; la valeur en ligne est gardée."
    );
    assert_eq!(rebased.conflicts[1].part, "edition.rules");
    assert_eq!(rebased.conflicts[1].theirs.as_array().map(Vec::len), Some(2));
}

#[test]
fn an_edit_outlives_a_deletion() {
    let base = with(vec![place("a"), place("b"), place("c")]);
    let (mut mine, mut theirs) = (base.clone(), base.clone());
    // Mine edits a and removes b; theirs removes a and edits b; both leave c, theirs removes it.
    mine.structures[0].hours_note = Some("le matin".to_owned());
    mine.structures.remove(1);
    theirs.structures[1].hours_note = Some("le soir".to_owned());
    theirs.structures.remove(2);
    theirs.structures.remove(0);
    let rebased = rebase(&base, &mine, &theirs);
    let ids: Vec<&str> = rebased.directory.structures.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    let kept: Vec<_> = rebased.conflicts.iter().map(|one| (one.id.as_str(), one.kept)).collect();
    assert_eq!(kept, [("a", Kept::Mine), ("b", Kept::Theirs)]);
    assert!(rebased.conflicts[0].french().contains("retiré en ligne"));
}

/// A part that `diff` can name and the merge forgot would be lost without a word.
#[test]
fn every_part_that_can_differ_is_merged() {
    let mut other = DIRECTORY_2016.clone();
    other.edition.coordination.clear();
    other.edition.preparations.clear();
    other.edition.languages.pop();
    assert!(difference(&SHIPPED, &other).parts.len() >= 14);
    assert_eq!(rebase(&SHIPPED, &other, &SHIPPED).directory, other);
}

/// A place with a phone that a person typed in the place of the source's.
fn corrected(from: &Structure, phone: &str, day: &str) -> Structure {
    let mut place = Structure { phones: vec![phone.to_owned()], ..from.clone() };
    place.correct(Some(from), day);
    place
}

#[test]
fn corrections_of_different_fields_come_together() {
    let base = place("a");
    let mine = corrected(&base, "04 75 00 00 01", "2026-11-01");
    let mut theirs = Structure { name: "Lieu renommé".to_owned(), ..base.clone() };
    theirs.correct(Some(&base), "2026-11-02");
    let rebased = rebase(&with(vec![base]), &with(vec![mine]), &with(vec![theirs]));
    assert!(rebased.conflicts.is_empty());
    let names: Vec<&str> = rebased.directory.structures[0].corrections.keys().map(String::as_str).collect();
    assert_eq!(names, ["name", "phones"]);
}

#[test]
fn a_value_that_stays_stays_with_what_is_known_of_it() {
    let base = place("a");
    let mine = corrected(&base, "04 75 00 00 01", "2026-11-01");
    let theirs = Structure { phones: vec!["04 75 00 00 02".to_owned()], ..base.clone() };
    let rebased = rebase(&with(vec![base]), &with(vec![mine]), &with(vec![theirs.clone()]));
    assert_eq!(rebased.conflicts.len(), 1);
    assert_eq!(rebased.directory.structures[0], theirs, "an import's value is nobody's correction");
}
