//! Opening hours against a calendar that is counted day by day, minute by minute.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use shared::directory::{Closure, OpeningHours, Weekday};
use shared::opening::{
    Because, Day, HORIZON, Moment, Opening, WEEKDAYS, easter, is_holiday, opening, time_zone, week,
};

fn hours(days: &[Weekday], from: &str, to: &str) -> OpeningHours {
    OpeningHours { days: days.to_vec(), from: from.to_owned(), to: to.to_owned() }
}

fn closure(from: &str, until: &str) -> Closure {
    Closure { from: from.to_owned(), until: until.to_owned() }
}

fn day(iso: &str) -> Day {
    Day::parse(iso).unwrap()
}

fn at(iso: &str, time: &str) -> Moment {
    let (hour, minute) = time.split_once(':').unwrap();
    Moment { day: day(iso), minute: hour.parse::<u16>().unwrap() * 60 + minute.parse::<u16>().unwrap() }
}

fn iso(day: Day) -> String {
    let (year, month, date) = day.date();
    format!("{year:04}-{month:02}-{date:02}")
}

/// Monday to Friday, with a pause.
fn office() -> Vec<OpeningHours> {
    vec![hours(&WEEKDAYS[..5], "09:00", "12:00"), hours(&WEEKDAYS[..5], "13:30", "17:00")]
}

/// Each minute of each day from the first on.
struct Calendar {
    first: Day,
    days: Vec<Minutes>,
}

struct Minutes {
    open: Vec<bool>,
    /// Why a minute that is not open is not.
    because: Because,
}

impl Calendar {
    fn new(hours: &[OpeningHours], closed: &[Closure], holidays: &[&str], first: Day, days: i32) -> Self {
        let is_written = |weekday: Weekday, minute: u16| {
            let time = format!("{:02}:{:02}", minute / 60, minute % 60);
            hours
                .iter()
                .any(|opening| opening.days.contains(&weekday) && opening.from <= time && time < opening.to)
        };
        let week: Vec<Vec<bool>> =
            WEEKDAYS.map(|weekday| (0..1_440).map(|minute| is_written(weekday, minute)).collect()).to_vec();
        let day = |day: Day| {
            // The 23rd of November 2026 is a Monday.
            let written = &week[(day.0 - Day::new(2026, 11, 23).0).rem_euclid(7).unsigned_abs() as usize];
            let date = iso(day);
            let is_period =
                closed.iter().any(|period| (period.from.as_str()..=period.until.as_str()).contains(&&*date));
            let is_holiday = holidays.contains(&date.as_str());
            let because = if is_period {
                Because::Period
            } else if is_holiday && written.contains(&true) {
                Because::Holiday
            } else {
                Because::Hours
            };
            let is_shut = is_period || is_holiday;
            Minutes { open: written.iter().map(|open| *open && !is_shut).collect(), because }
        };
        Self { first, days: (0..days).map(|days| day(first.plus(days))).collect() }
    }

    fn day(&self, day: Day) -> &Minutes {
        &self.days[usize::try_from(day.0 - self.first.0).unwrap()]
    }

    /// The same question as [`opening`] answers, by looking at every minute.
    fn opening(&self, now: Moment) -> Opening {
        let next = |wanted: bool| {
            (now.day.0..=now.day.0 + HORIZON).map(Day).find_map(|day| {
                let from = if day == now.day { now.minute } else { 0 };
                let minutes = &self.day(day).open[usize::from(from)..];
                let after = minutes.iter().position(|open| *open == wanted)?;
                Some(Moment { day, minute: from + u16::try_from(after).unwrap() })
            })
        };
        let today = self.day(now.day);
        if today.open[usize::from(now.minute)] {
            let until = next(false).map(|Moment { day, minute }| {
                // The end of a day, rather than the beginning of the next.
                if minute == 0 { Moment { day: day.plus(-1), minute: 1_440 } } else { Moment { day, minute } }
            });
            return Opening::Open { until };
        }
        Opening::Closed { next: next(true), because: today.because }
    }
}

/// Easter Sundays as published (Institut de mécanique céleste et de calcul des éphémérides).
const EASTERS: [&str; 16] = [
    "2020-04-12",
    "2021-04-04",
    "2022-04-17",
    "2023-04-09",
    "2024-03-31",
    "2025-04-20",
    "2026-04-05",
    "2027-03-28",
    "2028-04-16",
    "2029-04-01",
    "2030-04-21",
    "2031-04-13",
    "2032-03-28",
    "2033-04-17",
    "2034-04-09",
    "2035-03-25",
];

