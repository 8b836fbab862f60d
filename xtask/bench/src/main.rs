//! What a request costs the edge, and what a visit costs the visitor. As ratios of one run:
//! a machine's own speed, and its neighbours', then hardly count.

mod cold;
mod letters;
mod limits;

use serde_json::Value;
use spro_tests::{Client, Failure, Log, Reply, Setup, Workerd, documents, paths};
use std::process::ExitCode;
use std::time::Instant;

/// How often the two workers take turns.
const ROUNDS: usize = 11;
/// Requests in a row to one of them: long beside the 10 ms that processor time is told in.
const REQUESTS: u32 = 2000;
/// Processor time is told in hundredths of a second on every Linux there is.
const MICROSECONDS_PER_TICK: f64 = 10_000.0;
const TOKEN: &str = "the-secret-of-the-bench-which-is-long-enough";

fn main() -> ExitCode {
    match bench() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

/// The time. The only place of this program that asks for it.
#[expect(clippy::disallowed_methods, reason = "durations are what a benchmark is for")]
fn now() -> Instant {
    Instant::now()
}

/// Reads a file of ours.
fn read(path: &std::path::Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())))
}

/// Measures and prints.
fn bench() -> Result<(), Failure> {
    let workerd = Workerd::start(Setup {
        token: Some(TOKEN.to_owned()),
        rival: Some(paths::root().join("tests/bench/baseline.js")),
        log: Log::File(paths::built().join("bench-workerd.log")),
        ..Setup::default()
    })?;
    let client = workerd.client();
    let directory = documents::titled("Directory of the bench")?;
    let before = ticks(workerd.administration_process());
    let reply = client.post("/admin/v1/publish").token(TOKEN).json(&directory).send()?;
    if reply.status != 200 {
        return Err(Failure::new(format!("nothing to measure: publishing answered {}", reply.text())));
    }
    let after = ticks(workerd.administration_process());
    visit(&client)?;
    letters::print()?;
    let (Some(before), Some(after)) = (before, after) else {
        println!("\nprocessor time is measured on Linux only: its /proc tells it");
        return Ok(());
    };
    requests(&workerd)?;
    cold::print(&workerd)?;
    println!("  a publication … {:.0} ms of processor time", microseconds(after - before) / 1000.0);
    limits::print()
}

/// Prints the bytes of each answer that the element waits for.
fn visit(client: &Client) -> Result<(), Failure> {
    let build = paths::build_id()?;
    let first = ask(client, "/v1/first.json?lang=fr", "identity", None)?.json();
    let snapshot = first["snapshot"].as_str().unwrap_or_default();
    println!("\nbytes over the wire, brotli, without headers");
    let line = |name: &str, bytes: usize| println!("  {name:<36} {bytes:>8}");
    let measure = |name: &str, path: &str| -> Result<usize, Failure> {
        let bytes = ask(client, path, "br", None)?.body.len();
        line(name, bytes);
        Ok(bytes)
    };
    let mut sum = measure("spro-guide.js", "/spro-guide.js")?;
    sum += measure("element.js", &format!("/{build}/element.js"))?;
    sum += measure("first.json", "/v1/first.json?lang=fr")?;
    line("= to a first question to answer", sum);
    sum += measure("element_bg.wasm", &format!("/{build}/element_bg.wasm"))?;
    sum += measure("guide.bin", &format!("/v1/{snapshot}/guide.bin"))?;
    sum += measure("texts.fr.bin", &format!("/v1/{snapshot}/texts.fr.bin"))?;
    line("= to the second question", sum);
    sum += measure("later.wasm", &format!("/{build}/later.wasm"))?;
    sum += measure("communes.bin", &format!("/v1/{snapshot}/communes.bin"))?;
    sum += measure("department.26.bin", &format!("/v1/{snapshot}/department.26.bin"))?;
    line("= from the snippet to a result", sum);
    Ok(())
}

