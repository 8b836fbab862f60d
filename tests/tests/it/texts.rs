//! The texts of an edition, its resources and its news, changed on pages, in real workerd: into a draft,
//! and live with its publication.

use serde_json::{Value, json};
use spro_tests::html;
use spro_tests::{Client, Reply, Setup, Workerd, documents};

const TOKEN: &str = "a-token-of-this-test-and-long-enough";

fn directory() -> Value {
    let mut directory = documents::small("Des textes").unwrap();
    directory["edition"]["languages"] =
        json!([{ "tag": "fr", "name": "Français" }, { "tag": "uk", "name": "Українська" }]);
    directory["territories"] = json!([{ "id": "valence", "name": "Valence", "communes": ["26362"] }]);
    directory
}

fn sign_in(client: &Client, key: &str) -> String {
    let signed = client.post("/admin/sign-in").form(&[("key", key)]).send().unwrap();
    signed.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

#[track_caller]
fn done(client: &Client, method: &str, path: &str, body: Option<&Value>) -> Value {
    let request = client.request(method, &format!("/admin/v1/{path}")).token(TOKEN);
    let reply = match body {
        Some(body) => request.json(body).send().unwrap(),
        None => request.send().unwrap(),
    };
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()
}

/// Somebody who is signed in.
struct Desk<'a> {
    client: &'a Client,
    cookie: String,
}

impl Desk<'_> {
    fn get(&self, path: &str) -> Reply {
        self.client.get(path).header("Cookie", &self.cookie).send().unwrap()
    }

    #[track_caller]
    fn page(&self, path: &str) -> String {
        let page = self.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        page.text()
    }

    /// Sends the form of a page, with some fields changed.
    #[track_caller]
    fn send(&self, page: &str, action: &str, changes: &[(&str, &str)]) -> Reply {
        let form = html::between(page, "<form method=\"post\">", "</form>");
        let mut fields = html::fields(form.unwrap_or_else(|| panic!("{action}: {page}")));
        for (name, value) in changes {
            match fields.iter_mut().find(|(field, _)| field == name) {
                Some((_, field)) => (*value).clone_into(field),
                None => fields.push(((*name).to_owned(), (*value).to_owned())),
            }
        }
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.client.post(action).header("Cookie", &self.cookie).form(&fields).send().unwrap()
    }

    /// Opens the form of a text, changes some fields and sends it.
    #[track_caller]
    fn change(&self, path: &str, changes: &[(&str, &str)]) -> Reply {
        self.send(&self.page(path), path, changes)
    }
}

