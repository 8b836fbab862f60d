//! The list as a page that needs nothing else, no script, no request, and prints.

use super::{Freshness, Group};
use crate::report::diagnosis::page::date;
use crate::report::markup::{Escaped, policy};
use shared::french::grouped;
use std::fmt::Write;

/// The style sheet of the diagnosis: both pages are read side by side.
const STYLE: &str = include_str!("../diagnosis/page.css");

/// The `Content-Security-Policy` under which the page does all it does.
pub fn content_security_policy() -> String {
    policy(STYLE)
}

/// The page, in French.
pub fn html(freshness: &Freshness) -> String {
    let title = "Fiches à revérifier";
    let count = |number: usize| grouped(u64::try_from(number).unwrap_or(u64::MAX));
    let stale = freshness.stale().count();
    let never = freshness.stale().filter(|one| one.checked_on.is_none()).count();
    let mut page = format!(
        "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n<meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        Escaped(&content_security_policy())
    );
    let _ = write!(
        page,
        "<header>\n<h1>{title}</h1>\n<p>{}, au {}. Les fiches que personne n’a vérifiées depuis le {} ; celles qui orientent le plus de monde d’abord.</p>\n</header>\n<main>\n<h2>En bref</h2>\n<dl class=\"facts\">\n<div><dt>fiches à revérifier</dt><dd>{}</dd></div>\n<div><dt>jamais vérifiées</dt><dd>{}</dd></div>\n<div><dt>fiches en tout</dt><dd>{}</dd></div>\n</dl>\n",
        Escaped(&freshness.title),
        date(&freshness.today),
        date(&freshness.since),
        count(stale),
        count(never),
        count(freshness.records)
    );
    if stale == 0 {
        page.push_str("<p>Rien à revérifier.</p>\n");
    }
    for group in &freshness.groups {
        table(&mut page, group);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn table(page: &mut String, group: &Group) {
    let name = match group.territory {
        Some(_) => group.name.clone(),
        None => format!("{}, hors des territoires", group.name),
    };
    let _ = writeln!(page, "<h2>{}</h2>", Escaped(&name));
    let responsible = group.contact.as_ref().map_or_else(
        || "personne n’est indiqué dans l’annuaire".to_owned(),
        |contact| {
            let parts = [&contact.name, &contact.email, &contact.phone, &contact.website];
            parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")
        },
    );
    let _ = writeln!(
        page,
        "<p>{} à revérifier sur {}. Responsable : {}.</p>",
        group.stale.len(),
        group.records,
        Escaped(&responsible)
    );
    let _ = write!(
        page,
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\">\n<table>\n<caption>{0}</caption>\n<thead><tr><th scope=\"col\">Lieu</th><th scope=\"col\">Réseau</th><th scope=\"col\">Commune</th><th scope=\"col\">Vérifiée le</th><th scope=\"col\">Contact</th><th scope=\"col\">Source</th><th scope=\"col\">Premier lieu dans</th><th scope=\"col\">Qualité</th></tr></thead>\n<tbody>\n",
        Escaped(&name)
    );
    for one in &group.stale {
        let record = &one.record;
        let contact: Vec<&str> = record.phones.iter().chain(&record.emails).map(String::as_str).collect();
        let mut checked = one.checked_on.as_deref().map_or("jamais".to_owned(), date);
        if one.is_closing {
            checked.push_str(" (fermeture proche)");
        }
        let communes = if one.main_for.communes < 2 { "commune" } else { "communes" };
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{checked}</td><td>{}</td><td>{}</td><td>{} {communes}</td><td>{}</td></tr>",
            Escaped(&record.name),
            Escaped(&one.network_name),
            Escaped(&one.commune_name),
            Escaped(&contact.join(", ")),
            Escaped(record.source.as_deref().unwrap_or("inconnue")),
            grouped(u64::try_from(one.main_for.communes).unwrap_or(u64::MAX)),
            one.quality
        );
    }
    page.push_str("</tbody>\n</table>\n</div>\n");
}
