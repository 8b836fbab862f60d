//! What the live directory has, beside what there should be.

use super::Asked;
use super::frame::{Page, send};
use super::parts::table;
use insight::report::coverage::{
    Coverage, LIMITS, NetworkCoverage, SourceCoverage, concerns, coverage, departures_told, reached,
};
use maud::{Markup, html};
use serving::problem::Failure;
use serving::{clock, shipped};
use shared::finding::Finding;
use web_sys::Response;

impl Asked<'_> {
    /// `/admin/coverage`.
    pub(super) async fn coverage(&self) -> Result<Response, Failure> {
        let live = self.desk.valid().await?;
        let today = clock::today();
        let covered = coverage(&live, &shipped::geography()?, &today);
        let concerns = concerns(live.directory(), &today);
        let rows: Vec<Vec<Markup>> = covered.networks.iter().map(|network| row(&covered, network)).collect();
        let body = html! {
            p { "Les lieux que l’annuaire a, réseau par réseau, à côté de ceux qu’il devrait avoir ; leur âge, et ce qui les confirme. " (LIMITS) }
            dl class="facts" {
                div { dt { "lieux" } dd { (covered.places.count) } }
                div { dt { "à confirmer par téléphone" } dd { (covered.places.to_confirm) } }
            }
            p { a href="/admin/v1/coverage?format=csv" { "Télécharger le tableau (CSV, pour un tableur)" } }
            p { a href="/admin/v1/coverage?format=json" { "Les mêmes nombres pour un programme (JSON)" } }
            p { a href="/admin/v1/coverage?format=html" { "La page à imprimer" } }
            @if !concerns.is_empty() {
                h2 { "À regarder" }
                ul { @for (expected, networks) in by_wish(&concerns) { li { strong { (networks.join(", ")) } " : il faudrait " (expected) "." } } }
            }
            h2 { "Par réseau" }
            p { (reached(&covered)) }
            (table(&html! { "Les lieux de chaque réseau" }, &["Réseau", "Lieux", "Habitants qui en ont un", "Dates des fiches", "Ce qui les confirme", "Règles"], &rows))
            h2 { "Par source" }
            (table(&html! { "D’où viennent les lieux" }, &["Source", "Lieux", "Avec leur semaine", "Dates des fiches", "Licence"], &covered.sources.iter().map(source_row).collect::<Vec<_>>()))
            h2 { "Par département" }
            p { "« 5 sur 23 » : l’annuaire a cinq lieux, et l’on sait qu’il y en a vingt-trois. Sans « sur », personne n’a dit combien il y en a." }
            @for network in &covered.networks { (departments(&covered, network)) }
            h2 { "Hors de son département" }
            ul { @for sentence in departures_told(&covered) { li { (sentence) } } }
        };
        let page = Page { title: "Couverture", part: "/admin/coverage", ..self.page_of() };
        send(200, &page.html(&body))
    }
}

/// The networks of which the same is wanted, together: in the order in which they come.
fn by_wish(concerns: &[Finding]) -> Vec<(&str, Vec<&str>)> {
    let mut wishes: Vec<(&str, Vec<&str>)> = Vec::new();
    for concern in concerns {
        match wishes.iter_mut().find(|(expected, _)| *expected == concern.expected) {
            Some((_, networks)) => networks.push(&concern.value),
            None => wishes.push((&concern.expected, vec![&concern.value])),
        }
    }
    wishes
}

fn row(covered: &Coverage, network: &NetworkCoverage) -> Vec<Markup> {
    let places = &network.places;
    let told = |text: String| html! { @if text.is_empty() { "—" } @else { (text) } };
    vec![
        html! { (network.name) },
        html! { (network.places_told()) },
        html! { (covered.percent(network)) "\u{a0}%" },
        told(places.dates.french()),
        told(places.confirmed_told()),
        html! { (network.named.french()) },
    ]
}

fn source_row(one: &SourceCoverage) -> Vec<Markup> {
    vec![
        html! { (one.name()) },
        html! { (one.places.count) },
        html! { (one.places.with_week) },
        html! { (one.places.dates.french()) },
        html! { (one.licences.join(", ")) },
    ]
}

/// The departments of a network of which there is something to say, folded.
fn departments(covered: &Coverage, network: &NetworkCoverage) -> Markup {
    let rows: Vec<Vec<Markup>> = network
        .departments
        .iter()
        .zip(&covered.departments)
        .filter(|(here, _)| here.is_known())
        .map(|(here, department)| vec![html! { (department.name) }, html! { (here.french()) }])
        .collect();
    html! {
        @if !rows.is_empty() {
            details {
                summary { (network.name) }
                (table(&html! { "Lieux : " (network.name) }, &["Département", "Lieux"], &rows))
                @if network.outside > 0 { p { "Et " (network.outside) " hors de la région." } }
            }
        }
    }
}
