//! A page that says what went wrong, in French, and leads back to the guide.

use super::send::{self, Kind};
use crate::style::STYLE;
use maud::{DOCTYPE, PreEscaped, html};
use serving::problem::{Failure, Problem};
use web_sys::Response;

/// Answers with a problem as a page.
pub(super) fn page(problem: &Problem) -> Result<Response, Failure> {
    let html = html! {
        (DOCTYPE)
        html lang="fr" dir="ltr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { "Erreur : " (problem.title()) " – Guide de l’orientation" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                main id="main" {
                    h1 { "Cette page n’a pas pu être préparée" }
                    section.guide {
                        p.error role="alert" { (problem.detail()) }
                        p.help { "Rien de ce que vous avez répondu n’est gardé." }
                        div.actions { a.button.primary href="/" { "Recommencer le guide" } }
                    }
                }
            }
        }
    };
    let headers: Vec<(&str, &str)> =
        problem.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    send::once(problem.status, &html.into_string(), Kind::Problem, false, "fr", &headers)
}
