//! `links`: which web addresses of a directory no longer lead anywhere.

use crate::cli::Links;
use crate::commands::source::{Read, Source, read};
use crate::failure::Failure;
use crate::files::{self, Written};
use crate::links::check::{Found, check};
use crate::links::collect::{Named, links};
use crate::output::{EXAMPLES, Outcome};
use crate::reference;
use serde_json::json;
use shared::spreadsheet::guarded;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// Checks the addresses of a directory.
pub(crate) fn run(options: &Links, source: &Source, all: bool) -> Result<Outcome, Failure> {
    let geography = reference::geography()?;
    let verdict = "les liens d’un annuaire avec des erreurs ne sont pas vérifiés";
    let (valid, subject) = match read(source, &geography, verdict, all)? {
        Read::Valid(valid, subject) => (valid, subject),
        Read::Refused(outcome) => return Ok(outcome),
    };
    let named = links(valid.directory());
    let addresses: Vec<String> = named.keys().cloned().collect();
    let found = check(&addresses, Duration::from_secs(options.timeout));
    let dead = found.values().filter(|found| found.is_dead()).count();
    let mut text = format!(
        "Liens de {subject} : {} adresses vérifiées, {dead} {}.\n",
        found.len(),
        if dead < 2 { "morte" } else { "mortes" }
    );
    text.push_str(&told(&named, &found, all));
    if let Some(path) = &options.out {
        let written = files::write(path, table(&named, &found), options.force)?;
        let said = if written == Written::Yes { "Écrit dans" } else { "Rien de nouveau pour" };
        let _ = writeln!(text, "\n{said} {}.", path.display());
    }
    let links: Vec<_> = found
        .iter()
        .map(|(address, found)| {
            json!({ "address": address, "found": found, "dead": found.is_dead(), "named": named[address] })
        })
        .collect();
    let json = json!({ "checked": found.len(), "dead": dead, "links": links });
    Ok(Outcome { text, json, refused: dead > 0 })
}

/// The causes, the worst first, with the addresses and what names them.
fn told(named: &BTreeMap<String, Vec<Named>>, found: &BTreeMap<String, Found>, all: bool) -> String {
    let mut groups: BTreeMap<(u8, &str), Vec<(&String, &Found)>> = BTreeMap::new();
    for (address, found) in found.iter().filter(|(_, found)| **found != Found::Fine) {
        groups.entry(found.french()).or_default().push((address, found));
    }
    let mut text = String::new();
    for ((_, title), list) in groups {
        let kind = if list[0].1.is_dead() { "MORT" } else { "attention" };
        let _ = writeln!(text, "\n  {kind} · {title} : {}", list.len());
        let shown = if all { list.len() } else { EXAMPLES };
        for (address, found) in list.iter().take(shown) {
            let arrow = if matches!(found, Found::Moved { .. }) { " → " } else { " · " };
            let detail = Some(found.detail()).filter(|detail| !detail.is_empty());
            let _ = writeln!(
                text,
                "    {address}{}",
                detail.map_or(String::new(), |said| arrow.to_owned() + &said)
            );
            let places = &named[*address];
            for place in places.iter().take(if all { places.len() } else { 2 }) {
                let field = place.path.rsplit('.').next().unwrap_or_default();
                let field = field.split('[').next().unwrap_or_default();
                let _ = writeln!(text, "      {} ({})", place.name, shared::fields::french(field));
            }
            if !all && places.len() > 2 {
                let _ = writeln!(text, "      … et {} de plus", places.len() - 2);
            }
        }
        if list.len() > shown {
            let _ = writeln!(text, "    … et {} de plus (--all pour tout voir)", list.len() - shown);
        }
    }
    text
}

/// One line for each address and what names it, for a spreadsheet.
fn table(named: &BTreeMap<String, Vec<Named>>, found: &BTreeMap<String, Found>) -> String {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    // Writing to memory cannot fail.
    let _ = writer.write_record(["Adresse", "État", "Détail", "Mort", "Nom", "Place dans l’annuaire"]);
    for (address, found) in found {
        for place in &named[address] {
            let _ = writer.write_record([
                address.as_str(),
                found.french().1,
                &found.detail(),
                if found.is_dead() { "oui" } else { "non" },
                &guarded(place.name.clone()),
                &place.path,
            ]);
        }
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}
