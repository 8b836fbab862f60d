//! One reading of a source, compared with the reading before it and with the decisions of here.

use super::report::{Change, Disagreement, Gone, Named, Question, SourceReport};
use super::sources::Source;
use super::state::{DAY, Facts, Known, State, dated_facts, facts, plain, side};
use crate::import::Imported;
use crate::import::repair::Doubt;
use crate::import::report::{COMPETENCE, Record, Report};
use crate::inclusion::SIRET;
use crate::refusal::Refusal;
use serde_json::Value;
use shared::directory::{CORRECTABLE, Correction, Directory, Structure};
use shared::fields::{self, french};
use shared::finding::Severity;
use shared::geography::Geography;
use shared::spelling::fold;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What a person answers to questions of an earlier reading, by place and field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// The source's value is taken.
    pub take: BTreeSet<(String, String)>,
    /// The value that is here stays, until the source changes once more.
    pub keep: BTreeSet<(String, String)>,
}

impl Answers {
    /// Reads `place:field`, the field by its name in the document or as people call it.
    ///
    /// # Errors
    /// Where it is written otherwise.
    pub fn parse(text: &str) -> Result<(String, String), Refusal> {
        let wrong = || {
            let names: Vec<&str> = CORRECTABLE.iter().map(|field| french(field)).collect();
            Refusal::new("answer", format!("« {text} » n’est pas une réponse.")).advising(format!(
                "Écrivez LIEU:CHAMP, comme dans le compte rendu. Les champs : {}.",
                names.join(", ")
            ))
        };
        let (place, name) = text.rsplit_once(':').ok_or_else(wrong)?;
        let field = CORRECTABLE
            .into_iter()
            .find(|field| *field == name.trim() || fold(french(field)) == fold(name))
            .ok_or_else(wrong)?;
        Ok((place.trim().to_owned(), field.to_owned()))
    }
}

/// A source, and what a reading of it is compared with.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The source.
    pub source: &'a Source,
    /// What is remembered of it; `None` where it was never read.
    pub state: Option<&'a State>,
    /// What a person answered.
    pub answers: &'a Answers,
    /// The directory as it was before any source of this run.
    pub base: &'a Directory,
    /// What is remembered of the other sources: a value of one of them is nobody's decision.
    pub others: &'a [&'a State],
    /// The communes, to tell an error that the source brings from one that was there.
    pub geography: &'a Geography,
    /// An ISO date.
    pub today: &'a str,
}

/// What a reading came to, beside the directory.
#[derive(Debug, Clone)]
pub struct Followed {
    /// What there is to say.
    pub report: SourceReport,
    next: Next,
}

/// What will be remembered, as far as it is known before the last source of the run.
#[derive(Debug, Clone)]
struct Next {
    state: State,
    now: BTreeMap<String, Facts>,
    /// Fields that a person has been asked about.
    open: HashSet<(String, String)>,
    /// Fields whose value here is a decision.
    decided: HashSet<(String, String)>,
    /// Places of the last reading that were removed here and that the source still has.
    removed: BTreeSet<String>,
}

/// Compares what an import of a source made of `before`, the directory that it completed. Returns
/// the directory that holds what may be taken of it.
///
/// # Errors
/// Where the source cannot be believed: `another-schema`, `not-a-list`, `nothing-taken`,
/// `mostly-refused`, `shrunk-source`, `brings-errors`. Nothing of it is to be kept then.
pub fn follow(
    reading: Reading<'_>,
    before: &Directory,
    imported: Imported,
) -> Result<(Directory, Followed), Refusal> {
    let Imported { directory, mut report } = imported;
    believe(&reading, before, &report)?;
    let unknown = BTreeMap::new();
    let adopted = reading.state.map_or(&unknown, |state| state.adopted_by(reading.base));
    let mut sides = Sides {
        reading,
        adopted,
        now: source_facts(&report),
        was: by_id(before),
        base: by_id(reading.base),
        summary: SourceReport { source: reading.source.name.clone(), ..SourceReport::default() },
        open: HashSet::new(),
        decided: HashSet::new(),
        removed: BTreeSet::new(),
    };
    let mut directory = directory;
    sides.leave_out_removed(&mut directory);
    sides.settle_doubts(&mut report, &mut directory);
    sides.settle_changes(&mut directory);
    sides.note_gone(&report);
    let Sides { now, mut summary, open, decided, removed, .. } = sides;
    let read = report.columns.iter().filter(|column| column.field.is_some());
    let state = State {
        format: report.format.to_owned(),
        columns: read.map(|column| column.title.clone()).collect(),
        records: report.kept + report.merged,
        adopted: adopted.clone(),
        ..State::default()
    };
    summary.count(report);
    Ok((directory, Followed { report: summary, next: Next { state, now, open, decided, removed } }))
}

