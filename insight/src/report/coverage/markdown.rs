//! The coverage as Markdown, for a file that is kept beside the directory: it says nothing that
//! changes from one day to the next.

use super::{Coverage, LIMITS, departures_told, in_short, reached};
use std::fmt::Write;

/// The tables, in French: by network, then by department.
pub fn table(coverage: &Coverage) -> String {
    let mut text = format!(
        "# Couverture : {}\n\nÉcrit par `cargo spro coverage --format markdown`.\n\n{}. {LIMITS}\n\n## Par réseau\n\n{}\n\n",
        cell(&coverage.title),
        in_short(coverage),
        reached(coverage)
    );
    text.push_str("| Réseau | Lieux | Habitants | Dates des fiches | Ce qui les confirme | Règles |\n| --- | --- | ---: | --- | --- | --- |\n");
    for network in &coverage.networks {
        let _ = writeln!(
            text,
            "| {} | {} | {}\u{a0}% | {} | {} | {} |",
            cell(&network.name),
            network.places_told(),
            coverage.percent(network),
            network.places.dates.french(),
            network.places.confirmed_told(),
            network.named.french()
        );
    }
    text.push_str("\n## Par source\n\n| Source | Lieux | Avec leur semaine | Dates des fiches | Licence |\n| --- | ---: | ---: | --- | --- |\n");
    for one in &coverage.sources {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            cell(one.name()),
            one.places.count,
            one.places.with_week,
            one.places.dates.french(),
            cell(&one.licences.join(", "))
        );
    }
    let _ = writeln!(text, "| Ensemble | {} | {} | | |", coverage.places.count, coverage.places.with_week);
    text.push_str("\n## Par département\n\n« 5 sur 23 » : l’annuaire a cinq lieux, et l’on sait qu’il y en a vingt-trois. Sans « sur », personne n’a dit combien il y en a.\n\n| Réseau |");
    for department in &coverage.departments {
        let _ = write!(text, " {} |", department.code);
    }
    text.push_str("\n| --- |");
    text.push_str(&" ---: |".repeat(coverage.departments.len()));
    text.push('\n');
    for network in &coverage.networks {
        let _ = write!(text, "| {} |", cell(&network.name));
        for department in &network.departments {
            let told = if department.is_known() { department.french() } else { String::new() };
            let _ = write!(text, " {told} |");
        }
        text.push('\n');
    }
    let names: Vec<String> =
        coverage.departments.iter().map(|one| format!("{} {}", one.code, one.name)).collect();
    let _ = writeln!(text, "\n{}.\n\n## Hors de son département\n", names.join(", "));
    for sentence in departures_told(coverage) {
        let _ = writeln!(text, "- {}", cell(&sentence));
    }
    text
}

/// A text in a cell: on one line, and no bar that would end it.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
