//! The browser engines that the element is tried in: found where they are, installed where
//! that can be done, and named at the end of a run with the reason where one is missing.

use crate::setup::Found;
use crate::step::Step;
use crate::tool;
use spro_tests::{Failure, paths};
use std::fmt::{self, Write as _};
use std::fs;
use std::path::{Path, PathBuf};

/// What people call the engines, in the order of [`find`].
pub(crate) const TITLES: [&str; 3] = ["Chromium", "Firefox ESR", "WebKitGTK"];

/// One engine and what drives it.
#[derive(Debug)]
pub(crate) struct Engine {
    /// What `SPRO_ENGINE` calls it.
    pub(crate) id: &'static str,
    /// What a person calls it.
    pub(crate) title: &'static str,
    /// Its programs by the variable that names each to the tests, or why there are none.
    pub(crate) programs: Result<Vec<(&'static str, PathBuf)>, Failure>,
}

/// All three.
#[derive(Debug)]
pub(crate) struct Engines(pub(crate) Vec<Engine>);

/// Looks for all of them, and installs those that are missing where that can be done.
pub(crate) fn find(found: &Found) -> Engines {
    let chromium = found.browser.clone().map(|path| vec![("CHROME", path)]);
    let engines = Engines(vec![
        Engine { id: "chromium", title: TITLES[0], programs: chromium },
        engine("firefox", TITLES[1], &["firefox-esr"], firefox),
        engine("webkit", TITLES[2], &["webkit2gtk-driver", "xvfb"], webkit),
    ]);
    for engine in &engines.0[1..] {
        if let Err(reason) = &engine.programs {
            println!("{reason}");
        }
    }
    engines
}

fn engine(
    id: &'static str,
    title: &'static str,
    packages: &[&str],
    find: fn() -> Option<Vec<(&'static str, PathBuf)>>,
) -> Engine {
    let step = Step::begin(title);
    if let Some(programs) = find() {
        step.skip(&programs[0].1.display());
        return Engine { id, title, programs: Ok(programs) };
    }
    if tool::install(&step, packages)
        && let Some(programs) = find()
    {
        step.done_with(&"from the system's packages");
        return Engine { id, title, programs: Ok(programs) };
    }
    step.skip(&"not found");
    let reason = format!(
        "{title} is not here, so nothing is tried in it: on Debian `apt-get install {}` brings it",
        packages.join(" ")
    );
    Engine { id, title, programs: Err(Failure::new(reason)) }
}

fn firefox() -> Option<Vec<(&'static str, PathBuf)>> {
    let named = std::env::var_os("FIREFOX").map(PathBuf::from).filter(|path| path.is_file());
    let path = named.or_else(|| tool::find("firefox-esr")).or_else(|| tool::find("firefox"))?;
    Some(vec![("FIREFOX", path)])
}

fn webkit() -> Option<Vec<(&'static str, PathBuf)>> {
    Some(vec![
        ("WEBKIT", tool::find("WebKitWebDriver")?),
        ("MINIBROWSER", minibrowser()?),
        ("XVFB", tool::find("Xvfb")?),
    ])
}

/// The small browser that `WebKitGTK` brings along, in a folder of its library.
fn minibrowser() -> Option<PathBuf> {
    let folders = ["/usr/lib", "/usr/lib64", "/usr/libexec"].map(PathBuf::from);
    let inside = |folder: &PathBuf| -> Vec<PathBuf> {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
    };
    let deeper: Vec<PathBuf> = inside(&folders[0]).into_iter().filter(|path| path.is_dir()).collect();
    folders
        .iter()
        .chain(&deeper)
        .flat_map(|folder| {
            ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"].map(|name| folder.join(name))
        })
        .map(|folder| folder.join("MiniBrowser"))
        .find(|path| path.is_file())
}

impl Engine {
    /// Its version, where it tells.
    fn version(&self) -> Option<String> {
        let (_, path) = self.programs.as_ref().ok()?.first()?;
        let said = tool::ask(&path.to_string_lossy(), &["--version"])?;
        said.split(' ')
            .find(|word| word.starts_with(|letter: char| letter.is_ascii_digit()))
            .map(str::to_owned)
    }
}

impl fmt::Display for Engines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ran, missing): (Vec<&Engine>, Vec<&Engine>) =
            self.0.iter().partition(|engine| engine.programs.is_ok());
        let name = |engine: &&Engine| {
            let version = engine.version().map(|version| format!(" {version}")).unwrap_or_default();
            format!("{}{version}", engine.title)
        };
        let ran: Vec<String> = ran.iter().map(name).collect();
        let none = if ran.is_empty() { "none" } else { "" };
        writeln!(f, "engines that ran: {none}{}", ran.join(", "))?;
        for engine in missing {
            if let Err(reason) = &engine.programs {
                writeln!(f, "  not {}: {reason}", engine.title)?;
            }
        }
        Ok(())
    }
}

/// Where the tests leave the column of each engine.
fn columns() -> PathBuf {
    paths::built().join("matrix")
}

/// Forgets what an earlier run found.
pub(crate) fn forget_matrix() {
    // There may be nothing to forget.
    let _ = fs::remove_dir_all(columns());
}

/// What each policy gave in each engine that ran, as one table; empty where none did.
pub(crate) fn matrix(engines: &Engines) -> String {
    let read = |engine: &Engine| fs::read_to_string(columns().join(engine.id).with_extension("tsv")).ok();
    let found: Vec<(&str, String)> =
        engines.0.iter().filter_map(|engine| Some((engine.title, read(engine)?))).collect();
    table(&found)
}

/// Columns of lines « id, title, cell » side by side.
fn table(columns: &[(&str, String)]) -> String {
    let Some((_, first)) = columns.first() else { return String::new() };
    let cell = |text: &str, id: &str| -> String {
        let line = text.lines().find(|line| line.split('\t').next() == Some(id));
        line.and_then(|line| line.split('\t').nth(2)).unwrap_or("?").to_owned()
    };
    let mut text = format!("{:<24}", "policy of the host");
    for (title, _) in columns {
        let _ = write!(text, " {title:<36}");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    for id in first.lines().filter_map(|line| line.split('\t').next()) {
        let mut line = format!("{id:<24}");
        for (_, column) in columns {
            let _ = write!(line, " {:<36}", cell(column, id));
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// The test files of a folder, by name: Node 20 does not expand patterns.
pub(crate) fn test_files(folder: &str) -> Vec<PathBuf> {
    let folder: &Path = &paths::root().join(folder);
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_run_is_said_with_the_reason() {
        let missing = Engine { id: "y", title: "Y", programs: Err(Failure::new("install it")) };
        let here = Engine { id: "x", title: "X", programs: Ok(vec![("X", PathBuf::from("/no/x"))]) };
        assert_eq!(
            Engines(vec![here, missing]).to_string(),
            "engines that ran: X\n  not Y: install it\n",
            "a program that tells no version has its name alone"
        );
    }

    #[test]
    fn columns_stand_side_by_side_by_their_rows() {
        let one = "open\tRien\télément\nnone\tTout\tlien\n".to_owned();
        let two = "none\tTout\tcadre (no-wasm)\n".to_owned();
        let text = table(&[("X", one), ("Y", two)]);
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["policy", "of", "the", "host", "X", "Y"]);
        assert_eq!(lines[1], ["open", "élément", "?"]);
        assert_eq!(lines[2], ["none", "lien", "cadre", "(no-wasm)"]);
        assert!(table(&[]).is_empty());
    }
}
