//! From stored bytes to answers. Reading order: isolate memory, edge cache, KV, the
//! snapshot shipped with the worker. Whatever does not have the hash that the manifest
//! gives counts as absent.

use crate::accessibility;
use crate::memory::{self, Kind, Live, Source};
use js_sys::Uint8Array;
use serving::answer::{BINARY, Field, IMMUTABLE, JSON, OPEN, REVALIDATED, Ready, SOURCE};
use serving::brotli::decompress;
use serving::host::{self, Found, Host, counts_visits, stored, takes_reports};
use serving::problem::{Failure, Problem, log};
use serving::shipped;
use serving::store::Key;
use shared::commune_index::CommuneIndex;
use shared::first;
use shared::snapshot::{
    self, About, DepartmentPiece, GUIDE_PIECE, Guide, GuideTexts, LocalizedGuide, Manifest, SnapshotId, hash,
    texts_piece,
};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

/// Why a piece cannot be had.
#[derive(Debug)]
pub(crate) enum Lack {
    /// No such snapshot, or no longer.
    Snapshot,
    /// The snapshot has no such piece.
    Piece,
    /// It should be there, and cannot be read now.
    Unreadable,
    /// Something else is wrong, and has been logged.
    Failure(Failure),
}

impl From<Failure> for Lack {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<Problem> for Lack {
    fn from(problem: Problem) -> Self {
        Self::Failure(problem.into())
    }
}

impl From<Lack> for Failure {
    fn from(lack: Lack) -> Self {
        match lack {
            Lack::Snapshot => {
                Problem::new(404, "unknown-snapshot", "Cette version de l’annuaire n’existe pas, ou plus.").into()
            }
            Lack::Piece => {
                Problem::new(404, "unknown-piece", "Cette version de l’annuaire n’a pas cette partie.").into()
            }
            Lack::Unreadable => Problem::unavailable(
                "piece-unavailable",
                "Cette partie de l’annuaire ne peut pas être lue pour le moment. Relisez /v1/guide : il donne une version complète.",
            )
            .into(),
            Lack::Failure(failure) => failure,
        }
    }
}

/// The manifest of a snapshot.
pub(crate) async fn manifest(host: &Host<'_>, id: &SnapshotId) -> Result<Rc<Manifest>, Lack> {
    if let Some(manifest) = memory::manifest(id) {
        return Ok(manifest);
    }
    if shipped::is_shipped(id) {
        return Ok(memory::keep_manifest(id, shipped::manifest()?));
    }
    match host::manifest(host, id).await {
        Found::Good(manifest) => Ok(memory::keep_manifest(id, manifest)),
        Found::Nothing => Err(Lack::Snapshot),
        Found::Unreachable => Err(Lack::Unreadable),
    }
}

/// A piece in its compact form.
pub(crate) async fn bin(host: &Host<'_>, id: &SnapshotId, name: &str) -> Result<Rc<Ready>, Lack> {
    if let Some(ready) = memory::ready(id, name, Kind::Bin) {
        return Ok(ready);
    }
    let manifest = manifest(host, id).await?;
    let expected = manifest.pieces.get(name).ok_or(Lack::Piece)?;
    let (brotli, source) = compact(host, id, name, expected).await.ok_or(Lack::Unreadable)?;
    let ready = Ready::from_brotli(brotli, tag(expected), &about(BINARY, IMMUTABLE, source.as_str()))?;
    Ok(memory::keep(id, name, Kind::Bin, ready))
}

/// The compressed compact form, verified, and where it was.
async fn compact(
    host: &Host<'_>,
    id: &SnapshotId,
    name: &str,
    expected: &str,
) -> Option<(Uint8Array, Source)> {
    if !only_shipped(id) {
        let read = |bytes: &[u8]| {
            let compressed = Uint8Array::from(bytes);
            (hash(&decompress(&compressed)?.to_vec()) == expected).then_some(compressed)
        };
        if let Found::Good(brotli) = stored(host, Key::Piece(id, name), read).await {
            return Some((brotli, Source::Kv));
        }
        if let Some(brotli) = repaired(host, id, name, expected).await {
            return Some((brotli, Source::Kv));
        }
    }
    if shipped::is_shipped(id) {
        return shipped::piece(name).map(|bytes| (bytes, Source::Shipped));
    }
    None
}

/// The compact form, worked out from the JSON form: one damaged value loses nothing.
async fn repaired(host: &Host<'_>, id: &SnapshotId, name: &str, expected: &str) -> Option<Uint8Array> {
    let read = |bytes: &[u8]| {
        let json = decompress(&Uint8Array::from(bytes))?.to_vec();
        from_json(name, &json).filter(|compact| hash(compact) == expected)
    };
    let Found::Good(compact) = stored(host, Key::PieceJson(id, name), read).await else { return None };
    log(name, &"the compact form was damaged and has been worked out from the JSON form");
    serving::brotli::compress(&Uint8Array::from(&*compact), serving::brotli::QUICK)
}

/// A piece as JSON. The stored form is compressed better than an isolate would: it is used
/// where it says the same as the verified compact form.
pub(crate) async fn json(host: &Host<'_>, id: &SnapshotId, name: &str) -> Result<Rc<Ready>, Lack> {
    if let Some(ready) = memory::ready(id, name, Kind::Json) {
        return Ok(ready);
    }
    if let Some(language) = name.strip_prefix(IN_LANGUAGE) {
        return guide_json(host, id, name, language).await;
    }
    let compact = bin(host, id, name).await?;
    let manifest = manifest(host, id).await?;
    let expected = manifest.pieces.get(name).ok_or(Lack::Piece)?;
    let json = to_json(name, &compact.bytes()?)?;
    let about = about(JSON, IMMUTABLE, compact.source());
    let kept = if only_shipped(id) {
        None
    } else {
        let read = |bytes: &[u8]| {
            let compressed = Uint8Array::from(bytes);
            (decompress(&compressed)?.to_vec() == json).then_some(compressed)
        };
        match stored(host, Key::PieceJson(id, name), read).await {
            Found::Good(brotli) => Some(brotli),
            Found::Nothing | Found::Unreachable => None,
        }
    };
    let ready = match kept {
        Some(brotli) => Ready::from_brotli(brotli, tag(expected), &about)?,
        None => Ready::from_plain(&json, tag(expected), &about)?,
    };
    Ok(memory::keep(id, name, Kind::Json, ready))
}

/// The guide in one language, which is two pieces: as JSON, it is one.
async fn guide_json(host: &Host<'_>, id: &SnapshotId, name: &str, language: &str) -> Result<Rc<Ready>, Lack> {
    let guide = localized(host, id, language).await?;
    let source = bin(host, id, GUIDE_PIECE).await?;
    let json = in_words(&guide)?;
    let ready = Ready::from_plain(&json, tag(&hash(&json)), &about(JSON, IMMUTABLE, source.source()))?;
    Ok(memory::keep(id, name, Kind::Json, ready))
}

/// What the guide in one language is called, and its JSON with it.
pub(crate) fn in_language(language: &str) -> String {
    [IN_LANGUAGE, language].concat()
}

const IN_LANGUAGE: &str = "guide.";

/// A future that is compiled once, and not into each place where it is awaited.
type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, Lack>> + 'a>>;

/// What decides, of a snapshot.
pub(crate) fn decision<'a>(host: &'a Host<'a>, id: &'a SnapshotId) -> Later<'a, Guide> {
    Box::pin(async move { Ok(read(&bin(host, id, GUIDE_PIECE).await?.bytes()?)?) })
}

