//! `cargo xtask dist`: one archive for whoever serves the guide on a server of their own. It
//! holds both workers, the files of the element, their configurations for workerd and the
//! administrators' command line, and needs nothing of the repository.
//!
//! The same source, compiler and tools give the same bytes, in whatever folder.
//! `tests/release/dist.test.mjs` unpacks an archive, serves it, and imports a table with it.

mod notices;
mod sbom;

use crate::setup::Found;
use crate::step::Step;
use crate::tool;
use serde_json::Value;
use spro_tests::Failure;
use spro_tests::paths::{self, Form, Worker};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the command line is compiled for: what the archive's name says.
const NATIVE: &str = "x86_64-unknown-linux-gnu";

/// The package of the command line, and the name of its program.
const COMMAND_LINE: (&str, &str) = ("spro-admin", "spro");

/// What the archive's texts leave open.
const VERSION: &str = "VERSION";
const WORKERD: &str = "WORKERD";
const RUSTC: &str = "RUSTC";

/// Makes the archive and its checksum in `target/spro`, of what `build` has made there. Returns
/// where it is.
pub(crate) fn dist(_: &Found) -> Result<PathBuf, Failure> {
    check_system()?;
    let metadata = metadata()?;
    let version = workspace_version(&metadata)?;
    let compiler = tool::ask("rustc", &["--version", "--verbose"])
        .ok_or_else(|| Failure::new("rustc does not answer: install Rust with https://rustup.rs"))?;
    let released = pinned_compiler(&text(&paths::root().join("Cargo.toml"))?)?;
    if !compiler.starts_with(&format!("rustc {released} ")) {
        println!("Releases are made with rustc {released}: this archive will differ from theirs.");
    }
    let program = command_line()?;

    let step = Step::begin("archive");
    let name = format!("spro-guide-{version}-linux-x86_64");
    let folder = paths::built().join("intermediate/dist");
    // What is not there needs no removing.
    let _ = fs::remove_dir_all(&folder);
    let inside = folder.join(&name);
    copy_folder(&Form::Shipped.assets(), &inside.join("assets"))?;
    for worker in Worker::BOTH {
        for file in worker.files() {
            copy(&Form::Shipped.worker(worker).join(file), &inside.join(worker.folder()).join(file))?;
        }
    }
    copy(&program, &inside.join(COMMAND_LINE.1))?;
    for file in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&paths::root().join(file), &inside.join(file))?;
    }
    copy(&paths::root().join("xtask/dist/CREDITS.md"), &inside.join("CREDITS.md"))?;
    step.detail("notices of others");
    tool::write(&inside.join("THIRD-PARTY.md"), notices::notices(&metadata, &notices::SHIPPED)?.as_bytes())?;
    let lock = text(&paths::root().join("Cargo.lock"))?;
    tool::write(&inside.join("SBOM.cdx.json"), sbom::sbom(&metadata, &lock, &version).as_bytes())?;
    for worker in Worker::BOTH {
        let ours = text(&paths::root().join(worker.folder()).join("workerd.capnp"))?;
        tool::write(&inside.join(configured(worker)), configuration(worker, &ours)?.as_bytes())?;
    }
    let runtime = pinned(&text(&paths::root().join("package.json"))?, "workerd")?;
    let told = compiler.lines().next().unwrap_or_default();
    let readme = fill(
        &text(&paths::root().join("xtask/dist/README.md"))?,
        &[(VERSION, &version), (WORKERD, &runtime), (RUSTC, told)],
    );
    tool::write(&inside.join("README.md"), readme.as_bytes())?;

    let archive = pack(&step, &folder, &name)?;
    let bytes = tool::read(&archive)?;
    let sum = tool::hash(&bytes);
    let file = format!("{name}.tar.gz");
    // As `sha256sum --check` reads it.
    tool::write(&archive.with_file_name(format!("{file}.sha256")), format!("{sum}  {file}\n").as_bytes())?;
    step.done_with(&format_args!("{}, {} bytes, sha256 {sum}", tool::shown(&archive), bytes.len()));
    Ok(archive)
}

