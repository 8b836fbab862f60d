//! Taking the live directory away, in each format that we write.

use super::Asked;
use super::frame::{Page, send};
use crate::admin::rights::Right;
use crate::answer::{self, JSON, NOT_KEPT};
use crate::clock;
use crate::problem::{Failure, Problem};
use crate::route::parameter;
use maud::html;
use web_sys::Response;

/// A format of a download.
struct Format {
    /// Its name in the address, and the ending of the file.
    code: &'static str,
    name: &'static str,
    /// What it is good for.
    purpose: &'static str,
    content_type: &'static str,
    /// Writes the document of the live version so.
    write: fn(document: Vec<u8>) -> Result<Vec<u8>, Failure>,
}

/// Each line is a format: nothing else names them.
const FORMATS: [Format; 1] = [Format {
    code: "json",
    name: "JSON",
    purpose: "Tout l’annuaire, avec ses règles et ses textes : pour en garder une copie, ou le publier ailleurs.",
    content_type: JSON,
    write: Ok,
}];

impl Asked<'_> {
    /// `/admin/export`.
    pub(super) async fn export(&self) -> Result<Response, Failure> {
        self.desk.must(Right::See, "/admin/export").await?;
        if let Some(code) = parameter(self.query, "format") {
            return self.download(&code).await;
        }
        let body = html! {
            p { "L’annuaire qui est en ligne en ce moment, à emporter." }
            ul class="next" {
                @for format in &FORMATS {
                    li { a href={ "/admin/export?format=" (format.code) } { "Télécharger en " (format.name) } p class="help" { (format.purpose) } }
                }
            }
            p { "Une version d’avant se télécharge depuis " a href="/admin/versions" { "les versions" } "." }
        };
        let page = Page { title: "Télécharger l’annuaire", part: "/admin/export", ..self.page_of() };
        send(200, &page.html(&body))
    }

    async fn download(&self, code: &str) -> Result<Response, Failure> {
        let Some(format) = FORMATS.iter().find(|format| format.code == code) else {
            let known: Vec<&str> = FORMATS.iter().map(|format| format.code).collect();
            let detail =
                format!("Ce format n’est pas proposé. Les formats possibles : {}.", known.join(", "));
            return Err(Problem::new(422, "unknown-format", detail).into());
        };
        let bytes = (format.write)(self.desk.live_document().await?)?;
        let name = format!("attachment; filename=\"annuaire-{}.{}\"", clock::today(), format.code);
        let fields = [
            ("content-type", format.content_type),
            ("content-disposition", name.as_str()),
            ("cache-control", NOT_KEPT),
        ];
        answer::once(200, &bytes, &fields)
    }
}
