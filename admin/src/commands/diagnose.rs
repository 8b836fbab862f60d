//! `diagnose`: what a directory lacks, where and for whom.

use crate::commands::validate::{Checked, load, refused};
use crate::failure::Failure;
use crate::output::{self, Outcome};
use crate::server::{Call, Server};
use crate::{clock, reference};
use serde_json::{Value, json};
use shared::diagnosis::diagnose;
use std::fmt::Write;
use std::path::Path;

/// Diagnoses a file.
pub(crate) fn file(file: &Path, all: bool) -> Result<Outcome, Failure> {
    let geography = reference::geography()?;
    let Checked { names, result } = load(file, &geography)?;
    let valid = match result {
        Ok(valid) => valid,
        Err(findings) => {
            let verdict = "un annuaire avec des erreurs n’a pas de diagnostic";
            let json = json!({ "valid": false, "findings": findings });
            return Ok(refused(file, verdict, &findings, &names, json, all));
        }
    };
    let today = clock::today();
    let diagnosis = json!(diagnose(&valid, &geography, &today, &clock::a_year_before(&today)));
    Ok(Outcome { text: told(&diagnosis, &file.display().to_string(), all), json: diagnosis, refused: false })
}

/// Diagnoses what is live.
pub(crate) fn live(server: &Server, all: bool) -> Result<Outcome, Failure> {
    let diagnosis = server.ask(Call { path: "diagnosis", ..Call::default() })?;
    Ok(Outcome { text: told(&diagnosis, server.address(), all), json: diagnosis, refused: false })
}

fn told(diagnosis: &Value, subject: &str, all: bool) -> String {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut text = format!(
        "Diagnostic de {subject}\n\nDÉPARTEMENTS (communes trop loin d’un lieu : accueil / accompagnement)\n"
    );
    for department in list(&diagnosis["departments"]) {
        let places: u64 = department["places"]
            .as_object()
            .into_iter()
            .flat_map(|places| places.values())
            .filter_map(Value::as_u64)
            .sum();
        let farthest = department["farthest"]["commune"].as_str().map_or(String::new(), |commune| {
            let kilometres = (department["farthest"]["distance"].as_u64().unwrap_or_default() + 500) / 1000;
            format!(" ; la plus loin : {commune}, {kilometres} km")
        });
        let _ = writeln!(
            text,
            "  {} {} : {places} lieux, {} communes, {} / {} trop loin{farthest}",
            department["code"].as_str().unwrap_or_default(),
            department["name"].as_str().unwrap_or_default(),
            department["communes"],
            department["far_from_level_one"],
            department["far_from_level_two"],
        );
    }
    let networks: Vec<String> = list(&diagnosis["networks_without_place"])
        .iter()
        .filter_map(|id| id.as_str().map(str::to_owned))
        .collect();
    if !networks.is_empty() {
        let _ = writeln!(text, "\nRÉSEAUX SANS AUCUN LIEU : {}", networks.join(", "));
    }
    let incomplete = diagnosis["incomplete"].as_object().cloned().unwrap_or_default();
    if !incomplete.is_empty() {
        let _ = writeln!(text, "\nFICHES INCOMPLÈTES");
    }
    for (what, ids) in incomplete {
        let ids = list(&ids);
        let what = match what.as_str() {
            "phone" => "sans téléphone",
            "hours" => "sans horaires",
            "position" => "sans position exacte",
            "check" => "pas vérifiées depuis un an",
            other => other,
        };
        let shown = if all { ids.len() } else { output::EXAMPLES };
        let names: Vec<&str> = ids.iter().take(shown).filter_map(Value::as_str).collect();
        let more = if ids.len() > shown { ", …" } else { "" };
        let _ = writeln!(text, "  {what} : {} ({}{more})", ids.len(), names.join(", "));
    }
    text
}