#[test]
fn every_day_of_eight_centuries_is_counted() {
    let (mut count, mut weekday) = (Day::new(1_600, 1, 1).0, 5); // A Saturday.
    for year in 1_600..2_400 {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let lengths = [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (month, length) in (1..).zip(lengths) {
            for date in 1..=length {
                let day = Day::new(year, month, date);
                assert_eq!(day.0, count, "{year}-{month}-{date}");
                assert_eq!(day.date(), (year, month, date));
                assert_eq!(day.weekday(), weekday);
                (count, weekday) = (count + 1, (weekday + 1) % 7);
            }
        }
    }
    assert_eq!(Day::new(1_970, 1, 1), Day(0));
}

#[test]
fn what_is_not_a_date_is_none() {
    assert_eq!(Day::parse("2026-11-24"), Some(Day::new(2026, 11, 24)));
    for text in ["", "2026", "2026-11", "2026-13-01", "2026-00-10", "2026-01-32", "2026-01-01-01", "today"] {
        assert_eq!(Day::parse(text), None, "{text}");
    }
}

#[test]
fn easter_is_when_it_was_announced() {
    for published in EASTERS {
        let (year, ..) = day(published).date();
        assert_eq!(iso(easter(year)), published);
    }
    for (year, published) in
        [(1961, "1961-04-02"), (1818, "1818-03-22"), (1943, "1943-04-25"), (2038, "2038-04-25")]
    {
        assert_eq!(iso(easter(year)), published);
    }
}

#[test]
fn public_holidays_are_those_of_the_department() {
    const EVERYWHERE: [&str; 11] = [
        "2026-01-01",
        "2026-04-06",
        "2026-05-01",
        "2026-05-08",
        "2026-05-14",
        "2026-05-25",
        "2026-07-14",
        "2026-08-15",
        "2026-11-01",
        "2026-11-11",
        "2026-12-25",
    ];
    for (department, more) in [
        ("26", vec![]),
        ("2A", vec![]),
        ("", vec![]),
        ("57", vec!["2026-04-03", "2026-12-26"]),
        ("67", vec!["2026-04-03", "2026-12-26"]),
        ("68", vec!["2026-04-03", "2026-12-26"]),
        ("971", vec!["2026-05-27"]),
        ("972", vec!["2026-05-22"]),
        ("973", vec!["2026-06-10"]),
        ("974", vec!["2026-12-20"]),
        ("976", vec!["2026-04-27"]),
        ("977", vec!["2026-10-09"]),
        ("978", vec!["2026-05-28"]),
    ] {
        let mut expected: Vec<&str> = EVERYWHERE.iter().copied().chain(more).collect();
        expected.sort_unstable();
        let first = Day::new(2026, 1, 1);
        let found: Vec<String> = (0..365)
            .map(|days| first.plus(days))
            .filter(|day| is_holiday(*day, department))
            .map(iso)
            .collect();
        assert_eq!(found, expected, "{department}");
    }
    // Ascension falls on the 1st of May once or twice a century.
    assert!(is_holiday(day("2008-05-01"), "26"));
    assert!(is_holiday(day("2024-05-09"), "26") && is_holiday(day("2024-05-20"), "26"));
}

#[test]
fn every_minute_of_weeks_is_as_the_minutes_say() {
    let holidays = ["2026-12-25", "2027-01-01"];
    let closed = [closure("2026-12-28", "2026-12-30")];
    let tables = [
        office(),
        vec![hours(&[Weekday::Friday], "18:00", "24:00"), hours(&[Weekday::Saturday], "00:00", "03:00")],
        vec![
            hours(&[Weekday::Thursday], "08:00", "10:00"),
            hours(&[Weekday::Thursday], "09:30", "11:00"),
            hours(&[Weekday::Thursday], "11:00", "12:00"),
            hours(&[Weekday::Thursday], "07:00", "07:30"),
        ],
    ];
    let first = day("2026-12-21");
    for table in &tables {
        let minutes = Calendar::new(table, &closed, &holidays, first, 10 + HORIZON);
        // A week, with a holiday in it, and the closure after it.
        for days in 0..9 {
            for minute in 0..1_440 {
                let now = Moment { day: first.plus(days), minute };
                assert_eq!(
                    opening(table, &closed, "26", now),
                    minutes.opening(now),
                    "{} at minute {minute} with {table:?}",
                    iso(now.day)
                );
            }
        }
    }
}

#[test]
fn what_a_visitor_is_told() {
    let open = |iso: &str, time: &str| Opening::Open { until: Some(at(iso, time)) };
    let closed = |next: Option<Moment>, because| Opening::Closed { next, because };
    let summer = [closure("2026-08-03", "2026-08-23")];
    let said = |iso: &str, time: &str| opening(&office(), &summer, "26", at(iso, time));
    assert_eq!(said("2026-11-24", "09:00"), open("2026-11-24", "12:00"));
    assert_eq!(said("2026-11-24", "11:59"), open("2026-11-24", "12:00"));
    assert_eq!(said("2026-11-24", "12:00"), closed(Some(at("2026-11-24", "13:30")), Because::Hours));
    assert_eq!(said("2026-11-27", "17:00"), closed(Some(at("2026-11-30", "09:00")), Because::Hours));
    // Christmas of 2026 is a Friday.
    assert_eq!(said("2026-12-25", "10:00"), closed(Some(at("2026-12-28", "09:00")), Because::Holiday));
    // A holiday on a day that has no hours is nothing to speak of.
    assert_eq!(said("2026-11-01", "10:00"), closed(Some(at("2026-11-02", "09:00")), Because::Hours));
    // Easter Monday, and the day that only Alsace and Moselle keep.
    assert_eq!(said("2026-04-04", "10:00"), closed(Some(at("2026-04-07", "09:00")), Because::Hours));
    assert_eq!(said("2026-04-03", "10:00"), open("2026-04-03", "12:00"));
    let in_alsace = opening(&office(), &[], "67", at("2026-04-03", "10:00"));
    assert_eq!(in_alsace, closed(Some(at("2026-04-07", "09:00")), Because::Holiday));
    assert_eq!(said("2026-08-10", "10:00"), closed(Some(at("2026-08-24", "09:00")), Because::Period));
    let for_long = [closure("2026-08-03", "2026-12-31")];
    let now = at("2026-08-10", "10:00");
    assert_eq!(opening(&office(), &for_long, "26", now), closed(None, Because::Period));
    assert_eq!(opening(&[], &summer, "26", now), Opening::Unknown);
    // Nothing that can be read is as good as nothing.
    let odd = [
        hours(&[Weekday::Monday], "9h", "12h"),
        hours(&[Weekday::Monday], "12:00", "09:00"),
        hours(&[Weekday::Monday], "09:00", "24:01"),
        hours(&[], "09:00", "12:00"),
    ];
    assert_eq!(opening(&odd, &[], "26", now), Opening::Unknown);
    let always = [hours(&WEEKDAYS, "00:00", "24:00")];
    assert_eq!(opening(&always, &[], "26", at("2026-08-20", "10:00")), Opening::Open { until: None });
    assert_eq!(opening(&always, &[], "26", at("2026-08-10", "10:00")), open("2026-08-14", "24:00"));
}

#[test]
fn hours_that_touch_or_overlap_are_one() {
    let table = [
        hours(&[Weekday::Monday], "14:00", "18:00"),
        hours(&[Weekday::Monday], "09:00", "12:00"),
        hours(&[Weekday::Monday, Weekday::Sunday], "12:00", "14:30"),
        hours(&[Weekday::Monday], "19:00", "24:00"),
    ];
    let week = week(&table);
    assert_eq!(week[0], [(540, 1_080), (1_140, 1_440)]);
    assert_eq!(week[6], [(720, 870)]);
    assert!(week[1..6].iter().all(Vec::is_empty));
}

#[test]
fn overseas_departments_have_their_own_time() {
    assert_eq!(time_zone("26"), "Europe/Paris");
    assert_eq!(time_zone("2B"), "Europe/Paris");
    assert_eq!(time_zone("974"), "Indian/Reunion");
    assert_eq!(time_zone("973"), "America/Cayenne");
}

fn any_hours() -> impl Strategy<Value = Vec<OpeningHours>> {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let span = (0_u16..1_440).prop_flat_map(|from| (Just(from), from + 1..=1_440));
    let one = (vec(0..7_usize, 1..4), span).prop_map(move |(days, (from, to))| OpeningHours {
        days: days.into_iter().map(|day| WEEKDAYS[day]).collect(),
        from: time(from),
        to: time(to),
    });
    vec(one, 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, rng_seed: RngSeed::Fixed(3), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_hours_on_any_day_are_as_the_minutes_say(
        hours in any_hours(),
        from in 0..730,
        closed in vec((0..800, 0..30), 0..3),
        minute in 0_u16..1_440,
    ) {
        let first = Day::new(2026, 1, 1);
        let closed: Vec<Closure> = closed
            .into_iter()
            .map(|(start, length)| closure(&iso(first.plus(start)), &iso(first.plus(start + length))))
            .collect();
        let now = Moment { day: first.plus(from), minute };
        let holidays: Vec<String> =
            (0..800).map(|days| first.plus(days)).filter(|day| is_holiday(*day, "68")).map(iso).collect();
        let holidays: Vec<&str> = holidays.iter().map(String::as_str).collect();
        let minutes = Calendar::new(&hours, &closed, &holidays, now.day, 1 + HORIZON);
        prop_assert_eq!(opening(&hours, &closed, "68", now), minutes.opening(now));
    }

    #[test]
    fn the_week_is_in_order_and_apart(hours in any_hours()) {
        for day in week(&hours) {
            prop_assert!(day.iter().all(|(from, to)| from < to && *to <= 1_440));
            prop_assert!(day.windows(2).all(|pair| pair[0].1 < pair[1].0));
        }
    }
}

#[test]
fn a_local_time_is_read() {
    let moment = |day: Day, minute| Some(Moment { day, minute });
    assert_eq!(Moment::read("2026-11-24 09:05:30"), moment(Day::new(2026, 11, 24), 545));
    assert_eq!(Moment::read("2026-03-29, 00:00"), moment(Day::new(2026, 3, 29), 0));
    for odd in ["", "2026-11-24", "2026-11-24 25:00", "2026-11-24 09:75", "hier"] {
        assert_eq!(Moment::read(odd), None, "{odd}");
    }
}
