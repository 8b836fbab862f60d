//! The directory of every region as `spro new` writes it: proved, and ready to be published.

use crate::shipped::{FRANCE, NATIONAL_2026, REGIONS, TODAY, composed};
use insight::verify::examine::examine;
use insight::verify::proof::prove;
use serde_json::{Value, json};
use shared::directory::Directory;
use shared::region::compose;
use shared::validate::validate;

/// Proves the directory of a region, and has it examined as before a publication.
fn is_ready(code: &str, directory: Directory) {
    let departments: Vec<String> =
        directory.edition.region.departments.iter().map(|department| department.code.clone()).collect();
    let valid = validate(directory.clone(), &FRANCE, TODAY)
        .unwrap_or_else(|findings| panic!("{code}: {}", findings[0]));
    let proof = prove(&valid, &FRANCE, TODAY);
    assert!(proof.counter_example.is_none(), "{code}: {proof}");
    let communes = FRANCE
        .communes()
        .iter()
        .filter(|commune| departments.iter().any(|department| department == commune.department()));
    assert_eq!(proof.communes, communes.count(), "{code}");
    assert!(proof.sets > 1_000 && proof.guarantees > 100, "{code}: {proof}");
    let examined =
        examine(directory, &FRANCE, TODAY).unwrap_or_else(|refused| panic!("{code}: {:?}", refused.findings));
    assert!(
        examined.findings.iter().all(|finding| finding.code != "asked-in-vain"),
        "{code}: {:?}",
        examined.findings
    );
}

/// One with Transitions Pro and several departments, one of a single department and with nothing of
/// its own, the one that ships.
#[test]
fn three_regions_are_proved_without_a_place() {
    for code in ["53", "06", "84"] {
        is_ready(code, composed(code));
    }
}

/// What an administrator writes into the file of a region is proved with the same promises.
#[test]
fn a_region_with_its_own_agency_operator_and_networks_is_proved() {
    let (_, file) = REGIONS.iter().find(|(code, _)| *code == "94").unwrap();
    let mut region: Value = serde_json::from_str(file).unwrap();
    region["agency"] = json!({"name": "Agence", "website": "https://agence.exemple.fr", "source": "https://agence.exemple.fr"});
    region["cep_operator"] = json!({
        "id": "conseil-ici", "name": "Conseil Ici", "full_name": "Conseil Ici Corse",
        "website": "https://conseil.exemple.fr"
    });
    region["networks"]["mife"] = json!({});
    let made = compose(NATIONAL_2026.as_bytes(), region.to_string().as_bytes()).unwrap();
    is_ready("94", made.directory().unwrap());
}

#[test]
#[ignore = "thorough: the directory of each region, proved as a whole"]
fn every_region_is_proved_without_a_place() {
    for (code, _) in REGIONS {
        is_ready(code, composed(code));
    }
}
