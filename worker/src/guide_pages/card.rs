//! One recommended place, network or remote service.

use super::page::Page;
use super::speech::Voice;
use maud::{Markup, html};
use shared::condition::Answers;
use shared::decision::GuideService;
use shared::directory::Contact;
use shared::map::{Map, VIEW_BOX};
use shared::recommend::{Card, Chosen, Plan, Recommendation, Target, others};
use shared::snapshot::{DepartmentPiece, Place, SnapshotId, TerritoryCard};
use shared::speech::{Value, Values};
use shared::texts::Key;
use shared::wording::{calling, distance, host, itinerary, says_network};

/// What of a card is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The distance, the links that lead there and why; address and hours are folded.
    First,
    /// The distance and the links that lead there. Of a place.
    Second,
    /// All of it, without the distance and the links: they are beside it.
    Whole,
    /// The same, without what only serves on a screen.
    Paper,
}

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
    /// What was found for them.
    pub(super) found: &'a Recommendation,
    /// Whether this deployment takes reports of errors.
    pub(super) reports: bool,
}

impl<'a> Around<'a> {
    /// The same, said by another voice.
    pub(super) const fn said_by(&self, voice: &'a Voice<'a>) -> Self {
        let Self { snapshot, piece, commune, name, today, answers, plan, found, reports, .. } = *self;
        Self { voice, snapshot, piece, commune, name, today, answers, plan, found, reports }
    }
}

