//! Two directories held against each other: what differs, for whom the guide then decides
//! otherwise, and how two changes of one directory are merged.

pub mod diff;
pub mod effect;
pub mod rebase;
pub mod review;
