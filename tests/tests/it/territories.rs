//! Territories made where they are needed, in real workerd: on a page and by the API, and what
//! follows from them.

use serde_json::{Value, json};
use spro_tests::html;
use spro_tests::{Client, Reply, Setup, Workerd, documents};

const TOKEN: &str = "a-token-of-this-test-and-long-enough";

fn ready() -> (Workerd, Client) {
    let workerd = Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap();
    let client = workerd.client();
    let directory = documents::small("Sans territoire").unwrap();
    let reply = client.post("/admin/v1/publish").token(TOKEN).json(&directory).send().unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    (workerd, client)
}

fn api(client: &Client, key: &str, method: &str, path: &str, body: Option<&Value>) -> Reply {
    let request = client.request(method, &format!("/admin/v1/{path}")).token(key);
    match body {
        Some(body) => request.json(body).send().unwrap(),
        None => request.send().unwrap(),
    }
}

#[track_caller]
fn done(client: &Client, method: &str, path: &str, body: Option<&Value>) -> Value {
    let reply = api(client, TOKEN, method, path, body);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()
}

fn sign_in(client: &Client) -> String {
    let signed = client.post("/admin/sign-in").form(&[("key", TOKEN)]).send().unwrap();
    signed.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

/// The fields of the form that posts to an address, with some changed.
#[track_caller]
fn filled(page: &str, action: &str, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let begin = format!("method=\"post\" action=\"{action}\"");
    let form = html::between(page, &begin, "</form>").unwrap_or_else(|| panic!("{action}: {page}"));
    let mut fields = html::fields(form);
    for (name, value) in changes {
        match fields.iter_mut().find(|(field, _)| field == name) {
            Some((_, field)) => (*value).clone_into(field),
            None => fields.push(((*name).to_owned(), (*value).to_owned())),
        }
    }
    fields
}

#[test]
fn a_territory_is_made_on_a_page_and_its_key_reminders_and_diagnosis_follow() {
    let (_workerd, client) = ready();
    let cookie = sign_in(&client);
    let page = |path: &str| {
        let page = client.get(path).header("Cookie", &cookie).send().unwrap();
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        page.text()
    };
    let send = |path: &str, fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        client.post(path).header("Cookie", &cookie).form(&fields).send().unwrap()
    };
    let draft = done(&client, "POST", "drafts", Some(&json!({ "title": "Territoires" })));
    let id = draft["id"].as_str().unwrap();
    let list = format!("/admin/drafts/{id}/territories");
    let new = format!("{list}/new");
    assert!(page(&format!("/admin/drafts/{id}")).contains(&format!("href=\"{list}\"")));
    assert!(page(&list).contains("aucun territoire"));

    // What is wrong is told beside its field, and nothing typed is lost.
    let wrong =
        [("name", "Valence et autour"), ("communes", "26000 Nulle-part"), ("contact_email", "accueil")];
    let refused = send(&new, &filled(&page(&new), &new, &wrong));
    assert_eq!(refused.status, 422, "{}", refused.text());
    let text = refused.text();
    for said in [
        "id=\"communes-error\"",
        "id=\"contact_email-error\"",
        "26000 Nulle-part",
        "value=\"Valence et autour\"",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let right = [
        ("name", "Valence et autour"),
        ("communes", "26000 Valence"),
        ("contact_email", "accueil@exemple.fr"),
        ("organisation", "Une charte locale."),
        ("granted_on", "2026-01-02"),
    ];
    // A double click adds one.
    let fields = filled(&page(&new), &new, &right);
    for _ in 0..2 {
        let saved = send(&new, &fields);
        assert_eq!(
            saved.header("location"),
            Some(&*format!("{list}?done=territory-saved")),
            "{}",
            saved.text()
        );
    }
    let territories = done(&client, "GET", &format!("drafts/{id}/directory"), None)["territories"].clone();
    assert_eq!(
        territories,
        json!([{
            "id": "valence-et-autour", "name": "Valence et autour", "communes": ["26362"],
            "description": { "fr": "Une charte locale." }, "contact": { "email": "accueil@exemple.fr" },
            "label": { "granted_on": "2026-01-02" },
        }])
    );
    // Opened and saved as it is, nothing changes; then by an intercommunality.
    let own = format!("{list}/valence-et-autour");
    let saved = send(&own, &filled(&page(&own), &own, &[("intercommunalities", "26000 Valence")]));
    assert_eq!(saved.status, 303, "{}", saved.text());
    let behind = send(&own, &filled(&text.replace("/new", "/valence-et-autour"), &own, &right));
    assert_eq!(behind.status, 412, "written from an older page: {}", behind.text());
    let after = done(&client, "GET", &format!("drafts/{id}/directory"), None)["territories"][0].clone();
    let communes = after["communes"].as_array().unwrap();
    assert!(communes.len() > 40 && communes.contains(&json!("26281")), "{after}");

    done(&client, "POST", &format!("drafts/{id}/publish"), Some(&json!({ "accept_losses": true })));
    // Its key, its diagnosis, its reminder.
    let wanted = json!({ "name": "Valence", "role": "territory", "territory": "valence-et-autour" });
    let key = done(&client, "POST", "keys", Some(&wanted))["key"].as_str().unwrap().to_owned();
    let own = api(&client, &key, "POST", "drafts", Some(&json!({ "title": "Un lieu" }))).json();
    assert_eq!(own["territory"], "valence-et-autour");
    let diagnosis = api(&client, &key, "GET", "diagnosis?territory=valence-et-autour", None);
    assert_eq!(diagnosis.status, 200, "{}", diagnosis.text());
    let made = client.post("/admin/freshness/remind").header("Cookie", &cookie).form(&[]).send().unwrap();
    assert_eq!(made.status, 303);
    let reminders = page("/admin/freshness?months=120");
    assert!(reminders.contains("Valence et autour :") && reminders.contains("À : accueil@exemple.fr"));
    let about = client.get("/v1/guide").send().unwrap().json();
    let about = format!("/v1/{}/about.fr.json", about["snapshot"].as_str().unwrap());
    assert!(client.get(&about).send().unwrap().text().contains("Valence et autour"));
    // Its editor changes places, and no territory.
    let path = format!("drafts/{}/territories/valence-et-autour", own["id"].as_str().unwrap());
    let mut larger = after.clone();
    larger["departments"] = json!(["26"]);
    let refused = api(&client, &key, "PUT", &path, Some(&larger));
    assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("outside-territory")));
}

