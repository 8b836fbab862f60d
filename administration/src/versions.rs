//! Which version is live, and how that changes.
//!
//! The ledger decides; KV's pointer, which visitors read, follows. A version becomes live in
//! three steps: an intent in the ledger, the pointer in KV, and the ledger again, where the
//! intent becomes the live version and a line of the history in one transaction. Whoever
//! finds an intent finishes it, since all that it needs is stored already: a worker that is
//! killed in the middle, or that stalls, leaves nothing half done and holds nobody up.

use crate::admin::person::Person;
use crate::archive::{storage, unread};
use crate::ledger::{Entry, Kept, Ledger, Log, Name, Reading, Writing, Written};
use crate::values::Note;
use insight::compare::diff::Summary;
use insight::report::quality::QualitySummary;
use protocol::Who;
use protocol::trail::{Done, Trace};
use protocol::versions::{Action, Switched, Version};
use serde::{Deserialize, Serialize};
use serving::header::Precondition;
use serving::problem::{Failure, Problem, log};
use serving::runtime::Delay;
use serving::store::{AT_LENGTH, Key, Pointer, Store, Unreachable};
use serving::{clock, shipped};
use shared::snapshot::{Manifest, SnapshotId};
use std::cell::RefCell;
use std::time::Duration;

/// KV takes one writing a second to a key: how long to wait before the pointer is tried again.
const A_SECOND: Duration = Duration::from_millis(1100);
/// How many times the pointer is tried.
const ATTEMPTS: u32 = 3;
/// How many times somebody else may come first before a request gives up.
const ROUNDS: u32 = 20;

thread_local! {
    /// What has become live, until an answer has told the public worker.
    static MOVED: RefCell<Option<Pointer>> = const { RefCell::new(None) };
}

/// Notes that KV says something new of what is live, or has it whole again.
fn note(pointer: Pointer) {
    MOVED.with_borrow_mut(|moved| *moved = Some(pointer));
}

/// What has become live since this was last asked.
pub(crate) fn moved() -> Option<Pointer> {
    MOVED.with_borrow_mut(Option::take)
}

/// Which version is live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct LiveRecord {
    snapshot: SnapshotId,
    version: u64,
}

/// A version that is about to be live.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Intent {
    version: Version,
    trace: Trace,
}

/// What is live, for whoever wants to change it.
#[derive(Debug)]
pub(crate) struct State {
    /// What visitors get.
    pub(crate) live: SnapshotId,
    /// Its number; 0 while it is the shipped snapshot.
    pub(crate) version: u64,
    /// The revision of the record.
    revision: u64,
}

impl State {
    /// Notes that KV has lost something of what is live and has it again.
    pub(crate) fn mended(&self) {
        note(Pointer { snapshot: self.live.clone(), version: self.version });
    }

    /// Reads it, and finishes what somebody has left half done.
    pub(crate) async fn read(ledger: &Ledger, store: &Store) -> Result<Self, Failure> {
        for _ in 0..ROUNDS {
            let read =
                ledger.read(&Reading::default().name(Name::Live).name(Name::Intent)).await.map_err(unread)?;
            if let Some(intent) = read.get::<Intent>(Name::Intent)? {
                let revision = read.get::<LiveRecord>(Name::Live)?.map_or(0, |live| live.revision);
                finish(ledger, store, &intent, revision).await?;
                continue;
            }
            let Some(live) = read.get::<LiveRecord>(Name::Live)? else {
                if adopt(ledger, store).await? {
                    continue;
                }
                return Ok(Self { live: shipped::snapshot(), version: 0, revision: 0 });
            };
            follow(store, &live.value).await;
            let Kept { revision, value: LiveRecord { snapshot, version } } = live;
            return Ok(Self { live: snapshot, version, revision });
        }
        Err(busy())
    }
}

/// The version that was published last, as the ledger knows it; nothing before the first.
pub(crate) async fn published(ledger: &Ledger) -> Result<Option<Pointer>, Failure> {
    let read = ledger.read(&Reading::default().name(Name::Live)).await.map_err(unread)?;
    let live = read.get::<LiveRecord>(Name::Live)?.map(|kept| kept.value);
    Ok(live.map(|LiveRecord { snapshot, version }| Pointer { snapshot, version }))
}

