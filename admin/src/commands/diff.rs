//! `diff`: what changes for people between two directories.

use crate::failure::Failure;
use crate::files;
use crate::history::History;
use crate::output::{self, Outcome};
use crate::server::{Call, Server};
use serde_json::json;
use shared::diff::{Difference, difference};
use shared::directory::Directory;
use std::fmt::Write;
use std::path::Path;

/// Compares a file to another, which counts as the one before.
pub(crate) fn files(file: &Path, against: &Path, all: bool) -> Result<Outcome, Failure> {
    let (before, after) = (files::read_directory(against)?, files::read_directory(file)?);
    let difference = difference(&before, &after);
    let text = told(&difference, &before, &against.display().to_string(), file, all);
    Ok(Outcome { text, json: json!(difference), refused: false })
}

/// Compares a file to what is live.
pub(crate) fn live(file: &Path, server: &Server, all: bool) -> Result<Outcome, Failure> {
    let after = files::read_directory(file)?;
    let (history, _) = History::ask(server)?;
    let before = directory(server, Some(&history.live))?;
    let difference = difference(&before, &after);
    let subject = format!("{}, en ligne sur {},", history.told(&history.live), server.address());
    let mut text = told(&difference, &before, &subject, file, all);
    if !difference.is_empty() {
        let _ = writeln!(
            text,
            "\nRien n’a été changé. Pour publier exactement cela :\n  cargo spro publish {} --expect {}{}",
            files::quoted(file),
            history.live_name(),
            server.option()
        );
    }
    let mut json = json!(difference);
    json["live"] = json!(history.live);
    Ok(Outcome { text, json, refused: false })
}

/// The directory that a server has, live or of a snapshot.
pub(crate) fn directory(server: &Server, snapshot: Option<&str>) -> Result<Directory, Failure> {
    let query = snapshot.map(|snapshot| ("snapshot", snapshot));
    let document = server.ask(Call { path: "directory", query, ..Call::default() })?;
    Directory::from_json(document.to_string().as_bytes()).map_err(|finding| {
        let said = output::line(&finding, &[]);
        Failure::refused(
            "unreadable-directory",
            format!("L’annuaire en ligne sur {} est illisible : {said}", server.address()),
        )
        .advising("Le serveur et ce programme sont peut-être de versions différentes.")
    })
}

fn told(difference: &Difference, before: &Directory, subject: &str, file: &Path, all: bool) -> String {
    if difference.is_empty() {
        return format!(
            "{} dit exactement la même chose que {}.\n",
            file.display(),
            subject.trim_end_matches(',')
        );
    }
    format!(
        "De {subject} à {} :\n{}{}",
        file.display(),
        output::difference(difference, before.structures.len()),
        output::difference_in_full(difference, all)
    )
}
