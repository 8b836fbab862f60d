//! What the host page asks for, through the element's attributes.
//!
//! A typo of the host never breaks anything: an unknown value is as good as none.

use shared::directory::Level;
use web_sys::HtmlElement;

/// The attributes that are read here. `lang` decides which guide is loaded, `theme`, `look` and
/// `layout` how it looks: the custom element reads these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// INSEE code of a commune: the first answer to that question.
    pub(crate) commune: Option<String>,
    /// A territory of the directory or a department: its communes come first.
    pub(crate) territory: Option<String>,
    /// A network of the guide: among what may also help, it comes first.
    pub(crate) network: Option<String>,
    /// The level that the host page is about.
    pub(crate) level: Option<Level>,
}

impl Options {
    /// Reads the attributes.
    pub(crate) fn of(host: &HtmlElement) -> Self {
        Self::read(|name| host.get_attribute(name))
    }

    fn read(attribute: impl Fn(&str) -> Option<String>) -> Self {
        let get =
            |name| attribute(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let is_code =
            |code: &String| code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        Self {
            commune: get("commune").filter(is_code),
            territory: get("territory"),
            network: get("network"),
            level: match get("level").as_deref() {
                Some("1" | "one") => Some(Level::One),
                Some("2" | "two") => Some(Level::Two),
                _ => None,
            },
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
        for (name, value) in [("commune", "Romans"), ("commune", " "), ("level", "three"), ("color", "red")] {
            assert_eq!(read(name, value), Options::default(), "{name}={value}");
        }
    }

    #[test]
    fn the_attributes_are_read() {
        assert_eq!(read("commune", " 26281 ").commune.as_deref(), Some("26281"));
        assert_eq!(read("commune", "2A004").commune.as_deref(), Some("2A004"));
        assert_eq!(read("level", "one").level, Some(Level::One));
        assert_eq!(read("level", "2").level, Some(Level::Two));
        assert_eq!(read("territory", "26").territory.as_deref(), Some("26"));
        assert_eq!(read("network", "cio").network.as_deref(), Some("cio"));
    }
}
