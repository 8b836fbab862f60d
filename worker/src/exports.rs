//! The live directory as open data: tables, a map, data·inclusion. Anybody may take it away.
//!
//! The administration writes a file when it is asked for first, and stores it beside its snapshot:
//! from then on it is read as a piece is.

use crate::behind;
use crate::live;
use crate::memory::{self, Kind, Source};
use js_sys::Uint8Array;
use serving::answer::{Field, OPEN, REVALIDATED, Ready, SOURCE};
use serving::host::{Found, Host, stored};
use serving::problem::{Failure, Problem};
use serving::sealed::opened;
use serving::store::Key;
use shared::formats::Format;
use shared::snapshot::{SnapshotId, hash};
use std::rc::Rc;

/// The live directory in a format.
pub(crate) async fn answer(host: &Host<'_>, format: Format) -> Result<Rc<Ready>, Failure> {
    let live = live::current(host).await?;
    let file = format.file();
    let name = format!("export.{file}");
    if let Some(ready) = memory::ready(&live.id, &name, Kind::Bin) {
        return Ok(ready);
    }
    let Some(brotli) = file_of(host, &live.id, &file, live.source).await else {
        let detail = "Ce fichier ne peut pas être écrit pour le moment. Le guide fonctionne ; réessayez dans un instant.";
        return Err(Problem::unavailable("export-unavailable", detail).into());
    };
    let disposition = format!("attachment; filename=\"{file}\"");
    let mut fields: Vec<Field> = vec![
        ("content-type", format.media_type()),
        ("content-disposition", &disposition),
        ("cache-control", REVALIDATED),
        ("link", "<https://www.etalab.gouv.fr/licence-ouverte-open-licence/>; rel=\"license\""),
        (SOURCE, live.source.as_str()),
    ];
    fields.extend(OPEN);
    let ready = Ready::from_brotli(Uint8Array::from(&*brotli), &hash(&brotli)[..32], &fields)?;
    Ok(memory::keep(&live.id, &name, Kind::Bin, ready))
}

/// The compressed file, from where it is stored or from the administration, which then stores it.
async fn file_of(host: &Host<'_>, id: &SnapshotId, file: &str, source: Source) -> Option<Vec<u8>> {
    let read = |value: &[u8]| opened(value).map(<[u8]>::to_vec);
    // Nothing is stored of a snapshot that was never published.
    if source == Source::Kv
        && let Found::Good(brotli) = stored(host, Key::Export(id, file), read).await
    {
        return Some(brotli);
    }
    let value = behind::export(host.env, id.as_str(), file).await.ok()?;
    read(&value)
}
