//! The link checker against a small site on this machine: no network.

use crate::desk::{Desk, shipped};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A site that answers by path, for as long as the test runs, and remembers what it was asked.
struct Site {
    address: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Site {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (known, base) = (Arc::clone(&seen), address.clone());
        std::thread::spawn(move || {
            let mut kept = Vec::new();
            for stream in listener.incoming() {
                kept.extend(answer(stream.unwrap(), &known, &base));
            }
        });
        Self { address, seen }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// Answers one request; a connection that is never answered is handed back, to stay open.
fn answer(mut stream: TcpStream, seen: &Mutex<Vec<String>>, base: &str) -> Option<TcpStream> {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut header = String::new();
    let mut agent = String::new();
    while reader.read_line(&mut header).is_ok_and(|read| read > 2) {
        if header.to_lowercase().starts_with("user-agent:") {
            agent.clone_from(&header);
        }
        header.clear();
    }
    let mut parts = line.split(' ');
    let (method, path) = (parts.next().unwrap().to_owned(), parts.next().unwrap_or_default().to_owned());
    let mut remembered = seen.lock().unwrap();
    let first = !remembered.contains(&format!("{method} {path}"));
    remembered.push(format!("{method} {path}"));
    assert!(agent.contains("spro-guide-links"), "{agent}");
    drop(remembered);
    let (status, location) = match (method.as_str(), path.as_str()) {
        ("HEAD", "/no-head") => (405, None),
        (_, "/gone") => (410, None),
        (_, "/missing") => (404, None),
        (_, "/broken") => (503, None),
        (_, "/closed") => (403, None),
        (_, "/old") => (301, Some("/new?a=1".to_owned())),
        (_, "/for-now") => (302, Some(format!("{base}/fine"))),
        (_, "/old-then-login") => (308, Some("/for-now".to_owned())),
        (_, "/moved-to-nothing") => (301, Some("/missing".to_owned())),
        (_, "/round") => (301, Some("/round".to_owned())),
        // Cut once, answered the second time.
        ("HEAD", "/shy") if first => return None,
        (_, "/silent") => return Some(stream),
        _ => (200, None),
    };
    let location = location.map_or(String::new(), |to| format!("Location: {to}\r\n"));
    let head = format!("HTTP/1.1 {status} X\r\n{location}Content-Length: 0\r\nConnection: close\r\n\r\n");
    let _ = stream.write_all(head.as_bytes());
    None
}

/// Puts one address in the place of all.
fn replace(value: &mut Value, by: &str) {
    match value {
        Value::String(text) if text.starts_with("http") => by.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, by)),
        Value::Object(fields) => {
            fields.iter_mut().filter(|(name, _)| *name != "$schema").for_each(|(_, item)| replace(item, by));
        }
        _ => {}
    }
}

/// The shipped directory with these addresses, and no other.
fn directory(addresses: &[String]) -> Value {
    let mut directory: Value = serde_json::from_str(&shipped()).unwrap();
    replace(&mut directory, &addresses[0]);
    let place = directory["structures"][0].clone();
    directory["structures"] = addresses
        .iter()
        .enumerate()
        .map(|(rank, address)| {
            let mut place = place.clone();
            place["id"] = json!(format!("lieu-{rank}"));
            place["name"] = json!(format!("Lieu {rank}"));
            place["website"] = json!(address);
            place["source"] = json!("un fichier");
            // An identifier of a source is one place's.
            place["references"] = json!({});
            place
        })
        .collect();
    directory
}

#[test]
fn causes_are_told_apart_and_a_new_address_is_proposed() {
    let site = Site::new();
    let at = |path: &str| format!("{}{path}", site.address);
    // A port that was free a moment ago.
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut expected: BTreeMap<String, (&str, bool)> = [
        ("/fine", "fine", false),
        ("/no-head", "fine", false),
        ("/for-now", "fine", false),
        ("/shy", "fine", false),
        ("/gone", "gone", true),
        ("/missing", "gone", true),
        ("/moved-to-nothing", "gone", true),
        ("/broken", "ailing", false),
        ("/closed", "refused", false),
        ("/old", "moved", false),
        ("/old-then-login", "moved", false),
        ("/round", "loop", true),
        ("/silent", "timeout", true),
    ]
    .into_iter()
    .map(|(path, cause, dead)| (at(path), (cause, dead)))
    .collect();
    expected.insert(format!("http://{nobody}/"), ("no_connection", true));
    let addresses: Vec<String> = std::iter::once(at("/fine"))
        .chain(expected.keys().filter(|address| **address != at("/fine")).cloned())
        .collect();
    let desk = Desk::new();
    desk.write("good.json", directory(&addresses).to_string());
    let report = desk.json(1, &["links", "good.json", "--out", "report.csv", "--timeout", "5"]);
    let found: BTreeMap<String, (&str, bool)> = report["links"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let address = one["address"].as_str().unwrap().to_owned();
            (address, (one["found"]["cause"].as_str().unwrap(), one["dead"].as_bool().unwrap()))
        })
        .collect();
    assert_eq!(found, expected);
    let moved = |path: &str| {
        let links = report["links"].as_array().unwrap();
        links.iter().find(|one| one["address"] == at(path)).unwrap()["found"]["to"].clone()
    };
    assert_eq!(moved("/old"), at("/new?a=1"));
    // Where it leads for now is not its new address.
    assert_eq!(moved("/old-then-login"), at("/for-now"));
    assert!(!site.seen().contains(&"GET /fine".to_owned()), "HEAD was enough");
    let table = fs::read_to_string(desk.path("report.csv")).unwrap();
    assert!(table.contains(&format!("{};page disparue (404 ou 410);410;oui;Lieu", at("/gone"))), "{table}");

    let told = desk.succeeds_with(1, &["links", "good.json", "--timeout", "5"]);
    for said in ["MORT · page disparue", "MORT · pas de réponse à temps", "nouvelle adresse proposée", " → "]
    {
        assert!(told.contains(said), "{said}: {told}");
    }
    assert!(told.contains("(site)"), "{told}");
}

#[test]
fn a_directory_whose_links_are_in_order_succeeds() {
    let site = Site::new();
    let desk = Desk::new();
    desk.write("good.json", directory(&[format!("{}/fine", site.address)]).to_string());
    assert!(desk.succeeds_with(0, &["links", "good.json"]).contains("1 adresses vérifiées, 0 morte"));
    assert_eq!(site.seen(), ["HEAD /fine"], "each address once");
    assert!(desk.fails_with(1, &["links", "none.json"]).contains("n’existe pas"));
}
