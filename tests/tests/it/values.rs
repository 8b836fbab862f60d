//! Values of KV that nothing points to are removed; what something points to stays, whoever
//! removes and writes at the same time.

use serde_json::{Value, json};
use spro_tests::faults::Faults;
use spro_tests::{Client, Reply, Setup, Workerd, documents, eventually};
use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, Barrier};
use std::thread;

const TOKEN: &str = "a-token-of-this-test-and-long-enough";

/// What is unused for so many seconds is removed as soon as somebody changes something.
fn workerd(seconds: &'static str) -> Workerd {
    Workerd::start(Setup {
        token: Some(TOKEN.to_owned()),
        variables: vec![("SWEEP_AFTER", seconds)],
        faulty: true,
        ..Setup::default()
    })
    .unwrap()
}

fn ask(client: &Client, method: &str, path: &str, body: &Value) -> Reply {
    client.request(method, &format!("/admin/v1/{path}")).token(TOKEN).json(body).send().unwrap()
}

#[track_caller]
fn done(client: &Client, method: &str, path: &str, body: &Value) -> Value {
    let reply = ask(client, method, path, body);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()
}

#[track_caller]
fn begun(client: &Client, title: &str) -> String {
    done(client, "POST", "drafts", &json!({ "title": title }))["id"].as_str().unwrap().to_owned()
}

fn bring_in(client: &Client, draft: &str, table: &str) -> Reply {
    client
        .request("PUT", &format!("/admin/v1/drafts/{draft}/file?name=table.csv&source=table"))
        .token(TOKEN)
        .header("Content-Type", "application/octet-stream")
        .body(table.as_bytes().to_vec())
        .send()
        .unwrap()
}

/// The keys in KV that hold this.
fn keys(workerd: &Workerd, part: &str) -> BTreeSet<String> {
    let files = fs::read_dir(workerd.kv()).unwrap().flatten();
    let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.contains(part)).collect()
}

/// Waits until a key is gone. Each try changes something, behind which the worker sweeps.
#[track_caller]
fn gone(workerd: &Workerd, part: &str) {
    let client = workerd.client();
    let look = || {
        begun(&client, "En passant");
        Ok(keys(workerd, part))
    };
    eventually(look, BTreeSet::is_empty).unwrap();
}

const TABLE: &str = "NOM;CP;COMMUNE;TEL;RESEAU\nCIO de l'Invention;26000;VALENCE;0400000001;cio\n";

#[test]
fn what_a_draft_held_goes_with_it_and_what_another_holds_stays() {
    let workerd = workerd("0");
    let client = workerd.client();
    done(&client, "POST", "publish", &documents::small("Live").unwrap());
    let (kept, given_up) = (begun(&client, "Gardé"), begun(&client, "Abandonné"));
    for draft in [&kept, &given_up] {
        assert_eq!(bring_in(&client, draft, TABLE).status, 200);
        done(&client, "POST", &format!("drafts/{draft}/check"), &json!({}));
    }
    let held = keys(&workerd, &format!("draft.{kept}."));
    assert!(held.len() >= 3, "the file, the document, the findings: {held:?}");
    done(&client, "DELETE", &format!("drafts/{given_up}"), &json!({}));
    gone(&workerd, &format!("draft.{given_up}."));

    assert_eq!(keys(&workerd, &format!("draft.{kept}.")), held);
    let published = done(&client, "POST", &format!("drafts/{kept}/publish"), &json!({ "reason": "" }));
    assert_eq!(published["version"], 2, "{published}");
    // The spreadsheet goes with the publication, what visitors read does not.
    let snapshot = published["snapshot"].as_str().unwrap();
    let left = || {
        begun(&client, "En passant");
        Ok(keys(&workerd, &format!("draft.{kept}.")).len())
    };
    eventually(left, |left| *left < held.len()).unwrap();
    for piece in ["guide", "texts.fr", "communes", "department.26"] {
        assert_eq!(client.get(&format!("/v1/{snapshot}/{piece}.bin")).send().unwrap().status, 200, "{piece}");
    }
}

