//! Why a card is there.

use super::card::Around;
use maud::{Markup, html};
use shared::directory::{CepOperator, Level};
use shared::recommend::{Card, Target};
use shared::speech::Value;
use shared::texts::Key;
use shared::visit::OUTSIDE;
use shared::wording::{belonging, level_name, place_source, service_meaning, service_name};

impl Around<'_> {
    /// Why this one: the rule, then competence or distance, then whom the network serves; and,
    /// for who wants to know more, what that means and where it is written.
    pub(super) fn reasons(&self, card: &Card) -> Markup {
        let (voice, guide) = (self.voice, self.voice.guide);
        html! {
            div.why {
                ul {
                    @if let Some(rule) = card.rule { li { (voice.told(&guide.rules[rule].reason)) } }
                    @match card.target {
                        Target::Place(chosen) => {
                            @let why = belonging(self.piece, chosen);
                            @let (key, kilometres, from) = self.distance(chosen);
                            @let distance = [("km", Value::Plain(&kilometres)), ("commune", from)];
                            @let values = [("why", Value::Text(why, &[])), ("distance", Value::Text(key, &distance))];
                            li { (voice.say_with(Key::ReasonDistance, &values)) }
                        }
                        Target::Network if self.commune != OUTSIDE => li { (voice.say(Key::NoPlaceNear)) },
                        Target::Network | Target::Remote(_) => {}
                    }
                    // A rule says it better; what only completes another place has no rule of its own.
                    @if let (Some(network), None) = (card.network(guide), card.rule) {
                        li { (voice.told(&network.public)) }
                    }
                }
                p.services { (self.offered(card)) }
                (self.meaning(card))
            }
        }
    }

    /// What the services, the level and the distance mean, and the rule behind the reason.
    fn meaning(&self, card: &Card) -> Markup {
        let voice = self.voice;
        let title = if matches!(card.target, Target::Place(_)) { Key::WhyThisPlace } else { Key::Why };
        html! {
            details.meaning {
                summary { (voice.say(title)) (voice.about(self.name(card))) }
                @for service in &card.services { p { (voice.say(service_meaning(*service))) } }
                @for (level, key) in [(Level::One, Key::LevelOneMeaning), (Level::Two, Key::LevelTwoMeaning)] {
                    @if card.services.iter().any(|service| service.level() == level) { p { (voice.say(key)) } }
                }
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

    fn offered(&self, card: &Card) -> Markup {
        let names: Vec<Key> = card.services.iter().map(|service| service_name(*service)).collect();
        let level = Value::Text(level_name(&card.services), &[]);
        self.voice.say_with(Key::Offers, &[("services", Value::List(&names)), ("level", level)])
    }
}
