//! Which handler a request is for. Nothing here touches the host.

use crate::embed::Embed;
use crate::exports;
use exchange::export::Format;

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// `/`: the guide as a page.
    Page,
    /// `/v1/guide`: the guide as JSON, with the id of the live snapshot.
    Guide,
    /// `/v1/first.json`: what an element reads first.
    First,
    /// `/v1/{snapshot}/{piece}.bin` and `.json`.
    Piece { snapshot: &'a str, piece: &'a str, form: Form },
    /// `/v1/exports/…`: the live directory as open data.
    Export(Format),
    /// `/v1/recommendations`.
    Recommendations,
    /// `/v1/health`.
    Health,
    /// `/openapi.json`.
    OpenApi,
    /// `/v1/count`: the anonymous counters, where they are on.
    Count,
    /// `/accessibilite`: the accessibility statement.
    Accessibility,
    /// `/spro-guide.js`.
    Loader,
    /// `/{build}/…`: an immutable file of the element.
    Asset,
    /// `/admin/v1/…`.
    Admin(Admin<'a>),
    /// `/admin` and the pages under it.
    AdminPage(&'a str),
    /// `/embed` and the pages under it.
    Embed(Embed),
    /// `/preview/{draft}/{token}/…`: the guide as a draft would have it.
    Preview { draft: &'a str, token: &'a str, rest: &'a str },
}

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
/// The largest directory or file of an administrator: what KV takes as one value.
pub(crate) const DIRECTORY: usize = 25 * MIB;

/// What the body of a request may be. It is checked before anything is decoded.
///
/// How deep JSON may go needs no line here: its reader stops at 128 levels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) bytes: usize,
    /// Fields of a form, files included; 0 where no form is read.
    pub(crate) fields: usize,
    /// Files among them.
    pub(crate) files: usize,
}

impl Limits {
    const fn bytes(bytes: usize) -> Self {
        Self { bytes, fields: 0, files: 0 }
    }

    const fn form(bytes: usize, fields: usize) -> Self {
        Self { bytes, fields, files: 0 }
    }
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

/// The two forms of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Compact.
    Bin,
    /// For people and for partners' programs.
    Json,
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
        Some(match path {
            "/" => Self::Page,
            "/v1/guide" => Self::Guide,
            "/v1/first.json" => Self::First,
            "/v1/recommendations" => Self::Recommendations,
            "/v1/health" => Self::Health,
            "/v1/count" => Self::Count,
            "/accessibilite" => Self::Accessibility,
            "/openapi.json" => Self::OpenApi,
            "/spro-guide.js" => Self::Loader,
            "/embed" => Self::Embed(Embed::Generator),
            "/embed/preview" => Self::Embed(Embed::Preview),
            "/embed/doctor" => Self::Embed(Embed::Doctor),
            _ => {
                if let Some(file) = path.strip_prefix("/v1/exports/") {
                    return exports::of_file(file).map(Self::Export);
                }
                if let Some(rest) = path.strip_prefix("/v1/") {
                    return piece(rest);
                }
                if let Some(rest) = path.strip_prefix("/admin/v1/") {
                    return Some(Self::Admin(admin(rest)));
                }
                if let Some(rest) = path.strip_prefix("/admin") {
                    return page_of_admin(rest);
                }
                if let Some(rest) = path.strip_prefix("/preview/") {
                    return preview(rest);
                }
                return is_asset(path).then_some(Self::Asset);
            }
        })
    }

    /// The methods that it answers, as `Allow` lists them.
    pub(crate) const fn methods(self) -> &'static str {
        match self {
            Self::Recommendations | Self::Count => "POST, OPTIONS",
            Self::Admin(admin) => match admin {
                Admin::Validate
                | Admin::Publish
                | Admin::Rollback
                | Admin::Diff
                | Admin::PublishStaged(_)
                | Admin::ConfirmKey(_) => "POST",
                Admin::Drafts | Admin::Keys => "GET, HEAD, POST",
                Admin::Draft(_) => "GET, HEAD, DELETE",
                Admin::Key(_) => "DELETE",
                Admin::Staged(_) | Admin::Value(..) | Admin::Build(..) => "PUT",
                Admin::Place(..) => "PUT, DELETE",
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
            Self::Embed(Embed::Doctor) | Self::AdminPage(_) => "GET, HEAD, POST",
            Self::Embed(_) | Self::Preview { .. } => "GET, HEAD",
            Self::Page => "GET, HEAD, POST, OPTIONS",
            _ => "GET, HEAD, OPTIONS",
        }
    }

    /// What a body sent to it may be.
    pub(crate) fn limits(self) -> Limits {
        match self {
            Self::Count => Limits::bytes(256),
            Self::Recommendations => Limits::bytes(16 * KIB),
            Self::Page => Limits::form(16 * KIB, 128),
            // Policies are long, and there may be several.
            Self::Embed(Embed::Doctor) => Limits::form(64 * KIB, 8),
            Self::Admin(admin) => match admin {
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
                Admin::Place(..) => Limits::bytes(64 * KIB),
                _ => Limits::bytes(16 * KIB),
            },
            Self::AdminPage(path) => limits_of_page(path),
            // None of these reads a body.
            _ => Limits::bytes(0),
        }
    }

    /// Whether it answers this method.
    pub(crate) fn allows(self, method: &str) -> bool {
        self.methods().split(", ").any(|allowed| allowed == method)
    }
}

