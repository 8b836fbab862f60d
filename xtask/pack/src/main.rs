//! The steps of packing that need libraries: a module's glue, and what is cut off to come later.
//! `cargo xtask` compiles and calls it.
//!
//! ```text
//! spro-pack MODULE NAME FOLDER [restart|split]
//! ```

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::{Options, transform};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        [module, name, folder] => bind(module, name, folder, ""),
        [module, name, folder, "restart"] => bind(module, name, folder, "restart"),
        [module, name, folder, "split"] => {
            split(module, folder).and_then(|main| bind(&main.to_string_lossy(), name, folder, "split"))
        }
        _ => Err("usage: spro-pack MODULE NAME FOLDER [restart|split]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

/// Cuts a module that was linked with its relocations where `widget/src/later.rs` says. Writes what comes
/// later into a folder, as `split_later.wasm`, and returns where the rest is.
fn split(module: &str, folder: &str) -> Result<PathBuf, String> {
    let failed = |error: &dyn Display| format!("{module} cannot be cut in two: {error}");
    let linked = fs::read(module).map_err(|error| failed(&error))?;
    let (folder, main) = (Path::new(folder), Path::new(folder).join("split_main.wasm"));
    let mut options = Options::new(&linked);
    options.output_dir = folder;
    options.main_out_path = &main;
    let split = transform(options).map_err(|error| failed(&format_args!("{error:#}")))?;
    match split.split_modules.as_slice() {
        [later] if later.ends_with("split_later.wasm") => Ok(main),
        others => Err(failed(&format_args!("it became {others:?}"))),
    }
}

/// Writes `NAME.js` and `NAME_bg.wasm` into a folder, as `wasm-bindgen --target web` does.
/// « restart » adds the function by which an instance that trapped is replaced, « split » leaves the
/// table of functions for the module that comes later.
fn bind(module: &str, name: &str, folder: &str, more: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name(name)
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .reset_state_function(more == "restart")
        .keep_lld_exports(more == "split")
        .web(true)
        .and_then(|bindgen| bindgen.generate(Path::new(folder)))
        .map_err(|error| format!("wasm-bindgen refuses {module}: {error:#}"))
}
