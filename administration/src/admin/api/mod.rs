//! The API of the administration: every address with what it needs, and the answers.

mod drafts;
mod objects;

use super::desk::Desk;
use super::endpoints::{self, Answering, Endpoint, Names, SHORT, endpoints};
use super::person::Person;
use super::place_links::Made;
use super::who::{Caller, How, Secret, recognise};
use super::{builds, method_and_path, session, short, snapshot_id, unreadable};
use crate::archive::{document, unread};
use crate::ledger::Ledger;
use crate::publication::{Refusal, check, listed, told};
use crate::versions::{State, history};
use crate::{seen, values};
use insight::compare::diff::difference;
use insight::verify::examine::Examined;
use objects::{Object, rollback, shown_key, shown_link};
use protocol::access::{self, KeyRequest, Keys, Me};
use protocol::place_links::{PlaceLink, PlaceLinks, PlaceLinksRequest};
use protocol::trail::Trail;
use protocol::versions::{Missing, StagedPublication, Versions};
use serde::Serialize;
use serde_json::json;
use serving::answer::{self, Field, JSON, NOT_KEPT};
use serving::body::Incoming;
use serving::clock;
use serving::header::Precondition;
use serving::host::Host;
use serving::limits::{DIRECTORY, KIB, Limits, MIB};
use serving::problem::{Failure, Problem};
use serving::query::{is_asset, parameter};
use serving::store::Store;
use shared::directory::Directory;
use std::cell::RefCell;
use web_sys::Response;

#[cfg(fuzzing)]
pub(super) use objects::fuzzed;

/// How many lines of a log are given at once, and at most.
const USUAL_LINES: u32 = 100;
const MOST_LINES: u32 = 1000;

const WHOLE: Limits = Limits::bytes(DIRECTORY);
/// A decision for each line of a large file.
const DECISIONS: Limits = Limits::bytes(4 * MIB);
/// The list of a whole country's pieces.
const MANIFEST: Limits = Limits::bytes(256 * KIB);
/// The ids of many places or communes, the numbers of many sources.
const MANY: Limits = Limits::bytes(64 * KIB);

type Handler = for<'a> fn(&'a Asked<'a>, Names<'a>) -> Answering<'a, Answer>;
type Answer = Result<Response, Failure>;

