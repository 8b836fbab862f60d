//! Writing answers: ready-made ones that only wait for a request, and those made once.

use crate::brotli::{QUICK, compress, decompress, object};
use crate::header::none_match;
use crate::problem::{Failure, Problem};
use js_sys::Uint8Array;
use std::cell::OnceCell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Headers, ReadableStream, Response, ResponseInit};

/// A field of an answer's header.
pub type Field<'a> = (&'a str, &'a str);

/// For what a publication changes: kept, but asked for again each time.
pub const REVALIDATED: &str = "no-cache";
/// For what never changes.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// For what must not be kept.
pub const NOT_KEPT: &str = "no-store";

/// The content type of JSON.
pub const JSON: &str = "application/json; charset=utf-8";
/// The content type of a piece in its compact form.
pub const BINARY: &str = "application/octet-stream";

/// Who may read an answer from another page.
pub const OPEN: [Field; 3] = [
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "ETag, Spro-Source"),
    ("cross-origin-resource-policy", "cross-origin"),
];

/// The header by which the administration tells the public worker what has just become live: a
/// pointer as KV has it.
pub const LIVE: &str = "spro-live";

/// The header that says where the data came from.
pub const SOURCE: &str = "spro-source";

/// A body that is held in the isolate with everything that goes around it: to answer is to
/// make one `Response` from objects that exist already.
pub struct Ready {
    fields: Vec<(String, String)>,
    /// Without quotes, without what tells the encodings apart.
    tag: String,
    brotli: Variant,
    /// Made when the first client comes that does not read brotli.
    plain: OnceCell<Option<Variant>>,
}

struct Variant {
    body: Uint8Array,
    /// A strong entity tag: it differs between the two encodings.
    etag: String,
    found: ResponseInit,
    not_modified: ResponseInit,
}

impl Ready {
    /// An answer from its compressed body, which is known to be good.
    pub fn from_brotli(brotli: Uint8Array, tag: &str, fields: &[Field]) -> Result<Self, Failure> {
        let etag = format!("\"{tag}-br\"");
        Ok(Self {
            brotli: Variant::new(brotli, etag, true, fields.iter().copied())?,
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            tag: tag.to_owned(),
            plain: OnceCell::new(),
        })
    }

    /// An answer from its body.
    pub fn from_plain(plain: &[u8], tag: &str, fields: &[Field]) -> Result<Self, Failure> {
        let plain = Uint8Array::from(plain);
        let brotli = compress(&plain, QUICK).ok_or_else(|| Failure::ours("answer", &"brotli failed"))?;
        Self::from_brotli(brotli, tag, fields)
    }

    /// The answer for a client.
    pub fn answer(&self, brotli: bool, if_none_match: Option<&str>) -> Result<Response, Failure> {
        let variant = if brotli { &self.brotli } else { self.plain()? };
        if none_match(if_none_match, &variant.etag) {
            respond(None, &variant.not_modified)
        } else {
            respond(Some(&variant.body), &variant.found)
        }
    }

    /// Where the data came from, as the header says it.
    pub fn source(&self) -> &str {
        self.fields.iter().find(|(name, _)| name == SOURCE).map_or("", |(_, value)| value)
    }

    /// The body, decompressed.
    pub fn bytes(&self) -> Result<Vec<u8>, Failure> {
        decompress(&self.brotli.body)
            .map(|bytes| bytes.to_vec())
            .ok_or_else(|| Failure::ours("answer", &"a body that was good no longer decompresses"))
    }

    fn plain(&self) -> Result<&Variant, Failure> {
        let make = || {
            let body = decompress(&self.brotli.body)?;
            let fields = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            Variant::new(body, format!("\"{}\"", self.tag), false, fields).ok()
        };
        self.plain
            .get_or_init(make)
            .as_ref()
            .ok_or_else(|| Failure::ours("answer", &"a body that was good no longer decompresses"))
    }
}

impl Variant {
    fn new<'a>(
        body: Uint8Array,
        etag: String,
        brotli: bool,
        fields: impl Iterator<Item = Field<'a>>,
    ) -> Result<Self, Failure> {
        let mut about: Vec<Field> = vec![("etag", &etag), ("vary", "Accept-Encoding")];
        for field in fields {
            about.push(field);
        }
        let content: &[Field] = if brotli { &[("content-encoding", "br")] } else { &[] };
        let found = init(200, about.iter().chain(content))?;
        let is_about_the_content = |field: &&Field| field.0 == "content-type" || field.0 == "link";
        let not_modified = init(304, about.iter().filter(|field| !is_about_the_content(field)))?;
        Ok(Self { body, etag, found, not_modified })
    }
}

/// An answer that is made for one request.
pub fn once(status: u16, body: &[u8], fields: &[Field]) -> Result<Response, Failure> {
    respond(Some(&Uint8Array::from(body)), &init(status, fields.iter())?)
}

/// An answer whose body the runtime passes on by itself.
pub fn stream(body: Option<&ReadableStream>, fields: &[Field]) -> Result<Response, Failure> {
    Response::new_with_opt_readable_stream_and_init(body, &init(200, fields.iter())?).map_err(not_made)
}

/// An answer without a body.
pub fn empty(status: u16, fields: &[Field]) -> Result<Response, Failure> {
    respond(None, &init(status, fields.iter())?)
}

/// The answer to a request, whatever has failed: a problem in the place of a failure.
pub fn settled(answered: Result<Response, Failure>, open: bool) -> Result<Response, JsValue> {
    let answer = answered.or_else(|failure| {
        let problem = match failure {
            Failure::Problem(problem) => *problem,
            Failure::Ours => Problem::internal(),
        };
        self::problem(&problem, open)
    });
    // Where the runtime refuses even that, it has been logged: a bare 500 is left.
    answer.map_err(|_| "no answer could be made".into())
}

/// A problem document. `open` says whether other pages may read it.
pub fn problem(problem: &Problem, open: bool) -> Result<Response, Failure> {
    let mut fields: Vec<Field> = vec![
        ("content-type", "application/problem+json; charset=utf-8"),
        ("content-language", "fr"),
        ("cache-control", NOT_KEPT),
    ];
    if open {
        fields.extend(OPEN);
    }
    fields.extend(problem.headers.iter().map(|(name, value)| (*name, value.as_str())));
    once(problem.status, &problem.to_json(), &fields)
}

/// What goes beside a body. Brotli is ours already: the runtime must not encode again.
fn init<'a>(status: u16, fields: impl Iterator<Item = &'a Field<'a>>) -> Result<ResponseInit, Failure> {
    let headers = Headers::new().map_err(not_made)?;
    headers.set("x-content-type-options", "nosniff").map_err(not_made)?;
    for (name, value) in fields {
        headers.set(name, value).map_err(not_made)?;
    }
    let init =
        object(&[("status", status.into()), ("headers", headers.into()), ("encodeBody", "manual".into())]);
    Ok(init.unchecked_into())
}

fn respond(body: Option<&Uint8Array>, init: &ResponseInit) -> Result<Response, Failure> {
    Response::new_with_opt_js_u8_array_and_init(body, init).map_err(not_made)
}

#[cold]
#[expect(clippy::needless_pass_by_value, reason = "the shape of `map_err`")]
fn not_made(cause: JsValue) -> Failure {
    Failure::ours("the runtime refused an answer", &crate::problem::Thrown(&cause))
}
