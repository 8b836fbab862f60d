//! A place: how to reach it, and how far its record can be trusted.

use crate::card::Around;
use crate::dom::{El, el, link, text};
use crate::speech::{Value, mark};
use crate::texts::Key;
use shared::snapshot::Place;
use shared::wording::{address_lines, contact, freshness, host, report};

impl Around<'_> {
    /// Where a place is and when, and how else to reach it.
    pub(crate) fn details(&self, place: &Place) -> El {
        let page = self.page;
        let row = |list: El, label: Key, value: El| list.child(&page.say("dt", "label", label)).child(&value);
        let address = el("dd").child(&self.address(place));
        let mut list = row(el("dl").class("details"), Key::Address, address);
        if !place.emails.is_empty() {
            let emails = place.emails.iter().map(|email| {
                let address =
                    text("a", "", email).verbatim().attr("dir", "ltr").attr("data-contact", "email");
                let address = link(address, &format!("mailto:{email}"));
                el("div").child(&address.child(&page.about(Value::French(&place.name))))
            });
            list = row(list, Key::Email, el("dd").children(emails.collect()));
        }
        // Without a phone it is said before.
        if let Some(website) = place.website.as_ref().filter(|_| !place.phones.is_empty()) {
            let address = el("a").child(&text("bdi", "", host(website)).verbatim().attr("dir", "ltr"));
            let address = self.leaving(address, website, None).attr("data-contact", "website");
            list = row(list, Key::Website, el("dd").child(&address));
        }
        if let Some(hours) = self.hours(place) {
            list = row(list, Key::Hours, hours);
        }
        if let Some(access) = &place.access {
            list = row(list, Key::Access, el("dd").child(&page.french("bdi", "", access)));
        }
        if !place.languages.is_empty() {
            let name = |tag: &String| page.texts.language_name(Key::LanguagesSpoken, tag);
            let names: Vec<String> = place.languages.iter().map(name).collect();
            let in_french = page.is_french(Key::LanguagesSpoken, &[]);
            let names = text("bdi", "", &names.join(&page.comma(in_french)));
            list = row(list, Key::LanguagesSpoken, el("dd").child(&mark(names, in_french)));
        }
        list
    }

    /// The lines of an address.
    pub(crate) fn address(&self, place: &Place) -> El {
        let line = |line: &String| el("div").child(&self.page.name("bdi", "", line));
        el("div").children(address_lines(place).iter().map(line).collect())
    }

    /// When the record was checked, and, where this deployment takes no reports, how to say that it is
    /// wrong.
    pub(crate) fn freshness(&self, place: &Place) -> El {
        let page = self.page;
        let line = el("p").class("freshness").part("freshness");
        let (key, date, advice) = freshness(place, self.today);
        let date = date.map_or_else(String::new, |date| page.texts.day(key, date));
        let mut line = line.child(&page.say_with("span", "", key, &[("date", Value::Plain(&date))]));
        if let Some(advice) = advice {
            line = line.text(" ").child(&page.say("strong", "", advice));
        }
        if page.takes_reports() {
            return line;
        }
        let contact = contact(&page.guide, self.piece, self.commune);
        let report = contact.and_then(|contact| report(&page.texts, contact, place, &page.source.snapshot));
        let Some((address, is_mail)) = report else { return line };
        let name = Value::French(&place.name);
        let report = self.link("", Key::ReportError, &[], &address, Some(name));
        let line = line.text(" ").child(&report.attr("data-contact", "report"));
        if !is_mail {
            return line;
        }
        line.child(&el("span").text(". ").child(&page.say("span", "", Key::ReportNothingSent)))
    }
}
