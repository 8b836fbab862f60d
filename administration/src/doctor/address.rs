//! Where a page or a script is, and whether the doctor may ask there.

use shared::validate::is_public_host;

/// Where a page or a script is: what policies compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// `https` or `http`, without the colon.
    pub(crate) scheme: String,
    /// The host's name, in lower case.
    pub(crate) host: String,
    /// The port, the scheme's own where none is written.
    pub(crate) port: u16,
    /// The path, with its first slash.
    pub(crate) path: String,
}

impl Address {
    /// Reads an absolute URL that a URL parser has serialised; `None` for what is not on the web.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let own = match scheme.as_str() {
            "https" => 443,
            "http" => 80,
            _ => return None,
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        // Nobody's name and password are part of where something is.
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
            _ => (authority, own),
        };
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = if path.is_empty() { "/" } else { path };
        (!host.is_empty()).then(|| Self {
            scheme,
            host: host.to_ascii_lowercase(),
            port,
            path: path.to_owned(),
        })
    }

    /// Scheme, host and port, as browsers write them.
    pub(crate) fn origin(&self) -> String {
        let own = if self.scheme == "https" { 443 } else { 80 };
        if self.port == own {
            format!("{}://{}", self.scheme, self.host)
        } else {
            format!("{}://{}:{}", self.scheme, self.host, self.port)
        }
    }

    /// Whether both are of one origin.
    pub(crate) fn is_same_origin(&self, other: &Self) -> bool {
        (&self.scheme, &self.host, self.port) == (&other.scheme, &other.host, other.port)
    }

    /// The same place with another path.
    #[must_use]
    pub(crate) fn at(&self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self.clone() }
    }
}

/// Whether an address is on the public web, on a web server's own port.
pub(crate) fn is_public(address: &Address) -> bool {
    let own = if address.scheme == "https" { 443 } else { 80 };
    address.port == own && is_public_host(&address.host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let address = Address::parse("https://Mairie.fr/emploi?a=1#b").unwrap();
        assert_eq!((address.origin().as_str(), address.path.as_str()), ("https://mairie.fr", "/emploi"));
        let address = Address::parse("http://a:b@127.0.0.1:8787").unwrap();
        assert_eq!((address.origin().as_str(), address.path.as_str()), ("http://127.0.0.1:8787", "/"));
        assert_eq!(Address::parse("http://[::1]/x").unwrap().host, "[::1]");
        for not in ["", "mairie.fr", "ftp://mairie.fr", "https://", "https://a:x/"] {
            assert_eq!(Address::parse(not), None, "{not}");
        }
    }

    #[test]
    fn only_the_public_web_is_asked() {
        let public = |url: &str| Address::parse(url).is_some_and(|address| is_public(&address));
        for yes in ["https://www.mairie.fr/", "http://mairie.fr/x?y", "https://[2a00:1450::1]/"] {
            assert!(public(yes), "{yes}");
        }
        for no in [
            "http://localhost/",
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://mairie.fr:8080/",
            "https://mairie.fr:80/",
            "ftp://mairie.fr/",
        ] {
            assert!(!public(no), "{no}");
        }
    }
}
