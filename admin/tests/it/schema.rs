//! The committed JSON Schema says what the program says.

use std::path::Path;

#[test]
fn the_committed_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/editions/directory.schema.json");
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == admin::reference::schema(),
        "the schema has changed: cargo spro schema > shared/editions/directory.schema.json"
    );
}
