//! The opening hours of a place as a file for the calendar of a phone: iCalendar
//! ([RFC 5545](https://www.rfc-editor.org/rfc/rfc5545)).
//!
//! Hours are local to the place and written without a zone, which every calendar reads as the time
//! of where its owner is: who goes there is there. They repeat for half a year, because hours change,
//! and leave out public holidays and the days on which the place says that it is closed. It holds what
//! is public of the place, and nothing of the visitor.

use crate::contact_file::{escaped, fold};
use crate::opening::{Day, Span, is_closed, is_holiday, week};
use crate::snapshot::Place;
use crate::wording::{address_lines, is_doubtful};

/// The type of such a file.
pub const TYPE: &str = "text/calendar; charset=utf-8";

/// For how long hours repeat, in days.
const LONGEST: i32 = 26 * 7;

/// What an event is called, before the name of the place: in French, as the record is.
const OPEN: &str = "Ouvert : ";

/// What an event says where the record is old or doubtful.
const CALL_FIRST: &str = "Téléphonez avant de venir.";

/// The days of the week as the format names them, Monday first.
const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// The file of a place, from `today` on, an ISO date; nothing where its hours are not known.
///
/// ```
/// use shared::calendar_file::calendar_file;
/// use shared::{compile::compile, directory::Directory, geography::Geography, validate::validate};
/// use shared::snapshot::{DepartmentPiece, department_piece, read};
///
/// let geography = Geography::parse(include_str!("../examples/communes.tsv"), "", &|_| true).unwrap();
/// let directory = Directory::from_json(include_bytes!("../examples/two-places.json")).unwrap();
/// let valid = validate(directory, &geography, "2026-11-24").unwrap();
/// let pieces = compile(&valid, &geography).pieces;
/// let piece: DepartmentPiece = read(&pieces[&department_piece("26")]).unwrap();
///
/// for place in &piece.places {
///     let file = calendar_file(place, "2026-11-24");
///     assert_eq!(file.is_some(), !place.hours.is_empty());
/// }
/// ```
#[must_use]
pub fn calendar_file(place: &Place, today: &str) -> Option<String> {
    let today = Day::parse(today)?;
    let week = week(&place.hours);
    // By hand, without sorting: what is general is a part of every visitor's download.
    let mut spans: Vec<Span> = Vec::new();
    for day in &week {
        for span in day {
            if !spans.contains(span) {
                spans.push(*span);
            }
        }
    }
    if spans.is_empty() {
        return None;
    }
    let mut file = String::new();
    let mut line = |name: &str, value: &str| fold(&[name, ":", value].concat(), &mut file);
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//SPRO Guide//FR");
    for span in spans {
        let mut rule = "FREQ=WEEKLY;BYDAY=".to_owned();
        let mut separator = "";
        for (name, day) in DAYS.iter().zip(&week) {
            if day.contains(&span) {
                rule.push_str(separator);
                rule.push_str(name);
                separator = ",";
            }
        }
        // A repetition begins with its first event: a day that is shut is none.
        let mut first = None;
        let mut until = String::new();
        let mut shut: Vec<String> = Vec::new();
        for days in 0..LONGEST {
            let day = today.plus(days);
            if !week[day.weekday()].contains(&span) {
                continue;
            }
            let is_shut = is_holiday(day, &place.department) || is_closed(&place.closed, day);
            if first.is_none() && is_shut {
                continue;
            }
            first = first.or(Some(day));
            until = moment(day, span.0);
            if is_shut {
                shut.push(until.clone());
            }
        }
        let Some(first) = first else { continue };
        line("BEGIN", "VEVENT");
        let start = moment(first, span.0);
        // The same whenever the file is made: a calendar that reads it again changes its event.
        let (hour, day) = (start.get(9..13).unwrap_or_default(), rule.get(18..20).unwrap_or_default());
        line("UID", &[&place.id, "-", hour, "-", day, "@spro-guide"].concat());
        line("DTSTAMP", &[&moment(today, 0), "Z"].concat());
        line("DTSTART", &start);
        line("DTEND", &moment(first, span.1));
        line("RRULE", &[&rule, ";UNTIL=", &until].concat());
        if !shut.is_empty() {
            line("EXDATE", &shut.join(","));
        }
        line("SUMMARY", &escaped(&[OPEN, &place.name].concat()));
        line("LOCATION", &escaped(&address_lines(place).join(", ")));
        let mut notes = place.phones.clone();
        notes.extend(place.hours_note.clone());
        if is_doubtful(place, &today.iso()) {
            notes.push(CALL_FIRST.to_owned());
        }
        if !notes.is_empty() {
            line("DESCRIPTION", &escaped(&notes.join("\n")));
        }
        // It takes none of its owner's time.
        line("TRANSP", "TRANSPARENT");
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    Some(file)
}

/// What the file is called.
#[must_use]
pub fn file_name(place: &Place) -> String {
    [place.id.as_str(), ".ics"].concat()
}

/// A minute of a day, as the format writes it: `20261124T090000`. The end of a day is the next one's
/// beginning.
fn moment(day: Day, minute: u16) -> String {
    let (day, minute) = if minute < 24 * 60 { (day, minute) } else { (day.plus(1), 0) };
    let clock = crate::opening::clock(minute).replace(':', "");
    [&day.iso().replace('-', ""), "T", &clock, "00"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact_file::tests::place;
    use crate::directory::{Closure, OpeningHours, Weekday};
    use std::collections::BTreeMap;

    const TODAY: &str = "2026-11-24";

    fn hours(days: &[Weekday], from: &str, to: &str) -> OpeningHours {
        OpeningHours { days: days.to_vec(), from: from.to_owned(), to: to.to_owned() }
    }

    fn office() -> Place {
        let week = &crate::opening::WEEKDAYS[..5];
        let mut place = place("Mission locale; hall, B");
        place.hours = vec![hours(week, "09:00", "12:00"), hours(&[Weekday::Tuesday], "13:30", "24:00")];
        place
    }

    /// Reads a file as strictly as the format is written: the events with their fields.
    fn read(file: &str) -> Vec<BTreeMap<String, String>> {
        assert!(file.ends_with("\r\n") && !file.replace("\r\n", "").contains(['\r', '\n']), "{file:?}");
        assert!(file.split("\r\n").all(|line| line.len() <= 75 && line != " "), "{file}");
        let unfolded = file.replace("\r\n ", "");
        let mut lines = unfolded.trim_end_matches("\r\n").split("\r\n").map(|line| {
            let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("{line:?} is no field"));
            assert!(name.bytes().all(|byte| byte.is_ascii_uppercase()), "{name}");
            (name, value)
        });
        for expected in [("BEGIN", "VCALENDAR"), ("VERSION", "2.0")] {
            assert_eq!(lines.next(), Some(expected));
        }
        assert_eq!(lines.next().unwrap().0, "PRODID");
        let mut events = Vec::new();
        loop {
            match lines.next().unwrap() {
                ("BEGIN", "VEVENT") => {
                    let mut event = BTreeMap::new();
                    loop {
                        let (name, value) = lines.next().unwrap();
                        if (name, value) == ("END", "VEVENT") {
                            break;
                        }
                        assert_eq!(
                            event.insert(name.to_owned(), value.to_owned()),
                            None,
                            "{name} comes twice"
                        );
                    }
                    for needed in ["UID", "DTSTAMP", "DTSTART", "DTEND", "RRULE", "SUMMARY"] {
                        assert!(event.contains_key(needed), "{needed}");
                    }
                    assert!(event["DTSTART"] < event["DTEND"], "{event:?}");
                    events.push(event);
                }
                ("END", "VCALENDAR") => break,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(lines.next(), None);
        events
    }

    /// The days of an event, as its rule and its exceptions give them.
    fn days(event: &BTreeMap<String, String>) -> Vec<String> {
        let rule: BTreeMap<&str, &str> =
            event["RRULE"].split(';').map(|part| part.split_once('=').unwrap()).collect();
        assert_eq!((rule["FREQ"], rule.len()), ("WEEKLY", 3), "{rule:?}");
        let by_day: Vec<&str> = rule["BYDAY"].split(',').collect();
        let (start, time) = event["DTSTART"].split_once('T').unwrap();
        let first = Day::parse(&[&start[..4], "-", &start[4..6], "-", &start[6..]].concat()).unwrap();
        assert!(by_day.contains(&DAYS[first.weekday()]), "the first day is one of the rule");
        let except: Vec<&str> = event.get("EXDATE").map_or_else(Vec::new, |days| days.split(',').collect());
        let all: Vec<String> = (0..400)
            .map(|days| first.plus(days))
            .filter(|day| by_day.contains(&DAYS[day.weekday()]))
            .map(|day| [&day.iso().replace('-', ""), "T", time].concat())
            .filter(|moment| moment.as_str() <= rule["UNTIL"])
            .collect();
        for day in &except {
            assert!(all.iter().any(|one| one == day), "{day} excludes nothing");
        }
        all.into_iter().filter(|moment| !except.contains(&moment.as_str())).collect()
    }

    #[test]
    fn each_hour_of_the_week_repeats_on_its_days() {
        let events = read(&calendar_file(&office(), TODAY).unwrap());
        assert_eq!(events.len(), 2);
        let [morning, evening] = &events[..] else { panic!() };
        assert_eq!(morning["DTSTART"], "20261124T090000");
        assert_eq!(morning["DTEND"], "20261124T120000");
        assert!(morning["RRULE"].starts_with("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=2027"), "{morning:?}");
        // The end of a day is written as the next one's beginning.
        assert_eq!((&*evening["DTSTART"], &*evening["DTEND"]), ("20261124T133000", "20261125T000000"));
        assert_eq!(evening["RRULE"], "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270518T133000");
        assert_eq!(
            (&*morning["UID"], &*evening["UID"]),
            ("ml-romans-0900-MO@spro-guide", "ml-romans-1330-TU@spro-guide")
        );
        let later = read(&calendar_file(&office(), "2026-12-02").unwrap());
        assert_eq!(later[0]["UID"], morning["UID"], "a file of another day is of the same event");
        assert_eq!(morning["SUMMARY"], "Ouvert : Mission locale\\; hall\\, B");
        assert!(morning["LOCATION"].contains("1\\, rue du Port\\, 26100 Romans"), "{}", morning["LOCATION"]);
        assert!(morning["DESCRIPTION"].starts_with("04 75 71 21 90\\n"), "{}", morning["DESCRIPTION"]);
        assert_eq!(morning["DTSTAMP"], "20261124T000000Z");
    }

    #[test]
    fn it_is_open_when_the_guide_says_so() {
        let mut place = office();
        place.closed = vec![
            Closure { from: "2026-11-23".to_owned(), until: "2026-11-25".to_owned() },
            Closure { from: "2027-02-08".to_owned(), until: "2027-02-12".to_owned() },
        ];
        let events = read(&calendar_file(&place, TODAY).unwrap());
        let morning = days(&events[0]);
        assert_eq!(morning[0], "20261126T090000", "today it is closed, and tomorrow");
        for shut in ["20261225", "20270101", "20270208", "20270212", "20270329", "20270506"] {
            assert!(!morning.contains(&[shut, "T090000"].concat()), "{shut}");
        }
        let today = Day::parse(TODAY).unwrap();
        for day in (0..LONGEST).map(|days| today.plus(days)) {
            let is_open = !is_closed(&place.closed, day)
                && !is_holiday(day, "26")
                && !week(&place.hours)[day.weekday()].is_empty();
            assert_eq!(morning.contains(&moment(day, 9 * 60)), is_open, "{}", day.iso());
        }
    }

    #[test]
    fn without_hours_there_is_no_file() {
        assert_eq!(calendar_file(&place("A"), TODAY), None);
        let mut wrong = place("A");
        wrong.hours = vec![hours(&[Weekday::Monday], "9h", "12h")];
        assert_eq!(calendar_file(&wrong, TODAY), None);
        assert_eq!(calendar_file(&office(), "today"), None);
        assert_eq!(file_name(&office()), "ml-romans.ics");
    }

    #[test]
    fn nothing_of_a_name_becomes_a_line_of_its_own() {
        let mut place = office();
        place.name = "A\\B;C,D\r\nRRULE:FREQ=SECONDLY\u{85}\u{2028}é".repeat(9);
        place.hours_note = Some("x\r\nEND:VCALENDAR\r\n".to_owned());
        let events = read(&calendar_file(&place, TODAY).unwrap());
        assert!(events.iter().all(|event| event["RRULE"].starts_with("FREQ=WEEKLY")));
    }
}
