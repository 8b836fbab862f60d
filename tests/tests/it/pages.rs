//! The pages of the administration in real workerd, without a browser: forms only, as
//! somebody without JavaScript has them.

use serde_json::{Value, json};
use spro_tests::html;
use spro_tests::{Client, Reply, Setup, Workerd, documents};

const TOKEN: &str = "a-token-of-this-test-and-long-enough";
/// What a hostile file could have called a place.
const HOSTILE: &str = "<script>alert(1)</script> & \"co\"";

fn workerd() -> Workerd {
    Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap()
}

/// A small directory with two territories, and a place whose name is an attack.
fn directory(title: &str) -> Value {
    let mut directory = documents::small(title).unwrap();
    let territory = |id: &str, communes: &[&str]| json!({ "id": id, "name": format!("Territoire {id}"), "communes": communes });
    directory["territories"] = json!([territory("valence", &["26362"]), territory("romans", &["26281"])]);
    let place = |id: &str, name: &str, commune: &str, postcode: &str| {
        json!({
            "id": id, "network": "cio", "name": name, "commune": commune, "phones": ["04 75 00 00 01"],
            "address": { "lines": ["1 rue Inventée"], "postcode": postcode },
        })
    };
    let structures = directory["structures"].as_array_mut().unwrap();
    structures.push(place("cio-invente", "CIO inventé", "26362", "26000"));
    structures.push(place("cio-hostile", HOSTILE, "26281", "26100"));
    directory
}

fn publish(client: &Client, directory: &Value) -> String {
    let reply =
        client.post("/admin/v1/publish?reason=Premi%C3%A8re").token(TOKEN).json(directory).send().unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["snapshot"].as_str().unwrap().to_owned()
}

/// A browser that keeps its cookie and runs no script.
struct Browser<'a> {
    client: &'a Client,
    cookie: String,
}

impl Browser<'_> {
    fn get(&self, path: &str) -> Reply {
        let page = self.client.get(path).header("Cookie", &self.cookie).send().unwrap();
        is_safe(path, &page);
        page
    }

    #[track_caller]
    fn page(&self, path: &str) -> String {
        let page = self.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        page.text()
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let reply = self.client.post(path).header("Cookie", &self.cookie).form(fields).send().unwrap();
        is_safe(path, &reply);
        reply
    }

    /// Sends a form, and goes where it leads.
    #[track_caller]
    fn send(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let reply = self.post(path, fields);
        assert_eq!(reply.status, 303, "{path}: {}", reply.text());
        reply.header("location").unwrap().to_owned()
    }
}

/// No page has a script, and each forbids them.
#[track_caller]
fn is_safe(path: &str, reply: &Reply) {
    if !reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
        return;
    }
    let (text, policy) = (reply.text(), reply.header("content-security-policy").unwrap_or_default());
    assert!(!text.contains("<script") && !text.contains("javascript:"), "{path}");
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{path}: {policy}");
    assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
    assert_eq!(text.matches("<h1").count(), 1, "{path}");
}

fn sign_in<'a>(client: &'a Client, key: &str) -> Browser<'a> {
    let reply =
        client.post("/admin/sign-in").form(&[("key", key), ("next", "/admin/places")]).send().unwrap();
    assert_eq!((reply.status, reply.header("location")), (303, Some("/admin/places")), "{}", reply.text());
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    Browser { client, cookie: cookie.split(';').next().unwrap().to_owned() }
}

fn key(client: &Client, wanted: &Value) -> String {
    let made = client.post("/admin/v1/keys").token(TOKEN).json(wanted).send().unwrap().json();
    made["key"].as_str().unwrap().to_owned()
}

/// The fields of the form that posts to an address, as the page has them.
#[track_caller]
fn fields(page: &str, action: &str) -> Vec<(String, String)> {
    let begin = format!("method=\"post\" action=\"{action}\"");
    let form = html::between(page, &begin, "</form>").unwrap_or_else(|| panic!("{action}: {page}"));
    html::fields(form)
}

/// The same fields with some values changed.
fn with<'a>(fields: &'a [(String, String)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let kept = kept.filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    kept.chain(changes.iter().copied()).collect()
}

