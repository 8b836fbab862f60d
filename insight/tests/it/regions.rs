//! The directory of every region as `spro new` writes it: proved, and ready to be published.

use crate::shipped::{FRANCE, REGIONS, TODAY, composed};
use insight::verify::examine::examine;
use insight::verify::proof::prove;
use shared::validate::validate;

/// Proves the directory of a region, and has it examined as before a publication.
fn is_ready(code: &str) {
    let directory = composed(code);
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
        is_ready(code);
    }
}

#[test]
#[ignore = "thorough: the directory of each region, proved as a whole"]
fn every_region_is_proved_without_a_place() {
    for (code, _) in REGIONS {
        is_ready(code);
    }
}
