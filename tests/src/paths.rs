//! Where things are in the repository, and beside it.

use crate::Failure;
use std::fs;
use std::path::{Path, PathBuf};

/// The top of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."))
}

/// How element and worker were compiled. Each form has a folder of its own, so that what is
/// served on this machine is never deployed by mistake.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// As it is deployed: optimised for size, compressed, weighed.
    #[default]
    Shipped,
    /// Compiled to be there soon: unoptimised, not compressed.
    Quick,
}

impl Form {
    /// The folder of the build: `assets`, `worker`, `administration`, and what the build notes for
    /// itself.
    pub fn folder(self) -> PathBuf {
        root().join(match self {
            Self::Shipped => "target/spro",
            Self::Quick => "target/spro-quick",
        })
    }

    /// The files that browsers load: the loader, the element, and in the shipped form their
    /// compressed siblings.
    pub fn assets(self) -> PathBuf {
        self.folder().join("assets")
    }

    /// The files of a worker: its module, its WebAssembly, and what ships with it.
    pub fn worker(self, worker: Worker) -> PathBuf {
        self.folder().join(worker.folder())
    }

    /// The identity of the built assets, the folder of the immutable ones.
    pub fn build_id(self) -> Result<String, Failure> {
        fs::read_to_string(self.assets().join("build.txt"))
            .map(|id| id.trim().to_owned())
            .map_err(|_| Failure::new("the element is not built: run `cargo xtask build`"))
    }
}

/// The two workers, which are deployed apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worker {
    /// What visitors reach.
    Public,
    /// What is behind it.
    Administration,
}

impl Worker {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Public, Self::Administration];

    /// Its folder in a build, in the repository and in the archive.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Public => "worker",
            Self::Administration => "administration",
        }
    }

    /// Its files: the entry, the WebAssembly, and what ships with it as data.
    pub const fn files(self) -> [&'static str; 3] {
        let entry = match self {
            Self::Public => "worker.js",
            Self::Administration => "administration.js",
        };
        [entry, "index_bg.wasm", "shipped.bin"]
    }
}

/// What `cargo xtask build` makes.
pub fn built() -> PathBuf {
    Form::Shipped.folder()
}

/// The files that browsers load, in the shipped form.
pub fn assets() -> PathBuf {
    Form::Shipped.assets()
}

/// A partner's pages.
pub fn partner_pages() -> PathBuf {
    root().join("tests/partner")
}

/// The directory that is shipped with the build.
pub fn shipped_directory() -> PathBuf {
    root().join("shared/editions/2026.json")
}

/// Real records of others that may be read in place, where they are beside the
/// repository. A test that needs them says so and ends when they are not.
pub fn domain() -> Option<PathBuf> {
    let beside = root().join("../shared/domain");
    beside.is_dir().then_some(beside)
}

/// The workerd that npm installed. Not `.bin/workerd`: that one is a script which starts
/// the real one, and ending the script leaves it running.
pub fn workerd() -> Result<PathBuf, Failure> {
    let missing = || Failure::new("workerd is not installed: run `cargo xtask setup`");
    let packages = fs::read_dir(root().join("node_modules/@cloudflare")).map_err(|_| missing())?;
    packages
        .flatten()
        .filter(|package| package.file_name().to_string_lossy().starts_with("workerd-"))
        .map(|package| package.path().join("bin").join(format!("workerd{}", std::env::consts::EXE_SUFFIX)))
        .find(|executable| executable.is_file())
        .ok_or_else(missing)
}

/// The identity of the shipped assets.
pub fn build_id() -> Result<String, Failure> {
    Form::Shipped.build_id()
}
