//! Opening hours in a column for each day of the week.

use super::columns::{Column, Columns, Field, Why};
use super::repair::{Doubt, Notes, tidy};
use super::table::Row;
use super::times;
use super::titles;
use crate::hours::{self, Open, Part, Span, Token, tokens};
use shared::directory::OpeningHours;
use shared::french::capitalised;
use shared::spelling::fold;
use std::borrow::Cow;

/// The fields of the days, from Monday on.
pub(crate) const DAYS: [Field; 7] = [
    Field::Monday,
    Field::Tuesday,
    Field::Wednesday,
    Field::Thursday,
    Field::Friday,
    Field::Saturday,
    Field::Sunday,
];

/// From this many days on, columns with the names of days are a week.
const SEVERAL: usize = 2;

/// Titles too short to say a day alone, folded: they do side by side.
const SHORT: [[&str; 7]; 4] = [
    ["lu", "ma", "me", "je", "ve", "sa", "di"],
    ["l", "m", "m", "j", "v", "s", "d"],
    ["l", "ma", "me", "j", "v", "s", "d"],
    ["mo", "tu", "we", "th", "fr", "sa", "su"],
];

/// How many of them are a week: from Monday to Friday.
const WORKING: usize = 5;

/// Takes the columns with the names of days for a week, where there are several.
pub(super) fn recognise(list: &mut [Column]) {
    let titles: Vec<String> = list.iter().map(|column| fold(&column.title)).collect();
    let said = |(start, names): (usize, &[&str; 7])| {
        let days = names.iter().zip(&titles[start..]).take_while(|(name, title)| name == title).count();
        (days >= WORKING).then_some((start, days))
    };
    let mut weeks = (0..titles.len()).flat_map(|start| SHORT.iter().map(move |names| (start, names)));
    if let Some((start, days)) = weeks.find_map(said) {
        for (column, day) in list[start..start + days].iter_mut().zip(DAYS) {
            if column.field.is_none() && column.ignored.is_none() {
                (column.field, column.why) = (Some(day), Some(Why::Title));
            }
        }
    }
    let day = |column: &Column| match column.field {
        Some(field) => DAYS.iter().position(|known| *known == field),
        None if column.ignored.is_none() => titles::weekday(&column.title),
        None => None,
    };
    let is_there = |wanted: &usize| list.iter().any(|column| day(column) == Some(*wanted));
    if (0..DAYS.len()).filter(is_there).count() < SEVERAL {
        return;
    }
    for column in list.iter_mut().filter(|column| column.field.is_none()) {
        if let Some(day) = day(column) {
            (column.field, column.why) = (Some(DAYS[day]), Some(Why::Title));
        }
    }
}

/// What the cells of one day say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Day {
    /// When it is open.
    spans: Vec<Span>,
    /// What is said beside, in its own words.
    remarks: Vec<String>,
    /// The text, where it cannot be read whole.
    unread: Option<String>,
}

