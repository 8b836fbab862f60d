//! The administration API: who may, what is refused, what is published, and what stays.
//! Each test has its own KV, on disk as it is locally.

use serde_json::{Value, json};
use shared::directory::Directory;
use shared::snapshot::hash;
use spro_tests::{Client, Reply, Setup, Workerd, documents, eventually};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

const TOKEN: &str = "a-token-of-this-test-and-long-enough";

fn workerd() -> Workerd {
    Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap()
}

fn publish(client: &Client, directory: &Value) -> Reply {
    client.post("/admin/v1/publish?reason=essai%20d%C3%A9cisif").token(TOKEN).json(directory).send().unwrap()
}

/// Publishes what must be accepted, and returns its snapshot.
#[track_caller]
fn published(client: &Client, directory: &Value) -> String {
    let reply = publish(client, directory);
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["snapshot"].as_str().unwrap().to_owned()
}

fn admin(client: &Client, path: &str) -> Value {
    let reply = client.get(path).token(TOKEN).send().unwrap();
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()
}

fn live(client: &Client) -> String {
    client.get("/v1/guide").send().unwrap().json()["snapshot"].as_str().unwrap().to_owned()
}

fn roll_back(client: &Client, to: &Value) -> Reply {
    client.post("/admin/v1/rollback").token(TOKEN).json(&json!({"to": to, "reason": "essai"})).send().unwrap()
}

#[test]
fn open_exports_hold_every_place_and_nothing_that_was_corrected() {
    let workerd = workerd();
    let client = workerd.client();
    let mut directory = documents::small("corrigé").unwrap();
    let name = directory["structures"][0]["name"].as_str().unwrap().to_owned();
    directory["structures"][0]["corrections"] =
        json!({ "emails": { "on": "2026-01-01", "instead_of": ["quelqu.un@exemple.fr"] } });
    published(&client, &directory);
    for file in ["places.csv", "places.geojson", "data-inclusion.json", "directory.json"] {
        let reply = client.get(&format!("/v1/exports/{file}")).send().unwrap();
        let text = reply.text();
        assert_eq!(reply.status, 200, "{file}: {text}");
        assert!(text.contains(&name) && !text.contains("quelqu.un"), "{file}: {text}");
    }
    for file in ["places.xlsx", "places.ods"] {
        let reply = client.get(&format!("/v1/exports/{file}")).send().unwrap();
        assert_eq!((reply.status, &reply.body[..2]), (200, &b"PK"[..]), "{file}");
    }
    // Administrators have them back.
    let kept = admin(&client, "/admin/v1/directory");
    assert_eq!(kept["structures"][0]["corrections"]["emails"]["instead_of"][0], "quelqu.un@exemple.fr");
}

#[test]
fn only_the_token_opens_the_administration() {
    let variables = vec![("CLIENT_ADDRESS", "X-Client")];
    let workerd =
        Workerd::start(Setup { token: Some(TOKEN.to_owned()), variables, ..Setup::default() }).unwrap();
    let client = workerd.client();
    let routes = [
        ("POST", "/admin/v1/validate"),
        ("POST", "/admin/v1/publish"),
        ("GET", "/admin/v1/versions"),
        ("POST", "/admin/v1/rollback"),
        ("GET", "/admin/v1/directory"),
        ("POST", "/admin/v1/diff"),
        ("GET", "/admin/v1/diagnosis"),
        ("GET", "/admin/v1/nothing-here"),
    ];
    let wrong = [
        None,
        Some(String::new()),
        Some("Bearer".to_owned()),
        Some("Bearer ".to_owned()),
        Some("Bearer wrong".to_owned()),
        Some(format!("Bearer {TOKEN}x")),
        Some(format!("Bearer {}", &TOKEN[1..])),
        Some(format!("Basic {TOKEN}")),
        Some(TOKEN.to_owned()),
    ];
    for (method, path) in routes {
        for authorization in &wrong {
            let mut request = client.request(method, path);
            if let Some(value) = authorization {
                request = request.header("Authorization", value);
            }
            // Others than those who guess are not slowed down with them.
            request = request.header("X-Client", "192.0.2.1");
            let reply = request.send().unwrap();
            // Wrong keys are slowed down after a few: tests/it/doors.rs.
            let is_slowed = reply.status == 429;
            assert!(reply.status == 401 || is_slowed, "{method} {path} {authorization:?}: {}", reply.text());
            let how = reply.header("WWW-Authenticate");
            assert!(is_slowed || how.is_some_and(|how| how.starts_with("Bearer")), "{path}");
            assert_eq!(reply.header("Cache-Control"), Some("no-store"), "{path}");
            assert_eq!(reply.header("Access-Control-Allow-Origin"), None, "{path}");
            assert_eq!(reply.json()["status"], reply.status, "{path}");
        }
    }
    let reply = client.get("/admin/v1/versions").token(TOKEN).send().unwrap();
    assert_eq!((reply.status, reply.header("Cache-Control")), (200, Some("no-store")));
    assert_eq!(reply.header("Access-Control-Allow-Origin"), None);
    assert_eq!(client.get("/admin/v1/nothing-here").token(TOKEN).send().unwrap().status, 404);
}