/// What is under `/admin/v1/`.
static ENDPOINTS: &[Endpoint<Handler>] = endpoints! {
    GET "me" [] See SHORT => me();
    POST "validate" [] Draft WHOLE => validate();
    POST "publish" [] PublishAll WHOLE => publish();
    GET "versions" [] See SHORT => versions();
    POST "rollback" [] GoBack SHORT => roll_back();
    GET "directory" [] See SHORT => directory();
    POST "diff" [] Draft WHOLE => difference();
    GET "coverage" [] See SHORT => coverage();
    GET "diagnosis" [] See SHORT => diagnosis();
    GET "guide.svg" [] See SHORT => drawing();
    GET "guide.html" [] See SHORT => drawing_page();
    GET "drafts" [] Draft SHORT => drafts();
    POST "drafts" [] Draft SHORT => begin();
    GET "drafts/{id}" [id] Draft SHORT => draft(id);
    DELETE "drafts/{id}" [id] Draft SHORT => abandon(id);
    GET "drafts/{id}/directory" [id] Draft SHORT => draft_directory(id);
    PUT "drafts/{id}/directory" [id] Draft WHOLE => replace_directory(id);
    PUT "drafts/{id}/file" [id] Draft WHOLE => bring_in(id);
    GET "drafts/{id}/import" [id] Draft SHORT => import(id);
    PUT "drafts/{id}/import" [id] Draft DECISIONS => read_again(id);
    GET "drafts/{id}/findings" [id] Draft SHORT => findings(id);
    GET "drafts/{id}/difference" [id] Draft SHORT => draft_difference(id);
    POST "drafts/{id}/check" [id] Draft SHORT => check(id);
    POST "drafts/{id}/undo" [id] Draft SHORT => undo(id);
    POST "drafts/{id}/rebase" [id] Draft SHORT => rebase(id);
    POST "drafts/{id}/propose" [id] Draft SHORT => propose(id);
    POST "drafts/{id}/publish" [id] PublishOwnPlaces SHORT => publish_draft(id);
    PUT "drafts/{id}/places/{place}" [id, place] Draft MANY => write_place(id, place);
    DELETE "drafts/{id}/places/{place}" [id, place] Draft SHORT => remove_place(id, place);
    PUT "drafts/{id}/territories/{territory}" [id, territory] Draft MANY => write_territory(id, territory);
    DELETE "drafts/{id}/territories/{territory}" [id, territory] Draft SHORT => remove_territory(id, territory);
    PUT "snapshots/{id}" [id] PublishAll MANIFEST => stage(id);
    PUT "snapshots/{id}/values/{value}" [id, value] PublishAll WHOLE => take_value(id, value);
    POST "snapshots/{id}/publish" [id] PublishAll SHORT => publish_staged(id);
    GET "keys" [] Keys SHORT => keys();
    POST "keys" [] Keys SHORT => make_key();
    DELETE "keys/{id}" [id] Keys SHORT => revoke_key(id);
    POST "keys/{id}/confirm" [id] Keys SHORT => confirm_key(id);
    GET "place-links" [] Draft SHORT => place_links();
    POST "place-links" [] Draft MANY => make_place_links();
    DELETE "place-links/{place}" [place] Draft SHORT => revoke_place_link(place);
    GET "sources" [] See SHORT => sources();
    PUT "sources" [] Draft MANY => take_run();
    GET "audit" [] Audit SHORT => trail();
    GET "counters" [] See SHORT => counters();
    GET "builds" [] See SHORT => builds();
    PUT "builds/{build}/{file}" [build, file] PublishAll WHOLE => keep_file(build, file);
};

/// The methods that a path answers, as `Allow` lists them.
fn methods(path: &str) -> Option<String> {
    endpoints::methods(ENDPOINTS, path)
}

/// What a body sent to a path may be.
pub(crate) fn limits(method: &str, path: &str) -> Limits {
    endpoints::find(ENDPOINTS, method, path).map_or(SHORT, |(endpoint, _)| endpoint.body)
}

/// Answers a request to a path under `/admin/v1/`. Only those who have a key learn that nothing is there.
pub(crate) async fn answer(
    host: &Host<'_>,
    incoming: &Incoming<'_>,
    method: &str,
    path: &str,
    query: &str,
) -> Answer {
    let caller = Caller::of(host.env, incoming.request, host.cache.origin);
    let secret = Secret::of(host.env)?;
    let ledger = Ledger::open(host.env).map_err(unread)?;
    let (person, how) = recognise(host.env, &ledger, &caller, &secret).await?;
    let allowed = methods(path).ok_or_else(Problem::not_found)?;
    let (endpoint, names) =
        endpoints::find(ENDPOINTS, method, path).ok_or_else(|| Problem::not_allowed(&allowed))?;
    let store = Store::open(host.env).map_err(unread)?;
    let desk = Desk { host, store, ledger, person, how, secret, notes: RefCell::default() };
    ours(&desk, &caller, method, host)?;
    let if_match = incoming.header("if-match");
    let precondition = Precondition::parse(if_match.as_deref()).ok_or_else(|| {
        let detail =
            "L’en-tête If-Match doit être * ou l’identifiant de la version en ligne entre guillemets droits.";
        Problem::new(400, "malformed-precondition", detail)
    })?;
    desk.must(endpoint.right, &method_and_path(incoming.request, method)).await?;
    let asked = Asked { desk: &desk, incoming, query, precondition };
    let answer = (endpoint.handler)(&asked, names).await;
    if method != "GET" {
        values::sweep_behind(host);
    }
    answer
}

