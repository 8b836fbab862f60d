//! Drafts: the list, and one of them with what can be done with it.

use super::frame::{Page, go_to, send};
use super::wording::{moment, places};
use super::{Asked, revision};
use crate::admin::drafts::{Draft, DraftState};
use crate::ledger::Kept;
use exchange::import::Options;
use maud::{Markup, html};
use serving::form::Form;
use serving::problem::Failure;
use std::rc::Rc;
use web_sys::Response;

/// The steps of a draft: address, name.
pub(super) const STEPS: [(&str, &str); 5] = [
    ("", "Modifier"),
    ("check", "Contrôler"),
    ("difference", "Comparer"),
    ("preview", "Voir"),
    ("publish", "Publier"),
];

/// The way through a draft. A step that is not open yet is only named.
pub(super) fn steps(draft: &Draft, here: &str) -> Markup {
    let is_checked = draft.check.as_ref().is_some_and(|check| check.snapshot.is_some());
    html! {
        nav aria-label="Étapes du brouillon" {
            ol class="steps" {
                @for (address, name) in STEPS {
                    li {
                        @if is_checked || matches!(address, "" | "check" | "difference") {
                            a href={ "/admin/drafts/" (draft.id) (if address.is_empty() { "" } else { "/" }) (address) } aria-current=[(address == here).then_some("step")] { (name) }
                        } @else {
                            span { (name) }
                        }
                    }
                }
            }
            @if !is_checked && !is_over(draft) { p class="help" { "On voit l’aperçu et on publie après un contrôle sans erreur." } }
        }
    }
}

/// In which draft a form saves.
pub(super) fn in_draft(draft: &Draft) -> Markup {
    html! { p { "Dans le brouillon « " a href={ "/admin/drafts/" (draft.id) } { (draft.title) } " ». Rien n’est en ligne avant la publication." } }
}

/// Where a draft is in its life, in a few words.
pub(super) fn state(draft: &Draft) -> Markup {
    html! {
        @match &draft.state {
            DraftState::Open => span class="tag" { "en cours" },
            DraftState::Proposed => span class="tag warn" { "proposé à la Région" },
            DraftState::Published(version) => span class="tag good" { "publié : version " (version) },
            DraftState::Abandoned => span class="tag" { "abandonné" },
        }
    }
}

pub(super) const fn is_over(draft: &Draft) -> bool {
    matches!(draft.state, DraftState::Published(_) | DraftState::Abandoned)
}

