//! What is shown of the counters: numbers of days or weeks, rounded, without those that are
//! too small. Dates and arithmetic only.

use shared::opening::Day;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A number below this is not shown.
pub(crate) const FEW: u64 = 5;
/// Every number that is shown is rounded to a multiple of this: nobody finds a small number
/// by subtracting large ones.
pub(crate) const ROUNDED_TO: u64 = 5;
/// The longest time that is shown at once, in days.
const LONGEST: i32 = 800;
/// What is shown where nothing is asked for.
const USUAL: i32 = 28;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Day,
    /// From Monday to Sunday.
    Week,
}

impl By {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
        }
    }
}

/// A number as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A multiple of [`ROUNDED_TO`], or nothing at all.
    About(u64),
    /// From one to four.
    Few,
}

impl Shown {
    pub(crate) const fn of(number: u64) -> Self {
        match number {
            1..FEW => Self::Few,
            _ => Self::About((number + ROUNDED_TO / 2) / ROUNDED_TO * ROUNDED_TO),
        }
    }

    /// The number; `None` where it is not shown.
    pub(crate) const fn number(self) -> Option<u64> {
        match self {
            Self::About(number) => Some(number),
            Self::Few => None,
        }
    }
}

/// Which days are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: Day,
    pub(crate) to: Day,
    pub(crate) by: By,
}

/// A question about counters that cannot be answered, as a sentence.
pub(crate) type Wrong = &'static str;

impl Span {
    /// Reads what was asked for: dates, and `day` or `week`. Empty texts ask for nothing.
    pub(crate) fn read(from: &str, to: &str, by: &str, today: Day) -> Result<Self, Wrong> {
        const DATE: Wrong = "Une date s’écrit par exemple 2026-11-27.";
        let day = |text: &str, usual: Day| {
            if text.is_empty() { Ok(usual) } else { Day::parse(text).ok_or(DATE) }
        };
        let to = day(to, today)?;
        let from = day(from, to.plus(1 - USUAL))?;
        let by = match by {
            "" | "day" => By::Day,
            "week" => By::Week,
            _ => return Err("« by » est day (par jour) ou week (par semaine)."),
        };
        match to.0 - from.0 {
            ..0 => Err("Le premier jour vient après le dernier."),
            LONGEST.. => Err("C’est plus de deux ans à la fois : demandez moins."),
            _ => Ok(Self { from, to, by }),
        }
    }

    /// The first day of each period. A week begins on its Monday, whatever day is asked for:
    /// a part of a week would be told apart from the rest of it.
    pub(crate) fn periods(&self) -> Vec<Day> {
        let step = if self.by == By::Week { 7 } else { 1 };
        let first = self.first();
        (0..=(self.to.0 - first.0) / step).map(|index| first.plus(index * step)).collect()
    }

    /// The first and the last day that are counted.
    pub(crate) fn first(&self) -> Day {
        self.start(self.from)
    }

    pub(crate) fn last(&self) -> Day {
        match self.by {
            By::Day => self.to,
            By::Week => self.start(self.to).plus(6),
        }
    }

    fn start(&self, day: Day) -> Day {
        match self.by {
            By::Day => day,
            By::Week => day.plus(-i32::try_from(day.weekday()).unwrap_or_default()),
        }
    }
}

/// A counter over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// What is counted: `begin`, `step`, `network`…
    pub(crate) counter: String,
    /// Which of them; empty where there is but one.
    pub(crate) id: String,
    /// One for each period.
    pub(crate) numbers: Vec<Shown>,
    /// All periods together.
    pub(crate) whole: Shown,
}

/// The rows of what was stored: a day, a counter, a number. In the order of the counters.
pub(crate) fn rows(span: &Span, stored: &[(String, String, u64)]) -> Vec<Row> {
    let periods = span.periods();
    let mut sums: BTreeMap<(u8, &str), Vec<u64>> = BTreeMap::new();
    for (day, name, number) in stored {
        let Some(day) = Day::parse(day).map(|day| span.start(day)) else { continue };
        let Ok(period) = periods.binary_search(&day) else { continue };
        sums.entry((rank(name), name)).or_insert_with(|| vec![0; periods.len()])[period] += number;
    }
    sums.into_iter()
        .map(|((_, name), sums)| {
            let (counter, id) = name.split_once('/').unwrap_or((name, ""));
            Row {
                counter: counter.to_owned(),
                id: id.to_owned(),
                whole: Shown::of(sums.iter().sum()),
                numbers: sums.into_iter().map(Shown::of).collect(),
            }
        })
        .collect()
}

/// The counters, in the order in which people read them.
pub(crate) const COUNTERS: [&str; 7] =
    ["begin", "language", "rung", "step", "outcome", "network", "territory"];

