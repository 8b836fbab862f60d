//! The shipped form, built once more from nothing in another folder: the same bytes.

use super::check;
use super::report::Suite;
use crate::step::Step;
use crate::tool::{self, Ended};
use spro_tests::Failure;
use spro_tests::paths::{self, Form, Worker};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The suite of the second build.
pub(super) const AGAIN: &str = "a second build, compared";
/// Its folder: another depth and a space, as the path of a reader's machine may have.
const FOLDER: &str = "intermediate/a second build/here";

/// Builds the tracked files in another folder, and compares what is deployed with what was built
/// here.
pub(super) fn again() -> Suite {
    check(AGAIN, || {
        let folder = paths::built().join(FOLDER);
        // What is not there needs no removing.
        let _ = fs::remove_dir_all(&folder);
        copy_tracked(&folder)?;
        let step = Step::begin(AGAIN);
        let mut cargo = tool::cargo("xtask");
        cargo.arg("build").current_dir(&folder).env_remove("CARGO_TARGET_DIR");
        let ended = tool::capture(cargo, &|line| step.detail(line))?;
        if !ended.status.success() {
            return Err(Failure::new(format!("the second build failed:\n{}", ended.printed)));
        }
        step.done();
        compare(&folder)?;
        fs::remove_dir_all(&folder).map_err(tool::failed("the second build stays"))?;
        Ok::<Ended, Failure>(ended)
    })
}

/// Copies the files that git tracks, as they are now.
fn copy_tracked(folder: &Path) -> Result<(), Failure> {
    let mut git = Command::new("git");
    git.current_dir(paths::root()).args(["ls-files", "-z"]);
    let output = git.output().map_err(tool::failed("git does not start"))?;
    let names = String::from_utf8_lossy(&output.stdout);
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (paths::root().join(name), folder.join(name));
        // A file that was removed and not yet committed is in nobody's build.
        if !from.is_file() {
            continue;
        }
        fs::create_dir_all(to.parent().unwrap_or(folder)).map_err(tool::failed("no folder"))?;
        fs::copy(&from, &to).map_err(tool::failed(&format!("{name} cannot be copied")))?;
    }
    Ok(())
}

/// Fails where a deployed file of the two builds differs, or is in one only.
fn compare(folder: &Path) -> Result<(), Failure> {
    let there = |path: &Path| folder.join(path.strip_prefix(paths::root()).unwrap_or(path));
    let deployed = [
        Form::Shipped.assets(),
        Form::Shipped.worker(Worker::Public),
        Form::Shipped.worker(Worker::Administration),
    ];
    let (mut differ, mut equal) = (Vec::new(), 0);
    for here in deployed {
        let (one, other) = (hashes(&here)?, hashes(&there(&here))?);
        for name in one.keys().chain(other.keys().filter(|name| !one.contains_key(*name))) {
            if one.get(name) == other.get(name) {
                equal += 1;
            } else {
                differ.push(tool::shown(&here.join(name)).to_string());
            }
        }
    }
    if differ.is_empty() {
        println!("{AGAIN}: {equal} files, the same bytes");
        return Ok(());
    }
    Err(Failure::new(format!("two builds of the same source differ in {}", differ.join(", "))))
}

/// The hash of each file in a folder, by its path in there.
fn hashes(folder: &Path) -> Result<BTreeMap<PathBuf, String>, Failure> {
    let mut hashes = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).map_err(tool::failed(&tool::shown(&next).to_string()))?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap_or(&path).to_owned();
                hashes.insert(name, tool::hash(&tool::read(&path)?));
            }
        }
    }
    Ok(hashes)
}
