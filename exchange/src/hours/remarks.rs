//! What opening hours say of appointments: « sur rendez-vous », « avec ou sans RDV »,
//! « rendez-vous possible ». It changes no hour, so that the week is read without it and it
//! stands beside the week, in its own words.

use crate::import::repair::{is_space, tidy};
use shared::french::capitalised;
use shared::spelling::fold;
use std::ops::Range;

/// The word that stands for a remark in the text that is left.
pub(super) const MARK: &str = " rdv ";

/// A remark about appointments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    /// The remark alone, as a sentence.
    pub(super) text: String,
    /// The sentence that it stands in.
    pub(super) clause: String,
}

/// The words that may stand around « rendez-vous » in a remark. None of them is a day or an hour.
const AROUND: &[&str] = &[
    "sur",
    "sans",
    "avec",
    "ou",
    "et",
    "possible",
    "possibles",
    "possibilite",
    "uniquement",
    "seulement",
    "exclusivement",
    "preference",
    "prise",
    "prendre",
    "obligatoire",
    "conseille",
    "conseillee",
    "recommande",
    "recommandee",
    "souhaite",
    "souhaitable",
    "necessaire",
    "prealable",
    "prealablement",
    "egalement",
    "aussi",
    "demande",
    "par",
    "telephone",
    "tel",
    "mail",
    "courriel",
    "email",
    "internet",
    "ligne",
    "accueil",
    "libre",
    "merci",
    "pour",
    "venir",
    "besoin",
    "privilegie",
    "privilegiee",
    "priorite",
    "de",
    "d",
    "a",
    "au",
    "la",
    "le",
    "les",
    "l",
    "un",
    "une",
    "en",
    "by",
    "only",
];

/// Those of them that no remark begins with.
const NOT_FIRST: &[&str] = &["et", "a", "au", "la", "le", "les", "l", "d", "en"];

/// Those of them that no remark ends with.
const NOT_LAST: &[&str] = &[
    "et", "ou", "a", "au", "la", "le", "les", "l", "d", "de", "en", "un", "une", "par", "sur", "pour",
    "avec", "sans", "accueil",
];

/// A text with [`MARK`] in the place of its remarks, and these in their order.
pub(super) fn apart(text: &str) -> (String, Vec<Remark>) {
    let words = words(text);
    let mut left = String::with_capacity(text.len());
    let mut remarks = Vec::new();
    let (mut at, mut from) = (0, 0);
    while at < words.len() {
        let core = core(text, &words, at);
        if core == 0 {
            at += 1;
            continue;
        }
        let (first, last) = widened(text, &words, at..at + core, from);
        let span = words[first].range.start..words[last].range.end;
        left.push_str(&text[if from == 0 { 0 } else { words[from - 1].range.end }..span.start]);
        left.push_str(MARK);
        remarks.push(Remark { text: sentence(&text[span.clone()]), clause: sentence(clause(text, &span)) });
        from = last + 1;
        at = from;
    }
    left.push_str(&text[if from == 0 { 0 } else { words[from - 1].range.end }..]);
    (left, remarks)
}

/// A word, folded, and where it is.
struct Word {
    folded: String,
    range: Range<usize>,
}

fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for (start, letter) in text.char_indices().filter(|(_, letter)| letter.is_alphanumeric()) {
        let end = start + letter.len_utf8();
        match words.last_mut() {
            Some(word) if word.range.end == start => word.range.end = end,
            _ => words.push(Word { folded: String::new(), range: start..end }),
        }
    }
    for word in &mut words {
        word.folded = fold(&text[word.range.clone()]);
    }
    words
}

/// How many words at this place say « rendez-vous »; none where they do not.
fn core(text: &str, words: &[Word], at: usize) -> usize {
    let is = |index: usize, wanted: &str| words.get(index).is_some_and(|word| word.folded == wanted);
    if is(at, "rdv") || is(at, "rdvs") || is(at, "rendezvous") || is(at, "appointment") {
        1
    } else if is(at, "rendez") && is(at + 1, "vous") && is_joined(text, words, at) {
        2
    } else if is(at, "r") && is(at + 1, "d") && is(at + 2, "v") {
        3
    } else {
        0
    }
}

