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
mod sync;
mod workbook;

use exchange::import::typed::Communes;
use std::sync::LazyLock;

/// Every commune of France as an import wants them, indexed once for all tests.
fn communes() -> &'static Communes<'static> {
    static INDEXED: LazyLock<Communes<'static>> = LazyLock::new(|| Communes::new(reference::geography()));
    &INDEXED
}

/// How many random cases a test tries: all of them in a thorough run (docs/testing.md).
fn cases(quick: u32, thorough: u32) -> u32 {
    if std::env::var_os("SPRO_THOROUGH").is_some() { thorough } else { quick }
}
