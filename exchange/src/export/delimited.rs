//! The table in text.

use super::columns::{COLUMNS, Kind};
use csv::{QuoteStyle, Terminator, WriterBuilder};
use shared::directory::Directory;
use shared::geography::Geography;
use shared::spreadsheet::guarded;

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
