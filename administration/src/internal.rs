//! What the public worker asks for by itself: the little of the ledger that visitors see. It passes
//! no request from outside on to these addresses, and none of them says what its asker does not know
//! or could not read.

use crate::ledger::Ledger;
use crate::route::Internal;
use crate::{archive, counters, exports, preview, publication, reports, versions};
use serving::answer::{self, BINARY, Field, JSON, NOT_KEPT};
use serving::body::Incoming;
use serving::host::Host;
use serving::problem::Failure;
use web_sys::Response;

/// Answers the public worker.
pub(crate) async fn answer(
    host: &Host<'_>,
    incoming: &Incoming<'_>,
    route: Internal<'_>,
) -> Result<Response, Failure> {
    const fn fields(kind: &str) -> [Field<'_>; 2] {
        [("content-type", kind), ("cache-control", NOT_KEPT)]
    }
    match route {
        Internal::Published => {
            let ledger = Ledger::open(host.env).map_err(archive::unread)?;
            match versions::published(&ledger).await? {
                Some(pointer) => answer::once(200, &pointer.to_json(), &fields(JSON)),
                None => answer::empty(204, &[]),
            }
        }
        Internal::Preview { draft, token } => {
            let previewed = preview::previewed(host.env, draft, token).await?;
            let document =
                serde_json::to_vec(&previewed).map_err(|error| Failure::ours("a preview", &error))?;
            answer::once(200, &document, &fields(JSON))
        }
        Internal::Export { snapshot, file } => {
            answer::once(200, &exports::open_data(host, snapshot, file).await?, &fields(BINARY))
        }
        Internal::Renewal => {
            publication::renew(host).await?;
            answer::empty(204, &[])
        }
        Internal::Reports => {
            reports::take(host.env, incoming).await?;
            answer::empty(204, &[])
        }
        Internal::Counts => {
            counters::take(host.env, incoming).await?;
            answer::empty(204, &[])
        }
    }
}
