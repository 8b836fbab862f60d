//! Workbooks: what people see in their cells is what is read, and what cannot be a list of
//! places is refused before it takes the memory.

use crate::reference;
use exchange::import::{Imported, Options, import};
use exchange::refusal::Refusal;
use rust_xlsxwriter::{Format, Formula, Workbook};
use std::io::{Cursor, Read as _, Write};
use zip::write::SimpleFileOptions;

const TODAY: &str = "2026-11-24";

fn read(bytes: &[u8]) -> Result<Imported, Refusal> {
    let mut base = reference::shipped();
    base.structures.clear();
    let options = Options { file: "classeur".into(), source: "classeur".into(), ..Options::default() };
    import(bytes, base, crate::communes(), &options, TODAY)
}

fn refused(bytes: &[u8]) -> Refusal {
    read(bytes).expect_err("it was not refused")
}

/// A sheet as people make it: a title above, a blank row, numbers that are postcodes, a
/// date, a formula without a result, and another sheet.
fn xlsx() -> Vec<u8> {
    let mut book = Workbook::new();
    let notes = book.add_worksheet();
    notes.set_name("Notes").unwrap();
    notes.write(0, 0, "Tableau tenu par Camille").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("Lieux").unwrap();
    sheet.write(0, 0, "Lieux d’accueil").unwrap();
    for (column, title) in (0..).zip(["NOM", "CP", "COMMUNE", "TEL", "SITE", "MAJ"]) {
        sheet.write(2, column, title).unwrap();
    }
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let zeros = Format::new().set_num_format("00000");
    sheet.write(3, 0, "Mission locale des Érables").unwrap();
    sheet.write(3, 1, 26000).unwrap();
    sheet.write(3, 2, "Valence").unwrap();
    sheet.write(3, 3, 475_000_001).unwrap();
    sheet.write_formula(3, 4, Formula::new("=NA()").set_result("#N/A")).unwrap();
    sheet.write_with_format(3, 5, 46_000, &date).unwrap();
    sheet.write(5, 0, "CIO des Tilleuls").unwrap();
    sheet.write_with_format(5, 1, 1000, &zeros).unwrap();
    sheet.write(5, 2, "Bourg-en-Bresse").unwrap();
    sheet.write(5, 3, "04 74 00 00 01").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_sheet_is_read_as_people_see_it() {
    let Imported { directory, report } = read(&xlsx()).unwrap();
    assert_eq!((report.format, report.sheet.as_deref()), ("xlsx", Some("Lieux")));
    assert_eq!((report.read, report.kept), (2, 2));
    let rows: Vec<usize> = report.records.iter().map(|record| record.row).collect();
    assert_eq!(rows, [4, 6], "numbered as the sheet shows them");
    let place = |name: &str| directory.structures.iter().find(|place| place.name == name).unwrap();
    let valence = place("Mission locale des Érables");
    assert_eq!(valence.address.postcode, "26000", "no decimals");
    assert_eq!(valence.phones, ["04 75 00 00 01"]);
    assert_eq!(valence.checked_on.as_deref(), Some("2025-12-09"), "a date, not a count of days");
    assert_eq!(valence.website, None, "the error of a formula is not a text");
    assert_eq!(place("CIO des Tilleuls").address.postcode, "01000", "its format shows the zero");
    assert_eq!(report.repaired_count("postcode-leading-zero"), 0);
    assert_eq!(report.finding_count("formula-error"), 1);
    assert_eq!(report.finding_count("blank-row"), 1);
    assert_eq!(report.finding_count("above-header"), 1);
    let unread = &report.findings.iter().find(|group| group.code == "sheet-not-read").unwrap().rows[0];
    assert_eq!((unread.row, unread.value.as_str()), (0, "Notes"), "a sheet is never left out silently");
}

/// The network of two places in one cell, their postcode too; a name that goes over two rows is of one.
#[test]
fn merged_cells_say_the_same_of_each_row() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let format = Format::new();
    sheet.merge_range(0, 0, 0, 4, "Lieux d’accueil", &format).unwrap();
    for (column, title) in (0..).zip(["Réseau", "Nom", "Voie", "CP", "Commune", "Tél"]) {
        sheet.write(1, column, title).unwrap();
    }
    sheet.merge_range(2, 0, 3, 0, "Mission locale", &format).unwrap();
    sheet.merge_range(4, 1, 5, 1, "Antenne du Lac", &format).unwrap();
    let rows = [("Antenne A", "1 rue A"), ("Antenne B", "2 rue B"), ("", "3 rue C"), ("", "Bâtiment D")];
    for (row, (name, street)) in (2..).zip(rows) {
        sheet.write(row, 2, street).unwrap();
        if !name.is_empty() {
            sheet.write(row, 1, name).unwrap();
        }
    }
    sheet.merge_range(2, 3, 5, 3, "26400", &format).unwrap();
    sheet.merge_range(2, 4, 5, 4, "Crest", &format).unwrap();
    sheet.merge_range(2, 5, 3, 5, "04 75 00 00 01", &format).unwrap();
    let check = |imported: &Imported| {
        let report = &imported.report;
        assert_eq!((report.read, report.kept, report.refused), (4, 3, 1), "{:?}", report.records);
        let of_network: Vec<&str> = imported
            .directory
            .structures
            .iter()
            .filter(|place| place.network == "mission-locale")
            .map(|place| place.address.lines[0].as_str())
            .collect();
        assert_eq!(of_network, ["1 rue A", "2 rue B"]);
        assert!(imported.directory.structures.iter().all(|place| place.commune == "26108"));
        assert!(report.records[3].reason.as_deref().is_some_and(|reason| reason.contains("nom")));
    };
    check(&read(&book.save_to_buffer().unwrap()).unwrap());

    let spanned = |text: &str, rows: usize| {
        text_cell(text).replacen(
            "<table:table-cell",
            &format!("<table:table-cell table:number-rows-spanned=\"{rows}\""),
            1,
        )
    };
    let covered = || "<table:covered-table-cell/>".to_owned();
    let table = [
        row(&["Réseau", "Nom", "Voie", "CP", "Commune", "Tél"].map(text_cell)),
        row(&[
            spanned("Mission locale", 2),
            text_cell("Antenne A"),
            text_cell("1 rue A"),
            spanned("26400", 4),
            spanned("Crest", 4),
            spanned("04 75 00 00 01", 2),
        ]),
        row(&[covered(), text_cell("Antenne B"), text_cell("2 rue B"), covered(), covered(), covered()]),
        row(&[text_cell(""), spanned("Antenne du Lac", 2), text_cell("3 rue C"), covered(), covered()]),
        row(&[text_cell(""), covered(), text_cell("Bâtiment D"), covered(), covered()]),
    ];
    check(&read(&ods(&table.concat())).unwrap());
}