/// Refuses a reading that cannot be what the source meant to publish.
fn believe(reading: &Reading<'_>, before: &Directory, report: &Report) -> Result<(), Refusal> {
    let Reading { source, state, geography, today, .. } = *reading;
    if report.format == COMPETENCE {
        return Err(Refusal::new(
            "not-a-list",
            "C’est une table de communes et de lieux, pas une liste de lieux.",
        )
        .advising("Importez-la avec « cargo spro import » quand elle change."));
    }
    let expected = source.format.as_deref().or_else(|| state.map(|state| state.format.as_str()));
    if let Some(expected) = expected.filter(|expected| *expected != report.format) {
        return Err(another_schema(format!(
            "Le fichier est de format « {} » : « {expected} » était attendu.",
            report.format
        )));
    }
    let present: HashSet<&str> = report.columns.iter().map(|column| column.title.as_str()).collect();
    let known = state.into_iter().flat_map(|state| &state.columns);
    let lost: Vec<String> =
        known.filter(|title| !present.contains(title.as_str())).map(|title| format!("« {title} »")).collect();
    // A table has its titles whatever its rows hold; a list of objects has those that some object
    // needs.
    let may_lose = match report.format {
        "csv" | "xlsx" | "ods" => 0,
        _ => state.map_or(0, |state| state.columns.len() / 2),
    };
    if lost.len() > may_lose {
        return Err(another_schema(format!(
            "Le fichier n’a plus toutes les colonnes de la dernière fois : {}.",
            lost.join(", ")
        )));
    }
    let taken = report.kept + report.merged;
    if taken == 0 {
        return Err(Refusal::new("nothing-taken", "Aucune fiche du fichier n’a pu être prise.")
            .advising("« cargo spro import FICHIER » montre pourquoi, ligne par ligne."));
    }
    if report.refused > taken {
        return Err(Refusal::new(
            "mostly-refused",
            format!(
                "{} fiches sont refusées, plus que celles qui peuvent être prises ({taken}).",
                report.refused
            ),
        )
        .advising("« cargo spro import FICHIER » montre pourquoi, ligne par ligne."));
    }
    let known = state.map_or(0, |state| state.records);
    if taken * 100 < known * source.least {
        return Err(Refusal::new(
            "shrunk-source",
            format!("Le fichier n’a plus que {taken} fiches ; il en avait {known} la dernière fois."),
        )
        .advising(format!(
            "Si c’est voulu, écrivez pour cette source une part plus petite, par exemple « least = {} ».",
            taken * 100 / known.max(1)
        )));
    }
    let is_error = |severity: Severity| severity == Severity::Error;
    let mut errors = report.validation.iter().filter(|finding| is_error(finding.severity)).peekable();
    if errors.peek().is_some() {
        let there: HashSet<(&str, String)> = shared::validate::findings(before, geography, today)
            .into_iter()
            .map(|finding| (finding.code, finding.value))
            .collect();
        if let Some(error) = errors.find(|error| !there.contains(&(error.code, error.value.clone()))) {
            return Err(Refusal::new(
                "brings-errors",
                format!(
                    "L’annuaire obtenu aurait une erreur : « {} », il faudrait {}.",
                    error.value, error.expected
                ),
            ));
        }
    }
    Ok(())
}

fn another_schema(message: String) -> Refusal {
    Refusal::new("another-schema", message).advising(
        "Si la source a changé de forme pour de bon, vérifiez « columns » et « format », puis supprimez ce qui est retenu d’elle.",
    )
}

/// What the source says now, by the id of the place here. Rows that are one place complete each
/// other.
fn source_facts(report: &Report) -> BTreeMap<String, Facts> {
    let mut now: BTreeMap<String, Facts> = BTreeMap::new();
    for (id, given) in report.records.iter().filter_map(pair) {
        let known = now.entry(id.to_owned()).or_default();
        for (field, value) in facts(given) {
            known.entry(field).or_insert(value);
        }
        for (source, identifier) in &given.references {
            known.entry(reference(source)).or_insert_with(|| identifier.as_str().into());
        }
    }
    now
}

