//! Administration: who may do what, drafts, versions, keys, the audit trail. The API is
//! answered here; the pages under `/admin` do the same things with forms.

mod access;
pub(crate) mod audit;
mod builds;
mod comparison;
mod counters;
mod desk;
pub(crate) mod drafts;
mod guesses;
mod keys;
pub(crate) mod pages;
mod place_answer;
mod place_links;
mod prepared;
mod rights;
mod session;
mod sources;
mod territories;
mod territory;
mod turn;
mod who;

pub(crate) use builds::renew_builds;
pub(crate) use drafts::Draft;

use crate::archive::{document, unread};
use crate::ledger::{Kept, Ledger};
use crate::publication::{Refusal, check, listed, to_json, told};
use crate::route::{Admin, Part, Route};
use crate::versions::{State, history};
use crate::{seen, values};
use counters::counted;
use desk::{Answered, Desk};
use drafts::{Changed, DraftState, overtaken};
use exchange::import::Options;
use insight::compare::diff::{Summary, difference};
use insight::verify::examine::Examined;
use keys::Key;
use place_links::PlaceLink;
use rights::{Right, Role};
use serde::Deserialize;
use serde_json::{Value, json};
use serving::answer::{self, Field, JSON, NOT_KEPT};
use serving::body::Incoming;
use serving::header::Precondition;
use serving::host::Host;
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use serving::store::Store;
use serving::{clock, shipped};
use shared::directory::{Directory, Structure, Territory};
use shared::finding::Finding;
use shared::snapshot::SnapshotId;
use shared::validate::{Valid, validate};
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::{Request, Response};
use who::{Caller, How, Secret, recognise};

pub(crate) use pages::answer as page;
pub(crate) use pages::place_own::answer as place_page;

/// The longest reason that the history keeps, in characters.
const LONGEST_REASON: usize = 1000;
/// How many lines of a log are given at once, and at most.
const USUAL_LINES: u32 = 100;
const MOST_LINES: u32 = 1000;

/// Answers a request to the administration API.
pub(crate) async fn answer(
    host: &Host<'_>,
    incoming: &Incoming<'_>,
    method: &str,
    route: Admin<'_>,
    query: &str,
) -> Result<Response, Failure> {
    let caller = Caller::of(host.env, incoming.request, host.cache.origin);
    let secret = Secret::of(host.env)?;
    let ledger = Ledger::open(host.env).map_err(unread)?;
    let (person, how) = recognise(host.env, &ledger, &caller, &secret).await?;
    if route == Admin::Unknown {
        return Err(Problem::not_found().into());
    }
    if !Route::Api(route).allows(method) {
        return Err(Problem::not_allowed(Route::Api(route).methods()).into());
    }
    let store = Store::open(host.env).map_err(unread)?;
    let desk = Desk { host, store, ledger, person, how, secret, notes: RefCell::default() };
    ours(&desk, &caller, method, host)?;
    let if_match = incoming.header("if-match");
    let precondition = Precondition::parse(if_match.as_deref()).ok_or_else(|| {
        let detail =
            "L’en-tête If-Match doit être * ou l’identifiant de la version en ligne entre guillemets droits.";
        Problem::new(400, "malformed-precondition", detail)
    })?;
    desk.must(right(route, method), method_and_path(incoming.request, method).as_str()).await?;
    let asked = Asked { incoming, method, query, precondition };
    let answer = Box::pin(value(&desk, &asked, route)).await;
    if method != "GET" {
        values::sweep_behind(host);
    }
    match answer? {
        Answer::Json(value) => {
            let bytes = serde_json::to_vec(&value).map_err(|error| Failure::ours("an answer", &error))?;
            answer::once(200, &bytes, &FIELDS)
        }
        Answer::Made(response) => Ok(response),
    }
}

const FIELDS: [Field; 2] = [("content-type", JSON), ("cache-control", NOT_KEPT)];

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

/// What the trail calls an address that was refused.
fn method_and_path(request: &Request, method: &str) -> String {
    let url = request.url();
    format!("{method} {}", serving::query::split_url(&url).1)
}

