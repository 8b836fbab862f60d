//! The whole of the crate, from outside: files in and out.
#![expect(clippy::disallowed_methods, reason = "a test reads its cases; the crate reads no file")]

mod decisions;
mod dila;
mod export;
mod import;
mod inclusion;
mod json;
mod located;
mod never_panics;
mod published_lists;
mod real_file;
mod reference;
mod round_trip;
mod workbook;
