//! `texts`: what an edition lacks in a language, and all its texts as a table for whoever
//! translates.

use crate::cli::Texts;
use crate::failure::Failure;
use crate::files::{self, Written};
use crate::output::{EXAMPLES, Outcome};
use crate::reference;
use serde_json::{Value, json};
use shared::directory::{Directory, MAIN_LANGUAGE};
use std::fmt::Write;

/// A text that visitors read.
struct Line {
    /// Where it is: `edition.questions[goal].text`.
    path: String,
    french: String,
    /// In the language that is asked for; blank where there is none.
    translation: String,
}

impl Line {
    fn is_missing(&self) -> bool {
        self.translation.trim().is_empty()
    }
}

pub(crate) fn run(options: &Texts, all: bool) -> Result<Outcome, Failure> {
    let directory = match &options.file {
        Some(file) => files::read_directory(file)?,
        None => reference::shipped()?,
    };
    let document = serde_json::to_value(&directory).unwrap_or_default();
    match &options.language {
        Some(language) => one(options, &directory, &lines(&document, language), language, all),
        None => Ok(summary(&directory, &document)),
    }
}

/// How much is translated into each language.
fn summary(directory: &Directory, document: &Value) -> Outcome {
    let mut text = format!("TEXTES de « {} », par langue\n", directory.title);
    let mut languages = Vec::new();
    for language in directory.edition.languages.iter().filter(|language| language.tag != MAIN_LANGUAGE) {
        let lines = lines(document, &language.tag);
        let missing = lines.iter().filter(|line| line.is_missing()).count();
        let verdict =
            if missing == 0 { "tout est traduit".to_owned() } else { format!("{missing} manquent") };
        let _ = writeln!(
            text,
            "  {:<10} {} : {} textes sur {}, {verdict}",
            language.tag,
            language.name,
            lines.len() - missing,
            lines.len()
        );
        languages.push(json!({ "language": language.tag, "texts": lines.len(), "missing": missing }));
    }
    if languages.is_empty() {
        text.push_str("  l’annuaire est en français seulement\n");
    }
    text.push_str("\nUn texte qui manque est dit en français, en entier.\nPour voir lesquels : cargo spro texts --language LANGUE\n");
    Outcome { text, json: json!({ "languages": languages }), refused: false }
}

/// What one language lacks; the whole table where it is asked for.
fn one(
    options: &Texts,
    directory: &Directory,
    lines: &[Line],
    language: &str,
    all: bool,
) -> Result<Outcome, Failure> {
    if language == MAIN_LANGUAGE {
        return Err(Failure::usage("language", "Le français est la référence : rien n’y manque.")
            .advising("Donnez une autre langue : cargo spro texts --language en."));
    }
    let missing: Vec<&Line> = lines.iter().filter(|line| line.is_missing()).collect();
    let mut text = format!(
        "TEXTES de « {} » en « {language} » : {} sur {}, {} manquent\n",
        directory.title,
        lines.len() - missing.len(),
        lines.len(),
        missing.len()
    );
    if directory.edition.languages.iter().all(|known| known.tag != language) {
        let _ = writeln!(
            text,
            "Attention : « {language} » n’est pas dans edition.languages, personne ne peut la choisir."
        );
    }
    let shown = if all { missing.len() } else { EXAMPLES };
    for line in missing.iter().take(shown) {
        let _ = writeln!(text, "  {}\n    « {} »", line.path, line.french);
    }
    if missing.len() > shown {
        let _ = writeln!(text, "  … et {} de plus (--all pour tout voir)", missing.len() - shown);
    }
    let ending = match &options.out {
        Some(out) => match files::write(out, &table(lines)?, options.force)? {
            Written::Yes => format!("Le tableau est dans {} : une ligne par texte.", out.display()),
            Written::Unchanged => format!("{} contient déjà exactement cela.", out.display()),
        },
        None => "Pour un tableau à remplir : ajoutez --out textes.csv.".to_owned(),
    };
    let _ = writeln!(text, "\n{ending}");
    let json = json!({
        "language": language,
        "texts": lines.len(),
        "missing": missing.iter().map(|line| json!({ "path": line.path, "fr": line.french })).collect::<Vec<_>>(),
        "written": options.out.as_ref().map(|out| out.display().to_string()),
    });
    Ok(Outcome { text, json, refused: false })
}

/// The table, as French spreadsheet programs open it without a question.
fn table(lines: &[Line]) -> Result<String, Failure> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let rows = lines.iter().map(|line| {
        let status = if line.is_missing() { "manque" } else { "présent" };
        [line.path.as_str(), &line.french, &line.translation, status]
    });
    let failed = |error: &dyn std::fmt::Display| {
        Failure::refused("cannot-write", format!("Le tableau ne peut pas être écrit ({error})."))
    };
    for row in std::iter::once(["chemin", "français", "traduction", "état"]).chain(rows) {
        writer.write_record(row).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    // The mark says UTF-8 to programs that would guess otherwise.
    Ok(format!("\u{feff}{}", String::from_utf8_lossy(&bytes)))
}

/// Every text that visitors read, in the order of the document. The guarantees of an edition
/// are for administrators, in French.
fn lines(document: &Value, language: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    for part in ["edition", "territories", "resources"] {
        collect(&document[part], part, language, &mut lines);
    }
    lines.retain(|line| !line.path.starts_with("edition.guarantees["));
    lines
}

/// A text is an object that has French words; nothing else of a directory is.
fn collect(value: &Value, path: &str, language: &str, lines: &mut Vec<Line>) {
    match value {
        Value::Object(fields) => {
            let words = |tag: &str| fields.get(tag).and_then(Value::as_str).unwrap_or_default().to_owned();
            if fields.get(MAIN_LANGUAGE).is_some_and(Value::is_string) {
                return lines.push(Line {
                    path: path.to_owned(),
                    french: words(MAIN_LANGUAGE),
                    translation: words(language),
                });
            }
            for (name, field) in fields {
                collect(field, &format!("{path}.{name}"), language, lines);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                // An id stays what it is when an item is added before it.
                let id = item["id"].as_str().map_or_else(|| index.to_string(), str::to_owned);
                collect(item, &format!("{path}[{id}]"), language, lines);
            }
        }
        _ => {}
    }
}