/// The right that a request needs.
fn right(route: Admin<'_>, method: &str) -> Right {
    match route {
        Admin::Publish | Admin::Staged(_) | Admin::Value(..) | Admin::PublishStaged(_) | Admin::Build(..) => {
            Right::PublishAll
        }
        Admin::Rollback => Right::GoBack,
        Admin::Keys | Admin::Key(_) | Admin::ConfirmKey(_) => Right::Keys,
        Admin::Audit => Right::Audit,
        Admin::Of(_, Part::Publish) => Right::PublishOwnPlaces,
        Admin::Validate
        | Admin::Drafts
        | Admin::Draft(_)
        | Admin::Of(..)
        | Admin::Place(..)
        | Admin::Territory(..)
        | Admin::PlaceLinks
        | Admin::PlaceLink(_) => Right::Draft,
        Admin::Diff if method == "POST" => Right::Draft,
        Admin::Sources if method == "PUT" => Right::Draft,
        Admin::Me
        | Admin::Diff
        | Admin::Versions
        | Admin::Directory
        | Admin::Coverage
        | Admin::Diagnosis
        | Admin::Drawing
        | Admin::DrawingPage
        | Admin::Builds
        | Admin::Counters
        | Admin::Sources
        | Admin::Unknown => Right::See,
    }
}

struct Asked<'a> {
    incoming: &'a Incoming<'a>,
    method: &'a str,
    query: &'a str,
    precondition: Precondition<'a>,
}

enum Answer {
    Json(Value),
    Made(Response),
}

async fn value(desk: &Desk<'_>, asked: &Asked<'_>, route: Admin<'_>) -> Result<Answer, Failure> {
    let Asked { incoming, method, query, precondition } = asked;
    let value = match route {
        Admin::Me => me(desk),
        Admin::Validate => validated(&incoming.bytes().await?)?,
        Admin::Publish => {
            let reason = short(parameter(query, "reason").unwrap_or_default());
            let body = incoming.bytes().await?;
            desk.publisher().publish(&body, precondition, reason, removing(query)?).await?
        }
        Admin::Rollback => {
            let (to, reason) = rollback_asked(&incoming.bytes().await?)?;
            desk.publisher().roll_back(to, precondition, reason).await?
        }
        Admin::Versions => {
            let state = State::read(&desk.ledger, &desk.store).await?;
            let (before, limit) = lines(query)?;
            let versions = history(&desk.ledger, before, limit).await?;
            let next = (versions.len() == limit as usize)
                .then(|| versions.last().map(|entry| entry.number))
                .flatten();
            let versions: Vec<_> = versions.into_iter().map(|entry| entry.value).collect();
            json!({ "live": state.live, "versions": versions, "next": next })
        }
        Admin::Directory => {
            let document = match parameter(query, "snapshot") {
                Some(id) => document(Some(&desk.store), &snapshot_id(&id)?).await?,
                None => desk.live_document().await?,
            };
            return answer::once(200, &document, &FIELDS).map(Answer::Made);
        }
        Admin::Diff => {
            let body = incoming.bytes().await?;
            let after = Directory::from_json(&body).map_err(|finding| unreadable(&finding))?;
            let before = desk.parse(&desk.live_document().await?)?;
            serde_json::to_value(difference(&before, &after))
                .map_err(|error| Failure::ours("a difference", &error))?
        }
        Admin::Coverage | Admin::Diagnosis | Admin::Drawing | Admin::DrawingPage => {
            return looked_at(desk, query, route).await.map(Answer::Made);
        }
        Admin::Drafts if *method == "POST" => {
            let asked: DraftAsked = incoming.object(DRAFT_EXPECTED).await?;
            told_draft(&desk.begin(&asked.title, asked.territory).await?)
        }
        Admin::Drafts => {
            let drafts: Vec<Value> = desk.drafts().await?.iter().map(told_draft).collect();
            json!({ "drafts": drafts })
        }
        Admin::Draft(id) if *method == "DELETE" => {
            told_draft(&desk.abandon(expected(desk.draft(id).await?, precondition)?).await?)
        }
        Admin::Draft(id) => told_draft(&desk.draft(id).await?),
        Admin::Of(id, part) => return of_draft(desk, asked, id, part).await,
        Admin::Place(id, place) => {
            let draft = expected(desk.draft(id).await?, precondition)?;
            let changed = if *method == "DELETE" { None } else { Some(structure(incoming, place).await?) };
            told_draft(&desk.write_place(draft, place, changed).await?)
        }
        Admin::Territory(id, territory) => {
            let draft = expected(desk.draft(id).await?, precondition)?;
            let changed =
                if *method == "DELETE" { None } else { Some(sent_territory(incoming, territory).await?) };
            told_draft(&desk.change_territory(draft, territory, changed).await?)
        }
        Admin::Staged(_) | Admin::Value(..) | Admin::PublishStaged(_) => staged(desk, asked, route).await?,
        Admin::Keys if *method == "POST" => {
            let asked: KeyAsked = incoming.object(KEY_EXPECTED).await?;
            let (key, secret) = desk.make_key(&asked.name, asked.role, asked.email).await?;
            let mut value = told_key(&key, desk.secret.mark());
            value["key"] = secret.into();
            value
        }
        Admin::Keys => {
            let keys: Vec<Value> =
                desk.keys().await?.iter().map(|key| told_key(&key.value, desk.secret.mark())).collect();
            json!({ "keys": keys })
        }
        Admin::Key(id) => told_key(&desk.revoke_key(id).await?, desk.secret.mark()),
        Admin::ConfirmKey(id) => told_key(&desk.confirm_key(id).await?, desk.secret.mark()),
        Admin::PlaceLinks | Admin::PlaceLink(_) => place_links(desk, asked, route).await?,
        Admin::Sources => sources(desk, asked).await?,
        Admin::Audit => return trail(desk, query).await,
        Admin::Builds => builds::listed(desk).await?,
        Admin::Build(build, file) => builds::keep(desk, build, file, incoming).await?,
        Admin::Counters => return counted(desk, query).await,
        Admin::Unknown => return Err(Problem::not_found().into()),
    };
    Ok(Answer::Json(value))
}

