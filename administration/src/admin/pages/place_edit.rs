//! Changing one place of a draft by its form: adding, correcting, taking away.

use super::drafts::{in_draft, is_over, steps};
use super::frame::{Page, go_to, send};
use super::parts::Wrong;
use super::place_fields::Typed;
use super::place_form::{View, changed_by_others};
use super::place_read::Around;
use super::places::record;
use super::{Asked, revision};
use crate::admin::drafts::Draft;
use crate::ledger::Kept;
use maud::{Markup, html};
use serving::form::Form;
use serving::problem::{Failure, Problem};
use serving::{clock, shipped};
use shared::directory::{Directory, Structure};
use shared::finding::Severity;
use web_sys::Response;

/// A form to be shown again, with why.
#[derive(Default)]
struct Again<'a> {
    status: u16,
    error: Option<&'a str>,
    above: Option<Markup>,
    wrong: Vec<Wrong>,
    doubts: Vec<Wrong>,
}

fn find<'a>(directory: &'a Directory, id: &str) -> Option<&'a Structure> {
    directory.structures.iter().find(|place| place.id == id)
}

fn unknown() -> Failure {
    Problem::new(404, "unknown-place", "Ce lieu n’est pas dans ce brouillon.").into()
}

/// The findings of a place: those that forbid saving, and those that do not.
fn parted(told: Vec<(Severity, Wrong)>) -> (Vec<Wrong>, Vec<Wrong>) {
    let (errors, doubts): (Vec<_>, Vec<_>) =
        told.into_iter().partition(|(severity, _)| *severity == Severity::Error);
    let only = |list: Vec<(Severity, Wrong)>| list.into_iter().map(|(_, one)| one).collect();
    (only(errors), only(doubts))
}