impl Asked<'_> {
    /// `/admin/drafts`.
    pub(super) async fn drafts(&self, error: Option<&str>) -> Result<Response, Failure> {
        let drafts = self.desk.drafts().await?;
        let (over, open): (Vec<_>, Vec<_>) = drafts.into_iter().partition(|draft| is_over(&draft.value));
        let territories = if self.desk.person.role.territory().is_some() {
            Vec::new()
        } else {
            self.desk.parse(&self.desk.live_document().await?)?.territories
        };
        let body = html! {
            p { "Un brouillon part de ce qui est en ligne. Rien de ce que vous y faites n’est visible avant que vous ne le publiiez." }
            form method="post" action="/admin/drafts" class="card" {
                h2 { "Commencer un brouillon" }
                label for="title" { "Titre" }
                p class="help" id="title-help" { "Pour le retrouver : « Liste de novembre », « Nouveau CIO »…" }
                input id="title" name="title" aria-describedby="title-help" maxlength="120";
                @if !territories.is_empty() {
                    label for="territory" { "Pour" }
                    select id="territory" name="territory" {
                        option value="" { "toute la région" }
                        @for territory in &territories { option value=(territory.id) { (territory.name) } }
                    }
                }
                button type="submit" { "Commencer" }
            }
            (table("En cours", &open, "Aucun brouillon en cours."))
            @if !over.is_empty() {
                details { summary { "Terminés (" (over.len()) ")" } (table("Terminés", &over, "")) }
            }
        };
        let page = Page { title: "Brouillons", part: "/admin/drafts", error, ..self.page_of() };
        send(if error.is_some() { 422 } else { 200 }, &page.html(&body))
    }

    /// Begins a draft.
    pub(super) async fn begin(&self) -> Result<Response, Failure> {
        let form = Form::read(self.incoming).await?;
        let territory = Some(form.get("territory").to_owned()).filter(|id| !id.is_empty());
        let draft = self.desk.begin(form.get("title"), territory).await?;
        go_to(&format!("/admin/drafts/{}", draft.value.id), None)
    }

    /// `/admin/drafts/{id}`.
    pub(super) async fn draft(&self, id: &str, error: Option<&str>) -> Result<Response, Failure> {
        let draft = self.desk.draft(id).await?;
        let compared = self.desk.against_live(&draft.value).await?;
        let is_behind = !is_over(&draft.value) && compared.live != draft.value.base;
        let path = format!("/admin/drafts/{id}");
        let difference = &compared.difference;
        let body = html! {
            (steps(&draft.value, ""))
            p class="soft" {
                (state(&draft.value)) " · commencé par " (draft.value.begun_by.name) " " (moment(&draft.value.begun_at))
                " · modifié par " (draft.value.changed_by.name) " " (moment(&draft.value.changed_at))
            }
            @if draft.value.of_places && !is_over(&draft.value) {
                p { "Des lieux ont répondu ici par leur lien privé. Comparez, corrigez s’il le faut, contrôlez, puis publiez. Une réponse qui arrive une fois le contrôle fait va dans un autre brouillon." }
            }
            @if is_behind { (behind(&draft, &path)) }
            dl class="facts" {
                div { dt { "lieux dans le brouillon" } dd { (compared.after.structures.len()) } }
                div { dt { "ajoutés" } dd { (difference.added.len()) } }
                div { dt { "retirés" } dd { (difference.removed.len()) } }
                div { dt { "modifiés" } dd { (difference.changed.len()) } }
            }
            @if !is_over(&draft.value) {
                div class="cards" {
                    (upload(&draft, &path))
                    section class="card" {
                        h2 { "Un lieu à la fois" }
                        p { "Corriger un numéro, ajouter ou retirer un lieu." }
                        p { a class="button quiet" href={ (path) "/places" } { "Chercher un lieu" } }
                        p { a class="button quiet" href={ (path) "/places/new" } { "Ajouter un lieu" } }
                    }
                    @if draft.value.territory.is_none() {
                        section class="card" {
                            h2 { "Les territoires" }
                            p { "Leurs communes, leur contact, leur organisation, leur label." }
                            p { a class="button quiet" href={ (path) "/territories" } { "Voir les territoires" } }
                            h2 { "Les textes" }
                            p { "Ressources, actualités, questions, réseaux, services à distance : dans chaque langue." }
                            p { a class="button quiet" href={ (path) "/texts" } { "Voir les textes" } }
                        }
                    }
                }
                @if let Some(import) = &draft.value.import {
                    p { "Fichier importé : " strong { (import.name) } ". " a href={ (path) "/import" } { "Voir les constats et les réparations" } }
                }
                form method="post" action={ (path) "/check" } {
                    (revision(&draft))
                    button type="submit" { "Contrôler ce brouillon" }
                }
            }
            @if !draft.value.before.is_empty() { (steps_back(&draft, &path)) }
            @if !is_over(&draft.value) {
                details {
                    summary { "Abandonner ce brouillon" }
                    p { "Ce qui est en ligne ne change pas. Le brouillon reste dans la liste des brouillons terminés." }
                    form method="post" action={ (path) "/abandon" } {
                        (revision(&draft))
                        button type="submit" class="danger" { "Abandonner" }
                    }
                }
            }
        };
        let title = draft.value.title.as_str();
        let page = Page { title, part: "/admin/drafts", error, ..self.page_of() };
        send(if error.is_some() { 422 } else { 200 }, &page.html(&body))
    }

    /// The draft that a form was written for, where nobody has changed it since.
    async fn of_form(&self, id: &str) -> Result<(Kept<Draft>, Form), Failure> {
        let form = Form::read(self.incoming).await?;
        Ok((self.at_revision(id, &form).await?, form))
    }

    /// Takes the last step back.
    pub(super) async fn undo(&self, id: &str) -> Result<Response, Failure> {
        self.desk.undo(self.of_form(id).await?.0).await?;
        go_to(&format!("/admin/drafts/{id}?done=undone"), None)
    }

    /// Abandons the draft.
    pub(super) async fn abandon(&self, id: &str) -> Result<Response, Failure> {
        self.desk.abandon(self.of_form(id).await?.0).await?;
        go_to("/admin/drafts?done=abandoned", None)
    }

    /// Checks the draft.
    pub(super) async fn check(&self, id: &str) -> Result<Response, Failure> {
        self.desk.check(self.of_form(id).await?.0).await?;
        go_to(&format!("/admin/drafts/{id}/check"), None)
    }

    /// Puts the draft forward to the Region.
    pub(super) async fn propose(&self, id: &str) -> Result<Response, Failure> {
        self.desk.propose(self.of_form(id).await?.0).await?;
        go_to(&format!("/admin/drafts/{id}?done=proposed"), None)
    }

    /// Brings the draft up to what is live.
    pub(super) async fn rebase(&self, id: &str) -> Result<Response, Failure> {
        let (draft, conflicts) = self.desk.bring_up_to_date(self.of_form(id).await?.0).await?;
        if conflicts.is_empty() {
            return go_to(&format!("/admin/drafts/{id}?done=up-to-date"), None);
        }
        let told: Vec<String> = conflicts.iter().map(insight::compare::rebase::Conflict::french).collect();
        self.conflicts(&draft, &told)
    }

    /// Brings a file into the draft.
    pub(super) async fn upload(&self, id: &str) -> Result<Response, Failure> {
        let (draft, form) = self.of_form(id).await?;
        let Some(file) = form.file("file") else {
            return self.draft(id, Some("Choisissez d’abord un fichier.")).await;
        };
        let checked_on = form.get("checked_on").trim();
        if !checked_on.is_empty() && !shared::directory::is_date(checked_on) {
            return self
                .draft(id, Some("La date de vérification doit être une date, écrite 2026-11-24."))
                .await;
        }
        let source = form.get("source").trim();
        let options = Options {
            file: file.name.clone(),
            source: if source.is_empty() { stem(&file.name).to_owned() } else { source.to_owned() },
            checked_on: Some(checked_on.to_owned()).filter(|date| !date.is_empty()),
            ..Options::default()
        };
        match self.desk.bring_in(draft, &file.name, Rc::clone(&file.bytes), options).await {
            Ok(_) => go_to(&format!("/admin/drafts/{id}/import"), None),
            Err(Failure::Problem(problem)) if problem.status == 422 || problem.status == 403 => {
                let advice = problem.member("advice").and_then(serde_json::Value::as_str).unwrap_or_default();
                let error = format!("{} {advice} Le brouillon n’a pas changé.", problem.detail());
                Box::pin(self.draft(id, Some(&error))).await
            }
            Err(failure) => Err(failure),
        }
    }

    fn conflicts(&self, draft: &Kept<Draft>, told: &[String]) -> Result<Response, Failure> {
        let body = html! {
            p { "Le brouillon part maintenant de la version en ligne. Voici ce que vous et quelqu’un d’autre aviez changé différemment : regardez, et corrigez si besoin." }
            ul { @for one in told { li { (one) } } }
            p { a class="button" href={ "/admin/drafts/" (draft.value.id) } { "Revenir au brouillon" } }
        };
        let page =
            Page { title: "Brouillon mis à jour, à relire", part: "/admin/drafts", ..self.page_of() };
        send(200, &page.html(&body))
    }
}