/// A snapshot that was compiled elsewhere.
async fn staged(desk: &Desk<'_>, asked: &Asked<'_>, route: Admin<'_>) -> Result<Value, Failure> {
    let Asked { incoming, precondition, .. } = asked;
    Ok(match route {
        Admin::Staged(id) => {
            let manifest = incoming.bytes().await?;
            json!({ "missing": desk.stage(&snapshot_id(id)?, &manifest).await? })
        }
        Admin::Value(id, value) => {
            desk.take_value(&snapshot_id(id)?, value, &incoming.bytes().await?).await?;
            json!({ "taken": value })
        }
        Admin::PublishStaged(id) => {
            let asked: PublishAsked = incoming.object(PUBLISH_EXPECTED).await?;
            let PublishAsked { reason, summary, removing } = asked;
            let reason = short(reason);
            to_json(
                &desk.publish_staged(&snapshot_id(id)?, precondition, reason, summary, removing).await?,
                None,
            )
        }
        _ => return Err(Problem::not_found().into()),
    })
}

/// The private links of places.
async fn place_links(desk: &Desk<'_>, asked: &Asked<'_>, route: Admin<'_>) -> Result<Value, Failure> {
    let mark = desk.secret.mark();
    if let Admin::PlaceLink(place) = route {
        return Ok(told_place_link(&desk.revoke_place_link(place).await?, mark));
    }
    let links: Vec<Value> = if asked.method == "POST" {
        let PlacesAsked { places } = asked.incoming.object(PLACES_EXPECTED).await?;
        let live = desk.parse(&desk.live_document().await?)?;
        let made = desk.make_place_links(&live, &places).await?;
        let told = made.iter().map(|made| {
            let mut value = told_place_link(&made.link, mark);
            value["address"] = format!("{}{}", desk.host.cache.origin, made.path).into();
            value
        });
        told.collect()
    } else {
        desk.place_links().await?.iter().map(|link| told_place_link(link, mark)).collect()
    };
    Ok(json!({ "links": links }))
}

