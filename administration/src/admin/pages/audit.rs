//! The audit trail: read page by page, or taken away whole.

use super::frame::{Page, send};
use super::parts::{pager, table};
use super::{Asked, words};
use maud::{Markup, html};
use protocol::trail::{Done, Trace, Trail};
use serving::answer::{self, NOT_KEPT};
use serving::problem::Failure;
use serving::query::parameter;
use web_sys::Response;

/// How many entries a page shows.
const PER_PAGE: u32 = 100;
/// How many entries are read at once for the whole.
const AT_ONCE: u32 = 1000;

/// What an entry is about, with a link where there is a page of it.
fn subject(trace: &Trace) -> Markup {
    let subject = trace.subject.as_str();
    html! {
        @match trace.done {
            Done::DraftBegun | Done::DraftChanged | Done::DraftChecked | Done::DraftAbandoned => {
                "brouillon " a href={ "/admin/drafts/" (subject) } { (subject) }
            }
            Done::Published | Done::WentBack => { a href="/admin/versions" { "version " (subject) } }
            Done::ErrorSettled | Done::ErrorReopened => { a href={ "/admin/places/" (subject) } { (subject) } }
            Done::KeyMade | Done::KeyConfirmed | Done::KeyRevoked => { "clé " (subject) }
            Done::LinkMade | Done::LinkRevoked | Done::LinkOpened => {
                "lieu " a href={ "/admin/places/" (subject) } { (subject) }
            }
            Done::BuildKept => { "version du guide " (subject) }
            Done::SignedIn
            | Done::SignedOut
            | Done::WrongKey
            | Done::WrongLink
            | Done::Forbidden
            | Done::Reminded
            | Done::Other(_) => (subject),
        }
    }
}

impl Asked<'_> {
    /// `/admin/audit`.
    pub(super) async fn audit(&self) -> Result<Response, Failure> {
        let before = parameter(self.query, "before").and_then(|number| number.parse().ok());
        let entries = self.desk.trail(before, PER_PAGE).await?;
        let rows: Vec<Vec<Markup>> = entries
            .iter()
            .map(|entry| {
                let trace = &entry.value;
                vec![
                    words::time(&trace.at),
                    html! { @match &trace.by { Some(who) => (who.name), None => span class="soft" { "inconnu" } } },
                    html! { (trace.done.french()) },
                    subject(trace),
                    html! { (trace.detail) },
                ]
            })
            .collect();
        let older = entries.last().map(|last| format!("/admin/audit?before={}", last.number));
        let is_last = entries.len() < PER_PAGE as usize;
        let older = older.as_deref().filter(|_| !is_last).map(|address| (address, "Plus ancien"));
        let newest = before.is_some().then_some(("/admin/audit", "Le plus récent"));
        let columns = ["Quand", "Qui", "Action", "Objet", "Détail"];
        let body = html! {
            p { "Qui a fait quoi, et quand. Rien n’en est jamais effacé." }
            p { a href="/admin/audit.csv" { "Télécharger tout le journal (CSV, pour un tableur)" } }
            (table(&html! { "Journal, le plus récent d’abord" }, &columns, &rows))
            (pager("Pages du journal", newest, older))
        };
        let page = Page { title: "Journal", part: "/admin/audit", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// `/admin/audit.csv`: all of it.
    pub(super) async fn audit_csv(&self) -> Result<Response, Failure> {
        let mut trail = Trail::default();
        let mut before = None;
        loop {
            let entries = self.desk.trail(before, AT_ONCE).await?;
            let is_last = entries.len() < AT_ONCE as usize;
            before = entries.last().map(|last| last.number);
            trail.entries.extend(entries.into_iter().map(|entry| entry.value));
            if is_last {
                break;
            }
        }
        let fields = [
            ("content-type", "text/csv; charset=utf-8; header=present"),
            ("content-disposition", "attachment; filename=\"journal.csv\""),
            ("cache-control", NOT_KEPT),
        ];
        answer::once(200, trail.csv().as_bytes(), &fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_entry_is_about_is_never_markup() {
        let trace = |done| Trace {
            at: String::new(),
            by: None,
            done,
            subject: "<i>\"x".into(),
            detail: String::new(),
        };
        for done in [Done::SignedIn, Done::Forbidden, Done::DraftBegun, Done::Published, Done::KeyMade] {
            let html = subject(&trace(done)).into_string();
            assert!(!html.contains("<i>") && !html.contains("\"x\""), "{html}");
        }
    }
}