impl Around<'_> {
    /// A card that begins with what is needed to go there, then says why; the rest is folded.
    pub(super) fn card(&self, card: &Card) -> Markup {
        self.by_itself(card, Form::First)
    }

    /// The same for where one is received besides: its heading says why already.
    pub(super) fn reception(&self, card: &Card) -> Markup {
        self.by_itself(card, Form::Second)
    }

    fn by_itself(&self, card: &Card, form: Form) -> Markup {
        html! { article.card { h3.name { (self.pictogram(card)) (self.title(card)) } (self.body(card, form)) } }
    }

    /// A card for the sheet that the visitor takes along.
    pub(super) fn on_paper(&self, card: &Card) -> Markup {
        html! { div { p.place { bdi { (self.title(card)) } } (self.reach(card, "")) (self.body(card, Form::Paper)) } }
    }

    /// A line of a list: what it is, how far, and how to reach it; it opens on everything.
    pub(super) fn folded(&self, card: &Card) -> Markup {
        html! {
            li.card.complement {
                details {
                    summary {
                        (self.pictogram(card))
                        strong { (self.title(card)) }
                        @if let Target::Place(chosen) = card.target { " " (self.how_far(chosen)) }
                    }
                    (self.body(card, Form::Whole))
                }
                (self.reach(card, ""))
            }
        }
    }

    /// The drawing of what a card leads to.
    fn pictogram(&self, card: &Card) -> Markup {
        pictogram(card.network(self.voice.guide).and_then(|network| network.pictogram.as_ref()))
    }

    fn title(&self, card: &Card) -> Markup {
        let (voice, guide) = (self.voice, self.voice.guide);
        match (card.target, card.network(guide)) {
            (Target::Place(chosen), _) => voice.name(&self.piece.places[chosen.place].name),
            (Target::Network, Some(network)) => voice.network_name(network),
            (Target::Network, None) => html! {},
            (Target::Remote(index), _) => voice.edition(guide.remote_services[index].name),
        }
    }

    /// The same, among the words of a link.
    pub(super) fn name(&self, card: &Card) -> Value<'_> {
        let guide = self.voice.guide;
        match card.target {
            Target::Place(chosen) => Value::French(&self.piece.places[chosen.place].name),
            Target::Network => Value::Told(card.network(guide).map_or("", |network| guide.name_of(network))),
            Target::Remote(index) => Value::Told(guide.text(guide.remote_services[index].name)),
        }
    }

    /// What a card says under its title.
    fn body(&self, card: &Card, form: Form) -> Markup {
        let by_itself = matches!(form, Form::First | Form::Second);
        let (voice, guide) = (self.voice, self.voice.guide);
        let network = card.network(guide);
        let title = match self.name(card) {
            Value::French(name) | Value::Told(name) => name,
            _ => "",
        };
        let place = match card.target {
            Target::Place(chosen) => Some(&self.piece.places[chosen.place]),
            Target::Network | Target::Remote(_) => None,
        };
        html! {
            @if let Some(network) = network {
                @if !says_network(title, guide.name_of(network)) { p.network { (voice.network_name(network)) } }
            }
            @match card.target {
                Target::Place(chosen) => {
                    @if by_itself { (self.away(chosen)) }
                    (self.today(&self.piece.places[chosen.place]))
                }
                Target::Network => {
                    @if let Some(hours) = network.and_then(|network| guide.hours_of(network)) { p.hint { (voice.edition(hours)) } }
                }
                Target::Remote(index) => {
                    @if let Some(hours) = guide.remote_services[index].hours { p.hint { (voice.edition(hours)) } }
                }
            }
            @if by_itself { (self.reach(card, "button")) }
            @match (form, place) {
                (Form::First, Some(place)) => {
                    @let map = self.map();
                    @let title = if map.is_some() { Key::PlaceDetailsMap } else { Key::PlaceDetails };
                    (self.reasons(card))
                    (self.fold(title, card, &html! { (self.details(place)) (self.keep(place)) (self.freshness(place)) (self.report(place)) }))
                    @if let Some(map) = map { (map) }
                    (self.prepare(card, form))
                    (self.others(card))
                }
                (Form::Second, _) => { (self.fold(Key::PlaceDetails, card, &self.rest(card, place, form))) }
                (Form::First | Form::Whole | Form::Paper, _) => { (self.rest(card, place, form)) }
            }
        }
    }

    /// Why, address and hours, and the other places.
    fn rest(&self, card: &Card, place: Option<&Place>, form: Form) -> Markup {
        html! {
            (self.reasons(card))
            @if let Some(place) = place {
                (self.details(place))
                @if form != Form::Paper { (self.keep(place)) }
                (self.freshness(place))
                @if form != Form::Paper { (self.report(place)) }
            }
            (self.prepare(card, form))
            (self.others(card))
        }
    }

    /// Where the first place is, as a picture with words that say the same.
    fn map(&self) -> Option<Markup> {
        let voice = self.voice;
        let Target::Place(chosen) = self.found.main.target else { return None };
        let map = Map::new(self.piece, self.commune, self.name, self.found)?;
        let ((key, kilometres), scale) = (self.distance(chosen), map.scale.to_string());
        let distance = [("km", Value::Plain(&kilometres))];
        let values = [
            ("commune", self.from()),
            ("direction", Value::Text(map.direction, &[])),
            ("distance", Value::Text(key, &distance)),
            ("km", Value::Plain(&scale)),
        ];
        Some(html! {
            div.map {
                svg viewBox=(VIEW_BOX) aria-hidden="true" {
                    @for (class, lines) in &map.paths { path class=(class) d=(lines) {} }
                    @for label in &map.labels { text x=(label.x) y=(label.y) translate="no" { (label.text) } }
                }
                p.hint { (voice.say_with(Key::Map, &values)) }
            }
        })
    }

    /// What to say on the phone and what to bring: folded beside the first place, open on paper.
    fn prepare(&self, card: &Card, form: Form) -> Markup {
        let (voice, guide) = (self.voice, self.voice.guide);
        let Some(index) = guide.preparation(card.network) else { return html! {} };
        let preparation = &guide.preparations[index];
        let words = html! {
            p.label { (voice.say(Key::PrepareSay)) }
            p { (voice.edition(preparation.say)) }
            // Who answers speaks French: whoever does not can read it aloud, or show it.
            @if let Some(words) = guide.texts.say_in_french.get(index) {
                p.label { (voice.say(Key::InFrench)) }
                p translate="no" { (voice.french(words)) }
            }
            p.label { (voice.say(Key::PrepareBring)) }
            p { (voice.edition(preparation.bring)) }
        };
        match form {
            Form::First => self.fold(Key::Prepare, card, &words),
            Form::Paper => words,
            Form::Second | Form::Whole => html! {},
        }
    }

    /// « Adresse, horaires » and the like, to open.
    fn fold(&self, title: Key, card: &Card, inside: &Markup) -> Markup {
        let voice = self.voice;
        html! {
            details.more {
                summary { (voice.say(title)) (voice.about(self.name(card))) }
                (inside)
            }
        }
    }

    /// How to reach what a card leads to. The links look like buttons where `class` says so.
    fn reach(&self, card: &Card, class: &str) -> Markup {
        let guide = self.voice.guide;
        match card.target {
            Target::Place(chosen) => self.reach_place(&self.piece.places[chosen.place], class),
            Target::Network => {
                let network = card.network(guide);
                let phone = network.and_then(|network| network.phone.as_ref());
                let website = network.and_then(|network| network.website.as_ref());
                self.voice.ways(class, phone, None, website, self.name(card))
            }
            Target::Remote(index) => self.voice.reach_service(&guide.remote_services[index], class),
        }
    }

    /// The site of a place is among the ways to reach it where there is no phone.
    pub(super) fn reach_place(&self, place: &Place, class: &str) -> Markup {
        let website = place.website.as_ref().filter(|_| place.phones.is_empty());
        self.voice.ways(class, &place.phones, Some(&itinerary(place)), website, Value::French(&place.name))
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
                                p { strong { (voice.name(&place.name)) } " " (self.how_far(chosen)) }
                                (self.address(place))
                                (self.reach_place(place, ""))
                            }
                        }
                    }
                }
            }
        }
    }

    /// How far a place is.
    fn how_far(&self, chosen: Chosen) -> Markup {
        let (key, kilometres) = self.distance(chosen);
        html! { span.hint { (self.voice.say_with(key, &[("km", Value::Plain(&kilometres))])) } }
    }

    /// The same with what is measured, and from where.
    fn away(&self, chosen: Chosen) -> Markup {
        let (key, kilometres) = self.distance(chosen);
        let distance = [("km", Value::Plain(&kilometres))];
        let values = [("distance", Value::Text(key, &distance)), ("commune", self.from())];
        html! {
            p.where {
                @if key == Key::DistanceHere { (self.voice.say(key)) }
                @else { (self.voice.say_with(Key::DistanceFrom, &values)) }
            }
        }
    }

    /// What a distance begins at.
    fn from(&self) -> Value<'_> {
        self.name.map_or(Value::Text(Key::YourCommune, &[]), Value::French)
    }

    fn distance(&self, chosen: Chosen) -> (Key, String) {
        let key = distance(self.piece, self.commune, chosen);
        (key, self.voice.texts.kilometres(key, chosen.distance.0))
    }
}

