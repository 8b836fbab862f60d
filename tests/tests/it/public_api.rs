//! The public API, over HTTP, from the real worker in real workerd with an empty KV: what
//! is answered is the directory shipped with the build.

use shared::commune_index::CommuneIndex;
use shared::snapshot::{self, DepartmentPiece, Guide, GuideTexts, SnapshotId};
use spro_tests::{Client, Reply, Setup, Workerd, paths};
use std::io::Read as _;

fn workerd() -> Workerd {
    Workerd::start(Setup::default()).unwrap()
}

fn get(client: &Client, path: &str) -> Reply {
    client.get(path).send().unwrap()
}

fn unbrotli(reply: &Reply) -> Vec<u8> {
    assert_eq!(reply.header("Content-Encoding"), Some("br"));
    let mut bytes = Vec::new();
    brotli::Decompressor::new(reply.body.as_slice(), 4096).read_to_end(&mut bytes).unwrap();
    bytes
}

fn snapshot_of(client: &Client) -> String {
    get(client, "/v1/guide").json()["snapshot"].as_str().unwrap().to_owned()
}

#[test]
fn the_guide_names_the_snapshot_that_it_comes_from() {
    let workerd = workerd();
    let reply = get(&workerd.client(), "/v1/guide?lang=fr");
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("Content-Type").map(|kind| kind.starts_with("application/json")), Some(true));
    assert_eq!(reply.header("Cache-Control"), Some("no-cache"), "a publication shows at the next reload");
    assert_eq!(reply.header("Spro-Source"), Some("shipped"));
    let guide = reply.json();
    assert!(SnapshotId::parse(guide["snapshot"].as_str().unwrap()).is_some(), "{}", guide["snapshot"]);
    assert_eq!((guide["language"].as_str(), guide["edition"].as_str()), (Some("fr"), Some("2026")));
    for part in ["questions", "networks", "rules", "remote_services", "departments"] {
        assert!(guide[part].as_array().is_some_and(|items| !items.is_empty()), "{part}");
    }
}

#[test]
fn a_language_that_is_not_there_falls_back_to_french() {
    let workerd = workerd();
    let client = workerd.client();
    for lang in ["", "?lang=", "?lang=xx", "?lang=fr-FR", "?lang=..%2f..", "?lang=%00", "?other=1"] {
        let reply = get(&client, &format!("/v1/guide{lang}"));
        assert_eq!((reply.status, reply.json()["language"].as_str()), (200, Some("fr")), "{lang}");
    }
}

#[test]
fn who_has_the_guide_already_gets_304() {
    let workerd = workerd();
    let client = workerd.client();
    let snapshot = snapshot_of(&client);
    let pieces = format!("/v1/{snapshot}/communes.bin");
    let element = format!("/{}/element.js", paths::build_id().unwrap());
    for path in ["/v1/guide", "/v1/first.json", "/spro-guide.js", "/", &pieces, &element] {
        for encoding in ["identity", "br"] {
            let ask = || client.get(path).header("Accept-Encoding", encoding);
            let tag = ask().send().unwrap().header("ETag").expect(path).to_owned();
            assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 2, "strong: {tag}");
            for have in [tag.clone(), format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
                let reply = ask().header("If-None-Match", &have).send().unwrap();
                assert_eq!((reply.status, reply.body.len()), (304, 0), "{path} {encoding} {have}");
                assert_eq!(reply.header("ETag"), Some(tag.as_str()), "{path} {encoding}");
                assert!(reply.header("Cache-Control").is_some(), "{path} {encoding}");
            }
            for have in ["\"other\"", "garbage", "\"", ""] {
                let reply = ask().header("If-None-Match", have).send().unwrap();
                assert_eq!(reply.status, 200, "{path} {encoding} {have}");
            }
        }
    }
}

#[test]
fn head_says_what_get_would() {
    let workerd = workerd();
    let client = workerd.client();
    let snapshot = snapshot_of(&client);
    for path in
        ["/v1/guide", "/v1/first.json", &format!("/v1/{snapshot}/communes.bin"), "/spro-guide.js", "/"]
    {
        let (get, head) = (get(&client, path), client.request("HEAD", path).send().unwrap());
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        for header in ["ETag", "Content-Type", "Cache-Control", "Access-Control-Allow-Origin"] {
            assert_eq!(head.header(header), get.header(header), "{path} {header}");
        }
    }
}

