//! `diff`: what differs between two directories, and what that changes for people.

use crate::failure::Failure;
use crate::history::History;
use crate::output::{self, Outcome};
use crate::server::{Call, Server};
use crate::{clock, files, reference};
use insight::compare::diff::{Difference, difference};
use insight::compare::review::{Review, review};
use insight::report::whereabouts::Whereabouts;
use serde_json::{Value, json};
use shared::directory::Directory;
use shared::validate::validate;
use std::fmt::Write;
use std::path::Path;

/// Compares a file to another, which counts as the one before.
pub(crate) fn files(file: &Path, against: &Path, all: bool) -> Result<Outcome, Failure> {
    let (before, after) = (files::read_directory(against)?, files::read_directory(file)?);
    let subject = against.display().to_string();
    let compared = Compared::new(before, after)?;
    Ok(Outcome {
        text: compared.told(&subject, &file.display().to_string(), all),
        json: compared.json(),
        refused: false,
    })
}

/// Compares a file to what is live.
pub(crate) fn live(file: &Path, server: &Server, all: bool) -> Result<Outcome, Failure> {
    let after = files::read_directory(file)?;
    let (history, _) = History::ask(server)?;
    let before = directory(server, Some(&history.live))?;
    let compared = Compared::new(before, after)?;
    let subject = format!("{}, en ligne sur {},", history.told(&history.live), server.address());
    let mut text = compared.told(&subject, &file.display().to_string(), all);
    if !compared.difference.is_empty() {
        let _ = writeln!(
            text,
            "\nRien n’a été changé. Pour publier exactement cela :\n  cargo spro publish {} --expect {}{}",
            files::quoted(file),
            history.live_name(),
            server.option()
        );
    }
    let mut json = compared.json();
    json["live"] = json!(history.live);
    Ok(Outcome { text, json, refused: false })
}

/// The directory that a server has, live or of a snapshot.
pub(crate) fn directory(server: &Server, snapshot: Option<&str>) -> Result<Directory, Failure> {
    let query = snapshot.map(|snapshot| ("snapshot", snapshot));
    let document = server.ask(Call::get("directory").asking(query.as_slice()))?;
    read(server, &document)
}

/// A directory as a server gave it.
pub(crate) fn read(server: &Server, document: &Value) -> Result<Directory, Failure> {
    Directory::from_json(document.to_string().as_bytes()).map_err(|finding| {
        let said = output::line(&finding, &Whereabouts::default());
        Failure::refused(
            "unreadable-directory",
            format!("L’annuaire que donne {} est illisible : {said}", server.address()),
        )
        .advising("Le serveur et ce programme sont peut-être de versions différentes.")
    })
}

/// Two directories, compared.
pub(crate) struct Compared {
    /// How many places there were.
    places_before: usize,
    pub(crate) difference: Difference,
    /// What it changes for people, or which of both has errors.
    review: Result<Box<Review>, &'static str>,
}

impl Compared {
    pub(crate) fn new(before: Directory, after: Directory) -> Result<Self, Failure> {
        let places_before = before.structures.len();
        let difference = difference(&before, &after);
        // Nothing differs: nothing changes for anybody, and nothing has to be worked out.
        if difference.is_empty() {
            return Ok(Self { places_before, difference, review: Err("") });
        }
        let (geography, today) = (reference::geography()?, clock::today());
        let both = (validate(before, &geography, &today), validate(after, &geography, &today));
        let review = match &both {
            (Ok(before), Ok(after)) => {
                Ok(Box::new(review((before, None), (after, None), &geography, &today)))
            }
            (Err(_), Ok(_)) => Err("celui d’avant a des erreurs aujourd’hui"),
            (_, Err(_)) => Err("le nouveau a des erreurs, que « cargo spro validate » montre"),
        };
        Ok(Self { places_before, difference, review })
    }

    pub(crate) fn json(&self) -> Value {
        let mut json = json!(self.difference);
        if let Ok(review) = &self.review {
            json["summary"] = json!(review.summary);
            json["effect"] = json!(review.effect);
            json["gaps"] = json!(review.gaps);
            json["losses"] = json!(review.losses);
        }
        json
    }

    pub(crate) fn told(&self, subject: &str, file: &str, all: bool) -> String {
        if self.difference.is_empty() {
            let subject = subject.trim_end_matches(',');
            return format!("{file} dit exactement la même chose que {subject}.\n");
        }
        let mut text = format!(
            "De {subject} à {} :\n{}{}",
            file,
            output::difference(&self.difference, self.places_before),
            output::difference_in_full(&self.difference, all)
        );
        match &self.review {
            Ok(review) => text.push_str(&output::review(review, all)),
            Err(why) => {
                let _ = writeln!(text, "\nPas d’effet sur les personnes à montrer : {why}.");
            }
        }
        text
    }
}
