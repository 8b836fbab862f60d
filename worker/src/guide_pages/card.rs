//! One recommended place, network or remote service.

use super::page::Page;
use super::speech::Voice;
use maud::{Markup, html};
use shared::condition::Answers;
use shared::directory::RemoteService;
use shared::recommend::{Card, Chosen, Plan, Target, others};
use shared::snapshot::{DepartmentPiece, SnapshotId};
use shared::speech::Value;
use shared::texts::Key;
use shared::wording::{calling, distance, host, says_network};

/// What the sentences of a card depend on.
pub(super) struct Around<'a> {
    pub(super) voice: &'a Voice<'a>,
    pub(super) snapshot: &'a SnapshotId,
    pub(super) piece: &'a DepartmentPiece,
    /// INSEE code of the visitor's commune.
    pub(super) commune: &'a str,
    /// Its name.
    pub(super) name: Option<&'a str>,
    /// Today, as an ISO date.
    pub(super) today: &'a str,
    /// The answers that count, and what they decide.
    pub(super) answers: &'a Answers,
    pub(super) plan: &'a Plan,
}

impl<'a> Around<'a> {
    /// The same, said by another voice.
    pub(super) const fn said_by(&self, voice: &'a Voice<'a>) -> Self {
        let Self { snapshot, piece, commune, name, today, answers, plan, .. } = *self;
        Self { voice, snapshot, piece, commune, name, today, answers, plan }
    }
}

