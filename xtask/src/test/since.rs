//! What a change can touch: from the files that differ from a revision to the suites that
//! could tell.

use super::checks::EXAMPLES;
use super::{BROWSER, CHECKS, EACH_ENGINE};
use crate::tool;
use spro_tests::{Failure, paths};
use std::collections::BTreeSet;
use std::process::Command;

/// Suites by name; [`EVERYTHING`] stands for all of them.
pub(super) type Names = BTreeSet<String>;

/// What stands for every suite there is.
pub(super) const EVERYTHING: &str = "*";

/// The suites that a path can touch: the first row whose beginning fits. Crates are named by
/// their folders; what a crate uses is above it.
const TOUCHED: [(&str, &[&str]); 22] = [
    ("shared/", &[EVERYTHING]),
    ("exchange/", &["exchange", "administration", "admin", "tests", BROWSER, EACH_ENGINE]),
    ("protocol/", &["protocol", "administration", "admin", "tests", BROWSER, EACH_ENGINE]),
    ("insight/", &["insight", "protocol", "administration", "admin", "tests", BROWSER, EACH_ENGINE]),
    ("serving/", &["serving", "worker", "administration", "admin", "tests", BROWSER, EACH_ENGINE]),
    ("worker/", &["worker", "protocol", "administration", "admin", "tests", BROWSER, EACH_ENGINE]),
    ("administration/", &["administration", "admin", "tests", BROWSER, EACH_ENGINE]),
    ("widget/", &["tests", BROWSER, EACH_ENGINE]),
    ("admin/", &["admin", "three-ways.test.mjs"]),
    ("tests/tests/", &["tests"]),
    ("tests/src/", &["tests", "admin", "xtask", BROWSER, EACH_ENGINE]),
    ("tests/partner/", &["tests", BROWSER, EACH_ENGINE]),
    ("tests/bench/", &[]),
    ("xtask/pack/", &["tests", BROWSER, EACH_ENGINE]),
    ("xtask/torture/", &["torture"]),
    ("xtask/bundle/", &["bundle", "tests", BROWSER, EACH_ENGINE]),
    // What is packed otherwise is tried as it is served.
    ("xtask/src/build/", &["xtask", "tests", BROWSER, EACH_ENGINE]),
    ("xtask/", &["xtask", "bench", "geography"]),
    // `docs/element.md`, `docs/policies.md` and the drawings are what tests compare with, the two
    // guides are served.
    ("docs/screenshots/", &[]),
    ("docs/", &["bundle", "insight", "tests", BROWSER, EACH_ENGINE]),
    (".github/", &[]),
    // Compiled by `cargo xtask torture` alone.
    ("fuzz/", &[]),
];

/// Files that no test reads.
const PROSE: [&str; 6] =
    ["README.md", "widget/README.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// The suites that what differs from a revision can touch, files that git does not know
/// included.
pub(super) fn suites(revision: &str) -> Result<Names, Failure> {
    let git = |arguments: &[&str]| -> Result<String, Failure> {
        let mut git = Command::new("git");
        git.current_dir(paths::root()).args(arguments);
        let mend = "give --since a revision that git knows, such as `main`";
        tool::succeeded(git, mend, &|_| {}).map(|ended| ended.printed)
    };
    let changed = git(&["diff", "--name-only", revision, "--"])?;
    let new = git(&["ls-files", "--others", "--exclude-standard"])?;
    Ok(changed.lines().chain(new.lines()).flat_map(touched).collect())
}

/// The suites that one path can touch.
fn touched(path: &str) -> Vec<String> {
    if PROSE.contains(&path) {
        return Vec::new();
    }
    let mut names: Vec<String> = match path.strip_prefix("tests/browser/") {
        // A test file touches itself, what it stands on everything.
        Some(file) if file.ends_with(".test.mjs") => vec![file.trim_start_matches("engines/").to_owned()],
        Some(_) => [BROWSER, EACH_ENGINE].map(str::to_owned).to_vec(),
        None => {
            let row = TOUCHED.iter().find(|(beginning, _)| path.starts_with(beginning));
            let names = row.map_or(&[EVERYTHING][..], |(_, names)| names);
            names.iter().map(|name| (*name).to_owned()).collect()
        }
    };
    if [".rs", "Cargo.toml"].iter().any(|ending| path.ends_with(ending)) {
        names.extend(CHECKS.map(str::to_owned));
        names.push(EXAMPLES.to_owned());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expected: &[&str]) {
        let mut names = touched(path);
        names.retain(|name| !CHECKS.contains(&name.as_str()) && name != EXAMPLES);
        assert_eq!(names, expected, "{path}");
    }

    #[test]
    fn a_change_touches_what_uses_it() {
        check("shared/src/recommend.rs", &[EVERYTHING]);
        check("Cargo.lock", &[EVERYTHING]);
        check("docs/guide-2026.svg", &["bundle", "insight", "tests", BROWSER, EACH_ENGINE]);
        check("tests/browser/visit.test.mjs", &["visit.test.mjs"]);
        check("tests/browser/engines/keyboard.test.mjs", &["keyboard.test.mjs"]);
        check("tests/browser/lib/visit.mjs", &[BROWSER, EACH_ENGINE]);
        check("xtask/src/run.rs", &["xtask", "bench", "geography"]);
        check("xtask/src/build/pack.rs", &["xtask", "tests", BROWSER, EACH_ENGINE]);
        check("README.md", &[]);
        check("widget/README.md", &[]);
        assert!(touched("admin/src/cli.rs").contains(&CHECKS[0].to_owned()), "code is formatted and linted");
        assert!(!touched("docs/cms.md").contains(&CHECKS[0].to_owned()));
    }

    #[test]
    fn every_row_names_what_there_is() {
        for (beginning, _) in TOUCHED {
            assert!(paths::root().join(beginning).is_dir() || beginning == ".github/", "{beginning}");
        }
    }
}
