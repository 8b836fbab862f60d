//! `watch`: partners' pages in a real browser, and which rung each is on.

use crate::browser::Browser;
use crate::cli::partners::Watch;
use crate::clock;
use crate::failure::Failure;
use crate::files::{self, Written};
use crate::output::Outcome;
use crate::watch::page::{Seen, look};
use crate::watch::rung::{Rung, reason};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

/// What a run leaves for the next one.
#[derive(Debug, Serialize, Deserialize)]
struct Report {
    watched_on: String,
    pages: Vec<Line>,
}

/// A page, and how it was the last time.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    seen: Seen,
    /// Its rung in the report of `--since`, where it was there.
    #[serde(default)]
    before: Option<Rung>,
}

impl Line {
    fn is_worse(&self) -> bool {
        self.before.is_some_and(|before| self.seen.rung < before)
    }

    fn is_bad(&self) -> bool {
        self.is_worse() || self.seen.rung == Rung::None
    }
}

/// Looks at the pages, one after the other.
pub(crate) fn run(options: &Watch) -> Result<Outcome, Failure> {
    let addresses = addresses(&options.pages)?;
    let before = options.since.as_deref().map_or_else(|| Ok(BTreeMap::new()), rungs)?;
    let patience = Duration::from_secs(options.timeout.clamp(1, 600));
    let mut browser = Browser::start()?;
    let mut pages = Vec::new();
    for (rank, address) in addresses.iter().enumerate() {
        // Nobody is left to tell when standard error is closed.
        let _ = writeln!(std::io::stderr(), "Page {} sur {} : {address}", rank + 1, addresses.len());
        let seen = look(&mut browser, address, patience).map_err(|reason| {
            Failure::unreachable("browser-failed", format!("Le navigateur s’est arrêté ({reason})."))
                .advising(
                    "Relancez la même commande ; s’il s’arrête toujours à la même page, ôtez-la de la liste.",
                )
        })?;
        pages.push(Line { before: before.get(address).copied(), seen });
    }
    drop(browser);
    let refused = pages.iter().any(Line::is_bad);
    let mut text = told(&pages);
    let report = Report { watched_on: clock::today(), pages };
    let json = serde_json::to_value(&report).unwrap_or_default();
    if let Some(path) = &options.out {
        let report = format!("{json:#}\n");
        let said = match files::write(path, report, options.force)? {
            Written::Yes => "Écrit dans",
            Written::Unchanged => "Rien de nouveau pour",
        };
        let _ = writeln!(text, "\n{said} {}.", path.display());
    }
    Ok(Outcome { text, json, refused })
}

/// The pages of the arguments: addresses, and files with an address a line.
fn addresses(pages: &[String]) -> Result<Vec<String>, Failure> {
    let is_address = |text: &str| text.starts_with("https://") || text.starts_with("http://");
    let mut addresses = Vec::new();
    for page in pages {
        if is_address(page) {
            addresses.push(page.clone());
            continue;
        }
        let text = files::read(Path::new(page))?;
        for (rank, line) in String::from_utf8_lossy(&text).trim_start_matches('\u{feff}').lines().enumerate()
        {
            // Of a table, the first column; its first line is a title.
            let is_title = rank == 0 && line.contains([';', '\t']);
            let cell = line.trim().split([';', '\t', ' ']).next().unwrap_or_default().trim_matches('"');
            if is_address(cell) {
                addresses.push(cell.to_owned());
            } else if !cell.is_empty() && !cell.starts_with('#') && !is_title {
                let message =
                    format!("{page}, ligne {} : « {cell} » n’est pas l’adresse d’une page.", rank + 1);
                return Err(Failure::refused("not-an-address", message)
                    .advising("Une adresse par ligne, en entier : https://mairie.exemple.fr/orientation"));
            }
        }
    }
    let mut known = std::collections::BTreeSet::new();
    addresses.retain(|address| known.insert(address.clone()));
    if addresses.is_empty() {
        return Err(Failure::refused("no-page", "La liste n’a aucune adresse de page.")
            .advising("Une adresse par ligne, en entier : https://mairie.exemple.fr/orientation"));
    }
    Ok(addresses)
}

/// The rungs of an earlier report.
fn rungs(path: &Path) -> Result<BTreeMap<String, Rung>, Failure> {
    let report: Report = serde_json::from_slice(&files::read(path)?).map_err(|_| {
        Failure::refused(
            "not-a-report",
            format!("« {} » n’est pas le résultat d’une autre fois.", path.display()),
        )
        .advising("Donnez à --since le fichier que --out ou --json a écrit.")
    })?;
    Ok(report.pages.into_iter().map(|line| (line.seen.address, line.seen.rung)).collect())
}

/// The table, what has to be looked at first.
fn told(pages: &[Line]) -> String {
    let on = |rung: Rung| pages.iter().filter(|line| line.seen.rung == rung).count();
    let s = if pages.len() < 2 { "" } else { "s" };
    let mut text = format!("{} page{s} regardée{s} :", pages.len());
    for rung in [Rung::Element, Rung::Frame, Rung::Link, Rung::None] {
        let _ = write!(text, " {} {}{}", rung.french(), on(rung), if rung == Rung::None { "" } else { " ·" });
    }
    text.push_str("\n\n");
    let mut lines: Vec<&Line> = pages.iter().collect();
    lines.sort_by_key(|line| (!line.is_bad(), line.seen.rung));
    for line in lines {
        let Seen { address, rung, why, elements, status, .. } = &line.seen;
        let sign = if line.is_bad() { "!" } else { " " };
        let _ = writeln!(text, "{sign} {:<8} {address}", rung.french());
        for code in why {
            let status =
                status.filter(|_| code == "http-error").map_or(String::new(), |status| format!(" {status}"));
            let _ = writeln!(text, "             {}{status} ({code})", reason(code));
        }
        if *elements > 1 {
            let _ =
                writeln!(text, "             {elements} éléments dans la page : le moins bien placé compte");
        }
        if let Some(before) = line.before.filter(|before| before != rung) {
            let how = if line.is_worse() { "MOINS BIEN que" } else { "mieux que" };
            let _ = writeln!(text, "             {how} la dernière fois : {}", before.french());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_addresses_with_remarks_or_the_first_column_of_a_table() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("pages.csv");
        let text = "\u{feff}Adresse;Mairie\r\nhttps://a.fr/x#guide;Une mairie\r\n\"https://b.fr/\";B\r\n\r\n# Écoles\r\nhttps://a.fr/x#guide\r\n";
        std::fs::write(&list, text).unwrap();
        let list = list.to_string_lossy().into_owned();
        let found = addresses(&[list.clone(), "http://c.fr".to_owned()]).unwrap();
        assert_eq!(found, ["https://a.fr/x#guide", "https://b.fr/", "http://c.fr"]);
        std::fs::write(&list, "https://a.fr\nb.fr\n").unwrap();
        assert_eq!(addresses(std::slice::from_ref(&list)).unwrap_err().code, "not-an-address");
        std::fs::write(&list, "# rien\n").unwrap();
        assert_eq!(addresses(&[list]).unwrap_err().code, "no-page");
    }
}
