//! What crosses crates: the real worker in real workerd with a real KV, and a partner's
//! pages on another origin. `cargo xtask run` and `cargo xtask bench` stand on the same
//! ground as the tests: there is one way to start the worker.
//!
//! - [`Workerd`] starts the built worker, on any free port or on a given one, with a KV of
//!   its own or one kept on disk, and ends it when dropped;
//! - [`faults`] lets a test break that KV while the worker is serving;
//! - [`documents`] makes directories to publish;
//! - [`Client`] asks, and gives back status, headers and bytes as they came;
//! - [`partner::Server`] serves `tests/partner` as a town hall's web server would.
//!
//! The tests themselves are in `tests/tests` (over HTTP) and `tests/browser` (in Chromium).

pub mod config;
pub mod documents;
pub mod faults;
pub mod html;
mod http;
pub mod partner;
pub mod paths;
mod workerd;

pub use http::{Client, Reply, Request};
pub use workerd::{Alone, Kv, Log, Network, Process, Setup, Workerd};

use std::fmt;
use std::time::{Duration, Instant};

/// Why something could not be started, as one sentence for a developer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(String);

impl Failure {
    /// A failure with this sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// How long a test waits for something that happens by itself, a publication seen by
/// everybody for example. Far more than it takes: other suites keep the machine busy, and how
/// long a thing takes is for the benches to say.
const PATIENCE: Duration = Duration::from_mins(1);

/// Tries until it is so, and says what it was at the end when it never is. Each try is a
/// request or the like, so it takes its own time: there is no pause in between.
#[expect(clippy::disallowed_methods, reason = "a deadline needs a clock; this is the tests' only one")]
pub fn eventually<T: fmt::Debug>(
    mut attempt: impl FnMut() -> Result<T, Failure>,
    is_so: impl Fn(&T) -> bool,
) -> Result<T, Failure> {
    let begun = Instant::now();
    loop {
        let last = attempt()?;
        if is_so(&last) {
            return Ok(last);
        }
        if begun.elapsed() > PATIENCE {
            return Err(Failure::new(format!("still not so after {} s: {last:?}", PATIENCE.as_secs())));
        }
    }
}
