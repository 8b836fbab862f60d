//! Opening hours as people write them, read where there is only one way to read them:
//! « lundi au vendredi 9h-12h et 14h-17h », « Lun-Ven : 9h00 - 12h30 / 13h30 - 17h »,
//! `Mo-Fr 09:00-12:00,14:00-17:00`. Whatever else is kept as a text.

use super::hours_words::{Token, tokens};
use super::repair::tidy;
use shared::directory::{OpeningHours, Weekday};
use shared::opening::WEEKDAYS;
use std::collections::BTreeMap;

/// What a cell of hours says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hours {
    /// The week, where the text is certain.
    pub(crate) week: Vec<OpeningHours>,
    /// The text, where it is not, or what it says beside the week.
    pub(crate) note: Option<String>,
    /// What contradicts itself, as a French sentence.
    pub(crate) contradiction: Option<String>,
}

/// Minutes since midnight.
type Span = (u16, u16);

/// Days, each with whether it was named by itself rather than within a range.
type Days = Vec<(usize, bool)>;

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Days.
    Days(Days),
    /// Hours.
    Spans(Vec<Span>),
    /// « fermé ».
    Closed,
    /// « sauf ».
    Except,
}

/// Reads a cell.
pub(crate) fn read(text: &str) -> Hours {
    let tidied = tidy(text);
    if tidied.is_empty() {
        return Hours::default();
    }
    let as_text = |contradiction| Hours { note: Some(tidied.clone()), contradiction, week: Vec::new() };
    let Some(mut tokens) = tokens(text) else { return as_text(None) };
    // By appointment: of the whole week where it stands apart, else of one day only.
    let by_appointment = [tokens.first(), tokens.last()].contains(&Some(&Token::Appointment));
    tokens.retain(|token| !by_appointment || *token != Token::Appointment);
    let Some(week) = parts(&tokens).and_then(|parts| week(&parts)) else { return as_text(None) };
    match week {
        Ok(hours) if hours.is_empty() => as_text(None),
        Ok(hours) => {
            let note = by_appointment.then(|| "Sur rendez-vous".to_owned());
            Hours { week: hours, note, contradiction: None }
        }
        Err(contradiction) => as_text(Some(contradiction)),
    }
}

/// The parts of a text, in order; nothing where it can be read in another way, or in none.
fn parts(tokens: &[Token]) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = tokens;
    while let Some(token) = rest.first() {
        match token {
            Token::Day(_) => {
                let (days, after) = days(rest)?;
                parts.push(Part::Days(days));
                rest = after;
            }
            Token::Time(_) | Token::Hour(_) => {
                let (spans, after) = spans(rest)?;
                parts.push(Part::Spans(spans));
                rest = after;
            }
            Token::Closed | Token::Except => {
                parts.push(if *token == Token::Closed { Part::Closed } else { Part::Except });
                rest = &rest[1..];
            }
            Token::And | Token::Stop | Token::Colon => rest = &rest[1..],
            Token::To | Token::Appointment | Token::Silence => return None,
        }
    }
    Some(parts)
}

/// Days with « et » between, ranges of them with « au ».
fn days(mut rest: &[Token]) -> Option<(Days, &[Token])> {
    let mut days = Vec::new();
    loop {
        match rest {
            [Token::Day(first), Token::To, Token::Day(last), after @ ..] => {
                // From Saturday to Monday goes round.
                let length = (last + 7 - first) % 7;
                days.extend((0..=length).map(|day| ((first + day) % 7, false)));
                rest = after;
            }
            [Token::Day(_), Token::To, ..] => return None,
            [Token::Day(day), after @ ..] => {
                days.push((*day, true));
                rest = after;
            }
            _ => return None,
        }
        match rest {
            [Token::And, Token::Day(_), ..] => rest = &rest[1..],
            [Token::Day(_), ..] => {}
            _ => return Some((days, rest)),
        }
    }
}

