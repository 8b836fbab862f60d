//! Cells that spreadsheet programs read as they are.

/// Signs with which a spreadsheet program begins a formula, or a cell that it cuts; the full-width
/// ones count in programs of East Asia.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

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
pub fn unguarded(cell: &str) -> &str {
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
