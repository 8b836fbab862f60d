//! When a place is open: now or next, its week, and the days on which it says it is closed.

use crate::card::Around;
use crate::clock::{now_here, now_in};
use crate::dom::{El, el, text};
use crate::speech::{Value, mark};
use crate::texts::{Key, Texts};
use shared::opening::{Because, Day, Moment, Opening, Span, Week, clock, opening, week};
use shared::snapshot::Place;
use shared::wording::{is_doubtful, is_to_come, same_days};

/// A sentence about an opening: its text, and the value of its only placeholders.
type Said = (Key, Vec<(&'static str, String)>);

impl Around<'_> {
    /// The hours of a place, as the value of a list; nothing where nothing is known of them.
    pub(crate) fn hours(&self, place: &Place) -> Option<El> {
        let page = self.page;
        let week = week(&place.hours);
        let has_hours = week.iter().any(|day| !day.is_empty());
        let mut value = el("dd");
        let mut is_known = has_hours;
        if has_hours {
            value = value.child(&self.table(&week));
        }
        let today = now_in(&place.department).unwrap_or_else(now_here).day;
        for period in &place.closed {
            if is_to_come(period, today) {
                let day = |iso: &str| page.texts.day(Key::ClosedPeriod, iso);
                let (from, until) = (day(&period.from), day(&period.until));
                let values = [("from", Value::Plain(&from)), ("until", Value::Plain(&until))];
                value = value.child(&page.say_with("div", "", Key::ClosedPeriod, &values));
                is_known = true;
            }
        }
        if let Some(note) = &place.hours_note {
            value = value.child(&el("div").child(&page.french("bdi", "", note)));
            is_known = true;
        }
        is_known.then_some(value)
    }

    /// What is said where the hours of a place are not known.
    pub(crate) fn no_hours(&self, place: &Place) -> Option<El> {
        let is_unknown = place.hours.is_empty() && place.hours_note.is_none();
        is_unknown.then(|| self.page.say("p", "hint hours-unknown", Key::HoursUnknown))
    }

    /// Whether the place is open now, or when it opens next; nothing where its hours or the
    /// time there are unknown.
    pub(crate) fn now(&self, place: &Place) -> Option<El> {
        let page = self.page;
        let now = now_in(&place.department)?;
        let opening = opening(&place.hours, &place.closed, &place.department, now);
        let sentences = say(&page.texts, place, opening, now);
        let is_open = matches!(opening, Opening::Open { .. });
        let mut line = el("p").class(if is_open { "now open" } else { "now" }).part("now");
        if sentences.is_empty() {
            return None;
        }
        for (index, (key, values)) in sentences.iter().enumerate() {
            let values: Vec<_> = values.iter().map(|(name, value)| (*name, Value::Plain(value))).collect();
            let tag = if index == 0 { "strong" } else { "span" };
            line = line.text(if index == 0 { "" } else { ". " });
            line = line.child(&page.say_with(tag, "", *key, &values));
        }
        let mut notes: Vec<Key> = Vec::new();
        // Whoever is elsewhere would take their own clock for the place's.
        if now != now_here() {
            notes.push(Key::HoursLocalTime);
        }
        if is_doubtful(place, self.today) {
            notes.push(Key::IfUnchanged);
        }
        for note in notes {
            line = line.text(" (").child(&page.say("span", "", note)).text(")");
        }
        Some(line)
    }

    /// The week, a row for the days that follow each other with the same hours.
    fn table(&self, week: &Week) -> El {
        let page = self.page;
        let in_french = page.is_french(Key::DayRange, &[]);
        let mut rows = el("tbody");
        for (days, spans) in same_days(&page.texts, week) {
            let label = mark(text("th", "", &days), in_french).attr("scope", "row");
            let hours = if spans.is_empty() {
                el("td").child(&page.say("span", "", Key::ClosedDay))
            } else {
                self.spans(spans)
            };
            rows = rows.child(&el("tr").child(&label).child(&hours));
        }
        el("table").class("week").child(&rows)
    }

    /// « 09:00 – 12:00, 13:30 – 17:00 ».
    fn spans(&self, spans: &[Span]) -> El {
        let comma = self.page.comma(self.page.is_french(Key::DayRange, &[]));
        let mut cell = el("td");
        for (index, (from, to)) in spans.iter().enumerate() {
            // Numbers read from left to right in every language, and no line breaks in a span.
            let span = text("bdi", "", &format!("{} – {}", clock(*from), clock(*to))).attr("dir", "ltr");
            cell = cell.text(if index == 0 { "" } else { &comma }).child(&span);
        }
        cell
    }
}

/// An opening in sentences: what is now, then what is next.
fn say(texts: &Texts, place: &Place, opening: Opening, now: Moment) -> Vec<Said> {
    let mut said: Vec<Said> = Vec::new();
    match opening {
        Opening::Unknown => {}
        Opening::Open { until: Some(until) } if until.day == now.day => {
            said.push((Key::OpenUntil, vec![("time", clock(until.minute))]));
        }
        Opening::Open { .. } => said.push((Key::OpenNow, Vec::new())),
        Opening::Closed { next, because } => {
            said.push(match because {
                Because::Holiday => (Key::ClosedHoliday, Vec::new()),
                Because::Period => match last_day(place, now.day) {
                    Some(last) => {
                        (Key::ClosedUntil, vec![("date", texts.day(Key::ClosedUntil, &last.iso()))])
                    }
                    None => (Key::ClosedToday, Vec::new()),
                },
                Because::Hours if week(&place.hours)[now.day.weekday()].is_empty() => {
                    (Key::ClosedToday, Vec::new())
                }
                Because::Hours => (Key::ClosedNow, Vec::new()),
            });
            if let Some(next) = next {
                let time = ("time", clock(next.minute));
                said.push(match next.day.0 - now.day.0 {
                    0 => (Key::OpensToday, vec![time]),
                    1 => (Key::OpensTomorrow, vec![time]),
                    days => {
                        let day = if days < 7 {
                            texts.weekday(Key::OpensOn, next.day.weekday())
                        } else {
                            texts.near_day(Key::OpensOn, &next.day.iso())
                        };
                        (Key::OpensOn, vec![("day", day), time])
                    }
                });
            }
        }
    }
    said
}

/// The last day of the closure that a day is in, closures that follow each other being one.
fn last_day(place: &Place, day: Day) -> Option<Day> {
    let mut last = None;
    let mut next = day;
    // Each turn consumes at least one closure.
    for _ in 0..=place.closed.len() {
        let reaches = place.closed.iter().find_map(|period| {
            let (from, until) = (Day::parse(&period.from)?, Day::parse(&period.until)?);
            (from <= next && next <= until).then_some(until)
        });
        let Some(until) = reaches else { break };
        (last, next) = (Some(until), until.plus(1));
    }
    last
}