/// What the last runs of sources said; takes that of another one.
async fn sources(desk: &Desk<'_>, asked: &Asked<'_>) -> Result<Value, Failure> {
    let runs = if asked.method == "PUT" {
        desk.take_run(asked.incoming.object(RUN_EXPECTED).await?).await?
    } else {
        desk.runs().await?
    };
    serde_json::to_value(runs).map_err(|error| Failure::ours("the runs of sources", &error))
}

/// The live directory, as administrators look at it.
async fn looked_at(desk: &Desk<'_>, query: &str, route: Admin<'_>) -> Result<Response, Failure> {
    let document = desk.live_document().await?;
    match route {
        Admin::Coverage => seen::coverage(&valid(desk, &document)?, query),
        Admin::Diagnosis => seen::diagnosis(&valid(desk, &document)?, query, None),
        _ => seen::drawing(&desk.parse(&document)?, query, route == Admin::DrawingPage),
    }
}

/// Something of a draft.
async fn of_draft(desk: &Desk<'_>, asked: &Asked<'_>, id: &str, part: Part) -> Result<Answer, Failure> {
    let Asked { incoming, method, query, precondition } = asked;
    let draft = desk.draft(id).await?;
    let value = match part {
        Part::Directory if *method == "PUT" => {
            let body = incoming.bytes().await?;
            let directory = Directory::from_json(&body).map_err(|finding| unreadable(&finding))?;
            let changed = Changed::to("annuaire remplacé en entier");
            told_draft(&desk.replace(expected(draft, precondition)?, &directory, changed).await?)
        }
        Part::Directory => {
            let document = desk.document(&draft.value).await?;
            return answer::once(200, &document, &FIELDS).map(Answer::Made);
        }
        Part::File => {
            let name = parameter(query, "name").unwrap_or_else(|| "fichier".to_owned());
            let options = Options {
                file: name.clone(),
                source: parameter(query, "source").unwrap_or_else(|| name.clone()),
                checked_on: parameter(query, "checked_on"),
                ..Options::default()
            };
            let bytes = Rc::new(incoming.bytes().await?);
            let (draft, report) =
                desk.bring_in(expected(draft, precondition)?, &name, bytes, options).await?;
            json!({ "draft": told_draft(&draft), "report": report })
        }
        Part::Import if *method == "PUT" => {
            let options: Options = incoming.object(OPTIONS_EXPECTED).await?;
            let (draft, report) = desk.read_again(expected(draft, precondition)?, options).await?;
            json!({ "draft": told_draft(&draft), "report": report })
        }
        Part::Import => {
            let report = desk.report(&draft.value).await?;
            json!({ "options": draft.value.import.as_ref().map(|import| &import.options), "report": report })
        }
        Part::Findings => {
            json!({ "check": draft.value.check, "findings": desk.findings(&draft.value).await? })
        }
        Part::Difference => {
            let compared = desk.against_live(&draft.value).await?;
            let comparison = desk.comparison(&draft.value).await?;
            json!({ "live": compared.live, "difference": compared.difference, "comparison": comparison })
        }
        Part::Check => {
            let (draft, findings) = desk.check(expected(draft, precondition)?).await?;
            json!({ "draft": told_draft(&draft), "findings": listed(&findings) })
        }
        Part::Undo => told_draft(&desk.undo(expected(draft, precondition)?).await?),
        Part::Rebase => {
            let (draft, conflicts) = desk.bring_up_to_date(expected(draft, precondition)?).await?;
            json!({ "draft": told_draft(&draft), "conflicts": conflicts })
        }
        Part::Propose => told_draft(&desk.propose(expected(draft, precondition)?).await?),
        Part::Publish => {
            let DraftPublishAsked { reason, removing, accept_losses } =
                incoming.object(DRAFT_PUBLISH_EXPECTED).await?;
            let draft = expected(draft, precondition)?;
            let answered = Answered { removing, accept_losses };
            let (draft, switched) = desk.publish_draft(draft, short(reason), answered).await?;
            let mut value = to_json(&switched, None);
            value["draft"] = told_draft(&draft);
            value
        }
    };
    Ok(Answer::Json(value))
}

