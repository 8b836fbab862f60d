//! The program and a server: a small one that stands for the worker.

use crate::desk::{Desk, TOKEN, text};
use serde_json::{Value, json};
use spro_tests::documents;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::thread::JoinHandle;

/// A directory that may be published: what these tests are about does not grow with the region.
fn directory() -> String {
    documents::small("Un annuaire").unwrap().to_string()
}

#[test]
fn a_server_that_is_not_there_has_its_own_exit_code() {
    let desk = Desk::new();
    desk.write("good.json", directory());
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = format!("http://127.0.0.1:{port}");
    for arguments in
        [&["versions"][..], &["publish", "good.json"], &["diff", "good.json"], &["rollback"], &["diagnose"]]
    {
        let mut arguments = arguments.to_vec();
        arguments.extend(["--server", &server]);
        let err = desk.fails_with(3, &arguments);
        assert!(err.contains("connexion refusée") && err.contains("cargo xtask run"), "{err}");
    }
}

/// A request as the server saw it.
struct Seen {
    line: String,
    headers: String,
    body: String,
}

/// Answers one request after another with the given status and JSON, then hands them back.
fn serve(answers: Vec<(u16, Value)>) -> (String, JoinHandle<Vec<Seen>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let mut answers = VecDeque::from(answers);
        let mut seen = Vec::new();
        while let Some((status, body)) = answers.pop_front() {
            let (mut stream, _) = listener.accept().unwrap();
            seen.push(read_request(&stream));
            respond(&mut stream, status, &body);
        }
        seen
    });
    (address, thread)
}

fn respond(stream: &mut TcpStream, status: u16, body: &Value) {
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).unwrap();
}

fn read_request(stream: &TcpStream) -> Seen {
    let mut reader = BufReader::new(stream);
    let (mut line, mut headers) = (String::new(), String::new());
    reader.read_line(&mut line).unwrap();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        if header.trim().is_empty() {
            break;
        }
        headers += &header.to_ascii_lowercase();
    }
    let length = headers
        .lines()
        .find_map(|header| header.strip_prefix("content-length: ")?.trim().parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Seen { line, headers, body: text(&body) }
}

const LIVE: &str = "0123456789abcdef0123456789abcdef";

fn live_directory() -> Value {
    let mut directory: Value = documents::small("Un annuaire").unwrap();
    directory["structures"].as_array_mut().unwrap().remove(0);
    directory
}

#[test]
fn publishing_compares_first_and_says_which_version_it_replaces() {
    let desk = Desk::new();
    desk.write("good.json", directory());
    let (server, thread) = serve(vec![
        (200, json!({ "live": LIVE, "versions": [] })),
        (200, live_directory()),
        (
            200,
            json!({ "snapshot": "f".repeat(32), "version": 4, "previous": LIVE, "unchanged": false, "findings": [] }),
        ),
    ]);
    let out =
        desk.succeeds_with(0, &["publish", "good.json", "--reason", "à jour & co", "--server", &server]);
    assert!(out.contains("+ lieux ajoutés       1") && out.contains("version 4"), "{out}");
    let seen = thread.join().unwrap();
    assert!(seen.iter().all(|request| request.headers.contains(&format!("authorization: bearer {TOKEN}"))));
    assert!(
        seen[1].line.starts_with(&format!("GET /admin/v1/directory?snapshot={LIVE} ")),
        "{}",
        seen[1].line
    );
    assert!(
        seen[2].line.starts_with("POST /admin/v1/publish?reason=%C3%A0%20jour%20%26%20co "),
        "{}",
        seen[2].line
    );
    assert!(seen[2].headers.contains(&format!("if-match: \"{LIVE}\"")), "{}", seen[2].headers);
    let sent: Value = serde_json::from_str(&seen[2].body).unwrap();
    assert!(sent["structures"].as_array().unwrap().len() > 1);
}

