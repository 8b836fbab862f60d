//! One recommended place, network or remote service.

use crate::dom::{El, drawing, drawn, el, link, pictogram};
use crate::page::Page;
use crate::speech::{Value, Values};
use crate::texts::Key;
use shared::condition::Answers;
use shared::decision::GuideService;
use shared::directory::Contact;
use shared::map::{Map, VIEW_BOX};
use shared::recommend::{Card, Chosen, Plan, Recommendation, Target, others};
use shared::snapshot::{DepartmentPiece, Place};
use shared::wording::{calling, distance, host, itinerary, says_network};

/// What of a card is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The distance, the links that lead there and why; address and hours are folded.
    First,
    /// The distance and the links that lead there.
    Second,
    /// All of it, without the distance and the links: they are beside it.
    Whole,
    /// The same, without what only serves on a screen.
    Paper,
}

/// What the sentences of a card depend on.
pub(crate) struct Around<'a> {
    pub(crate) page: &'a Page,
    pub(crate) piece: &'a DepartmentPiece,
    /// INSEE code of the visitor's commune.
    pub(crate) commune: &'a str,
    /// Its name, once it is there.
    pub(crate) name: Option<&'a str>,
    /// Today, as an ISO date.
    pub(crate) today: &'a str,
    /// The answers that count, and what they decide.
    pub(crate) answers: &'a Answers,
    pub(crate) plan: &'a Plan,
    /// What was found for them.
    pub(crate) found: &'a Recommendation,
}

