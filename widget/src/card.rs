//! One recommended place, network or remote service.

use crate::dom::{El, el, link, text};
use crate::page::Page;
use crate::speech::{Value, Values};
use crate::texts::Key;
use shared::condition::Answers;
use shared::directory::RemoteService;
use shared::recommend::{Card, Chosen, Plan, Target, others};
use shared::snapshot::DepartmentPiece;
use shared::wording::{calling, distance, host, says_network};

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
}

impl Around<'_> {
    /// A card with everything on it.
    pub(crate) fn card(&self, card: &Card) -> El {
        el("article").class("card").child(&self.title("h3", "name", card)).children(self.body(card))
    }

    /// A card for the sheet that the visitor takes along.
    pub(crate) fn on_paper(&self, card: &Card) -> El {
        let name = el("p").class("place").child(&self.title("bdi", "", card));
        el("div").child(&name).children(self.body(card))
    }

    /// A card that opens: what it is and how far, then everything.
    pub(crate) fn folded(&self, card: &Card) -> El {
        let mut summary = el("summary").child(&self.title("strong", "", card));
        if let Target::Place(chosen) = card.target {
            let (key, meters, name) = self.distance(chosen);
            let values = [("km", Value::Plain(&meters)), ("commune", name)];
            summary = summary.text(" ").child(&self.page.say_with("span", "hint", key, &values));
        }
        el("details").class("card").part("card complement").child(&summary).children(self.body(card))
    }

    /// A remote service, as an item of a list.
    pub(crate) fn remote(&self, service: &RemoteService<String>) -> El {
        let page = self.page;
        let item = el("li").child(&page.told("strong", "", &service.name)).text(" ").child(&page.told(
            "span",
            "",
            &service.description,
        ));
        let mut ways = el("p").class("ways");
        if let Some(phone) = &service.phone {
            ways = ways.child(&phone_link(phone)).text(" ");
        }
        ways = ways.child(&self.site(&service.website));
        let hours = service.hours.as_ref().map(|hours| page.told("p", "hint", hours));
        item.child(&ways).maybe(hours.as_ref())
    }

    fn title(&self, tag: &str, class: &str, card: &Card) -> El {
        let (page, guide) = (self.page, &self.page.guide);
        match (card.target, card.network(guide)) {
            (Target::Place(chosen), _) => page.french(tag, class, &self.piece.places[chosen.place].name),
            (Target::Network, Some(network)) => page.network_name(tag, class, network),
            (Target::Network, None) => el(tag),
            (Target::Remote(index), _) => page.told(tag, class, &guide.remote_services[index].name),
        }
    }

    /// The same, among the words of a link.
    pub(crate) fn name(&self, card: &Card) -> Value<'_> {
        let guide = &self.page.guide;
        match card.target {
            Target::Place(chosen) => Value::French(&self.piece.places[chosen.place].name),
            Target::Network => Value::Told(card.network(guide).map_or("", |network| &network.name)),
            Target::Remote(index) => Value::Told(&guide.remote_services[index].name),
        }
    }

    fn body(&self, card: &Card) -> Vec<El> {
        let guide = &self.page.guide;
        let mut nodes: Vec<El> = Vec::new();
        let network = card.network(guide);
        if let Some(network) = network {
            let says_it = match self.name(card) {
                Value::French(name) | Value::Told(name) => says_network(name, network),
                _ => false,
            };
            if !says_it {
                nodes.push(self.page.network_name("p", "network", network));
            }
            nodes.push(self.page.told("p", "", &network.description));
        }
        nodes.push(self.reasons(card));
        match card.target {
            Target::Place(chosen) => {
                let place = &self.piece.places[chosen.place];
                nodes.push(self.details(place));
                nodes.push(self.freshness(place));
                nodes.extend(self.others(card));
            }
            Target::Network => {
                let mut ways = el("p").class("ways");
                if let Some(phone) = network.and_then(|network| network.phone.as_ref()) {
                    ways = ways.child(&phone_link(phone)).text(" ");
                }
                if let Some(website) = network.and_then(|network| network.website.as_ref()) {
                    ways = ways.child(&self.site(website));
                }
                nodes.push(ways);
                let hours = network.and_then(|network| guide.hours_of(network));
                nodes.extend(hours.map(|hours| self.page.told("p", "hint", hours)));
            }
            Target::Remote(index) => {
                let service = &guide.remote_services[index];
                nodes.push(self.page.told("p", "", &service.description));
                nodes.push(el("ul").class("remote").child(&self.remote(service)));
            }
        }
        nodes
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
            let (key, meters, name) = self.distance(chosen);
            let distance = [("km", Value::Plain(&meters)), ("commune", name)];
            let distance = page.say_with("span", "hint", key, &distance);
            let name = page.french("strong", "", &place.name);
            let head = el("p").child(&name).text(" ").child(&distance);
            el("li")
                .child(&head)
                .child(&self.address(place))
                .child(&self.phones("p", place))
                .maybe(self.now(place).as_ref())
        });
        let summary = page.say("summary", "", Key::OtherPlaces).child(&page.about(self.name(card)));
        let list = el("ul").children(items.collect());
        Some(el("details").class("more others").part("more").child(&summary).child(&list))
    }

    /// How far a place is: the sentence, the kilometres, and from where.
    pub(crate) fn distance(&self, chosen: Chosen) -> (Key, String, Value<'_>) {
        let key = distance(self.piece, self.commune, chosen);
        let from = self.name.map_or(Value::Text(Key::YourCommune, &[]), Value::French);
        (key, self.page.texts.kilometres(key, chosen.distance.0), from)
    }

    /// A link to a site, by itself.
    fn site(&self, address: &str) -> El {
        let host = [("host", Value::Typed(host(address)))];
        self.link("", Key::Site, &host, address, None).attr("data-contact", "website")
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

/// A link that calls.
pub(crate) fn phone_link(phone: &str) -> El {
    let number = text("a", "phone", phone).attr("dir", "ltr").attr("data-contact", "phone");
    link(number, &calling(phone))
}