#[test]
fn a_publication_in_between_is_explained() {
    let desk = Desk::new();
    desk.write("good.json", directory());
    let answers = || {
        vec![
            (200, json!({ "live": LIVE, "versions": [] })),
            (200, live_directory()),
            (412, json!({ "status": 412, "detail": "x", "live": "f".repeat(32) })),
        ]
    };
    let (server, thread) = serve(answers());
    let err = desk.fails_with(1, &["publish", "good.json", "--server", &server]);
    assert!(err.contains("Quelqu’un a publié entre-temps") && err.contains(&"f".repeat(32)), "{err}");
    thread.join().unwrap();

    // What is live is not what was expected: nothing is sent, not even the document.
    let history = json!({ "live": LIVE, "versions": [
        { "version": 7, "snapshot": LIVE, "published_at": "2026-11-24T10:00:00Z", "reason": "à moi", "structures": 12, "action": "publish" },
        { "version": 6, "snapshot": "e".repeat(32), "published_at": "2026-11-23T10:00:00Z", "reason": "", "structures": 10, "action": "publish" },
    ] });
    for expected in ["6", "eeeeeeee", &"e".repeat(32), &"d".repeat(32)] {
        let (server, thread) = serve(vec![(200, history.clone())]);
        let err = desk.fails_with(1, &["publish", "good.json", "--expect", expected, "--server", &server]);
        assert!(err.contains("la version 7 du 24/11/2026 à 10:00, « à moi », 12 lieux"), "{err}");
        assert_eq!(thread.join().unwrap().len(), 1);
    }
    let (server, thread) = serve(vec![(200, history.clone())]);
    let err = desk.fails_with(1, &["publish", "good.json", "--expect", "5", "--server", &server]);
    assert!(err.contains("« 5 » n’est pas une version"), "{err}");
    thread.join().unwrap();
    let mut answers_to_expected = answers();
    answers_to_expected[0].1 = history.clone();
    // The server is asked again, to say who went first.
    answers_to_expected.push((200, json!({ "live": "e".repeat(32), "versions": history["versions"] })));
    let (server, thread) = serve(answers_to_expected);
    let err = desk.fails_with(1, &["publish", "good.json", "--expect", "7", "--server", &server]);
    assert!(err.contains("la version 6 du 23/11/2026 à 10:00, 10 lieux"), "{err}");
    assert!(thread.join().unwrap()[2].headers.contains(&format!("if-match: \"{LIVE}\"")));

    let (server, thread) = serve(answers());
    desk.fails_with(1, &["publish", "good.json", "--force", "--server", &server]);
    assert!(!thread.join().unwrap()[2].headers.contains("if-match"), "--force asks for nothing");
}

