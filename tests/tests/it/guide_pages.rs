//! The guide as pages in real workerd, as somebody without JavaScript has them: forms only.

use serde_json::{Value, json};
use spro_tests::html::{self, all_between, attribute, between, words};
use spro_tests::{Client, Reply, Setup, Workerd};
use std::collections::BTreeSet;

const FORM: &str = "application/x-www-form-urlencoded";

fn workerd() -> Workerd {
    Workerd::start(Setup::default()).unwrap()
}

/// Somebody on a page.
struct Visitor<'a> {
    client: &'a Client,
    page: String,
}

impl<'a> Visitor<'a> {
    #[track_caller]
    fn arrive(client: &'a Client, path: &str) -> Self {
        let reply = client.get(path).send().unwrap();
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        Self { client, page: reply.text() }
    }

    /// The fields of the form that begins like this.
    #[track_caller]
    fn fields(&self, begin: &str) -> Vec<(String, String)> {
        let form = between(&self.page, begin, "</form>").unwrap_or_else(|| panic!("{begin}: {}", self.page));
        assert!(form.contains("method=\"post\" action=\"/\""), "{form}");
        html::fields(form)
    }

    #[track_caller]
    fn post(&mut self, mut fields: Vec<(String, String)>, more: &[(&str, &str)]) {
        fields.retain(|(name, _)| !more.iter().any(|(changed, _)| changed == name));
        fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let reply = self.client.post("/").form(&fields).send().unwrap();
        assert_eq!(reply.status, 200, "{fields:?}: {}", reply.text());
        is_a_page(&reply);
        assert_eq!(reply.header("cache-control"), Some("private, max-age=3600"));
        self.page = reply.text();
        for href in all_between(&self.page, "href=\"", "\"").into_iter().chain(all_between(
            &self.page,
            "action=\"",
            "\"",
        )) {
            assert!(
                !href.contains("a.")
                    || href.starts_with("http")
                    || href.starts_with("mailto:")
                    // A place by its id, and nothing behind it.
                    || href.starts_with("/v1/places/") && !href.contains(['?', '=']),
                "{href}"
            );
        }
    }

    /// An answer that is pressed, or « Continuer ».
    #[track_caller]
    fn go_on(&mut self, more: &[(&str, &str)]) {
        self.post(self.fields("<form "), more);
    }

    /// A button that keeps the answers.
    #[track_caller]
    fn press(&mut self, button: &str) {
        let name = format!("form=\"go\" name=\"go\" value=\"{button}\"");
        assert!(self.page.contains(&name), "no {button} on {}", self.page);
        self.post(self.fields("<form id=\"go\" "), &[("go", button)]);
    }

    /// The question that is asked.
    fn asked(&self) -> Option<String> {
        let fields = html::fields(&self.page);
        fields.into_iter().find(|(name, _)| name == "asked").map(|(_, question)| question)
    }

    fn choices(&self) -> Vec<String> {
        let tags = all_between(&self.page, "<button class=\"choice\"", ">");
        tags.into_iter().filter_map(|tag| attribute(tag, "value")).collect()
    }

    fn chosen(&self) -> Option<String> {
        let tags = all_between(&self.page, "<button class=\"choice\"", ">");
        let mut marked = tags.into_iter().filter(|tag| tag.contains(" aria-current=\"true\""));
        marked.next().and_then(|tag| attribute(tag, "value"))
    }

    /// A commune of the list, whose buttons are of the form without what was typed.
    #[track_caller]
    fn choose(&mut self, code: &str) {
        assert!(self.page.contains(&format!("form=\"go\" name=\"choice\" value=\"{code}\"")), "{code}");
        self.post(self.fields("<form id=\"go\" "), &[("choice", code)]);
    }

    fn title(&self) -> String {
        words(between(&self.page, "<title>", "</title>").unwrap())
    }

    fn heading(&self) -> String {
        words(between(&self.page, "<h2 class=\"heading\"", "</h2>").unwrap().split_once('>').unwrap().1)
    }