#[test]
fn without_a_secret_there_is_no_administration() {
    let workerd = Workerd::start(Setup::default()).unwrap();
    let client = workerd.client();
    for token in ["", "anything", "undefined", "null"] {
        let reply = client.get("/admin/v1/versions").token(token).send().unwrap();
        assert_eq!(reply.status, 503, "{token}: {}", reply.text());
        assert_eq!(reply.json()["status"], 503, "{token}");
    }
    assert_eq!(client.get("/v1/guide").send().unwrap().status, 200);
}

#[test]
fn a_directory_is_validated_without_being_published() {
    let workerd = workerd();
    let client = workerd.client();
    let before = live(&client);
    let validate = |directory: &Value| {
        let reply = client.post("/admin/v1/validate").token(TOKEN).json(directory).send().unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    };
    let right = validate(&documents::small("Validated only").unwrap());
    assert_eq!(right["valid"], true, "{right}");
    assert_eq!(right["snapshot"].as_str().map(str::len), Some(32), "{right}");
    let wrong = validate(&documents::wrong().unwrap());
    assert_eq!((&wrong["valid"], &wrong["snapshot"]), (&json!(false), &Value::Null));
    let findings = wrong["findings"].as_array().unwrap();
    let places: Vec<&str> = findings.iter().filter_map(|finding| finding["path"].as_str()).collect();
    for place in ["structures[0].network", "structures[1].commune"] {
        assert!(places.contains(&place), "every finding at once, with its place: {places:?}");
    }
    assert_eq!(live(&client), before);
    assert_eq!(admin(&client, "/admin/v1/versions")["versions"], json!([]));
}

#[test]
fn a_publication_is_live_at_once_and_answers_say_so() {
    let workerd = workerd();
    let client = workerd.client();
    let shipped = live(&client);
    let directory = documents::titled("The first of all").unwrap();
    let reply = publish(&client, &directory);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let answer = reply.json();
    assert_eq!(
        (answer["version"].as_u64(), answer["previous"].as_str()),
        (Some(1), Some(shipped.as_str())),
        "{answer}"
    );
    assert!(answer["findings"].is_array(), "{answer}");
    let snapshot = answer["snapshot"].as_str().unwrap();
    assert_ne!(snapshot, shipped);

    let guide = client.get("/v1/guide").send().unwrap();
    assert_eq!(guide.json()["snapshot"], snapshot, "the isolate that published knows at once");
    assert_eq!(guide.header("Spro-Source"), Some("kv"));
    let health = client.get("/v1/health").send().unwrap().json();
    assert_eq!((&health["source"], &health["version"]), (&json!("kv"), &json!(1)), "{health}");
    // Pages that are open meanwhile go on with the snapshot that they began with.
    for id in [snapshot, shipped.as_str()] {
        let piece = client.get(&format!("/v1/{id}/department.26.bin")).send().unwrap();
        assert_eq!(piece.status, 200, "{id}");
    }
    // Without the fields that say nothing: what a directory holds is all there.
    let read = |document: &Value| Directory::from_json(document.to_string().as_bytes()).unwrap();
    assert_eq!(read(&admin(&client, "/admin/v1/directory")), read(&directory));
    let history = admin(&client, "/admin/v1/versions");
    assert_eq!(history["live"], snapshot);
    let entry = &history["versions"][0];
    assert_eq!(
        (&entry["version"], &entry["reason"], &entry["title"], &entry["action"]),
        (&json!(1), &json!("essai décisif"), &json!("The first of all"), &json!("publish")),
        "{entry}"
    );
    assert_eq!(entry["structures"].as_u64(), directory["structures"].as_array().map(|all| all.len() as u64));
    assert!(
        entry["published_at"].as_str().is_some_and(|when| when.ends_with('Z') && when.len() >= 20),
        "{entry}"
    );
}

