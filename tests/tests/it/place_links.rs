//! The private links of places in real workerd: from the message to what is live, and what a link
//! that is not one's own, or is over, opens: nothing.

use serde_json::{Value, json};
use spro_tests::html;
use spro_tests::{Client, Kv, Reply, Setup, Workerd, documents};
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};

const TOKEN: &str = "a-token-of-this-test-and-long-enough";
const PLACE: &str = "cio-invente";
const OTHER: &str = "cio-voisin";

fn workerd(variables: Vec<(&'static str, &'static str)>) -> Workerd {
    Workerd::start(Setup { token: Some(TOKEN.to_owned()), variables, ..Setup::default() }).unwrap()
}

/// A small directory with two territories, and a place in each that only the city's people go to.
fn directory() -> Value {
    let mut directory = documents::small("Liens privés").unwrap();
    let territory = |id: &str, communes: &[&str]| json!({ "id": id, "name": format!("Territoire {id}"), "communes": communes });
    directory["territories"] = json!([territory("valence", &["26362"]), territory("romans", &["26281"])]);
    let place = |id: &str, name: &str, commune: &str, postcode: &str| {
        json!({
            "id": id, "network": "cio", "name": name, "commune": commune, "phones": ["04 75 00 00 01"],
            "address": { "lines": ["1 rue Inventée"], "postcode": postcode },
            "emails": ["accueil@exemple.fr"], "competence": { "communes": [commune] },
            "checked_on": "2024-01-02", "references": { "secret-de-la-source": id },
        })
    };
    let structures = directory["structures"].as_array_mut().unwrap();
    structures.push(place(PLACE, "CIO inventé", "26362", "26000"));
    structures.push(place(OTHER, "CIO voisin", "26281", "26100"));
    directory
}

fn publish(client: &Client) {
    let reply = client.post("/admin/v1/publish").token(TOKEN).json(&directory()).send().unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
}

fn ready(variables: Vec<(&'static str, &'static str)>) -> (Workerd, Client) {
    let workerd = workerd(variables);
    let client = workerd.client();
    publish(&client);
    (workerd, client)
}

#[track_caller]
fn api(client: &Client, key: &str, method: &str, path: &str, body: Option<&Value>) -> Reply {
    let request = client.request(method, &format!("/admin/v1/{path}")).token(key);
    match body {
        Some(body) => request.json(body).send().unwrap(),
        None => request.send().unwrap(),
    }
}

#[track_caller]
fn get(client: &Client, path: &str) -> Value {
    let reply = api(client, TOKEN, "GET", path, None);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()
}

#[track_caller]
fn post(client: &Client, path: &str, body: &Value) -> Value {
    let reply = api(client, TOKEN, "POST", path, Some(body));
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()
}

/// Makes the link of a place, and returns its path.
#[track_caller]
fn link(client: &Client, place: &str) -> String {
    let made = post(client, "place-links", &json!({ "places": [place] }));
    let address = made["links"][0]["address"].as_str().unwrap();
    address.strip_prefix(client.origin()).unwrap_or_else(|| panic!("{address}")).to_owned()
}

fn live_place(client: &Client, id: &str) -> Value {
    let live = get(client, "directory");
    live["structures"].as_array().unwrap().iter().find(|place| place["id"] == id).unwrap().clone()
}

/// What the page of a link holds, and nobody but its reader learns.
#[track_caller]
fn is_private(page: &Reply) {
    let text = page.text();
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-robots-tag", "noindex, nofollow"),
        ("x-frame-options", "DENY"),
        ("content-type", "text/html; charset=utf-8"),
    ] {
        assert_eq!(page.header(name), Some(value), "{name}");
    }
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    assert!(!text.contains("<script") && !text.contains("set-cookie"));
    assert_eq!(text.matches("<h1").count(), 1, "{text}");
}

