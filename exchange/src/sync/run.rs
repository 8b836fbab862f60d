//! What a run of sources says to the server that it made a draft on: a few numbers of each source,
//! so that who has only the pages sees when it was read, what came, what waits and what failed. The
//! report itself stays on the desk.

use super::report::SourceReport;
use serde::{Deserialize, Serialize};

/// A run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The day for which it was made, as an ISO date.
    pub on: String,
    /// Its sources, in the order of their file.
    pub sources: Vec<SourceRun>,
    /// The draft that it made and left; absent where nothing changes, or where it was published.
    #[serde(default)]
    pub draft: Option<String>,
    /// The version that it published without a person.
    #[serde(default)]
    pub version: Option<u64>,
    /// Why a person has to look before it is published, in French.
    #[serde(default)]
    pub waits: Vec<String>,
    /// How many errors the directory that came of it has: there is no draft then.
    #[serde(default)]
    pub errors: usize,
}

/// What became of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceRun {
    /// What people call it.
    pub name: String,
    /// How it was asked.
    pub contact: Contact,
    /// The day for which what was read speaks, as an ISO date; absent where nothing was ever read.
    #[serde(default)]
    pub as_of: Option<String>,
    /// Why it failed, in French.
    #[serde(default)]
    pub failure: Option<String>,
    /// What came of what was read; absent where nothing was.
    #[serde(default)]
    pub counts: Option<Counts>,
}

/// How a source was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contact {
    /// It sent something new.
    New,
    /// It has nothing new.
    Same,
    /// It was too early to ask.
    Early,
    /// It failed, or could not be believed: what it sent before still serves.
    Failed,
}

/// How many of what came of a source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Records read.
    pub read: usize,
    /// Records refused.
    pub refused: usize,
    /// Places that the directory did not have.
    pub added: usize,
    /// Fields that took the source's value.
    pub changed: usize,
    /// Fields about which a person is asked.
    pub questions: usize,
    /// Places that have vanished from the source.
    pub gone: usize,
}

impl Counts {
    /// Those of a report.
    pub fn of(report: &SourceReport) -> Self {
        Self {
            read: report.read,
            refused: report.refused,
            added: report.added.len(),
            changed: report.changed.len(),
            questions: report.questions.len(),
            gone: report.gone.len(),
        }
    }
}

impl Run {
    /// How many sources a run has at most, and how long its texts are, in characters.
    pub const MOST: (usize, usize) = (100, 400);

    /// The same, with what is too long cut.
    #[must_use]
    pub fn cut(mut self) -> Self {
        let (sources, letters) = Self::MOST;
        let short = |text: &mut String| {
            if let Some((end, _)) = text.char_indices().nth(letters) {
                text.truncate(end);
                text.push('…');
            }
        };
        self.sources.truncate(sources);
        self.waits.truncate(sources);
        self.waits.iter_mut().for_each(short);
        short(&mut self.on);
        for source in &mut self.sources {
            short(&mut source.name);
            source.failure.iter_mut().chain(&mut source.as_of).for_each(short);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_cut_between_letters_and_told_in_stable_names() {
        let source = SourceRun {
            name: "Liste".into(),
            contact: Contact::Failed,
            as_of: None,
            failure: Some("é".repeat(1000)),
            counts: None,
        };
        let run = Run { on: "2026-12-01".into(), sources: vec![source; 200], ..Run::default() }.cut();
        assert_eq!(run.sources.len(), 100);
        assert_eq!(run.sources[0].failure.as_ref().map(|text| text.chars().count()), Some(401));
        let json = serde_json::to_string(&run.sources[0].contact).unwrap();
        assert_eq!(json, "\"failed\"");
        let told = r#"{"on":"2026-12-01","sources":[{"name":"Liste","contact":"same"}]}"#;
        assert_eq!(serde_json::from_str::<Run>(told).unwrap().sources[0].contact, Contact::Same);
    }
}
