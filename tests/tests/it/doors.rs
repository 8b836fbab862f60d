//! Who gets in, with what, and what those who do not may send.

use serde_json::{Value, json};
use spro_tests::{Client, Kv, Reply, Setup, Workerd};

use std::path::Path;

const TOKEN: &str = "a-token-of-this-test-and-long-enough";
const NEW_TOKEN: &str = "another-token-of-this-test-as-long";

fn at(folder: &Path, token: &str) -> Workerd {
    let kv = Kv::At(folder.join("kv"));
    Workerd::start(Setup { kv, token: Some(token.to_owned()), ..Setup::default() }).unwrap()
}

fn with_addresses() -> Workerd {
    let variables = vec![("CLIENT_ADDRESS", "X-Client")];
    Workerd::start(Setup { token: Some(TOKEN.to_owned()), variables, ..Setup::default() }).unwrap()
}

fn me(client: &Client, key: &str) -> Reply {
    client.get("/admin/v1/me").token(key).send().unwrap()
}

fn sign_in(client: &Client, key: &str) -> String {
    let reply = client.post("/admin/sign-in").form(&[("key", key)]).send().unwrap();
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

fn with_cookie(client: &Client, cookie: &str) -> u16 {
    client.get("/admin/v1/me").header("Cookie", cookie).send().unwrap().status
}

fn make_key(client: &Client, token: &str, name: &str) -> Value {
    let wanted = json!({ "name": name, "role": "region" });
    client.post("/admin/v1/keys").token(token).json(&wanted).send().unwrap().json()
}

#[test]
fn a_secret_that_is_changed_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let (cookies, made, other, revoked) = {
        let workerd = at(folder.path(), TOKEN);
        let client = workerd.client();
        let made = make_key(&client, TOKEN, "Rhône");
        let other = make_key(&client, TOKEN, "Ain");
        let revoked = make_key(&client, TOKEN, "Retirée");
        let path = format!("/admin/v1/keys/{}", revoked["id"].as_str().unwrap());
        assert_eq!(client.request("DELETE", &path).token(TOKEN).send().unwrap().status, 200);
        let key = made["key"].as_str().unwrap();
        let cookies = [sign_in(&client, TOKEN), sign_in(&client, key)];
        assert!(cookies.iter().all(|cookie| with_cookie(&client, cookie) == 200));
        (cookies, made, other, revoked)
    };
    let workerd = at(folder.path(), NEW_TOKEN);
    let client = workerd.client();
    for cookie in &cookies {
        assert_eq!(with_cookie(&client, cookie), 401, "a session of the old secret");
    }
    assert_eq!(me(&client, TOKEN).status, 401);
    let key = made["key"].as_str().unwrap();
    let suspended = me(&client, key);
    assert_eq!((suspended.status, &suspended.json()["code"]), (401, &json!("suspended-key")));
    let listed = client.get("/admin/v1/keys").token(NEW_TOKEN).send().unwrap().json();
    let states: Vec<bool> =
        listed["keys"].as_array().unwrap().iter().map(|key| key["suspended"] == true).collect();
    assert_eq!(states.iter().filter(|suspended| **suspended).count(), 2, "{listed}");

    let confirm = |made: &Value| {
        let path = format!("/admin/v1/keys/{}/confirm", made["id"].as_str().unwrap());
        client.post(&path).token(NEW_TOKEN).send().unwrap()
    };
    let confirmed = confirm(&made);
    assert_eq!((confirmed.status, &confirmed.json()["suspended"]), (200, &json!(false)));
    assert_eq!(me(&client, key).status, 200);
    assert_eq!(with_cookie(&client, &cookies[1]), 401, "its session stays over");

    // The same by the form of the page.
    let cookie = sign_in(&client, NEW_TOKEN);
    let page = || client.get("/admin/keys").header("Cookie", &cookie).send().unwrap().text();
    let action = format!("/admin/keys/{}/confirm", other["id"].as_str().unwrap());
    assert!(page().contains(&format!("action=\"{action}\"")) && page().contains("suspendue"));
    let sent = client.post(&action).header("Cookie", &cookie).form(&[]).send().unwrap();
    assert_eq!((sent.status, sent.header("location")), (303, Some("/admin/keys?done=key-confirmed")));
    assert_eq!(me(&client, other["key"].as_str().unwrap()).status, 200);
    assert!(!page().contains("suspendue"));
    assert_eq!((confirm(&revoked).status, confirm(&json!({ "id": "0123456789" })).status), (409, 404));
}

