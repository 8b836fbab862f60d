//! The first page: what is live, what is under way, what can be done next.

use super::drafts::{is_over, state as state_of};
use super::frame::{Page, send};
use super::parts::{facts, table};
use super::sources::summary;
use super::versions::changes;
use super::wording::places as counted;
use super::{Asked, words};
use crate::admin::drafts::{Draft, DraftState};
use crate::ledger::Kept;
use crate::versions::{State, history};
use maud::{Markup, html};
use protocol::rights::{Right, Role};
use serving::problem::Failure;
use serving::shipped;
use web_sys::Response;

/// What can be done next: address, words, what it needs.
const NEXT: [(&str, &str, Right); 10] = [
    ("/admin/places", "Corriger un lieu : un numéro, un horaire, une adresse", Right::Draft),
    ("/admin/drafts", "Importer un fichier dans un brouillon", Right::Draft),
    ("/admin/freshness", "Voir les fiches à revérifier", Right::See),
    ("/admin/reports", "Voir ce que des visiteurs ont signalé", Right::See),
    ("/admin/coverage", "Voir quels lieux l’annuaire a, et ceux qu’il devrait avoir", Right::See),
    ("/admin/diagnosis", "Voir où il manque un lieu", Right::See),
    ("/admin/counters", "Voir combien le guide est utilisé", Right::See),
    ("/admin/export", "Télécharger l’annuaire", Right::See),
    ("/admin/keys", "Donner une clé d’accès à quelqu’un", Right::Keys),
    ("/admin/audit", "Voir qui a fait quoi", Right::Audit),
];

impl Asked<'_> {
    /// `/admin`.
    pub(super) async fn home(&self) -> Result<Response, Failure> {
        let role = &self.desk.person.role;
        let mut drafts = if role.may(Right::Draft) { self.desk.drafts().await? } else { Vec::new() };
        drafts.retain(|draft| !is_over(&draft.value));
        let (proposed, open): (Vec<_>, Vec<_>) =
            drafts.into_iter().partition(|draft| draft.value.state == DraftState::Proposed);
        let body = html! {
            h2 { "En ligne maintenant" }
            (self.live().await?)
            (summary(&self.desk.runs().await?))
            @if role.may(Right::Draft) {
                h2 { "En cours" }
                @if !proposed.is_empty() {
                    @if *role == Role::Region { p { strong { (counted(proposed.len(), "brouillon attend", "brouillons attendent")) " la Région." } } }
                    (list("Brouillons proposés", &proposed))
                }
                @if open.is_empty() { p { "Aucun brouillon en cours." } } @else { (list("Brouillons en cours", &open)) }
            }
            h2 { "Que voulez-vous faire ?" }
            ul class="next" {
                @for (address, words, right) in NEXT {
                    @if role.may(right) { li { a href=(address) { (words) } } }
                }
            }
        };
        let page = Page { title: "Accueil", part: "/admin", ..self.page_of() };
        send(200, &page.html(&body))
    }

    async fn live(&self) -> Result<Markup, Failure> {
        let state = State::read(&self.desk.ledger, &self.desk.store).await?;
        let newest = history(&self.desk.ledger, None, 1).await?.into_iter().next();
        let Some(version) = newest.map(|entry| entry.value).filter(|one| one.version == state.version) else {
            let manifest = shipped::manifest()?;
            return Ok(html! {
                p { "Rien n’a encore été publié : les visiteurs voient l’annuaire livré avec le service." }
                (facts(&[
                    ("Annuaire", Some(html! { (manifest.title) })),
                    ("Lieux", Some(html! { (manifest.structures) })),
                ]))
            });
        };
        let text = |text: &str| (!text.is_empty()).then(|| html! { (text) });
        Ok(html! {
            (facts(&[
                ("Version", Some(html! { a href={ "/admin/versions/" (version.snapshot) } { "n°\u{a0}" (version.version) } })),
                ("Annuaire", text(&version.title)),
                ("Lieux", (version.structures > 0).then(|| html! { (version.structures) })),
                ("Depuis le", Some(words::time(&version.published_at))),
                ("Par", text(&version.by.name)),
                ("Pourquoi", text(&version.reason)),
                ("Ce qui a changé", Some(changes(&version))),
            ]))
            p { a href="/admin/versions" { "Toutes les versions" } }
        })
    }
}

fn list(caption: &str, drafts: &[Kept<Draft>]) -> Markup {
    let rows: Vec<Vec<Markup>> = drafts
        .iter()
        .map(|draft| {
            let draft = &draft.value;
            vec![
                html! { a href={ "/admin/drafts/" (draft.id) } { (draft.title) } },
                html! { (words::time(&draft.changed_at)) br; span class="soft" { "par " (draft.changed_by.name) } },
                state_of(draft),
            ]
        })
        .collect();
    table(&html! { (caption) }, &["Brouillon", "Dernier changement", "État"], &rows)
}