#[test]
fn what_travels_is_compressed_for_who_accepts_it() {
    let workerd = workerd();
    let client = workerd.client();
    let snapshot = snapshot_of(&client);
    let build = paths::build_id().unwrap();
    for path in [
        "/v1/guide".to_owned(),
        "/v1/first.json".to_owned(),
        format!("/v1/{snapshot}/communes.bin"),
        format!("/v1/{snapshot}/communes.json"),
        "/spro-guide.js".to_owned(),
        format!("/{build}/element.js"),
        format!("/{build}/element_bg.wasm"),
        "/openapi.json".to_owned(),
        "/".to_owned(),
    ] {
        let plain = get(&client, &path);
        assert_eq!((plain.status, plain.header("Content-Encoding")), (200, None), "{path}");
        assert!(
            plain.header("Vary").is_some_and(|vary| vary.to_lowercase().contains("accept-encoding")),
            "{path}"
        );
        for accepted in ["br", "gzip, deflate, br", "br;q=0.5", "BR"] {
            let reply = client.get(&path).header("Accept-Encoding", accepted).send().unwrap();
            assert_eq!(unbrotli(&reply), plain.body, "{path} for {accepted}");
        }
        for refused in ["gzip", "br;q=0", "identity", "brown", ""] {
            let reply = client.get(&path).header("Accept-Encoding", refused).send().unwrap();
            assert_eq!(reply.header("Content-Encoding"), None, "{path} for {refused}");
            assert_eq!(reply.body, plain.body, "{path} for {refused}");
        }
    }
}

#[test]
fn what_is_read_first_names_the_snapshot_and_the_hash_of_each_piece() {
    let workerd = workerd();
    let client = workerd.client();
    for (asked, spoken) in [("fr", "fr"), ("ar-MA", "ar"), ("xx", "fr")] {
        let reply = get(&client, &format!("/v1/first.json?lang={asked}"));
        assert_eq!(reply.header("Content-Type"), Some("application/json; charset=utf-8"));
        let first = reply.json();
        assert_eq!(first["snapshot"], snapshot_of(&client));
        assert_eq!(first["language"], spoken);
        let pieces = first["pieces"].as_object().unwrap();
        assert!(
            pieces.contains_key("guide")
                && pieces.contains_key(&format!("texts.{spoken}"))
                && pieces.contains_key("department.26")
        );
        for (name, expected) in pieces {
            let path = format!("/v1/{}/{name}.bin", snapshot_of(&client));
            assert_eq!(snapshot::hash(&get(&client, &path).body), *expected.as_str().unwrap(), "{name}");
        }
        let piece = |name: &str| get(&client, &format!("/v1/{}/{name}.bin", snapshot_of(&client))).body;
        let guide: Guide = snapshot::read(&piece("guide")).unwrap();
        let texts: GuideTexts = snapshot::read(&piece(&format!("texts.{spoken}"))).unwrap();
        assert_eq!(first["question"]["text"], texts.texts[guide.questions[0].text.text as usize]);
    }
}

#[test]
fn pieces_never_change_and_have_two_forms() {
    let workerd = workerd();
    let client = workerd.client();
    let snapshot = snapshot_of(&client);
    let guide: Guide = snapshot::read(&get(&client, &format!("/v1/{snapshot}/guide.bin")).body).unwrap();
    assert_eq!(guide.departments.len(), 12);
    let mut pieces =
        vec!["guide".to_owned(), "texts.fr".to_owned(), "about.fr".to_owned(), "communes".to_owned()];
    pieces.extend(guide.departments.iter().map(|department| snapshot::department_piece(&department.code)));
    for piece in &pieces {
        let bin = get(&client, &format!("/v1/{snapshot}/{piece}.bin"));
        let json = get(&client, &format!("/v1/{snapshot}/{piece}.json"));
        for reply in [&bin, &json] {
            assert_eq!(reply.status, 200, "{piece}");
            let control = reply.header("Cache-Control");
            assert_eq!(control, Some("public, max-age=31536000, immutable"), "{piece}");
            assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"), "{piece}");
            assert!(reply.header("ETag").is_some(), "{piece}");
        }
        assert_eq!(bin.header("Content-Type"), Some("application/octet-stream"), "{piece}");
        let converted = snapshot::to_json(piece, &bin.body).unwrap().unwrap();
        assert_eq!(json.body, converted, "{piece}: one content, two forms");
    }
    let communes: CommuneIndex =
        snapshot::read(&get(&client, &format!("/v1/{snapshot}/communes.bin")).body).unwrap();
    drop(communes);
    let drome: DepartmentPiece =
        snapshot::read(&get(&client, &format!("/v1/{snapshot}/department.26.bin")).body).unwrap();
    assert!(drome.commune("26281").is_some(), "Romans-sur-Isère is in the Drôme");
}

