//! The widest case: all of France in one directory of 60 000 places, beside a region of twelve
//! departments and a department, all equally dense. `cargo xtask widest` builds what is deployed and
//! runs it: each directory is compiled, proved, sent from the desk value by value and served, and
//! what that takes is printed, with what a visitor downloads.
//!
//! Each step is a process of its own, so that the most memory that it had is its own.

mod directory;

use insight::verify::proof::prove_snapshot;
use shared::compile::compile;
use shared::directory::Directory;
use shared::snapshot::to_json;
use shared::validate::validate;
use spro_tests::{Client, Setup, Workerd, paths};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

const TOKEN: &str = "the-secret-of-the-widest-case-which-is-long-enough";
/// Places of the widest directory.
const PLACES: usize = 60_000;
/// The department that is there in each; the region of twelve.
const DEPARTMENT: &str = "26";
const REGION: &str = "84";
/// How often a recommendation is asked for.
const ROUNDS: u16 = 50;
/// A day of the edition.
const TODAY: &str = "2026-12-01";
/// What a visitor answers who comes as far as a result.
const ASKED: &str =
    r#"{"answers":{"situation":"young","youth":"none","goal":"job","disability":"no"},"commune":"26281"}"#;

type Done<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        [] => all(),
        ["compile", file] => desk(file.as_ref(), false),
        ["prove", file] => desk(file.as_ref(), true),
        _ => Err("usage: widest".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

/// The time. The only place of this program that asks for it.
#[expect(clippy::disallowed_methods, reason = "durations are what is measured")]
fn now() -> Instant {
    Instant::now()
}

fn told<E: std::fmt::Display>(error: E) -> String {
    error.to_string()
}

fn all() -> Done {
    let regions = admin::reference::regions().map_err(told)?;
    let codes = |of: &dyn Fn(&str) -> bool| -> Vec<String> {
        let of_region = regions.iter().filter(|(region, _)| of(&region.code));
        of_region.flat_map(|(region, _)| region.departments.iter().map(|one| one.code.clone())).collect()
    };
    let france = codes(&|_| true);
    let folder = tempfile::tempdir().map_err(told)?;
    for departments in [vec![DEPARTMENT.to_owned()], codes(&|code| code == REGION), france.clone()] {
        let places = PLACES.div_ceil(france.len());
        let directory = directory::make(&departments, places)?;
        let file = folder.path().join(format!("{}.json", departments.len()));
        fs::write(&file, directory.to_json()).map_err(told)?;
        println!("\n{} departments, {} places", departments.len(), directory.structures.len());
        for step in ["compile", "prove"] {
            child(&[step, &file.to_string_lossy()])?;
        }
        served(&file)?;
    }
    Ok(())
}

/// Runs this program again, for one step.
fn child(arguments: &[&str]) -> Done {
    let program = std::env::current_exe().map_err(told)?;
    let mut command = Command::new(program);
    command.args(arguments);
    let status = command.status().map_err(told)?;
    if status.success() { Ok(()) } else { Err(format!("{} failed: {status}", arguments.join(" "))) }
}

/// What the desk does with a directory: reads, validates and compiles it, or proves it besides.
fn desk(file: &Path, proves: bool) -> Done {
    let geography = admin::reference::geography().map_err(told)?;
    let begun = now();
    let bytes = fs::read(file).map_err(told)?;
    let directory = Directory::from_json(&bytes).map_err(told)?;
    let (read, begun) = (begun.elapsed(), now());
    let valid = validate(directory, &geography, TODAY).map_err(|findings| told(&findings[0]))?;
    let (validated, begun) = (begun.elapsed(), now());
    let snapshot = compile(&valid, &geography);
    let (compiled, begun) = (begun.elapsed(), now());
    if proves {
        let proof = prove_snapshot(&valid, &geography, &snapshot, TODAY);
        if let Some(found) = &proof.counter_example {
            return Err(format!("it is not proved: {found:?}"));
        }
        line("proved, s", seconds(begun.elapsed()));
        println!("  {:<44} {:>10}", "cases proved", proof.cases);
    } else {
        line("document, MB", megabytes(bytes.len()));
        line("read, s", seconds(read));
        line("validated, s", seconds(validated));
        line("compiled, s", seconds(compiled));
        line("pieces, MB", megabytes(snapshot.pieces.values().map(Vec::len).sum()));
    }
    line("  the most memory of that process, MiB", memory("self", "VmHWM:")?);
    Ok(())
}

/// Publishes a directory from the desk, and asks for what a visitor asks for.
fn served(file: &Path) -> Done {
    let workerd =
        Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).map_err(told)?;
    let client = workerd.client();
    let begun = now();
    published(&client, file)?;
    line("compiled and sent value by value, s", seconds(begun.elapsed()));
    let process = |id: u32| memory(&id.to_string(), "VmRSS:");
    line("  memory of the administration then, MiB", process(workerd.administration_process())?);

    let first = ask(&client, "/v1/first.json?lang=fr", "identity")?;
    let first: serde_json::Value = serde_json::from_slice(&first).map_err(told)?;
    let at = |piece: &str| format!("/v1/{}/{piece}.bin", first["snapshot"].as_str().unwrap_or_default());
    let build = paths::build_id().map_err(told)?;
    let mut sum = 0;
    let mut measure = |name: &str, path: &str| -> Done {
        let bytes = ask(&client, path, "br")?.len();
        sum += bytes;
        println!("  {name:<44} {bytes:>10}");
        Ok(())
    };
    println!("  a visitor downloads, bytes of brotli:");
    measure("  the element", &format!("/{build}/element_bg.wasm"))?;
    measure("  the rest of it", &format!("/{build}/later.wasm"))?;
    measure("  its scripts", &format!("/{build}/element.js"))?;
    measure("  first.json", "/v1/first.json?lang=fr")?;
    for piece in ["guide", "texts.fr", "communes"] {
        measure(&format!("  {piece}"), &at(piece))?;
    }
    measure("  department.26", &at("department.26"))?;
    println!("  {:<44} {sum:>10}", "= to a result");

    let begun = now();
    for _ in 0..ROUNDS {
        let reply = client.post("/v1/recommendations").header("Content-Type", "application/json").body(ASKED);
        let reply = reply.send().map_err(told)?;
        if reply.status != 200 {
            return Err(reply.text());
        }
    }
    line("a recommendation, ms", seconds(begun.elapsed()) * 1000.0 / f64::from(ROUNDS));
    line("  memory of the guide then, MiB", process(workerd.process())?);
    Ok(())
}

