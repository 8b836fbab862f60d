//! The only place that asks what day it is, and how long something takes. Everything else takes `today` as an argument.

use jiff::{Timestamp, Zoned, tz::TimeZone};
use std::time::{Duration, Instant};

/// Today in the administrator's time zone, as an ISO date.
pub fn today() -> String {
    Zoned::now().date().to_string()
}

/// How many days after one ISO date another is; `None` where one of them is no date.
pub(crate) fn days_between(from: &str, until: &str) -> Option<i64> {
    let day = |text: &str| text.parse::<jiff::civil::Date>().ok();
    day(from)?.until(day(until)?).ok().map(|span| i64::from(span.get_days()))
}

/// The day of a moment as HTTP writes it (`Tue, 24 Nov 2026 12:00:00 GMT`), as an ISO date.
pub(crate) fn day_of(moment: &str) -> Option<String> {
    let moment = jiff::fmt::rfc2822::parse(moment).ok()?;
    Some(moment.with_time_zone(TimeZone::UTC).date().to_string())
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
    fn days_are_counted_and_read_from_headers() {
        assert_eq!(days_between("2026-02-27", "2026-03-02"), Some(3));
        assert_eq!(days_between("2026-03-02", "2026-02-27"), Some(-3));
        assert_eq!(days_between("hier", "2026-02-27"), None);
        assert_eq!(day_of("Tue, 24 Nov 2026 23:59:00 GMT").as_deref(), Some("2026-11-24"));
        assert_eq!(day_of("hier"), None);
    }

    #[test]
    fn what_is_not_a_moment_is_left_as_it_is() {
        assert_eq!(told("hier"), "hier");
        // At noon in London it is the same day almost everywhere.
        assert!(told("2026-11-24T12:00:00.381Z").contains("/11/2026 à "));
    }
}
