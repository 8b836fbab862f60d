//! The history: what was live when, what it changed, and going back.

use super::draft_steps::difference;
use super::frame::{Page, go_to, send};
use super::parts::{pager, table};
use super::wording::places as counted;
use super::{Asked, words};
use crate::archive::document;
use crate::versions::{State, history, of_snapshot};
use insight::compare::diff;
use maud::{Markup, html};
use protocol::rights::Right;
use protocol::versions::Version;
use serving::answer::{self, JSON, NOT_KEPT};
use serving::form::Form;
use serving::header::Precondition;
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use serving::shipped;
use shared::french::capitalised;
use shared::snapshot::SnapshotId;
use web_sys::Response;

/// How many versions a page shows.
const PER_PAGE: u32 = 50;

/// What a version changed: how much in one line, then what it meant for people.
pub(super) fn changes(version: &Version) -> Markup {
    html! {
        @match &version.changes {
            Some(changes) => {
                (changes.french())
                @for sentence in &changes.headline { br; span class="soft" { (sentence) } }
            }
            None => span class="soft" { "non connu" }
        }
    }
}

fn snapshot(text: &str) -> Result<SnapshotId, Failure> {
    SnapshotId::parse(text).ok_or_else(|| Problem::not_found().into())
}

impl Asked<'_> {
    /// `/admin/versions`.
    pub(super) async fn versions(&self) -> Result<Response, Failure> {
        let state = State::read(&self.desk.ledger, &self.desk.store).await?;
        let before = parameter(self.query, "before").and_then(|number| number.parse().ok());
        let entries = history(&self.desk.ledger, before, PER_PAGE).await?;
        let is_last = entries.len() < PER_PAGE as usize;
        let may_go_back = self.desk.person.role.may(Right::GoBack);
        let go_back = |id: &SnapshotId, name: &str| {
            html! {
                a href={ "/admin/versions/" (id) } { "Ce qu’elle change" span class="hidden" { " : " (name) } }
                @if may_go_back && *id != state.live {
                    br;
                    a href={ "/admin/versions/rollback?to=" (id) } { "Revenir à cette version" span class="hidden" { " : " (name) } }
                }
            }
        };
        let mut rows: Vec<Vec<Markup>> = entries
            .iter()
            .map(|entry| {
                let version = &entry.value;
                vec![
                    html! {
                        (version.version)
                        @if version.version == state.version { " " span class="tag good" { "en ligne" } }
                        @else if version.snapshot == state.live { " " span class="tag" { "même contenu que la version en ligne" } }
                    },
                    html! { (words::time(&version.published_at)) br; span class="soft" { (version.action.french()) } },
                    html! { (version.by.name) },
                    html! { @if version.reason.is_empty() { span class="soft" { "pas de raison donnée" } } @else { (version.reason) } },
                    changes(version),
                    html! { (version.title) br; span class="soft" { (counted(version.structures as usize, "lieu", "lieux")) } },
                    go_back(&version.snapshot, &format!("version {}", version.version)),
                ]
            })
            .collect();
        if is_last && !entries.iter().any(|entry| shipped::is_shipped(&entry.value.snapshot)) {
            rows.push(shipped(&state, &go_back)?);
        }
        let columns = ["Version", "Quand", "Qui", "Pourquoi", "Ce qui a changé", "Annuaire", "Actions"];
        let caption = html! { "Versions, la plus récente d’abord" };
        let older = entries.last().map(|last| format!("/admin/versions?before={}", last.number));
        let older = older.as_deref().filter(|_| !is_last).map(|address| (address, "Versions plus anciennes"));
        let body = html! {
            p { "Chaque publication est gardée en entier. Revenir à une version prend quelques secondes ; on peut ensuite revenir à celle d’aujourd’hui." }
            (table(&caption, &columns, &rows))
            (pager("Pages de l’historique", before.is_some().then_some(("/admin/versions", "Versions les plus récentes")), older))
        };
        let page = Page { title: "Versions", part: "/admin/versions", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// What a version is called by people.
    async fn called(&self, id: &SnapshotId) -> Result<(String, Option<Version>), Failure> {
        let found = of_snapshot(&self.desk.ledger, |version| version.snapshot == *id).await?;
        let name = match &found {
            Some(version) => format!("version {}", version.version),
            None => "version livrée avec le service".to_owned(),
        };
        Ok((name, found))
    }

    /// The document of a version, as JSON.
    pub(super) async fn version_document(&self, id: &str) -> Result<Response, Failure> {
        let id = snapshot(id)?;
        let document = document(Some(&self.desk.store), &id).await?;
        let name = format!("attachment; filename=\"annuaire-{id}.json\"");
        let fields = [("content-type", JSON), ("content-disposition", &name), ("cache-control", NOT_KEPT)];
        answer::once(200, &document, &fields)
    }

    /// `/admin/versions/{snapshot}`: what it differs in from the live one.
    pub(super) async fn version(&self, id: &str) -> Result<Response, Failure> {
        let id = snapshot(id)?;
        let state = State::read(&self.desk.ledger, &self.desk.store).await?;
        let (name, version) = self.called(&id).await?;
        let compared = self.compared(&state, &id).await?;
        let may_go_back = self.desk.person.role.may(Right::GoBack) && id != state.live;
        let body = html! {
            @if let Some(version) = &version {
                p { "Mise en ligne le " (words::time(&version.published_at)) " par " (version.by.name) "." @if !version.reason.is_empty() { " Raison : « " (version.reason) " »." } }
                p { "Par rapport à la version d’avant : " (changes(version)) }
            }
            p { a href={ "/admin/versions/" (id) "/directory.json" } { "Télécharger son annuaire (JSON)" } }
            @if id == state.live { p { strong { "C’est la version en ligne." } } }
            @else {
                h2 { "Ce qui changerait si l’on y revenait" }
                (compared)
                @if may_go_back { p { a class="button" href={ "/admin/versions/rollback?to=" (id) } { "Revenir à cette version" } } }
            }
            p { a href="/admin/versions" { "Revenir aux versions" } }
        };
        let title = capitalised(&name);
        let page = Page { title: &title, part: "/admin/versions", ..self.page_of() };
        send(200, &page.html(&body))
    }

    async fn compared(&self, state: &State, to: &SnapshotId) -> Result<Markup, Failure> {
        let before = self.desk.parse(&self.desk.live_document().await?)?;
        let after = self.desk.parse(&document(Some(&self.desk.store), to).await?)?;
        let found = diff::difference(&before, &after);
        let told = diff::summary(&found, None, None).french();
        Ok(html! { @if *to != state.live { p { "En résumé : " (told) "." } (difference(&found)) } })
    }

    /// `/admin/versions/rollback?to=…`.
    pub(super) async fn ask_rollback(&self) -> Result<Response, Failure> {
        self.rollback_page(&parameter(self.query, "to").unwrap_or_default(), "", 200, None).await
    }

    /// Says what will change, and asks.
    async fn rollback_page(
        &self,
        to: &str,
        reason: &str,
        status: u16,
        error: Option<&str>,
    ) -> Result<Response, Failure> {
        let to = snapshot(to)?;
        let state = State::read(&self.desk.ledger, &self.desk.store).await?;
        let (name, _) = self.called(&to).await?;
        let is_live = to == state.live;
        let body = html! {
            @if is_live {
                p { "C’est déjà la version en ligne : il n’y a rien à faire." }
            } @else {
                p { "La " (name) " sera de nouveau en ligne, à la place de " (live_name(&state)) ". Rien n’est perdu : on pourra revenir à celle-ci." }
                form method="post" action="/admin/versions/rollback" class="card" {
                    input type="hidden" name="to" value=(to);
                    input type="hidden" name="live" value=(state.live);
                    label for="reason" { "Pourquoi" }
                    p class="help" id="reason-help" { "Une phrase, pour ceux qui liront l’historique." }
                    input id="reason" name="reason" value=(reason) aria-describedby="reason-help" maxlength="1000" autocomplete="off";
                    div class="actions" {
                        button type="submit" class="danger" { "Revenir à la " (name) }
                        a class="button quiet" href="/admin/versions" { "Ne rien changer" }
                    }
                }
                h2 { "Ce qui va changer" }
                (self.compared(&state, &to).await?)
            }
            p { a href="/admin/versions" { "Revenir aux versions" } }
        };
        let title = format!("Revenir à la {name}");
        let page = Page { title: &title, part: "/admin/versions", error, ..self.page_of() };
        send(status, &page.html(&body))
    }

    /// Goes back.
    pub(super) async fn roll_back(&self) -> Result<Response, Failure> {
        let form = Form::read(self.incoming).await?;
        let to = snapshot(form.get("to"))?;
        let precondition = Precondition::Live(vec![form.get("live")]);
        let reason = form.get("reason").trim().chars().take(crate::admin::LONGEST_REASON).collect();
        match self.desk.publisher().roll_back(Some(to), &precondition, reason).await {
            Ok(_) => go_to("/admin/versions?done=rolled-back", None),
            Err(Failure::Problem(problem)) if problem.status == 412 => {
                let error = "Quelqu’un a changé la version en ligne entre-temps. Relisez ce qui va changer, puis confirmez.";
                self.rollback_page(form.get("to"), form.get("reason"), 412, Some(error)).await
            }
            Err(failure) => Err(failure),
        }
    }
}

/// The directory that is shipped with the service: live before the first publication.
fn shipped(state: &State, go_back: &dyn Fn(&SnapshotId, &str) -> Markup) -> Result<Vec<Markup>, Failure> {
    let manifest = shipped::manifest()?;
    let nothing = || html! { span class="soft" { "–" } };
    Ok(vec![
        html! {
            "livrée"
            @if state.version == 0 { " " span class="tag good" { "en ligne" } }
        },
        html! { "avant la première publication" },
        nothing(),
        html! { "livrée avec le service" },
        nothing(),
        html! { (manifest.title) br; span class="soft" { (counted(manifest.structures as usize, "lieu", "lieux")) } },
        go_back(&shipped::snapshot(), "version livrée"),
    ])
}

fn live_name(state: &State) -> String {
    if state.version == 0 { "la version livrée".to_owned() } else { format!("la version {}", state.version) }
}