/// The name of a fact that is an identifier in a source: no field has a colon.
fn reference(source: &str) -> String {
    format!("references:{source}")
}

fn pair(record: &Record) -> Option<(&str, &Structure)> {
    record.id.as_deref().zip(record.given.as_deref())
}

fn by_id(directory: &Directory) -> HashMap<&str, &Structure> {
    directory.structures.iter().map(|place| (place.id.as_str(), place)).collect()
}

struct Sides<'a> {
    reading: Reading<'a>,
    adopted: &'a BTreeMap<String, Known>,
    now: BTreeMap<String, Facts>,
    /// The directory before this source, by id.
    was: HashMap<&'a str, &'a Structure>,
    /// The directory before every source of this run, by id.
    base: HashMap<&'a str, &'a Structure>,
    summary: SourceReport,
    open: HashSet<(String, String)>,
    decided: HashSet<(String, String)>,
    removed: BTreeSet<String>,
}

impl Sides<'_> {
    /// A place that was removed here stays removed while the source still has it.
    fn leave_out_removed(&mut self, directory: &mut Directory) {
        for place in std::mem::take(&mut directory.structures) {
            if self.was.contains_key(place.id.as_str()) {
                directory.structures.push(place);
            } else if let Some(id) = self.removed_as(&place) {
                self.removed.insert(id);
                self.summary.removed_here.push(Named::of(&place));
            } else {
                self.summary.added.push(Named::of(&place));
                directory.structures.push(place);
            }
        }
    }

    /// The id under which a place of the source was here, where it was removed: the same identifier
    /// in a source, else the same id and name.
    fn removed_as(&self, place: &Structure) -> Option<String> {
        let same = |(id, known): &(&String, &Known)| {
            let identifiers = place.references.iter().filter(|(source, _)| *source != SIRET);
            let other = |source: &str| known.source.get(&reference(source)).and_then(Value::as_str);
            let mut both = identifiers.filter_map(|(source, own)| Some(other(source)? == own)).peekable();
            if both.peek().is_some() {
                return both.any(|is_same| is_same);
            }
            **id == place.id && side(&known.source, "name") == place.name.as_str()
        };
        let mut gone = self.adopted.iter().filter(|(id, _)| !self.base.contains_key(id.as_str()));
        gone.find(same).map(|(id, _)| id.clone())
    }

    /// What the importer did not take by itself, because of a correction or of dates: where the
    /// source says what it said, nothing is to be asked.
    fn settle_doubts(&mut self, report: &mut Report, directory: &mut Directory) {
        let ids: HashMap<usize, String> =
            report.records.iter().filter_map(|record| Some((record.row, record.id.clone()?))).collect();
        let field_of = |column: &str| CORRECTABLE.into_iter().find(|field| french(field) == column);
        let is_about_sides = [Doubt::Conflict, Doubt::Corrected, Doubt::SourceChanged].map(Doubt::code);
        let mut about = BTreeSet::new();
        for group in report.findings.iter_mut().filter(|group| is_about_sides.contains(&group.code)) {
            group.rows.retain(|doubt| match (ids.get(&doubt.row), field_of(&doubt.column)) {
                (Some(id), Some(field)) => {
                    about.insert((id.clone(), field, group.code == Doubt::Corrected.code()));
                    false
                }
                _ => true,
            });
            group.count = group.rows.len();
        }
        report.findings.retain(|group| group.count > 0);
        let rank: HashMap<String, usize> =
            directory.structures.iter().enumerate().map(|(rank, place)| (place.id.clone(), rank)).collect();
        for (id, field, is_old) in about {
            let Some(place) = rank.get(&id).map(|rank| &mut directory.structures[*rank]) else { continue };
            let latest = self.now.get(&id).map(|now| side(now, field)).unwrap_or_default();
            let earlier =
                self.adopted.get(&id).and_then(|known| known.sides(field)).map(|(earlier, _)| earlier);
            let is_taken = self.reading.answers.take.contains(&(id.clone(), field.to_owned()));
            if !is_taken && (is_old || earlier.as_ref() == Some(&latest)) {
                self.keep(place, field, latest);
                continue;
            }
            let is_typed = place.corrections.contains_key(field);
            let here = side(&facts(place), field);
            if !is_taken && !is_typed && earlier.is_none() && self.is_of_another(&id, field, &here) {
                self.summary.other_sources.push(Disagreement {
                    place: Named::of(place),
                    field,
                    source: latest,
                    here,
                });
                continue;
            }
            let instead_of = place.corrections.get(field).map(|correction| correction.instead_of.clone());
            self.ask(place, field, instead_of.or(earlier), latest);
        }
    }

    /// What the importer took: it stays where the source has changed and nobody has decided here.
    fn settle_changes(&mut self, directory: &mut Directory) {
        let others = self.reading.others;
        for place in &mut directory.structures {
            let Some(was) = self.was.get(place.id.as_str()).map(|place| facts(place)) else { continue };
            let Some(now) = self.now.get(&place.id) else { continue };
            let is = facts(place);
            let changed: Vec<(&str, Value, Value, Value)> = CORRECTABLE
                .into_iter()
                .map(|field| (field, side(&was, field), side(&is, field), side(now, field)))
                .filter(|(_, was, is, _)| was != is)
                .collect();
            let base = self.base.get(place.id.as_str()).map(|place| facts(place)).unwrap_or_default();
            for (field, here, after, latest) in changed {
                let sides = self.adopted.get(&place.id).and_then(|known| known.sides(field));
                let is_taken = self.reading.answers.take.contains(&(place.id.clone(), field.to_owned()));
                // What another source says, or an earlier one of this run has just brought, is nobody's
                // decision.
                let may_be_decided = here == side(&base, field)
                    && !is_taken
                    && !is_of_another(others, &place.id, field, &here);
                let is_decided = |left: &Value| may_be_decided && here != *left;
                match sides {
                    Some((earlier, left)) if earlier == latest && !is_taken => {
                        put(place, field, &here);
                        if is_decided(&left) {
                            self.keep(place, field, latest);
                        }
                    }
                    Some((earlier, left)) if is_decided(&left) => {
                        put(place, field, &here);
                        self.ask(place, field, Some(earlier), latest);
                    }
                    _ => {
                        if is_taken {
                            self.summary.answered.push(format!("{}:{field}", place.id));
                        }
                        let place = Named::of(place);
                        self.summary.changed.push(Change { place, field, before: here, after });
                    }
                }
            }
        }
    }

    fn is_of_another(&self, id: &str, field: &str, here: &Value) -> bool {
        is_of_another(self.reading.others, id, field, here)
    }

    fn keep(&mut self, place: &Structure, field: &'static str, latest: Value) {
        let here = side(&facts(place), field);
        if !place.corrections.contains_key(field) && self.is_of_another(&place.id, field, &here) {
            return;
        }
        self.decided.insert((place.id.clone(), field.to_owned()));
        if here != latest {
            self.summary.decided_here.push(Disagreement {
                place: Named::of(place),
                field,
                source: latest,
                here,
            });
        }
    }

    /// Asks a person, unless the answer is there.
    fn ask(&mut self, place: &mut Structure, field: &'static str, earlier: Option<Value>, latest: Value) {
        let answer = (place.id.clone(), field.to_owned());
        let here = side(&facts(place), field);
        let named = format!("{}:{field}", place.id);
        if self.reading.answers.take.contains(&answer) {
            // `settle_changes` reports it with the other changes.
            put(place, field, &latest);
            place.corrections.remove(field);
        } else if self.reading.answers.keep.contains(&answer) {
            self.summary.answered.push(named);
            if place.corrections.contains_key(field) {
                place.corrections.insert(field.to_owned(), Correction::of(self.reading.today, &latest));
            }
            self.keep(place, field, latest);
        } else {
            self.open.insert(answer);
            self.summary.questions.push(Question {
                place: Named::of(place),
                field,
                before: earlier,
                now: latest,
                here,
            });
        }
    }

    /// The places that the source had and no longer has, as long as they are here.
    fn note_gone(&mut self, report: &Report) {
        let named = |id: &str| self.base.get(id).map(|place| Named::of(place));
        let today = self.reading.today;
        let mut gone: BTreeMap<&str, String> =
            report.missing.iter().map(|gone| (gone.id.as_str(), today.to_owned())).collect();
        for (id, known) in self.adopted.iter().filter(|(id, _)| !self.now.contains_key(*id)) {
            gone.insert(id, known.gone_since.clone().unwrap_or_else(|| today.to_owned()));
        }
        self.summary.gone =
            gone.into_iter().filter_map(|(id, since)| Some(Gone { place: named(id)?, since })).collect();
    }
}

