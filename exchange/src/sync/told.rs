//! What a run of sources has to say: for scripts (JSON, stable English names) and for people
//! (French).

use crate::import::report::{Group, Report, plural};
use serde::Serialize;
use serde_json::Value;
use shared::directory::Structure;
use shared::fields::{french, shown};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Named {
    /// What it is called.
    pub fn of(place: &Structure) -> Self {
        Self { id: place.id.clone(), name: place.name.clone() }
    }
}

/// A field that took the source's value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The place.
    #[serde(flatten)]
    pub place: Named,
    /// Its name in the document.
    pub field: &'static str,
    /// The value that was here; null where there was none.
    pub before: Value,
    /// The value from the source.
    pub after: Value,
}

/// A value that was decided here, of which the source says what it said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kept {
    /// The place.
    #[serde(flatten)]
    pub place: Named,
    /// Its name in the document.
    pub field: &'static str,
    /// What the source says.
    pub says: Value,
    /// What was decided here.
    pub ours: Value,
}

/// A field that the source has changed, and about which somebody decided here: a person is asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// The place.
    #[serde(flatten)]
    pub place: Named,
    /// Its name in the document.
    pub field: &'static str,
    /// What the source said, where that is remembered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Value>,
    /// What it says now.
    pub says: Value,
    /// What is here, and stays until the answer.
    pub ours: Value,
}

/// A place that the source had, and no longer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gone {
    /// The place, which is still in the directory.
    #[serde(flatten)]
    pub place: Named,
    /// The day on which it was first not there, as an ISO date.
    pub since: String,
}

/// What one source has to say.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Told {
    /// Its name.
    pub source: String,
    /// Its format.
    pub format: &'static str,
    /// Records read: new ones, those that were found again, refused ones, and those that nobody
    /// asked for, which are counted in `left_out`.
    pub read: usize,
    /// Records that are places the directory had.
    pub found: usize,
    /// Records that were refused.
    pub refused: usize,
    /// Records that nobody asked for, by the reason.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<String, usize>,
    /// Places that the directory did not have.
    pub added: Vec<Named>,
    /// Fields that took the source's value.
    pub changed: Vec<Change>,
    /// What a person has to decide.
    pub questions: Vec<Question>,
    /// Questions that were answered, as `place:field`.
    pub answered: Vec<String>,
    /// Places that have vanished from the source.
    pub gone: Vec<Gone>,
    /// Decisions of here that the source has not touched.
    pub kept: Vec<Kept>,
    /// Places of the source that were removed here, and stay so.
    pub removed_here: Vec<Named>,
    /// How many repairs were made.
    pub repaired: usize,
    /// What else there is to look at, as an import says it.
    pub findings: Vec<Group>,
}

impl Told {
    /// Takes over what the report of the import counts.
    pub(super) fn count(&mut self, report: Report) {
        self.format = report.format;
        self.read = report.read;
        self.refused = report.refused;
        self.found = report.merged;
        self.left_out = report.left_out;
        self.repaired = report.repaired.iter().map(|repairs| repairs.count).sum();
        self.findings = report.findings;
    }

    /// Whether the source changes the facts of any place.
    pub fn is_quiet(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty()
    }

    /// The report as people read it; each list with `most` lines at most.
    pub fn to_text(&self, most: usize) -> String {
        let mut text = String::new();
        let left_out: usize = self.left_out.values().sum();
        let others = if left_out > 0 { format!(" + {left_out} non demandées") } else { String::new() };
        let new = self.read.saturating_sub(self.found + self.refused + left_out);
        say(
            &mut text,
            format_args!(
                "  Fiches lues : {} = {new} nouvelles + {} reconnues + {} refusées{others}.",
                self.read, self.found, self.refused
            ),
        );
        let questions = self.questions.iter().map(question);
        list(&mut text, most, "À TRANCHER : changé ici, et changé depuis par la source", questions);
        let gone = self.gone.iter().map(|gone| {
            format!("{} ({}), absent de la source depuis le {}", gone.place.name, gone.place.id, gone.since)
        });
        list(&mut text, most, "DISPARUS DE LA SOURCE : rien n’est retiré sans une personne", gone);
        let changed = self.changed.iter().map(|change| {
            let Change { place, field, before, after } = change;
            let values = format!("{} → {}", shown(field, before), shown(field, after));
            format!("{} ({}) · {} : {values}", place.name, place.id, french(field))
        });
        list(&mut text, most, "CHANGÉS", changed);
        list(&mut text, most, "AJOUTÉS", self.added.iter().map(named));
        let kept = self.kept.iter().map(|kept| {
            let Kept { place, field, says, ours } = kept;
            let values =
                format!("« {} » ; la source dit encore « {} »", shown(field, ours), shown(field, says));
            format!("{} ({}) · {} : {values}", place.name, place.id, french(field))
        });
        list(&mut text, most, "DÉCIDÉ ICI, ET GARDÉ", kept);
        list(&mut text, most, "RETIRÉS ICI, ET LAISSÉS DE CÔTÉ", self.removed_here.iter().map(named));
        let doubts =
            self.findings.iter().map(|group| format!("{} : {} [{}]", group.label, group.count, group.code));
        list(&mut text, usize::MAX, "À REGARDER", doubts);
        if self.repaired > 0 {
            say(
                &mut text,
                format_args!("  {} de forme.", plural(self.repaired, "réparation", "réparations")),
            );
        }
        text
    }
}

fn named(place: &Named) -> String {
    format!("{} ({})", place.name, place.id)
}

/// A question with its three sides, and how to answer it.
fn question(question: &Question) -> String {
    let Question { place, field, said, says, ours } = question;
    let mut text = format!("{} ({}) · {}", place.name, place.id, french(field));
    if let Some(said) = said {
        let _ = write!(text, "\n        la source disait : {}", shown(field, said));
    }
    let _ = write!(
        text,
        "\n        elle dit maintenant : {}\n        ici : {}\n        pour prendre : --take \"{id}:{field}\" ; pour garder : --keep \"{id}:{field}\"",
        shown(field, says),
        shown(field, ours),
        id = place.id,
    );
    text
}

fn list(text: &mut String, most: usize, title: &str, lines: impl ExactSizeIterator<Item = String>) {
    let all = lines.len();
    if all == 0 {
        return;
    }
    say(text, format_args!("  {title} ({all})"));
    for line in lines.take(most) {
        say(text, format_args!("    {line}"));
    }
    if all > most {
        say(text, format_args!("    … et {} de plus (--all pour tout voir)", all - most));
    }
}

fn say(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}
