//! Versions: what was published, and publishing.

use crate::Who;
use crate::drafts::Draft;
use insight::compare::diff::Summary;
use insight::report::quality::QualitySummary;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::snapshot::SnapshotId;

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Its number, never given twice.
    pub version: u64,
    /// What it made live.
    pub snapshot: SnapshotId,
    /// RFC 3339, UTC.
    #[serde(default)]
    pub published_at: String,
    /// Who did it.
    #[serde(default)]
    pub by: Who,
    /// What they wrote.
    #[serde(default)]
    pub reason: String,
    /// The title of its directory.
    #[serde(default)]
    pub title: String,
    /// The id of its edition.
    #[serde(default)]
    pub edition: String,
    /// How many places it has.
    #[serde(default)]
    pub structures: u32,
    /// How it came to be live.
    #[serde(default)]
    pub action: Action,
    /// What it changed, against the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Summary>,
    /// How good its records are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<QualitySummary>,
}

/// How a version came to be live.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Somebody published it.
    #[default]
    Publish,
    /// Somebody went back to it.
    Rollback,
    /// It was found in KV by a ledger that knew of nothing.
    Found,
    /// It is the live document, compiled again by a newer version of the program.
    Renewed,
    /// What a newer server says.
    #[serde(other)]
    Other,
}

impl Action {
    /// As people read it.
    pub const fn french(self) -> &'static str {
        match self {
            Self::Publish | Self::Other => "publication",
            Self::Rollback => "retour à une version d’avant",
            Self::Found => "trouvée en ligne",
            Self::Renewed => "mise à jour du programme",
        }
    }
}

/// Answer of `GET versions`: a part of the history, the newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Versions {
    /// The snapshot that is live.
    pub live: SnapshotId,
    /// The versions.
    pub versions: Vec<Version>,
    /// The number to give as `before` for the next part; absent at the end.
    #[serde(default)]
    pub next: Option<u64>,
}

/// Answer of whatever publishes, or goes back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Switched {
    /// What is live now.
    pub snapshot: SnapshotId,
    /// Its number.
    pub version: u64,
    /// What was live before.
    pub previous: SnapshotId,
    /// It was live already.
    pub unchanged: bool,
    /// What the check warned of, where a whole directory was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<Value>,
    /// The draft that was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Draft>,
}

/// Body of `POST rollback`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollbackRequest {
    /// A snapshot that was live before; the one before the live one where it is absent.
    #[serde(default)]
    pub to: Option<String>,
    /// For the history.
    #[serde(default)]
    pub reason: String,
}

/// Answer of `PUT snapshots/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The values that have not arrived yet, by name.
    pub missing: Vec<String>,
}

/// Body of `POST snapshots/{id}/publish`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StagedPublication {
    /// For the history.
    #[serde(default)]
    pub reason: String,
    /// What it changes, worked out at the desk.
    #[serde(default)]
    pub summary: Option<Summary>,
    /// How many places it removes, where they are more than one in ten.
    #[serde(default)]
    pub removing: Option<usize>,
}
