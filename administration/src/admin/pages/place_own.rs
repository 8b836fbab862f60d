//! The page behind the private link of a place, for its people: the record, « C’est toujours
//! juste », and the form to correct it. No account, no script; what they say ends in a draft.

use super::frame::{send_privately, shell, with_headers};
use super::parts::Wrong;
use super::place_fields::Typed;
use super::place_form::View;
use super::place_read::Around;
use super::places::known_of;
use crate::admin::desk::Desk;
use crate::admin::place_answer::{Seen, person};
use crate::admin::place_links::{self, PlaceLink, path};
use crate::admin::session;
use crate::admin::who::{Caller, How, Secret};
use crate::archive::unread;
use crate::ledger::{Kept, Ledger};
use crate::values;
use maud::{Markup, html};
use protocol::place_links::Said;
use serving::body::Incoming;
use serving::form::Form;
use serving::host::Host;
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use serving::store::Store;
use serving::{answer, clock, shipped};
use shared::directory::Contact;
use shared::finding::Severity;
use shared::french;
use std::cell::RefCell;
use web_sys::Response;

/// Answers a request to `/place/{place}/{secret}`. Whatever fails is a page too.
pub(crate) async fn answer(
    host: &Host<'_>,
    incoming: &Incoming<'_>,
    method: &str,
    (place, secret): (&str, &str),
    query: &str,
) -> Result<Response, Failure> {
    match Box::pin(page(host, incoming, method, (place, secret), query)).await {
        Err(Failure::Problem(problem)) => refusal(&problem),
        other => other,
    }
}

async fn page(
    host: &Host<'_>,
    incoming: &Incoming<'_>,
    method: &str,
    (place, secret): (&str, &str),
    query: &str,
) -> Result<Response, Failure> {
    let is_post = method == "POST";
    let caller = Caller::of(host.env, incoming.request, host.cache.origin);
    let name = host.cache.origin.split_once("://").map_or("", |(_, name)| name);
    if is_post && !session::is_of_a_secret_page(caller.origin.as_deref(), caller.fetch_site.as_deref(), name)
    {
        let detail = "Cette réponse ne vient pas de la page de ce lien. Rien n’a été enregistré.";
        return Err(Problem::new(403, "foreign-page", detail).into());
    }
    let installation = Secret::of(host.env)?;
    let ledger = Ledger::open(host.env).map_err(unread)?;
    let link = place_links::open(&ledger, place, secret, installation.mark(), &caller.from).await?;
    let store = Store::open(host.env).map_err(unread)?;
    let desk = Desk {
        host,
        store,
        ledger,
        person: person(&link.value),
        how: How::Browser,
        secret: installation,
        notes: RefCell::default(),
    };
    let link = place_links::touch(&desk.ledger, link, desk.person.who()).await;
    let Some(seen) = desk.seen_by(&link.value).await? else { return Err(place_links::nothing()) };
    let shown = Own { action: path(place, secret), link, seen };
    if is_post {
        let answer = shown.take(&desk, incoming).await;
        values::sweep_behind(host);
        return answer;
    }
    let done = match parameter(query, "done").as_deref() {
        Some("still-true") => Some("Merci. C’est noté : la fiche est toujours juste."),
        Some("corrected") => Some("Merci. Votre correction est enregistrée."),
        _ => None,
    };
    let typed = Typed::of(&shown.seen.place, &shipped::geography()?);
    shown.show(200, &typed, &[], done, None)
}

/// What a link shows.
struct Own {
    /// Where its forms are sent.
    action: String,
    link: Kept<PlaceLink>,
    seen: Seen,
}

impl Own {
    fn show(
        &self,
        status: u16,
        typed: &Typed,
        wrong: &[Wrong],
        done: Option<&str>,
        error: Option<&str>,
    ) -> Result<Response, Failure> {
        let Seen { directory, place, waiting } = &self.seen;
        let geography = shipped::geography()?;
        let view = View {
            action: self.action.clone(),
            revision: 0,
            was: None,
            typed,
            wrong,
            doubts: &[],
            directory,
        };
        let was = Typed::of(place, &geography).shown();
        let body = html! {
            (view.summary())
            p { "Voici ce que le guide d’orientation dit de votre lieu. Dites si c’est toujours juste, ou corrigez-le. Une personne relit votre réponse avant qu’elle ne soit en ligne." }
            @if let Some(answered) = waiting {
                div class="message" { p { strong { "Votre réponse attend d’être relue. " } "Vous l’avez envoyée le " (clock::told(&answered.at)) " ; la fiche ci-dessous la contient. Vous pouvez encore la changer." } }
            }
            h2 { "La fiche" }
            (known_of(place, directory, &geography, &clock::today()))
            form method="post" action=(self.action) {
                input type="hidden" name="said" value="still-true";
                input type="hidden" name="was" value=(was);
                button type="submit" { "C’est toujours juste" }
            }
            h2 id="correct" { "Quelque chose a changé\u{a0}?" }
            p { "Corrigez les champs qu’il faut, laissez les autres tels quels." }
            form method="post" action=(self.action) {
                input type="hidden" name="said" value="corrected";
                input type="hidden" name="was" value=(was);
                (view.own())
                button type="submit" { "Envoyer la correction" }
            }
            (self.otherwise())
        };
        send_privately(status, &shell(&place.name, done, error, &body))
    }

