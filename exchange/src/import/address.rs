//! Address lines as the post and people write them.

use super::repair::{Notes, Repair, is_space, tidy};
use super::spelling::{Context, Speller, is_shouted};
use super::words::{Kind, Words};
use shared::spelling::fold;

/// The lines of an address cell: one for each building, street or delivery box.
///
/// Words that may miss an accent are added to `doubtful`.
pub(crate) fn lines(
    row: usize,
    column: &str,
    cell: &str,
    speller: Speller<'_>,
    doubtful: &mut Vec<String>,
    notes: &mut Notes,
) -> Vec<String> {
    let trimmed = cell.trim_matches(is_space);
    if trimmed.is_empty() {
        return Vec::new();
    }
    let has_stray = tidy(cell) != cell;
    let may_tidy = !has_stray || notes.mend(Repair::Space, row, column, cell, &tidy(cell));
    let mut lines = Vec::new();
    let pieces = trimmed.split(['\n', '\r']).flat_map(|piece| piece.split(" - "));
    for piece in pieces.flat_map(|piece| piece.split(" ; ")) {
        let tidied = tidy(piece);
        if tidied.is_empty() {
            continue;
        }
        let mut line = if may_tidy { tidied } else { piece.to_owned() };
        let formed = form(&line);
        if formed != line && notes.mend(Repair::AddressForm, row, column, &line, &formed) {
            line = formed;
        }
        let mut found = speller.spell(&line, Context::Address);
        doubtful.append(&mut found.doubtful);
        let is_restored = found.text != line && is_shouted(&line);
        if !is_restored || notes.mend(Repair::AddressCapitals, row, column, &line, &found.text) {
            line = found.text;
        }
        lines.push(line);
    }
    lines
}

/// Delivery boxes by their usual letters, and no space inside a number.
fn form(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let folded: Vec<String> = words.iter().map(|word| fold(word)).collect();
    let boxed = match folded.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["boite", "postale", ..] | ["b", "p", ..] => Some(("BP", words[2..].join(" "))),
        [first, ..] if first.len() > 2 && (first.starts_with("bp") || first.starts_with("cs")) => {
            let is_number = first[2..].bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| {
                (
                    if first.starts_with("bp") { "BP" } else { "CS" },
                    [&first[2..], &words[1..].join(" ")].join(" ").trim_end().to_owned(),
                )
            })
        }
        _ => None,
    };
    if let Some((letters, number)) = boxed {
        return format!("{letters} {number}").trim_end().to_owned();
    }
    // "5 -7 PLACE": one range.
    let mut formed = line.to_owned();
    for (before, after) in [(" -", "-"), ("- ", "-")] {
        while let Some(at) = formed.find(before) {
            let digit_at = |index: Option<usize>| {
                index.and_then(|index| formed.as_bytes().get(index)).is_some_and(u8::is_ascii_digit)
            };
            if !(digit_at(at.checked_sub(1)) && digit_at(Some(at + before.len()))) {
                break;
            }
            formed.replace_range(at..at + before.len(), after);
        }
    }
    formed
}

/// What of an address tells one place from another: the street and its number, folded,
/// without small words; the whole where there is no street.
pub(crate) fn key(lines: &[String], words: &Words) -> String {
    let significant = |line: &str| -> Vec<String> {
        fold(line)
            .split(' ')
            .filter(|word| !word.is_empty() && !words.is(word, Kind::Small))
            .map(str::to_owned)
            .collect()
    };
    let is_street = |line: &&String| {
        fold(line).split(' ').any(|word| words.is(word, Kind::Street) && word != "residence")
    };
    let street =
        lines.iter().find(|line| is_street(line) && line.starts_with(|first: char| first.is_ascii_digit()));
    match street.or_else(|| lines.iter().find(is_street)) {
        Some(street) => significant(street).join(" "),
        None => lines.iter().flat_map(|line| significant(line)).collect::<Vec<_>>().join(" "),
    }
}

/// The street of an address without its number, in lower case where it begins with the
/// kind of street; nothing where there is no street.
pub(crate) fn street(lines: &[String], words: &Words) -> Option<String> {
    let street = lines.iter().find_map(|line| {
        let start = line.split(' ').position(|word| words.is(&fold(word), Kind::Street))?;
        Some(line.split(' ').skip(start).collect::<Vec<_>>().join(" "))
    })?;
    let mut letters = street.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect())
}

/// Whether an address says nothing that another does not: delivery boxes apart, its lines
/// are all there.
pub(crate) fn is_within(lines: &[String], others: &[String]) -> bool {
    let is_box = |line: &String| line.starts_with("BP ") || line.starts_with("CS ");
    let mut said = lines.iter().filter(|line| !is_box(line)).peekable();
    said.peek().is_some() && said.all(|line| has_line(others, line))
}

/// Whether a line is already among others, allowing for another ending of its words
/// (`SERVICES MUNICIPALES`, `services municipaux`).
pub(crate) fn has_line(lines: &[String], line: &str) -> bool {
    const STEM: usize = 5;
    let stems = |line: &str| -> Vec<String> {
        fold(line).split(' ').map(|word| word.get(..STEM).unwrap_or(word).to_owned()).collect()
    };
    lines.iter().any(|other| stems(other) == stems(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_and_ranges_have_one_form() {
        for (line, expect) in [
            ("BOITE POSTALE 257", "BP 257"),
            ("Boîte postale 71 64", "BP 71 64"),
            ("B.P. 12", "B.P. 12"),
            ("B P 12", "BP 12"),
            ("CS51093", "CS 51093"),
            ("BP12", "BP 12"),
            ("CS 40017", "CS 40017"),
            ("CSELLE", "CSELLE"),
            ("5 -7 PLACE X", "5-7 PLACE X"),
            ("LYON 3 - SUD", "LYON 3 - SUD"),
        ] {
            assert_eq!(form(line), expect, "{line}");
        }
    }

    #[test]
    fn the_key_is_the_street_whatever_stands_around() {
        let words = Words::new();
        let of =
            |lines: &[&str]| key(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>(), &words);
        assert_eq!(
            of(&["Pôle de services, Les Érables", "14 avenue de Brindisi"]),
            of(&["14 AVENUE BRINDISI"])
        );
        assert_ne!(of(&["14 avenue de Brindisi"]), of(&["16 avenue de Brindisi"]));
        assert_eq!(of(&["Le Tourniquet"]), "tourniquet");
        assert_eq!(of(&[]), "");
    }

    #[test]
    fn a_line_is_known_by_its_stems() {
        let lines = ["Maison des services municipaux".to_owned()];
        assert!(has_line(&lines, "MAISON DES SERVICES MUNICIPALES"));
        assert!(!has_line(&lines, "MAISON DES SPORTS"));
        assert!(is_within(&["Maison des Services municipaux".to_owned(), "BP 12".to_owned()], &lines));
        assert!(!is_within(&["BP 12".to_owned()], &lines), "a box alone is another address");
    }
}
