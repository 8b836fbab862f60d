//! The step of packing that needs `wasm-bindgen`: a module's glue. `cargo xtask` compiles and
//! calls it.
//!
//! ```text
//! spro-pack MODULE NAME FOLDER [restart]
//! ```

use std::env;
use std::path::Path;
use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        [module, name, folder] => bind(module, name, folder, false),
        [module, name, folder, "restart"] => bind(module, name, folder, true),
        _ => Err("usage: spro-pack MODULE NAME FOLDER [restart]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

/// Writes `NAME.js` and `NAME_bg.wasm` into a folder, as `wasm-bindgen --target web` does.
/// `restart` adds the function by which an instance that trapped is replaced.
fn bind(module: &str, name: &str, folder: &str, restart: bool) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name(name)
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .reset_state_function(restart)
        .web(true)
        .and_then(|bindgen| bindgen.generate(Path::new(folder)))
        .map_err(|error| format!("wasm-bindgen refuses {module}: {error:#}"))
}
