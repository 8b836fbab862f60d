//! `import`: from a table to a directory.

use crate::cli::Import;
use crate::commands::diff::directory;
use crate::commands::mappings;
use crate::commands::validate::counted;
use crate::failure::Failure;
use crate::files::{self, Written};
use crate::output::{self, Outcome};
use crate::server::Server;
use crate::{clock, dila, reference};
use exchange::import::decision::{Decision, Decisions};
use exchange::import::dila::Extract;
use exchange::import::typed::Communes;
use exchange::import::{Imported, Options, import, import_extract};
use insight::report::whereabouts::Whereabouts;
use serde_json::{Value, json};
use shared::directory::Directory;
use shared::finding::Severity;
use std::fmt::Write;

pub(crate) fn run(
    options: &Import,
    server: impl FnOnce() -> Result<Server, Failure>,
    all: bool,
    as_json: bool,
) -> Result<Outcome, Failure> {
    let today = clock::today();
    check_date(options.checked_on.as_deref(), &today)?;
    let (mapping, remembered) = mappings::mapping(options)?;
    let is_dila = dila::is_dila(&options.file);
    let base = match &options.into {
        Some(path) => files::read_directory(path)?,
        None if options.shipped => reference::shipped()?,
        None => live(server)?,
    };
    mappings::check_networks(&mapping, &base.edition.networks)?;
    let stem = options.file.file_stem().map_or(String::new(), |stem| stem.to_string_lossy().into_owned());
    let settings = Options {
        file: options.file.display().to_string(),
        source: options.source.clone().unwrap_or(stem),
        checked_on: options.checked_on.clone(),
        mapping,
        key: options.key.clone(),
        decisions: decisions(options)?,
        report_missing: options.missing,
        remove_missing: options.remove_missing,
        ..Options::default()
    };
    let geography = reference::geography()?;
    let communes = Communes::new(&geography);
    let mut pace = None;
    let Imported { directory, mut report } = if is_dila {
        let mut extract = Extract::new(&base, &geography, &options.department);
        pace = Some(dila::read(&options.file, &mut extract, as_json)?);
        import_extract(extract, base, &communes, &settings, &today)?
    } else if options.department.is_empty() {
        import(files::read(&options.file)?, base, &communes, &settings, &today)?
    } else {
        return Err(Failure::usage(
            "department",
            "« --department » choisit dans l’archive de la DILA : ce fichier n’en est pas une.",
        ));
    };
    let has_errors = report.validation.iter().any(|finding| finding.severity == Severity::Error);
    let is_blocked = report.refused > 0 && !options.accept_refused;
    let mut written = None;
    if let (Some(path), false, false) = (&options.out, has_errors, is_blocked) {
        written = Some(files::write(path, directory.to_json(), options.force)?);
        report.written = Some(path.display().to_string());
    }
    let mut text = report.to_text(all);
    if let Some(pace) = pace {
        let _ = writeln!(text, "\n{}.", pace.line());
    }
    if let Some(remembered) = remembered {
        let _ = writeln!(text, "\n{}", remembered.keep()?);
    }
    let _ = writeln!(
        text,
        "\nCONTRÔLE de l’annuaire obtenu ({} lieux) : {}.",
        directory.structures.len(),
        counted(&report.validation)
    );
    text.push_str(&output::findings(&report.validation, &Whereabouts::of(&directory), all));
    let ending = match (&options.out, written) {
        (Some(path), Some(Written::Yes)) => format!("Écrit dans {}.", path.display()),
        (Some(path), Some(Written::Unchanged)) => format!("{} contient déjà exactement cela.", path.display()),
        (Some(_), None) if has_errors => "Rien n’a été écrit : l’annuaire obtenu a des erreurs.".to_owned(),
        (Some(_), None) => {
            "Rien n’a été écrit : des lignes sont refusées. Corrigez-les, ou ajoutez --accept-refused pour faire sans elles.".to_owned()
        }
        (None, _) => "Rien n’a été écrit : ajoutez --out FICHIER pour garder l’annuaire obtenu.".to_owned(),
    };
    let _ = writeln!(text, "\n{ending}");
    if let (Some(path), Some(_)) = (&options.out, written) {
        let file = files::quoted(path);
        let _ = writeln!(
            text,
            "Rien n’est encore en ligne. Pour voir ce qui changerait : cargo spro diff {file}\nPour publier : cargo spro publish {file}"
        );
    }
    // A value of every field of every row takes more memory than the directory.
    let json = if as_json { json!(report) } else { Value::Null };
    Ok(Outcome { text, json, refused: has_errors || is_blocked })
}

/// The directory that is live: what an import completes, so that nothing of it is lost.
fn live(server: impl FnOnce() -> Result<Server, Failure>) -> Result<Directory, Failure> {
    let read = || directory(&server()?, None);
    read().map_err(|failure| {
        let advice = "Un import complète l’annuaire en ligne. Pour en compléter un autre : --into ANNUAIRE, ou --shipped pour celui qui est livré avec le programme.";
        match failure.advice.clone() {
            Some(own) => failure.advising(format!("{own}\n→ {advice}")),
            None => failure.advising(advice),
        }
    })
}

/// What was decided: in a file, then in the command itself.
fn decisions(options: &Import) -> Result<Decisions, Failure> {
    let mut decisions = match &options.decisions {
        None => Decisions::default(),
        Some(path) => serde_json::from_slice(&files::read(path)?).map_err(|error| {
            Failure::refused(
                "unreadable-decisions",
                format!("« {} » n’est pas un fichier de décisions ({error}).", path.display()),
            )
            .advising("Par exemple : {\"groups\": {\"capitals\": \"refuse\"}, \"items\": {\"email-domain:3:MAIL\": \"accept\"}}")
        })?,
    };
    decide(&mut decisions, &options.accept, &options.refuse)?;
    Ok(decisions)
}

/// Adds what the command itself decides.
pub(super) fn decide(decisions: &mut Decisions, accept: &[String], refuse: &[String]) -> Result<(), Failure> {
    for (list, decision) in [(accept, Decision::Accept), (refuse, Decision::Refuse)] {
        for code_or_id in list {
            let code = code_or_id.split(':').next().unwrap_or_default();
            if !exchange::import::repair::is_code(code) {
                return Err(Failure::usage("unknown-code", format!("« {code} » n’est le code de rien."))
                    .advising("Les codes sont entre crochets dans le compte rendu d’un import."));
            }
            decisions.decide(code_or_id, decision);
        }
    }
    Ok(())
}

pub(super) fn check_date(date: Option<&str>, today: &str) -> Result<(), Failure> {
    match date {
        Some(date) if !shared::directory::is_date(date) => {
            Err(Failure::usage("date", format!("« {date} » n’est pas une date."))
                .advising("Écrivez-la année-mois-jour : 2026-11-24."))
        }
        Some(date) if date > today => {
            Err(Failure::usage("future-date", format!("« {date} » est dans le futur.")))
        }
        _ => Ok(()),
    }
}