#[test]
fn signing_in_by_form_opens_the_page_that_was_asked_for() {
    let workerd = workerd();
    let client = workerd.client();
    let stranger = client.get("/admin/audit?before=3").send().unwrap();
    assert_eq!(stranger.status, 401);
    is_safe("/admin/audit", &stranger);
    assert!(stranger.text().contains("value=\"/admin/audit?before=3\""));
    let wrong = client.post("/admin/sign-in").form(&[("key", "faux")]).send().unwrap();
    assert_eq!((wrong.status, wrong.header("set-cookie")), (401, None));
    let browser = sign_in(&client, TOKEN);
    assert!(browser.page("/admin").contains("clé d’installation"));
    assert_eq!(browser.send("/admin/sign-out", &[]), "/admin");
    assert_eq!(browser.get("/admin").status, 401, "the cookie is worth nothing any more");
}

#[test]
fn another_site_changes_nothing() {
    let workerd = workerd();
    let client = workerd.client();
    publish(&client, &directory("Foreign"));
    let browser = sign_in(&client, TOKEN);
    for path in
        ["/admin/places/cio-invente/edit", "/admin/keys", "/admin/versions/rollback", "/admin/sign-in"]
    {
        for origin in ["https://evil.example", "null"] {
            let reply = client
                .post(path)
                .header("Cookie", &browser.cookie)
                .header("Origin", origin)
                .body("a=b")
                .send()
                .unwrap();
            assert_eq!(reply.status, 403, "{path} from {origin}: {}", reply.text());
        }
        let silent = client.post(path).header("Cookie", &browser.cookie).body("a=b").send().unwrap();
        assert_eq!(silent.status, 403, "{path} from nowhere");
    }
    assert!(!browser.page("/admin/drafts").contains("CIO inventé"));
}

#[test]
fn each_role_opens_its_pages_and_no_other() {
    let workerd = workerd();
    let client = workerd.client();
    let first = publish(&client, &directory("Roles"));
    let territory = json!({ "name": "Valence", "role": "territory", "territory": "valence" });
    let browsers = [
        sign_in(&client, TOKEN),
        sign_in(&client, &key(&client, &territory)),
        sign_in(&client, &key(&client, &json!({ "name": "Lecture", "role": "reader" }))),
    ];
    let version = format!("/admin/versions/{first}");
    let rollback = format!("/admin/versions/rollback?to={first}");
    for (path, expected) in [
        ("/admin", [200, 200, 200]),
        ("/admin/places", [200, 200, 200]),
        ("/admin/places?q=invente", [200, 200, 200]),
        ("/admin/places/cio-invente", [200, 200, 200]),
        ("/admin/places/cio-hostile", [200, 200, 200]),
        ("/admin/places/nulle-part", [404, 404, 404]),
        ("/admin/versions", [200, 200, 200]),
        (&version, [200, 200, 200]),
        ("/admin/versions/x", [404, 404, 404]),
        ("/admin/coverage", [200, 200, 200]),
        ("/admin/diagnosis", [200, 200, 200]),
        ("/admin/export", [200, 200, 200]),
        ("/admin/drafts", [200, 200, 403]),
        (&rollback, [200, 403, 403]),
        ("/admin/keys", [200, 403, 403]),
        ("/admin/audit", [200, 403, 403]),
        ("/admin/audit.csv", [200, 403, 403]),
        ("/admin/counters", [200, 200, 200]),
        ("/admin/counters.csv?by=week", [200, 200, 200]),
        ("/admin/counters?from=demain", [422, 422, 422]),
        ("/admin/rien", [404, 404, 404]),
    ] {
        for (browser, expected) in browsers.iter().zip(expected) {
            assert_eq!(browser.get(path).status, expected, "{path}");
        }
    }
    let [region, valence, reader] = &browsers;
    assert_eq!(valence.post("/admin/places/cio-hostile/edit", &[]).status, 403, "of another territory");
    assert_eq!(reader.post("/admin/places/cio-invente/edit", &[]).status, 403);
    assert!(!reader.page("/admin/places/cio-invente").contains("Modifier ce lieu"));
    assert!(valence.page("/admin/places/cio-invente").contains("Modifier ce lieu"));
    assert!(!valence.page("/admin/places/cio-hostile").contains("Modifier ce lieu"));

    // A draft of the Region is not there for the territory.
    let form = region.send("/admin/places/cio-invente/edit", &[]);
    assert_eq!((valence.get(&form).status, reader.get(&form).status), (404, 403));
    for page in [region.page("/admin/places?network=cio"), region.page("/admin/places/cio-hostile")] {
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; "), "{page}");
    }
    // What is not a page of ours comes whole, and only to be kept.
    for format in ["csv", "xlsx", "ods", "geojson", "inclusion", "json"] {
        let file = reader.get(&format!("/admin/export?format={format}"));
        assert_eq!(file.status, 200, "{format}");
        assert!(file.header("content-disposition").unwrap().starts_with("attachment"), "{format}");
        assert!(!file.body.is_empty(), "{format}");
    }
    assert_eq!(reader.get("/admin/export?format=pdf").status, 422);
    let diagnosis = reader.page("/admin/diagnosis/page?territory=valence");
    assert!(diagnosis.contains("Territoire valence") && diagnosis.contains("<a href=\"/admin/diagnosis\">"));
}