#[test]
fn a_directory_with_errors_changes_nothing() {
    let workerd = workerd();
    let client = workerd.client();
    let snapshot = published(&client, &documents::small("Good").unwrap());
    let reply = publish(&client, &documents::wrong().unwrap());
    assert_eq!(reply.status, 422);
    let problem = reply.json();
    assert!(problem["findings"].as_array().is_some_and(|findings| findings.len() >= 2), "{problem}");
    assert_eq!(live(&client), snapshot);
    assert_eq!(admin(&client, "/admin/v1/versions")["versions"].as_array().map(Vec::len), Some(1));
}

#[test]
fn publishing_what_is_live_is_no_new_version() {
    let workerd = workerd();
    let client = workerd.client();
    let directory = documents::small("Twice").unwrap();
    let first = published(&client, &directory);
    let again = publish(&client, &directory);
    assert_eq!(again.status, 200);
    let answer = again.json();
    assert_eq!(
        (&answer["unchanged"], &answer["snapshot"], &answer["version"]),
        (&json!(true), &json!(first), &json!(1)),
        "{answer}"
    );
    assert_eq!(admin(&client, "/admin/v1/versions")["versions"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_precondition_protects_the_work_of_another() {
    let workerd = workerd();
    let client = workerd.client();
    let seen = published(&client, &documents::small("Seen by both").unwrap());
    let with = |condition: &str, title: &str| {
        let request = client.post("/admin/v1/publish").token(TOKEN).header("If-Match", condition);
        request.json(&documents::small(title).unwrap()).send().unwrap()
    };
    let first = with(&format!("\"{seen}\""), "Of the quick one");
    assert_eq!(first.status, 200, "{}", first.text());
    let late = with(&format!("\"{seen}\""), "Of the slow one");
    assert_eq!(late.status, 412, "{}", late.text());
    assert_eq!(late.json()["live"], first.json()["snapshot"], "the slow one learns what is live");
    assert_eq!(live(&client), first.json()["snapshot"].as_str().unwrap());
    assert_eq!(with("*", "Of the sure one").status, 200);
    let rollback = client.post("/admin/v1/rollback").token(TOKEN).header("If-Match", &format!("\"{seen}\""));
    assert_eq!(rollback.json(&json!({"to": null, "reason": ""})).send().unwrap().status, 412);
}

#[test]
fn of_two_at_once_with_the_same_precondition_one_wins() {
    let workerd = workerd();
    let client = workerd.client();
    let seen = published(&client, &documents::small("Seen by both").unwrap());
    let start = Arc::new(Barrier::new(2));
    let publishers: Vec<_> = ["One", "Two"]
        .into_iter()
        .map(|title| {
            let (client, start, seen) = (client.clone(), Arc::clone(&start), seen.clone());
            thread::spawn(move || {
                let directory = documents::small(title).unwrap();
                start.wait();
                let request =
                    client.post("/admin/v1/publish").token(TOKEN).header("If-Match", &format!("\"{seen}\""));
                request.json(&directory).send().unwrap().status
            })
        })
        .collect();
    let mut statuses: Vec<u16> = publishers.into_iter().map(|publisher| publisher.join().unwrap()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    let versions = admin(&client, "/admin/v1/versions");
    assert_eq!(versions["versions"].as_array().map(Vec::len), Some(2), "nothing is lost: {versions}");
    assert_eq!(versions["live"].as_str(), Some(live(&client).as_str()));
}

#[test]
fn going_back_moves_the_pointer_only() {
    let workerd = workerd();
    let client = workerd.client();
    let shipped = live(&client);
    let first = published(&client, &documents::small("First").unwrap());
    let second = published(&client, &documents::small("Second").unwrap());

    let back = roll_back(&client, &Value::Null);
    assert_eq!(back.status, 200, "{}", back.text());
    assert_eq!(back.json()["snapshot"], json!(first));
    assert_eq!(back.json()["previous"], json!(second));
    assert_eq!(live(&client), first);
    let forward = roll_back(&client, &json!(second));
    assert_eq!((forward.status, live(&client)), (200, second.clone()), "{}", forward.text());
    assert_eq!(admin(&client, "/admin/v1/directory")["title"], "Second");
    assert_eq!(admin(&client, &format!("/admin/v1/directory?snapshot={first}"))["title"], "First");

    let history = admin(&client, "/admin/v1/versions");
    let numbers: Vec<u64> = history["versions"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["version"].as_u64())
        .collect();
    assert_eq!(numbers, [4, 3, 2, 1], "newest first, nothing rewritten: {history}");
    assert_eq!(history["versions"][0]["action"], "rollback");

    let nowhere = roll_back(&client, &json!("0".repeat(32)));
    assert!(matches!(nowhere.status, 404 | 422), "{}", nowhere.text());
    assert_eq!(live(&client), second);
    // Before the first publication there was the directory shipped with the build.
    let before_all = roll_back(&client, &json!(shipped));
    assert!(matches!(before_all.status, 200 | 404 | 422), "{}", before_all.text());
}

#[test]
fn what_was_published_survives_a_restart() {
    let mut workerd = workerd();
    let first = published(&workerd.client(), &documents::small("First").unwrap());
    let second = published(&workerd.client(), &documents::small("Second").unwrap());
    workerd.restart().unwrap();
    let client = workerd.client();
    assert_eq!(live(&client), second);
    assert_eq!(client.get(&format!("/v1/{first}/communes.bin")).send().unwrap().status, 200);
    assert_eq!(roll_back(&client, &Value::Null).json()["snapshot"], json!(first));
    workerd.restart().unwrap();
    assert_eq!(live(&workerd.client()), first);
}

#[test]
fn a_publication_elsewhere_is_seen_within_seconds() {
    // Two workers on one KV, as two cities of an edge network are.
    let one = workerd();
    let kv = spro_tests::Kv::At(one.kv().to_owned());
    let two = Workerd::start(Setup { kv, token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap();
    live(&two.client());
    let snapshot = published(&one.client(), &documents::small("From elsewhere").unwrap());
    eventually(|| Ok(live(&two.client())), |seen| *seen == snapshot).unwrap();
}

#[test]
fn differences_and_the_diagnosis_speak_of_what_is_live() {
    let workerd = workerd();
    let client = workerd.client();
    let mut directory = documents::titled("Compared").unwrap();
    published(&client, &directory);
    let removed = directory["structures"].as_array_mut().unwrap().remove(0);
    directory["structures"][0]["name"] = json!("Another name");
    let reply = client.post("/admin/v1/diff").token(TOKEN).json(&directory).send().unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    let difference = reply.json();
    assert_eq!(difference["removed"][0]["id"], removed["id"], "{difference}");
    assert_eq!(difference["changed"][0]["id"], directory["structures"][0]["id"], "{difference}");
    assert_eq!(difference["added"], json!([]), "{difference}");
    let diagnosis = admin(&client, "/admin/v1/diagnosis");
    assert_eq!(diagnosis["departments"].as_array().map(Vec::len), Some(12), "{diagnosis}");
}

#[test]
fn who_removes_more_than_a_tenth_says_how_many() {
    let workerd = workerd();
    let client = workerd.client();
    let with = |places: usize| {
        let mut directory = documents::small("Moins").unwrap();
        directory["structures"].as_array_mut().unwrap().truncate(places);
        directory
    };
    // The shipped directory may be replaced by anything.
    let first = published(&client, &with(30));
    let said = |removing: &str, places: usize| {
        let path = format!("/admin/v1/publish?reason=essai{removing}");
        client.post(&path).token(TOKEN).json(&with(places)).send().unwrap()
    };
    for removing in ["", "&removing=9", "&removing=30"] {
        let reply = said(removing, 20);
        assert_eq!(reply.status, 409, "{removing}: {}", reply.text());
        assert_eq!((&reply.json()["code"], &reply.json()["removed"]), (&json!("removes-many"), &json!(10)));
        assert_eq!(live(&client), first);
    }
    assert_eq!(said("&removing=dix", 20).status, 400);
    assert_eq!(said("", 27).status, 200, "a tenth is not many");
    assert_eq!(said("", 20).status, 200, "seven are read one by one");
    assert_eq!(said("", 9).status, 409);
    assert_eq!(said("&removing=11", 9).status, 200);
}

/// What `cargo xtask torture load` does for a minute: each answer is of one directory that was
/// published, whole, however many visit and whatever is published meanwhile.
#[test]
fn visits_while_directories_change_are_each_of_one_directory() {
    const PUBLICATIONS: usize = 6;
    let workerd = workerd();
    let client = workerd.client();
    let documents = ["Un", "Deux"].map(|title| documents::small(title).unwrap());
    let known = documents.each_ref().map(|document| published(&client, document));
    let firsts: Mutex<BTreeMap<(String, &str), Vec<u8>>> = Mutex::default();
    let (over, visits) = (AtomicBool::new(false), AtomicUsize::new(0));
    let visit = |client: &Client| {
        let good = |reply: Reply| {
            assert_eq!(reply.status, 200, "{}", reply.text());
            reply.body
        };
        let get = |path: &str| good(client.get(path).send().unwrap());
        let first: Value = serde_json::from_slice(&get("/v1/first.json?lang=fr")).unwrap();
        let snapshot = first["snapshot"].as_str().unwrap();
        assert!(known.iter().any(|id| id == snapshot), "nobody published {snapshot}");
        for piece in ["guide", "texts.fr", "communes", "department.26"] {
            let bytes = get(&format!("/v1/{snapshot}/{piece}.bin"));
            assert_eq!(first["pieces"][piece], hash(&bytes), "{piece} of {snapshot}");
        }
        let asked = json!({ "commune": "26281", "answers": { "situation": "pupil", "for-whom": "me" } });
        let said = good(client.post("/v1/recommendations").json(&asked).send().unwrap());
        for (what, answer) in [("guide", get("/v1/guide")), ("said", said)] {
            let read: Value = serde_json::from_slice(&answer).unwrap();
            let of = read["snapshot"].as_str().unwrap().to_owned();
            assert!(known.contains(&of), "nobody published {of}");
            let mut firsts = firsts.lock().unwrap();
            assert!(*firsts.entry((of, what)).or_insert_with(|| answer.clone()) == answer, "another {what}");
        }
        visits.fetch_add(1, Ordering::Relaxed);
    };
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let client = workerd.client();
                while !over.load(Ordering::Relaxed) {
                    visit(&client);
                }
            });
        }
        // Whoever fails to publish ends the visits, too.
        let replies: Vec<u16> =
            (0..PUBLICATIONS).map(|turn| publish(&client, &documents[turn % 2]).status).collect();
        over.store(true, Ordering::Relaxed);
        assert_eq!(replies, [200; PUBLICATIONS]);
    });
    assert!(visits.into_inner() > 4);
}
