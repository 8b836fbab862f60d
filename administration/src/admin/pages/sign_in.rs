//! Signing in with an access key, and signing out.

use super::frame::{Page, go_to, send};
use crate::admin::session;
use crate::admin::who::{Caller, Secret, by_key};
use crate::archive::{storage, unread};
use crate::ledger::{Ledger, Log, Name, Reading, Writing};
use maud::html;
use protocol::trail::{Done, Trace};
use serving::body::Incoming;
use serving::clock;
use serving::form::Form;
use serving::host::Host;
use serving::problem::{Failure, Problem};
use web_sys::Response;

/// The page that asks for a key.
pub(super) fn page(status: u16, error: Option<&str>, next: &str) -> Result<Response, Failure> {
    let invalid = error.is_some().then_some("true");
    let described = if error.is_some() { "key-help key-error" } else { "key-help" };
    let body = html! {
        form method="post" action="/admin/sign-in" class="card" {
            input type="hidden" name="next" value=(next);
            label for="key" { "Clé d’accès" }
            p id="key-help" class="help" { "Le texte qui commence par « spro_ », donné par la Région. Personne ne peut le retrouver : s’il est perdu, demandez une autre clé." }
            @if let Some(error) = error { p id="key-error" class="field-error" { (error) } }
            input id="key" name="key" type="password" autocomplete="current-password" required aria-describedby=(described) aria-invalid=[invalid] spellcheck="false" autocapitalize="none";
            button type="submit" { "Se connecter" }
        }
    };
    let page =
        Page { title: "Se connecter à l’administration", person: None, part: "", done: None, error };
    send(status, &page.html(&body))
}

/// Takes a key, and signs the browser in.
pub(super) async fn sign_in(
    host: &Host<'_>,
    incoming: &Incoming<'_>,
    caller: &Caller,
    secret: &Secret,
) -> Result<Response, Failure> {
    let form = Form::read(incoming).await?;
    let next = local(form.get("next"));
    let key = form.get("key").trim();
    if key.is_empty() {
        return page(422, Some("Collez votre clé d’accès."), next);
    }
    let ledger = Ledger::open(host.env).map_err(unread)?;
    let person = match by_key(&ledger, key, secret, &caller.from).await {
        Ok(person) => person,
        Err(Failure::Problem(problem)) => return page(problem.status, Some(problem.detail()), next),
        Err(ours) => return Err(ours),
    };
    let now = clock::now();
    let begun = session::begin(&person.id, secret.mark(), caller.is_https, now);
    let trace = Trace {
        at: clock::timestamp(),
        by: Some(person.who()),
        done: Done::SignedIn,
        subject: caller.from.name().to_owned(),
        detail: String::new(),
    };
    let mut writing =
        Writing::default().put(Name::Session(&begun.hash), &begun.session).append(Log::Audit, &trace);
    for old in over(&ledger, now).await? {
        writing = writing.remove(Name::Session(&old));
    }
    ledger.write(&writing).await.map_err(storage)?;
    go_to(next, Some(&begun.cookie))
}

/// The sessions that are over: nobody else takes them away.
async fn over(ledger: &Ledger, now: f64) -> Result<Vec<String>, Failure> {
    let read = ledger.read(&Reading::default().all(Name::Session(""))).await.map_err(unread)?;
    Ok(read
        .named::<session::Session>(Name::Session(""))?
        .into_iter()
        .filter(|(_, session)| session.value.until < now)
        .map(|(name, _)| name)
        .collect())
}

/// Signs the browser out, here and in the ledger.
pub(super) async fn sign_out(host: &Host<'_>, caller: &Caller) -> Result<Response, Failure> {
    if let Some(hash) = caller.session() {
        let ledger = Ledger::open(host.env).map_err(unread)?;
        ledger.write(&Writing::default().remove(Name::Session(&hash))).await.map_err(storage)?;
    }
    go_to("/admin", Some(&session::forgotten(caller.is_https)))
}

/// An address of ours under `/admin`, whatever the form says.
fn local(next: &str) -> &str {
    let is_ours = next == "/admin" || next.starts_with("/admin/") || next.starts_with("/admin?");
    let is_plain = !next.contains(['\\', '\r', '\n']) && !next.contains("//");
    if is_ours && is_plain && !next.starts_with("/admin/v1/") { next } else { "/admin" }
}

/// A request that did not come from our own pages.
pub(super) fn foreign() -> Failure {
    let detail = "Cette demande ne vient pas des pages d’administration. Rien n’a été changé.";
    Problem::new(403, "foreign-page", detail).into()
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn after_signing_in_people_stay_here() {
        for next in ["/admin", "/admin/drafts/a1", "/admin/audit?before=3"] {
            assert_eq!(local(next), next);
        }
        for next in [
            "",
            "/",
            "//evil.fr",
            "/admin//evil.fr",
            "https://evil.fr",
            "/adminx",
            "/admin/v1/keys",
            "/admin\\x",
        ] {
            assert_eq!(local(next), "/admin", "{next}");
        }
    }
}
