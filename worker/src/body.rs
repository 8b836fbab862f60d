//! Reading the body of a request, never more of it than it may have.

use crate::header::announced_length;
use crate::problem::{Failure, Problem, Thrown};
use futures_util::future::{Either, select};
use js_sys::{Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::pin::pin;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ReadableStream, ReadableStreamDefaultReader, Request};
use worker::Delay;
use worker::wasm_bindgen_futures::JsFuture;

/// The largest directory: 25 MiB, what KV takes.
pub(crate) const DIRECTORY: usize = 25 * 1024 * 1024;
/// The largest of everything else.
pub(crate) const SMALL: usize = 16 * 1024;
/// The list of a whole country's pieces.
pub(crate) const MANIFEST: usize = 256 * 1024;

/// What is let arrive of a body that was refused.
const REFUSED: usize = 32 * 1024 * 1024;
/// A refused body that stands still for this long is not waited for.
const STANDSTILL: Duration = Duration::from_secs(1);

/// Reads a body of at most `most` bytes. What is announced as larger is not read at all.
pub(crate) async fn read(request: &Request, most: usize) -> Result<Vec<u8>, Failure> {
    let too_large = || {
        let limit = if most < 1024 * 1024 {
            format!("{} Kio", most / 1024)
        } else {
            format!("{} Mio", most / 1024 / 1024)
        };
        Problem::new(413, "too-large", format!("Le contenu envoyé dépasse la limite de {limit}."))
    };
    let header = |name: &str| request.headers().get(name).ok().flatten();
    if announced_length(header("content-length").as_deref()).is_some_and(|length| length > most) {
        return Err(too_large().into());
    }
    if header("content-encoding").is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
        let detail = "Le contenu doit être envoyé sans compression.";
        return Err(Problem::new(415, "encoded", detail).into());
    }
    let mut body = Vec::new();
    let Some(parts) = Parts::of(request) else { return Ok(body) };
    while let Some(part) = parts.next().await.map_err(interrupted)? {
        let before = body.len();
        let after = before + part.length() as usize;
        if after > most {
            parts.leave();
            return Err(too_large().into());
        }
        body.resize(after, 0);
        part.copy_to(&mut body[before..]);
    }
    Ok(body)
}

/// The first bytes of an answer, `most` at most; the rest is not asked for.
pub(crate) async fn beginning(stream: &ReadableStream, most: usize) -> Result<Vec<u8>, JsValue> {
    let parts = Parts(stream.get_reader().unchecked_into());
    let mut body = Vec::new();
    while let Some(part) = parts.next().await? {
        body.extend(part.to_vec());
        if body.len() >= most {
            body.truncate(most);
            // Whether it hears that nobody listens any more changes nothing here.
            let _ = JsFuture::from(parts.0.cancel()).await;
            break;
        }
    }
    Ok(body)
}

/// Lets the rest of a refused body arrive, and forgets it: most clients send all of it
/// before they read the answer, and would only see a broken connection.
pub(crate) async fn let_arrive(request: &Request) {
    let Some(parts) = Parts::of(request) else { return };
    let mut arrived = 0;
    while arrived <= REFUSED {
        match select(pin!(parts.next()), pin!(Delay::from(STANDSTILL))).await {
            Either::Left((Ok(Some(part)), _)) => arrived += part.length() as usize,
            _ => return,
        }
    }
}

/// The parts of a body, as they arrive.
struct Parts(ReadableStreamDefaultReader);

impl Parts {
    /// Those that nobody has read; `None` when there is no body.
    fn of(request: &Request) -> Option<Self> {
        let stream = request.body().filter(|stream| !stream.locked())?;
        Some(Self(stream.get_reader().unchecked_into()))
    }

    async fn next(&self) -> Result<Option<Uint8Array>, JsValue> {
        let part = JsFuture::from(self.0.read()).await?;
        if Reflect::get(&part, &"done".into())?.is_truthy() {
            return Ok(None);
        }
        Reflect::get(&part, &"value".into())?.dyn_into().map(Some)
    }

    /// Leaves the rest to another reader. The runtime throws where a part is still awaited.
    fn leave(self) {
        self.0.release_lock();
    }
}

/// Reads a JSON object from a body; `expected` says what it holds.
pub(crate) fn object<T: DeserializeOwned>(body: &[u8], expected: &str) -> Result<T, Failure> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|_| Problem::new(400, "not-json", "Le contenu envoyé n’est pas du JSON valable."))?;
    let malformed = || Problem::new(422, "malformed-request", expected).into();
    // A list would be read as the fields in their order.
    if !value.is_object() {
        return Err(malformed());
    }
    T::deserialize(value).map_err(|_| malformed())
}

#[cold]
#[expect(clippy::needless_pass_by_value, reason = "the shape of `map_err`")]
fn interrupted(cause: JsValue) -> Failure {
    crate::problem::log("a body could not be read", &Thrown(&cause));
    Problem::new(400, "interrupted", "Le contenu envoyé n’est pas arrivé en entier.").into()
}