/// What is drawn beside the words of a choice or of a card.
pub(super) fn pictogram(lines: Option<&String>) -> Markup {
    html! {
        @if let Some(lines) = lines {
            svg.pictogram viewBox="0 0 24 24" aria-hidden="true" { path d=(lines) {} }
        }
    }
}

impl Voice<'_> {
    /// A remote service, as an item of a list.
    pub(super) fn remote(&self, service: &GuideService) -> Markup {
        html! {
            li {
                strong { (self.edition(service.name)) } " "
                span { (self.edition(service.description)) }
                (self.reach_service(service, ""))
                @if let Some(hours) = service.hours { p.hint { (self.edition(hours)) } }
            }
        }
    }

    /// The way to the guide of a region that is not this one's.
    pub(super) fn guide_of_region(&self, region: &TerritoryCard) -> Markup {
        let words = self.say_with(Key::ElsewhereGuide, &[("elsewhere", Value::French(&region.name))]);
        html! {
            @if let Some(guide) = &region.guide {
                p.ways { (self.leaving_as("button", "website", guide, &words, None)) }
            }
        }
    }

    /// The service of a region that is not the guide's.
    pub(super) fn service_of_region(&self, service: &Contact) -> Markup {
        let name = service.name.as_deref().unwrap_or_default();
        html! {
            article.card {
                h3.name { (self.name(name)) }
                (self.ways("button", service.phone.as_ref(), None, service.website.as_ref(), Value::French(name)))
            }
        }
    }

    fn reach_service(&self, service: &GuideService, class: &str) -> Markup {
        self.ways(
            class,
            service.phone.as_ref(),
            None,
            Some(&service.website),
            Value::Told(self.guide.text(service.name)),
        )
    }

    /// The links that lead somewhere.
    fn ways<'b>(
        &self,
        class: &str,
        phones: impl IntoIterator<Item = &'b String>,
        way: Option<&str>,
        website: Option<&String>,
        name: Value,
    ) -> Markup {
        let link = |kind, key, values: Values, address: &str| {
            self.leaving_as(class, kind, address, &self.say_with(key, values), Some(name))
        };
        html! {
            p.ways {
                @for phone in phones { (link("phone", Key::Call, &[("phone", Value::Typed(phone))], &calling(phone))) " " }
                @if let Some(way) = way { (link("itinerary", Key::Itinerary, &[], way)) " " }
                @if let Some(website) = website { (link("website", Key::Site, &[("host", Value::Typed(host(website)))], website)) }
            }
        }
    }

    /// A link that leaves the guide: it tells those who hear the page what it is about, where
    /// several say the same, and that it opens elsewhere.
    pub(super) fn leaving(&self, kind: &str, address: &str, words: &Markup, about: Option<Value>) -> Markup {
        self.leaving_as("", kind, address, words, about)
    }

    fn leaving_as(
        &self,
        class: &str,
        kind: &str,
        address: &str,
        words: &Markup,
        about: Option<Value>,
    ) -> Markup {
        let is_elsewhere = address.starts_with("http");
        html! {
            a class=[(!class.is_empty()).then_some(class)] href=(address) data-contact=(kind) target=[is_elsewhere.then_some("_blank")]
                rel=[is_elsewhere.then_some("noopener noreferrer")] {
                (words)
                @if let Some(about) = about { (self.about(about)) }
                @if is_elsewhere { span.unseen { " (" (self.say(Key::NewTab)) ")" } }
            }
        }
    }
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