#[test]
fn a_territory_is_written_and_taken_away_by_the_api() {
    let (_workerd, client) = ready();
    let draft = done(&client, "POST", "drafts", Some(&json!({ "title": "Territoires" })));
    let path = format!("drafts/{}", draft["id"].as_str().unwrap());
    let territory = json!({ "id": "romans", "name": "Romans", "communes": ["26281"] });
    let at = format!("{path}/territories/romans");
    let told = done(&client, "PUT", &at, Some(&territory));
    assert_eq!(told["steps"], json!(["territoire ajouté : Romans"]));
    for (bad, status) in [
        (json!({ "id": "other", "name": "Romans" }), 422),
        (json!({ "id": "romans" }), 422),
        (json!({ "id": "romans", "name": "Romans", "population": 3 }), 422),
    ] {
        assert_eq!(api(&client, TOKEN, "PUT", &at, Some(&bad)).status, status, "{bad}");
    }
    let stale = client.request("PUT", &format!("/admin/v1/{at}")).token(TOKEN).header("If-Match", "\"1\"");
    assert_eq!(stale.json(&territory).send().unwrap().status, 412);

    // What names it keeps it.
    let place = done(&client, "GET", &format!("{path}/directory"), None)["structures"][0].clone();
    let mut bounded = place.clone();
    bounded["competence"] = json!({ "territories": ["romans"] });
    let place_path = format!("{path}/places/{}", place["id"].as_str().unwrap());
    done(&client, "PUT", &place_path, Some(&bounded));
    let kept = api(&client, TOKEN, "DELETE", &at, None);
    assert_eq!((kept.status, &kept.json()["code"]), (409, &json!("territory-in-use")), "{}", kept.text());
    done(&client, "PUT", &place_path, Some(&place));
    done(&client, "DELETE", &at, None);
    assert_eq!(api(&client, TOKEN, "DELETE", &at, None).status, 404);
    let directory = done(&client, "GET", &format!("{path}/directory"), None);
    assert!(directory["territories"].is_null(), "{}", directory["territories"]);
}
