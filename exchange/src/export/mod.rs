//! A directory written as a file: for spreadsheets, for maps, for other directories.
//!
//! One row a structure, the same columns in every table ([`columns`]), and the same bytes
//! for the same directory and day: nothing here asks for the time.
//!
//! What spreadsheet programs write is read back by [`crate::import`] without loss: an
//! administrator exports, corrects, and imports again.

pub(crate) mod columns;
mod delimited;
mod features;
mod inclusion;
mod ods;
mod services;
mod xlsx;

use shared::directory::{Directory, MAIN_LANGUAGE};
pub use shared::formats::Format;
use shared::geography::Geography;

/// Under what licence the open data is published, by its name.
///
/// French administrations choose it, or the `ODbL`, for what they publish (code of relations
/// between the public and the administration, D. 323-2-1).
pub const LICENCE: &str = "Licence Ouverte / Open Licence 2.0";

/// The identifier of [`LICENCE`] in the SPDX list.
pub const LICENCE_ID: &str = "etalab-2.0";

/// Where [`LICENCE`] can be read.
pub const LICENCE_URL: &str = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/";

/// Writes a directory. `today` dates the file where its format says when it was made.
///
/// ```
/// use exchange::export::{Format, export};
/// use exchange::import::{Options, import, typed::Communes};
/// # use shared::{directory::Directory, geography::Geography};
/// # let communes = include_str!("../../../shared/examples/communes.tsv");
/// # let geography = Geography::parse(communes, "", &|_| true).unwrap();
/// # let example = include_bytes!("../../../shared/examples/two-places.json");
/// # let directory = Directory::from_json(example).unwrap();
/// let table = export(&directory, &geography, Format::Csv, "2026-11-24");
/// assert!(String::from_utf8_lossy(&table).contains("CIO de Romans"));
///
/// // What nobody changed comes back as it was.
/// let (communes, options) = (Communes::new(&geography), Options::default());
/// let imported = import(&table, directory.clone(), &communes, &options, "2026-11-25").unwrap();
/// assert_eq!(imported.report.merged, 2);
/// assert_eq!(imported.directory, directory);
/// ```
pub fn export(directory: &Directory, geography: &Geography, format: Format, today: &str) -> Vec<u8> {
    match format {
        Format::Csv => delimited::write(directory, geography),
        Format::Xlsx => xlsx::write(directory, geography, today),
        Format::Ods => ods::write(directory, geography, today),
        Format::GeoJson => features::write(directory, geography, today),
        Format::Inclusion => inclusion::write(directory, geography, today),
        Format::Json => directory.to_json().into_bytes(),
    }
}

/// What a file says of itself.
struct About {
    title: String,
    edition: String,
    description: String,
}

fn about(directory: &Directory, today: &str) -> About {
    let edition = directory.edition.title.get(MAIN_LANGUAGE).cloned().unwrap_or_default();
    let description = format!("{edition}. Exporté le {today}. {LICENCE} : {LICENCE_URL}");
    About { title: directory.title.clone(), edition, description }
}
