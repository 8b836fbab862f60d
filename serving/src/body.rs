//! Reading the body of a request: never more of it than its route allows ([`Limits`]), never
//! longer than a slow line takes.

use crate::clock;
use crate::header::announced_length;
use crate::limits::Limits;
use crate::problem::{Failure, Problem, Thrown};
use crate::runtime::Delay;
use futures_util::future::{Either, select};
use js_sys::futures::JsFuture;
use js_sys::{Promise, Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::pin::pin;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    ReadableStream, ReadableStreamByobReader, ReadableStreamDefaultReader, ReadableStreamGetReaderOptions,
    ReadableStreamReaderMode, Request,
};

/// What is let arrive of a body that was refused.
const REFUSED: usize = 32 * 1024 * 1024;
/// How much of it is read at once.
const PART: u32 = 64 * 1024;
/// A refused body that stands still for this long is not waited for.
const STANDSTILL: Duration = Duration::from_secs(1);
/// Nor is one that takes longer than this.
const PATIENCE_REFUSED: Duration = Duration::from_secs(5);
/// How long a body may take that fits into one packet or few.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a slow line brings in a second: a larger body may take longer by that.
const SLOW_LINE: usize = 128 * 1024;

/// A request whose body nobody has read, and what it may be.
pub struct Incoming<'a> {
    /// The request.
    pub request: &'a Request,
    /// What its route allows.
    pub limits: Limits,
}

impl Incoming<'_> {
    /// A field of its header.
    pub fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).ok().flatten()
    }

    /// Refuses a body that is announced as larger than it may be. Nothing of it is read.
    pub fn check_announced(&self) -> Result<(), Problem> {
        let announced = announced_length(self.header("content-length").as_deref());
        if announced.is_some_and(|length| length > self.limits.bytes) {
            Err(self.too_large())
        } else {
            Ok(())
        }
    }

    fn too_large(&self) -> Problem {
        let most = self.limits.bytes;
        let limit = match most {
            0..1024 => format!("{most} octets"),
            1024..0x10_0000 => format!("{} Kio", most / 1024),
            _ => format!("{} Mio", most / 1024 / 1024),
        };
        let detail = if self.limits.files > 0 {
            format!(
                "Le fichier dépasse {limit}. Rien n’a été changé. Pour un fichier aussi grand, utilisez la ligne de commande : cargo spro import."
            )
        } else {
            format!("Le contenu envoyé dépasse la limite de {limit}.")
        };
        Problem::new(413, "too-large", detail)
    }

    /// The body. What is announced as larger than it may be is not read at all, and a body that
    /// takes for ever is given up.
    pub async fn bytes(&self) -> Result<Vec<u8>, Failure> {
        let most = self.limits.bytes;
        self.check_announced()?;
        if self.header("content-encoding").is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
            let detail = "Le contenu doit être envoyé sans compression.";
            return Err(Problem::new(415, "encoded", detail).into());
        }
        let mut body = Vec::new();
        let Some(parts) = Parts::of(self.request) else { return Ok(body) };
        let patience = PATIENCE + Duration::from_secs((most / SLOW_LINE) as u64);
        let mut deadline = pin!(Delay::from(patience));
        loop {
            let next = match select(pin!(parts.next()), deadline.as_mut()).await {
                Either::Left((next, _)) => Some(next.map_err(interrupted)?),
                Either::Right(_) => None,
            };
            let Some(next) = next else {
                parts.give_up();
                let detail = format!(
                    "Le contenu envoyé met plus de {} s à arriver. Rien n’a été changé.",
                    patience.as_secs()
                );
                return Err(Problem::new(408, "too-slow", detail).into());
            };
            let Some(part) = next else { return Ok(body) };
            let before = body.len();
            let after = before + part.length() as usize;
            if after > most {
                parts.leave();
                return Err(self.too_large().into());
            }
            body.resize(after, 0);
            part.copy_to(&mut body[before..]);
        }
    }

    /// The body as a JSON object; `expected` says what it holds.
    pub async fn object<T: DeserializeOwned>(&self, expected: &str) -> Result<T, Failure> {
        object(&self.bytes().await?, expected)
    }
}

/// The first bytes of an answer, `most` at most; the rest is not asked for.
pub async fn beginning(stream: &ReadableStream, most: usize) -> Result<Vec<u8>, JsValue> {
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
pub async fn let_arrive(request: &Request) {
    let Some(stream) = request.body().filter(|stream| !stream.locked()) else { return };
    // Each part goes where the one before was: parts of their own would fill the memory with what
    // nobody reads, until they are collected.
    let options = ReadableStreamGetReaderOptions::new();
    options.set_mode(ReadableStreamReaderMode::Byob);
    let reader: ReadableStreamByobReader = stream.get_reader_with_options(&options).unchecked_into();
    let end = clock::now() + PATIENCE_REFUSED.as_secs_f64() * 1000.0;
    let mut arrived = 0;
    let mut place = Uint8Array::new_with_length(PART);
    while arrived <= REFUSED && clock::now() < end {
        let next = next_part(reader.read_with_array_buffer_view(&place));
        match select(pin!(next), pin!(Delay::from(STANDSTILL))).await {
            Either::Left((Ok(Some(part)), _)) => {
                arrived += part.length() as usize;
                place = Uint8Array::new(&part.buffer());
            }
            _ => break,
        }
    }
    // Nobody waits for the other side to hear of it.
    let _ = reader.cancel();
}

/// The next part of a body, from what a reader promised; `None` at its end.
async fn next_part(promise: Promise) -> Result<Option<Uint8Array>, JsValue> {
    let part = JsFuture::from(promise).await?;
    if Reflect::get(&part, &"done".into())?.is_truthy() {
        return Ok(None);
    }
    Reflect::get(&part, &"value".into())?.dyn_into().map(Some)
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
        next_part(self.0.read()).await
    }

    /// Asks for no more, even where a part is still awaited.
    fn give_up(self) {
        // Nobody waits for the other side to hear of it.
        let _ = self.0.cancel();
    }

    /// Leaves the rest to another reader. The runtime throws where a part is still awaited.
    fn leave(self) {
        self.0.release_lock();
    }
}

/// Reads a JSON object; `expected` says what it holds.
pub fn object<T: DeserializeOwned>(body: &[u8], expected: &str) -> Result<T, Failure> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|_| Problem::new(400, "not-json", "Le contenu envoyé n’est pas du JSON valable."))?;
    let malformed = || Problem::new(422, "malformed-request", expected).into();
    // A list would be read as the fields in their order.
    if !value.is_object() {
        return Err(malformed());
    }
    serde_json::from_slice(body).map_err(|_| malformed())
}

#[cold]
#[expect(clippy::needless_pass_by_value, reason = "the shape of `map_err`")]
fn interrupted(cause: JsValue) -> Failure {
    crate::problem::log("a body could not be read", &Thrown(&cause));
    Problem::new(400, "interrupted", "Le contenu envoyé n’est pas arrivé en entier.").into()
}