#[test]
fn texts_resources_and_news_are_changed_on_pages_and_published() {
    let workerd = Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap();
    let client = workerd.client();
    done(&client, "POST", "publish", Some(&directory()));
    let desk = Desk { client: &client, cookie: sign_in(&client, TOKEN) };
    let draft = done(&client, "POST", "drafts", Some(&json!({ "title": "Des mots" })));
    let id = draft["id"].as_str().unwrap();
    let list = format!("/admin/drafts/{id}/texts");
    let is_saved = |reply: &Reply| {
        assert_eq!(reply.header("location"), Some(&*format!("{list}?done=text-saved")), "{}", reply.text());
    };
    let document = || done(&client, "GET", &format!("drafts/{id}/directory"), None);
    assert!(desk.page(&format!("/admin/drafts/{id}")).contains(&format!("href=\"{list}\"")));

    // Words lead to their form, in either language.
    let question = format!("{list}/questions.situation");
    for words in ["quelle+est+votre+SITUATION", "%D1%81%D0%B8%D1%82%D1%83%D0%B0%D1%86"] {
        let found = desk.page(&format!("{list}?q={words}&part=edition.questions"));
        assert!(found.contains(&format!("href=\"{question}\"")), "{words}: {found}");
    }
    assert!(desk.page(&format!("{list}?q=introuvable")).contains("Rien ne correspond"));

    // A text and its translation; opened and saved as it is, nothing changes and no step is counted.
    let before = document();
    is_saved(&desk.change(&question, &[]));
    assert_eq!(document(), before);
    let older = desk.page(&question);
    is_saved(&desk.change(&question, &[("text.fr", "Où en êtes-vous ?"), ("text.uk", "Де ви зараз?")]));
    let text = document()["edition"]["questions"][0]["text"].clone();
    assert_eq!((&text["fr"], &text["uk"]), (&json!("Où en êtes-vous ?"), &json!("Де ви зараз?")));
    assert!(text["ar"].is_string(), "a language that the edition does not show stays");

    // Who wrote from an older page is told, with their words still there; sent again, they are taken.
    let overtaken = desk.send(&older, &question, &[("text.uk", "Ваша ситуація?")]);
    assert_eq!(overtaken.status, 412, "{}", overtaken.text());
    let told = overtaken.text();
    assert!(told.contains("a changé entre-temps") && told.contains("Ваша ситуація?"), "{told}");
    assert!(told.contains("Où en êtes-vous ?"), "what the other wrote is shown: {told}");
    is_saved(&desk.send(&told, &question, &[]));
    let text = document()["edition"]["questions"][0]["text"].clone();
    assert_eq!((&text["fr"], &text["uk"]), (&json!("Où en êtes-vous ?"), &json!("Ваша ситуація?")));

    // What is wrong is told at its field, and nothing typed is lost.
    let new = format!("{list}/new");
    let page = desk.page(&format!("{new}?kind=news"));
    let wrong = desk.send(&page, &new, &[("title.uk", "Звіт"), ("published_on", "hier")]);
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    let text = wrong.text();
    for said in ["id=\"title.fr-error\"", "id=\"published_on-error\"", "Звіт", "value=\"hier\""] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let right = [
        ("title.fr", "Le bilan de 2026"),
        ("description.fr", "Mille lieux."),
        ("published_on", "2026-11-20"),
        ("valid_until", "2027-11-20"),
        ("website", "https://exemple.fr/bilan"),
    ];
    // A double click adds one.
    for _ in 0..2 {
        is_saved(&desk.send(&text, &new, &right));
    }
    let made = json!([{
        "id": "le-bilan-de-2026", "kind": "news", "title": { "fr": "Le bilan de 2026", "uk": "Звіт" },
        "description": { "fr": "Mille lieux." }, "published_on": "2026-11-20", "valid_until": "2027-11-20",
        "website": "https://exemple.fr/bilan",
    }]);
    assert_eq!(document()["resources"], made);
    let own = format!("{list}/resources.le-bilan-de-2026");
    is_saved(&desk.change(&own, &[("description.fr", "")]));
    assert!(document()["resources"][0]["description"].is_null());
    let site = desk.page(&format!("{new}?kind=site"));
    is_saved(&desk.send(&site, &new, &[("title.fr", "Un site"), ("website", "exemple.fr")]));

    // One is taken out again; what rules need has no such button.
    let site = format!("{list}/resources.un-site");
    let page = desk.page(&site);
    for _ in 0..2 {
        let gone = desk.send(&page, &site, &[("remove", "1")]);
        assert_eq!(gone.header("location"), Some(&*format!("{list}?done=text-removed")), "{}", gone.text());
    }
    assert_eq!(document()["resources"].as_array().unwrap().len(), 1);
    assert_eq!(desk.get(&site).status, 404);
    assert!(!desk.page(&question).contains("name=\"remove\""));
    assert_eq!(desk.change(&question, &[("remove", "1")]).status, 404);

    // The trail says it, and a publication brings it to visitors.
    let trail = done(&client, "GET", "audit", None).to_string();
    for line in
        ["texte modifié : Où en êtes-vous ?", "ressource ajoutée : Un site", "ressource retirée : Un site"]
    {
        assert!(trail.contains(line), "{line}: {trail}");
    }
    done(&client, "POST", &format!("drafts/{id}/publish"), Some(&json!({ "accept_losses": true })));
    let guide = client.get("/v1/guide").send().unwrap().json();
    assert_eq!(guide["questions"][0]["text"], json!("Où en êtes-vous\u{a0}?"));
    let about = format!("/v1/{}/about.uk.json", guide["snapshot"].as_str().unwrap());
    assert!(client.get(&about).send().unwrap().text().contains("Звіт"));
    assert_eq!(desk.get(&question).status, 409, "a draft that is over is not changed");
}

/// Only who may change the whole edition changes its words.
#[test]
fn a_key_of_a_territory_changes_no_text() {
    let workerd = Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap();
    let client = workerd.client();
    done(&client, "POST", "publish", Some(&directory()));
    let of_region = done(&client, "POST", "drafts", Some(&json!({ "title": "De la Région" })));
    for wanted in [
        json!({ "name": "Valence", "role": "territory", "territory": "valence", "may_publish": true }),
        json!({ "name": "Un lecteur", "role": "reader" }),
    ] {
        let key = done(&client, "POST", "keys", Some(&wanted))["key"].as_str().unwrap().to_owned();
        let desk = Desk { client: &client, cookie: sign_in(&client, &key) };
        let own = client.post("/admin/v1/drafts").token(&key).json(&json!({ "title": "Le sien" })).send();
        let own = own.unwrap().json();
        for draft in [&of_region["id"], &own["id"]].into_iter().filter_map(Value::as_str) {
            for path in ["", "/new", "/questions.situation"] {
                let path = format!("/admin/drafts/{draft}/texts{path}");
                assert!(matches!(desk.get(&path).status, 403 | 404), "{path}");
                if path.ends_with("/texts") {
                    continue;
                }
                let sent = client.post(&path).header("Cookie", &desk.cookie);
                let sent = sent.form(&[("text.fr", "x"), ("title.fr", "x"), ("remove", "1")]).send().unwrap();
                assert!(matches!(sent.status, 403 | 404), "{path}: {}", sent.text());
            }
        }
    }
    let after =
        done(&client, "GET", &format!("drafts/{}/directory", of_region["id"].as_str().unwrap()), None);
    assert!(
        after["resources"].is_null()
            && after["edition"] == done(&client, "GET", "directory", None)["edition"]
    );
}
