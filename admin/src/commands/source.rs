//! Which directory a command reads: a file, an edition of the program, or what is live.

use crate::commands::diff::directory;
use crate::commands::validate::{Checked, load, refused};
use crate::failure::Failure;
use crate::files::{self, Written};
use crate::output::{self, Outcome};
use crate::server::Server;
use crate::{clock, reference};
use insight::report::whereabouts::Whereabouts;
use serde_json::json;
use shared::directory::Directory;
use shared::geography::Geography;
use shared::validate::{Valid, validate};
use std::path::{Path, PathBuf};

/// Where a directory comes from.
pub(crate) enum Source<'a> {
    /// A file.
    File(&'a Path),
    /// An edition that ships with the program.
    Edition(&'a str),
    /// What is live.
    Live(&'a Server),
}

/// A directory that was read and checked, or the outcome that says why not.
pub(crate) enum Read {
    Valid(Box<Valid>, String),
    Refused(Outcome),
}

/// Reads and checks a directory. `verdict` ends the sentence of a refusal.
pub(crate) fn read(
    source: &Source,
    geography: &Geography,
    verdict: &str,
    all: bool,
) -> Result<Read, Failure> {
    let refusal = |findings: &[shared::finding::Finding], whereabouts: &Whereabouts, subject: &Path| {
        let json = json!({ "valid": false, "findings": findings });
        Read::Refused(refused(subject, verdict, findings, whereabouts, json, all))
    };
    let (directory, subject) = match source {
        Source::File(file) => {
            let Checked { whereabouts, result } = load(file, geography)?;
            return Ok(match result {
                Ok(valid) => Read::Valid(Box::new(valid), file.display().to_string()),
                Err(findings) => refusal(&findings, &whereabouts, file),
            });
        }
        Source::Edition(id) => (reference::edition(id)?, format!("l’édition {id}")),
        Source::Live(server) => (directory(server, None)?, server.address().to_owned()),
    };
    let whereabouts = Whereabouts::of(&directory);
    Ok(match validate(directory, geography, &clock::today()) {
        Ok(valid) => Read::Valid(Box::new(valid), subject),
        Err(findings) => refusal(&findings, &whereabouts, Path::new(&subject)),
    })
}

/// Reads a directory without checking it.
pub(crate) fn raw(source: &Source) -> Result<Directory, Failure> {
    match source {
        Source::File(file) => files::read_directory(file),
        Source::Edition(id) => reference::edition(id),
        Source::Live(server) => directory(server, None),
    }
}

/// The outcome of a command that makes a document: written to a file, or printed.
pub(crate) fn delivered(
    document: impl AsRef<[u8]>,
    out: Option<&PathBuf>,
    force: bool,
) -> Result<Outcome, Failure> {
    let Some(path) = out else {
        let document = String::from_utf8_lossy(document.as_ref()).into_owned();
        return Ok(Outcome { text: document.clone(), json: json!({ "document": document }), refused: false });
    };
    let text = match files::write(path, document, force)? {
        Written::Yes => format!("Écrit dans {}.\n", path.display()),
        Written::Unchanged => format!("{} contient déjà exactement cela.\n", path.display()),
    };
    Ok(Outcome { text, json: json!({ "written": path.display().to_string() }), refused: false })
}

/// How many are shown unless all are asked for, with what says that there are more.
pub(crate) fn some_of<T>(items: &[T], all: bool) -> (&[T], &'static str) {
    let shown = if all { items.len() } else { items.len().min(output::EXAMPLES) };
    (&items[..shown], if shown < items.len() { ", …" } else { "" })
}
