//! Whether what was pasted into a page is what the generator gave.

use super::address::Address;
use super::tags::{Tag, closing, tags};
use shared::options::is_commune_code;

/// The attributes of the element, and the values that are known beforehand.
pub(crate) const ATTRIBUTES: [(&str, &[&str]); 9] = [
    ("lang", &[]),
    ("territory", &[]),
    ("commune", &[]),
    ("network", &[]),
    ("theme", &["light", "dark"]),
    ("level", &["one"]),
    ("look", &["dsfr"]),
    ("layout", &["compact"]),
    ("frame", &["none", "first"]),
];

/// Attributes that any element may have.
const COMMON: [&str; 12] = [
    "id",
    "class",
    "style",
    "slot",
    "hidden",
    "title",
    "dir",
    "role",
    "part",
    "tabindex",
    "translate",
    "inert",
];

/// Something that is not as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The page has no element, and no link to the guide.
    Nothing,
    /// The page shows the snippet as a text.
    ShownAsText,
    /// The element was taken out, and its link is left.
    OnlyTheLink,
    /// The element is there, and no script of ours.
    NoScript,
    /// The script is there, and no element.
    NoElement,
    /// Another tool holds the script back: browsers do not run it as it is written.
    HeldBack {
        /// What of its tag says so, as it is written.
        written: String,
    },
    /// An import map stands after our module: some browsers then refuse the map.
    MapAfter,
    /// The script is another server's.
    OtherServer {
        /// Where it comes from.
        origin: String,
    },
    /// The page is on `https` and the script is not: browsers refuse it.
    Insecure,
    /// `integrity` on the address that changes with each version: it will stop.
    IntegrityOfRolling,
    /// A fixed version without its hash.
    PinnedWithoutIntegrity,
    /// A fixed version of another build than this server's.
    OtherBuild {
        /// Its build.
        build: String,
    },
    /// Nothing is inside the tag.
    NoLinkInside,
    /// An attribute that the element does not have, and the nearest that it has.
    UnknownAttribute {
        /// As it is written.
        name: String,
        /// What was probably meant.
        nearest: Option<&'static str>,
    },
    /// A value that the attribute does not know.
    UnknownValue {
        /// The attribute.
        name: &'static str,
        /// As it is written.
        value: String,
        /// What it knows.
        known: &'static [&'static str],
    },
    /// A postcode, or anything else that is no INSEE code.
    NotACommune {
        /// As it is written.
        value: String,
    },
}

/// What was found in a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Pasted {
    /// The script, where there is one.
    pub(crate) script: Option<Tag>,
    /// How many elements there are.
    pub(crate) elements: usize,
    /// Frames of ours that were pasted instead.
    pub(crate) frames: usize,
    /// What is not as it should be.
    pub(crate) faults: Vec<Fault>,
    /// The policies of `<meta http-equiv>`.
    pub(crate) metas: Vec<String>,
}

/// Looks at a page that is at an address, for the guide that is served at `guide`; `build` is
/// this server's, where it is known.
pub(crate) fn look(page: &str, at: &Address, guide: &Address, build: Option<&str>) -> Pasted {
    let tags = tags(page);
    let mut pasted = Pasted::default();
    let mut links = 0;
    let mut is_map_after = false;
    for tag in &tags {
        let address = |name: &str| Address::parse(tag.get(name)?);
        let is_ours = |name: &str| address(name).is_some_and(|address| address.is_same_origin(guide));
        match tag.name.as_str() {
            "meta"
                if tag
                    .get("http-equiv")
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("content-security-policy")) =>
            {
                pasted.metas.extend(tag.get("content").map(str::to_owned));
            }
            // Of several, one that runs.
            "script"
                if names_loader(tag)
                    && pasted.script.as_ref().is_none_or(|known| held_back(known).is_some()) =>
            {
                pasted.script = Some(tag.clone());
            }
            "script" => {
                is_map_after |= kind(tag) == "importmap" && pasted.script.as_ref().is_some_and(is_module);
            }
            "iframe" => pasted.frames += usize::from(is_ours("src")),
            "a" => links += usize::from(is_ours("href")),
            "spro-guide" => {
                pasted.elements += 1;
                of_element(page, tag, &mut pasted.faults);
            }
            _ => {}
        }
    }
    match (&pasted.script, pasted.elements) {
        (None, 0) if pasted.frames > 0 => {}
        (None, 0) => pasted.faults.push(if page.contains("&lt;spro-guide") {
            Fault::ShownAsText
        } else if links > 0 {
            Fault::OnlyTheLink
        } else {
            Fault::Nothing
        }),
        (None, _) => pasted.faults.push(Fault::NoScript),
        (Some(script), elements) => {
            of_script(script, at, guide, build, &mut pasted.faults);
            if is_map_after {
                pasted.faults.push(Fault::MapAfter);
            }
            if elements == 0 {
                pasted.faults.push(Fault::NoElement);
            }
        }
    }
    pasted
}

