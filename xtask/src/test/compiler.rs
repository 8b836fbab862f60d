//! This program in the place of the compiler, where cargo compiles the native tests.
//!
//! Two crates are optimised, since what is made of them decides millions of times. Cargo then optimises
//! their test programs as well, the library once more within them, and that takes longer than these
//! run: a profile knows crates, not what of a crate is a test.

use super::checks;
use spro_tests::Failure;
use std::env;
use std::ffi::{OsStr, OsString};
use std::process::{Command, ExitCode};

/// What names cargo another compiler for our crates.
const WRAPPER: &str = "RUSTC_WORKSPACE_WRAPPER";
/// Names this program the compiler that it stands for.
const CLIPPY: &str = "SPRO_TESTS_CLIPPY";
/// The last level that a compiler is told of counts.
const UNOPTIMISED: &str = "-Copt-level=0";

/// Puts this program between cargo and clippy, which is a compiler that lints.
pub(super) fn stand_between(cargo: &mut Command) -> Result<(), Failure> {
    let program = env::current_exe().map_err(|error| Failure::new(format!("this program: {error}")))?;
    cargo.env(WRAPPER, program).env(CLIPPY, checks::clippy()?);
    Ok(())
}

/// Where cargo called this program as the compiler of tests: compiles.
pub(crate) fn as_compiler() -> Option<ExitCode> {
    let clippy = env::var_os(CLIPPY)?;
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let mut compile = Command::new(clippy);
    compile.args(&arguments).args(of_tests(&arguments));
    let code = compile.status().ok().and_then(|status| status.code());
    Some(code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// What else the compiler is told where it makes a program of tests.
fn of_tests(arguments: &[OsString]) -> Option<&'static str> {
    arguments.iter().any(|argument| argument == OsStr::new("--test")).then_some(UNOPTIMISED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_programs_of_tests_are_not_optimised() {
        let told = |line: &str| of_tests(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(told("rustc --crate-name shared --emit=link -C opt-level=1 --test"), Some(UNOPTIMISED));
        assert_eq!(told("rustc --crate-name shared --crate-type lib -C opt-level=1"), None);
        assert_eq!(told("rustc -vV"), None);
    }
}
