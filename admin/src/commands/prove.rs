//! `prove`: every reachable set of answers in every commune, and the first case that must
//! not be.

use crate::commands::validate::{load, refused};
use crate::failure::Failure;
use crate::output::Outcome;
use crate::{clock, reference};
use insight::report::coverage::{Coverage, coverage, reached};
use insight::verify::proof::{Proof, prove};
use serde_json::{Value, json};
use shared::validate::{Valid, validate};
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

/// Proves a file, or an edition that ships with the program.
pub(crate) fn run(
    file: Option<&Path>,
    edition: &str,
    day: Option<&str>,
    all: bool,
) -> Result<Outcome, Failure> {
    let today = clock::today();
    if let Some(day) = day
        && !shared::directory::is_date(day)
    {
        return Err(Failure::usage("date", format!("« {day} » n’est pas une date, écrite 2026-11-24.")));
    }
    let day = day.unwrap_or(&today);
    let geography = reference::geography()?;
    let valid = match file {
        Some(file) => {
            let checked = load(file, &geography)?;
            match checked.result {
                Ok(valid) => valid,
                Err(findings) => {
                    let verdict = "un annuaire avec des erreurs n’a pas de preuve";
                    let json = json!({ "proved": false, "findings": findings });
                    return Ok(refused(file, verdict, &findings, &checked.whereabouts, json, all));
                }
            }
        }
        None => shipped(edition, &geography, &today)?,
    };
    let (proof, time) = clock::timed(|| prove(&valid, &geography, day));
    let covered = coverage(&valid, &geography, day);
    let mut json = as_json(&valid, &proof, time);
    json["reached"] = json!(
        covered
            .picked()
            .iter()
            .map(|network| json!({
                "network": network.id,
                "places": network.places.count,
                "near_km": covered.near_km,
                "inhabitants": network.reached,
                "percent": covered.percent(network),
            }))
            .collect::<Vec<_>>()
    );
    let shares = if proof.counter_example.is_none() { shares(&covered) } else { String::new() };
    Ok(Outcome { text: told(&valid, &proof, time) + &shares, json, refused: proof.counter_example.is_some() })
}

fn shipped(edition: &str, geography: &shared::geography::Geography, today: &str) -> Result<Valid, Failure> {
    validate(reference::edition(edition)?, geography, today).map_err(|_| {
        Failure::refused(
            "broken-reference",
            format!("L’édition {edition} livrée avec le programme est abîmée."),
        )
    })
}

fn told(valid: &Valid, proof: &Proof, time: Duration) -> String {
    let directory = valid.directory();
    let mut text = format!("Preuve de « {} », au {}\n", directory.title, proof.day);
    let _ = write!(text, "{proof}");
    let _ = writeln!(text, "Temps : {} ms", time.as_millis());
    text
}

/// How many people have a place of each network that a rule leads to, the fewest first: what the
/// proof does not look at.
pub(super) fn shares(covered: &Coverage) -> String {
    let mut text = format!("\n{}\n", reached(covered));
    for network in covered.picked() {
        let _ = writeln!(
            text,
            "  {:>3}\u{a0}%  {} · {}",
            covered.percent(network),
            network.name,
            network.places_told()
        );
    }
    text
}

fn as_json(valid: &Valid, proof: &Proof, time: Duration) -> Value {
    let mut json = json!(proof);
    json["proved"] = json!(proof.counter_example.is_none());
    json["edition"] = json!(valid.directory().edition.id);
    json["title"] = json!(valid.directory().title);
    json["milliseconds"] = json!(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
    json
}
