//! The words that opening hours are written with.

use super::repair::is_space;

/// A word of opening hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A day of the week, from 0 for Monday.
    Day(usize),
    /// A time, in minutes since midnight; it may be past the end of the day.
    Time(u16),
    /// A number that may be an hour.
    Hour(u16),
    /// From one to another.
    To,
    /// And.
    And,
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

/// Days in French, and as OpenStreetMap writes them. Whole words, plurals apart.
const DAYS: [&[&str]; 7] = [
    &["lundi", "lun", "lu", "mo"],
    &["mardi", "mar", "ma", "tu"],
    &["mercredi", "mer", "me", "we"],
    &["jeudi", "jeu", "je", "th"],
    &["vendredi", "ven", "ve", "fr"],
    &["samedi", "sam", "sa"],
    &["dimanche", "dim", "di", "su"],
];

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
    ("sur rendez-vous", " rdv "),
    ("sur rendez vous", " rdv "),
    ("sur rdv", " rdv "),
    ("uniquement rdv", " rdv "),
    ("by appointment", " rdv "),
    ("tous les jours", " lundi au dimanche "),
    ("en semaine", " lundi au vendredi "),
    ("sauf jours feries", " "),
    ("sauf les jours feries", " "),
    ("hors jours feries", " "),
    ("(hors jours feries)", " "),
    ("fermé les jours feries", " "),
    ("ferme les jours feries", " "),
    ("ph off", " "),
    ("ph closed", " "),
];

/// The words of a text; nothing where one is not about opening hours.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut plain = plain(text);
    for (phrase, word) in PHRASES {
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
            // « mar. » is short for « mardi ».
            let (token, is_day) = word_token(&word)?;
            tokens.extend(token);
            at += usize::from(is_day && letters.get(at) == Some(&'.'));
        } else {
            let token = sign(*letter)?;
            tokens.extend((token != Token::Silence).then_some(token));
            at += 1;
        }
    }
    Some(tokens)
}

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
            '–' | '—' | '‑' | '→' => '-',
            '’' => '\'',
            '\n' | '\r' => ';',
            space if is_space(space) => ' ',
            other => other,
        });
    }
    // Runs of spaces would hide a phrase.
    plain.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn word_token(word: &str) -> Option<(Option<Token>, bool)> {
    let singular = if word.len() > 4 { word.trim_end_matches('s') } else { word };
    if let Some(day) = DAYS.iter().position(|names| names.contains(&singular)) {
        return Some((Some(Token::Day(day)), true));
    }
    let token = match word {
        "a" | "au" | "aux" | "jusqu" => Token::To,
        "et" | "puis" => Token::And,
        "ferme" | "fermee" | "fermes" | "fermeture" | "off" | "closed" => Token::Closed,
        "sauf" | "except" => Token::Except,
        "rdv" => Token::Appointment,
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
        ' ' | '\'' | '(' | ')' => Token::Silence,
        '-' => Token::To,
        ',' | '/' | '&' | '+' => Token::And,
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
    match letters.get(mark) {
        Some('h') => {
            let start = mark + 1 + spaces(mark + 1);
            // « 9 h 12 h » are two hours, « 9 h 30 » is one.
            let after = start + digits(start);
            let is_next_hour = letters.get(after + spaces(after)) == Some(&'h');
            if digits(start) == 2 && !is_next_hour {
                let minutes = number(start, 2).filter(|minutes| *minutes < 60)?;
                return Some((Token::Time(hour * 60 + minutes), start + 2));
            }
            let is_word = letters.get(mark + 1).is_some_and(|letter| letter.is_alphabetic());
            (!is_word && (digits(start) == 0 || is_next_hour)).then_some((Token::Time(hour * 60), mark + 1))
        }
        Some(':') if digits(mark + 1) == 2 && mark == length => {
            let minutes = number(mark + 1, 2).filter(|minutes| *minutes < 60)?;
            Some((Token::Time(hour * 60 + minutes), mark + 3))
        }
        _ => Some((Token::Hour(hour), length)),
    }
}
