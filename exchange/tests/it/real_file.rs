//! The real file, exactly as an administrator had it, read in place: it is not ours to
//! copy. Where it is not there, each test says that it skips.

use crate::reference;
use exchange::import::typed::Communes;
use exchange::import::{Imported, Options, import};
use shared::directory::Directory;
use shared::geography::Geography;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const TODAY: &str = "2026-11-24";

fn read(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/domain").join(name);
    let bytes = fs::read(&path).ok();
    if bytes.is_none() {
        println!("skipped: {} is not there", path.display());
    }
    bytes
}

fn imported(bytes: &[u8], into: Directory, geography: &Geography) -> Imported {
    let options = Options {
        file: "carte".into(),
        source: "carte-spro-2022".into(),
        checked_on: Some("2022-05-25".into()),
        ..Options::default()
    };
    import(bytes, into, &Communes::new(geography), &options, TODAY).unwrap()
}

fn without_structures() -> Directory {
    let mut base = reference::shipped();
    base.structures.clear();
    base
}

#[test]
fn every_record_is_there_and_every_contact_is_looked_at() {
    let Some(bytes) = read("carte-spro-2022.csv") else { return };
    let geography = reference::geography();
    let Imported { directory, report } = imported(&bytes, without_structures(), geography);
    assert_eq!((report.read, report.kept, report.merged, report.refused), (296, 296, 0, 0));
    assert_eq!(report.records.len(), 296);
    assert_eq!(directory.structures.len(), 296);
    assert_eq!(report.repaired_count("postcode-leading-zero"), 57);
    assert_eq!(report.repaired_count("phone-second-number"), 3);
    assert_eq!(report.repaired_count("phone-stray-character"), 1);
    assert_eq!(report.repaired_count("email-stray-character"), 6);
    for code in
        ["phone-unreadable", "email-unreadable", "postcode-unreadable", "position-unreadable", "row-refused"]
    {
        assert_eq!(report.finding_count(code), 0, "{code}");
    }
    for structure in &directory.structures {
        assert_eq!(structure.phones.len().min(1), 1, "{} has no phone", structure.id);
        assert_eq!(structure.emails.len(), 1, "{} has no e-mail", structure.id);
        assert_eq!(structure.address.postcode.len(), 5, "{}", structure.id);
        assert!(structure.address.postcode.starts_with(&structure.commune[..2]), "{}", structure.id);
    }
    // The two positions that are some twenty kilometres off.
    let unplaced = directory.structures.iter().filter(|structure| structure.position.is_none()).count();
    assert_eq!((unplaced, report.finding_count("position-far")), (2, 2));
}

#[test]
fn networks_names_and_ids_are_right() {
    let Some(bytes) = read("carte-spro-2022.csv") else { return };
    let geography = reference::geography();
    let Imported { directory, report } = imported(&bytes, without_structures(), geography);
    let networks: Vec<(&str, usize)> =
        report.networks.iter().map(|(id, count)| (id.as_str(), *count)).collect();
    assert_eq!(
        networks,
        [
            ("agence-orientation", 2),
            ("autre-partenaire", 12),
            ("cap-emploi", 11),
            ("cci", 12),
            ("chambre-agriculture", 3),
            ("cidff", 5),
            ("cio", 47),
            ("cite-des-metiers", 1),
            ("cma", 12),
            ("info-jeunes", 112),
            ("maison-emploi", 2),
            ("mife", 8),
            ("mission-locale", 61),
            ("scuio", 7),
            ("sio-enseignement-catholique", 1),
        ]
    );
    assert_eq!(report.finding_count("network-unknown"), 12, "each of the others is told");
    let names: BTreeSet<(&str, &str)> =
        directory.structures.iter().map(|place| (place.commune.as_str(), place.name.as_str())).collect();
    assert_eq!(names.len(), 296, "no two places of a commune have one name");
    for structure in &directory.structures {
        let shouted = structure.name.split([' ', '-', '’', '(', ')']).filter(|word| word.chars().count() > 8);
        for word in shouted {
            assert!(word.chars().any(char::is_lowercase), "{} is still in capitals", structure.name);
        }
    }
    let declared: Vec<&str> = directory
        .structures
        .iter()
        .filter(|structure| structure.competence.is_some())
        .map(|structure| structure.network.as_str())
        .collect();
    assert_eq!(declared, ["cap-emploi"; 10], "only what the name says with certainty");
}

#[test]
fn both_formats_give_one_directory() {
    let (Some(csv), Some(geojson)) = (read("carte-spro-2022.csv"), read("carte-spro-2022.geojson")) else {
        return;
    };
    let geography = reference::geography();
    let base = reference::shipped();
    let from_csv = imported(&csv, base.clone(), geography);
    let from_geojson = imported(&geojson, base, geography);
    assert_eq!(from_geojson.report.read, 296);
    assert_eq!(from_geojson.report.repaired_count("postcode-leading-zero"), 57);
    assert_eq!(from_csv.directory, from_geojson.directory);
}

