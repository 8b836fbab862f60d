//! Visitors without a pause while directories are published: each answer is what its snapshot
//! says, and memory has an end.

use crate::{TOKEN, memory, milliseconds, now, quantile};
use serde_json::{Value, json};
use shared::compile::compile;
use shared::directory::Directory;
use shared::geography::Geography;
use shared::snapshot::Snapshot;
use shared::validate::validate;
use spro_tests::{Client, Failure, Setup, Workerd, documents, paths};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How many visitors ask at once.
const VISITORS: usize = 8;
/// What is read of each snapshot, as an element reads it.
const PIECES: [&str; 5] = ["guide", "texts.fr", "communes", "department.26", "department.69"];
/// A directory is published each time that this has passed.
const PUBLISHED_EVERY: Duration = Duration::from_secs(5);
/// The most MiB that workerd may have. It collects late what an answer leaves behind: a worker of
/// a few lines of JavaScript has hundreds after the same requests, and less again later.
const MOST: f64 = 1024.0;
/// How long each of the two workers is asked when they are compared, and how often in turns.
const TURN: Duration = Duration::from_secs(4);
const TURNS: usize = 3;

/// What each answer must be.
struct Expected {
    /// The pieces by the id of their snapshot and their name.
    pieces: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
    /// Answers that hold a snapshot's id, by the id and the address, as they came first.
    firsts: Mutex<BTreeMap<(String, &'static str), Vec<u8>>>,
}

/// Loads a worker for this long, and prints what visitors noticed. False when an answer was not
/// what its snapshot says, or memory ran away.
pub(crate) fn load(duration: Duration) -> Result<bool, Failure> {
    let workerd = Workerd::start(Setup {
        token: Some(TOKEN.to_owned()),
        rival: Some(paths::root().join("tests/bench/baseline.js")),
        ..Setup::default()
    })?;
    let client = workerd.client();
    let documents = [documents::titled("Load, one")?, documents::titled("Load, two")?];
    let mut pieces = BTreeMap::new();
    for document in &documents {
        let snapshot = snapshot(document)?;
        publish(&client, document)?;
        pieces.insert(snapshot.id.to_string(), snapshot.pieces.into_iter().collect());
    }
    let expected = Expected { pieces, firsts: Mutex::default() };

    let over = AtomicBool::new(false);
    let begun = now();
    let (visitors, publications, middle) = thread::scope(|scope| {
        let visitors: Vec<_> = (0..VISITORS)
            .map(|_| {
                let client = workerd.client();
                let (expected, over) = (&expected, &over);
                scope.spawn(move || visit_until(&client, expected, over))
            })
            .collect();
        let mut publications = Vec::new();
        let mut middle = None;
        while begun.elapsed() < duration {
            let published = now();
            publications
                .push(publish(&client, &documents[publications.len() % 2]).map(|()| published.elapsed()));
            if middle.is_none() && begun.elapsed() > duration / 2 {
                middle = memory(workerd.process());
            }
            #[expect(clippy::disallowed_methods, reason = "a load is made of requests and of pauses")]
            thread::sleep(PUBLISHED_EVERY.saturating_sub(published.elapsed()));
        }
        over.store(true, Ordering::Relaxed);
        let visitors: Vec<_> = visitors
            .into_iter()
            .map(|visitor| visitor.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect();
        (visitors, publications, middle)
    });
    let seconds = begun.elapsed().as_secs_f64();
    let end = memory(workerd.process());

    let mut waits: Vec<Duration> = visitors.iter().flat_map(|visitor| &visitor.waits).copied().collect();
    waits.sort_unstable();
    let mut wrong: Vec<String> = visitors.into_iter().flat_map(|visitor| visitor.wrong).collect();
    let mut published = Vec::new();
    for publication in publications {
        match publication {
            Ok(took) => published.push(took),
            Err(failure) => wrong.push(format!("a publication: {failure}")),
        }
    }
    published.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "requests of a minute")]
    let rate = waits.len() as f64 / seconds;
    println!(
        "load: {} answers by {VISITORS} visitors in {seconds:.0} s, {rate:.0} a second, {} publications meanwhile",
        waits.len(),
        published.len()
    );
    println!(
        "  milliseconds: p50 {}, p99 {}, longest {}; a publication p50 {}",
        milliseconds(quantile(&waits, 0.5)),
        milliseconds(quantile(&waits, 0.99)),
        milliseconds(quantile(&waits, 1.0)),
        milliseconds(quantile(&published, 0.5)),
    );
    println!("  answers that are not what their snapshot says: {}", wrong.len());
    for one in wrong.iter().take(10) {
        println!("    {one}");
    }
    let ran_away = if let (Some((middle, _)), Some((end, most))) = (middle, end) {
        println!(
            "  memory of workerd, MiB: in the middle {middle:.0}, at the end {end:.0}, at most {most:.0}"
        );
        most > MOST
    } else {
        println!("  memory is measured on Linux only");
        false
    };
    if ran_away {
        println!("    that is more than {MOST} MiB");
    }
    beside_javascript(&workerd)?;
    Ok(wrong.is_empty() && !ran_away && waits.len() > VISITORS)
}