#[test]
fn one_place_is_corrected_published_and_taken_back_by_forms_alone() {
    let workerd = workerd();
    let client = workerd.client();
    let first = publish(&client, &directory("Forms"));
    let browser = sign_in(&client, TOKEN);

    let form = browser.send("/admin/places/cio-invente/edit", &[]);
    assert_eq!(browser.send("/admin/places/cio-invente/edit", &[]), form, "a double click begins one draft");
    let draft = form.rsplit_once("/places/").unwrap().0.to_owned();
    let own = fields(&browser.page(&form), &form);

    // Nothing changed: nothing is written.
    assert_eq!(browser.send(&form, &with(&own, &[])), format!("{draft}?done=place-saved"));
    assert_eq!(fields(&browser.page(&form), &form), own);

    // What is wrong is told at its field, and what was typed is still there.
    let wrong = browser
        .post(&form, &with(&own, &[("phones", "04 75"), ("monday", "le matin"), ("name", "CIO renommé")]));
    assert_eq!(wrong.status, 422);
    let text = wrong.text();
    for part in [
        "href=\"#phones\"",
        "href=\"#monday\"",
        "aria-describedby=\"phones-help phones-error\" aria-invalid=\"true\"",
        "value=\"le matin\"",
        "value=\"CIO renommé\"",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(fields(&browser.page(&form), &form), own, "nothing was saved");

    let changed =
        [("phones", "0475000002\r\n04.75.00.00.03"), ("monday", "9h-12h et 14h-17h"), ("checked_today", "1")];
    browser.send(&form, &with(&own, &changed));
    // A double click, or a connection that was lost: said to be done, and done once.
    assert_eq!(browser.send(&form, &with(&own, &changed)), format!("{draft}?done=place-saved"));
    let again = fields(&browser.page(&form), &form);
    assert!(again.contains(&("phones".to_owned(), "04 75 00 00 02\n04 75 00 00 03".to_owned())), "{again:?}");
    assert!(again.contains(&("monday".to_owned(), "9:00-12:00, 14:00-17:00".to_owned())), "{again:?}");

    // Another place by its name and its postcode, then taken away again.
    let new = format!("{draft}/places/new");
    let blank = fields(&browser.page(&new), &new);
    let typed = [
        ("name", "Point relais inventé"),
        ("network", "cio"),
        ("postcode", "26100"),
        ("commune", "romans"),
        ("phones", "0475000004"),
    ];
    browser.send(&new, &with(&blank, &typed));
    browser.send(&new, &with(&blank, &typed));
    let list = browser.page(&format!("{draft}/places?q=relais"));
    assert_eq!(list.matches("Point relais inventé").count(), 1, "{list}");
    let added = format!("{draft}/places/cio-26100-romans-sur-isere");
    let removal = format!("{added}/remove");
    let asked = fields(&browser.page(&removal), &removal);
    assert_eq!(browser.send(&removal, &with(&asked, &[])), format!("{draft}?done=place-removed"));
    assert_eq!(browser.get(&added).status, 404);

    // Published by the API, which the pages of a draft speak to as well.
    let published = client
        .post(&format!("/admin/v1{}/publish", draft.strip_prefix("/admin").unwrap()))
        .token(TOKEN)
        .json(&json!({ "reason": "Nouveau numéro" }))
        .send()
        .unwrap();
    assert_eq!(published.status, 200, "{}", published.text());
    let versions = browser.page("/admin/versions");
    assert!(versions.contains("Nouveau numéro") && versions.contains("1 lieu modifié"), "{versions}");
    assert!(browser.page("/admin").contains("Nouveau numéro"));
    assert!(browser.page("/admin/places/cio-invente").contains("04 75 00 00 02"));

    // Back, by a form that names what is live; an old one is told that it is too late.
    let ask = format!("/admin/versions/rollback?to={first}");
    let page = browser.page(&ask);
    assert!(page.contains("CIO inventé") && page.contains("04 75 00 00 02"), "{page}");
    let confirm = fields(&page, "/admin/versions/rollback");
    let back = with(&confirm, &[("reason", "Numéro faux")]);
    let late = browser.post("/admin/versions/rollback", &with(&confirm, &[("live", &first)]));
    assert_eq!(late.status, 412, "{}", late.text());
    assert_eq!(browser.send("/admin/versions/rollback", &back), "/admin/versions?done=rolled-back");
    assert_eq!(
        browser.send("/admin/versions/rollback", &back),
        "/admin/versions?done=rolled-back",
        "twice is once"
    );
    assert!(browser.page("/admin/places/cio-invente").contains("04 75 00 00 01"));
    assert!(browser.page("/admin/versions").contains("Numéro faux"));
    let document = browser.get(&format!("/admin/versions/{first}/directory.json"));
    assert_eq!(document.json()["title"], "Forms");
    let audit = browser.page("/admin/audit");
    for told in ["connexion", "brouillon commencé", "publication", "retour à une autre version"] {
        assert!(audit.contains(told), "{told}");
    }
    assert!(browser.get("/admin/audit.csv").text().contains("retour à une autre version"));
}

#[test]
fn two_people_at_one_place_lose_nothing() {
    let workerd = workerd();
    let client = workerd.client();
    publish(&client, &directory("Two people"));
    let browser = sign_in(&client, TOKEN);
    let form = browser.send("/admin/places/cio-invente/edit", &[]);
    let draft = form.rsplit_once("/places/").unwrap().0.to_owned();
    let both = fields(&browser.page(&form), &form);
    let elsewhere = format!("{draft}/places/cio-hostile");
    let other = fields(&browser.page(&elsewhere), &elsewhere);

    // Another place of the same draft is nobody's business here.
    browser.send(&elsewhere, &with(&other, &[("phones", "0475000009")]));
    browser.send(&form, &with(&both, &[("phones", "0475000002")]));

    let late = browser.post(&form, &with(&both, &[("name", "CIO renommé")]));
    assert_eq!(late.status, 412, "{}", late.text());
    let shown = late.text();
    assert!(shown.contains("Quelqu’un d’autre a changé ce lieu") && shown.contains("téléphones"), "{shown}");
    let merged = fields(&shown, &form);
    for (name, value) in [("name", "CIO renommé"), ("phones", "04 75 00 00 02")] {
        assert!(merged.contains(&(name.to_owned(), value.to_owned())), "{name}: {merged:?}");
    }
    browser.send(&form, &with(&merged, &[]));
    let last = fields(&browser.page(&form), &form);
    assert!(
        last.contains(&("name".to_owned(), "CIO renommé".to_owned()))
            && last.contains(&("phones".to_owned(), "04 75 00 00 02".to_owned()))
    );

    // A territory's editor who moves a place away keeps what was typed.
    let valence = key(&client, &json!({ "name": "Valence", "role": "territory", "territory": "valence" }));
    let valence = sign_in(&client, &valence);
    let form = valence.send("/admin/places/cio-invente/edit", &[]);
    let own = fields(&valence.page(&form), &form);
    let moved = valence.post(&form, &with(&own, &[("commune", "Romans"), ("postcode", "26100")]));
    assert_eq!(moved.status, 403);
    assert!(moved.text().contains("value=\"Romans\""), "{}", moved.text());
}

#[test]
fn a_key_is_shown_once_and_opens_nothing_once_it_is_taken_back() {
    let workerd = workerd();
    let client = workerd.client();
    publish(&client, &directory("Keys"));
    let browser = sign_in(&client, TOKEN);
    let nameless = browser.post("/admin/keys", &[("role", "publisher")]);
    assert_eq!(nameless.status, 422);
    let text = nameless.text();
    assert!(text.contains("href=\"#name\"") && text.contains("href=\"#territory\""), "{text}");

    let made = browser.post(
        "/admin/keys",
        &[("name", "Équipe <de> Valence"), ("role", "publisher"), ("territory", "valence")],
    );
    assert_eq!(made.status, 200, "{}", made.text());
    let page = made.text();
    let secret: String = page[page.find("spro_").unwrap()..]
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
        .collect();
    let list = browser.page("/admin/keys");
    assert!(
        !list.contains(&secret)
            && list.contains("Équipe &lt;de&gt; Valence")
            && list.contains("Territoire valence"),
        "{list}"
    );

    let team = sign_in(&client, &secret);
    assert!(team.page("/admin/drafts").contains("Équipe &lt;de&gt; Valence"));
    let id = secret.split('_').nth(1).unwrap();
    let revoke = format!("/admin/keys/{id}/revoke");
    assert!(browser.page(&revoke).contains("Équipe &lt;de&gt; Valence"));
    assert_eq!(team.get("/admin").status, 200, "asking is not doing");
    assert_eq!(browser.send(&revoke, &[]), "/admin/keys?done=key-revoked");
    assert_eq!(team.get("/admin").status, 401);
    assert!(browser.page("/admin/keys").contains("retirée"));
    assert_eq!(browser.get("/admin/keys/0000000000/revoke").status, 404);
}

/// A draft that takes the last places of a network away is published by who says that it is wanted.
#[test]
fn what_people_lose_by_a_draft_has_to_be_answered_first() {
    let workerd = workerd();
    let client = workerd.client();
    let mut whole = directory("Losses");
    let before = publish(&client, &whole);
    let browser = sign_in(&client, TOKEN);
    let api = |method: &str, path: &str, body: &Value| {
        client.request(method, &format!("/admin/v1/{path}")).token(TOKEN).json(body).send().unwrap()
    };
    let draft = api("POST", "drafts", &json!({ "title": "Sans chambre" })).json();
    let id = draft["id"].as_str().unwrap();
    whole["structures"].as_array_mut().unwrap().retain(|place| place["network"] != "cma");
    assert_eq!(api("PUT", &format!("drafts/{id}/directory"), &whole).status, 200);

    let refused = api("POST", &format!("drafts/{id}/publish"), &json!({ "reason": "" }));
    assert_eq!((refused.status, refused.json()["code"].as_str()), (409, Some("losses-unanswered")));
    assert_eq!(refused.json()["losses"][0]["code"], "network-without-place", "{}", refused.text());
    let check = browser.page(&format!("/admin/drafts/{id}/check"));
    assert!(check.contains("ne dit pas que la liste des lieux est complète"), "{check}");

    let form = format!("/admin/drafts/{id}/publish");
    let page = browser.page(&form);
    assert!(page.contains("À répondre avant de publier") && page.contains("au moins un lieu"), "{page}");
    let own = fields(&page, &form);
    assert!(!own.iter().any(|(name, _)| name == "losses"), "nobody has answered yet");
    let again = browser.post(&form, &with(&own, &[]));
    assert_eq!(again.status, 422, "{}", again.text());
    assert!(again.text().contains("l’a vu et le veut"), "{}", again.text());
    let live = || client.get("/v1/guide").send().unwrap().json()["snapshot"].clone();
    assert_eq!(live(), json!(before));

    let answered = browser.send(&form, &with(&own, &[("losses", "accepted")]));
    assert_eq!(answered, "/admin/versions?done=published");
    assert_ne!(live(), json!(before));
    assert!(browser.page("/admin/coverage").contains("aucun lieu"), "and the page of the live one says it");
}
