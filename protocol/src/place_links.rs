//! The private links of places: `place-links`.

use crate::{Revoked, Who};
use serde::{Deserialize, Serialize};

/// The private link of a place, never with what opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceLink {
    /// The id of the place.
    pub place: String,
    /// What the place was called when the link was made.
    pub name: String,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// Who made it.
    pub made_by: Who,
    /// The territory whose drafts take the answers; the Region's where there is none.
    pub territory: Option<String>,
    /// The last day on which it opens, an ISO date.
    pub until: String,
    /// Whether it opens, and why not.
    pub state: LinkState,
    /// Absent unless it was revoked.
    pub revoked: Option<Revoked>,
    /// The last day on which it was opened, an ISO date.
    pub opened_on: Option<String>,
    /// The last answer of the place.
    pub answered: Option<Answered>,
    /// The link itself, in the answer that makes it and in no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// Whether a link opens, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkState {
    /// It opens.
    Open,
    /// Somebody revoked it.
    Revoked,
    /// Its last day is over.
    Expired,
    /// Another secret of the installation has come since; or what a newer server says.
    #[serde(other)]
    Suspended,
}

/// What a place has answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// RFC 3339, UTC.
    pub at: String,
    /// What its people said.
    pub said: Said,
    /// The draft that holds it.
    pub draft: String,
}

/// What the people of a place say of its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// All of it is still true.
    StillTrue,
    /// They have corrected it.
    Corrected,
}

impl Said {
    /// As people read it.
    pub const fn french(self) -> &'static str {
        match self {
            Self::StillTrue => "toujours juste",
            Self::Corrected => "corrigé",
        }
    }
}

/// Answer of `GET place-links` and of `POST place-links`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceLinks {
    /// The links.
    pub links: Vec<PlaceLink>,
}

/// Body of `POST place-links`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceLinksRequest {
    /// The ids of places that are live, 200 at most.
    pub places: Vec<String>,
}
