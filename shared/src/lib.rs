//! What every part of the SPRO guide agrees on: the directory that administrators
//! publish, its validation, its compilation to a snapshot, and the guide that turns a
//! visitor's answers into a recommendation with its reasons.
//!
//! This crate is pure. It knows no clock (`today` is an argument), no network, no file,
//! no DOM and no KV, and no feature of it assumes a JavaScript host. The same code
//! decides in the browser, at the edge and on the administrator's desk.
//!
//! How a directory becomes an answer:
//!
//! 1. [`directory::Directory::from_json`] reads the document; an unknown field is refused
//!    with its path.
//! 2. [`validate::validate`] returns every [`finding::Finding`] at once, and a
//!    [`validate::Valid`] directory when none is an error. Nothing else builds one.
//! 3. [`compile::compile`] cuts it into immutable pieces named by their content hash
//!    ([`snapshot`]).
//! 4. [`guide::walk`] goes through the questions; [`recommend::recommend`] decides on a piece.
//!
//! What is national is written once, and the directory of a region is [`region::compose`]d of it.
//!
//! Each of these functions has an example that runs. All examples, those of `insight` and
//! `exchange` too, read one small directory, `shared/examples/two-places.json`: two networks, two
//! places, two rules and a guarantee.
//!
//! A visitor's device never sees the document: without the feature `document`, which is there by
//! default, what reads, checks, compiles and hashes one is left out, with its three libraries.
//!
//! What is computed about an edition or a directory for administrators, its proof first of all, is
//! in the crate `insight`, which the element cannot name.

pub mod around;
#[cfg(feature = "document")]
mod asking;
pub mod bond;
pub mod calendar_file;
pub mod commune_index;
pub mod commune_lines;
#[cfg(feature = "document")]
pub mod compile;
pub mod condition;
pub mod contact_file;
pub mod decision;
pub mod directory;
pub mod elsewhere;
pub mod error_report;
#[cfg(feature = "document")]
pub mod fields;
pub mod finding;
#[cfg(feature = "document")]
pub mod first;
pub mod formats;
pub mod french;
pub mod geography;
pub mod guide;
pub mod localized;
#[cfg(feature = "document")]
mod manifest;
pub mod map;
pub mod markup;
pub mod opening;
pub mod options;
pub mod percent;
#[cfg(feature = "document")]
pub mod reading;
pub mod recommend;
#[cfg(feature = "document")]
pub mod region;
pub mod said;
pub mod snapshot;
pub mod speech;
pub mod spelling;
pub mod spreadsheet;
pub mod texts;
#[cfg(feature = "document")]
pub mod validate;
pub mod visit;
pub mod wire;
pub mod wording;
