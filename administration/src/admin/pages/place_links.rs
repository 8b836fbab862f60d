//! The private links of places: making them with the message that takes each along, the list, and
//! taking one back.

use super::frame::{Page, go_to, send};
use super::parts::table;
use super::places::commune_name;
use super::wording::places as counted;
use super::{Asked, words};
use crate::admin::place_links::{MOST_AT_ONCE, Made, PlaceLink, days_since, lasts_days};
use crate::admin::territory::stands_in;
use insight::report::freshness::remind::{Invitation, PlaceMessage};
use maud::{Markup, html};
use protocol::place_links::LinkState;
use serving::form::Form;
use serving::problem::{Failure, Problem};
use serving::{clock, shipped};
use shared::directory::{Contact, Directory, Structure};
use shared::french;
use shared::geography::Geography;
use shared::percent::encoded as query;
use web_sys::Response;

/// The button that makes the private link of a place.
pub(super) fn link_button(place: &Structure) -> Markup {
    html! {
        form method="post" action="/admin/place-links" {
            input type="hidden" name="place" value=(place.id);
            button type="submit" class="quiet" { "Faire un lien privé" span class="hidden" { " pour " (place.name) } }
        }
    }
}

impl Asked<'_> {
    /// `/admin/place-links`.
    pub(super) async fn place_links(&self) -> Result<Response, Failure> {
        let links = self.desk.place_links().await?;
        let (today, mark) = (clock::today(), self.desk.secret.mark());
        let days = lasts_days(self.desk.host.env);
        let rows: Vec<Vec<Markup>> = links.iter().map(|link| row(link, &today, mark)).collect();
        let body = html! {
            p { "Chaque lien montre sa fiche à un lieu, sans compte, pendant " (days) " jours. Ce que le lieu répond arrive dans un brouillon ; il ne publie jamais rien. Un nouveau lien remplace celui d’avant." }
            p { "Pour en faire un : « À revérifier », ou la fiche d’un lieu." }
            @if rows.is_empty() { p { "Aucun lien pour l’instant." } }
            @else { (table(&html! { (counted(rows.len(), "lien", "liens")) ", le plus récent d’abord" }, &["Lieu", "Créé", "Ouvert", "Réponse", "État"], &rows)) }
            p { a href="/admin/freshness" { "Revenir à ce qui est à revérifier" } }
        };
        let page = Page { title: "Liens privés des lieux", part: "/admin/freshness", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// Makes the link of one place, and shows it with its message: this page is the only one that
    /// ever does.
    pub(super) async fn make_place_link(&self) -> Result<Response, Failure> {
        let form = Form::read(self.incoming).await?;
        let directory = self.desk.parse(&self.desk.live_document().await?)?;
        let made = self.desk.make_place_links(&directory, &[form.get("place").to_owned()]).await?;
        let letters = self.letters(&directory, &made)?;
        let title = letters.first().map_or("Lien privé", |letter| letter.name);
        let body = html! {
            (once())
            @for letter in &letters { (letter.html()) }
            p { a class="button" href="/admin/place-links" { "C’est copié" } }
        };
        let title = format!("Lien privé : {title}");
        let page = Page { title: &title, part: "/admin/freshness", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// Makes the links of the places to check again that have an address, and shows their messages.
    pub(super) async fn write_to_places(&self) -> Result<Response, Failure> {
        let directory = self.desk.parse(&self.desk.live_document().await?)?;
        let found = self.stale_of_own(directory.clone())?;
        let wanted: Vec<String> = found
            .stale()
            .filter(|stale| !stale.record.emails.is_empty())
            .map(|stale| stale.record.id.clone())
            .collect();
        if wanted.is_empty() {
            let detail = "Aucun des lieux à revérifier de cette liste n’a de courriel.";
            return Err(Problem::new(409, "nobody-to-write-to", detail).into());
        }
        let asked = &wanted[..wanted.len().min(MOST_AT_ONCE)];
        let made = self.desk.make_place_links(&directory, asked).await?;
        let mut letters = self.letters(&directory, &made)?;
        // Those that matter most first, as the list has them.
        letters.sort_by_key(|letter| asked.iter().position(|id| *id == letter.message.place));
        let without = found.without_email();
        let rows: Vec<Vec<Markup>> = without
            .stale()
            .map(|stale| {
                let record = &stale.record;
                vec![
                    html! { a href={ "/admin/places/" (record.id) } { (record.name) } },
                    html! { (stale.commune_name) },
                    html! { @match record.phones.first() { Some(phone) => (phone), None => "aucun" } },
                ]
            })
            .collect();
        let table_address = format!("/admin/freshness.csv?{}&email=none", self.query);
        let body = html! {
            (once())
            p { (counted(letters.len(), "message", "messages")) ", un par lieu. « Ouvrir dans ma messagerie » prépare le courriel ; c’est vous qui l’envoyez." }
            @if wanted.len() > asked.len() {
                p { "Il en reste " (wanted.len() - asked.len()) ". Choisissez un territoire, un réseau ou un département, ou la ligne de commande : " code { "spro remind --places" } "." }
            }
            @for letter in &letters {
                details { summary { (letter.name) } (letter.html()) }
            }
            @if !rows.is_empty() {
                h2 { "Sans courriel" }
                p { "À appeler. " a href=(table_address) { "Télécharger le tableau (CSV)" } }
                (table(&html! { (counted(rows.len(), "lieu", "lieux")) " sans courriel" }, &["Lieu", "Commune", "Téléphone"], &rows))
            }
        };
        let page = Page { title: "Messages aux lieux", part: "/admin/freshness", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// Takes a link back.
    pub(super) async fn revoke_place_link(&self, place: &str) -> Result<Response, Failure> {
        self.desk.revoke_place_link(place).await?;
        go_to("/admin/place-links?done=place-link-revoked", None)
    }

    fn letters<'a>(&self, directory: &'a Directory, made: &'a [Made]) -> Result<Vec<Letter<'a>>, Failure> {
        let geography = shipped::geography()?;
        let origin = self.desk.host.cache.origin;
        let letters = made.iter().filter_map(|made| {
            let record = directory.structures.iter().find(|place| place.id == made.link.place)?;
            let address = format!("{origin}{}", made.path);
            let invitation = Invitation {
                directory: &directory.title,
                contact: contact(record, directory, &geography),
                record,
                commune_name: commune_name(&geography, &record.commune),
                address: &address,
                until: &made.link.until,
            };
            Some(Letter {
                name: &record.name,
                message: invitation.message(),
                address,
                until: &made.link.until,
            })
        });
        Ok(letters.collect())
    }
}

/// Who answers the questions of a place: the contact of its territory, else the region's.
fn contact<'a>(place: &Structure, directory: &'a Directory, geography: &'a Geography) -> Option<&'a Contact> {
    let own = directory.territories.iter().find(|one| stands_in(&one.id, directory, geography)(place));
    own.and_then(|one| one.contact.as_ref()).or(directory.edition.region.contact.as_ref())
}

/// A link with the message that takes it along.
struct Letter<'a> {
    name: &'a str,
    message: PlaceMessage,
    address: String,
    until: &'a str,
}

impl Letter<'_> {
    fn html(&self) -> Markup {
        let PlaceMessage { to, subject, text, .. } = &self.message;
        html! {
            p { "Le lien, jusqu’au " (french::day(self.until)) " :" }
            code class="secret" { (self.address) }
            @if to.is_empty() {
                p { "L’annuaire n’a pas de courriel pour ce lieu : dites-lui le lien autrement." }
            } @else {
                p { a class="button quiet" href=(mail(to, subject, text)) { "Ouvrir dans ma messagerie" span class="hidden" { " le message pour " (self.name) } } }
            }
            p { "Le message :" }
            pre class="secret" { (self.message.document()) }
        }
    }
}

/// What opens a message in the reader's own program (RFC 6068).
fn mail(to: &[String], subject: &str, text: &str) -> String {
    let to: Vec<String> = to.iter().map(|address| query(address).replace("%40", "@")).collect();
    format!("mailto:{}?subject={}&body={}", to.join(","), query(subject), query(&text.replace('\n', "\r\n")))
}

fn once() -> Markup {
    html! {
        div class="message warn" { p { strong { "Copiez maintenant. " } "Un lien n’est gardé nulle part : cette page est la seule à le montrer. Qui l’a peut répondre pour le lieu." } }
    }
}

fn row(link: &PlaceLink, today: &str, mark: &str) -> Vec<Markup> {
    let age = days_since(&link.made_at);
    let opens = link.opens(today, mark);
    vec![
        html! { a href={ "/admin/places/" (link.place) } { (link.name) } },
        html! {
            @match age { 0 => "aujourd’hui", 1 => "hier", days => { "il y a " (days) " jours" } }
            br; span class="soft" { "par " (link.made_by.name) }
        },
        html! { @match &link.opened_on { Some(day) => (words::date(day)), None => "jamais" } },
        html! {
            @match &link.answered {
                Some(answered) => {
                    (answered.said.french()) br;
                    a href={ "/admin/drafts/" (answered.draft) } { "son brouillon" span class="hidden" { " : " (link.name) } }
                    br; span class="soft" { (words::time(&answered.at)) }
                }
                None => "aucune",
            }
        },
        html! {
            @match opens {
                LinkState::Open => {
                    span class="tag good" { "ouvert" } br; span class="soft" { "jusqu’au " (words::date(&link.until)) }
                    form method="post" action={ "/admin/place-links/" (link.place) "/revoke" } {
                        button type="submit" class="quiet" { "Retirer" span class="hidden" { " le lien de " (link.name) } }
                    }
                }
                LinkState::Expired => span class="tag" { "expiré" },
                LinkState::Revoked => span class="tag bad" { "retiré" },
                LinkState::Suspended => span class="tag bad" { "fermé : le secret de l’installation a changé" },
            }
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_opens_with_its_lines_and_goes_to_nobody_else() {
        let to = ["a&cc=tous@exemple.fr".to_owned(), "b@exemple.fr".to_owned()];
        let address = mail(&to, "Juste ?", "Bonjour,\nvoici");
        assert_eq!(
            address,
            "mailto:a%26cc%3Dtous@exemple.fr,b@exemple.fr?subject=Juste%20%3F&body=Bonjour%2C%0D%0Avoici"
        );
    }
}
