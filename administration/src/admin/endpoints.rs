//! What an address of the administration is: its method, the right that it needs, what its body
//! may be, and what answers it. The API and the pages each have one table of them ([`endpoints!`]);
//! dispatch, `Allow`, the limits of bodies and the comparison with `openapi.json` come from it.

use protocol::rights::Right;
use serving::limits::{KIB, Limits};
use serving::query::is_name;
use std::pin::Pin;

/// What a body may be where a table says nothing: ids, a title, a reason.
pub(crate) const SHORT: Limits = Limits::bytes(16 * KIB);
/// How many names an address has at most.
const MOST_NAMES: usize = 2;

/// The names in an address, in the order of its placeholders; the rest is empty.
pub(crate) type Names<'a> = [&'a str; MOST_NAMES];
/// An answer on its way.
pub(crate) type Answering<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A line of a table, whose handler is of type `H`.
pub(crate) struct Endpoint<H: 'static> {
    /// `GET` answers `HEAD` too.
    pub(crate) method: &'static str,
    /// Segments between slashes; `{id}` stands for any plain name.
    pub(crate) path: &'static str,
    /// What whoever asks must be allowed.
    pub(crate) right: Right,
    pub(crate) body: Limits,
    pub(crate) handler: H,
}

/// Writes a table: `METHOD "path" [names] Right body => handler(arguments)`, where the names are those
/// of the path's placeholders in their order, and the handler is an asynchronous method of whatever
/// stands for a request. A line without a right does not compile.
macro_rules! endpoints {
    ($($method:ident $path:literal [$($name:ident),*] $right:ident $body:ident => $handler:ident($($argument:expr),*);)*) => {
        &[$($crate::admin::endpoints::Endpoint {
            method: stringify!($method),
            path: $path,
            right: protocol::rights::Right::$right,
            body: $body,
            handler: |asked, names| {
                let [$($name,)* ..] = names;
                Box::pin(asked.$handler($($argument),*))
            },
        },)*]
    };
}
pub(crate) use endpoints;

/// The line of a table for a request, and the names in its address.
pub(crate) fn find<'a, H>(
    table: &'static [Endpoint<H>],
    method: &str,
    path: &'a str,
) -> Option<(&'static Endpoint<H>, Names<'a>)> {
    let method = if method == "HEAD" { "GET" } else { method };
    let mut answering = table.iter().filter(|endpoint| endpoint.method == method);
    answering.find_map(|endpoint| Some((endpoint, names(endpoint.path, path)?)))
}

/// The methods that an address answers, as `Allow` lists them; `None` where nothing is there.
pub(crate) fn methods<H>(table: &'static [Endpoint<H>], path: &str) -> Option<String> {
    let answering = table.iter().filter(|endpoint| names(endpoint.path, path).is_some());
    let methods: Vec<&str> = answering
        .flat_map(|endpoint| {
            [endpoint.method, "HEAD"].into_iter().take(1 + usize::from(endpoint.method == "GET"))
        })
        .collect();
    (!methods.is_empty()).then(|| methods.join(", "))
}

/// The names that a path has where its pattern has placeholders.
fn names<'a>(pattern: &str, path: &'a str) -> Option<Names<'a>> {
    let mut names = Names::default();
    let mut free = names.iter_mut();
    let mut segments = path.split('/');
    for part in pattern.split('/') {
        let segment = segments.next()?;
        if part.starts_with('{') {
            *free.next()? = Some(segment).filter(|segment| is_name(segment))?;
        } else if part != segment {
            return None;
        }
    }
    segments.next().is_none().then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_plain_names_and_as_many_segments() {
        assert_eq!(names("me", "me"), Some(["", ""]));
        assert_eq!(names("drafts/{id}", "drafts/a1"), Some(["a1", ""]));
        assert_eq!(names("drafts/{id}/places/{place}", "drafts/a1/places/cio-26"), Some(["a1", "cio-26"]));
        for other in ["", "drafts", "drafts/", "drafts/a1/", "drafts/a1/b", "drafts/..%2F", "Drafts/a1"] {
            assert_eq!(names("drafts/{id}", other), None, "{other}");
        }
    }

    static TABLE: &[Endpoint<u8>] = &[
        Endpoint { method: "GET", path: "keys", right: Right::Keys, body: SHORT, handler: 1 },
        Endpoint { method: "POST", path: "keys", right: Right::Keys, body: SHORT, handler: 2 },
        Endpoint { method: "DELETE", path: "keys/{id}", right: Right::Keys, body: SHORT, handler: 3 },
    ];

    #[test]
    fn a_request_is_answered_by_its_line_or_told_which_methods_are() {
        let handler = |method, path| find(TABLE, method, path).map(|(endpoint, _)| endpoint.handler);
        assert_eq!((handler("GET", "keys"), handler("HEAD", "keys")), (Some(1), Some(1)));
        assert_eq!((handler("POST", "keys"), handler("DELETE", "keys/a")), (Some(2), Some(3)));
        assert_eq!((handler("PUT", "keys"), handler("GET", "keys/a")), (None, None));
        assert_eq!(methods(TABLE, "keys").as_deref(), Some("GET, HEAD, POST"));
        assert_eq!(methods(TABLE, "keys/a").as_deref(), Some("DELETE"));
        assert_eq!(methods(TABLE, "locks"), None);
    }
}
