//! Days by their first letter: « L-V 9h-17h », « LMMJV », « L, M, M, J ».
//!
//! « M » is Tuesday and Wednesday. Where there are two of them the first is Tuesday; where the other
//! day is written as « Ma » or « Me », it is the other one. A single one is nobody's guess: a text.

use shared::french;
use shared::opening::WEEKDAYS;
use shared::spelling::fold;
use std::ops::Range;

/// The letters of the days from Monday on, all capitals.
const LETTERS: &str = "LMMJVSD";

/// What may stand between the first and the last of several days.
const DASHES: [char; 4] = ['-', '–', '—', '‑'];

/// Tuesday and Wednesday.
const M: [usize; 2] = [1, 2];

/// A letter in a text, and what it says: a day, or one of the two that begin with M.
struct Letter {
    at: Range<usize>,
    sign: char,
    day: Option<usize>,
}

/// A text with its days in full. Nothing where it has no such letters, or where one of them may be
/// either of two days.
pub(super) fn in_full(text: &str) -> Option<String> {
    let mut runs = runs(text);
    if runs.is_empty() {
        return None;
    }
    let is_said = |short: &[&str]| words(text).any(|word| short.contains(&fold(&text[word]).as_str()));
    let (tuesday, wednesday) = (is_said(&["ma", "mar", "mardi"]), is_said(&["me", "mer", "mercredi"]));
    // « L 9h-12h, M 9h-12h, M 14h-17h »: where no run has two of them, the whole text may.
    let is_whole = runs.iter().all(|run| run.iter().filter(|one| one.sign == 'M').count() < 2);
    if is_whole {
        let all: Vec<&mut Letter> = runs.iter_mut().flatten().collect();
        if (tuesday || wednesday) && all.iter().filter(|one| one.sign == 'M').count() > 1 {
            return None;
        }
        settle(all, tuesday, wednesday)?;
    } else {
        for run in &mut runs {
            settle(run.iter_mut().collect(), tuesday, wednesday)?;
        }
    }
    let mut full = String::with_capacity(text.len() * 2);
    let mut end = 0;
    for run in &runs {
        let days: Vec<usize> = run.iter().filter_map(|one| one.day).collect();
        let is_dashed = |pair: &&[Letter]| text[pair[0].at.end..pair[1].at.start].contains(DASHES);
        let dashes = run.windows(2).filter(is_dashed).count();
        let is_a_row = days.windows(2).all(|pair| pair[0] + 1 == pair[1]);
        // « L-M-M-J » is a list whose days follow each other; « L-J-V » may be a range or a list.
        if dashes > 1 && !is_a_row {
            return None;
        }
        for (rank, (one, day)) in run.iter().zip(&days).enumerate() {
            let between = &text[end..one.at.start];
            full.push_str(&if dashes > 1 && rank > 0 {
                between.replace(DASHES, ",")
            } else {
                between.to_owned()
            });
            full.push(' ');
            full.push_str(french::weekday(WEEKDAYS[*day]));
            full.push(' ');
            end = one.at.end + usize::from(text[one.at.end..].starts_with('.') && one.at.len() == 1);
        }
    }
    full.push_str(&text[end..]);
    Some(full)
}

/// Says which day each M is. Nothing where it may be either, or where the days come in no order.
fn settle(mut letters: Vec<&mut Letter>, tuesday: bool, wednesday: bool) -> Option<()> {
    let count = letters.iter().filter(|one| one.sign == 'M').count();
    let mut days = match (count, tuesday, wednesday) {
        (0, ..) => [].iter(),
        (1, false, true) => M[..1].iter(),
        (1, true, false) => M[1..].iter(),
        (2, ..) => M.iter(),
        _ => return None,
    };
    for one in &mut letters {
        if one.sign == 'M' {
            one.day = days.next().copied();
        }
    }
    let is_in_order = |pair: &[&mut Letter]| pair[0].day < pair[1].day;
    (count < 2 || letters.windows(2).all(is_in_order)).then_some(())
}

/// The letters that stand for days, those that only signs or « et », « à », « au » part together.
fn runs(text: &str) -> Vec<Vec<Letter>> {
    let mut runs: Vec<Vec<Letter>> = Vec::new();
    let mut end = 0;
    for word in words(text) {
        let letters = of_word(text, &word);
        if letters.is_empty() {
            continue;
        }
        let joins = |between: &str| {
            let folded = fold(between);
            between.chars().all(|sign| sign.is_alphabetic() || " ,/-–—‑&+.\u{a0}".contains(sign))
                && folded.split(' ').all(|word| word.is_empty() || is_joint(word))
        };
        match runs.last_mut().filter(|_| joins(&text[end..word.start])) {
            Some(run) => run.extend(letters),
            None => runs.push(letters),
        }
        end = word.end;
    }
    runs
}

