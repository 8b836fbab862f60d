//! The text to paste.

use super::choices::{Choices, Kind};
use super::target::{Passes, Writing};
use shared::markup::Escaped;
use std::fmt::Write as _;

/// A fixed version, as the build describes itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pinned {
    pub(super) build: String,
    /// The hash of its loader, as `integrity` has it.
    pub(super) integrity: String,
}

/// What the link says in the languages that we know.
fn invitation(language: Option<&str>) -> (&'static str, &'static str) {
    match language.unwrap_or("fr").split('-').next().unwrap_or_default() {
        "en" => ("", "Find the place that can help me with my career"),
        "ar" => ("", "العثور على المكان الذي يمكنه مساعدتي في توجيهي المهني"),
        "uk" => ("", "Знайти місце, де мені допоможуть із професійною орієнтацією"),
        "fr" => ("", "Trouver le lieu qui peut m’aider à m’orienter"),
        _ => (" lang=\"fr\"", "Trouver le lieu qui peut m’aider à m’orienter"),
    }
}

/// The attributes of the element, in the order of the documentation.
fn attributes(choices: &Choices) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let mut push = |name, value: Option<&str>| all.extend(value.map(|value| (name, value.to_owned())));
    push("lang", choices.language.as_deref());
    push("territory", choices.territory.as_deref());
    push("commune", choices.code());
    push("theme", choices.theme);
    push("look", choices.is_dsfr.then_some("dsfr"));
    push("layout", choices.is_compact.then_some("compact"));
    all
}

/// The address of the guide as a page, with what was chosen.
fn page(origin: &str, first: &[(&str, String)], attributes: &[(&str, String)]) -> String {
    let mut address = format!("{origin}/");
    for (index, (name, value)) in first.iter().chain(attributes).enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(address, "{}{name}={}", if index == 0 { '?' } else { '&' }, encoded(value));
    }
    address
}

