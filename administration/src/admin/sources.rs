//! The sources that are followed from a desk: what the last run of each access key said of them.

use super::desk::Desk;
use super::drafts::{Draft, DraftState};
use crate::archive::{storage, unread};
use crate::ledger::{Kept, Name, Reading, Writing, Written};
use exchange::sync::run::{Contact, Run};
use protocol::Who;
use serde::{Deserialize, Serialize};
use serving::clock;
use serving::problem::Failure;
use std::collections::BTreeMap;

/// How many keys' last runs are held; of more, those that ran last.
const MOST_RUNS: usize = 20;

/// The last runs, each of another key, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Runs {
    pub(crate) runs: Vec<Told>,
}

/// A run as it was told here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Told {
    pub(crate) by: Who,
    /// RFC 3339, UTC.
    pub(crate) at: String,
    pub(crate) run: Run,
    /// When each source was last read without fault, by its name: RFC 3339, UTC.
    pub(crate) read_at: BTreeMap<String, String>,
}

impl Runs {
    /// Takes a run in the place of the last one of the same key.
    fn take(&mut self, by: Who, at: String, run: Run) {
        let before = self.runs.iter().position(|told| told.by.id == by.id).map(|at| self.runs.remove(at));
        let known = before.map(|told| told.read_at).unwrap_or_default();
        let read_at = run
            .sources
            .iter()
            .filter_map(|source| {
                let is_read = matches!(source.contact, Contact::New | Contact::Same);
                let when = if is_read { Some(at.clone()) } else { known.get(&source.name).cloned() };
                Some((source.name.clone(), when?))
            })
            .collect();
        self.runs.insert(0, Told { by, at, run, read_at });
        self.runs.truncate(MOST_RUNS);
    }

    /// How many sources failed the last time they were asked.
    pub(crate) fn failed(&self) -> usize {
        let sources = self.runs.iter().flat_map(|told| &told.run.sources);
        sources.filter(|source| source.contact == Contact::Failed).count()
    }
}

impl Desk<'_> {
    /// The last runs.
    pub(crate) async fn runs(&self) -> Result<Runs, Failure> {
        let read = self.ledger.read(&Reading::default().name(Name::Sources)).await.map_err(unread)?;
        Ok(read.get::<Runs>(Name::Sources)?.map(|kept| kept.value).unwrap_or_default())
    }

    /// Takes what a run says.
    pub(crate) async fn take_run(&self, run: Run) -> Result<Runs, Failure> {
        let run = run.cut();
        loop {
            let read = self.ledger.read(&Reading::default().name(Name::Sources)).await.map_err(unread)?;
            let kept = read.get::<Runs>(Name::Sources)?;
            let (revision, mut runs) = kept.map_or((0, Runs::default()), |kept| (kept.revision, kept.value));
            runs.take(self.person.who(), clock::timestamp(), run.clone());
            let writing = Writing::default().expect(Name::Sources, revision).put(Name::Sources, &runs);
            if let Written::Done(_) = self.ledger.write(&writing).await.map_err(storage)? {
                return Ok(runs);
            }
        }
    }

    /// Where the draft of a run is in its life, and whether the person may open it; nothing where
    /// there is none of that id.
    pub(crate) async fn draft_of_run(&self, id: &str) -> Result<Option<(DraftState, bool)>, Failure> {
        let read = self.ledger.read(&Reading::default().name(Name::Draft(id))).await.map_err(unread)?;
        let draft: Option<Kept<Draft>> = read.get(Name::Draft(id))?;
        Ok(draft.map(|draft| {
            let may_open = self.person.role.opens(draft.value.territory.as_deref());
            (draft.value.state, may_open)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use exchange::sync::run::SourceRun;

    fn run(contacts: &[(&str, Contact)]) -> Run {
        let source = |(name, contact): &(&str, Contact)| SourceRun {
            name: (*name).to_owned(),
            contact: *contact,
            as_of: None,
            failure: None,
            counts: None,
        };
        Run { on: "2026-12-01".into(), sources: contacts.iter().map(source).collect(), ..Run::default() }
    }

    fn who(id: &str) -> Who {
        Who { id: id.to_owned(), name: id.to_owned() }
    }

    #[test]
    fn a_run_replaces_the_one_of_its_key_and_knows_when_a_failing_source_was_last_read() {
        let mut runs = Runs::default();
        runs.take(
            who("a"),
            "1".into(),
            run(&[("x", Contact::New), ("y", Contact::Same), ("z", Contact::Early)]),
        );
        runs.take(who("b"), "2".into(), run(&[("x", Contact::New)]));
        runs.take(who("a"), "3".into(), run(&[("x", Contact::Failed), ("y", Contact::Early)]));
        assert_eq!(runs.runs.iter().map(|told| told.at.as_str()).collect::<Vec<_>>(), ["3", "2"]);
        assert_eq!(runs.runs[0].read_at.get("x").map(String::as_str), Some("1"));
        assert_eq!(runs.runs[0].read_at.get("y").map(String::as_str), Some("1"), "it was too early to ask");
        assert!(!runs.runs[0].read_at.contains_key("z"), "it is followed no more");
        assert_eq!(runs.failed(), 1);
    }

    #[test]
    fn the_runs_of_many_keys_do_not_grow() {
        let mut runs = Runs::default();
        for number in 0..50 {
            runs.take(who(&number.to_string()), number.to_string(), run(&[]));
        }
        assert_eq!((runs.runs.len(), runs.runs[0].by.id.as_str()), (MOST_RUNS, "49"));
    }
}