/// The guide of a snapshot in one language.
pub(crate) fn localized<'a>(
    host: &'a Host<'a>,
    id: &'a SnapshotId,
    language: &'a str,
) -> Later<'a, LocalizedGuide> {
    Box::pin(async move {
        let guide = decision(host, id).await?;
        let texts: GuideTexts = read(&bin(host, id, &texts_piece(language)).await?.bytes()?)?;
        let guide = LocalizedGuide::new(Arc::new(guide), texts);
        Ok(guide.map_err(|error| Failure::ours("texts of another guide", &error))?)
    })
}

fn in_words(guide: &LocalizedGuide) -> Result<Vec<u8>, Failure> {
    shared::localized::to_json(guide).map_err(|error| Failure::ours("the guide as JSON", &error))
}

/// The live guide: as JSON, as what is read first, or as the accessibility statement.
pub(crate) async fn guide(
    host: &Host<'_>,
    live: &Live,
    language: &str,
    kind: Kind,
) -> Result<Rc<Ready>, Lack> {
    let name = in_language(language);
    if let Some(ready) = memory::ready(&live.id, &name, kind) {
        return Ok(ready);
    }
    let guide = localized(host, &live.id, language).await?;
    let compact = bin(host, &live.id, GUIDE_PIECE).await?;
    let name_and_id = format!("{}-{language}", live.id);
    let ready = match kind {
        Kind::First => {
            let mut first = first::first(&guide, &live.id, &live.manifest);
            // The deployment says so, not the directory.
            first.count = counts_visits(host.env);
            first.reports = takes_reports(host.env);
            let first = first::to_json(&first)
                .map_err(|error| Failure::ours("what is read first cannot be written", &error))?;
            // A build may tell it in another way.
            let tag = hash(first.as_bytes());
            Ready::from_plain(first.as_bytes(), self::tag(&tag), &about(JSON, REVALIDATED, compact.source()))?
        }
        Kind::Accessibility => {
            let html = accessibility::html(&guide);
            accessibility::with_fields(compact.source(), |fields| {
                Ready::from_plain(html.as_bytes(), tag(&hash(html.as_bytes())), fields)
            })?
        }
        Kind::Guide | Kind::Bin | Kind::Json => {
            let json = in_words(&guide)?;
            let head = format!("{{\"snapshot\":\"{}\",", live.id);
            let bytes = [head.as_bytes(), json.get(1..).unwrap_or_default()].concat();
            Ready::from_plain(&bytes, &name_and_id, &about(JSON, REVALIDATED, compact.source()))?
        }
    };
    Ok(memory::keep(&live.id, &name, kind, ready))
}

