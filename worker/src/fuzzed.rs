//! What a fuzzer may send to the readers of requests (`fuzz/`). Compiled for fuzzing only.

use crate::form::Form;
use crate::header::{Precondition, accepts_brotli, announced_length, bearer, boundary, none_match};
use crate::route::{Route, parameter, split_url};
use crate::{admin, body};
use shared::said::Asked;

/// Reads a request: its first line is an address, its second a header field's value, the rest its
/// body.
pub fn request(data: &[u8]) {
    let mut parts = data.splitn(3, |byte| *byte == b'\n');
    let mut next = || parts.next().unwrap_or_default();
    let (address, field, sent) = (String::from_utf8_lossy(next()), String::from_utf8_lossy(next()), next());
    let (_, path, query) = split_url(&address);
    for name in ["lang", "draft", "cursor", "limit", "name"] {
        drop(parameter(query, name));
    }
    let field = Some(field.as_ref());
    drop((accepts_brotli(field), announced_length(field), bearer(field), boundary(field)));
    drop((none_match(field, "\"0-br\""), Precondition::parse(field).map(|condition| condition.allows("0"))));
    drop(body::object::<Asked>(sent, ""));
    admin::fuzzed(field, sent);
    if let Some(route) = Route::find(path)
        && let Ok(form) = Form::parse(sent, &route.limits())
    {
        admin::pages::fuzzed(&form);
    }
}
