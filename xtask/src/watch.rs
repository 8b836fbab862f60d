//! Rebuilds what changes while `cargo xtask run --watch` serves, and has the partner's page
//! reload.
//!
//! Files are looked at twice a second: a few hundred, without a crate for each system's way of
//! telling, and it works on every kind of disk.

use crate::setup::Found;
use crate::{build, step};
use spro_tests::paths::{self, Form};
use spro_tests::{Failure, Workerd, partner};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The folders that are watched: what element and worker are made of, the guides that they serve
/// among it, and the partner's pages.
const FOLDERS: [&str; 10] = [
    "administration",
    "docs",
    "exchange/src",
    "insight/src",
    "protocol/src",
    "serving",
    "shared",
    "tests/partner",
    "widget",
    "worker",
];

/// The directory that is shipped.
const EDITION: &str = "shared/editions/2026.json";
/// The guides for people that the workers serve.
const GUIDES: [&str; 2] = ["docs/guide-du-site.md", "docs/guide-de-l-administration.md"];
/// What pages say in French, which the worker's module holds.
const PAGES_IN_FRENCH: &str = "shared/texts/pages/fr.txt";

/// When each file was last written.
type Seen = BTreeMap<PathBuf, SystemTime>;

/// What a change asks for, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Work {
    /// The partner's pages are served as they are: nothing but a reload.
    Reload,
    /// What is packed beside the modules: the shipped directory, scripts, styles and texts.
    Pack,
    /// What is compiled.
    Build,
}

/// The files as they were when they were last looked at.
pub(crate) struct Watch {
    seen: Seen,
    form: Form,
}

impl Watch {
    /// Begins with the files as they are.
    pub(crate) fn new(form: Form) -> Self {
        Self { seen: look(), form }
    }

    /// Does what the changes since the last time ask for. A mistake is told, and what was
    /// served goes on being served.
    pub(crate) fn follow(
        &mut self,
        found: &Found,
        workerd: &mut Workerd,
        partner: &partner::Server,
        show: &dyn Fn() -> Result<(), Failure>,
    ) {
        let now = look();
        let changed = differing(&self.seen, &now);
        self.seen = now;
        let Some(work) = changed.iter().filter_map(|path| asked(path)).max() else { return };
        let begun = step::now();
        let names: Vec<String> = changed.iter().map(|path| path.display().to_string()).take(3).collect();
        println!("\nchanged: {}{}", names.join(", "), if changed.len() > 3 { ", …" } else { "" });
        let edition = changed.iter().any(|path| path == Path::new(EDITION));
        let performed = self.perform(work, found, workerd);
        match performed.and_then(|()| if edition { show() } else { Ok(()) }) {
            Ok(()) => {
                partner.reload();
                println!("reloaded after {:.1} s", begun.elapsed().as_secs_f64());
            }
            Err(failure) => println!("{failure}\nwhat was there before is still served"),
        }
    }

    fn perform(&self, work: Work, found: &Found, workerd: &mut Workerd) -> Result<(), Failure> {
        match work {
            Work::Reload => return Ok(()),
            Work::Pack => build::pack_again(self.form)?,
            Work::Build => build::build(found, self.form)?,
        }
        // It reads the new module, and forgets what it had cached of the old one.
        workerd.restart()
    }
}

/// What a file's change asks for; nothing where it is no part of what is served.
fn asked(path: &Path) -> Option<Work> {
    let is = |folder: &str| path.starts_with(folder);
    let ends = |ending: &str| path.extension().is_some_and(|extension| extension == ending);
    if is("tests/partner") {
        Some(Work::Reload)
    } else if path.starts_with("docs") {
        let is_served = GUIDES.iter().any(|guide| path == Path::new(guide));
        is_served.then_some(Work::Pack)
    } else if is("shared/tests") || is("shared/examples") || is("worker/tests") || ends("md") {
        None
    } else if is("widget/js")
        || is("worker/js")
        || is("serving/js")
        || is("administration/js")
        || is("shared/editions")
        || is("shared/data")
        || path == Path::new("worker/openapi.json")
        || (is("shared/texts") && ends("txt") && path != Path::new(PAGES_IN_FRENCH))
    {
        Some(Work::Pack)
    } else {
        Some(Work::Build)
    }
}

/// The files whose time differs, and those that came or went; from the top of the repository.
fn differing(before: &Seen, now: &Seen) -> Vec<PathBuf> {
    let other = |one: &Seen, other: &Seen| -> Vec<PathBuf> {
        one.iter()
            .filter(|(path, time)| other.get(*path) != Some(time))
            .map(|(path, _)| path.clone())
            .collect()
    };
    let mut paths = other(before, now);
    paths.extend(other(now, before));
    paths.sort();
    paths.dedup();
    paths
}

fn look() -> Seen {
    let mut seen = Seen::new();
    for folder in FOLDERS {
        look_into(&paths::root().join(folder), &mut seen);
    }
    seen
}

/// A file that goes while it is looked at is seen the next time.
fn look_into(folder: &Path, seen: &mut Seen) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        // What editors keep beside a file.
        let hidden =
            entry.file_name().to_string_lossy().starts_with('.') || path.to_string_lossy().ends_with('~');
        let Ok(about) = entry.metadata() else { continue };
        if about.is_dir() {
            look_into(&path, seen);
        } else if let Ok(time) = about.modified()
            && !hidden
        {
            let path = path.strip_prefix(paths::root()).map(Path::to_owned).unwrap_or(path);
            seen.insert(path, time);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_change_asks_for_no_more_than_it_needs() {
        for (path, work) in [
            ("widget/src/page.rs", Some(Work::Build)),
            ("administration/src/admin/pages/pages.css", Some(Work::Build)),
            ("administration/js/ledger.js", Some(Work::Pack)),
            ("widget/js/style.css", Some(Work::Pack)),
            ("shared/texts/fr.txt", Some(Work::Pack)),
            ("shared/texts/pages/fr.txt", Some(Work::Build)),
            ("shared/texts/pages/en.txt", Some(Work::Pack)),
            ("shared/editions/2026.json", Some(Work::Pack)),
            ("shared/src/texts/read.rs", Some(Work::Build)),
            ("tests/partner/index.html", Some(Work::Reload)),
            ("shared/tests/it/people.rs", None),
            ("shared/examples/two-places.json", None),
            ("widget/README.md", None),
        ] {
            assert_eq!(asked(Path::new(path)), work, "{path}");
        }
        assert!(Work::Build > Work::Pack && Work::Pack > Work::Reload);
    }

    #[test]
    fn what_came_went_or_was_written_differs() {
        let at = |names: &[(&str, u64)]| -> Seen {
            let time = |seconds: &u64| SystemTime::UNIX_EPOCH + Duration::from_secs(*seconds);
            names.iter().map(|(name, seconds)| (PathBuf::from(name), time(seconds))).collect()
        };
        let before = at(&[("same", 1), ("written", 1), ("gone", 1)]);
        let now = at(&[("same", 1), ("written", 2), ("new", 1)]);
        assert_eq!(differing(&before, &now), ["gone", "new", "written"].map(PathBuf::from));
        assert!(differing(&now, &now).is_empty());
    }

    #[test]
    fn the_watched_folders_are_there() {
        for path in [EDITION, PAGES_IN_FRENCH] {
            assert!(look().contains_key(Path::new(path)), "{path}");
        }
    }
}
