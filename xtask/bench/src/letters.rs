//! What looking for a commune costs by itself, natively: in the region of the shipped edition
//! and in the whole of France, as if it were one.

use crate::now;
use shared::commune_index::Search;
use shared::compile::{all_communes, compile};
use shared::directory::{Department, Directory};
use shared::geography::Geography;
use shared::validate::validate;
use spro_tests::{Failure, paths};
use std::collections::BTreeSet;

/// What is typed letter by letter, and what costs most.
const TYPED: [&str; 16] = [
    "Romans-sur-Isère",
    "Saint-Martin-d'Hères",
    "st martin dheres",
    "L'Abergement-Clémenciat",
    "Villefranche-sur-Saône",
    "Lyon 3e",
    "Paris 16",
    "26100 romans",
    "les",
    "la",
    "ste",
    "de",
    "sur",
    "69",
    "a",
    "zz",
];
/// How many lines the field shows.
const SHOWN: usize = 20;
/// How often each is looked for.
const TIMES: u32 = 50;

/// Prints the figures.
pub(super) fn print() -> Result<(), Failure> {
    let data = |name: &str| -> Result<String, Failure> {
        let bytes = crate::read(&paths::root().join("shared/data").join(name))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let geography = Geography::parse(&data("communes.tsv")?, &data("former-communes.tsv")?, &|_| true)
        .map_err(|error| Failure::new(error.to_string()))?;
    let shipped = Directory::from_json(&crate::read(&paths::shipped_directory())?)
        .map_err(|finding| Failure::new(finding.to_string()))?;
    let mut country = shipped.clone();
    country.structures.clear();
    country.territories.clear();
    let departments: BTreeSet<&str> =
        geography.communes().iter().map(shared::geography::Commune::department).collect();
    country.edition.region.departments = departments
        .iter()
        .map(|code| Department { code: (*code).to_owned(), name: (*code).to_owned() })
        .collect();
    println!("\nmicroseconds to look for a commune, natively");
    for (name, directory) in [("the region", shipped), ("the whole of France", country)] {
        // Whatever day it is: what has expired is only warned about.
        let valid = validate(directory, &geography, "9999-12-31")
            .map_err(|_| Failure::new(format!("{name} is not a valid directory")))?;
        let index = all_communes(&compile(&valid, &geography).pieces)
            .map_err(|error| Failure::new(error.to_string()))?;
        let search = Search::new(index);
        let mut costs: Vec<(f64, &str)> = TYPED
            .iter()
            .flat_map(|text| text.char_indices().map(|(at, letter)| &text[..at + letter.len_utf8()]))
            .map(|text| {
                let before = now();
                for _ in 0..TIMES {
                    std::hint::black_box(search.find(std::hint::black_box(text), SHOWN));
                }
                (before.elapsed().as_secs_f64() / f64::from(TIMES) * 1e6, text)
            })
            .collect();
        costs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (most, dearest) = costs[costs.len() - 1];
        println!(
            "  {name} … {} communes: half of {} texts under {:.0} µs, most {most:.0} µs for « {dearest} »",
            search.communes().len(),
            costs.len(),
            costs[costs.len() / 2].0,
        );
    }
    Ok(())
}
