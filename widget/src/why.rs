//! Why a card is there.

use crate::card::Around;
use crate::dom::{El, el};
use crate::speech::Value;
use crate::texts::Key;
use shared::directory::{CepOperator, Service};
use shared::recommend::{Card, Target};
use shared::visit::OUTSIDE;
use shared::wording::{belonging, place_source, service_meaning, service_name};

impl Around<'_> {
    /// Why this one, in a sentence: the rule, or whom the network serves where none led here;
    /// and, for who wants to know more, what is there, what that means and where it is written.
    pub(crate) fn reasons(&self, card: &Card) -> El {
        let (page, guide) = (self.page, &self.page.guide);
        let reason = match (card.rule, card.network(guide)) {
            (Some(rule), _) => Some(guide.rules[rule].reason),
            (None, network) => network.map(|network| network.public),
        };
        let mut why = el("div").class("why").part("why");
        if let Some(reason) = reason {
            why = why.child(&page.edition("p", "reason", reason));
        }
        why.child(&self.meaning(card))
    }

    /// What is there, what the services and the distance mean, and the rule behind the reason.
    fn meaning(&self, card: &Card) -> El {
        let (page, guide) = (self.page, &self.page.guide);
        let mut nodes = vec![page.say("summary", "", Key::Why).child(&page.about(self.name(card)))];
        nodes.extend(card.network(guide).map(|network| page.edition("p", "", network.description)));
        match card.target {
            Target::Place(chosen) => nodes.push(page.say("p", "", belonging(self.piece, chosen))),
            Target::Network if self.commune != OUTSIDE => nodes.push(page.say("p", "", Key::NoPlaceNear)),
            Target::Network => {}
            Target::Remote(index) => {
                nodes.push(page.edition("p", "", guide.remote_services[index].description));
            }
        }
        nodes.push(self.services(&card.services));
        nodes.extend(card.services.iter().map(|service| page.say("p", "", service_meaning(*service))));
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

    /// What is offered there.
    fn services(&self, services: &[Service]) -> El {
        let names: Vec<Key> = services.iter().map(|service| service_name(*service)).collect();
        self.page.say_with("p", "services", Key::Offers, &[("services", Value::List(&names))])
    }
}
