//! The words that opening hours are written with.

use super::letters;
use super::remarks::{self, Remark};
use crate::import::repair::is_space;
use shared::french;
use shared::opening::WEEKDAYS;

/// A word of opening hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// A day of the week, from 0 for Monday.
    Day(usize),
    /// A time, in minutes since midnight; it may be past the end of the day.
    Time(u16),
    /// A number that may be an hour.
    Hour(u16),
    /// From one to another.
    To,
    /// A dash: from one to another, or only between two things.
    Dash,
    /// The morning, or else the afternoon.
    Half(bool),
    /// And.
    And,
    /// A stroke: from one time to another, or only between two things.
    Slash,
    /// The end of a sentence.
    Stop,
    /// Between days and their hours.
    Colon,
    /// Closed.
    Closed,
    /// All of them but.
    Except,
    /// By appointment.
    Appointment,
    /// Nothing beside the others; it is left out.
    Silence,
}

impl Token {
    /// The time that it is, in minutes since midnight.
    pub(super) const fn minutes(self) -> Option<u16> {
        match self {
            Self::Time(minutes) => Some(minutes),
            Self::Hour(hour) => Some(hour * 60),
            _ => None,
        }
    }
}

/// The days in English: their first two letters are those of `OpenStreetMap`.
pub(super) const ENGLISH: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Words that say nothing beside the others.
const SILENT: &[&str] = &[
    "de",
    "du",
    "des",
    "le",
    "les",
    "l",
    "ouvert",
    "ouverte",
    "ouverture",
    "horaires",
    "horaire",
    "accueil",
    "public",
    "au public",
    "h",
];

/// Phrases that are one word, in plain letters.
const PHRASES: &[(&str, &str)] = &[
    ("tous les jours", " lundi au dimanche "),
    ("en semaine", " lundi au vendredi "),
    ("sauf jours feries", " "),
    ("sauf les jours feries", " "),
    ("hors jours feries", " "),
    ("(hors jours feries)", " "),
    ("ferme les jours feries", " "),
    ("ph off", " "),
    ("ph closed", " "),
    ("apres-midi", " apresmidi "),
    ("apres midi", " apresmidi "),
    // « Lundi(s) », « matin(s) ».
    ("(s)", " "),
    ("non-stop", " "),
    ("non stop", " "),
    ("sans interruption", " "),
    ("en continu", " "),
    ("en journee continue", " "),
    ("journee continue", " "),
];

/// How many letters the shortest name of a day has, in full.
const SHORTEST_DAY: usize = 5;

/// Hours in letters, as figures: those that end as others come before them.
const NUMBERS: &[(&str, &str)] = &[
    ("dix-sept heure", "17 heure"),
    ("dix-huit heure", "18 heure"),
    ("dix-neuf heure", "19 heure"),
    ("sept heure", "7 heure"),
    ("huit heure", "8 heure"),
    ("neuf heure", "9 heure"),
    ("dix heure", "10 heure"),
    ("onze heure", "11 heure"),
    ("douze heure", "12 heure"),
    ("treize heure", "13 heure"),
    ("quatorze heure", "14 heure"),
    ("quinze heure", "15 heure"),
    ("seize heure", "16 heure"),
    ("vingt heure", "20 heure"),
    ("heures et demie", "heures 30"),
    ("heures trente", "heures 30"),
    ("heures et quart", "heures 15"),
];

/// The day that a word names, from 0 for Monday: its name, or the first letters of it. Two are
/// enough: no two letters begin different days, in French or in English.
pub(crate) fn day(word: &str) -> Option<usize> {
    let singular = if word.len() > 4 { word.trim_end_matches('s') } else { word };
    let is_of = |day: &usize| {
        [french::weekday(WEEKDAYS[*day]), ENGLISH[*day]].iter().any(|name| name.starts_with(singular))
    };
    (0..7).find(|day| singular.len() > 1 && is_of(day))
}

/// The words of a text, and what it says of appointments: a remark for each
/// [`Token::Appointment`]. Nothing where a word is not about opening hours.
pub(crate) fn tokens(text: &str) -> Option<(Vec<Token>, Vec<Remark>)> {
    let (text, remarks) = remarks::apart(text);
    let mut plain = plain(&letters::in_full(&text).unwrap_or(text));
    for (phrase, word) in NUMBERS.iter().chain(PHRASES) {
        plain = plain.replace(phrase, word);
    }
    let letters: Vec<char> = plain.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        if letter.is_ascii_digit() {
            let (token, length) = time(&letters[at..])?;
            tokens.push(token);
            at += length;
        } else if letter.is_alphabetic() {
            let length = letters[at..].iter().take_while(|letter| letter.is_alphabetic()).count();
            let word: String = letters[at..at + length].iter().collect();
            at += length;
            // « mar. » is short for « mardi »; behind « mardi » a full stop ends the sentence.
            let (token, is_day) = word_token(&word)?;
            tokens.extend(token);
            at += usize::from(is_day && word.len() < SHORTEST_DAY && letters.get(at) == Some(&'.'));
        } else {
            let token = sign(*letter)?;
            tokens.extend((token != Token::Silence).then_some(token));
            at += 1;
        }
    }
    Some((without_halves(&tokens)?, remarks))
}

