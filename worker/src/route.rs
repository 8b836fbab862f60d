//! Which handler a request is for. Nothing here touches the host.

use crate::embed::Embed;
use serving::limits::{KIB, Limits};
use serving::query::{is_asset, is_name};
use shared::formats::Format;

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
    /// `/v1/places/{id}.vcf`: a place for an address book.
    Contact(&'a str),
    /// `/v1/places/{id}.ics`: its hours for a calendar.
    Calendar(&'a str),
    /// `/v1/recommendations`.
    Recommendations,
    /// `/v1/health`.
    Health,
    /// `/openapi.json`.
    OpenApi,
    /// `/v1/count`: the anonymous counters, where they are on.
    Count,
    /// `/v1/reports`: what visitors say is wrong of a place, unless that is off.
    Reports,
    /// `/accessibilite`: the accessibility statement.
    Accessibility,
    /// `/spro-guide.js`.
    Loader,
    /// `/{build}/…`: an immutable file of the element.
    Asset,
    /// `/admin`, what is under it, the private links of places and `/embed/doctor`: the
    /// administration answers.
    Administration,
    /// `/embed` and the pages under it.
    Embed(Embed),
    /// `/preview/{draft}/{token}/…`: the guide as a draft would have it.
    Preview { draft: &'a str, token: &'a str, rest: &'a str },
}

/// The two forms of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Compact.
    Bin,
    /// For people and for partners' programs.
    Json,
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
            "/v1/reports" => Self::Reports,
            "/accessibilite" => Self::Accessibility,
            "/openapi.json" => Self::OpenApi,
            "/spro-guide.js" => Self::Loader,
            "/embed" => Self::Embed(Embed::Generator),
            "/embed/preview" => Self::Embed(Embed::Preview),
            "/embed/guide" => Self::Embed(Embed::Guide),
            "/embed/doctor" => Self::Administration,
            _ => {
                if let Some(file) = path.strip_prefix("/v1/exports/") {
                    return Format::of_file(file).map(Self::Export);
                }
                if let Some(rest) = path.strip_prefix("/v1/places/") {
                    let (id, file) = rest.rsplit_once('.').filter(|(id, _)| is_name(id))?;
                    return match file {
                        "vcf" => Some(Self::Contact(id)),
                        "ics" => Some(Self::Calendar(id)),
                        _ => None,
                    };
                }
                if let Some(rest) = path.strip_prefix("/v1/") {
                    return piece(rest);
                }
                if let Some(rest) = path.strip_prefix("/admin") {
                    return is_passed_on(rest).then_some(Self::Administration);
                }
                if let Some(rest) = path.strip_prefix("/place/") {
                    let names = rest.split_once('/');
                    let is_link = names.is_some_and(|(place, secret)| is_name(place) && is_name(secret));
                    return is_link.then_some(Self::Administration);
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
            Self::Recommendations | Self::Count | Self::Reports => "POST, OPTIONS",
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
            // Two hundred letters of any alphabet, as forms write them.
            Self::Reports => Limits::form(4 * KIB, 8),
            Self::Page => Limits::form(16 * KIB, 128),
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

/// `/admin` and plain names under it. Nothing that a parser of addresses would resolve, such as
/// `/admin/../internal`, is passed on.
fn is_passed_on(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/') && rest.split('/').all(|name| name.is_empty() || is_name(name))
}

/// `{draft}/{token}/…`.
fn preview(rest: &str) -> Option<Route<'_>> {
    let (draft, rest) = rest.split_once('/')?;
    let (token, rest) = rest.split_once('/')?;
    (is_name(draft) && is_name(token)).then_some(Route::Preview { draft, token, rest })
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
        check("/v1/reports", Some(Route::Reports));
        check("/v1/exports/places.csv", Some(Route::Export(Format::Csv)));
        check("/v1/places/ml-romans.vcf", Some(Route::Contact("ml-romans")));
        check("/v1/places/ml-romans.ics", Some(Route::Calendar("ml-romans")));
        check("/openapi.json", Some(Route::OpenApi));
        check("/spro-guide.js", Some(Route::Loader));
        check("/0123456789abcdef/element.js", Some(Route::Asset));
        check("/0123456789abcdef/snippets/a/b.js", Some(Route::Asset));
        let path = format!("/v1/{ID}/department.2A.json");
        check(&path, Some(Route::Piece { snapshot: ID, piece: "department.2A", form: Form::Json }));
        let path = format!("/v1/{ID}/guide.pt-BR.bin");
        check(&path, Some(Route::Piece { snapshot: ID, piece: "guide.pt-BR", form: Form::Bin }));
        for path in
            ["/admin", "/admin/", "/admin/drafts/a1", "/admin/v1/publish", "/embed/doctor", "/place/a1/b2"]
        {
            check(path, Some(Route::Administration));
        }
        check("/embed", Some(Route::Embed(Embed::Generator)));
        check("/embed/guide", Some(Route::Embed(Embed::Guide)));
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
            "/v1/places/ml-romans",
            "/v1/places/.vcf",
            "/v1/places/ml-romans",
            "/v1/places/ml-romans.pdf",
            "/v1/places/a/b.ics",
            "/v1/places/a/b.vcf",
            "/v1/places/..%2Fa.vcf",
            "/v1/a/b.txt",
            "/embed/",
            "/embed/guide/",
            "/build.txt",
            "/0123456789abcdef/",
            "/0123456789abcdef/.hidden",
            "/0123456789abcdef/element.js.br",
            "/0123456789ABCDEF/element.js",
            "/0123456789abcdef//etc",
            "/favicon.ico",
            "/administration",
            "/internal/published",
            "/place/a1",
            "/place/a1/",
            "/place/a1/../internal/published",
            "/admin/../internal/published",
            "/admin/%2e%2e/internal/published",
            "/admin/..%2finternal",
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
        assert!(!Route::Guide.allows("GE") && !Route::Guide.allows(""));
    }

    /// Nobody without a key may send more than a visitor's longest form.
    #[test]
    fn whoever_has_no_key_sends_little() {
        for path in ["/", "/v1/recommendations", "/v1/count", "/v1/reports", "/v1/guide"] {
            let Limits { bytes, fields, files } = Route::find(path).unwrap().limits();
            assert!(bytes <= 64 * KIB && fields <= 128 && files == 0, "{path}");
        }
    }
}