/// Whether a folded word stands between two days.
fn is_joint(word: &str) -> bool {
    matches!(word, "et" | "a" | "au")
}

/// The days of a word that is one letter, or all of them in their order: « L », « LMMJV ».
fn of_word(text: &str, word: &Range<usize>) -> Vec<Letter> {
    let written = &text[word.clone()];
    if !written.bytes().all(|letter| LETTERS.as_bytes().contains(&letter)) {
        return Vec::new();
    }
    let (before, after) = (&text[..word.start], &text[word.end..]);
    // « L’ACCUEIL », also without its apostrophe, « LUNDI(S) ».
    let is_article = after.starts_with(['\'', '’'])
        || matches!(written, "L" | "D") && {
            let next = fold(after.trim_start_matches(' '));
            let next = next.split(' ').next().unwrap_or_default();
            after.starts_with(' ') && next.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']) && !is_joint(next)
        };
    let is_plural = before.strip_suffix('(').is_some_and(|word| word.ends_with(char::is_alphabetic));
    if is_article || is_plural || before.ends_with(['\'', '’']) {
        return Vec::new();
    }
    // In one word each letter is the next of the week: « LMJ » leaves one out, which M it has is
    // nobody's guess, nor which « MJV » begins with.
    let first = LETTERS.find(written);
    if written.len() > 1 && (written.len() < 3 || first.is_none_or(|first| first == M[1])) {
        return Vec::new();
    }
    let first = first.unwrap_or_default();
    let day = |rank: usize, letter: char| {
        if written.len() > 1 { Some(first + rank) } else { LETTERS.find(letter).filter(|_| letter != 'M') }
    };
    let letters = written.chars().enumerate();
    let one = |(rank, letter)| Letter {
        at: word.start + rank..word.start + rank + 1,
        sign: if written.len() > 1 { 'X' } else { letter },
        day: day(rank, letter),
    };
    letters.map(one).collect()
}

/// Where the words of a text are: letters only.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(char::is_alphanumeric)?;
        at = text[start..].find(|sign: char| !sign.is_alphanumeric()).map_or(text.len(), |end| start + end);
        Some(start..at)
    })
}

#[cfg(test)]
mod tests {
    use super::in_full;

    #[test]
    fn letters_are_days_where_there_is_one_way_to_read_them() {
        for (text, expect) in [
            ("L-V 9h-17h", "lundi - vendredi 9h-17h"),
            ("L à V : 9h-17h", "lundi à vendredi : 9h-17h"),
            ("LMMJV 9h-12h", "lundi mardi mercredi jeudi vendredi 9h-12h"),
            ("L, M, M, J 9h-12h", "lundi , mardi , mercredi , jeudi 9h-12h"),
            ("L-M-M-J 9h-12h", "lundi , mardi , mercredi , jeudi 9h-12h"),
            ("L, Me, J et M 9h-12h", "lundi , Me, jeudi et mardi 9h-12h"),
            ("L 9h-12h ; M 9h-12h ; M 14h-17h", "lundi 9h-12h ; mardi 9h-12h ; mercredi 14h-17h"),
            ("J. et V. 9h-12h", "jeudi et vendredi 9h-12h"),
            ("L/J/S 9h-12h", "lundi / jeudi / samedi 9h-12h"),
            ("MARDI 9H-12H, L–M–M–J 14H-17H", "MARDI 9H-12H, lundi , mardi , mercredi , jeudi 14H-17H"),
        ] {
            let found = in_full(text).map(|full| full.split_whitespace().collect::<Vec<_>>().join(" "));
            assert_eq!(found.as_deref(), Some(expect), "{text}");
        }
        for text in [
            "L,M,J 9h-12h",
            "M 9h-12h",
            "M-V 9h-12h",
            "L-J-V 9h-12h",
            "M, L, M 9h-12h",
            "M 9h-12h ; M 14h-17h ; mardi 14h-17h",
            "LMJ 9h-12h",
            "MJV 9h-12h",
            "LUNDI(S) 9H-12H L’APRÈS-MIDI",
            "MARDI 9H-12H, L APRES-MIDI 14H-17H",
            "lundi au vendredi 9h-12h",
            "",
        ] {
            assert_eq!(in_full(text), None, "{text}");
        }
    }
}
