//! `coverage`: what a directory has, beside what there should be.

use crate::cli::{Coverage as Options, CoverageFormat};
use crate::commands::prove::shares;
use crate::commands::source::{Read, Source, delivered, read};
use crate::failure::Failure;
use crate::output::Outcome;
use crate::{clock, reference};
use insight::report::coverage::{
    Coverage, LIMITS, Named, concerns, coverage, departures_told, in_short, markdown, page,
};
use serde_json::json;
use shared::finding::Finding;
use std::fmt::Write;

/// Says what a directory has.
pub(crate) fn run(options: &Options, source: &Source, all: bool) -> Result<Outcome, Failure> {
    let geography = reference::geography()?;
    let verdict = "un annuaire avec des erreurs n’a pas de tableau de couverture";
    let (valid, subject) = match read(source, &geography, verdict, all)? {
        Read::Valid(valid, subject) => (valid, subject),
        Read::Refused(outcome) => return Ok(outcome),
    };
    let today = clock::today();
    let covered = coverage(&valid, &geography, &today);
    let concerns = concerns(valid.directory(), &today);
    let mut json = json!(covered);
    json["concerns"] = json!(concerns);
    let document = match options.format {
        CoverageFormat::Text => told(&covered, &concerns, &subject),
        CoverageFormat::Json => serde_json::to_string_pretty(&json).unwrap_or_default() + "\n",
        CoverageFormat::Csv => covered.csv(),
        CoverageFormat::Html => page::html(&covered, &concerns),
        CoverageFormat::Markdown => markdown::table(&covered),
    };
    let outcome = delivered(&document, options.out.as_ref(), options.force)?;
    // A script that asks for JSON gets the table, whatever is written beside it.
    Ok(Outcome { json, ..outcome })
}

fn told(covered: &Coverage, concerns: &[Finding], subject: &str) -> String {
    let mut text =
        format!("Couverture de {subject}, au {} : {}.\n{LIMITS}\n", covered.day, in_short(covered));
    text.push_str(&shares(covered));
    let _ = writeln!(text, "\nRÉSEAUX");
    for network in &covered.networks {
        let _ = writeln!(text, "  {} · {} · {}", network.name, network.places_told(), network.named.french());
        if network.places.count > 0 {
            let (dates, confirmed) = (network.places.dates.french(), network.places.confirmed_told());
            let _ = writeln!(text, "      fiches : {dates} ; {confirmed}");
        }
        let departments = network.departments.iter().filter(|department| department.is_known());
        let departments: Vec<String> =
            departments.map(|one| format!("{} : {}", one.department, one.french())).collect();
        if !departments.is_empty() && network.named != Named::NotInForce {
            let _ = writeln!(text, "      {}", departments.join(" · "));
        }
    }
    let _ = writeln!(text, "\nHORS DE SON DÉPARTEMENT");
    for sentence in departures_told(covered) {
        let _ = writeln!(text, "  {sentence}");
    }
    if !concerns.is_empty() {
        let _ = writeln!(text, "\nÀ REGARDER");
        for concern in concerns {
            let _ = writeln!(text, "  {} : il faudrait {}", concern.value, concern.expected);
        }
    }
    text
}
