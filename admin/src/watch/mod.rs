//! Partners' pages, looked at in a real browser: which rung of the ladder each is on.

pub(crate) mod page;
pub(crate) mod rung;
