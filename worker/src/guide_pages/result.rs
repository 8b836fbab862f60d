//! The recommendation: the place to go to, why, how to reach it, and what else may help.

use super::card::Around;
use super::page::{Page, Screen};
use maud::{Markup, html};
use shared::recommend::{Card, Recommendation, Target};
use shared::snapshot::TerritoryCard;
use shared::speech::Value;
use shared::texts::Key;
use shared::wording::open_complements;

impl Page<'_> {
    /// The result. `notice` is what stands in the way of a better one, with the visitor's region where
    /// it is not the guide's; `commune` the name of the visitor's.
    pub(super) fn result(
        &self,
        around: &Around<'_>,
        found: &Recommendation,
        (notice, elsewhere): (Option<Key>, Option<&TerritoryCard>),
        commune: Option<&str>,
    ) -> Screen {
        let voice = &self.voice;
        let is_place = matches!(found.main.target, Target::Place(_));
        let title = if is_place { Key::GoFirst } else { Key::GoFirstRemote };
        let body = html! {
            h2.heading { (voice.say(title)) }
            div.result {
                @if let Some(notice) = notice {
                    @let lives_in = elsewhere.map_or("", |region| &region.name);
                    @let values = [("region", Value::Told(voice.guide.text(voice.guide.region))), ("elsewhere", Value::French(lives_in))];
                    p.notice role="status" { (voice.say_with(notice, &values)) }
                }
                div.column {
                    @if let Some(region) = elsewhere { (voice.guide_of_region(region)) }
                    (around.card(&found.main))
                    @if let Some(reception) = &found.reception {
                        h3.subheading { (voice.say(Key::Reception)) }
                        (around.reception(reception))
                    }
                    @if let Some(service) = elsewhere.and_then(|region| region.contact.as_ref()) {
                        h3.subheading { (voice.say(Key::ElsewhereService)) }
                        (voice.service_of_region(service))
                    }
                }
                div.column {
                    @if !found.complements.is_empty() {
                        h3.subheading { (voice.say(Key::Complements)) }
                        (self.complements(around, found))
                    }
                    (self.remote_services(found, elsewhere.is_some()))
                    (self.undetermined(found))
                    (self.your_answers(commune))
                }
            }
            div.actions {
                (self.back())
                (self.restart())
                button.button form="go" name="go" value="sheet" { (voice.say(Key::LiaisonTitle)) }
            }
        };
        Screen { title: voice.texts.bare(title).to_owned(), is_error: false, body }
    }

    /// What may also help: the first few, and a list to open.
    fn complements(&self, around: &Around<'_>, found: &Recommendation) -> Markup {
        let (first, rest) = found.complements.split_at(open_complements(found.complements.len()));
        let list = |cards: &[Card]| html! { ul.list { @for card in cards { (around.folded(card)) } } };
        html! {
            (list(first))
            @if !rest.is_empty() {
                details.more { summary { (self.voice.say(Key::MoreComplements)) } (list(rest)) }
            }
        }
    }

    /// Services at a distance, open where nothing is near.
    fn remote_services(&self, found: &Recommendation, is_open: bool) -> Markup {
        let (voice, guide) = (&self.voice, self.voice.guide);
        let is_place = matches!(found.main.target, Target::Place(_));
        // What the main card says already is not said twice.
        let said = found.main.network(guide).and_then(|network| network.website.as_deref());
        let services: Vec<_> = found
            .remote_services
            .iter()
            .map(|index| &guide.remote_services[*index])
            .filter(|service| is_place || Some(service.website.as_str()) != said)
            .collect();
        html! {
            @if !services.is_empty() {
                details.more open[is_open] {
                    summary { (voice.say(Key::RemoteServices)) }
                    ul.remote { @for service in services { (voice.remote(service)) } }
                }
            }
        }
    }

    /// Networks that an answer kept to oneself leaves open.
    fn undetermined(&self, found: &Recommendation) -> Markup {
        let (voice, guide) = (&self.voice, self.voice.guide);
        let open = || {
            found
                .undetermined
                .iter()
                .filter_map(|open| Some((&guide.networks[open.network], open.missing.first()?)))
        };
        html! {
            @if open().next().is_some() {
                details.more {
                    summary { (voice.say(Key::Undetermined)) }
                    ul {
                        @for (network, question) in open() {
                            li {
                                strong { (voice.edition(network.name)) } " – " (voice.edition(network.public)) " "
                                button.button.quiet form="go" name="go" value={ "change." (question) } {
                                    (voice.say(Key::AnswerIt))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
