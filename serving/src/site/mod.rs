//! What the pages for site owners have around them.

use crate::answer::{self, Field, NOT_KEPT, REVALIDATED};
use crate::csp::source_hash;
use crate::problem::Failure;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::sync::LazyLock;
use web_sys::Response;

const STYLE: &str = include_str!("embed.css");
const SCRIPT: &str = include_str!("embed.js");

static STYLE_HASH: LazyLock<String> = LazyLock::new(|| source_hash(STYLE));
static SCRIPT_HASH: LazyLock<String> = LazyLock::new(|| source_hash(SCRIPT));

/// Our one style sheet and our one script, both inside the page; the preview in a frame of
/// ours.
fn policy() -> String {
    let (style, script) = (STYLE_HASH.as_str(), SCRIPT_HASH.as_str());
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; \
         connect-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// What a page that shows the snippet as it is pasted may do: what the snippet needs. The colours that
/// were chosen are in the tag.
fn preview_policy() -> String {
    let style = STYLE_HASH.as_str();
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; style-src-attr 'unsafe-inline'; script-src 'self' 'wasm-unsafe-eval'; \
         connect-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'self'"
    )
}

/// A page, with its heading. `part` is the address of the page in the menu.
pub fn page(title: &str, part: &str, body: &Markup) -> String {
    let parts = [
        ("/embed", "Le code à coller"),
        ("/embed/doctor", "Le diagnostic d’une page"),
        ("/embed/guide", "Le guide complet"),
    ];
    html! {
        (DOCTYPE)
        html lang="fr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – Guide de l’orientation" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#main" { "Aller au contenu" }
                header {
                    p class="brand" { a href="/" { "Guide de l’orientation" } " " span { "pour les sites" } }
                    nav aria-label="Pour les sites" {
                        ul {
                            @for (address, name) in parts {
                                li { a href=(address) aria-current=[(address == part).then_some("page")] { (name) } }
                            }
                        }
                    }
                }
                main id="main" tabindex="-1" {
                    h1 { (title) }
                    (body)
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
    .into_string()
}

/// The page that shows a snippet and nothing else.
pub fn preview(snippet: &str) -> String {
    html! {
        (DOCTYPE)
        html lang="fr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                title { "Aperçu du guide" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body class="preview" { main { (PreEscaped(snippet)) } }
        }
    }
    .into_string()
}

/// Sends a page. What was sent to us for it is nobody's to keep.
pub fn send(status: u16, html: &str, is_preview: bool, is_kept: bool) -> Result<Response, Failure> {
    let policy = if is_preview { preview_policy() } else { policy() };
    let fields: [Field; 7] = [
        ("content-type", "text/html; charset=utf-8"),
        ("content-language", "fr"),
        ("cache-control", if is_kept { REVALIDATED } else { NOT_KEPT }),
        ("content-security-policy", &policy),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
        ),
    ];
    answer::once(status, html.as_bytes(), &fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_what_is_in_the_page() {
        let page = page("Titre <i>", "/embed", &html! { p { "corps" } });
        assert!(page.contains("Titre &lt;i&gt;") && page.contains("aria-current=\"page\""), "{page}");
        for (hash, text) in [(&*STYLE_HASH, STYLE), (&*SCRIPT_HASH, SCRIPT)] {
            assert_eq!(hash.len(), 44);
            assert!(policy().contains(hash.as_str()) && page.contains(text));
        }
        // What ends a script ends it wherever it is.
        assert!(!SCRIPT.contains("</") && !STYLE.contains("</"));
    }
}
