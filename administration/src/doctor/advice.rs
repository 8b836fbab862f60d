//! What the policies of a page let the element do, and what to write so that they let it do
//! everything.

use super::address::Address;
use super::policy::{Policy, allows, has, line};
use super::tags::Tag;

/// What the visitor gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rung {
    /// The guide in the page.
    Element,
    /// The guide in a frame.
    Frame,
    /// The link that is inside the tag.
    Link,
}

impl Rung {
    /// As the element reflects it in `data-rung`.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Element => "element",
            Self::Frame => "frame",
            Self::Link => "link",
        }
    }
}

/// What the element needs a page to allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Its loader runs.
    Loader,
    /// The script that the loader calls runs.
    Script,
    /// It reads the questions and the places.
    Data,
    /// It runs WebAssembly.
    Wasm,
    /// It shows the framed page where it cannot do all that.
    Frame,
}

/// Something that a policy forbids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blocked {
    /// What.
    pub(crate) need: Need,
    /// Which policy, by its place among those of the page.
    pub(crate) policy: usize,
    /// The directive that decides.
    pub(crate) directive: &'static str,
}

/// A line to write into a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// Which policy, by its place among those of the page.
    pub(crate) policy: usize,
    /// The line that is there, where there is one.
    pub(crate) before: Option<String>,
    /// The line that must be there.
    pub(crate) after: String,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Examination {
    /// What the visitor gets as things are.
    pub(crate) rung: Rung,
    /// What is forbidden, the frame included.
    pub(crate) blocked: Vec<Blocked>,
    /// What to write so that the element is shown.
    pub(crate) changes: Vec<Change>,
    /// What to write so that the framed page may take its place.
    pub(crate) frame_changes: Vec<Change>,
    /// The script must carry the page's nonce: no address opens these policies.
    pub(crate) wants_nonce: bool,
    /// The policies as they would be, in the same order.
    pub(crate) mended: Vec<Policy>,
}

const SCRIPT: [&str; 3] = ["script-src-elem", "script-src", "default-src"];
const WASM: [&str; 2] = ["script-src", "default-src"];
const DATA: [&str; 2] = ["connect-src", "default-src"];
const FRAME: [&str; 3] = ["frame-src", "child-src", "default-src"];
const WASM_KEYWORD: &str = "'wasm-unsafe-eval'";
/// Any file of a build stands for all.
const BUILD: &str = "/0123456789abcdef/element.js";

/// Examines the policies of a page for the guide that is served at `guide`. `script` is the
/// tag that was pasted; without it, a tag without a nonce is supposed.
pub(crate) fn examine(
    policies: &[Policy],
    guide: &Address,
    page: &Address,
    script: Option<&Tag>,
) -> Examination {
    let loader =
        script.and_then(|tag| Address::parse(tag.get("src")?)).unwrap_or_else(|| guide.at("/spro-guide.js"));
    let mut found = Examination {
        rung: Rung::Element,
        blocked: Vec::new(),
        changes: Vec::new(),
        frame_changes: Vec::new(),
        wants_nonce: false,
        mended: policies.to_vec(),
    };
    for index in 0..policies.len() {
        let mut one = One { index, guide, page, script, loader: &loader, found: &mut found };
        one.sandbox();
        one.scripts();
        one.needs(Need::Wasm, &WASM, WASM_KEYWORD);
        one.needs(Need::Data, &DATA, &guide.origin());
        one.needs(Need::Frame, &FRAME, &guide.origin());
    }
    let is_blocked = |need| found.blocked.iter().any(|blocked| blocked.need == need);
    // What shows the frame is a script of the build too.
    found.rung = if is_blocked(Need::Loader) || is_blocked(Need::Script) {
        Rung::Link
    } else if ![Need::Data, Need::Wasm].into_iter().any(is_blocked) {
        Rung::Element
    } else if is_blocked(Need::Frame) {
        Rung::Link
    } else {
        Rung::Frame
    };
    found
}