/// Whether an address looks like the loader's, on any server.
fn is_loader(src: &str) -> bool {
    src.split(['?', '#']).next().is_some_and(|path| path.ends_with("/spro-guide.js"))
}

/// Whether a script is ours, wherever a tool has put its address.
fn names_loader(tag: &Tag) -> bool {
    tag.attributes.iter().any(|(_, value)| is_loader(value))
}

/// The type of a script, in lower case.
fn kind(tag: &Tag) -> String {
    tag.get("type").unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_module(tag: &Tag) -> bool {
    kind(tag) == "module"
}

/// What keeps browsers from running a script of ours, as its tag has it. Tools that wait for a
/// consent or for the first touch write another type, another name for `src`, or both.
fn held_back(tag: &Tag) -> Option<String> {
    // Of the types that browsers run, those in use.
    const RUNS: [&str; 5] =
        ["", "module", "text/javascript", "application/javascript", "application/x-javascript"];
    let written = |name: &str, value: &str| format!("{name}=\"{value}\"");
    if !RUNS.contains(&kind(tag).as_str()) {
        return Some(written("type", tag.get("type").unwrap_or_default()));
    }
    if tag.get("src").is_some_and(is_loader) {
        return None;
    }
    let elsewhere = tag.attributes.iter().find(|(_, value)| is_loader(value));
    elsewhere.map(|(name, value)| written(name, value))
}

fn of_element(page: &str, tag: &Tag, faults: &mut Vec<Fault>) {
    let inside = closing(page, tag.end, "spro-guide").map_or("", |end| &page[tag.end..end]);
    if tags(inside).iter().all(|tag| tag.name != "a" || tag.get("href").is_none_or(str::is_empty)) {
        faults.push(Fault::NoLinkInside);
    }
    for (name, value) in &tag.attributes {
        if let Some((name, known)) = ATTRIBUTES.iter().find(|(known, _)| known == name) {
            if !known.is_empty() && !value.is_empty() && !known.contains(&value.as_str()) {
                faults.push(Fault::UnknownValue { name, value: value.clone(), known });
            } else if *name == "commune" && !is_commune_code(value) {
                faults.push(Fault::NotACommune { value: value.clone() });
            }
        } else if !COMMON.contains(&name.as_str())
            && !["data-", "aria-", "on"].iter().any(|start| name.starts_with(start))
        {
            faults.push(Fault::UnknownAttribute { name: name.clone(), nearest: nearest(name) });
        }
    }
}

fn of_script(tag: &Tag, at: &Address, guide: &Address, build: Option<&str>, faults: &mut Vec<Fault>) {
    if let Some(written) = held_back(tag) {
        faults.push(Fault::HeldBack { written });
    }
    let Some(src) = tag.get("src").and_then(Address::parse) else { return };
    if at.scheme == "https" && src.scheme == "http" {
        faults.push(Fault::Insecure);
    } else if !src.is_same_origin(guide) {
        faults.push(Fault::OtherServer { origin: src.origin() });
    }
    let has_hash = tag.get("integrity").is_some_and(|hash| !hash.is_empty());
    match src.path.strip_prefix('/').and_then(|path| path.strip_suffix("/spro-guide.js")) {
        None => {
            if has_hash {
                faults.push(Fault::IntegrityOfRolling);
            }
        }
        Some(pinned) => {
            if !has_hash {
                faults.push(Fault::PinnedWithoutIntegrity);
            }
            if build.is_some_and(|build| build != pinned) {
                faults.push(Fault::OtherBuild { build: pinned.to_owned() });
            }
        }
    }
}

/// The attribute that a typing error is nearest to.
fn nearest(name: &str) -> Option<&'static str> {
    ATTRIBUTES
        .iter()
        .map(|(known, _)| (strsim::levenshtein(name, known), *known))
        .min()
        .filter(|(distance, known)| *distance <= 2 && *distance < known.len() / 2 + 1)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "<script type=\"module\" async src=\"https://guide.fr/spro-guide.js\"></script>\n\
                        <spro-guide lang=\"ar\" theme=\"dark\" id=\"g\" data-x=\"\"><a href=\"https://guide.fr/\">x</a></spro-guide>";

    fn faults(page: &str) -> Vec<Fault> {
        let address = |url| Address::parse(url).unwrap();
        let build = Some("0123456789abcdef");
        look(page, &address("https://mairie.fr/"), &address("https://guide.fr/"), build).faults
    }

    #[track_caller]
    fn check(from: &str, to: &str, fault: Fault) {
        let page = GOOD.replace(from, to);
        assert_ne!(page, GOOD);
        assert_eq!(faults(&page), [fault]);
    }

    #[test]
    fn what_the_generator_gives_is_right() {
        assert_eq!(faults(GOOD), []);
        let pinned = GOOD.replace(
            "src=\"https://guide.fr/",
            "integrity=\"sha384-x\" src=\"https://guide.fr/0123456789abcdef/",
        );
        assert_eq!(faults(&pinned), []);
        assert_eq!(faults("<iframe src=\"https://guide.fr/?frame=1\"></iframe>"), []);
    }

    #[test]
    fn a_script_that_is_held_back_is_told() {
        let held = |written: &str| Fault::HeldBack { written: written.to_owned() };
        for kind in ["text/plain", "rocketlazyloadscript", "0ff1ce-text/javascript", "text/x-module"] {
            check("type=\"module\"", &format!("type=\"{kind}\""), held(&format!("type=\"{kind}\"")));
        }
        for name in ["data-src", "data-cmplz-src"] {
            let written = format!("{name}=\"https://guide.fr/spro-guide.js\"");
            check("src=\"https://guide.fr/spro-guide.js\"", &written, held(&written));
        }
        check(
            "type=\"module\" async src=",
            "type=\"text/plain\" data-rocket-type=\"module\" data-rocket-src=",
            held("type=\"text/plain\""),
        );
        // It runs whatever of these it is called.
        for kind in ["", "type ", "type=\"text/javascript\" ", "type=\" Module \" "] {
            assert_eq!(faults(&GOOD.replace("type=\"module\" ", kind)), [], "{kind}");
        }
        // One that waits and one that runs.
        let (script, _) = GOOD.split_once('\n').unwrap();
        let waiting = script.replace("module", "text/plain");
        assert_eq!(faults(&format!("{waiting}{GOOD}")), []);
        assert_eq!(faults(&format!("{GOOD}{waiting}")), []);
    }

    #[test]
    fn an_import_map_after_a_module_is_told() {
        const MAP: &str = "<script type=\"importmap\">{\"imports\":{}}</script>";
        assert_eq!(faults(&format!("{GOOD}<p>x</p>{MAP}")), [Fault::MapAfter]);
        assert_eq!(faults(&format!("{MAP}{GOOD}")), []);
        // What is no module takes nothing from a map.
        assert_eq!(faults(&format!("{}{MAP}", GOOD.replace("type=\"module\" ", ""))), []);
        assert_eq!(faults(&format!("{MAP}<spro-guide><a href=\"/\">x</a></spro-guide>")), [Fault::NoScript]);
    }

    #[test]
    fn each_fault_is_told() {
        check(
            "src=\"https://guide",
            "src=\"https://ancien",
            Fault::OtherServer { origin: "https://ancien.fr".to_owned() },
        );
        check("src=\"https://", "src=\"http://", Fault::Insecure);
        check("async", "integrity=\"sha384-x\"", Fault::IntegrityOfRolling);
        check("<a href=\"https://guide.fr/\">x</a>", "Chargement…", Fault::NoLinkInside);
        check("</spro-guide>", "", Fault::NoLinkInside);
        check(
            "theme=\"dark\"",
            "theme=\"noir\"",
            Fault::UnknownValue { name: "theme", value: "noir".to_owned(), known: &["light", "dark"] },
        );
        check(
            "theme=\"dark\"",
            "comune=\"26281\"",
            Fault::UnknownAttribute { name: "comune".to_owned(), nearest: Some("commune") },
        );
        check(
            "theme=\"dark\"",
            "couleur=\"rouge\"",
            Fault::UnknownAttribute { name: "couleur".to_owned(), nearest: None },
        );
        check("theme=\"dark\"", "commune=\"Romans\"", Fault::NotACommune { value: "Romans".to_owned() });
        let (script, element) = GOOD.split_once('\n').unwrap();
        assert_eq!(faults(element), [Fault::NoScript]);
        assert_eq!(faults(script), [Fault::NoElement]);
        assert_eq!(faults("<p>Bonjour</p>"), [Fault::Nothing]);
        assert_eq!(faults("<p><a href=\"https://guide.fr/\">x</a></p>"), [Fault::OnlyTheLink]);
        assert_eq!(faults("<p>&lt;spro-guide&gt;</p>"), [Fault::ShownAsText]);
        let old = GOOD.replace("src=\"https://guide.fr/", "src=\"https://guide.fr/fedcba9876543210/");
        assert_eq!(
            faults(&old),
            [Fault::PinnedWithoutIntegrity, Fault::OtherBuild { build: "fedcba9876543210".to_owned() }]
        );
    }
}
