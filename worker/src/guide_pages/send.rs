//! What goes around every page: who may run, frame, keep and read what.

use crate::style::STYLE;
use serving::answer::{self, Field, NOT_KEPT, REVALIDATED, Ready, SOURCE};
use serving::csp::source_hash;
use serving::problem::Failure;
use shared::snapshot::hash;
use std::sync::LazyLock;
use web_sys::Response;

static STYLE_HASH: LazyLock<String> = LazyLock::new(|| source_hash(STYLE));

/// A visitor's page is kept by the visitor's browser alone, so that going back shows it again
/// and asks nothing. Nobody keeps it on the way.
const FOR_GOING_BACK: &str = "private, max-age=3600";

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The first page, with the element on it.
    First,
    /// A draft's page, with the element on it.
    Preview,
    /// A page of a visit.
    Visit,
    /// What went wrong.
    Problem,
}

/// Our one style sheet by its hash; scripts and data from here only, and only where the page
/// has any. Framing is allowed to all: a partner whose policy keeps the element out frames the
/// pages.
fn policy(kind: Kind, framed: bool) -> String {
    let scripts = match kind {
        Kind::First | Kind::Preview => "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; ",
        Kind::Visit if framed => "script-src 'self'; ",
        Kind::Visit | Kind::Problem => "",
    };
    let style = STYLE_HASH.as_str();
    format!(
        "default-src 'none'; {scripts}style-src 'sha256-{style}'; img-src 'self' data:; \
         base-uri 'none'; form-action 'self'; frame-ancestors *"
    )
}

fn with_fields<T>(
    kind: Kind,
    framed: bool,
    language: &str,
    more: &[Field],
    make: impl FnOnce(&[Field]) -> T,
) -> T {
    let policy = policy(kind, framed);
    let cache = match kind {
        Kind::First => REVALIDATED,
        Kind::Visit => FOR_GOING_BACK,
        Kind::Preview | Kind::Problem => NOT_KEPT,
    };
    let mut fields: Vec<Field> = vec![
        ("content-type", "text/html; charset=utf-8"),
        ("content-language", language),
        ("cache-control", cache),
        ("content-security-policy", &policy),
        ("referrer-policy", "no-referrer"),
        ("permissions-policy", "camera=(), microphone=(), payment=(), usb=(), browsing-topics=()"),
        ("strict-transport-security", "max-age=31536000"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
    ];
    fields.extend(more);
    make(&fields)
}

/// A page for everybody, ready to be sent again and again.
pub(super) fn ready(
    html: &str,
    kind: Kind,
    framed: bool,
    language: &str,
    source: &str,
) -> Result<Ready, Failure> {
    // The page is ours as much as the directory's: its own hash says when it changes.
    let tag = &hash(html.as_bytes())[..32];
    with_fields(kind, framed, language, &[(SOURCE, source)], |fields| {
        Ready::from_plain(html.as_bytes(), tag, fields)
    })
}

/// A page for one visitor.
pub(super) fn once(
    status: u16,
    html: &str,
    kind: Kind,
    framed: bool,
    language: &str,
    more: &[Field],
) -> Result<Response, Failure> {
    with_fields(kind, framed, language, more, |fields| answer::once(status, html.as_bytes(), fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_the_one_style_sheet_and_scripts_only_where_there_are_any() {
        let style = source_hash(STYLE);
        for kind in [Kind::First, Kind::Preview, Kind::Visit, Kind::Problem] {
            assert!(policy(kind, false).contains(&format!("'sha256-{style}'")));
        }
        assert!(policy(Kind::First, false).contains("'wasm-unsafe-eval'"));
        assert!(policy(Kind::Visit, true).contains("script-src 'self';"));
        assert!(!policy(Kind::Visit, false).contains("script-src"));
    }
}
