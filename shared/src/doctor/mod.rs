//! What keeps the element out of a partner's page, and the exact line that lets it in.
//!
//! Everything is read from what the page says of itself: its content security policies
//! ([`policy`]), its tags ([`tags`]), and what its owner pasted ([`snippet`]). Nothing is
//! fetched here.
//!
//! Styles are never in question: the element adopts its style sheet, which no `style-src`
//! forbids. Neither are Trusted Types: it writes no markup and no script from a text.

mod advice;
pub mod policy;
pub mod public;
pub mod snippet;
pub mod tags;

pub use advice::{Blocked, Change, Examination, Need, Rung, examine};

/// Where a page or a script is: what policies compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `https` or `http`, without the colon.
    pub scheme: String,
    /// The host's name, in lower case.
    pub host: String,
    /// The port, the scheme's own where none is written.
    pub port: u16,
    /// The path, with its first slash.
    pub path: String,
}

impl Address {
    /// Reads an absolute URL that a URL parser has serialised; `None` for what is not on the web.
    pub fn parse(url: &str) -> Option<Self> {
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
    pub fn origin(&self) -> String {
        let own = if self.scheme == "https" { 443 } else { 80 };
        if self.port == own {
            format!("{}://{}", self.scheme, self.host)
        } else {
            format!("{}://{}:{}", self.scheme, self.host, self.port)
        }
    }

    /// Whether both are of one origin.
    pub fn is_same_origin(&self, other: &Self) -> bool {
        (&self.scheme, &self.host, self.port) == (&other.scheme, &other.host, other.port)
    }

    /// The same place with another path.
    #[must_use]
    pub fn at(&self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self.clone() }
    }
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
}
