//! Whether a place is open, and when it opens next.
//!
//! Civil dates and minutes only, as integers: no clock, no time zone. Whoever asks knows what
//! time it is *at the place* ([`time_zone`] says where that is read), so that summer time is
//! the business of whoever keeps the zones. What is worked out here is the week, the
//! exceptional closures, and the French public holidays of the place's department.

use crate::directory::{Closure, OpeningHours, Weekday};

/// How far the next opening is looked for, in days. A place that is closed for longer says so
/// by its closures.
pub const HORIZON: i32 = 60;

/// Minutes in a civil day.
const DAY: u16 = 24 * 60;

/// A civil day, as the number of days since the 1st of January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of a date of the Gregorian calendar. The month is from 1 to 12, the day from 1;
    /// a day past the end of its month counts into the next one.
    pub const fn new(year: i32, month: i32, day: i32) -> Self {
        // Years begin in March: the day that comes and goes is then the last one. After
        // Howard Hinnant, « chrono-Compatible Low-Level Date Algorithms », 2013.
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Self(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
    }

    /// Reads `YYYY-MM-DD`; `None` for anything else.
    pub fn parse(iso: &str) -> Option<Self> {
        let mut parts = iso.split('-');
        let mut number = || parts.next()?.parse::<u16>().ok().map(i32::from);
        let (year, month, day) = (number()?, number()?, number()?);
        let is_date = (1..=12).contains(&month) && (1..=31).contains(&day) && parts.next().is_none();
        is_date.then(|| Self::new(year, month, day))
    }

    /// Year, month (from 1) and day (from 1).
    pub const fn date(self) -> (i32, i32, i32) {
        let day = self.0 + 719_468;
        let era = day.div_euclid(146_097);
        let of_era = day.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let date = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (year + era * 400 + (month <= 2) as i32, month, date)
    }

    /// The day of the week, from 0 for Monday, as [`Weekday`] numbers them.
    pub const fn weekday(self) -> usize {
        // The 1st of January 1970 was a Thursday.
        (self.0 + 3).rem_euclid(7).unsigned_abs() as usize
    }

    /// The day as an ISO date.
    pub fn iso(self) -> String {
        let (year, month, date) = self.date();
        format!("{year:04}-{month:02}-{date:02}")
    }

    /// So many days later.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }
}

/// A minute of a civil day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// Minutes since midnight, up to 1 440 for the end of the day.
    pub minute: u16,
}

impl Moment {
    /// Reads `2026-11-24 09:05:30`, whatever stands between the numbers.
    #[must_use]
    pub fn read(said: &str) -> Option<Self> {
        let mut numbers = said
            .split(|character: char| !character.is_ascii_digit())
            .filter(|digits| !digits.is_empty())
            .map_while(|digits| digits.parse::<u16>().ok());
        let mut next = || numbers.next();
        let (year, month, day, hour, minute) = (next()?, next()?, next()?, next()?, next()?);
        let day = Day::new(i32::from(year), i32::from(month), i32::from(day));
        (hour < 24 && minute < 60).then_some(Self { day, minute: hour * 60 + minute })
    }
}

/// Hours without a break, in minutes since midnight: from the first, up to the last excluded.
pub type Span = (u16, u16);

/// The week as it is written, Monday first: each day's hours in order, those that touch or
/// overlap made one.
pub type Week = [Vec<Span>; 7];

/// Why a place is closed now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// It is not one of its hours.
    Hours,
    /// It would be open some time that day, were it not a public holiday.
    Holiday,
    /// It says that it is closed that day.
    Period,
}

/// Whether a place is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It is; `None` where it does not close within [`HORIZON`].
    Open {
        /// When it closes.
        until: Option<Moment>,
    },
    /// It is not.
    Closed {
        /// When it opens; `None` where it does not within [`HORIZON`].
        next: Option<Moment>,
        /// Why it is closed.
        because: Because,
    },
    /// It gives no hours.
    Unknown,
}