    /// What the form does not take, and whom to tell.
    fn otherwise(&self) -> Markup {
        let Seen { directory, .. } = &self.seen;
        let of = self.link.value.territory.as_deref();
        let territory = directory.territories.iter().find(|one| Some(one.id.as_str()) == of);
        let contact = territory.and_then(|one| one.contact.as_ref());
        let contact = contact.or(directory.edition.region.contact.as_ref());
        html! {
            h2 { "Autre chose\u{a0}?" }
            p { "Le lieu ferme, change de nom ou de commune : "
                @match contact.and_then(reached) {
                    Some(how) => { "dites-le à " (how) "." }
                    None => "répondez au message qui contenait ce lien.",
                }
            }
            p class="soft" { "Ce lien est celui de votre lieu : ne le publiez pas. Il ouvre cette page jusqu’au " (french::day(&self.link.value.until)) ". Le guide ne retient rien de vous." }
        }
    }

    /// Takes what a form says.
    async fn take(&self, desk: &Desk<'_>, incoming: &Incoming<'_>) -> Result<Response, Failure> {
        let form = Form::read(incoming).await?;
        let today = clock::today();
        let geography = shipped::geography()?;
        let before = &self.seen.place;
        let typed = Typed::of(before, &geography);
        let (typed, said) = match form.get("said") {
            "still-true" if form.get("was") != typed.shown() => {
                let error = "La fiche a changé depuis que cette page est ouverte. Relisez-la, puis répondez de nouveau.";
                return self.show(412, &typed, &[], None, Some(error));
            }
            "still-true" => (typed, Said::StillTrue),
            "corrected" => (typed.corrected(&form), Said::Corrected),
            _ => return Err(serving::form::malformed().into()),
        };
        let around = Around::new(&self.seen.directory, &geography, &today);
        let (mut after, mut wrong) = typed.read(before, &around);
        if said == Said::Corrected {
            after.correct(Some(before), &today);
            let told: Vec<&str> = wrong.iter().map(|one| one.field).collect();
            let errors =
                around.check(&after).into_iter().filter(|(severity, _)| *severity == Severity::Error);
            let errors: Vec<Wrong> =
                errors.map(|(_, one)| one).filter(|one| !told.contains(&one.field)).collect();
            wrong.extend(errors);
        }
        if !wrong.is_empty() {
            return self.show(422, &typed, &wrong, None, None);
        }
        // Nothing was changed in the form: that is the other answer.
        let said = if *before == after { Said::StillTrue } else { said };
        after.checked_on = Some(today.clone());
        let link = Kept { revision: self.link.revision, value: self.link.value.clone() };
        match desk.take_answer(link, before, after, said).await {
            Ok(()) => see_other(&format!("{}?done={}", self.action, code(said))),
            Err(Failure::Problem(problem)) if problem.status != 404 => {
                self.show(problem.status, &typed, &[], None, Some(problem.detail()))
            }
            Err(failure) => Err(failure),
        }
    }
}

const fn code(said: Said) -> &'static str {
    match said {
        Said::StillTrue => "still-true",
        Said::Corrected => "corrected",
    }
}

/// Sends the browser to the page again, with a plain GET.
fn see_other(address: &str) -> Result<Response, Failure> {
    let fields =
        [("location", address), ("cache-control", answer::NOT_KEPT), ("referrer-policy", "no-referrer")];
    answer::empty(303, &fields)
}

/// How a contact is reached, in words; nothing where it cannot be.
fn reached(contact: &Contact) -> Option<Markup> {
    let name = contact.name.as_deref();
    let how = [&contact.email, &contact.phone, &contact.website].into_iter().flatten().next()?;
    Some(html! { @if let Some(name) = name { (name) " (" (how) ")" } @else { (how) } })
}

/// A page that only says why there is nothing here, the same whatever the reason.
fn refusal(problem: &Problem) -> Result<Response, Failure> {
    let body = html! {
        p { "Demandez un nouveau lien à la personne qui vous l’a envoyé : elle en fait un en un instant." }
        p { "Pour une erreur dans le guide, « Signaler une erreur », dans la fiche de chaque lieu, mène à qui tient l’annuaire." }
    };
    let title = if problem.status == 404 { "Ce lien n’ouvre rien" } else { problem.title() };
    let page = shell(title, None, Some(problem.detail()), &body);
    with_headers(send_privately(problem.status, &page), problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_named_with_how_to_reach_it() {
        let contact = |name: Option<&str>, email: Option<&str>| Contact {
            name: name.map(str::to_owned),
            email: email.map(str::to_owned),
            ..Contact::default()
        };
        let said = |contact: &Contact| reached(contact).map(maud::PreEscaped::into_string);
        assert_eq!(said(&contact(Some("L’agence"), Some("a@b.fr"))).as_deref(), Some("L’agence (a@b.fr)"));
        assert_eq!(said(&contact(None, Some("a@b.fr"))).as_deref(), Some("a@b.fr"));
        assert_eq!(said(&contact(Some("L’agence"), None)), None);
    }
}
