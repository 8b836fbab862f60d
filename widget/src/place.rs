//! A place: how to reach it, and how far its record can be trusted.

use crate::card::{Around, host, phone_link};
use crate::dom::{El, el, link, text};
use crate::speech::{Value, mark};
use crate::texts::{Key, Texts};
use shared::directory::Contact;
use shared::snapshot::Place;

impl Around<'_> {
    /// How to reach a place.
    pub(crate) fn details(&self, place: &Place) -> El {
        let page = self.page;
        let row = |list: El, label: Key, value: El| list.child(&page.say("dt", "label", label)).child(&value);
        let address = el("dd").child(&self.address(place));
        let mut list = row(el("dl").class("details"), Key::Address, address);
        if !place.phones.is_empty() {
            list = row(list, Key::Phone, self.phones("dd", place));
        }
        if !place.emails.is_empty() {
            let emails = place.emails.iter().map(|email| {
                let address = text("a", "", email).attr("dir", "ltr").attr("data-contact", "email");
                let address = link(address, &format!("mailto:{email}"));
                el("div").child(&address.child(&self.unseen(Key::EmailPlace, place)))
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
        if !place.languages.is_empty() {
            let names: Vec<String> =
                place.languages.iter().map(|tag| language_name(&page.texts, tag)).collect();
            let in_french = page.is_french(Key::LanguagesSpoken, &[]);
            let names = text("bdi", "", &names.join(&page.comma(in_french)));
            list = row(list, Key::LanguagesSpoken, el("dd").child(&mark(names, in_french)));
        }
        list
    }

    /// The lines of an address, and the way there.
    pub(crate) fn address(&self, place: &Place) -> El {
        let page = self.page;
        let mut address = el("div");
        for line in address_lines(place) {
            address = address.child(&page.french("bdi", "", &line)).child(&el("br"));
        }
        let name = Value::French(&place.name);
        let way = self.link("", Key::Itinerary, &[], &itinerary(place), Some(name));
        address.child(&way.attr("data-contact", "itinerary"))
    }

    /// The phone numbers of a place, each on its line.
    pub(crate) fn phones(&self, tag: &str, place: &Place) -> El {
        let phones = place.phones.iter().map(|phone| {
            // What the link says of itself where only links are heard.
            el("span").class("line").child(&phone_link(phone).child(&self.unseen(Key::CallPlace, place)))
        });
        el(tag).children(phones.collect())
    }

    fn unseen(&self, key: Key, place: &Place) -> El {
        let name = [("name", Value::French(&place.name))];
        el("span").class("unseen").text(" – ").child(&self.page.say_with("span", "", key, &name))
    }

    /// Whether nobody knows that a record is still true.
    pub(crate) fn is_doubtful(&self, place: &Place) -> bool {
        place.checked_on.as_ref().is_none_or(|checked| is_over_a_year(checked, self.today))
    }

    /// When the record was checked, and how to say that it is wrong.
    pub(crate) fn freshness(&self, place: &Place) -> El {
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
        let Some((address, is_mail)) = contact.and_then(|contact| self.report(contact, place)) else {
            return line;
        };
        let name = Value::French(&place.name);
        let report = self.link("", Key::ReportError, &[], &address, Some(name));
        let line = line.text(" ").child(&report.attr("data-contact", "report"));
        if !is_mail {
            return line;
        }
        line.child(&el("span").text(". ").child(&page.say("span", "", Key::ReportNothingSent)))
    }

    /// Where to say that a record is wrong: a mail that is begun, or a page. Nothing of it goes
    /// through us, and none of the visitor's answers is in it.
    fn report(&self, contact: &Contact, place: &Place) -> Option<(String, bool)> {
        let Some(email) = &contact.email else { return Some((contact.website.clone()?, false)) };
        let page = self.page;
        let fill = |key| {
            let text = page.texts.bare(key).replace("{name}", &place.name).replace("{id}", &place.id);
            text.replace('\u{a0}', " ")
        };
        // The record as it was read, for who will look for the error.
        let body = format!("{}\r\n\r\n\r\n[{} {}]", fill(Key::ReportBody), place.id, page.source.snapshot);
        let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
        let (subject, body) = (encode(&fill(Key::ReportSubject)), encode(&body));
        Some((format!("mailto:{email}?subject={subject}&body={body}"), true))
    }
}

/// The lines of an address, the town last.
pub(crate) fn address_lines(place: &Place) -> Vec<String> {
    let town = place.address.town.as_deref().unwrap_or(&place.commune);
    let mut lines = place.address.lines.clone();
    lines.push(format!("{} {town}", place.address.postcode));
    lines
}

/// A language that is spoken somewhere. Browsers have no name for French sign language.
pub(crate) fn language_name(texts: &Texts, tag: &str) -> String {
    if tag == "fsl" {
        texts.bare(Key::SignLanguage).to_owned()
    } else {
        texts.language_name(Key::LanguagesSpoken, tag)
    }
}

/// A map that shows the way: by position where it is exact, by address otherwise. Followed
/// only when the visitor asks, and then it is the visitor who goes there.
pub(crate) fn itinerary(place: &Place) -> String {
    let position = place.position;
    if position.approximate {
        let lines = address_lines(place);
        // The last two are the street and the town.
        let address = lines[lines.len().saturating_sub(2)..].join(", ");
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
pub(crate) fn is_over_a_year(checked: &str, today: &str) -> bool {
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
