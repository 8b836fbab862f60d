//! `recommend`: what the guide answers to one person or to many, with the engine of the
//! element and of the API, on a directory that need not be live.

mod batch;
mod told;
mod whom;

use crate::cli::Recommend;
use crate::commands::diff;
use crate::commands::validate::{Checked, load, refused};
use crate::failure::Failure;
use crate::output::Outcome;
use crate::server::Server;
use crate::{clock, reference};
use insight::report::whereabouts::Whereabouts;
use serde_json::json;
use shared::commune_index::Search;
use shared::compile::{all_communes, compile};
use shared::directory::Directory;
use shared::geography::Geography;
use shared::guide::walk;
use shared::said::{Answer, Asked, Unanswerable, decide};
use shared::snapshot::{
    DepartmentPiece, LocalizedGuide, Snapshot, UnreadablePiece, department_piece, localized, read,
    texts_piece,
};
use shared::validate::{Valid, validate};
use shared::wire::Wire;
use std::path::Path;

/// Recommends. `server` is asked for the live directory only where that one is wanted.
pub(crate) fn run(
    options: &Recommend,
    server: impl FnOnce() -> Result<Server, Failure>,
    all: bool,
    as_json: bool,
) -> Result<Outcome, Failure> {
    let today = match &options.on {
        Some(date) if !shared::directory::is_date(date) => {
            return Err(Failure::usage("date", format!("« {date} » n’est pas une date."))
                .advising("Écrivez-la année-mois-jour : 2026-11-24."));
        }
        Some(date) => date.clone(),
        None => clock::today(),
    };
    // Before the directory, which takes its time: what is wrong here is said at once.
    let people = options.batch.as_deref().map(batch::read).transpose()?;
    let answers = whom::answers(&options.answer, options.answers.as_deref())?;
    let geography = reference::geography()?;
    let valid = if options.live {
        checked(diff::directory(&server()?, None)?, &geography)?
    } else if let Some(id) = reference::editions().find(|id| *id == options.edition) {
        checked(reference::edition(id)?, &geography)?
    } else {
        match of_file(Path::new(&options.edition), &geography, all)? {
            Ok(valid) => *valid,
            Err(refused) => return Ok(refused),
        }
    };

    let snapshot = compile(&valid, &geography);
    if !snapshot.pieces.contains_key(&texts_piece(&options.language)) {
        return Err(unknown_language(&options.language, &snapshot));
    }
    let guide = localized(&snapshot.pieces, &options.language).map_err(|(_, why)| unreadable(why))?;
    let search = Search::new(all_communes(&snapshot.pieces).map_err(unreadable)?);
    let prepared = Prepared { geography, snapshot, guide, search, today };
    let text = match (people, &options.commune) {
        (Some(people), _) => batch::answer(people, |asked| prepared.answer(asked, written))?,
        (None, commune) => {
            let asked = Asked { answers, commune: commune.clone().unwrap_or_default() };
            prepared.answer(asked, |answer| if as_json { written(answer) } else { prepared.told(answer) })?
        }
    };
    Ok(Outcome { text, ..Outcome::default() })
}

/// As the API writes it, to the letter: a value would write numbers otherwise.
fn written(answer: &Answer<'_>) -> String {
    serde_json::to_string(answer).unwrap_or_default() + "\n"
}

/// A directory as the guide reads it: made once, however many people are asked about.
struct Prepared {
    geography: Geography,
    snapshot: Snapshot,
    guide: LocalizedGuide,
    search: Search,
    today: String,
}

impl Prepared {
    /// What the guide answers to somebody whose commune is as they typed it, in the words of
    /// `tell`.
    fn answer(&self, asked: Asked, tell: impl FnOnce(&Answer<'_>) -> String) -> Result<String, Failure> {
        let commune = whom::commune(&self.search, &self.geography, &self.guide, &asked.commune)?;
        let asked = Asked { commune, ..asked };
        let refusal = |why| whom::refusal(&self.guide, why);
        if let Some(why) = asked.refusal(&self.guide) {
            return Err(refusal(why));
        }
        let department =
            asked.department(&self.guide).ok_or_else(|| refusal(Unanswerable::UnknownCommune))?;
        let places: DepartmentPiece = needed(&self.snapshot, &department_piece(department))?;
        let decided =
            decide(&self.snapshot.id, &self.guide, &places, &asked, &self.today).map_err(refusal)?;
        Ok(tell(&decided.said()))
    }

    /// An answer for people.
    fn told(&self, answer: &Answer<'_>) -> String {
        told::Told {
            guide: &self.guide,
            answer,
            walk: &walk(&self.guide, answer.answers),
            commune: self.search.commune(answer.commune.code),
            today: &self.today,
        }
        .text()
    }
}

/// The directory of a file; where it has errors, the outcome that says them.
fn of_file(file: &Path, geography: &Geography, all: bool) -> Result<Result<Box<Valid>, Outcome>, Failure> {
    if !file.exists() {
        let known: Vec<&str> = reference::editions().collect();
        return Err(Failure::usage(
            "unknown-edition",
            format!("« {} » n’est ni une édition livrée avec le programme, ni un fichier.", file.display()),
        )
        .advising(format!("Éditions livrées : {}.", known.join(", "))));
    }
    let Checked { whereabouts, result } = load(file, geography)?;
    Ok(result.map(Box::new).map_err(|findings| {
        let json = json!({ "valid": false, "findings": findings });
        let verdict = "un annuaire avec des erreurs ne peut orienter personne";
        refused(file, verdict, &findings, &whereabouts, json, all)
    }))
}

/// A directory that is published or shipped: errors in it are not the caller's.
fn checked(directory: Directory, geography: &Geography) -> Result<Valid, Failure> {
    validate(directory, geography, &clock::today()).map_err(|findings| {
        let first = findings
            .first()
            .map(|finding| crate::output::line(finding, &Whereabouts::default()))
            .unwrap_or_default();
        Failure::refused("unreadable-directory", format!("Cet annuaire a des erreurs : {first}"))
            .advising("Le serveur et ce programme sont peut-être de versions différentes.")
    })
}

/// A piece of the snapshot; nothing where it has no such piece.
fn piece<T: Wire>(snapshot: &Snapshot, name: &str) -> Option<Result<T, UnreadablePiece>> {
    snapshot.pieces.get(name).map(|bytes| read(bytes))
}

/// A piece that every snapshot has.
fn needed<T: Wire>(snapshot: &Snapshot, name: &str) -> Result<T, Failure> {
    piece(snapshot, name).unwrap_or(Err(UnreadablePiece::Malformed)).map_err(unreadable)
}

fn unreadable(error: UnreadablePiece) -> Failure {
    Failure::refused("broken-piece", format!("L’annuaire n’a pas pu être préparé : {error}."))
}

fn unknown_language(language: &str, snapshot: &Snapshot) -> Failure {
    let known: Vec<&str> = snapshot.pieces.keys().filter_map(|name| name.strip_prefix("texts.")).collect();
    Failure::usage("unknown-language", format!("Cet annuaire n’est pas écrit dans la langue « {language} »."))
        .advising(format!("Langues possibles : {}.", known.join(", ")))
}
