//! From the hours of each day to a week, or to what in them contradicts itself.

use shared::directory::{OpeningHours, Weekday};
use shared::french;
use shared::opening::WEEKDAYS;
use std::collections::BTreeMap;

/// Minutes since midnight.
pub(super) type Span = (u16, u16);

/// The hours of each day, from 0 for Monday, and whether it was named by itself.
pub(super) type Open = BTreeMap<usize, (Vec<Span>, bool)>;

/// The week of open days, less the closed ones; the error says what contradicts itself.
pub(super) fn settle(mut open: Open, closed: &[usize]) -> Result<Vec<OpeningHours>, String> {
    for day in closed {
        // « du lundi au vendredi, fermé le mercredi » is an exception, not a contradiction.
        if let Some((_, true)) = open.remove(day) {
            return Err(format!("un jour ouvert ou fermé : le {} est les deux", name(*day)));
        }
    }
    let mut by_span: BTreeMap<Span, Vec<Weekday>> = BTreeMap::new();
    for (day, (mut spans, _)) in open {
        spans.sort_unstable();
        // What is said twice is said.
        spans.dedup();
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

/// The name of a day, from 0 for Monday.
pub(super) const fn name(day: usize) -> &'static str {
    french::weekday(WEEKDAYS[day % 7])
}
