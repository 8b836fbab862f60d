//! The public edge: the guide that the element, its pages and partners' servers read.
//!
//! It reads KV and what ships with it, and holds no secret, no ledger and no importer: those are the
//! administration's, a worker of its own behind this one ([`behind`]). What visitors ask for most is
//! ready in memory, so that answering is passing bytes through ([`ready`]); everything else goes
//! through `fetch`.

mod accessibility;
mod assets;
mod behind;
mod contact;
mod counters;
mod embed;
mod exports;
#[cfg(fuzzing)]
pub mod fuzzed;
mod guide_pages;
mod live;
mod memory;
mod pieces;
mod preview;
mod public;
mod recommendations;
mod reports;
mod route;
mod style;

use crate::route::Route;
use serving::body::{self, Incoming};
use serving::host::Host;
use serving::problem::Problem;
use serving::query::split_url;
use serving::runtime::{Context, Env};
use serving::{answer, header};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Request, Response};

/// What a request says that matters for a public answer.
struct Asked<'a> {
    path: &'a str,
    query: &'a str,
    if_none_match: Option<&'a str>,
    brotli: bool,
}

/// Answers from memory, at once, what memory holds; `None` leaves the request to `fetch`.
///
/// The entry passes the few texts that count: fetching them from here would cost more than
/// all the rest.
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "the glue hands texts over")]
pub fn ready(
    method: &str,
    url: &str,
    if_none_match: Option<String>,
    accept_encoding: Option<String>,
) -> Option<Response> {
    if method != "GET" && method != "HEAD" {
        return None;
    }
    let (origin, path, query) = split_url(url);
    let ready = match Route::find(path)? {
        Route::Page => guide_pages::at_hand(origin, query)?,
        route => public::at_hand(route, query)?,
    };
    ready.answer(header::accepts_brotli(accept_encoding.as_deref()), if_none_match.as_deref()).ok()
}

/// Answers any request.
///
/// # Errors
/// None: every failure is an answer.
#[wasm_bindgen(wasm_bindgen_futures = js_sys::futures)]
pub async fn fetch(request: Request, env: Env, context: Context) -> Result<Response, JsValue> {
    let url = request.url();
    let (origin, path, query) = split_url(&url);
    let method = request.method();
    let host = Host::new(&env, &context, origin);
    let route = Route::find(path);
    let incoming = Incoming { request: &request, limits: route.map(Route::limits).unwrap_or_default() };
    let answer = match route {
        None => Err(Problem::not_found().into()),
        // Its methods are its own, and the body goes by unread.
        Some(Route::Administration) => behind::pass(&host, &incoming).await,
        Some(route) if !route.allows(&method) => Err(Problem::not_allowed(route.methods()).into()),
        Some(Route::Embed(part)) => embed::answer(&host, part, query).await,
        Some(route) if method == "OPTIONS" => public::preflight(route.methods()),
        Some(route) => {
            let header = |name: &str| request.headers().get(name).ok().flatten();
            let if_none_match = header("if-none-match");
            let asked = Asked {
                path,
                query,
                if_none_match: if_none_match.as_deref(),
                brotli: header::accepts_brotli(header("accept-encoding").as_deref()),
            };
            match route {
                Route::Preview { draft, token, rest } => {
                    preview::answer(&host, &incoming, &asked, draft, token, rest).await
                }
                Route::Page => guide_pages::answer(&host, &incoming, &method, &asked).await,
                route => public::answer(&host, &incoming, &asked, route).await,
            }
        }
    };
    let is_passed_on = answer.is_ok() && route == Some(Route::Administration);
    if !is_passed_on && !answer.as_ref().is_ok_and(|response: &Response| response.status() < 400) {
        body::let_arrive(&request).await;
    }
    // What is under `/admin` is nothing that other pages may read.
    answer::settled(answer, route != Some(Route::Administration))
}
