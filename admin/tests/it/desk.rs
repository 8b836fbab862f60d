//! A folder of its own for each test, and the program run in it.

use serde_json::Value;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of its own, and the program run in it.
pub(crate) struct Desk {
    /// Where it runs.
    pub(crate) folder: tempfile::TempDir,
    /// The browser that it looks with; `None` for the one that the program finds.
    browser: Option<OsString>,
}

/// The secret of the servers that these tests start.
pub(crate) const TOKEN: &str = "the-secret-of-the-desk-and-long-enough";

impl Desk {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), browser: None }
    }

    /// One that looks at pages with the browser of this test run, which starts in a fraction of the
    /// time but takes no preferences.
    pub(crate) fn with_the_runs_browser() -> Self {
        Self { browser: env::var_os("SPRO_BROWSER"), ..Self::new() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path(name), content).unwrap();
        self
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_spro"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("SPRO_SERVER")
            .env("SPRO_TOKEN", TOKEN)
            .env("TZ", "UTC")
            .envs(self.browser.iter().map(|browser| ("CHROME", browser)))
            .output()
            .unwrap()
    }

    /// Runs, checks the exit code, and returns standard output.
    pub(crate) fn succeeds_with(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
        out
    }

    /// Runs, checks the exit code, and returns standard error.
    pub(crate) fn fails_with(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
        assert!(out.is_empty(), "{arguments:?} printed {out}");
        err
    }

    pub(crate) fn json(&self, code: i32, arguments: &[&str]) -> Value {
        let mut arguments = arguments.to_vec();
        arguments.push("--json");
        serde_json::from_str(&self.succeeds_with(code, &arguments)).unwrap()
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub(crate) fn shipped() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/editions/2026.json");
    fs::read_to_string(path).unwrap()
}
