//! `freshness` and `remind`: the records to check again, as a list and as messages.

use crate::cli::{Freshness as Options, FreshnessFormat, Remind};
use crate::commands::place_links::ToPlaces;
use crate::commands::source::{Read, Source, delivered, read};
use crate::failure::Failure;
use crate::files::{self, Written};
use crate::output::{EXAMPLES, Outcome};
use crate::{clock, reference};
use insight::report::freshness::{Asked, Freshness, freshness, page, remind};
use insight::report::quality;
use serde_json::json;
use std::fmt::Write;
use std::path::Path;

const VERDICT: &str = "un annuaire avec des erreurs n’a pas de liste à revérifier";

/// Lists the records to check again.
pub(crate) fn list(options: &Options, source: &Source, all: bool) -> Result<Outcome, Failure> {
    let geography = reference::geography()?;
    let (valid, subject) = match read(source, &geography, VERDICT, all)? {
        Read::Valid(valid, subject) => (valid, subject),
        Read::Refused(outcome) => return Ok(outcome),
    };
    let today = clock::today();
    let asked = Asked {
        months: i32::from(options.months),
        months_if_closing: i32::from(options.months).min(Asked::default().months_if_closing),
        territory: options.territory.clone(),
        network: options.network.clone(),
        department: options.department.clone(),
    };
    let edition = &valid.directory().edition;
    let unknown = |what: &str, id: &str| {
        Failure::refused("unknown-scope", format!("{what} « {id} » n’est pas dans cet annuaire."))
    };
    if let Some(id) =
        asked.territory.as_ref().filter(|id| !valid.directory().territories.iter().any(|one| one.id == **id))
    {
        return Err(unknown("Le territoire", id));
    }
    if let Some(id) = asked.network.as_ref().filter(|id| !edition.networks.iter().any(|one| one.id == **id)) {
        return Err(unknown("Le réseau", id));
    }
    if let Some(code) = asked
        .department
        .as_ref()
        .filter(|code| !edition.region.departments.iter().any(|one| one.code == **code))
    {
        return Err(unknown("Le département", code));
    }
    let found = freshness(&valid, None, &geography, &asked, &today);
    let quality = quality::summary(valid.directory(), &geography, &today);
    let document = match options.format {
        FreshnessFormat::Text => told(&found, &quality, &subject, all),
        FreshnessFormat::Csv => found.csv(),
        FreshnessFormat::Html => page::html(&found),
    };
    let outcome = delivered(&document, options.out.as_ref(), options.force)?;
    // A script that asks for JSON gets the list, whatever is written beside it.
    let mut json = json!(found);
    json["quality"] = json!(quality);
    Ok(Outcome { json, ..outcome })
}

fn told(found: &Freshness, quality: &quality::QualitySummary, subject: &str, all: bool) -> String {
    let count = found.stale().count();
    let mut text = format!(
        "{subject} : {count} fiches à revérifier sur {}, pas vérifiées depuis le {}.\nQualité moyenne des fiches : {} sur 100.\n",
        found.records,
        found.since,
        quality.whole.score.to_string().replace('.', ",")
    );
    for group in &found.groups {
        let place = if group.territory.is_some() { "" } else { ", hors des territoires" };
        let responsible = group.contact.as_ref().and_then(|contact| {
            let parts = [&contact.email, &contact.phone, &contact.name, &contact.website];
            parts.into_iter().flatten().next()
        });
        let _ = writeln!(
            text,
            "\n{}{place} : {} sur {} · responsable : {}",
            group.name,
            group.stale.len(),
            group.records,
            responsible.map_or("personne n’est indiqué", String::as_str)
        );
        let shown = if all { group.stale.len() } else { EXAMPLES };
        for one in group.stale.iter().take(shown) {
            let record = &one.record;
            let contact = record.phones.first().or(record.emails.first()).or(record.website.as_ref());
            let _ = writeln!(
                text,
                "  {} ({}, {}) · {} · premier lieu dans {} communes · {} · qualité {}",
                record.name,
                record.network,
                one.commune_name,
                one.checked_on
                    .as_ref()
                    .map_or("jamais vérifiée".to_owned(), |date| format!("vérifiée le {date}")),
                one.main_for.communes,
                contact.map_or("sans contact", String::as_str),
                one.quality
            );
        }
        if group.stale.len() > shown {
            let _ = writeln!(text, "  … et {} de plus (--all pour tout voir)", group.stale.len() - shown);
        }
    }
    text
}

/// Writes the messages and their tables into a folder.
pub(crate) fn remind(options: &Remind, source: &Source, all: bool) -> Result<Outcome, Failure> {
    let geography = reference::geography()?;
    let (valid, subject) = match read(source, &geography, VERDICT, all)? {
        Read::Valid(valid, subject) => (valid, subject),
        Read::Refused(outcome) => return Ok(outcome),
    };
    let asked = Asked { months: i32::from(options.months), ..Asked::default() };
    let found = freshness(&valid, None, &geography, &asked, &clock::today());
    let messages = remind::messages(&found);
    std::fs::create_dir_all(&options.out).map_err(|error| {
        let folder = options.out.display();
        Failure::refused("cannot-write", format!("Le dossier « {folder} » ne peut pas être créé ({error})."))
    })?;
    let mut documents: Vec<(String, String)> = messages
        .iter()
        .flat_map(|message| {
            let letter = Path::new(&message.file).with_extension("txt").display().to_string();
            [(letter, message.document()), (message.file.clone(), message.csv.clone())]
        })
        .collect();
    // Refused before the first is written: never half of the messages.
    for (name, document) in &documents {
        files::check_target(&options.out.join(name), document, options.force)?;
    }
    let territories = documents.len();
    if let Source::Live(server) = source
        && options.places
    {
        let to_places =
            ToPlaces { server, directory: valid.directory(), geography: &geography, found: &found };
        // A link that is made and not written down opens for nobody.
        for name in to_places.names() {
            files::check_target(&options.out.join(name), "", options.force)?;
        }
        documents.extend(to_places.documents()?);
    }
    let mut text = format!("{subject} : {} messages dans {}.\n", messages.len(), options.out.display());
    for (name, document) in &documents {
        let is_new = files::write(&options.out.join(name), document, options.force)? == Written::Yes;
        let _ = writeln!(text, "  {name}{}", if is_new { "" } else { " (inchangé)" });
    }
    let json = json!({
        "records": found.records,
        "stale": found.stale().count(),
        "messages": messages.iter().map(|message| json!({
            "territory": message.territory,
            "to": message.to,
            "subject": message.subject,
            "text": Path::new(&message.file).with_extension("txt").display().to_string(),
            "table": message.file,
        })).collect::<Vec<_>>(),
        "places": documents[territories..].iter().map(|(name, _)| name).collect::<Vec<_>>(),
    });
    Ok(Outcome { text, json, refused: false })
}
