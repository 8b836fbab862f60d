//! Whole snapshots in KV: writing them, and making sure that they are whole.

use crate::ledger::Ledger;
use crate::values::Note;
use futures_util::future::{try_join, try_join_all};
use js_sys::Uint8Array;
use serving::brotli::{SMALLEST, THOROUGH, decompress};
use serving::problem::{Failure, Problem};
use serving::shipped;
use serving::store::{AT_LENGTH, Key, Store, Unreachable};
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

/// Writes a snapshot: its pieces, its directory, and last its manifest, by which a reader
/// knows that the rest is there. What makes it live is written with the note.
pub(crate) async fn write(store: &Store, ledger: &Ledger, snapshot: &Snapshot) -> Result<Note, Failure> {
    let note = Note::snapshot(ledger, &snapshot.manifest).await?;
    let mut values = Vec::with_capacity(snapshot.pieces.len() * 2);
    for (name, bytes) in &snapshot.pieces {
        values.push((Key::Piece(&snapshot.id, name), at_quality(bytes, SMALLEST)?));
        if let Some(json) = snapshot::to_json(name, bytes) {
            let json = json.map_err(|error| Failure::ours("a piece that was just written", &error))?;
            values.push((Key::PieceJson(&snapshot.id, name), compress(&json)?));
        }
    }
    try_join_all(values.iter().map(|(key, bytes)| store.put(*key, bytes))).await.map_err(storage)?;
    store
        .put(Key::Directory(&snapshot.id), &compress(snapshot.document.as_bytes())?)
        .await
        .map_err(storage)?;
    store.put(Key::Manifest(&snapshot.id), &snapshot.manifest.to_bytes()).await.map_err(storage)?;
    Ok(note)
}

/// Writes the shipped snapshot, so that it stays what it is when another one is shipped.
pub(crate) async fn write_shipped(store: &Store, ledger: &Ledger) -> Result<(Manifest, Note), Failure> {
    let manifest = shipped::manifest()?;
    let document = shipped::document()?;
    let mut snapshot = Snapshot { id: shipped::snapshot(), manifest, pieces: BTreeMap::new(), document };
    for name in snapshot.manifest.pieces.keys() {
        let bytes = shipped::piece(name).and_then(|bytes| decompress(&bytes));
        let bytes = bytes.ok_or_else(|| Failure::ours("a shipped piece is unreadable", name))?;
        snapshot.pieces.insert(name.clone(), bytes.to_vec());
    }
    let note = write(store, ledger, &snapshot).await?;
    Ok((snapshot.manifest, note))
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
    let directory = store.get(Key::Directory(id), AT_LENGTH).await?;
    Ok(pieces.iter().all(|is_good| *is_good)
        && directory.is_some_and(|bytes| sound_document(&bytes, manifest).is_some())
        && stored.is_some_and(|bytes| Manifest::id_of(&bytes) == *id))
}

/// A stored document, where it is the one that its snapshot was compiled from.
fn sound_document(stored: &[u8], manifest: &Manifest) -> Option<Vec<u8>> {
    let document = decompress(&Uint8Array::from(stored))?.to_vec();
    // Versions from before manifests knew their document have nothing to compare it with.
    manifest.document.as_ref().is_none_or(|known| *known == snapshot::hash(&document)).then_some(document)
}

/// The document that a snapshot was compiled from. Nothing stored is believed: a bit that has
/// flipped in it would be the next publication.
pub(crate) async fn document(store: Option<&Store>, id: &SnapshotId) -> Result<Vec<u8>, Failure> {
    if shipped::is_shipped(id) {
        return shipped::document().map(String::into_bytes);
    }
    let stored = match store {
        Some(store) => {
            try_join(store.get(Key::Manifest(id), AT_LENGTH), store.get(Key::Directory(id), AT_LENGTH)).await
        }
        None => Err(Unreachable),
    };
    if let Ok((Some(manifest), Some(document))) = &stored
        && Manifest::id_of(manifest) == *id
        && let Ok(manifest) = serde_json::from_slice(manifest)
        && let Some(document) = sound_document(document, &manifest)
    {
        return Ok(document);
    }
    Err(match stored {
        Ok((_, None)) => {
            Problem::new(404, "unknown-snapshot", "Cette version de l’annuaire n’est pas enregistrée.").into()
        }
        Ok((_, Some(_))) => Problem::new(
            409,
            "snapshot-lost",
            "Le document de cette version est abîmé : on ne peut plus le lire.",
        )
        .into(),
        Err(unreachable) => unread(unreachable),
    })
}

/// As a publication compresses: once, for all who will read.
pub(crate) fn compress(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    at_quality(bytes, THOROUGH)
}

fn at_quality(bytes: &[u8], quality: u8) -> Result<Vec<u8>, Failure> {
    serving::brotli::compress(&Uint8Array::from(bytes), quality)
        .map(|compressed| compressed.to_vec())
        .ok_or_else(|| Failure::ours("brotli", &"a piece could not be compressed"))
}
