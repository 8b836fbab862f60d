//! Dropping what dependencies export and nobody calls.
//!
//! `leptos` brings `server_fn`, which brings `wasm-streams`, whose classes wasm-bindgen
//! exports although the element never reads a stream: 2 KB of brotli for nothing.

use crate::tool;
use spro_tests::Failure;
use std::path::Path;

/// Makes the glue's classes droppable: the bundler keeps whatever might have an effect, and
/// cannot know that these have none.
pub(super) fn make_droppable(glue: &Path) -> Result<(), Failure> {
    let text = String::from_utf8_lossy(&tool::read(glue)?).into_owned();
    let text = text
        .lines()
        // An alias of `free` for `using` declarations, set on each class from outside.
        .filter(|line| !line.starts_with("if (Symbol.dispose)"))
        .map(|line| line.replace("new FinalizationRegistry(", "/* @__PURE__ */ new FinalizationRegistry("))
        .collect::<Vec<_>>()
        .join("\n");
    tool::write(glue, text.as_bytes())
}

/// Removes the exports of a module that the bundle does not name, so that wasm-opt can
/// remove what only they reach.
pub(super) fn drop_unused_exports(module: &Path, bundle: &Path) -> Result<(), Failure> {
    let script = String::from_utf8_lossy(&tool::read(bundle)?).into_owned();
    let refused = |error| Failure::new(format!("{} cannot be read again: {error:#}", tool::shown(module)));
    let mut wasm = walrus::Module::from_buffer(&tool::read(module)?).map_err(refused)?;
    let unused: Vec<_> = wasm
        .exports
        .iter()
        .filter(|export| !script.contains(&format!(".{}", export.name)))
        .map(walrus::Export::id)
        .collect();
    for export in unused {
        wasm.exports.delete(export);
    }
    tool::write(module, &wasm.emit_wasm())
}