#[track_caller]
fn opens(client: &Client, path: &str) -> String {
    let page = client.get(path).send().unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    is_private(&page);
    page.text()
}

/// Sends one of the two forms of the page.
fn answer(client: &Client, path: &str, said: &str, changes: &[(&str, &str)]) -> Reply {
    let page = opens(client, path);
    let forms = html::all_between(&page, "<form", "</form>");
    let form = forms
        .iter()
        .map(|form| html::fields(form))
        .find(|fields| fields.iter().any(|(name, value)| name == "said" && value == said));
    let mut fields = form.unwrap_or_else(|| panic!("{said}: {page}"));
    for (name, value) in changes {
        let field = fields.iter_mut().find(|(field, _)| field == name);
        (*value).clone_into(&mut field.unwrap_or_else(|| panic!("{name}")).1);
    }
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    client.post(path).form(&fields).send().unwrap()
}

/// What nothing is opened with: the same, whatever it was.
fn nothing(client: &Client, path: &str) -> String {
    static NETWORKS: AtomicU8 = AtomicU8::new(0);
    // Each from another network, where the worker is told: guesses wait.
    let address = format!("10.0.{}.1", NETWORKS.fetch_add(1, Ordering::Relaxed));
    let page = client.get(path).header("X-Client", &address).send().unwrap();
    assert_eq!(page.status, 404, "{path}: {}", page.text());
    is_private(&page);
    let sent = client.post(path).header("X-Client", &address).form(&[("said", "still-true")]).send().unwrap();
    assert_eq!((sent.status, sent.text()), (404, page.text()), "{path}");
    page.text()
}

