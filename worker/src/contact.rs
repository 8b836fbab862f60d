//! A place as a file for an address book, and its hours as one for a calendar, for who has no JavaScript to
//! make them with. The address names the place and nothing of its reader.

use crate::memory::Source;
use crate::{live, pieces};
use serving::answer::{self, Field, OPEN, REVALIDATED, SOURCE};
use serving::clock;
use serving::host::Host;
use serving::problem::{Failure, Problem};
use serving::query::is_name;
use shared::calendar_file::{self, calendar_file};
use shared::contact_file::{self, contact_file};
use shared::directory::MAIN_LANGUAGE;
use shared::snapshot::{DepartmentPiece, Place, SnapshotId, department_piece};
use std::future::Future;
use std::pin::Pin;
use web_sys::Response;

/// The address of a place's file.
pub(crate) fn address(place: &Place) -> String {
    ["/v1/places/", &contact_file::file_name(place)].concat()
}

/// The address of its hours.
pub(crate) fn calendar_address(place: &Place) -> String {
    ["/v1/places/", &calendar_file::file_name(place)].concat()
}

/// Answers `GET /v1/places/{id}.vcf`, of the live directory.
pub(crate) async fn answer(host: &Host<'_>, id: &str) -> Result<Response, Failure> {
    let Found { place, network, source } = find(host, id).await?;
    file(&contact_file(&place, &network), contact_file::TYPE, &contact_file::file_name(&place), source)
}

/// Answers `GET /v1/places/{id}.ics`, of the live directory, from today on.
///
/// # Errors
/// 404 where it has no such place, or does not know its hours.
pub(crate) async fn calendar(host: &Host<'_>, id: &str) -> Result<Response, Failure> {
    let Found { place, source, .. } = find(host, id).await?;
    let hours = calendar_file(&place, &clock::today()).ok_or_else(|| {
        Problem::new(404, "unknown-hours", "L’annuaire en ligne ne connaît pas les horaires de ce lieu.")
    })?;
    file(&hours, calendar_file::TYPE, &calendar_file::file_name(&place), source)
}

/// A file to be saved.
fn file(text: &str, mime: &str, name: &str, source: Source) -> Result<Response, Failure> {
    let disposition = ["attachment; filename=\"", name, "\""].concat();
    let mut fields: Vec<Field> = vec![
        ("content-type", mime),
        ("content-disposition", &disposition),
        ("cache-control", REVALIDATED),
        (SOURCE, source.as_str()),
    ];
    fields.extend(OPEN);
    answer::once(200, text.as_bytes(), &fields)
}

/// A place of the live directory.
pub(crate) struct Found {
    place: Place,
    /// The name of its network, in French.
    network: String,
    source: Source,
}

/// A future that is compiled once, and not into each place where it is awaited.
type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + 'a>>;

/// Finds a place. The pieces are looked through: its id does not say its department.
///
/// # Errors
/// 404 where the directory has no such place.
pub(crate) fn find<'a>(host: &'a Host<'a>, id: &'a str) -> Later<'a, Found> {
    Box::pin(async move {
        let live = live::current(host).await?;
        let guide = pieces::localized(host, &live.id, MAIN_LANGUAGE).await?;
        for department in guide.departments.iter().filter(|_| is_name(id)) {
            let bytes = compact(host, &live.id, department_piece(&department.code)).await?;
            // Reading a piece takes longer than seeing that the id is not in it.
            if !bytes.windows(id.len()).any(|part| part == id.as_bytes()) {
                continue;
            }
            let piece: DepartmentPiece = pieces::read(&bytes)?;
            if let Some(place) = piece.places.into_iter().find(|place| place.id == id) {
                let network =
                    guide.network(&place.network).map_or("", |network| guide.name_of(network)).to_owned();
                return Ok(Found { place, network, source: live.source });
            }
        }
        Err(Problem::new(404, "unknown-place", "L’annuaire en ligne n’a pas de lieu de ce nom.").into())
    })
}

/// The bytes of a piece.
fn compact<'a>(host: &'a Host<'a>, snapshot: &'a SnapshotId, name: String) -> Later<'a, Vec<u8>> {
    Box::pin(async move { pieces::bin(host, snapshot, &name).await?.bytes() })
}