/// Prints the processor time of a request to each worker.
fn requests(workerd: &Workerd) -> Result<(), Failure> {
    let (ours, theirs) = (workerd.client(), workerd.rival());
    let plain = (ask(&ours, "/v1/guide", "identity", None)?, ask(&theirs, "/v1/guide", "identity", None)?);
    let (plain, rival) = (plain.0.json(), plain.1.json());
    if let Some(field) = first_difference(&plain, &rival) {
        let message =
            format!("`{field}` differs between the two workers: tests/bench/baseline.js must follow");
        return Err(Failure::new(message));
    }
    println!("\nprocessor time of GET /v1/guide, in workerd");
    for (name, again) in [("200, brotli", false), ("304, brotli", true)] {
        let mut ratios = Vec::new();
        let mut costs = (0.0, 0.0);
        // The first round warms both up.
        for round in 0..=ROUNDS {
            let one = cost(workerd.process(), &ours, again)?;
            let other = cost(workerd.process(), &theirs, again)?;
            if round > 0 {
                ratios.push(one / other);
                costs = (costs.0 + one, costs.1 + other);
            }
        }
        ratios.sort_by(f64::total_cmp);
        let rounds = f64::from(u32::try_from(ROUNDS).unwrap_or(u32::MAX));
        println!(
            "  {name} … ours {:.1} µs, JavaScript {:.1} µs, ratio {:.2}, from {:.2} to {:.2} in {ROUNDS} rounds",
            costs.0 / rounds,
            costs.1 / rounds,
            ratios[ROUNDS / 2],
            ratios[0],
            ratios[ROUNDS - 1],
        );
    }
    Ok(())
}

/// Returns the path of the first field in which two documents differ, `.` where they differ as a whole.
fn first_difference(one: &Value, other: &Value) -> Option<String> {
    let pairs: Vec<(String, Option<&Value>, Option<&Value>)> = match (one, other) {
        (Value::Object(one), Value::Object(other)) => one
            .keys()
            .chain(other.keys().filter(|key| !one.contains_key(*key)))
            .map(|key| (key.clone(), one.get(key), other.get(key)))
            .collect(),
        (Value::Array(one), Value::Array(other)) => {
            (0..one.len().max(other.len())).map(|at| (at.to_string(), one.get(at), other.get(at))).collect()
        }
        _ => return (one != other).then(|| ".".to_owned()),
    };
    pairs.into_iter().find_map(|(name, one, other)| match (one, other) {
        (Some(one), Some(other)) => match first_difference(one, other)?.as_str() {
            "." => Some(name),
            inner => Some(format!("{name}.{inner}")),
        },
        _ => Some(name),
    })
}

/// Microseconds of processor time per request.
fn cost(process: u32, client: &Client, again: bool) -> Result<f64, Failure> {
    let tag = ask(client, "/v1/guide", "br", None)?.header("ETag").unwrap_or_default().to_owned();
    let (tag, expected) = if again { (Some(tag.as_str()), 304) } else { (None, 200) };
    let before = ticks(process).unwrap_or(0);
    for _ in 0..REQUESTS {
        let reply = ask(client, "/v1/guide", "br", tag)?;
        if reply.status != expected {
            return Err(Failure::new(format!("{} answered {}", client.origin(), reply.status)));
        }
    }
    let spent = ticks(process).unwrap_or(0).saturating_sub(before);
    // Less than a tick would make a ratio of nothing.
    Ok(microseconds(spent.max(1)) / f64::from(REQUESTS))
}

fn microseconds(ticks: u64) -> f64 {
    f64::from(u32::try_from(ticks).unwrap_or(u32::MAX)) * MICROSECONDS_PER_TICK
}

fn ask(client: &Client, path: &str, encoding: &str, have: Option<&str>) -> Result<Reply, Failure> {
    let mut request = client.get(path).header("Accept-Encoding", encoding);
    if let Some(tag) = have {
        request = request.header("If-None-Match", tag);
    }
    let reply = request.send()?;
    if reply.status >= 400 {
        return Err(Failure::new(format!("{path} answered {}: {}", reply.status, reply.text())));
    }
    Ok(reply)
}

/// The processor time of a process, its own and the system's for it, in ticks.
fn ticks(process: u32) -> Option<u64> {
    let stat = read(format!("/proc/{process}/stat").as_ref()).ok()?;
    read_ticks(&String::from_utf8_lossy(&stat))
}

/// Fields 14 and 15; the second one, the name, is in parentheses and may hold anything.
fn read_ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_behind_any_name() {
        let stat = "77 (a (strange) name) S 1 77 77 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 9 0 1000";
        assert_eq!(read_ticks(stat), Some(300));
        assert_eq!(read_ticks("77 (short) S 1"), None);
    }
}
