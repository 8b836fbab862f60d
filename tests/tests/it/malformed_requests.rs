//! Whatever is sent, the answer is a problem document with a sentence for a person: never a
//! 500, never the text of an error of ours.

use spro_tests::{Client, Reply, Setup, Workerd, documents};

const TOKEN: &str = "a-token-of-this-test-and-long-enough";

fn workerd() -> Workerd {
    Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap()
}

/// What is said must be a problem document (RFC 9457) of this status, in plain French.
#[track_caller]
fn check_problem(reply: &Reply, status: u16, what: &str) {
    assert_eq!(reply.status, status, "{what}: {}", reply.text());
    let kind = reply.header("Content-Type").unwrap_or_default();
    assert!(kind.starts_with("application/problem+json"), "{what}: {kind}");
    let problem = reply.json();
    assert_eq!(problem["status"], status, "{what}: {problem}");
    for member in ["type", "title", "detail", "code"] {
        assert!(
            problem[member].as_str().is_some_and(|text| !text.is_empty()),
            "{what}: {member} in {problem}"
        );
    }
    let text = reply.text().to_lowercase();
    for leak in
        ["panick", "expected value", "at line", "serde", "unwrap", "wasm", ".rs:", "undefined", "[object"]
    {
        assert!(!text.contains(leak), "{what}: {leak} in {text}");
    }
}

/// The worker must still be well afterwards.
fn check_alive(client: &Client) {
    assert_eq!(client.get("/v1/guide").send().unwrap().status, 200);
}

#[test]
fn addresses_that_lead_nowhere() {
    let workerd = workerd();
    let client = workerd.client();
    let snapshot = client.get("/v1/guide").send().unwrap().json()["snapshot"].as_str().unwrap().to_owned();
    let unknown = "0".repeat(32);
    for path in [
        "/nowhere".to_owned(),
        "/v1".to_owned(),
        "/v1/".to_owned(),
        "/v1/guide/".to_owned(),
        "/v1/guide.xml".to_owned(),
        "/V1/guide".to_owned(),
        "//v1/guide".to_owned(),
        "/v1/%67uide%00".to_owned(),
        format!("/v1/{unknown}/guide.bin"),
        format!("/v1/{unknown}/guide.fr.json"),
        format!("/v1/{snapshot}/guide.xx.bin"),
        format!("/v1/{snapshot}/department.99.json"),
        format!("/v1/{snapshot}/directory.bin"),
        format!("/v1/{snapshot}/manifest.json"),
        format!("/v1/{snapshot}/communes"),
        format!("/v1/{snapshot}/communes.bin/"),
        format!("/v1/{snapshot}/..%2fcommunes.bin"),
        format!("/v1/{}/communes.bin", "A".repeat(32)),
        format!("/v1/{snapshot}/"),
        format!("/v1/{}/communes.bin", "a".repeat(4000)),
        // Ways to break the worker on purpose, which only a build for tests has.
        "/test/panic".to_owned(),
        "/test/panic-later".to_owned(),
        "/test/trap".to_owned(),
        "/test/memory".to_owned(),
        "/test/stack".to_owned(),
    ] {
        check_problem(&client.get(&path).send().unwrap(), 404, &path);
    }
    check_alive(&client);
}

#[test]
fn methods_that_an_address_does_not_admit() {
    let workerd = workerd();
    let client = workerd.client();
    for (method, path) in [
        ("POST", "/v1/guide"),
        ("DELETE", "/v1/guide"),
        ("PUT", "/v1/first.json"),
        ("PATCH", "/v1/health"),
        ("GET", "/v1/recommendations"),
        ("PUT", "/v1/recommendations"),
        ("PUT", "/"),
        ("POST", "/spro-guide.js"),
        ("DELETE", "/openapi.json"),
    ] {
        let reply = client.request(method, path).send().unwrap();
        check_problem(&reply, 405, &format!("{method} {path}"));
        assert!(reply.header("Allow").is_some_and(|allowed| !allowed.contains(method)), "{method} {path}");
    }
    for (method, path) in
        [("GET", "/admin/v1/publish"), ("DELETE", "/admin/v1/versions"), ("GET", "/admin/v1/rollback")]
    {
        let reply = client.request(method, path).token(TOKEN).send().unwrap();
        check_problem(&reply, 405, &format!("{method} {path}"));
    }
    check_alive(&client);
}

