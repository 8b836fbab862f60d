//! What the administration API takes and gives, as types that the server and the command line share.
//! `worker/openapi.json` describes the same for everybody else.
//!
//! A command line may be older than its server: it reads an answer without minding fields that it does
//! not know, and a value that it does not know is `Other`.

pub mod access;
pub mod builds;
#[cfg(test)]
mod described;
pub mod drafts;
pub mod place_links;
pub mod rights;
pub mod trail;
pub mod versions;

use serde::{Deserialize, Serialize};

/// Whoever did something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The id of their key.
    pub id: String,
    /// The name of their key at that time.
    pub name: String,
}

/// When and by whom a key or a link was revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// RFC 3339, UTC.
    pub at: String,
    /// Who did it.
    pub by: Who,
}
