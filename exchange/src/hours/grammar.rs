//! From words to rules: which days have which hours.

use super::settle::Span;
use super::words::Token;

/// Days, each with whether it was named by itself rather than within a range.
type Days = Vec<(usize, bool)>;

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Days.
    Days(Days),
    /// Hours.
    Spans(Vec<Span>),
    /// « fermé ».
    Closed,
    /// « sauf ».
    Except,
}

/// What a text says of some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rule<'a> {
    /// They have these hours.
    Open(Days, &'a [Span]),
    /// They have none.
    Closed(&'a Days),
}

/// The parts of a text, in order; nothing where it can be read in another way, or in none.
pub(crate) fn parts(tokens: &[Token]) -> Option<Vec<Part>> {
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
                days.extend(through(*first, *last).map(|day| (day, false)));
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

/// The days from one to another: from Saturday to Monday goes round.
pub(super) fn through(first: usize, last: usize) -> impl Iterator<Item = usize> {
    (0..=(last + 7 - first) % 7).map(move |step| (first + step) % 7)
}

/// The rules that parts make; nothing where they do not go together.
pub(super) fn rules(parts: &[Part]) -> Option<Vec<Rule<'_>>> {
    let mut rules: Vec<Rule<'_>> = Vec::new();
    let mut rest = parts;
    let hours_first = matches!(parts, [Part::Spans(_), ..]);
    while !rest.is_empty() {
        let (days, excepted, spans, after) = match rest {
            [Part::Days(days), Part::Except, Part::Days(others), Part::Spans(spans), after @ ..]
                if others.iter().all(|(other, _)| is_among(*other, days)) =>
            {
                (days, &others[..], spans, after)
            }
            [Part::Spans(spans), Part::Days(days), after @ ..] if hours_first => {
                (days, &[][..], spans, after)
            }
            [Part::Days(days), Part::Spans(spans), after @ ..] if !hours_first => {
                (days, &[][..], spans, after)
            }
            [Part::Days(_), Part::Closed, Part::Days(_), Part::Closed | Part::Spans(_), ..]
            | [Part::Days(_), Part::Closed]
            | [Part::Closed | Part::Except, Part::Days(_), ..] => {
                let ([Part::Days(days), ..] | [_, Part::Days(days), ..]) = rest else { return None };
                let is_open = |(day, _): &(usize, bool)| {
                    rules.iter().any(|rule| matches!(rule, Rule::Open(open, _) if is_among(*day, open)))
                };
                // An exception about a day that is not open means something else.
                if rest[0] == Part::Except && !days.iter().all(is_open) {
                    return None;
                }
                rules.push(Rule::Closed(days));
                rest = &rest[2..];
                continue;
            }
            _ => return None,
        };
        let days = days.iter().copied().filter(|(day, _)| !is_among(*day, excepted));
        rules.push(Rule::Open(days.collect(), spans));
        rest = after;
    }
    Some(rules)
}

fn is_among(day: usize, days: &[(usize, bool)]) -> bool {
    days.iter().any(|(other, _)| *other == day)
}
