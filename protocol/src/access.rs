//! Access keys: `me` and `keys`.

use crate::rights::Role;
use crate::{Revoked, Who};
use serde::{Deserialize, Serialize};

/// Answer of `GET me`: the key that asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The id of the key.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it may do.
    #[serde(flatten)]
    pub role: Role,
}

/// A key, never with its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its id, ten hexadecimal digits.
    pub id: String,
    /// Who has it, as people call them.
    pub name: String,
    /// What it may do.
    #[serde(flatten)]
    pub role: Role,
    /// The address by which Cloudflare Access knows the person.
    pub email: Option<String>,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// Who made it.
    pub made_by: Who,
    /// The last day on which it was used, an ISO date.
    pub last_used_on: Option<String>,
    /// Absent while it is good.
    pub revoked: Option<Revoked>,
    /// Another secret of the installation has come since: it opens nothing until it is confirmed.
    pub suspended: bool,
    /// The key itself, in the answer that makes it and in no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// Answer of `GET keys`, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// Every key, revoked ones too.
    pub keys: Vec<Key>,
}

/// Body of `POST keys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRequest {
    /// Whose key it is.
    pub name: String,
    /// What it may do.
    #[serde(flatten)]
    pub role: Role,
    /// For Cloudflare Access.
    #[serde(default)]
    pub email: Option<String>,
}
