//! One module for each command.

pub(crate) mod access;
pub(crate) mod compose;
pub(crate) mod coverage;
pub(crate) mod diagnose;
pub(crate) mod diff;
pub(crate) mod drafts;
pub(crate) mod draw;
pub(crate) mod export;
pub(crate) mod freshness;
pub(crate) mod import;
pub(crate) mod keep;
pub(crate) mod links;
mod mappings;
pub(crate) mod networks;
pub(crate) mod new;
pub(crate) mod prove;
pub(crate) mod publish;
pub(crate) mod recommend;
pub(crate) mod schema;
pub(crate) mod source;
mod staged;
pub(crate) mod sync;
pub(crate) mod texts;
pub(crate) mod validate;
pub(crate) mod versions;
pub(crate) mod watch;
