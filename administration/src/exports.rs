//! Directories written as open data. The public worker asks for a file once: it is stored beside its
//! snapshot, and read from there afterwards.

use crate::archive::{compress, document};
use exchange::export::{Format, export};
use serving::host::Host;
use serving::problem::{Failure, Problem};
use serving::sealed::sealed;
use serving::store::{AT_LENGTH, Key, Store};
use serving::{clock, shipped};
use shared::directory::Directory;
use shared::snapshot::SnapshotId;

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

/// The sealed value of a file of open data, written from the document of its snapshot. It is stored
/// where KV has that snapshot; the shipped one, which nobody has published, leaves nothing there.
pub(crate) async fn open_data(host: &Host<'_>, id: &str, file: &str) -> Result<Vec<u8>, Failure> {
    let (id, format) = SnapshotId::parse(id).zip(Format::of_file(file)).ok_or_else(Problem::not_found)?;
    let store = Store::open(host.env).ok();
    let value = sealed(&compress(&write_open(&document(store.as_ref(), &id).await?, format)?)?);
    if let Some(store) = store
        && let Ok(Some(_)) = store.get(Key::Manifest(&id), AT_LENGTH).await
    {
        // Whoever asks next has it written again where this fails, which has been logged.
        let _ = store.put(Key::Export(&id, file), &value).await;
    }
    Ok(value)
}
