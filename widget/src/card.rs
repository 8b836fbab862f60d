//! One recommended place, network or remote service.

use crate::dom::{El, el, link, text};
use crate::page::Page;
use shared::directory::{Level, Network, OpeningHours, RemoteService, Service};
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
        el("article").class("card").child(&text("h3", "name", &self.title(card))).children(self.body(card))
    }

    /// A card that opens: what it is and how far, then everything.
    pub(crate) fn folded(&self, card: &Card) -> El {
        let mut summary = el("summary").child(&text("strong", "", &self.title(card)));
        if let Target::Place(chosen) = card.target {
            summary = summary.text(" ").child(&text("span", "hint", &self.distance(chosen)));
        }
        el("details").class("card").part("card complement").child(&summary).children(self.body(card))
    }

    /// A remote service, as an item of a list.
    pub(crate) fn remote(&self, service: &RemoteService<String>) -> El {
        let item = el("li").child(&text("strong", "", &service.name)).text(" ").text(&service.description);
        let mut ways = el("p").class("ways");
        if let Some(phone) = &service.phone {
            ways = ways.child(&phone_link(phone)).text(" ");
        }
        ways = ways.child(&self.site(&service.website));
        let hours = service.hours.as_ref().map(|hours| text("p", "hint", hours));
        item.child(&ways).maybe(hours.as_ref())
    }

    fn title(&self, card: &Card) -> String {
        let guide = &self.page.guide;
        match card.target {
            Target::Place(chosen) => self.piece.places[chosen.place].name.clone(),
            Target::Network => card.network(guide).map(in_full).unwrap_or_default(),
            Target::Remote(index) => guide.remote_services[index].name.clone(),
        }
    }

    fn body(&self, card: &Card) -> Vec<El> {
        let guide = &self.page.guide;
        let mut nodes: Vec<El> = Vec::new();
        let network = card.network(guide);
        if let Some(network) = network {
            if !fold(&self.title(card)).starts_with(&fold(&network.name)) {
                nodes.push(text("p", "network", &in_full(network)));
            }
            nodes.push(text("p", "", &network.description));
        }
        nodes.push(self.reasons(card));
        nodes.push(text("p", "services", &self.services(&card.services)));
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
                nodes.push(text("p", "", &service.description));
                nodes.push(el("ul").class("remote").child(&self.remote(service)));
            }
        }
        nodes
    }

    /// Why this one: the rule, then competence or distance, then whom the network serves.
    fn reasons(&self, card: &Card) -> El {
        let (guide, texts) = (&self.page.guide, self.page.texts);
        let mut reasons: Vec<El> = Vec::new();
        if let Some(rule) = card.rule {
            let rule = &guide.rules[rule];
            let source = self.link("source", &rule.source, texts.source, &self.title(card));
            reasons.push(text("li", "", &rule.reason).text(" (").child(&source).text(")"));
        }
        match card.target {
            Target::Place(chosen) => {
                let why = if chosen.competent { texts.covers } else { texts.nearest };
                reasons.push(text("li", "", &format!("{why}, {}.", self.distance(chosen))));
            }
            Target::Network if self.commune != crate::visit::OUTSIDE => {
                reasons.push(text("li", "", texts.no_place_near));
            }
            Target::Network | Target::Remote(_) => {}
        }
        // A rule says it better; what only completes another place has no rule of its own.
        if let (Some(network), None) = (card.network(guide), card.rule) {
            reasons.push(text("li", "", &network.public));
        }
        el("div")
            .class("why")
            .part("why")
            .child(&text("h4", "label", texts.why))
            .child(&el("ul").children(reasons))
    }

    fn distance(&self, chosen: Chosen) -> String {
        (self.page.texts.distance)(
            chosen.distance.0,
            self.name.unwrap_or(self.page.texts.your_commune),
            chosen.approximate,
        )
    }

    fn services(&self, services: &[Service]) -> String {
        let texts = self.page.texts;
        let has = |level: Level| services.iter().any(|service| service.level() == level);
        let level = match (has(Level::One), has(Level::Two)) {
            (true, true) => texts.levels_both,
            (false, true) => texts.level_two,
            (_, false) => texts.level_one,
        };
        let names: Vec<&str> = services.iter().map(|service| texts.services[*service as usize]).collect();
        format!("{}{} ({level}).", texts.offers, names.join(", "))
    }

    /// How to reach a place.
    fn details(&self, place: &Place) -> El {
        let texts = self.page.texts;
        let list = el("dl").class("details");
        let row = |list: El, label: &str, value: El| list.child(&text("dt", "label", label)).child(&value);
        let town = place.address.town.as_deref().unwrap_or(&place.commune);
        let mut address = el("dd");
        for line in &place.address.lines {
            address = address.text(line).child(&el("br"));
        }
        let address = address.text(&format!("{} {town}", place.address.postcode)).child(&el("br")).child(
            &self
                .link("", &itinerary(place, town), texts.itinerary, &place.name)
                .attr("data-contact", "itinerary"),
        );
        let mut list = row(list, texts.address, address);
        if !place.phones.is_empty() {
            let phones = place.phones.iter().map(|phone| el("div").child(&phone_link(phone)));
            list = row(list, texts.phone, el("dd").children(phones.collect()));
        }
        if !place.emails.is_empty() {
            let emails = place.emails.iter().map(|email| {
                el("div").child(&link("", &format!("mailto:{email}"), email).attr("data-contact", "email"))
            });
            list = row(list, texts.email, el("dd").children(emails.collect()));
        }
        if let Some(website) = &place.website {
            list = row(list, texts.website, el("dd").child(&self.website(website)));
        }
        list = row(list, texts.hours, self.hours(place));
        if let Some(access) = &place.access {
            list = row(list, texts.access, text("dd", "", access));
        }
        list
    }

    fn hours(&self, place: &Place) -> El {
        let texts = self.page.texts;
        let mut value = el("dd");
        for opening in &place.hours {
            value = value.child(&text("div", "", &said_hours(opening, &texts.days)));
        }
        match &place.hours_note {
            Some(note) => value.child(&text("div", "", note)),
            None if place.hours.is_empty() => value.text(texts.hours_unknown),
            None => value,
        }
    }

    /// When the record was checked, and how to say that it is wrong.
    fn freshness(&self, place: &Place) -> El {
        let texts = self.page.texts;
        let line = el("p").class("freshness").part("freshness");
        let line = match &place.checked_on {
            None => line.text(texts.never_checked),
            Some(checked) => {
                let line = line.text(&(texts.checked_on)(&texts.day(checked)));
                if is_over_a_year(checked, self.today) {
                    line.text(" ").child(&text("strong", "", texts.old_record))
                } else {
                    line
                }
            }
        };
        let territory =
            self.piece.commune(self.commune).and_then(|index| self.piece.communes[index].territory);
        let contact = territory
            .and_then(|index| self.page.guide.territories.get(usize::from(index))?.contact.as_ref())
            .or(self.page.guide.contact.as_ref());
        let address = contact.and_then(|contact| match (&contact.email, &contact.website) {
            (Some(email), _) => {
                let subject = format!("{}{} ({})", texts.report_subject, place.name, place.id);
                Some(format!("mailto:{email}?subject={}", js_sys::encode_uri_component(&subject)))
            }
            (None, website) => website.clone(),
        });
        match address {
            Some(address) => line
                .text(" ")
                .child(&self.link("", &address, texts.report, &place.name).attr("data-contact", "report")),
            None => line,
        }
    }

    /// A link to a site, in a row that says so.
    fn website(&self, address: &str) -> El {
        self.link("", address, host(address), "").attr("data-contact", "website")
    }

    /// A link to a site, by itself.
    fn site(&self, address: &str) -> El {
        self.link("", address, &(self.page.texts.site)(host(address)), "").attr("data-contact", "website")
    }

    /// A link that says, to those who hear the page, what it is about where several say the
    /// same, and that it opens elsewhere.
    fn link(&self, class: &str, address: &str, content: &str, about: &str) -> El {
        let mut unseen = String::new();
        if !about.is_empty() {
            unseen = format!(" : {about}");
        }
        if address.starts_with("http") {
            unseen = format!("{unseen} ({})", self.page.texts.new_tab);
        }
        link(class, address, content).child(&text("span", "unseen", &unseen))
    }
}

