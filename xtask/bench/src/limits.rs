//! What a regional publication asks of the host, step by step, beside the limits of
//! Cloudflare: a thousand writings to KV a day and 10 ms of processor time a request on the
//! free plan, 25 MiB a value.

use super::{TOKEN, microseconds, ticks};
use shared::compile::compile;
use shared::directory::Directory;
use shared::geography::Geography;
use shared::snapshot::to_json;
use shared::validate::validate;
use spro_tests::faults::{Faults, Switchboard};
use spro_tests::{Client, Failure, Reply, Setup, Workerd, documents, paths};
use std::io::Write as _;

/// A worker whose KV counts.
struct Counted {
    workerd: Workerd,
    client: Client,
    faults: Switchboard,
}

impl Counted {
    fn start() -> Result<Self, Failure> {
        let setup = Setup { faulty: true, token: Some(TOKEN.to_owned()), ..Setup::default() };
        let workerd = Workerd::start(setup)?;
        let (client, faults) = (workerd.client(), workerd.faults());
        // What an isolate does once is not a step's.
        client.get("/v1/guide").send()?;
        Ok(Self { workerd, client, faults })
    }

    /// Does something `count` times over, and prints what one of them took.
    fn step<T>(
        &self,
        name: &str,
        count: usize,
        work: impl FnOnce(&Client) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.faults.set(&Faults::default())?;
        let before = ticks(self.workerd.administration_process()).unwrap_or(0);
        let done = work(&self.client)?;
        let spent = ticks(self.workerd.administration_process()).unwrap_or(0).saturating_sub(before);
        let operations = self.faults.operations()?;
        let writings = operations.iter().filter(|operation| operation.starts_with("PUT")).count();
        let readings = operations.len() - writings;
        #[expect(clippy::cast_precision_loss, reason = "dozens")]
        let each = microseconds(spent) / 1000.0 / count as f64;
        println!("  {name:<34} {count:>4} {writings:>9} {readings:>9} {each:>9.1}");
        Ok(done)
    }
}

fn good(reply: Reply) -> Result<Reply, Failure> {
    if reply.status == 200 { Ok(reply) } else { Err(Failure::new(format!("refused: {}", reply.text()))) }
}

/// Prints the figures.
pub(super) fn print() -> Result<(), Failure> {
    println!("\na regional publication, step by step");
    println!("  {:<34} {:>4} {:>9} {:>9} {:>9}", "", "asked", "KV writes", "KV reads", "ms each");
    let counted = Counted::start()?;
    at_once(&counted)?;
    as_a_draft(&counted)?;
    value_by_value(&counted)?;
    let largest = std::fs::read_dir(counted.workerd.kv())
        .map_err(|error| Failure::new(format!("the KV of the bench cannot be read: {error}")))?
        .filter_map(|entry| Some(entry.ok()?.metadata().ok()?.len()))
        .max();
    println!("  the largest value has {} bytes", largest.unwrap_or(0));
    Ok(())
}

fn at_once(counted: &Counted) -> Result<(), Failure> {
    let directory = documents::titled("Published at once")?;
    counted.step("in one request", 1, |client| {
        good(client.post("/admin/v1/publish").token(TOKEN).json(&directory).send()?)
    })?;
    Ok(())
}

fn as_a_draft(counted: &Counted) -> Result<(), Failure> {
    let ask = |client: &Client, method: &str, path: &str, body: &serde_json::Value| {
        let path = format!("/admin/v1/{path}");
        good(client.request(method, &path).token(TOKEN).json(body).send()?)
    };
    let nothing = serde_json::json!({});
    let draft = counted.step("a draft: begun", 1, |client| ask(client, "POST", "drafts", &nothing))?.json();
    let path = format!("drafts/{}", draft["id"].as_str().unwrap_or_default());
    let mut place = documents::shipped()?["structures"][0].clone();
    place["phones"] = serde_json::json!(["04 00 00 00 01"]);
    let id = place["id"].as_str().unwrap_or_default().to_owned();
    counted.step("a draft: a place changed", 1, |client| {
        ask(client, "PUT", &format!("{path}/places/{id}"), &place)
    })?;
    counted.step("a draft: checked and compared", 1, |client| {
        ask(client, "POST", &format!("{path}/check"), &nothing)
    })?;
    counted
        .step("a draft: published", 1, |client| ask(client, "POST", &format!("{path}/publish"), &nothing))?;
    Ok(())
}

fn value_by_value(counted: &Counted) -> Result<(), Failure> {
    let document = documents::titled("Compiled on the desk")?.to_string();
    let data = |name: &str| -> Result<String, Failure> {
        let bytes = crate::read(&paths::root().join("shared/data").join(name))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let geography = Geography::parse(&data("communes.tsv")?, &data("former-communes.tsv")?, &|_| true)
        .map_err(|error| Failure::new(error.to_string()))?;
    let directory =
        Directory::from_json(document.as_bytes()).map_err(|finding| Failure::new(finding.to_string()))?;
    let valid = validate(directory, &geography, "9999-12-31")
        .map_err(|_| Failure::new("the shipped directory is not valid"))?;
    let snapshot = compile(&valid, &geography);
    // As the compiler wrote it: the manifest holds its hash.
    let mut values = vec![("directory".to_owned(), compressed(snapshot.document.as_bytes())?)];
    for (name, bytes) in &snapshot.pieces {
        values.push((format!("{name}.bin"), compressed(bytes)?));
        let json = to_json(name, bytes).transpose().map_err(|error| Failure::new(error.to_string()))?;
        values.push((format!("{name}.json"), compressed(&json.unwrap_or_default())?));
    }
    let at = format!("/admin/v1/snapshots/{}", snapshot.id);
    let manifest = snapshot.manifest.to_bytes();
    counted.step("value by value: begun", 1, |client| {
        good(client.request("PUT", &at).token(TOKEN).body(manifest).send()?)
    })?;
    let count = values.len();
    counted.step("value by value: sent", count, |client| {
        for (name, bytes) in values {
            good(client.request("PUT", &format!("{at}/values/{name}")).token(TOKEN).body(bytes).send()?)?;
        }
        Ok(())
    })?;
    counted.step("value by value: published", 1, |client| {
        let asked = serde_json::json!({ "reason": "bench" });
        good(client.post(&format!("{at}/publish")).token(TOKEN).json(&asked).send()?)
    })?;
    Ok(())
}

fn compressed(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut compressed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 1 << 16, 9, 22);
    writer
        .write_all(bytes)
        .map_err(|error| Failure::new(format!("a value cannot be compressed: {error}")))?;
    drop(writer);
    Ok(compressed)
}
