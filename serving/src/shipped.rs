//! What is shipped with the worker: a whole snapshot, its directory, the communes against
//! which a publication is checked, and texts. They are data beside the module, not memory in
//! it: `xtask/bundle` compiles them, `serving/js/shipped.js` finds them.

use crate::brotli::decompress;
use crate::problem::Failure;
use js_sys::Uint8Array;
use shared::geography::Geography;
use shared::snapshot::{Manifest, SnapshotId};
use std::cell::OnceCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./shipped.js")]
extern "C" {
    /// The bytes of a shipped file: a view, which nobody writes to.
    #[wasm_bindgen(js_name = shipped)]
    fn file(name: &str) -> Option<Uint8Array>;
}

/// A file that every build has.
fn present(name: &str) -> Result<Uint8Array, Failure> {
    file(name).ok_or_else(|| Failure::ours("the build lacks a shipped file", &name))
}

/// The same, decompressed.
fn text(name: &str) -> Result<String, Failure> {
    decompress(&present(name)?)
        .and_then(|bytes| String::from_utf8(bytes.to_vec()).ok())
        .ok_or_else(|| Failure::ours("a shipped file is unreadable", &name))
}

/// The shipped manifest: the one file, beside texts, that is not compressed.
const MANIFEST: &str = "manifest.json";

thread_local! {
    /// Asked for with every request.
    static SNAPSHOT: OnceCell<SnapshotId> = const { OnceCell::new() };
}

fn with_snapshot<T>(use_it: impl FnOnce(&SnapshotId) -> T) -> T {
    // Without a manifest nothing is shipped: an id that no snapshot has.
    let read = || Manifest::id_of(&file(MANIFEST).map(|bytes| bytes.to_vec()).unwrap_or_default());
    SNAPSHOT.with(|cell| use_it(cell.get_or_init(read)))
}

/// The id of the shipped snapshot.
pub fn snapshot() -> SnapshotId {
    with_snapshot(SnapshotId::clone)
}

/// Whether this is the shipped snapshot.
pub fn is_shipped(id: &SnapshotId) -> bool {
    with_snapshot(|shipped| shipped == id)
}

/// Its manifest.
pub fn manifest() -> Result<Manifest, Failure> {
    serde_json::from_slice(&present(MANIFEST)?.to_vec())
        .map_err(|error| Failure::ours("the shipped manifest is unreadable", &error))
}

/// One of its pieces, compressed.
pub fn piece(name: &str) -> Option<Uint8Array> {
    file(&format!("pieces/{name}"))
}

/// The document that it was compiled from.
pub fn document() -> Result<String, Failure> {
    text("directory.json")
}

/// What pages say in a language, or in one that is more general; nothing where that is French.
pub fn texts(language: &str) -> String {
    let mut asked = language;
    loop {
        if let Some(texts) = file(&format!("texts/{asked}")) {
            return String::from_utf8(texts.to_vec()).unwrap_or_default();
        }
        let Some((general, _)) = asked.rsplit_once('-') else { return String::new() };
        asked = general;
    }
}

/// A guide for people, by the name of its file: its title, and its HTML, which names the address
/// at which it is served.
pub fn guide(name: &str, origin: &str) -> Result<(String, String), Failure> {
    /// What the text writes for that address.
    const ANYWHERE: &str = "https://HOST";
    let text = text(&format!("guides/{name}"))?.replace(ANYWHERE, origin);
    let (title, html) = text.split_once('\n').unwrap_or_default();
    Ok((title.to_owned(), html.to_owned()))
}

/// The description of the API, compressed.
pub fn openapi() -> Result<Uint8Array, Failure> {
    present("openapi.json")
}

/// The communes of France. Reading them takes a moment and some megabytes: only an
/// administrator's request does it, and nothing keeps them.
pub fn geography() -> Result<Geography, Failure> {
    Geography::parse(&text("communes.tsv")?, &text("former-communes.tsv")?, &|_| true)
        .map_err(|error| Failure::ours("the shipped communes are unreadable", &error))
}
