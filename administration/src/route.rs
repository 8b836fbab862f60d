//! Which handler of the administration a request is for, with which methods and how large a body.
//! Nothing here touches the host.

use crate::admin;
use serving::limits::{KIB, Limits, MIB};
use serving::query::is_name;

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// `/admin/v1/…`: the rest of the path.
    Api(&'a str),
    /// `/admin` and the pages under it.
    Page(&'a str),
    /// `/embed/doctor`.
    Doctor,
    /// `/place/{place}/{secret}`: the record of a place, for its people.
    Place { place: &'a str, secret: &'a str },
    /// `/internal/…`: what the public worker asks for by itself. It passes no such address on.
    Internal(Internal<'a>),
}

/// What the public worker asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Internal<'a> {
    /// `published`: what the ledger says was published last.
    Published,
    /// `renewal`: to publish again what another version of the program has compiled.
    Renewal,
    /// `preview/{draft}/{token}`: the snapshot of a draft, for who has its private link.
    Preview { draft: &'a str, token: &'a str },
    /// `exports/{snapshot}/{file}`: a directory as open data.
    Export { snapshot: &'a str, file: &'a str },
    /// `counts`: what visits have moved.
    Counts,
    /// `reports`: what a visitor says is wrong of a place.
    Reports,
}

impl<'a> Route<'a> {
    /// The route of a path, as a URL serialises it.
    pub(crate) fn find(path: &'a str) -> Option<Self> {
        if let Some(rest) = path.strip_prefix("/admin/v1/") {
            return Some(Self::Api(rest));
        }
        if let Some(rest) = path.strip_prefix("/admin") {
            return page_of_admin(rest);
        }
        if let Some(rest) = path.strip_prefix("/internal/") {
            return internal(rest).map(Self::Internal);
        }
        if let Some(rest) = path.strip_prefix("/place/") {
            let (place, secret) = rest.split_once('/')?;
            return (is_name(place) && is_name(secret)).then_some(Self::Place { place, secret });
        }
        (path == "/embed/doctor").then_some(Self::Doctor)
    }

    /// The methods that it answers, as `Allow` lists them. The tables of the API and of the pages say
    /// theirs ([`admin::endpoints`](crate::admin::endpoints)).
    pub(crate) const fn methods(self) -> &'static str {
        match self {
            Self::Api(_) | Self::Page(_) | Self::Doctor | Self::Place { .. } => "GET, HEAD, POST",
            Self::Internal(Internal::Counts | Internal::Renewal | Internal::Reports) => "POST",
            Self::Internal(_) => "GET",
        }
    }

    /// What a body sent to it may be.
    pub(crate) fn limits(self, method: &str) -> Limits {
        match self {
            // Policies are long, and there may be several.
            Self::Doctor => Limits::form(64 * KIB, 8),
            // A week of hours, and a few lines.
            Self::Place { .. } => Limits::form(32 * KIB, 32),
            Self::Api(path) => admin::limits(method, path),
            Self::Page(path) => admin::pages::limits(method, path),
            // A counter for each question, network and territory of a region, some days of them.
            Self::Internal(Internal::Counts) => Limits::bytes(MIB),
            Self::Internal(Internal::Reports) => Limits::bytes(4 * KIB),
            Self::Internal(_) => Limits::bytes(0),
        }
    }

    /// Whether it answers this method.
    pub(crate) fn allows(self, method: &str) -> bool {
        self.methods().split(", ").any(|allowed| allowed == method)
    }
}

/// `/admin`, `/admin/` and `/admin/{plain names}`.
fn page_of_admin(rest: &str) -> Option<Route<'_>> {
    let path = rest.strip_prefix('/').unwrap_or(rest);
    let is_page = rest.is_empty() || rest == "/" || rest.starts_with('/') && path.split('/').all(is_name);
    is_page.then_some(Route::Page(path))
}

fn internal(rest: &str) -> Option<Internal<'_>> {
    let parts: Vec<&str> = rest.split('/').collect();
    match parts[..] {
        ["published"] => Some(Internal::Published),
        ["renewal"] => Some(Internal::Renewal),
        ["counts"] => Some(Internal::Counts),
        ["reports"] => Some(Internal::Reports),
        ["preview", draft, token] if is_name(draft) && is_name(token) => {
            Some(Internal::Preview { draft, token })
        }
        ["exports", snapshot, file] if is_name(snapshot) && is_name(file) => {
            Some(Internal::Export { snapshot, file })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, route: Option<Route>) {
        assert_eq!(Route::find(path), route, "{path}");
    }

    #[test]
    fn every_path_has_its_route() {
        check("/admin/v1/drafts/a1/check", Some(Route::Api("drafts/a1/check")));
        check("/admin", Some(Route::Page("")));
        check("/admin/", Some(Route::Page("")));
        check("/admin/drafts/a1", Some(Route::Page("drafts/a1")));
        check("/embed/doctor", Some(Route::Doctor));
        check("/place/cio-26/0a", Some(Route::Place { place: "cio-26", secret: "0a" }));
        check("/internal/published", Some(Route::Internal(Internal::Published)));
        let export = Internal::Export { snapshot: "0a", file: "places.csv" };
        check("/internal/exports/0a/places.csv", Some(Route::Internal(export)));
        for path in
            ["/", "/v1/guide", "/administration", "/admin//x", "/internal/", "/internal/exports/0a/..%2F"]
                .into_iter()
                .chain([
                    "/place",
                    "/place/",
                    "/place/cio-26",
                    "/place/cio-26/",
                    "/place/cio-26/0a/b",
                    "/place//0a",
                ])
        {
            check(path, None);
        }
    }

    #[test]
    fn each_route_lists_its_methods() {
        assert!(Route::Doctor.allows("POST") && !Route::Internal(Internal::Published).allows("POST"));
    }

    /// Nobody without a key may send more than a visitor's longest form.
    #[test]
    fn whoever_has_no_key_sends_little() {
        for path in ["/embed/doctor", "/admin/sign-in", "/place/cio-26/0a"] {
            let Limits { bytes, fields, files } = Route::find(path).unwrap().limits("POST");
            assert!(bytes <= 64 * KIB && fields <= 128 && files == 0, "{path}");
        }
    }
}