#[test]
fn health_says_where_the_answers_come_from() {
    let workerd = workerd();
    let health = get(&workerd.client(), "/v1/health").json();
    assert_eq!(health["status"], "ok", "an empty KV is a new service, not a broken one: {health}");
    assert_eq!(health["source"], "shipped");
    assert_eq!(health["snapshot"].as_str(), Some(snapshot_of(&workerd.client()).as_str()));
}

#[test]
fn any_site_may_read_and_only_read() {
    let workerd = workerd();
    let client = workerd.client();
    for path in ["/v1/guide", "/v1/first.json", "/v1/health", "/v1/recommendations", "/spro-guide.js"] {
        let preflight = client
            .request("OPTIONS", path)
            .header("Origin", "https://mairie.example")
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "content-type")
            .send()
            .unwrap();
        assert_eq!(preflight.status, 204, "{path}");
        assert_eq!(preflight.header("Access-Control-Allow-Origin"), Some("*"), "{path}");
        assert_eq!(preflight.header("Access-Control-Allow-Credentials"), None, "{path}");
    }
    let reply = client.get("/v1/guide").header("Origin", "https://mairie.example").send().unwrap();
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
    let exposed = reply.header("Access-Control-Expose-Headers").unwrap().to_lowercase();
    assert!(exposed.contains("spro-source") && exposed.contains("etag"), "{exposed}");
    assert_eq!(reply.header("Set-Cookie"), None);
}

#[test]
fn the_element_is_served_as_a_partner_pastes_it() {
    let workerd = workerd();
    let client = workerd.client();
    let build = paths::build_id().unwrap();
    let loader = get(&client, "/spro-guide.js");
    assert_eq!(loader.header("Content-Type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(loader.header("Cache-Control"), Some("public, max-age=300"));
    assert!(loader.text().contains(&build), "the loader names the build");
    for (file, kind) in [
        ("element.js", "text/javascript; charset=utf-8"),
        ("element_bg.wasm", "application/wasm"),
        ("third-party.txt", "text/plain; charset=utf-8"),
    ] {
        let reply = get(&client, &format!("/{build}/{file}"));
        assert_eq!((reply.status, reply.header("Content-Type")), (200, Some(kind)), "{file}");
        assert_eq!(reply.header("Cache-Control"), Some("public, max-age=31536000, immutable"), "{file}");
        assert_eq!(
            reply.header("Access-Control-Allow-Origin"),
            Some("*"),
            "{file}: modules are fetched with CORS"
        );
    }
    for path in
        ["/0123456789abcdef/element.js", &format!("/{build}/"), &format!("/{build}/missing.js"), "/build.txt"]
    {
        assert_eq!(get(&client, path).status, 404, "{path}");
    }
    // Whatever a path is made of, nothing but those files is served.
    for path in [
        "/..%2fworker/worker.js",
        "/%2e%2e/worker/worker.js",
        &format!("/{build}/..%2f..%2fworker%2fworker.js"),
    ] {
        assert!(matches!(get(&client, path).status, 400 | 404), "{path}");
    }
}

#[test]
fn the_api_describes_itself() {
    let workerd = workerd();
    let description = get(&workerd.client(), "/openapi.json").json();
    assert!(
        description["openapi"].as_str().is_some_and(|version| version.starts_with("3.")),
        "{description}"
    );
    for path in ["/v1/guide", "/v1/first.json", "/v1/recommendations", "/v1/health"] {
        assert!(description["paths"][path].is_object(), "{path}");
    }
}

#[test]
fn the_front_page_helps_without_javascript() {
    let workerd = workerd();
    let client = workerd.client();
    let reply = get(&client, "/");
    assert_eq!(reply.header("Content-Type"), Some("text/html; charset=utf-8"));
    let page = reply.text();
    assert!(page.contains("lang=\"fr\"") && page.contains("<spro-guide"), "{page}");
    let guide = get(&client, "/v1/guide").json();
    for service in guide["remote_services"].as_array().unwrap() {
        if service["serves"] == serde_json::json!("always") {
            assert!(page.contains(service["website"].as_str().unwrap()), "{}", service["id"]);
        }
    }
}