/// Compiles a directory as the worker does.
fn snapshot(document: &Value) -> Result<Snapshot, Failure> {
    let data = |name: &str| {
        let path = paths::root().join("shared/data").join(name);
        std::fs::read_to_string(&path)
            .map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())))
    };
    let geography = Geography::parse(&data("communes.tsv")?, &data("former-communes.tsv")?, &|_| true)
        .map_err(|error| Failure::new(error.to_string()))?;
    let directory = Directory::from_json(document.to_string().as_bytes())
        .map_err(|finding| Failure::new(finding.to_string()))?;
    let valid = validate(directory, &geography, "9999-12-31")
        .map_err(|_| Failure::new("the shipped directory is not valid"))?;
    Ok(compile(&valid, &geography))
}

fn publish(client: &Client, document: &Value) -> Result<(), Failure> {
    let reply = client.post("/admin/v1/publish").token(TOKEN).json(document).send()?;
    if reply.status == 200 { Ok(()) } else { Err(Failure::new(format!("refused: {}", reply.text()))) }
}

/// What a visitor noticed.
#[derive(Default)]
struct Visitor {
    waits: Vec<Duration>,
    /// What was not as it must be, a sentence each.
    wrong: Vec<String>,
}

/// Visits, one visit after the other.
fn visit_until(client: &Client, expected: &Expected, over: &AtomicBool) -> Visitor {
    let mut visitor = Visitor::default();
    while !over.load(Ordering::Relaxed) {
        if let Err(failure) = visitor.visit(client, expected) {
            visitor.wrong.push(failure.to_string());
        }
    }
    visitor
}

impl Visitor {
    /// One visit: what an element reads, what a partner's server asks, and the page.
    fn visit(&mut self, client: &Client, expected: &Expected) -> Result<(), Failure> {
        let first = self.ask(client, "/v1/first.json?lang=fr", None)?;
        let snapshot = self.same_as_ever(&first, "first.json", expected);
        if let Some(pieces) = expected.pieces.get(&snapshot) {
            for name in PIECES {
                let bytes = self.ask(client, &format!("/v1/{snapshot}/{name}.bin"), None)?;
                if pieces.get(name) != Some(&decompressed(&bytes)?) {
                    self.wrong.push(format!("{name} of {snapshot} has other bytes than the compiler's"));
                }
            }
        } else {
            self.wrong.push(format!("first.json names « {snapshot} », which nobody published"));
        }
        let person = json!({
            "answers": { "situation": "young", "youth": "none", "goal": "job" },
            "commune": "26281"
        });
        let recommended = self.ask(client, "/v1/recommendations", Some(&person))?;
        self.same_as_ever(&recommended, "recommendations", expected);
        let guide = self.ask(client, "/v1/guide", None)?;
        self.same_as_ever(&guide, "guide", expected);
        self.ask(client, "/", None).map(drop)
    }

