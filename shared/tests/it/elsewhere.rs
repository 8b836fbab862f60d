//! Who lives outside the region of a directory: which region that is, and what the guide says there.

use crate::shipped::{DIRECTORY_2016, DIRECTORY_2026, FRANCE, REGIONS, TODAY, composed};
use shared::commune_index::{CommuneIndex, Search};
use shared::commune_lines::{lines, only};
use shared::compile::{compile, guide};
use shared::directory::{Directory, MAIN_LANGUAGE};
use shared::finding::Severity;
use shared::guide::for_each_reachable;
use shared::recommend::{Target, plan, recommend};
use shared::region::Region;
use shared::snapshot::{COMMUNES_PIECE, read};
use shared::validate::validate;
use shared::visit::{OUTSIDE, nowhere};
use std::collections::BTreeMap;

fn search(directory: &Directory) -> Search {
    let mut directory = directory.clone();
    directory.structures.clear();
    let valid = validate(directory, &FRANCE, TODAY).unwrap();
    Search::new(read::<CommuneIndex>(&compile(&valid, &FRANCE).pieces[COMMUNES_PIECE]).unwrap())
}

/// The lines of a table, as fields.
fn table(text: &'static str) -> Vec<Vec<&'static str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect()
}

#[test]
fn the_tables_say_what_the_communes_and_the_regions_say() {
    let departments = table(include_str!("../../data/departments.tsv"));
    let mut of_region: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for fields in &departments {
        let [code, name, region, towns] = fields[..] else { panic!("{fields:?}") };
        of_region.entry(region).or_default().push((code, name));
        for town in towns.split(',') {
            let is_there =
                FRANCE.named(town).iter().any(|commune| commune.department() == code && commune.name == town);
            assert!(is_there, "{town} in {name}");
        }
    }
    let regions = table(include_str!("../../data/regions.tsv"));
    assert_eq!(regions.len(), REGIONS.len());
    for (fields, (code, file)) in regions.iter().zip(REGIONS) {
        let [of, name, service, website, source] = fields[..] else { panic!("{fields:?}") };
        let region = Region::from_json(file.as_bytes()).unwrap();
        assert_eq!((of, name), (code, region.name[MAIN_LANGUAGE].as_str()));
        let its: Vec<(&str, &str)> =
            region.departments.iter().map(|one| (one.code.as_str(), one.name.as_str())).collect();
        assert_eq!(of_region[code], its, "{name}");
        // Nobody is led to a site that no source names.
        assert_eq!(
            (service.is_empty(), website.is_empty()),
            (source.is_empty(), source.is_empty()),
            "{name}"
        );
        if let Some(agency) = region.agency {
            assert_eq!([service, website, source], [&agency.name, &agency.website, &agency.source], "{name}");
        }
    }
}

#[test]
fn a_town_a_postcode_and_a_department_of_another_region_say_which() {
    let search = search(&DIRECTORY_2026);
    for (typed, department, region) in [
        ("Rennes", "35", "Bretagne"),
        ("35000", "35", "Bretagne"),
        ("Lille", "59", "Hauts-de-France"),
        ("lille 59800", "59", "Hauts-de-France"),
        ("marseille", "13", "Provence-Alpes-Côte d’Azur"),
        ("Paris", "75", "Île-de-France"),
        ("Saint Pierre 97410", "974", "La Réunion"),
        ("20200", "2B", "Corse"),
        ("Mayotte", "976", "Mayotte"),
        ("Côte d'Or", "21", "Bourgogne-Franche-Comté"),
    ] {
        assert_eq!(only(&search, typed), Some(department), "{typed}");
        assert_eq!(search.region(department).unwrap().name, region, "{typed}");
    }
    let service =
        |code| search.region(code).unwrap().contact.as_ref().and_then(|known| known.website.as_deref());
    assert_eq!(service("35238"), Some("https://ideo.bretagne.bzh"));
    // Where no source names one, none is invented.
    assert_eq!(service("21"), None);
    // Nothing of the region is elsewhere, and nothing is found in nothing.
    for typed in ["Romans", "26100", "26999", "", "   ", "zzz"] {
        assert_eq!(search.outside(typed, 3).1, 0, "{typed}");
    }
    assert!(search.region("26281").is_none() && search.named("26").is_none());
    // A slip of the hand stays in the region.
    let guide = guide(&DIRECTORY_2026);
    for typed in ["valance", "villeurbane", "st etiene", "grenobel", "chambery", "annmasse"] {
        let (lines, _) = lines(&search, &guide, typed, None);
        assert!(!lines.is_empty() && lines.iter().all(|line| !line.is_outside()), "{typed}: {lines:?}");
    }
}

