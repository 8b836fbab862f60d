//! The administration worker: ledger, keys, drafts, checks and publications, with their API and their
//! pages, and the doctor of partners' pages.
//!
//! It is a worker of its own behind the public one, which passes `/admin` and `/embed/doctor` on to
//! it: what it does for long, and any fault of it, is nothing that a visitor waits for. It alone has
//! the secret and the ledger.

mod admin;
mod archive;
mod builds;
mod counters;
mod doctor;
mod exports;
#[cfg(fuzzing)]
pub mod fuzzed;
mod internal;
mod ledger;
mod preview;
mod publication;
mod random;
mod reminder;
mod reports;
mod route;
mod seen;
mod values;
mod versions;

use crate::route::Route;
use serving::answer;
use serving::body::{self, Incoming};
use serving::host::Host;
use serving::problem::Problem;
use serving::query::split_url;
use serving::runtime::{Context, Env};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Request, Response};

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
    let incoming =
        Incoming { request: &request, limits: route.map(|route| route.limits(&method)).unwrap_or_default() };
    let answer = match route {
        None => Err(Problem::not_found().into()),
        Some(Route::Api(path)) => admin::answer(&host, &incoming, &method, path, query).await,
        Some(Route::Page(path)) => Box::pin(admin::page(&host, &incoming, &method, path, query)).await,
        Some(route) if !route.allows(&method) => Err(Problem::not_allowed(route.methods()).into()),
        Some(Route::Doctor) => doctor::answer(&host, &incoming, origin, method == "POST").await,
        Some(Route::Place { place, secret }) => {
            Box::pin(admin::place_page(&host, &incoming, &method, (place, secret), query)).await
        }
        Some(Route::Internal(route)) => internal::answer(&host, &incoming, route).await,
    };
    if !answer.as_ref().is_ok_and(|response: &Response| response.status() < 400) {
        body::let_arrive(&request).await;
    }
    // What is under `/admin` is nothing that other pages may read.
    let answer = answer::settled(answer, matches!(route, Some(Route::Doctor | Route::Internal(_))));
    // An answer to the public worker itself is not looked at for it.
    if !matches!(route, Some(Route::Internal(_)))
        && let (Ok(response), Some(pointer)) = (&answer, versions::moved())
    {
        // Where it cannot be told, the public worker reads it from KV within a second.
        let _ = response.headers().set(answer::LIVE, &String::from_utf8_lossy(&pointer.to_json()));
    }
    answer
}

/// Prepares the reminders and renews what is kept, when the schedule says so.
#[wasm_bindgen(wasm_bindgen_futures = js_sys::futures)]
pub async fn scheduled(env: Env) {
    reminder::scheduled(&env).await;
    builds::scheduled(&env).await;
    values::scheduled(&env).await;
}
