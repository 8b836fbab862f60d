//! Weekly opening hours as a text: in French for spreadsheets, in the syntax of
//! `OpenStreetMap` for open data; [`super::listed`] reads both back.

use super::words::ENGLISH;
use shared::directory::{Closure, OpeningHours, Weekday, is_date};
use shared::french::{self, capitalised};
use shared::opening::WEEKDAYS;
use std::borrow::Cow;
use std::fmt::Write;

/// The months as `OpenStreetMap` writes them.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `lundi-vendredi 08:30-12:00, 13:30-17:00 ; samedi 09:00-12:00`: reading it as
/// [`super::Syntax::French`] gives the same list, entry by entry.
pub(crate) fn french(hours: &[OpeningHours]) -> String {
    let mut text = String::new();
    let mut days: Option<&[Weekday]> = None;
    for opening in hours {
        if days == Some(&opening.days[..]) {
            text.push_str(", ");
        } else {
            if !text.is_empty() {
                text.push_str(" ; ");
            }
            write_days(&mut text, &opening.days, |day| french::weekday(day).to_owned());
            text.push(' ');
        }
        days = Some(&opening.days);
        let _ = write!(text, "{}-{}", opening.from, opening.to);
    }
    text
}

/// Runs of days as ranges, in the order in which they come.
fn write_days(text: &mut String, days: &[Weekday], name: impl Fn(Weekday) -> String) {
    let mut start = 0;
    while start < days.len() {
        let mut end = start;
        while days.get(end + 1).is_some_and(|next| *next as usize == days[end] as usize + 1) {
            end += 1;
        }
        if start > 0 {
            text.push(',');
        }
        text.push_str(&name(days[start]));
        if end > start {
            text.push(if end == start + 1 { ',' } else { '-' });
            text.push_str(&name(days[end]));
        }
        start = end + 1;
    }
}

/// `Mo-Fr 08:30-12:00,13:30-17:00; Sa 09:00-12:00; 2026 Aug 01-2026 Aug 15 off; PH off`: the
/// days that have the same hours together. Empty where no hours are known.
pub(crate) fn openstreetmap(hours: &[OpeningHours], closed: &[Closure]) -> String {
    let of_day = |day: Weekday| {
        let mut spans: Vec<String> = hours
            .iter()
            .filter(|opening| opening.days.contains(&day))
            .map(|opening| format!("{}-{}", opening.from, opening.to))
            .collect();
        spans.sort_unstable();
        spans.dedup();
        spans.join(",")
    };
    let mut groups: Vec<(String, Vec<Weekday>)> = Vec::new();
    for day in WEEKDAYS {
        let spans = of_day(day);
        if spans.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|(other, _)| *other == spans) {
            Some((_, days)) => days.push(day),
            None => groups.push((spans, vec![day])),
        }
    }
    let mut text = String::new();
    for (spans, days) in groups {
        write_days(&mut text, &days, |day| capitalised(&ENGLISH[day as usize][..2]));
        let _ = write!(text, " {spans}; ");
    }
    if text.is_empty() {
        return text;
    }
    for closure in closed {
        if let (Some(from), Some(until)) = (osm_date(&closure.from), osm_date(&closure.until)) {
            let _ = write!(text, "{from}-{until} off; ");
        }
    }
    text + "PH off"
}

fn osm_date(iso: &str) -> Option<String> {
    let [year, month, day] = iso.split('-').collect::<Vec<_>>()[..] else { return None };
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    Some(format!("{year} {month} {day}"))
}

/// `2026 Aug 01` as an ISO date.
fn iso_date(text: &str) -> Option<String> {
    let [year, month, day] = text.split_whitespace().collect::<Vec<_>>()[..] else { return None };
    let month = MONTHS.iter().position(|known| *known == month)? + 1;
    let day: u8 = day.parse().ok()?;
    Some(format!("{year}-{month:02}-{day:02}")).filter(|date| is_date(date))
}