fn busy() -> Failure {
    Problem::unavailable(
        "busy",
        "Plusieurs publications se croisent en ce moment. La version en ligne n’a pas changé ; réessayez dans un instant.",
    )
    .into()
}

/// Takes over what KV says is live, when the ledger knows of nothing: it is new, or lost.
async fn adopt(ledger: &Ledger, store: &Store) -> Result<bool, Failure> {
    let Some(Pointer { snapshot, version }) = store.pointer(AT_LENGTH).await.map_err(unread)?.good() else {
        return Ok(false);
    };
    let found = Version {
        version,
        snapshot: snapshot.clone(),
        published_at: clock::timestamp(),
        by: Who { id: String::new(), name: String::new() },
        reason: String::new(),
        title: String::new(),
        edition: String::new(),
        structures: 0,
        action: Action::Found,
        changes: None,
        quality: None,
    };
    let writing = Writing::default()
        .expect(Name::Live, 0)
        .put(Name::Live, &LiveRecord { snapshot, version })
        .append(Log::Versions, &found);
    ledger.write(&writing).await.map_err(unread)?;
    Ok(true)
}

/// Puts KV's pointer right, where it is behind or damaged. Failing that, the next request
/// tries again: nobody waits for it here.
async fn follow(store: &Store, live: &LiveRecord) {
    let pointer = Pointer { snapshot: live.snapshot.clone(), version: live.version };
    let Ok(stored) = store.pointer(AT_LENGTH).await else { return };
    if stored.good().as_ref() != Some(&pointer) && store.put(Key::Current, &pointer.to_json()).await.is_ok() {
        log("spro1.current", &"the pointer was not what the ledger says; it is now");
        note(pointer);
    }
}

/// Moves KV's pointer.
async fn point(store: &Store, version: &Version) -> Result<(), Unreachable> {
    let pointer = Pointer { snapshot: version.snapshot.clone(), version: version.version };
    for attempt in 1.. {
        match store.put(Key::Current, &pointer.to_json()).await {
            Err(_) if attempt < ATTEMPTS => Delay::from(A_SECOND).await,
            done => return done,
        }
    }
    Ok(())
}

/// Does what is left to do of an intent. Where somebody else has done it meanwhile, nothing
/// is left to do.
async fn finish(ledger: &Ledger, store: &Store, intent: &Kept<Intent>, live: u64) -> Result<(), Failure> {
    let version = &intent.value.version;
    point(store, version).await.map_err(storage)?;
    let record = LiveRecord { snapshot: version.snapshot.clone(), version: version.version };
    let writing = Writing::default()
        .expect(Name::Intent, intent.revision)
        .expect(Name::Live, live)
        .remove(Name::Intent)
        .put(Name::Live, &record)
        .append(Log::Versions, version)
        .append(Log::Audit, &intent.value.trace);
    ledger.write(&writing).await.map_err(storage)?;
    note(Pointer { snapshot: version.snapshot.clone(), version: version.version });
    Ok(())
}

/// A snapshot that is stored whole.
#[derive(Clone, Copy)]
pub(crate) struct Whole<'a> {
    pub(crate) manifest: &'a Manifest,
    /// Its note, where nothing points to it yet: neither a version nor a draft.
    pub(crate) note: Option<&'a Note>,
}

/// A change of what is live that somebody asks for.
pub(crate) struct Change<'a> {
    pub(crate) by: &'a Person,
    pub(crate) precondition: &'a Precondition<'a>,
    pub(crate) whole: Whole<'a>,
    pub(crate) action: Action,
    pub(crate) reason: String,
    pub(crate) changes: Option<Summary>,
    pub(crate) quality: Option<QualitySummary>,
}

/// The answer where nothing had to change.
pub(crate) fn unchanged(state: &State) -> Switched {
    let State { live, version, .. } = state;
    Switched {
        snapshot: live.clone(),
        version: *version,
        previous: live.clone(),
        unchanged: true,
        findings: None,
        draft: None,
    }
}

/// The version that was asked about is no longer live.
pub(crate) fn not_live(live: &SnapshotId) -> Failure {
    let detail = "La version en ligne n’est plus celle sur laquelle vous avez travaillé : quelqu’un a publié entre-temps. Comparez avec la version en ligne, puis recommencez.";
    Problem::new(412, "not-live", detail).with("live", live.as_str()).into()
}