/// Whether nothing but spaces, an apostrophe or a hyphen is between a word and the next one.
fn is_joined(text: &str, words: &[Word], at: usize) -> bool {
    let between = &text[words[at].range.end..words[at + 1].range.start];
    between.chars().all(is_space) || matches!(between, "-" | "‑" | "'" | "’")
}

/// The first and the last word of the remark around « rendez-vous ».
fn widened(text: &str, words: &[Word], core: Range<usize>, from: usize) -> (usize, usize) {
    let is = |index: usize, list: &[&str]| list.contains(&words[index].folded.as_str());
    let (mut first, mut last) = (core.start, core.end - 1);
    while first > from && is(first - 1, AROUND) && is_joined(text, words, first - 1) {
        first -= 1;
    }
    while first < core.start && is(first, NOT_FIRST) {
        first += 1;
    }
    while last + 1 < words.len() && is_joined(text, words, last) {
        let next = last + 1;
        let more =
            if is(next, AROUND) { 1 } else { self::core(text, words, next).max(phone(text, words, next)) };
        if more == 0 {
            break;
        }
        last += more;
    }
    while last >= core.end && is(last, NOT_LAST) {
        last -= 1;
    }
    (first, last)
}

/// How many words at this place are one phone number; none where they are not.
fn phone(text: &str, words: &[Word], at: usize) -> usize {
    let mut digits = String::new();
    for (count, word) in words[at..].iter().enumerate() {
        let is_apart = count > 0 && {
            let between = &text[words[at + count - 1].range.end..word.range.start];
            !between.chars().all(|letter| is_space(letter) || letter == '.')
        };
        if is_apart || digits.len() > 10 || !word.folded.bytes().all(|byte| byte.is_ascii_digit()) {
            return 0;
        }
        digits.push_str(&word.folded);
        if digits.len() == 10 && digits.starts_with('0') {
            return count + 1;
        }
    }
    0
}

/// The sentence around a place in a text.
fn clause<'a>(text: &'a str, span: &Range<usize>) -> &'a str {
    let is_end = |letter: char| matches!(letter, ';' | '\n' | '\r' | '|');
    let start = text[..span.start].rfind(is_end).map_or(0, |end| end + 1);
    let end = text[span.end..].find(is_end).map_or(text.len(), |end| span.end + end);
    &text[start..end]
}

/// A text as a sentence of its own; the one English remark that maps have, in French.
fn sentence(text: &str) -> String {
    let tidied = tidy(text);
    if fold(&tidied) == "by appointment" {
        return "Sur rendez-vous".to_owned();
    }
    capitalised(tidied.trim_end_matches(['.', ',', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_taken_out_in_its_own_words() {
        for (text, left, remark) in [
            ("Lundi 9h-12h, avec ou sans RDV", "Lundi 9h-12h,  # ", "Avec ou sans RDV"),
            ("Rendez‑vous conseillé : lundi 9h", " #  : lundi 9h", "Rendez‑vous conseillé"),
            ("mardi 9h-12h et sur rendez vous le soir", "mardi 9h-12h et  #  le soir", "Sur rendez vous"),
            (
                "mardi 9h-12h ; prise de rdv au 04 75 00 00 01",
                "mardi 9h-12h ;  # ",
                "Prise de rdv au 04 75 00 00 01",
            ),
            ("Mo-Fr 09:00-12:00 by appointment", "Mo-Fr 09:00-12:00  # ", "Sur rendez-vous"),
            (
                "de préférence sur R.D.V. du lundi au jeudi",
                " # . du lundi au jeudi",
                "De préférence sur R.D.V",
            ),
        ] {
            let (rest, remarks) = apart(text);
            assert_eq!(rest, left.replace(" # ", MARK), "{text}");
            assert_eq!(remarks.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), [remark], "{text}");
        }
        assert_eq!(apart("lundi 9h-12h"), ("lundi 9h-12h".to_owned(), Vec::new()));
        let (_, remarks) = apart("lundi 9h-12h ; mardi 9h-12h sur rdv ; jeudi 9h-12h");
        assert_eq!(remarks[0].clause, "Mardi 9h-12h sur rdv");
    }
}
