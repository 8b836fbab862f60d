//! What a fuzzer may send to the readers of visitors' requests (`fuzz/`). Compiled for fuzzing only.

use crate::route::Route;
use serving::body;
use serving::form::Form;
use serving::header::{accepts_brotli, announced_length, boundary, none_match};
use serving::query::{parameter, split_url};
use shared::said::Asked;

/// Reads a request: its first line is an address, its second a header field's value, the rest its
/// body.
pub fn request(data: &[u8]) {
    let mut parts = data.splitn(3, |byte| *byte == b'\n');
    let mut next = || parts.next().unwrap_or_default();
    let (address, field, sent) = (String::from_utf8_lossy(next()), String::from_utf8_lossy(next()), next());
    let (_, path, query) = split_url(&address);
    drop(parameter(query, "lang"));
    let field = Some(field.as_ref());
    drop((accepts_brotli(field), announced_length(field), boundary(field), none_match(field, "\"0-br\"")));
    drop(body::object::<Asked>(sent, ""));
    if let Some(route) = Route::find(path) {
        drop(Form::parse(sent, &route.limits()));
    }
}