/// The week that the columns of its days say, and what they say beside it. What cannot be read
/// is noted with its day, and told once for the row.
pub(super) fn read(row: &Row, columns: &Columns, notes: &mut Notes) -> (Vec<OpeningHours>, Vec<String>) {
    let mut open = Open::new();
    let mut remarks: Vec<(String, Vec<usize>)> = Vec::new();
    let mut unread: Vec<String> = Vec::new();
    let mut title = "";
    for (day, field) in DAYS.into_iter().enumerate() {
        let is_read = |text: &str| of_day(day, std::iter::once(text)).unread.is_none();
        let cells: Vec<(&str, Cow<str>)> = columns
            .cells(row, field)
            .map(|(title, text)| (title, times::without_persons((row.number, title), text, notes, is_read)))
            .collect();
        let mut said = of_day(day, cells.iter().map(|(_, text)| &text[..]));
        if let Err(why) = hours::settle(Open::from([(day, (said.spans.clone(), true))]), &[]) {
            let text = cells.iter().map(|(_, text)| hours::one_line(text)).collect::<Vec<_>>().join(" / ");
            notes.doubt(Doubt::Hours, row.number, cells[0].0, &text, why);
            said = Day { remarks: vec![text], ..Day::default() };
        }
        if let Some(text) = said.unread {
            title = if title.is_empty() { cells[0].0 } else { title };
            unread.push(format!("{} : {text}", capitalised(hours::name(day))));
            said.remarks.push(text);
        }
        for remark in said.remarks {
            match remarks.iter_mut().find(|(known, _)| *known == remark) {
                Some((_, days)) => days.push(day),
                None => remarks.push((remark, vec![day])),
            }
        }
        if !said.spans.is_empty() {
            open.insert(day, (said.spans, true));
        }
    }
    if !unread.is_empty() {
        let expected =
            "ces heures ne se lisent pas comme « 9h-12h / 14h-17h » : les visiteurs lisent ce texte tel quel";
        notes.doubt(Doubt::HoursAsText, row.number, title, &unread.join(". "), expected);
    }
    let (week, longer) = hours::settle(open, &[]).unwrap_or_default();
    let perhaps: Vec<String> = hours::told(&longer).collect();
    if let Some(day) = longer.values().flatten().min() {
        let said = |field| columns.cells(row, field).map(|(_, text)| hours::one_line(text));
        let title = columns.cell(row, DAYS[*day]).0;
        let text = said(DAYS[*day]).collect::<Vec<_>>().join(" / ");
        notes.doubt(Doubt::HoursWithin, row.number, title, &text, times::longer(&perhaps));
    }
    let remarks = remarks.into_iter().map(|(remark, days)| format!("{} : {remark}", hours::named(&days)));
    (week, perhaps.into_iter().chain(remarks).collect())
}

/// Reads the cells of one day: each of their sentences, or none of them.
fn of_day<'a>(day: usize, cells: impl Iterator<Item = &'a str>) -> Day {
    let cells: Vec<&str> = cells.collect();
    let ranges = ranges(&cells);
    let read: Vec<&str> =
        ranges.as_ref().map_or_else(|| cells.clone(), |ranges| ranges.iter().map(String::as_str).collect());
    let mut said = Day::default();
    for sentence in
        read.iter().flat_map(|cell| cell.split([';', '\n', '\r', '|'])).flat_map(|part| part.split("//"))
    {
        if add(day, sentence, &mut said).is_none() {
            let whole: Vec<String> =
                cells.iter().map(|cell| hours::one_line(cell)).filter(|text| !text.is_empty()).collect();
            return Day { unread: Some(whole.join(" / ")), ..Day::default() };
        }
    }
    said
}

/// The ranges of cells that are each a time: columns for the beginning and the end of the hours.
fn ranges(cells: &[&str]) -> Option<Vec<String>> {
    let is_time =
        |cell: &&str| matches!(tokens(cell), Some((tokens, _)) if matches!(tokens[..], [Token::Time(_)]));
    let is_blank = |cell: &&str| !cell.contains(char::is_alphanumeric);
    let (pairs, []) = cells.as_chunks::<2>() else { return None };
    let are_said = |pair: &&[&str; 2]| pair.iter().all(is_time);
    let is_sound = pairs.iter().all(|pair| pair.iter().all(is_blank) || are_said(&pair));
    let said = pairs.iter().filter(are_said).map(|[from, to]| format!("{from}-{to}"));
    Some(said.collect()).filter(|ranges: &Vec<String>| is_sound && !ranges.is_empty())
}

