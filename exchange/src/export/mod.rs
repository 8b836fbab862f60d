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

pub use delimited::guarded;
pub(crate) use delimited::unguarded;
use shared::directory::{Directory, MAIN_LANGUAGE};
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

/// What a directory can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A table in text. RFC 4180 in all but its semicolons, with a byte order mark and
    /// decimal commas: what opens right by a double click in a French spreadsheet program.
    Csv,
    /// A workbook of Excel.
    Xlsx,
    /// A workbook of `LibreOffice`.
    Ods,
    /// A collection of points (RFC 7946).
    GeoJson,
    /// The structures and services of data·inclusion's schema, version 1.
    Inclusion,
    /// The whole document, as it is published.
    Json,
}

impl Format {
    /// Every format, the ones for people first.
    pub const ALL: [Self; 6] = [Self::Csv, Self::Xlsx, Self::Ods, Self::GeoJson, Self::Inclusion, Self::Json];

    /// The stable name: what a URL and the command line say.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
            Self::GeoJson => "geojson",
            Self::Inclusion => "inclusion",
            Self::Json => "json",
        }
    }

    /// The format of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What a file's name ends with, without its dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Inclusion => "json",
            other => other.name(),
        }
    }

    /// The media type, for an HTTP answer.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::GeoJson => "application/geo+json",
            Self::Inclusion | Self::Json => "application/json",
        }
    }

    /// What people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Csv => "Tableau CSV",
            Self::Xlsx => "Classeur Excel (XLSX)",
            Self::Ods => "Classeur LibreOffice (ODS)",
            Self::GeoJson => "Carte (GeoJSON)",
            Self::Inclusion => "data·inclusion (JSON)",
            Self::Json => "Annuaire complet (JSON)",
        }
    }
}

/// Writes a directory. `today` dates the file where its format says when it was made.
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
