//! The directories that ship: each edition made of what is national and of the file of its region,
//! the places of `shared/data/places` imported, with the communes that they are there for, and the table of what they cover, `docs/places.md`.

use crate::tool;
use spro_tests::{Failure, paths};
use std::fs;
use std::process::Command;

/// What the importer calls the file in `Structure::references`: the same name finds the same places
/// again.
const SOURCE: &str = "places-ara";

/// Which records of the file are one place, and what of the second one is taken.
const DECISIONS: &str = "decisions.json";

/// The communes that a place is there for, where its department is not the answer.
const COMPETENCE: &str = "departement-du-rhone.csv";

/// The regions of the editions that ship.
const EDITIONS: [(&str, &str); 2] = [("2016", "82"), ("2026", "84")];

/// Makes the editions of their sources, keeping their places; then imports the places with the
/// command line of administrators, and puts them into the edition as it is written.
pub(crate) fn directory() -> Result<(), Failure> {
    let editions = paths::root().join("shared/editions");
    for (edition, region) in EDITIONS {
        let made = editions.join(format!("{edition}.json"));
        let mut cargo = spro("compose");
        cargo.arg(editions.join(edition).join(format!("{region}.json")));
        cargo.arg("--national").arg(editions.join(edition).join("national.json"));
        cargo.arg("--into").arg(&made).arg("--out").arg(&made).arg("--force");
        tool::hand_over(cargo, "mend what it says above, in shared/editions")?;
    }
    let edition = paths::shipped_directory();
    let imported = paths::root().join("target/spro/directory.json");
    fs::create_dir_all(paths::root().join("target/spro"))
        .map_err(|error| Failure::new(format!("target/spro: {error}")))?;
    let places = paths::root().join("shared/data/places");
    let mut cargo = spro("import");
    cargo.arg(places.join("places-ara.json"));
    cargo.arg("--into").arg(&edition).arg("--out").arg(&imported);
    cargo.arg("--decisions").arg(places.join(DECISIONS));
    cargo.args(["--source", SOURCE, "--key", "id", "--remove-missing", "--all", "--force"]);
    tool::hand_over(cargo, "see what the importer says above")?;
    let mut cargo = spro("import");
    cargo.arg(places.join(COMPETENCE));
    cargo.arg("--into").arg(&imported).arg("--out").arg(&imported).arg("--force");
    tool::hand_over(cargo, "see what the importer says above")?;
    let read = |path: &std::path::Path| {
        fs::read_to_string(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
    };
    let (before, after) = (read(&edition)?, read(&imported)?);
    let whole = with_places_of(&before, &after)
        .ok_or_else(|| Failure::new(format!("{} has no list of places of its own", edition.display())))?;
    fs::write(&edition, whole).map_err(|error| Failure::new(format!("{}: {error}", edition.display())))?;
    let mut cargo = spro("coverage");
    cargo.arg(&edition).args(["--format", "markdown", "--force", "--out"]);
    cargo.arg(paths::root().join("docs/places.md"));
    tool::hand_over(cargo, "the table of the places cannot be made")
}

/// The administrators' command line.
fn spro(command: &str) -> Command {
    let mut cargo = tool::cargo("run");
    cargo.args(["--quiet", "--locked", "--package", "spro-admin", "--", command]);
    cargo
}

/// A directory with the places of another. Both are written with two blanks a level.
fn with_places_of(before: &str, after: &str) -> Option<String> {
    const BEGIN: &str = "\n  \"structures\": [\n";
    const END: &str = "\n  ]";
    let places = |text: &str| {
        let start = text.find(BEGIN)? + BEGIN.len();
        Some(start..start + text[start..].find(END)?)
    };
    let (own, new) = (places(before)?, places(after)?);
    Some([&before[..own.start], &after[new], &before[own.end..]].concat())
}

#[cfg(test)]
mod tests {
    use super::with_places_of;

    #[test]
    fn only_the_places_change() {
        let before = "{\n  \"edition\": {\n    \"x\": [\n    ]\n  },\n  \"structures\": [\n    1\n  ],\n  \"title\": \"a\"\n}\n";
        let after = "{\n  \"structures\": [\n    2,\n    3\n  ],\n  \"title\": \"b\"\n}\n";
        assert_eq!(with_places_of(before, after).unwrap(), before.replace("    1", "    2,\n    3"));
        assert_eq!(with_places_of("{}\n", after), None);
    }
}
