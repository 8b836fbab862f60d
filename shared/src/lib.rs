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
//!    Before a publication, [`analysis`] says what the edition says in vain and [`proof`]
//!    tries every person in every commune; [`examine`] does all of it.
//! 4. [`guide`] walks through the questions; [`recommend`] decides on a piece.
//!
//! Beside that, [`diagnosis`] says what a directory lacks, [`coverage`] what it has,
//! [`drawing`] shows an edition, and [`diff`] with [`effect`] says what a publication would
//! change: all of that is for administrators, and the element links none of it.

pub mod analysis;
pub mod bond;
pub mod commune_index;
pub mod commune_lines;
pub mod compile;
pub mod condition;
pub mod coverage;
pub mod diagnosis;
pub mod diff;
pub mod directory;
pub mod doctor;
pub mod drawing;
pub mod effect;
pub mod examine;
pub mod fields;
pub mod finding;
pub mod first;
pub mod freshness;
pub mod geography;
pub mod guide;
pub mod markup;
pub mod measure;
pub mod opening;
pub mod options;
pub mod proof;
pub mod quality;
pub mod reachable;
pub mod reading;
pub mod rebase;
pub mod recommend;
pub mod review;
pub mod said;
pub mod saying;
pub mod snapshot;
pub mod speech;
pub mod spelling;
pub mod texts;
pub mod validate;
pub mod visit;
pub mod whereabouts;
pub mod wire;
pub mod wording;
