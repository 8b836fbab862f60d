//! The workbook of Excel.

use super::columns::{COLUMNS, Kind};
use super::{About, about};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};
use shared::directory::Directory;
use shared::geography::Geography;

/// What a cell holds, in characters, before the dots of one that is cut: validation admits less,
/// versions from before it may have more.
const LONGEST_CELL: usize = 32_000;

/// How the sheet is called.
pub(super) const SHEET: &str = "Lieux";

pub(super) fn write(directory: &Directory, geography: &Geography, today: &str) -> Vec<u8> {
    // The only errors are those of sheets that are too large, and of names and dates that
    // are ours: a million structures do not come here. Whoever sends it tells an empty file.
    workbook(directory, geography, today).unwrap_or_default()
}

fn workbook(directory: &Directory, geography: &Geography, today: &str) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let About { title, edition, description } = about(directory, today);
    // Set, because the library would ask the clock.
    let day = ExcelDateTime::parse_from_str(today)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(title)
            .set_subject(edition)
            .set_comment(description)
            .set_creation_datetime(&day),
    );
    let sheet = workbook.add_worksheet();
    sheet.set_name(SHEET)?;
    let heading = Format::new().set_bold();
    // Text, so that 01000 keeps its zero when a cell is corrected by hand.
    let as_text = Format::new().set_num_format("@").set_align(FormatAlign::Top);
    let as_number = Format::new().set_num_format("0.000000").set_align(FormatAlign::Top);
    sheet.set_freeze_panes(1, 0)?;
    for (index, column) in (0..).zip(COLUMNS) {
        sheet.set_column_width(index, f64::from(column.width))?;
        sheet.set_column_format(index, if column.kind == Kind::Number { &as_number } else { &as_text })?;
        sheet.write_string_with_format(0, index, column.title, &heading)?;
    }
    for (row, place) in (1..).zip(&directory.structures) {
        for (index, column) in (0..).zip(COLUMNS) {
            let cell = (column.cell)(place, geography);
            match (column.kind, cell.parse::<f64>()) {
                _ if cell.is_empty() => {}
                (Kind::Number, Ok(number)) => {
                    sheet.write_number_with_format(row, index, number, &as_number)?;
                }
                // A string is never a formula here, whatever it begins with.
                _ => {
                    // XML cannot hold these two, whatever is written around them.
                    let cell = cell.replace(['\u{fffe}', '\u{ffff}'], "");
                    let cell = match cell.char_indices().nth(LONGEST_CELL) {
                        Some((end, _)) => format!("{}…", &cell[..end]),
                        None => cell,
                    };
                    sheet.write_string_with_format(row, index, cell, &as_text)?;
                }
            }
        }
    }
    workbook.save_to_buffer()
}