    /// Somebody of 19 years in Romans-sur-Isère who left school; stops at this question.
    #[track_caller]
    fn until(client: &'a Client, stop: &str) -> Self {
        let mut visitor = Self::arrive(client, "/");
        while let Some(asked) = visitor.asked().filter(|asked| asked != stop) {
            match asked.as_str() {
                "situation" => visitor.go_on(&[("choice", "young")]),
                "youth" => visitor.go_on(&[("choice", "none")]),
                "goal" => visitor.go_on(&[("choice", "job")]),
                "commune" => visitor.go_on(&[("typed", "romans sur isere")]),
                _ => visitor.go_on(&[("choice", "unsaid")]),
            }
        }
        visitor
    }
}

/// What every page of ours is.
#[track_caller]
fn is_a_page(reply: &Reply) {
    let text = reply.text();
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"), "{text}");
    let policy = reply.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors *"), "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("http"), "{policy}");
    assert_eq!(reply.header("cross-origin-embedder-policy"), Some("require-corp"));
    assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(reply.header("set-cookie"), None);
    assert!(text.starts_with("<!DOCTYPE html>") && text.contains("<html lang="), "{text}");
}

/// A little generator: the same visitors every time (Knuth's MMIX constants).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

fn name_of(card: &Value) -> String {
    // What people say comes first: a short name that is a word.
    let in_full = |network: &Value| {
        let name = network["name"].as_str().unwrap();
        match network["acronym"].as_str() {
            Some(acronym) if acronym.contains(' ') => format!("{name} ({acronym})"),
            Some(acronym) => format!("{acronym} ({name})"),
            None => name.to_owned(),
        }
    };
    match card["kind"].as_str().unwrap() {
        "place" => card["place"]["name"].as_str().unwrap().to_owned(),
        "network" => in_full(&card["network"]),
        _ => card["remote_service"]["name"].as_str().unwrap().to_owned(),
    }
}

