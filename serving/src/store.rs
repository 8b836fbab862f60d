//! KV, and the edge cache in front of it. The only place that writes a key, and the only
//! one that knows how a value is stored.

use crate::problem::{Thrown, log};
use crate::runtime::{Context, Delay, Env, Kv, bytes_of, cache};
use futures_util::future::{Either, select};
use js_sys::Uint8Array;
use js_sys::futures::JsFuture;
use serde::{Deserialize, Serialize};
use shared::snapshot::SnapshotId;
use std::fmt;
use std::pin::pin;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Headers, Response, ResponseInit};

/// How long a visitor waits for KV when the isolate has something else to say.
pub const BRIEFLY: Duration = Duration::from_millis(500);
/// How long a visitor waits for KV when it has not.
pub const PATIENTLY: Duration = Duration::from_millis(2500);
/// How long an administrator waits for one operation.
pub const AT_LENGTH: Duration = Duration::from_secs(20);

/// A key of KV. The prefix carries the version of this layout. Names are flat, because a
/// self-hosted KV may be a folder with a file for each key.
#[derive(Debug, Clone, Copy)]
pub enum Key<'a> {
    /// Which snapshot is live: [`Pointer`].
    Current,
    /// The manifest, whose hash is the snapshot's id.
    Manifest(&'a SnapshotId),
    /// A piece in its compact form, compressed.
    Piece(&'a SnapshotId, &'a str),
    /// A piece as JSON, compressed.
    PieceJson(&'a SnapshotId, &'a str),
    /// The document that was published, compressed.
    Directory(&'a SnapshotId),
    /// A file of open data, sealed ([`crate::sealed`]): the snapshot and the file's name.
    Export(&'a SnapshotId, &'a str),
    /// A value of a draft, compressed: the draft's id and the value's own. It is written once.
    Draft(&'a str, &'a str),
    /// A file of an earlier build of the element, sealed ([`crate::sealed`]): the build and the file.
    Build(&'a str, &'a str),
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Current => f.write_str("spro1.current"),
            Self::Manifest(snapshot) => write!(f, "spro1.{snapshot}.manifest"),
            Self::Piece(snapshot, piece) => write!(f, "spro1.{snapshot}.{piece}"),
            Self::PieceJson(snapshot, piece) => write!(f, "spro1.{snapshot}.{piece}.json"),
            Self::Directory(snapshot) => write!(f, "spro1.{snapshot}.directory"),
            Self::Export(snapshot, file) => write!(f, "spro1.{snapshot}.export.{file}"),
            Self::Draft(draft, part) => write!(f, "spro1.draft.{draft}.{part}"),
            Self::Build(build, file) => write!(f, "spro1.build.{build}.{file}"),
        }
    }
}

/// Which snapshot is live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// The snapshot.
    pub snapshot: SnapshotId,
    /// The number of its publication.
    pub version: u64,
}

#[derive(Serialize, Deserialize)]
struct StoredPointer<'a> {
    snapshot: &'a str,
    version: u64,
}

impl Pointer {
    /// Reads a stored pointer; `None` when it is not one.
    pub fn from_json(bytes: &[u8]) -> Option<Self> {
        let stored: StoredPointer = serde_json::from_slice(bytes).ok()?;
        Some(Self { snapshot: SnapshotId::parse(stored.snapshot)?, version: stored.version })
    }

    /// The pointer as it is stored.
    pub fn to_json(&self) -> Vec<u8> {
        let stored = StoredPointer { snapshot: self.snapshot.as_str(), version: self.version };
        serde_json::to_vec(&stored).unwrap_or_default()
    }
}

/// KV or the ledger did not answer, or not in time. The cause has been logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreachable;

/// The KV namespace.
pub struct Store(Kv);

impl Store {
    /// The namespace that is bound as `DIRECTORY`.
    pub fn open(env: &Env) -> Result<Self, Unreachable> {
        env.kv("DIRECTORY").map(Self).map_err(|error| unreachable("KV", &error))
    }

    /// Reads a value. `None` says that there is none.
    pub async fn get(&self, key: Key<'_>, patience: Duration) -> Result<Option<Vec<u8>>, Unreachable> {
        let name = key.to_string();
        within(patience, self.0.get(&name), &name).await?.map_err(|error| unreachable(&name, &error))
    }

    /// Writes a value.
    pub async fn put(&self, key: Key<'_>, bytes: &[u8]) -> Result<(), Unreachable> {
        let name = key.to_string();
        within(AT_LENGTH, self.0.put(&name, bytes, None), &name)
            .await?
            .map_err(|error| unreachable(&name, &error))
    }

    /// Removes a value; one that is not there is removed already.
    pub async fn delete(&self, key: Key<'_>) -> Result<(), Unreachable> {
        let name = key.to_string();
        let Err(error) = within(AT_LENGTH, self.0.delete(&name), &name).await? else { return Ok(()) };
        // A folder that stands for KV has nothing to remove where there is nothing.
        match self.get(key, AT_LENGTH).await? {
            None => Ok(()),
            Some(_) => Err(unreachable(&name, &error)),
        }
    }

    /// Writes a value that goes by itself after so many seconds. A folder that stands for KV
    /// keeps it for ever.
    pub async fn put_for(&self, key: Key<'_>, bytes: &[u8], seconds: u32) -> Result<(), Unreachable> {
        let name = key.to_string();
        within(AT_LENGTH, self.0.put(&name, bytes, Some(seconds)), &name)
            .await?
            .map_err(|error| unreachable(&name, &error))
    }