/// Whether another source says, or said, what is here.
fn is_of_another(others: &[&State], id: &str, field: &str, here: &Value) -> bool {
    let readings = others.iter().flat_map(|state| [&state.last, &state.adopted]);
    readings.filter_map(|reading| reading.get(id)).any(|known| side(&known.source, field) == *here)
}

/// Gives a place the value of one field, as the document writes it.
fn put(place: &mut Structure, field: &str, value: &Value) {
    let mut all = fields::of(place);
    if *value == Value::Null {
        all.remove(field);
    } else {
        all.insert(field.to_owned(), value.clone());
    }
    // What came out of a place goes into one: a value that would not stays as it is.
    if let Ok(whole) = fields::read(&Value::Object(all)) {
        *place = whole;
    }
}

impl Followed {
    /// What is to be remembered, once the last source of the run has been read: `base` is the
    /// directory before the run, `after` the one that came out of it.
    pub fn state(&self, base: &Directory, after: &Directory) -> State {
        let Next { state, now, open, decided, removed } = &self.next;
        let of_source = |directory: &Directory| -> HashMap<String, Facts> {
            let there = directory.structures.iter().filter(|place| now.contains_key(&place.id));
            there.map(|place| (place.id.clone(), dated_facts(place))).collect()
        };
        let (was, is) = (of_source(base), of_source(after));
        let mut next = State { last: BTreeMap::new(), pending: BTreeMap::new(), ..state.clone() };
        for (id, latest) in now {
            let adopted = state.adopted.get(id);
            // One that was left out is remembered below.
            let Some(left) = is.get(id) else { continue };
            let mut known = Known { source: latest.clone(), directory: left.clone(), ..Known::default() };
            for field in CORRECTABLE {
                let key = (id.clone(), field.to_owned());
                let (here, latest) = (side(left, field), side(latest, field));
                let sides = adopted.and_then(|adopted| adopted.sides(field));
                if open.contains(&key) {
                    match sides {
                        Some(sides) => known.remember(field, sides),
                        None => _ = known.open.insert(field.to_owned()),
                    }
                } else if decided.contains(&key) {
                    // The value here is a decision: what the source would have left is another.
                    let left = sides.map(|(_, left)| left).filter(|left| *left != here);
                    known.remember(field, (latest.clone(), left.unwrap_or(latest)));
                } else if let Some((earlier, left)) = sides {
                    let was = was.get(id).map(|was| side(was, field)).unwrap_or_default();
                    if was != left && here == was && here != latest {
                        known.remember(field, (earlier, left));
                    }
                }
            }
            next.last.insert(id.clone(), known);
            match was.get(id) {
                None => _ = next.pending.insert(id.clone(), None),
                Some(was) => {
                    let changed = changed(was, left);
                    if !changed.is_empty() {
                        next.pending.insert(id.clone(), Some(changed));
                    }
                }
            }
        }
        for (id, known) in state.adopted.iter().filter(|(id, _)| !now.contains_key(*id)) {
            if let Some(gone) = self.report.gone.iter().find(|gone| gone.place.id == *id) {
                let known = Known { gone_since: Some(gone.since.clone()), ..known.clone() };
                next.last.insert(id.clone(), known.clone());
                next.adopted.insert(id.clone(), known);
            } else if !removed.contains(id) {
                next.adopted.remove(id);
            }
        }
        for id in removed {
            if let Some(known) = state.adopted.get(id) {
                next.last.insert(id.clone(), known.clone());
            }
        }
        next
    }
}

impl Known {
    fn remember(&mut self, field: &str, (source, directory): (Value, Value)) {
        for (facts, value) in [(&mut self.source, source), (&mut self.directory, directory)] {
            match plain(&value) {
                Value::Null => _ = facts.remove(field),
                value => _ = facts.insert(field.to_owned(), value),
            }
        }
    }
}

/// The facts before a run that are others after it.
fn changed(was: &Facts, is: &Facts) -> Facts {
    CORRECTABLE
        .into_iter()
        .chain([DAY])
        .filter(|field| side(was, field) != side(is, field))
        .map(|field| (field.to_owned(), side(was, field)))
        .collect()
}