/// One policy of the page.
struct One<'a> {
    index: usize,
    guide: &'a Address,
    page: &'a Address,
    script: Option<&'a Tag>,
    loader: &'a Address,
    found: &'a mut Examination,
}

impl One<'_> {
    fn policy(&self) -> &Policy {
        &self.found.mended[self.index]
    }

    fn block(&mut self, need: Need, directive: &'static str) {
        self.found.blocked.push(Blocked { need, policy: self.index, directive });
    }

    /// A page in a sandbox runs scripts only where it says so.
    fn sandbox(&mut self) {
        let Some(values) = self.policy().get("sandbox") else { return };
        if !has(values, "allow-scripts") {
            self.block(Need::Loader, "sandbox");
            self.write("sandbox", "sandbox", "allow-scripts");
        }
    }

    fn scripts(&mut self) {
        let Some((directive, values)) = self.policy().in_force(&SCRIPT) else { return };
        let is_dynamic = has(values, "'strict-dynamic'");
        let is_trusted = self.is_trusted(values);
        let build = self.guide.at(BUILD);
        let may_load = is_trusted || !is_dynamic && allows(values, self.loader, self.page);
        let inherits = is_trusted && (is_dynamic || self.has_nonce(values));
        if !may_load {
            self.block(Need::Loader, directive);
        } else if !inherits && !allows(values, &build, self.page) {
            self.block(Need::Script, directive);
        } else {
            return;
        }
        if is_dynamic {
            self.found.wants_nonce = true;
        } else {
            let name = if directive == "default-src" { "script-src" } else { directive };
            self.write(directive, name, &self.guide.origin());
        }
    }

    /// Whether the pasted tag is trusted whatever its address.
    fn is_trusted(&self, values: &[String]) -> bool {
        let hashes = self.script.and_then(|tag| tag.get("integrity")).unwrap_or_default();
        self.has_nonce(values)
            || hashes
                .split_ascii_whitespace()
                .any(|hash| values.iter().any(|value| *value == format!("'{hash}'")))
    }

    fn has_nonce(&self, values: &[String]) -> bool {
        let nonce = self.script.and_then(|tag| tag.get("nonce")).filter(|nonce| !nonce.is_empty());
        nonce.is_some_and(|nonce| values.iter().any(|value| *value == format!("'nonce-{nonce}'")))
    }

    /// What a single directive decides.
    fn needs(&mut self, need: Need, chain: &[&'static str], source: &str) {
        let Some((directive, values)) = self.policy().in_force(chain) else { return };
        let is_allowed = match need {
            Need::Wasm => has(values, WASM_KEYWORD) || has(values, "'unsafe-eval'"),
            _ => allows(values, self.guide, self.page),
        };
        if !is_allowed {
            self.block(need, directive);
            let name = if directive == "default-src" { chain[0] } else { directive };
            if need == Need::Frame {
                let change = self.change(directive, name, source);
                self.found.frame_changes.push(change.0);
            } else {
                self.write(directive, name, source);
            }
        }
    }

    /// Adds a source to a directive; where another one decides instead, begins with what that
    /// one allows.
    fn write(&mut self, in_force: &str, name: &str, source: &str) {
        let (change, values) = self.change(in_force, name, source);
        self.found.mended[self.index].set(name, values);
        let is_of_it =
            |known: &&mut Change| known.policy == self.index && known.after.split(' ').next() == Some(name);
        match self.found.changes.iter_mut().find(is_of_it) {
            Some(known) => known.after = change.after,
            None => self.found.changes.push(change),
        }
    }

    fn change(&self, in_force: &str, name: &str, source: &str) -> (Change, Vec<String>) {
        let policy = self.policy();
        let mut values = policy.get(in_force).unwrap_or_default().to_vec();
        values.retain(|value| !value.eq_ignore_ascii_case("'none'"));
        values.push(source.to_owned());
        let before = policy.get(name).map(|old| line(name, old));
        (Change { policy: self.index, before, after: line(name, &values) }, values)
    }
}
