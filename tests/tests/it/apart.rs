//! What the administration does, and whether it runs at all, is nothing that a visitor notices.

use serde_json::{Value, json};
use spro_tests::faults::Faults;
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
    for piece in [
        "guide.bin",
        "texts.fr.bin",
        "communes.bin",
        "department.26.bin",
        "guide.fr.json",
        "department.26.json",
    ] {
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
    // Without the token of a draft nothing of it is said.
    let preview = workerd.administration().get("/internal/preview/a1/b2").send().unwrap();
    assert_eq!(preview.status, 404);
}

#[test]
fn the_public_worker_is_configured_with_nothing_that_it_does_not_need() {
    let folder = spro_tests::paths::root();
    for (file, there) in [("workerd.capnp", "ADMINISTRATION"), ("wrangler.toml", "ADMINISTRATION")] {
        let of = |worker: &str| {
            let text = std::fs::read_to_string(folder.join(worker).join(file)).unwrap();
            text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n")
        };
        let (public, administration) = (of("worker"), of("administration"));
        assert!(public.contains(there), "{public}");
        for secret in ["ADMIN_TOKEN", "LEDGER", "Ledger", "urableObject", "durable_objects", "writable"] {
            assert!(!public.contains(secret), "{file}: {secret}");
        }
        assert!(administration.contains("LEDGER"), "{administration}");
    }
}

#[test]
fn nobody_without_a_key_has_visitors_wait_for_the_storage() {
    let workerd =
        Workerd::start(Setup { token: Some(TOKEN.to_owned()), faulty: true, ..Setup::default() }).unwrap();
    let client = workerd.client();
    publish(&client, "Published");
    visit(&client);
    workerd.faults().set(&Faults::default()).unwrap();
    let posts = 40;
    for _ in 0..posts {
        // A request that the administration answers well, with no key.
        let form = client.post("/embed/doctor").header("Content-Type", "application/x-www-form-urlencoded");
        assert_eq!(form.body("address=&policy=default-src+%27none%27").send().unwrap().status, 200);
        assert_eq!(client.get("/v1/guide").send().unwrap().status, 200);
    }
    let looks = workerd.faults().operations().unwrap();
    let looks = looks.iter().filter(|operation| *operation == "GET spro1.current").count();
    // What is live is in memory; it is looked for once a second, whoever asks for what.
    assert!(looks < posts / 2, "{looks} looks for {posts} requests");
}
