//! What every page of the administration has around it.

use crate::admin::person::Person;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use protocol::rights::Right;
use serving::answer::{self, Field, NOT_KEPT};
use serving::csp::source_hash;
use serving::problem::{Failure, Problem};
use std::sync::LazyLock;
use web_sys::Response;

const STYLE: &str = include_str!("pages.css");

static STYLE_HASH: LazyLock<String> = LazyLock::new(|| source_hash(STYLE));

/// Nothing but our one style sheet, our own forms, and the preview in a frame of ours.
fn policy() -> String {
    let style = STYLE_HASH.as_str();
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; img-src 'self' data:; frame-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// The address of the guide for administrators.
pub(crate) const GUIDE: &str = "/admin/guide";

/// A page, before it is written.
pub(crate) struct Page<'a> {
    /// Its heading, and the first part of its title.
    pub(crate) title: &'a str,
    /// Whoever is signed in.
    pub(crate) person: Option<&'a Person>,
    /// The address of the part of the menu that it belongs to.
    pub(crate) part: &'a str,
    /// What has just been done, in plain French.
    pub(crate) done: Option<&'a str>,
    /// What went wrong, in plain French.
    pub(crate) error: Option<&'a str>,
}

/// The parts of the administration: address, name, and the right that opens it.
const PARTS: [(&str, &str, Right); 12] = [
    ("/admin", "Accueil", Right::See),
    ("/admin/drafts", "Brouillons", Right::Draft),
    ("/admin/places", "Lieux", Right::See),
    ("/admin/versions", "Versions", Right::See),
    ("/admin/freshness", "À revérifier", Right::See),
    ("/admin/sources", "Sources", Right::See),
    ("/admin/reports", "Signalements", Right::See),
    ("/admin/coverage", "Couverture", Right::See),
    ("/admin/diagnosis", "Diagnostic", Right::See),
    ("/admin/counters", "Fréquentation", Right::See),
    ("/admin/keys", "Clés d’accès", Right::Keys),
    ("/admin/audit", "Journal", Right::Audit),
];

impl Page<'_> {
    /// Writes it.
    pub(crate) fn html(&self, body: &Markup) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="fr" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex, nofollow";
                    title { (self.title) " – Administration du guide d’orientation" }
                    link rel="icon" href="data:,";
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a class="skip" href="#main" { "Aller au contenu" }
                    (self.header())
                    main id="main" tabindex="-1" {
                        @if let Some(error) = self.error {
                            div class="message error" role="alert" {
                                p { strong { "Cela n’a pas marché. " } (error) }
                            }
                        }
                        @if let Some(done) = self.done {
                            div class="message done" role="status" { p { (done) } }
                        }
                        h1 { (self.title) }
                        (body)
                    }
                    footer class="foot" {
                        @if self.part == GUIDE { a href="/admin" { "L’administration" } }
                        @else { a href=(GUIDE) { "Le guide de l’administration" } }
                        " · " a href="/embed/guide" { "Le guide des sites" }
                    }
                }
            }
        };
        page.into_string()
    }

    fn header(&self) -> Markup {
        html! {
            header class="top" {
                p class="brand" { "Guide d’orientation " span { "administration" } }
                @if let Some(person) = self.person {
                    nav aria-label="Administration" {
                        ul {
                            @for (address, name, right) in PARTS {
                                @if person.role.may(right) {
                                    li {
                                        @let here = (address == self.part).then_some("page");
                                        a href=(address) aria-current=[here] { (name) }
                                    }
                                }
                            }
                        }
                    }
                    form class="who" method="post" action="/admin/sign-out" {
                        span { (person.name) " · " (person.role.french()) }
                        button type="submit" class="quiet" { "Se déconnecter" }
                    }
                }
            }
        }
    }
}

/// A page for somebody who has no key, which leads nowhere in the administration.
pub(crate) fn shell(title: &str, done: Option<&str>, error: Option<&str>, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="fr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                meta name="referrer" content="no-referrer";
                title { (title) " – Guide d’orientation" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                header class="top" { p class="brand" { "Guide d’orientation" } }
                main id="main" {
                    @if let Some(error) = error { div class="message error" role="alert" { p { (error) } } }
                    @if let Some(done) = done { div class="message done" role="status" { p { (done) } } }
                    h1 { (title) }
                    (body)
                }
            }
        }
    };
    page.into_string()
}

/// Sends a page.
pub(crate) fn send(status: u16, html: &str) -> Result<Response, Failure> {
    send_with(status, html, "same-origin")
}

/// Sends a page whose address is a secret: no page that it leads to learns it.
pub(crate) fn send_privately(status: u16, html: &str) -> Result<Response, Failure> {
    send_with(status, html, "no-referrer")
}

fn send_with(status: u16, html: &str, referrer: &str) -> Result<Response, Failure> {
    let policy = policy();
    let fields: [Field; 10] = [
        ("content-type", "text/html; charset=utf-8"),
        ("content-language", "fr"),
        ("cache-control", NOT_KEPT),
        ("content-security-policy", &policy),
        ("referrer-policy", referrer),
        ("x-robots-tag", "noindex, nofollow"),
        ("x-frame-options", "DENY"),
        // Browsers heed it over HTTPS only.
        ("strict-transport-security", "max-age=31536000"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ];
    answer::once(status, html.as_bytes(), &fields)
}

/// Sends the browser to another page, with a plain GET: reloading it does nothing twice.
pub(crate) fn go_to(address: &str, cookie: Option<&str>) -> Result<Response, Failure> {
    let mut fields: Vec<Field> = vec![("location", address), ("cache-control", NOT_KEPT)];
    if let Some(cookie) = cookie {
        fields.push(("set-cookie", cookie));
    }
    answer::empty(303, &fields)
}

/// A page that only says what went wrong.
pub(crate) fn problem(problem: &Problem, person: Option<&Person>) -> Result<Response, Failure> {
    let body = html! {
        @if let Some(advice) = problem.member("advice").and_then(serde_json::Value::as_str) {
            p { (advice) }
        }
        p { a href="/admin" { "Revenir à l’accueil de l’administration" } }
    };
    let page = Page { title: problem.title(), person, part: "", done: None, error: Some(problem.detail()) };
    let html = page.html(&body);
    with_headers(send(problem.status, &html), problem)
}

/// A page about a problem, with the header fields of that problem.
pub(super) fn with_headers(
    mut page: Result<Response, Failure>,
    problem: &Problem,
) -> Result<Response, Failure> {
    if let Ok(page) = &mut page {
        for (name, value) in &problem.headers {
            // A field that cannot be set is missing from a page that says the same.
            let _ = page.headers().set(name, value);
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::rights::Role;

    #[test]
    fn a_page_shows_only_what_its_reader_may_open() {
        let person = |role| Person { id: "k".into(), name: "<Drôme>".into(), role };
        let page = |person: &Person| {
            let page =
                Page { title: "Accueil", person: Some(person), part: "/admin", done: None, error: None };
            page.html(&html! {})
        };
        let region = page(&person(Role::Region));
        let reader = page(&person(Role::Reader));
        assert!(region.contains("/admin/keys") && region.contains("/admin/audit"));
        assert!(!reader.contains("/admin/keys") && !reader.contains("/admin/drafts"));
        assert!(region.contains("&lt;Drôme&gt;") && !region.contains("<Drôme>"));
        assert!(region.contains(r#"<a href="/admin" aria-current="page">"#));
        assert!(region.contains(GUIDE) && reader.contains(GUIDE));
    }

    #[test]
    fn the_policy_names_the_style_sheet() {
        assert!(policy().contains(&source_hash(STYLE)));
    }
}
