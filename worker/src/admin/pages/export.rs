//! Taking the live directory away, in each format that we write.

use super::Asked;
use super::frame::{Page, send};
use crate::admin::rights::Right;
use crate::answer::{self, NOT_KEPT};
use crate::problem::{Failure, Problem};
use crate::route::parameter;
use crate::{clock, exports};
use exchange::export::Format;
use maud::html;
use web_sys::Response;

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
                @for format in Format::ALL {
                    li { a href={ "/admin/export?format=" (format.name()) } { (format.label()) } }
                }
            }
            p { "Tout le monde peut aussi les prendre, comme données ouvertes, à ces adresses :" }
            ul {
                @for format in Format::ALL {
                    @let address = format!("/v1/exports/{}", exports::file(format));
                    li { a href=(address) { (address) } }
                }
            }
            p { "Une version d’avant se télécharge depuis " a href="/admin/versions" { "les versions" } "." }
        };
        let page = Page { title: "Télécharger l’annuaire", part: "/admin/export", ..self.page_of() };
        send(200, &page.html(&body))
    }

    async fn download(&self, code: &str) -> Result<Response, Failure> {
        let Some(format) = Format::of_name(code) else {
            let known: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
            let detail =
                format!("Ce format n’est pas proposé. Les formats possibles : {}.", known.join(", "));
            return Err(Problem::new(422, "unknown-format", detail).into());
        };
        let bytes = exports::write(&self.desk.live_document().await?, format)?;
        let name = format!("attachment; filename=\"annuaire-{}.{}\"", clock::today(), format.extension());
        let fields = [
            ("content-type", format.media_type()),
            ("content-disposition", name.as_str()),
            ("cache-control", NOT_KEPT),
        ];
        answer::once(200, &bytes, &fields)
    }
}
