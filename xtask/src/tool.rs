//! Runs other programs: silent while all is well, complete when it is not.

use crate::step::Step;
use spro_tests::{Failure, paths};
use std::fs;
use std::io::{self, BufRead as _, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// How much of a failed program's output is shown: its last lines.
const SHOWN_LINES: usize = 60;

/// What became of a program.
#[derive(Debug)]
pub(crate) struct Ended {
    /// All that it printed, on both ways.
    pub(crate) printed: String,
    /// How it ended.
    pub(crate) status: ExitStatus,
    /// Seconds of processor time, its own and of the programs that it started; 0 where the
    /// system does not tell.
    pub(crate) processor: f64,
}

/// Runs a program that must succeed, and returns all that it printed. When it fails,
/// `sentence` says what to do, after the end of what it printed.
pub(crate) fn run(step: &Step, command: Command, sentence: &str) -> Result<String, Failure> {
    let ended = succeeded(command, sentence, &|line| step.detail(line))?;
    step.spent(ended.processor);
    Ok(ended.printed)
}

/// The same without a step that shows its last line.
pub(crate) fn succeeded(command: Command, sentence: &str, hear: &dyn Fn(&str)) -> Result<Ended, Failure> {
    let program = Path::new(command.get_program()).display().to_string();
    let ended = capture(command, hear).map_err(|failure| Failure::new(format!("{failure}: {sentence}")))?;
    if ended.status.success() {
        return Ok(ended);
    }
    // Without cargo's messages for other programs.
    let lines: Vec<&str> = ended.printed.lines().filter(|line| !line.starts_with('{')).collect();
    let shown = lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n");
    Err(Failure::new(format!("{shown}\n\n{program} failed ({}): {sentence}", ended.status)))
}

/// Runs a program to its end. Each line is heard as it comes.
pub(crate) fn capture(mut command: Command, hear: &dyn Fn(&str)) -> Result<Ended, Failure> {
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
            hear(&text);
        }
        printed.push_str(&text);
        line.clear();
    }
    let processor = processor_time(child.id());
    let status = child.wait().map_err(failed("no exit status"))?;
    Ok(Ended { printed, status, processor })
}

/// Waits for the end of a program without forgetting it, and reads what it used.
#[cfg(target_os = "linux")]
fn processor_time(process: u32) -> f64 {
    use nix::sys::wait::{Id, WaitPidFlag, waitid};
    let Ok(id) = i32::try_from(process) else { return 0.0 };
    let ended = waitid(Id::Pid(nix::unistd::Pid::from_raw(id)), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT);
    let stat = ended.ok().and_then(|_| fs::read_to_string(format!("/proc/{process}/stat")).ok());
    stat.and_then(|stat| read_processor_time(&stat)).unwrap_or(0.0)
}

#[cfg(not(target_os = "linux"))]
fn processor_time(_: u32) -> f64 {
    0.0
}

/// Fields 14 to 17 of `/proc/PID/stat`, in hundredths of a second on every Linux there is. The
/// second field, the name, is in parentheses and may hold anything.
#[cfg(target_os = "linux")]
fn read_processor_time(stat: &str) -> Option<f64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11).map(|field| field.parse::<f64>().ok());
    let mut ticks = 0.0;
    for _ in 0..4 {
        ticks += fields.next()??;
    }
    Some(ticks / 100.0)
}

/// Runs a program that speaks for itself: what it prints goes where ours goes.
pub(crate) fn hand_over(mut command: Command, sentence: &str) -> Result<(), Failure> {
    let program = Path::new(command.get_program()).display().to_string();
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Failure::new(format!("{program} does not start ({error}): {sentence}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("{program} failed ({status}): {sentence}")))
    }
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

/// The same program, behind whatever else wants the processor; as it is where no `nice` is there.
pub(crate) fn behind_others(command: Command) -> Command {
    if find("nice").is_none() {
        return command;
    }
    let mut nice = Command::new("nice");
    nice.args(["-n", "4"]).arg(command.get_program()).args(command.get_args());
    nice.current_dir(command.get_current_dir().unwrap_or_else(|| paths::root()));
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => nice.env(name, value),
            None => nice.env_remove(name),
        };
    }
    nice
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

/// The compiler's flags that keep the paths of this machine out of what is shipped: the
/// repository's, the registry's, and the standard library's source's, which rustc names where
/// it is installed and which is named here as where it is not.
pub(crate) fn remapped() -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let mut flags = vec![format!("--remap-path-prefix={}=spro", paths::root().display())];
    flags.extend(home.map(|home| format!("--remap-path-prefix={}=cargo", home.display())));
    let version = ask("rustc", &["--version", "--verbose"]).unwrap_or_default();
    let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: "));
    if let (Some(commit), Some(sysroot)) = (commit, ask("rustc", &["--print", "sysroot"])) {
        flags.push(format!("--remap-path-prefix={sysroot}/lib/rustlib/src/rust=/rustc/{commit}"));
    }
    flags
}

/// SHA-256 in hexadecimal digits.
pub(crate) fn hash(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    let digits = |mut text: String, byte: u8| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    };
    Sha256::digest(bytes).into_iter().fold(String::with_capacity(64), digits)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn processor_time_is_read_behind_any_name() {
        let stat = "77 (a (strange) name) Z 1 77 77 0 -1 4194304 100 0 0 0 250 50 75 25 20 0 9 0 1000";
        assert_eq!(read_processor_time(stat), Some(4.0));
        assert_eq!(read_processor_time("77 (short) S 1"), None);
    }

    #[test]
    fn what_fails_is_shown_with_what_to_do() {
        let mut cargo = cargo("no-such-command");
        cargo.env("CARGO_TERM_COLOR", "never");
        let failure = succeeded(cargo, "do it otherwise", &|_| {}).unwrap_err().to_string();
        assert!(failure.contains("no-such-command") && failure.ends_with(": do it otherwise"), "{failure}");
        let failure = capture(Command::new("spro-no-such-program"), &|_| {}).unwrap_err().to_string();
        assert_eq!(failure, "spro-no-such-program is not installed");
    }
}