/// A text without the closures with dates that it says as `OpenStreetMap` does, and these. « 24/7 » is
/// said in words there: inside of others it may be a date.
pub(super) fn closures_apart(text: &str) -> (Cow<'_, str>, Vec<Closure>) {
    let mut closed = Vec::new();
    let mut left: Vec<&str> = Vec::new();
    let mut is_changed = false;
    for part in text.split([';', '\n', '\r']) {
        let dates = part.trim().strip_suffix(" off").or_else(|| part.trim().strip_suffix(" closed"));
        let closure = dates.and_then(|dates| {
            let (from, until) = dates.split_once('-').unwrap_or((dates, dates));
            Some(Closure { from: iso_date(from)?, until: iso_date(until)? })
        });
        let is_always = part.trim() == "24/7";
        is_changed |= is_always || closure.is_some();
        left.extend(if is_always {
            Some("lundi-dimanche 0h-24h")
        } else {
            Some(part).filter(|_| closure.is_none())
        });
        closed.extend(closure);
    }
    (if is_changed { left.join(";").into() } else { text.into() }, closed)
}

#[cfg(test)]
mod tests {
    use super::super::{Syntax, listed};
    use super::*;

    fn said(text: &str, syntax: Syntax) -> String {
        listed(text, syntax).map_or_else(|| "?".to_owned(), |hours| french(&hours.week))
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (text, expect) in [
            ("lundi-vendredi 08:30-12:00, 13:30-17:00", "lundi-vendredi 08:30-12:00, 13:30-17:00"),
            (
                "Du lundi au vendredi de 8h30 à 12h et de 13h30 à 17h",
                "lundi-vendredi 08:30-12:00, 13:30-17:00",
            ),
            ("lun. et jeu. : 9h-12h ; mardi 14h00-18h", "lundi,jeudi 09:00-12:00 ; mardi 14:00-18:00"),
            ("mercredi 9h à 12h\nvendredis 14h à 16h30", "mercredi 09:00-12:00 ; vendredi 14:00-16:30"),
            ("Mo,Tu 09:00-12:00", "lundi,mardi 09:00-12:00"),
            ("lundi 9h-12h ; lundi 14h-16h", "lundi 09:00-12:00, 14:00-16:00"),
            ("sur rendez-vous", "?"),
            ("lundi-vendredi 8h30-12h sur rendez-vous", "?"),
            ("lundi", "?"),
            ("9h-12h", "?"),
            ("lundi 12h-9h", "?"),
            ("lundi 25h-26h", "?"),
            ("lundi 9h-12h-14h", "?"),
            ("", "?"),
        ] {
            assert_eq!(said(text, Syntax::French), expect, "{text:?}");
        }
    }

    #[test]
    fn a_later_rule_of_openstreetmap_replaces_an_earlier_one() {
        for (text, expect) in [
            ("Mo-Fr 08:30-12:30; PH off", "lundi-vendredi 08:30-12:30"),
            ("Mo-Fr 08:00-12:00; We off", "lundi,mardi,jeudi,vendredi 08:00-12:00"),
            ("Mo-We 08:00-12:00; Mo 14:00-16:00", "mardi,mercredi 08:00-12:00 ; lundi 14:00-16:00"),
            ("Mo-We 08:00-12:00, Mo 14:00-16:00", "lundi-mercredi 08:00-12:00 ; lundi 14:00-16:00"),
            ("Sa-Mo 10:00-12:00", "samedi,dimanche,lundi 10:00-12:00"),
            ("24/7", "lundi-dimanche 00:00-24:00"),
            ("Lundi matin 9h-12h ; lundi 14h-16h", "lundi 09:00-12:00, 14:00-16:00"),
            ("Mo-Fr 08:00-12:00+", "?"),
            ("Mo-Fr 08:00-12:00 \"sur rendez-vous\"", "?"),
            ("SH off; Mo 08:00-12:00", "?"),
            ("Mo-Fr sunrise-sunset", "?"),
        ] {
            assert_eq!(said(text, Syntax::OpenStreetMap), expect, "{text:?}");
        }
    }

    #[test]
    fn openstreetmap_says_the_same_hours_and_closures() {
        let hours = listed("lundi-vendredi 08:30-12:00 ; lundi 14:00-16:00", Syntax::French).unwrap();
        let closed = vec![Closure { from: "2026-08-01".into(), until: "2026-08-15".into() }];
        let text = openstreetmap(&hours.week, &closed);
        assert_eq!(
            text,
            "Mo 08:30-12:00,14:00-16:00; Tu-Fr 08:30-12:00; 2026 Aug 01-2026 Aug 15 off; PH off"
        );
        let back = listed(&text, Syntax::OpenStreetMap).unwrap();
        assert_eq!(openstreetmap(&back.week, &back.closed), text);
        assert_eq!(back.closed, closed);
        assert_eq!(openstreetmap(&[], &closed), "", "closures of unknown hours say nothing");
    }
}
