//! « Signaler une erreur » in real workerd: what may be sent without a key, what arrives in the inbox,
//! and what is nobody's business.

use serde_json::{Value, json};
use spro_tests::{Client, Reply, Setup, Workerd, documents};

const TOKEN: &str = "a-token-of-this-test-and-long-enough";
const PLACE: &str = "mission-locale-26100-romans-sur-isere";

fn workerd(variables: Vec<(&'static str, &'static str)>) -> Workerd {
    Workerd::start(Setup { token: Some(TOKEN.to_owned()), variables, ..Setup::default() }).unwrap()
}

fn report(place: &str, field: &str, text: &str) -> Value {
    let (snapshot, build) = ("0123456789abcdef0123456789abcdef", "0123456789abcdef");
    json!({ "place": place, "field": field, "text": text, "snapshot": snapshot, "build": build })
}

/// As the element sends it.
fn send(client: &Client, report: &Value) -> Reply {
    let request = client.post("/v1/reports").header("Content-Type", "text/plain;charset=UTF-8");
    request.body(report.to_string()).send().unwrap()
}

#[track_caller]
fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!((reply.status, &reply.json()["code"]), (status, &json!(code)), "{}", reply.text());
}

fn sign_in(client: &Client, key: &str) -> String {
    let reply = client.post("/admin/sign-in").form(&[("key", key)]).send().unwrap();
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

fn page(client: &Client, cookie: &str, path: &str) -> String {
    let reply = client.get(path).header("Cookie", cookie).send().unwrap();
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.text()
}

fn treat(client: &Client, cookie: &str, field: &str, what: &str) -> Reply {
    let form = [("place", PLACE), ("field", field), ("what", what)];
    client.post("/admin/reports").header("Cookie", cookie).form(&form).send().unwrap()
}

#[test]
fn a_report_lands_in_the_inbox_by_place_and_field() {
    let workerd = workerd(vec![]);
    let client = workerd.client();
    for _ in 0..3 {
        let reply = send(&client, &report(PLACE, "phone", ""));
        assert_eq!((reply.status, reply.body.len()), (204, 0), "{}", reply.text());
        assert_eq!((reply.header("set-cookie"), reply.header("cache-control")), (None, Some("no-store")));
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    }
    assert_eq!(send(&client, &report(PLACE, "hours", "Fermé  le\n<mercredi>")).status, 204);

    let cookie = sign_in(&client, TOKEN);
    let inbox = page(&client, &cookie, "/admin/reports");
    assert!(inbox.contains(&format!("/admin/places/{PLACE}")) && inbox.contains("3 fois"), "{inbox}");
    assert!(inbox.contains("« Fermé le &lt;mercredi&gt; »"), "{inbox}");
    assert!(inbox.contains("<dt>à traiter</dt><dd>2</dd>"), "{inbox}");
    let hours = page(&client, &cookie, "/admin/reports?field=hours");
    assert!(hours.contains("mercredi") && !hours.contains("3 fois"));
    assert!(page(&client, &cookie, "/admin/freshness").contains("Signalées par des visiteurs (1)"));

    // Done with, it is out of sight and its text is gone; a report more opens it again.
    let reply = treat(&client, &cookie, "hours", "done");
    assert_eq!((reply.status, reply.header("location")), (303, Some("/admin/reports?done=report-done")));
    let inbox = page(&client, &cookie, "/admin/reports");
    assert!(!inbox.contains("mercredi") && inbox.contains("<dt>à traiter</dt><dd>1</dd>"), "{inbox}");
    let done = page(&client, &cookie, "/admin/reports?state=done");
    assert!(done.contains("traité le") && !done.contains("mercredi"), "{done}");
    assert_eq!(treat(&client, &cookie, "hours", "reopen").status, 303);
    assert!(page(&client, &cookie, "/admin/reports").contains("<dt>à traiter</dt><dd>2</dd>"));
    assert_eq!(treat(&client, &cookie, "hours", "done").status, 303);
    assert_eq!(send(&client, &report(PLACE, "hours", "Encore")).status, 204);
    let inbox = page(&client, &cookie, "/admin/reports");
    assert!(inbox.contains("« Encore »") && inbox.contains("1 fois"), "{inbox}");
    let trail = client.get("/admin/v1/audit?limit=50").token(TOKEN).send().unwrap().text();
    assert!(trail.contains("error-settled") && trail.contains("error-reopened"), "{trail}");
    assert_eq!(treat(&client, &cookie, "address", "done").status, 404, "nobody has reported it");
}

fn territory(id: &str, communes: &[&str]) -> Value {
    json!({ "id": id, "name": format!("Bassin de {id}"), "communes": communes })
}

#[test]
fn each_role_sees_and_treats_what_is_its_own() {
    let workerd = workerd(vec![]);
    let client = workerd.client();
    let mut directory = documents::small("Deux territoires").unwrap();
    directory["territories"] = json!([territory("valence", &["26362"]), territory("romans", &["26281"])]);
    let path = "/admin/v1/publish?reason=Essai";
    let published = client.post(path).token(TOKEN).json(&directory).send().unwrap();
    assert_eq!(published.status, 200, "{}", published.text());
    assert_eq!(send(&client, &report(PLACE, "phone", "")).status, 204);
    let key = |wanted: &Value| {
        let made = client.post("/admin/v1/keys").token(TOKEN).json(wanted).send().unwrap().json();
        made["key"].as_str().unwrap().to_owned()
    };
    let reader = sign_in(&client, &key(&json!({ "name": "Lecture", "role": "reader" })));
    let inbox = page(&client, &reader, "/admin/reports");
    assert!(inbox.contains(PLACE) && !inbox.contains("C’est traité"), "{inbox}");
    assert_eq!(treat(&client, &reader, "phone", "done").status, 403);

    let of = |territory: &str| {
        let wanted = json!({ "name": territory, "role": "territory", "territory": territory });
        sign_in(&client, &key(&wanted))
    };
    let other = of("valence");
    assert!(!page(&client, &other, "/admin/reports").contains(PLACE));
    assert_eq!(treat(&client, &other, "phone", "done").status, 403);
    let own = of("romans");
    assert!(page(&client, &own, "/admin/reports").contains(PLACE));
    assert_eq!(treat(&client, &own, "phone", "done").status, 303);
    assert_eq!(client.get("/admin/reports").send().unwrap().status, 401);
}

#[test]
fn what_is_no_report_is_refused() {
    let workerd = workerd(vec![]);
    let client = workerd.client();
    refused(&send(&client, &report("cio-nulle-part", "phone", "")), 404, "unknown-place");
    refused(&send(&client, &report("../a", "phone", "")), 404, "unknown-place");
    refused(&send(&client, &report("", "phone", "")), 404, "unknown-place");
    refused(&send(&client, &report(PLACE, "commune", "")), 422, "malformed-request");
    for text in
        ["Appelez le 04 75 00 00 01", "jean.dupont@exemple.fr", "https://exemple.fr", &"é".repeat(201)]
    {
        refused(&send(&client, &report(PLACE, "other", text)), 422, "text-refused");
    }
    // Nothing of a visitor can come along.
    for (name, value) in [("commune", "26281"), ("answers", "young"), ("page", "https://mairie.exemple")] {
        let mut more = report(PLACE, "phone", "");
        more[name] = value.into();
        refused(&send(&client, &more), 422, "malformed-request");
    }
    for (name, value) in [("snapshot", "a b"), ("snapshot", ""), ("build", "https://exemple.fr")] {
        let mut wrong = report(PLACE, "phone", "");
        wrong[name] = value.into();
        refused(&send(&client, &wrong), 422, "malformed-request");
    }
    let text = |body: &str| client.post("/v1/reports").body(body).send().unwrap();
    refused(&text("{"), 400, "not-json");
    refused(&text("[]"), 422, "malformed-request");
    refused(&text(&"a".repeat(5000)), 413, "too-large");
    assert_eq!(client.get("/v1/reports").send().unwrap().status, 405);
    let cookie = sign_in(&client, TOKEN);
    assert!(page(&client, &cookie, "/admin/reports").contains("<dt>en tout</dt><dd>0</dd>"));
}

#[test]
fn a_flood_of_one_network_is_held_up_and_others_are_not() {
    let workerd = workerd(vec![("CLIENT_ADDRESS", "X-Client")]);
    let client = workerd.client();
    let from = |address: &str| {
        let body = report(PLACE, "closed", "").to_string();
        client.post("/v1/reports").header("X-Client", address).body(body).send().unwrap()
    };
    for number in 0..10 {
        assert_eq!(from(&format!("192.0.2.{number}")).status, 204);
    }
    let held_up = from("192.0.2.77");
    refused(&held_up, 429, "too-many-reports");
    let seconds: u32 = held_up.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=600).contains(&seconds), "{seconds}");
    assert_eq!(from("198.51.100.1").status, 204);
    // Whatever is wrong with it, a report counts: guessing is no way round.
    for _ in 0..9 {
        let body = report("nowhere", "closed", "").to_string();
        client.post("/v1/reports").header("X-Client", "198.51.100.1").body(body).send().unwrap();
    }
    refused(&from("198.51.100.1"), 429, "too-many-reports");
    // The address of nobody is in what is stored, nor in the log.
    assert!(!workerd.log().contains("192.0.2"), "{}", workerd.log());
    let cookie = sign_in(&client, TOKEN);
    assert!(!page(&client, &cookie, "/admin/reports").contains("192.0.2"));
}

