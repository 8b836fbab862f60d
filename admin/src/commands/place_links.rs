//! `place-links`: the private links by which places confirm or correct their own records; and the
//! messages of `remind --places`, which take them along.

use crate::cli::desk::PlaceLinks as Asked;
use crate::clock;
use crate::failure::Failure;
use crate::output::Outcome;
use crate::server::{Call, Server, to_body};
use insight::report::diagnosis::members;
use insight::report::freshness::Freshness;
use insight::report::freshness::remind::Invitation;
use protocol::place_links::{Answered, LinkState, PlaceLink, PlaceLinks, PlaceLinksRequest};
use serde_json::json;
use shared::directory::Directory;
use shared::geography::Geography;
use std::fmt::Write;

/// How many links the server makes at once.
const AT_ONCE: usize = 200;

pub(crate) fn run(what: Option<&Asked>, server: &Server) -> Result<Outcome, Failure> {
    match what {
        None => list(server),
        Some(Asked::Make { places }) => {
            let places: Vec<&str> = places.iter().map(String::as_str).collect();
            let links = make(&places, server)?;
            let mut text = String::new();
            for PlaceLink { place, until, address, .. } in &links {
                // Writing to a string cannot fail.
                let _ =
                    writeln!(text, "{place} · jusqu’au {until} · {}", address.as_deref().unwrap_or_default());
            }
            Ok(Outcome { text, json: json!({ "links": links }), refused: false })
        }
        Some(Asked::Revoke { place }) => {
            let answer = server.ask(Call::delete(&format!("place-links/{place}")))?;
            let link: PlaceLink = server.read(&answer)?;
            let text = format!(
                "Le lien privé de {} ({place}) est retiré : il n’ouvre plus rien. Ce qui a été répondu reste.\n",
                link.name
            );
            Ok(Outcome { text, json: answer, refused: false })
        }
    }
}

fn list(server: &Server) -> Result<Outcome, Failure> {
    let answer = server.ask(Call::get("place-links"))?;
    let PlaceLinks { links } = server.read(&answer)?;
    let mut text = String::new();
    if links.is_empty() {
        text.push_str("Aucun lien privé. « cargo spro place-links make LIEU » en crée un.\n");
    }
    for PlaceLink { place, name, made_at, until, state, answered, .. } in &links {
        let state = match state {
            LinkState::Open => format!("ouvert jusqu’au {until}"),
            LinkState::Expired => "expiré".to_owned(),
            LinkState::Revoked => "retiré".to_owned(),
            LinkState::Suspended => "fermé, le secret de l’installation a changé".to_owned(),
        };
        let answered = answered.as_ref().map_or_else(
            || "sans réponse".to_owned(),
            |Answered { said, draft, .. }| format!("{}, brouillon {draft}", said.french()),
        );
        let made = clock::told(made_at);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{place} · {name} · créé le {made} · {state} · {answered}");
    }
    Ok(Outcome { text, json: answer, refused: false })
}

/// Makes the links of places, so many at a time as the server takes.
fn make(places: &[&str], server: &Server) -> Result<Vec<PlaceLink>, Failure> {
    let mut links = Vec::new();
    for some in places.chunks(AT_ONCE) {
        let request = PlaceLinksRequest { places: some.iter().map(|&place| place.to_owned()).collect() };
        let answer = server.ask(Call::post("place-links", &to_body(&request)))?;
        links.extend(server.read::<PlaceLinks>(&answer)?.links);
    }
    Ok(links)
}

/// A message for each place to check again that has an address, with its private link, and the table
/// of those that have none: the name of each file, and its content.
pub(super) struct ToPlaces<'a> {
    pub(super) server: &'a Server,
    pub(super) directory: &'a Directory,
    pub(super) geography: &'a Geography,
    pub(super) found: &'a Freshness,
}

/// The table of the places that no message reaches.
const WITHOUT_EMAIL: &str = "sans-courriel.csv";

impl ToPlaces<'_> {
    /// The names of the files, before a link is made.
    pub(super) fn names(&self) -> Vec<String> {
        let letters = self.asked().into_iter().map(file);
        letters.chain([WITHOUT_EMAIL.to_owned()]).collect()
    }

    /// The ids of the places to write to.
    fn asked(&self) -> Vec<&str> {
        let with_email = self.found.stale().filter(|stale| !stale.record.emails.is_empty());
        with_email.map(|stale| stale.record.id.as_str()).collect()
    }

    /// Makes the links, and writes the messages: each file's name and content.
    pub(super) fn documents(&self) -> Result<Vec<(String, String)>, Failure> {
        let Self { server, directory, geography, found } = self;
        let links = make(&self.asked(), server)?;
        let mut documents = Vec::new();
        for stale in found.stale() {
            let record = &stale.record;
            let Some(link) = links.iter().find(|link| link.place == record.id) else { continue };
            let commune = geography.current(&record.commune);
            let territory = directory
                .territories
                .iter()
                .find(|one| commune.is_some_and(|commune| members(one, geography).holds(commune)));
            let contact = territory.and_then(|one| one.contact.as_ref());
            let invitation = Invitation {
                directory: &directory.title,
                contact: contact.or(directory.edition.region.contact.as_ref()),
                record,
                commune_name: &stale.commune_name,
                address: link.address.as_deref().unwrap_or_default(),
                until: &link.until,
            };
            documents.push((file(&record.id), invitation.message().document()));
        }
        documents.push((WITHOUT_EMAIL.to_owned(), found.without_email().csv()));
        Ok(documents)
    }
}

fn file(place: &str) -> String {
    format!("lieu-{place}.txt")
}
