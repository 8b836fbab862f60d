//! What the program ships with: the communes of France and the directories of both editions.

use crate::failure::Failure;
use shared::directory::Directory;
use shared::geography::Geography;

const COMMUNES: &str = include_str!("../../shared/data/communes.tsv");
const FORMER_COMMUNES: &str = include_str!("../../shared/data/former-communes.tsv");
const EDITIONS: [(&str, &str); 2] = [
    ("2016", include_str!("../../shared/editions/2016.json")),
    ("2026", include_str!("../../shared/editions/2026.json")),
];
/// The edition that a new directory starts from.
pub const CURRENT_EDITION: &str = "2026";

/// Every commune of France, and the former ones.
pub fn geography() -> Result<Geography, Failure> {
    Geography::parse(COMMUNES, FORMER_COMMUNES, &|_| true).map_err(|error| {
        Failure::refused(
            "broken-reference",
            format!("La liste des communes du programme est abîmée : {error}."),
        )
    })
}

/// The ids of the editions that ship with the program, the oldest first.
pub fn editions() -> impl Iterator<Item = &'static str> {
    EDITIONS.iter().map(|(id, _)| *id)
}

/// The directory shipped with the program: that of [`CURRENT_EDITION`].
pub fn shipped() -> Result<Directory, Failure> {
    edition(CURRENT_EDITION)
}

/// The directory of one of [`editions`].
pub fn edition(id: &str) -> Result<Directory, Failure> {
    let (_, document) = EDITIONS.iter().find(|(edition, _)| *edition == id).ok_or_else(|| {
        let known: Vec<&str> = editions().collect();
        Failure::refused(
            "unknown-edition",
            format!("L’édition « {id} » n’existe pas. Il y a : {}.", known.join(", ")),
        )
    })?;
    Directory::from_json(document.as_bytes()).map_err(|finding| {
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