#[test]
fn recommendations_asked_badly() {
    let workerd = workerd();
    let client = workerd.client();
    let json = "application/json";
    let long = format!("{{\"answers\": {{}}, \"commune\": \"{}\"}}", "2".repeat(20_000));
    let deep = format!("{}{}", "[".repeat(8_000), "]".repeat(8_000));
    let cases: Vec<(u16, &str, Vec<u8>)> = vec![
        (415, "text/plain", b"{}".to_vec()),
        (415, "application/x-www-form-urlencoded", b"commune=26281".to_vec()),
        (415, "", b"{}".to_vec()),
        (400, json, Vec::new()),
        (400, json, b"{".to_vec()),
        (400, json, b"\xff\xfe".to_vec()),
        (400, json, b"{\"answers\": {}, \"commune\": \"26281\"} and more".to_vec()),
        (400, json, deep.into_bytes()),
        (413, json, long.into_bytes()),
        (413, json, vec![b' '; 17 * 1024]),
        (422, json, b"{\"answers\": {}, \"commune\": \"99999\"}".to_vec()),
        (422, json, b"{\"answers\": {}, \"commune\": \"75056\"}".to_vec()),
        (422, json, b"{\"answers\": {}, \"commune\": \"\"}".to_vec()),
        (422, json, b"{\"answers\": {}, \"commune\": \"26281\\u0000\"}".to_vec()),
        (422, json, "{\"answers\": {}, \"commune\": \"é\"}".into()),
        (422, json, b"{\"answers\": {\"situation\": \"astronaut\"}, \"commune\": \"26281\"}".to_vec()),
        (422, json, b"{\"answers\": {\"shoe-size\": \"42\"}, \"commune\": \"26281\"}".to_vec()),
    ];
    for (status, kind, body) in cases {
        let what = format!("{kind} {}", String::from_utf8_lossy(&body[..body.len().min(80)]));
        let mut request = client.post("/v1/recommendations").body(body);
        if !kind.is_empty() {
            request = request.header("Content-Type", kind);
        }
        let reply = request.send().unwrap();
        check_problem(&reply, status, &what);
        assert_eq!(
            reply.header("Access-Control-Allow-Origin"),
            Some("*"),
            "{what}: a page must see the problem"
        );
    }
    // Well-formed JSON of another shape: the caller's fault, by either name.
    for body in [
        "[]",
        "null",
        "1",
        "{}",
        "{\"answers\": []}",
        "{\"answers\": {}, \"commune\": 26281}",
        "{\"answers\": {\"age\": 3}, \"commune\": \"26281\"}",
    ] {
        let reply =
            client.post("/v1/recommendations").header("Content-Type", json).body(body).send().unwrap();
        assert!(matches!(reply.status, 400 | 422), "{body}: {}", reply.status);
        check_problem(&reply, reply.status, body);
    }
    check_alive(&client);
}

#[test]
fn directories_that_are_none() {
    let workerd = workerd();
    let client = workerd.client();
    let mut unknown_field = documents::titled("One field too many").unwrap();
    unknown_field["structures"][3]["telephone"] = "04".into();
    for path in ["/admin/v1/validate", "/admin/v1/publish", "/admin/v1/diff"] {
        for (body, what) in [
            (Vec::new(), "nothing"),
            (b"{".to_vec(), "half of it"),
            (b"\xff\x00\x01".to_vec(), "bytes"),
            (b"[]".to_vec(), "a list"),
            (b"{\"format\": 999}".to_vec(), "another format"),
            (vec![b'['; 100_000], "a hole"),
            (unknown_field.to_string().into_bytes(), "an unknown field"),
        ] {
            let what = format!("{path} with {what}");
            let reply = client
                .post(path)
                .token(TOKEN)
                .header("Content-Type", "application/json")
                .body(body)
                .send()
                .unwrap();
            if reply.status == 200 {
                let answer = reply.json();
                assert!(path.ends_with("validate"), "{what}: {answer}");
                assert_eq!(answer["valid"], false, "{what}: {answer}");
                assert!(!answer["findings"].as_array().unwrap().is_empty(), "{what}: {answer}");
                continue;
            }
            assert!(matches!(reply.status, 400 | 422), "{what}: {}", reply.text());
            check_problem(&reply, reply.status, &what);
        }
    }
    let reply = client.post("/admin/v1/validate").token(TOKEN).json(&unknown_field).send().unwrap();
    assert!(
        reply.text().contains("structures[3].telephone"),
        "an unknown field is refused with its path: {}",
        reply.text()
    );
    for body in
        ["", "{", "[]", "{\"to\": 3}", "{\"to\": \"../../etc\"}", "{\"to\": \"0123\", \"reason\": \"\"}"]
    {
        let reply = client
            .post("/admin/v1/rollback")
            .token(TOKEN)
            .header("Content-Type", "application/json")
            .body(body)
            .send()
            .unwrap();
        assert!(matches!(reply.status, 400 | 422), "{body}: {}", reply.text());
        check_problem(&reply, reply.status, body);
    }
    let reply = client.get("/admin/v1/directory?snapshot=..%2fx").token(TOKEN).send().unwrap();
    assert!((400..500).contains(&reply.status), "{}", reply.text());
    for header in ["W/\"x\"", "x", "\"\""] {
        let reply = client
            .post("/admin/v1/publish")
            .token(TOKEN)
            .header("If-Match", header)
            .json(&unknown_field)
            .send()
            .unwrap();
        assert!(matches!(reply.status, 400 | 412 | 422), "{header}: {}", reply.text());
    }
    check_alive(&client);
}
