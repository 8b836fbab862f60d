//! `draw`: the questions and rules of an edition as a drawing.

use crate::cli::{Draw, DrawingFormat};
use crate::commands::source::{Read, Source, delivered, read};
use crate::failure::Failure;
use crate::output::Outcome;
use crate::reference;
use insight::report::drawing;
use shared::directory::{Directory, MAIN_LANGUAGE};

/// Draws a directory's edition.
pub(crate) fn run(options: &Draw, source: &Source, all: bool) -> Result<Outcome, Failure> {
    let geography = reference::geography()?;
    let verdict = "un annuaire avec des erreurs n’est pas dessiné";
    let valid = match read(source, &geography, verdict, all)? {
        Read::Valid(valid, _) => valid,
        Read::Refused(outcome) => return Ok(outcome),
    };
    let directory = valid.directory();
    check_language(directory, &options.language)?;
    let guide = shared::compile::localized(directory, &options.language);
    let document = match options.format {
        DrawingFormat::Svg => drawing::svg(&guide),
        DrawingFormat::Html => drawing::page::html(&guide),
    };
    delivered(&document, options.out.as_ref(), options.force)
}

fn check_language(directory: &Directory, language: &str) -> Result<(), Failure> {
    let languages = &directory.edition.languages;
    if language == MAIN_LANGUAGE || languages.iter().any(|known| known.tag == language) {
        return Ok(());
    }
    let tags: Vec<&str> = languages.iter().map(|known| known.tag.as_str()).collect();
    let known = if tags.is_empty() { MAIN_LANGUAGE.to_owned() } else { tags.join(", ") };
    Err(Failure::usage(
        "unknown-language",
        format!("L’édition n’est pas proposée dans la langue « {language} »."),
    )
    .advising(format!("Langues de cette édition : {known}.")))
}