/// The compiler that releases are made with, as the workspace pins it.
fn pinned_compiler(manifest: &str) -> Result<String, Failure> {
    manifest
        .lines()
        .skip_while(|line| *line != "[workspace.metadata.release]")
        .find_map(|line| line.strip_prefix("rustc = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| Failure::new("Cargo.toml pins no compiler: see [workspace.metadata.release]"))
}

/// Says at once what would only be found out after minutes of compiling.
fn check_system() -> Result<(), Failure> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err(Failure::new(
            "the archive is made on Linux on x86-64 only: elsewhere, serve target/spro with worker/workerd.capnp and administration/workerd.capnp",
        ));
    }
    // Others have no `--sort`, without which an archive's bytes depend on the disk.
    if tool::ask("tar", &["--version"]).is_none_or(|version| !version.contains("GNU tar")) {
        return Err(Failure::new("the archive is made with GNU tar: install the system's package tar"));
    }
    if tool::find("gzip").is_none() {
        return Err(Failure::new("the archive is compressed with gzip: install the system's package gzip"));
    }
    Ok(())
}

/// Compiles the command line, and says where it is.
fn command_line() -> Result<PathBuf, Failure> {
    let step = Step::begin("command line, compiled");
    let (package, name) = COMMAND_LINE;
    let mut cargo = tool::cargo("build");
    // For a named target, so that the flags below hold for what is shipped and not for build
    // scripts, which would be compiled again for them.
    cargo.args(["--locked", "--release", "--package", package, "--bin", name, "--target", NATIVE]);
    cargo.args(["--config", "profile.release.strip=\"symbols\"", "--target-dir"]).arg(tool::target());
    cargo.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", tool::remapped().join("\u{1f}"));
    tool::run(&step, cargo, &format!("mend {package} above"))?;
    let program = tool::target().join(NATIVE).join("release").join(name);
    step.done();
    Ok(program)
}

/// What others wrote of the element, and their licences: for the visitors who download it.
pub(crate) fn notices_of_the_element() -> Result<String, Failure> {
    notices::notices(&metadata()?, &["spro-widget"])
}

/// The whole tree of dependencies of what is in the archive.
fn metadata() -> Result<Value, Failure> {
    let mut cargo = tool::cargo("metadata");
    cargo.args(["--format-version", "1", "--locked", "--filter-platform", NATIVE]);
    cargo.args(["--filter-platform", crate::setup::WASM]);
    let output = cargo.output().map_err(tool::failed("cargo does not start"))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Failure::new(format!("{reason}\ncargo does not say what the archive depends on")));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| Failure::new(format!("cargo metadata is not JSON: {error}")))
}

/// The version of the command line, which is that of everything here.
fn workspace_version(metadata: &Value) -> Result<String, Failure> {
    let packages = metadata["packages"].as_array();
    packages
        .into_iter()
        .flatten()
        .find(|package| package["name"] == COMMAND_LINE.0)
        .and_then(|package| package["version"].as_str())
        .map(str::to_owned)
        .ok_or_else(|| Failure::new(format!("cargo knows no package {}", COMMAND_LINE.0)))
}

/// The version of a package that `package.json` pins.
fn pinned(package_json: &str, name: &str) -> Result<String, Failure> {
    serde_json::from_str::<Value>(package_json)
        .ok()
        .and_then(|package| package["devDependencies"][name].as_str().map(str::to_owned))
        .ok_or_else(|| Failure::new(format!("package.json does not pin {name}")))
}

/// The configuration of a worker, in the archive.
const fn configured(worker: Worker) -> &'static str {
    match worker {
        Worker::Public => "guide.capnp",
        Worker::Administration => "administration.capnp",
    }
}

/// The configuration of the repository, with the paths of the archive.
fn configuration(worker: Worker, of_repository: &str) -> Result<String, Failure> {
    let folder = worker.folder();
    let mut text = of_repository.to_owned();
    for (there, here) in [
        (format!("\"../target/spro/{folder}/"), format!("\"{folder}/")),
        ("\"target/spro/assets\"".to_owned(), "\"assets\"".to_owned()),
    ] {
        if !text.contains(&there) {
            return Err(Failure::new(format!(
                "{folder}/workerd.capnp has no {there}: mend xtask/src/dist.rs"
            )));
        }
        text = text.replace(&there, &here);
    }
    for worker in Worker::BOTH {
        text = text.replace(&format!("{}/workerd.capnp", worker.folder()), configured(worker));
    }
    Ok(text)
}

