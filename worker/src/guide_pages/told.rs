//! A page that says one sentence to somebody who has sent a form of ours, in their language.

use super::send::{self, Kind};
use super::{guide, on_live, voice};
use crate::style::STYLE;
use maud::{DOCTYPE, PreEscaped, html};
use serving::host::Host;
use serving::problem::Failure;
use shared::texts::Key;
use web_sys::Response;

/// What is said, and how the answer goes.
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) key: Key,
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// The page. It has no way back to the result but the browser's own, which keeps it: nothing of the
/// visitor came here.
pub(crate) async fn told(host: &Host<'_>, language: &str, told: Told) -> Result<Response, Failure> {
    let (html, language) = on_live(host, async |live| {
        let language = live.language(Some(language).filter(|language| !language.is_empty()));
        let guide = guide(host, &live, &language).await?;
        let voice = voice(&guide);
        let is_error = told.status >= 400;
        let html = html! {
            (DOCTYPE)
            html lang=(guide.language()) dir=(voice.direction()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    title { (voice.texts.bare(Key::ReportTitle)) " – " (voice.texts.bare(Key::PageTitle)) }
                    link rel="icon" href="data:,";
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    main id="main" {
                        h1 { (voice.say(Key::ReportTitle)) }
                        section.guide {
                            @if is_error { p.error role="alert" { (voice.say(told.key)) } }
                            @else { p role="status" { (voice.say(told.key)) } }
                            p.help { (voice.say(Key::PageBackToResult)) }
                        }
                    }
                }
            }
        };
        Ok((html.into_string(), language))
    })
    .await?;
    let headers: Vec<(&str, &str)> =
        told.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    send::once(told.status, &html, Kind::Problem, false, &language, &headers)
}
