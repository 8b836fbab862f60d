//! The diagnosis of what is live, for the region or a part of it. Its page has a style and a
//! policy of its own; it is opened from here, with a way back.

use super::Asked;
use super::frame::{Page, send};
use super::parts::{Choice, select};
use crate::seen;
use maud::html;
use serving::problem::Failure;
use serving::query::parameter;
use web_sys::Response;

impl Asked<'_> {
    /// `/admin/diagnosis`: which part of the region.
    pub(super) async fn diagnosis(&self) -> Result<Response, Failure> {
        let directory = self.desk.parse(&self.desk.live_document().await?)?;
        let departments = &directory.edition.region.departments;
        let departments: Vec<Choice<'_>> =
            departments.iter().map(|one| Choice { value: &one.code, label: &one.name }).collect();
        let territories: Vec<Choice<'_>> =
            directory.territories.iter().map(|one| Choice { value: &one.id, label: &one.name }).collect();
        let own = self.desk.person.role.territory().unwrap_or_default();
        let address = "/admin/diagnosis/page";
        let body = html! {
            p { "Où il manque un lieu, pour qui, et à quelle distance est le plus proche. Le calcul se fait au moment où vous le demandez." }
            p { a class="button" href=(address) { "Diagnostic de toute la région" } }
            form method="get" action=(address) class="card" {
                h2 { "Un département" }
                (select("department", "Département", None, &departments, "", &[]))
                button type="submit" { "Voir le diagnostic du département" }
            }
            @if !territories.is_empty() {
                form method="get" action=(address) class="card" {
                    h2 { "Un territoire" }
                    (select("territory", "Territoire", None, &territories, own, &[]))
                    button type="submit" { "Voir le diagnostic du territoire" }
                }
            }
            p { a href="/admin/v1/diagnosis?format=csv" { "Télécharger le diagnostic de la région (CSV, pour un tableur)" } }
        };
        let page = Page { title: "Diagnostic", part: "/admin/diagnosis", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// The page of the diagnosis.
    pub(super) async fn diagnosis_page(&self) -> Result<Response, Failure> {
        let live = self.desk.valid().await?;
        let part = ["department", "territory"].into_iter().find_map(|kind| {
            let value = parameter(self.query, kind).filter(|value| !value.is_empty())?;
            Some(format!("{kind}={}", shared::percent::encoded(&value)))
        });
        let query = part.map_or_else(|| "format=html".to_owned(), |part| format!("{part}&format=html"));
        seen::diagnosis(&live, &query, Some("/admin/diagnosis"))
    }
}
