//! What the administration says of the private link of a draft, and the public worker serves.

use serde::{Deserialize, Serialize};
use shared::snapshot::SnapshotId;

/// The draft at a private link.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Previewed {
    /// Its title.
    pub title: String,
    /// What it was compiled to at its last check.
    pub snapshot: SnapshotId,
}