/// Hours with « et » between.
fn spans(mut rest: &[Token]) -> Option<(Vec<Span>, &[Token])> {
    let mut spans = Vec::new();
    loop {
        match rest {
            [Token::Time(from), Token::To, Token::Time(to), after @ ..] => {
                spans.push((*from, *to));
                rest = after;
            }
            // « 9-12h »: the second says that the first is an hour.
            [Token::Hour(from), Token::To, Token::Time(to), after @ ..] => {
                spans.push((from * 60, *to));
                rest = after;
            }
            _ => return None,
        }
        match rest {
            [Token::And | Token::Stop, Token::Time(_) | Token::Hour(_), ..] => rest = &rest[1..],
            [Token::Time(_) | Token::Hour(_), ..] => {}
            _ => return Some((spans, rest)),
        }
    }
}

/// The week that parts make: the error says what contradicts itself; nothing where they
/// do not go together.
fn week(parts: &[Part]) -> Option<Result<Vec<OpeningHours>, String>> {
    let mut open: BTreeMap<usize, (Vec<Span>, bool)> = BTreeMap::new();
    let mut closed: Vec<usize> = Vec::new();
    let mut rest = parts;
    let hours_first = matches!(parts, [Part::Spans(_), ..]);
    while !rest.is_empty() {
        let mut excepted: &[(usize, bool)] = &[];
        let (days, spans) = match rest {
            [Part::Days(days), Part::Except, Part::Days(others), Part::Spans(spans), after @ ..] => {
                (rest, excepted) = (after, others);
                (days, spans)
            }
            [Part::Spans(spans), Part::Days(days), after @ ..] if hours_first => {
                rest = after;
                (days, spans)
            }
            [Part::Days(days), Part::Spans(spans), after @ ..] if !hours_first => {
                rest = after;
                (days, spans)
            }
            [Part::Days(_), Part::Closed, Part::Days(_), Part::Closed | Part::Spans(_), ..]
            | [Part::Days(_), Part::Closed]
            | [Part::Closed | Part::Except, Part::Days(_), ..] => {
                let (days, length) = match rest {
                    [Part::Days(days), ..] | [_, Part::Days(days), ..] => (days, 2),
                    _ => return None,
                };
                closed.extend(days.iter().map(|(day, _)| *day));
                rest = &rest[length..];
                continue;
            }
            _ => return None,
        };
        for (day, is_named) in days {
            if excepted.iter().any(|(other, _)| other == day) {
                continue;
            }
            let (all, named) = open.entry(*day).or_default();
            all.extend(spans);
            *named |= is_named;
        }
    }
    Some(settle(open, &closed))
}

fn settle(
    mut open: BTreeMap<usize, (Vec<Span>, bool)>,
    closed: &[usize],
) -> Result<Vec<OpeningHours>, String> {
    for day in closed {
        // « du lundi au vendredi, fermé le mercredi » is an exception, not a contradiction.
        if let Some((_, true)) = open.remove(day) {
            return Err(format!("un jour ouvert ou fermé : le {} est les deux", name(*day)));
        }
    }
    let mut by_span: BTreeMap<Span, Vec<Weekday>> = BTreeMap::new();
    for (day, (mut spans, _)) in open {
        spans.sort_unstable();
        for (from, to) in &spans {
            if *from > DAY || *to > DAY {
                return Err(format!(
                    "des heures d’un jour, jusqu’à 24 h : « {}-{} »",
                    clock(*from),
                    clock(*to)
                ));
            }
            if to <= from {
                let expected = "une fermeture après l’ouverture";
                return Err(format!("{expected} : « {}-{} » le {}", clock(*from), clock(*to), name(day)));
            }
        }
        for pair in spans.windows(2) {
            if pair[1].0 < pair[0].1 {
                let [one, other] =
                    [pair[0], pair[1]].map(|(from, to)| format!("{}-{}", clock(from), clock(to)));
                return Err(format!(
                    "des heures qui ne se recouvrent pas : « {one} » et « {other} » le {}",
                    name(day)
                ));
            }
        }
        for span in spans {
            by_span.entry(span).or_default().push(WEEKDAYS[day]);
        }
    }
    let hours =
        by_span.into_iter().map(|((from, to), days)| OpeningHours { days, from: clock(from), to: clock(to) });
    Ok(hours.collect())
}

/// Minutes in a day.
const DAY: u16 = 24 * 60;

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

