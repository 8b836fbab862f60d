//! What is shipped with the worker: a whole snapshot, its directory, and the communes
//! against which a publication is checked. build.rs makes it.

use crate::brotli::decompress;
use crate::problem::Failure;
use js_sys::Uint8Array;
use shared::geography::Geography;
use shared::snapshot::{Manifest, SnapshotId};

mod built {
    include!(concat!(env!("OUT_DIR"), "/bundled.rs"));
}

pub(crate) use built::{
    ACCESSIBILITY_STYLE_HASH, ADMIN_STYLE_HASH, EMBED_SCRIPT_HASH, EMBED_STYLE_HASH, STYLE, STYLE_HASH,
};

/// The id of the shipped snapshot.
pub(crate) fn snapshot() -> SnapshotId {
    Manifest::id_of(built::MANIFEST)
}

/// Whether this is the shipped snapshot.
pub(crate) fn is_shipped(snapshot: &SnapshotId) -> bool {
    snapshot.as_str() == built::SNAPSHOT
}

/// Its manifest.
pub(crate) fn manifest() -> Result<Manifest, Failure> {
    serde_json::from_slice(built::MANIFEST)
        .map_err(|error| Failure::ours("the shipped manifest is unreadable", &error))
}

/// One of its pieces, compressed.
pub(crate) fn piece(name: &str) -> Option<&'static [u8]> {
    built::PIECES.iter().find(|(piece, _)| *piece == name).map(|(_, bytes)| *bytes)
}

/// The document that it was compiled from, compressed.
pub(crate) const fn directory() -> &'static [u8] {
    built::DIRECTORY
}

/// What pages say in a language, or in one that is more general; nothing where that is French.
pub(crate) fn texts(language: &str) -> &'static str {
    let mut asked = language;
    loop {
        if let Some((_, texts)) = built::TEXTS.iter().find(|(known, _)| *known == asked) {
            return texts;
        }
        let Some((general, _)) = asked.rsplit_once('-') else { return "" };
        asked = general;
    }
}

/// The description of the API, compressed.
pub(crate) const fn openapi() -> &'static [u8] {
    built::OPENAPI
}

/// The communes of France. Reading them takes a moment and some megabytes: only an
/// administrator's request does it, and nothing keeps them.
pub(crate) fn geography() -> Result<Geography, Failure> {
    let text = |compressed: &[u8]| {
        let bytes = decompress(&Uint8Array::from(compressed))?;
        String::from_utf8(bytes.to_vec()).ok()
    };
    let (Some(communes), Some(former)) = (text(built::COMMUNES), text(built::FORMER)) else {
        return Err(Failure::ours("the shipped communes are unreadable", &"not brotli, or not UTF-8"));
    };
    Geography::parse(&communes, &former, &|_| true)
        .map_err(|error| Failure::ours("the shipped communes are unreadable", &error))
}