fn piece(rest: &str) -> Option<Route<'_>> {
    let (snapshot, file) = rest.split_once('/')?;
    let (piece, form) = match file.rsplit_once('.')? {
        (piece, "bin") => (piece, Form::Bin),
        (piece, "json") => (piece, Form::Json),
        _ => return None,
    };
    is_name(piece).then_some(Route::Piece { snapshot, piece, form })
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
        ["drafts", id, part] if is_name(id) => {
            part_of(part).map_or(Admin::Unknown, |part| Admin::Of(id, part))
        }
        ["snapshots", id] if is_name(id) => Admin::Staged(id),
        ["snapshots", id, "publish"] if is_name(id) => Admin::PublishStaged(id),
        ["snapshots", id, "values", value] if is_name(id) && is_name(value) => Admin::Value(id, value),
        ["keys"] => Admin::Keys,
        ["keys", id] if is_name(id) => Admin::Key(id),
        ["keys", id, "confirm"] if is_name(id) => Admin::ConfirmKey(id),
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
    is_page.then_some(Route::AdminPage(path))
}

/// `{draft}/{token}/…`.
fn preview(rest: &str) -> Option<Route<'_>> {
    let (draft, rest) = rest.split_once('/')?;
    let (token, rest) = rest.split_once('/')?;
    (is_name(draft) && is_name(token)).then_some(Route::Preview { draft, token, rest })
}

/// `/{16 hexadecimal digits}/{plain file names}`.
fn is_asset(path: &str) -> bool {
    let Some((build, file)) = path.strip_prefix('/').and_then(|path| path.split_once('/')) else {
        return false;
    };
    build.len() == 16
        && build.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        && file.split('/').all(is_name)
        // The compressed sibling is how a file is sent, not a file of its own.
        && file.rsplit_once('.').is_none_or(|(_, extension)| extension != "br")
}

/// A name without anything that a path, a key or a header would read otherwise.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// The parts of an absolute URL that a URL parser has serialised: origin, path, query.
pub(crate) fn split_url(url: &str) -> (&str, &str, &str) {
    let host = url.find("://").map_or(0, |at| at + 3);
    let path = url[host..].find('/').map_or(url.len(), |at| host + at);
    let (origin, target) = url.split_at(path);
    let target = target.split('#').next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    (origin, if path.is_empty() { "/" } else { path }, query)
}

/// The first value of a query parameter, decoded; `None` when it is not there.
pub(crate) fn parameter(query: &str, name: &str) -> Option<String> {
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key == name).then(|| decode(value))
    })
}

