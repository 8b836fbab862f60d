//! Reading the few request headers that change an answer. Nothing here touches the host.

/// Whether the client says that it reads brotli. Only the name counts: a client that sends
/// `*` has not said that it knows this one.
pub fn accepts_brotli(accept_encoding: Option<&str>) -> bool {
    accept_encoding.unwrap_or_default().split(',').any(|coding| {
        let mut parts = coding.split(';');
        let name = parts.next().unwrap_or_default().trim();
        name.eq_ignore_ascii_case("br") && !parts.any(is_weight_zero)
    })
}

fn is_weight_zero(parameter: &str) -> bool {
    let weight =
        parameter.trim().strip_prefix(['q', 'Q']).and_then(|rest| rest.trim_start().strip_prefix('='));
    weight.is_some_and(|weight| weight.trim().parse().is_ok_and(|weight: f32| weight <= 0.0))
}

/// Whether an `If-None-Match` says that the client already has this entity tag, quotes
/// included. A weak tag counts as its strong one, as the header wants it.
pub fn none_match(header: Option<&str>, etag: &str) -> bool {
    let Some(header) = header else { return false };
    header.trim() == "*" || tags(header).is_some_and(|tags| tags.iter().any(|(_, tag)| quoted(etag) == *tag))
}

fn quoted(etag: &str) -> &str {
    etag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(etag)
}

/// What `If-Match` asks for before something is changed.
#[derive(Debug, PartialEq, Eq)]
pub enum Precondition<'a> {
    /// Whatever is live.
    None,
    /// One of these must be live.
    Live(Vec<&'a str>),
}

impl<'a> Precondition<'a> {
    /// Reads the header; `None` when it is malformed.
    pub fn parse(header: Option<&'a str>) -> Option<Self> {
        match header.map(str::trim) {
            None | Some("*") => Some(Self::None),
            Some(header) => {
                // A weak tag never matches here (RFC 9110, 13.1.1).
                let strong =
                    tags(header)?.into_iter().filter(|(weak, _)| !weak).map(|(_, tag)| tag).collect();
                Some(Self::Live(strong))
            }
        }
    }

    /// Whether it lets a change happen while this snapshot is live.
    pub fn allows(&self, live: &str) -> bool {
        match self {
            Self::None => true,
            Self::Live(tags) => tags.contains(&live),
        }
    }
}

/// The entity tags of a list, without quotes, each with whether it is weak; `None` when the
/// list is malformed.
fn tags(header: &str) -> Option<Vec<(bool, &str)>> {
    let mut tags = Vec::new();
    let mut rest = header.trim();
    while !rest.is_empty() {
        let strong = rest.strip_prefix("W/");
        let (tag, after) = strong.unwrap_or(rest).strip_prefix('"')?.split_once('"')?;
        tags.push((strong.is_some(), tag));
        rest = after.trim_start();
        if !rest.is_empty() {
            rest = rest.strip_prefix(',')?.trim_start();
        }
    }
    (!tags.is_empty()).then_some(tags)
}

/// The token of an `Authorization: Bearer …`.
pub fn bearer(authorization: Option<&str>) -> Option<&str> {
    let (scheme, token) = authorization?.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Whether a `Content-Type` announces JSON.
pub fn is_json(content_type: Option<&str>) -> bool {
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    essence == "application/json" || essence.starts_with("application/") && essence.ends_with("+json")
}

/// Whether a `Content-Type` announces what a plain form sends.
pub fn is_form(content_type: Option<&str>) -> bool {
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The boundary between the parts of a form with files.
pub fn boundary(content_type: Option<&str>) -> Option<&str> {
    let (essence, parameters) = content_type?.split_once(';')?;
    if !essence.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        let value = value.trim_matches('"');
        (name.eq_ignore_ascii_case("boundary") && !value.is_empty()).then_some(value)
    })
}

/// What a `Content-Length` announces.
pub fn announced_length(content_length: Option<&str>) -> Option<usize> {
    content_length?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boundary_of_a_form_is_found() {
        let boundary_of = |kind| boundary(Some(kind));
        assert_eq!(boundary_of("multipart/form-data; boundary=----x"), Some("----x"));
        assert_eq!(boundary_of("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""), Some("a b"));
        for other in ["multipart/form-data", "multipart/form-data; boundary=", "text/plain; boundary=x"] {
            assert_eq!(boundary_of(other), None, "{other}");
        }
    }

    #[test]
    fn brotli_is_sent_only_to_those_who_name_it() {
        for yes in ["br", "gzip, br", "gzip;q=1.0, BR;q=0.5", "br ; q=1", "deflate,br;q=0.001"] {
            assert!(accepts_brotli(Some(yes)), "{yes}");
        }
        for no in ["", "gzip", "*", "br;q=0", "br; q = 0.000", "brotli", "identity;q=0"] {
            assert!(!accepts_brotli(Some(no)), "{no}");
        }
        assert!(!accepts_brotli(None));
    }

    #[test]
    fn a_known_tag_is_recognised_in_a_list() {
        for yes in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "\"x,y\",\"a\"", "*", " * "] {
            assert!(none_match(Some(yes), "\"a\""), "{yes}");
        }
        for no in ["", "a", "\"A\"", "\"b\"", "\"a", "\"x,\"a\"", "\"b\" \"a\""] {
            assert!(!none_match(Some(no), "\"a\""), "{no}");
        }
        assert!(!none_match(None, "\"a\""));
    }

    #[test]
    fn a_precondition_names_what_must_be_live() {
        assert_eq!(Precondition::parse(None), Some(Precondition::None));
        assert_eq!(Precondition::parse(Some("*")), Some(Precondition::None));
        let either = Precondition::parse(Some("\"a\", \"b\"")).unwrap();
        assert!(either.allows("b") && !either.allows("c"));
        let weak = Precondition::parse(Some("W/\"a\"")).unwrap();
        assert!(!weak.allows("a"));
        for malformed in ["", "a", "\"a", "\"a\" \"b\"", "\"a\";"] {
            assert_eq!(Precondition::parse(Some(malformed)), None, "{malformed}");
        }
    }

    #[test]
    fn a_token_is_taken_from_its_header() {
        assert_eq!(bearer(Some("Bearer abc")), Some("abc"));
        assert_eq!(bearer(Some("bearer  abc ")), Some("abc"));
        for no in ["", "Bearer", "Bearer ", "Basic abc", "abc", "Bearerabc"] {
            assert_eq!(bearer(Some(no)), None, "{no}");
        }
        assert_eq!(bearer(None), None);
    }

    #[test]
    fn a_form_is_announced_by_name() {
        for yes in ["application/x-www-form-urlencoded", "Application/X-WWW-Form-URLencoded; charset=UTF-8"] {
            assert!(is_form(Some(yes)), "{yes}");
        }
        for no in ["", "multipart/form-data; boundary=x", "text/plain", "application/json"] {
            assert!(!is_form(Some(no)), "{no}");
        }
        assert!(!is_form(None));
    }

    #[test]
    fn json_has_several_names() {
        for yes in ["application/json", "Application/JSON; charset=utf-8", "application/ld+json"] {
            assert!(is_json(Some(yes)), "{yes}");
        }
        for no in ["", "text/plain", "application/x-www-form-urlencoded", "text/json", "json"] {
            assert!(!is_json(Some(no)), "{no}");
        }
        assert!(!is_json(None));
    }
}
