//! Runs other programs: silent while all is well, complete when it is not.

use crate::step::Step;
use spro_tests::{Failure, paths};
use std::fs;
use std::io::{self, BufRead as _, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// How much of a failed program's output is shown: its last lines.
const SHOWN_LINES: usize = 60;

/// Runs a program that must succeed, and returns all that it printed. When it fails,
/// `sentence` says what to do, after the end of what it printed.
pub(crate) fn run(step: &Step, command: Command, sentence: &str) -> Result<String, Failure> {
    let program = Path::new(command.get_program()).display().to_string();
    let (printed, status) =
        capture(step, command).map_err(|failure| Failure::new(format!("{failure}: {sentence}")))?;
    if status.success() {
        return Ok(printed);
    }
    // Without cargo's messages for other programs.
    let lines: Vec<&str> = printed.lines().filter(|line| !line.starts_with('{')).collect();
    let shown = lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n");
    Err(Failure::new(format!("{shown}\n\n{program} failed ({status}): {sentence}")))
}

/// Runs a program to its end: all that it printed, and how it ended. The last line is the
/// step's detail meanwhile.
pub(crate) fn capture(step: &Step, mut command: Command) -> Result<(String, ExitStatus), Failure> {
    let program = Path::new(command.get_program()).display().to_string();
    let (reader, writer) = io::pipe().map_err(failed("no pipe"))?;
    let second = writer.try_clone().map_err(failed("no pipe"))?;
    command.stdin(Stdio::null()).stdout(writer).stderr(second);
    let mut child = command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::new(format!("{program} is not installed")),
        _ => Failure::new(format!("{program} does not start ({error})")),
    })?;
    // Both writing ends are the program's alone now: reading ends when it does.
    drop(command);
    let mut printed = String::new();
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let text = String::from_utf8_lossy(&line);
        if !text.starts_with('{') {
            step.detail(&text);
        }
        printed.push_str(&text);
        line.clear();
    }
    let status = child.wait().map_err(failed("no exit status"))?;
    Ok((printed, status))
}

/// What a program prints, trimmed; nothing when it is missing or fails.
pub(crate) fn ask(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The cargo that runs us, at the top of the repository.
pub(crate) fn cargo(subcommand: &str) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(paths::root()).arg(subcommand);
    cargo
}

/// A script that npm installed, run by Node: the same on every system.
pub(crate) fn node_script(script: &str) -> Command {
    let mut node = Command::new("node");
    node.current_dir(paths::root()).arg(paths::root().join("node_modules").join(script));
    node
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| paths::root().join("target"), |named| paths::root().join(named))
}

/// Looks a program up in PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(&name))
        .find(|path| path.is_file())
}

/// Whether we may install anything.
pub(crate) fn root() -> bool {
    ask("id", &["-u"]).as_deref() == Some("0")
}

/// Installs packages of Debian; false where that cannot be done here.
pub(crate) fn install(step: &Step, packages: &[&str]) -> bool {
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
        run(step, apt, "").is_ok()
    };
    root()
        && find("apt-get").is_some()
        && apt(&["update"])
        && apt(&[&["install", "-y", "--no-install-recommends"], packages].concat())
}

/// Reads a file of ours.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(failed(&format!("{} cannot be read", shown(path))))
}

/// Writes a file of ours, and its folder.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, bytes))
        .map_err(failed(&format!("{} cannot be written", shown(path))))
}

/// A path as it is shown: from the top of the repository where it is inside.
pub(crate) fn shown(path: &Path) -> std::path::Display<'_> {
    path.strip_prefix(paths::root()).unwrap_or(path).display()
}

/// Turns an error of the system into a sentence.
pub(crate) fn failed(what: &str) -> impl FnOnce(io::Error) -> Failure {
    let what = what.to_owned();
    move |error| Failure::new(format!("{what}: {error}"))
}