/// Forty visitors by chance, or as many as it takes: the page sends each to the same places as the API, every question
/// of the guide is asked of somebody, and nothing of it is in the log.
#[test]
fn the_pages_send_everybody_where_the_api_does() {
    let workerd = workerd();
    let client = workerd.client();
    let guide = client.get("/v1/guide").send().unwrap().json();
    let snapshot = guide["snapshot"].as_str().unwrap();
    let communes = client.get(&format!("/v1/{snapshot}/communes.json")).send().unwrap().json();
    let communes = communes["communes"].as_array().unwrap();
    let mut chance = Chance(2026);
    let (mut met, mut places, mut lists) = (BTreeSet::new(), 0, 0);
    let questions: BTreeSet<String> = guide["questions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|question| question["id"].as_str().unwrap().to_owned())
        .collect();
    let mut number = 0;
    // Some questions are asked of few.
    while number < 40 || met != questions && number < 400 {
        number += 1;
        let mut visitor = Visitor::arrive(&client, "/");
        let commune = &communes[chance.below(communes.len())];
        let (code, name) = (commune["code"].as_str().unwrap(), commune["name"].as_str().unwrap());
        let mut answers = serde_json::Map::new();
        while let Some(asked) = visitor.asked() {
            met.insert(asked.clone());
            if asked == "commune" {
                visitor.go_on(&[("typed", name)]);
                if visitor.asked().as_deref() == Some("commune") {
                    lists += 1;
                    visitor.choose(code);
                }
                continue;
            }
            let choices = visitor.choices();
            let choice = choices[chance.below(choices.len())].clone();
            visitor.go_on(&[("choice", &choice)]);
            answers.insert(asked, choice.into());
        }
        let who = format!("visitor {number}: {answers:?} in {name} ({code})");
        let asked = json!({ "answers": answers, "commune": code });
        let wanted = client.post("/v1/recommendations").json(&asked).send().unwrap().json();
        assert_eq!(wanted["ignored"], json!([]), "{who}");
        let page = &visitor.page;
        let titles: Vec<String> =
            all_between(page, "<h3 class=\"name\">", "</h3>").into_iter().map(words).collect();
        let mut cards = vec![name_of(&wanted["main"])];
        cards.extend((!wanted["reception"].is_null()).then(|| name_of(&wanted["reception"])));
        assert_eq!(titles, cards, "{who}");
        let complements: Vec<String> =
            all_between(page, "<li class=\"card complement\">", "</strong>").into_iter().map(words).collect();
        let wanted_complements: Vec<String> =
            wanted["complements"].as_array().unwrap().iter().map(name_of).collect();
        assert_eq!(complements, wanted_complements, "{who}");
        let last = page.rsplit("<ul class=\"remote\">").next().unwrap().split("</ul>").next().unwrap();
        let remote: Vec<String> = all_between(last, "<strong>", "</strong>").into_iter().map(words).collect();
        let said =
            wanted["main"]["network"]["website"].as_str().filter(|_| wanted["main"]["kind"] == "network");
        let services: Vec<&str> = wanted["remote_services"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|service| service["website"].as_str() != said)
            .map(|service| service["name"].as_str().unwrap())
            .collect();
        assert_eq!(remote, services, "{who}");
        let reason = wanted["main"]["reason"].as_str().unwrap();
        assert!(words(page).contains(reason), "{who}: {reason}");
        if wanted["main"]["kind"] == "place" {
            places += 1;
            for phone in wanted["main"]["place"]["phones"].as_array().unwrap() {
                let dialled: String =
                    phone.as_str().unwrap().chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
                assert!(page.contains(&format!("href=\"tel:{dialled}\"")), "{who}: {phone}");
            }
        }
    }
    assert_eq!(met, questions, "every question is asked of somebody");
    assert!(places > 10 && lists > 0, "{places} places, {lists} lists");
    assert_eq!(workerd.log(), "", "nothing is logged");
}

#[test]
fn a_form_without_a_button_is_the_same_question_again() {
    let workerd = workerd();
    let client = workerd.client();
    let mut visitor = Visitor::until(&client, "situation");
    visitor.go_on(&[]);
    assert_eq!(visitor.asked().as_deref(), Some("situation"));
    assert!(!visitor.title().starts_with("Erreur"), "{}", visitor.title());
    visitor.go_on(&[("choice", "young")]);
    assert_eq!(visitor.asked().as_deref(), Some("youth"));
}

#[test]
fn back_change_and_languages_keep_the_answers() {
    let workerd = workerd();
    let client = workerd.client();
    let mut visitor = Visitor::until(&client, "");
    let result = visitor.heading();
    assert_eq!(result, "Le lieu où aller d’abord");
    let place = words(between(&visitor.page, "<h3 class=\"name\">", "</h3>").unwrap());
    visitor.press("back");
    assert_eq!(visitor.asked().as_deref(), Some("commune"));
    visitor.press("back");
    let before = visitor.asked().unwrap();
    assert!(visitor.chosen().is_some(), "the answer to {before} is there");
    visitor.press("lang.ar");
    assert!(visitor.page.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert_eq!(visitor.asked(), Some(before));
    let chosen = visitor.chosen().unwrap();
    visitor.go_on(&[("choice", &chosen)]);
    assert_eq!(words(between(&visitor.page, "<h3 class=\"name\">", "</h3>").unwrap()), place);
    visitor.press("lang.fr");
    visitor.press("change.situation");
    assert_eq!((visitor.asked().as_deref(), visitor.chosen().as_deref()), (Some("situation"), Some("young")));
    visitor.go_on(&[("choice", "retired")]);
    assert_eq!(visitor.heading(), "Le lieu où aller d’abord");
    let restart = between(&visitor.page, "class=\"button restart\" href=\"", "\"").unwrap();
    assert_eq!(restart, "/");
}

#[test]
fn a_commune_is_typed() {
    let workerd = workerd();
    let client = workerd.client();
    let check = |typed: &str, wanted: &str| -> Visitor<'_> {
        let mut visitor = Visitor::until(&client, "commune");
        visitor.go_on(&[("typed", typed)]);
        let got = match visitor.asked() {
            None => "result",
            Some(_) if !visitor.choices().is_empty() => "list",
            Some(_) => "error",
        };
        assert_eq!(got, wanted, "{typed}");
        visitor
    };
    for typed in ["Romans-sur-Isère", " ROMANS SUR ISERE ", "valence", "Villeurbanne", "26100"] {
        let _ = check(typed, "result");
    }
    let mut several = check("Saint-Martin", "list");
    assert!(!several.title().starts_with("Erreur"), "to choose is no error");
    let choices = several.choices();
    several.go_on(&[]);
    assert!(several.title().starts_with("Erreur\u{a0}:") && several.page.contains("role=\"alert\""));
    let mut another = Visitor { client: &client, page: several.page.clone() };
    another.go_on(&[("typed", "Privas")]);
    assert_eq!(another.asked(), None, "something else may be typed");
    several.choose(&choices[1]);
    assert_eq!(several.asked(), None);

    let none = check("Zzyzx <b>", "error");
    assert!(none.title().starts_with("Erreur\u{a0}:") && none.page.contains("Zzyzx &lt;b&gt;"));
    assert!(
        none.page.contains("aria-invalid=\"true\"") && none.page.contains("aria-describedby=\"help error\"")
    );
    assert!(!none.page.contains("<b>"));
    let _ = check("", "error");

    let mut outside = Visitor::until(&client, "commune");
    outside.press("outside");
    assert_eq!(outside.asked(), None);
    assert!(outside.page.contains("<ul class=\"remote\">"));
}

#[test]
fn the_host_page_says_what_it_wants_and_it_goes_on() {
    let workerd = workerd();
    let client = workerd.client();
    let path = "/?frame=1&lang=en&commune=07186&theme=dark&territory=07&network=cio&level=one&look=dsfr&layout=compact";
    let mut visitor = Visitor::arrive(&client, path);
    assert!(!visitor.page.contains("<h1") && !visitor.page.contains("<spro-guide"));
    assert!(visitor.page.contains("/frame.js\"") && visitor.page.contains("data-look=\"dsfr\""));
    while let Some(asked) = visitor.asked() {
        assert_ne!(asked, "commune", "the host page has said it");
        let choices = visitor.choices();
        visitor.go_on(&[("choice", choices.last().unwrap())]);
        assert!(visitor.page.contains("<html lang=\"en\"") && visitor.page.contains("data-theme=\"dark\""));
        assert!(!visitor.page.contains("<h1") && visitor.page.contains("/frame.js\""));
    }
    assert!(visitor.page.contains("Privas"));
    visitor.press("change.commune");
    visitor.go_on(&[("typed", "Romans-sur-Isère")]);
    assert!(visitor.page.contains("Romans-sur-Isère"));
    let restart = between(&visitor.page, "class=\"button restart\" href=\"", "\"").unwrap();
    assert!(restart.contains("commune=07186") && restart.contains("frame=1"), "{restart}");
    // A commune of another region leaves what is reached from anywhere, and names both regions.
    let mut far = Visitor::arrive(&client, "/?commune=75056");
    while far.asked().is_some() {
        let choices = far.choices();
        far.go_on(&[("choice", choices.last().unwrap())]);
    }
    let notice = words(between(&far.page, "<p class=\"notice\" role=\"status\">", "</p>").unwrap());
    for named in ["une autre région", "Île-de-France", "Auvergne-Rhône-Alpes"] {
        assert!(notice.contains(named), "{named}: {notice}");
    }
}

#[test]
fn the_sheet_shows_what_the_visitor_ticks_and_nothing_else() {
    let workerd = workerd();
    let client = workerd.client();
    let mut visitor = Visitor::until(&client, "");
    visitor.press("sheet");
    assert_eq!(visitor.heading(), "Fiche de liaison");
    let paper = |visitor: &Visitor| visitor.page.split("<div class=\"sheet\"").nth(1).unwrap().to_owned();
    assert!(!paper(&visitor).contains("<ul class=\"answers\">"), "no answer unless it is asked for");
    assert!(
        paper(&visitor).contains("<textarea") && !paper(&visitor).contains("<textarea name"),
        "it is in no form"
    );
    visitor.go_on(&[("show", "situation"), ("go", "sheet")]);
    let answers = between(&paper(&visitor), "<ul class=\"answers\">", "</ul>").unwrap().to_owned();
    assert_eq!(answers.matches("<li>").count(), 1);
    visitor.press("lang.uk");
    visitor.press("sheet");
    visitor.go_on(&[("in-french", "1"), ("go", "sheet")]);
    assert!(
        visitor.page.contains("<html lang=\"uk\"") && paper(&visitor).starts_with(" lang=\"fr\" dir=\"ltr\"")
    );
    visitor.press("result");
    assert!(visitor.page.contains("<h3 class=\"name\">"));
}

#[test]
fn hostile_forms_get_a_page_that_leads_back() {
    let workerd = workerd();
    let client = workerd.client();
    let long = format!("typed={}", "a".repeat(20_000));
    let deep = "a.goal=train&".repeat(1_000);
    for (status, kind, body) in [
        (400, FORM, "a.colour=red"),
        (400, FORM, "a.goal=steal"),
        (400, FORM, "a.commune=99999"),
        (400, FORM, "a.commune=Romans"),
        (400, FORM, "a.commune=26999"),
        (400, FORM, "asked=colour&choice=red"),
        (400, FORM, "asked=goal&choice=steal"),
        (400, FORM, "asked=goal&choice=train&choice=job"),
        (400, FORM, "a.goal=train&a.goal=job"),
        (400, FORM, "asked=goal&go=outside"),
        (400, FORM, "go=change.colour"),
        (400, FORM, "go=everything"),
        (400, FORM, "no pair"),
        (413, FORM, deep.as_str()),
        (413, FORM, long.as_str()),
        (415, "application/json", "{}"),
        (415, "multipart/form-data; boundary=x", "--x--"),
        (415, "text/plain", "a.goal=train"),
        (415, "", "a.goal=train"),
    ] {
        let reply = client.post("/").header("Content-Type", kind).body(body).send().unwrap();
        let what = format!("{kind} {}", &body[..body.len().min(60)]);
        assert_eq!(reply.status, status, "{what}: {}", reply.text());
        is_a_page(&reply);
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{what}");
        let page = reply.text();
        assert!(page.contains("role=\"alert\"") && page.contains("href=\"/\">Recommencer"), "{what}: {page}");
        assert!(!page.contains("steal") && !page.contains("colour"), "nothing is repeated: {page}");
    }
    // What is only odd leads on.
    for body in ["", "lang=xx", "utm_source=x&frame=2&theme=pink", "a.commune=-", "typed=%FF%00%1B"] {
        let reply = client.post("/").header("Content-Type", FORM).body(body).send().unwrap();
        assert_eq!(reply.status, 200, "{body}: {}", reply.text());
    }
    assert_eq!(workerd.log(), "", "nothing is logged");
}

#[test]
fn the_first_page_is_the_same_for_everybody_and_kept_by_its_tag() {
    let workerd = workerd();
    let client = workerd.client();
    for path in ["/", "/?lang=ar", "/?frame=1", "/?lang=en&commune=26281", "/?utm_source=x"] {
        let get = client.get(path).send().unwrap();
        is_a_page(&get);
        assert_eq!(get.header("cache-control"), Some("no-cache"), "{path}");
        let again = client.get(path).send().unwrap();
        assert_eq!((again.header("etag"), &again.body), (get.header("etag"), &get.body), "{path}");
        let tag = get.header("etag").unwrap().to_owned();
        let known = client.get(path).header("If-None-Match", &tag).send().unwrap();
        assert_eq!(known.status, 304, "{path}");
        let head = client.request("HEAD", path).send().unwrap();
        assert_eq!(
            (head.status, head.body.len(), head.header("etag")),
            (200, 0, get.header("etag")),
            "{path}"
        );
    }
    // Where it is served is said by the request, and by that of nobody else.
    let elsewhere = client.get("/").header("Host", "exemple.fr").send().unwrap().text();
    assert!(elsewhere.contains("<link rel=\"canonical\" href=\"http://exemple.fr/\">"), "{elsewhere}");
    let here = client.get("/").send().unwrap().text();
    assert!(here.contains(&format!("<link rel=\"canonical\" href=\"{}/\">", client.origin())));
    for method in ["PUT", "DELETE", "PATCH"] {
        let reply = client.request(method, "/").send().unwrap();
        assert_eq!(
            (reply.status, reply.header("allow")),
            (405, Some("GET, HEAD, POST, OPTIONS")),
            "{method}"
        );
    }
}
