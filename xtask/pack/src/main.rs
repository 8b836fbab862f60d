//! The two steps of packing that need a WebAssembly reader: glue, and the removal of exports
//! that nobody calls. `cargo xtask` compiles and calls it.
//!
//! ```text
//! spro-pack bind MODULE NAME FOLDER [restart]
//! spro-pack prune MODULE SCRIPT
//! ```

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done =
        match arguments[..] {
            ["bind", module, name, folder] => bind(module, name, folder, false),
            ["bind", module, name, folder, "restart"] => bind(module, name, folder, true),
            ["prune", module, script] => prune(module, script),
            _ => Err("usage: spro-pack bind MODULE NAME FOLDER [restart] | spro-pack prune MODULE SCRIPT"
                .to_owned()),
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

/// Removes the exports of a module that a script does not name, so that wasm-opt can remove
/// what only they reach. `leptos` brings `server_fn`, which brings `wasm-streams`, whose
/// classes wasm-bindgen exports although the element never reads a stream.
fn prune(module: &str, script: &str) -> Result<(), String> {
    let script = fs::read_to_string(script).map_err(|error| format!("{script} cannot be read: {error}"))?;
    let bytes = fs::read(module).map_err(|error| format!("{module} cannot be read: {error}"))?;
    let mut wasm = walrus::Module::from_buffer(&bytes)
        .map_err(|error| format!("{module} is not a WebAssembly module: {error:#}"))?;
    let unused: Vec<_> = wasm
        .exports
        .iter()
        .filter(|export| !script.contains(&format!(".{}", export.name)))
        .map(walrus::Export::id)
        .collect();
    for export in unused {
        wasm.exports.delete(export);
    }
    fs::write(module, wasm.emit_wasm()).map_err(|error| format!("{module} cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_that_the_script_names_stay() {
        let mut module = walrus::Module::default();
        for name in ["kept", "dropped"] {
            let function = walrus::FunctionBuilder::new(&mut module.types, &[], &[])
                .finish(Vec::new(), &mut module.funcs);
            module.exports.add(name, function);
        }
        let folder = env::temp_dir().join(format!("spro-pack-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
        let (wasm, script) = (path("module.wasm"), path("script.js"));
        fs::write(&wasm, module.emit_wasm()).unwrap();
        fs::write(&script, "wasm.kept(); dropped();").unwrap();
        prune(&wasm, &script).unwrap();
        let pruned = walrus::Module::from_buffer(&fs::read(&wasm).unwrap()).unwrap();
        let names: Vec<&str> = pruned.exports.iter().map(|export| export.name.as_str()).collect();
        assert_eq!(names, ["kept"]);
        assert!(prune(&script, &script).unwrap_err().contains("is not a WebAssembly module"));
        fs::remove_dir_all(folder).unwrap();
    }
}
