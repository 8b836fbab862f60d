//! The live directory as open data: tables, a map, data·inclusion. Anybody may take it away.

use crate::answer::{Field, OPEN, REVALIDATED, Ready, SOURCE};
use crate::archive::document;
use crate::memory::{self, Kind};
use crate::pieces::Host;
use crate::problem::Failure;
use crate::store::Store;
use crate::{clock, live, shipped};
use exchange::export::{Format, export};
use shared::directory::Directory;
use shared::snapshot::hash;
use std::rc::Rc;

/// The name of the file that holds a format, at the end of its address.
pub(crate) fn file(format: Format) -> String {
    let stem = match format {
        Format::Inclusion => "data-inclusion",
        Format::Json => "directory",
        Format::Csv | Format::Xlsx | Format::Ods | Format::GeoJson => "places",
    };
    format!("{stem}.{}", format.extension())
}

/// The format of a file.
pub(crate) fn of_file(name: &str) -> Option<Format> {
    Format::ALL.into_iter().find(|format| file(*format) == name)
}

/// A document in a format, for administrators.
pub(crate) fn write(document: &[u8], format: Format) -> Result<Vec<u8>, Failure> {
    written(&read(document)?, format)
}

/// A document in a format, for everybody: without the values that a person corrected, which may be
/// the mail of somebody that was taken out.
fn write_open(document: &[u8], format: Format) -> Result<Vec<u8>, Failure> {
    let mut directory = read(document)?;
    for place in &mut directory.structures {
        place.corrections.clear();
    }
    written(&directory, format)
}

fn read(document: &[u8]) -> Result<Directory, Failure> {
    Directory::from_json(document)
        .map_err(|finding| Failure::ours("a published directory is unreadable", &finding))
}

fn written(directory: &Directory, format: Format) -> Result<Vec<u8>, Failure> {
    let bytes = export(directory, &shipped::geography()?, format, &clock::today());
    if bytes.is_empty() { Err(Failure::ours("an export is empty", &format.name())) } else { Ok(bytes) }
}

/// The live directory in a format. It is worked out once for each snapshot, day and isolate.
pub(crate) async fn answer(host: &Host<'_>, format: Format) -> Result<Rc<Ready>, Failure> {
    let live = live::current(host).await?;
    let name = format!("export.{}.{}", format.name(), clock::today());
    if let Some(ready) = memory::ready(&live.id, &name, Kind::Bin) {
        return Ok(ready);
    }
    let store = Store::open(host.env).ok();
    let bytes = write_open(&document(store.as_ref(), &live.id).await?, format)?;
    let disposition = format!("attachment; filename=\"{}\"", file(format));
    let mut fields: Vec<Field> = vec![
        ("content-type", format.media_type()),
        ("content-disposition", &disposition),
        ("cache-control", REVALIDATED),
        ("link", "<https://www.etalab.gouv.fr/licence-ouverte-open-licence/>; rel=\"license\""),
        (SOURCE, live.source.as_str()),
    ];
    fields.extend(OPEN);
    let ready = Ready::from_plain(&bytes, &hash(&bytes)[..32], &fields)?;
    Ok(memory::keep(&live.id, &name, Kind::Bin, ready))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_has_a_file_of_its_own() {
        let files = Format::ALL.map(file);
        assert_eq!(
            files,
            [
                "places.csv",
                "places.xlsx",
                "places.ods",
                "places.geojson",
                "data-inclusion.json",
                "directory.json"
            ]
        );
        for (name, format) in files.iter().zip(Format::ALL) {
            assert_eq!(of_file(name), Some(format));
        }
        assert_eq!(of_file("places.pdf"), None);
    }
}