/// Reads a piece that has been verified.
pub(crate) fn read<T: shared::wire::Wire>(compact: &[u8]) -> Result<T, Failure> {
    snapshot::read(compact).map_err(|error| Failure::ours("a verified piece is unreadable", &error))
}

fn to_json(name: &str, compact: &[u8]) -> Result<Vec<u8>, Failure> {
    match snapshot::to_json(name, compact) {
        Some(Ok(json)) => Ok(json),
        Some(Err(error)) => Err(Failure::ours(name, &error)),
        None => Err(Failure::ours(name, &"the manifest names a piece that this build does not know")),
    }
}

/// The compact form of a piece that was stored as JSON; `None` when it is not one.
fn from_json(name: &str, json: &[u8]) -> Option<Vec<u8>> {
    fn convert<T: serde::de::DeserializeOwned + shared::wire::Wire>(json: &[u8]) -> Option<Vec<u8>> {
        serde_json::from_slice::<T>(json).ok().map(|piece| snapshot::write(&piece))
    }
    match name.split('.').next()? {
        "guide" => convert::<Guide>(json),
        "texts" => convert::<GuideTexts>(json),
        "about" => convert::<About>(json),
        "communes" => convert::<CommuneIndex>(json),
        "department" => convert::<DepartmentPiece>(json),
        _ => None,
    }
}

/// Whether a snapshot is the shipped one and was not published: KV has nothing to say of it.
fn only_shipped(id: &SnapshotId) -> bool {
    let is_published = |live: Rc<Live>| live.id == *id && live.source == Source::Kv;
    shipped::is_shipped(id) && !memory::last_known().0.is_some_and(is_published)
}

fn tag(hash: &str) -> &str {
    hash.get(..32).unwrap_or(hash)
}

fn about<'a>(content: &'a str, cache: &'a str, source: &'a str) -> Vec<Field<'a>> {
    let mut fields = vec![("content-type", content), ("cache-control", cache), (SOURCE, source)];
    fields.extend(OPEN);
    fields
}