impl Around<'_> {
    /// A card with everything on it.
    pub(super) fn card(&self, card: &Card) -> Markup {
        html! { article.card { h3.name { (self.title(card)) } (self.body(card)) } }
    }

    /// A card for the sheet that the visitor takes along.
    pub(super) fn on_paper(&self, card: &Card) -> Markup {
        html! { div { p.place { bdi { (self.title(card)) } } (self.body(card)) } }
    }

    /// A card that opens: what it is and how far, then everything.
    pub(super) fn folded(&self, card: &Card) -> Markup {
        html! {
            details.card.complement {
                summary {
                    strong { (self.title(card)) }
                    @if let Target::Place(chosen) = card.target { " " (self.how_far(chosen)) }
                }
                (self.body(card))
            }
        }
    }

    fn title(&self, card: &Card) -> Markup {
        let (voice, guide) = (self.voice, self.voice.guide);
        match (card.target, card.network(guide)) {
            (Target::Place(chosen), _) => voice.french(&self.piece.places[chosen.place].name),
            (Target::Network, Some(network)) => voice.network_name(network),
            (Target::Network, None) => html! {},
            (Target::Remote(index), _) => voice.told(&guide.remote_services[index].name),
        }
    }

    /// The same, among the words of a link.
    pub(super) fn name(&self, card: &Card) -> Value<'_> {
        let guide = self.voice.guide;
        match card.target {
            Target::Place(chosen) => Value::French(&self.piece.places[chosen.place].name),
            Target::Network => Value::Told(card.network(guide).map_or("", |network| &network.name)),
            Target::Remote(index) => Value::Told(&guide.remote_services[index].name),
        }
    }

    fn body(&self, card: &Card) -> Markup {
        let (voice, guide) = (self.voice, self.voice.guide);
        let network = card.network(guide);
        let title = match self.name(card) {
            Value::French(name) | Value::Told(name) => name,
            _ => "",
        };
        html! {
            @if let Some(network) = network {
                @if !says_network(title, network) { p.network { (voice.network_name(network)) } }
                p { (voice.told(&network.description)) }
            }
            (self.reasons(card))
            @match card.target {
                Target::Place(chosen) => {
                    @let place = &self.piece.places[chosen.place];
                    (self.details(place))
                    (self.freshness(place))
                    (self.others(card))
                }
                Target::Network => {
                    p.ways {
                        @if let Some(phone) = network.and_then(|network| network.phone.as_ref()) { (phone_link(phone, &html! {})) " " }
                        @if let Some(website) = network.and_then(|network| network.website.as_ref()) { (voice.site(website)) }
                    }
                    @if let Some(hours) = network.and_then(|network| guide.hours_of(network)) { p.hint { (voice.told(hours)) } }
                }
                Target::Remote(index) => {
                    @let service = &guide.remote_services[index];
                    p { (voice.told(&service.description)) }
                    ul.remote { (voice.remote(service)) }
                }
            }
        }
    }

    /// The other places of the same network, for those who want a choice.
    fn others(&self, card: &Card) -> Markup {
        let voice = self.voice;
        let others = others(voice.guide, self.plan, self.answers, self.piece, self.commune, card);
        html! {
            @if !others.is_empty() {
                details.more.others {
                    summary { (voice.say(Key::OtherPlaces)) (voice.about(self.name(card))) }
                    ul {
                        @for chosen in others {
                            @let place = &self.piece.places[chosen.place];
                            li {
                                p { strong { (voice.french(&place.name)) } " " (self.how_far(chosen)) }
                                (self.address(place))
                                p { (self.phones(place)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn how_far(&self, chosen: Chosen) -> Markup {
        let (key, kilometres, from) = self.distance(chosen);
        let values = [("km", Value::Plain(&kilometres)), ("commune", from)];
        html! { span.hint { (self.voice.say_with(key, &values)) } }
    }

    /// How far a place is: the sentence, the kilometres, and from where.
    pub(super) fn distance(&self, chosen: Chosen) -> (Key, String, Value<'_>) {
        let key = distance(self.piece, self.commune, chosen);
        let from = self.name.map_or(Value::Text(Key::YourCommune, &[]), Value::French);
        (key, self.voice.texts.kilometres(key, chosen.distance.0), from)
    }
}

impl Voice<'_> {
    /// A remote service, as an item of a list.
    pub(super) fn remote(&self, service: &RemoteService<String>) -> Markup {
        html! {
            li {
                strong { (self.told(&service.name)) } " "
                span { (self.told(&service.description)) }
                p.ways {
                    @if let Some(phone) = &service.phone { (phone_link(phone, &html! {})) " " }
                    (self.site(&service.website))
                }
                @if let Some(hours) = &service.hours { p.hint { (self.told(hours)) } }
            }
        }
    }

    /// A link to a site, by itself.
    fn site(&self, address: &str) -> Markup {
        let host = [("host", Value::Typed(host(address)))];
        self.leaving("website", address, &self.say_with(Key::Site, &host), None)
    }

    /// A link that leaves the guide: it tells those who hear the page what it is about, where
    /// several say the same, and that it opens elsewhere.
    pub(super) fn leaving(&self, kind: &str, address: &str, words: &Markup, about: Option<Value>) -> Markup {
        let is_elsewhere = address.starts_with("http");
        html! {
            a href=(address) data-contact=(kind) target=[is_elsewhere.then_some("_blank")]
                rel=[is_elsewhere.then_some("noopener noreferrer")] {
                (words)
                @if let Some(about) = about { (self.about(about)) }
                @if is_elsewhere { span.unseen { " (" (self.say(Key::NewTab)) ")" } }
            }
        }
    }
}

/// A link that calls; `about` is what it says of itself where only links are heard.
pub(super) fn phone_link(phone: &str, about: &Markup) -> Markup {
    html! { a.phone dir="ltr" data-contact="phone" href=(calling(phone)) { (phone) (about) } }
}

impl Page<'_> {
    /// The answers, each with a way to change it.
    pub(super) fn your_answers(&self, commune: Option<&str>) -> Markup {
        let (voice, guide) = (&self.voice, self.voice.guide);
        html! {
            details.more {
                summary { (voice.say(Key::YourAnswers)) }
                ul.answers {
                    @for (index, choice) in self.visit.answered(guide) {
                        @let question = &guide.questions[index];
                        li {
                            span.asked { (voice.told(self.wording(question))) } " "
                            strong { (self.said_answer(question, &choice, commune)) } " "
                            button.button.quiet form="go" name="go" value={ "change." (question.id) } {
                                (voice.say(Key::Change)) (voice.about(Value::Told(self.wording(question))))
                            }
                        }
                    }
                }
            }
        }
    }
}
