//! What is computed about an edition or a directory for its administrators: whether it is right,
//! what a change of it does, and what it looks like.
//!
//! This crate is as pure as `shared`, on which it stands: no clock (`today` is an argument), no
//! network, no file, no DOM and no KV. The command line and the administration at the edge call
//! it; the element never does, and its manifest does not name it.
//!
//! - [`verify`] proves an edition before it is published: [`verify::examine`] runs
//!   [`verify::analysis`], which finds what the edition says in vain, and [`verify::proof`], which
//!   tries every person in every commune. Start with [`verify::examine::examine`], or with
//!   [`verify::proof::prove`] for the proof alone.
//! - [`compare`] holds two directories against each other: what differs, for whom the guide then
//!   decides otherwise, and how two changes of one directory are merged.
//!   Start with [`compare::diff::difference`] and [`compare::effect::effect`], or with
//!   [`compare::review::review`], which calls both.
//! - [`report`] describes one directory for people: what it lacks ([`report::diagnosis`]), what it
//!   has ([`report::coverage`]), what it looks like ([`report::drawing`]), and what should be
//!   checked again ([`report::freshness`]).
//!
//! The functions to start with have an example that runs, on `shared/examples/two-places.json`.

pub mod compare;
pub mod report;
pub mod verify;
