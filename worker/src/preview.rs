//! The guide as a draft would have it, at a private link: the real element and the real
//! page, before anybody else sees them. Only the live snapshot's place is taken by the
//! draft's; all else is what visitors get.

use crate::memory::{Kind, Live, Source};
use crate::pieces;
use crate::route::Route;
use crate::{Asked, behind, guide_pages, public};
use serving::answer::{self, Field, NOT_KEPT};
use serving::body::Incoming;
use serving::host::Host;
use serving::preview::Previewed;
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use shared::directory::MAIN_LANGUAGE;
use shared::first;
use web_sys::Response;

/// Answers a request under the private link of a draft.
pub(crate) async fn answer(
    host: &Host<'_>,
    incoming: &Incoming<'_>,
    asked: &Asked<'_>,
    draft: &str,
    token: &str,
    rest: &str,
) -> Result<Response, Failure> {
    let path = format!("/{rest}");
    let route = Route::find(&path).ok_or_else(Problem::not_found)?;
    match route {
        Route::Page | Route::Guide | Route::First => {
            let (title, live) = match snapshot(host, draft, token).await? {
                Ok(found) => found,
                Err(answered) => return Ok(answered),
            };
            let language = live.language(parameter(asked.query, "lang").as_deref());
            if route == Route::Page {
                return whole_page(host, &live, &title).await;
            }
            if route == Route::First {
                let guide = pieces::localized(host, &live.id, &language).await?;
                // Whoever looks at a draft is no visitor: nothing is counted, and nothing reported.
                let mut first = first::first(&guide, &live.id, &live.manifest);
                first.reports = false;
                let first = first::to_json(&first)
                    .map_err(|error| Failure::ours("what is read first cannot be written", &error))?;
                return answer::once(200, first.as_bytes(), &FIELDS);
            }
            let ready = pieces::guide(host, &live, &language, Kind::Guide).await?;
            answer::once(200, &ready.bytes()?, &FIELDS)
        }
        // Immutable, and the same for everybody.
        Route::Piece { .. } | Route::Loader | Route::Asset => {
            let asked = Asked { path: &path, ..*asked };
            public::answer(host, incoming, &asked, route).await
        }
        _ => Err(Problem::not_found().into()),
    }
}

/// The snapshot that a draft was compiled to at its last check, as the administration says; else its
/// answer, which says why there is none.
async fn snapshot(
    host: &Host<'_>,
    draft: &str,
    token: &str,
) -> Result<Result<(String, Live), Response>, Failure> {
    let Ok((status, document)) = behind::preview(host.env, draft, token).await else {
        let detail = "L’aperçu ne peut pas être lu pour le moment. Réessayez dans un instant.";
        return Err(Problem::unavailable("administration-unavailable", detail).into());
    };
    if status != 200 {
        let mut fields = FIELDS;
        fields[0].1 = "application/problem+json; charset=utf-8";
        return answer::once(status, &document, &fields).map(Err);
    }
    let Previewed { title, snapshot } =
        serde_json::from_slice(&document).map_err(|error| Failure::ours("the preview of a draft", &error))?;
    let manifest = pieces::manifest(host, &snapshot).await?;
    Ok(Ok((title, Live { id: snapshot, version: None, manifest, source: Source::Kv })))
}

const FIELDS: [Field<'static>; 5] = [
    ("content-type", answer::JSON),
    ("cache-control", NOT_KEPT),
    answer::OPEN[0],
    answer::OPEN[1],
    answer::OPEN[2],
];

async fn whole_page(host: &Host<'_>, live: &Live, title: &str) -> Result<Response, Failure> {
    let guide = pieces::localized(host, &live.id, MAIN_LANGUAGE).await?;
    guide_pages::preview(&guide, title, live.source.as_str())
}