/// The cells of the real file.
fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(bytes);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Everything but the name of what it was read as.
fn told(imported: &Imported) -> serde_json::Value {
    let mut report = serde_json::to_value(&imported.report).unwrap();
    for read_as in ["format", "encoding", "separator", "sheet"] {
        report.as_object_mut().unwrap().remove(read_as);
    }
    report
}

#[test]
fn however_it_was_saved_it_is_one_directory() {
    let Some(csv) = read("carte-spro-2022.csv") else { return };
    let geography = reference::geography();
    let from_csv = imported(&csv, without_structures(), geography);
    let cells = cells(csv.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&csv));

    let written = |separator: u8| {
        let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
        for row in &cells {
            writer.write_record(row).unwrap();
        }
        String::from_utf8(writer.into_inner().unwrap()).unwrap()
    };
    for separator in [b',', b'\t', b'|'] {
        let saved = imported(written(separator).as_bytes(), without_structures(), geography);
        assert_eq!(saved.report.separator, Some(char::from(separator)));
        assert_eq!(told(&saved), told(&from_csv));
    }
    let text = written(b';');
    let (windows, _, is_unmappable) = encoding_rs::WINDOWS_1252.encode(&text);
    assert!(!is_unmappable, "the file has a letter that Windows-1252 lacks");
    let saved = imported(&windows, without_structures(), geography);
    assert_eq!((saved.report.encoding, saved.report.separator), (Some("Windows-1252"), Some(';')));
    assert_eq!(saved.directory, from_csv.directory);
    assert_eq!(told(&saved), told(&from_csv), "and the same is told");

    // As text, and as a spreadsheet program takes it: numbers wherever it can.
    for as_numbers in [false, true] {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (row, line) in (0..).zip(&cells) {
            for (column, cell) in (0..).zip(line) {
                match cell.parse::<f64>() {
                    Ok(number) if as_numbers => sheet.write(row, column, number).unwrap(),
                    _ => sheet.write(row, column, cell).unwrap(),
                };
            }
        }
        let saved = imported(&book.save_to_buffer().unwrap(), without_structures(), geography);
        let report = &saved.report;
        assert_eq!((report.format, report.read, report.kept, report.refused), ("xlsx", 296, 296, 0));
        assert_eq!(report.repaired_count("postcode-leading-zero"), 57);
        assert_eq!(saved.directory, from_csv.directory);
    }
}

#[test]
fn importing_twice_changes_nothing() {
    let Some(bytes) = read("carte-spro-2022.csv") else { return };
    let geography = reference::geography();
    for base in [without_structures(), reference::shipped()] {
        let first = imported(&bytes, base, geography);
        let second = imported(&bytes, first.directory.clone(), geography);
        assert_eq!((second.report.kept, second.report.merged, second.report.refused), (0, 296, 0));
        let changed: Vec<_> =
            second.report.records.iter().filter(|record| !record.fields.is_empty()).collect();
        assert!(changed.is_empty(), "{changed:?}");
        assert_eq!(second.directory, first.directory);
    }
}

#[test]
fn what_comes_out_can_be_published() {
    let Some(bytes) = read("carte-spro-2022.csv") else { return };
    let geography = reference::geography();
    let base = reference::shipped();
    let own = base.structures.len();
    let before: BTreeSet<_> = doubts(base.clone()).into_iter().collect();
    let Imported { directory, report } = imported(&bytes, base, geography);
    assert_eq!(report.kept + report.merged, 296);
    assert!(report.merged > 150, "most of them ship already: {} are new", report.kept);
    assert_eq!(directory.structures.len(), own + report.kept, "the shipped places are all there");
    let again = Directory::from_json(directory.to_json().as_bytes()).unwrap();
    assert_eq!(again, directory, "written and read again, it is the same");
    let new: Vec<_> = doubts(directory).into_iter().filter(|doubt| !before.contains(doubt)).collect();
    assert!(new.is_empty(), "{new:?}");
}

/// The warnings about places, each with the place that it is about.
fn doubts(directory: Directory) -> Vec<(String, &'static str, String)> {
    let ids: Vec<_> = directory.structures.iter().map(|place| place.id.clone()).collect();
    let valid = shared::validate::validate(directory, reference::geography(), TODAY).unwrap();
    let of_a_place = |path: &str| {
        let index = path.strip_prefix("structures[")?.split_once(']')?.0;
        Some(ids[index.parse::<usize>().unwrap()].clone())
    };
    let warnings = valid.warnings().iter();
    warnings.filter_map(|it| Some((of_a_place(&it.path)?, it.code, it.value.clone()))).collect()
}
