//! Taking the live directory away, in each format that we write.

use super::Asked;
use super::frame::{Page, send};
use crate::exports;
use exchange::export::{Format, LICENCE, LICENCE_URL};
use maud::html;
use serving::answer::{self, NOT_KEPT};
use serving::clock;
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use web_sys::Response;

/// What a format is good for.
const fn purpose(format: Format) -> &'static str {
    match format {
        Format::Csv => "Un lieu par ligne. S’ouvre d’un double clic dans un tableur.",
        Format::Xlsx | Format::Ods => {
            "Un lieu par ligne, à corriger dans le tableur puis à importer de nouveau : les lieux sont reconnus."
        }
        Format::GeoJson => "Un point par lieu, pour un logiciel de cartes.",
        Format::Inclusion => "Les structures et services du schéma data·inclusion, version 1.",
        Format::Json => {
            "Tout l’annuaire, avec ses règles et ses textes : pour en garder une copie, ou le publier ailleurs."
        }
    }
}

impl Asked<'_> {
    /// `/admin/export`.
    pub(super) async fn export(&self) -> Result<Response, Failure> {
        if let Some(code) = parameter(self.query, "format") {
            return self.download(&code).await;
        }
        let body = html! {
            p { "L’annuaire qui est en ligne en ce moment, à emporter." }
            ul class="next" {
                @for format in Format::ALL {
                    li {
                        a href={ "/admin/export?format=" (format.name()) } { (format.label()) }
                        p class="help" { (purpose(format)) }
                    }
                }
            }
            h2 { "Pour tout le monde" }
            p { "Ces données sont ouvertes, sous " a href=(LICENCE_URL) rel="noreferrer" { (LICENCE) } ". Chacun peut les prendre à ces adresses :" }
            ul {
                @for format in Format::ALL {
                    @let address = format!("/v1/exports/{}", format.file());
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
