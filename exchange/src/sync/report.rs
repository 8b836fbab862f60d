//! What a run of sources has to say: for scripts (JSON, stable English names) and for people
//! (French).

use crate::hours;
use crate::import::repair::Doubt;
use crate::import::report::{Group, Record, Report, plural};
use crate::import::report_text;
use serde::Serialize;
use serde_json::Value;
use shared::directory::{OpeningHours, Structure};
use shared::fields::{self, french, shown};
use std::collections::{BTreeMap, HashSet};
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
pub struct Disagreement {
    /// The place.
    #[serde(flatten)]
    pub place: Named,
    /// Its name in the document.
    pub field: &'static str,
    /// What the source says.
    pub source: Value,
    /// What was decided here.
    pub here: Value,
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
    pub before: Option<Value>,
    /// What it says now.
    pub now: Value,
    /// What is here, and stays until the answer.
    pub here: Value,
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
pub struct SourceReport {
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
    pub decided_here: Vec<Disagreement>,
    /// Values of another source, of which this one says something else.
    pub other_sources: Vec<Disagreement>,
    /// Places of the source that were removed here, and stay so.
    pub removed_here: Vec<Named>,
    /// How many of the new places may be one that the directory has, or another of the file.
    pub twins: usize,
    /// How many repairs were made.
    pub repaired: usize,
    /// What else there is to look at, as an import says it.
    pub findings: Vec<Group>,
}

impl SourceReport {
    /// Takes over what the report of the import counts.
    pub(super) fn count(&mut self, report: Report) {
        self.format = report.format;
        self.read = report.read;
        self.refused = report.refused;
        self.found = report.merged;
        self.left_out = report.left_out;
        let added: HashSet<&str> = self.added.iter().map(|place| place.id.as_str()).collect();
        let is_added = |record: &&Record| record.id.as_deref().is_some_and(|id| added.contains(id));
        let rows: HashSet<usize> = report.records.iter().filter(is_added).map(|record| record.row).collect();
        let twins = report.findings.iter().filter(|group| group.code == Doubt::Twin.code());
        self.twins = twins.flat_map(|group| &group.rows).filter(|doubt| rows.contains(&doubt.row)).count();
        self.repaired = report.repaired.iter().map(|repairs| repairs.count).sum();
        self.findings = report.findings;
    }

    /// Whether the source changes the facts of any place.
    pub fn is_quiet(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty()
    }

    /// The report as people read it; each list with `most` lines at most. `in_full`: what is to be
    /// looked at is listed, which is worth it once for the same file.
    pub fn to_text(&self, most: usize, in_full: bool) -> String {
        let mut text = String::new();
        let aside: usize = self.left_out.values().sum();
        let new = self.read.saturating_sub(self.found + self.refused + aside);
        let mut counts = vec![
            plural(new, "nouvelle", "nouvelles"),
            plural(self.found, "reconnue", "reconnues"),
            plural(self.refused, "refusée", "refusées"),
        ];
        if aside > 0 {
            counts.push(plural(aside, "non demandée", "non demandées"));
        }
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  Fiches lues : {} = {}.", self.read, counts.join(" + "));
        for (title, is_known) in [
            ("À TRANCHER : changé ici, et changé depuis par la source", true),
            ("À TRANCHER : l’annuaire et la source ne disent pas la même chose", false),
        ] {
            let questions = self.questions.iter().filter(|question| question.before.is_some() == is_known);
            list(&mut text, most, title, questions.map(question));
        }
        let gone = self.gone.iter().map(|gone| {
            format!("{} ({}), absent de la source depuis le {}", gone.place.name, gone.place.id, gone.since)
        });
        let title = "DISPARUS DE LA SOURCE : rien n’est retiré sans une personne";
        list(&mut text, most, title, gone);
        let changed = self.changed.iter().map(|change| {
            let Change { place, field, before, after } = change;
            let values = format!("{} → {}", value(field, before), value(field, after));
            format!("{} · {} : {values}", named(place), french(field))
        });
        list(&mut text, most, "CHANGÉS", changed);
        list(&mut text, most, "AJOUTÉS", self.added.iter().map(named));
        let other = |it: &Disagreement| {
            let Disagreement { place, field, source, here } = it;
            let values = format!("« {} » ; la source dit « {} »", value(field, here), value(field, source));
            format!("{} · {} : {values}", named(place), french(field))
        };
        list(&mut text, most, "DÉCIDÉ ICI, ET GARDÉ", self.decided_here.iter().map(other));
        let others = self.other_sources.iter().map(other);
        list(&mut text, most, "REPRIS D’UNE AUTRE SOURCE, ET GARDÉ", others);
        let removed = self.removed_here.iter().map(named);
        list(&mut text, most, "RETIRÉS ICI, ET LAISSÉS DE CÔTÉ", removed);
        let doubts: usize = self.findings.iter().map(|group| group.count).sum();
        if doubts > 0 {
            let same = if in_full { "" } else { ", comme la dernière fois : --all les montre" };
            let _ = writeln!(text, "  À REGARDER ({doubts}){same}");
        }
        let mut groups = String::new();
        for group in self.findings.iter().filter(|_| in_full) {
            report_text::doubts(&mut groups, group, most);
        }
        for line in groups.lines() {
            let _ = writeln!(text, "  {line}");
        }
        if self.repaired > 0 {
            let repaired = plural(self.repaired, "réparation", "réparations");
            let _ = writeln!(text, "  {repaired} de forme.");
        }
        text
    }
}

/// A value as people read it.
fn value(field: &str, value: &Value) -> String {
    let week: Option<Vec<OpeningHours>> = if field == "hours" { fields::read(value).ok() } else { None };
    match week {
        Some(week) if !week.is_empty() => hours::french(&week),
        _ => shown(field, value),
    }
}

fn named(place: &Named) -> String {
    format!("{} ({})", place.name, place.id)
}

/// A question with its three sides, and how to answer it.
fn question(question: &Question) -> String {
    let Question { place, field, before, now, here } = question;
    let mut text = format!("{} · {}", named(place), french(field));
    let now = value(field, now);
    let _ = match before {
        Some(before) => {
            let before = value(field, before);
            write!(text, "\n        la source disait : {before}\n        elle dit maintenant : {now}")
        }
        None => write!(text, "\n        la source dit : {now}"),
    };
    let answer = format!("{}:{field}", place.id);
    let _ = write!(
        text,
        "\n        ici : {}\n        pour prendre : --take \"{answer}\" ; pour garder : --keep \"{answer}\"",
        value(field, here),
    );
    text
}

fn list(text: &mut String, most: usize, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    let all = lines.len();
    if all == 0 {
        return;
    }
    let _ = writeln!(text, "  {title} ({all})");
    for line in lines.iter().take(most) {
        let _ = writeln!(text, "    {line}");
    }
    if all > most {
        let _ = writeln!(text, "    … et {} de plus (--all pour tout voir)", all - most);
    }
}
