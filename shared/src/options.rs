//! What the host page asks for: through the element's attributes, or in the address of the
//! pages that it shows in a frame.
//!
//! A typo of the host never breaks anything: an unknown value is as good as none.

use crate::directory::Level;
use crate::recommend::Recommendation;
use crate::snapshot::Guide;

/// The attributes that are read here. `lang` decides which guide is loaded, and is read before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// INSEE code of a commune: the first answer to that question.
    pub commune: Option<String>,
    /// A territory of the directory or a department: its communes come first.
    pub territory: Option<String>,
    /// A network of the guide: among what may also help, it comes first.
    pub network: Option<String>,
    /// The level that the host page is about.
    pub level: Option<Level>,
    /// `light`, `dark`, or as the host page has it.
    pub theme: Option<String>,
    /// `dsfr`: the design of the French State.
    pub look: Option<String>,
    /// `compact`: with less room around everything.
    pub layout: Option<String>,
}

/// Whether a text has the form of an INSEE code. A postcode that has it too is not told from one here.
pub fn is_commune_code(code: &str) -> bool {
    matches!(code.as_bytes(), [first, second, rest @ ..]
        if first.is_ascii_digit()
            && (second.is_ascii_digit() || matches!(second, b'A' | b'B'))
            && rest.len() == 3
            && rest.iter().all(u8::is_ascii_digit))
}

impl Options {
    /// Reads the attributes.
    pub fn read(attribute: impl Fn(&str) -> Option<String>) -> Self {
        let get =
            |name| attribute(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        Self {
            commune: get("commune").filter(|code| is_commune_code(code)),
            territory: get("territory"),
            network: get("network"),
            level: match get("level").as_deref() {
                Some("1" | "one") => Some(Level::One),
                Some("2" | "two") => Some(Level::Two),
                _ => None,
            },
            theme: get("theme").filter(|theme| theme == "light" || theme == "dark"),
            look: get("look").filter(|look| look == "dsfr"),
            layout: get("layout").filter(|layout| layout == "compact"),
        }
    }

    /// The same as pairs of a name and a value, to be read again.
    pub fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let level = self.level.map(|level| match level {
            Level::One => "one",
            Level::Two => "two",
        });
        [
            ("territory", self.territory.as_deref()),
            ("commune", self.commune.as_deref()),
            ("network", self.network.as_deref()),
            ("level", level),
            ("theme", self.theme.as_deref()),
            ("look", self.look.as_deref()),
            ("layout", self.layout.as_deref()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }

    /// Puts what the host page is about first, among what is recommended anyway.
    pub fn order(&self, guide: &Guide, found: &mut Recommendation) {
        if self.level == Some(Level::One)
            && let Some(reception) = found.reception.take()
        {
            let main = std::mem::replace(&mut found.main, reception);
            found.complements.insert(0, main);
        }
        if let Some(id) = &self.network {
            found.complements.sort_by_key(|card| card.network(guide).is_none_or(|network| network.id != *id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &'static str, value: &'static str) -> Options {
        Options::read(|attribute| (attribute == name).then(|| value.to_owned()))
    }

    #[test]
    fn a_hosts_typo_is_as_good_as_no_attribute() {
        for (name, value) in [
            ("commune", "Romans"),
            ("commune", " "),
            ("level", "three"),
            ("theme", "darkk"),
            ("color", "red"),
            ("look", "material"),
            ("layout", "wide"),
        ] {
            assert_eq!(read(name, value), Options::default(), "{name}={value}");
        }
    }

    #[test]
    fn the_attributes_are_read() {
        assert_eq!(read("commune", " 26281 ").commune.as_deref(), Some("26281"));
        assert_eq!(read("commune", "2A004").commune.as_deref(), Some("2A004"));
        assert_eq!(read("level", "one").level, Some(Level::One));
        assert_eq!(read("level", "2").level, Some(Level::Two));
        assert_eq!(read("theme", "dark").theme.as_deref(), Some("dark"));
        assert_eq!(read("territory", "26").territory.as_deref(), Some("26"));
        assert_eq!(read("network", "cio").network.as_deref(), Some("cio"));
        assert_eq!(read("look", "dsfr").look.as_deref(), Some("dsfr"));
        assert_eq!(read("layout", "compact").layout.as_deref(), Some("compact"));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let values = ["26", "26281", "cio", "one", "dark", "dsfr", "compact"];
        let names = ["territory", "commune", "network", "level", "theme", "look", "layout"];
        let find = |asked: &str| names.iter().position(|name| *name == asked).map(|at| values[at].to_owned());
        let options = Options::read(find);
        let pairs: Vec<_> = options.pairs().collect();
        assert_eq!(pairs, names.into_iter().zip(values).collect::<Vec<_>>());
        assert_eq!(Options::default().pairs().count(), 0);
    }
}