#[test]
fn a_directory_with_errors_is_never_sent() {
    let desk = Desk::new();
    let mut directory: Value = documents::small("Un annuaire").unwrap();
    directory["structures"][0]["commune"] = json!("99999");
    desk.write("bad.json", directory.to_string());
    // No server listens there: it would be exit code 3.
    let outcome = desk.json(1, &["publish", "bad.json", "--server", "http://127.0.0.1:9"]);
    assert_eq!(outcome["published"], false);
    let findings = outcome["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["code"] == "unknown-commune"), "{findings:?}");
}

#[test]
fn a_live_version_that_is_lost_does_not_stop_the_publication_that_mends_it() {
    let desk = Desk::new();
    desk.write("good.json", directory());
    let (server, thread) = serve(vec![
        (200, json!({ "live": LIVE, "versions": [] })),
        (404, json!({ "code": "unknown-snapshot", "detail": "Cette version manque." })),
        (200, json!({ "snapshot": LIVE, "version": 4, "previous": LIVE, "unchanged": true, "findings": [] })),
    ]);
    let out = desk.succeeds_with(0, &["publish", "good.json", "--server", &server]);
    assert!(out.contains("Pas de comparaison") && out.contains("Cette version manque."), "{out}");
    assert!(out.contains("Déjà en ligne"), "{out}");
    assert!(thread.join().unwrap()[2].headers.contains(&format!("if-match: \"{LIVE}\"")));
}

#[test]
fn what_people_lose_is_published_only_by_who_has_seen_it() {
    let desk = Desk::new();
    let mut none: Value = documents::small("Un annuaire").unwrap();
    let without = |place: &Value| place["network"] != "cio";
    none["structures"].as_array_mut().unwrap().retain(without);
    desk.write("none.json", none.to_string());
    let before = || vec![(200, json!({ "live": LIVE, "versions": [] })), (200, live_directory())];
    let (server, thread) = serve(before());
    let out = desk.succeeds_with(1, &["publish", "none.json", "--server", &server]);
    for said in ["À RÉPONDRE AVANT DE PUBLIER", "au moins un lieu", "Rien n’a été envoyé", "--accept-losses"]
    {
        assert!(out.contains(said), "{said}: {out}");
    }
    assert_eq!(thread.join().unwrap().len(), 2, "nothing was sent");
    let published = json!({ "snapshot": "f".repeat(32), "version": 4, "previous": LIVE, "unchanged": false, "findings": [] });
    let (server, thread) = serve(before().into_iter().chain([(200, published)]).collect());
    let out = desk.succeeds_with(0, &["publish", "none.json", "--accept-losses", "--server", &server]);
    assert!(out.contains("À RÉPONDRE") && out.contains("Publié : version 4"), "{out}");
    thread.join().unwrap();
}

#[test]
fn what_the_server_refuses_is_told() {
    let desk = Desk::new();
    desk.write("good.json", directory());
    let (server, thread) = serve(vec![
        (200, json!({ "live": LIVE, "versions": [] })),
        (200, live_directory()),
        (
            422,
            json!({ "findings": [{ "code": "x", "path": "structures[0]", "value": "v", "expected": "autre chose" }] }),
        ),
    ]);
    let out = desk.succeeds_with(1, &["publish", "good.json", "--server", &server]);
    let document: Value = documents::small("Un annuaire").unwrap();
    let first = document["structures"][0]["name"].as_str().unwrap();
    assert!(
        out.contains("n’a pas changé")
            && out.contains(&format!("ERREUR · {first} · « v » : il faut autre chose")),
        "{out}"
    );
    thread.join().unwrap();
    let (server, thread) = serve(vec![(401, json!({ "detail": "x" }))]);
    let err = desk.fails_with(1, &["versions", "--server", &server]);
    assert!(err.contains("refuse le jeton"), "{err}");
    thread.join().unwrap();
}

#[test]
fn versions_are_listed_and_rolled_back() {
    let desk = Desk::new();
    let history = json!({ "live": LIVE, "versions": [
        { "version": 2, "snapshot": LIVE, "published_at": "2026-11-24T10:00:00Z", "reason": "essai", "structures": 12, "action": "publish" },
        { "version": 1, "snapshot": "f".repeat(32), "published_at": "2026-11-23T10:00:00Z", "reason": "", "structures": 10, "action": "publish" },
    ] });
    let (server, thread) = serve(vec![(200, history.clone())]);
    let out = desk.succeeds_with(0, &["versions", "--server", &server]);
    assert!(
        out.contains("→ version 2 · 24/11/2026 à 10:00 · publication · 12 lieux · EN LIGNE · essai"),
        "{out}"
    );
    assert!(out.contains("\n  version 1 · ") && out.contains(LIVE), "{out}");
    thread.join().unwrap();

    let (server, thread) = serve(vec![
        (200, history.clone()),
        (200, json!({ "snapshot": "f".repeat(32), "version": 3, "previous": LIVE, "unchanged": false })),
    ]);
    let out = desk.succeeds_with(0, &["rollback", "--reason", "erreur", "--server", &server]);
    assert!(out.contains("De nouveau en ligne : la version 1 du 23/11/2026 à 10:00, 10 lieux"), "{out}");
    assert!(out.contains(&"f".repeat(32)) && out.contains("C’est maintenant la version 3"), "{out}");
    assert!(out.contains("N’est plus en ligne : la version 2 du 24/11/2026"), "{out}");
    let seen = thread.join().unwrap();
    assert!(seen[1].headers.contains(&format!("if-match: \"{LIVE}\"")));
    let body: Value = serde_json::from_str(&seen[1].body).unwrap();
    assert_eq!(body, json!({ "to": null, "reason": "erreur" }));

    let back = json!({ "snapshot": "f".repeat(32), "version": 3, "previous": LIVE, "unchanged": false });
    let (server, thread) = serve(vec![(200, history.clone()), (200, back)]);
    desk.succeeds_with(0, &["rollback", "--to", "1", "--server", &server]);
    let body: Value = serde_json::from_str(&thread.join().unwrap()[1].body).unwrap();
    assert_eq!(body, json!({ "to": "f".repeat(32), "reason": "" }), "a number stands for its snapshot");
    let (server, thread) = serve(vec![(200, history)]);
    let err = desk.fails_with(1, &["rollback", "--to", "9", "--server", &server]);
    assert!(err.contains("« 9 » n’est pas une version"), "{err}");
    assert_eq!(thread.join().unwrap().len(), 1, "nothing was asked for");
}

#[test]
fn a_difference_with_what_is_live_says_how_to_publish_just_that() {
    let desk = Desk::new();
    let mut other: Value = documents::small("Un annuaire").unwrap();
    other["structures"].as_array_mut().unwrap().truncate(3);
    other["structures"][0]["phones"] = json!(["04 75 00 00 01"]);
    other["title"] = json!("Un autre titre");
    desk.write("my file.json", other.to_string());
    let history = json!({ "live": LIVE, "versions": [{ "version": 7, "snapshot": LIVE }] });
    let live: Value = documents::small("Un annuaire").unwrap();
    let places = live["structures"].as_array().unwrap().len();
    let (server, thread) = serve(vec![(200, history.clone()), (200, live.clone())]);
    let out = desk.succeeds_with(0, &["diff", "my file.json", "--server", &server]);
    assert!(
        out.contains(&format!("cargo spro publish \"my file.json\" --expect 7 --server {server}")),
        "{out}"
    );
    assert!(out.contains(&format!("ATTENTION : {} des {places} lieux disparaissent", places - 3)), "{out}");
    assert!(out.contains("→ 04 75 00 00 01\n") && out.contains("autres parties : titre\n"), "{out}");
    thread.join().unwrap();
    let (server, thread) = serve(vec![(200, history), (200, live)]);
    assert_eq!(desk.json(0, &["diff", "my file.json", "--server", &server])["live"], LIVE);
    thread.join().unwrap();
}

#[test]
fn a_connection_that_breaks_while_publishing_does_not_say_that_nothing_happened() {
    let desk = Desk::new();
    desk.write("good.json", directory());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        for answer in [Some(json!({ "live": LIVE, "versions": [] })), Some(live_directory()), None] {
            let (mut stream, _) = listener.accept().unwrap();
            read_request(&stream);
            if let Some(body) = answer {
                respond(&mut stream, 200, &body);
            }
        }
    });
    let err = desk.fails_with(3, &["publish", "good.json", "--server", &server]);
    assert!(
        err.contains("Rien ne dit si le changement a eu lieu") && err.contains("cargo spro versions"),
        "{err}"
    );
    thread.join().unwrap();
}

