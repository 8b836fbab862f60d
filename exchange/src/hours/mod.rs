//! Opening hours as a text: one grammar, for all who write them.
//!
//! ```text
//! text   = { rule | remark | stop }          remark: « sur rendez-vous », told beside the week
//! rule   = days [ "sauf" days ] hours        or hours before days, all through the text
//!        | days "fermé" | "fermé" days | "sauf" days
//! days   = range { and range }               range = day [ to day ]
//! hours  = span { [ and ] span }             span  = time to time
//! day    = its name in French or in English, or how that begins; its letter where only one day has it
//! time   = 9h | 9h30 | 9 h 30 | 09:00 | 9.30 | neuf heures | midi; 9 where the time behind it is whole
//! to     = "-" | "à" | "au"; and = "," | "et" | "/"; stop = ";" | "." | end of line
//! ```
//!
//! A text is certain when every word of it is in the grammar; whatever else stays a text that a person
//! reads. Entries into it differ by what they accept and by how their rules go together:
//!
//! | entry | takes | its rules |
//! |---|---|---|
//! | [`read`] | a cell of anybody's file, with remarks | make one week, or contradict each other |
//! | [`listed`] | what [`french`] or [`openstreetmap`] wrote, without remarks | are kept one by one, or replace each other |
//! | [`typed`] | a line for each day, without days: a bare 9 is an hour | are told where they overlap |

mod grammar;
mod letters;
mod remarks;
mod settle;
mod words;
mod written;

pub(crate) use grammar::{Part, parts};
pub(crate) use settle::{Open, Span, name, named, settle, told};
pub(crate) use words::{Token, day, tokens};
pub(crate) use written::{french, openstreetmap};

use crate::import::repair::tidy;
use grammar::{Rule, rules, through};
use remarks::Remark;
use shared::directory::{Closure, OpeningHours, Weekday};
use shared::opening::{WEEKDAYS, clock};
use shared::spelling::fold;
use std::collections::BTreeMap;
use words::ENGLISH;

/// What a text of hours says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hours {
    /// The week, where the text is certain.
    pub(crate) week: Vec<OpeningHours>,
    /// Closures with dates.
    pub(crate) closed: Vec<Closure>,
    /// The text, where it is not certain, or what it says beside the week.
    pub(crate) note: Option<String>,
    /// What contradicts itself, as a French sentence.
    pub(crate) contradiction: Option<String>,
    /// The text speaks of more than appointments, and is no week that can be read.
    pub(crate) is_unread: bool,
    /// Longer hours that a day may have, as the note says them.
    pub(crate) perhaps: Vec<String>,
}

/// How several rules on one day go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// As people write: each rule adds to the others.
    French,
    /// As <https://wiki.openstreetmap.org/wiki/Key:opening_hours> says: a rule replaces the
    /// earlier ones on its days, unless a comma joins them. Where the days are in French, people wrote it.
    OpenStreetMap,
}

/// Reads a cell of a file.
pub(crate) fn read(text: &str) -> Hours {
    let kept = one_line(text);
    let as_text = |contradiction: Option<String>, is_unread| Hours {
        note: Some(kept.clone()).filter(|note| !note.is_empty()),
        contradiction,
        is_unread,
        ..Hours::default()
    };
    let (text, closed) = written::closures_apart(text);
    let Some((tokens, remarks)) = tokens(&text) else { return as_text(None, true) };
    let is_quiet =
        |token: &Token| matches!(token, Token::Appointment | Token::Stop | Token::And | Token::Slash);
    if tokens.iter().all(is_quiet) {
        let is_said = remarks.is_empty() && !closed.is_empty();
        return if is_said {
            Hours { closed, ..Hours::default() }
        } else {
            Hours { closed, ..as_text(None, false) }
        };
    }
    let read = without_remarks(&tokens, &remarks).and_then(|(parts, notes)| Some((week(&parts)?, notes)));
    match read {
        Some((Ok((week, longer)), mut notes)) if !week.is_empty() => {
            let perhaps: Vec<String> = told(&longer).collect();
            notes.splice(0..0, perhaps.iter().cloned());
            let note = Some(notes.join(". ")).filter(|note| !note.is_empty());
            Hours { week, closed, note, perhaps, ..Hours::default() }
        }
        Some((Err(contradiction), _)) => as_text(Some(contradiction), true),
        _ => as_text(None, true),
    }
}

