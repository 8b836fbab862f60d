//! One page.

use super::rung::Rung;
use crate::browser::{Browser, Trouble};
use crate::clock::Deadline;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// What runs in the page.
const LOOK: &str = include_str!("look.js");
/// How every line of the guide in a console begins.
const OURS: &str = "spro-guide: ";
/// How long the answer of the page may take after its own limit.
const LEEWAY: Duration = Duration::from_secs(5);

/// How often a page that goes elsewhere is asked again.
const ATTEMPTS: usize = 5;

/// What was seen of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// The address that was asked for.
    pub(crate) address: String,
    /// Of several elements, the worst.
    pub(crate) rung: Rung,
    /// Codes: why it is not on the first rung, and what else has to be known.
    pub(crate) why: Vec<String>,
    /// How many elements the page has.
    pub(crate) elements: usize,
    /// Where its loader comes from.
    pub(crate) loader: Option<String>,
    /// What the guide has written to the console.
    pub(crate) console: Vec<String>,
    /// The status of the page, where there was an answer.
    pub(crate) status: Option<u16>,
}

#[derive(Debug, Deserialize)]
struct Found {
    elements: Vec<State>,
    loaders: Vec<String>,
}

/// What an element says of itself.
#[derive(Debug, Deserialize)]
struct State {
    rung: String,
    why: String,
    /// Whether it was the element itself that said it.
    told: bool,
}

impl Seen {
    const fn nothing(address: String, status: Option<u16>) -> Self {
        Self {
            address,
            rung: Rung::None,
            why: Vec::new(),
            elements: 0,
            loader: None,
            console: Vec::new(),
            status,
        }
    }

    fn because(mut self, code: &str) -> Self {
        self.why.push(code.to_owned());
        self
    }

    /// Puts together what the page has told.
    fn of(address: String, status: Option<u16>, console: Vec<String>, found: Found) -> Self {
        let mut seen = Self { console, elements: found.elements.len(), ..Self::nothing(address, status) };
        seen.loader = found.loaders.into_iter().next();
        if status.is_some_and(|status| status >= 400) {
            seen = seen.because("http-error");
        }
        let Some(worst) = found.elements.into_iter().min_by_key(|told| Rung::read(&told.rung)) else {
            return seen.because("no-element");
        };
        seen.rung = Rung::read(&worst.rung);
        seen.why.extend(worst.why.split([',', ' ']).filter(|code| !code.is_empty()).map(str::to_owned));
        match &seen.loader {
            None if seen.rung == Rung::None => return seen.because("no-loader"),
            Some(loader) if loader.contains("/element.js") => seen = seen.because("old-loader"),
            Some(loader) if is_pinned(loader) => seen = seen.because("pinned"),
            Some(_) if seen.rung != Rung::None && !worst.told => seen = seen.because("old-loader"),
            _ => {}
        }
        if seen.rung == Rung::None { seen.because("undecided") } else { seen }
    }
}

/// Whether a loader is the one of one build: `/{16 hexadecimal digits}/spro-guide.js`.
fn is_pinned(loader: &str) -> bool {
    let path = loader.split(['?', '#']).next().unwrap_or_default();
    let folder = path.strip_suffix("/spro-guide.js").and_then(|rest| rest.rsplit('/').next());
    folder.is_some_and(|folder| folder.len() == 16 && folder.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Looks at a page. A browser that is gone is the only failure: all else is what was seen.
pub(crate) fn look(browser: &mut Browser, address: &str, patience: Duration) -> Result<Seen, String> {
    let nothing = |status| Seen::nothing(address.to_owned(), status);
    let excuse = |trouble: Trouble, status: Option<u16>| match trouble {
        Trouble::Gone(reason) => Err(reason),
        Trouble::Late => Ok(nothing(status).because("no-answer")),
        Trouble::Refused(_) => Ok(nothing(status).because("no-page")),
    };
    let mut page = match browser.page() {
        Ok(page) => page,
        Err(trouble) => return excuse(trouble, None),
    };
    let deadline = Deadline::after(patience + LEEWAY);
    if let Err(trouble) = page.go_to(address, &deadline) {
        return excuse(trouble, page.document);
    }
    let expression = format!("{LOOK}({})", patience.as_millis());
    // A page that goes on to another address takes what runs in it along: it is asked again there.
    let mut told = page.evaluate(&expression, &deadline);
    for _ in 1..ATTEMPTS {
        if matches!(told, Err(Trouble::Refused(_))) {
            told = page.evaluate(&expression, &deadline);
        }
    }
    let (status, console) = (page.document, std::mem::take(&mut page.console));
    let console = console.into_iter().filter(|line| line.starts_with(OURS)).collect();
    match told.map(|value: Value| serde_json::from_value::<Found>(value)) {
        Ok(Ok(found)) => Ok(Seen::of(address.to_owned(), status, console, found)),
        Ok(Err(_)) => Ok(nothing(status).because("no-answer")),
        Err(trouble) => excuse(trouble, status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(elements: &[(&str, &str, bool)], loaders: &[&str], status: u16) -> (Rung, String) {
        let elements = elements
            .iter()
            .map(|(rung, why, told)| State { rung: (*rung).to_owned(), why: (*why).to_owned(), told: *told })
            .collect();
        let loaders = loaders.iter().map(|loader| (*loader).to_owned()).collect();
        let seen = Seen::of("x".into(), Some(status), Vec::new(), Found { elements, loaders });
        (seen.rung, seen.why.join(" "))
    }

    const LOADER: &str = "https://h.fr/spro-guide.js";

    #[test]
    fn the_worst_element_counts_and_says_why() {
        let both = [("element", "", true), ("link", "wasm-forbidden, frame-failed", true)];
        assert_eq!(seen(&both, &[LOADER], 200), (Rung::Link, "wasm-forbidden frame-failed".into()));
        assert_eq!(seen(&both[..1], &[LOADER], 200), (Rung::Element, String::new()));
    }

    #[test]
    fn what_is_wrong_with_a_page_has_a_code() {
        let (element, silent) = ([("element", "", true)], [("", "", false)]);
        for (told, expected) in [
            (seen(&[], &[LOADER], 200), (Rung::None, "no-element")),
            (seen(&[], &[], 404), (Rung::None, "http-error no-element")),
            (seen(&silent, &[], 200), (Rung::None, "no-loader")),
            (seen(&silent, &[LOADER], 200), (Rung::None, "undecided")),
            (seen(&[("element", "", false)], &[LOADER], 200), (Rung::Element, "old-loader")),
            (
                seen(&element, &["https://h.fr/0123456789abcdef/element.js"], 200),
                (Rung::Element, "old-loader"),
            ),
            (
                seen(&element, &["https://h.fr/0123456789abcdef/spro-guide.js?x"], 200),
                (Rung::Element, "pinned"),
            ),
        ] {
            assert_eq!((told.0, told.1.as_str()), expected);
        }
    }
}
