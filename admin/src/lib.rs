//! What the administrators' command line does: it reads spreadsheets, open-data dumps
//! and files, turns them into a directory, and speaks to the worker's administration API.
//!
//! It decides nothing that [`shared`] decides: validation, comparison, compilation and
//! diagnosis are the same code as at the edge. It alone reads files, asks for the date
//! ([`clock`]) and opens connections ([`server`], the `links` that are checked, and the
//! `browser` that looks at partners' pages).

mod browser;
pub mod cli;
pub mod clock;
mod commands;
mod dila;
pub mod failure;
mod files;
mod history;
mod links;
pub mod output;
pub mod reference;
pub mod server;
mod sync;
mod watch;
