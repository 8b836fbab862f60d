//! The element's lints, found as it is compiled.
//!
//! The element is the one crate that is never compiled for this machine. `cargo clippy` would read
//! anew all that it depends on. Instead cargo calls this program as its compiler ([`Linter::watch`]), which has
//! clippy read the crate with the very arguments that rustc gets ([`as_compiler`]).

use super::compile::ELEMENT;
use crate::tool;
use spro_tests::paths::Form;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Names cargo a program that is called with the compiler and its arguments. Unlike a wrapper of
/// the workspace it changes no name inside what is compiled, hence no byte.
const WRAPPER: &str = "RUSTC_WRAPPER";
/// Names the file of what was found to the program that cargo calls.
const FOUND: &str = "SPRO_LINTS";
/// Names it clippy, where lints are wanted.
const CLIPPY: &str = "SPRO_CLIPPY";

/// Has the element linted when it is compiled.
#[derive(Debug, Clone, Default)]
pub(crate) struct Linter {
    /// clippy as a compiler; none where nobody asks for lints.
    pub(crate) clippy: Option<PathBuf>,
}

impl Linter {
    /// Puts this program between cargo and the compiler. Without clippy as well: what was found
    /// earlier is forgotten when the element is compiled again unread.
    pub(super) fn watch(&self, cargo: &mut Command) {
        let Ok(program) = env::current_exe() else { return };
        // Somebody's cache of compiled crates keeps its place: the lints are run by themselves.
        if env::var_os(WRAPPER).is_some_and(|theirs| !theirs.is_empty()) {
            return;
        }
        cargo.env(WRAPPER, program).env(FOUND, found());
        match &self.clippy {
            Some(clippy) => cargo.env(CLIPPY, clippy),
            None => cargo.env_remove(CLIPPY),
        };
    }
}

/// What clippy said of the element that was compiled last, empty where nothing; `None` where
/// it has not read it.
pub(crate) fn findings() -> Option<String> {
    fs::read_to_string(found()).ok()
}

fn found() -> PathBuf {
    Form::Shipped.folder().join("element-lints.txt")
}

/// Where cargo called this program as its compiler: compiles, and has the element read by clippy
/// first. The lints never stop the build: the element is tested all the same.
pub(crate) fn as_compiler() -> Option<ExitCode> {
    let found = PathBuf::from(env::var_os(FOUND)?);
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let (rustc, arguments) = arguments.split_first()?;
    if is_element(arguments, env::var_os("CARGO_PKG_NAME").as_deref()) {
        // Nothing to forget is as good.
        let _ = fs::remove_file(&found);
        if let Some(clippy) = env::var_os(CLIPPY) {
            lint(Path::new(&clippy), rustc, arguments, &found);
        }
    }
    let status = Command::new(rustc).args(arguments).status();
    let code = status.ok().and_then(|status| status.code()).and_then(|code| u8::try_from(code).ok());
    Some(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Whether these arguments compile the element's library.
fn is_element(arguments: &[OsString], package: Option<&OsStr>) -> bool {
    package == Some(OsStr::new(ELEMENT.0))
        && arguments.windows(2).any(|pair| pair[0] == "--crate-name" && pair[1] == ELEMENT.1)
}

/// Has clippy read what rustc is about to compile, and writes down what it found. Where that
/// cannot be done, nothing is written, and the lints are run by themselves.
fn lint(clippy: &Path, rustc: &OsStr, arguments: &[OsString], found: &Path) {
    let folder = found.with_extension("metadata");
    let mut reads = Command::new(clippy);
    reads.arg(rustc).args(reading(arguments)).arg("--out-dir").arg(&folder);
    if let Ok(output) = reads.output() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        // One that fails without a word has found what nobody can read.
        let said = if said.is_empty() && !output.status.success() { output.status.to_string() } else { said };
        // Without the file the lints are run by themselves, which says what is wrong.
        let _ = tool::write(found, said.as_bytes());
    }
    let _ = fs::remove_dir_all(folder);
}

/// The compiler's arguments without what it makes and where, and without how it speaks to cargo.
fn reading(arguments: &[OsString]) -> Vec<OsString> {
    let mut kept = vec!["--emit=metadata".into()];
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        if text == "--out-dir" {
            arguments.next();
        } else if !["--emit=", "--json=", "--error-format="].iter().any(|start| text.starts_with(start)) {
            kept.push(argument.clone());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn only_the_element_is_read() {
        let package = Some(OsStr::new(ELEMENT.0));
        assert!(is_element(&arguments("--crate-name widget --edition=2024 widget/src/lib.rs"), package));
        assert!(!is_element(&arguments("--crate-name build_script_build build.rs"), package));
        assert!(!is_element(&arguments("--crate-name widget a.rs"), Some(OsStr::new("another"))));
        assert!(!is_element(&arguments("-vV"), None));
    }

    #[test]
    fn clippy_gets_what_the_compiler_gets_and_makes_nothing() {
        let line = "--crate-name widget --error-format=json --json=artifacts --emit=dep-info,link -C lto --out-dir a/b -L dependency=a";
        assert_eq!(
            reading(&arguments(line)),
            arguments("--emit=metadata --crate-name widget -C lto -L dependency=a")
        );
    }
}
