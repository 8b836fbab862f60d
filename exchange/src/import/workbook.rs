//! Reading a workbook (XLSX, ODS): the one sheet that looks most like a list of places,
//! its cells as people see them.
//!
//! A workbook is an archive: a few kilobytes may unpack to gigabytes, and a cell in the
//! last corner of a sheet may stand for billions of empty ones. Both are refused before
//! the memory is taken.

use super::announced;
use super::columns::{Field, recognise};
use super::foreign::refuse_archive;
use super::grid::{HEAD, Line, Uneven, recognised, table};
use super::repair::tidy;
use super::table::{COLUMNS, Format, Table, Workbook};
use crate::refusal::Refusal;
use calamine::{Data, DataRef, ExcelDateTime, Ods, OdsError, Reader, SheetType, Xlsx, XlsxError};
use quick_xml::events::Event;
use std::io::{Cursor, Read};

/// What a workbook may unpack to, in bytes: a hundred times the largest list of places seen.
const UNPACKED: u64 = 100 * 1024 * 1024;

/// How many cells the sheets may have, empty ones between others included.
const CELLS: usize = 2_000_000;

/// How many cells may be written, those without a text included.
const SEEN: usize = 4_000_000;

/// How many bytes of text the cells may hold.
const TEXT: usize = 64 * 1024 * 1024;

/// One sheet, before it is chosen.
struct Sheet {
    name: String,
    lines: Vec<Line>,
}

/// Whether these bytes are those of a workbook, or of another archive.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Why a compound file of older office programs is not read.
pub(super) fn refuse_compound(bytes: &[u8]) -> Refusal {
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(encrypted.len()).any(|window| window == encrypted) {
        return protected();
    }
    Refusal::new("old-workbook", "C’est un ancien classeur Excel (XLS).").advising(
        "Ouvrez-le dans votre tableur, enregistrez-le en XLSX, en ODS ou en CSV, puis importez ce fichier.",
    )
}

fn protected() -> Refusal {
    Refusal::new("protected-workbook", "Ce classeur est protégé par un mot de passe.").advising(
        "Ouvrez-le dans votre tableur, enlevez le mot de passe, enregistrez-le, puis importez-le de nouveau.",
    )
}

pub(super) fn damaged() -> Refusal {
    Refusal::new("damaged-workbook", "Ce classeur est abîmé : il ne peut pas être lu jusqu’au bout.")
        .advising(
            "Ouvrez-le dans votre tableur, enregistrez-le de nouveau, ou enregistrez la feuille en CSV.",
        )
}

pub(super) fn too_large(what: &str) -> Refusal {
    Refusal::new(
        "workbook-too-large",
        format!("Ce classeur est trop grand pour une liste de lieux : {what}."),
    )
    .advising("Gardez seulement la feuille des lieux, ou enregistrez-la en CSV.")
}

/// Reads a workbook.
pub(super) fn read(bytes: &[u8]) -> Result<Table, Refusal> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let has = |name: &str| archive.index_for_name(name).is_some();
    let (is_ods, is_binary) = (has("content.xml") && has("mimetype"), has("xl/workbook.bin"));
    // Some programs call the main part of a workbook otherwise.
    let is_xlsx = !is_binary
        && (has("xl/workbook.xml")
            || has("[Content_Types].xml")
                && archive.file_names().flatten().any(|name| name.starts_with("xl/")));
    measure(&mut archive)?;
    let (kind, sheets) = if is_xlsx {
        announced::look(&mut archive)?;
        (Workbook::Xlsx, xlsx(bytes)?)
    } else if is_ods {
        let merged = look_at_repeats(&mut archive)?;
        (Workbook::Ods, ods(bytes, &merged)?)
    } else if is_binary {
        return Err(Refusal::new("old-workbook", "C’est un classeur Excel binaire (XLSB).")
            .advising("Enregistrez-le en XLSX, en ODS ou en CSV, puis importez ce fichier."));
    } else {
        return Err(refuse_archive(archive.file_names().flatten()));
    };
    choose(kind, sheets)
}