/// An ODS with this table in it.
fn ods(table: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="Feuille1">{table}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        ("content.xml", &content),
    ])
}

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn text_cell(text: &str) -> String {
    format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#)
}

fn row(cells: &[String]) -> String {
    format!("<table:table-row>{}</table:table-row>", cells.concat())
}

#[test]
fn an_open_document_is_read_as_people_see_it() {
    let titles = ["NOM", "CP", "COMMUNE", "MAJ"].map(text_cell);
    let number = r#"<table:table-cell office:value-type="float" office:value="1000"><text:p>1000</text:p></table:table-cell>"#;
    let date = r#"<table:table-cell office:value-type="date" office:date-value="2026-01-31"><text:p>31/01/26</text:p></table:table-cell>"#;
    let place = [text_cell("CIO des Tilleuls"), number.into(), text_cell("Bourg-en-Bresse"), date.into()];
    let empty = r#"<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>"#;
    let end = r#"<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
    let other = [text_cell("Mission locale des Érables"), text_cell("26000"), text_cell("Valence")];
    let table = [&row(&titles), &row(&place), empty, &row(&other), end].concat();
    let Imported { directory, report } = read(&ods(&table)).unwrap();
    assert_eq!((report.format, report.read, report.kept), ("ods", 2, 2));
    let rows: Vec<usize> = report.records.iter().map(|record| record.row).collect();
    assert_eq!(rows, [2, 5]);
    let place = directory.structures.iter().find(|place| place.network == "cio").unwrap();
    assert_eq!((place.address.postcode.as_str(), place.checked_on.as_deref()), ("01000", Some("2026-01-31")));
    assert_eq!(report.repaired_count("postcode-leading-zero"), 1);
    assert_eq!(report.finding_count("blank-row"), 2);
}