impl Asked<'_> {
    /// `/admin/drafts/{draft}/places/{place}`, or `…/new` where there is no place.
    pub(super) async fn place_form(&self, id: &str, place: Option<&str>) -> Result<Response, Failure> {
        let draft = self.desk.draft(id).await?;
        let directory = self.desk.parse(&self.desk.document(&draft.value).await?)?;
        let geography = shipped::geography()?;
        let was = place.map(|place| find(&directory, place).ok_or_else(unknown)).transpose()?;
        if is_over(&draft.value) {
            let Some(was) = was else { return Err(Problem::not_found().into()) };
            let body =
                html! { (steps(&draft.value, "")) (record(was, &directory, &geography, &clock::today())) };
            let page = Page { title: &was.name, part: "/admin/drafts", ..self.page_of() };
            return send(200, &page.html(&body));
        }
        let today = clock::today();
        let typed = match was {
            Some(was) => Typed::of(was, &geography),
            None => Typed::blank(),
        };
        let told = was.map(|was| Around::new(&directory, &geography, &today).check(was)).unwrap_or_default();
        let (mut doubts, others) = parted(told);
        doubts.extend(others);
        let again = Again { status: 200, doubts, ..Again::default() };
        self.show_form(&draft, &directory, was, &typed, &again)
    }

    fn show_form(
        &self,
        draft: &Kept<Draft>,
        directory: &Directory,
        was: Option<&Structure>,
        typed: &Typed,
        again: &Again<'_>,
    ) -> Result<Response, Failure> {
        let id = &draft.value.id;
        let last = was.map_or("new", |was| was.id.as_str());
        let view = View {
            action: format!("/admin/drafts/{id}/places/{last}"),
            revision: draft.revision,
            was,
            typed,
            wrong: &again.wrong,
            doubts: &again.doubts,
            directory,
        };
        let title =
            was.map_or_else(|| "Ajouter un lieu".to_owned(), |was| format!("Modifier : {}", was.name));
        let body = html! {
            (steps(&draft.value, ""))
            (in_draft(&draft.value))
            @if let Some(above) = &again.above { (above) }
            (view.html())
        };
        let page = Page { title: &title, part: "/admin/drafts", error: again.error, ..self.page_of() };
        send(again.status, &page.html(&body))
    }

    /// Saves what the form says.
    pub(super) async fn save_place(&self, id: &str, place: Option<&str>) -> Result<Response, Failure> {
        let form = Form::read(self.incoming).await?;
        let draft = self.desk.draft(id).await?;
        let directory = self.desk.parse(&self.desk.document(&draft.value).await?)?;
        let geography = shipped::geography()?;
        let today = clock::today();
        let around = Around::new(&directory, &geography, &today);
        let was: Option<Structure> = serde_json::from_slice(form.get("was").as_bytes()).ok();
        let was = was.filter(|was| Some(was.id.as_str()) == place);
        let now = place.and_then(|place| find(&directory, place));
        if place.is_some() && now.is_none() && was.is_none() {
            return Err(unknown());
        }
        let typed = Typed::from(&form);
        let base = now.or(was.as_ref()).cloned().unwrap_or_default();
        let (mut built, mut wrong) = typed.read(&base, &around);
        built.correct(place.is_some().then_some(&base), &today);
        if place.is_none() {
            built.id = around.communes().new_id(&built, &directory.structures);
        }
        let saved = format!("/admin/drafts/{id}?done=place-saved");
        if now == Some(&built) || place.is_none() && is_there(&directory, &built) {
            return go_to(&saved, None);
        }
        let is_behind = form.get("revision") != draft.revision.to_string();
        if let Some(was) = was.filter(|was| is_behind && now != Some(was)) {
            let typed = match now {
                Some(now) => typed.onto(&Typed::of(&was, &geography), &Typed::of(now, &geography)),
                None => typed,
            };
            let by = draft.value.changed_by.name.as_str();
            let above = Some(changed_by_others(by, &was, now));
            let again = Again { status: 412, above, wrong, ..Again::default() };
            return self.show_form(&draft, &directory, now.or(Some(&was)), &typed, &again);
        }
        let (errors, doubts) = parted(around.check(&built));
        // A field that could not be read still holds the value before: nothing to add to that.
        let told: Vec<&str> = wrong.iter().map(|one| one.field).collect();
        let errors: Vec<Wrong> = errors.into_iter().filter(|one| !told.contains(&one.field)).collect();
        wrong.extend(errors);
        let shown = now.or((!base.id.is_empty()).then_some(&base));
        if !wrong.is_empty() {
            let again = Again { status: 422, wrong, doubts, ..Again::default() };
            return self.show_form(&draft, &directory, shown, &typed, &again);
        }
        let built_id = built.id.clone();
        let kept = Kept { revision: draft.revision, value: draft.value.clone() };
        match self.desk.change_place(kept, &built_id, Some(built)).await {
            Ok(_) => go_to(&saved, None),
            Err(Failure::Problem(problem)) => {
                let (status, error) = (problem.status, Some(problem.detail()));
                let again = Again { status, error, doubts, ..Again::default() };
                self.show_form(&draft, &directory, shown, &typed, &again)
            }
            Err(ours) => Err(ours),
        }
    }

    /// Asks before a place is taken out of a draft.
    pub(super) async fn removal_page(&self, id: &str, place: &str) -> Result<Response, Failure> {
        let draft = self.desk.draft(id).await?;
        self.ask_removal(&draft, place, 200, None).await
    }

    async fn ask_removal(
        &self,
        draft: &Kept<Draft>,
        place: &str,
        status: u16,
        error: Option<&str>,
    ) -> Result<Response, Failure> {
        let directory = self.desk.parse(&self.desk.document(&draft.value).await?)?;
        let found = find(&directory, place).ok_or_else(unknown)?;
        let path = format!("/admin/drafts/{}/places/{place}", draft.value.id);
        let body = html! {
            (steps(&draft.value, ""))
            p { "Le lieu sera retiré du brouillon « " (draft.value.title) " ». En ligne, rien ne change avant la publication ; l’étape peut être annulée." }
            (record(found, &directory, &shipped::geography()?, &clock::today()))
            form method="post" action={ (path) "/remove" } {
                (revision(draft))
                div class="actions" {
                    button type="submit" class="danger" { "Retirer ce lieu" }
                    a class="button quiet" href=(path) { "Garder ce lieu" }
                }
            }
        };
        let title = format!("Retirer : {}", found.name);
        let page = Page { title: &title, part: "/admin/drafts", error, ..self.page_of() };
        send(status, &page.html(&body))
    }

    /// Takes a place out of a draft.
    pub(super) async fn remove_place(&self, id: &str, place: &str) -> Result<Response, Failure> {
        let form = Form::read(self.incoming).await?;
        let draft = self.desk.draft(id).await?;
        let directory = self.desk.parse(&self.desk.document(&draft.value).await?)?;
        let done = format!("/admin/drafts/{id}?done=place-removed");
        if find(&directory, place).is_none() {
            return go_to(&done, None);
        }
        if form.get("revision") != draft.revision.to_string() {
            let error = "Ce brouillon a changé entre-temps. Relisez le lieu, puis confirmez.";
            return self.ask_removal(&draft, place, 412, Some(error)).await;
        }
        self.desk.change_place(draft, place, None).await?;
        go_to(&done, None)
    }
}

/// Whether the same place is there under another id: a double click adds one.
fn is_there(directory: &Directory, built: &Structure) -> bool {
    directory.structures.iter().any(|other| {
        let same = Structure { id: other.id.clone(), ..built.clone() };
        *other == same && !other.name.is_empty()
    })
}
