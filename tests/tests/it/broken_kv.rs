//! The live site outlives its parts: KV empty, down, slow, half written or lying, visitors
//! get answers, and the answers say where they come from.

use serde_json::{Value, json};
use spro_tests::faults::Faults;
use spro_tests::{Client, Reply, Setup, Workerd, documents, eventually};
use std::fs;

const TOKEN: &str = "a-token-of-this-test-and-long-enough";

fn workerd(faulty: bool) -> Workerd {
    Workerd::start(Setup { faulty, token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap()
}

fn publish(client: &Client, directory: &Value) -> Reply {
    client.post("/admin/v1/publish").token(TOKEN).json(directory).send().unwrap()
}

/// A directory whose publication takes the same steps as the region's, in less time.
fn small(title: &str) -> Value {
    documents::small(title).unwrap()
}

#[track_caller]
fn published(client: &Client, title: &str) -> String {
    snapshot(&publish(client, &small(title)))
}

#[track_caller]
fn snapshot(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["snapshot"].as_str().unwrap().to_owned()
}

/// A whole visit, as the element makes it: what is read first, then pieces of the same snapshot, and
/// once more from the start where one of them is lost. Returns the snapshot and the source.
#[track_caller]
fn visit(client: &Client) -> (String, String) {
    let mut last = String::new();
    for _ in 0..2 {
        let first = client.get("/v1/first.json").send().unwrap();
        assert_eq!(first.status, 200, "{}", first.text());
        let snapshot = first.json()["snapshot"].as_str().unwrap().to_owned();
        let source = first.header("Spro-Source").unwrap().to_owned();
        let statuses: Vec<u16> = ["guide", "texts.fr", "communes", "department.26"]
            .map(|piece| client.get(&format!("/v1/{snapshot}/{piece}.bin")).send().unwrap().status)
            .to_vec();
        if statuses == [200; 4] {
            return (snapshot, source);
        }
        last = format!("{snapshot} from {source}: {statuses:?}");
    }
    panic!("no whole visit: {last}");
}

fn recommend(client: &Client) -> Value {
    let asked = json!({"answers": {}, "commune": "26281"});
    let reply = client.post("/v1/recommendations").json(&asked).send().unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// The file of a key in the KV on disk.
fn file(workerd: &Workerd, key: &str) -> std::path::PathBuf {
    let path = workerd.kv().join(key);
    assert!(path.is_file(), "{key} is not in the KV");
    path
}

#[test]
fn an_empty_kv_serves_what_is_shipped() {
    let workerd = workerd(false);
    let (_, source) = visit(&workerd.client());
    assert_eq!(source, "shipped");
    assert!(recommend(&workerd.client()).is_object());
}

#[test]
fn a_kv_that_is_down_from_the_start_serves_what_is_shipped() {
    let workerd = workerd(true);
    workerd.faults().set(&Faults::down()).unwrap();
    let client = workerd.client();
    let (_, source) = visit(&client);
    assert_eq!(source, "shipped");
    let health = client.get("/v1/health").send().unwrap();
    assert_eq!((health.status, &health.json()["status"]), (200, &json!("degraded")), "{}", health.text());
    recommend(&client);
}

#[test]
fn a_kv_that_goes_down_later_changes_nothing_for_visitors() {
    let workerd = workerd(true);
    let client = workerd.client();
    let snapshot = published(&client, "Before the outage");
    visit(&client);
    workerd.faults().set(&Faults::down()).unwrap();
    for _ in 0..50 {
        assert_eq!(visit(&client), (snapshot.clone(), "kv".to_owned()), "what is in memory goes on");
    }
    let refused = publish(&client, &small("During the outage"));
    assert!(matches!(refused.status, 502..=504), "{}", refused.text());
    assert_eq!(
        refused.header("Content-Type").map(|kind| kind.starts_with("application/problem+json")),
        Some(true)
    );
    workerd.faults().set(&Faults::default()).unwrap();
    let next = published(&client, "After the outage");
    assert_eq!(visit(&client), (next, "kv".to_owned()));
}

#[test]
fn a_slow_kv_does_not_keep_visitors_waiting_for_ever() {
    let workerd = workerd(true);
    let client = workerd.client();
    published(&client, "Slow");
    visit(&client);
    // Longer than the client waits: were the answer to wait for KV, it would be an error.
    workerd.faults().set(&Faults { delay_ms: Some(600_000), ..Faults::default() }).unwrap();
    for _ in 0..5 {
        visit(&client);
    }
}

#[test]
fn a_kv_that_is_slow_from_the_start_serves_what_is_shipped() {
    let workerd = workerd(true);
    workerd.faults().set(&Faults { delay_ms: Some(600_000), ..Faults::default() }).unwrap();
    assert_eq!(visit(&workerd.client()).1, "shipped");
}

/// Cuts the values of some keys of a snapshot in half behind the worker's back, starts it again (a
/// new isolate has nothing in memory), and puts them back after `look`.
fn cut_in_half(workerd: &mut Workerd, snapshot: &str, keys: &[&str], look: impl FnOnce(&Workerd)) {
    let whole: Vec<_> = keys
        .iter()
        .map(|key| {
            let path = file(workerd, &format!("spro1.{snapshot}.{key}"));
            let value = fs::read(&path).unwrap();
            fs::write(&path, &value[..value.len() / 2]).unwrap();
            (path, value)
        })
        .collect();
    workerd.restart().unwrap();
    look(workerd);
    for (path, value) in whole {
        fs::write(path, value).unwrap();
    }
}

#[test]
fn values_cut_in_half_are_never_believed() {
    let mut workerd = workerd(false);
    let snapshot = published(&workerd.client(), "To be damaged");
    for keys in [
        &["manifest"][..],
        &["guide", "guide.json"],
        &["texts.fr", "texts.fr.json"],
        &["communes", "communes.json"],
        &["department.26", "department.26.json"],
    ] {
        cut_in_half(&mut workerd, &snapshot, keys, |workerd| {
            let client = workerd.client();
            let (seen, source) = visit(&client);
            assert_eq!(source, "shipped", "{keys:?}");
            assert_ne!(seen, snapshot, "{keys:?}");
            recommend(&client);
            assert!(!workerd.log().is_empty(), "operators learn that {keys:?} is damaged");
        });
    }
}

#[test]
fn one_damaged_form_of_two_loses_nothing() {
    let mut workerd = workerd(false);
    let snapshot = published(&workerd.client(), "Half damaged");
    for key in
        ["guide", "texts.fr", "communes", "department.26", "guide.json", "texts.fr.json", "communes.json"]
    {
        let ask = |workerd: &Workerd, form: &str| {
            let piece = key.trim_end_matches(".json");
            let reply = workerd.client().get(&format!("/v1/{snapshot}/{piece}.{form}")).send().unwrap();
            assert_eq!(reply.status, 200, "{key}: {}", reply.text());
            reply.body
        };
        let before = (ask(&workerd, "bin"), ask(&workerd, "json"));
        cut_in_half(&mut workerd, &snapshot, &[key], |workerd| {
            assert_eq!(visit(&workerd.client()), (snapshot.clone(), "kv".to_owned()), "{key}");
            assert_eq!((ask(workerd, "bin"), ask(workerd, "json")), before, "{key}");
        });
    }
}

#[test]
fn values_that_lie_are_never_believed() {
    let mut workerd = workerd(false);
    // Of more than one department.
    let directory = documents::titled("To be lied about").unwrap();
    let snapshot = snapshot(&publish(&workerd.client(), &directory));
    // Whole, well formed, and of another piece.
    for form in ["", ".json"] {
        let other = fs::read(file(&workerd, &format!("spro1.{snapshot}.department.38{form}"))).unwrap();
        fs::write(file(&workerd, &format!("spro1.{snapshot}.department.26{form}")), other).unwrap();
    }
    workerd.restart().unwrap();
    let (seen, source) = visit(&workerd.client());
    assert_eq!(source, "shipped");
    assert_ne!(seen, snapshot);
}

#[test]
fn health_says_when_visitors_have_another_directory_than_the_published_one() {
    let mut workerd = workerd(false);
    let published = published(&workerd.client(), "Published");
    let health = || workerd.client().get("/v1/health").send().unwrap().json();
    let expected = json!({ "snapshot": published, "version": 1 });
    let before = health();
    assert_eq!((&before["status"], &before["published"]), (&json!("ok"), &expected), "{before}");
    fs::remove_file(file(&workerd, "spro1.current")).unwrap();
    workerd.restart().unwrap();
    let after = workerd.client().get("/v1/health").send().unwrap().json();
    assert_eq!(
        (&after["status"], &after["source"], &after["published"]),
        (&json!("behind"), &json!("shipped"), &expected),
        "{after}"
    );
}

#[test]
fn a_pointer_that_says_nothing_sensible_counts_as_absent() {
    let mut workerd = workerd(false);
    published(&workerd.client(), "Pointed at");
    for garbage in [
        "",
        "{",
        "null",
        "[]",
        "\u{0}\u{1}\u{2}",
        "{\"snapshot\": 3, \"version\": \"x\"}",
        "{\"snapshot\": \"../../etc/passwd\", \"version\": 1}",
        "{\"snapshot\": \"00000000000000000000000000000000\", \"version\": 7}",
    ] {
        fs::write(file(&workerd, "spro1.current"), garbage).unwrap();
        workerd.restart().unwrap();
        assert_eq!(visit(&workerd.client()).1, "shipped", "{garbage:?}");
    }
}

#[test]
fn a_publication_cut_short_changes_nothing() {
    let workerd = workerd(true);
    let client = workerd.client();
    let snapshot = published(&client, "Whole");
    let faults = workerd.faults();
    faults.set(&Faults::default()).unwrap();
    published(&client, "Counted");
    let writes = faults.operations().unwrap().iter().filter(|operation| operation.starts_with("PUT")).count();
    assert!(writes > 4, "{writes}");
    let back = client
        .post("/admin/v1/rollback")
        .token(TOKEN)
        .json(&json!({"to": snapshot, "reason": ""}))
        .send()
        .unwrap();
    assert_eq!(back.status, 200, "{}", back.text());
    // Cut after each writing; the last is the pointer.
    for allowed in 0..writes {
        faults.set(&Faults { writes_left: u32::try_from(allowed).ok(), ..Faults::default() }).unwrap();
        let reply = publish(&client, &small(&format!("Cut after {allowed}")));
        assert!(reply.status >= 500, "after {allowed}: {}", reply.text());
        assert_eq!(visit(&client), (snapshot.clone(), "kv".to_owned()), "after {allowed}");
    }
    println!("a publication of {writes} writings was cut after each of them");
    faults.set(&Faults::default()).unwrap();
    let next = published(&client, "Whole again");
    assert_eq!(visit(&client).0, next);
}

#[test]
fn the_pointer_is_written_last_and_read_seldom() {
    let workerd = workerd(true);
    let client = workerd.client();
    let faults = workerd.faults();
    faults.set(&Faults::default()).unwrap();
    let snapshot = published(&client, "In order");
    let writes: Vec<String> = faults
        .operations()
        .unwrap()
        .into_iter()
        .filter_map(|operation| operation.strip_prefix("PUT ").map(str::to_owned))
        .collect();
    assert_eq!(writes.last().map(String::as_str), Some("spro1.current"), "{writes:?}");
    assert_eq!(writes[writes.len() - 2], format!("spro1.{snapshot}.manifest"), "{writes:?}");

    faults.set(&Faults::default()).unwrap();
    for _ in 0..300 {
        visit(&client);
    }
    let reads = faults.operations().unwrap();
    let pointer = reads.iter().filter(|operation| operation.ends_with("spro1.current")).count();
    // Once a second at most; 900 requests take a few seconds on a slow machine.
    assert!(pointer < 60, "{pointer} readings of the pointer in 900 requests");
    let pieces = reads.len() - pointer;
    assert!(pieces < 10, "{pieces} readings of pieces: {reads:?}");
}

#[test]
fn a_kv_that_comes_back_is_used_again() {
    let workerd = workerd(true);
    let client = workerd.client();
    let snapshot = published(&client, "Comes back");
    let kv = spro_tests::Kv::At(workerd.kv().to_owned());
    let other = Workerd::start(Setup { kv, faulty: true, ..Setup::default() }).unwrap();
    other.faults().set(&Faults::down()).unwrap();
    assert_eq!(visit(&other.client()).1, "shipped");
    other.faults().set(&Faults::default()).unwrap();
    eventually(|| Ok(visit(&other.client())), |seen| *seen == (snapshot.clone(), "kv".to_owned())).unwrap();
}

/// Nothing stored is believed: what was published is what is read, or nothing is.
#[test]
fn a_flipped_bit_of_a_stored_document_is_noticed_and_mended() {
    let workerd = Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap();
    let client = workerd.client();
    let directory = documents::small("Flipped").unwrap();
    let published = publish(&client, &directory).json();
    let id = published["snapshot"].as_str().unwrap();
    let path = format!("/admin/v1/directory?snapshot={id}");
    let get = || client.get(&path).token(TOKEN).send().unwrap();
    let sound = get().text();
    let file = workerd.kv().join(format!("spro1.{id}.directory"));
    let stored = fs::read(&file).unwrap();
    let mut lost = 0;
    for at in (0..stored.len()).step_by(stored.len() / 60 + 1) {
        let mut flipped = stored.clone();
        flipped[at] ^= 1 << (at % 8);
        fs::write(&file, &flipped).unwrap();
        let reply = get();
        // Some bits change nothing of what is unpacked.
        if reply.status == 200 {
            assert_eq!(reply.text(), sound, "byte {at}");
        } else {
            assert_eq!((reply.status, &reply.json()["code"]), (409, &"snapshot-lost".into()), "byte {at}");
            lost += 1;
        }
    }
    assert!(lost > 40, "{lost}");
    let mut flipped = stored.clone();
    flipped[stored.len() / 2] ^= 0x10;
    fs::write(&file, &flipped).unwrap();
    assert_eq!(get().status, 409);
    assert_eq!(publish(&client, &directory).json()["snapshot"], id, "the same again mends it");
    assert_eq!((get().status, get().text()), (200, sound));
}
