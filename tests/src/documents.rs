//! Directories that tests publish, all made from the one that is shipped.

use crate::{Failure, paths};
use serde_json::{Value, json};
use std::fs;

/// The directory that is shipped with the build, as JSON.
pub fn shipped() -> Result<Value, Failure> {
    let path = paths::shipped_directory();
    let text = fs::read_to_string(&path)
        .map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())))?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("{} is not JSON: {error}", path.display())))
}

/// The shipped directory under another title: valid, and another snapshot.
pub fn titled(title: &str) -> Result<Value, Failure> {
    let mut directory = shipped()?;
    directory["title"] = json!(title);
    Ok(directory)
}

/// A directory with at least two errors: a place of no network, in no commune.
pub fn wrong() -> Result<Value, Failure> {
    let mut directory = titled("A wrong directory")?;
    directory["structures"][0]["network"] = json!("network-of-nobody");
    directory["structures"][1]["commune"] = json!("99999");
    Ok(directory)
}

/// A small directory that may be published: one department, one language. Most of a
/// publication's work is the size of the region, and none of its steps is.
pub fn small(title: &str) -> Result<Value, Failure> {
    const DEPARTMENT: &str = "26";
    let mut directory = titled(title)?;
    if let Some(departments) = directory["edition"]["region"]["departments"].as_array_mut() {
        departments.retain(|department| department["code"] == DEPARTMENT);
    }
    directory["edition"]["languages"] = json!([]);
    directory["territories"] = json!([]);
    directory["resources"] = json!([]);
    if let Some(structures) = directory["structures"].as_array_mut() {
        structures.retain(|structure| {
            structure["commune"].as_str().is_some_and(|commune| commune.starts_with(DEPARTMENT))
        });
        for structure in structures {
            if let Some(fields) = structure.as_object_mut() {
                fields.remove("competence");
            }
        }
    }
    Ok(directory)
}