/// Adds a sentence to what is said of a day; nothing where it cannot be read.
fn add(day: usize, sentence: &str, said: &mut Day) -> Option<()> {
    // « - » and « / » are closed, or nothing.
    if !sentence.contains(char::is_alphanumeric) || NOTHING.contains(&fold(sentence).as_str()) {
        return Some(());
    }
    let (mut tokens, _) = tokens(sentence)?;
    let appointment = tokens.iter().position(|token| *token == Token::Appointment);
    if let Some(at) = appointment {
        said.remarks.push(remark(sentence));
        let before = at.checked_sub(1).map(|before| tokens[before]);
        match before {
            // Hours after « sur rendez-vous » are none at which the place is open.
            None => return Some(()),
            Some(Token::And | Token::Slash | Token::Stop | Token::Dash) => tokens.truncate(at - 1),
            Some(_) if at + 1 == tokens.len() => tokens.truncate(at),
            Some(_) => return None,
        }
    }
    match &hours::parts(&tokens)?[..] {
        [Part::Spans(spans)] => said.spans.extend(spans),
        [Part::Days(days), Part::Spans(spans)] if days[..] == [(day, true)] => said.spans.extend(spans),
        [Part::Closed] => {}
        _ => return None,
    }
    Some(())
}

/// What people write where there is nothing to write, folded.
const NOTHING: &[&str] = &["neant", "non", "aucun", "aucune", "nc", "n a", "null"];

/// A remark behind the name of its day: « sur RDV : 8:30 - 9:00 » is « sur RDV 8:30 - 9:00 ».
fn remark(sentence: &str) -> String {
    let tidied = tidy(sentence).replacen(" : ", " ", 1);
    let mut letters = tidied.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
    // An abbreviation keeps its capitals.
    let is_word = letters.clone().next().is_some_and(char::is_lowercase);
    if is_word { first + letters.as_str() } else { tidied }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cells: &[&str], spans: &[Span], remarks: &[&str], unread: Option<&str>) {
        let said = of_day(1, cells.iter().copied());
        let remarks = remarks.iter().map(|text| (*text).to_owned()).collect();
        let unread = unread.map(str::to_owned);
        assert_eq!(said, Day { spans: spans.to_vec(), remarks, unread }, "{cells:?}");
    }

    #[test]
    fn the_cells_of_a_day_are_read() {
        let (morning, afternoon) = ((540, 720), (840, 1020));
        check(&["9h-12h / 14h-17h"], &[morning, afternoon], &[], None);
        check(&["09:00 - 12:00", "14:00 - 17:00"], &[morning, afternoon], &[], None);
        check(&["Mardi : 9h à 12h"], &[morning], &[], None);
        for closed in ["", " - ", "Fermé", "fermée", "/", "néant"] {
            check(&[closed], &[], &[], None);
        }
        check(&["9h-12h ; Sur rdv : 14h-17h"], &[morning], &["sur rdv 14h-17h"], None);
        check(&["9h-12h sans rendez-vous"], &[morning], &["9h-12h sans rendez-vous"], None);
        check(&["9h-12h / RDV : 14h-17h"], &[morning], &["9h-12h / RDV 14h-17h"], None);
        check(&["9h-12h sur rdv 14h-17h"], &[], &[], Some("9h-12h sur rdv 14h-17h"));
        check(&["Sur rendez-vous"], &[], &["sur rendez-vous"], None);
        check(&["9h-12h ; semaines paires"], &[], &[], Some("9h-12h ; semaines paires"));
        check(&["9h-12h", "permanence"], &[], &[], Some("9h-12h / permanence"));
        check(&["Jeudi : 9h à 12h"], &[], &[], Some("Jeudi : 9h à 12h"));
        check(&["9h"], &[], &[], Some("9h"));
        check(&["09:00", "12:00", "14h", "17h"], &[morning, afternoon], &[], None);
        check(&["", "", "14h", "17h"], &[afternoon], &[], None);
        check(&["09:00", ""], &[], &[], Some("09:00"));
    }

    #[test]
    fn days_are_named_together() {
        assert_eq!(hours::named(&[1]), "Mardi");
        assert_eq!(hours::named(&[0, 1, 3]), "Lundi, mardi et jeudi");
        assert_eq!(hours::named(&[0, 1]), "Lundi et mardi");
        assert_eq!(hours::named(&[1, 2, 3]), "Du mardi au jeudi");
    }
}