/// Makes a snapshot that is stored whole the live one.
pub(crate) async fn go_live(
    ledger: &Ledger,
    store: &Store,
    change: &Change<'_>,
) -> Result<Switched, Failure> {
    let snapshot = change.whole.manifest.id();
    for _ in 0..ROUNDS {
        let state = State::read(ledger, store).await?;
        // What is asked for has been done: by a double click, or before a connection was lost.
        if state.live == snapshot && state.version > 0 {
            return Ok(unchanged(&state));
        }
        if !change.precondition.allows(state.live.as_str()) {
            return Err(not_live(&state.live));
        }
        let version = version(change, &snapshot, state.version + 1);
        let intent = Intent { trace: trace(change, &version), version };
        let writing = Writing::default()
            .expect(Name::Live, state.revision)
            .expect(Name::Intent, 0)
            .put(Name::Intent, &intent);
        let writing = match change.whole.note {
            Some(note) => note.with(writing),
            None => writing,
        };
        let revision = match ledger.write(&writing).await.map_err(storage)? {
            Written::Done(revisions) => revisions.first().copied().unwrap_or_default(),
            Written::Conflict => continue,
        };
        let intent = Kept { revision, value: intent };
        if let Err(failure) = finish(ledger, store, &intent, state.revision).await {
            // Given up, unless somebody else has finished it.
            let writing = Writing::default().expect(Name::Intent, revision).remove(Name::Intent);
            if ledger.write(&writing).await.map_err(storage)? == Written::Conflict {
                continue;
            }
            return Err(failure);
        }
        settle(ledger, store, &intent.value.version).await;
        return Ok(Switched {
            snapshot,
            version: intent.value.version.version,
            previous: state.live,
            unchanged: false,
            findings: None,
            draft: None,
        });
    }
    Err(busy())
}

/// Makes sure that KV's pointer is not one that was overtaken while it was being written.
async fn settle(ledger: &Ledger, store: &Store, written: &Version) {
    let mut last = (written.snapshot.clone(), written.version);
    for _ in 0..ROUNDS {
        let Ok(read) = ledger.read(&Reading::default().name(Name::Live)).await else { return };
        let Ok(Some(live)) = read.get::<LiveRecord>(Name::Live) else { return };
        let live = (live.value.snapshot, live.value.version);
        if live == last {
            return;
        }
        let pointer = Pointer { snapshot: live.0.clone(), version: live.1 };
        if store.put(Key::Current, &pointer.to_json()).await.is_err() {
            Delay::from(A_SECOND).await;
        } else {
            last = live;
        }
    }
}

fn version(change: &Change<'_>, snapshot: &SnapshotId, version: u64) -> Version {
    Version {
        version,
        snapshot: snapshot.clone(),
        published_at: clock::timestamp(),
        by: change.by.who(),
        reason: change.reason.clone(),
        title: change.whole.manifest.title.clone(),
        edition: change.whole.manifest.edition.clone(),
        structures: change.whole.manifest.structures,
        action: change.action,
        changes: change.changes.clone(),
        quality: change.quality.clone(),
    }
}

fn trace(change: &Change<'_>, version: &Version) -> Trace {
    Trace {
        at: version.published_at.clone(),
        by: Some(version.by.clone()),
        done: match change.action {
            Action::Rollback => Done::WentBack,
            _ => Done::Published,
        },
        subject: version.version.to_string(),
        detail: change.reason.clone(),
    }
}

/// The history, newest first: at most so many lines, those before a number.
pub(crate) async fn history(
    ledger: &Ledger,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<Entry<Version>>, Failure> {
    ledger.read(&Reading::default().log(Log::Versions, before, limit)).await.map_err(unread)?.log()
}

/// The newest version of a snapshot, where the history has one.
pub(crate) async fn of_snapshot(
    ledger: &Ledger,
    wanted: impl Fn(&Version) -> bool,
) -> Result<Option<Version>, Failure> {
    const PAGE: u32 = 100;
    let mut before = None;
    loop {
        let entries = history(ledger, before, PAGE).await?;
        let Some(last) = entries.last().map(|entry| entry.number) else { return Ok(None) };
        if let Some(found) = entries.into_iter().find(|entry| wanted(&entry.value)) {
            return Ok(Some(found.value));
        }
        before = Some(last);
    }
}
