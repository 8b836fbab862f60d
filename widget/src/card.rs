//! One recommended place, network or remote service.

use crate::dom::{El, el, link, text};
use crate::page::Page;
use crate::speech::{Value, Values};
use crate::texts::Key;
use shared::directory::{Level, OpeningHours, RemoteService, Service};
use shared::recommend::{Card, Chosen, Target};
use shared::snapshot::{DepartmentPiece, Place};
use shared::spelling::fold;

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
}

impl Around<'_> {
    /// A card with everything on it.
    pub(crate) fn card(&self, card: &Card) -> El {
        el("article").class("card").child(&self.title("h3", "name", card)).children(self.body(card))
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
    fn name(&self, card: &Card) -> Value<'_> {
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
                Value::French(name) | Value::Told(name) => fold(name).starts_with(&fold(&network.name)),
                _ => false,
            };
            if !says_it {
                nodes.push(self.page.network_name("p", "network", network));
            }
            nodes.push(self.page.told("p", "", &network.description));
        }
        nodes.push(self.reasons(card));
        nodes.push(self.services(&card.services));
        match card.target {
            Target::Place(chosen) => {
                let place = &self.piece.places[chosen.place];
                nodes.push(self.details(place));
                nodes.push(self.freshness(place));
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
            }
            Target::Remote(index) => {
                let service = &guide.remote_services[index];
                nodes.push(self.page.told("p", "", &service.description));
                nodes.push(el("ul").class("remote").child(&self.remote(service)));
            }
        }
        nodes
    }

    /// Why this one: the rule, then competence or distance, then whom the network serves.
    fn reasons(&self, card: &Card) -> El {
        let (page, guide) = (self.page, &self.page.guide);
        let mut reasons: Vec<El> = Vec::new();
        if let Some(rule) = card.rule {
            let rule = &guide.rules[rule];
            let source = self.link("source", Key::Source, &[], &rule.source, Some(self.name(card)));
            let reason = page.told("span", "", &rule.reason);
            reasons.push(el("li").child(&reason).text(" (").child(&source).text(")"));
        }
        match card.target {
            Target::Place(chosen) => {
                let why = if chosen.competent { Key::Covers } else { Key::Nearest };
                let (key, meters, name) = self.distance(chosen);
                let distance = [("km", Value::Plain(&meters)), ("commune", name)];
                let values = [("why", Value::Text(why, &[])), ("distance", Value::Text(key, &distance))];
                reasons.push(page.say_with("li", "", Key::ReasonDistance, &values));
            }
            Target::Network if self.commune != crate::visit::OUTSIDE => {
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
            .child(&page.say("h4", "label", Key::Why))
            .child(&el("ul").children(reasons))
    }

    /// How far a place is: the sentence, the kilometres, and from where.
    fn distance(&self, chosen: Chosen) -> (Key, String, Value<'_>) {
        let key = match chosen.distance.0 {
            0..1_000 => Key::DistanceBelow1km,
            _ if chosen.approximate => Key::DistanceAbout,
            _ => Key::Distance,
        };
        let from = self.name.map_or(Value::Text(Key::YourCommune, &[]), Value::French);
        (key, self.page.texts.kilometres(key, chosen.distance.0), from)
    }

    fn services(&self, services: &[Service]) -> El {
        let has = |level: Level| services.iter().any(|service| service.level() == level);
        let level = match (has(Level::One), has(Level::Two)) {
            (true, true) => Key::LevelsBoth,
            (false, true) => Key::LevelTwo,
            (_, false) => Key::LevelOne,
        };
        let names: Vec<Key> = services
            .iter()
            .map(|service| match service {
                Service::Reception => Key::ServiceReception,
                Service::Advice => Key::ServiceAdvice,
                Service::Support => Key::ServiceSupport,
            })
            .collect();
        let values = [("services", Value::List(&names)), ("level", Value::Text(level, &[]))];
        self.page.say_with("p", "services", Key::Offers, &values)
    }

    /// How to reach a place.
    fn details(&self, place: &Place) -> El {
        let page = self.page;
        let row = |list: El, label: Key, value: El| list.child(&page.say("dt", "label", label)).child(&value);
        let town = place.address.town.as_deref().unwrap_or(&place.commune);
        let mut address = el("dd");
        for line in &place.address.lines {
            address = address.child(&page.french("bdi", "", line)).child(&el("br"));
        }
        let name = Value::French(&place.name);
        let town_line = format!("{} {town}", place.address.postcode);
        let way = self.link("", Key::Itinerary, &[], &itinerary(place, town), Some(name));
        let address = address
            .child(&page.french("bdi", "", &town_line))
            .child(&el("br"))
            .child(&way.attr("data-contact", "itinerary"));
        let mut list = row(el("dl").class("details"), Key::Address, address);
        if !place.phones.is_empty() {
            let phones = place.phones.iter().map(|phone| el("div").child(&phone_link(phone)));
            list = row(list, Key::Phone, el("dd").children(phones.collect()));
        }
        if !place.emails.is_empty() {
            let emails = place.emails.iter().map(|email| {
                let address = text("a", "", email).attr("dir", "ltr").attr("data-contact", "email");
                el("div").child(&link(address, &format!("mailto:{email}")))
            });
            list = row(list, Key::Email, el("dd").children(emails.collect()));
        }
        if let Some(website) = &place.website {
            let address = el("a").child(&text("bdi", "", host(website)).attr("dir", "ltr"));
            let address = self.leaving(address, website, None).attr("data-contact", "website");
            list = row(list, Key::Website, el("dd").child(&address));
        }
        list = row(list, Key::Hours, self.hours(place));
        if let Some(access) = &place.access {
            list = row(list, Key::Access, el("dd").child(&page.french("bdi", "", access)));
        }
        list
    }

    fn hours(&self, place: &Place) -> El {
        let page = self.page;
        let mut value = el("dd");
        for opening in &place.hours {
            value = value.child(&self.said_hours(opening));
        }
        match &place.hours_note {
            Some(note) => value.child(&el("div").child(&page.french("bdi", "", note))),
            None if place.hours.is_empty() => value.child(&page.say("span", "", Key::HoursUnknown)),
            None => value,
        }
    }

    /// « lundi, mardi : 09:00 – 12:00 ».
    fn said_hours(&self, opening: &OpeningHours) -> El {
        let page = self.page;
        let days: Vec<String> =
            opening.days.iter().map(|day| page.texts.weekday(Key::HoursLine, *day)).collect();
        let days = days.join(&page.comma(page.is_french(Key::HoursLine, &[])));
        let values = [
            ("days", Value::Plain(&days)),
            ("from", Value::Plain(&opening.from)),
            ("to", Value::Plain(&opening.to)),
        ];
        page.say_with("div", "", Key::HoursLine, &values)
    }

    /// When the record was checked, and how to say that it is wrong.
    fn freshness(&self, place: &Place) -> El {
        let page = self.page;
        let line = el("p").class("freshness").part("freshness");
        let line = match &place.checked_on {
            None => line.child(&page.say("span", "", Key::NeverChecked)),
            Some(checked) => {
                let date = page.texts.day(Key::CheckedOn, checked);
                let values = [("date", Value::Plain(&date))];
                let line = line.child(&page.say_with("span", "", Key::CheckedOn, &values));
                if is_over_a_year(checked, self.today) {
                    line.text(" ").child(&page.say("strong", "", Key::OldRecord))
                } else {
                    line
                }
            }
        };
        let territory =
            self.piece.commune(self.commune).and_then(|index| self.piece.communes[index].territory);
        let contact = territory
            .and_then(|index| page.guide.territories.get(usize::from(index))?.contact.as_ref())
            .or(page.guide.contact.as_ref());
        let address = contact.and_then(|contact| match (&contact.email, &contact.website) {
            (Some(email), _) => {
                let subject = page
                    .texts
                    .bare(Key::ReportSubject)
                    .replace("{name}", &place.name)
                    .replace("{id}", &place.id);
                Some(format!("mailto:{email}?subject={}", js_sys::encode_uri_component(&subject)))
            }
            (None, website) => website.clone(),
        });
        match address {
            Some(address) => {
                let name = Value::French(&place.name);
                let report = self.link("", Key::Report, &[], &address, Some(name));
                line.text(" ").child(&report.attr("data-contact", "report"))
            }
            None => line,
        }
    }

    /// A link to a site, by itself.
    fn site(&self, address: &str) -> El {
        let host = [("host", Value::Typed(host(address)))];
        self.link("", Key::Site, &host, address, None).attr("data-contact", "website")
    }

    /// A link that says a text of ours.
    fn link(&self, class: &str, key: Key, values: Values, address: &str, about: Option<Value>) -> El {
        self.leaving(self.page.say_with("a", class, key, values), address, about)
    }

    /// Tells those who hear the page what a link is about where several say the same, and
    /// that it opens elsewhere.
    fn leaving(&self, a: El, address: &str, about: Option<Value>) -> El {
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

/// The part of an address that people recognise.
fn host(address: &str) -> &str {
    let host = address.split('/').nth(2).unwrap_or(address);
    host.strip_prefix("www.").unwrap_or(host)
}

/// A link that calls.
fn phone_link(phone: &str) -> El {
    let digits: String =
        phone.chars().filter(|character| character.is_ascii_digit() || *character == '+').collect();
    let number = text("a", "phone", phone).attr("dir", "ltr").attr("data-contact", "phone");
    link(number, &format!("tel:{digits}"))
}

/// A map that shows the way: by position where it is exact, by address otherwise. Followed
/// only when the visitor asks, and then it is the visitor who goes there.
fn itinerary(place: &Place, town: &str) -> String {
    let position = place.position;
    if position.approximate {
        let street = place.address.lines.last().map_or("", String::as_str);
        let address = format!("{street}, {} {town}", place.address.postcode);
        format!("https://www.openstreetmap.org/search?query={}", js_sys::encode_uri_component(&address))
    } else {
        let (latitude, longitude) = (decimal(position.latitude), decimal(position.longitude));
        format!("https://www.openstreetmap.org/directions?to={latitude},{longitude}")
    }
}

/// Degrees with four decimals, some ten metres. Through an integer: printing floats in general
/// takes 4 KB of the module.
fn decimal(degrees: f32) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a latitude or a longitude, under two million")]
    let tenths_of_thousandths = (degrees * 10_000.0) as i32;
    let sign = if tenths_of_thousandths < 0 { "-" } else { "" };
    let size = tenths_of_thousandths.unsigned_abs();
    format!("{sign}{}.{:04}", size / 10_000, size % 10_000)
}

/// Whether more than a year lies between two ISO dates.
fn is_over_a_year(checked: &str, today: &str) -> bool {
    let a_year_later = |date: &str| -> Option<String> {
        let (year, rest) = date.split_once('-')?;
        Some(format!("{:04}-{rest}", year.parse::<u16>().ok()? + 1))
    };
    a_year_later(checked).is_none_or(|limit| limit.as_str() < today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_old_after_a_year() {
        assert!(!is_over_a_year("2025-11-24", "2026-11-24"));
        assert!(is_over_a_year("2025-11-23", "2026-11-24"));
        assert!(is_over_a_year("2015-01-15", "2026-11-24"));
        assert!(!is_over_a_year("2026-11-01", "2026-11-24"));
        assert!(is_over_a_year("yesterday", "2026-11-24"));
    }

    #[test]
    fn coordinates_are_written_in_decimal_degrees() {
        assert_eq!(decimal(45.05), "45.0500");
        assert_eq!(decimal(-0.5), "-0.5000");
        assert_eq!(decimal(4.0001), "4.0001");
    }
}
