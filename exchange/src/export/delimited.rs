//! The table in text.

use super::columns::{COLUMNS, Kind};
use csv::{QuoteStyle, Terminator, WriterBuilder};
use shared::directory::Directory;
use shared::geography::Geography;

/// Signs with which a spreadsheet program begins a formula, or a cell that it cuts; the full-width
/// ones count in programs of East Asia.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

pub(super) fn write(directory: &Directory, geography: &Geography) -> Vec<u8> {
    let mut writer = WriterBuilder::new()
        .delimiter(b';')
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(Vec::from("\u{feff}"));
    // Writing to memory cannot fail.
    let _ = writer.write_record(COLUMNS.iter().map(|column| column.title));
    for place in &directory.structures {
        let _ = writer.write_record(COLUMNS.iter().map(|column| {
            let cell = (column.cell)(place, geography);
            match column.kind {
                Kind::Number => cell.replace('.', ","),
                Kind::Text => guarded(cell),
            }
        }));
    }
    writer.into_inner().unwrap_or_default()
}

/// A cell that no program takes for a formula: `=…` and its like get an apostrophe before
/// them, which spreadsheet programs know as "this is text". [`unguarded`] takes it away.
/// See <https://owasp.org/www-community/attacks/CSV_Injection>.
#[must_use]
pub fn guarded(cell: String) -> String {
    if is_formula(cell.trim_start_matches('\'')) { format!("'{cell}") } else { cell }
}

/// Whether a program may take a cell for a formula, with or without what it does not show.
fn is_formula(cell: &str) -> bool {
    let is_unseen =
        |c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    cell.starts_with(FORMULA) || cell.trim_start_matches(is_unseen).starts_with(FORMULA)
}

/// A cell without the apostrophe that [`guarded`], or another program, put before it.
pub(crate) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_becomes_a_formula_and_none_is_changed() {
        for cell in [
            "\n=1",
            " =1",
            "\u{200b}=1",
            "\u{feff}@a",
            "＝1",
            "' =1",
            " a",
            "=1+1",
            "+41 22 388 44 00",
            "-",
            "@a",
            "\t=1",
            "'=1",
            "''+",
            "a=1",
            "'a",
            "",
            "04 75",
        ] {
            let written = guarded(cell.to_owned());
            assert!(!is_formula(&written), "{cell:?}");
            assert_eq!(unguarded(&written), cell);
        }
    }
}
