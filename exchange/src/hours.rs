//! Weekly opening hours as a text: in French for spreadsheets, in the syntax of
//! `OpenStreetMap` for open data. Both are read back; what cannot be read whole is not read
//! at all, so that it stays a text that a person reads.

use shared::directory::{Closure, OpeningHours, Weekday};
use shared::spelling::fold;
use std::fmt::Write;

/// The days, with their name in French and their two letters in `OpenStreetMap`.
const DAYS: [(Weekday, &str, &str); 7] = [
    (Weekday::Monday, "lundi", "Mo"),
    (Weekday::Tuesday, "mardi", "Tu"),
    (Weekday::Wednesday, "mercredi", "We"),
    (Weekday::Thursday, "jeudi", "Th"),
    (Weekday::Friday, "vendredi", "Fr"),
    (Weekday::Saturday, "samedi", "Sa"),
    (Weekday::Sunday, "dimanche", "Su"),
];

/// The months as `OpenStreetMap` writes them.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// How several rules on one day go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// As people write: each rule adds to the others.
    French,
    /// As <https://wiki.openstreetmap.org/wiki/Key:opening_hours> says: a rule replaces the
    /// earlier ones on its days, unless a comma joins them.
    OpenStreetMap,
}

/// Hours and closures that a text says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hours {
    /// Weekly hours.
    pub(crate) weekly: Vec<OpeningHours>,
    /// Closures with dates.
    pub(crate) closed: Vec<Closure>,
}

fn rank(day: Weekday) -> usize {
    DAYS.iter().position(|(known, ..)| *known == day).unwrap_or_default()
}

/// `lundi-vendredi 08:30-12:00, 13:30-17:00 ; samedi 09:00-12:00`: reading it as
/// [`Syntax::French`] gives the same list, entry by entry.
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
            write_days(&mut text, &opening.days, |day| DAYS[day].1);
            text.push(' ');
        }
        days = Some(&opening.days);
        let _ = write!(text, "{}-{}", opening.from, opening.to);
    }
    text
}

/// Runs of days as ranges, in the order in which they come.
fn write_days(text: &mut String, days: &[Weekday], name: impl Fn(usize) -> &'static str) {
    let ranks: Vec<usize> = days.iter().map(|day| rank(*day)).collect();
    let mut start = 0;
    while start < ranks.len() {
        let mut end = start;
        while ranks.get(end + 1) == Some(&(ranks[end] + 1)) {
            end += 1;
        }
        if start > 0 {
            text.push(',');
        }
        text.push_str(name(ranks[start]));
        if end > start {
            text.push(if end == start + 1 { ',' } else { '-' });
            text.push_str(name(ranks[end]));
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
    for (day, ..) in DAYS {
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
        write_days(&mut text, &days, |day| DAYS[day].2);
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
    Some(format!("{year}-{month:02}-{day:02}")).filter(|date| shared::directory::is_date(date))
}

/// The hours that a text says, when every word of it is understood.
pub(crate) fn read(text: &str, syntax: Syntax) -> Option<Hours> {
    let mut hours = Hours::default();
    if text.trim() == "24/7" {
        let days = DAYS.iter().map(|(day, ..)| *day).collect();
        hours.weekly.push(OpeningHours { days, from: "00:00".into(), to: "24:00".into() });
        return Some(hours);
    }
    for part in text.split([';', '\n', '\r']).map(str::trim).filter(|part| !part.is_empty()) {
        // Public holidays are closed anyway.
        if matches!(part, "PH off" | "PH closed") {
            continue;
        }
        if let Some(dates) = part.strip_suffix(" off").or_else(|| part.strip_suffix(" closed"))
            && dates.starts_with(|first: char| first.is_ascii_digit())
        {
            let (from, until) = dates.split_once('-').unwrap_or((dates, dates));
            hours.closed.push(Closure { from: iso_date(from.trim())?, until: iso_date(until.trim())? });
            continue;
        }
        read_rules(part, syntax, &mut hours.weekly)?;
    }
    (!hours.weekly.is_empty() || !hours.closed.is_empty()).then_some(hours)
}

/// What a text is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Day(usize),
    Time(String),
    /// From one to the other.
    Dash,
    /// And.
    Comma,
    Off,
}

/// One rule under way.
#[derive(Default)]
struct Rule {
    days: Vec<usize>,
    spans: Vec<(String, String)>,
    is_off: bool,
}

fn read_rules(part: &str, syntax: Syntax, weekly: &mut Vec<OpeningHours>) -> Option<()> {
    let tokens = tokens(part)?;
    let mut rule = Rule::default();
    let mut replaces = syntax == Syntax::OpenStreetMap;
    let mut index = 0;
    while index < tokens.len() {
        let next = |ahead: usize| tokens.get(index + ahead);
        match &tokens[index] {
            Token::Day(first) => {
                if !rule.spans.is_empty() || rule.is_off {
                    finish(std::mem::take(&mut rule), replaces, weekly)?;
                    // Only a comma can stand between two rules of one part.
                    replaces = false;
                }
                if let (Some(Token::Dash), Some(Token::Day(last))) = (next(1), next(2)) {
                    let count = (last + 7 - first) % 7;
                    rule.days.extend((0..=count).map(|step| (first + step) % 7));
                    index += 3;
                } else {
                    rule.days.push(*first);
                    index += 1;
                }
            }
            Token::Time(from) => {
                let (Some(Token::Dash), Some(Token::Time(to))) = (next(1), next(2)) else { return None };
                if to <= from {
                    return None;
                }
                rule.spans.push((from.clone(), to.clone()));
                index += 3;
            }
            Token::Comma if index > 0 && index + 1 < tokens.len() => index += 1,
            Token::Off if !rule.days.is_empty() => {
                rule.is_off = true;
                index += 1;
            }
            Token::Comma | Token::Dash | Token::Off => return None,
        }
    }
    finish(rule, replaces, weekly)
}

/// A rule is complete: it has days, and either hours or the word that says closed.
fn finish(rule: Rule, replaces: bool, weekly: &mut Vec<OpeningHours>) -> Option<()> {
    if rule.days.is_empty() || rule.spans.is_empty() != rule.is_off {
        return None;
    }
    let days: Vec<Weekday> = rule.days.iter().map(|day| DAYS[*day].0).collect();
    if replaces || rule.is_off {
        for opening in weekly.iter_mut() {
            opening.days.retain(|day| !days.contains(day));
        }
        weekly.retain(|opening| !opening.days.is_empty());
    }
    weekly.extend(rule.spans.into_iter().map(|(from, to)| OpeningHours { days: days.clone(), from, to }));
    Some(())
}

fn tokens(part: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = part.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_digit() {
            rest.find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, ':' | 'h' | 'H')))
        } else if first.is_alphabetic() {
            rest.find(|letter: char| !letter.is_alphabetic())
        } else {
            Some(first.len_utf8())
        }
        .unwrap_or(rest.len());
        let word = &rest[..length];
        rest = rest[length..].trim_start();
        if first.is_ascii_digit() {
            tokens.push(Token::Time(time(word)?));
            continue;
        }
        match fold(word).as_str() {
            "" => match word {
                "-" | "–" => tokens.push(Token::Dash),
                "," | "&" | "/" => tokens.push(Token::Comma),
                ":" | "." => {}
                _ => return None,
            },
            "a" | "au" => tokens.push(Token::Dash),
            "et" | "puis" => tokens.push(Token::Comma),
            "du" | "de" | "le" | "les" => {}
            "off" | "closed" | "ferme" => tokens.push(Token::Off),
            folded => tokens.push(Token::Day(day(folded)?)),
        }
    }
    Some(tokens)
}

