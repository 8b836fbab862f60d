//! What administrators look at of the live directory: the diagnosis and the coverage in
//! their three forms, and the drawing of the edition.

use serde_json::{Value, json};
use spro_tests::{Client, Reply, Setup, Workerd, documents};

const TOKEN: &str = "a-token-of-this-test-and-long-enough";

fn workerd() -> Workerd {
    Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap()
}

#[track_caller]
fn seen(client: &Client, path: &str, kind: &str) -> Reply {
    let reply = client.get(path).token(TOKEN).send().unwrap();
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    assert_eq!(reply.header("Content-Type"), Some(kind), "{path}");
    assert_eq!(reply.header("Cache-Control"), Some("no-store"), "{path}");
    assert_eq!(reply.header("Access-Control-Allow-Origin"), None, "{path}");
    reply
}

#[test]
fn only_the_token_shows_them() {
    let workerd = workerd();
    let client = workerd.client();
    for path in [
        "/admin/v1/diagnosis?format=html",
        "/admin/v1/coverage?format=csv",
        "/admin/v1/guide.svg",
        "/admin/v1/guide.html",
    ] {
        let reply = client.get(path).send().unwrap();
        assert_eq!((reply.status, reply.json()["code"].as_str()), (401, Some("unauthorised")), "{path}");
    }
}

#[test]
fn a_part_of_the_region_has_its_own_diagnosis() {
    let workerd = workerd();
    let client = workerd.client();
    let json = "application/json; charset=utf-8";
    let region = seen(&client, "/admin/v1/diagnosis", json).json();
    assert_eq!(region["departments"].as_array().map(Vec::len), Some(12));
    assert_eq!(region["whole"]["kind"], "region");
    let drome = seen(&client, "/admin/v1/diagnosis?department=26", json).json();
    assert_eq!((&drome["whole"]["code"], &drome["whole"]["name"]), (&json!("26"), &json!("Drôme")));
    let of_the_region = region["departments"].as_array().unwrap().iter().find(|area| area["code"] == "26");
    assert_eq!(drome["departments"][0], *of_the_region.unwrap(), "the part says what the whole says of it");
    let romans = seen(&client, "/admin/v1/diagnosis?commune=26281", json).json();
    assert_eq!(romans["whole"]["communes"], 1);
}

/// The description is written by hand: it must name every field, and no other.
#[test]
fn a_diagnosis_is_as_the_api_describes_it() {
    let workerd = workerd();
    let client = workerd.client();
    let description = client.get("/openapi.json").send().unwrap().json();
    let diagnosis =
        seen(&client, "/admin/v1/diagnosis?department=26", "application/json; charset=utf-8").json();
    let check = |value: &Value, schema: &Value, what: &str| {
        let fields: Vec<&String> = value.as_object().unwrap().keys().collect();
        let mut described: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        described.sort();
        assert_eq!(fields, described, "{what}");
    };
    let schemas = &description["components"]["schemas"];
    check(&diagnosis, &schemas["Diagnosis"], "diagnosis");
    check(&diagnosis["whole"], &schemas["DiagnosisArea"], "area");
    check(&diagnosis["whole"]["needs"][0], &schemas["DiagnosisMet"], "need");
    for list in ["publics", "incomplete"] {
        check(&diagnosis[list][0], &schemas["Diagnosis"]["properties"][list]["items"], list);
    }
}

/// The same for the coverage, and its table has a line for each network and department.
#[test]
fn a_coverage_is_as_the_api_describes_it() {
    let workerd = workerd();
    let client = workerd.client();
    let description = client.get("/openapi.json").send().unwrap().json();
    let coverage = seen(&client, "/admin/v1/coverage", "application/json; charset=utf-8").json();
    let check = |value: &Value, schema: &Value, what: &str| {
        let mut fields: Vec<&String> = value.as_object().unwrap().keys().collect();
        let mut described: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        fields.sort();
        described.sort();
        assert_eq!(fields, described, "{what}");
    };
    let schemas = &description["components"]["schemas"];
    let network = &coverage["networks"][0];
    check(&coverage, &schemas["Coverage"], "coverage");
    check(&coverage["places"], &schemas["CoveragePlaces"], "places");
    check(network, &schemas["CoverageNetwork"], "network");
    for part in ["dates", "confirmed"] {
        check(&network["places"][part], &schemas["CoveragePlaces"]["properties"][part], part);
    }
    let department = &schemas["CoverageNetwork"]["properties"]["departments"]["items"];
    check(&network["departments"][0], department, "department");
    let csv =
        seen(&client, "/admin/v1/coverage?format=csv", "text/csv; charset=utf-8; header=present").text();
    let networks = coverage["networks"].as_array().unwrap().len();
    let departments = coverage["departments"].as_array().unwrap().len();
    assert_eq!(csv.matches("\r\n").count(), 1 + networks * (1 + departments));
}

