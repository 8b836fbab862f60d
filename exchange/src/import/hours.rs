//! Opening hours as people write them, read where there is only one way to read them:
//! « lundi au vendredi 9h-12h et 14h-17h », « Lun-Ven : 9h00 - 12h30 / 13h30 - 17h »,
//! `Mo-Fr 09:00-12:00,14:00-17:00`. Whatever else is kept as a text.

use super::hours_words::{Token, tokens};
use super::open_days::{self, Open, Perhaps, Span, settle};
use super::remarks::Remark;
use super::repair::tidy;
use shared::directory::OpeningHours;

/// What a cell of hours says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hours {
    /// The week, where the text is certain.
    pub(crate) week: Vec<OpeningHours>,
    /// The text, where it is not, or what it says beside the week.
    pub(crate) note: Option<String>,
    /// What contradicts itself, as a French sentence.
    pub(crate) contradiction: Option<String>,
    /// The text speaks of more than appointments, and is no week that can be read.
    pub(crate) is_unread: bool,
    /// Longer hours that a day may have, as the note says them.
    pub(crate) perhaps: Vec<String>,
}

/// Days, each with whether it was named by itself rather than within a range.
type Days = Vec<(usize, bool)>;

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
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
    let kept = one_line(text);
    if kept.is_empty() {
        return Hours::default();
    }
    let as_text = |contradiction, is_unread| Hours {
        note: Some(kept.clone()),
        contradiction,
        week: Vec::new(),
        is_unread,
        perhaps: Vec::new(),
    };
    let Some((tokens, remarks)) = tokens(text) else { return as_text(None, true) };
    if tokens
        .iter()
        .all(|token| matches!(token, Token::Appointment | Token::Stop | Token::And | Token::Slash))
    {
        return as_text(None, false);
    }
    let read = without_remarks(&tokens, &remarks).and_then(|(parts, notes)| Some((week(&parts)?, notes)));
    match read {
        Some((Ok((hours, longer)), mut notes)) if !hours.is_empty() => {
            let perhaps: Vec<String> = open_days::told(&longer).collect();
            notes.splice(0..0, perhaps.iter().cloned());
            let note = Some(notes.join(". ")).filter(|note| !note.is_empty());
            Hours { week: hours, note, contradiction: None, is_unread: false, perhaps }
        }
        Some((Err(contradiction), _)) => as_text(Some(contradiction), true),
        _ => as_text(None, true),
    }
}

/// A text on one line: what were lines are told apart.
pub(super) fn one_line(text: &str) -> String {
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

/// The parts of a text, in order; nothing where it can be read in another way, or in none.
pub(super) fn parts(tokens: &[Token]) -> Option<Vec<Part>> {
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
            // A dash that joins neither days nor hours is between two parts.
            Token::And | Token::Slash | Token::Stop | Token::Colon | Token::Dash => rest = &rest[1..],
            Token::To | Token::Half(_) | Token::Appointment | Token::Silence => return None,
        }
    }
    Some(parts)
}

/// Days with « et » between, ranges of them with « au ».
fn days(mut rest: &[Token]) -> Option<(Days, &[Token])> {
    let mut days = Vec::new();
    loop {
        match rest {
            [Token::Day(first), Token::To | Token::Dash, Token::Day(last), after @ ..] => {
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
            [Token::And | Token::Slash, Token::Day(_), ..] => rest = &rest[1..],
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
            // « 8h30/12h - 13h30/17h »: a stroke is what a dash is elsewhere.
            [Token::Time(from), Token::To | Token::Dash | Token::Slash, Token::Time(to), after @ ..] => {
                spans.push((*from, *to));
                rest = after;
            }
            // « 9-12h »: the second says that the first is an hour.
            [Token::Hour(from), Token::To | Token::Dash, Token::Time(to), after @ ..] => {
                spans.push((from * 60, *to));
                rest = after;
            }
            _ => return None,
        }
        match rest {
            // « 8h à 12h - 14h à 17h »: what follows a whole range is another.
            [Token::And | Token::Slash | Token::Stop | Token::Dash, Token::Time(_) | Token::Hour(_), ..] => {
                rest = &rest[1..];
            }
            [Token::Time(_) | Token::Hour(_), ..] => {}
            _ => return Some((spans, rest)),
        }
    }
}

/// The week that parts make: the error says what contradicts itself; nothing where they
/// do not go together.
fn week(parts: &[Part]) -> Option<Result<(Vec<OpeningHours>, Perhaps), String>> {
    let mut open = Open::new();
    let mut closed: Vec<usize> = Vec::new();
    let mut rest = parts;
    let hours_first = matches!(parts, [Part::Spans(_), ..]);
    while !rest.is_empty() {
        let mut excepted: &[(usize, bool)] = &[];
        let (days, spans) = match rest {
            [Part::Days(days), Part::Except, Part::Days(others), Part::Spans(spans), after @ ..]
                if others.iter().all(|(other, _)| days.iter().any(|(day, _)| day == other)) =>
            {
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
                let ([Part::Days(days), ..] | [_, Part::Days(days), ..]) = rest else { return None };
                // An exception about a day that is not open means something else.
                let is_vain = |(day, _): &(usize, bool)| !open.contains_key(day);
                if rest[0] == Part::Except && days.iter().any(is_vain) {
                    return None;
                }
                closed.extend(days.iter().map(|(day, _)| *day));
                rest = &rest[2..];
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
            ("24/7", ""),
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
