//! Content security policies, as far as they decide about the element: CSP level 3, read
//! as browsers read it.

use super::address::Address;

/// One policy. Everything must be allowed by every policy of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Policy {
    /// Directives in their order: the name in lower case, and its values.
    pub(crate) directives: Vec<(String, Vec<String>)>,
}

impl Policy {
    /// Reads one policy. Of a directive that is written twice, the first counts.
    pub(crate) fn parse(text: &str) -> Self {
        let mut directives: Vec<(String, Vec<String>)> = Vec::new();
        for directive in text.split(';') {
            let mut words = directive.split_ascii_whitespace();
            let Some(name) = words.next() else { continue };
            let name = name.to_ascii_lowercase();
            if directives.iter().all(|(known, _)| *known != name) {
                directives.push((name, words.map(str::to_owned).collect()));
            }
        }
        Self { directives }
    }

    /// Reads the policies of one header field: commas separate them.
    pub(crate) fn parse_list(text: &str) -> Vec<Self> {
        text.split(',').map(Self::parse).filter(|policy| !policy.directives.is_empty()).collect()
    }

    /// The values of a directive.
    pub(crate) fn get(&self, name: &str) -> Option<&[String]> {
        self.directives.iter().find(|(known, _)| known == name).map(|(_, values)| values.as_slice())
    }

    /// The first of these directives that the policy has: the one that decides.
    pub(crate) fn in_force<'a>(&self, chain: &[&'a str]) -> Option<(&'a str, &[String])> {
        chain.iter().find_map(|name| Some((*name, self.get(name)?)))
    }

    /// Gives a directive these values, where it is or at the end.
    pub(crate) fn set(&mut self, name: &str, values: Vec<String>) {
        match self.directives.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = values,
            None => self.directives.push((name.to_owned(), values)),
        }
    }

    /// The policy as a header has it.
    pub(crate) fn text(&self) -> String {
        let written: Vec<String> = self.directives.iter().map(|(name, values)| line(name, values)).collect();
        written.join("; ")
    }
}

/// A directive as a header has it.
pub(crate) fn line(name: &str, values: &[String]) -> String {
    let mut words = vec![name];
    words.extend(values.iter().map(String::as_str));
    words.join(" ")
}

/// Whether a list has a keyword, in any case.
pub(crate) fn has(values: &[String], keyword: &str) -> bool {
    values.iter().any(|value| value.eq_ignore_ascii_case(keyword))
}

/// Whether one of these sources is where an address is, on a page that is there.
pub(crate) fn allows(values: &[String], address: &Address, page: &Address) -> bool {
    values.iter().any(|source| is_at(source, address, page))
}

fn is_at(source: &str, address: &Address, page: &Address) -> bool {
    if source == "*" {
        return true;
    }
    if source.eq_ignore_ascii_case("'self'") {
        let is_upgraded = page.host == address.host
            && page.scheme == "http"
            && address.scheme == "https"
            && page.port == 80
            && address.port == 443;
        return page.is_same_origin(address) || is_upgraded;
    }
    if source.starts_with('\'') {
        return false;
    }
    if let Some(scheme) = source.strip_suffix(':').filter(|rest| !rest.contains(['/', '.', ':'])) {
        return is_scheme(scheme, &address.scheme);
    }
    is_host(source, address, page)
}

/// `http` in a policy also lets `https` in.
fn is_scheme(written: &str, scheme: &str) -> bool {
    written.eq_ignore_ascii_case(scheme) || written.eq_ignore_ascii_case("http") && scheme == "https"
}

/// `[scheme://]host[:port][/path]`.
fn is_host(source: &str, address: &Address, page: &Address) -> bool {
    let (scheme, rest) =
        source.split_once("://").map_or((None, source), |(scheme, rest)| (Some(scheme), rest));
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let host = host.to_ascii_lowercase();
    let is_host = match host.strip_prefix('*') {
        Some("") => true,
        Some(end) => address.host.len() > end.len() && address.host.ends_with(end),
        None => host == address.host,
    };
    is_host
        && is_scheme(scheme.unwrap_or(&page.scheme), &address.scheme)
        && is_port(port, scheme, address)
        && is_path(path, &address.path)
}

fn is_port(port: Option<&str>, scheme: Option<&str>, address: &Address) -> bool {
    let own = if address.scheme == "https" { 443 } else { 80 };
    match port {
        Some("*") => true,
        // What may be upgraded may be so on the other scheme's own port.
        Some("80") if address.scheme == "https" && scheme != Some("https") => address.port == 443,
        Some(port) => port.parse() == Ok(address.port),
        None => address.port == own,
    }
}

fn is_path(path: &str, asked: &str) -> bool {
    if path.is_empty() || path == "/" {
        true
    } else if path.ends_with('/') {
        asked.starts_with(path)
    } else {
        asked == path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_read_as_browsers_read_it() {
        let policy = Policy::parse("Script-Src 'self'; ; script-src *;connect-src\thttps://a.fr  ");
        assert_eq!(policy.text(), "script-src 'self'; connect-src https://a.fr");
        assert_eq!(Policy::parse_list("default-src 'none', img-src *").len(), 2);
        assert_eq!(Policy::parse_list(" , ;").len(), 0);
        let (name, values) = policy.in_force(&["script-src-elem", "script-src", "default-src"]).unwrap();
        assert_eq!((name, values), ("script-src", &["'self'".to_owned()][..]));
        assert_eq!(policy.in_force(&["frame-src", "child-src", "default-src"]), None);
    }

    #[track_caller]
    fn check(source: &str, address: &str, expected: bool) {
        let page = Address::parse("https://mairie.fr/emploi").unwrap();
        let address = Address::parse(address).unwrap();
        assert_eq!(allows(&[source.to_owned()], &address, &page), expected, "{source}");
    }

    #[test]
    fn sources_are_compared_as_the_standard_says() {
        let guide = "https://guide.fr/spro-guide.js";
        for source in [
            "*",
            "https:",
            "http:",
            "HTTPS:",
            "guide.fr",
            "GUIDE.fr",
            "https://guide.fr",
            "http://guide.fr",
            "*.fr",
            "https://*.fr",
            "https://guide.fr:443",
            "guide.fr:*",
            "guide.fr:80",
            "https://guide.fr/",
            "https://guide.fr/spro-guide.js",
            "*:443",
        ] {
            check(source, guide, true);
        }
        for source in [
            "",
            "'self'",
            "'none'",
            "data:",
            "wss:",
            "guide",
            "*.guide.fr",
            "https://guide.fr:8443",
            "https://guide.fr/element.js",
            "https://guide.fr/spro",
            "https://guide.fr/spro-guide.js/",
            "https://guide.fr.example",
            "'https://guide.fr'",
        ] {
            check(source, guide, false);
        }
        check("https://guide.fr/0123/", "https://guide.fr/0123/element.js", true);
        check("'self'", "https://mairie.fr/x.js", true);
        check("guide.fr", "http://guide.fr/x.js", false);
        check("guide.fr", "https://guide.fr:8443/x.js", false);
        check("guide.fr:8443", "https://guide.fr:8443/x.js", true);
    }
}
