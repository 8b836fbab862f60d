//! Many people at once: a line of JSON for each, as `POST /v1/recommendations` takes them.

use crate::failure::{Failure, Kind};
use crate::files;
use shared::said::Asked;
use std::io::Read;
use std::path::Path;

/// Somebody, and the number of their line.
pub(super) type Person = (usize, Asked);

/// Reads everybody; `-` is standard input. An empty line is nobody.
pub(super) fn read(file: &Path) -> Result<Vec<Person>, Failure> {
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map_err(|error| {
            Failure::refused("unreadable-file", format!("L’entrée standard ne peut pas être lue ({error})."))
        })?;
        bytes
    } else {
        files::read(file)?
    };
    bytes
        .split(|byte| *byte == b'\n')
        .enumerate()
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(index, line)| match serde_json::from_slice(line) {
            Ok(asked) => Ok((index + 1, asked)),
            Err(_) => Err(of_line(index + 1, malformed())),
        })
        .collect()
}

fn malformed() -> Failure {
    Failure::refused("batch-line", "ce n’est pas une personne écrite en JSON, sur une ligne.")
        .advising(r#"Par exemple : {"commune": "26281", "answers": {"situation": "young", "goal": "job"}}"#)
}

/// The answers, one after the other; all of them, or the failure of the first line that has none.
pub(super) fn answer(
    people: Vec<Person>,
    answer: impl Fn(Asked) -> Result<String, Failure>,
) -> Result<String, Failure> {
    people
        .into_iter()
        .map(|(number, asked)| answer(asked).map_err(|failure| of_line(number, failure)))
        .collect()
}

/// The same failure, of a line: the command was written right, the file was not.
fn of_line(number: usize, failure: Failure) -> Failure {
    let message = format!("Ligne {number} : {}", failure.message);
    Failure { kind: Kind::Refused, message, ..failure }
}
