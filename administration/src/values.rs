//! Values of KV and what points to them. KV cannot say what it holds: a folder that stands for
//! it has no list. So the ledger notes a value before it is written, and whatever then points to
//! it, a draft or a version that becomes live, is written in one transaction with that note. A
//! value that nothing points to any more, of a draft that was given up or a publication that was
//! killed, may hold the names of people: it is removed after a day.
//!
//! Nothing that is pointed to can be removed: the sweep marks a note at the revision that it
//! read, and pointing to the value gives the note another one. Of the two, one fails.

use crate::admin::drafts::Draft;
use crate::archive::storage;
use crate::ledger::{Kept, Ledger, Log, Name, Read, Reading, Writing, Written};
use futures_util::future::try_join_all;
use serde::{Deserialize, Serialize};
use serving::clock;
use serving::host::Host;
use serving::problem::{Failure, Problem};
use serving::runtime::Env;
use serving::store::{Key, Store, Unreachable};
use shared::formats::Format;
use shared::snapshot::{Manifest, SnapshotId};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// How long a value stays that nothing points to, in milliseconds. The variable `SWEEP_AFTER`
/// says it in seconds.
const A_DAY: f64 = 86_400_000.0;
/// How often an isolate sweeps at most, in milliseconds; more often only where `SWEEP_AFTER` is less.
const AN_HOUR: f64 = 3_600_000.0;
/// How long a removal may take, in milliseconds: each of its operations gives up far earlier.
const A_REMOVAL: f64 = 600_000.0;
/// How many values, or whole snapshots, one sweep removes: Cloudflare's free plan lets one request
/// do a thousand operations of KV, and a snapshot of a whole country has two hundred values.
const AT_ONCE: usize = 4;
/// How many versions are looked through: more than there will be.
const HISTORY: u32 = 1_000_000;

/// The files of open data that may be stored beside a snapshot.
static EXPORTS: LazyLock<[String; Format::ALL.len()]> = LazyLock::new(|| Format::ALL.map(Format::file));

/// A value, or the values of a snapshot, as the ledger notes them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Noted {
    what: What,
    /// When it was last written or pointed to, or when its removal began: milliseconds since 1970.
    at: f64,
    /// Its removal has begun.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    removing: bool,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    /// A value of a draft.
    Part { draft: String, part: String },
    /// All values of a snapshot: its pieces by name.
    Snapshot { id: SnapshotId, pieces: Vec<String> },
}

impl What {
    fn name(&self) -> String {
        match self {
            Self::Part { draft, part } => format!("{draft}.{part}"),
            Self::Snapshot { id, .. } => id.to_string(),
        }
    }

    /// Its keys, in the order in which they go: a reader knows by the first that the rest is there.
    fn keys(&self) -> Vec<Key<'_>> {
        match self {
            Self::Part { draft, part } => vec![Key::Draft(draft, part)],
            Self::Snapshot { id, pieces } => {
                let mut keys = vec![Key::Manifest(id), Key::Directory(id)];
                for piece in pieces {
                    keys.extend([Key::Piece(id, piece), Key::PieceJson(id, piece)]);
                }
                keys.extend(EXPORTS.iter().map(|file| Key::Export(id, file)));
                keys
            }
        }
    }
}

/// A note at its revision: what points to the value must be written with it.
#[derive(Debug, Clone)]
pub(crate) struct Note(Kept<Noted>);

impl Note {
    /// Notes a value of a draft that is about to be written.
    pub(crate) async fn part(ledger: &Ledger, draft: &str, part: &str) -> Result<Self, Failure> {
        Self::write(ledger, What::Part { draft: draft.to_owned(), part: part.to_owned() }).await
    }

    /// Notes the values of a snapshot that are about to be written.
    pub(crate) async fn snapshot(ledger: &Ledger, manifest: &Manifest) -> Result<Self, Failure> {
        let pieces = manifest.pieces.keys().cloned().collect();
        Self::write(ledger, What::Snapshot { id: manifest.id(), pieces }).await
    }

    /// Notes once more a snapshot that was written before; nothing where it has no note.
    pub(crate) async fn again(ledger: &Ledger, id: &SnapshotId) -> Result<Option<Self>, Failure> {
        match Self::read(ledger, Name::Value(id.as_str())).await? {
            Some(known) => Self::write(ledger, known.value.what).await.map(Some),
            None => Ok(None),
        }
    }

    async fn read(ledger: &Ledger, name: Name<'_>) -> Result<Option<Kept<Noted>>, Failure> {
        ledger.read(&Reading::default().name(name)).await.map_err(storage)?.get(name)
    }