/// Whether a place of a department is open at a moment, which is local to the place.
pub fn opening(hours: &[OpeningHours], closed: &[Closure], department: &str, now: Moment) -> Opening {
    let week = week(hours);
    if week.iter().all(Vec::is_empty) {
        return Opening::Unknown;
    }
    let is_closed = |day: Day| is_closed(closed, day);
    let of_day = |day: Day| -> &[Span] {
        if is_closed(day) || is_holiday(day, department) { &[] } else { &week[day.weekday()] }
    };
    let open = |day: Day, minute: u16| {
        of_day(day).iter().find(|(from, to)| *from <= minute && minute < *to).map(|(_, to)| *to)
    };
    let Moment { day: today, minute } = now;
    if let Some(mut end) = open(today, minute) {
        let mut day = today;
        // Midnight is not a closing time where the next day begins open.
        while end == DAY && day.0 < today.0 + HORIZON {
            match open(day.plus(1), 0) {
                Some(next) => (day, end) = (day.plus(1), next),
                None => break,
            }
        }
        let is_endless = end == DAY && day.0 == today.0 + HORIZON;
        return Opening::Open { until: (!is_endless).then_some(Moment { day, minute: end }) };
    }
    let next = (0..=HORIZON).find_map(|days| {
        let day = today.plus(days);
        let from = of_day(day).iter().map(|(from, _)| *from).find(|from| days > 0 || *from > minute)?;
        Some(Moment { day, minute: from })
    });
    let because = if is_closed(today) {
        Because::Period
    } else if is_holiday(today, department) && !week[today.weekday()].is_empty() {
        Because::Holiday
    } else {
        Because::Hours
    };
    Opening::Closed { next, because }
}

/// Whether a place says that it is closed on a day.
pub fn is_closed(closed: &[Closure], day: Day) -> bool {
    closed.iter().any(|period| match (Day::parse(&period.from), Day::parse(&period.until)) {
        (Some(from), Some(until)) => from <= day && day <= until,
        _ => false,
    })
}

/// The week that some hours make. What is not a time is left out: validation refuses it.
pub fn week(hours: &[OpeningHours]) -> Week {
    let mut week = Week::default();
    for opening in hours {
        let (Some(from), Some(to)) = (minutes(&opening.from), minutes(&opening.to)) else { continue };
        if from < to {
            for day in &opening.days {
                add(&mut week[*day as usize], (from, to));
            }
        }
    }
    week
}

/// Adds hours to a day that is in order, and keeps it so.
fn add(day: &mut Vec<Span>, mut span: Span) {
    let mut index = 0;
    while index < day.len() && day[index].0 <= span.1 {
        let (from, to) = day[index];
        if to < span.0 {
            index += 1;
        } else {
            span = (span.0.min(from), span.1.max(to));
            day.remove(index);
        }
    }
    day.insert(index, span);
}

/// Minutes since midnight as `09:00`.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// `HH:MM` in minutes since midnight; 24:00 is the end of the day.
fn minutes(time: &str) -> Option<u16> {
    let (hour, minute) = time.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && total <= DAY).then_some(total)
}

/// Whether a day is a public holiday in a department.
///
/// The eleven of the labour code, L. 3133-1; Good Friday and the 26th of December in
/// Moselle, Bas-Rhin and Haut-Rhin, L. 3134-13 (Good Friday holds there in communes that
/// have a Protestant church: almost every place that receives people is in one); the day
/// of the abolition of slavery overseas, L. 3422-2 and decree 83-1003 of 23 November 1983.
pub fn is_holiday(day: Day, department: &str) -> bool {
    let (year, month, date) = day.date();
    let abolition = match department {
        "971" => (5, 27),
        "972" => (5, 22),
        "973" => (6, 10),
        "974" => (12, 20),
        "976" => (4, 27),
        "977" => (10, 9),
        "978" => (5, 28),
        _ => (0, 0),
    };
    let is_alsace_moselle = matches!(department, "57" | "67" | "68");
    let fixed = matches!((month, date), (1 | 5 | 11, 1) | (5, 8) | (7, 14) | (8, 15) | (11, 11) | (12, 25));
    // Days after Easter: Good Friday, Easter Monday, Ascension, Whit Monday.
    let movable = match day.0 - easter(year).0 {
        1 | 39 | 50 => true,
        -2 => is_alsace_moselle,
        _ => false,
    };
    fixed || movable || (month, date) == abolition || (is_alsace_moselle && (month, date) == (12, 26))
}

/// Easter Sunday of the Gregorian calendar.
///
/// The computus of Meeus, Jones and Butcher (« Nature », 20 April 1876).
pub const fn easter(year: i32) -> Day {
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * sunday) / 451;
    let march = epact + sunday - 7 * late + 114;
    Day::new(year, march / 31, march % 31 + 1)
}

/// The zone of the IANA data base in which a department lives. Overseas ones have their own.
pub fn time_zone(department: &str) -> &'static str {
    match department {
        "971" => "America/Guadeloupe",
        "972" => "America/Martinique",
        "973" => "America/Cayenne",
        "974" => "Indian/Reunion",
        "975" => "America/Miquelon",
        "976" => "Indian/Mayotte",
        "977" => "America/St_Barthelemy",
        "978" => "America/Marigot",
        "986" => "Pacific/Wallis",
        "987" => "Pacific/Tahiti",
        "988" => "Pacific/Noumea",
        _ => "Europe/Paris",
    }
}

/// The days of the week in order, as [`Week`] has them.
pub const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];
