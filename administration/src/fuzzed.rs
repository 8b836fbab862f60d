//! What a fuzzer may send to the readers of administrators' requests (`fuzz/`). Compiled for fuzzing
//! only.

use crate::admin;
use crate::route::Route;
use serving::form::Form;
use serving::header::{Precondition, bearer};
use serving::query::{parameter, split_url};

/// Reads a request: its first line is an address, its second a header field's value, the rest its
/// body.
pub fn request(data: &[u8]) {
    let mut parts = data.splitn(3, |byte| *byte == b'\n');
    let mut next = || parts.next().unwrap_or_default();
    let (address, field, sent) = (String::from_utf8_lossy(next()), String::from_utf8_lossy(next()), next());
    let (_, path, query) = split_url(&address);
    for name in ["draft", "cursor", "limit", "name"] {
        drop(parameter(query, name));
    }
    let field = Some(field.as_ref());
    drop((bearer(field), Precondition::parse(field).map(|condition| condition.allows("0"))));
    admin::fuzzed(field, sent);
    if let Some(route) = Route::find(path)
        && let Ok(form) = Form::parse(sent, &route.limits("POST"))
    {
        admin::pages::fuzzed(&form);
    }
}
