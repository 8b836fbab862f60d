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
mod place_fields;
mod place_form;
mod place_links;
pub(crate) mod place_own;
mod place_read;
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
use super::endpoints::{self, Answering, Endpoint, Names, endpoints};
use super::method_and_path;
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
use serving::limits::{DIRECTORY, KIB, Limits, MIB};
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use serving::store::Store;
use std::cell::RefCell;
use web_sys::Response;

type Handler = for<'a> fn(&'a Asked<'a>, Names<'a>) -> Answering<'a, Result<Response, Failure>>;

const FORM: Limits = Limits::form(256 * KIB, 2000);
/// A file for a draft, and how it is to be read.
const FILE: Limits = Limits { bytes: DIRECTORY + 256 * KIB, fields: 32, files: 1 };
/// A decision for each line of a large file.
const DECISIONS: Limits = Limits::form(4 * MIB, 50_000);
/// Whoever signs in is nobody yet.
const SIGN_IN: Limits = Limits::form(16 * KIB, 4);

/// The pages under `/admin/`, for who has signed in.
static PAGES: &[Endpoint<Handler>] = endpoints! {
    GET "" [] See FORM => home();
    GET "drafts" [] Draft FORM => drafts(None);
    POST "drafts" [] Draft FORM => begin();
    GET "drafts/{id}" [id] Draft FORM => draft(id, None);
    POST "drafts/{id}/file" [id] Draft FILE => upload(id);
    GET "drafts/{id}/import" [id] Draft FORM => file_page(id);
    POST "drafts/{id}/import" [id] Draft DECISIONS => read_file_again(id);
    GET "drafts/{id}/check" [id] Draft FORM => check_page(id);
    POST "drafts/{id}/check" [id] Draft FORM => check(id);
    GET "drafts/{id}/difference" [id] Draft FORM => difference_page(id);
    GET "drafts/{id}/preview" [id] Draft FORM => preview_page(id);
    GET "drafts/{id}/publish" [id] Draft FORM => publish_page(id, None);
    POST "drafts/{id}/publish" [id] Draft FORM => publish(id);
    POST "drafts/{id}/undo" [id] Draft FORM => undo(id);
    POST "drafts/{id}/abandon" [id] Draft FORM => abandon(id);
    POST "drafts/{id}/propose" [id] Draft FORM => propose(id);
    POST "drafts/{id}/rebase" [id] Draft FORM => rebase(id);
    GET "drafts/{id}/places" [id] Draft FORM => draft_places(id);
    GET "drafts/{id}/places/{place}" [id, place] Draft FORM => place_form(id, existing(place));
    POST "drafts/{id}/places/{place}" [id, place] Draft FORM => save_place(id, existing(place));
    GET "drafts/{id}/places/{place}/remove" [id, place] Draft FORM => removal_page(id, place);
    POST "drafts/{id}/places/{place}/remove" [id, place] Draft FORM => remove_place(id, place);
    GET "drafts/{id}/territories" [id] Draft FORM => territories(id);
    GET "drafts/{id}/territories/{one}" [id, one] Draft FORM => territory_form(id, one);
    POST "drafts/{id}/territories/{one}" [id, one] Draft FORM => save_territory(id, one);
    GET "drafts/{id}/territories/{one}/remove" [id, one] Draft FORM => territory_removal_page(id, one);
    POST "drafts/{id}/territories/{one}/remove" [id, one] Draft FORM => remove_territory(id, one);
    GET "drafts/{id}/texts" [id] Draft FORM => texts(id);
    GET "drafts/{id}/texts/{one}" [id, one] Draft FORM => text(id, one, None);
    POST "drafts/{id}/texts/{one}" [id, one] Draft FORM => save_text(id, one);
    GET "places" [] See FORM => places();
    GET "places/{id}" [id] See FORM => place(id);
    POST "places/{id}/edit" [id] Draft FORM => edit_place(id);
    GET "versions" [] See FORM => versions();
    GET "versions/rollback" [] GoBack FORM => ask_rollback();
    POST "versions/rollback" [] GoBack FORM => roll_back();
    GET "versions/{id}" [id] See FORM => version(id);
    GET "versions/{id}/directory.json" [id] See FORM => version_document(id);
    GET "keys" [] Keys FORM => keys();
    POST "keys" [] Keys FORM => make_key();
    POST "keys/{id}/confirm" [id] Keys FORM => confirm_key(id);
    GET "keys/{id}/revoke" [id] Keys FORM => revocation_page(id);
    POST "keys/{id}/revoke" [id] Keys FORM => revoke_key(id);
    GET "audit" [] Audit FORM => audit();
    GET "audit.csv" [] Audit FORM => audit_csv();
    GET "diagnosis" [] See FORM => diagnosis();
    GET "diagnosis/page" [] See FORM => diagnosis_page();
    GET "coverage" [] See FORM => coverage();
    GET "freshness" [] See FORM => freshness();
    GET "freshness.csv" [] See FORM => freshness_table();
    POST "freshness/remind" [] PublishAll FORM => remind();
    POST "freshness/places" [] Draft FORM => write_to_places();
    GET "place-links" [] Draft FORM => place_links();
    POST "place-links" [] Draft FORM => make_place_link();
    POST "place-links/{place}/revoke" [place] Draft FORM => revoke_place_link(place);
    GET "sources" [] See FORM => sources();
    GET "reports" [] See FORM => reports();
    POST "reports" [] Draft FORM => treat_report();
    GET "counters" [] See FORM => counters();
    GET "counters.csv" [] See FORM => counters_table();
    GET "export" [] See FORM => export();
};

/// What a form sent to a page may be.
pub(crate) fn limits(method: &str, path: &str) -> Limits {
    match path {
        "sign-in" | "sign-out" => SIGN_IN,
        _ => endpoints::find(PAGES, method, path).map_or(FORM, |(endpoint, _)| endpoint.body),
    }
}

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
    let allowed = endpoints::methods(PAGES, path).ok_or_else(Problem::not_found);
    let asked = Asked { desk: &desk, incoming, query };
    let answer = match (endpoints::find(PAGES, method, path), allowed) {
        (Some((endpoint, names)), _) => {
            desk.must(endpoint.right, &method_and_path(incoming.request, method)).await?;
            (endpoint.handler)(&asked, names).await
        }
        (None, Ok(allowed)) => Err(Problem::not_allowed(&allowed).into()),
        (None, Err(nothing)) => Err(nothing.into()),
    };
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
    query: &'a str,
}

impl Asked<'_> {
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
    let (place, _) = place_fields::Typed::from(form).read(&Structure::default(), &around);
    drop(place_fields::Typed::of(&place, geography));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_file_of_a_draft_may_be_large() {
        let limits = limits("POST", "drafts/a1/file");
        assert_eq!((limits.files, limits.fields), (1, 32));
        assert_eq!(super::limits("POST", "drafts/a1/places/x").files, 0);
        assert_eq!(super::limits("POST", "sign-in"), SIGN_IN);
    }

    #[test]
    fn no_page_hides_another() {
        for (rank, line) in PAGES.iter().enumerate() {
            let path = line.path.replace(['{', '}'], "");
            let (first, _) = endpoints::find(PAGES, line.method, &path).unwrap();
            assert!(std::ptr::eq(first, &raw const PAGES[rank]), "{} {}", line.method, line.path);
        }
    }
}
