//! The worker: the public API that the element and partners' servers read, and the
//! administration API that publishes. It alone knows KV, HTTP and secrets.
//!
//! It is thin: read the request, call `shared`, write the answer. What visitors ask for
//! most is ready in memory, so that answering is passing bytes through ([`ready`]);
//! everything else goes through `fetch`.

mod accessibility;
mod admin;
mod answer;
mod archive;
mod assets;
mod body;
#[cfg(feature = "test-utils")]
mod breaking;
mod brotli;
mod builds;
mod clock;
mod counters;
mod embed;
mod exports;
mod form;
#[cfg(fuzzing)]
pub mod fuzzed;
mod guide_pages;
mod header;
mod ledger;
mod live;
mod memory;
mod network;
mod pieces;
mod preview;
mod problem;
mod public;
mod publication;
mod random;
mod recommendations;
mod reminder;
mod route;
mod seen;
mod shipped;
mod store;
mod values;
mod versions;

use crate::body::Incoming;
use crate::pieces::Host;
use crate::problem::{Failure, Problem};
use crate::route::{Route, split_url};
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Request, Response};
use worker::{Context, Env, ScheduleContext, ScheduledEvent, event};

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
#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> worker::Result<Response> {
    let url = request.url();
    let (origin, path, query) = split_url(&url);
    let method = request.method();
    #[cfg(feature = "test-utils")]
    breaking::go(path).await;
    let host = Host::new(&env, &context, origin);
    let route = Route::find(path);
    let is_admin = matches!(route, Some(Route::Admin(_) | Route::AdminPage(_)));
    let limits = route.map(Route::limits).unwrap_or_default();
    let incoming = Incoming { request: &request, limits };
    let answer = match route {
        None => Err(Problem::not_found().into()),
        // On the heap: visitors' requests need not carry the size of what administrators do.
        Some(Route::Admin(route)) => Box::pin(admin::answer(&host, &incoming, &method, route, query)).await,
        Some(Route::AdminPage(path)) => Box::pin(admin::page(&host, &incoming, &method, path, query)).await,
        Some(route) if !route.allows(&method) => Err(not_allowed(route.methods()).into()),
        Some(Route::Embed(part)) => embed::answer(&host, &incoming, &method, part, query).await,
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
    if !answer.as_ref().is_ok_and(|response: &Response| response.status() < 400) {
        body::let_arrive(&request).await;
    }
    let answer = match answer {
        Ok(response) => Ok(response),
        Err(failure) => {
            let problem = match failure {
                Failure::Problem(problem) => *problem,
                Failure::Ours => Problem::internal(),
            };
            answer::problem(&problem, !is_admin)
        }
    };
    // Where the runtime refuses even that, it has been logged: a bare 500 is left.
    answer.map_err(|_| "no answer could be made".into())
}

/// Prepares the reminders and renews what is kept, when the schedule says so.
#[event(scheduled)]
async fn scheduled(_: ScheduledEvent, env: Env, _: ScheduleContext) {
    reminder::scheduled(&env).await;
    builds::scheduled(&env).await;
    values::scheduled(&env).await;
}

/// The method is not one of those.
pub(crate) fn not_allowed(methods: &'static str) -> Problem {
    let detail = format!("Cette adresse n’admet que : {methods}.");
    Problem::new(405, "method-not-allowed", detail).header("allow", methods)
}
