//! A place: how to reach it, when, and how far its record can be trusted.
//!
//! Whether it is open now is not said, but the hours of the day by its name: the page may be read
//! again, or printed, at any time.

use super::card::Around;
use crate::contact;
use maud::{Markup, html};
use shared::calendar_file::{self, calendar_file};
use shared::contact_file::file_name;
use shared::error_report::{LONGEST, Wrong};
use shared::opening::{Day, Moment, Opening, Span, clock, opening, week};
use shared::snapshot::Place;
use shared::speech::Value;
use shared::texts::Key;
use shared::wording::{address_lines, contact, freshness, host, is_doubtful, is_to_come, report, same_days};

impl Around<'_> {
    /// Where a place is and when, and how else to reach it.
    pub(super) fn details(&self, place: &Place) -> Markup {
        let voice = self.voice;
        html! {
            dl.details {
                dt.label { (voice.say(Key::Address)) }
                dd { (self.address(place)) }
                @if !place.emails.is_empty() {
                    dt.label { (voice.say(Key::Email)) }
                    dd {
                        @for email in &place.emails {
                            div {
                                a translate="no" dir="ltr" data-contact="email" href={ "mailto:" (email) } {
                                    (email) (voice.about(Value::French(&place.name)))
                                }
                            }
                        }
                    }
                }
                // Without a phone it is said before.
                @if let Some(website) = place.website.as_ref().filter(|_| !place.phones.is_empty()) {
                    dt.label { (voice.say(Key::Website)) }
                    dd { (voice.leaving("website", website, &html! { bdi translate="no" dir="ltr" { (host(website)) } }, None)) }
                }
                @if !place.hours.is_empty() || !place.closed.is_empty() || place.hours_note.is_some() {
                    dt.label { (voice.say(Key::Hours)) }
                    dd { (self.hours(place)) }
                }
                @if let Some(access) = &place.access {
                    dt.label { (voice.say(Key::Access)) }
                    dd { bdi { (voice.french(access)) } }
                }
                @if !place.languages.is_empty() {
                    dt.label { (voice.say(Key::LanguagesSpoken)) }
                    dd { (self.in_words_of(Key::LanguagesSpoken, &self.languages(place))) }
                }
            }
        }
    }

    /// The lines of an address.
    pub(super) fn address(&self, place: &Place) -> Markup {
        html! { div { @for line in address_lines(place) { div { bdi { (self.voice.name(&line)) } } } } }
    }

    /// The hours of today, which are true whenever the page is read; or that none are known.
    pub(super) fn today(&self, place: &Place) -> Markup {
        let voice = self.voice;
        if place.hours.is_empty() {
            return html! {
                @if place.hours_note.is_none() { p.hint.hours-unknown { (voice.say(Key::HoursUnknown)) } }
            };
        }
        let Some(day) = Day::parse(self.today) else { return html! {} };
        let opens = match opening(&place.hours, &place.closed, &place.department, Moment { day, minute: 0 }) {
            Opening::Closed { next, .. } => next.is_some_and(|next| next.day == day),
            Opening::Open { .. } | Opening::Unknown => true,
        };
        let name = voice.texts.weekday(Key::DayRange, day.weekday());
        let week = week(&place.hours);
        html! {
            p.now.open[opens] {
                strong { (self.in_words_of(Key::DayRange, &name)) } " "
                @if opens { (self.spans(&week[day.weekday()])) } @else { (voice.say(Key::ClosedDay)) }
                @if is_doubtful(place, self.today) { " (" (voice.say(Key::IfUnchanged)) ")" }
            }
        }
    }

    fn languages(&self, place: &Place) -> String {
        let texts = &self.voice.texts;
        let name = |tag: &String| texts.language_name(Key::LanguagesSpoken, tag);
        let names: Vec<String> = place.languages.iter().map(name).collect();
        names.join(&texts.comma(texts.is_french(Key::LanguagesSpoken)))
    }

    /// Words that the runtime made for a sentence, which may be French.
    fn in_words_of(&self, sentence: Key, words: &str) -> Markup {
        let is_french = self.voice.texts.is_french(sentence);
        html! { bdi lang=[is_french.then_some("fr")] { (words) } }
    }

    /// The hours of a place: its week, and the days on which it says it is closed.
    fn hours(&self, place: &Place) -> Markup {
        let voice = self.voice;
        let week = week(&place.hours);
        let has_hours = week.iter().any(|day| !day.is_empty());
        let today = Day::parse(self.today);
        html! {
            @if has_hours {
                table.week {
                    tbody {
                        @for (days, spans) in same_days(&voice.texts, &week) {
                            tr {
                                th scope="row" { (self.in_words_of(Key::DayRange, &days)) }
                                td {
                                    @if spans.is_empty() { (voice.say(Key::ClosedDay)) } @else { (self.spans(spans)) }
                                }
                            }
                        }
                    }
                }
            }
            @for period in place.closed.iter().filter(|period| today.is_none_or(|today| is_to_come(period, today))) {
                @let day = |iso: &str| voice.texts.day(Key::ClosedPeriod, iso);
                @let (from, until) = (day(&period.from), day(&period.until));
                div { (voice.say_with(Key::ClosedPeriod, &[("from", Value::Plain(&from)), ("until", Value::Plain(&until))])) }
            }
            @if let Some(note) = &place.hours_note { div { bdi { (voice.french(note)) } } }
        }
    }

    /// « 09:00 – 12:00, 13:30 – 17:00 ».
    fn spans(&self, spans: &[Span]) -> Markup {
        let texts = &self.voice.texts;
        let comma = texts.comma(texts.is_french(Key::DayRange));
        html! {
            @for (index, (from, to)) in spans.iter().enumerate() {
                @if index > 0 { (comma) }
                // Numbers read from left to right in every language.
                bdi dir="ltr" { (clock(*from)) " – " (clock(*to)) }
            }
        }
    }

    /// « Enregistrer le contact »: the element's file, from an address that names the place alone.
    pub(super) fn keep(&self, place: &Place) -> Markup {
        let voice = self.voice;
        html! {
            p.keep {
                a href=(contact::address(place)) download=(file_name(place)) {
                    (voice.say(Key::SaveContact)) (voice.about(Value::French(&place.name)))
                }
                @if calendar_file(place, self.today).is_some() {
                    " "
                    a href=(contact::calendar_address(place)) download=(calendar_file::file_name(place)) {
                        (voice.say(Key::SaveHours)) (voice.about(Value::French(&place.name)))
                    }
                }
            }
        }
    }

    /// When the record was checked, and, where this deployment takes no reports, how to say that it is
    /// wrong.
    pub(super) fn freshness(&self, place: &Place) -> Markup {
        let voice = self.voice;
        let contact = contact(voice.guide, self.piece, self.commune).filter(|_| !self.reports);
        let report = contact.and_then(|contact| report(&voice.texts, contact, place, self.snapshot));
        let (key, date, advice) = freshness(place, self.today);
        let date = date.map_or_else(String::new, |date| voice.texts.day(key, date));
        html! {
            p.freshness {
                (voice.say_with(key, &[("date", Value::Plain(&date))]))
                @if let Some(advice) = advice { " " strong { (voice.say(advice)) } }
                @if let Some((address, is_mail)) = report {
                    " " (voice.leaving("report", &address, &voice.say(Key::ReportError), Some(Value::French(&place.name))))
                    @if is_mail { span { ". " (voice.say(Key::ReportNothingSent)) } }
                }
            }
        }
    }

    /// « Signaler une erreur »: a form of its own, with nothing of the visit in it.
    pub(super) fn report(&self, place: &Place) -> Markup {
        let voice = self.voice;
        html! {
            @if self.reports {
                details.report {
                    summary { (voice.say(Key::ReportTitle)) (voice.about(Value::French(&place.name))) }
                    form method="post" action="/v1/reports" {
                        input type="hidden" name="lang" value=(voice.guide.language());
                        input type="hidden" name="place" value=(place.id);
                        input type="hidden" name="snapshot" value=(self.snapshot);
                        p { (voice.say(Key::ReportWhat)) }
                        label.label {
                            span { (voice.say(Key::ReportText)) }
                            // In a field of one line, Enter would press the first button.
                            textarea name="text" rows="2" maxlength=(LONGEST) autocomplete="off" dir="auto" {}
                        }
                        p.wrong {
                            @for wrong in Wrong::ALL {
                                button.button name="field" value=(wrong.as_str()) { (voice.say(wrong.name())) } " "
                            }
                        }
                    }
                }
            }
        }
    }
}
