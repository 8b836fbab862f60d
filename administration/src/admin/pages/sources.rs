//! The sources that are followed: when each was read, what came, what waits, what failed.

use super::frame::{Page, send};
use super::parts::table;
use super::wording::places as counted;
use super::{Asked, words};
use crate::admin::drafts::DraftState;
use crate::admin::sources::{Runs, Told};
use exchange::sync::run::{Contact, Counts, SourceRun};
use maud::{Markup, html};
use serving::problem::Failure;
use shared::directory::is_date;
use web_sys::Response;

impl Asked<'_> {
    /// `/admin/sources`.
    pub(super) async fn sources(&self) -> Result<Response, Failure> {
        let runs = self.desk.runs().await?;
        let mut sections = Vec::with_capacity(runs.runs.len());
        for told in &runs.runs {
            sections.push(self.run(told).await?);
        }
        let body = html! {
            p { "Les listes que la commande « spro sync » relit. Ce qui en vient arrive dans un brouillon ; une source qui échoue ne change rien, et sa dernière lecture sert encore." }
            @if sections.is_empty() {
                p { "Aucune source n’est suivie pour l’instant, ou la commande n’a pas encore été lancée vers ce serveur. Le guide de l’administration dit comment." }
            }
            @for section in &sections { (section) }
        };
        let page = Page { title: "Sources suivies", part: "/admin/sources", ..self.page_of() };
        send(200, &page.html(&body))
    }

    async fn run(&self, told: &Told) -> Result<Markup, Failure> {
        let run = &told.run;
        let draft = match &run.draft {
            Some(id) => self.desk.draft_of_run(id).await?.map(|state| (id, state)),
            None => None,
        };
        let rows: Vec<Vec<Markup>> = run
            .sources
            .iter()
            .map(|source| row(source, told.read_at.get(&source.name).map(String::as_str)))
            .collect();
        let caption = html! { "Relues le " (words::time(&told.at)) " par " (told.by.name) };
        Ok(html! {
            section {
                h2 { (counted(rows.len(), "source", "sources")) " · " (told.by.name) }
                @match (run.version, draft) {
                    (Some(version), _) => p { "Publié seul, dans les limites du fichier des sources : " a href="/admin/versions" { "version " (version) } "." },
                    (None, Some((id, (state, may_open)))) => p {
                        @match state {
                            DraftState::Open | DraftState::Proposed => strong { "Un brouillon attend. " },
                            DraftState::Published(version) => { "Le brouillon est publié : version " (version) ". " }
                            DraftState::Abandoned => "Le brouillon a été abandonné. ",
                        }
                        @if may_open { a href={ "/admin/drafts/" (id) } { "Voir le brouillon" } }
                    },
                    (None, None) if run.errors > 0 => p { strong { "Aucun brouillon : " } "l’annuaire obtenu a " (counted(run.errors, "erreur", "erreurs")) ". Le compte rendu de la commande les dit." },
                    (None, None) => p { "Rien n’a changé pour les visiteurs." },
                }
                @if !run.waits.is_empty() {
                    p { "Pas publié seul, une personne doit regarder :" }
                    ul { @for reason in &run.waits { li { (reason) } } }
                }
                (table(&caption, &["Source", "Dernière lecture", "Ce qui est venu", "Ce qui attend", "État"], &rows))
            }
        })
    }
}

/// What the first page says of the sources; nothing where none is followed.
pub(super) fn summary(runs: &Runs) -> Markup {
    let failed = runs.failed();
    let all: usize = runs.runs.iter().map(|told| told.run.sources.len()).sum();
    html! {
        @if all > 0 {
            p {
                a href="/admin/sources" { (counted(all, "source suivie", "sources suivies")) }
                @if let Some(told) = runs.runs.first() { ", relues le " (words::time(&told.at)) }
                @if failed > 0 { " " span class="tag bad" { (counted(failed, "en échec", "en échec")) } }
            }
        }
    }
}

fn row(source: &SourceRun, read_at: Option<&str>) -> Vec<Markup> {
    let Counts { read, refused, added, changed, questions, gone } = source.counts.unwrap_or_default();
    let as_of = source.as_of.as_deref().filter(|day| is_date(day));
    vec![
        html! { (source.name) },
        html! {
            @match read_at { Some(at) => (words::time(at)), None => "jamais" }
            @if let Some(day) = as_of { br; span class="soft" { "contenu du " (words::date(day)) } }
        },
        html! {
            @if source.counts.is_some() {
                (counted(read, "fiche lue", "fiches lues")) br;
                (counted(added, "lieu ajouté", "lieux ajoutés")) ", " (counted(changed, "champ changé", "champs changés"))
            } @else { "rien" }
        },
        html! {
            @if questions + gone + refused == 0 { "rien" }
            @if questions > 0 { (counted(questions, "champ à trancher", "champs à trancher")) br; }
            @if gone > 0 { (counted(gone, "lieu disparu de la source", "lieux disparus de la source")) br; }
            @if refused > 0 { (counted(refused, "fiche refusée", "fiches refusées")) }
        },
        html! {
            @match source.contact {
                Contact::New => span class="tag good" { "nouveau contenu" },
                Contact::Same => span class="tag" { "rien de nouveau" },
                Contact::Early => span class="tag" { "pas encore à relire" },
                Contact::Failed => {
                    span class="tag bad" { "échec" }
                    @if let Some(failure) = &source.failure { br; (failure) }
                }
            }
        },
    ]
}