    /// Asks, and notes how long that took.
    fn ask(&mut self, client: &Client, path: &str, body: Option<&Value>) -> Result<Vec<u8>, Failure> {
        let begun = now();
        let request = match body {
            // As browsers ask; a partner's server need not.
            None => client.get(path).header("Accept-Encoding", "br"),
            Some(body) => client.post(path).json(body),
        };
        let reply = request.send()?;
        self.waits.push(begun.elapsed());
        if reply.status == 200 {
            Ok(reply.body)
        } else {
            Err(Failure::new(format!("{path} answered {}: {}", reply.status, reply.text())))
        }
    }

    /// Checks that an answer says what it said the first time for its snapshot, whose id it holds.
    fn same_as_ever(&mut self, answer: &[u8], name: &'static str, expected: &Expected) -> String {
        let read: Value = serde_json::from_slice(answer)
            .or_else(|_| serde_json::from_slice(&decompressed(answer).unwrap_or_default()))
            .unwrap_or_default();
        let snapshot = read["snapshot"].as_str().unwrap_or_default().to_owned();
        let mut firsts = expected.firsts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let first = firsts.entry((snapshot.clone(), name)).or_insert_with(|| answer.to_vec());
        if first != answer {
            self.wrong.push(format!("{name} of {snapshot} differs from what it was"));
        }
        if !expected.pieces.contains_key(&snapshot) {
            self.wrong.push(format!("{name} is of « {snapshot} », which nobody published"));
        }
        snapshot
    }
}

fn decompressed(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut plain = Vec::new();
    brotli::Decompressor::new(bytes, 1 << 16)
        .read_to_end(&mut plain)
        .map_err(|error| Failure::new(format!("an answer does not decompress: {error}")))?;
    Ok(plain)
}

/// Prints what the same visitors notice of `/v1/guide`, here and from a worker in plain
/// JavaScript that does the same, in turns.
fn beside_javascript(workerd: &Workerd) -> Result<(), Failure> {
    let mut measured = [(Vec::new(), 0.0), (Vec::new(), 0.0)];
    let now_has = || memory(workerd.process()).unwrap_or_default().0;
    for _ in 0..TURNS {
        for (client, (waits, more)) in [workerd.client(), workerd.rival()].iter().zip(&mut measured) {
            // The first one is for the isolate to be ready.
            client.get("/v1/guide").send()?;
            let before = now_has();
            waits.extend(asked_for(client, TURN)?);
            *more += now_has() - before;
        }
    }
    println!("  /v1/guide alone, by the same visitors, in {TURNS} turns of {} s each", TURN.as_secs());
    for (name, (mut waits, more)) in ["ours", "plain JavaScript"].into_iter().zip(measured) {
        waits.sort_unstable();
        #[expect(clippy::cast_precision_loss, reason = "requests of seconds")]
        let rate = waits.len() as f64 / (TURN.as_secs_f64() * TURNS as f64);
        println!(
            "    {name:<18} {rate:>6.0} a second, milliseconds: p50 {}, p99 {}; memory of workerd {more:+.0} MiB",
            milliseconds(quantile(&waits, 0.5)),
            milliseconds(quantile(&waits, 0.99))
        );
    }
    Ok(())
}

fn asked_for(client: &Client, duration: Duration) -> Result<Vec<Duration>, Failure> {
    let begun = now();
    thread::scope(|scope| {
        let visitors: Vec<_> = (0..VISITORS)
            .map(|_| {
                let client = Client::new(client.origin());
                scope.spawn(move || -> Result<Vec<Duration>, Failure> {
                    let mut waits = Vec::new();
                    while begun.elapsed() < duration {
                        let asked = now();
                        let reply = client.get("/v1/guide").header("Accept-Encoding", "br").send()?;
                        waits.push(asked.elapsed());
                        if reply.status != 200 {
                            return Err(Failure::new(format!("/v1/guide answered {}", reply.status)));
                        }
                    }
                    Ok(waits)
                })
            })
            .collect();
        let mut waits = Vec::new();
        for visitor in visitors {
            waits.extend(visitor.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(waits)
    })
}
