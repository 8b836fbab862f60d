//! `diagnose`: what a directory lacks, where and for whom.

use crate::cli::{Diagnose, DiagnosisFormat};
use crate::commands::source::{Read, Source, delivered, read, some_of};
use crate::failure::Failure;
use crate::output::Outcome;
use crate::{clock, reference};
use insight::report::diagnosis::{
    Area, AreaKind, Diagnosis, Lack, Met, Need, Scope, Survey, Thresholds, page,
};
use serde_json::json;
use std::fmt::Write;

/// Diagnoses a part of a directory.
pub(crate) fn run(options: &Diagnose, source: &Source, all: bool) -> Result<Outcome, Failure> {
    let geography = reference::geography()?;
    let verdict = "un annuaire avec des erreurs n’a pas de diagnostic";
    let (valid, subject) = match read(source, &geography, verdict, all)? {
        Read::Valid(valid, subject) => (valid, subject),
        Read::Refused(outcome) => return Ok(outcome),
    };
    let today = clock::today();
    let thresholds = Thresholds::usual(valid.directory().edition.reach_km, &today);
    let survey = Survey::new(&valid, &geography, &scope(options), thresholds, &today).map_err(|unknown| {
        Failure::refused("unknown-scope", unknown.to_string())
            .advising("Sans --department, --territory ni --commune, le diagnostic porte sur toute la région.")
    })?;
    let diagnosis = survey.diagnosis();
    let document = match options.format {
        DiagnosisFormat::Text => told(&diagnosis, &subject, all),
        DiagnosisFormat::Json => serde_json::to_string_pretty(&diagnosis).unwrap_or_default() + "\n",
        DiagnosisFormat::Csv => survey.csv(),
        DiagnosisFormat::Html => page::html(&survey, &diagnosis),
    };
    let outcome = delivered(&document, options.out.as_ref(), options.force)?;
    // A script that asks for JSON gets the diagnosis, whatever is written beside it.
    Ok(Outcome { json: json!(diagnosis), ..outcome })
}

fn scope(options: &Diagnose) -> Scope {
    if let Some(code) = &options.department {
        Scope::Department(code.clone())
    } else if let Some(id) = &options.territory {
        Scope::Territory(id.clone())
    } else if let Some(code) = &options.commune {
        Scope::Commune(code.clone())
    } else {
        Scope::Region
    }
}

fn told(diagnosis: &Diagnosis, subject: &str, all: bool) -> String {
    let whole = &diagnosis.whole;
    let mut text = format!("Diagnostic de {subject} : {}\n", whole.name);
    let middle = diagnosis.thresholds.near_km.get(diagnosis.thresholds.near_km.len() / 2).copied();
    let km = middle.unwrap_or(diagnosis.thresholds.reach_km);
    let _ = writeln!(
        text,
        "\nPUBLICS (part des habitants qui ont à {km} km ou moins un lieu qui reçoit ce public à coup sûr)"
    );
    let _ = writeln!(text, "  {:<18} accueil  conseil  accomp.  lieu prévu", "");
    for public in &diagnosis.publics {
        let share = |need| whole.met(&public.id, need).map_or("—".to_owned(), |met| share(whole, met, km));
        let _ = writeln!(
            text,
            "  {:<18} {:>6} % {:>6} % {:>6} % {:>9} %  {}{}",
            public.id,
            share(Need::Reception),
            share(Need::Advice),
            share(Need::Support),
            share(Need::Named),
            if public.adds { "(en plus) " } else { "" },
            public.who
        );
    }
    for (title, areas) in [("DÉPARTEMENTS", &diagnosis.departments), ("TERRITOIRES", &diagnosis.territories)]
    {
        if areas.is_empty() || whole.kind == AreaKind::Commune {
            continue;
        }
        let _ = writeln!(
            text,
            "\n{title} (part des habitants qui ont un lieu à {km} km ou moins, quel que soit leur cas : accueil / conseil ou accompagnement)"
        );
        for area in areas {
            text.push_str(&told_area(area, km));
        }
    }
    told_territories(diagnosis, &mut text);
    if !diagnosis.networks_without_place.is_empty() {
        let _ = writeln!(text, "\nRÉSEAUX SANS AUCUN LIEU : {}", diagnosis.networks_without_place.join(", "));
    }
    if !diagnosis.incomplete.is_empty() {
        let _ =
            writeln!(text, "\nFICHES INCOMPLÈTES : {} sur {}", diagnosis.incomplete.len(), diagnosis.places);
    }
    for lack in Lack::ALL {
        let ids: Vec<&str> = diagnosis
            .incomplete
            .iter()
            .filter(|place| place.lacks.contains(&lack))
            .map(|place| place.id.as_str())
            .collect();
        if !ids.is_empty() {
            let (shown, more) = some_of(&ids, all);
            let _ = writeln!(text, "  {} : {} ({}{more})", lack.french(), ids.len(), shown.join(", "));
        }
    }
    text
}

/// One line for an area.
fn told_area(area: &Area, km: u16) -> String {
    let code = if area.kind == AreaKind::Department { format!("{} ", area.code) } else { String::new() };
    let places: usize = area.places.values().sum();
    let share_of = |need| area.met_for_all(need).map_or("—".to_owned(), |met| share(area, met, km));
    let farthest = area.met_for_all(Need::Reception).and_then(|met| met.farthest.as_ref());
    let farthest = farthest.map_or(String::new(), |farthest| {
        format!(" ; la plus loin : {}, {} km", farthest.commune, (farthest.distance.0 + 500) / 1000)
    });
    format!(
        "  {code}{} : {places} lieux, {} communes, {} % / {} %{farthest}\n",
        area.name,
        area.communes,
        share_of(Need::Reception),
        share_of(Need::LevelTwo)
    )
}

/// The share of the people of an area that have a place within a distance, in whole per
/// cent, never rounded to all or nothing.
fn share(area: &Area, met: &Met, km: u16) -> String {
    let people = met.within.iter().find(|within| within.km == km).map_or(0, |within| within.inhabitants);
    insight::report::diagnosis::percent(people, area.inhabitants).to_string()
}

/// Labels that no longer count, and networks that are announced without a place.
fn told_territories(diagnosis: &Diagnosis, text: &mut String) {
    for state in &diagnosis.territory_states {
        let mut lacks = Vec::new();
        if let Some(label) = state.label.as_ref().filter(|label| !label.counts) {
            let date = label.expires_on.as_deref().unwrap_or("une date inconnue");
            lacks.push(if label.has_expired {
                format!("label expiré depuis le {date}")
            } else {
                format!("label en doute, fini au plus tard le {date}")
            });
        }
        for (level, networks) in [(1, &state.level_one_without_place), (2, &state.level_two_without_place)] {
            if !networks.is_empty() {
                lacks.push(format!("annoncés au niveau {level} sans aucun lieu : {}", networks.join(", ")));
            }
        }
        if !state.expired_papers.is_empty() {
            lacks.push(format!("documents expirés : {}", state.expired_papers.join(", ")));
        }
        if !lacks.is_empty() {
            let _ = writeln!(text, "\n{} : {}", state.name, lacks.join(" ; "));
        }
    }
}