/// Unpacks every part into nothing, so that no lie of the archive's own directory counts.
fn measure(archive: &mut zip::ZipArchive<Cursor<&[u8]>>) -> Result<(), Refusal> {
    let refusal = || too_large("il dépasse 100 Mo une fois décompressé");
    let mut left = UNPACKED;
    for index in 0..archive.len() {
        let part = match archive.by_index(index) {
            Ok(part) => part,
            Err(zip::result::ZipError::UnsupportedArchive(text)) if text.contains("assword") => {
                return Err(protected());
            }
            Err(_) => return Err(damaged()),
        };
        if part.size() > left {
            return Err(refusal());
        }
        let unpacked =
            std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| damaged())?;
        left = left.checked_sub(unpacked).ok_or_else(refusal)?;
    }
    Ok(())
}

/// An ODS sheet writes a cell once and how often it is repeated: what the reader would
/// make of it has to fit. Returns the merged cells of each sheet, of which the reader says nothing.
fn look_at_repeats(archive: &mut zip::ZipArchive<Cursor<&[u8]>>) -> Result<Vec<Vec<Merged>>, Refusal> {
    let content = archive.by_name("content.xml").map_err(|_| damaged())?;
    let mut reader = quick_xml::Reader::from_reader(std::io::BufReader::new(content));
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    let mut measure = Measure::default();
    let (mut total, mut merged) = (0_usize, Vec::new());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| damaged())? {
            Event::Start(tag) => measure.begin(&tag),
            Event::Empty(tag) => {
                measure.begin(&tag);
                measure.end(tag.name().as_ref());
            }
            Event::End(tag) => measure.end(tag.name().as_ref()),
            Event::Eof => return Ok(merged),
            _ => {}
        }
        if measure.width > COLUMNS {
            return Err(too_large("une feuille a plus de 500 colonnes"));
        }
        if measure.is_over {
            total = total.saturating_add(measure.cells());
            merged.push(std::mem::take(&mut measure).merged);
            if merged.len() > announced::SHEETS {
                return Err(too_large(&format!("il a plus de {} feuilles", announced::SHEETS)));
            }
        }
        if total.saturating_add(measure.cells()) > CELLS {
            return Err(too_large("ses feuilles ont plus de deux millions de cellules"));
        }
    }
}

/// The rectangle that a sheet fills.
#[derive(Debug, Default)]
struct Measure {
    rows: usize,
    rows_with_cells: usize,
    width: usize,
    row_repeats: usize,
    column: usize,
    row_width: usize,
    is_over: bool,
    merged: Vec<Merged>,
}

/// Cells of one column that are one.
#[derive(Debug, Clone, Copy)]
struct Merged {
    /// The rank of the column, from 0.
    column: usize,
    /// The first row, as a spreadsheet program numbers it.
    first: usize,
    /// The last row.
    last: usize,
}

impl Measure {
    const fn cells(&self) -> usize {
        self.rows_with_cells.saturating_mul(self.width)
    }

