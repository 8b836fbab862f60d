//! The guide as a draft would have it, at a private link: the real element and the real
//! page, before anybody else sees them. Only the live snapshot's place is taken by the
//! draft's; all else is what visitors get.

use crate::admin::Draft;
use crate::answer::{self, Field, NOT_KEPT};
use crate::archive::unread;
use crate::body::Incoming;
use crate::ledger::{Kept, Ledger, Name, Reading};
use crate::memory::{Kind, Live, Source};
use crate::pieces::{self, Host};
use crate::problem::{Failure, Problem};
use crate::route::{Route, parameter};
use crate::{Asked, guide_pages, public};
use shared::directory::MAIN_LANGUAGE;
use shared::first;
use shared::snapshot::{Guide, guide_piece};
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
            let (title, live) = snapshot(host, draft, token).await?;
            let language = live.language(parameter(asked.query, "lang").as_deref());
            if route == Route::Page {
                return whole_page(host, &live, &title).await;
            }
            if route == Route::First {
                let guide: Guide =
                    pieces::read(&pieces::bin(host, &live.id, &guide_piece(&language)).await?.bytes()?)?;
                // Whoever looks at a draft is no visitor: nothing is counted.
                let first = first::to_json(&first::first(&guide, &live.id, &live.manifest))
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

/// The snapshot that a draft was compiled to at its last check.
async fn snapshot(host: &Host<'_>, id: &str, token: &str) -> Result<(String, Live), Failure> {
    let ledger = Ledger::open(host.env).map_err(unread)?;
    let read = ledger.read(&Reading::default().name(Name::Draft(id))).await.map_err(unread)?;
    let draft: Option<Kept<Draft>> = read.get(Name::Draft(id))?;
    let draft =
        draft.map(|kept| kept.value).filter(|draft| draft.is_at(token)).ok_or_else(Problem::not_found)?;
    let snapshot = draft.check.and_then(|check| check.snapshot).ok_or_else(|| {
        let detail = "Ce brouillon a changé depuis son dernier contrôle, ou contient des erreurs : il n’y a pas d’aperçu. Contrôlez-le, puis rechargez cette page.";
        Problem::new(409, "no-preview", detail)
    })?;
    let manifest = pieces::manifest(host, &snapshot).await?;
    Ok((draft.title, Live { id: snapshot, version: None, manifest, source: Source::Kv }))
}

const FIELDS: [Field<'static>; 5] = [
    ("content-type", answer::JSON),
    ("cache-control", NOT_KEPT),
    answer::OPEN[0],
    answer::OPEN[1],
    answer::OPEN[2],
];

async fn whole_page(host: &Host<'_>, live: &Live, title: &str) -> Result<Response, Failure> {
    let name = guide_piece(MAIN_LANGUAGE);
    let bytes = pieces::bin(host, &live.id, &name).await?.bytes()?;
    let guide: Guide = pieces::read(&bytes)?;
    guide_pages::preview(&guide, title, live.source.as_str())
}
