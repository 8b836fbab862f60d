//! The text to paste.

use super::choices::{Choices, Kind};
use super::target::{Passes, Writing};
use shared::condition::Condition;
use shared::markup::Escaped;
use shared::percent::encoded;
use shared::snapshot::LocalizedGuide;
use shared::wording::calling;
use std::fmt::Write as _;

/// A fixed version, as the build describes itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pinned {
    pub(super) build: String,
    /// The hash of its loader, as `integrity` has it.
    pub(super) integrity: String,
}

/// What everything that is pasted is made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    /// Where the guide is served.
    pub(super) origin: &'a str,
    /// The version to stay with, if any.
    pub(super) pinned: Option<&'a Pinned>,
    /// A door that is open when our server is not: the first remote service that is there for
    /// everybody.
    pub(super) elsewhere: Option<Door<'a>>,
}

/// A website that does not depend on us.
#[derive(Debug, Clone, Copy)]
pub(super) struct Door<'a> {
    /// Its name, in French.
    name: &'a str,
    website: &'a str,
    phone: Option<&'a str>,
}

/// The first remote service of a guide that is there for everybody.
pub(super) fn elsewhere(guide: &LocalizedGuide) -> Option<Door<'_>> {
    let service = guide.remote_services.iter().find(|service| service.serves == Condition::Always)?;
    Some(Door { name: guide.text(service.name), website: &service.website, phone: service.phone.as_deref() })
}

/// What the link says in the languages that we know, and how another one follows it.
fn invitation(language: Option<&str>) -> (&'static str, &'static str, &'static str) {
    match language.unwrap_or("fr").split('-').next().unwrap_or_default() {
        "en" => ("", "Find the place that can help me with my career", "or"),
        "ar" => ("", "العثور على المكان الذي يمكنه مساعدتي في توجيهي المهني", "أو"),
        "uk" => ("", "Знайти місце, де мені допоможуть із професійною орієнтацією", "або"),
        "fr" => ("", "Trouver le lieu qui peut m’aider à m’orienter", "ou"),
        _ => (" lang=\"fr\"", "Trouver le lieu qui peut m’aider à m’orienter", "–"),
    }
}

/// The attributes of the element, in the order of the documentation.
fn attributes(choices: &Choices) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let mut push = |name, value: Option<&str>| all.extend(value.map(|value| (name, value.to_owned())));
    push("lang", choices.language.as_deref());
    push("territory", choices.territory().as_deref());
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

/// The snippet as it is pasted.
pub(super) fn snippet(choices: &Choices, source: Source<'_>) -> String {
    match choices.target.writing {
        Writing::Html => html(choices, source),
        Writing::SpipHtml => format!("<html>\n{}\n</html>", html(choices, source)),
        Writing::Fields if choices.kind() == Kind::Frame => {
            let address = frame_address(choices, source.origin);
            format!("Titre : {FRAME_TITLE}\nAdresse : {address}\nHauteur : {}", height(choices))
        }
        Writing::Fields => page(source.origin, &[], &for_people(&attributes(choices))),
        Writing::SpipLink => {
            let (_, words, or) = invitation(choices.language.as_deref());
            let mut links = format!("[{words}->{}]", page(source.origin, &[], &attributes(choices)));
            if let Some(Door { name, website, phone }) = source.elsewhere {
                let _ = write!(links, " {or} [{name}->{website}]");
                if let Some(phone) = phone {
                    let _ = write!(links, " ({phone})");
                }
            }
            links
        }
    }
}

/// The same as a page shows it, whatever it is pasted into.
pub(super) fn html(choices: &Choices, source: Source<'_>) -> String {
    let attributes = attributes(choices);
    let links = links(choices, source, &attributes);
    match choices.kind() {
        Kind::Link => format!("<p>{links}</p>"),
        Kind::Frame if choices.target.passes == Passes::Frame => {
            format!("{}\n<p>{links}</p>", frame(choices, source.origin))
        }
        kind => {
            let mut tag = String::from("<spro-guide");
            for (name, value) in &attributes {
                let _ = write!(tag, " {name}=\"{}\"", Escaped(value));
            }
            if has_colours(choices) {
                let _ = write!(tag, " style=\"{}\"", choices.colours.properties());
            }
            if kind == Kind::Frame {
                tag.push_str(" frame=\"first\"");
            }
            format!("{}\n{tag}>{links}</spro-guide>", script(source.origin, source.pinned))
        }
    }
}