impl Around<'_> {
    /// A card that begins with what is needed to go there, then says why; the rest is folded.
    pub(crate) fn card(&self, card: &Card) -> El {
        self.by_itself(card, Form::First)
    }

    /// The same for where one is received besides: its heading says why already.
    pub(crate) fn reception(&self, card: &Card) -> El {
        self.by_itself(card, Form::Second)
    }

    fn by_itself(&self, card: &Card, form: Form) -> El {
        let name = el("h3").class("name").maybe(self.pictogram(card).as_ref());
        let name = name.child(&self.title("span", "", card));
        el("article").class("card").child(&name).children(self.body(card, form))
    }

    /// A card for the sheet that the visitor takes along.
    pub(crate) fn on_paper(&self, card: &Card) -> El {
        let name = el("p").class("place").child(&self.title("bdi", "", card));
        el("div").child(&name).child(&self.reach(card, "")).children(self.body(card, Form::Paper))
    }

    /// A line of a list: what it is, how far, and how to reach it; it opens on everything.
    pub(crate) fn folded(&self, card: &Card) -> El {
        let summary = el("summary").maybe(self.pictogram(card).as_ref());
        let mut summary = summary.child(&self.title("strong", "", card));
        if let Target::Place(chosen) = card.target {
            summary = summary.text(" ").child(&self.how_far(chosen));
        }
        let all = el("details").child(&summary).children(self.body(card, Form::Whole));
        el("li").class("card complement").part("card complement").child(&all).child(&self.reach(card, ""))
    }

    /// A remote service, as an item of a list.
    pub(crate) fn remote(&self, service: &GuideService) -> El {
        let page = self.page;
        let item = el("li").child(&page.edition("strong", "", service.name)).text(" ").child(&page.edition(
            "span",
            "",
            service.description,
        ));
        let hours = service.hours.map(|hours| page.edition("p", "hint", hours));
        item.child(&self.reach_service(service, "")).maybe(hours.as_ref())
    }

    /// The way to the guide of a region that is not this one's.
    pub(crate) fn guide_of_region(&self, address: &str, region: &str) -> El {
        let values = [("elsewhere", Value::French(region))];
        let link = self.link("button", Key::ElsewhereGuide, &values, address, None);
        el("p").class("ways").child(&link.attr("part", "button").attr("data-contact", "website"))
    }

    /// The service of a region that is not the guide's.
    pub(crate) fn service_of_region(&self, service: &Contact) -> El {
        let name = service.name.as_deref().unwrap_or_default();
        let phones = service.phone.as_slice();
        let ways = self.ways("button", phones, None, service.website.as_ref(), Value::French(name));
        el("article").class("card").child(&self.page.name("h3", "name", name)).child(&ways)
    }

    /// The drawing of what a card leads to.
    fn pictogram(&self, card: &Card) -> Option<El> {
        pictogram(card.network(&self.page.guide)?.pictogram.as_ref())
    }

    fn title(&self, tag: &str, class: &str, card: &Card) -> El {
        let (page, guide) = (self.page, &self.page.guide);
        match (card.target, card.network(guide)) {
            (Target::Place(chosen), _) => page.name(tag, class, &self.piece.places[chosen.place].name),
            (Target::Network, Some(network)) => page.network_name(tag, class, network),
            (Target::Network, None) => el(tag),
            (Target::Remote(index), _) => page.edition(tag, class, guide.remote_services[index].name),
        }
    }

    /// The same, among the words of a link.
    pub(crate) fn name(&self, card: &Card) -> Value<'_> {
        let guide = &self.page.guide;
        match card.target {
            Target::Place(chosen) => Value::French(&self.piece.places[chosen.place].name),
            Target::Network => Value::Told(card.network(guide).map_or("", |network| guide.name_of(network))),
            Target::Remote(index) => Value::Told(guide.text(guide.remote_services[index].name)),
        }
    }

    /// What a card says under its title.
    fn body(&self, card: &Card, form: Form) -> Vec<El> {
        let (page, guide) = (self.page, &self.page.guide);
        let by_itself = matches!(form, Form::First | Form::Second);
        let mut nodes: Vec<El> = Vec::new();
        let network = card.network(guide);
        if let Some(network) = network {
            let says_it = match self.name(card) {
                Value::French(name) | Value::Told(name) => says_network(name, guide.name_of(network)),
                _ => false,
            };
            if !says_it {
                nodes.push(page.network_name("p", "network", network));
            }
        }
        let mut hours = None;
        let mut place = None;
        match card.target {
            Target::Place(chosen) => {
                let found = &self.piece.places[chosen.place];
                if by_itself {
                    nodes.push(self.away(chosen));
                }
                nodes.extend(self.now(found).or_else(|| self.no_hours(found)));
                place = Some(found);
            }
            Target::Network => hours = network.and_then(|network| guide.hours_of(network)),
            Target::Remote(index) => hours = guide.remote_services[index].hours,
        }
        nodes.extend(hours.map(|hours| page.edition("p", "hint", hours)));
        if by_itself {
            nodes.push(self.reach(card, "button"));
        }
        let mut rest = vec![self.reasons(card)];
        if let Some(place) = place {
            let mut details = vec![self.details(place), self.freshness(place)];
            if form != Form::Paper {
                details.insert(1, self.keep(place, &details[0]));
                details.extend(self.report(place));
            }
            match form {
                Form::First => {
                    let map = self.map();
                    let title = if map.is_some() { Key::PlaceDetailsMap } else { Key::PlaceDetails };
                    rest.push(self.fold(title, card, details));
                    rest.extend(map);
                }
                Form::Second | Form::Whole | Form::Paper => rest.extend(details),
            }
        }
        let preparation = self.preparation(card);
        match form {
            Form::Paper => rest.extend(preparation),
            Form::First if !preparation.is_empty() => rest.push(self.fold(Key::Prepare, card, preparation)),
            _ => {}
        }
        rest.extend(self.others(card));
        match form {
            Form::Second => nodes.push(self.fold(Key::PlaceDetails, card, rest)),
            Form::First | Form::Whole | Form::Paper => nodes.extend(rest),
        }
        nodes
    }

    /// Where the first place is, as a picture with words that say the same.
    #[inline(never)]
    fn map(&self) -> Option<El> {
        let page = self.page;
        let Target::Place(chosen) = self.found.main.target else { return None };
        let map = Map::new(self.piece, self.commune, self.name, self.found)?;
        let mut parts = Vec::new();
        for (class, lines) in &map.paths {
            parts.push(drawn("path").class(class).attr("d", lines));
        }
        for label in &map.labels {
            parts.push(drawn("text").attr("x", &label.x).attr("y", &label.y).text(&label.text).verbatim());
        }
        let ((key, kilometres), scale) = (self.distance(chosen), map.scale.to_string());
        let distance = [("km", Value::Plain(&kilometres))];
        let values = [
            ("commune", self.from()),
            ("direction", Value::Text(map.direction, &[])),
            ("distance", Value::Text(key, &distance)),
            ("km", Value::Plain(&scale)),
        ];
        let said = page.say_with("p", "hint", Key::Map, &values);
        Some(el("div").class("map").child(&drawing("", VIEW_BOX, parts)).child(&said))
    }

    /// What to say on the phone and what to bring.
    fn preparation(&self, card: &Card) -> Vec<El> {
        let (page, guide) = (self.page, &self.page.guide);
        let Some(index) = guide.preparation(card.network) else { return Vec::new() };
        let preparation = &guide.preparations[index];
        let mut nodes = vec![page.say("p", "label", Key::PrepareSay), page.edition("p", "", preparation.say)];
        // Who answers speaks French: whoever does not can read it aloud, or show it.
        if let Some(words) = guide.texts.say_in_french.get(index) {
            nodes.push(page.say("p", "label", Key::InFrench));
            nodes.push(page.french("p", "", words).verbatim());
        }
        nodes.push(page.say("p", "label", Key::PrepareBring));
        nodes.push(page.edition("p", "", preparation.bring));
        nodes
    }

    /// « Adresse, horaires » and the like, to open.
    #[inline(never)]
    fn fold(&self, title: Key, card: &Card, nodes: Vec<El>) -> El {
        let summary = self.page.say("summary", "", title);
        let summary = summary.child(&self.page.about(self.name(card)));
        el("details").class("more").part("more").child(&summary).children(nodes)
    }

    /// How to reach what a card leads to.
    fn reach(&self, card: &Card, class: &str) -> El {
        match card.target {
            Target::Place(chosen) => self.reach_place(&self.piece.places[chosen.place], class),
            Target::Network => {
                let network = card.network(&self.page.guide);
                let phone = network.map_or(&[][..], |network| network.phone.as_slice());
                let website = network.and_then(|network| network.website.as_ref());
                self.ways(class, phone, None, website, self.name(card))
            }
            Target::Remote(index) => self.reach_service(&self.page.guide.remote_services[index], class),
        }
    }

    fn reach_service(&self, service: &GuideService, class: &str) -> El {
        let name = Value::Told(self.page.guide.text(service.name));
        self.ways(class, service.phone.as_slice(), None, Some(&service.website), name)
    }

    /// The site of a place is among the ways to reach it where there is no phone.
    pub(crate) fn reach_place(&self, place: &Place, class: &str) -> El {
        let website = place.website.as_ref().filter(|_| place.phones.is_empty());
        self.ways(class, &place.phones, Some(&itinerary(place)), website, Value::French(&place.name))
    }

    /// The links that lead somewhere: they look like buttons where `class` says so.
    fn ways(
        &self,
        class: &str,
        phones: &[String],
        way: Option<&str>,
        website: Option<&String>,
        name: Value,
    ) -> El {
        let mut ways = el("p").class("ways");
        let mut add = |kind: &str, key: Key, values: Values, address: &str| {
            let link = self.link(class, key, values, address, Some(name)).attr("data-contact", kind);
            ways = ways.clone().text(" ").child(&link.attr_if(!class.is_empty(), "part", class));
        };
        for phone in phones {
            add("phone", Key::Call, &[("phone", Value::Typed(phone))], &calling(phone));
        }
        if let Some(way) = way {
            add("itinerary", Key::Itinerary, &[], way);
        }
        if let Some(website) = website {
            add("website", Key::Site, &[("host", Value::Typed(host(website)))], website);
        }
        ways
    }

    /// The other places of the same network, for those who want a choice.
    fn others(&self, card: &Card) -> Option<El> {
        let page = self.page;
        let others = others(&page.guide, self.plan, self.answers, self.piece, self.commune, card);
        if others.is_empty() {
            return None;
        }
        let items = others.into_iter().map(|chosen| {
            let place = &self.piece.places[chosen.place];
            let head = el("p").child(&page.name("strong", "", &place.name)).text(" ");
            el("li")
                .child(&head.child(&self.how_far(chosen)))
                .child(&self.address(place))
                .child(&self.reach_place(place, ""))
                .maybe(self.now(place).as_ref())
        });
        let summary = page.say("summary", "", Key::OtherPlaces).child(&page.about(self.name(card)));
        let list = el("ul").children(items.collect());
        Some(el("details").class("more others").part("more").child(&summary).child(&list))
    }

    /// How far a place is.
    fn how_far(&self, chosen: Chosen) -> El {
        let (key, kilometres) = self.distance(chosen);
        self.page.say_with("span", "hint", key, &[("km", Value::Plain(&kilometres))])
    }

    /// The same with what is measured, and from where.
    fn away(&self, chosen: Chosen) -> El {
        let (key, kilometres) = self.distance(chosen);
        let distance = [("km", Value::Plain(&kilometres))];
        if key == Key::DistanceHere {
            return self.page.say("p", "where", key);
        }
        let values = [("distance", Value::Text(key, &distance)), ("commune", self.from())];
        self.page.say_with("p", "where", Key::DistanceFrom, &values)
    }

    /// What a distance begins at.
    fn from(&self) -> Value<'_> {
        self.name.map_or(Value::Text(Key::YourCommune, &[]), Value::French)
    }

    fn distance(&self, chosen: Chosen) -> (Key, String) {
        let key = distance(self.piece, self.commune, chosen);
        (key, self.page.texts.kilometres(key, chosen.distance.0))
    }

    /// A link that says a text of ours.
    pub(crate) fn link(
        &self,
        class: &str,
        key: Key,
        values: Values,
        address: &str,
        about: Option<Value>,
    ) -> El {
        self.leaving(self.page.say_with("a", class, key, values), address, about)
    }

    /// Tells those who hear the page what a link is about where several say the same, and
    /// that it opens elsewhere.
    pub(crate) fn leaving(&self, a: El, address: &str, about: Option<Value>) -> El {
        let a = link(a, address);
        let a = match about {
            Some(about) => a.child(&self.page.about(about)),
            None => a,
        };
        if address.starts_with("http") {
            let tab = self.page.say("span", "", Key::NewTab);
            a.child(&el("span").class("unseen").text(" (").child(&tab).text(")"))
        } else {
            a
        }
    }
}
