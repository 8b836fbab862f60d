//! Builds of the element that were deployed before. A deployment on Cloudflare replaces all
//! files at once, and partners have pinned some of them with their hash: what was kept of a
//! build stays in KV for two years after it was last deployed.

use crate::admin::renew_builds;
use crate::archive::unread;
use crate::ledger::Ledger;
use serving::problem::{Failure, log};
use serving::runtime::Env;
use serving::store::Store;

/// How long a file stays after it was last kept, in days: two years, one of them a leap year.
pub(crate) const KEPT_DAYS: u32 = 731;

/// What the schedule asks for: the build that is deployed starts its two years again, and
/// what is over is forgotten. Whatever fails is logged, and comes again next month.
pub(crate) async fn scheduled(env: &Env) {
    let renewed: Result<(), Failure> = async {
        let (ledger, store) = (Ledger::open(env).map_err(unread)?, Store::open(env).map_err(unread)?);
        renew_builds(env, &ledger, &store).await
    }
    .await;
    if let Err(Failure::Problem(problem)) = renewed {
        log("the kept builds were not renewed", &problem.detail());
    }
}
