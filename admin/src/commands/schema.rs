//! `schema`: the JSON Schema of the directory document.

use crate::output::Outcome;

pub(crate) fn run() -> Outcome {
    let text = crate::reference::schema();
    Outcome { json: serde_json::from_str(&text).unwrap_or_default(), text, refused: false }
}