/// The part of an address that people recognise.
fn host(address: &str) -> &str {
    let host = address.split('/').nth(2).unwrap_or(address);
    host.strip_prefix("www.").unwrap_or(host)
}

/// A network's name with the short one that people know it by.
fn in_full(network: &Network<String>) -> String {
    match &network.acronym {
        Some(acronym) => format!("{} ({acronym})", network.name),
        None => network.name.clone(),
    }
}

/// A link that calls.
fn phone_link(phone: &str) -> El {
    let digits: String =
        phone.chars().filter(|character| character.is_ascii_digit() || *character == '+').collect();
    link("phone", &format!("tel:{digits}"), phone).attr("data-contact", "phone")
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

/// « lundi, mardi : 09:00 – 12:00 ».
fn said_hours(opening: &OpeningHours, days: &[&str; 7]) -> String {
    let days: Vec<&str> = opening.days.iter().map(|day| days[*day as usize]).collect();
    format!("{} : {} – {}", days.join(", "), opening.from, opening.to)
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
    use shared::directory::Weekday;

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

    #[test]
    fn hours_are_said_in_words() {
        let opening = OpeningHours {
            days: vec![Weekday::Monday, Weekday::Friday],
            from: "09:00".into(),
            to: "12:00".into(),
        };
        let days = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
        assert_eq!(said_hours(&opening, &days), "lundi, vendredi : 09:00 – 12:00");
    }
}
