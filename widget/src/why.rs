//! Why a card is there.

use crate::card::Around;
use crate::dom::{El, el};
use crate::speech::Value;
use crate::texts::Key;
use shared::directory::{CepOperator, Level, Service};
use shared::recommend::{Card, Target};
use shared::visit::OUTSIDE;
use shared::wording::{belonging, level_name, place_source, service_meaning, service_name};

impl Around<'_> {
    /// Why this one: the rule, then competence or distance, then whom the network serves; and,
    /// for who wants to know more, what that means and where it is written.
    pub(crate) fn reasons(&self, card: &Card) -> El {
        let (page, guide) = (self.page, &self.page.guide);
        let mut reasons: Vec<El> = Vec::new();
        if let Some(rule) = card.rule {
            reasons.push(page.told("li", "", &guide.rules[rule].reason));
        }
        match card.target {
            Target::Place(chosen) => {
                let why = belonging(self.piece, chosen);
                let (key, meters, name) = self.distance(chosen);
                let distance = [("km", Value::Plain(&meters)), ("commune", name)];
                let values = [("why", Value::Text(why, &[])), ("distance", Value::Text(key, &distance))];
                reasons.push(page.say_with("li", "", Key::ReasonDistance, &values));
            }
            Target::Network if self.commune != OUTSIDE => {
                reasons.push(page.say("li", "", Key::NoPlaceNear));
            }
            Target::Network | Target::Remote(_) => {}
        }
        // A rule says it better; what only completes another place has no rule of its own.
        if let (Some(network), None) = (card.network(guide), card.rule) {
            reasons.push(page.told("li", "", &network.public));
        }
        el("div")
            .class("why")
            .part("why")
            .child(&el("ul").children(reasons))
            .child(&self.services(&card.services))
            .child(&self.meaning(card))
    }

    /// What the services, the level and the distance mean, and the rule behind the reason.
    fn meaning(&self, card: &Card) -> El {
        let page = self.page;
        let title = if matches!(card.target, Target::Place(_)) { Key::WhyThisPlace } else { Key::Why };
        let mut nodes = vec![page.say("summary", "", title).child(&page.about(self.name(card)))];
        nodes.extend(card.services.iter().map(|service| page.say("p", "", service_meaning(*service))));
        for (level, key) in [(Level::One, Key::LevelOneMeaning), (Level::Two, Key::LevelTwoMeaning)] {
            if card.services.iter().any(|service| service.level() == level) {
                nodes.push(page.say("p", "", key));
            }
        }
        match card.network(&page.guide).map(|network| network.cep_operator) {
            Some(CepOperator::ByLaw) => nodes.push(page.say("p", "", Key::CepByLaw)),
            Some(CepOperator::ByRegion) => nodes.push(page.say("p", "", Key::CepByRegion)),
            Some(CepOperator::No) | None => {}
        }
        if let Target::Place(chosen) = card.target {
            nodes.push(page.say("p", "", Key::DistanceNote));
            if self.piece.places[chosen.place].position.approximate {
                nodes.push(page.say("p", "", Key::ApproximateNote));
            }
            if let Some(source) = place_source(&self.piece.places[chosen.place]) {
                let source = [("source", Value::French(&source))];
                nodes.push(page.say_with("p", "", Key::PlaceSource, &source));
            }
        }
        if let Some(rule) = card.rule {
            let rule = &page.guide.rules[rule];
            let source = self.link("source", Key::RuleSource, &[], &rule.source, Some(self.name(card)));
            nodes.push(el("p").child(&source));
            if !rule.verified {
                nodes.push(page.say("p", "", Key::RuleUnverified));
            }
            let id = [("id", Value::Typed(&rule.id))];
            nodes.push(page.say_with("p", "hint", Key::RuleId, &id));
        }
        el("details").class("meaning").part("more").children(nodes)
    }

    fn services(&self, services: &[Service]) -> El {
        let level = level_name(services);
        let names: Vec<Key> = services.iter().map(|service| service_name(*service)).collect();
        let values = [("services", Value::List(&names)), ("level", Value::Text(level, &[]))];
        self.page.say_with("p", "services", Key::Offers, &values)
    }
}