#[test]
fn a_short_secret_opens_nothing() {
    let token = "half-of-what-is-needed";
    let workerd = Workerd::start(Setup { token: Some(token.to_owned()), ..Setup::default() }).unwrap();
    let reply = me(&workerd.client(), token);
    assert_eq!((reply.status, &reply.json()["code"]), (503, &json!("weak-secret")));
    assert!(reply.text().contains("openssl rand -hex 32"), "{}", reply.text());
}

#[test]
fn guesses_wait_before_they_are_compared() {
    let workerd = with_addresses();
    let client = workerd.client();
    let from = |address: &str, key: &str| {
        client.get("/admin/v1/me").token(key).header("X-Client", address).send().unwrap()
    };
    let statuses: Vec<u16> =
        (0..7).map(|number| from("192.0.2.1", &format!("wrong-{number}")).status).collect();
    assert_eq!(statuses[..5], [401; 5]);
    assert_eq!(statuses[5..], [429; 2]);
    let held = from("192.0.2.200", TOKEN);
    assert_eq!(held.status, 429, "nobody learns whether this one was right");
    assert!(held.header("Retry-After").is_some_and(|wait| wait.parse::<u64>().is_ok()));
    assert_eq!(from("198.51.100.1", TOKEN).status, 200, "others do not wait");
    // Signing in with a form is guessing, too.
    let form = client.post("/admin/sign-in").header("X-Client", "192.0.2.1").form(&[("key", "x")]).send();
    assert_eq!(form.unwrap().status, 429);
}

#[test]
fn an_address_that_a_client_makes_up_counts_for_nothing() {
    let workerd = with_addresses();
    let client = workerd.client();
    for number in 0..4 {
        let address = format!("203.0.{number}.1");
        let reply = client.get("/admin/v1/me").token("wrong").header("CF-Connecting-IP", &address);
        assert_eq!(reply.send().unwrap().status, 401);
    }
    let trail = client.get("/admin/v1/audit").token(TOKEN).send().unwrap().json();
    let refused: Vec<&Value> =
        trail["entries"].as_array().unwrap().iter().filter(|entry| entry["done"] == "wrong-key").collect();
    assert_eq!(refused.len(), 4);
    assert!(refused.iter().all(|entry| entry["subject"] == "réseau inconnu"), "{trail}");
}

#[test]
fn where_nobody_says_who_asks_a_right_key_waits_and_gets_in() {
    let workerd = Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap();
    let client = workerd.client();
    for number in 0..5 {
        assert_eq!(me(&client, &format!("wrong-{number}")).status, 401);
    }
    assert_eq!(me(&client, TOKEN).status, 200);
}

#[test]
fn whoever_has_no_key_sends_little() {
    let workerd = with_addresses();
    let client = workerd.client();
    let form = "application/x-www-form-urlencoded";
    let origin = workerd.origin();
    let post = |path: &str, kind: &str, body: Vec<u8>| {
        let request = client.post(path).header("Content-Type", kind).header("Origin", &origin);
        request.body(body).send().unwrap().status
    };
    assert_eq!(post("/admin/sign-in", form, b"a&".repeat(2 * 1024 * 1024)), 413, "4 MiB");
    assert_eq!(post("/admin/sign-in", form, b"a=1&".repeat(1000)), 413, "a thousand fields");
    assert_eq!(post("/admin/sign-out", form, b"a=1&".repeat(10_000)), 303, "nothing is read");
    let parts = b"--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na\r\n--x--\r\n".to_vec();
    assert_eq!(post("/admin/sign-in", "multipart/form-data; boundary=x", parts), 415, "files");
    assert_eq!(post("/", form, b"a=1&".repeat(1000)), 413);
    assert_eq!(post("/", form, b"a&".repeat(1024 * 1024)), 413);
    assert_eq!(post("/embed/doctor", form, b"a=1&".repeat(100)), 413);
    assert_eq!(client.get("/v1/health").send().unwrap().status, 200);
}