/// A value in a query. Ids and tags are plain.
fn encoded(value: &str) -> String {
    let mut encoded = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// The snippet as it is pasted.
pub(super) fn snippet(choices: &Choices, origin: &str, pinned: Option<&Pinned>) -> String {
    match choices.target.writing {
        Writing::Html => html(choices, origin, pinned),
        Writing::SpipHtml => format!("<html>\n{}\n</html>", html(choices, origin, pinned)),
        Writing::SpipLink => {
            let (_, words) = invitation(choices.language.as_deref());
            format!("[{words}->{}]", page(origin, &[], &attributes(choices)))
        }
    }
}

/// The same as a page shows it, whatever it is pasted into.
pub(super) fn html(choices: &Choices, origin: &str, pinned: Option<&Pinned>) -> String {
    let attributes = attributes(choices);
    match choices.kind() {
        Kind::Link => format!("<p>{}</p>", link(choices, origin, &attributes)),
        Kind::Frame if choices.target.passes == Passes::Frame => frame(choices, origin, &attributes),
        kind => {
            let mut tag = String::from("<spro-guide");
            for (name, value) in &attributes {
                let _ = write!(tag, " {name}=\"{}\"", Escaped(value));
            }
            if kind == Kind::Frame {
                tag.push_str(" frame=\"first\"");
            }
            format!("{}\n{tag}>{}</spro-guide>", script(origin, pinned), link(choices, origin, &attributes))
        }
    }
}

fn script(origin: &str, pinned: Option<&Pinned>) -> String {
    match pinned {
        None => format!("<script type=\"module\" async src=\"{origin}/spro-guide.js\"></script>"),
        Some(Pinned { build, integrity }) => format!(
            "<script type=\"module\" async src=\"{origin}/{build}/spro-guide.js\" integrity=\"{integrity}\" crossorigin=\"anonymous\"></script>"
        ),
    }
}

/// The link by which nobody is stuck. The colours and the layout of the element are none of
/// the page's business.
fn link(choices: &Choices, origin: &str, attributes: &[(&'static str, String)]) -> String {
    let (mark, words) = invitation(choices.language.as_deref());
    let for_people: Vec<_> = attributes
        .iter()
        .filter(|(name, _)| ["lang", "territory", "commune"].contains(name))
        .cloned()
        .collect();
    format!("<a href=\"{}\"{mark}>{words}</a>", Escaped(&page(origin, &[], &for_people)))
}

fn frame(choices: &Choices, origin: &str, attributes: &[(&'static str, String)]) -> String {
    let address = page(origin, &[("frame", "1".to_owned())], attributes);
    let height = if choices.is_compact { 620 } else { 760 };
    format!(
        "<iframe src=\"{}\" title=\"Guide de l’orientation\" width=\"100%\" height=\"{height}\" loading=\"lazy\" referrerpolicy=\"no-referrer\"></iframe>\n<p>{}</p>",
        Escaped(&address),
        link(choices, origin, attributes)
    )
}

#[cfg(test)]
mod tests {
    use super::super::choices::Commune;
    use super::super::target::{TARGETS, Target};
    use super::*;
    use shared::doctor::{Address, snippet::look};

    const ORIGIN: &str = "https://guide.fr";

    fn choices(site: &str, asked: Kind) -> Choices {
        Choices {
            target: Target::find(site),
            asked,
            territory: Some("valence".to_owned()),
            typed: String::new(),
            commune: Commune::None,
            language: Some("ar".to_owned()),
            theme: Some("dark"),
            is_dsfr: true,
            is_compact: true,
            is_pinned: false,
        }
    }

    #[test]
    fn what_is_given_is_what_the_doctor_calls_right() {
        let pinned = Pinned { build: "0123456789abcdef".to_owned(), integrity: "sha256-x".to_owned() };
        for target in TARGETS.iter().filter(|target| target.passes != Passes::Link) {
            for asked in [Kind::Element, Kind::Frame] {
                for pinned in [None, Some(&pinned)] {
                    let text = snippet(&choices(target.id, asked), ORIGIN, pinned);
                    let at = |url| Address::parse(url).unwrap();
                    let found = look(&text, &at("https://mairie.fr/"), &at(ORIGIN), Some("0123456789abcdef"));
                    assert_eq!(found.faults, [], "{text}");
                    assert_eq!(found.elements + found.frames, 1, "{text}");
                }
            }
        }
    }

    #[test]
    fn a_place_gets_no_more_than_it_lets_through() {
        for (site, asked, given) in [
            ("html", Kind::Element, Kind::Element),
            ("html", Kind::Link, Kind::Link),
            ("frames", Kind::Element, Kind::Frame),
            ("frames", Kind::Link, Kind::Link),
            ("wordpress-filtered", Kind::Frame, Kind::Link),
        ] {
            assert_eq!(choices(site, asked).kind(), given, "{site}");
        }
        let link = snippet(&choices("drupal-basic", Kind::Element), ORIGIN, None);
        assert!(
            link.starts_with("<p><a href=\"https://guide.fr/?lang=ar&amp;territory=valence\">"),
            "{link}"
        );
        assert!(!link.contains("script") && !link.contains("spro-guide"), "{link}");
        let spip = snippet(&choices("spip-strict", Kind::Element), ORIGIN, None);
        assert!(
            spip.starts_with('[') && spip.contains("->https://guide.fr/?lang=ar&territory=valence"),
            "{spip}"
        );
        let spip = snippet(&choices("spip", Kind::Element), ORIGIN, None);
        assert!(spip.starts_with("<html>\n<script ") && spip.ends_with("</spro-guide>\n</html>"), "{spip}");
        let frame = snippet(&choices("frames", Kind::Frame), ORIGIN, None);
        assert!(frame.contains("/?frame=1&amp;lang=ar&amp;territory=valence&amp;theme=dark&amp;look=dsfr&amp;layout=compact\""), "{frame}");
    }
}
