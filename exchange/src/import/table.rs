//! Reading a file as rows of cells, whatever it is: CSV in any usual encoding and
//! separator, a workbook (XLSX, ODS), or JSON.

use super::given::Given;
use super::{encoding, foreign, workbook};
use crate::refusal::Refusal;

/// How many columns a table may have: ten times those of the widest list of places seen.
pub(super) const COLUMNS: usize = 500;

/// What a file was read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Format {
    /// A table in text.
    Csv {
        /// The encoding, by its usual name.
        encoding: &'static str,
        /// What separates cells.
        separator: char,
    },
    /// Objects, one a record.
    Json,
    /// A collection of features.
    GeoJson,
    /// The structures of data·inclusion.
    Inclusion {
        /// Whether they are written as before version 1.
        is_older: bool,
        /// The fields that were not read.
        unread: Vec<String>,
    },
    /// The counters of the DILA.
    Dila,
    /// One sheet of a workbook.
    Workbook {
        /// What kind.
        kind: Workbook,
        /// The sheet's name.
        sheet: String,
        /// The sheets that were not read, and how many rows they have.
        unread: Vec<(String, usize)>,
    },
}

/// A kind of workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Workbook {
    /// Office Open XML.
    Xlsx,
    /// `OpenDocument`.
    Ods,
}

/// One record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    /// Its number: as a spreadsheet program shows it (titles are row 1), or the feature's
    /// rank from 1.
    pub(crate) number: usize,
    /// As many cells as there are titles.
    pub(crate) cells: Vec<String>,
    /// Latitude and longitude of the feature's geometry.
    pub(crate) point: Option<(f64, f64)>,
    /// Why the row cannot be read, where it cannot.
    pub(crate) fault: Option<String>,
    /// What the file says of it beside its cells.
    pub(crate) given: Option<Box<Given>>,
}

impl Row {
    /// Whether [`crate::export`] wrote it.
    pub(super) fn is_own(&self) -> bool {
        self.given.as_ref().is_some_and(|given| given.is_own)
    }
}

/// A file read as a table.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// What it was read as.
    pub(crate) format: Format,
    /// The columns' titles.
    pub(crate) titles: Vec<String>,
    /// The records.
    pub(crate) rows: Vec<Row>,
    /// Numbers of the blank rows.
    pub(crate) blank_rows: Vec<usize>,
    /// Rows above the titles, with what they say.
    pub(crate) above_titles: Vec<(usize, String)>,
}

impl Table {
    /// Reads a file's bytes, of so many rows at most.
    pub(crate) fn read(bytes: &[u8], most: usize) -> Result<Self, Refusal> {
        foreign::refuse_bytes(bytes)?;
        let table = if workbook::is_archive(bytes) {
            workbook::read(bytes)?
        } else {
            let (text, encoding) = encoding::decode(bytes)?;
            foreign::refuse_text(&text)?;
            if text.trim_start().starts_with(['{', '[']) {
                super::json::read(&text)?
            } else {
                super::delimited::read(&text, encoding, most)?
            }
        };
        if table.titles.len() > COLUMNS {
            return Err(too_wide());
        }
        if table.rows.len() > most {
            return Err(too_long(most));
        }
        if table.rows.is_empty() {
            return Err(Refusal::new(
                "no-row",
                "Le fichier a des titres de colonnes mais aucune ligne de données.",
            )
            .advising("Vérifiez que vous avez exporté la bonne feuille."));
        }
        Ok(table)
    }
}

/// Why a table with too many rows is not read.
pub(super) fn too_long(most: usize) -> Refusal {
    Refusal::new("too-many-rows", format!("Ce fichier a plus de {} lignes.", grouped(most)))
        .advising("Découpez-le, par exemple un fichier par département, ou gardez seulement les lieux de la région. La ligne de commande (spro import) lit de plus grands fichiers que les pages d’administration.")
}

/// A number as people write it, by thousands.
fn grouped(number: usize) -> String {
    if number < 1000 { number.to_string() } else { format!("{} {:03}", number / 1000, number % 1000) }
}