const FIELDS: [Field; 2] = [("content-type", JSON), ("cache-control", NOT_KEPT)];

/// An answer in JSON.
pub(super) fn as_json(value: &impl Serialize) -> Answer {
    let bytes = serde_json::to_vec(value).map_err(|error| Failure::ours("an answer", &error))?;
    answer::once(200, &bytes, &FIELDS)
}

/// What a browser sends by itself must come from our own pages.
fn ours(desk: &Desk<'_>, caller: &Caller, method: &str, host: &Host<'_>) -> Result<(), Failure> {
    let is_reading = matches!(method, "GET" | "HEAD");
    let name = host.cache.origin.split_once("://").map_or("", |(_, name)| name);
    let (origin, site) = (caller.origin.as_deref(), caller.fetch_site.as_deref());
    if desk.how == How::Bearer || is_reading || session::is_ours(origin, site, name) {
        return Ok(());
    }
    let detail = "Cette demande ne vient pas des pages d’administration. Rien n’a été changé.";
    Err(Problem::new(403, "foreign-page", detail).into())
}

/// A request of somebody who may make it.
struct Asked<'a> {
    desk: &'a Desk<'a>,
    incoming: &'a Incoming<'a>,
    query: &'a str,
    precondition: Precondition<'a>,
}

impl Asked<'_> {
    /// The object that the body holds.
    async fn object<T: Object>(&self) -> Result<T, Failure> {
        self.incoming.object(T::EXPECTED).await
    }

    #[expect(clippy::unused_async, reason = "as every handler of the table")]
    async fn me(&self) -> Answer {
        let Person { id, name, role } = self.desk.person.clone();
        as_json(&Me { id, name, role })
    }

    async fn validate(&self) -> Answer {
        as_json(&match check(&self.incoming.bytes().await?, &clock::today()) {
            Ok(Examined { snapshot, findings, proof, .. }) => json!({
                "valid": true,
                "snapshot": snapshot.id,
                "findings": listed(&findings),
                "proof": proof,
            }),
            Err(Refusal::Failure(failure)) => return Err(failure),
            Err(Refusal::Refused(refused)) => json!({
                "valid": false,
                "snapshot": null,
                "findings": listed(&refused.findings),
                "counter_example": refused.counter_example.as_ref().map(told),
            }),
        })
    }

    async fn publish(&self) -> Answer {
        let reason = short(parameter(self.query, "reason").unwrap_or_default());
        let body = self.incoming.bytes().await?;
        let removing = removing(self.query)?;
        as_json(&self.desk.publisher().publish(&body, &self.precondition, reason, removing).await?)
    }

    async fn roll_back(&self) -> Answer {
        let (to, reason) = rollback(&self.incoming.bytes().await?)?;
        as_json(&self.desk.publisher().roll_back(to, &self.precondition, reason).await?)
    }

    async fn versions(&self) -> Answer {
        let state = State::read(&self.desk.ledger, &self.desk.store).await?;
        let (before, limit) = lines(self.query)?;
        let versions = history(&self.desk.ledger, before, limit).await?;
        let next =
            (versions.len() == limit as usize).then(|| versions.last().map(|entry| entry.number)).flatten();
        let versions = versions.into_iter().map(|entry| entry.value).collect();
        as_json(&Versions { live: state.live, versions, next })
    }

    async fn directory(&self) -> Answer {
        let document = match parameter(self.query, "snapshot") {
            Some(id) => document(Some(&self.desk.store), &snapshot_id(&id)?).await?,
            None => self.desk.live_document().await?,
        };
        answer::once(200, &document, &FIELDS)
    }

    async fn difference(&self) -> Answer {
        let body = self.incoming.bytes().await?;
        let after = Directory::from_json(&body).map_err(|finding| unreadable(&finding))?;
        let before = self.desk.parse(&self.desk.live_document().await?)?;
        as_json(&difference(&before, &after))
    }

    async fn coverage(&self) -> Answer {
        seen::coverage(&self.desk.valid().await?, self.query)
    }

    async fn diagnosis(&self) -> Answer {
        seen::diagnosis(&self.desk.valid().await?, self.query, None)
    }

    async fn drawing(&self) -> Answer {
        seen::drawing(&self.desk.parse(&self.desk.live_document().await?)?, self.query, false)
    }

    async fn drawing_page(&self) -> Answer {
        seen::drawing(&self.desk.parse(&self.desk.live_document().await?)?, self.query, true)
    }

    async fn stage(&self, id: &str) -> Answer {
        let manifest = self.incoming.bytes().await?;
        as_json(&Missing { missing: self.desk.stage(&snapshot_id(id)?, &manifest).await? })
    }

    async fn take_value(&self, id: &str, value: &str) -> Answer {
        self.desk.take_value(&snapshot_id(id)?, value, &self.incoming.bytes().await?).await?;
        as_json(&json!({ "taken": value }))
    }

    async fn publish_staged(&self, id: &str) -> Answer {
        let StagedPublication { reason, summary, removing } = self.object().await?;
        let (id, reason) = (snapshot_id(id)?, short(reason));
        as_json(&self.desk.publish_staged(&id, &self.precondition, reason, summary, removing).await?)
    }

    async fn keys(&self) -> Answer {
        let mark = self.desk.secret.mark();
        let keys = self.desk.keys().await?.into_iter().map(|key| shown_key(key.value, mark)).collect();
        as_json(&Keys { keys })
    }

    async fn make_key(&self) -> Answer {
        let KeyRequest { name, role, email } = self.object().await?;
        let (key, secret) = self.desk.make_key(&name, role, email).await?;
        as_json(&access::Key { key: Some(secret), ..shown_key(key, self.desk.secret.mark()) })
    }

    async fn revoke_key(&self, id: &str) -> Answer {
        as_json(&shown_key(self.desk.revoke_key(id).await?, self.desk.secret.mark()))
    }

    async fn confirm_key(&self, id: &str) -> Answer {
        as_json(&shown_key(self.desk.confirm_key(id).await?, self.desk.secret.mark()))
    }

    async fn place_links(&self) -> Answer {
        let mark = self.desk.secret.mark();
        let links = self.desk.place_links().await?.into_iter().map(|link| shown_link(link, mark)).collect();
        as_json(&PlaceLinks { links })
    }

    async fn make_place_links(&self) -> Answer {
        let PlaceLinksRequest { places } = self.object().await?;
        let live = self.desk.parse(&self.desk.live_document().await?)?;
        let made = self.desk.make_place_links(&live, &places).await?;
        let (origin, mark) = (self.desk.host.cache.origin, self.desk.secret.mark());
        let links = made
            .into_iter()
            .map(|Made { link, path }| PlaceLink {
                address: Some(format!("{origin}{path}")),
                ..shown_link(link, mark)
            })
            .collect();
        as_json(&PlaceLinks { links })
    }

    async fn revoke_place_link(&self, place: &str) -> Answer {
        as_json(&shown_link(self.desk.revoke_place_link(place).await?, self.desk.secret.mark()))
    }

    /// What the last runs of sources said.
    async fn sources(&self) -> Answer {
        as_json(&self.desk.runs().await?)
    }

    /// Takes a run of `spro sync`.
    async fn take_run(&self) -> Answer {
        as_json(&self.desk.take_run(self.object().await?).await?)
    }

    async fn trail(&self) -> Answer {
        let (before, limit) = lines(self.query)?;
        let entries = self.desk.trail(before, limit).await?;
        let next =
            (entries.len() == limit as usize).then(|| entries.last().map(|entry| entry.number)).flatten();
        let trail = Trail { entries: entries.into_iter().map(|entry| entry.value).collect(), next };
        match parameter(self.query, "format").as_deref() {
            None | Some("json") => as_json(&trail),
            Some("csv") => {
                let fields = [
                    ("content-type", "text/csv; charset=utf-8; header=present"),
                    ("content-disposition", "attachment; filename=\"journal.csv\""),
                    ("cache-control", NOT_KEPT),
                ];
                answer::once(200, trail.csv().as_bytes(), &fields)
            }
            Some(_) => {
                Err(Problem::new(422, "unknown-format", "Les formats possibles sont json et csv.").into())
            }
        }
    }

    async fn counters(&self) -> Answer {
        super::counters::counted(self.desk, self.query).await
    }

    async fn builds(&self) -> Answer {
        as_json(&builds::listed(self.desk).await?)
    }

    async fn keep_file(&self, build: &str, file: &str) -> Answer {
        if !is_asset(&format!("/{build}/{file}")) {
            return Err(Problem::not_found().into());
        }
        as_json(&builds::keep(self.desk, build, file, self.incoming).await?)
    }
}