/// The week that parts make: the error says what contradicts itself; nothing where they
/// do not go together.
fn week(parts: &[Part]) -> Option<Result<(Vec<OpeningHours>, settle::Perhaps), String>> {
    let mut open = Open::new();
    let mut closed: Vec<usize> = Vec::new();
    for rule in rules(parts)? {
        match rule {
            Rule::Open(days, spans) => {
                for (day, is_named) in days {
                    let (all, named) = open.entry(day).or_default();
                    all.extend(spans);
                    *named |= is_named;
                }
            }
            Rule::Closed(days) => closed.extend(days.iter().map(|(day, _)| *day)),
        }
    }
    Some(settle(open, &closed))
}

/// The hours and closures that a text says, rule by rule, when every word of it is understood and none
/// is about appointments.
pub(crate) fn listed(text: &str, syntax: Syntax) -> Option<Hours> {
    // An hour and a plus is open-ended there.
    if syntax == Syntax::OpenStreetMap && text.contains('+') {
        return None;
    }
    let (text, closed) = written::closures_apart(text);
    let mut week: Vec<OpeningHours> = Vec::new();
    let ends: &[char] = if syntax == Syntax::OpenStreetMap { &[';', '\n', '\r'] } else { &[] };
    for part in text.split(ends) {
        let (tokens, _) = tokens(part)?;
        let first =
            part.trim_start().split(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default();
        let is_theirs = ENGLISH.iter().any(|name| name[..2].eq_ignore_ascii_case(first));
        // Only a comma can stand between two rules of one part.
        for (rank, rule) in rules(&parts(&tokens)?)?.into_iter().enumerate() {
            let replaces = syntax == Syntax::OpenStreetMap && rank == 0 && is_theirs;
            let (days, spans) = match &rule {
                Rule::Open(days, spans) => (days, *spans),
                Rule::Closed(days) => (*days, &[][..]),
            };
            if spans.iter().any(|(from, to)| to <= from || *to > settle::DAY) {
                return None;
            }
            let days: Vec<Weekday> = days.iter().map(|(day, _)| WEEKDAYS[*day]).collect();
            if replaces || spans.is_empty() {
                for opening in &mut week {
                    opening.days.retain(|day| !days.contains(day));
                }
                week.retain(|opening| !opening.days.is_empty());
            }
            let opening =
                |(from, to): &Span| OpeningHours { days: days.clone(), from: clock(*from), to: clock(*to) };
            week.extend(spans.iter().map(opening));
        }
    }
    (!week.is_empty() || !closed.is_empty()).then(|| Hours { week, closed, ..Hours::default() })
}

/// Reads what somebody typed for each day. Days with the same hours share them.
///
/// # Errors
/// The days that cannot be read, each with a sentence.
pub fn typed(lines: &[String; 7]) -> Result<Vec<OpeningHours>, Vec<(usize, String)>> {
    let mut by_span: BTreeMap<Span, Vec<Weekday>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (day, line) in lines.iter().enumerate() {
        match typed_day(line) {
            Ok(spans) => {
                for span in spans {
                    by_span.entry(span).or_default().push(WEEKDAYS[day]);
                }
            }
            Err(sentence) => wrong.push((day, sentence)),
        }
    }
    if wrong.is_empty() { Ok(settle::week(by_span)) } else { Err(wrong) }
}

fn typed_day(line: &str) -> Result<Vec<Span>, String> {
    match tokens(line) {
        Some((tokens, _)) if tokens == [Token::Closed] => return Ok(Vec::new()),
        Some((tokens, _)) if tokens.len() < 2 && !line.contains(char::is_alphanumeric) => {
            return Ok(Vec::new());
        }
        _ => {}
    }
    let mut spans = Vec::new();
    let line = line.to_lowercase().replace(" et ", ",");
    for part in line.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        let span = tokens(part).and_then(|(tokens, _)| match tokens[..] {
            [from, Token::To | Token::Dash, to] => Some((from.minutes()?, to.minutes()?)),
            _ => None,
        });
        let Some((from, to)) = span.filter(|(from, to)| from.max(to) <= &settle::DAY) else {
            return Err(format!(
                "« {part} » n’est pas un horaire. Écrivez par exemple : 9:00-12:00, 14:00-17:00."
            ));
        };
        if to <= from {
            return Err(format!("« {part} » : l’heure de fermeture doit venir après l’heure d’ouverture."));
        }
        spans.push((from, to));
    }
    spans.sort_unstable();
    if spans.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return Err("Deux plages se chevauchent ce jour-là.".to_owned());
    }
    Ok(spans)
}

