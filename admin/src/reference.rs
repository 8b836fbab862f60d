//! What the program ships with: the communes of France and the directory of the edition.

use crate::failure::Failure;
use shared::directory::Directory;
use shared::geography::Geography;

const COMMUNES: &str = include_str!("../../shared/data/communes.tsv");
const FORMER_COMMUNES: &str = include_str!("../../shared/data/former-communes.tsv");
const SHIPPED: &str = include_str!("../../shared/editions/2026.json");

/// Every commune of France, and the former ones.
pub fn geography() -> Result<Geography, Failure> {
    Geography::parse(COMMUNES, FORMER_COMMUNES, &|_| true).map_err(|error| {
        Failure::refused(
            "broken-reference",
            format!("La liste des communes du programme est abîmée : {error}."),
        )
    })
}

/// The directory shipped with the program.
pub fn shipped() -> Result<Directory, Failure> {
    Directory::from_json(SHIPPED.as_bytes()).map_err(|finding| {
        Failure::refused(
            "broken-reference",
            format!("L’annuaire livré avec le programme est abîmé : {finding}."),
        )
    })
}

/// The JSON Schema of the directory document. Its committed copy is
/// `shared/editions/directory.schema.json`.
pub fn schema() -> String {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(Directory)).unwrap_or_default();
    text.push('\n');
    text
}