/// « lundi matin : 9h-12h », « 14h-17h l’après-midi »: hours that say it themselves. Nothing
/// where half a day stands without its hours, or with those of the other half.
fn without_halves(tokens: &[Token]) -> Option<Vec<Token>> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        let Token::Half(is_morning) = *token else {
            kept.push(*token);
            continue;
        };
        let after = at + usize::from(tokens.get(at) == Some(&Token::Colon));
        let (from, to) = if tokens.get(after).is_some_and(|token| token.minutes().is_some()) {
            at = after;
            (&tokens[after], tokens.get(after + 2)?)
        } else if let [.., from, Token::To | Token::Dash, to] = &kept[..] {
            (from, to)
        } else {
            return None;
        };
        let (from, to) = (from.minutes()?, to.minutes()?);
        if if is_morning { to > MORNING_ENDS } else { from < AFTERNOON_BEGINS } {
            return None;
        }
    }
    Some(kept)
}

/// The latest end of a morning, in minutes since midnight.
const MORNING_ENDS: u16 = 14 * 60;

/// The earliest beginning of an afternoon.
const AFTERNOON_BEGINS: u16 = 12 * 60;

/// Lower case without accents, one kind of space and of dash, lines ended by a full stop.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.trim_matches(is_space).chars().flat_map(char::to_lowercase) {
        plain.push(match letter {
            'é' | 'è' | 'ê' => 'e',
            'à' | 'â' => 'a',
            'û' | 'ù' => 'u',
            'ô' => 'o',
            'î' => 'i',
            '–' | '—' | '‑' | '−' | '→' | '>' => '-',
            '’' => '\'',
            '\n' | '\r' | '•' | '·' => ';',
            space if is_space(space) => ' ',
            other => other,
        });
    }
    // Runs of spaces would hide a phrase.
    plain.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn word_token(word: &str) -> Option<(Option<Token>, bool)> {
    if let Some(day) = day(word) {
        return Some((Some(Token::Day(day)), true));
    }
    let token = match word {
        "a" | "au" | "aux" | "jusqu" => Token::To,
        "et" | "puis" => Token::And,
        "ferme" | "fermee" | "fermes" | "fermeture" | "off" | "closed" => Token::Closed,
        "sauf" | "except" => Token::Except,
        "rdv" => Token::Appointment,
        "matin" | "matins" | "matinee" => Token::Half(true),
        "apresmidi" => Token::Half(false),
        "midi" => Token::Time(12 * 60),
        "minuit" => Token::Time(24 * 60),
        _ if SILENT.contains(&word) => return Some((None, false)),
        _ => return None,
    };
    Some((Some(token), false))
}

/// What a sign is; nothing where it has no place in opening hours.
fn sign(sign: char) -> Option<Token> {
    Some(match sign {
        ' ' | '\'' | '(' | ')' | '"' | '«' | '»' => Token::Silence,
        '-' => Token::Dash,
        ',' | '&' | '+' => Token::And,
        '/' => Token::Slash,
        ';' | '.' | '|' => Token::Stop,
        ':' => Token::Colon,
        _ => return None,
    })
}

/// A time at the start of these letters, and how many of them it takes: `9h`, `9h30`,
/// `9 h 30`, `09:00`, or a bare number that may be an hour.
fn time(letters: &[char]) -> Option<(Token, usize)> {
    let digits = |from: usize| letters[from..].iter().take_while(|letter| letter.is_ascii_digit()).count();
    let spaces = |from: usize| letters[from..].iter().take_while(|letter| **letter == ' ').count();
    let number = |from: usize, length: usize| -> Option<u16> {
        letters[from..from + length].iter().collect::<String>().parse().ok()
    };
    let length = digits(0);
    if length > 2 {
        return None;
    }
    let hour = number(0, length)?;
    let mark = length + spaces(length);
    let is_there = |word: &&str| word.chars().eq(letters[mark..].iter().take(word.len()).copied());
    if let Some(word) = ["heures", "heure", "h"].into_iter().find(is_there) {
        let end = mark + word.len();
        let start = end + spaces(end);
        // « 9 h 12 h » are two hours, « 9 h 30 » is one.
        let after = start + digits(start);
        let is_next_hour = letters.get(after + spaces(after)) == Some(&'h');
        if digits(start) == 2 && !is_next_hour {
            let minutes = number(start, 2).filter(|minutes| *minutes < 60)?;
            return Some((Token::Time(hour * 60 + minutes), start + 2));
        }
        let is_word = letters.get(end).is_some_and(|letter| letter.is_alphabetic());
        return (!is_word && (digits(start) == 0 || is_next_hour)).then_some((Token::Time(hour * 60), end));
    }
    // « 8:30 », « 8 : 30 », « 8.30 »; a full stop between two hours has no minutes behind it.
    let is_hour = |mark: &char| matches!(mark, 'h' | ':');
    let start = match letters.get(mark) {
        Some(':') => mark + 1 + spaces(mark + 1),
        Some('.') if mark == length && hour <= 24 => mark + 1,
        _ => return Some((Token::Hour(hour), length)),
    };
    // « guichet 1 : 14 h »: what is behind the colon is an hour itself.
    if digits(start) != 2
        || start > length + 1 && letters.get(start + 2 + spaces(start + 2)).is_some_and(is_hour)
    {
        return Some((Token::Hour(hour), length));
    }
    let minutes = number(start, 2).filter(|minutes| *minutes < 60)?;
    Some((Token::Time(hour * 60 + minutes), start + 2))
}
