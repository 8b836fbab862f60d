//! Which snapshot visitors get. Whatever KV says or does not say, there is always one.

use crate::behind;
use crate::memory::{self, Kind, Live, Source};
use crate::pieces::{self, Lack};
use serving::host::Host;
use serving::problem::{Failure, log};
use serving::store::{BRIEFLY, PATIENTLY, Pointer, Store, Stored, Unreachable};
use serving::{clock, shipped};
use shared::directory::MAIN_LANGUAGE;
use shared::snapshot::{GUIDE_PIECE, texts_piece};
use std::rc::Rc;

/// What a look at the pointer gave.
enum Look {
    /// The same snapshot as before.
    Same,
    /// Another one, read as far as its guide.
    Other(Live),
    /// Nothing was ever published.
    Nothing,
    /// The pointer, or what it points to, cannot be read.
    Failed,
}

/// The live snapshot. The pointer is read at most once a second.
pub(crate) async fn current(host: &Host<'_>) -> Result<Rc<Live>, Failure> {
    if let Some(live) = memory::fresh(clock::now()) {
        return Ok(live);
    }
    let looks = memory::looks();
    let mut before = memory::about_to_look(clock::now());
    let mut look = look(host, before.as_deref()).await;
    if memory::looks() != looks {
        // Somebody has published while it was under way.
        before = memory::about_to_look(clock::now());
        look = self::look(host, before.as_deref()).await;
    }
    let now = clock::now();
    // What was published a moment ago, while this look was under way, wins.
    let before = memory::last_known().0.or(before);
    match (look, before) {
        (Look::Other(live), _) => Ok(memory::set_live(live, false, now)),
        (Look::Same, Some(live)) => {
            memory::keep_live(false, now);
            Ok(live)
        }
        (Look::Nothing, Some(live)) => {
            // An empty KV is normal until something was published.
            let is_lost = live.source == Source::Kv;
            if is_lost {
                log("spro1.current", &"the pointer is gone; the live snapshot stays, from memory");
            }
            memory::keep_live(is_lost, now);
            Ok(live)
        }
        (Look::Failed, Some(live)) => {
            memory::keep_live(true, now);
            Ok(live)
        }
        (Look::Nothing, None) => Ok(memory::set_live(shipped()?, false, now)),
        (Look::Failed | Look::Same, None) => Ok(memory::set_live(shipped()?, true, now)),
    }
}

/// The snapshot that is shipped with the worker.
fn shipped() -> Result<Live, Failure> {
    let id = shipped::snapshot();
    let manifest = match memory::manifest(&id) {
        Some(manifest) => manifest,
        None => memory::keep_manifest(&id, shipped::manifest()?),
    };
    Ok(Live { id, version: None, manifest, source: Source::Shipped })
}

/// The same, for who needs it whatever is live.
pub(crate) fn fall_back(broken: &Live) -> Result<Rc<Live>, Failure> {
    log("the live snapshot is given up for a while", &broken.id);
    let now = clock::now();
    memory::give_up(&broken.id, now);
    Ok(memory::set_live(shipped()?, true, now))
}

async fn look(host: &Host<'_>, before: Option<&Live>) -> Look {
    let now = clock::now();
    let patience = if before.is_some() { BRIEFLY } else { PATIENTLY };
    let pointer = match (memory::moved(before.and_then(|live| live.version)), Store::open(host.env)) {
        (Some(moved), _) => Ok(Stored::Good(moved)),
        (None, Ok(store)) => store.pointer(patience).await,
        (None, Err(unreachable)) => Err(unreachable),
    };
    let pointer = match pointer {
        Ok(Stored::Good(pointer)) => pointer,
        Ok(Stored::Nothing) => return Look::Nothing,
        Ok(Stored::Unreadable) | Err(Unreachable) => return Look::Failed,
    };
    if let Some(live) = before.filter(|live| live.source == Source::Kv) {
        let is_older = memory::newest(now).is_some_and(|newest| pointer.version < newest);
        if is_older || live.id == pointer.snapshot && live.version == Some(pointer.version) {
            return Look::Same;
        }
    }
    if memory::is_given_up(&pointer.snapshot, now) {
        memory::forget_moved();
        return Look::Failed;
    }
    open(host, pointer).await.unwrap_or_else(|failed| {
        log("the published snapshot cannot be read", &failed);
        memory::forget_moved();
        renew(host, now);
        Look::Failed
    })
}

/// Asks the administration, behind the answer, to publish again what another version of the program
/// has compiled: this one may have just been deployed. Nobody waits for it.
fn renew(host: &Host<'_>, now: f64) {
    if memory::may_renew(now) {
        let env = host.env.clone();
        host.cache.context.wait_until(async move {
            // Why it could not has been logged; the next try is a minute away.
            let _ = behind::renew(&env).await;
        });
    }
}

/// Reads a published snapshot as far as its guide: it becomes live only then.
async fn open(host: &Host<'_>, pointer: Pointer) -> Result<Look, String> {
    let Pointer { snapshot: id, version } = pointer;
    let failed = |lack: Lack| format!("{id} ({lack:?})");
    let manifest = pieces::manifest(host, &id).await.map_err(failed)?;
    pieces::bin(host, &id, GUIDE_PIECE).await.map_err(failed)?;
    pieces::bin(host, &id, &texts_piece(MAIN_LANGUAGE)).await.map_err(failed)?;
    Ok(Look::Other(Live { id, version: Some(version), manifest, source: Source::Kv }))
}

/// The answer that the live snapshot gives, in a language or the nearest to it. A snapshot
/// that turns out to be damaged is given up, so that visitors never get a mixture.
pub(crate) async fn guide(
    host: &Host<'_>,
    language: Option<&str>,
    kind: Kind,
) -> Result<Rc<serving::answer::Ready>, Failure> {
    let live = current(host).await?;
    match pieces::guide(host, &live, &live.language(language), kind).await {
        Err(Lack::Unreadable) if live.source == Source::Kv => {}
        other => return Ok(other?),
    }
    let live = fall_back(&live)?;
    Ok(pieces::guide(host, &live, &live.language(language), kind).await?)
}

/// The same, when it is in memory already.
pub(crate) fn guide_at_hand(language: Option<&str>, kind: Kind) -> Option<Rc<serving::answer::Ready>> {
    let live = memory::fresh(clock::now())?;
    memory::ready(&live.id, &pieces::in_language(&live.language(language)), kind)
}
