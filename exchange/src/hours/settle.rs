//! From the hours of each day to a week, or to what in them contradicts itself.
//!
//! Lists of several counters in one building say « 09:00-12:30, 14:00-17:00, 09:00-17:00 » of a
//! day. Whichever of them is right, somebody is there in the narrower ones: these are the hours,
//! and the range around them is told beside as a perhaps. Nobody is sent to a closed door at noon.

use shared::directory::{OpeningHours, Weekday};
use shared::french::{self, capitalised};
use shared::opening::{WEEKDAYS, clock};
use std::collections::BTreeMap;

/// Minutes since midnight.
pub(crate) type Span = (u16, u16);

/// The hours of each day, from 0 for Monday, and whether it was named by itself.
pub(crate) type Open = BTreeMap<usize, (Vec<Span>, bool)>;

/// Days, and hours that only some of what is said of them gives.
pub(crate) type Perhaps = BTreeMap<Span, Vec<usize>>;

/// The week of open days, less the closed ones, and the longer hours that a day may have; the
/// error says what contradicts itself.
pub(crate) fn settle(mut open: Open, closed: &[usize]) -> Result<(Vec<OpeningHours>, Perhaps), String> {
    for day in closed {
        // « du lundi au vendredi, fermé le mercredi » is an exception, not a contradiction.
        if let Some((_, true)) = open.remove(day) {
            return Err(format!("le {} est à la fois ouvert et fermé", name(*day)));
        }
    }
    let mut by_span: BTreeMap<Span, Vec<Weekday>> = BTreeMap::new();
    let mut perhaps = Perhaps::new();
    for (day, (mut spans, _)) in open {
        spans.sort_unstable();
        // What is said twice is said.
        spans.dedup();
        if spans.len() > 1 {
            // A form writes midnight to midnight where nothing was filled in.
            spans.retain(|span| *span != (0, 0));
        }
        if let Some((certain, around)) = certain(&spans) {
            perhaps.entry(around).or_default().push(day);
            spans = certain;
        }
        for (from, to) in &spans {
            if *from > DAY || *to > DAY {
                return Err(format!("« {}-{} » dépasse la fin du jour, 24 h", clock(*from), clock(*to)));
            }
            if to <= from {
                let expected = "la fermeture ne vient pas après l’ouverture";
                return Err(format!("{expected} : « {}-{} » le {}", clock(*from), clock(*to), name(day)));
            }
        }
        for pair in spans.windows(2) {
            if pair[1].0 < pair[0].1 {
                let [one, other] =
                    [pair[0], pair[1]].map(|(from, to)| format!("{}-{}", clock(from), clock(to)));
                return Err(format!("« {one} » et « {other} » se recouvrent le {}", name(day)));
            }
        }
        for span in spans {
            by_span.entry(span).or_default().push(WEEKDAYS[day]);
        }
    }
    Ok((week(by_span), perhaps))
}

/// The week that hours make, each with its days.
pub(super) fn week(by_span: BTreeMap<Span, Vec<Weekday>>) -> Vec<OpeningHours> {
    let hours = |((from, to), days)| OpeningHours { days, from: clock(from), to: clock(to) };
    by_span.into_iter().map(hours).collect()
}

/// The narrower of the hours of a day, in order, and the range that holds all of them; nothing where
/// no range does, or where the narrower ones cannot all be right. The spans are sorted.
fn certain(spans: &[Span]) -> Option<(Vec<Span>, Span)> {
    let around = (spans.first()?.0, spans.iter().map(|span| span.1).max()?);
    let narrower: Vec<Span> = spans.iter().copied().filter(|span| *span != around).collect();
    let is_said = narrower.len() + 1 == spans.len();
    let is_one_week = narrower.windows(2).all(|pair| pair[0].1 <= pair[1].0);
    (is_said && !narrower.is_empty() && is_one_week).then_some((narrower, around))
}

/// « Lundi et mardi : peut-être ouvert de 09:00 à 17:00 ».
pub(crate) fn told(perhaps: &Perhaps) -> impl Iterator<Item = String> {
    perhaps.iter().map(|((from, to), days)| {
        format!("{} : peut-être ouvert de {} à {}", named(days), clock(*from), clock(*to))
    })
}

/// « Mardi », « Mardi et jeudi », « Lundi, mardi et jeudi », « Du lundi au mercredi ».
pub(crate) fn named(days: &[usize]) -> String {
    let names: Vec<&str> = days.iter().map(|day| name(*day)).collect();
    let is_a_row = days.windows(2).all(|pair| pair[0] + 1 == pair[1]);
    let joined = match &names[..] {
        [first, .., last] if is_a_row && names.len() > 2 => format!("du {first} au {last}"),
        [before @ .., last] if !before.is_empty() => format!("{} et {last}", before.join(", ")),
        names => names.concat(),
    };
    capitalised(&joined)
}

/// Minutes in a day.
pub(super) const DAY: u16 = 24 * 60;

/// The name of a day, from 0 for Monday.
pub(crate) const fn name(day: usize) -> &'static str {
    french::weekday(WEEKDAYS[day % 7])
}