#[test]
fn a_place_corrects_itself_from_the_message_to_what_is_live() {
    let (workerd, client) = ready(Vec::new());
    // An administrator makes it on a page, which alone shows it, in the message.
    let signed = client.post("/admin/sign-in").form(&[("key", TOKEN)]).send().unwrap();
    let cookie = signed.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let admin = |path: &str| client.get(path).header("Cookie", &cookie).send().unwrap().text();
    assert!(
        admin("/admin/freshness").contains("Faire un lien privé<span class=\"hidden\"> pour CIO inventé")
    );
    let made =
        client.post("/admin/place-links").header("Cookie", &cookie).form(&[("place", PLACE)]).send().unwrap();
    assert_eq!(made.status, 200, "{}", made.text());
    let message = made.text();
    let address = html::between(&message, "<code class=\"secret\">", "</code>").unwrap().to_owned();
    assert!(message.contains("À : accueil@exemple.fr") && message.contains("mailto:accueil@exemple.fr?"));
    let path = address.strip_prefix(&workerd.origin()).unwrap().to_owned();
    let secret = path.rsplit('/').next().unwrap().to_owned();
    assert_eq!(secret.len(), 48, "192 bits");
    assert!(!admin("/admin/place-links").contains(&secret));

    let page = opens(&client, &path);
    assert!(page.contains("CIO inventé") && page.contains("C’est toujours juste"));
    assert!(!page.contains("secret-de-la-source"), "nothing of how the directory holds it");

    // What is wrong is told beside its field, and nothing typed is lost.
    let wrong = answer(&client, &path, "corrected", &[("phones", "12"), ("hours_note", "Sur rendez-vous")]);
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    is_private(&wrong);
    let text = wrong.text();
    assert!(text.contains("id=\"phones-error\"") && text.contains("href=\"#phones\""), "{text}");
    assert!(text.contains(">\n12</textarea>") && text.contains("value=\"Sur rendez-vous\""), "{text}");
    assert_eq!(get(&client, "drafts")["drafts"], json!([]), "nothing was begun");

    let sent = answer(&client, &path, "corrected", &[("phones", "04 75 00 00 02"), ("monday", "9:00-12:00")]);
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_eq!(sent.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(sent.header("location"), Some(&*format!("{path}?done=corrected")));
    let page = opens(&client, sent.header("location").unwrap());
    assert!(page.contains("Votre réponse attend d’être relue") && page.contains("04 75 00 00 02"), "{page}");

    // It waits in a draft, with who and when; nothing is live.
    assert_eq!(live_place(&client, PLACE)["phones"], json!(["04 75 00 00 01"]));
    let listed = &get(&client, "place-links")["links"][0];
    assert!(!listed.to_string().contains(&secret) && listed["state"] == "open", "{listed}");
    let answered = &listed["answered"];
    assert_eq!(answered["said"], "corrected");
    let draft = format!("drafts/{}", answered["draft"].as_str().unwrap());
    let begun = get(&client, &draft);
    assert_eq!(
        begun["changed_by"],
        json!({ "id": format!("place/{PLACE}"), "name": "CIO inventé (par son lien privé)" })
    );
    assert_eq!(begun["steps"], json!(["CIO inventé, par son lien privé : corrigé (horaires, téléphones)"]));
    let difference = get(&client, &format!("{draft}/difference"));
    let changed = &difference["difference"]["changed"];
    assert_eq!((changed.as_array().unwrap().len(), &changed[0]["id"]), (1, &json!(PLACE)), "{difference}");

    let published = post(&client, &format!("{draft}/publish"), &json!({ "accept_losses": true }));
    let live = live_place(&client, PLACE);
    assert_eq!(live["phones"], json!(["04 75 00 00 02"]));
    assert!(live["corrections"]["phones"].is_object(), "the next import leaves it alone: {live}");
    assert!(live["checked_on"].as_str() > Some("2026"), "{live}");
    let piece = format!("/v1/{}/department.26.json", published["snapshot"].as_str().unwrap());
    assert!(client.get(&piece).send().unwrap().text().contains("04 75 00 00 02"));

    let trail = get(&client, "audit?limit=50");
    let done: Vec<(&str, &str)> = trail["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["done"].as_str().unwrap(), entry["by"]["id"].as_str().unwrap_or_default()))
        .collect();
    let place = format!("place/{PLACE}");
    for entry in [
        ("link-made", "installation"),
        ("link-opened", place.as_str()),
        ("draft-begun", place.as_str()),
        ("draft-changed", place.as_str()),
    ] {
        assert!(done.contains(&entry), "{entry:?}: {trail}");
    }
    assert_eq!(done.iter().filter(|(done, _)| *done == "link-opened").count(), 1, "once a day");
    assert!(!trail.to_string().contains(&secret));
}

#[test]
fn still_true_is_a_check_and_answers_gather_until_somebody_takes_them_over() {
    let (_workerd, client) = ready(Vec::new());
    let (one, other) = (link(&client, PLACE), link(&client, OTHER));
    let sent = answer(&client, &one, "still-true", &[]);
    assert_eq!(sent.header("location"), Some(&*format!("{one}?done=still-true")), "{}", sent.text());
    // A form that changes nothing says the same; a second click changes nothing.
    for _ in 0..2 {
        let sent = answer(&client, &other, "corrected", &[]);
        assert_eq!(sent.header("location"), Some(&*format!("{other}?done=still-true")));
    }
    let drafts = get(&client, "drafts")["drafts"].as_array().unwrap().clone();
    assert_eq!(drafts.len(), 1, "{drafts:?}");
    assert_eq!(drafts[0]["steps"].as_array().unwrap().len(), 2, "{drafts:?}");
    let draft = format!("drafts/{}", drafts[0]["id"].as_str().unwrap());
    let difference = get(&client, &format!("{draft}/difference"));
    for changed in difference["difference"]["changed"].as_array().unwrap() {
        let names: Vec<&str> = changed["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| field["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["checked_on"], "a check and no correction");
    }
    // Somebody checks it: it is theirs now, and stays as they checked it.
    let checked = post(&client, &format!("{draft}/check"), &json!({}))["draft"]["revision"].clone();
    let sent = answer(&client, &one, "corrected", &[("website", "https://www.exemple.fr/cio")]);
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_eq!(get(&client, &draft)["revision"], checked);
    assert_eq!(get(&client, "drafts")["drafts"].as_array().unwrap().len(), 2);
    post(&client, &format!("{draft}/publish"), &json!({ "accept_losses": true }));
    assert!(live_place(&client, OTHER)["checked_on"].as_str() > Some("2026"));
    assert!(live_place(&client, PLACE)["website"].is_null());
    // The answer that came later is on what is live, once another one joins it.
    answer(&client, &one, "corrected", &[("hours_note", "Sur rendez-vous")]);
    let later = get(&client, "place-links");
    let later = later["links"].as_array().unwrap().iter().find(|link| link["place"] == PLACE).unwrap();
    let later = format!("drafts/{}", later["answered"]["draft"].as_str().unwrap());
    post(&client, &format!("{later}/publish"), &json!({ "accept_losses": true }));
    let live = live_place(&client, PLACE);
    assert_eq!(
        (&live["website"], &live["hours_note"]),
        (&json!("https://www.exemple.fr/cio"), &json!("Sur rendez-vous"))
    );
}

#[test]
fn a_link_that_is_stolen_replaced_revoked_or_of_another_place_opens_nothing() {
    let (_workerd, client) = ready(vec![("CLIENT_ADDRESS", "X-Client")]);
    let (old, other) = (link(&client, PLACE), link(&client, OTHER));
    let secret = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let at = |place: &str, secret: &str| format!("/place/{place}/{secret}");
    let never = nothing(&client, &at("lieu-de-nulle-part", &secret(&old)));
    let new = link(&client, PLACE);
    opens(&client, &new);
    let revoked = api(&client, TOKEN, "DELETE", &format!("place-links/{OTHER}"), None);
    assert_eq!((revoked.status, &revoked.json()["state"]), (200, &json!("revoked")), "{}", revoked.text());
    for path in [
        old.clone(),
        other.clone(),
        at(OTHER, &secret(&new)),
        at(PLACE, &secret(&other)),
        at(PLACE, &secret(&new)[1..]),
        at(PLACE, &"0".repeat(48)),
    ] {
        assert_eq!(nothing(&client, &path), never, "{path}: nothing tells whether it was one");
    }
    opens(&client, &new);
    assert_eq!(get(&client, "drafts")["drafts"], json!([]));
    let unknown = api(&client, TOKEN, "DELETE", "place-links/lieu-de-nulle-part", None);
    assert_eq!((unknown.status, &unknown.json()["code"]), (404, &json!("unknown-place-link")));
    for bad in [json!({ "places": [] }), json!({ "places": ["lieu-de-nulle-part", PLACE] }), json!({})] {
        assert_eq!(api(&client, TOKEN, "POST", "place-links", Some(&bad)).status, 422, "{bad}");
    }
    opens(&client, &new);
}

#[test]
fn a_link_is_over_with_its_days_and_with_the_secret() {
    let (_workerd, client) = ready(vec![("PLACE_LINK_DAYS", "0")]);
    let expired = link(&client, PLACE);
    let never = nothing(&client, "/place/lieu-de-nulle-part/0");
    assert_eq!(nothing(&client, &expired), never);
    assert_eq!(get(&client, "place-links")["links"][0]["state"], "expired");

    let folder = tempfile::tempdir().unwrap();
    let at = |folder: &Path, token: &str| {
        let kv = Kv::At(folder.join("kv"));
        Workerd::start(Setup { kv, token: Some(token.to_owned()), ..Setup::default() }).unwrap()
    };
    let path = {
        let workerd = at(folder.path(), TOKEN);
        let client = workerd.client();
        publish(&client);
        let path = link(&client, PLACE);
        opens(&client, &path);
        path
    };
    let token = "another-token-of-this-test-as-long";
    let workerd = at(folder.path(), token);
    let client = workerd.client();
    assert_eq!(nothing(&client, &path), never);
    let listed = api(&client, token, "GET", "place-links", None).json();
    assert_eq!(listed["links"][0]["state"], "suspended");
}

#[test]
fn guesses_at_links_wait_before_they_are_compared() {
    let (_workerd, client) = ready(vec![("CLIENT_ADDRESS", "X-Client")]);
    let path = link(&client, PLACE);
    let from = |address: &str, path: &str| client.get(path).header("X-Client", address).send().unwrap();
    let statuses: Vec<u16> =
        (0..7).map(|number| from("192.0.2.1", &format!("/place/{PLACE}/{number:048}")).status).collect();
    assert_eq!(statuses, [404, 404, 404, 404, 404, 429, 429]);
    let held = from("192.0.2.9", &path);
    assert_eq!(held.status, 429, "nobody learns whether this one was right");
    assert!(held.header("retry-after").is_some_and(|wait| wait.parse::<u64>().is_ok()));
    assert_eq!(from("198.51.100.1", &path).status, 200, "others do not wait");
    let trail = get(&client, "audit");
    let wrong: Vec<&Value> =
        trail["entries"].as_array().unwrap().iter().filter(|entry| entry["done"] == "wrong-link").collect();
    assert!(!wrong.is_empty() && wrong.iter().all(|entry| entry["subject"] == "192.0.2.0/24"), "{trail}");
}

#[test]
fn a_territory_makes_links_for_its_places_and_has_the_answers() {
    let (_workerd, client) = ready(Vec::new());
    let key = |wanted: &Value| post(&client, "keys", wanted)["key"].as_str().unwrap().to_owned();
    let valence = key(&json!({ "name": "Valence", "role": "territory", "territory": "valence" }));
    let reader = key(&json!({ "name": "Un lecteur", "role": "reader" }));
    let ask_for = |key: &str, places: &[&str]| {
        api(&client, key, "POST", "place-links", Some(&json!({ "places": places })))
    };
    for places in [&[OTHER][..], &[PLACE, OTHER]] {
        let refused = ask_for(&valence, places);
        assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("outside-territory")));
    }
    assert_eq!(get(&client, "place-links")["links"], json!([]), "none of several");
    link(&client, OTHER);
    let made = ask_for(&valence, &[PLACE]);
    assert_eq!(made.status, 200, "{}", made.text());
    let address = made.json()["links"][0]["address"].as_str().unwrap().to_owned();
    let path = address.strip_prefix(client.origin()).unwrap();
    let listed = api(&client, &valence, "GET", "place-links", None).json();
    let places: Vec<&Value> = listed["links"].as_array().unwrap().iter().map(|link| &link["place"]).collect();
    assert_eq!(places, [PLACE], "its own");
    assert_eq!(api(&client, &valence, "DELETE", &format!("place-links/{OTHER}"), None).status, 404);
    for (method, path) in [("GET", "place-links"), ("DELETE", "place-links/cio-invente")] {
        assert_eq!(api(&client, &reader, method, path, None).status, 403, "{method} {path}");
    }
    assert_eq!(ask_for(&reader, &[PLACE]).status, 403);

    assert_eq!(answer(&client, path, "corrected", &[("phones", "04 75 00 00 03")]).status, 303);
    let drafts = api(&client, &valence, "GET", "drafts", None).json();
    assert_eq!(
        (&drafts["drafts"][0]["territory"], drafts["drafts"].as_array().unwrap().len()),
        (&json!("valence"), 1)
    );
    assert_eq!(api(&client, &valence, "DELETE", &format!("place-links/{PLACE}"), None).status, 200);
    nothing(&client, path);
}