#[test]
fn a_snapshot_that_never_was_live_goes_and_the_history_stays() {
    let workerd = workerd("0");
    let client = workerd.client();
    let snapshots: Vec<String> = ["One", "Two"]
        .iter()
        .map(|title| {
            let published = done(&client, "POST", "publish", &documents::small(title).unwrap());
            published["snapshot"].as_str().unwrap().to_owned()
        })
        .collect();
    let draft = begun(&client, "Vérifié");
    assert_eq!(bring_in(&client, &draft, TABLE).status, 200);
    let checked = done(&client, "POST", &format!("drafts/{draft}/check"), &json!({}));
    let checked = checked["draft"]["check"]["snapshot"].as_str().unwrap().to_owned();
    assert!(keys(&workerd, &checked).len() > 5);
    done(&client, "DELETE", &format!("drafts/{draft}"), &json!({}));
    gone(&workerd, &checked);
    let back = done(&client, "POST", "rollback", &json!({ "to": snapshots[0], "reason": "" }));
    assert_eq!(back["snapshot"], snapshots[0].as_str());
}

/// Everybody checks and publishes the same drafts again and again, while what is unused is
/// removed at once: a request may lose that race and says so, but whatever was answered with
/// success is there, whole.
#[test]
fn nothing_that_was_acknowledged_is_removed() {
    const PEOPLE: usize = 3;
    const ROUNDS: usize = 2;
    let workerd = workerd("0");
    let client = workerd.client();
    done(&client, "POST", "publish", &documents::small("Before").unwrap());
    // Between writing a value and pointing to it, others have their turn.
    workerd.faults().set(&Faults { delay_ms: Some(20), ..Faults::default() }).unwrap();
    let barrier = Arc::new(Barrier::new(PEOPLE));
    let people: Vec<_> = (0..PEOPLE)
        .map(|person| {
            let (client, barrier) = (workerd.client(), Arc::clone(&barrier));
            thread::spawn(move || {
                barrier.wait();
                (0..ROUNDS)
                    .map(|round| acknowledged(&client, &format!("Round {}", (person + round) % 2)))
                    .sum()
            })
        })
        .collect();
    let acknowledged: usize = people.into_iter().map(|person| -> usize { person.join().unwrap() }).sum();
    assert!(acknowledged > 0, "every request lost its race: nothing was tried");
    println!("  {acknowledged} of {} requests won their race", PEOPLE * ROUNDS * 3);
    let versions = client.get("/admin/v1/versions").token(TOKEN).send().unwrap().json();
    for version in versions["versions"].as_array().unwrap() {
        let snapshot = version["snapshot"].as_str().unwrap();
        for piece in ["guide", "texts.fr", "about.fr", "communes", "department.26"] {
            for form in ["bin", "json"] {
                let path = format!("/v1/{snapshot}/{piece}.{form}");
                assert_eq!(client.get(&path).send().unwrap().status, 200, "{path}");
            }
        }
    }
}

/// Brings a file into a draft, checks it, and publishes a document that others publish, too. Returns
/// how many of the three were answered with success.
fn acknowledged(client: &Client, title: &str) -> usize {
    let won = |reply: &Reply| {
        assert!([200, 409, 412, 503].contains(&reply.status), "{}", reply.text());
        reply.status == 200
    };
    let draft = begun(client, title);
    let brought = won(&bring_in(client, &draft, TABLE));
    let checked = won(&ask(client, "POST", &format!("drafts/{draft}/check"), &json!({})));
    if brought && checked {
        let difference =
            client.get(&format!("/admin/v1/drafts/{draft}/difference")).token(TOKEN).send().unwrap();
        assert_eq!(difference.status, 200, "{}", difference.text());
    }
    let published = won(&ask(client, "POST", "publish", &documents::small(title).unwrap()));
    usize::from(brought) + usize::from(checked) + usize::from(published)
}