fn rank(name: &str) -> u8 {
    let counter = name.split('/').next().unwrap_or_default();
    let rank = COUNTERS.iter().position(|known| *known == counter).unwrap_or(COUNTERS.len());
    u8::try_from(rank).unwrap_or(u8::MAX)
}

/// A table for a spreadsheet program, a line for each period and counter; `named` says what
/// a counter is called.
pub(crate) fn csv(span: &Span, rows: &[Row], named: impl Fn(&Row) -> (String, String)) -> String {
    let mut text = String::from("\u{feff}Début;Période;Compteur;Quoi;Nombre\r\n");
    let period = if span.by == By::Week { "semaine" } else { "jour" };
    for row in rows {
        let (counter, what) = named(row);
        for (day, number) in span.periods().into_iter().zip(&row.numbers) {
            let number =
                number.number().map_or_else(|| format!("moins de {FEW}"), |number| number.to_string());
            let cells = [counter.as_str(), &what].map(cell);
            // Writing to a string cannot fail.
            let _ = write!(text, "{};{period};{};{};{number}\r\n", day.iso(), cells[0], cells[1]);
        }
    }
    text
}

/// A cell of the table, quoted; none begins like a formula.
fn cell(text: &str) -> String {
    format!("\"{}\"", shared::spreadsheet::guarded(text.replace('"', "\"\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(iso: &str) -> Day {
        Day::parse(iso).unwrap()
    }

    fn span(from: &str, to: &str, by: &str) -> Result<Span, Wrong> {
        Span::read(from, to, by, day("2026-11-27"))
    }

    #[test]
    fn small_numbers_are_not_shown_and_others_are_rounded() {
        assert_eq!(Shown::of(0), Shown::About(0));
        for few in 1..=4 {
            assert_eq!(Shown::of(few), Shown::Few);
        }
        for (number, about) in [(5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1_234, 1_235)] {
            assert_eq!(Shown::of(number), Shown::About(about), "{number}");
        }
    }

    #[test]
    fn days_and_weeks_are_asked_for_by_date() {
        let month = span("", "", "").unwrap();
        assert_eq!(
            (month.from.iso(), month.to.iso(), month.by),
            ("2026-10-31".into(), "2026-11-27".into(), By::Day)
        );
        assert_eq!(month.periods().len(), 28);
        // A Wednesday to a Tuesday: three weeks are touched, and counted whole.
        let weeks = span("2026-11-11", "2026-11-24", "week").unwrap();
        let mondays: Vec<String> = weeks.periods().into_iter().map(Day::iso).collect();
        assert_eq!(mondays, ["2026-11-09", "2026-11-16", "2026-11-23"]);
        assert_eq!((weeks.first().iso(), weeks.last().iso()), ("2026-11-09".into(), "2026-11-29".into()));
        for (from, to, by) in [
            ("x", "", ""),
            ("", "27/11/2026", ""),
            ("2026-11-28", "", ""),
            ("2020-01-01", "", ""),
            ("", "", "hour"),
        ] {
            assert!(span(from, to, by).is_err(), "{from} {to} {by}");
        }
    }

    #[test]
    fn numbers_are_summed_before_they_are_rounded() {
        let stored = [
            ("2026-11-23".to_owned(), "territory/valence".to_owned(), 3),
            ("2026-11-24".to_owned(), "territory/valence".to_owned(), 4),
            ("2026-11-24".to_owned(), "begin".to_owned(), 12),
            ("2026-11-30".to_owned(), "begin".to_owned(), 50),
        ];
        let by_day = rows(&span("2026-11-23", "2026-11-24", "day").unwrap(), &stored);
        assert_eq!(by_day[0].counter, "begin");
        assert_eq!(by_day[0].numbers, [Shown::About(0), Shown::About(10)]);
        assert_eq!((by_day[1].counter.as_str(), by_day[1].id.as_str()), ("territory", "valence"));
        assert_eq!(by_day[1].numbers, [Shown::Few, Shown::Few]);
        assert_eq!(by_day[1].whole, Shown::About(5));
        let by_week = rows(&span("2026-11-23", "2026-11-24", "week").unwrap(), &stored);
        assert_eq!(by_week[1].numbers, [Shown::About(5)]);
    }

    #[test]
    fn the_table_says_what_is_hidden() {
        let span = span("2026-11-23", "2026-11-24", "day").unwrap();
        let stored = [("2026-11-24".to_owned(), "step/goal".to_owned(), 2)];
        let text = csv(&span, &rows(&span, &stored), |row| ("Questions".into(), format!("=« {} »", row.id)));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "2026-11-23;jour;\"Questions\";\"'=« goal »\";0");
        assert_eq!(lines[2], "2026-11-24;jour;\"Questions\";\"'=« goal »\";moins de 5");
    }
}
