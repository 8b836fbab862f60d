//! The workbook of `LibreOffice`: `OpenDocument` 1.3, the few parts of it that a table needs.
//!
//! <https://docs.oasis-open.org/office/OpenDocument/v1.3/os/part3-schema/>

use super::columns::{COLUMNS, Kind};
use super::xlsx::SHEET;
use super::{About, about};
use quick_xml::escape::escape;
use shared::directory::Directory;
use shared::geography::Geography;
use std::fmt::Write as _;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const MEDIA_TYPE: &str = super::Format::Ods.media_type();

const NAMESPACES: &str = r#"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0" xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" office:version="1.3""#;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

pub(super) fn write(directory: &Directory, geography: &Geography, today: &str) -> Vec<u8> {
    let parts = [
        ("content.xml", content(directory, geography)),
        ("meta.xml", meta(directory, today)),
        ("settings.xml", settings()),
        ("META-INF/manifest.xml", manifest()),
    ];
    pack(&parts).unwrap_or_default()
}

/// The archive. Its first part says what it is, and is not compressed (part 2, 3.3): that is
/// how programs recognise the file.
fn pack(parts: &[(&str, String)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // The same bytes whenever they are made.
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    archive.start_file("mimetype", options.compression_method(CompressionMethod::Stored))?;
    archive.write_all(MEDIA_TYPE.as_bytes())?;
    for (name, text) in parts {
        archive.start_file(*name, options.compression_method(CompressionMethod::Deflated))?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

fn content(directory: &Directory, geography: &Geography) -> String {
    let mut xml = format!("{HEAD}<office:document-content {NAMESPACES}><office:automatic-styles>");
    xml.push_str(
        r#"<number:text-style style:name="N1"><number:text-content/></number:text-style><style:style style:name="text" style:family="table-cell" style:data-style-name="N1"/><style:style style:name="heading" style:family="table-cell" style:data-style-name="N1"><style:text-properties fo:font-weight="bold"/></style:style>"#,
    );
    for (index, column) in COLUMNS.iter().enumerate() {
        let _ = write!(
            xml,
            r#"<style:style style:name="c{index}" style:family="table-column"><style:table-column-properties style:column-width="{}mm"/></style:style>"#,
            column.width * 2
        );
    }
    let _ = write!(
        xml,
        r#"</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="{SHEET}">"#
    );
    for (index, column) in COLUMNS.iter().enumerate() {
        let style = if column.kind == Kind::Text { " table:default-cell-style-name=\"text\"" } else { "" };
        let _ = write!(xml, r#"<table:table-column table:style-name="c{index}"{style}/>"#);
    }
    xml.push_str("<table:table-header-rows><table:table-row>");
    for column in COLUMNS {
        let _ = write!(
            xml,
            r#"<table:table-cell table:style-name="heading" office:value-type="string"><text:p>{}</text:p></table:table-cell>"#,
            escape(column.title)
        );
    }
    xml.push_str("</table:table-row></table:table-header-rows>");
    for place in &directory.structures {
        xml.push_str("<table:table-row>");
        for column in COLUMNS {
            let cell = (column.cell)(place, geography);
            match column.kind {
                _ if cell.is_empty() => xml.push_str("<table:table-cell/>"),
                Kind::Number => {
                    let _ = write!(
                        xml,
                        r#"<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>"#
                    );
                }
                // A string is never a formula here, whatever it begins with.
                Kind::Text => {
                    xml.push_str(r#"<table:table-cell office:value-type="string">"#);
                    for line in cell.split('\n') {
                        let _ = write!(xml, "<text:p>{}</text:p>", paragraph(line));
                    }
                    xml.push_str("</table:table-cell>");
                }
            }
        }
        xml.push_str("</table:table-row>");
    }
    xml.push_str("</table:table></office:spreadsheet></office:body></office:document-content>");
    xml
}

/// A line of a cell. Without the characters that XML cannot hold; a run of spaces has an
/// element of its own, because a reader makes one space of it.
fn paragraph(line: &str) -> String {
    let is_none = |letter: char| letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}');
    let line: String = line.chars().filter(|letter| !is_none(*letter)).collect();
    escape(&line).replace("  ", " <text:s/>")
}

fn meta(directory: &Directory, today: &str) -> String {
    let About { title, edition, description } = about(directory, today);
    let (title, edition, description) = (escape(&title), escape(&edition), escape(&description));
    format!(
        "{HEAD}<office:document-meta {NAMESPACES}><office:meta><dc:title>{title}</dc:title><dc:subject>{edition}</dc:subject><dc:description>{description}</dc:description><dc:date>{today}T00:00:00</dc:date></office:meta></office:document-meta>"
    )
}

/// The row of titles stays in view.
fn settings() -> String {
    let mut items = String::new();
    for (name, kind, value) in [
        ("VerticalSplitMode", "short", "2"),
        ("VerticalSplitPosition", "int", "1"),
        ("ActiveSplitRange", "short", "2"),
        ("PositionBottom", "int", "1"),
    ] {
        let _ = write!(
            items,
            r#"<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>"#
        );
    }
    format!(
        r#"{HEAD}<office:document-settings {NAMESPACES}><office:settings><config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views"><config:config-item-map-entry><config:config-item config:name="ViewId" config:type="string">view1</config:config-item><config:config-item-map-named config:name="Tables"><config:config-item-map-entry config:name="{SHEET}">{items}</config:config-item-map-entry></config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set></office:settings></office:document-settings>"#
    )
}

fn manifest() -> String {
    let entry = |path: &str, kind: &str| {
        format!(r#"<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>"#)
    };
    let mut xml = format!(
        r#"{HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">"#
    );
    xml.push_str(&entry("/", MEDIA_TYPE));
    for part in ["content.xml", "meta.xml", "settings.xml"] {
        xml.push_str(&entry(part, "text/xml"));
    }
    xml.push_str("</manifest:manifest>");
    xml
}