    fn begin(&mut self, tag: &quick_xml::events::BytesStart<'_>) {
        let value = |wanted: &str| {
            tag.attributes()
                .flatten()
                .find(|attribute| attribute.key.as_ref() == wanted)
                .and_then(|attribute| attribute.value.parse::<usize>().ok())
        };
        match tag.name().as_ref() {
            "table:table-row" => {
                self.row_repeats = value("table:number-rows-repeated").unwrap_or(1);
                (self.column, self.row_width) = (0, 0);
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let repeats = value("table:number-columns-repeated").unwrap_or(1);
                if let Some(rows @ 2..) = value("table:number-rows-spanned") {
                    let (column, first) = (self.column, self.rows.saturating_add(1));
                    self.merged.push(Merged { column, first, last: self.rows.saturating_add(rows) });
                }
                self.column = self.column.saturating_add(repeats);
                let says = tag.attributes().flatten().any(|attribute| {
                    let key = attribute.key.as_ref();
                    key.starts_with("office:") || key == "table:formula"
                });
                if says {
                    self.row_width = self.column;
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "table:table-row" => {
                self.rows = self.rows.saturating_add(self.row_repeats);
                if self.row_width > 0 {
                    self.rows_with_cells = self.rows;
                    self.width = self.width.max(self.row_width);
                }
            }
            "table:table" => self.is_over = true,
            _ => {}
        }
    }
}

fn xlsx(bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    let refusal = |error: XlsxError| match error {
        XlsxError::Password => protected(),
        _ => damaged(),
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(refusal)?;
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut sheets = Vec::new();
    let mut budget = Budget::default();
    for name in names {
        let mut reader = book.worksheet_cells_reader(&name).map_err(refusal)?;
        // A format made of zeros only shows a postcode with its leading zero.
        let zeros: Vec<usize> = reader
            .styles()
            .iter()
            .map(|style| {
                let code = style.number_format.as_ref().map_or("", |format| format.format_code.as_str());
                if code.bytes().all(|byte| byte == b'0') { code.len() } else { 0 }
            })
            .collect();
        let mut lines: Vec<Line> = Vec::new();
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(refusal)? {
            budget.seen += 1;
            if budget.seen > SEEN {
                return Err(too_large(
                    "ses feuilles ont plus de quatre millions de cellules, vides comprises",
                ));
            }
            let (row, column) = cell.get_position();
            let text = match cell.get_value() {
                DataRef::SharedString(text) => budget.fits(text)?.to_owned(),
                DataRef::String(text) => budget.fits(text)?.to_owned(),
                other => self::text(&Data::from(other.clone())),
            };
            let digits = zeros.get(style).copied().unwrap_or_default();
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let text = if is_number { format!("{text:0>digits$}") } else { text };
            if !text.is_empty() {
                budget.place(&mut lines, row as usize, column as usize, text)?;
            }
        }
        drop(reader);
        let merged = book.merge_cells_by_sheet_name(&name).map_err(refusal)?;
        let merged = merged.iter().filter(|range| range.start.0 < range.end.0).map(|range| Merged {
            column: range.start.1 as usize,
            first: range.start.0 as usize + 1,
            last: range.end.0 as usize + 1,
        });
        fill_down(&mut lines, merged, &mut budget)?;
        sheets.push(Sheet { name, lines });
    }
    Ok(sheets)
}

fn ods(bytes: &[u8], merged: &[Vec<Merged>]) -> Result<Vec<Sheet>, Refusal> {
    let refusal = |error: OdsError| match error {
        OdsError::Password => protected(),
        _ => damaged(),
    };
    let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(refusal)?;
    let mut sheets = Vec::new();
    let mut budget = Budget::default();
    for (rank, name) in book.sheet_names().into_iter().enumerate() {
        let range = book.worksheet_range(&name).map_err(refusal)?;
        let (top, left) = range.start().unwrap_or_default();
        let mut lines = Vec::new();
        for (row, column, cell) in range.used_cells() {
            let text = budget.fits(&text(cell))?.to_owned();
            if !text.is_empty() {
                budget.place(&mut lines, top as usize + row, left as usize + column, text)?;
            }
        }
        fill_down(&mut lines, merged.get(rank).into_iter().flatten().copied(), &mut budget)?;
        sheets.push(Sheet { name, lines });
    }
    Ok(sheets)
}

/// Gives the text of merged cells to each row that they stand in, as people see it: the network of
/// several places, written once. Not a name: rows without their own are more of the same place.
fn fill_down(
    lines: &mut [Line],
    merged: impl Iterator<Item = Merged>,
    budget: &mut Budget,
) -> Result<(), Refusal> {
    let is_name = |column: usize| {
        let titles = lines.iter().take(HEAD).filter_map(|line| line.cells.get(column));
        titles.into_iter().any(|title| recognise(title) == Some(Field::Name))
    };
    let merged: Vec<Merged> = merged.filter(|one| one.column < COLUMNS && !is_name(one.column)).collect();
    for Merged { column, first, last } in merged {
        let from = lines.partition_point(|line| line.number < first);
        let to = lines.partition_point(|line| line.number <= last);
        let Some([top, below @ ..]) =
            lines.get_mut(from..to).filter(|lines| lines.first().is_some_and(|line| line.number == first))
        else {
            continue;
        };
        let Some(text) = top.cells.get(column).filter(|text| !text.is_empty()) else { continue };
        for line in below {
            budget.seen += 1;
            budget.cells += (column + 1).saturating_sub(line.cells.len());
            if budget.seen > SEEN || budget.cells > CELLS {
                return Err(too_large("ses feuilles ont plus de deux millions de cellules"));
            }
            if line.cells.len() <= column {
                line.cells.resize(column + 1, String::new());
            }
            if line.cells[column].is_empty() {
                budget.fits(text)?.clone_into(&mut line.cells[column]);
            }
        }
    }
    Ok(())
}

/// What the sheets may still take.
#[derive(Debug, Default)]
struct Budget {
    seen: usize,
    cells: usize,
    text: usize,
}

impl Budget {
    fn fits<'a>(&mut self, text: &'a str) -> Result<&'a str, Refusal> {
        self.text = self.text.saturating_add(text.len());
        if self.text > TEXT { Err(too_large("ses textes dépassent 64 Mo")) } else { Ok(text) }
    }

    /// Puts a cell in its row. Cells come in order, row by row; one that comes again is
    /// written over.
    fn place(
        &mut self,
        lines: &mut Vec<Line>,
        row: usize,
        column: usize,
        text: String,
    ) -> Result<(), Refusal> {
        if column >= COLUMNS {
            return Err(too_large("une feuille a plus de 500 colonnes"));
        }
        let number = row + 1;
        if lines.last().is_none_or(|line| line.number != number) {
            if lines.last().is_some_and(|line| line.number > number) {
                return Err(damaged());
            }
            lines.push(Line { number, cells: Vec::new() });
        }
        let Some(line) = lines.last_mut() else { return Ok(()) };
        if line.cells.len() <= column {
            self.cells += column + 1 - line.cells.len();
            line.cells.resize(column + 1, String::new());
        }
        line.cells[column] = text;
        if self.cells > CELLS {
            return Err(too_large("ses feuilles ont plus de deux millions de cellules"));
        }
        Ok(())
    }
}

/// A cell as people see it: no decimals where there are none, dates year-month-day.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Int(number) => number.to_string(),
        // The shortest writing that reads back as the same number: never « 1000.0 ».
        Data::Float(number) => number.to_string(),
        Data::String(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(true) => "oui".to_owned(),
        Data::Bool(false) => "non".to_owned(),
        Data::DateTime(moment) => date(moment),
        Data::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        Data::Error(error) => error.to_string(),
    }
}

