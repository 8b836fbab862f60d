//! Makes the style sheet that the guide's pages embed.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

fn main() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    // The pages look as the element does: its sheet, and what surrounds it.
    let element = read(&here.join("../widget/js/style.css"));
    let style = lean_style(&format!("{element}{}", read(&here.join("src/guide_pages/pages.css"))));
    println!("cargo::rerun-if-changed=build.rs");

    let code = format!(
        "/// The element's sheet, and what surrounds it on a page of its own.\npub(crate) const STYLE: &str = {style:?};\n"
    );
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("style.rs"), code).unwrap_or_else(|error| fail(&format!("style.rs: {error}")));
}

/// Reads a file, and has the build start again when it changes.
fn read(file: &Path) -> String {
    println!("cargo::rerun-if-changed={}", file.display());
    fs::read_to_string(file).unwrap_or_else(|error| fail(&format!("{}: {error}", file.display())))
}

/// Ends the build with one message and no backtrace.
fn fail(message: &str) -> ! {
    eprintln!("{message}");
    process::exit(1);
}

/// A style sheet without what only its authors read.
fn lean_style(sheet: &str) -> String {
    let mut lean = String::new();
    for (index, part) in sheet.split("/*").enumerate() {
        let rest = if index == 0 { part } else { part.split_once("*/").map_or("", |(_, rest)| rest) };
        for word in rest.split_whitespace() {
            if !lean.is_empty() && !lean.ends_with(['{', '}', ';']) && word != "{" {
                lean.push(' ');
            }
            lean.push_str(word);
        }
    }
    lean
}
