//! Whether an edition is right: every reachable set of answers, every commune, before anything is
//! published.

pub mod analysis;
pub mod examine;
pub mod proof;
pub mod reachable;
