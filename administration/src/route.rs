//! Which handler of the administration a request is for, with which methods and how large a body.
//! Nothing here touches the host.

use serving::limits::{DIRECTORY, KIB, Limits, MIB};
use serving::query::{is_asset, is_name};

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// `/admin/v1/…`.
    Api(Admin<'a>),
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

/// The forms under `/admin`.
fn limits_of_page(path: &str) -> Limits {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    match (parts.next(), parts.next(), parts.next()) {
        // Whoever signs in is nobody yet.
        (Some("sign-in" | "sign-out"), None, None) => Limits::form(16 * KIB, 4),
        (Some("drafts"), Some(_), Some("file")) => {
            Limits { bytes: DIRECTORY + 256 * KIB, fields: 32, files: 1 }
        }
        // A decision for each line of a large file.
        (Some("drafts"), Some(_), Some("import")) => Limits::form(4 * MIB, 50_000),
        _ => Limits::form(256 * KIB, 2000),
    }
}

/// What administrators can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admin<'a> {
    Me,
    Validate,
    Publish,
    Versions,
    Rollback,
    Directory,
    Diff,
    Coverage,
    Diagnosis,
    /// `guide.svg`.
    Drawing,
    /// `guide.html`.
    DrawingPage,
    Drafts,
    Draft(&'a str),
    /// Something of a draft.
    Of(&'a str, Part),
    /// A place of a draft, by its id.
    Place(&'a str, &'a str),
    /// A territory of a draft, by its id.
    Territory(&'a str, &'a str),
    /// A snapshot that was compiled elsewhere, by its id.
    Staged(&'a str),
    /// One of its values.
    Value(&'a str, &'a str),
    /// Its publication.
    PublishStaged(&'a str),
    Keys,
    Key(&'a str),
    /// The confirmation of one that another secret has suspended.
    ConfirmKey(&'a str),
    /// The private links of places.
    PlaceLinks,
    /// That of one, by its id.
    PlaceLink(&'a str),
    /// What the last runs of sources said.
    Sources,
    Audit,
    /// The builds of the element that are kept.
    Builds,
    /// A file of one: the build, and the file's name.
    Build(&'a str, &'a str),
    Counters,
    /// Nothing is there; only those who have a key learn that.
    Unknown,
}

/// What a draft has, and what can be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Directory,
    File,
    Import,
    Findings,
    Difference,
    Check,
    Undo,
    Rebase,
    Propose,
    Publish,
}

impl<'a> Route<'a> {
    /// The route of a path, as a URL serialises it.
    pub(crate) fn find(path: &'a str) -> Option<Self> {
        if let Some(rest) = path.strip_prefix("/admin/v1/") {
            return Some(Self::Api(admin(rest)));
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

    /// The methods that it answers, as `Allow` lists them.
    pub(crate) const fn methods(self) -> &'static str {
        match self {
            Self::Api(admin) => match admin {
                Admin::Validate
                | Admin::Publish
                | Admin::Rollback
                | Admin::Diff
                | Admin::PublishStaged(_)
                | Admin::ConfirmKey(_) => "POST",
                Admin::Drafts | Admin::Keys | Admin::PlaceLinks => "GET, HEAD, POST",
                Admin::Sources => "GET, HEAD, PUT",
                Admin::Draft(_) => "GET, HEAD, DELETE",
                Admin::Key(_) | Admin::PlaceLink(_) => "DELETE",
                Admin::Staged(_) | Admin::Value(..) | Admin::Build(..) => "PUT",
                Admin::Place(..) | Admin::Territory(..) => "PUT, DELETE",
                Admin::Of(_, part) => match part {
                    Part::Directory | Part::Import => "GET, HEAD, PUT",
                    Part::File => "PUT",
                    Part::Findings | Part::Difference => "GET, HEAD",
                    Part::Check | Part::Undo | Part::Rebase | Part::Propose | Part::Publish => "POST",
                },
                Admin::Me
                | Admin::Versions
                | Admin::Directory
                | Admin::Coverage
                | Admin::Diagnosis
                | Admin::Drawing
                | Admin::DrawingPage
                | Admin::Audit
                | Admin::Builds
                | Admin::Counters
                | Admin::Unknown => "GET, HEAD",
            },
            Self::Page(_) | Self::Doctor | Self::Place { .. } => "GET, HEAD, POST",
            Self::Internal(Internal::Counts | Internal::Renewal | Internal::Reports) => "POST",
            Self::Internal(_) => "GET",
        }
    }

    /// What a body sent to it may be.
    pub(crate) fn limits(self) -> Limits {
        match self {
            // Policies are long, and there may be several.
            Self::Doctor => Limits::form(64 * KIB, 8),
            // A week of hours, and a few lines.
            Self::Place { .. } => Limits::form(32 * KIB, 32),
            Self::Api(admin) => match admin {
                Admin::Validate
                | Admin::Publish
                | Admin::Diff
                | Admin::Value(..)
                | Admin::Build(..)
                | Admin::Of(_, Part::Directory | Part::File) => Limits::bytes(DIRECTORY),
                // A decision for each line of a large file.
                Admin::Of(_, Part::Import) => Limits::bytes(4 * MIB),
                // The list of a whole country's pieces.
                Admin::Staged(_) => Limits::bytes(256 * KIB),
                // The ids of many places or communes, the numbers of many sources.
                Admin::Place(..) | Admin::Territory(..) | Admin::PlaceLinks | Admin::Sources => {
                    Limits::bytes(64 * KIB)
                }
                _ => Limits::bytes(16 * KIB),
            },
            Self::Page(path) => limits_of_page(path),
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

fn admin(rest: &str) -> Admin<'_> {
    let parts: Vec<&str> = rest.split('/').collect();
    match parts[..] {
        ["me"] => Admin::Me,
        ["validate"] => Admin::Validate,
        ["publish"] => Admin::Publish,
        ["versions"] => Admin::Versions,
        ["rollback"] => Admin::Rollback,
        ["directory"] => Admin::Directory,
        ["diff"] => Admin::Diff,
        ["coverage"] => Admin::Coverage,
        ["diagnosis"] => Admin::Diagnosis,
        ["guide.svg"] => Admin::Drawing,
        ["guide.html"] => Admin::DrawingPage,
        ["drafts"] => Admin::Drafts,
        ["drafts", id] if is_name(id) => Admin::Draft(id),
        ["drafts", id, "places", place] if is_name(id) && is_name(place) => Admin::Place(id, place),
        ["drafts", id, "territories", territory] if is_name(id) && is_name(territory) => {
            Admin::Territory(id, territory)
        }
        ["drafts", id, part] if is_name(id) => {
            part_of(part).map_or(Admin::Unknown, |part| Admin::Of(id, part))
        }
        ["snapshots", id] if is_name(id) => Admin::Staged(id),
        ["snapshots", id, "publish"] if is_name(id) => Admin::PublishStaged(id),
        ["snapshots", id, "values", value] if is_name(id) && is_name(value) => Admin::Value(id, value),
        ["keys"] => Admin::Keys,
        ["keys", id] if is_name(id) => Admin::Key(id),
        ["keys", id, "confirm"] if is_name(id) => Admin::ConfirmKey(id),
        ["place-links"] => Admin::PlaceLinks,
        ["place-links", place] if is_name(place) => Admin::PlaceLink(place),
        ["sources"] => Admin::Sources,
        ["audit"] => Admin::Audit,
        ["builds"] => Admin::Builds,
        ["builds", build, file] if is_asset(&format!("/{build}/{file}")) => Admin::Build(build, file),
        ["counters"] => Admin::Counters,
        _ => Admin::Unknown,
    }
}

fn part_of(name: &str) -> Option<Part> {
    Some(match name {
        "directory" => Part::Directory,
        "file" => Part::File,
        "import" => Part::Import,
        "findings" => Part::Findings,
        "difference" => Part::Difference,
        "check" => Part::Check,
        "undo" => Part::Undo,
        "rebase" => Part::Rebase,
        "propose" => Part::Propose,
        "publish" => Part::Publish,
        _ => return None,
    })
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
    use serde_json::Value;

    fn check(path: &str, route: Option<Route>) {
        assert_eq!(Route::find(path), route, "{path}");
    }

    #[test]
    fn every_path_has_its_route() {
        check("/admin/v1/publish", Some(Route::Api(Admin::Publish)));
        check("/admin/v1/nothing", Some(Route::Api(Admin::Unknown)));
        check("/admin/v1/drafts/a1", Some(Route::Api(Admin::Draft("a1"))));
        check("/admin/v1/drafts/a1/check", Some(Route::Api(Admin::Of("a1", Part::Check))));
        check("/admin/v1/drafts/a1/places/cio-26", Some(Route::Api(Admin::Place("a1", "cio-26"))));
        check("/admin/v1/drafts/a1/nothing", Some(Route::Api(Admin::Unknown)));
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
        assert!(!Route::Api(Admin::Publish).allows("GET"));
        assert!(!Route::Api(Admin::Versions).allows("OPTIONS"));
        assert!(Route::Doctor.allows("POST") && !Route::Internal(Internal::Published).allows("POST"));
    }

    /// Nobody without a key may send more than a visitor's longest form.
    #[test]
    fn whoever_has_no_key_sends_little() {
        for path in ["/embed/doctor", "/admin/sign-in", "/place/cio-26/0a"] {
            let Limits { bytes, fields, files } = Route::find(path).unwrap().limits();
            assert!(bytes <= 64 * KIB && fields <= 128 && files == 0, "{path}");
        }
        let file = Route::Page("drafts/a1/file").limits();
        assert_eq!((file.files, file.fields), (1, 32));
        assert_eq!(Route::Page("/drafts/a1/places/x").limits().files, 0);
    }

    /// The description and the routes are written apart: neither may say more than the other.
    #[test]
    fn every_described_address_is_answered_and_every_method_described() {
        let description: Value = serde_json::from_str(include_str!("../../worker/openapi.json")).unwrap();
        let paths: Vec<_> = description["paths"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(path, _)| path.starts_with("/admin/"))
            .collect();
        assert_eq!(paths.len(), 38);
        for (path, item) in paths {
            let path = path
                .replace("{build}", "0123456789abcdef")
                .replace("{id}", "0123456789")
                .replace("{place}", "cio")
                .replace("{territory}", "drome")
                .replace("{value}", "guide.fr.bin")
                .replace("{file}", "element.js");
            let route = Route::find(&path).unwrap_or_else(|| panic!("{path} is described and not answered"));
            let mut described: Vec<String> =
                item.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
            described.sort_unstable();
            let mut answered: Vec<&str> = route.methods().split(", ").collect();
            answered.retain(|method| *method != "HEAD");
            answered.sort_unstable();
            assert_eq!(described, answered, "{path}");
            assert_ne!(route, Route::Api(Admin::Unknown), "{path}");
            let is_protected =
                item.as_object().unwrap().values().all(|operation| !operation["security"].is_null());
            assert!(is_protected && matches!(route, Route::Api(_)), "{path}");
        }
    }
}