    async fn write(ledger: &Ledger, what: What) -> Result<Self, Failure> {
        let name = what.name();
        let name = Name::Value(&name);
        loop {
            let known = Self::read(ledger, name).await?;
            let now = clock::now();
            if known.as_ref().is_some_and(|known| known.value.removing && now - known.value.at < A_REMOVAL) {
                let detail = "Une version identique, qui ne servait plus, est en train d’être retirée. Rien n’a été changé ; réessayez dans un instant.";
                return Err(Problem::unavailable("being-removed", detail).into());
            }
            let noted = Noted { what: what.clone(), at: now, removing: false };
            let expected = known.map_or(0, |known| known.revision);
            let writing = Writing::default().expect(name, expected).put(name, &noted);
            if let Written::Done(revisions) = ledger.write(&writing).await.map_err(storage)? {
                let revision = revisions.first().copied().unwrap_or_default();
                return Ok(Self(Kept { revision, value: noted }));
            }
        }
    }

    /// Adds to the writing of what points to the value: it succeeds only where the value has not
    /// been removed meanwhile. A record that it puts before keeps its place among the revisions.
    pub(crate) fn with(&self, writing: Writing) -> Writing {
        let name = self.0.value.what.name();
        let name = Name::Value(&name);
        let noted = Noted { at: clock::now(), ..self.0.value.clone() };
        writing.expect(name, self.0.revision).put(name, &noted)
    }
}

/// Something of the ledger that points to a snapshot.
#[derive(Deserialize)]
struct Pointing {
    snapshot: SnapshotId,
}

/// A version that is about to be live.
#[derive(Deserialize)]
struct Intended {
    version: Pointing,
}

/// What the ledger says of the notes that are old enough.
#[derive(Debug, Default)]
struct Found {
    /// Nothing points to their values.
    unused: Vec<Kept<Noted>>,
    /// The history does, and always will: they need no note any more.
    settled: Vec<Kept<Noted>>,
}

/// Looks at the notes that were last changed before a moment, in milliseconds since 1970.
fn look(read: &Read, before: f64) -> Result<Found, Failure> {
    let drafts: Vec<Kept<Draft>> = read.all(Name::Draft(""))?;
    let parts: BTreeSet<(&str, &str)> = drafts
        .iter()
        .flat_map(|Kept { value: draft, .. }| draft.parts().map(|part| (draft.id.as_str(), part)))
        .collect();
    let versions: BTreeSet<String> =
        read.log::<Pointing>()?.into_iter().map(|entry| entry.value.snapshot.to_string()).collect();
    let live = read.get::<Pointing>(Name::Live)?.map(|live| live.value.snapshot);
    let intended = read.get::<Intended>(Name::Intent)?.map(|intent| intent.value.version.snapshot);
    let of_drafts = drafts.iter().flat_map(|draft| draft.value.snapshots().cloned());
    let snapshots: BTreeSet<String> =
        live.into_iter().chain(intended).chain(of_drafts).map(|id| id.to_string()).collect();
    let mut found = Found::default();
    let noted: Vec<Kept<Noted>> = read.all(Name::Value(""))?;
    for noted in noted.into_iter().filter(|noted| noted.value.at <= before) {
        match &noted.value.what {
            What::Part { draft, part } if parts.contains(&(draft.as_str(), part.as_str())) => {}
            What::Snapshot { id, .. } if versions.contains(id.as_str()) => found.settled.push(noted),
            What::Snapshot { id, .. } if snapshots.contains(id.as_str()) => {}
            What::Part { .. } | What::Snapshot { .. } => found.unused.push(noted),
        }
    }
    Ok(found)
}

thread_local! {
    /// When this isolate swept last.
    static SWEPT: Cell<f64> = const { Cell::new(f64::NEG_INFINITY) };
}

/// Sweeps behind an answer: what was just changed may have left something.
pub(crate) fn sweep_behind(host: &Host<'_>) {
    let env = host.env.clone();
    host.cache.context.wait_until(async move { scheduled(&env).await });
}

/// Sweeps when it is time to. What fails has been logged, and is tried the next time.
pub(crate) async fn scheduled(env: &Env) {
    let _ = sweep(env).await;
}