/// The precondition of a draft names the revision that was read.
fn expected(draft: Kept<Draft>, precondition: &Precondition<'_>) -> Result<Kept<Draft>, Failure> {
    if precondition.allows(&draft.revision.to_string()) { Ok(draft) } else { Err(overtaken()) }
}

/// A draft as the API says it: nothing of how it is stored.
fn told_draft(draft: &Kept<Draft>) -> Value {
    let Draft {
        id,
        title,
        territory,
        begun_by,
        begun_at,
        changed_by,
        changed_at,
        base,
        before,
        import,
        check,
        token,
        state,
        ..
    } = &draft.value;
    let (state, version) = match state {
        DraftState::Open => ("open", None),
        DraftState::Proposed => ("proposed", None),
        DraftState::Published(version) => ("published", Some(version)),
        DraftState::Abandoned => ("abandoned", None),
    };
    json!({
        "id": id,
        "revision": draft.revision,
        "title": title,
        "territory": territory,
        "begun_by": begun_by,
        "begun_at": begun_at,
        "changed_by": changed_by,
        "changed_at": changed_at,
        "base": base,
        "steps": before.iter().map(|step| &step.done).collect::<Vec<_>>(),
        "file": import.as_ref().map(|import| json!({ "name": import.name, "bytes": import.bytes })),
        "check": check.as_ref().map(|check| json!({
            "today": check.today,
            "snapshot": check.snapshot,
            "errors": check.errors,
            "warnings": check.warnings,
        })),
        "preview": check.as_ref().and_then(|check| check.snapshot.as_ref()).map(|_| format!("/preview/{id}/{token}/")),
        "state": state,
        "version": version,
    })
}

/// A key as the API says it: never its hash.
/// A key as the API says it, to whoever asks under the secret of this mark.
fn told_key(key: &Key, mark: &str) -> Value {
    let mut value = json!({
        "id": key.id,
        "name": key.name,
        "email": key.email,
        "made_at": key.made_at,
        "made_by": key.made_by,
        "last_used_on": key.last_used_on,
        "revoked": key.revoked,
        "suspended": key.revoked.is_none() && !key.is_of(mark),
    });
    if let (Value::Object(fields), Ok(Value::Object(role))) = (&mut value, serde_json::to_value(&key.role)) {
        fields.extend(role);
    }
    value
}

/// The private link of a place as the API says it, under the secret of this mark: never its hash.
fn told_place_link(link: &PlaceLink, mark: &str) -> Value {
    json!({
        "place": link.place,
        "name": link.name,
        "made_at": link.made_at,
        "made_by": link.made_by,
        "territory": link.territory,
        "until": link.until,
        "state": link.opens(&clock::today(), mark).code(),
        "revoked": link.revoked,
        "opened_on": link.opened_on,
        "answered": link.answered,
    })
}

fn me(desk: &Desk<'_>) -> Value {
    let mut value = json!({ "id": desk.person.id, "name": desk.person.name });
    if let (Value::Object(fields), Ok(Value::Object(role))) =
        (&mut value, serde_json::to_value(&desk.person.role))
    {
        fields.extend(role);
    }
    value
}