fn date(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
    if moment.is_duration() || (0.0..1.0).contains(&moment.as_f64()) {
        return format!("{hour:02}:{minute:02}");
    }
    if (hour, minute) == (0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
    }
}

/// The table of the sheet that looks most like a list of places, the first of equals.
fn choose(kind: Workbook, sheets: Vec<Sheet>) -> Result<Table, Refusal> {
    let score = |sheet: &Sheet| (recognised(&sheet.lines), sheet.lines.len().min(2));
    let best = sheets.iter().map(score).max().unwrap_or_default();
    let mut chosen: Option<Sheet> = None;
    let mut unread = Vec::new();
    for sheet in sheets {
        if chosen.is_none() && score(&sheet) == best {
            chosen = Some(sheet);
        } else if !sheet.lines.is_empty() {
            unread.push((tidy(&sheet.name), sheet.lines.len()));
        }
    }
    let Some(sheet) = chosen.filter(|sheet| !sheet.lines.is_empty()) else {
        return Err(Refusal::new("empty-file", "Le classeur est vide."));
    };
    let mut blank_rows = Vec::new();
    let mut next = 1;
    for line in &sheet.lines {
        blank_rows.extend(next..line.number);
        next = line.number + 1;
    }
    let widest = sheet.lines.iter().map(|line| line.cells.len()).max().unwrap_or_default();
    if widest.saturating_mul(sheet.lines.len()) > CELLS {
        return Err(too_large("sa feuille a plus de deux millions de cellules"));
    }
    let format = Format::Workbook { kind, sheet: sheet.name, unread };
    Ok(table(sheet.lines, blank_rows, format, Uneven::Fill))
}
