//! The inbox of errors that visitors report: a line for each place and field, with how often and the
//! last few texts. However many are sent, it grows no farther than the directory. Nothing in it is about
//! whoever sent a report; of the time the day is kept.

use crate::archive::{storage, unread};
use crate::ledger::{Kept, Ledger, Log, Name, Reading, Writing, Written};
use protocol::Who;
use protocol::trail::{Done, Trace};
use serde::{Deserialize, Serialize};
use serving::body::Incoming;
use serving::clock;
use serving::problem::{Failure, Problem};
use serving::query::is_name;
use serving::runtime::Env;
use shared::error_report::{ErrorReport, Wrong, refused};

/// How many texts a line keeps, the last ones.
const TEXTS: usize = 5;
/// How often a writing is tried while others write the same line.
const TRIES: usize = 5;

/// What was reported of a field of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// The id of the place.
    pub(crate) place: String,
    pub(crate) field: Wrong,
    /// How often since it was last done with.
    pub(crate) count: u32,
    /// ISO date of the first of these, and of the last.
    pub(crate) first_on: String,
    pub(crate) last_on: String,
    /// What was added, the last first.
    pub(crate) texts: Vec<String>,
    /// The snapshot that the last one's author read, and the build that showed it.
    pub(crate) snapshot: String,
    pub(crate) build: String,
    /// Who is done with it, and the ISO date; open where nobody is.
    pub(crate) done: Option<(Who, String)>,
}

impl Line {
    /// A report more. One that comes after the line was done with opens it again.
    fn with(before: Option<Self>, report: ErrorReport, today: &str) -> Self {
        let ErrorReport { place, field, text, snapshot, build } = report;
        let open = before.filter(|line| line.done.is_none());
        let (count, first_on, mut texts) = open.map_or_else(
            || (0, today.to_owned(), Vec::new()),
            |line| (line.count, line.first_on, line.texts),
        );
        if !text.is_empty() && !texts.contains(&text) {
            texts.insert(0, text);
            texts.truncate(TEXTS);
        }
        let (count, last_on) = (count.saturating_add(1), today.to_owned());
        Self { place, field, count, first_on, last_on, texts, snapshot, build, done: None }
    }
}

/// The name of the line of a place's field, behind its slash.
fn key(place: &str, field: Wrong) -> String {
    format!("{place}/{}", field.as_str())
}

/// Takes a report that the public worker has checked.
pub(crate) async fn take(env: &Env, incoming: &Incoming<'_>) -> Result<(), Failure> {
    let report: ErrorReport = incoming.object("Le contenu attendu est un signalement.").await?;
    if !is_name(&report.place) || refused(&report.text).is_some() {
        return Err(Problem::new(422, "malformed-report", "Ce signalement n’en est pas un.").into());
    }
    let ledger = Ledger::open(env).map_err(storage)?;
    let (key, today) = (key(&report.place, report.field), clock::today());
    let name = Name::Report(&key);
    for _ in 0..TRIES {
        let before: Option<Kept<Line>> =
            ledger.read(&Reading::default().name(name)).await.map_err(unread)?.get(name)?;
        let revision = before.as_ref().map_or(0, |kept| kept.revision);
        let line = Line::with(before.map(|kept| kept.value), report.clone(), &today);
        let writing = Writing::default().expect(name, revision).put(name, &line);
        if ledger.write(&writing).await.map_err(storage)? != Written::Conflict {
            return Ok(());
        }
    }
    Err(Problem::unavailable("busy", "Trop de signalements arrivent à la fois. Réessayez dans un instant.")
        .into())
}

/// All lines: the open ones first, those that were reported most before the others.
pub(crate) async fn all(ledger: &Ledger) -> Result<Vec<Line>, Failure> {
    let read = ledger.read(&Reading::default().all(Name::Report(""))).await.map_err(unread)?;
    let mut lines: Vec<Line> = read.all(Name::Report(""))?.into_iter().map(|kept| kept.value).collect();
    sort(&mut lines);
    Ok(lines)
}

