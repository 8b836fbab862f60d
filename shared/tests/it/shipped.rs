//! What ships with the build, read once for all tests: the communes and both editions.

use shared::directory::{Competence, Directory, Structure};
use shared::geography::Geography;
use shared::region::compose;
use std::sync::LazyLock;

/// A day on which the edition of 2026 holds, and that of 2016 no longer does.
pub(crate) const TODAY: &str = "2026-11-24";

pub(crate) const COMMUNES: &str = include_str!("../../data/communes.tsv");
pub(crate) const FORMER_COMMUNES: &str = include_str!("../../data/former-communes.tsv");
pub(crate) const EDITION_2016: &[u8] = include_bytes!("../../editions/2016.json");
pub(crate) const EDITION_2026: &[u8] = include_bytes!("../../editions/2026.json");

/// What is national in the edition of 2026.
pub(crate) const NATIONAL_2026: &str = include_str!("../../editions/2026/national.json");
/// The file of each region of today, by its INSEE code.
pub(crate) const REGIONS: [(&str, &str); 18] = [
    ("01", include_str!("../../editions/2026/01.json")),
    ("02", include_str!("../../editions/2026/02.json")),
    ("03", include_str!("../../editions/2026/03.json")),
    ("04", include_str!("../../editions/2026/04.json")),
    ("06", include_str!("../../editions/2026/06.json")),
    ("11", include_str!("../../editions/2026/11.json")),
    ("24", include_str!("../../editions/2026/24.json")),
    ("27", include_str!("../../editions/2026/27.json")),
    ("28", include_str!("../../editions/2026/28.json")),
    ("32", include_str!("../../editions/2026/32.json")),
    ("44", include_str!("../../editions/2026/44.json")),
    ("52", include_str!("../../editions/2026/52.json")),
    ("53", include_str!("../../editions/2026/53.json")),
    ("75", include_str!("../../editions/2026/75.json")),
    ("76", include_str!("../../editions/2026/76.json")),
    ("84", include_str!("../../editions/2026/84.json")),
    ("93", include_str!("../../editions/2026/93.json")),
    ("94", include_str!("../../editions/2026/94.json")),
];

/// The directory of a region of today, without places.
pub(crate) fn composed(code: &str) -> Directory {
    let (_, file) = REGIONS.iter().find(|(known, _)| *known == code).unwrap();
    let made = compose(NATIONAL_2026.as_bytes(), file.as_bytes());
    made.and_then(|made| made.directory()).unwrap_or_else(|finding| panic!("{code}: {finding}"))
}

/// Every commune of France.
pub(crate) static FRANCE: LazyLock<Geography> =
    LazyLock::new(|| Geography::parse(COMMUNES, FORMER_COMMUNES, &|_| true).unwrap());

/// The directory of each edition, as it ships.
pub(crate) static DIRECTORY_2016: LazyLock<Directory> =
    LazyLock::new(|| Directory::from_json(EDITION_2016).unwrap());
pub(crate) static DIRECTORY_2026: LazyLock<Directory> =
    LazyLock::new(|| Directory::from_json(EDITION_2026).unwrap());

/// The communes of the region of the edition of 2026.
pub(crate) static REGION_2026: LazyLock<Geography> = LazyLock::new(|| of_region(&DIRECTORY_2026));

/// The communes of the region of a directory.
pub(crate) fn of_region(directory: &Directory) -> Geography {
    let region = &directory.edition.region.departments;
    Geography::parse(COMMUNES, FORMER_COMMUNES, &|code| {
        region.iter().any(|department| department.code == code)
    })
    .unwrap()
}

/// The directory with a Cap emploi in Annecy that is competent for Savoie and Haute-Savoie: no open
/// list has the places of that network.
pub(crate) fn with_a_place_for_two_departments(mut directory: Directory) -> Directory {
    directory.structures.push(Structure {
        id: "cap-emploi-annecy".to_owned(),
        network: "cap-emploi".to_owned(),
        name: "Cap emploi Savoie Haute-Savoie".to_owned(),
        commune: "74010".to_owned(),
        phones: vec!["04 50 00 00 00".to_owned()],
        competence: Some(Competence {
            departments: vec!["73".to_owned(), "74".to_owned()],
            ..Competence::default()
        }),
        ..Structure::default()
    });
    directory
}