    /// The pointer. What is there and is not a pointer has been logged.
    pub async fn pointer(&self, patience: Duration) -> Result<Stored<Pointer>, Unreachable> {
        Ok(self.get(Key::Current, patience).await?.map_or(Stored::Nothing, |bytes| {
            Pointer::from_json(&bytes).map_or_else(|| unreadable(Key::Current), Stored::Good)
        }))
    }
}

/// A value of KV that can be checked.
pub enum Stored<T> {
    /// The value.
    Good(T),
    /// There is none.
    Nothing,
    /// Cut short or overwritten.
    Unreadable,
}

impl<T> Stored<T> {
    /// The value, if it is good.
    pub fn good(self) -> Option<T> {
        match self {
            Self::Good(value) => Some(value),
            Self::Nothing | Self::Unreadable => None,
        }
    }
}

#[cold]
fn unreadable<T>(key: Key) -> Stored<T> {
    log(&key.to_string(), &"the value does not read as what it should be");
    Stored::Unreadable
}

#[cold]
fn unreachable(key: &str, cause: &JsValue) -> Unreachable {
    log(key, &Thrown(cause));
    Unreachable
}

/// Waits for work for so long; what it was for is logged where it takes longer.
pub async fn within<T>(
    patience: Duration,
    work: impl Future<Output = T>,
    name: &str,
) -> Result<T, Unreachable> {
    match select(pin!(work), pin!(Delay::from(patience))).await {
        Either::Left((done, _)) => Ok(done),
        Either::Right(_) => {
            log(name, &"no answer in time");
            Err(Unreachable)
        }
    }
}

/// The cache of this location, in front of KV, for what never changes. It may be missing or
/// broken: then it has nothing. What it gives is verified as what KV gives.
pub struct EdgeCache<'a> {
    /// The origin that its addresses begin with.
    pub origin: &'a str,
    /// What lives as long as the request.
    pub context: &'a Context,
}

impl EdgeCache<'_> {
    /// Reads a value.
    pub async fn get(&self, key: Key<'_>) -> Option<Vec<u8>> {
        let read = async {
            let found = JsFuture::from(cache()?.match_with_str(&self.url(key))).await.ok()?;
            bytes_of(&found.dyn_into::<Response>().ok()?).await.ok()
        };
        within(BRIEFLY, read, "the edge cache").await.ok().flatten()
    }

    /// Keeps a value, after the answer has left.
    pub fn put(&self, key: Key<'_>, bytes: &[u8]) {
        let put = || -> Result<js_sys::Promise, JsValue> {
            let headers = Headers::new()?;
            headers.set("cache-control", "public, max-age=86400")?;
            let init = ResponseInit::new();
            init.set_headers(&headers);
            let body = Uint8Array::from(bytes);
            let response = Response::new_with_opt_js_u8_array_and_init(Some(&body), &init)?;
            let cache = cache().ok_or(JsValue::UNDEFINED)?;
            Ok(cache.put_with_str(&self.url(key), &response))
        };
        match put() {
            Ok(promise) => self.context.wait_until(async {
                // Where there is no cache, this says so each time: not worth a log.
                let _ = JsFuture::from(promise).await;
            }),
            Err(cause) => log("the edge cache", &Thrown(&cause)),
        }
    }

    fn url(&self, key: Key) -> String {
        format!("{}/.cache/{key}", self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_flat_and_carry_the_snapshot() {
        let id = SnapshotId::parse("0123456789abcdef0123456789abcdef").unwrap();
        for (key, name) in [
            (Key::Current, "spro1.current".to_owned()),
            (Key::Manifest(&id), format!("spro1.{id}.manifest")),
            (Key::Piece(&id, "guide.fr"), format!("spro1.{id}.guide.fr")),
            (Key::PieceJson(&id, "department.26"), format!("spro1.{id}.department.26.json")),
            (Key::Directory(&id), format!("spro1.{id}.directory")),
            (Key::Export(&id, "places.csv"), format!("spro1.{id}.export.places.csv")),
            (Key::Draft("a1", "b2"), "spro1.draft.a1.b2".to_owned()),
            (
                Key::Build("0123456789abcdef", "element.js"),
                "spro1.build.0123456789abcdef.element.js".to_owned(),
            ),
        ] {
            assert_eq!(key.to_string(), name);
            assert!(!name.contains('/'));
        }
    }

    #[test]
    fn a_pointer_comes_back_as_it_was_written() {
        let pointer =
            Pointer { snapshot: SnapshotId::parse("0123456789abcdef0123456789abcdef").unwrap(), version: 7 };
        assert_eq!(Pointer::from_json(&pointer.to_json()), Some(pointer));
    }

    #[test]
    fn garbage_is_no_pointer() {
        for garbage in [
            "",
            "x",
            "{}",
            "{\"snapshot\": \"0123456789abcdef0123456789abcdef\", \"ver",
            "{\"snapshot\": \"../../etc\", \"version\": 1}",
            "{\"snapshot\": \"0123456789ABCDEF0123456789abcdef\", \"version\": 1}",
            "{\"snapshot\": \"0123456789abcdef0123456789abcdef\", \"version\": -1}",
        ] {
            assert_eq!(Pointer::from_json(garbage.as_bytes()), None, "{garbage}");
        }
    }
}
