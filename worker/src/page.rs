//! `/`: the element on a page of ours, with what helps without it inside.

use crate::answer::{Field, REVALIDATED, SOURCE};
use crate::bundled::STYLE_HASH;
use shared::condition::Condition;
use shared::directory::RemoteService;
use shared::markup::Escaped;
use shared::snapshot::Guide;
use std::fmt::{self, Write};

const STYLE: &str = include_str!("page.css");

/// Scripts and data from here only, our one style sheet by its hash, and nothing else.
/// Framing is allowed: a partner whose policy keeps the element out frames this page.
fn policy() -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; \
         style-src 'sha256-{STYLE_HASH}'; img-src 'self' data:; base-uri 'none'; form-action 'self'"
    )
}

/// What goes around the page.
pub(crate) fn with_fields<T>(source: &str, make: impl FnOnce(&[Field]) -> T) -> T {
    let policy = policy();
    make(&[
        ("content-type", "text/html; charset=utf-8"),
        ("content-language", "fr"),
        ("cache-control", REVALIDATED),
        ("content-security-policy", &policy),
        ("referrer-policy", "no-referrer"),
        ("permissions-policy", "camera=(), microphone=(), payment=(), usb=(), browsing-topics=()"),
        ("strict-transport-security", "max-age=31536000"),
        ("cross-origin-resource-policy", "cross-origin"),
        (SOURCE, source),
    ])
}

/// The page for a guide.
pub(crate) fn html(guide: &Guide) -> String {
    write(guide, "/spro-guide.js", "")
}

/// The same page for a draft, at its private link: the loader beside it leads the element to
/// the draft.
pub(crate) fn preview(guide: &Guide, draft: &str) -> String {
    let banner = format!(
        "<p class=\"preview\" role=\"note\"><strong>Aperçu</strong> du brouillon « {} ». Les visiteurs ne voient pas cette page.</p>\n",
        Escaped(draft)
    );
    write(guide, "spro-guide.js", &banner)
}

fn write(guide: &Guide, loader: &str, banner: &str) -> String {
    let mut services = String::new();
    // Those that are open to everybody: nothing is known here of who reads.
    for service in guide.remote_services.iter().filter(|service| service.serves == Condition::Always) {
        // Writing to a string cannot fail.
        let _ = write_service(&mut services, service);
    }
    format!(
        r#"<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trouver le lieu qui peut m’aider à m’orienter</title>
<meta name="description" content="Quelques questions simples pour savoir où être aidé dans son orientation professionnelle : {region}.">
<link rel="icon" href="data:,">
<style>{STYLE}</style>
<script type="module" async src="{loader}"></script>
</head>
<body>
<main>
{banner}<h1>Trouver le lieu qui peut m’aider à m’orienter</h1>
<spro-guide lang="{language}">
<h2>Être aidé à distance</h2>
<p>Ces services sont gratuits et ouverts à tout le monde.</p>
<ul>
{services}</ul>
</spro-guide>
</main>
<footer>
<p>{title}. Vos réponses restent dans cette page : elles ne sont ni envoyées ni gardées.</p>
</footer>
</body>
</html>
"#,
        region = Escaped(&guide.region),
        language = Escaped(&guide.language),
        title = Escaped(&guide.title),
    )
}

fn write_service(into: &mut String, service: &RemoteService<String>) -> fmt::Result {
    writeln!(into, "<li>\n<p><strong>{}</strong></p>", Escaped(&service.name))?;
    writeln!(into, "<p>{}</p>", Escaped(&service.description))?;
    if let Some(phone) = &service.phone {
        let dialled: String = phone.chars().filter(|c| !c.is_whitespace()).collect();
        writeln!(into, "<p><a class=\"go\" href=\"tel:{}\">{}</a></p>", Escaped(&dialled), Escaped(phone))?;
    }
    if let Some(hours) = &service.hours {
        writeln!(into, "<p>{}</p>", Escaped(hours))?;
    }
    let website = Escaped(&service.website);
    writeln!(into, "<p><a class=\"go\" href=\"{website}\" rel=\"noopener\">{website}</a></p>\n</li>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn guide() -> Guide {
        let service = |id: &str, serves: Condition| {
            json!({
                "id": id,
                "name": format!("Service <{id}>"),
                "description": "À l’écoute & \"gratuit\"",
                "website": "https://exemple.fr/?a=1&b=2",
                "phone": "01 23 45 67 89",
                "hours": "tous les jours",
                "serves": serves,
                "services": ["reception"],
            })
        };
        let services = [service("a", Condition::Always), service("b", Condition::All(Vec::new()))];
        serde_json::from_value(json!({
            "format": 2, "language": "fr", "languages": [], "untranslated": [], "edition": "2026", "title": "Édition", "region": "Une région",
            "departments": [], "reach_km": 1, "questions": [], "networks": [], "rules": [],
            "remote_services": services, "territories": [],
        }))
        .unwrap()
    }

    #[test]
    fn the_page_helps_without_the_element() {
        let html = html(&guide());
        assert!(html.contains("Service &lt;a&gt;"));
        assert!(html.contains("href=\"tel:0123456789\">01 23 45 67 89<"));
        assert!(html.contains("href=\"https://exemple.fr/?a=1&amp;b=2\""));
        assert!(html.contains("À l’écoute &amp; &quot;gratuit&quot;"));
        // Only what is open to everybody.
        assert!(!html.contains("Service &lt;b&gt;"));
    }

    #[test]
    fn the_policy_names_the_style_sheet_of_the_page() {
        let style = html(&guide());
        let style = style.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        assert_eq!(style, STYLE);
        assert!(policy().contains(&format!("'sha256-{STYLE_HASH}'")));
        assert_eq!(STYLE_HASH.len(), 44);
    }
}
