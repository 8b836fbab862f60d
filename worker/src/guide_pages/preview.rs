//! The page of a draft, at its private link: the real element, which the loader beside the page
//! leads to the draft. The pages that post are of the live directory: a draft has none.

use super::page::Page;
use super::send::{self, Kind};
use super::voice;
use crate::style::STYLE;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serving::problem::Failure;
use shared::options::Options;
use shared::snapshot::LocalizedGuide;
use shared::texts::Key;
use shared::visit::Visit;
use web_sys::Response;

/// Answers with the page.
pub(crate) fn preview(guide: &LocalizedGuide, draft: &str, source: &str) -> Result<Response, Failure> {
    let (options, visit) = (Options::default(), Visit::new(guide));
    let page = Page {
        voice: voice(guide),
        options: &options,
        framed: false,
        origin: "",
        build: None,
        visit: &visit,
        asked: None,
        is_first: true,
    };
    let more = [(serving::answer::SOURCE, source), ("x-robots-tag", "noindex, nofollow")];
    let html = page.preview(draft).into_string();
    send::once(200, &html, Kind::Preview, false, guide.language(), &more)
}

impl Page<'_> {
    pub(super) fn preview(&self, draft: &str) -> Markup {
        let voice = &self.voice;
        html! {
            (DOCTYPE)
            html lang=(voice.guide.language()) dir=(voice.direction()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { "Aperçu – " (draft) }
                    link rel="icon" href="data:,";
                    style { (PreEscaped(STYLE)) }
                    script type="module" async src="spro-guide.js" {}
                }
                body {
                    main id="main" {
                        p.preview role="note" {
                            strong { "Aperçu" } " du brouillon « " (draft) " ». Les visiteurs ne voient pas cette page. Elle a besoin de JavaScript."
                        }
                        h1 { (voice.say(Key::PageTitle)) }
                        spro-guide lang=(voice.guide.language()) frame="none" { (self.services()) }
                    }
                }
            }
        }
    }
}
