//! Everything that is done to a directory before it is published, in one place: the same on
//! the administrator's desk and at the edge.
//!
//! Validation, analysis, compilation, proof. What one of them refuses is not published.

use crate::report::coverage::concerns;
use crate::verify::analysis::analyse;
use crate::verify::proof::{CounterExample, Kind, Proof, prove_snapshot};
use shared::compile::compile;
use shared::directory::Directory;
use shared::finding::{Finding, Severity};
use shared::geography::Geography;
use shared::snapshot::Snapshot;
use shared::validate::{Valid, validate};

/// A directory that can be published.
#[derive(Debug, Clone)]
pub struct Examined {
    /// The directory.
    pub directory: Valid,
    /// What it was compiled to.
    pub snapshot: Snapshot,
    /// What was proved of it.
    pub proof: Proof,
    /// What somebody should look at all the same.
    pub findings: Vec<Finding>,
}

/// Why a directory cannot be published.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Everything that validation and analysis say, and the counter-example in a sentence.
    pub findings: Vec<Finding>,
    /// The case that must not be, where the rest was in order.
    pub counter_example: Option<CounterExample>,
}

/// Examines a directory as of `today`, an ISO date.
///
/// # Errors
/// With every finding, and the first counter-example of a directory that has no other error. A question
/// that is asked in vain harms nobody: it is a warning.
///
/// ```
/// use insight::verify::examine::examine;
/// use shared::finding::Severity;
/// # use shared::{directory::Directory, geography::Geography};
/// # let communes = include_str!("../../../shared/examples/communes.tsv");
/// # let geography = Geography::parse(communes, "", &|_| true).unwrap();
/// # let example = include_bytes!("../../../shared/examples/two-places.json");
/// # let directory = Directory::from_json(example).unwrap();
/// let examined = examine(directory.clone(), &geography, "2026-11-24").unwrap();
/// assert!(examined.snapshot.pieces.contains_key("department.26"));
/// assert!(examined.findings.iter().all(|finding| finding.severity == Severity::Warning));
///
/// let mut broken = directory;
/// broken.edition.rules.swap(0, 1);
/// let refused = examine(broken, &geography, "2026-11-24").unwrap_err();
/// assert!(refused.counter_example.is_some(), "it is valid, and nevertheless sends people wrong");
/// assert!(refused.findings.iter().any(|finding| finding.code == "counter-example"));
/// ```
pub fn examine(directory: Directory, geography: &Geography, today: &str) -> Result<Examined, Box<Refused>> {
    let refused = |findings, counter_example| Err(Box::new(Refused { findings, counter_example }));
    let directory = match validate(directory, geography, today) {
        Ok(valid) => valid,
        Err(findings) => return refused(findings, None),
    };
    let mut findings = directory.warnings().to_vec();
    findings.extend(analyse(directory.directory(), today));
    // The analysis knows some unused networks too, whom their rules are for taken into account.
    let is_said = |concern: &Finding| {
        findings.iter().any(|said| (said.code, &said.path) == (concern.code, &concern.path))
    };
    let mut concerns = concerns(directory.directory(), today);
    concerns.retain(|concern| !is_said(concern));
    findings.extend(concerns);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return refused(findings, None);
    }
    let snapshot = compile(&directory, geography);
    let mut proof = prove_snapshot(&directory, geography, &snapshot, today);
    if let Some(found) = proof.counter_example.take() {
        if found.kind == Kind::AskedInVain {
            // One question too many is no reason to hold back a phone number that has changed.
            findings.push(Finding::warning("asked-in-vain", found.path(), "", found.sentence()));
            return Ok(Examined { directory, snapshot, proof, findings });
        }
        findings.push(Finding::error("counter-example", found.path(), "", found.sentence()));
        return refused(findings, Some(found));
    }
    Ok(Examined { directory, snapshot, proof, findings })
}
