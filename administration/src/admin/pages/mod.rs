//! The pages of the administration: written by the worker, usable with a keyboard and
//! without JavaScript, under a policy that lets no script run. A form does what the API
//! does, through the same [`Desk`], and ends with a plain page that can be reloaded.

mod audit;
mod counters;
mod coverage;
mod diagnosis;
mod draft_file;
mod draft_steps;
mod drafts;
mod export;
mod frame;
mod freshness;
mod guide;
mod home;
mod hours;
mod keys;
mod parts;
mod place_edit;
mod place_form;
mod place_links;
pub(crate) mod place_own;
mod place_read;
mod place_typed;
mod places;
mod reports;
mod sign_in;
mod sources;
mod territories;
mod territory_form;
mod text_fields;
mod texts;
mod versions;
mod wording;
mod words;

use super::desk::Desk;
use super::drafts::{Draft, overtaken};
use super::session;
use super::who::{Caller, Secret, recognise};
use crate::archive::unread;
use crate::ledger::{Kept, Ledger};
use crate::values;
use frame::Page;
use maud::{Markup, html};
use serving::body::Incoming;
use serving::form::Form;
use serving::host::Host;
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use serving::store::Store;
use std::cell::RefCell;
use web_sys::Response;

/// Answers a request for a page. Whatever fails is a page too.
pub(crate) async fn answer(
    host: &Host<'_>,
    incoming: &Incoming<'_>,
    method: &str,
    path: &str,
    query: &str,
) -> Result<Response, Failure> {
    match page(host, incoming, method, path, query).await {
        Err(Failure::Problem(problem)) if problem.status == 401 => {
            sign_in::page(401, None, &next(path, query))
        }
        Err(Failure::Problem(problem)) => frame::problem(&problem, None),
        other => other,
    }
}

/// Where to go after signing in: the page that was asked for.
fn next(path: &str, query: &str) -> String {
    match (path, query) {
        ("" | "sign-in" | "sign-out", _) => "/admin".to_owned(),
        (path, "") => format!("/admin/{path}"),
        (path, query) => format!("/admin/{path}?{query}"),
    }
}

async fn page(
    host: &Host<'_>,
    incoming: &Incoming<'_>,
    method: &str,
    path: &str,
    query: &str,
) -> Result<Response, Failure> {
    let is_post = method == "POST";
    if path == "guide" && matches!(method, "GET" | "HEAD") {
        // Who has no key yet may read it.
        return guide::page(host);
    }
    let secret = Secret::of(host.env)?;
    let caller = Caller::of(host.env, incoming.request, host.cache.origin);
    if !is_post && method != "GET" && method != "HEAD" {
        return Err(Problem::not_allowed("GET, HEAD, POST").into());
    }
    let name = host.cache.origin.split_once("://").map_or("", |(_, name)| name);
    if is_post && !session::is_ours(caller.origin.as_deref(), caller.fetch_site.as_deref(), name) {
        return Err(sign_in::foreign());
    }
    match (is_post, path) {
        (true, "sign-in") => return sign_in::sign_in(host, incoming, &caller, &secret).await,
        (true, "sign-out") => return sign_in::sign_out(host, &caller).await,
        (false, "sign-in") => return sign_in::page(200, None, "/admin"),
        _ => {}
    }
    let ledger = Ledger::open(host.env).map_err(unread)?;
    let (person, how) = recognise(host.env, &ledger, &caller, &secret).await?;
    let store = Store::open(host.env).map_err(unread)?;
    let desk = Desk { host, store, ledger, person, how, secret, notes: RefCell::default() };
    let asked = Asked { desk: &desk, incoming, path, query, is_post };
    let answer = asked.page().await;
    if is_post {
        values::sweep_behind(host);
    }
    match answer {
        Err(Failure::Problem(problem)) => frame::problem(&problem, Some(&desk.person)),
        other => other,
    }
}

/// A request of somebody who is known.
struct Asked<'a> {
    desk: &'a Desk<'a>,
    incoming: &'a Incoming<'a>,
    path: &'a str,
    query: &'a str,
    is_post: bool,
}