/// Whether the snippet carries colours: those of a frame and of a link are ours, and the look of
/// the State has its own.
pub(super) fn has_colours(choices: &Choices) -> bool {
    choices.colours.is_chosen() && choices.kind() == Kind::Element && !choices.is_dsfr
}

/// The script's tag. Not `type="module"`: a module above the page's import map disables that map
/// in some browsers, and tools that hold scripts back put them back as plain ones. With
/// `crossorigin` it is asked for without cookies, as a module is.
fn script(origin: &str, pinned: Option<&Pinned>) -> String {
    match pinned {
        None => format!("<script async crossorigin src=\"{origin}/spro-guide.js\"></script>"),
        Some(Pinned { build, integrity }) => format!(
            "<script async src=\"{origin}/{build}/spro-guide.js\" integrity=\"{integrity}\" crossorigin=\"anonymous\"></script>"
        ),
    }
}

/// What of it is for the visitor, wherever the guide opens.
fn for_people(attributes: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    attributes.iter().filter(|(name, _)| ["lang", "territory", "commune"].contains(name)).cloned().collect()
}

/// The links by which nobody is stuck: to our page, and to a service that does not depend on
/// us. The colours and the layout of the element are none of the page's business.
fn links(choices: &Choices, source: Source<'_>, attributes: &[(&'static str, String)]) -> String {
    let (mark, words, or) = invitation(choices.language.as_deref());
    let ours = page(source.origin, &[], &for_people(attributes));
    let mut links = format!("<a href=\"{}\"{mark}>{words}</a>", Escaped(&ours));
    if let Some(Door { name, website, phone }) = source.elsewhere {
        // It is called what it is called, in French.
        let french = if or == "ou" { "" } else { " lang=\"fr\"" };
        let _ = write!(links, " {or} <a href=\"{}\"{french}>{}</a>", Escaped(website), Escaped(name));
        if let Some(phone) = phone {
            let _ = write!(links, " <a href=\"{}\" dir=\"ltr\">{}</a>", calling(phone), Escaped(phone));
        }
    }
    links
}

/// What a frame is called by who hears the page.
const FRAME_TITLE: &str = "Guide de l’orientation";

/// In pixels: the first questions without a bar to scroll.
const fn height(choices: &Choices) -> u16 {
    if choices.is_compact { 620 } else { 760 }
}

fn frame_address(choices: &Choices, origin: &str) -> String {
    page(origin, &[("frame", "1".to_owned())], &attributes(choices))
}

fn frame(choices: &Choices, origin: &str) -> String {
    format!(
        "<iframe src=\"{}\" title=\"{FRAME_TITLE}\" width=\"100%\" height=\"{}\" loading=\"lazy\" referrerpolicy=\"no-referrer\"></iframe>",
        Escaped(&frame_address(choices, origin)),
        height(choices),
    )
}

#[cfg(test)]
mod tests {
    use super::super::choices::{Commune, Listed};
    use super::super::colours::Colours;
    use super::super::target::Target;
    use super::*;

    const ORIGIN: &str = "https://guide.fr";
    const ALONE: Source<'_> = Source { origin: ORIGIN, pinned: None, elsewhere: None };