/// Compiles a directory here, sends each value compressed, and makes it live.
fn published(client: &Client, file: &Path) -> Done {
    let geography = admin::reference::geography().map_err(told)?;
    let directory = Directory::from_json(&fs::read(file).map_err(told)?).map_err(told)?;
    let valid = validate(directory, &geography, TODAY).map_err(|findings| told(&findings[0]))?;
    let snapshot = compile(&valid, &geography);
    let before = client.get("/v1/health").send().map_err(told)?.json()["structures"].clone();
    let at = format!("/admin/v1/snapshots/{}", snapshot.id);
    let sent = |request: spro_tests::Request<'_>| -> Done {
        let reply = request.token(TOKEN).send().map_err(told)?;
        if reply.status == 200 { Ok(()) } else { Err(format!("refused: {}", reply.text())) }
    };
    sent(client.request("PUT", &at).body(snapshot.manifest.to_bytes()))?;
    let put = |name: &str, bytes: &[u8], quality: u32| {
        sent(client.request("PUT", &format!("{at}/values/{name}")).body(compressed(bytes, quality)))
    };
    put("directory", snapshot.document.as_bytes(), 9)?;
    for (name, bytes) in &snapshot.pieces {
        let json = to_json(name, bytes).ok_or("a piece without a form")?.map_err(told)?;
        put(&format!("{name}.bin"), bytes, 10)?;
        put(&format!("{name}.json"), &json, 9)?;
    }
    let asked = serde_json::json!({ "reason": "widest", "removing": before });
    sent(client.post(&format!("{at}/publish")).json(&asked))
}

/// As `cargo spro` compresses them.
fn compressed(bytes: &[u8], quality: u32) -> Vec<u8> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, quality, 22);
    // Writing to memory cannot fail.
    let _ = writer.write_all(bytes);
    writer.into_inner()
}

fn ask(client: &Client, path: &str, encoding: &str) -> Done<Vec<u8>> {
    let reply = client.get(path).header("Accept-Encoding", encoding).send().map_err(told)?;
    if reply.status == 200 { Ok(reply.body) } else { Err(format!("{path} answered {}", reply.status)) }
}

/// What the system says of a process's memory, in MiB.
fn memory(process: &str, what: &str) -> Done<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).map_err(told)?;
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.map(|kib| kib / 1024.0).ok_or_else(|| format!("/proc does not say {what}"))
}

fn line(name: &str, value: f64) {
    println!("  {name:<44} {value:>10.1}");
}

fn seconds(duration: std::time::Duration) -> f64 {
    duration.as_secs_f64()
}

fn megabytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes / 1000).unwrap_or(u32::MAX)) / 1000.0
}
