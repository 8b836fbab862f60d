//! Reads a partner's page as a stranger would: no cookie, a few seconds, a few hops, the first
//! part of it. Nothing of it is kept or logged.

use super::address::{Address, is_public};
use js_sys::Reflect;
use js_sys::futures::JsFuture;
use serving::body;
use serving::brotli::object;
use serving::runtime::Env;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, RequestInit, Response, Url, WorkerGlobalScope};

/// How much of a page is read: a snippet further down is not found.
const LARGEST: usize = 1024 * 1024;
/// How long the whole may take, in milliseconds.
const PATIENCE: u32 = 8000;
/// How many times a page may send elsewhere.
const HOPS: usize = 5;
/// The binding with the hosts that may be asked although they are not public, separated by
/// spaces: for a guide that is served inside a network.
const ALSO: &str = "DOCTOR_HOSTS";

/// A page that was read.
pub(super) struct Reached {
    pub(super) address: Address,
    pub(super) url: String,
    /// The policies that are enforced, one a header field.
    pub(super) policies: String,
    /// There are some that only report.
    pub(super) has_reports: bool,
    pub(super) embedder: String,
    pub(super) permissions: String,
    pub(super) page: String,
}

/// Why a page could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreached {
    /// It is no address of the web.
    NotAnAddress,
    /// It is inside a network.
    NotPublic,
    /// It sends there.
    ToNotPublic,
    TooManyHops,
    Status(u16),
    NotAPage,
    TooSlow,
    Failed,
}

/// Reads the page at an address, as somebody typed it.
pub(super) async fn reach(env: &Env, typed: &str, about: &str) -> Result<Reached, Unreached> {
    let typed = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let mut url = parse(&typed, None).ok_or(Unreached::NotAnAddress)?;
    let also = Reflect::get(env, &ALSO.into()).ok().and_then(|hosts| hosts.as_string()).unwrap_or_default();
    let signal = AbortSignal::timeout_with_u32(PATIENCE);
    for hop in 0..=HOPS {
        let address = Address::parse(&url).ok_or(Unreached::NotAnAddress)?;
        if !is_public(&address) && !also.split_ascii_whitespace().any(|host| host == address.host) {
            return Err(if hop == 0 { Unreached::NotPublic } else { Unreached::ToNotPublic });
        }
        let response = fetch(&url, about, &signal).await.map_err(|()| failed(&signal))?;
        let header = |name: &str| response.headers().get(name).ok().flatten().unwrap_or_default();
        match response.status() {
            301 | 302 | 303 | 307 | 308 => {
                url = parse(&header("location"), Some(&url)).ok_or(Unreached::Failed)?;
            }
            200..=299 if header("content-type").to_ascii_lowercase().contains("html") => {
                let page = match response.body() {
                    Some(stream) => body::beginning(&stream, LARGEST).await.map_err(|_| failed(&signal))?,
                    None => Vec::new(),
                };
                return Ok(Reached {
                    policies: header("content-security-policy"),
                    has_reports: !header("content-security-policy-report-only").is_empty(),
                    embedder: header("cross-origin-embedder-policy"),
                    permissions: header("permissions-policy"),
                    // Whatever the encoding, tags are plain letters.
                    page: String::from_utf8_lossy(&page).into_owned(),
                    address,
                    url,
                });
            }
            200..=299 => return Err(Unreached::NotAPage),
            status => return Err(Unreached::Status(status)),
        }
    }
    Err(Unreached::TooManyHops)
}

/// Asks for one address, and follows nothing.
async fn fetch(url: &str, about: &str, signal: &AbortSignal) -> Result<Response, ()> {
    let headers = object(&[
        ("accept", "text/html, application/xhtml+xml".into()),
        ("user-agent", format!("spro-guide-doctor (+{about})").into()),
    ]);
    let init =
        object(&[("redirect", "manual".into()), ("headers", headers.into()), ("signal", signal.into())]);
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let init: &RequestInit = init.unchecked_ref();
    let response: JsValue = JsFuture::from(scope.fetch_with_str_and_init(url, init)).await.map_err(drop)?;
    Ok(response.unchecked_into())
}

fn failed(signal: &AbortSignal) -> Unreached {
    if signal.aborted() { Unreached::TooSlow } else { Unreached::Failed }
}

/// An address as the web writes it, without what is after `#`, nor a name and a password.
fn parse(typed: &str, base: Option<&str>) -> Option<String> {
    let url = match base {
        Some(base) => Url::new_with_base(typed, base),
        None => Url::new(typed.trim()),
    }
    .ok()?;
    if !matches!(url.protocol().as_str(), "https:" | "http:") || url.hostname().is_empty() {
        return None;
    }
    url.set_hash("");
    url.set_username("");
    url.set_password("");
    Some(url.href())
}
