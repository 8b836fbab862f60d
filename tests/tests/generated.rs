//! What a program wrote and the repository keeps must be what it would write today.

use spro_tests::paths;
use std::fs;

#[test]
fn the_schema_of_the_document_is_of_today() {
    let path = paths::root().join("shared/editions/directory.schema.json");
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == admin::reference::schema(),
        "run `cargo spro schema > shared/editions/directory.schema.json`"
    );
}