/// Undoes the percent-encoding of a query. What is not valid is kept as it is, and what is
/// not UTF-8 is replaced: these are texts that people read.
pub(crate) fn decode(text: &str) -> String {
    let hex = |at: usize| text.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], hex(at + 1)) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 2;
            }
            (b'+', _) => decoded.push(b' '),
            (byte, _) => decoded.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef";

    fn check(path: &str, route: Option<Route>) {
        assert_eq!(Route::find(path), route, "{path}");
    }

    #[test]
    fn every_public_path_has_its_route() {
        check("/", Some(Route::Page));
        check("/v1/guide", Some(Route::Guide));
        check("/v1/first.json", Some(Route::First));
        check("/v1/recommendations", Some(Route::Recommendations));
        check("/v1/health", Some(Route::Health));
        check("/v1/exports/places.csv", Some(Route::Export(Format::Csv)));
        check("/openapi.json", Some(Route::OpenApi));
        check("/spro-guide.js", Some(Route::Loader));
        check("/0123456789abcdef/element.js", Some(Route::Asset));
        check("/0123456789abcdef/snippets/a/b.js", Some(Route::Asset));
        let path = format!("/v1/{ID}/department.2A.json");
        check(&path, Some(Route::Piece { snapshot: ID, piece: "department.2A", form: Form::Json }));
        let path = format!("/v1/{ID}/guide.pt-BR.bin");
        check(&path, Some(Route::Piece { snapshot: ID, piece: "guide.pt-BR", form: Form::Bin }));
        check("/admin/v1/publish", Some(Route::Admin(Admin::Publish)));
        check("/admin/v1/nothing", Some(Route::Admin(Admin::Unknown)));
        check("/admin/v1/drafts/a1", Some(Route::Admin(Admin::Draft("a1"))));
        check("/admin/v1/drafts/a1/check", Some(Route::Admin(Admin::Of("a1", Part::Check))));
        check("/admin/v1/drafts/a1/places/cio-26", Some(Route::Admin(Admin::Place("a1", "cio-26"))));
        check("/admin/v1/drafts/a1/nothing", Some(Route::Admin(Admin::Unknown)));
        check("/admin", Some(Route::AdminPage("")));
        check("/admin/", Some(Route::AdminPage("")));
        check("/admin/drafts/a1", Some(Route::AdminPage("drafts/a1")));
        let rest = "v1/first.json";
        check("/preview/a1/b2/v1/first.json", Some(Route::Preview { draft: "a1", token: "b2", rest }));
        check("/preview/a1/b2/", Some(Route::Preview { draft: "a1", token: "b2", rest: "" }));
    }

    #[test]
    fn everything_else_has_none() {
        for path in [
            "/v1",
            "/v1/",
            "/v1/guide/",
            "/v1//guide",
            "/V1/guide",
            "/v1/a/b",
            "/v1/a/.bin",
            "/v1/a/..%2Fb.bin",
            "/v1/a/b/c.bin",
            "/v1/exports/places.pdf",
            "/v1/a/b.txt",
            "/build.txt",
            "/0123456789abcdef/",
            "/0123456789abcdef/.hidden",
            "/0123456789abcdef/element.js.br",
            "/0123456789ABCDEF/element.js",
            "/0123456789abcdef//etc",
            "/favicon.ico",
            "/administration",
            "/admin//x",
            "/preview/a1/b2",
        ] {
            check(path, None);
        }
    }

    #[test]
    fn each_route_lists_its_methods() {
        assert!(
            Route::Guide.allows("HEAD") && Route::Guide.allows("OPTIONS") && !Route::Guide.allows("POST")
        );
        assert!(Route::Recommendations.allows("POST") && !Route::Recommendations.allows("GET"));
        assert!(!Route::Admin(Admin::Publish).allows("GET"));
        assert!(!Route::Admin(Admin::Versions).allows("OPTIONS"));
        assert!(!Route::Guide.allows("GE") && !Route::Guide.allows(""));
    }

    /// Nobody without a key may send more than a visitor's longest form.
    #[test]
    fn whoever_has_no_key_sends_little() {
        for path in ["/", "/v1/recommendations", "/v1/count", "/embed/doctor", "/admin/sign-in", "/v1/guide"]
        {
            let Limits { bytes, fields, files } = Route::find(path).unwrap().limits();
            assert!(bytes <= 64 * KIB && fields <= 128 && files == 0, "{path}");
        }
        let file = Route::AdminPage("drafts/a1/file").limits();
        assert_eq!((file.files, file.fields), (1, 32));
        assert_eq!(Route::AdminPage("/drafts/a1/places/x").limits().files, 0);
    }

    #[test]
    fn a_url_is_cut_where_it_should_be() {
        assert_eq!(split_url("https://h.fr:8/a/b?c=d?e#f"), ("https://h.fr:8", "/a/b", "c=d?e"));
        assert_eq!(split_url("http://h/"), ("http://h", "/", ""));
        assert_eq!(split_url("http://h"), ("http://h", "/", ""));
    }

    #[test]
    fn a_parameter_is_decoded() {
        assert_eq!(parameter("a=1&reason=mise+%C3%A0%20jour", "reason").unwrap(), "mise à jour");
        assert_eq!(parameter("reason", "reason").unwrap(), "");
        assert_eq!(parameter("reasons=x", "reason"), None);
        assert_eq!(parameter("r=100%&r=2", "r").unwrap(), "100%");
        assert_eq!(parameter("r=%é%ff", "r").unwrap(), "%é\u{fffd}");
    }
}