#[test]
fn all_together_have_a_limit_where_nobody_names_the_client() {
    let workerd = workerd(vec![]);
    let client = workerd.client();
    for number in 0..100 {
        // A made-up address is not believed.
        let address = format!("203.0.{number}.1");
        let body = report("nowhere", "closed", "").to_string();
        let reply = client.post("/v1/reports").header("X-Client", &address).body(body).send().unwrap();
        assert_eq!(reply.status, 404, "{number}");
    }
    refused(&send(&client, &report(PLACE, "closed", "")), 429, "too-many-reports");
}

#[test]
fn where_nothing_may_be_written_there_is_nothing() {
    let workerd = workerd(vec![("REPORTS", "off")]);
    let client = workerd.client();
    refused(&send(&client, &report(PLACE, "phone", "")), 404, "not-found");
    let form = client.post("/v1/reports").form(&[("place", PLACE), ("field", "phone")]).send().unwrap();
    assert_eq!(form.status, 404);
    assert_eq!(client.get("/v1/first.json").send().unwrap().json()["reports"], json!(false));
    let cookie = sign_in(&client, TOKEN);
    assert!(page(&client, &cookie, "/admin/reports").contains("désactivés"));
}

#[test]
fn where_reports_are_taken_nobody_downloads_a_byte_to_know_it() {
    let workerd = workerd(vec![]);
    let first = workerd.client().get("/v1/first.json").send().unwrap().json();
    assert_eq!(first.get("reports"), None);
}

