//! The anonymous counters in real workerd: off they are nothing; on they are numbers of a
//! day, and nothing else is stored.

use serde_json::{Value, json};
use spro_tests::{Client, Reply, Setup, Workerd, documents};
use std::fs;

const TOKEN: &str = "a-token-of-this-test-and-long-enough";

fn workerd(variables: Vec<(&'static str, &'static str)>) -> Workerd {
    Workerd::start(Setup { token: Some(TOKEN.to_owned()), variables, ..Setup::default() }).unwrap()
}

fn say(client: &Client, message: &str) -> Reply {
    client.post("/v1/count").header("Content-Type", "text/plain;charset=UTF-8").body(message).send().unwrap()
}

fn counters(client: &Client, query: &str) -> Value {
    let reply = client.get(&format!("/admin/v1/counters{query}")).token(TOKEN).send().unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// What is shown of a counter over the whole time; nothing where nothing was counted.
fn whole(told: &Value, counter: &str, id: &str) -> Option<Value> {
    let rows = told["counters"].as_array().unwrap();
    Some(rows.iter().find(|row| row["counter"] == counter && row["id"] == id)?["whole"].clone())
}

#[test]
fn nothing_is_there_unless_the_deployment_says_so() {
    for variables in [vec![], vec![("COUNTERS", "off")], vec![("COUNTERS", "")]] {
        let workerd = workerd(variables);
        let client = workerd.client();
        for message in ["begin fr element", "step goal", "nonsense"] {
            assert_eq!(say(&client, message).status, 404, "{message}");
        }
        let counted = counters(&client, "");
        assert_eq!((&counted["on"], &counted["counters"]), (&json!(false), &json!([])));
    }
}

#[test]
fn each_fact_becomes_a_number_of_the_day_by_itself() {
    let workerd = workerd(vec![("COUNTERS", "on")]);
    let client = workerd.client();
    for _ in 0..12 {
        let reply = say(&client, "begin fr element");
        assert_eq!((reply.status, reply.body.len()), (204, 0));
        assert_eq!((reply.header("set-cookie"), reply.header("cache-control")), (None, Some("no-store")));
    }
    for _ in 0..3 {
        say(&client, "begin ar frame");
    }
    for _ in 0..6 {
        say(&client, "step goal");
        say(&client, "outcome place cio -");
    }
    let counted = counters(&client, "?by=week");
    let shown = |counter: &str, id: &str| whole(&counted, counter, id).unwrap();
    assert_eq!(counted["on"], json!(true));
    // Rounded to fives; what is below five is not shown.
    assert_eq!(shown("begin", ""), json!(15));
    assert_eq!((shown("language", "fr"), shown("language", "ar")), (json!(10), Value::Null));
    assert_eq!((shown("rung", "element"), shown("rung", "frame")), (json!(10), Value::Null));
    assert_eq!(
        (shown("step", "goal"), shown("network", "cio"), shown("territory", "-")),
        (json!(5), json!(5), json!(5))
    );
    // A counter more each time, never two in one.
    let names: Vec<String> =
        counted["counters"].as_array().unwrap().iter().map(|row| row["counter"].to_string()).collect();
    assert_eq!(names.len(), 9, "{names:?}");
    let again = counters(&client, "?by=week");
    assert_eq!(again, counted, "reading counts nothing twice");

    let csv = client.get("/admin/v1/counters?format=csv&by=week").token(TOKEN).send().unwrap();
    assert!(csv.header("content-type").unwrap().starts_with("text/csv"));
    let text = csv.text();
    assert!(text.contains(";semaine;\"Visites par langue\";\"Français\";10\r\n"), "{text}");
    assert!(text.contains(";moins de 5\r\n"), "{text}");
}

/// Whatever somebody sends, only what the live guide knows is counted, and nothing of who
/// sent it is anywhere.
#[test]
fn nothing_else_can_be_stored() {
    let mut workerd = workerd(vec![("COUNTERS", "on")]);
    {
        let client = workerd.client();
        let mut directory = documents::small("Counted").unwrap();
        directory["territories"] = json!([{ "id": "valence", "name": "Valence", "communes": ["26362"] }]);
        let published = client.post("/admin/v1/publish").token(TOKEN).json(&directory).send().unwrap();
        assert_eq!(published.status, 200, "{}", published.text());
        for message in ["step sesame-4711", "outcome place sesame-4711 valence", "begin sesame-4711 element"]
        {
            assert_eq!(say(&client, message).status, 204, "{message}");
        }
        for message in ["", "step", "{\"step\": \"goal\"}", "sesame-4711"] {
            assert_eq!(say(&client, message).status, 400, "{message}");
        }
        assert_eq!(say(&client, &"step goal".repeat(100)).status, 413);
        // Browsers that ask not to be followed are not, even if they say something.
        for header in ["Sec-GPC", "DNT"] {
            let asked_not_to = client.post("/v1/count").header(header, "1").body("step goal").send().unwrap();
            assert_eq!(asked_not_to.status, 204);
        }
        let from_a_page = client
            .post("/v1/count")
            .header("Origin", "https://sesame-4711.exemple.fr")
            .header("Referer", "https://sesame-4711.exemple.fr/dossier")
            .header("User-Agent", "sesame-4711")
            .body("outcome place cio valence");
        assert_eq!(from_a_page.send().unwrap().status, 204);
        let counted = counters(&client, "");
        let rows: Vec<String> = counted["counters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| format!("{}/{}", row["counter"].as_str().unwrap(), row["id"].as_str().unwrap()))
            .collect();
        assert_eq!(rows, ["outcome/place", "network/cio", "territory/valence"]);
        assert_eq!(client.get("/v1/count").send().unwrap().status, 405);
    }
    // On disk too.
    let ledger = workerd.kv().with_file_name("ledger");
    workerd.restart().unwrap();
    let mut looked_at = 0;
    let mut folders = vec![ledger];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let bytes = fs::read(entry.path()).unwrap();
            looked_at += bytes.len();
            for secret in ["sesame", "4711"] {
                assert!(
                    !bytes.windows(secret.len()).any(|part| part == secret.as_bytes()),
                    "{:?}",
                    entry.path()
                );
            }
        }
    }
    assert!(looked_at > 4096, "{looked_at} bytes");
    let counted = counters(&workerd.client(), "");
    assert_eq!(
        whole(&counted, "network", "cio"),
        Some(Value::Null),
        "what was written is there after a restart"
    );
}