/// The days from one to another, by their names; nothing where either is not one.
pub(crate) fn days(first: &str, last: &str) -> Vec<Weekday> {
    let (Some(first), Some(last)) = (day(&fold(first)), day(&fold(last))) else { return Vec::new() };
    let count = (last + 7 - first) % 7;
    (0..=count).map(|step| DAYS[(first + step) % 7].0).collect()
}

/// A day by its name or its first letters, in French or in English.
fn day(folded: &str) -> Option<usize> {
    const ENGLISH: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let folded = folded.strip_suffix('s').unwrap_or(folded);
    (0..7).find(|rank| {
        let (_, french, letters) = DAYS[*rank];
        // "ma" is mardi, "me" mercredi: two letters are enough in both languages, and no
        // two letters name different days in them.
        folded.len() >= 2
            && (french.starts_with(folded)
                || ENGLISH[*rank].starts_with(folded)
                || letters.eq_ignore_ascii_case(folded))
    })
}

/// `8h`, `8h30`, `08:30` as `08:30`.
fn time(word: &str) -> Option<String> {
    let (hour, minute) = word.split_once([':', 'h', 'H'])?;
    let hour: u8 = hour.parse().ok().filter(|_| hour.len() <= 2)?;
    let minute: u8 = match minute.len() {
        0 => 0,
        2 => minute.parse().ok()?,
        _ => return None,
    };
    (hour < 24 && minute < 60 || hour == 24 && minute == 0).then(|| format!("{hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, syntax: Syntax) -> String {
        read(text, syntax).map_or_else(|| "?".to_owned(), |hours| french(&hours.weekly))
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
            ("Mo-Fr 08:00-12:00 \"sur rendez-vous\"", "?"),
            ("SH off; Mo 08:00-12:00", "?"),
            ("Mo-Fr sunrise-sunset", "?"),
        ] {
            assert_eq!(said(text, Syntax::OpenStreetMap), expect, "{text:?}");
        }
    }

    #[test]
    fn openstreetmap_says_the_same_hours_and_closures() {
        let hours = read("lundi-vendredi 08:30-12:00 ; lundi 14:00-16:00", Syntax::French).unwrap();
        let closed = vec![Closure { from: "2026-08-01".into(), until: "2026-08-15".into() }];
        let text = openstreetmap(&hours.weekly, &closed);
        assert_eq!(
            text,
            "Mo 08:30-12:00,14:00-16:00; Tu-Fr 08:30-12:00; 2026 Aug 01-2026 Aug 15 off; PH off"
        );
        let back = read(&text, Syntax::OpenStreetMap).unwrap();
        assert_eq!(openstreetmap(&back.weekly, &back.closed), text);
        assert_eq!(back.closed, closed);
        assert_eq!(openstreetmap(&[], &closed), "", "closures of unknown hours say nothing");
    }
}