/// The administration may be stopped: a visitor learns that nothing was sent, and a visit goes on.
#[test]
fn a_report_without_the_administration_is_said_to_have_failed() {
    let mut workerd = workerd(vec![]);
    workerd.stop_administration();
    let client = workerd.client();
    let reply = send(&client, &report(PLACE, "phone", ""));
    refused(&reply, 503, "reports-unavailable");
    assert!(reply.header("retry-after").is_some());
    assert_eq!(client.get("/v1/first.json").send().unwrap().status, 200);
}

#[test]
fn the_form_of_a_page_gets_a_page_in_its_language() {
    let workerd = workerd(vec![]);
    let client = workerd.client();
    let form = |field: &str, text: &str, lang: &str| {
        let snapshot = "0123456789abcdef0123456789abcdef";
        let fields =
            [("lang", lang), ("place", PLACE), ("snapshot", snapshot), ("text", text), ("field", field)];
        client.post("/v1/reports").form(&fields).send().unwrap()
    };
    let reply = form("hours", "Fermé le mercredi", "en");
    assert_eq!(reply.status, 200, "{}", reply.text());
    let text = reply.text();
    assert!(text.contains("Thank you") && text.contains("<html lang=\"en\"") && !text.contains("<script"));
    assert_eq!((reply.header("set-cookie"), reply.header("cache-control")), (None, Some("no-store")));
    let reply = form("hours", "04 75 00 00 01", "ar");
    assert_eq!(reply.status, 422);
    assert!(reply.text().contains("dir=\"rtl\"") && reply.text().contains("role=\"alert\""));
    assert_eq!(form("nothing", "", "").status, 422);
    let cookie = sign_in(&client, TOKEN);
    let inbox = page(&client, &cookie, "/admin/reports");
    assert!(inbox.contains("« Fermé le mercredi »") && inbox.contains("pages sans JavaScript"), "{inbox}");
}

#[test]
fn a_place_is_a_file_for_an_address_book() {
    let workerd = workerd(vec![]);
    let client = workerd.client();
    let reply = client.get(&format!("/v1/places/{PLACE}.vcf")).send().unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("content-type"), Some("text/vcard; charset=utf-8"));
    let disposition = reply.header("content-disposition").unwrap();
    assert_eq!(disposition, format!("attachment; filename=\"{PLACE}.vcf\""));
    let text = reply.text();
    assert!(text.starts_with("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:"), "{text}");
    assert!(text.contains("TEL;TYPE=WORK,VOICE:") && text.contains("26100"), "{text}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    // Of one place the hours are not known, of the other they are.
    let reply = client.get(&format!("/v1/places/{PLACE}.ics")).send().unwrap();
    assert_eq!((reply.status, reply.json()["code"].as_str()), (404, Some("unknown-hours")));
    let reply = client.get("/v1/places/france-services-01000-bourg-en-bresse.ics").send().unwrap();
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/calendar; charset=utf-8")));
    let text = reply.text();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.contains("\r\nRRULE:FREQ=WEEKLY;"), "{text}");
    for path in ["/v1/places/nowhere.vcf", "/v1/places/nowhere.ics", "/v1/places/.vcf", "/v1/places/a/b.vcf"]
    {
        assert_eq!(client.get(path).send().unwrap().status, 404, "{path}");
    }
}