    const fn service(phone: Option<&'static str>) -> Door<'static> {
        Door { name: "L’agence & Cie", website: "https://agence.fr/?a=1&b=2", phone }
    }

    fn choices(site: &str, asked: Kind) -> Choices {
        Choices {
            target: Target::find(site),
            asked,
            territory: Some("valence".to_owned()),
            listed: Listed::default(),
            typed: String::new(),
            commune: Commune::None,
            language: Some("ar".to_owned()),
            theme: Some("dark"),
            colours: Colours::default(),
            is_dsfr: true,
            is_compact: true,
            is_pinned: false,
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
        let link = snippet(&choices("drupal-basic", Kind::Element), ALONE);
        assert!(
            link.starts_with("<p><a href=\"https://guide.fr/?lang=ar&amp;territory=valence\">"),
            "{link}"
        );
        assert!(!link.contains("script") && !link.contains("spro-guide"), "{link}");
        let spip = snippet(&choices("spip-strict", Kind::Element), ALONE);
        assert!(
            spip.starts_with('[') && spip.contains("->https://guide.fr/?lang=ar&territory=valence"),
            "{spip}"
        );
        let spip = snippet(&choices("spip", Kind::Element), ALONE);
        assert!(spip.starts_with("<html>\n<script ") && spip.ends_with("</spro-guide>\n</html>"), "{spip}");
        let frame = snippet(&choices("frames", Kind::Frame), ALONE);
        assert!(frame.contains("/?frame=1&amp;lang=ar&amp;territory=valence&amp;theme=dark&amp;look=dsfr&amp;layout=compact\""), "{frame}");
    }

    #[test]
    fn a_tool_with_fields_gets_what_to_type_into_each() {
        let fields = snippet(&choices("sites-conformes", Kind::Element), ALONE);
        let [title, address, height] = fields.lines().collect::<Vec<_>>()[..] else { panic!("{fields}") };
        assert_eq!(title, "Titre : Guide de l’orientation");
        assert_eq!(
            address,
            "Adresse : https://guide.fr/?frame=1&lang=ar&territory=valence&theme=dark&look=dsfr&layout=compact"
        );
        assert_eq!(height, "Hauteur : 620");
        let link = snippet(&choices("google-sites", Kind::Link), ALONE);
        assert_eq!(link, "https://guide.fr/?lang=ar&territory=valence");
    }

    #[test]
    fn colours_are_the_elements_alone() {
        let colours =
            Colours::read(|name| if name == "primary" { "#7a1f3d".to_owned() } else { String::new() }, false);
        let with = |site, asked, is_dsfr| {
            snippet(&Choices { colours, is_dsfr, theme: None, ..choices(site, asked) }, ALONE)
        };
        let element = with("html", Kind::Element, false);
        assert!(
            element.contains(" style=\"--spro-primary: #7a1f3d; --spro-on-primary: #ffffff\">"),
            "{element}"
        );
        for other in [
            with("html", Kind::Frame, false),
            with("html", Kind::Link, false),
            with("frames", Kind::Element, false),
            with("html", Kind::Element, true),
        ] {
            assert!(!other.contains("7a1f3d"), "{other}");
        }
    }

    #[test]
    fn there_is_a_door_when_our_server_is_not_there() {
        let (silent, service) = (service(None), service(Some("04 75 00 00 01")));
        let with = |elsewhere| Source { elsewhere: Some(elsewhere), ..ALONE };
        let agency = "<a href=\"https://agence.fr/?a=1&amp;b=2\" lang=\"fr\">L’agence &amp; Cie</a>";
        let element = snippet(&choices("html", Kind::Element), with(silent));
        assert!(element.ends_with(&format!("</a> أو {agency}</spro-guide>")), "{element}");
        let element = snippet(&choices("html", Kind::Element), with(service));
        let phone = "<a href=\"tel:0475000001\" dir=\"ltr\">04 75 00 00 01</a>";
        assert!(element.ends_with(&format!("{agency} {phone}</spro-guide>")), "{element}");
        let frame = snippet(&choices("frames", Kind::Frame), with(silent));
        assert!(frame.ends_with(&format!("{agency}</p>")), "{frame}");
        let spip = snippet(&choices("spip-strict", Kind::Element), with(service));
        assert!(
            spip.ends_with(" أو [L’agence & Cie->https://agence.fr/?a=1&b=2] (04 75 00 00 01)"),
            "{spip}"
        );
        let french = Choices { language: None, ..choices("html", Kind::Link) };
        let link = snippet(&french, with(silent));
        assert!(
            link.ends_with("</a> ou <a href=\"https://agence.fr/?a=1&amp;b=2\">L’agence &amp; Cie</a></p>"),
            "{link}"
        );
    }
}
