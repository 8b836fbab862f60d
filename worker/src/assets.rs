//! The files of the element. The service that holds them knows no types and no caching:
//! that is decided here.

use crate::answer::{self, Field, IMMUTABLE, OPEN};
use crate::brotli::decompress;
use crate::builds;
use crate::header::none_match;
use crate::pieces::Host;
use crate::problem::{Failure, Problem, Thrown, log};
use js_sys::{Reflect, Uint8Array};
use shared::snapshot::hash;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Response;
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Env, worker_sys::Fetcher};

/// The loader is always current; partners' pages may be five minutes behind.
const ROLLING: &str = "public, max-age=300";

/// Answers `/spro-guide.js`. It is a kilobyte or two: its entity tag is its hash.
pub(crate) async fn loader(env: &Env, brotli: bool, known: Option<&str>) -> Result<Response, Failure> {
    const PATH: &str = "/spro-guide.js";
    let (file, is_brotli) = best(env, PATH, brotli).await?.ok_or_else(absent)?;
    let body = JsFuture::from(file.array_buffer().map_err(failed)?).await.map_err(failed)?;
    let body = Uint8Array::new(&body).to_vec();
    let etag = format!("\"{}\"", &hash(&body)[..32]);
    let fields = fields(PATH, ROLLING, &etag, is_brotli).ok_or_else(absent)?;
    if none_match(known, &etag) {
        answer::empty(304, &about(&fields))
    } else {
        answer::once(200, &body, &fields)
    }
}

/// The name of the immutable folder of this deployment; `None` where it cannot be read: what
/// depends on it is left out.
pub(crate) async fn build(env: &Env) -> Option<String> {
    thread_local! {
        static BUILD: RefCell<Option<String>> = const { RefCell::new(None) };
    }
    if let Some(build) = BUILD.with_borrow(Clone::clone) {
        return Some(build);
    }
    let file = fetch(env, "/build.txt").await.ok()??;
    let text = JsFuture::from(file.text().ok()?).await.ok()?.as_string()?;
    let build = text.trim().to_owned();
    let is_name = build.len() == 16 && build.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_name.then(|| {
        BUILD.set(Some(build.clone()));
        build
    })
}

/// What the build says of itself: its name, and the hash of each file.
pub(crate) async fn integrity(env: &Env) -> Option<serde_json::Value> {
    let file = fetch(env, "/integrity.json").await.ok()??;
    let bytes = JsFuture::from(file.array_buffer().ok()?).await.ok()?;
    serde_json::from_slice(&Uint8Array::new(&bytes).to_vec()).ok()
}

/// Answers `/{build}/…`: a file that never changes, passed on without being read. One that
/// is no longer deployed comes from what was kept of its build.
pub(crate) async fn immutable(
    host: &Host<'_>,
    path: &str,
    brotli: bool,
    known: Option<&str>,
) -> Result<Response, Failure> {
    let etag = |is_brotli: bool| format!("\"{path}{}\"", if is_brotli { "-br" } else { "" });
    // The path says the content: whoever knows a tag of it has the file.
    for is_brotli in [brotli, false] {
        let etag = etag(is_brotli);
        if none_match(known, &etag) {
            let fields = fields(path, IMMUTABLE, &etag, is_brotli).ok_or_else(absent)?;
            return answer::empty(304, &about(&fields));
        }
    }
    if content_type(path).is_none() {
        return Err(absent().into());
    }
    let deployed = best(host.env, path, brotli).await;
    if let Ok(Some((file, is_brotli))) = deployed {
        let etag = etag(is_brotli);
        let fields = fields(path, IMMUTABLE, &etag, is_brotli).ok_or_else(absent)?;
        return answer::stream(file.body().as_ref(), &fields);
    }
    let kept = builds::file(host, path).await;
    let (Some(compressed), etag) = (kept, etag(brotli)) else {
        return Err(deployed.err().unwrap_or_else(|| absent().into()));
    };
    let fields = fields(path, IMMUTABLE, &etag, brotli).ok_or_else(absent)?;
    if brotli {
        return answer::once(200, &compressed, &fields);
    }
    let plain = decompress(&Uint8Array::from(&*compressed)).map(|plain| plain.to_vec());
    answer::once(200, &plain.ok_or_else(|| Failure::ours(path, &"a kept file is not brotli"))?, &fields)
}

/// The bytes of a deployed file; `None` where it is not deployed.
pub(crate) async fn whole(env: &Env, path: &str) -> Result<Option<Vec<u8>>, Failure> {
    let Some(file) = fetch(env, path).await? else { return Ok(None) };
    let body = JsFuture::from(file.array_buffer().map_err(failed)?).await.map_err(failed)?;
    Ok(Some(Uint8Array::new(&body).to_vec()))
}

/// Whether a path is one of a file that the element may consist of.
pub(crate) fn is_served(path: &str) -> bool {
    content_type(path).is_some()
}

fn absent() -> Problem {
    Problem::new(404, "unknown-file", "Ce fichier n’existe pas, ou plus.")
}

/// The compressed file for those who read brotli, where there is one; else the file.
async fn best(env: &Env, path: &str, brotli: bool) -> Result<Option<(Response, bool)>, Failure> {
    if brotli && let Some(file) = fetch(env, &format!("{path}.br")).await? {
        return Ok(Some((file, true)));
    }
    Ok(fetch(env, path).await?.map(|file| (file, false)))
}

async fn fetch(env: &Env, path: &str) -> Result<Option<Response>, Failure> {
    let assets: Fetcher = Reflect::get(env, &"ASSETS".into()).map_err(failed)?.unchecked_into();
    // The service answers by path; the host is never looked at.
    let response = assets.fetch_with_str(&format!("http://assets{path}")).map_err(failed)?;
    let response: Response = JsFuture::from(response).await.map_err(failed)?.unchecked_into();
    match response.status() {
        200 => Ok(Some(response)),
        404 => Ok(None),
        status => Err(unavailable(&status)),
    }
}

#[cold]
#[expect(clippy::needless_pass_by_value, reason = "the shape of `map_err`")]
fn failed(cause: JsValue) -> Failure {
    unavailable(&Thrown(&cause))
}

#[cold]
fn unavailable(cause: &dyn std::fmt::Display) -> Failure {
    log("the files of the element cannot be read", cause);
    Problem::unavailable("files-unavailable", "Les fichiers du guide ne peuvent pas être lus pour le moment.")
        .into()
}

/// The type of a file by its extension; `None` for what the element does not consist of.
fn content_type(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

fn fields<'a>(path: &str, cache: &'static str, etag: &'a str, is_brotli: bool) -> Option<Vec<Field<'a>>> {
    let mut fields = vec![
        ("content-type", content_type(path)?),
        ("cache-control", cache),
        ("etag", etag),
        ("vary", "Accept-Encoding"),
    ];
    fields.extend(OPEN);
    if is_brotli {
        fields.push(("content-encoding", "br"));
    }
    Some(fields)
}

/// Without what describes a body that is not sent.
fn about<'a>(fields: &[Field<'a>]) -> Vec<Field<'a>> {
    fields.iter().filter(|(name, _)| !name.starts_with("content-")).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_their_type() {
        assert_eq!(content_type("/0/element_bg.wasm"), Some("application/wasm"));
        assert_eq!(content_type("/0/element.js"), Some("text/javascript; charset=utf-8"));
        // A folder would be listed by some services.
        assert_eq!(content_type("/0/snippets"), None);
        assert_eq!(content_type("/0/texts.ar.txt"), Some("text/plain; charset=utf-8"));
        assert_eq!(content_type("/0/notes.md"), None);
    }
}