/// Which lines of a log are asked for: those before a number, and how many.
fn lines(query: &str) -> Result<(Option<u64>, u32), Failure> {
    let number = |name: &str| -> Result<Option<u64>, Failure> {
        parameter(query, name)
            .map(|text| {
                text.parse().map_err(|_| {
                    Problem::new(422, "malformed-number", format!("« {name} » doit être un nombre entier."))
                        .into()
                })
            })
            .transpose()
    };
    let limit = match number("limit")?.map(u32::try_from) {
        None => USUAL_LINES,
        Some(Ok(limit)) if (1..=MOST_LINES).contains(&limit) => limit,
        Some(_) => {
            let detail = format!("« limit » doit être compris entre 1 et {MOST_LINES}.");
            return Err(Problem::new(422, "malformed-number", detail).into());
        }
    };
    Ok((number("before")?, limit))
}

/// How many places somebody has said that a publication removes.
fn removing(query: &str) -> Result<Option<usize>, Failure> {
    let Some(text) = parameter(query, "removing") else { return Ok(None) };
    let detail = "« removing » est le nombre de lieux que la publication retire.";
    text.parse().map(Some).map_err(|_| Problem::new(400, "bad-parameter", detail).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn lines_are_asked_for_by_number() {
        assert_eq!(lines("").unwrap(), (None, USUAL_LINES));
        assert_eq!(lines("before=12&limit=5").unwrap(), (Some(12), 5));
        assert_eq!(lines("limit=1000").unwrap(), (None, MOST_LINES));
        for wrong in ["limit=0", "limit=1001", "limit=99999999999", "limit=x", "before=-1"] {
            assert!(lines(wrong).is_err(), "{wrong}");
        }
    }

    /// The description is written apart: neither it nor the table may say more than the other.
    #[test]
    fn every_described_address_is_answered_and_every_method_described() {
        let description: Value =
            serde_json::from_str(include_str!("../../../../worker/openapi.json")).unwrap();
        let mut described = Vec::new();
        for (path, item) in description["paths"].as_object().unwrap() {
            let Some(path) = path.strip_prefix("/admin/v1/") else { continue };
            for (method, operation) in item.as_object().unwrap() {
                assert!(!operation["security"].is_null(), "{method} {path} needs a key");
                described.push(format!("{} {path}", method.to_uppercase()));
            }
        }
        let mut answered: Vec<String> =
            ENDPOINTS.iter().map(|line| format!("{} {}", line.method, line.path)).collect();
        described.sort_unstable();
        answered.sort_unstable();
        assert_eq!(described, answered);
    }

    #[test]
    fn no_line_of_the_table_hides_another() {
        for (rank, line) in ENDPOINTS.iter().enumerate() {
            let path = line.path.replace(['{', '}'], "");
            let (first, _) = endpoints::find(ENDPOINTS, line.method, &path).unwrap();
            assert!(std::ptr::eq(first, &raw const ENDPOINTS[rank]), "{} {}", line.method, line.path);
        }
    }
}
