//! A snapshot that was compiled on the administrator's desk, received value by value.
//!
//! A publication through one request needs more processor time than the free plan of
//! Cloudflare gives, and for a whole country more values than one request may write. Here
//! every request stores one value, and the last one only moves the pointer. The desk runs
//! the same examination with the same code; the edge makes sure that every piece is the one
//! that the manifest names. Only the Region may: whoever holds its key could publish
//! anything anyway.

use super::desk::Desk;
use crate::archive::{storage, unread};
use crate::ledger::{Kept, Name, Reading, Writing, Written};
use crate::publication::{Told, before, may_remove};
use crate::values::Note;
use crate::versions::unchanged;
use crate::versions::{State, Whole};
use insight::compare::diff::Summary;
use js_sys::Uint8Array;
use protocol::versions::{Action, Switched};
use serde::{Deserialize, Serialize};
use serving::brotli::decompress;
use serving::header::Precondition;
use serving::problem::{Failure, Problem};
use serving::store::Key;
use shared::snapshot::{Manifest, PIECE_FORMAT, SnapshotId, hash};
use std::collections::BTreeSet;

/// The name of the document among the values.
const DIRECTORY: &str = "directory";

/// What has arrived of a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Staged {
    manifest: Manifest,
    arrived: BTreeSet<String>,
}

impl Staged {
    /// Every value that has to arrive: each piece in both forms, and the document.
    fn wanted(&self) -> BTreeSet<String> {
        let pieces = self.manifest.pieces.keys();
        pieces
            .flat_map(|piece| [format!("{piece}.bin"), format!("{piece}.json")])
            .chain([DIRECTORY.to_owned()])
            .collect()
    }

    fn missing(&self) -> Vec<String> {
        self.wanted().difference(&self.arrived).cloned().collect()
    }
}

impl Desk<'_> {
    /// Begins, or goes on with, a snapshot: returns the values that are still missing, so
    /// that a connection that was lost costs only what had not arrived.
    pub(crate) async fn stage(&self, id: &SnapshotId, manifest: &[u8]) -> Result<Vec<String>, Failure> {
        let read: Option<Manifest> = serde_json::from_slice(manifest).ok();
        let manifest = read.filter(|read| Manifest::id_of(manifest) == *id && read.format == PIECE_FORMAT).ok_or_else(|| {
            let detail = "Le sommaire envoyé n’est pas celui de cet instantané, ou vient d’une autre version du programme. Mettez cargo spro et le serveur à la même version.";
            Problem::new(422, "other-manifest", detail)
        })?;
        if let Some(staged) = self.staged(id).await? {
            return Ok(staged.value.missing());
        }
        Note::snapshot(&self.ledger, &manifest).await?;
        let staged = Staged { manifest, arrived: BTreeSet::new() };
        let name = Name::Staged(id);
        // Where somebody else has begun the same one meanwhile, theirs is as good.
        self.ledger.write(&Writing::default().expect(name, 0).put(name, &staged)).await.map_err(storage)?;
        Ok(staged.missing())
    }

    async fn staged(&self, id: &SnapshotId) -> Result<Option<Kept<Staged>>, Failure> {
        let read = self.ledger.read(&Reading::default().name(Name::Staged(id))).await.map_err(unread)?;
        read.get(Name::Staged(id))
    }

    /// Takes one value, compressed as it will be stored.
    pub(crate) async fn take_value(&self, id: &SnapshotId, value: &str, bytes: &[u8]) -> Result<(), Failure> {
        let staged = self.staged(id).await?.ok_or_else(not_begun)?;
        if !staged.value.wanted().contains(value) {
            let detail = format!("« {value} » ne fait pas partie de cet instantané.");
            return Err(Problem::new(404, "unknown-value", detail).into());
        }
        let plain = decompress(&Uint8Array::from(bytes)).map(|plain| plain.to_vec());
        let damaged =
            || Problem::new(422, "damaged-value", format!("« {value} » est arrivé abîmé : renvoyez-le."));
        let plain = plain.ok_or_else(damaged)?;
        let key = match value.rsplit_once('.') {
            Some((piece, "bin")) => {
                if staged.value.manifest.pieces.get(piece) != Some(&hash(&plain)) {
                    return Err(damaged().into());
                }
                Key::Piece(id, piece)
            }
            Some((piece, "json")) => Key::PieceJson(id, piece),
            _ => {
                if staged.value.manifest.document.as_ref().is_some_and(|known| *known != hash(&plain)) {
                    return Err(damaged().into());
                }
                Key::Directory(id)
            }
        };
        self.store.put(key, bytes).await.map_err(storage)?;
        self.arrived(id, value, staged).await
    }

    /// Notes that a value is stored. Several arrive at once: whoever comes second notes on
    /// top of the first.
    async fn arrived(&self, id: &SnapshotId, value: &str, mut staged: Kept<Staged>) -> Result<(), Failure> {
        let name = Name::Staged(id);
        loop {
            staged.value.arrived.insert(value.to_owned());
            let writing = Writing::default().expect(name, staged.revision).put(name, &staged.value);
            match self.ledger.write(&writing).await.map_err(storage)? {
                Written::Done(_) => return Ok(()),
                Written::Conflict => staged = self.staged(id).await?.ok_or_else(not_begun)?,
            }
        }
    }

    /// Publishes what has arrived whole.
    pub(crate) async fn publish_staged(
        &self,
        id: &SnapshotId,
        precondition: &Precondition<'_>,
        reason: String,
        changes: Option<Summary>,
        removing: Option<usize>,
    ) -> Result<Switched, Failure> {
        let state = State::read(&self.ledger, &self.store).await?;
        // Noted first: what has arrived then stays.
        let note = Note::again(&self.ledger, id).await?;
        let Some(staged) = self.staged(id).await? else {
            // The answer to an earlier request was lost: it has been done.
            if state.version > 0 && state.live == *id {
                return Ok(unchanged(&state));
            }
            return Err(not_begun().into());
        };
        let missing = staged.value.missing();
        if !missing.is_empty() {
            let detail =
                "Il manque encore des morceaux de cet instantané. La version en ligne n’a pas changé.";
            return Err(Problem::new(409, "values-missing", detail).with("missing", missing).into());
        }
        let manifest = &staged.value.manifest;
        if let Some(changes) = &changes {
            may_remove(
                state.version,
                changes.removed,
                before(manifest.structures as usize, changes),
                removing,
            )?;
        }
        self.store.put(Key::Manifest(id), &manifest.to_bytes()).await.map_err(storage)?;
        let whole = Whole { manifest, note: note.as_ref() };
        // The desk has said what changes; working it out again here would cost more than all
        // the rest.
        let switched = self
            .publisher()
            .switch(precondition, whole, Action::Publish, reason, Told { changes, quality: None })
            .await?;
        // It is in the history now. Where this fails, it stays and does no harm.
        let _ = self.ledger.write(&Writing::default().remove(Name::Staged(id))).await;
        Ok(switched)
    }
}

fn not_begun() -> Problem {
    let detail = "Cet instantané n’a pas été commencé ici : envoyez d’abord son sommaire.";
    Problem::new(409, "not-staged", detail)
}