/// Removes a few of the values that nothing points to.
///
/// # Errors
/// When the ledger or KV does not answer: what is left is for the next time.
async fn sweep(env: &Env) -> Result<(), Failure> {
    let (ledger, store) = (Ledger::open(env).map_err(storage)?, Store::open(env).map_err(storage)?);
    let after = env.variable("SWEEP_AFTER").and_then(|seconds| seconds.trim().parse::<f64>().ok());
    let (now, after) = (clock::now(), after.map_or(A_DAY, |seconds| seconds * 1000.0));
    if now - SWEPT.get() < after.min(AN_HOUR) {
        return Ok(());
    }
    SWEPT.set(now);
    let reading = Reading::default()
        .all(Name::Value(""))
        .all(Name::Draft(""))
        .name(Name::Live)
        .name(Name::Intent)
        .log(Log::Versions, None, HISTORY);
    let read = ledger.read(&reading).await.map_err(storage)?;
    let Found { unused, settled } = look(&read, now - after)?;
    if unused.len().max(settled.len()) > AT_ONCE {
        // There is more to do, the next time.
        SWEPT.set(f64::NEG_INFINITY);
    }
    for noted in unused.iter().take(AT_ONCE) {
        remove(&ledger, &store, noted).await.map_err(storage)?;
    }
    for Kept { revision, value } in settled.iter().take(AT_ONCE) {
        let name = value.what.name();
        let name = Name::Value(&name);
        let writing = Writing::default().expect(name, *revision).remove(name);
        ledger.write(&writing).await.map_err(storage)?;
    }
    Ok(())
}

async fn remove(ledger: &Ledger, store: &Store, noted: &Kept<Noted>) -> Result<(), Unreachable> {
    let what = &noted.value.what;
    let name = what.name();
    let name = Name::Value(&name);
    let mut mark = Writing::default()
        .expect(name, noted.revision)
        .put(name, &Noted { what: what.clone(), at: clock::now(), removing: true });
    if let What::Snapshot { id, .. } = what {
        // Of one that was never sent to its end.
        mark = mark.remove(Name::Staged(id));
    }
    let Written::Done(revisions) = ledger.write(&mark).await? else { return Ok(()) };
    let keys = what.keys();
    let (first, rest) = keys.split_at(1);
    for keys in [first, rest] {
        try_join_all(keys.iter().map(|key| store.delete(*key))).await?;
    }
    let revision = revisions.first().copied().unwrap_or_default();
    ledger.write(&Writing::default().expect(name, revision).remove(name)).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const SNAPSHOT: &str = "0123456789abcdef0123456789abcdef";

    fn read(records: &[(&str, Value)], versions: &[&str]) -> Read {
        let records: Vec<Value> = records
            .iter()
            .map(|(name, value)| json!({ "name": name, "revision": 1, "value": value }))
            .collect();
        let versions: Vec<Value> =
            versions.iter().map(|id| json!({ "number": 1, "value": { "snapshot": id } })).collect();
        serde_json::from_value(json!({ "records": records, "entries": [versions] })).unwrap()
    }

    fn noted(at: f64) -> Value {
        json!({ "what": { "snapshot": { "id": SNAPSHOT, "pieces": ["guide.fr"] } }, "at": at })
    }

    #[test]
    fn a_snapshot_is_unused_where_nothing_points_to_it_for_a_while() {
        let note = (format!("value/{SNAPSHOT}"), noted(5.0));
        let note = (note.0.as_str(), note.1);
        let live = ("live", json!({ "snapshot": SNAPSHOT, "version": 1 }));
        let intent = ("intent", json!({ "version": { "snapshot": SNAPSHOT } }));
        let count = |records: &[(&str, Value)], versions: &[&str], before: f64| {
            look(&read(records, versions), before).unwrap().unused.len()
        };
        assert_eq!(count(std::slice::from_ref(&note), &[], 5.0), 1);
        assert_eq!(count(std::slice::from_ref(&note), &[], 4.0), 0, "too early");
        assert_eq!(count(&[note.clone(), live], &[], 5.0), 0, "live");
        assert_eq!(count(&[note.clone(), intent], &[], 5.0), 0, "about to be live");
        let settled = look(&read(&[note], &[SNAPSHOT]), 5.0).unwrap();
        assert_eq!((settled.unused.len(), settled.settled.len()), (0, 1), "was live once");
    }

    #[test]
    fn the_manifest_goes_first() {
        let what: What = serde_json::from_value(noted(0.0)["what"].clone()).unwrap();
        let keys: Vec<String> = what.keys().iter().map(ToString::to_string).collect();
        assert_eq!(keys[0], format!("spro1.{SNAPSHOT}.manifest"));
        assert_eq!(keys.len(), 4 + Format::ALL.len());
    }
}