#[test]
fn the_table_has_a_line_for_each_commune_and_public() {
    let workerd = workerd();
    let client = workerd.client();
    let diagnosis =
        seen(&client, "/admin/v1/diagnosis?department=26", "application/json; charset=utf-8").json();
    let publics = diagnosis["publics"].as_array().unwrap().len();
    let communes = usize::try_from(diagnosis["whole"]["communes"].as_u64().unwrap()).unwrap();
    let path = "/admin/v1/diagnosis?department=26&format=csv";
    let csv = seen(&client, path, "text/csv; charset=utf-8; header=present").text();
    assert!(csv.starts_with("\u{feff}Code INSEE;Commune;"), "{}", &csv[..80]);
    assert_eq!(csv.matches("\r\n").count(), 1 + communes * publics);
    // The whole region too: the largest answer that the worker ever makes.
    let region = seen(&client, "/admin/v1/diagnosis?format=csv", "text/csv; charset=utf-8; header=present");
    assert!(region.body.len() > 10_000_000, "{}", region.body.len());
}

#[test]
fn the_pages_need_nothing_that_their_policy_forbids() {
    let workerd = workerd();
    let client = workerd.client();
    for path in [
        "/admin/v1/diagnosis?format=html",
        "/admin/v1/diagnosis?format=html&department=26",
        "/admin/v1/diagnosis?format=html&commune=26281",
        "/admin/v1/coverage?format=html",
        "/admin/v1/guide.html",
    ] {
        let reply = seen(&client, path, "text/html; charset=utf-8");
        let policy = reply.header("Content-Security-Policy").unwrap_or_default().to_owned();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{path}: {policy}");
        check_self_contained(path, &reply.text());
    }
    let reply = seen(&client, "/admin/v1/guide.svg", "image/svg+xml; charset=utf-8");
    assert!(reply.header("Content-Security-Policy").is_some());
    let svg = reply.text();
    check_self_contained("guide.svg", &svg);
    assert!(svg.starts_with("<svg ") && svg.contains("<title id=\"guide-title\">"), "{}", &svg[..200]);
}

fn check_self_contained(what: &str, text: &str) {
    for forbidden in
        ["<script", " style=\"", "<link", "<img", "url(", "@import", "onclick", "http-equiv=\"refresh\""]
    {
        assert!(!text.contains(forbidden), "{what} has {forbidden}");
    }
    assert_eq!(text.matches("<style>").count(), 1, "{what}");
}

#[test]
fn what_is_published_is_what_is_drawn() {
    let workerd = workerd();
    let client = workerd.client();
    let mut directory = documents::titled("Drawn").unwrap();
    let question = &mut directory["edition"]["questions"][0]["text"]["fr"];
    *question = Value::String("Une question <nouvelle> & nette".to_owned());
    let reply = client.post("/admin/v1/publish").token(TOKEN).json(&directory).send().unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    let svg = seen(&client, "/admin/v1/guide.svg", "image/svg+xml; charset=utf-8").text();
    assert!(svg.contains("Une question &lt;nouvelle&gt; &amp; nette"));
    let page = seen(&client, "/admin/v1/guide.html", "text/html; charset=utf-8").text();
    assert!(page.contains("<li><strong>Une question &lt;nouvelle&gt; &amp; nette</strong>"));
}

#[test]
fn what_does_not_exist_is_refused_in_french() {
    let workerd = workerd();
    let client = workerd.client();
    for (path, code, said) in [
        ("/admin/v1/diagnosis?department=75", "unknown-area", "« 75 » n’est pas dans la région"),
        ("/admin/v1/diagnosis?commune=romans", "unknown-area", "code INSEE"),
        ("/admin/v1/diagnosis?territory=none", "unknown-area", "n’est pas dans cet annuaire"),
        ("/admin/v1/diagnosis?department=26&commune=26281", "several-areas", "pas plusieurs"),
        ("/admin/v1/diagnosis?format=pdf", "unknown-format", "json, csv et html"),
        ("/admin/v1/guide.svg?lang=xx", "unknown-language", "dans cette langue"),
    ] {
        let reply = client.get(path).token(TOKEN).send().unwrap();
        let problem = reply.json();
        assert_eq!((reply.status, problem["code"].as_str()), (422, Some(code)), "{path}: {problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(said)), "{path}: {problem}");
    }
    let reply = client.post("/admin/v1/guide.svg").token(TOKEN).json(&json!({})).send().unwrap();
    assert_eq!((reply.status, reply.header("Allow")), (405, Some("GET, HEAD")));
}
