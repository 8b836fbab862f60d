//! Anonymous counters, off unless the deployment says otherwise (`COUNTERS = "on"`): how many
//! visits were begun, which questions were shown, where they led. docs/counters.md says what
//! is counted and why nothing more.
//!
//! A message is never kept: each of its words becomes a number of the day by itself, so that
//! no two facts about the same visit are ever together in what is stored.

mod said;

use crate::behind;
use crate::live;
use crate::pieces;
use said::{Known, Said};
use serde_json::json;
use serving::answer::{self, Field, NOT_KEPT, OPEN};
use serving::body::Incoming;
use serving::clock;
use serving::host::{Host, counts_visits};
use serving::problem::{Failure, Problem};
use serving::runtime::{Delay, Env};
use serving::store::Unreachable;
use shared::snapshot::SnapshotId;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;
use web_sys::{Request, Response};

/// How long numbers stay in the isolate before they are written, all at once.
const GATHERED: Duration = Duration::from_secs(10);

/// A day, then what is counted.
type Numbers = BTreeMap<(String, String), u32>;

#[derive(Default)]
struct Memory {
    /// What has been counted and not written yet.
    numbers: Numbers,
    /// Whether somebody will write it.
    is_awaited: bool,
    /// What the guide of a snapshot knows.
    known: Option<(SnapshotId, Rc<Known>)>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// Answers `POST /v1/count`. Where counters are off there is nothing here.
pub(crate) async fn answer(host: &Host<'_>, incoming: &Incoming<'_>) -> Result<Response, Failure> {
    if !counts_visits(host.env) {
        return Err(Problem::not_found().into());
    }
    let message = incoming.bytes().await?;
    hear(host, incoming.request, std::str::from_utf8(&message).unwrap_or_default()).await?;
    let mut fields: Vec<Field> = vec![("cache-control", NOT_KEPT)];
    fields.extend(OPEN);
    answer::empty(204, &fields)
}

/// Counts what a message says, unless the browser that it comes from asks not to be followed.
pub(crate) async fn hear(host: &Host<'_>, request: &Request, message: &str) -> Result<(), Failure> {
    let said = Said::read(message).ok_or_else(|| {
        let detail = "Le contenu attendu est « begin », « step » ou « outcome », puis ce qui est compté.";
        Problem::new(400, "malformed-count", detail)
    })?;
    let says = |name: &str| request.headers().get(name).ok().flatten().as_deref() == Some("1");
    if says("sec-gpc") || says("dnt") { Ok(()) } else { count(host, &said).await }
}

/// Counts what is known to the live guide. Nothing waits for the ledger, which the administration has.
async fn count(host: &Host<'_>, said: &Said<'_>) -> Result<(), Failure> {
    let live = live::current(host).await?;
    let known = match MEMORY.with_borrow(|memory| memory.known.clone()) {
        Some((id, known)) if id == live.id => known,
        _ => {
            let guide = pieces::decision(host, &live.id).await?;
            let known = Rc::new(Known::of(&guide));
            MEMORY.with_borrow_mut(|memory| memory.known = Some((live.id.clone(), Rc::clone(&known))));
            known
        }
    };
    let Some(counters) = said.counters(&known) else { return Ok(()) };
    let day = clock::today();
    let must_write = MEMORY.with_borrow_mut(|memory| {
        for counter in counters {
            *memory.numbers.entry((day.clone(), counter)).or_default() += 1;
        }
        !std::mem::replace(&mut memory.is_awaited, true)
    });
    if must_write {
        let env = host.env.clone();
        host.cache.context.wait_until(async move {
            Delay::from(GATHERED).await;
            write(&env).await;
        });
    }
    Ok(())
}

/// Writes what has been counted. Where the ledger does not answer, it stays for the next
/// time; where the isolate ends before, a few visits are lost.
pub(crate) async fn write(env: &Env) {
    let numbers = MEMORY.with_borrow_mut(|memory| {
        memory.is_awaited = false;
        std::mem::take(&mut memory.numbers)
    });
    let mut days: BTreeMap<&str, Vec<(&str, u32)>> = BTreeMap::new();
    for ((day, counter), number) in &numbers {
        days.entry(day).or_default().push((counter, *number));
    }
    for (day, add) in days {
        if send(env, day, &add).await.is_err() {
            MEMORY.with_borrow_mut(|memory| {
                for (counter, number) in add {
                    *memory.numbers.entry((day.to_owned(), counter.to_owned())).or_default() += number;
                }
            });
        }
    }
}

async fn send(env: &Env, day: &str, add: &[(&str, u32)]) -> Result<(), Unreachable> {
    behind::count(env, &json!({ "day": day, "add": add }).to_string()).await
}
