//! The public API: the same answer for everybody.

use crate::memory::{self, Kind, Published};
use crate::pieces;
use crate::recommendations;
use crate::route::{Form, Route};
use crate::{Asked, assets, behind, contact, counters, exports, live, reports};
use serde_json::json;
use serving::answer::{self, Field, JSON, NOT_KEPT, OPEN, Ready, SOURCE};
use serving::body::Incoming;
use serving::host::Host;
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use serving::store::Pointer;
use serving::{clock, header, shipped};
use shared::snapshot::{SnapshotId, hash};
use std::cell::OnceCell;
use std::rc::Rc;
use web_sys::Response;

/// How long the description of the API may be kept.
const AN_HOUR: &str = "public, max-age=3600";

/// The answer that the isolate has ready, if it has.
pub(crate) fn at_hand(route: Route, query: &str) -> Option<Rc<Ready>> {
    let language = || parameter(query, "lang");
    match route {
        Route::Guide => live::guide_at_hand(language().as_deref(), Kind::Guide),
        Route::First => live::guide_at_hand(language().as_deref(), Kind::First),
        Route::Accessibility => live::guide_at_hand(None, Kind::Accessibility),
        Route::Piece { snapshot, piece, form } => {
            memory::ready(&SnapshotId::parse(snapshot)?, piece, kind(form))
        }
        _ => None,
    }
}

const fn kind(form: Form) -> Kind {
    match form {
        Form::Bin => Kind::Bin,
        Form::Json => Kind::Json,
    }
}

/// Answers a request to the public API, with a method that the route allows.
pub(crate) async fn answer(
    host: &Host<'_>,
    incoming: &Incoming<'_>,
    asked: &Asked<'_>,
    route: Route<'_>,
) -> Result<Response, Failure> {
    let language = parameter(asked.query, "lang");
    let ready = match route {
        Route::Guide => live::guide(host, language.as_deref(), Kind::Guide).await?,
        Route::First => live::guide(host, language.as_deref(), Kind::First).await?,
        Route::Piece { snapshot, piece, form } => piece_of(host, snapshot, piece, form).await?,
        Route::Export(format) => exports::answer(host, format).await?,
        Route::OpenApi => openapi()?,
        Route::Contact(id) => return contact::answer(host, id).await,
        Route::Calendar(id) => return contact::calendar(host, id).await,
        Route::Health => return health(host).await,
        Route::Accessibility => live::guide(host, None, Kind::Accessibility).await?,
        Route::Count => return counters::answer(host, incoming).await,
        Route::Reports => return reports::answer(host, incoming).await,
        Route::Recommendations => return recommend(host, incoming, language.as_deref()).await,
        Route::Loader => {
            return assets::loader(host.env, asked.brotli, asked.if_none_match).await;
        }
        Route::Asset => {
            return assets::immutable(host, asked.path, asked.brotli, asked.if_none_match).await;
        }
        Route::Page | Route::Administration | Route::Embed(_) | Route::Preview { .. } => {
            return Err(Problem::not_found().into());
        }
    };
    ready.answer(asked.brotli, asked.if_none_match)
}

async fn piece_of(host: &Host<'_>, snapshot: &str, piece: &str, form: Form) -> Result<Rc<Ready>, Failure> {
    let id = SnapshotId::parse(snapshot).ok_or_else(Problem::not_found)?;
    let found = match form {
        Form::Bin => pieces::bin(host, &id, piece).await,
        Form::Json => pieces::json(host, &id, piece).await,
    };
    match found {
        Ok(ready) => Ok(ready),
        Err(lack) => {
            let (live, _) = memory::last_known();
            if let (pieces::Lack::Unreadable, Some(live)) = (&lack, live)
                && live.id == id
                && live.source == memory::Source::Kv
            {
                // Whoever reads the guide again gets a snapshot that is whole.
                live::fall_back(&live)?;
            }
            Err(lack.into())
        }
    }
}

async fn health(host: &Host<'_>) -> Result<Response, Failure> {
    let live = live::current(host).await?;
    let (_, is_degraded) = memory::last_known();
    let published = published(host).await;
    let is_behind = published.as_ref().is_some_and(|published| published.snapshot != live.id);
    let status = match (is_degraded, is_behind) {
        (true, _) => "degraded",
        (false, true) => "behind",
        (false, false) => "ok",
    };
    let body = json!({
        "status": status,
        "snapshot": live.id,
        "source": live.source.as_str(),
        "version": live.version,
        "edition": live.manifest.edition,
        "structures": live.manifest.structures,
        "published": published.map(|published| json!({ "snapshot": published.snapshot, "version": published.version })),
    });
    answer::once(200, body.to_string().as_bytes(), &unkept(live.source.as_str()))
}

/// What was published last, as the ledger says; nothing before the first publication, or where the
/// ledger does not say. Visitors do without it.
async fn published(host: &Host<'_>) -> Option<Pointer> {
    let now = clock::now();
    if let Some(Published(published)) = memory::published(now) {
        return published;
    }
    let published = behind::published(host.env).await.ok()?;
    memory::keep_published(Published(published.clone()), now);
    published
}

