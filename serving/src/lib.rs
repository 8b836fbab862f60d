//! What both workers serve with: writing answers, reading bodies within their limits, KV and the edge
//! cache in front of it, problems as documents, and what ships with a worker.
//!
//! The public worker and the administration behind it are deployed apart, so that nothing that an
//! administrator does touches a visitor; this is the code that both are made of. It knows the host
//! (HTTP, KV, the clock), no route, no secret and no ledger.
//!
//! It needs a JavaScript host, hence no example of it runs. To read first: [`answer::Ready`], which
//! a handler returns; [`body`], how it gets a request's; [`store`], where a piece is looked for.
//! What is served is made by `shared`, whose functions have examples (`shared/src/lib.rs`).

pub mod answer;
pub mod assets;
pub mod body;
pub mod brotli;
pub mod clock;
pub mod csp;
pub mod form;
pub mod header;
pub mod host;
pub mod limits;
pub mod network;
pub mod preview;
pub mod problem;
pub mod query;
pub mod runtime;
pub mod sealed;
pub mod shipped;
pub mod site;
pub mod store;
