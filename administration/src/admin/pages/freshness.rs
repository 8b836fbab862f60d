//! What nobody has checked for long, and the reminders that ask for it.

use super::frame::{Page, go_to, send};
use super::parts::table;
use super::place_links::link_button;
use super::reports::reported;
use super::{Asked, wording};
use crate::ledger::Entry;
use crate::publication;
use crate::reminder::{self, Reminder};
use crate::versions::history;
use insight::report::freshness::{Asked as Wanted, Freshness, Stale, freshness};
use maud::{Markup, html};
use protocol::rights::Right;
use protocol::versions::Version;
use serving::answer::{self, NOT_KEPT};
use serving::problem::Failure;
use serving::query::parameter;
use serving::{clock, shipped};
use shared::directory::Directory;
use web_sys::Response;

/// How many records of a territory a page shows; the table to download has all.
const SHOWN: usize = 100;
/// How many versions the curve of the quality has.
const VERSIONS: u32 = 24;

impl Asked<'_> {
    /// `/admin/freshness`.
    pub(super) async fn freshness(&self) -> Result<Response, Failure> {
        let directory = self.desk.parse(&self.desk.live_document().await?)?;
        let wanted = self.wanted();
        let found = stale(directory.clone(), &wanted)?;
        let open_reports = self.open_reports(&directory).await?;
        let last = reminder::last(&self.desk.ledger).await?;
        let versions = history(&self.desk.ledger, None, VERSIONS).await?;
        let count = found.stale().count();
        let role = &self.desk.person.role;
        let may_link =
            |of: Option<&str>| role.may(Right::Draft) && role.territory().is_none_or(|own| of == Some(own));
        let body = html! {
            p { "Les fiches que personne n’a vérifiées depuis " (found.months) " mois. Celles qui orientent le plus de monde viennent d’abord." }
            (choose(&directory, &wanted))
            dl class="facts" {
                div { dt { "à revérifier" } dd { (count) } }
                div { dt { "fiches en tout" } dd { (found.records) } }
            }
            @if count > 0 {
                p { a href={ "/admin/freshness.csv?" (self.query) } { "Télécharger le tableau à remplir, puis à importer (CSV)" } }
            } @else {
                p { "Rien à revérifier ici." }
            }
            (reported(&directory, &open_reports))
            @for group in &found.groups {
                section {
                    h2 { (group.name) " (" (group.stale.len()) " sur " (group.records) ")" }
                    @let rows: Vec<Vec<Markup>> = group.stale.iter().take(SHOWN).map(|stale| row(stale, may_link(group.territory.as_deref()))).collect();
                    (table(&html! { "À revérifier : " (group.name) }, &["Lieu", "Réseau", "Commune", "Vérifié le", "Premier lieu pour", "Qualité", "Lui demander"], &rows))
                    @if group.stale.len() > SHOWN { p class="soft" { "… et " (group.stale.len() - SHOWN) " de plus dans le tableau à télécharger." } }
                }
            }
            (averages(&directory))
            (quality(&versions))
            @if role.may(Right::Draft) { (to_places(&found, self.query)) }
            (reminders(last.as_ref(), role.may(Right::PublishAll)))
        };
        let page = Page { title: "À revérifier", part: "/admin/freshness", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// `/admin/freshness.csv`.
    pub(super) async fn freshness_table(&self) -> Result<Response, Failure> {
        let directory = self.desk.parse(&self.desk.live_document().await?)?;
        let mut found = stale(directory, &self.wanted())?;
        let is_without_email = parameter(self.query, "email").as_deref() == Some("none");
        if is_without_email {
            found = found.without_email();
        }
        let fields = [
            ("content-type", "text/csv; charset=utf-8; header=present"),
            (
                "content-disposition",
                if is_without_email {
                    "attachment; filename=\"sans-courriel.csv\""
                } else {
                    "attachment; filename=\"a-verifier.csv\""
                },
            ),
            ("cache-control", NOT_KEPT),
        ];
        answer::once(200, found.csv().as_bytes(), &fields)
    }

    /// Makes the reminders now, instead of on the first of the month.
    pub(super) async fn remind(&self) -> Result<Response, Failure> {
        reminder::make(&self.desk.ledger, &self.desk.store, Some(self.desk.person.who())).await?;
        go_to("/admin/freshness?done=reminded#reminders", None)
    }

    /// What is to be checked again, as the address asks; for who makes links, nothing outside their
    /// own territory.
    pub(super) fn stale_of_own(&self, directory: Directory) -> Result<Freshness, Failure> {
        let mut wanted = self.wanted();
        if let Some(own) = self.desk.person.role.territory() {
            wanted.territory = Some(own.to_owned());
        }
        stale(directory, &wanted)
    }

    /// What the address asks for; a territory's editor begins with their own.
    fn wanted(&self) -> Wanted {
        let named = |name: &str| parameter(self.query, name).map(|text| text.trim().to_owned());
        let chosen = |name: &str| named(name).filter(|text| !text.is_empty());
        let territory = match named("territory") {
            None => self.desk.person.role.territory().map(str::to_owned),
            Some(text) => Some(text).filter(|text| !text.is_empty()),
        };
        let months = chosen("months").and_then(|text| text.parse().ok()).unwrap_or(Wanted::default().months);
        let (network, department) = (chosen("network"), chosen("department"));
        Wanted { months: months.clamp(1, 120), territory, network, department, ..Wanted::default() }
    }
}

fn stale(directory: Directory, wanted: &Wanted) -> Result<Freshness, Failure> {
    let valid = crate::admin::validated_live(directory)?;
    Ok(freshness(&valid, None, &shipped::geography()?, wanted, &clock::today()))
}

fn row(stale: &Stale, may_link: bool) -> Vec<Markup> {
    let Stale { checked_on, main_for, quality, network_name, commune_name, record, .. } = stale;
    vec![
        html! { a href={ "/admin/places/" (record.id) } { (record.name) } },
        html! { (network_name) },
        html! { (commune_name) },
        html! { @match checked_on { Some(day) => (day), None => "jamais" } },
        html! { (wording::places(main_for.communes, "commune", "communes")) },
        html! { (quality) " sur 100" },
        html! { @if may_link { (link_button(record)) } @else { "–" } },
    ]
}

/// Messages to the places themselves, each with its private link.
fn to_places(found: &Freshness, query: &str) -> Markup {
    let with_email = found.stale().filter(|stale| !stale.record.emails.is_empty()).count();
    html! {
        h2 id="places" { "Demander aux lieux eux-mêmes" }
        p { "Un lien privé montre sa fiche à un lieu, sans compte : il dit « C’est toujours juste » ou corrige, et sa réponse arrive dans un brouillon. " a href="/admin/place-links" { "Les liens déjà faits" } "." }
        @if with_email > 0 {
            form method="post" action={ "/admin/freshness/places?" (query) } {
                button type="submit" { "Écrire aux lieux qui ont un courriel (" (with_email) ")" }
            }
            p class="help" { "Les messages sont montrés une fois, rien n’est envoyé d’ici. Un nouveau lien remplace celui d’avant." }
        } @else {
            p { "Aucun des lieux de cette liste n’a de courriel." }
        }
        p { a href={ "/admin/freshness.csv?" (query) (if query.is_empty() { "" } else { "&" }) "email=none" } { "Télécharger le tableau de ceux qui n’en ont pas (CSV)" } }
    }
}

fn choose(directory: &Directory, wanted: &Wanted) -> Markup {
    let list = |id: &str, label: &str, all: &str, chosen: Option<&str>, known: Vec<(String, String)>| {
        html! {
            div class="field" {
                label for=(id) { (label) }
                select id=(id) name=(id) {
                    option value="" { (all) }
                    @for (value, name) in &known { option value=(value) selected[chosen == Some(value.as_str())] { (name) } }
                }
            }
        }
    };
    let french = |text: &shared::directory::Text| {
        text.get(shared::directory::MAIN_LANGUAGE).cloned().unwrap_or_default()
    };
    let edition = &directory.edition;
    html! {
        form method="get" action="/admin/freshness" class="card search" {
            (list("territory", "Territoire", "tous", wanted.territory.as_deref(), directory.territories.iter().map(|one| (one.id.clone(), one.name.clone())).collect()))
            (list("network", "Réseau", "tous", wanted.network.as_deref(), edition.networks.iter().map(|one| (one.id.clone(), french(&one.name))).collect()))
            (list("department", "Département", "tous", wanted.department.as_deref(), edition.region.departments.iter().map(|one| (one.code.clone(), one.name.clone())).collect()))
            div class="field" {
                label for="months" { "Pas vérifiées depuis (mois)" }
                input id="months" name="months" type="number" min="1" max="120" value=(wanted.months);
            }
            button type="submit" { "Afficher" }
        }
    }
}

/// The average quality of the records of each territory and network.
fn averages(directory: &Directory) -> Markup {
    let Some(summary) = publication::quality(directory) else { return html! {} };
    let named = |id: &str| {
        let territory = directory.territories.iter().find(|one| one.id == id).map(|one| one.name.clone());
        let network = directory.edition.networks.iter().find(|one| one.id == id);
        let french = |network: &shared::directory::Network| {
            network.name.get(shared::directory::MAIN_LANGUAGE).cloned()
        };
        territory.or_else(|| network.and_then(french)).unwrap_or_else(|| id.to_owned())
    };
    let rows: Vec<Vec<Markup>> = summary
        .by_territory
        .iter()
        .chain(&summary.by_network)
        .map(|(id, mean)| {
            vec![html! { (named(id)) }, html! { (mean.records) }, html! { (mean.score) " sur 100" }]
        })
        .collect();
    html! {
        h2 { "Qualité des fiches : " (summary.whole.score) " sur 100 en moyenne" }
        (table(&html! { "Par territoire et par réseau" }, &["Territoire ou réseau", "Fiches", "Qualité moyenne"], &rows))
    }
}

/// The average quality of the records, version after version.
fn quality(versions: &[Entry<Version>]) -> Markup {
    let rows: Vec<Vec<Markup>> = versions
        .iter()
        .filter_map(|entry| {
            let mean = &entry.value.quality.as_ref()?.whole;
            Some(vec![
                html! { (entry.value.version) },
                html! { (wording::moment(&entry.value.published_at)) },
                html! { (mean.score) " sur 100" },
            ])
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            h2 { "Qualité au fil des versions" }
            (table(&html! { "Qualité moyenne des fiches" }, &["Version", "Publiée", "Qualité moyenne"], &rows))
        }
    }
}

fn reminders(last: Option<&Reminder>, may_make: bool) -> Markup {
    html! {
        h2 id="reminders" { "Rappels" }
        p { "Le premier de chaque mois, un message est préparé pour chaque territoire. Rien n’est envoyé d’ici : copiez-le dans un courriel." }
        @match last {
            None => p { "Aucun rappel n’a encore été préparé." },
            Some(reminder) => {
                p { "Préparés " (wording::moment(&reminder.made_at)) "." }
                @for message in &reminder.messages {
                    details { summary { (message.subject) } pre class="secret" { (message.document) } }
                }
            }
        }
        @if may_make {
            form method="post" action="/admin/freshness/remind" { button type="submit" class="quiet" { "Préparer les rappels maintenant" } }
        }
    }
}