/// A text with what it leaves open.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (open, value)| text.replace(open, value))
}

/// Packs a folder of this one, and says where the archive is.
fn pack(step: &Step, folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    let plain = paths::built().join(format!("{name}.tar"));
    step.detail("tar");
    let mut tar = Command::new("tar");
    // Nothing in it says when, by whom and on which disk it was made.
    tar.env("LC_ALL", "C").env_remove("TAR_OPTIONS");
    tar.args(["--create", "--format=ustar", "--sort=name", "--mtime=@0", "--mode=u=rwX,go=rX"]);
    tar.args(["--owner=0", "--group=0", "--numeric-owner", "--directory"]).arg(folder);
    tar.arg("--file").arg(&plain).arg(name);
    tool::run(step, tar, "the archive cannot be made")?;
    step.detail("gzip");
    let mut gzip = Command::new("gzip");
    gzip.env_remove("GZIP").args(["--no-name", "--best", "--force"]).arg(&plain);
    tool::run(step, gzip, "the archive cannot be compressed")?;
    Ok(plain.with_added_extension("gz"))
}

/// Copies what is in a folder.
fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    let unreadable = format!("{} cannot be read", tool::shown(from));
    for entry in fs::read_dir(from).map_err(tool::failed(&unreadable))? {
        let entry = entry.map_err(tool::failed(&unreadable))?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() { copy_folder(&path, &to)? } else { copy(&path, &to)? }
    }
    Ok(())
}

/// Copies a file with its permissions, and makes its folder.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    to.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::copy(from, to))
        .map(drop)
        .map_err(tool::failed(&format!("{} cannot be copied", tool::shown(from))))
}

/// Reads a text of ours.
fn text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(tool::read(path)?)
        .map_err(|_| Failure::new(format!("{} is not UTF-8", tool::shown(path))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_archives_configuration_names_nothing_outside() {
        let ours =
            [include_str!("../../worker/workerd.capnp"), include_str!("../../administration/workerd.capnp")];
        let [guide, administration] =
            [0, 1].map(|index| configuration(Worker::BOTH[index], ours[index]).unwrap());
        for (text, expected) in [
            (&guide, "embed \"worker/worker.js\""),
            (&guide, "serve administration.capnp"),
            (&guide, "serve guide.capnp"),
            (&administration, "embed \"administration/administration.js\""),
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
        for text in [&guide, &administration] {
            assert!(text.contains("path = \"assets\"") && text.contains("path = \"kv\""), "{text}");
            assert!(!text.contains("target/") && !text.contains("../"), "{text}");
        }
        let failure = configuration(Worker::Public, "const config = ();").unwrap_err().to_string();
        assert!(failure.contains("worker/workerd.capnp has no"), "{failure}");
    }

    #[test]
    fn the_archives_readme_names_the_versions() {
        let ours = include_str!("../dist/README.md");
        let runtime = pinned(include_str!("../../package.json"), "workerd").unwrap();
        let text = fill(ours, &[(VERSION, "1.2.3"), (WORKERD, &runtime), (RUSTC, "rustc 1")]);
        assert!(text.starts_with("# SPRO Guide 1.2.3\n"), "{text}");
        assert!(text.contains(&format!("npx workerd@{runtime} serve guide.capnp")), "{text}");
        assert!(text.ends_with("Made with rustc 1.\n"), "{text}");
        assert!(pinned("{}", "workerd").is_err());
    }

    #[test]
    fn the_forge_uses_the_pinned_compiler() {
        let version = pinned_compiler(include_str!("../../Cargo.toml")).unwrap();
        let named = format!("RUSTUP_TOOLCHAIN: \"{version}\"");
        for workflow in [
            include_str!("../../.github/workflows/ci.yml"),
            include_str!("../../.github/workflows/release.yml"),
        ] {
            assert!(workflow.contains(&named), "{named}");
        }
        assert!(pinned_compiler("rustc = \"1\"").is_err());
    }

    #[test]
    fn the_version_is_that_of_the_command_line() {
        let metadata = json!({"packages": [
            {"name": "spro-shared", "version": "0.0.1"},
            {"name": "spro-admin", "version": "0.2.0"},
        ]});
        assert_eq!(workspace_version(&metadata).unwrap(), "0.2.0");
        assert!(workspace_version(&json!({})).is_err());
    }
}
