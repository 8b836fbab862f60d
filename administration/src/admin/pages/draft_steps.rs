//! The steps of a draft after it was changed: its check, what it changes, its preview, and
//! its publication.

use super::drafts::{is_over, steps};
use super::frame::{Page, go_to, send};
use super::parts::tick;
use super::wording::places;
use super::{Asked, revision};
use crate::admin::desk::{Answered, Unready};
use crate::admin::drafts::KeptFinding;
use insight::compare::diff::{Difference, Field, removes_many};
use insight::report::whereabouts::Whereabouts;
use insight::report::wish::wish;
use maud::{Markup, html};
use protocol::rights::Right;
use serde_json::Value;
use serving::form::Form;
use serving::problem::Failure;
use shared::fields::{french, french_part, shown};
use shared::french::capitalised;
use shared::percent::encoded as query;
use std::collections::BTreeMap;
use web_sys::Response;

/// How many places or findings of a kind are shown before they are folded.
const SHOWN: usize = 8;

impl Asked<'_> {
    /// `/admin/drafts/{id}/check`.
    pub(super) async fn check_page(&self, id: &str) -> Result<Response, Failure> {
        let draft = self.desk.draft(id).await?;
        let findings = self.desk.findings(&draft.value).await?;
        let path = format!("/admin/drafts/{id}");
        let whereabouts = if findings.is_empty() {
            Whereabouts::default()
        } else {
            Whereabouts::of(&self.desk.parse(&self.desk.document(&draft.value).await?)?)
        };
        let body = html! {
            (steps(&draft.value, "check"))
            @match &draft.value.check {
                None => p { "Ce brouillon n’a pas été contrôlé depuis son dernier changement." },
                Some(check) if check.errors == 0 => {
                    div class="message done" { p { strong { "Rien ne s’oppose à la publication." } " Avec les lieux de ce brouillon, chaque personne a un chemin, et aucun ne mène à qui ne la reçoit pas : c’est prouvé. Ce chemin peut n’être qu’un site ou un téléphone. La preuve ne dit pas que la liste des lieux est complète, ni qu’un lieu existe encore." } }
                }
                Some(check) => {
                    div class="message error" { p { strong { (places(check.errors, "erreur empêche", "erreurs empêchent")) " la publication." } " Ce qui est en ligne n’a pas changé." } }
                }
            }
            @if !is_over(&draft.value) {
                form method="post" action={ (path) "/check" } {
                    (revision(&draft))
                    button type="submit" class=(if draft.value.check.is_some() { "quiet" } else { "" }) { @if draft.value.check.is_some() { "Contrôler de nouveau" } @else { "Contrôler" } }
                }
            }
            (group("Erreurs", &findings, "error", &whereabouts, &path))
            (group("À regarder", &findings, "warning", &whereabouts, &path))
            @if draft.value.check.as_ref().is_some_and(|check| check.errors == 0) {
                p { a class="button" href={ (path) "/difference" } { "Voir ce qui change" } }
            }
        };
        let title = format!("Contrôle : {}", draft.value.title);
        let page = Page { title: &title, part: "/admin/drafts", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// `/admin/drafts/{id}/difference`.
    pub(super) async fn difference_page(&self, id: &str) -> Result<Response, Failure> {
        let draft = self.desk.draft(id).await?;
        let compared = self.desk.against_live(&draft.value).await?;
        let comparison =
            self.desk.comparison(&draft.value).await?.filter(|known| known.live == compared.live);
        let path = format!("/admin/drafts/{id}");
        let body = html! {
            (steps(&draft.value, "difference"))
            p { "Ce que ce brouillon change par rapport à ce qui est en ligne." }
            h2 { "Pour les personnes" }
            @match &comparison {
                None => {
                    p { "L’effet sur les personnes se calcule au contrôle du brouillon." }
                    @if !is_over(&draft.value) {
                        form method="post" action={ (path) "/check" } { (revision(&draft)) button type="submit" { "Contrôler le brouillon" } }
                    }
                }
                Some(known) => {
                    @if let Some(lacking) = &known.lacking { p { (lacking) } }
                    @if !known.overall.is_empty() { p { strong { (known.overall) } } }
                    @for told in &known.publics {
                        details {
                            summary { (told.sentence) }
                            ul { @for example in &told.examples { li { (example) } } }
                        }
                    }
                    h2 { "Dans le diagnostic" }
                    @if known.gaps.is_empty() { p { "Aucun manque de plus, aucun de moins." } }
                    ul { @for gap in &known.gaps { li { (gap) } } }
                }
            }
            @if let Some(known) = &comparison { (losses(&known.losses)) }
            (difference(&compared.difference))
            @if draft.value.check.as_ref().is_some_and(|check| check.snapshot.is_some()) {
                p { a class="button" href={ (path) "/preview" } { "Voir l’aperçu" } }
            }
        };
        let title = format!("Comparaison : {}", draft.value.title);
        let page = Page { title: &title, part: "/admin/drafts", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// `/admin/drafts/{id}/preview`.
    pub(super) async fn preview_page(&self, id: &str) -> Result<Response, Failure> {
        let draft = self.desk.draft(id).await?;
        let is_there = draft.value.check.as_ref().is_some_and(|check| check.snapshot.is_some());
        let link = format!("/preview/{id}/{}/", draft.value.token);
        let origin = self.desk.host.cache.origin;
        let body = html! {
            (steps(&draft.value, "preview"))
            @if is_there {
                p { "Voici le vrai guide, avec ce brouillon. Essayez-le comme un visiteur. Ce lien est privé : qui l’a voit l’aperçu, personne d’autre." }
                p { a href=(link) { (origin) (link) } }
                p { "Pour l’essayer dans une page à vous, remplacez l’adresse du guide par celle-ci :" }
                code class="secret" { "<script async crossorigin src=\"" (origin) (link) "spro-guide.js\"></script>" }
                h2 { "Sur un téléphone" }
                iframe class="phone" src=(link) title="Aperçu du guide sur un téléphone" {}
                h2 { "Sur un ordinateur" }
                iframe class="desk" src=(link) title="Aperçu du guide sur un ordinateur" loading="lazy" {}
                p { a class="button" href={ "/admin/drafts/" (id) "/publish" } { "Continuer vers la publication" } }
            } @else {
                p { "L’aperçu montre un brouillon contrôlé et sans erreur." }
                p { a class="button" href={ "/admin/drafts/" (id) "/check" } { "Aller au contrôle" } }
            }
        };
        let title = format!("Aperçu : {}", draft.value.title);
        let page = Page { title: &title, part: "/admin/drafts", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// `/admin/drafts/{id}/publish`.
    pub(super) async fn publish_page(&self, id: &str, error: Option<&str>) -> Result<Response, Failure> {
        let draft = self.desk.draft(id).await?;
        let compared = self.desk.against_live(&draft.value).await?;
        let comparison =
            self.desk.comparison(&draft.value).await?.filter(|known| known.live == compared.live);
        let is_behind = compared.live != draft.value.base;
        let path = format!("/admin/drafts/{id}");
        let difference = &compared.difference;
        let may_publish = self.desk.person.role.may(Right::PublishOwnPlaces);
        let body = html! {
            (steps(&draft.value, "publish"))
            @if is_over(&draft.value) {
                p { "Ce brouillon est terminé. " a href="/admin/versions" { "Voir les versions" } }
            } @else if is_behind {
                div class="message warn" {
                    p { strong { "Quelqu’un a publié depuis." } " Mettez d’abord le brouillon à jour : vos changements sont gardés." }
                    form method="post" action={ (path) "/rebase" } { (revision(&draft)) button type="submit" { "Mettre à jour le brouillon" } }
                }
            } @else {
                p { "Lieux ajoutés : " strong { (difference.added.len()) } ", retirés : " strong { (difference.removed.len()) } ", modifiés : " strong { (difference.changed.len()) } "." }
                @if let Some(known) = &comparison { ul { @for sentence in &known.summary.headline { li { (sentence) } } } }
                @let lost: &[KeptFinding] = comparison.as_ref().map_or(&[], |known| &known.losses);
                (losses(lost))
                @if may_publish {
                    form method="post" action={ (path) "/publish" } class="card" {
                        (revision(&draft))
                        @if !lost.is_empty() {
                            (tick("checkbox", "losses", "accepted", "J’ai lu ce qui se perd, et c’est voulu.", false))
                        }
                        label for="reason" { "Pourquoi cette publication ?" }
                        p class="help" id="reason-help" { "Une phrase, pour l’historique. Tous ceux qui ont une clé la liront." }
                        input id="reason" name="reason" maxlength="300" aria-describedby="reason-help" value=(draft.value.title);
                        @if removes_many(difference.removed.len(), compared.before.structures.len()) && !serving::shipped::is_shipped(&compared.live) {
                            div class="message warn" {
                                p { strong { "Cette publication retire " (difference.removed.len()) " lieux sur " (compared.before.structures.len()) "." } " Un fichier coupé, ou un brouillon parti d’un autre annuaire, fait cela." }
                                label for="removing" { "Si c’est voulu, écrivez combien de lieux sont retirés" }
                                input id="removing" name="removing" inputmode="numeric" autocomplete="off" required;
                            }
                        }
                        button type="submit" { "Publier" }
                        p class="help" { "On revient à la version d’avant en un clic, dans « Versions »." }
                    }
                } @else {
                    form method="post" action={ (path) "/propose" } class="card" {
                        (revision(&draft))
                        p { "Votre clé permet de proposer ce brouillon. La Région le relit et le publie." }
                        button type="submit" { "Proposer à la Région" }
                    }
                }
            }
        };
        let title = format!("Publier : {}", draft.value.title);
        let page = Page { title: &title, part: "/admin/drafts", error, ..self.page_of() };
        send(if error.is_some() { 422 } else { 200 }, &page.html(&body))
    }

    /// Publishes.
    pub(super) async fn publish(&self, id: &str) -> Result<Response, Failure> {
        let form = Form::read(self.incoming).await?;
        let draft = self.desk.draft(id).await?;
        // A double click: the first one has published it.
        if is_over(&draft.value) {
            return go_to("/admin/versions?done=published", None);
        }
        let draft = self.at_revision(id, &form).await?;
        let reason = super::super::short(form.get("reason").to_owned());
        let answered = Answered {
            removing: form.get("removing").trim().parse().ok(),
            accept_losses: form.get("losses") == "accepted",
        };
        match self.desk.publish_draft(draft, reason, answered).await {
            Ok(_) => go_to("/admin/versions?done=published", None),
            Err(Unready::Errors(_)) => go_to(&format!("/admin/drafts/{id}/check"), None),
            Err(Unready::Failure(Failure::Problem(problem)))
                if problem.status == 412 || problem.is("removes-many") || problem.is("losses-unanswered") =>
            {
                self.publish_page(id, Some(problem.detail())).await
            }
            Err(Unready::Failure(failure)) => Err(failure),
        }
    }
}

/// What people lose by a draft, for somebody to answer.
fn losses(losses: &[KeptFinding]) -> Markup {
    html! {
        @if !losses.is_empty() {
            div class="message warn" {
                p { strong { "À répondre avant de publier." } " Ce brouillon enlève quelque chose à des personnes :" }
                ul { @for loss in losses { li { (loss.value) " : il faudrait " (loss.expected) "." } } }
            }
        }
    }
}

/// The findings of one severity, by cause: the same expectation is said once.
fn group(
    title: &str,
    findings: &[KeptFinding],
    severity: &str,
    whereabouts: &Whereabouts,
    path: &str,
) -> Markup {
    let mut causes: BTreeMap<(&str, &str), Vec<&KeptFinding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == severity) {
        causes.entry((&finding.code, &finding.expected)).or_default().push(finding);
    }
    html! {
        @if !causes.is_empty() {
            h2 { (title) }
            @for ((code, expected), all) in &causes {
                details open[severity == "error"] {
                    summary { (capitalised(&wish(code, severity == "error", expected))) " (" (all.len()) ")" }
                    ul {
                        @for finding in all.iter().take(SHOWN * 4) {
                            li { (place(&finding.path, whereabouts, path)) @if !finding.value.is_empty() && !whereabouts.says(&finding.path, &finding.value) { " : « " (finding.value) " »" } @if let Some(repair) = &finding.repair { " → proposition : « " (repair) " »" } }
                        }
                        @if all.len() > SHOWN * 4 { li { "… et " (all.len() - SHOWN * 4) " de plus" } }
                    }
                }
            }
        }
    }
}

/// The place in the document, as people know it; places are found again by their name.
fn place(at: &str, whereabouts: &Whereabouts, path: &str) -> Markup {
    html! {
        @match whereabouts.element(at).filter(|_| at.starts_with("structures[")) {
            Some((name, field)) => {
                a href={ (path) "/places?q=" (query(name)) } { (name) }
                @if !field.is_empty() { ", " (french(field)) }
            }
            None => (whereabouts.french(at))
        }
    }
}

/// A difference, place by place and field by field.
pub(super) fn difference(difference: &Difference) -> Markup {
    html! {
        h2 { "Lieu par lieu" }
        @if difference.is_empty() { p { "Rien ne change." } }
        (named("Ajoutés", difference.added.iter().map(|one| (one.name.as_str(), one.id.as_str()))))
        (named("Retirés", difference.removed.iter().map(|one| (one.name.as_str(), one.id.as_str()))))
        @if !difference.changed.is_empty() {
            h3 { "Modifiés (" (difference.changed.len()) ")" }
            @for changed in &difference.changed {
                details open[difference.changed.len() <= SHOWN] {
                    summary { (changed.name) }
                    div class="scroll" tabindex="0" role="group" aria-label="Tableau, à faire défiler sur un petit écran" {
                        table class="list" {
                            thead { tr { th scope="col" { "Champ" } th scope="col" { "En ligne" } th scope="col" { "Brouillon" } } }
                            tbody { @for field in &changed.fields { (row(field)) } }
                        }
                    }
                }
            }
        }
        @if !difference.parts.is_empty() {
            h3 { "Autres parties de l’annuaire" }
            ul { @for part in &difference.parts { li { (french_part(part)) } } }
        }
    }
}

fn row(field: &Field) -> Markup {
    let line = |value: &Value| shown(&field.name, value);
    html! {
        tr {
            th scope="row" { (french(&field.name)) }
            td { del { (line(&field.before)) } }
            td { ins { (line(&field.after)) } }
        }
    }
}

fn named<'a>(title: &str, places: impl ExactSizeIterator<Item = (&'a str, &'a str)>) -> Markup {
    let count = places.len();
    html! {
        @if count > 0 {
            details open[count <= SHOWN] {
                summary { (title) " (" (count) ")" }
                ul { @for (name, id) in places { li { (name) " " span class="soft" { "(" (id) ")" } } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_into_an_address_as_bytes() {
        assert_eq!(query("Cité des métiers & co"), "Cit%C3%A9%20des%20m%C3%A9tiers%20%26%20co");
    }

    #[test]
    fn a_place_of_the_document_is_named_as_people_know_it() {
        let known = Whereabouts::of_places(vec!["<CIO>".to_owned()]);
        let said = place("structures[0].phones[1]", &known, "/d").into_string();
        assert!(said.contains("&lt;CIO&gt;") && said.contains("téléphones"), "{said}");
        assert!(place("edition.rules[0]", &known, "/d").into_string().contains("edition.rules[0]"));
        assert!(place("structures[7]", &known, "/d").into_string().contains("structures[7]"));
    }
}
