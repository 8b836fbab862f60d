//! What site owners need: the generator of snippets (`/embed`) and its preview. The doctor is the
//! administration's: it reads pages of others.

mod choices;
mod colours;
mod page;
mod snippet;
mod target;

use crate::guide_pages;
use crate::live;
use crate::pieces;
use choices::{Choices, Kind, Listed};
use maud::{Markup, PreEscaped, html};
use page::Generator;
use serving::host::Host;
use serving::problem::Failure;
use serving::query::parameter;
use serving::{shipped, site};
use shared::directory::MAIN_LANGUAGE;
use snippet::{Pinned, Source, elsewhere};
use target::Passes;
use web_sys::Response;

/// A page for site owners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Embed {
    /// `/embed`.
    Generator,
    /// `/embed/preview`: the snippet in an empty page.
    Preview,
    /// `/embed/guide`: everything that a site owner may want to know.
    Guide,
}

/// Answers a request for one of them, with a method that the route allows.
pub(crate) async fn answer(host: &Host<'_>, part: Embed, query: &str) -> Result<Response, Failure> {
    let origin = host.cache.origin;
    if part == Embed::Guide {
        let (title, text) = shipped::guide("guide-du-site", origin)?;
        return site::send(200, &site::page(&title, "/embed/guide", &PreEscaped(text)), false, true);
    }
    let live = live::current(host).await?;
    let guide = pieces::localized(host, &live.id, MAIN_LANGUAGE).await?;
    let search = match parameter(query, "commune").filter(|typed| !typed.trim().is_empty()) {
        Some(typed) => Some(guide_pages::search(host, &live, &typed).await?),
        None => None,
    };
    let mut listed = Listed::new(&parameter(query, "communes").unwrap_or_default());
    for word in listed.words() {
        // Of a wide directory, each may be among the names of another department.
        listed.add(&*guide_pages::search(host, &live, &word).await?, &word);
    }
    let choices = Choices::read(query, &guide, search.as_deref(), listed);
    let pinned = if choices.is_pinned { today(host).await } else { None };
    if part == Embed::Preview {
        let source = Source { origin, pinned: pinned.as_ref(), elsewhere: elsewhere(&guide) };
        let snippet = snippet::html(&choices, source);
        return site::send(200, &site::preview(&snippet), true, true);
    }
    let generator = Generator { choices: &choices, guide: &guide, origin, query, pinned };
    site::send(200, &generator.html(), false, true)
}

/// The build that is served today, with the hash of its loader.
async fn today(host: &Host<'_>) -> Option<Pinned> {
    let integrity = serving::assets::integrity(host.env).await?;
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    Some(Pinned { build: text(&integrity["build"])?, integrity: text(&integrity["files"]["spro-guide.js"])? })
}

/// What a content security policy must have for what was chosen.
fn policies(choices: &Choices, origin: &str) -> Markup {
    let lines: &[String] = &match (choices.kind(), choices.target.passes) {
        (Kind::Link, _) => return html! {},
        (Kind::Frame, Passes::Frame) => vec![format!("frame-src {origin}")],
        _ => vec![
            format!("script-src {origin} 'wasm-unsafe-eval'"),
            format!("connect-src {origin}"),
            format!("frame-src {origin}"),
        ],
    };
    html! {
        details {
            summary { "Mon site a une politique de sécurité (Content-Security-Policy)" }
            p { "Elle doit contenir ceci, en plus de ce qu’elle a déjà :" }
            pre tabindex="0" { @for line in lines { (line) ";\n" } }
            p { "Vous ne savez pas ? " a href="/embed/doctor" { "Le diagnostic" } " lit votre page et dit exactement quelle ligne changer ; " a href="/embed/guide" { "le guide complet" } " explique chacune." }
        }
    }
}
