//! The only place that asks what day it is, and how long something takes. Everything else takes `today` as an argument.

use jiff::{Timestamp, Zoned, tz::TimeZone};
use std::time::{Duration, Instant};

/// Today in the administrator's time zone, as an ISO date.
pub fn today() -> String {
    Zoned::now().date().to_string()
}

/// Does something, and says how long it took.
#[expect(clippy::disallowed_methods, reason = "a command that says how long it took; nothing depends on it")]
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let result = work();
    (result, begun.elapsed())
}

/// A moment that is not waited for any longer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline(Instant);

#[expect(clippy::disallowed_methods, reason = "whoever waits for somebody else's program must stop some day")]
impl Deadline {
    /// So long from now.
    pub(crate) fn after(patience: Duration) -> Self {
        Self(Instant::now() + patience)
    }

    /// What is left of it; `None` once it is over.
    pub(crate) fn left(&self) -> Option<Duration> {
        self.0.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    }
}

/// A moment as people write it, in the administrator's time zone; the text itself where it
/// is not a moment.
pub fn told(moment: &str) -> String {
    moment.parse::<Timestamp>().map_or_else(
        |_| moment.to_owned(),
        |moment| moment.to_zoned(TimeZone::system()).strftime("%d/%m/%Y à %H:%M").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_moment_is_left_as_it_is() {
        assert_eq!(told("hier"), "hier");
        // At noon in London it is the same day almost everywhere.
        assert!(told("2026-11-24T12:00:00.381Z").contains("/11/2026 à "));
    }
}
