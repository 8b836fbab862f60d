//! The tables of what the records lack: territories and places.

use super::page::date;
use super::records::{Lack, TerritoryState};
use super::tables::{close, open};
use super::{Diagnosis, Survey};
use crate::report::markup::Escaped;
use shared::french::capitalised;
use std::fmt::Write;

/// What the territories announce, their labels, their papers.
pub(super) fn territories(page: &mut String, survey: &Survey, diagnosis: &Diagnosis) {
    if diagnosis.territory_states.is_empty() {
        return;
    }
    page.push_str("<h2 id=\"labels\">Ce que les territoires annoncent</h2>\n");
    let columns = [
        ("", "Territoire"),
        ("", "Label « Orientation pour tous »"),
        ("", "Réseaux annoncés au niveau 1, sans aucun lieu"),
        ("", "Réseaux annoncés au niveau 2, sans aucun lieu"),
        ("", "Documents expirés"),
    ];
    open(page, "labels-table", "Labels, réseaux annoncés et documents", &columns);
    let networks = |ids: &[String]| -> String {
        let names: Vec<String> = ids.iter().map(|id| Escaped(&survey.network(id)).to_string()).collect();
        if names.is_empty() { "aucun".to_owned() } else { names.join(", ") }
    };
    for state in &diagnosis.territory_states {
        let papers: Vec<String> =
            state.expired_papers.iter().map(|title| Escaped(title).to_string()).collect();
        let papers = if papers.is_empty() { "aucun".to_owned() } else { papers.join(", ") };
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{papers}</td></tr>",
            Escaped(&state.name),
            label(state),
            networks(&state.level_one_without_place),
            networks(&state.level_two_without_place)
        );
    }
    close(page);
}

fn label(state: &TerritoryState) -> String {
    match &state.label {
        None => "pas de label".to_owned(),
        Some(label) => {
            let at_latest = if label.may_expire_on == label.expires_on { "" } else { "au plus tard " };
            let (now, expiry) = if label.counts {
                ("valable au moins jusqu’à la veille du", &label.may_expire_on)
            } else if label.has_expired {
                ("expiré, ne compte plus, depuis le", &label.expires_on)
            } else {
                ("en doute, ne compte pas, fini au plus tard le", &label.expires_on)
            };
            let expiry = expiry.as_deref().unwrap_or_default();
            format!("accordé {at_latest}le {} ; {now} {}", date(&label.granted_on), date(expiry))
        }
    }
}

/// The places whose record lacks something.
pub(super) fn records(page: &mut String, survey: &Survey, diagnosis: &Diagnosis) {
    page.push_str("<h2 id=\"records\">Fiches à compléter ou à vérifier</h2>\n");
    if !diagnosis.networks_without_place.is_empty() {
        let names: Vec<String> = diagnosis
            .networks_without_place
            .iter()
            .map(|id| Escaped(&survey.network(id)).to_string())
            .collect();
        let _ = writeln!(
            page,
            "<p>Réseaux qu’une règle désigne et qui n’ont aucun lieu dans tout l’annuaire : {}.</p>",
            names.join(", ")
        );
    }
    if diagnosis.incomplete.is_empty() {
        page.push_str(
            "<p>Aucune : toutes les fiches sont complètes et vérifiées depuis moins d’un an.</p>\n",
        );
        return;
    }
    let used: Vec<Lack> =
        Lack::ALL.into_iter().filter(|lack| diagnosis.incomplete_by.contains_key(lack.as_str())).collect();
    let heads: Vec<String> = used
        .iter()
        .map(|lack| format!("{} ({})", capitalised(lack.french()), diagnosis.incomplete_by[lack.as_str()]))
        .collect();
    let mut columns = vec![("", "Lieu"), ("", "Dernière vérification")];
    columns.extend(heads.iter().map(|head| ("tick", head.as_str())));
    open(page, "records-table", "Ce qui manque à chaque fiche", &columns);
    for place in &diagnosis.incomplete {
        let checked = place.checked_on.as_deref().map_or_else(|| "jamais".to_owned(), date);
        let _ = write!(
            page,
            "<tr><th scope=\"row\">{}<br><span class=\"soft\">{}, {}</span></th><td>{checked}</td>",
            Escaped(&place.name),
            Escaped(&survey.network(&place.network)),
            Escaped(&place.commune)
        );
        for lack in &used {
            page.push_str(if place.lacks.contains(lack) {
                "<td class=\"tick\">✕ oui</td>"
            } else {
                "<td class=\"tick\">—</td>"
            });
        }
        page.push_str("</tr>\n");
    }
    close(page);
}
