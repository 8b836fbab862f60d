//! All of France in one directory: what everybody reads is no more than for a region, and every commune
//! is found all the same.

use crate::shipped::{FRANCE, NATIONAL_2026, REGIONS, TODAY, composed};
use serde_json::json;
use shared::commune_index::{CommuneIndex, Search};
use shared::compile::{compile, localized};
use shared::directory::{Directory, MAIN_LANGUAGE};
use shared::first::{first, to_json};
use shared::geography::Commune;
use shared::region::{Region, compose};
use shared::snapshot::{COMMUNES_PIECE, Snapshot, communes_piece, department_piece, read};
use shared::validate::validate;
use std::sync::LazyLock;

fn compiled(directory: Directory) -> Snapshot {
    compile(&validate(directory, &FRANCE, TODAY).unwrap(), &FRANCE)
}

/// A directory of all departments, without places.
static ALL: LazyLock<(Directory, Snapshot)> = LazyLock::new(|| {
    let regions = REGIONS.iter().map(|(_, file)| serde_json::from_str::<serde_json::Value>(file).unwrap());
    let departments: Vec<_> = regions
        .flat_map(|mut region| region["departments"].as_array_mut().map(std::mem::take).unwrap())
        .collect();
    let region = json!({
        "code": "00", "edition": "2026", "slug": "france", "name": {"fr": "France"}, "of": "de France",
        "council": {"article": "L’", "name": "État"}, "departments": departments
    });
    let made = compose(NATIONAL_2026.as_bytes(), region.to_string().as_bytes()).unwrap().directory().unwrap();
    (made.clone(), compiled(made))
});

fn index(snapshot: &Snapshot, piece: &str) -> CommuneIndex {
    read(&snapshot.pieces[piece]).unwrap()
}

fn first_json(directory: &Directory, snapshot: &Snapshot) -> String {
    let guide = localized(directory, MAIN_LANGUAGE);
    to_json(&first(&guide, &snapshot.id, &snapshot.manifest)).unwrap()
}

#[test]
fn what_everybody_reads_is_no_more_than_for_a_region() {
    let (directory, wide) = &*ALL;
    let region = composed("84");
    let narrow = compiled(region.clone());
    for piece in [COMMUNES_PIECE, "texts.fr"] {
        let (whole, part) = (wide.pieces[piece].len(), narrow.pieces[piece].len());
        assert!(whole <= part, "{piece}: {whole} bytes, of a region {part}");
    }
    assert!(first_json(directory, wide).len() <= first_json(&region, &narrow).len());
    // Of a region nothing is cut: everything is as it was.
    for (code, file) in REGIONS {
        let departments = Region::from_json(file.as_bytes()).unwrap().departments;
        assert!(departments.len() < 20, "{code}");
    }
    assert_eq!(index(&narrow, COMMUNES_PIECE).parts, []);
    assert!(!narrow.pieces.keys().any(|piece| piece.starts_with("communes.")));
}

#[test]
fn every_commune_is_found_by_its_postcode() {
    let (_, wide) = &*ALL;
    let all = Search::new(index(wide, COMMUNES_PIECE));
    assert!(all.is_partial());
    let mut communes: Vec<&Commune> = FRANCE.communes().iter().collect();
    communes.sort_by_key(|commune| commune.department());
    for of_department in communes.chunk_by(|one, other| one.department() == other.department()) {
        let code = of_department[0].department();
        let part = all.part(code).unwrap();
        assert_eq!(part.hash, wide.manifest.pieces[&communes_piece(code)], "{code}");
        let whole = index(wide, &communes_piece(code));
        assert_eq!(whole.parts[0].hash, wide.manifest.pieces[&department_piece(code)], "{code}");
        let found = Search::new(whole);
        assert!(found.communes().is_sorted_by_key(|commune| &commune.code), "{code}");
        assert_eq!(found.communes().len(), found.centres().positions().count(), "{code}");
        for (commune, centre) in found.communes().iter().zip(found.centres().positions()) {
            let there = FRANCE.commune(&commune.code).unwrap().position;
            assert!(there.distance(centre).0 < 3_000, "{commune:?} is not at {centre:?}");
        }
        // Whoever then types another postcode, or a name alone, goes on with everybody's.
        assert_eq!(
            (found.lacking("99999"), found.lacking("Rennes"), found.is_partial()),
            (Some(""), Some(""), false)
        );
        for (rank, commune) in of_department.iter().enumerate() {
            let named = found.named(&commune.code).unwrap();
            assert_eq!(named.name, commune.name);
            // A city with arrondissements has theirs.
            for postcode in named.postcodes.iter().filter(|_| rank % 10 == 0) {
                let of_post = all.lacking(postcode).map(communes_piece).unwrap();
                let found = Search::new(index(wide, &of_post));
                let typed = format!("{postcode} {}", commune.name);
                assert_eq!(found.lacking(&typed), None);
                let (hits, _) = found.find(&typed, 20);
                assert!(hits.iter().any(|hit| hit.commune.code == commune.code), "{typed}");
            }
        }
    }
}

#[test]
fn large_towns_are_found_by_their_name_alone() {
    let (_, wide) = &*ALL;
    let large = Search::new(index(wide, COMMUNES_PIECE));
    for (code, is_large) in [
        ("35238", true),
        ("2A004", true),
        ("97411", true),
        ("48095", true),
        ("69383", true),
        ("26224", false),
    ] {
        assert_eq!(large.commune(code).is_some(), is_large, "{code}");
        assert!(large.part(code).is_some(), "{code}");
    }
    for (typed, department) in
        [("20167 Ajaccio", Some("2A")), ("26120", Some("26")), ("97411", Some("974")), ("Romans", None)]
    {
        assert_eq!(large.lacking(typed), department, "{typed}");
    }
}
