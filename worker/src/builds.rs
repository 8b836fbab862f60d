//! Builds of the element that were deployed before. A deployment on Cloudflare replaces all
//! files at once, and partners have pinned some of them with their hash: what was kept of a
//! build stays in KV for two years after it was last deployed.
//!
//! A value is what was sent to browsers that read brotli, behind its SHA-256: a value that
//! is cut short or overwritten is never served.

use crate::admin::renew_builds;
use crate::archive::unread;
use crate::ledger::Ledger;
use crate::pieces::{Found, Host, stored};
use crate::problem::{Failure, log};
use crate::store::{Key, Store};
use shared::snapshot::hash;
use worker::Env;

/// How long a file stays after it was last kept, in days: two years, one of them a leap year.
pub(crate) const KEPT_DAYS: u32 = 731;

/// How many bytes the hash takes before the content.
const SEAL: usize = 64;

/// The value for a compressed file.
pub(crate) fn sealed(compressed: &[u8]) -> Vec<u8> {
    [hash(compressed).as_bytes(), compressed].concat()
}

/// The compressed file in a value; `None` where the value is not whole.
pub(crate) fn opened(value: &[u8]) -> Option<&[u8]> {
    let (seal, compressed) = value.split_at_checked(SEAL)?;
    (hash(compressed).as_bytes() == seal).then_some(compressed)
}

/// A kept file, compressed, by its path `/{build}/{file}`.
pub(crate) async fn file(host: &Host<'_>, path: &str) -> Option<Vec<u8>> {
    let (build, file) = path.strip_prefix('/')?.split_once('/')?;
    let read = |value: &[u8]| opened(value).map(<[u8]>::to_vec);
    match stored(host, Key::Build(build, file), read).await {
        Found::Good(compressed) => Some(compressed),
        Found::Nothing | Found::Unreachable => None,
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_whole_or_nothing() {
        let value = sealed(b"compressed");
        assert_eq!(opened(&value), Some(&b"compressed"[..]));
        assert_eq!(opened(&sealed(b"")), Some(&b""[..]));
        let mut other = value.clone();
        *other.last_mut().unwrap() ^= 1;
        for broken in [&other[..], &value[..value.len() - 1], &value[..10], b""] {
            assert_eq!(opened(broken), None, "{broken:?}");
        }
    }
}
