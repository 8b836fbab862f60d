//! Files in and out: tables that people keep, read into a directory, and a directory
//! written as tables; sources that are followed.
//!
//! Like [`shared`], this crate is pure: bytes come in and bytes go out, `today` is an
//! argument. The administrators' command line and the administration pages at the edge
//! read a file with the same code, hence find the same things in it.
//!
//! [`import::import`] and [`export::export`] are where to start: each has an example that runs.
//! [`sync::follow`] compares a reading of a followed source with the one before.

pub mod export;
pub mod hours;
pub mod import;
mod inclusion;
mod numbering;
pub mod refusal;
pub mod sync;

#[cfg(test)]
#[path = "../tests/it/reference.rs"]
mod reference;
