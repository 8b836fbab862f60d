//! The anonymous counters as they are stored and shown; the public worker counts
//! (docs/counters.md).

pub(crate) mod shown;

use crate::ledger::Ledger;
use serde::Deserialize;
use serving::body::Incoming;
use serving::problem::{Failure, Problem};
use serving::runtime::Env;
use shared::opening::Day;

/// How long numbers are kept: 25 months, the most that the CNIL allows for such measures.
const KEPT_DAYS: i32 = 25 * 365 / 12;

/// What was counted of a day.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    day: String,
    add: Vec<(String, u32)>,
}

/// Adds what the public worker has counted, and forgets what is too old.
pub(crate) async fn take(env: &Env, incoming: &Incoming<'_>) -> Result<(), Failure> {
    let Counts { day, add } = incoming.object("Le contenu attendu est un jour et ses nombres.").await?;
    let parsed =
        Day::parse(&day).ok_or_else(|| Problem::new(422, "malformed-day", "Ce jour n’en est pas un."))?;
    let before = parsed.plus(-KEPT_DAYS).iso();
    let add: Vec<(&str, u32)> = add.iter().map(|(counter, number)| (counter.as_str(), *number)).collect();
    let counted = async { Ledger::open(env)?.count(&day, &add, &before).await };
    counted.await.map_err(crate::archive::storage)
}
