//! Reading the body of a request, never more of it than it may have.

use crate::header::announced_length;
use crate::problem::{Failure, Problem, Thrown};
use js_sys::{Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ReadableStreamDefaultReader, Request};
use worker::wasm_bindgen_futures::JsFuture;

/// The largest directory: 25 MiB, what KV takes.
pub(crate) const DIRECTORY: usize = 25 * 1024 * 1024;
/// The largest of everything else.
pub(crate) const SMALL: usize = 16 * 1024;

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
    let Some(stream) = request.body() else { return Ok(Vec::new()) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut body = Vec::new();
    loop {
        // Whoever hangs up in the middle gets no answer anyway.
        let part = JsFuture::from(reader.read()).await.map_err(interrupted)?;
        let field = |name: &str| Reflect::get(&part, &JsValue::from_str(name)).unwrap_or_default();
        if field("done").is_truthy() {
            return Ok(body);
        }
        let chunk: Uint8Array = field("value").dyn_into().map_err(interrupted)?;
        let before = body.len();
        let after = before + chunk.length() as usize;
        if after > most {
            // Nothing waits for the rest.
            let _ = reader.cancel();
            return Err(too_large().into());
        }
        body.resize(after, 0);
        chunk.copy_to(&mut body[before..]);
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
