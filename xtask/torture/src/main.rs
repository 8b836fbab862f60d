//! The parts of `cargo xtask torture` that need a running worker and a clock.
//!
//! ```text
//! spro-torture load SECONDS   visitors without a pause, while directories are published
//! spro-torture waits          the longest wait of a visitor beside heavy and hostile requests
//! ```
//!
//! Each prints its figures and fails when a promise is broken: an answer that is not what its
//! snapshot says, memory that grows, a request without a key that makes visitors wait.

mod load;
mod waits;

use spro_tests::Failure;
use std::env;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The administrators' secret of the workers that are started here.
const TOKEN: &str = "a-token-of-the-torture-and-long-enough";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let good = match arguments[..] {
        ["load", seconds] => match seconds.parse() {
            Ok(seconds) => load::load(Duration::from_secs(seconds)),
            Err(_) => Err(Failure::new(format!("« {seconds} » is no number of seconds"))),
        },
        ["waits"] => waits::waits(),
        _ => Err(Failure::new("usage: spro-torture load SECONDS | spro-torture waits")),
    };
    match good {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

/// The time. The only place of this program that asks for it.
#[expect(clippy::disallowed_methods, reason = "durations are what is measured here")]
fn now() -> Instant {
    Instant::now()
}

/// The memory of a process in MiB: what it has now, and the most that it ever had. `None` where
/// the system does not say.
fn memory(process: u32) -> Option<(f64, f64)> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kib = |field: &str| -> Option<f64> {
        let line = status.lines().find_map(|line| line.strip_prefix(field))?;
        line.trim().trim_end_matches(" kB").trim().parse().ok()
    };
    Some((kib("VmRSS:")? / 1024.0, kib("VmHWM:")? / 1024.0))
}

/// The value below which this share of all lies, of values in order; zero where there is none.
fn quantile(sorted: &[Duration], share: f64) -> Duration {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a position among measurements, which are millions at most"
    )]
    let position = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(position).copied().unwrap_or_default()
}

/// Milliseconds with one digit after the point.
fn milliseconds(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let waits: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(quantile(&waits, 0.5), Duration::from_millis(51));
        assert_eq!(quantile(&waits, 0.99), Duration::from_millis(100));
        assert_eq!(quantile(&waits, 1.0), Duration::from_millis(100));
        assert_eq!(quantile(&[], 0.5), Duration::ZERO);
        assert_eq!(milliseconds(Duration::from_micros(1260)), "1.3");
    }
}