#[test]
fn a_sheet_that_unfolds_to_billions_of_cells_is_refused() {
    let cell = r#"<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="400"/>"#;
    let rows = format!(r#"<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>"#);
    assert_eq!(refused(&ods(&rows)).code, "workbook-too-large");
    let wide = cell.replace("400", "16384");
    assert_eq!(
        refused(&ods(&format!("<table:table-row>{wide}</table:table-row>"))).code,
        "workbook-too-large"
    );

    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "NOM").unwrap();
    sheet.write(1_048_575, 16_383, "x").unwrap();
    assert_eq!(refused(&book.save_to_buffer().unwrap()).code, "workbook-too-large");
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused_with_the_limit() {
    let zeros = "0".repeat(101 * 1024 * 1024);
    let bytes = archive(&[("xl/workbook.xml", &zeros)]);
    assert!(bytes.len() < 200_000, "it looks harmless");
    let refusal = refused(&bytes);
    assert_eq!(refusal.code, "workbook-too-large");
    assert!(refusal.message.contains("100 Mo"), "{refusal}");
}

/// Each ended the program before: what is announced is looked at first.
#[test]
fn what_no_program_can_have_written_is_refused_with_its_cell() {
    let lies = [
        ("xl/worksheets/sheet1.xml", r#"<c r="A1""#, r#"<c r="A99999999999""#),
        ("xl/worksheets/sheet1.xml", r#"<c r="A1""#, r#"<c r="ZZZZZZZZZZZZ1""#),
        ("xl/worksheets/sheet1.xml", r#"<row r="1""#, r#"<row r="4294967295""#),
        ("xl/worksheets/sheet1.xml", "<dimension ref=\"", "<dimension ref=\"C9:A1\" was=\""),
        (
            "xl/worksheets/sheet1.xml",
            "<sheetData>",
            r#"<mergeCells><mergeCell ref="B2:A4294967296"/></mergeCells><sheetData>"#,
        ),
        ("xl/sharedStrings.xml", "uniqueCount=\"", "uniqueCount=\"4294967295\" was=\""),
    ];
    for (part, honest, lie) in lies {
        let refusal = refused(&with(&xlsx(), part, &|text| {
            assert!(text.contains(honest), "{honest}: {text}");
            text.replacen(honest, lie, 1)
        }));
        assert_eq!(refusal.code, "damaged-workbook", "{lie}");
        assert!(refusal.message.contains(part), "{lie}: {refusal}");
    }
}

#[test]
fn a_workbook_of_a_hundred_thousand_sheets_is_refused() {
    let many = with(&xlsx(), "xl/workbook.xml", &|text| {
        let sheet = text.split("<sheet ").nth(1).unwrap().split("/>").next().unwrap();
        text.replacen("</sheets>", &format!("{}</sheets>", format!("<sheet {sheet}/>").repeat(100_000)), 1)
    });
    assert_eq!(refused(&many).code, "workbook-too-large");
}

/// A workbook with another text in one part.
fn with(workbook: &[u8], changed: &str, change: &dyn Fn(&str) -> String) -> Vec<u8> {
    let mut whole = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let parts: Vec<(String, String)> = (0..whole.len())
        .map(|index| {
            let mut part = whole.by_index(index).unwrap();
            let name = part.name().unwrap().into_owned();
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            let text = if name == changed { change(&text) } else { text };
            (name, text)
        })
        .collect();
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    archive(&parts)
}

#[test]
fn what_cannot_be_read_is_refused_by_its_name() {
    assert_eq!(refused(&archive(&[("lisez-moi.txt", "x")])).code, "not-a-table");
    let numbers = refused(&archive(&[("Index/Document.iwa", "x"), ("preview.jpg", "x")]));
    assert!(numbers.message.contains("Numbers") && numbers.advice.unwrap().contains("Exporter vers → Excel"));
    assert!(refused(&archive(&[("word/document.xml", "x")])).message.contains("Word"));
    assert_eq!(refused(&archive(&[("xl/workbook.bin", "x")])).code, "old-workbook");
    assert_eq!(refused(&archive(&[("xl/workbook.xml", "<workbook")])).code, "damaged-workbook");
    let whole = xlsx();
    assert_eq!(refused(&whole[..whole.len() - 30]).code, "damaged-workbook");
    let mut protected = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    protected.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(&protected).code, "protected-workbook");
    let manifest = "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let protected = archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", "<office:document-content/>"),
    ]);
    assert_eq!(refused(&protected).code, "protected-workbook");
    assert_eq!(refused(&Workbook::new().save_to_buffer().unwrap()).code, "empty-file");
}
