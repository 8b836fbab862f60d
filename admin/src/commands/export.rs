//! `export`: the places of a directory as a table, a map, or open data.

use crate::cli::Export;
use crate::commands::source::{Source, delivered, raw};
use crate::failure::Failure;
use crate::output::Outcome;
use crate::{clock, reference};
use exchange::export::{Format, export};
use serde_json::json;

/// Writes a directory in a format. A directory with errors is written too: a table is where
/// they are corrected.
pub(crate) fn run(options: &Export, source: &Source) -> Result<Outcome, Failure> {
    let by_extension = || {
        let extension = options.out.as_ref()?.extension()?.to_str()?.to_ascii_lowercase();
        Format::of_name(&extension)
    };
    let format =
        options.format.as_deref().and_then(Format::of_name).or_else(by_extension).unwrap_or(Format::Csv);
    let is_binary = matches!(format, Format::Xlsx | Format::Ods);
    if is_binary && options.out.is_none() {
        return Err(Failure::usage(
            "no-out",
            format!("Un fichier {} ne peut pas être affiché.", format.name().to_uppercase()),
        )
        .advising(format!("Ajoutez --out lieux.{}.", format.extension())));
    }
    let directory = raw(source)?;
    let bytes = export(&directory, &reference::geography()?, format, &clock::today());
    let count = directory.structures.len();
    let mut outcome = delivered(&bytes, options.out.as_ref(), options.force)?;
    if options.out.is_some() {
        outcome.text = format!("{} : {count} lieux. {}", format.label(), outcome.text);
        outcome.json["format"] = json!(format.name());
        outcome.json["structures"] = json!(count);
    }
    Ok(outcome)
}
