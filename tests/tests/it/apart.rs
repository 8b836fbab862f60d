//! What the administration does, and whether it runs at all, is nothing that a visitor notices.

use serde_json::{Value, json};
use spro_tests::{Client, Kv, Setup, Workerd, documents};

const TOKEN: &str = "a-token-of-this-test-and-long-enough";

/// Everything that the element, the pages and a partner's server ask for on the way to a result, with
/// the bodies of the answers.
fn visit(client: &Client) -> Vec<(String, Vec<u8>)> {
    let get = |path: &str| {
        let reply = client.get(path).send().unwrap();
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        (path.to_owned(), reply.body)
    };
    let first = get("/v1/first.json?lang=fr");
    let id = serde_json::from_slice::<Value>(&first.1).unwrap()["snapshot"].as_str().unwrap().to_owned();
    let mut seen = vec![first];
    for path in ["/spro-guide.js", "/v1/guide", "/", "/?lang=ar", "/accessibilite", "/embed"] {
        seen.push(get(path));
    }
    for piece in ["guide.fr.bin", "communes.bin", "department.26.bin", "department.26.json"] {
        seen.push(get(&format!("/v1/{id}/{piece}")));
    }
    let asked = json!({"answers": {"situation": "pupil"}, "commune": "26281"});
    let reply = client.post("/v1/recommendations").json(&asked).send().unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    seen.push(("/v1/recommendations".to_owned(), reply.body));
    seen
}

fn workerd() -> Workerd {
    Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap()
}

fn publish(client: &Client, title: &str) -> String {
    let directory = documents::small(title).unwrap();
    let reply = client.post("/admin/v1/publish").token(TOKEN).json(&directory).send().unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["snapshot"].as_str().unwrap().to_owned()
}

#[test]
fn a_visit_is_the_same_with_the_administration_stopped() {
    let mut workerd = workerd();
    let client = workerd.client();
    publish(&client, "Published before");
    let before = visit(&client);
    let export = client.get("/v1/exports/places.csv").send().unwrap().body;
    workerd.stop_administration();
    assert_eq!(visit(&client), before);
    // What has been asked for since the publication is there without it.
    assert_eq!(client.get("/v1/exports/places.csv").send().unwrap().body, export);
    let health = client.get("/v1/health").send().unwrap();
    assert_eq!((health.status, &health.json()["status"]), (200, &json!("ok")), "{}", health.text());
    // Administrators learn that it is not there, in the form that they can read.
    let api = client.get("/admin/v1/me").token(TOKEN).send().unwrap();
    assert_eq!((api.status, &api.json()["code"]), (503, &json!("administration-unavailable")));
    let page = client.get("/admin").header("Accept", "text/html").send().unwrap();
    assert_eq!((page.status, page.header("Retry-After")), (503, Some("10")));
    assert!(page.text().contains("Le guide fonctionne"), "{}", page.text());
    // Once it is back, publications show at once.
    workerd.start_administration().unwrap();
    let after = publish(&client, "Published after");
    assert_eq!(client.get("/v1/guide").send().unwrap().json()["snapshot"], json!(after));
}

#[test]
fn a_guide_that_starts_without_its_administration_serves_what_is_published() {
    let first = workerd();
    let published = publish(&first.client(), "Published");
    // Another public worker on the same KV: its isolate has nothing in memory.
    let kv = Kv::At(first.kv().to_owned());
    let mut second = Workerd::start(Setup { kv, ..Setup::default() }).unwrap();
    second.stop_administration();
    let seen = visit(&second.client());
    assert!(seen.iter().any(|(path, _)| path.contains(&published)));
}

#[test]
fn nobody_outside_reaches_what_the_workers_say_to_each_other() {
    let workerd = workerd();
    let client = workerd.client();
    publish(&client, "Published");
    for path in [
        "/internal/published",
        "/internal/counts",
        "//internal/published",
        "/admin/../internal/published",
        "/admin/%2e%2e/internal/published",
    ] {
        assert_eq!(client.get(path).send().unwrap().status, 404, "{path}");
    }
    let known = workerd.administration().get("/internal/published").send().unwrap();
    assert_eq!((known.status, &known.json()["version"]), (200, &json!(1)), "{}", known.text());
    // A stolen path gives nothing away that the public worker would not serve.
    let preview = workerd.administration().get("/internal/preview/a1/b2").send().unwrap();
    assert_eq!(preview.status, 404);
}

#[test]
fn the_public_worker_writes_nothing() {
    let workerd = workerd();
    let client = workerd.client();
    publish(&client, "Published");
    let files = || {
        let mut names: Vec<_> = std::fs::read_dir(workerd.kv())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    let before = files();
    visit(&client);
    assert_eq!(files(), before);
}
