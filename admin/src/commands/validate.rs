//! `validate`: every finding of a directory at once.

use crate::failure::Failure;
use crate::output::{self, Outcome};
use crate::{clock, files, reference};
use insight::report::whereabouts::Whereabouts;
use insight::verify::examine::{Examined, Refused, examine};
use serde::Deserialize;
use serde_json::{Value, json};
use shared::directory::Directory;
use shared::finding::{Finding, Severity};
use shared::geography::Geography;
use shared::validate::Valid;
use std::fmt::Write;
use std::path::Path;

pub(crate) fn run(file: &Path, all: bool) -> Result<Outcome, Failure> {
    let geography = reference::geography()?;
    let (whereabouts, result) = examined(file, &geography)?;
    let Examined { directory, snapshot, proof, findings } = match result {
        Ok(examined) => examined,
        Err(refusal) => {
            let json = json!({
                "valid": false,
                "snapshot": null,
                "findings": refusal.findings,
                "counter_example": refusal.counter_example,
            });
            return Ok(not_published(file, "annuaire refusé", &refusal, &whereabouts, json, all));
        }
    };
    let text = format!(
        "{} : annuaire valable, {} lieux, instantané {}.\n{}.\n{}\n{proof}",
        file.display(),
        directory.directory().structures.len(),
        snapshot.id,
        counted(&findings),
        output::findings(&findings, &whereabouts, all)
    );
    let json = json!({ "valid": true, "snapshot": snapshot.id, "findings": findings, "proof": proof });
    Ok(Outcome { text, json, refused: false })
}

/// What examining a directory came to.
type Examination = Result<Examined, Box<Refused>>;

/// Reads a file and does as of today everything that is done before a publication, and how to say where in it.
pub(crate) fn examined(file: &Path, geography: &Geography) -> Result<(Whereabouts, Examination), Failure> {
    let bytes = files::read(file)?;
    let result = match Directory::from_json(&bytes) {
        Ok(directory) => examine(directory, geography, &clock::today()),
        Err(finding) => Err(Box::new(Refused { findings: vec![finding], counter_example: None })),
    };
    Ok((whereabouts(&bytes), result))
}

/// The outcome of a command that what was examined stops.
pub(crate) fn not_published(
    file: &Path,
    verdict: &str,
    refusal: &Refused,
    whereabouts: &Whereabouts,
    json: Value,
    all: bool,
) -> Outcome {
    let mut outcome = refused(file, verdict, &refusal.findings, whereabouts, json, all);
    if let Some(found) = &refusal.counter_example {
        let _ = write!(outcome.text, "\n{found}");
    }
    outcome
}

/// A directory file that was read and checked.
pub(crate) struct Checked {
    /// How to say where in it.
    pub(crate) whereabouts: Whereabouts,
    /// What can be published, or everything that is wrong with it.
    pub(crate) result: Result<Valid, Vec<Finding>>,
}

/// Reads a file and validates it as of today. A file that cannot be read as a directory
/// has one finding: the first thing that is wrong.
pub(crate) fn load(file: &Path, geography: &Geography) -> Result<Checked, Failure> {
    let bytes = files::read(file)?;
    let result = match Directory::from_json(&bytes) {
        Ok(directory) => shared::validate::validate(directory, geography, &clock::today()),
        Err(finding) => Err(vec![finding]),
    };
    Ok(Checked { whereabouts: whereabouts(&bytes), result })
}

/// How to say where in a document, whatever is wrong with it.
pub(crate) fn whereabouts(document: &[u8]) -> Whereabouts {
    #[derive(Deserialize)]
    struct Named {
        #[serde(default)]
        name: String,
    }
    #[derive(Deserialize)]
    struct Outline {
        structures: Vec<Named>,
    }
    if let Ok(directory) = Directory::from_json(document) {
        return Whereabouts::of(&directory);
    }
    let names = serde_json::from_slice::<Outline>(document)
        .map(|outline| outline.structures.into_iter().map(|named| named.name).collect())
        .unwrap_or_default();
    Whereabouts::of_places(names)
}

/// The outcome of a command that a file with errors stops.
pub(crate) fn refused(
    file: &Path,
    verdict: &str,
    findings: &[Finding],
    whereabouts: &Whereabouts,
    json: Value,
    all: bool,
) -> Outcome {
    let mut text = format!(
        "{} : {verdict}.\n{}.\n{}",
        file.display(),
        counted(findings),
        output::findings(findings, whereabouts, all)
    );
    if findings.iter().any(|finding| finding.code == "not-json") {
        let _ = writeln!(text, "\n→ {}", files::TABLE_ADVICE);
    }
    Outcome { text, json, refused: true }
}

/// How many errors and warnings there are.
pub(crate) fn counted(findings: &[Finding]) -> String {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let warnings = findings.len() - errors;
    let count = |number: usize, one: &str| format!("{number} {one}{}", if number < 2 { "" } else { "s" });
    format!("{}, {}", count(errors, "erreur"), count(warnings, "avertissement"))
}