#[test]
fn a_link_takes_little_and_only_from_its_own_page() {
    let (workerd, client) = ready(vec![("CLIENT_ADDRESS", "X-Client")]);
    let path = link(&client, PLACE);
    let form = "application/x-www-form-urlencoded";
    let origin = workerd.origin();
    let send = |kind: &str, fields: &[(&str, &str)], body: Vec<u8>| {
        let request = client.post(&path).header("Content-Type", kind);
        let request = fields.iter().fold(request, |request, (name, value)| request.header(name, value));
        request.body(body).send().unwrap().status
    };
    let own = [("Origin", origin.as_str())];
    assert_eq!(send(form, &own, b"a&".repeat(2 * 1024 * 1024)), 413, "4 MiB");
    assert_eq!(send(form, &own, [&b"said=corrected&phones="[..], &b"0".repeat(40 * 1024)].concat()), 413);
    assert_eq!(send(form, &own, b"a=1&".repeat(100)), 413, "a hundred fields");
    let parts = b"--x\r\nContent-Disposition: form-data; name=\"said\"\r\n\r\na\r\n--x--\r\n".to_vec();
    assert_eq!(send("multipart/form-data; boundary=x", &own, parts), 415, "files");
    assert_eq!(send(form, &own, b"said=publish".to_vec()), 400);
    let said = || b"said=still-true".to_vec();
    for foreign in [
        &[("Origin", "https://evil.fr")][..],
        &[("Origin", "null"), ("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
    ] {
        assert_eq!(send(form, foreign, said()), 403, "{foreign:?}");
    }
    assert_eq!(get(&client, "drafts")["drafts"], json!([]));
    assert_eq!(client.request("PUT", &path).send().unwrap().status, 405);
    // Who has not seen the record as it is looks again.
    assert_eq!(send(form, &own, said()), 412);
    // As a browser sends it where no referrer is named.
    let corrected = b"said=corrected&phones=04+75+00+00+04".to_vec();
    assert_eq!(send(form, &[("Origin", "null"), ("Sec-Fetch-Site", "same-origin")], corrected), 303);
}

#[test]
fn a_link_answers_so_many_times() {
    let (_workerd, client) = ready(Vec::new());
    let path = link(&client, PLACE);
    for number in 0..20 {
        let note = format!("Remarque {number}");
        assert_eq!(answer(&client, &path, "corrected", &[("hours_note", &note)]).status, 303, "{number}");
    }
    let refused = answer(&client, &path, "corrected", &[("hours_note", "Une de trop")]);
    assert_eq!(refused.status, 429, "{}", refused.text());
    assert!(refused.text().contains("value=\"Une de trop\""), "what was typed is still there");
    let page = opens(&client, &path);
    assert!(page.contains("Remarque 19"), "{page}");
}

#[test]
fn messages_go_to_the_places_that_have_an_address_and_a_table_holds_the_others() {
    let (_workerd, client) = ready(Vec::new());
    let signed = client.post("/admin/sign-in").form(&[("key", TOKEN)]).send().unwrap();
    let cookie = signed.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let page = client
        .post("/admin/freshness/places?network=cio&months=12")
        .header("Cookie", &cookie)
        .form(&[])
        .send()
        .unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    let links = get(&client, "place-links")["links"].as_array().unwrap().clone();
    let messages = html::all_between(&text, "<pre class=\"secret\">", "</pre>");
    assert_eq!(messages.len(), links.len());
    assert!(messages.iter().any(|message| message.contains("Objet : CIO inventé")), "{text}");
    let all = client.get("/admin/freshness.csv?network=cio").header("Cookie", &cookie).send().unwrap().text();
    let without =
        client.get("/admin/freshness.csv?network=cio&email=none").header("Cookie", &cookie).send().unwrap();
    let count = |text: &str| text.lines().filter(|line| line.contains(";cio;")).count();
    assert_eq!(count(&without.text()) + links.len(), count(&all), "each is asked in one way");
    assert!(!without.text().contains("accueil@exemple.fr"));
}
