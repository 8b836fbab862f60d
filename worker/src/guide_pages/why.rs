//! Why a card is there.

use super::card::Around;
use maud::{Markup, html};
use shared::directory::CepOperator;
use shared::recommend::{Card, Target};
use shared::speech::Value;
use shared::texts::Key;
use shared::visit::OUTSIDE;
use shared::wording::{belonging, place_source, service_meaning, service_name};

impl Around<'_> {
    /// Why this one, in a sentence: the rule, or whom the network serves where none led here;
    /// and, for who wants to know more, what is there, what that means and where it is written.
    pub(super) fn reasons(&self, card: &Card) -> Markup {
        let (voice, guide) = (self.voice, self.voice.guide);
        let reason = match (card.rule, card.network(guide)) {
            (Some(rule), _) => Some(guide.rules[rule].reason),
            (None, network) => network.map(|network| network.public),
        };
        html! {
            div.why {
                @if let Some(reason) = reason { p.reason { (voice.edition(reason)) } }
                (self.meaning(card))
            }
        }
    }

    /// What is there, what the services and the distance mean, and the rule behind the reason.
    fn meaning(&self, card: &Card) -> Markup {
        let (voice, guide) = (self.voice, self.voice.guide);
        html! {
            details.meaning {
                summary { (voice.say(Key::Why)) (voice.about(self.name(card))) }
                @if let Some(network) = card.network(guide) { p { (voice.edition(network.description)) } }
                @match card.target {
                    Target::Place(chosen) => p { (voice.say(belonging(self.piece, chosen))) },
                    Target::Network if self.commune != OUTSIDE => p { (voice.say(Key::NoPlaceNear)) },
                    Target::Network => {}
                    Target::Remote(index) => p { (voice.edition(guide.remote_services[index].description)) },
                }
                p.services { (self.offered(card)) }
                @for service in &card.services { p { (voice.say(service_meaning(*service))) } }
                @match card.network(voice.guide).map(|network| network.cep_operator) {
                    Some(CepOperator::ByLaw) => p { (voice.say(Key::CepByLaw)) },
                    Some(CepOperator::ByRegion) => p { (voice.say(Key::CepByRegion)) },
                    Some(CepOperator::No) | None => {}
                }
                @if let Target::Place(chosen) = card.target {
                    p { (voice.say(Key::DistanceNote)) }
                    @if self.piece.places[chosen.place].position.approximate { p { (voice.say(Key::ApproximateNote)) } }
                    @if let Some(source) = place_source(&self.piece.places[chosen.place]) {
                        p { (voice.say_with(Key::PlaceSource, &[("source", Value::French(&source))])) }
                    }
                }
                @if let Some(rule) = card.rule {
                    @let rule = &voice.guide.rules[rule];
                    p.source { (voice.leaving("source", &rule.source, &voice.say(Key::RuleSource), Some(self.name(card)))) }
                    @if !rule.verified { p { (voice.say(Key::RuleUnverified)) } }
                    p.hint { (voice.say_with(Key::RuleId, &[("id", Value::Typed(&rule.id))])) }
                }
            }
        }
    }

    /// What is offered there.
    fn offered(&self, card: &Card) -> Markup {
        let names: Vec<Key> = card.services.iter().map(|service| service_name(*service)).collect();
        self.voice.say_with(Key::Offers, &[("services", Value::List(&names))])
    }
}