#[test]
fn a_token_that_is_missing_or_empty_is_not_called_wrong() {
    let desk = Desk::new();
    desk.write("token", "\n");
    assert!(desk.fails_with(1, &["versions", "--token-file", "token"]).contains("est vide"));
    let (server, thread) = serve(vec![(401, json!({ "detail": "x" }))]);
    let output = Command::new(env!("CARGO_BIN_EXE_spro"))
        .args(["versions", "--server", &server])
        .current_dir(desk.folder.path())
        .env_remove("SPRO_TOKEN")
        .output()
        .unwrap();
    assert!(text(&output.stderr).contains("aucun n’a été donné"), "{}", text(&output.stderr));
    thread.join().unwrap();
}

#[test]
fn a_server_that_is_something_else_is_told_so() {
    let desk = Desk::new();
    for (status, body) in [
        (200, json!("bonjour")),
        (200, json!({ "versions": 3 })),
        (404, json!(null)),
        (404, json!({ "code": "not-found", "detail": "x" })),
    ] {
        let (server, thread) = serve(vec![(status, body)]);
        let err = desk.fails_with(1, &["versions", "--server", &server]);
        assert!(err.contains("ne répond pas comme un serveur du guide"), "{err}");
        thread.join().unwrap();
    }
    let (server, thread) = serve(vec![(301, json!(null))]);
    assert!(
        desk.fails_with(1, &["versions", "--server", &server]).contains("renvoie vers une autre adresse")
    );
    thread.join().unwrap();
}

#[test]
fn a_change_of_a_draft_names_the_revision_that_was_read() {
    let desk = Desk::new();
    let who = json!({ "id": "k", "name": "Ada" });
    let draft = json!({
        "id": "a1", "revision": 7, "title": "Essai", "territory": null, "state": "open", "version": null,
        "begun_by": who, "begun_at": "2026-11-24T10:00:00Z", "changed_by": who, "changed_at": "2026-11-24T10:00:00Z",
        "base": LIVE, "steps": [], "file": null, "check": null, "preview": null,
    });
    let changed =
        json!({ "status": 412, "code": "draft-changed", "detail": "Ce brouillon a changé entre-temps." });
    let (server, thread) = serve(vec![(200, draft.clone()), (412, changed)]);
    let err = desk.fails_with(1, &["drafts", "undo", "a1", "--server", &server]);
    assert!(err.contains("a changé entre-temps") && err.contains("drafts show a1"), "{err}");
    let seen = thread.join().unwrap();
    assert!(seen[1].line.starts_with("POST /admin/v1/drafts/a1/undo "), "{}", seen[1].line);
    assert!(seen[1].headers.contains("if-match: \"7\""), "{}", seen[1].headers);

    let finding = json!({ "code": "x", "severity": "error", "path": "structures[0].name", "value": "", "expected": "un nom" });
    let (server, thread) = serve(vec![
        (200, draft.clone()),
        (200, json!({ "draft": draft, "findings": [finding] })),
        (200, json!({ "structures": [{ "name": "Lieu inventé" }] })),
    ]);
    let out = desk.succeeds_with(1, &["drafts", "check", "a1", "--server", &server]);
    assert!(out.contains("ERREUR · Lieu inventé, nom : il faut un nom"), "{out}");
    thread.join().unwrap();

    let forbidden = json!({ "code": "forbidden", "detail": "Votre clé d’accès ne permet pas cela." });
    let (server, thread) = serve(vec![(403, forbidden)]);
    let err = desk.fails_with(1, &["keys", "--server", &server]);
    assert!(err.contains("ne permet pas cela") && err.contains("cargo spro whoami"), "{err}");
    thread.join().unwrap();
}

