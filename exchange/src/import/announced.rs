//! What a workbook announces, looked at before the reader of workbooks believes it.
//!
//! calamine 0.38.0 multiplies the digits of a cell's name without looking whether they fit
//! (`get_row_and_optional_column`), subtracts the corners of a range in the order in which they
//! are written (`get_dimension`), and takes as much memory as a table of texts says that it has
//! texts (`read_shared_strings`). Each ends the program, or the isolate, instead of the reading.

use super::workbook::{damaged, too_large};
use crate::refusal::Refusal;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufReader, Cursor};

/// The rows and columns that a sheet can have (XLSX: `XFD1048576`).
const MOST: (u64, u64) = (1_048_576, 16_384);
/// A list of places has one sheet, or one for each department.
pub(super) const SHEETS: usize = 200;
/// No workbook that is read has more texts than cells.
const MOST_TEXTS: u64 = 2_000_000;
/// No text of a table takes less than this many bytes: `<si/>`.
const SHORTEST_TEXT: u64 = 5;

/// Refuses a workbook whose cells, ranges or counts cannot be.
pub(super) fn look(archive: &mut zip::ZipArchive<Cursor<&[u8]>>) -> Result<(), Refusal> {
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| damaged())?;
        // Whatever it is called: another part may call it a sheet.
        let name = part.name().map_err(|_| damaged())?.into_owned();
        let most = MOST_TEXTS.min(part.size() / SHORTEST_TEXT);
        let mut reader = quick_xml::Reader::from_reader(BufReader::new(part));
        reader.config_mut().check_end_names = false;
        let (mut buffer, mut sheets) = (Vec::new(), 0);
        loop {
            buffer.clear();
            // What cannot be read the reader of workbooks refuses, where it needs it.
            let Ok(event) = reader.read_event_into(&mut buffer) else { break };
            let tag = match &event {
                Event::Start(tag) | Event::Empty(tag) => tag,
                Event::Eof => break,
                _ => continue,
            };
            if tag.local_name().as_ref() == "sheet" {
                sheets += 1;
                if sheets > SHEETS {
                    return Err(too_large(&format!("il a plus de {SHEETS} feuilles")));
                }
            }
            look_at(tag, &name, most)?;
        }
    }
    Ok(())
}

/// Looks at one element; `most` is how much of anything the part can hold.
fn look_at(tag: &BytesStart<'_>, part: &str, most: u64) -> Result<(), Refusal> {
    for attribute in tag.attributes().flatten() {
        let value: &str = attribute.value.as_ref();
        let fits = match attribute.key.local_name().as_ref() {
            "r" if tag.local_name().as_ref() == "row" => {
                value.bytes().all(|byte| byte.is_ascii_digit()) && number(value) <= MOST.0
            }
            "r" if tag.local_name().as_ref() == "c" => corner(value).is_some(),
            "ref" => range(value),
            "uniqueCount" | "count" => {
                !value.bytes().all(|byte| byte.is_ascii_digit()) || number(value) <= most
            }
            _ => true,
        };
        if !fits {
            let shown: String = value.chars().take(40).collect();
            return Err(Refusal::new(
                "damaged-workbook",
                format!(
                    "Ce classeur est abîmé : « {part} » annonce « {shown} », qu’aucun tableur ne peut avoir écrit."
                ),
            )
            .advising(
                "Ouvrez-le dans votre tableur, enregistrez-le de nouveau, ou enregistrez la feuille en CSV.",
            ));
        }
    }
    Ok(())
}

/// A number of digits, as large as it may be.
fn number(digits: &str) -> u64 {
    digits.bytes().fold(0, |sum: u64, digit| {
        sum.saturating_mul(10).saturating_add(u64::from(digit.saturating_sub(b'0')))
    })
}

/// The row and the column of a cell's name; nothing where no sheet has it. Names that are none
/// are row and column 1: the reader refuses those.
fn corner(name: &str) -> Option<(u64, u64)> {
    let name = name.replace('$', "");
    let digits = name.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(name.len());
    let (letters, digits) = name.split_at(digits);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((1, 1));
    }
    let column = letters.bytes().fold(0, |sum: u64, letter| {
        sum.saturating_mul(26).saturating_add(u64::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    let row = number(digits);
    (row <= MOST.0 && column <= MOST.1).then_some((row, column))
}

/// Whether a range has its corners in their order.
fn range(text: &str) -> bool {
    text.split_ascii_whitespace().all(|range| match range.split_once(':') {
        None => corner(range).is_some(),
        Some((first, last)) => corner(first)
            .zip(corner(last))
            .is_some_and(|(first, last)| first.0 <= last.0 && first.1 <= last.1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_no_sheet_has_are_known() {
        for good in ["A1", "XFD1048576", "$B$2", "aa10", "A", "12", "Table1[#All]", ""] {
            assert!(corner(good).is_some(), "{good}");
        }
        for bad in ["A1048577", "XFE1", "A4294967296", "ZZZZZZZZZZ1", "A99999999999999999999999"] {
            assert!(corner(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn ranges_go_from_their_first_corner_to_their_last() {
        assert!(range("A1:C3") && range("A1") && range("A1:A1 B2:C3") && range("A:C") && range("1:3"));
        assert!(!range("B2:A3") && !range("A3:B2") && !range("A1:A4294967295"));
    }
}