impl Asked<'_> {
    async fn page(&self) -> Result<Response, Failure> {
        let parts: Vec<&str> = self.path.split('/').filter(|part| !part.is_empty()).collect();
        match (self.is_post, &parts[..]) {
            (false, []) => self.home().await,
            (false, ["drafts"]) => self.drafts(None).await,
            (true, ["drafts"]) => self.begin().await,
            (false, ["drafts", id]) => self.draft(id, None).await,
            (false, ["drafts", id, "import"]) => self.file_page(id).await,
            (true, ["drafts", id, "import"]) => self.read_file_again(id).await,
            (false, ["drafts", id, "check"]) => self.check_page(id).await,
            (false, ["drafts", id, "difference"]) => self.difference_page(id).await,
            (false, ["drafts", id, "preview"]) => self.preview_page(id).await,
            (false, ["drafts", id, "publish"]) => self.publish_page(id, None).await,
            (true, ["drafts", id, "publish"]) => Box::pin(self.publish(id)).await,
            (true, ["drafts", id, what]) => self.change_draft(id, what).await,
            (false, ["drafts", id, "places"]) => self.draft_places(id).await,
            (false, ["drafts", id, "places", place]) => self.place_form(id, existing(place)).await,
            (true, ["drafts", id, "places", place]) => self.save_place(id, existing(place)).await,
            (false, ["drafts", id, "places", place, "remove"]) => self.removal_page(id, place).await,
            (true, ["drafts", id, "places", place, "remove"]) => self.remove_place(id, place).await,
            (false, ["drafts", id, "territories"]) => self.territories(id).await,
            (false, ["drafts", id, "territories", one]) => self.territory_form(id, one).await,
            (true, ["drafts", id, "territories", one]) => self.save_territory(id, one).await,
            (false, ["drafts", id, "territories", one, "remove"]) => {
                self.territory_removal_page(id, one).await
            }
            (true, ["drafts", id, "territories", one, "remove"]) => self.remove_territory(id, one).await,
            (false, ["drafts", id, "texts"]) => self.texts(id).await,
            (_, ["drafts", id, "texts", one]) => self.text(id, one).await,
            (false, ["places"]) => self.places().await,
            (false, ["places", id]) => self.place(id).await,
            (true, ["places", id, "edit"]) => self.edit_place(id).await,
            (false, ["versions"]) => self.versions().await,
            (false, ["versions", "rollback"]) => {
                let to = parameter(self.query, "to").unwrap_or_default();
                self.rollback_page(&to, "", 200, None).await
            }
            (true, ["versions", "rollback"]) => self.roll_back().await,
            (false, ["versions", id]) => self.version(id).await,
            (false, ["versions", id, "directory.json"]) => self.version_document(id).await,
            (false, ["keys"]) => self.keys().await,
            (true, ["keys"]) => self.make_key().await,
            (true, ["keys", id, "confirm"]) => self.confirm_key(id).await,
            (false, ["keys", id, "revoke"]) => self.revocation_page(id).await,
            (true, ["keys", id, "revoke"]) => self.revoke_key(id).await,
            (false, ["audit"]) => self.audit().await,
            (false, ["audit.csv"]) => self.audit_csv().await,
            (false, ["diagnosis"]) => self.diagnosis().await,
            (false, ["diagnosis", "page"]) => self.diagnosis_page().await,
            (false, ["coverage"]) => self.coverage().await,
            (false, ["freshness"]) => self.freshness().await,
            (false, ["freshness.csv"]) => self.freshness_table().await,
            (true, ["freshness", "remind"]) => self.remind().await,
            (true, ["freshness", "places"]) => self.write_to_places().await,
            (false, ["place-links"]) => self.place_links().await,
            (true, ["place-links"]) => self.make_place_link().await,
            (true, ["place-links", place, "revoke"]) => self.revoke_place_link(place).await,
            (false, ["sources"]) => self.sources().await,
            (false, ["reports"]) => self.reports().await,
            (true, ["reports"]) => self.treat_report().await,
            (false, ["counters"]) => self.counters().await,
            (false, ["counters.csv"]) => self.counters_table().await,
            (false, ["export"]) => self.export().await,
            _ => Err(Problem::not_found().into()),
        }
    }

    /// What every page of this person has around it.
    fn page_of(&self) -> Page<'_> {
        let done = parameter(self.query, "done").and_then(|code| wording::done(&code));
        Page { title: "", person: Some(&self.desk.person), part: "", done, error: None }
    }

    /// A draft, where nobody has changed it since the form was written.
    async fn at_revision(&self, id: &str, form: &Form) -> Result<Kept<Draft>, Failure> {
        let draft = self.desk.draft(id).await?;
        if form.get("revision") == draft.revision.to_string() { Ok(draft) } else { Err(overtaken()) }
    }
}

/// The id of a place in an address; `new` is the form of one that is not there yet.
fn existing(place: &str) -> Option<&str> {
    (place != "new").then_some(place)
}

/// The revision that a form was written for.
fn revision(draft: &Kept<Draft>) -> Markup {
    html! { input type="hidden" name="revision" value=(draft.revision); }
}

/// Reads a form as that of a place, typed into an empty one.
#[cfg(fuzzing)]
pub(crate) fn fuzzed(form: &serving::form::Form) {
    use shared::directory::{Directory, Structure};
    use shared::geography::Geography;
    use std::sync::LazyLock;
    static AROUND: LazyLock<(Directory, Geography)> = LazyLock::new(|| {
        let directory = Directory::from_json(include_bytes!("../../../../shared/editions/2026.json"));
        let communes = include_str!("../../../../shared/data/communes.tsv");
        let former = include_str!("../../../../shared/data/former-communes.tsv");
        // One department: each form indexes the communes again.
        let geography = Geography::parse(communes, former, &|department| department == "26");
        (directory.expect("it ships"), geography.expect("they ship"))
    });
    let (directory, geography) = &*AROUND;
    let around = place_read::Around::new(directory, geography, "2026-11-24");
    let (place, _) = place_typed::Typed::from(form).read(&Structure::default(), &around);
    drop(place_typed::Typed::of(&place, geography));
}
