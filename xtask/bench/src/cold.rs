//! What a new isolate costs: from starting workerd to the first answer, and the memory that it has
//! then, of our public worker and of one in plain JavaScript, each alone in its process.

use super::{ask, now, read};
use spro_tests::{Alone, Failure, Workerd};

/// How often the two take turns.
const ROUNDS: usize = 9;

/// What one start took.
#[derive(Clone, Copy)]
struct Start {
    milliseconds: f64,
    /// Resident memory after the first answer.
    mib: f64,
}

/// Prints the medians of both, and their ratios.
pub(super) fn print(workerd: &Workerd) -> Result<(), Failure> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    // The first round reads everything from the disk.
    for round in 0..=ROUNDS {
        let (one, other) = (start(workerd, Alone::Public)?, start(workerd, Alone::Rival)?);
        if round > 0 {
            ours.push(one);
            theirs.push(other);
        }
    }
    println!("\na cold start, to the first GET /v1/guide, medians of {ROUNDS} rounds");
    let of = |what: fn(&Start) -> f64, unit: &str, name: &str| {
        let (one, other) = (median(&ours, what), median(&theirs, what));
        println!("  {name} … ours {one:.0} {unit}, JavaScript {other:.0} {unit}, ratio {:.2}", one / other);
    };
    of(|start| start.milliseconds, "ms", "time");
    of(|start| start.mib, "MiB", "memory");
    Ok(())
}

fn start(workerd: &Workerd, who: Alone) -> Result<Start, Failure> {
    let begun = now();
    let process = workerd.alone(who)?;
    ask(&process.client(), "/v1/guide", "br", None)?;
    let milliseconds = begun.elapsed().as_secs_f64() * 1000.0;
    let status = read(format!("/proc/{}/status", process.id()).as_ref())?;
    let status = String::from_utf8_lossy(&status).into_owned();
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok())
        .ok_or_else(|| Failure::new("the memory of workerd cannot be read"))?;
    Ok(Start { milliseconds, mib: kib / 1024.0 })
}

fn median(starts: &[Start], what: fn(&Start) -> f64) -> f64 {
    let mut values: Vec<f64> = starts.iter().map(what).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