async fn recommend(
    host: &Host<'_>,
    incoming: &Incoming<'_>,
    language: Option<&str>,
) -> Result<Response, Failure> {
    if !header::is_json(incoming.header("content-type").as_deref()) {
        let detail = "Le contenu doit être annoncé et envoyé en JSON (Content-Type: application/json).";
        return Err(Problem::new(415, "not-json-type", detail).header("accept", "application/json").into());
    }
    let body = incoming.bytes().await?;
    let (answer, source) = recommendations::answer(host, &body, language, &clock::today()).await?;
    answer::once(200, &answer, &unkept(source.as_str()))
}

fn unkept(source: &str) -> Vec<Field<'_>> {
    let mut fields = vec![("content-type", JSON), ("cache-control", NOT_KEPT), (SOURCE, source)];
    fields.extend(OPEN);
    fields
}

fn openapi() -> Result<Rc<Ready>, Failure> {
    thread_local! {
        static DESCRIPTION: OnceCell<Rc<Ready>> = const { OnceCell::new() };
    }
    if let Some(ready) = DESCRIPTION.with(|cell| cell.get().cloned()) {
        return Ok(ready);
    }
    let mut fields = vec![("content-type", JSON), ("cache-control", AN_HOUR)];
    fields.extend(OPEN);
    let brotli = shipped::openapi()?;
    let tag = hash(&brotli.to_vec());
    let ready = Ready::from_brotli(brotli, &tag[..32], &fields)?;
    Ok(DESCRIPTION.with(|cell| Rc::clone(cell.get_or_init(|| Rc::new(ready)))))
}

/// Answers a preflight. Nothing that is sent needs a cookie, and anybody may read.
pub(crate) fn preflight(methods: &str) -> Result<Response, Failure> {
    let mut fields: Vec<Field> = vec![
        ("allow", methods),
        ("access-control-allow-methods", methods),
        ("access-control-allow-headers", "Content-Type, If-None-Match"),
        ("access-control-max-age", "86400"),
    ];
    fields.extend(OPEN);
    answer::empty(204, &fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// The description and the routes are written apart: neither may say more than the other.
    #[test]
    fn every_described_address_is_answered_and_every_method_described() {
        let description: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
        let paths: Vec<_> = description["paths"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(path, _)| !path.starts_with("/admin/"))
            .collect();
        assert_eq!(paths.len(), 16);
        for (path, item) in paths {
            let path = path
                .replace("{snapshot}", "0123456789abcdef0123456789abcdef")
                .replace("{piece}", "department.26")
                .replace("{build}", "0123456789abcdef")
                .replace("{place}", "ml-romans")
                .replace("{export}", "places.csv")
                .replace("{file}", "element.js");
            let route = Route::find(&path).unwrap_or_else(|| panic!("{path} is described and not answered"));
            let mut described: Vec<String> =
                item.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
            described.sort_unstable();
            let mut answered: Vec<&str> = route.methods().split(", ").collect();
            answered.retain(|method| !matches!(*method, "HEAD" | "OPTIONS"));
            answered.sort_unstable();
            assert_eq!(described, answered, "{path}");
            let is_protected =
                item.as_object().unwrap().values().all(|operation| !operation["security"].is_null());
            assert!(!is_protected && route != Route::Administration, "{path}");
        }
    }

    /// A field that a piece has and the description does not is a field that partners miss.
    #[test]
    fn the_pieces_are_described_field_by_field() {
        use shared::compile::compile;
        use shared::directory::Directory;
        use shared::geography::Geography;
        use shared::snapshot::to_json;
        let description: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
        let directory = Directory::from_json(include_bytes!("../../shared/editions/2026.json")).unwrap();
        let communes = include_str!("../../shared/data/communes.tsv");
        let geography = Geography::parse(communes, "", &|_| true).unwrap();
        let valid = shared::validate::validate(directory, &geography, "2026-11-24").unwrap();
        let snapshot = compile(&valid, &geography);
        let piece = |name: &str| -> Value {
            serde_json::from_slice(&to_json(name, &snapshot.pieces[name]).unwrap().unwrap()).unwrap()
        };
        let guide = shared::snapshot::localized(&snapshot.pieces, "fr").unwrap();
        let guide: Value = serde_json::from_slice(&shared::localized::to_json(&guide).unwrap()).unwrap();
        let (about, department, texts) = (piece("about.fr"), piece("department.26"), piece("texts.fr"));
        for (schema, value) in [
            ("Guide", &guide),
            ("Decision", &piece("guide")),
            ("TextSlot", &piece("guide")["title"]),
            ("GuideTexts", &texts),
            ("Question", &guide["questions"][0]),
            ("Network", &guide["networks"][0]),
            ("Rule", &guide["rules"][0]),
            ("RemoteService", &guide["remote_services"][0]),
            ("Language", &guide["languages"][0]),
            ("About", &about),
            ("DepartmentPiece", &department),
            ("Place", &department["places"][0]),
        ] {
            let keys = |value: &Value| -> std::collections::BTreeSet<String> {
                value.as_object().unwrap().keys().cloned().collect()
            };
            assert_eq!(
                keys(&description["components"]["schemas"][schema]["properties"]),
                keys(value),
                "{schema}"
            );
        }
        // Whoever checks answers against the description would refuse every one of another format.
        for (schema, value) in [
            ("Guide", &guide),
            ("Decision", &piece("guide")),
            ("GuideTexts", &texts),
            ("CommuneIndex", &piece("communes")),
            ("DepartmentPiece", &department),
        ] {
            let described = &description["components"]["schemas"][schema]["properties"]["format"]["const"];
            assert_eq!(described, &value["format"], "{schema}");
        }
    }
}
