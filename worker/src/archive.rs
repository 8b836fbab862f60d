//! Whole snapshots in KV, and what KV knows of them: which is live, and which were.

use crate::brotli::{THOROUGH, decompress};
use crate::memory::{self, Source};
use crate::problem::{Failure, Problem};
use crate::store::{AT_LENGTH, Key, Pointer, Store, Unreachable, Version};
use crate::{bundled, clock};
use futures_util::future::try_join_all;
use js_sys::Uint8Array;
use shared::snapshot::{self, Manifest, Snapshot, SnapshotId};
use std::collections::BTreeMap;

/// KV did not do what was asked. Nothing that visitors see has changed.
pub(crate) fn storage(_: Unreachable) -> Failure {
    Problem::unavailable(
        "storage",
        "L’annuaire n’a pas pu être enregistré : le stockage ne répond pas. La version en ligne n’a pas changé ; réessayez dans un instant.",
    )
    .into()
}

/// KV did not say what it was asked.
pub(crate) fn unread(_: Unreachable) -> Failure {
    Problem::unavailable("storage", "Le stockage de l’annuaire ne répond pas ; réessayez dans un instant.")
        .into()
}

/// What is live and how it came to be, as KV has it now.
pub(crate) struct State {
    /// `None` while visitors get the shipped snapshot.
    pub(crate) pointer: Option<Pointer>,
    /// Whether that is what KV has, and not what the isolate remembers.
    pub(crate) is_stored: bool,
    /// Newest first.
    pub(crate) history: Vec<Version>,
    /// What visitors get.
    pub(crate) live: SnapshotId,
}

impl State {
    /// Reads it from KV. A location of the edge may see an older pointer for a minute, and a
    /// pointer may be damaged: the isolate may know better.
    pub(crate) async fn read(store: &Store) -> Result<Self, Unreachable> {
        let stored = store.pointer(AT_LENGTH).await?.good();
        let history = store.versions().await?;
        let version = stored.as_ref().map_or(0, |pointer| pointer.version);
        let newest = memory::newest(clock::now());
        let remembered = memory::last_known().0.and_then(|live| {
            let is_better = stored.is_none() || newest > Some(version) && live.version == newest;
            let version = live.version.filter(|_| live.source == Source::Kv && is_better)?;
            Some(Pointer { snapshot: live.id.clone(), version })
        });
        let is_stored = remembered.is_none() && stored.is_some();
        let pointer = remembered.or(stored);
        let live = pointer.as_ref().map_or_else(bundled::snapshot, |pointer| pointer.snapshot.clone());
        Ok(Self { pointer, is_stored, history, live })
    }

    /// The version that is live, if it is this snapshot.
    pub(crate) fn version_of(&self, snapshot: &SnapshotId) -> Option<u64> {
        self.pointer.as_ref().filter(|pointer| pointer.snapshot == *snapshot).map(|pointer| pointer.version)
    }

    /// The number of the next version: no two have the same.
    pub(crate) fn next_version(&self) -> u64 {
        let listed = self.history.iter().map(|version| version.version);
        let live = self.pointer.as_ref().map(|pointer| pointer.version);
        listed.chain(live).max().unwrap_or(0) + 1
    }
}

/// Writes a snapshot: its pieces, its directory, and last its manifest, by which a reader
/// knows that the rest is there.
pub(crate) async fn write(store: &Store, snapshot: &Snapshot, document: &[u8]) -> Result<(), Failure> {
    let mut values = Vec::with_capacity(snapshot.pieces.len() * 2);
    for (name, bytes) in &snapshot.pieces {
        values.push((Key::Piece(&snapshot.id, name), compress(bytes)?));
        if let Some(json) = snapshot::to_json(name, bytes) {
            let json = json.map_err(|error| Failure::ours("a piece that was just written", &error))?;
            values.push((Key::PieceJson(&snapshot.id, name), compress(&json)?));
        }
    }
    try_join_all(values.iter().map(|(key, bytes)| store.put(*key, bytes))).await.map_err(storage)?;
    store.put(Key::Directory(&snapshot.id), &compress(document)?).await.map_err(storage)?;
    store.put(Key::Manifest(&snapshot.id), &snapshot.manifest.to_bytes()).await.map_err(storage)
}

/// Writes the shipped snapshot, so that it stays what it is when another one is shipped.
pub(crate) async fn write_shipped(store: &Store) -> Result<Manifest, Failure> {
    let manifest = bundled::manifest()?;
    let mut snapshot = Snapshot { id: bundled::snapshot(), manifest, pieces: BTreeMap::new() };
    for name in snapshot.manifest.pieces.keys() {
        let bytes = bundled::piece(name).and_then(|bytes| decompress(&Uint8Array::from(bytes)));
        let bytes = bytes.ok_or_else(|| Failure::ours("a shipped piece is unreadable", name))?;
        snapshot.pieces.insert(name.clone(), bytes.to_vec());
    }
    let document = decompress(&Uint8Array::from(bundled::directory()))
        .ok_or_else(|| Failure::ours("the shipped directory is unreadable", &"not brotli"))?;
    write(store, &snapshot, &document.to_vec()).await?;
    Ok(snapshot.manifest)
}

/// Whether KV has every piece of a snapshot, as its manifest says.
pub(crate) async fn is_whole(store: &Store, manifest: &Manifest) -> Result<bool, Unreachable> {
    let id = &manifest.id();
    let checks = manifest.pieces.iter().map(|(name, expected)| async move {
        let Some(bytes) = store.get(Key::Piece(id, name), AT_LENGTH).await? else { return Ok(false) };
        let plain = decompress(&Uint8Array::from(&*bytes));
        Ok(plain.is_some_and(|plain| snapshot::hash(&plain.to_vec()) == *expected))
    });
    let pieces = try_join_all(checks).await?;
    let stored = store.get(Key::Manifest(id), AT_LENGTH).await?;
    let has_directory = store.get(Key::Directory(id), AT_LENGTH).await?.is_some();
    Ok(pieces.iter().all(|is_good| *is_good)
        && has_directory
        && stored.is_some_and(|bytes| Manifest::id_of(&bytes) == *id))
}

/// The document that a snapshot was compiled from.
pub(crate) async fn document(store: Option<&Store>, id: &SnapshotId) -> Result<Vec<u8>, Failure> {
    let stored = match store {
        Some(store) => store.get(Key::Directory(id), AT_LENGTH).await,
        None => Err(Unreachable),
    };
    let decompress = |bytes: &[u8]| decompress(&Uint8Array::from(bytes)).map(|bytes| bytes.to_vec());
    if let Some(document) = stored.as_ref().ok().and_then(|bytes| decompress(bytes.as_ref()?)) {
        return Ok(document);
    }
    if bundled::is_shipped(id) {
        return decompress(bundled::directory())
            .ok_or_else(|| Failure::ours("the shipped directory is unreadable", &"not brotli"));
    }
    Err(match stored {
        Ok(None) => {
            Problem::new(404, "unknown-snapshot", "Cette version de l’annuaire n’est pas enregistrée.").into()
        }
        Ok(Some(_)) => Problem::new(
            409,
            "snapshot-lost",
            "Le document de cette version est abîmé : on ne peut plus le lire.",
        )
        .into(),
        Err(unreachable) => unread(unreachable),
    })
}

/// As a publication compresses: once, for all who will read.
fn compress(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    crate::brotli::compress(&Uint8Array::from(bytes), THOROUGH)
        .map(|compressed| compressed.to_vec())
        .ok_or_else(|| Failure::ours("brotli", &"a piece could not be compressed"))
}