#[test]
fn a_sending_that_was_cut_goes_on_with_what_is_missing() {
    let desk = Desk::new();
    desk.write("good.json", directory());
    let (server, thread) = serve(vec![
        (200, json!({ "live": LIVE, "versions": [] })),
        (200, live_directory()),
        (200, json!({ "missing": ["communes.json", "directory"] })),
        (200, json!({ "taken": "communes.json" })),
        (503, json!({ "code": "storage", "detail": "Le stockage ne répond pas." })),
    ]);
    let err = desk.fails_with(1, &["publish", "good.json", "--here", "--server", &server]);
    assert!(err.contains("seul ce qui manque sera envoyé"), "{err}");
    let seen = thread.join().unwrap();
    assert!(
        seen[3].line.starts_with("PUT ") && seen[3].line.contains("/values/communes.json "),
        "{}",
        seen[3].line
    );

    let (server, thread) = serve(vec![
        (200, json!({ "live": LIVE, "versions": [] })),
        (200, live_directory()),
        (200, json!({ "missing": ["directory"] })),
        (200, json!({ "taken": "directory" })),
        (200, json!({ "snapshot": "f".repeat(32), "version": 1, "previous": LIVE, "unchanged": false })),
    ]);
    let out = desk.succeeds_with(0, &["publish", "good.json", "--here", "--server", &server]);
    assert!(out.contains("1 valeur envoyée,") && out.contains("étaient déjà arrivées"), "{out}");
    let seen = thread.join().unwrap();
    assert!(seen[4].headers.contains(&format!("if-match: \"{LIVE}\"")), "{}", seen[4].headers);
    let asked: Value = serde_json::from_str(&seen[4].body).unwrap();
    assert_eq!(asked["summary"]["added"], 1, "what changes is said by the desk");
}

#[test]
fn old_versions_and_old_lines_are_asked_for_page_by_page() {
    let desk = Desk::new();
    let page = |number: u64, next: Value| {
        json!({ "live": LIVE, "next": next, "versions": [{
        "version": number, "snapshot": LIVE, "published_at": "2026-11-24T10:00:00Z", "by": { "id": "k", "name": "Ada" },
        "changes": { "added": 2, "removed": 0, "changed": 1, "parts": [], "headline": [] },
    }] })
    };
    let (server, thread) = serve(vec![(200, page(2, json!(2))), (200, page(1, Value::Null))]);
    let out = desk.succeeds_with(0, &["versions", "--all", "--server", &server]);
    assert!(
        out.contains("version 1 · ") && out.contains("par Ada · 2 lieux ajoutés, 1 lieu modifié"),
        "{out}"
    );
    assert!(thread.join().unwrap()[1].line.starts_with("GET /admin/v1/versions?before=2 "));

    let entry = json!({ "at": "2026-11-24T10:00:00Z", "by": null, "done": "wrong-key", "subject": "x", "detail": "=1" });
    let (server, thread) = serve(vec![
        (200, json!({ "entries": [entry], "next": 9 })),
        (200, json!({ "entries": [entry], "next": null })),
    ]);
    desk.succeeds_with(0, &["audit", "--csv", "journal.csv", "--server", &server]);
    let table = std::fs::read_to_string(desk.path("journal.csv")).unwrap();
    assert_eq!(table.matches(";\"clé refusée\";\"x\";\"'=1\"\r\n").count(), 2, "{table}");
    assert!(thread.join().unwrap()[1].line.contains("before=9"));
}
