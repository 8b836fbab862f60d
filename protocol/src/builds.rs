//! Builds of the element that are kept for pages which still name them: `builds`.

use crate::Who;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A file of a build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// How large it is, not compressed.
    pub bytes: usize,
    /// Its hash, as `integrity` attributes have it.
    pub integrity: String,
    /// The last day on which it is there, an ISO date.
    pub until: String,
}

/// A build that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptBuild {
    /// Its id, 16 hexadecimal digits.
    pub build: String,
    /// The last day on which all of it is there, an ISO date.
    pub until: String,
    /// RFC 3339, UTC.
    pub kept_at: String,
    /// Who kept it.
    pub kept_by: Who,
    /// Its files, by name.
    pub files: BTreeMap<String, KeptFile>,
}

/// Answer of `GET builds`, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptBuilds {
    /// The builds.
    pub builds: Vec<KeptBuild>,
}

/// Answer of `PUT builds/{build}/{file}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAnswer {
    /// The build.
    pub build: String,
    /// The name of the file.
    pub file: String,
    /// What is kept of it.
    pub kept: KeptFile,
}
