//! The coverage as a page that needs nothing else, no script, no request, and prints.

use super::{Coverage, LIMITS, NetworkCoverage, departures_told, reached};
use crate::report::diagnosis::page::date;
use crate::report::markup::{Escaped, policy};
use shared::finding::Finding;
use shared::french::grouped;
use std::fmt::Write;

/// The style sheet of the diagnosis: both pages are read side by side.
const STYLE: &str = include_str!("../diagnosis/page.css");

/// The `Content-Security-Policy` under which the page does all it does.
pub fn content_security_policy() -> String {
    policy(STYLE)
}

/// The page, in French, with the concerns of the same directory.
pub fn html(coverage: &Coverage, concerns: &[Finding]) -> String {
    let title = "Couverture";
    let mut page = format!(
        "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n<meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        Escaped(&content_security_policy())
    );
    let count = |number: usize| grouped(u64::try_from(number).unwrap_or(u64::MAX));
    let _ = write!(
        page,
        "<header>\n<h1>{title}</h1>\n<p>{}, au {}. Les lieux que l’annuaire a, réseau par réseau, à côté de ceux qu’il devrait avoir ; leur âge, et ce qui les confirme. {LIMITS}</p>\n</header>\n<main>\n<h2>En bref</h2>\n<dl class=\"facts\">\n<div><dt>lieux</dt><dd>{}</dd></div>\n<div><dt>à confirmer par téléphone</dt><dd>{}</dd></div>\n<div><dt>habitants</dt><dd>{}</dd></div>\n</dl>\n",
        Escaped(&coverage.title),
        date(&coverage.day),
        count(coverage.places.count),
        count(coverage.places.to_confirm),
        grouped(coverage.inhabitants)
    );
    if !concerns.is_empty() {
        page.push_str("<h2>À regarder</h2>\n<ul>\n");
        for concern in concerns {
            let _ = writeln!(
                page,
                "<li><strong>{}</strong> : il faudrait {}.</li>",
                Escaped(&concern.value),
                Escaped(&concern.expected)
            );
        }
        page.push_str("</ul>\n");
    }
    networks(&mut page, coverage);
    sources(&mut page, coverage);
    departments(&mut page, coverage);
    page.push_str("<h2>Hors de son département</h2>\n<ul>\n");
    for sentence in departures_told(coverage) {
        let _ = writeln!(page, "<li>{}</li>", Escaped(&sentence));
    }
    page.push_str("</ul>\n");
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn begin(page: &mut String, caption: &str, columns: &[&str]) {
    let _ = write!(
        page,
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\">\n<table>\n<caption>{0}</caption>\n<thead><tr>",
        Escaped(caption)
    );
    for column in columns {
        let _ = write!(page, "<th scope=\"col\">{}</th>", Escaped(column));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
}

fn end(page: &mut String) {
    page.push_str("</tbody>\n</table>\n</div>\n");
}

fn networks(page: &mut String, coverage: &Coverage) {
    let _ = writeln!(page, "<h2>Par réseau</h2>\n<p>{}</p>", Escaped(&reached(coverage)));
    begin(
        page,
        "Les lieux de chaque réseau",
        &["Réseau", "Lieux", "Habitants qui en ont un", "Dates des fiches", "Ce qui les confirme", "Règles"],
    );
    for network in &coverage.networks {
        let NetworkCoverage { name, places, named, .. } = network;
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"number\">{}\u{a0}%</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            Escaped(name),
            network.places_told(),
            coverage.percent(network),
            places.dates.french(),
            places.confirmed_told(),
            named.french()
        );
    }
    end(page);
}

fn sources(page: &mut String, coverage: &Coverage) {
    page.push_str("<h2>Par source</h2>\n");
    begin(
        page,
        "D’où viennent les lieux",
        &["Source", "Lieux", "Avec leur semaine", "Dates des fiches", "Licence"],
    );
    for one in &coverage.sources {
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td><td>{}</td></tr>",
            Escaped(one.name()),
            one.places.count,
            one.places.with_week,
            one.places.dates.french(),
            Escaped(&one.licences.join(", "))
        );
    }
    end(page);
}

fn departments(page: &mut String, coverage: &Coverage) {
    page.push_str("<h2>Par département</h2>\n<p>« 5 sur 23 » : l’annuaire a cinq lieux, et l’on sait qu’il y en a vingt-trois. Sans « sur », personne n’a dit combien il y en a.</p>\n");
    let names = coverage.departments.iter().map(|one| one.name.as_str());
    let is_outside = coverage.networks.iter().any(|network| network.outside > 0);
    let columns: Vec<&str> =
        ["Réseau"].into_iter().chain(names).chain(is_outside.then_some("Hors de la région")).collect();
    begin(page, "Les lieux de chaque réseau par département", &columns);
    for network in &coverage.networks {
        let _ = write!(page, "<tr><th scope=\"row\">{}</th>", Escaped(&network.name));
        for department in &network.departments {
            let told = if department.is_known() { department.french() } else { "0".to_owned() };
            let _ = write!(page, "<td>{told}</td>");
        }
        if is_outside {
            let _ = write!(page, "<td>{}</td>", network.outside);
        }
        page.push_str("</tr>\n");
    }
    end(page);
}
