//! A snapshot as a whole: its list of pieces, its name, and its pieces as JSON. For who compiles,
//! stores or serves one; the element checks hashes in JavaScript.

use crate::commune_index::CommuneIndex;
use crate::decision::Guide;
use crate::localized::{GuideTexts, as_value, left_empty};
use crate::snapshot::{About, DepartmentPiece, SnapshotId, UnreadablePiece, read};
use crate::wire::Wire;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The list of a snapshot's pieces with the hash of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`PIECE_FORMAT`](crate::snapshot::PIECE_FORMAT).
    pub format: u8,
    /// Title of the directory.
    pub title: String,
    /// Id of the edition.
    pub edition: String,
    /// How many structures it holds.
    pub structures: u32,
    /// Piece name → SHA-256 of its compact form, in hex.
    pub pieces: BTreeMap<String, String>,
    /// SHA-256 of the document that it was compiled from, in hex; versions from before have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

impl Manifest {
    /// The manifest's bytes, whose hash is the snapshot's id.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The id of the snapshot that this manifest describes.
    pub fn id(&self) -> SnapshotId {
        Self::id_of(&self.to_bytes())
    }

    /// The id that these manifest bytes give.
    pub fn id_of(bytes: &[u8]) -> SnapshotId {
        let mut id = hash(bytes);
        id.truncate(32);
        SnapshotId(id)
    }
}

/// The SHA-256 of some bytes, in lower-case hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A compiled snapshot, ready to be stored.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Its name.
    pub id: SnapshotId,
    /// Its list of pieces.
    pub manifest: Manifest,
    /// Piece name → compact form.
    pub pieces: BTreeMap<String, Vec<u8>>,
    /// The document that it was compiled from, as [`crate::directory::Directory::to_json`] writes
    /// it.
    pub document: String,
}

/// The JSON form of a piece, from its compact form; `None` for a name no piece has.
pub fn to_json(name: &str, bytes: &[u8]) -> Option<Result<Vec<u8>, UnreadablePiece>> {
    fn convert<T: Wire + Serialize>(bytes: &[u8]) -> Result<Vec<u8>, UnreadablePiece> {
        serde_json::to_vec(&read::<T>(bytes)?).map_err(|_| UnreadablePiece::Malformed)
    }
    match name.split('.').next() {
        Some("guide") => Some(convert::<Guide>(bytes)),
        Some("texts") => Some(convert::<GuideTexts>(bytes)),
        Some("about") => Some(about_to_json(bytes)),
        Some("communes") => Some(convert::<CommuneIndex>(bytes)),
        Some("department") => Some(convert::<DepartmentPiece>(bytes)),
        _ => None,
    }
}

fn about_to_json(bytes: &[u8]) -> Result<Vec<u8>, UnreadablePiece> {
    let mut json = as_value(&read::<About>(bytes)?).map_err(|_| UnreadablePiece::Malformed)?;
    left_empty(&mut json, "territories", &["communes", "unverified"]);
    serde_json::to_vec(&json).map_err(|_| UnreadablePiece::Malformed)
}