const fn name(day: usize) -> &'static str {
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"][day % 7]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The week in short: `0-4 09:00-12:00`, days from 0 for Monday.
    fn short(hours: &[OpeningHours]) -> String {
        let one = |hours: &OpeningHours| {
            let days: String = hours.days.iter().map(|day| (*day as usize).to_string()).collect();
            format!("{days} {}-{}", hours.from, hours.to)
        };
        hours.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn what_is_certain_is_read() {
        for (text, expect) in [
            ("lundi au vendredi 9h-12h et 14h-17h", "01234 09:00-12:00, 01234 14:00-17:00"),
            ("Lun-Ven : 9h00 - 12h30 / 13h30 - 17h", "01234 09:00-12:30, 01234 13:30-17:00"),
            ("du lundi au jeudi de 8h30 à 12h", "0123 08:30-12:00"),
            ("Mo-Fr 09:00-12:00,14:00-17:00", "01234 09:00-12:00, 01234 14:00-17:00"),
            ("Mo,We 09:00-12:00; Sa 10:00-12:00; PH off", "02 09:00-12:00, 5 10:00-12:00"),
            ("Lundi 9h-12h\nMardi 14h-17h30", "0 09:00-12:00, 1 14:00-17:30"),
            ("lundi et jeudi : 9 h 30 à 12 h", "03 09:30-12:00"),
            ("9h-12h du lundi au vendredi", "01234 09:00-12:00"),
            ("Du lundi au vendredi, de 9 h à midi.", "01234 09:00-12:00"),
            ("lundi au vendredi 9-12h, fermé le mercredi", "0134 09:00-12:00"),
            ("Du lundi au vendredi sauf le mercredi : 9h-12h", "0134 09:00-12:00"),
            ("Lundi 9h-12h, fermé le mardi", "0 09:00-12:00"),
            ("lundi : fermé, mardi : 9h-12h", "1 09:00-12:00"),
            ("samedi au lundi 10h-12h", "056 10:00-12:00"),
            ("Ouvert tous les jours de 9h à 18h", "0123456 09:00-18:00"),
            ("matin 9h-12h", ""),
            ("lundi 9h", ""),
            ("mardi", ""),
            ("24/7", ""),
            ("voir le site", ""),
            ("", ""),
        ] {
            let read = read(text);
            assert_eq!(short(&read.week), expect, "{text}");
            assert_eq!(read.contradiction, None, "{text}");
            let is_kept = !expect.is_empty() || read.note.as_deref().unwrap_or_default() == tidy(text);
            assert!(is_kept, "{text}: the text is lost");
        }
    }

    #[test]
    fn by_appointment_is_a_note() {
        let read = |text| super::read(text);
        assert_eq!(read("Sur rendez-vous").note.as_deref(), Some("Sur rendez-vous"));
        let both = read("Lundi au vendredi 9h-12h, sur rendez-vous");
        assert_eq!(short(&both.week), "01234 09:00-12:00");
        assert_eq!(both.note.as_deref(), Some("Sur rendez-vous"));
        let of_one_day = read("Lundi 9h-12h, mardi sur rendez-vous");
        assert!(of_one_day.week.is_empty(), "which day is by appointment would be lost");
        assert!(of_one_day.note.is_some());
    }

    #[test]
    fn contradictions_are_told_and_the_text_is_kept() {
        for (text, expect) in [
            ("lundi 17h-9h", "une fermeture après l’ouverture : « 17:00-09:00 » le lundi"),
            ("lundi 9h-9h", "une fermeture après l’ouverture : « 09:00-09:00 » le lundi"),
            ("lundi 9h-25h", "des heures d’un jour, jusqu’à 24 h : « 09:00-25:00 »"),
            (
                "lundi 9h-14h et 12h-17h",
                "des heures qui ne se recouvrent pas : « 09:00-14:00 » et « 12:00-17:00 » le lundi",
            ),
            (
                "lundi au vendredi 9h-12h ; mardi 10h-17h",
                "des heures qui ne se recouvrent pas : « 09:00-12:00 » et « 10:00-17:00 » le mardi",
            ),
            ("mardi 9h-12h, fermé le mardi", "un jour ouvert ou fermé : le mardi est les deux"),
        ] {
            let read = read(text);
            assert_eq!(read.contradiction.as_deref(), Some(expect), "{text}");
            assert!(read.week.is_empty());
            assert_eq!(read.note.as_deref(), Some(text));
        }
    }
}