fn sort(lines: &mut [Line]) {
    lines.sort_by(|one, other| {
        let order = |line: &Line| (line.done.is_some(), std::cmp::Reverse(line.count));
        order(one)
            .cmp(&order(other))
            .then_with(|| other.last_on.cmp(&one.last_on))
            .then_with(|| (&one.place, one.field).cmp(&(&other.place, other.field)))
    });
}

/// Says that a line is done with, which forgets its texts, or opens it again. Of two who do the same at
/// once, the second finds it done.
pub(crate) async fn set_done(
    ledger: &Ledger,
    who: Who,
    place: &str,
    field: Wrong,
    is_done: bool,
) -> Result<(), Failure> {
    let key = key(place, field);
    let name = Name::Report(&key);
    for _ in 0..TRIES {
        let kept: Option<Kept<Line>> =
            ledger.read(&Reading::default().name(name)).await.map_err(unread)?.get(name)?;
        let Kept { revision, value: mut line } = kept.ok_or_else(Problem::not_found)?;
        if line.done.is_some() == is_done {
            return Ok(());
        }
        if is_done {
            line.texts.clear();
        }
        line.done = is_done.then(|| (who.clone(), clock::today()));
        let trace = Trace {
            at: clock::timestamp(),
            by: Some(who.clone()),
            done: if is_done { Done::ErrorSettled } else { Done::ErrorReopened },
            subject: line.place.clone(),
            detail: french(field).to_owned(),
        };
        let writing = Writing::default().expect(name, revision).put(name, &line).append(Log::Audit, &trace);
        if ledger.write(&writing).await.map_err(storage)? != Written::Conflict {
            return Ok(());
        }
    }
    Err(Problem::unavailable("busy", "Ce signalement vient de changer. Relisez la page.").into())
}

/// What of a place is wrong, for administrators.
pub(crate) const fn french(field: Wrong) -> &'static str {
    match field {
        Wrong::Phone => "le téléphone",
        Wrong::Hours => "les horaires",
        Wrong::Address => "l’adresse",
        Wrong::Closed => "le lieu est fermé",
        Wrong::Other => "autre chose",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(text: &str) -> ErrorReport {
        ErrorReport {
            place: "cio-valence".to_owned(),
            field: Wrong::Phone,
            text: text.to_owned(),
            snapshot: "0a".to_owned(),
            build: String::new(),
        }
    }

    #[test]
    fn a_line_counts_and_keeps_the_last_texts() {
        let mut line = None;
        for (day, text) in ["", "un", "deux", "deux", "trois", "quatre", "cinq", "six"].iter().enumerate() {
            line = Some(Line::with(line, report(text), &format!("2026-11-{:02}", day + 1)));
        }
        let line = line.unwrap();
        assert_eq!(
            (line.count, line.first_on.as_str(), line.last_on.as_str()),
            (8, "2026-11-01", "2026-11-08")
        );
        assert_eq!(line.texts, ["six", "cinq", "quatre", "trois", "deux"]);
    }

    #[test]
    fn what_comes_after_a_line_was_done_with_opens_it_anew() {
        let mut line = Line::with(None, report("un"), "2026-11-01");
        line.done = Some((Who { id: "k".to_owned(), name: "Région".to_owned() }, "2026-11-02".to_owned()));
        let again = Line::with(Some(line), report("deux"), "2026-11-03");
        assert_eq!((again.count, again.first_on.as_str(), again.done), (1, "2026-11-03", None));
        assert_eq!(again.texts, ["deux"]);
    }

    #[test]
    fn open_lines_come_first_and_the_most_reported_before_the_others() {
        let line = |place: &str, count, done: bool| Line {
            count,
            done: done.then(|| (Who { id: String::new(), name: String::new() }, String::new())),
            ..Line::with(None, ErrorReport { place: place.to_owned(), ..report("") }, "2026-11-01")
        };
        let mut lines = [line("a", 1, false), line("b", 9, true), line("c", 3, false), line("d", 1, false)];
        sort(&mut lines);
        assert_eq!(lines.map(|line| line.place), ["c", "a", "d", "b"]);
    }
}
