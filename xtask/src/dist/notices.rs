//! What others wrote of what is in the archive, and their licences, as these ask.

use serde_json::Value;
use spro_tests::Failure;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// What is compiled into the archive: the command line, the worker, the element.
pub(super) const SHIPPED: [&str; 4] = ["spro-admin", "spro-administration", "spro-worker", "spro-widget"];

/// How the files begin that a package keeps its licence in.
const NAMES: [&str; 6] = ["license", "licence", "copying", "copyright", "notice", "unlicense"];

const HEADING: &str = "\
# What others wrote

What is here is compiled from these packages of crates.io too, from the standard library of Rust
(MIT OR Apache-2.0), and from nothing else of others. Where licences are joined by OR, ours is one
of them; some packages that are listed for one part only may have left nothing in it.

| package | version | licence | texts |
|---|---|---|---|
";

/// The notices of what is compiled into these of our packages, from what `cargo metadata` tells: a
/// table, then each text once.
pub(super) fn notices(metadata: &Value, ours: &[&str]) -> Result<String, Failure> {
    let mut packages: Vec<&Value> = shipped(metadata, ours);
    packages.sort_by_key(|package| (name(package), package["version"].as_str()));
    let mut texts: Vec<String> = Vec::new();
    let mut ranks: BTreeMap<String, usize> = BTreeMap::new();
    let mut out = HEADING.to_owned();
    for package in packages {
        let mut shown: Vec<String> = Vec::new();
        for text in licences(package)? {
            let rank = *ranks.entry(text.clone()).or_insert_with(|| {
                texts.push(text);
                texts.len()
            });
            shown.push(rank.to_string());
        }
        if shown.is_empty() {
            // Then the authors are all that there is to name.
            shown = package["authors"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(masked)
                .collect();
        }
        let said = |field: &str| package[field].as_str().unwrap_or("not said");
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            name(package),
            said("version"),
            said("license"),
            if shown.is_empty() { "none in its package".to_owned() } else { shown.join(", ") }
        );
    }
    for (rank, text) in texts.iter().enumerate() {
        let _ = write!(out, "\n## Text {}\n\n~~~~~~~~\n{text}\n~~~~~~~~\n", rank + 1);
    }
    Ok(out)
}

fn name(package: &Value) -> &str {
    package["name"].as_str().unwrap_or_default()
}

/// An author without the address.
fn masked(author: &str) -> String {
    author.split('<').next().unwrap_or_default().trim().to_owned()
}

/// The packages of others that are compiled into these of ours. Macros and build scripts run
/// while compiling: they are not in it.
pub(super) fn shipped<'a>(metadata: &'a Value, ours: &[&str]) -> Vec<&'a Value> {
    let list = |value: &'static str| metadata[value].as_array().into_iter().flatten();
    let packages: BTreeMap<&str, &Value> =
        list("packages").filter_map(|package| Some((package["id"].as_str()?, package))).collect();
    let nodes: BTreeMap<&str, &Value> = metadata["resolve"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|node| Some((node["id"].as_str()?, node)))
        .collect();
    let mut open: Vec<&str> =
        packages.iter().filter(|(_, package)| ours.contains(&name(package))).map(|(id, _)| *id).collect();
    let mut reached = BTreeSet::new();
    while let Some(id) = open.pop() {
        let (Some(package), Some(node)) = (packages.get(id), nodes.get(id)) else { continue };
        if is_macro(package) || !reached.insert(id) {
            continue;
        }
        let needed = node["deps"].as_array().into_iter().flatten();
        open.extend(
            needed.filter(|dependency| is_compiled_in(dependency)).filter_map(|it| it["pkg"].as_str()),
        );
    }
    // Ours have no source: they are the workspace.
    reached
        .into_iter()
        .filter_map(|id| packages.get(id).copied())
        .filter(|it| !it["source"].is_null())
        .collect()
}

fn is_macro(package: &Value) -> bool {
    let mut targets = package["targets"].as_array().into_iter().flatten();
    targets.any(|target| target["kind"].as_array().is_some_and(|kinds| kinds.contains(&"proc-macro".into())))
}

/// Whether a dependency is one of the program itself: cargo's word for that is null.
fn is_compiled_in(dependency: &Value) -> bool {
    dependency["dep_kinds"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
}

/// The texts that a package holds, in the order of their files' names.
fn licences(package: &Value) -> Result<Vec<String>, Failure> {
    let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
    let folder = manifest.parent().unwrap_or(manifest);
    let unreadable = |error: std::io::Error| {
        Failure::new(format!("the licences of {} cannot be read: {error}", name(package)))
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        if path.is_file() && NAMES.iter().any(|beginning| name.starts_with(beginning)) {
            files.push(path);
        }
    }
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let bytes = fs::read(path).map_err(unreadable)?;
        // The same text with other ends of lines is the same text.
        Ok(String::from_utf8_lossy(&bytes).replace('\r', "").trim().to_owned())
    };
    files.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What cargo would tell of a package with a folder of its own.
    fn package(folder: &Path, name: &str, kind: &str, source: Option<&str>) -> Value {
        let manifest = folder.join(name).join("Cargo.toml");
        fs::create_dir_all(folder.join(name)).unwrap();
        json!({
            "id": name, "name": name, "version": "1.0.0", "license": "MIT", "source": source,
            "authors": ["A. Author <a@example.org>"], "manifest_path": manifest,
            "targets": [{"kind": [kind]}],
        })
    }

    fn node(name: &str, needed: &[(&str, Option<&str>)]) -> Value {
        let deps: Vec<Value> = needed
            .iter()
            .map(|(package, kind)| json!({"pkg": package, "dep_kinds": [{"kind": kind}]}))
            .collect();
        json!({"id": name, "deps": deps})
    }

    #[test]
    fn what_is_compiled_in_is_named_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("spro-notices-{}", std::process::id()));
        let there = Some("registry");
        let packages = [
            package(&folder, "spro-admin", "bin", None),
            package(&folder, "inside", "lib", there),
            package(&folder, "below", "lib", there),
            package(&folder, "silent", "lib", there),
            package(&folder, "macro", "proc-macro", there),
            package(&folder, "of-a-macro", "lib", there),
            package(&folder, "build-only", "lib", there),
            package(&folder, "elsewhere", "lib", there),
        ];
        fs::write(folder.join("inside/LICENSE-MIT"), "Permission\r\n").unwrap();
        fs::write(folder.join("below/LICENSE"), "Permission\n\n").unwrap();
        fs::write(folder.join("below/main.rs"), "fn main() {}").unwrap();
        let nodes = [
            node(
                "spro-admin",
                &[("inside", None), ("silent", None), ("macro", None), ("build-only", Some("build"))],
            ),
            node("inside", &[("below", None), ("elsewhere", Some("dev"))]),
            node("below", &[]),
            node("silent", &[]),
            node("macro", &[("of-a-macro", None)]),
            node("of-a-macro", &[]),
            node("build-only", &[]),
            node("elsewhere", &[]),
        ];
        let text = notices(&json!({"packages": packages, "resolve": {"nodes": nodes}}), &SHIPPED).unwrap();
        fs::remove_dir_all(folder).unwrap();
        let (_, told) = text.split_once("|---|---|---|---|\n").unwrap();
        assert_eq!(
            told,
            "| below | 1.0.0 | MIT | 1 |\n\
             | inside | 1.0.0 | MIT | 1 |\n\
             | silent | 1.0.0 | MIT | A. Author |\n\
             \n## Text 1\n\n~~~~~~~~\nPermission\n~~~~~~~~\n"
        );
    }
}
