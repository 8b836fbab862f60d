//! The deployed files of the element, as the service that holds them gives them.

use crate::problem::{Failure, Problem, Thrown, log};
use crate::runtime::{Env, bytes_of};
use js_sys::futures::JsFuture;
use std::cell::RefCell;
use wasm_bindgen::JsValue;
use web_sys::Response;

/// The name of the immutable folder of this deployment; `None` where it cannot be read: what
/// depends on it is left out.
pub async fn build(env: &Env) -> Option<String> {
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
pub async fn integrity(env: &Env) -> Option<serde_json::Value> {
    let file = fetch(env, "/integrity.json").await.ok()??;
    serde_json::from_slice(&bytes_of(&file).await.ok()?).ok()
}

/// The bytes of a deployed file; `None` where it is not deployed.
pub async fn whole(env: &Env, path: &str) -> Result<Option<Vec<u8>>, Failure> {
    let Some(file) = fetch(env, path).await? else { return Ok(None) };
    whole_body(&file).await.map(Some)
}

/// The bytes of a file that was fetched.
pub async fn whole_body(file: &Response) -> Result<Vec<u8>, Failure> {
    bytes_of(file).await.map_err(failed)
}

/// Whether a path is one of a file that the element may consist of.
pub fn is_served(path: &str) -> bool {
    content_type(path).is_some()
}

/// A deployed file; `None` where it is not deployed.
pub async fn fetch(env: &Env, path: &str) -> Result<Option<Response>, Failure> {
    let assets = env.service("ASSETS").map_err(failed)?;
    // The service answers by path; the host is never looked at.
    let response = assets.read(&format!("http://assets{path}")).await.map_err(failed)?;
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
pub fn content_type(path: &str) -> Option<&'static str> {
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