#[test]
fn what_is_of_the_region_is_for_nobody_elsewhere_and_everybody_there_is_led_on() {
    for directory in [&*DIRECTORY_2016, &DIRECTORY_2026] {
        let guide = guide(directory);
        let own = &directory.edition.region.own;
        assert!(!own.is_empty());
        let today = &directory.edition.valid_from;
        let mut led = 0;
        for_each_reachable(&guide, &mut |answers| {
            let mut plan = plan(&guide, answers, today);
            plan.without(&guide, own);
            let found = recommend(&guide, &plan, answers, &nowhere(), OUTSIDE).unwrap();
            let cards = std::iter::once(&found.main).chain(&found.reception).chain(&found.complements);
            for card in cards {
                let id = match card.target {
                    Target::Remote(index) => &guide.remote_services[index].id,
                    _ => &card.network(&guide).unwrap().id,
                };
                assert!(!own.contains(id), "{id} for {answers:?}");
            }
            assert!(
                found.remote_services.iter().all(|index| !own.contains(&guide.remote_services[*index].id))
            );
            led += 1;
        });
        assert!(led > 100, "{led}");
    }
}

#[test]
fn the_guide_of_another_region_is_found_where_the_directory_knows_it() {
    let mut directory = DIRECTORY_2026.clone();
    assert!(directory.edition.region.guides.is_empty());
    let guide = |search: &Search, of: &str| search.region(of).and_then(|region| region.guide.clone());
    assert_eq!(guide(&search(&directory), "35238"), None);
    // The same lines may stand in the directory of each region: its own is nobody's elsewhere.
    for (code, address) in [("53", "https://bretagne.exemple.fr/"), ("84", "https://ici.exemple.fr/")] {
        directory.edition.region.guides.insert(code.to_owned(), address.to_owned());
    }
    let search = search(&directory);
    for (of, expected) in [
        ("35238", Some("https://bretagne.exemple.fr/")),
        ("29", Some("https://bretagne.exemple.fr/")),
        ("59350", None),
        ("26281", None),
        ("-", None),
    ] {
        assert_eq!(guide(&search, of).as_deref(), expected, "{of}");
    }
}

#[test]
fn the_guide_of_another_region_has_the_code_of_one_and_an_address() {
    let refused = |code: &str, guide: &str| {
        let mut directory = DIRECTORY_2026.clone();
        directory.structures.clear();
        directory.edition.region.guides = BTreeMap::from([(code.to_owned(), guide.to_owned())]);
        let findings = validate(directory, &FRANCE, TODAY).err().unwrap_or_default();
        let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| (finding.code, finding.path)).collect::<Vec<_>>()
    };
    assert_eq!(refused("53", "https://bretagne.exemple.fr/"), []);
    assert_eq!(
        refused("35", "https://bretagne.exemple.fr/"),
        [("unknown-region", "edition.region.guides.35".to_owned())]
    );
    for wrong in ["bretagne.exemple.fr", "javascript:alert(1)", "https://localhost/", ""] {
        assert_eq!(refused("53", wrong), [("website", "edition.region.guides.53".to_owned())], "{wrong}");
    }
}

#[test]
fn a_site_that_a_region_has_is_its_own() {
    for (code, file) in REGIONS {
        let region = Region::from_json(file.as_bytes()).unwrap();
        let edition = composed(code).edition;
        let own = edition.region.own;
        for (id, known) in &region.networks {
            let is_its_own = known.website.is_some() || known.phone.is_some();
            assert_eq!(own.contains(id), is_its_own, "{code}: {id}");
        }
        let sites = [region.agency.map(|agency| agency.website), region.cep_operator.map(|one| one.website)];
        for site in sites.into_iter().flatten() {
            let networks = edition.networks.iter().map(|network| (&network.id, network.website.as_ref()));
            let services =
                edition.remote_services.iter().map(|service| (&service.id, Some(&service.website)));
            for (id, website) in networks.chain(services) {
                assert!(website != Some(&site) || own.contains(id), "{code}: {id}");
            }
        }
    }
}

#[test]
fn what_a_directory_calls_its_own_is_in_it_and_leaves_something_for_all() {
    let refused = |own: &[&str]| {
        let mut directory = DIRECTORY_2026.clone();
        directory.structures.clear();
        directory.edition.region.own = own.iter().map(|id| (*id).to_owned()).collect();
        let findings = validate(directory, &FRANCE, TODAY).err().unwrap_or_default();
        let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| (finding.code, finding.path)).collect::<Vec<_>>()
    };
    assert_eq!(refused(&["apec", "apek"]), [("unknown-network", "edition.region.own[1]".to_owned())]);
    let open = DIRECTORY_2026.edition.remote_services.iter().map(|service| service.id.as_str());
    let all: Vec<&str> = open.collect();
    assert_eq!(refused(&all), [("dead-end", "edition.remote_services".to_owned())]);
}