fn validated(body: &[u8]) -> Result<Value, Failure> {
    Ok(match check(body, &clock::today()) {
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

async fn trail(desk: &Desk<'_>, query: &str) -> Result<Answer, Failure> {
    let (before, limit) = lines(query)?;
    let entries = desk.trail(before, limit).await?;
    let next = (entries.len() == limit as usize).then(|| entries.last().map(|entry| entry.number)).flatten();
    let traces: Vec<audit::Trace> = entries.into_iter().map(|entry| entry.value).collect();
    match parameter(query, "format").as_deref() {
        None | Some("json") => Ok(Answer::Json(json!({ "entries": traces, "next": next }))),
        Some("csv") => {
            let fields = [
                ("content-type", "text/csv; charset=utf-8; header=present"),
                ("content-disposition", "attachment; filename=\"journal.csv\""),
                ("cache-control", NOT_KEPT),
            ];
            answer::once(200, audit::csv(&traces).as_bytes(), &fields).map(Answer::Made)
        }
        Some(_) => Err(Problem::new(422, "unknown-format", "Les formats possibles sont json et csv.").into()),
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

/// A place as it was sent, under the id of its address.
async fn structure(incoming: &Incoming<'_>, id: &str) -> Result<Structure, Failure> {
    let expected = "Le contenu attendu est un lieu, comme dans l’annuaire : au moins « id », « network », « name » et « commune ».";
    let structure: Structure = incoming.object(expected).await?;
    if structure.id == id {
        return Ok(structure);
    }
    let detail = "L’identifiant du lieu doit être celui de l’adresse.";
    Err(Problem::new(422, "other-id", detail).into())
}

/// A territory as it was sent, under the id of its address.
async fn sent_territory(incoming: &Incoming<'_>, id: &str) -> Result<Territory, Failure> {
    let expected =
        "Le contenu attendu est un territoire, comme dans l’annuaire : au moins « id » et « name ».";
    let territory: Territory = incoming.object(expected).await?;
    if territory.id == id {
        return Ok(territory);
    }
    let detail = "L’identifiant du territoire doit être celui de l’adresse.";
    Err(Problem::new(422, "other-id", detail).into())
}

fn valid(desk: &Desk<'_>, document: &[u8]) -> Result<Valid, Failure> {
    validated_live(desk.parse(document)?)
}

/// The live directory, where it still passes the checks of today.
pub(crate) fn validated_live(directory: Directory) -> Result<Valid, Failure> {
    let geography = shipped::geography()?;
    validate(directory, &geography, &clock::today()).map_err(|findings| lost(&findings))
}

fn unreadable(finding: &Finding) -> Failure {
    let detail = "Le document envoyé ne peut pas être lu comme un annuaire.";
    Problem::new(422, "invalid-directory", detail)
        .with("findings", listed(std::slice::from_ref(finding)))
        .into()
}

/// What is live was valid when it was published; the rules may have changed since.
fn lost(findings: &[Finding]) -> Failure {
    let detail = "L’annuaire en ligne ne passe plus le contrôle de cette version du service. Corrigez-le, puis publiez-le de nouveau.";
    Problem::new(409, "live-directory-invalid", detail).with("findings", listed(findings)).into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RollbackAsked {
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    reason: String,
}

const DRAFT_EXPECTED: &str = "Le contenu attendu est un objet avec « title » (un texte) et, pour la Région, « territory » (l’identifiant d’un territoire, ou null).";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftAsked {
    #[serde(default)]
    title: String,
    #[serde(default)]
    territory: Option<String>,
}

const KEY_EXPECTED: &str = "Le contenu attendu est un objet avec « name » (à qui est la clé), « role » (region, territory ou reader), pour un territoire « territory » (son identifiant) et « may_publish » (true ou false), et « email » pour Cloudflare Access.";

#[derive(Deserialize)]
struct KeyAsked {
    name: String,
    #[serde(flatten)]
    role: Role,
    #[serde(default)]
    email: Option<String>,
}

const RUN_EXPECTED: &str = "Le contenu attendu est le compte rendu de « spro sync » : un objet avec « on » (le jour) et « sources » (une liste).";

const PLACES_EXPECTED: &str =
    "Le contenu attendu est un objet avec « places » : les identifiants de lieux en ligne.";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacesAsked {
    places: Vec<String>,
}

const DRAFT_PUBLISH_EXPECTED: &str = "Le contenu attendu est un objet avec « reason » (un texte) et, quand il le faut, « removing » (combien de lieux sont retirés) et « accept_losses » (vrai ou faux).";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftPublishAsked {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    removing: Option<usize>,
    #[serde(default)]
    accept_losses: bool,
}

const PUBLISH_EXPECTED: &str = "Le contenu attendu est un objet avec « reason » (un texte), « summary » (ce qui change, ou null) et, quand plus d’un lieu sur dix est retiré, « removing » (combien).";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishAsked {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    summary: Option<Summary>,
    #[serde(default)]
    removing: Option<usize>,
}

const OPTIONS_EXPECTED: &str =
    "Le contenu attendu est la façon de lire le fichier, telle que l’import la donne sous « options ».";

/// Where to go back to, and why.
fn rollback_asked(body: &[u8]) -> Result<(Option<SnapshotId>, String), Failure> {
    let expected = "Le contenu attendu est un objet avec « to » (l’identifiant d’une version, ou null) et « reason » (un texte).";
    let asked: RollbackAsked = serving::body::object(body, expected)?;
    let to = match asked.to {
        Some(id) => Some(snapshot_id(&id)?),
        None => None,
    };
    Ok((to, short(asked.reason)))
}

/// How many places somebody has said that a publication removes.
fn removing(query: &str) -> Result<Option<usize>, Failure> {
    let Some(text) = parameter(query, "removing") else { return Ok(None) };
    let detail = "« removing » est le nombre de lieux que la publication retire.";
    text.parse().map(Some).map_err(|_| Problem::new(400, "bad-parameter", detail).into())
}

fn snapshot_id(text: &str) -> Result<SnapshotId, Failure> {
    SnapshotId::parse(text).ok_or_else(|| {
        let detail = "L’identifiant d’une version s’écrit avec 32 chiffres hexadécimaux en minuscules.";
        Problem::new(422, "malformed-snapshot", detail).into()
    })
}

fn short(reason: String) -> String {
    match reason.char_indices().nth(LONGEST_REASON) {
        Some((end, _)) => reason[..end].to_owned(),
        None => reason,
    }
}

/// Reads a cookie's field, and a body as each of the objects that an address of the administration
/// takes.
#[cfg(fuzzing)]
pub(crate) fn fuzzed(field: Option<&str>, body: &[u8]) {
    use serving::body::object;
    drop((session::secret(field, true), session::secret(field, false)));
    drop((object::<DraftAsked>(body, ""), object::<KeyAsked>(body, ""), object::<PublishAsked>(body, "")));
    drop((
        object::<Options>(body, ""),
        object::<DraftPublishAsked>(body, ""),
        object::<RollbackAsked>(body, ""),
    ));
    drop((object::<Structure>(body, ""), object::<PlacesAsked>(body, "")));
    drop((object::<Territory>(body, ""), object::<exchange::sync::run::Run>(body, "")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rollback_says_where_to_and_why() {
        let id = "0123456789abcdef0123456789abcdef";
        let (to, reason) =
            rollback_asked(format!("{{\"to\": \"{id}\", \"reason\": \"x\"}}").as_bytes()).unwrap();
        assert_eq!((to.unwrap().as_str(), reason.as_str()), (id, "x"));
        assert_eq!(rollback_asked(b"{\"to\": null}").unwrap(), (None, String::new()));
        assert_eq!(rollback_asked(b"{}").unwrap(), (None, String::new()));
        for bad in ["", "x", "[]", "{\"to\": 1}", "{\"to\": \"../x\"}", "{\"too\": null}"] {
            assert!(rollback_asked(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_reason_is_cut_between_characters() {
        assert_eq!(short("é".repeat(LONGEST_REASON + 5)).chars().count(), LONGEST_REASON);
        assert_eq!(short("mise à jour".into()), "mise à jour");
    }

    #[test]
    fn lines_are_asked_for_by_number() {
        assert_eq!(lines("").unwrap(), (None, USUAL_LINES));
        assert_eq!(lines("before=12&limit=5").unwrap(), (Some(12), 5));
        assert_eq!(lines("limit=1000").unwrap(), (None, MOST_LINES));
        for wrong in ["limit=0", "limit=1001", "limit=99999999999", "limit=x", "before=-1"] {
            assert!(lines(wrong).is_err(), "{wrong}");
        }
    }
}
