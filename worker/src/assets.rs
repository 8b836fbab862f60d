//! The files of the element. The service that holds them knows no types and no caching:
//! that is decided here.
//!
//! A deployment on Cloudflare replaces all files at once, and partners have pinned some of them
//! with their hash: what the administration has kept of an earlier build stays in KV.

use js_sys::Uint8Array;
use serving::answer::{self, Field, IMMUTABLE, OPEN};
use serving::assets::{content_type, fetch, whole_body};
use serving::brotli::decompress;
use serving::header::none_match;
use serving::host::{Found, Host, stored};
use serving::problem::{Failure, Problem};
use serving::runtime::Env;
use serving::sealed::opened;
use serving::store::Key;
use shared::snapshot::hash;
use web_sys::Response;

/// The loader is always current; partners' pages may be five minutes behind.
const ROLLING: &str = "public, max-age=300";

/// Answers `/spro-guide.js`. It is a kilobyte or two: its entity tag is its hash.
pub(crate) async fn loader(env: &Env, brotli: bool, known: Option<&str>) -> Result<Response, Failure> {
    const PATH: &str = "/spro-guide.js";
    let (file, is_brotli) = best(env, PATH, brotli).await?.ok_or_else(absent)?;
    let body = whole_body(&file).await?;
    let etag = format!("\"{}\"", &hash(&body)[..32]);
    let fields = fields(PATH, ROLLING, &etag, is_brotli).ok_or_else(absent)?;
    if none_match(known, &etag) {
        answer::empty(304, &about(&fields))
    } else {
        answer::once(200, &body, &fields)
    }
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
    let (Some(compressed), etag) = (kept(host, path).await, etag(brotli)) else {
        return Err(deployed.err().unwrap_or_else(|| absent().into()));
    };
    let fields = fields(path, IMMUTABLE, &etag, brotli).ok_or_else(absent)?;
    if brotli {
        return answer::once(200, &compressed, &fields);
    }
    let plain = decompress(&Uint8Array::from(&*compressed)).map(|plain| plain.to_vec());
    answer::once(200, &plain.ok_or_else(|| Failure::ours(path, &"a kept file is not brotli"))?, &fields)
}

/// A kept file, compressed, by its path `/{build}/{file}`.
async fn kept(host: &Host<'_>, path: &str) -> Option<Vec<u8>> {
    let (build, file) = path.strip_prefix('/')?.split_once('/')?;
    let read = |value: &[u8]| opened(value).map(<[u8]>::to_vec);
    match stored(host, Key::Build(build, file), read).await {
        Found::Good(compressed) => Some(compressed),
        Found::Nothing | Found::Unreachable => None,
    }
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