#[test]
fn a_form_with_a_file_has_few_fields() {
    let workerd = with_addresses();
    let client = workerd.client();
    let cookie = sign_in(&client, TOKEN);
    let draft =
        client.post("/admin/v1/drafts").token(TOKEN).json(&json!({ "title": "x" })).send().unwrap().json();
    let path = format!("/admin/drafts/{}/file", draft["id"].as_str().unwrap());
    let part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
    for (many, expected) in [(31, 412), (40, 413), (200_000, 413)] {
        let body = format!("{}--x--\r\n", part.repeat(many));
        let request = client.post(&path).header("Cookie", &cookie).header("Origin", &workerd.origin());
        let reply =
            request.header("Content-Type", "multipart/form-data; boundary=x").body(body).send().unwrap();
        assert_eq!(reply.status, expected, "{many} fields: {}", reply.text());
    }
}

/// The runtime hears of a connection that is reset, as a system does where an answer is left
/// unread; of one that is closed it does not.
#[test]
fn a_list_that_nobody_waits_for_is_not_read_to_its_end() {
    use std::fmt::Write as _;
    use std::io::Write as _;
    let workerd = Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap();
    let client = workerd.client();
    let host = workerd.administration().origin().replace("http://", "");
    let draft = || {
        let begun = client.post("/admin/v1/drafts").token(TOKEN).json(&json!({ "title": "x" })).send();
        format!("/admin/v1/drafts/{}", begun.unwrap().json()["id"].as_str().unwrap())
    };
    let table = |rows: usize| {
        (0..rows).fold(String::from("Nom;CP;Commune;Réseau;Adresse\n"), |mut table, row| {
            let _ = writeln!(table, "CIO {row};26000;Valence;CIO;{row} rue Inventée");
            table
        })
    };
    // Where the connection is gone before the list is whole, nothing was begun: once more.
    for _ in 0..20 {
        let (left, list) = (draft(), table(8000));
        let mut stream = std::net::TcpStream::connect(&host).unwrap();
        write!(
            stream,
            "GET /embed/doctor HTTP/1.1\r\nHost: {host}\r\n\r\nPUT {left}/file?name=left.csv HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {}\r\n\r\n{list}",
            list.len()
        )
        .unwrap();
        stream.peek(&mut [0]).unwrap();
        for _ in 0..8 {
            assert_eq!(client.get("/embed/doctor").send().unwrap().status, 200);
        }
        drop(stream);
        let path = format!("{}/file?name=next.csv", draft());
        let next = client.request("PUT", &path).token(TOKEN).body(table(1)).send().unwrap();
        assert_eq!(next.status, 200, "{}", next.text());
        if workerd.log().contains("nobody waits for it") {
            let left = client.get(&left).token(TOKEN).send().unwrap();
            assert!(left.status == 200 && !left.text().contains("left.csv"), "{}", left.text());
            return;
        }
    }
    panic!("each list was read to its end");
}

/// Takes as long as a slow line may.
#[test]
#[ignore = "thorough: waits for a body that never comes to its end"]
fn a_body_that_drips_has_an_end() {
    use std::io::{Read as _, Write as _};
    let workerd = with_addresses();
    let host = workerd.origin().replace("http://", "");
    let mut stream = std::net::TcpStream::connect(&host).unwrap();
    write!(
        stream,
        "POST /v1/recommendations HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{{"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}
