//! Everything that can be wrong with a directory, said at once.

mod edition;
mod person;
mod places;
mod public_host;
mod readable;
mod values;

pub use person::{hours_without_persons, is_mail_of_a_person, may_be_mail_of_a_person, without_persons};
pub use public_host::is_public_host;
pub use values::{is_email, is_phone};

use crate::directory::{Directory, FORMAT};
use crate::finding::{Finding, Severity};
use crate::geography::Geography;

/// A directory without errors. Only [`validate`] makes one, so that nothing else has to
/// check again.
#[derive(Debug, Clone)]
pub struct Valid {
    directory: Directory,
    warnings: Vec<Finding>,
}

impl Valid {
    /// The directory.
    pub const fn directory(&self) -> &Directory {
        &self.directory
    }

    /// What somebody should look at all the same.
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }

    /// Gives the directory back.
    pub fn into_directory(self) -> Directory {
        self.directory
    }
}

/// Validates a directory against the communes that exist. `today` is an ISO date.
///
/// # Errors
/// Every finding, errors and warnings, in the order of the document.
///
/// ```
/// use shared::{directory::Directory, geography::Geography, validate::validate};
///
/// let geography = Geography::parse(include_str!("../../examples/communes.tsv"), "", &|_| true)?;
/// let directory = Directory::from_json(include_bytes!("../../examples/two-places.json")).unwrap();
/// let valid = validate(directory.clone(), &geography, "2026-11-24").unwrap();
/// assert!(valid.warnings().is_empty());
///
/// let mut wrong = directory;
/// wrong.structures[0].commune = "26999".to_owned();
/// wrong.structures[1].phones.push("4 75 00 00 03".to_owned());
/// let findings = validate(wrong, &geography, "2026-11-24").unwrap_err();
/// let paths: Vec<&str> = findings.iter().map(|finding| finding.path.as_str()).collect();
/// assert_eq!(paths, ["structures[0].commune", "structures[1].phones[1]"]);
/// # Ok::<(), shared::geography::MalformedGeography>(())
/// ```
pub fn validate(directory: Directory, geography: &Geography, today: &str) -> Result<Valid, Vec<Finding>> {
    let findings = findings(&directory, geography, today);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        Err(findings)
    } else {
        Ok(Valid { directory, warnings: findings })
    }
}

/// The findings alone, for those who want to go on with the document.
pub fn findings(directory: &Directory, geography: &Geography, today: &str) -> Vec<Finding> {
    let mut check = Check { findings: Vec::new(), directory, geography, today };
    if directory.format != FORMAT {
        check.error(
            "format",
            "format",
            &directory.format.to_string(),
            format!("cette version lit le format {FORMAT}"),
        );
    }
    check.edition(&directory.edition);
    check.readable_edition(&directory.edition);
    for (index, territory) in directory.territories.iter().enumerate() {
        check.territory(&format!("territories[{index}]"), territory);
        check.readable_territory(&format!("territories[{index}]"), territory);
    }
    check.unique("territories", directory.territories.iter().map(|territory| territory.id.as_str()));
    for (index, structure) in directory.structures.iter().enumerate() {
        check.structure(&format!("structures[{index}]"), structure);
        check.readable_place(&format!("structures[{index}]"), structure);
    }
    check.unique("structures", directory.structures.iter().map(|structure| structure.id.as_str()));
    check.unique_references();
    for (index, resource) in directory.resources.iter().enumerate() {
        check.resource(&format!("resources[{index}]"), resource);
        check.readable_resource(&format!("resources[{index}]"), resource);
    }
    check.unique("resources", directory.resources.iter().map(|resource| resource.id.as_str()));
    check.findings
}

struct Check<'a> {
    findings: Vec<Finding>,
    directory: &'a Directory,
    geography: &'a Geography,
    today: &'a str,
}
