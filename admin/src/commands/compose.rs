//! `compose`: the directory of a region, made again of what is national and of the region's file.

use crate::cli::region::Compose;
use crate::commands::source::delivered;
use crate::commands::validate::{refused, whereabouts};
use crate::failure::Failure;
use crate::output::Outcome;
use crate::{clock, files, reference};
use serde_json::json;
use shared::directory::Directory;
use shared::finding::{Finding, Severity};
use shared::region::{Region, compose};
use std::path::Path;

pub(crate) fn run(options: &Compose, all: bool) -> Result<Outcome, Failure> {
    let file = files::read(&options.region)?;
    let region = Region::from_json(&file).map_err(|finding| unusable(&options.region, &finding))?;
    let national = match &options.national {
        Some(path) => files::read(path)?,
        None => reference::national(&region.edition)?.as_bytes().to_vec(),
    };
    let composed = compose(&national, &file).map_err(|finding| unusable(&options.region, &finding))?;
    let document = match &options.into {
        Some(into) => composed.over(&files::read(into)?).map_err(|finding| unusable(into, &finding))?,
        None => composed.to_json(),
    };
    let directory =
        Directory::from_json(document.as_bytes()).map_err(|finding| unusable(&options.region, &finding))?;
    let findings = shared::validate::findings(&directory, &reference::geography()?, &clock::today());
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        let verdict = "l’annuaire que cela donne a des erreurs, rien n’est écrit";
        let json = json!({ "written": null, "findings": findings });
        let whereabouts = whereabouts(document.as_bytes());
        return Ok(refused(&options.region, verdict, &findings, &whereabouts, json, all));
    }
    delivered(document, options.out.as_ref(), options.force)
}

/// What is wrong with a file, with its place.
pub(super) fn unusable(path: &Path, finding: &Finding) -> Failure {
    let said = crate::output::line(finding, &insight::report::whereabouts::Whereabouts::default());
    Failure::refused("region", format!("« {} » ne peut pas servir : {said}", path.display()))
        .advising("docs/une-autre-region.md dit ce que contient le fichier d’une région.")
}
