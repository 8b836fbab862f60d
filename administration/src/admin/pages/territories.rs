//! The territories of a draft: the list, one of them, taking one away.

use super::drafts::{in_draft, is_over, steps};
use super::frame::{Page, go_to, send};
use super::parts::{Wrong, facts, table};
use super::territory_form::{Typed, View, blank, check};
use super::wording::places as counted;
use super::{Asked, existing, revision, words};
use crate::admin::drafts::{Draft, only_open};
use crate::admin::territories::{named_by, new_id, unknown};
use crate::admin::territory::stands_in;
use crate::ledger::Kept;
use exchange::import::typed::Communes;
use maud::{Markup, html};
use protocol::rights::Role;
use serving::form::Form;
use serving::problem::{Failure, Problem};
use serving::{clock, shipped};
use shared::directory::{Directory, Territory};
use shared::geography::Geography;
use web_sys::Response;

/// A form to be shown again, with why.
struct Again<'a> {
    status: u16,
    error: Option<&'a str>,
    wrong: &'a [Wrong],
    doubts: &'a [Wrong],
}

fn find<'a>(directory: &'a Directory, id: &str) -> Result<&'a Territory, Failure> {
    directory.territories.iter().find(|one| one.id == id).ok_or_else(|| unknown(id))
}

impl Asked<'_> {
    /// The draft and its directory, for who may change more than places: the Region, in a draft of its own.
    pub(super) async fn of_the_region(&self, id: &str) -> Result<(Kept<Draft>, Directory), Failure> {
        let draft = self.desk.draft(id).await?;
        if draft.value.territory.is_some() || self.desk.person.role != Role::Region {
            let detail = "Ce qui n’est pas un lieu se change dans un brouillon de la Région.";
            return Err(Problem::new(403, "outside-territory", detail).into());
        }
        let directory = self.desk.parse(&self.desk.document(&draft.value).await?)?;
        Ok((draft, directory))
    }

    /// `/admin/drafts/{draft}/territories`.
    pub(super) async fn territories(&self, id: &str) -> Result<Response, Failure> {
        let (draft, directory) = self.of_the_region(id).await?;
        let geography = shipped::geography()?;
        let path = format!("/admin/drafts/{id}/territories");
        let rows: Vec<Vec<Markup>> =
            directory.territories.iter().map(|one| row(one, &path, &directory, &geography)).collect();
        let body = html! {
            (steps(&draft.value, ""))
            p { "Un territoire est une liste de communes ou de départements, avec son contact et son organisation. Une fois publié, il a son diagnostic, ses rappels, et peut avoir ses clés d’accès." }
            @if !is_over(&draft.value) { p { a class="button" href={ (path) "/new" } { "Ajouter un territoire" } } }
            @if rows.is_empty() { p { "Ce brouillon n’a aucun territoire." } }
            @else { (table(&html! { (counted(rows.len(), "territoire", "territoires")) }, &["Territoire", "Communes", "Lieux", "Contact", "Label"], &rows)) }
        };
        let title = format!("Territoires du brouillon « {} »", draft.value.title);
        let page = Page { title: &title, part: "/admin/drafts", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// `/admin/drafts/{draft}/territories/{territory}`, or `…/new` where there is none.
    pub(super) async fn territory_form(&self, id: &str, territory: &str) -> Result<Response, Failure> {
        let (draft, directory) = self.of_the_region(id).await?;
        only_open(&draft.value)?;
        let geography = shipped::geography()?;
        let was = existing(territory).map(|id| find(&directory, id)).transpose()?;
        let typed = was.map_or_else(Typed::default, |was| Typed::of(was, &geography));
        let (mut doubts, more) =
            was.map(|was| check(was, &directory, &geography, &clock::today())).unwrap_or_default();
        doubts.extend(more);
        let again = Again { status: 200, error: None, wrong: &[], doubts: &doubts };
        self.show_territory(&draft, &directory, was, &typed, &again)
    }

    fn show_territory(
        &self,
        draft: &Kept<Draft>,
        directory: &Directory,
        was: Option<&Territory>,
        typed: &Typed,
        again: &Again<'_>,
    ) -> Result<Response, Failure> {
        let id = &draft.value.id;
        let view = View {
            action: format!("/admin/drafts/{id}/territories/{}", was.map_or("new", |was| was.id.as_str())),
            revision: draft.revision,
            is_new: was.is_none(),
            typed,
            wrong: again.wrong,
            doubts: again.doubts,
            directory,
        };
        let title =
            was.map_or_else(|| "Ajouter un territoire".to_owned(), |was| format!("Modifier : {}", was.name));
        let body = html! {
            (steps(&draft.value, ""))
            (in_draft(&draft.value))
            (view.html())
        };
        let page = Page { title: &title, part: "/admin/drafts", error: again.error, ..self.page_of() };
        send(again.status, &page.html(&body))
    }

    /// Saves what the form says.
    pub(super) async fn save_territory(&self, id: &str, territory: &str) -> Result<Response, Failure> {
        let form = Form::read(self.incoming).await?;
        let (draft, directory) = self.of_the_region(id).await?;
        let geography = shipped::geography()?;
        let was = existing(territory).map(|id| find(&directory, id)).transpose()?;
        let typed = Typed::from(&form);
        let (mut read, mut wrong) =
            typed.read(&was.cloned().unwrap_or_else(blank), &Communes::new(&geography));
        if was.is_none() {
            // A double click adds one.
            let same = |one: &&Territory| Territory { id: String::new(), ..(*one).clone() } == read;
            if !read.name.is_empty() && directory.territories.iter().any(|one| same(&one)) {
                return go_to(&format!("/admin/drafts/{id}/territories?done=territory-saved"), None);
            }
            read.id =
                new_id(&read.name, "territoire", &|id| directory.territories.iter().any(|one| one.id == id));
        }
        let (errors, doubts) = check(&read, &directory, &geography, &clock::today());
        let told: Vec<&str> = wrong.iter().map(|one| one.field).collect();
        let errors: Vec<Wrong> = errors.into_iter().filter(|one| !told.contains(&one.field)).collect();
        wrong.extend(errors);
        let is_behind = form.get("revision") != draft.revision.to_string();
        if !wrong.is_empty() || is_behind {
            let error = is_behind.then_some(
                "Ce brouillon a changé entre-temps. Ce que vous avez écrit est encore là : relisez, puis enregistrez de nouveau.",
            );
            let status = if is_behind { 412 } else { 422 };
            let again = Again { status, error, wrong: &wrong, doubts: &doubts };
            return self.show_territory(&draft, &directory, was, &typed, &again);
        }
        let read_id = read.id.clone();
        self.desk.change_territory(draft, &read_id, Some(read)).await?;
        go_to(&format!("/admin/drafts/{id}/territories?done=territory-saved"), None)
    }

    /// Asks before a territory is taken out of a draft.
    pub(super) async fn territory_removal_page(
        &self,
        id: &str,
        territory: &str,
    ) -> Result<Response, Failure> {
        let (draft, directory) = self.of_the_region(id).await?;
        let found = find(&directory, territory)?;
        let named = named_by(&directory, territory);
        let keys = self.desk.keys().await?;
        let keys: Vec<&str> = keys
            .iter()
            .filter(|key| key.value.revoked.is_none() && key.value.role.territory() == Some(territory))
            .map(|key| key.value.name.as_str())
            .collect();
        let path = format!("/admin/drafts/{id}/territories/{territory}");
        let body = html! {
            (steps(&draft.value, ""))
            @if named.is_empty() {
                p { "Le territoire sera retiré du brouillon « " (draft.value.title) " ». Ses lieux restent. En ligne, rien ne change avant la publication ; l’étape peut être annulée." }
                @if !keys.is_empty() { p { "Après la publication, ces clés d’accès ne changeront plus rien : " (keys.join(", ")) "." } }
                form method="post" action={ (path) "/remove" } {
                    (revision(&draft))
                    div class="actions" {
                        button type="submit" class="danger" { "Retirer ce territoire" }
                        a class="button quiet" href=(path) { "Le garder" }
                    }
                }
            } @else {
                p { "Ce territoire est encore nommé, il ne peut pas être retiré. Changez d’abord :" }
                ul { @for one in &named { li { (one) } } }
                p { a class="button quiet" href=(path) { "Revenir au territoire" } }
            }
            (facts(&[("Nom", Some(html! { (found.name) })), ("Communes", Some(html! { (found.communes.len()) }))]))
        };
        let title = format!("Retirer : {}", found.name);
        let page = Page { title: &title, part: "/admin/drafts", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// Takes a territory out of a draft.
    pub(super) async fn remove_territory(&self, id: &str, territory: &str) -> Result<Response, Failure> {
        let form = Form::read(self.incoming).await?;
        let (draft, directory) = self.of_the_region(id).await?;
        let done = format!("/admin/drafts/{id}/territories?done=territory-removed");
        if find(&directory, territory).is_err() {
            return go_to(&done, None);
        }
        let draft = self.at_revision(&draft.value.id, &form).await?;
        self.desk.change_territory(draft, territory, None).await?;
        go_to(&done, None)
    }
}

fn row(territory: &Territory, path: &str, directory: &Directory, geography: &Geography) -> Vec<Markup> {
    let own = stands_in(&territory.id, directory, geography);
    let places = directory.structures.iter().filter(|place| own(place)).count();
    let departments = &directory.edition.region.departments;
    let whole: Vec<&str> = territory
        .departments
        .iter()
        .map(|code| {
            departments.iter().find(|one| one.code == *code).map_or(code.as_str(), |one| one.name.as_str())
        })
        .collect();
    let contact = territory.contact.as_ref();
    let contact = contact
        .and_then(|one| [&one.email, &one.phone, &one.website, &one.name].into_iter().flatten().next());
    vec![
        html! { a href={ (path) "/" (territory.id) } { (territory.name) } },
        html! {
            @if !territory.communes.is_empty() { (counted(territory.communes.len(), "commune", "communes")) " " }
            (whole.join(", "))
        },
        html! { (places) },
        html! { @match contact { Some(contact) => (contact), None => "aucun" } },
        html! {
            @match &territory.label {
                Some(label) if label.counts_on(&clock::today()) => { "jusqu’au " @if let Some(day) = label.may_expire_on() { (words::date(&day)) } }
                Some(_) => "expiré, ou pas encore",
                None => "aucun",
            }
        },
    ]
}