/// Why a table with too many columns is not read.
pub(super) fn too_wide() -> Refusal {
    Refusal::new("too-many-columns", format!("Le tableau a plus de {COLUMNS} colonnes.")).advising(
        "Gardez seulement les colonnes des lieux : une ligne par lieu, une colonne par information.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::ROWS;

    fn read(text: &str) -> Table {
        Table::read(text.as_bytes(), ROWS).unwrap()
    }

    fn refused(bytes: &[u8], code: &str) {
        assert_eq!(Table::read(bytes, ROWS).unwrap_err().code, code);
    }

    #[test]
    fn quoted_line_breaks_do_not_shift_row_numbers() {
        let table = read("NOM;CP\r\n\"A\nB\";26000\r\n\r\nC;38000\r\n");
        let numbers: Vec<usize> = table.rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [2, 4]);
        assert_eq!(table.blank_rows, [3]);
        assert_eq!(table.rows[0].cells, ["A\nB", "26000"]);
    }

    #[test]
    fn separators_and_encodings_are_guessed() {
        for (text, separator) in [
            ("NOM;CP\na;1\n", ';'),
            ("NOM,CP\na;b,1\n", ','),
            ("NOM\tCP\na\t1\n", '\t'),
            ("NOM|CP\na|1", '|'),
        ] {
            let Format::Csv { separator: found, .. } = read(text).format else { panic!("not a CSV") };
            assert_eq!(found, separator, "{text:?}");
        }
        for (bytes, name) in [
            (&b"NOM;CP\nCit\xe9;1\n"[..], "Windows-1252"),
            ("NOM;CP\nCité;1\n".as_bytes(), "UTF-8"),
            ("\u{feff}NOM;CP\nCité;1\n".as_bytes(), "UTF-8"),
            (b"\xff\xfeN\0O\0M\0;\0C\0P\0\n\0C\0i\0t\0\xe9\0;\x001\0", "UTF-16LE"),
        ] {
            let table = Table::read(bytes, ROWS).unwrap();
            assert_eq!(table.rows[0].cells, ["Cité", "1"], "{name}");
            let Format::Csv { encoding, .. } = table.format else { panic!("not a CSV") };
            assert_eq!(encoding, name);
        }
    }

    #[test]
    fn lines_may_end_as_on_any_machine() {
        for end in ["\n", "\r\n", "\r"] {
            let table = read(&["NOM;CP", "a;26000", "\"b", "c\";38000", ""].join(end));
            let numbers: Vec<usize> = table.rows.iter().map(|row| row.number).collect();
            assert_eq!(numbers, [2, 3], "{end:?}");
            assert_eq!(table.rows[1].cells[1], "38000", "{end:?}");
        }
    }

    #[test]
    fn a_table_of_columns_without_end_is_refused() {
        let titles: Vec<String> = (0..600).map(|n| format!("c{n}")).collect();
        refused(titles.join(";").as_bytes(), "too-many-columns");
        let feature = |n: u32| format!(r#"{{"type":"Feature","geometry":null,"properties":{{"p{n}":1}}}}"#);
        let features = (0..600).map(feature).collect::<Vec<_>>().join(",");
        let collection = format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#);
        refused(collection.as_bytes(), "too-many-columns");
    }

    #[test]
    fn rows_that_do_not_fit_are_kept_with_their_fault() {
        let table = read("NOM;CP\na\nb;1;x\nc;1;;\n\n\n");
        let faults: Vec<bool> = table.rows.iter().map(|row| row.fault.is_some()).collect();
        assert_eq!(faults, [true, true, false], "empty cells at the end are no fault");
        assert!(table.blank_rows.is_empty(), "nor are blank lines at the end");
    }

    #[test]
    fn lines_above_the_titles_are_told() {
        let table = read("Export du 24 novembre;\n;\nNOM;CP\na;26000\n");
        assert_eq!(table.above_titles, [(1, "Export du 24 novembre".to_owned())]);
        assert_eq!(table.rows[0].number, 4);
    }

    #[test]
    fn numbers_and_nulls_of_geojson_read_as_cells() {
        let table = read(
            r#"{"type": "FeatureCollection", "features": [{"type": "Feature",
            "properties": {"NOM": "A", "CP": 1000.0, "TEL": null, "latitude": 46.25},
            "geometry": {"type": "Point", "coordinates": [5.25, 46.25]}}]}"#,
        );
        let row = &table.rows[0];
        let of = |title: &str| &row.cells[table.titles.iter().position(|other| other == title).unwrap()];
        assert_eq!((of("CP").as_str(), of("TEL").as_str(), of("latitude").as_str()), ("1000", "", "46.25"));
        assert_eq!(row.point, Some((46.25, 5.25)));
    }

    #[test]
    fn what_is_not_a_table_is_refused_by_its_name() {
        refused(b"", "empty-file");
        refused(b" \n", "empty-file");
        refused(b"NOM;CP\n", "no-row");
        refused(b"PK\x03\x04rest", "damaged-workbook");
        refused(b"\xd0\xcf\x11\xe0rest", "old-workbook");
        refused(b"%PDF-1.7", "not-a-table");
        refused(b"NOM;CP\na\0b;1\n", "binary-file");
        refused(b"\x7fELF\x02\x01\x01", "binary-file");
        refused(b"{\"format\": 1}", "unknown-json");
        refused(b"{\"type\": \"FeatureCollection\", \"features\": [", "damaged-json");
        refused(b"{\"type\": \"FeatureCollection\"}", "not-geojson");
        refused(b"{\"type\": \"FeatureCollection\", \"features\": []}", "no-row");
        refused(b"NOM;CP\n\"a;1\nb;2\nc;3\n", "unclosed-quote");
    }
}
