//! Where a request came in, and the values that never change, as they are read from there.

use crate::problem::log;
use crate::runtime::{Context, Env};
use crate::store::{EdgeCache, Key, PATIENTLY, Store};
use shared::snapshot::{Manifest, PIECE_FORMAT, SnapshotId};

/// Where a request came in: what reading needs.
pub struct Host<'a> {
    /// Bindings and variables.
    pub env: &'a Env,
    /// The edge cache of the origin that was asked.
    pub cache: EdgeCache<'a>,
}

impl<'a> Host<'a> {
    /// The host of one request.
    pub const fn new(env: &'a Env, context: &'a Context, origin: &'a str) -> Self {
        Self { env, cache: EdgeCache { origin, context } }
    }
}

/// Whether the deployment counts visits (`COUNTERS = "on"`).
pub fn counts_visits(env: &Env) -> bool {
    env.variable("COUNTERS").is_some_and(|value| value == "on")
}

/// Whether the deployment takes reports of errors: not where `REPORTS = "off"`.
pub fn takes_reports(env: &Env) -> bool {
    env.variable("REPORTS").is_none_or(|value| value != "off")
}

/// What was found of a value that never changes.
pub enum Found<T> {
    /// The value, accepted.
    Good(T),
    /// There is none, or none that is good.
    Nothing,
    /// KV does not answer.
    Unreachable,
}

/// A value that never changes, from the edge cache or from KV, where `read` accepts it.
pub async fn stored<T>(host: &Host<'_>, key: Key<'_>, read: impl Fn(&[u8]) -> Option<T>) -> Found<T> {
    if let Some(value) = host.cache.get(key).await.and_then(|bytes| read(&bytes)) {
        return Found::Good(value);
    }
    let Ok(store) = Store::open(host.env) else { return Found::Unreachable };
    match store.get(key, PATIENTLY).await {
        Err(_) => Found::Unreachable,
        Ok(None) => Found::Nothing,
        Ok(Some(bytes)) => {
            if let Some(value) = read(&bytes) {
                host.cache.put(key, &bytes);
                return Found::Good(value);
            }
            log(&key.to_string(), &"the value is cut short or is not what was published");
            Found::Nothing
        }
    }
}

/// The stored manifest of a snapshot: the one that has this hash.
pub async fn manifest(host: &Host<'_>, id: &SnapshotId) -> Found<Manifest> {
    let read = |bytes: &[u8]| {
        if Manifest::id_of(bytes) != *id {
            return None;
        }
        serde_json::from_slice(bytes).ok().filter(|manifest: &Manifest| manifest.format == PIECE_FORMAT)
    };
    stored(host, Key::Manifest(id), read).await
}