/// The name of a file without its ending.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
}

fn behind(draft: &Kept<Draft>, path: &str) -> Markup {
    html! {
        div class="message warn" {
            p { strong { "Quelqu’un a publié depuis." } " Ce brouillon part d’une version plus ancienne : il faut le mettre à jour avant de le publier. Vos changements sont gardés." }
            form method="post" action={ (path) "/rebase" } {
                (revision(draft))
                button type="submit" { "Mettre à jour le brouillon" }
            }
        }
    }
}

fn upload(draft: &Kept<Draft>, path: &str) -> Markup {
    html! {
        section class="card" {
            h2 { "Importer un fichier" }
            form method="post" action={ (path) "/file" } enctype="multipart/form-data" {
                (revision(draft))
                label for="file" { "Fichier" }
                p class="help" id="file-help" { "Un tableau Excel (XLSX), LibreOffice (ODS) ou CSV, tel quel ; ou GeoJSON, data·inclusion, ou notre JSON. 25 Mio au plus." }
                input id="file" name="file" type="file" required aria-describedby="file-help" accept=".csv,.tsv,.txt,.xlsx,.ods,.json,.geojson";
                label for="checked_on" { "Vérifié le (facultatif)" }
                p class="help" id="date-help" { "Le jour où ces informations étaient justes. La fiche la plus récente l’emporte." }
                input id="checked_on" name="checked_on" type="date" aria-describedby="date-help";
                label for="source" { "Source (facultatif)" }
                p class="help" id="source-help" { "D’où vient ce fichier : « Mission locale, liste 2026 ». Sinon, le nom du fichier." }
                input id="source" name="source" aria-describedby="source-help";
                button type="submit" { "Lire le fichier" }
            }
        }
    }
}

fn steps_back(draft: &Kept<Draft>, path: &str) -> Markup {
    html! {
        h2 { "Ce qui a été fait" }
        ol reversed { @for step in draft.value.before.iter().rev() { li { (step.done) } } }
        @if !is_over(&draft.value) {
            form method="post" action={ (path) "/undo" } {
                (revision(draft))
                button type="submit" class="quiet" { "Annuler la dernière étape" }
            }
        }
    }
}

fn table(caption: &str, drafts: &[Kept<Draft>], none: &str) -> Markup {
    html! {
        @if drafts.is_empty() { p { (none) } } @else {
            div class="scroll" tabindex="0" role="group" aria-label="Tableau, à faire défiler sur un petit écran" {
                table class="list" {
                    caption { (caption) " (" (places(drafts.len(), "brouillon", "brouillons")) ")" }
                    thead { tr { th scope="col" { "Titre" } th scope="col" { "État" } th scope="col" { "Modifié" } th scope="col" { "Par" } } }
                    tbody {
                        @for Kept { value: draft, .. } in drafts {
                            tr {
                                th scope="row" { a href={ "/admin/drafts/" (draft.id) } { (draft.title) } @if let Some(territory) = &draft.territory { " " span class="tag" { (territory) } } }
                                td { (state(draft)) }
                                td { (moment(&draft.changed_at)) }
                                td { (draft.changed_by.name) }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_file_is_known_by_its_name_without_its_ending() {
        for (name, expected) in
            [("liste.xlsx", "liste"), ("a.b.csv", "a.b"), ("liste", "liste"), (".csv", ".csv")]
        {
            assert_eq!(stem(name), expected);
        }
    }
}