#[test]
fn a_question_about_time_is_understood_or_refused() {
    let workerd = workerd(vec![("COUNTERS", "on")]);
    let client = workerd.client();
    let weeks = counters(&client, "?from=2026-11-11&to=2026-11-24&by=week");
    assert_eq!(weeks["periods"], json!(["2026-11-09", "2026-11-16", "2026-11-23"]));
    for query in ["?by=hour", "?from=demain", "?from=2026-11-24&to=2026-11-23", "?format=xml"] {
        let reply = client.get(&format!("/admin/v1/counters{query}")).token(TOKEN).send().unwrap();
        assert_eq!(reply.status, 422, "{query}");
    }
}

/// The numbers are never what a visit waits for: without a ledger, an answer is the same.
#[test]
fn the_page_says_in_plain_words_what_is_counted_and_whether_it_is() {
    for (value, is_off) in [("on", false), ("off", true)] {
        let workerd = workerd(vec![("COUNTERS", value)]);
        let client = workerd.client();
        for _ in 0..7 {
            say(&client, "begin fr element");
        }
        let signed = client.post("/admin/sign-in").form(&[("key", TOKEN)]).send().unwrap();
        let cookie = signed.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let page = client.get("/admin/counters?by=week").header("Cookie", &cookie).send().unwrap();
        let text = page.text();
        assert_eq!(page.status, 200, "{text}");
        assert_eq!(text.contains("Les compteurs sont éteints"), is_off);
        assert_eq!(text.contains("<svg class=\"curve\""), !is_off, "{text}");
        assert!(!text.contains("<script"));
        assert_eq!(text.contains("Visites par langue"), !is_off);
    }
}