/// The days from one to another, by their names; nothing where either is not one.
pub(crate) fn days(first: &str, last: &str) -> Vec<Weekday> {
    let (Some(first), Some(last)) = (day(&fold(first)), day(&fold(last))) else { return Vec::new() };
    through(first, last).map(|day| WEEKDAYS[day]).collect()
}

/// A text on one line: what were lines are told apart.
pub(crate) fn one_line(text: &str) -> String {
    let lines = text.split(['\n', '\r']).map(tidy).filter(|line| !line.is_empty());
    let mut whole = String::new();
    for line in lines {
        if !whole.is_empty() {
            whole.push_str(if whole.ends_with([';', ':', ',', '.']) { " " } else { " ; " });
        }
        whole.push_str(&line);
    }
    whole
}

/// The parts of a text beside its remarks about appointments, and what is noted of these: the
/// remark alone where it is about the whole week, else the sentence that it stands in. Nothing
/// where hours follow a remark in its sentence: they may be no opening hours.
fn without_remarks(tokens: &[Token], remarks: &[Remark]) -> Option<(Vec<Part>, Vec<String>)> {
    let others: Vec<Token> = tokens.iter().copied().filter(|token| *token != Token::Appointment).collect();
    let parts = parts(&others)?;
    let is_only = parts.iter().filter(|part| matches!(part, Part::Days(_))).count() < 2;
    let mut notes: Vec<String> = Vec::new();
    let mut remarks = remarks.iter();
    for (index, _) in tokens.iter().enumerate().filter(|(_, token)| **token == Token::Appointment) {
        let remark = remarks.next()?;
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        let after = tokens.get(index + 1);
        let ends = matches!(after, None | Some(Token::Stop));
        let is_apart = ends
            && match before {
                None | Some(Token::Stop | Token::Dash) => true,
                Some(Token::And | Token::Slash) => after.is_none(),
                _ => false,
            };
        let note = if is_apart || is_only && (ends || before.is_none()) {
            &remark.text
        } else if ends {
            &remark.clause
        } else {
            return None;
        };
        if !notes.contains(note) {
            notes.push(note.clone());
        }
    }
    Some((parts, notes))
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
            ("mardi de 8h à 12h - 13h30 à 17h", "1 08:00-12:00, 1 13:30-17:00"),
            ("Mardi : 8h-12h - 14h-17h - Jeudi - 9h-12h", "1 08:00-12:00, 3 09:00-12:00, 1 14:00-17:00"),
            ("- mardi 9h-12h\n- jeudi 9h-12h", "13 09:00-12:00"),
            ("jeudi matin : 9h-12h / jeudi après-midi : 14h-17h", "3 09:00-12:00, 3 14:00-17:00"),
            ("mardi 9h-12h le matin et 14h-17h l’après-midi", "1 09:00-12:00, 1 14:00-17:00"),
            ("jeudi matin 14h-17h", ""),
            ("mardi 9h-12h, fermé le mardi après-midi", ""),
            ("lundi matin et mardi après-midi : 9h-12h", ""),
            ("mardi - jeudi - samedi 9h-12h", ""),
            ("mardi 9h-12h-14h", ""),
            ("jeudi de 9h à 12h puis de 14h à 16h sauf mardi", ""),
            ("lundi au jeudi sauf samedi 9h-12h", ""),
            ("lundi au jeudi 9h-12h sauf mardi", "023 09:00-12:00"),
            ("lundi mardi 8h30/12h 13h30/17h", "01 08:30-12:00, 01 13:30-17:00"),
            ("Du lundi au jeudi, 9h/12h - 13h/17h", "0123 09:00-12:00, 0123 13:00-17:00"),
            ("mardi 9h-12h/14h", ""),
            ("Fermé le lundi. Du mardi au jeudi 9h-12h", "123 09:00-12:00"),
            ("mar. et jeu. 9h-12h", "13 09:00-12:00"),
            ("mardi : 8.30-12.00 / 13.30-17.15", "1 08:30-12:00, 1 13:30-17:15"),
            ("mardi 9-12.14-17", ""),
            ("de 8 heures 30 à 12 heures le mardi", "1 08:30-12:00"),
            (
                "Du lundi au mercredi de neuf heures à midi et de quatorze heures trente à dix-sept heures",
                "012 09:00-12:00, 012 14:30-17:00",
            ),
            ("L-V 9h-17h", "01234 09:00-17:00"),
            ("lun-ven 9h-17h", "01234 09:00-17:00"),
            ("Lu-Ve : 9h-12h / 14h-17h", "01234 09:00-12:00, 01234 14:00-17:00"),
            ("L, Ma, J 9h-12h", "013 09:00-12:00"),
            ("LMMJV 9h-12h, S 9h-11h", "5 09:00-11:00, 01234 09:00-12:00"),
            ("L,M,M,J 9h-12h ; V fermé", "0123 09:00-12:00"),
            ("Lundi(s) et jeudi(s) 9h-12h", "03 09:00-12:00"),
            ("Lun > Ven 9h-17h sans interruption", "01234 09:00-17:00"),
            ("9h-17h non-stop du lundi au vendredi", "01234 09:00-17:00"),
            ("L,M,J 9h-12h", ""),
            ("M-V 9h-12h", ""),
            ("mardi 9h-12h, 9h-12h", "1 09:00-12:00"),
            ("matin 9h-12h", ""),
            ("lundi 9h", ""),
            ("mardi", ""),
            ("24/7", "0123456 00:00-24:00"),
            ("vend. 9h-12h", "4 09:00-12:00"),
            ("Mon-Fri 9 : 00 − 12 : 00", "01234 09:00-12:00"),
            ("lundi 9h-12h, le 24/7 14h-17h", ""),
            ("voir le site", ""),
            ("", ""),
        ] {
            let read = read(text);
            assert_eq!(short(&read.week), expect, "{text}");
            assert_eq!(read.contradiction, None, "{text}");
            let is_kept = !expect.is_empty() || read.note.as_deref().unwrap_or_default() == tidy(text);
            assert!(is_kept, "{text}: the text is lost");
            assert_eq!(read.is_unread, expect.is_empty() && !text.is_empty(), "{text}");
        }
    }

    #[test]
    fn closures_with_dates_stand_beside_the_week_and_its_remarks() {
        let read = read("mardi 9h-12h sur rdv ; 2026 Aug 01-2026 Aug 15 off");
        assert_eq!((short(&read.week).as_str(), read.note.as_deref()), ("1 09:00-12:00", Some("Sur rdv")));
        let august = Closure { from: "2026-08-01".into(), until: "2026-08-15".into() };
        assert_eq!((read.closed, read.is_unread), (vec![august], false));
        let unread = super::read("mardi 9h-12h ; 2026 Abc 01 off");
        assert!(unread.week.is_empty() && unread.closed.is_empty() && unread.is_unread);
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
    fn what_is_said_of_appointments_stands_beside_the_week() {
        for (text, week, note) in [
            ("mardi au jeudi 9h-12h sans rendez-vous", "123 09:00-12:00", "Sans rendez-vous"),
            ("Accueil sans rdv le mardi de 9h à 12h", "1 09:00-12:00", "Accueil sans rdv"),
            ("Mardi 09:00-12:15; Jeudi 09:00-12:15; rdv possible", "13 09:00-12:15", "Rdv possible"),
            ("RDV conseillé. Mardi 9h-12h, jeudi 9h-12h.", "13 09:00-12:00", "RDV conseillé"),
            (
                "mardi 9h-12h ; jeudi 14h-17h (sur rdv)",
                "1 09:00-12:00, 3 14:00-17:00",
                "Jeudi 14h-17h (sur rdv)",
            ),
            ("mardi 9h-12h ; sur rdv 14h-17h", "", "mardi 9h-12h ; sur rdv 14h-17h"),
            ("sur rdv le mardi 9h-12h, jeudi 9h-12h", "", "sur rdv le mardi 9h-12h, jeudi 9h-12h"),
        ] {
            let read = super::read(text);
            assert_eq!((short(&read.week).as_str(), read.note.as_deref()), (week, Some(note)), "{text}");
            assert_eq!(read.is_unread, week.is_empty(), "{text}");
        }
        assert!(!super::read("Uniquement sur rendez-vous").is_unread, "no week is meant");
    }

    #[test]
    fn a_text_of_lines_stays_legible() {
        let note = super::read("Voir\n le site :\nexemple.fr\n").note;
        assert_eq!(note.as_deref(), Some("Voir ; le site : exemple.fr"));
    }

    #[test]
    fn of_hours_within_hours_the_narrower_are_certain() {
        for (text, week, note) in [
            (
                "mardi 10h-19h, 10h-12h, 15h-19h",
                "1 10:00-12:00, 1 15:00-19:00",
                Some("Mardi : peut-être ouvert de 10:00 à 19:00"),
            ),
            (
                "lundi au jeudi 8h-18h ; mercredi 8h-12h ; rdv possible",
                "2 08:00-12:00, 013 08:00-18:00",
                Some("Mercredi : peut-être ouvert de 08:00 à 18:00. Rdv possible"),
            ),
            ("jeudi 00:00-00:00, 10h-12h", "3 10:00-12:00", None),
        ] {
            let read = read(text);
            assert_eq!((short(&read.week).as_str(), read.note.as_deref()), (week, note), "{text}");
            assert_eq!((read.contradiction, read.is_unread), (None, false), "{text}");
        }
        for text in ["mardi 9h-18h, 9h-13h, 12h-18h", "mardi 00:00-00:00"] {
            assert!(read(text).contradiction.is_some(), "{text}: the narrower ones may not both be right");
        }
    }

    #[test]
    fn contradictions_are_told_and_the_text_is_kept() {
        for (text, expect) in [
            ("lundi 17h-9h", "la fermeture ne vient pas après l’ouverture : « 17:00-09:00 » le lundi"),
            ("lundi 9h-9h", "la fermeture ne vient pas après l’ouverture : « 09:00-09:00 » le lundi"),
            ("lundi 9h-25h", "« 09:00-25:00 » dépasse la fin du jour, 24 h"),
            ("lundi 9h-14h et 12h-17h", "« 09:00-14:00 » et « 12:00-17:00 » se recouvrent le lundi"),
            (
                "lundi au vendredi 9h-12h ; mardi 10h-17h",
                "« 09:00-12:00 » et « 10:00-17:00 » se recouvrent le mardi",
            ),
            ("mardi 9h-12h, fermé le mardi", "le mardi est à la fois ouvert et fermé"),
        ] {
            let read = read(text);
            assert_eq!(read.contradiction.as_deref(), Some(expect), "{text}");
            assert!(read.week.is_empty());
            assert_eq!(read.note.as_deref(), Some(text));
        }
    }
}
