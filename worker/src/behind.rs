//! The administration, a worker of its own behind this one. Requests of administrators are passed on
//! to it as they are; it is asked for the few things of the ledger that visitors see. Where it is
//! stopped or fails, visitors notice nothing.

use crate::{counters, memory};
use serving::answer::{self, Field, NOT_KEPT};
use serving::body::Incoming;
use serving::host::Host;
use serving::limits::{KIB, Limits};
use serving::problem::{Failure, Problem, Thrown, log};
use serving::runtime::{Env, Service, bytes_of};
use serving::store::{Pointer, Unreachable, within};
use std::time::Duration;
use wasm_bindgen::JsValue;
use web_sys::{Request, RequestInit, Response};

/// The header fields in which administrators show who they are: a key, a session, Cloudflare Access.
const KEYS: [&str; 3] = ["authorization", "cookie", "cf-access-jwt-assertion"];
/// What others may send, in bytes: the form of the doctor, with policies pasted into it.
const WITHOUT_A_KEY: usize = 64 * KIB;

/// How long a visitor waits for what the administration knows.
const PATIENCE: Duration = Duration::from_millis(2500);
/// The same for a file that it has to write first.
const PATIENCE_FOR_A_FILE: Duration = Duration::from_secs(20);

/// Passes a request on, with its method, header and body. Who shows no key sends no more than a form:
/// what is announced as larger is refused here.
pub(crate) async fn pass(host: &Host<'_>, incoming: &Incoming<'_>) -> Result<Response, Failure> {
    let request = incoming.request;
    if !KEYS.iter().any(|name| incoming.header(name).is_some()) {
        Incoming { request, limits: Limits::bytes(WITHOUT_A_KEY) }.check_announced()?;
    }
    let is_reading = matches!(request.method().as_str(), "GET" | "HEAD");
    if is_reading {
        // Whoever looks at the counters sees the visits of this minute.
        counters::write(host.env).await;
    }
    let answered = async { administration(host.env)?.pass(request).await };
    match answered.await {
        Ok(response) => {
            // Nobody without a key can have it say so: what visitors have in memory is theirs.
            let live = response.headers().get(answer::LIVE).ok().flatten();
            if let Some(pointer) = live.and_then(|pointer| Pointer::from_json(pointer.as_bytes())) {
                memory::forgive(pointer);
            }
            Ok(response)
        }
        Err(cause) => {
            log("the administration does not answer", &Thrown(&cause));
            stopped(request)
        }
    }
}

/// The answer in its place, in the form that its reader can read.
fn stopped(request: &Request) -> Result<Response, Failure> {
    const DETAIL: &str = "L’administration ne répond pas pour le moment. Le guide fonctionne et la version en ligne n’a pas changé ; réessayez dans un instant.";
    let accepted = request.headers().get("accept").ok().flatten().unwrap_or_default();
    if accepted.contains("text/html") {
        let fields: [Field; 4] = [
            ("content-type", "text/plain; charset=utf-8"),
            ("content-language", "fr"),
            ("cache-control", NOT_KEPT),
            ("retry-after", "10"),
        ];
        return answer::once(503, DETAIL.as_bytes(), &fields);
    }
    answer::problem(&Problem::unavailable("administration-unavailable", DETAIL), false)
}

/// What was published last, as the ledger says; nothing before the first publication.
pub(crate) async fn published(env: &Env) -> Result<Option<Pointer>, Unreachable> {
    match ask(env, "published", None, PATIENCE).await? {
        (200, bytes) => Ok(Pointer::from_json(&bytes)),
        (204, _) => Ok(None),
        (status, _) => Err(refused("published", status)),
    }
}

/// What the administration answers about the private link of a draft: a status, and a document.
pub(crate) async fn preview(env: &Env, draft: &str, token: &str) -> Result<(u16, Vec<u8>), Unreachable> {
    ask(env, &format!("preview/{draft}/{token}"), None, PATIENCE).await
}

/// The sealed value of an export, which the administration writes where it is not stored yet.
pub(crate) async fn export(env: &Env, snapshot: &str, file: &str) -> Result<Vec<u8>, Unreachable> {
    let what = format!("exports/{snapshot}/{file}");
    match ask(env, &what, None, PATIENCE_FOR_A_FILE).await? {
        (200, bytes) => Ok(bytes),
        (status, _) => Err(refused(&what, status)),
    }
}

/// Has what is live published again, where another version of the program has compiled it.
pub(crate) async fn renew(env: &Env) -> Result<(), Unreachable> {
    match ask(env, "renewal", Some(""), PATIENCE_FOR_A_FILE).await? {
        (204, _) => Ok(()),
        (status, _) => Err(refused("renewal", status)),
    }
}

/// Hands over what was counted of a day.
pub(crate) async fn count(env: &Env, counts: &str) -> Result<(), Unreachable> {
    match ask(env, "counts", Some(counts), PATIENCE).await? {
        (204, _) => Ok(()),
        (status, _) => Err(refused("counts", status)),
    }
}

/// Hands over a report of an error.
pub(crate) async fn report(env: &Env, report: &str) -> Result<(), Unreachable> {
    match ask(env, "reports", Some(report), PATIENCE).await? {
        (204, _) => Ok(()),
        (status, _) => Err(refused("reports", status)),
    }
}

/// Asks at one of the addresses that no request from outside is passed on to.
async fn ask(
    env: &Env,
    what: &str,
    body: Option<&str>,
    patience: Duration,
) -> Result<(u16, Vec<u8>), Unreachable> {
    let asking = async {
        let init = RequestInit::new();
        if let Some(body) = body {
            init.set_method("POST");
            init.set_body(&body.into());
        }
        // The service answers by path; the host is never looked at.
        let address = format!("http://administration/internal/{what}");
        let response = administration(env)?.send(&address, &init).await?;
        Ok::<_, JsValue>((response.status(), bytes_of(&response).await?))
    };
    within(patience, asking, what).await?.map_err(|cause| {
        log("the administration does not answer", &Thrown(&cause));
        Unreachable
    })
}

fn refused(what: &str, status: u16) -> Unreachable {
    log(what, &format!("the administration answered {status}"));
    Unreachable
}

fn administration(env: &Env) -> Result<Service, JsValue> {
    env.service("ADMINISTRATION")
}
