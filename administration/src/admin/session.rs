//! A browser that has signed in: a cookie that only our administration pages get, whose
//! hash the ledger knows. Visitors never have a cookie.

use super::keys::hash;
use crate::random;
use serde::{Deserialize, Serialize};

/// How long a browser stays signed in, in seconds: a working day.
const LASTS: u32 = 12 * 3600;
const SECRET_BYTES: usize = 32;

/// A signed-in browser, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The id of the key that signed in.
    pub(crate) key: String,
    /// Milliseconds since 1970.
    pub(crate) until: f64,
    /// The mark of the installation's secret at that time.
    #[serde(default)]
    pub(crate) mark: String,
}

impl Session {
    /// Whether it is still open, at a time and under a secret.
    pub(crate) fn is_open(&self, now: f64, mark: &str) -> bool {
        now < self.until && self.mark == mark
    }
}

/// A new session: what is kept, under which name, and the cookie's field.
pub(crate) struct Begun {
    pub(crate) session: Session,
    pub(crate) hash: String,
    pub(crate) cookie: String,
}

/// Begins a session for a key, which ends with the secret of this mark.
pub(crate) fn begin(key: &str, mark: &str, is_https: bool, now: f64) -> Begun {
    let secret = random::hexadecimal::<SECRET_BYTES>();
    Begun {
        session: Session {
            key: key.to_owned(),
            until: now + f64::from(LASTS) * 1000.0,
            mark: mark.to_owned(),
        },
        hash: hash(&secret),
        cookie: field(&secret, LASTS, is_https),
    }
}

/// The field that makes the browser forget.
pub(crate) fn forgotten(is_https: bool) -> String {
    field("", 0, is_https)
}

fn field(secret: &str, seconds: u32, is_https: bool) -> String {
    let secure = if is_https { "; Secure" } else { "" };
    let (name, path) = (name(is_https), path(is_https));
    format!("{name}={secret}; Path={path}; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

/// Over HTTPS, the prefix lets no other host of the domain's family set it, and no page that
/// came without TLS.
const fn name(is_https: bool) -> &'static str {
    if is_https { "__Host-spro" } else { "spro" }
}

/// The prefix wants the whole host.
const fn path(is_https: bool) -> &'static str {
    if is_https { "/" } else { "/admin" }
}

/// The secret in a `Cookie` field.
pub(crate) fn secret(cookies: Option<&str>, is_https: bool) -> Option<&str> {
    cookies?.split(';').find_map(|cookie| {
        let (key, value) = cookie.trim().split_once('=')?;
        (key == name(is_https) && !value.is_empty()).then_some(value)
    })
}

/// Whether a request that changes something comes from our own pages: browsers say so
/// themselves, and no page can make them lie. Compared by host, since a server in front may
/// have taken TLS off.
pub(crate) fn is_ours(origin: Option<&str>, fetch_site: Option<&str>, host: &str) -> bool {
    match (origin, fetch_site) {
        (Some(origin), _) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (None, site) => site == Some("same-origin"),
    }
}

/// The same for a page whose address nobody else knows and which no referrer names: browsers then
/// write `null` for its origin, and only the other field tells; where a browser sends neither, as
/// over plain HTTP, knowing the address has to do.
pub(crate) fn is_of_a_secret_page(origin: Option<&str>, fetch_site: Option<&str>, host: &str) -> bool {
    match (origin, fetch_site) {
        (Some("null") | None, site) => site.is_none_or(|site| site == "same-origin"),
        (origin, site) => is_ours(origin, site, host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        assert_eq!(secret(Some("a=b; spro=abc; c=d"), false), Some("abc"));
        assert_eq!(secret(Some("__Host-spro=abc"), true), Some("abc"));
        for (cookies, is_https) in [
            (None, false),
            (Some(""), false),
            (Some("spro="), false),
            (Some("xspro=abc"), false),
            (Some("spro=abc"), true),
        ] {
            assert_eq!(secret(cookies, is_https), None, "{cookies:?}");
        }
    }

    #[test]
    fn only_our_own_pages_change_things() {
        assert!(is_ours(Some("https://guide.fr"), None, "guide.fr"));
        assert!(is_ours(Some("http://127.0.0.1:87"), Some("cross-site"), "127.0.0.1:87"));
        assert!(is_ours(None, Some("same-origin"), "guide.fr"));
        for (origin, site) in [
            (Some("https://guide.fr.evil.fr"), Some("same-origin")),
            (Some("null"), Some("same-origin")),
            (Some(""), None),
            (None, Some("same-site")),
            (None, Some("none")),
            (None, None),
        ] {
            assert!(!is_ours(origin, site, "guide.fr"), "{origin:?} {site:?}");
        }
    }

    #[test]
    fn a_secret_page_is_written_to_from_itself() {
        for (origin, site) in [
            (Some("null"), Some("same-origin")),
            (Some("null"), None),
            (Some("https://guide.fr"), Some("same-origin")),
            (None, None),
        ] {
            assert!(is_of_a_secret_page(origin, site, "guide.fr"), "{origin:?} {site:?}");
        }
        for (origin, site) in [
            (Some("null"), Some("cross-site")),
            (Some("null"), Some("same-site")),
            (Some("https://evil.fr"), Some("same-origin")),
            (Some("https://evil.fr"), None),
            (None, Some("cross-site")),
        ] {
            assert!(!is_of_a_secret_page(origin, site, "guide.fr"), "{origin:?} {site:?}");
        }
    }

    #[test]
    fn the_cookie_is_kept_from_scripts_and_other_sites() {
        let cookie = field("abc", LASTS, true);
        for part in ["__Host-spro=abc", "Path=/", "HttpOnly", "SameSite=Strict", "Secure", "Max-Age=43200"] {
            assert!(cookie.split("; ").any(|one| one == part), "{part} in {cookie}");
        }
        assert!(!field("abc", LASTS, false).contains("Secure"));
        assert!(field("abc", LASTS, false).contains("Path=/admin;"));
    }

    #[test]
    fn a_session_ends_with_its_day_and_with_the_secret() {
        let session = Session { key: "k".into(), until: f64::from(LASTS) * 1000.0, mark: "m".into() };
        assert!(session.is_open(1.0, "m"));
        assert!(!session.is_open(f64::from(LASTS) * 1000.0, "m") && !session.is_open(1.0, "other"));
        let before_marks: Session = serde_json::from_str(r#"{"key":"k","until":9e15}"#).unwrap();
        assert!(!before_marks.is_open(1.0, "m"));
    }
}
