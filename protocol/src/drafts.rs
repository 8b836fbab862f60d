//! Drafts: `drafts` and what is under it.

use crate::Who;
use serde::{Deserialize, Serialize};
use shared::snapshot::SnapshotId;

/// A draft: nothing of how it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id, ten hexadecimal digits.
    pub id: String,
    /// Grows with each change; `If-Match` names it.
    pub revision: u64,
    /// What its author calls it.
    pub title: String,
    /// Whose places it changes; the Region's draft where there is none.
    pub territory: Option<String>,
    /// Who began it.
    pub begun_by: Who,
    /// RFC 3339, UTC.
    pub begun_at: String,
    /// Who changed it last.
    pub changed_by: Who,
    /// RFC 3339, UTC.
    pub changed_at: String,
    /// The version that it started from, or was last brought up to.
    pub base: SnapshotId,
    /// What can be undone, the last step last, in French.
    pub steps: Vec<String>,
    /// The file that was brought in.
    pub file: Option<DraftFile>,
    /// The last check, where nothing has changed since.
    pub check: Option<DraftCheck>,
    /// The path of its private preview, where a check has compiled it.
    pub preview: Option<String>,
    /// Where it is in its life.
    pub state: DraftState,
    /// The version that it became.
    pub version: Option<u64>,
}

/// A file that was brought into a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftFile {
    /// Its name on the administrator's desk.
    pub name: String,
    /// How large it is.
    pub bytes: usize,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftCheck {
    /// The day that it was made for, an ISO date.
    pub today: String,
    /// What the draft was compiled to, where it may be published.
    pub snapshot: Option<SnapshotId>,
    /// How many findings forbid its publication.
    pub errors: usize,
    /// How many do not.
    pub warnings: usize,
}

/// Where a draft is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftState {
    /// It is being written.
    Open,
    /// Its editor is done, and waits for the Region.
    Proposed,
    /// It is a version.
    Published,
    /// It is given up.
    Abandoned,
    /// What a newer server says.
    #[serde(other)]
    Other,
}

/// Answer of `GET drafts`, the last changed first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafts {
    /// Those that the key may open.
    pub drafts: Vec<Draft>,
}

/// Body of `POST drafts`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftRequest {
    /// What to call it.
    #[serde(default)]
    pub title: String,
    /// For the Region: the territory whose draft it is.
    #[serde(default)]
    pub territory: Option<String>,
}

/// Body of `POST drafts/{id}/publish`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftPublication {
    /// For the history; the draft's title where it is empty.
    #[serde(default)]
    pub reason: String,
    /// How many places it removes, where they are more than one in ten.
    #[serde(default)]
    pub removing: Option<usize>,
    /// Whoever publishes has seen what people lose by it, and wants it.
    #[serde(default)]
    pub accept_losses: bool,
}
