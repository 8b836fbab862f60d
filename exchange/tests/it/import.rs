//! Small invented files, one for each family of repairs and doubts, with what has to come
//! out of them. `SPRO_BLESS=1 cargo test -p spro-exchange --test it import` writes the expected
//! files again: read the difference before committing it.

use crate::reference;
use exchange::import::{Imported, Options, import};
use serde_json::{Value, json};
use shared::directory::Structure;
use std::fs;
use std::path::{Path, PathBuf};

const TODAY: &str = "2026-11-24";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn imported(file: &str) -> Imported {
    let bytes = fs::read(folder().join(file)).unwrap();
    let mut base = reference::shipped();
    base.structures.clear();
    let options = Options { file: file.into(), source: "un fichier".into(), ..Options::default() };
    import(&bytes, base, crate::communes(), &options, TODAY).unwrap()
}

/// What matters of an import, small enough to be read.
fn essence(imported: &Imported) -> Value {
    let report = &imported.report;
    let repaired: Vec<Value> = report
        .repaired
        .iter()
        .flat_map(|repairs| {
            repairs.list.iter().map(|one| json!([repairs.code, one.row, one.column, one.before, one.after]))
        })
        .collect();
    let findings: Vec<Value> = report
        .findings
        .iter()
        .flat_map(|group| {
            group.rows.iter().map(|one| json!([group.code, one.row, one.value, one.expected, one.repair]))
        })
        .collect();
    let structures: Vec<Value> = imported.directory.structures.iter().map(structure).collect();
    json!({
        "format": report.format,
        "encoding": report.encoding,
        "separator": report.separator,
        "counts": { "read": report.read, "kept": report.kept, "merged": report.merged, "refused": report.refused },
        "columns": report.columns.iter().map(|column| json!([column.title, column.field])).collect::<Vec<_>>(),
        "records": report.records.iter().map(|one| json!([one.row, one.outcome, one.id])).collect::<Vec<_>>(),
        "structures": structures,
        "repaired": repaired,
        "findings": findings,
    })
}

/// A structure without the fields that say nothing.
fn structure(structure: &Structure) -> Value {
    let Value::Object(fields) = serde_json::to_value(structure).unwrap() else { unreachable!() };
    let says = |value: &Value| {
        !value.is_null()
            && value.as_array().is_none_or(|items| !items.is_empty())
            && value.as_object().is_none_or(|fields| !fields.is_empty())
    };
    Value::Object(fields.into_iter().filter(|(name, value)| says(value) && name != "source").collect())
}

fn check(file: &str) {
    let imported = imported(file);
    let report = &imported.report;
    assert_eq!(report.read, report.kept + report.merged + report.refused, "{file}: a record is lost");
    assert_eq!(report.read, report.records.len(), "{file}: a record is not listed");
    let found = serde_json::to_string_pretty(&essence(&imported)).unwrap() + "\n";
    let path = folder().join(Path::new(file).with_extension("expected.json"));
    if std::env::var_os("SPRO_BLESS").is_some() {
        fs::write(&path, &found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    for (line, (found, expected)) in (1..).zip(found.lines().zip(expected.lines())) {
        assert_eq!(found, expected, "{}:{line}", path.display());
    }
    assert_eq!(found, expected, "{}", path.display());
}

#[test]
fn everything_certain_is_repaired() {
    check("repairs.csv");
}

#[test]
fn everything_doubtful_is_told() {
    check("doubts.csv");
}

#[test]
fn rows_that_cannot_be_read_are_refused_and_listed() {
    check("rows.csv");
}

#[test]
fn a_spreadsheet_saved_without_a_thought_is_read() {
    check("windows-1252.csv");
}

#[test]
fn features_are_read_like_rows() {
    check("features.geojson");
}

#[test]
fn ids_do_not_depend_on_the_order_of_rows() {
    let text = fs::read_to_string(folder().join("repairs.csv")).unwrap();
    let forwards = imported("repairs.csv");
    // The first record of the file has no quoted line break: it can move to the end.
    let mut lines: Vec<&str> = text.lines().collect();
    let first = lines.remove(1);
    let third = lines.remove(2);
    lines.push(first);
    lines.insert(1, third);
    let mut base = reference::shipped();
    base.structures.clear();
    let options = Options { file: "x".into(), source: "un fichier".into(), ..Options::default() };
    let moved =
        import((lines.join("\n") + "\n").as_bytes(), base, crate::communes(), &options, TODAY).unwrap();
    assert_eq!(moved.directory, forwards.directory);
}

#[test]
fn a_file_of_too_many_rows_is_refused_with_the_limit() {
    let text = format!("Nom;CP;Commune\n{}", "CIO;26000;Valence\n".repeat(1200));
    let options = Options { most_rows: Some(1000), ..Options::default() };
    let refused = import(text.as_bytes(), reference::shipped(), crate::communes(), &options, TODAY);
    let refusal = refused.unwrap_err();
    assert_eq!(refusal.code, "too-many-rows");
    assert!(refusal.message.contains("1 000 lignes"), "{refusal}");
}
