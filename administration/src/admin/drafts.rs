//! Drafts: a directory that somebody prepares, apart from what is live. What a draft is and
//! who changed it is a record of the ledger; its documents are values of KV that are written
//! once under names of their own, so that a draft is always whole and every step back is
//! still there.

use super::comparison::{Comparison, comparison};
use super::desk::Desk;
use super::territory::foreign;
use crate::archive::{compress, document, storage, unread};
use crate::ledger::{Kept, Log, Name, Reading, Writing, Written};
use crate::publication::listed;
use crate::random;
use crate::values::Note;
use crate::versions::State;
use exchange::import::Options;
use insight::compare::diff::{Difference, difference};
use insight::verify::examine::examine;
use js_sys::Uint8Array;
use protocol::Who;
use protocol::trail::{Done, Trace};
use serde::{Deserialize, Serialize};
use serving::brotli::decompress;
use serving::problem::{Failure, Problem};
use serving::store::{AT_LENGTH, Key};
use serving::{clock, shipped};
use shared::directory::{Directory, Structure};
use shared::finding::{Finding, Severity};
use shared::snapshot::SnapshotId;

/// The longest title, in characters.
pub(crate) const LONGEST_TITLE: usize = 120;
/// How many steps back a draft keeps.
const STEPS_KEPT: usize = 20;
const ID_BYTES: usize = 5;
const PART_BYTES: usize = 8;
const TOKEN_BYTES: usize = 16;

/// A draft as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub(crate) id: String,
    pub(crate) title: String,
    /// Whose places it changes; the Region's draft where there is none.
    pub(crate) territory: Option<String>,
    pub(crate) begun_by: Who,
    /// RFC 3339, UTC.
    pub(crate) begun_at: String,
    pub(crate) changed_by: Who,
    pub(crate) changed_at: String,
    /// The version that it started from, or was last brought up to.
    pub(crate) base: SnapshotId,
    /// The value that holds its document; the base's own where there is none.
    pub(crate) document: Option<String>,
    /// The documents before, the last one last, with what was then done.
    #[serde(default)]
    pub(crate) before: Vec<Step>,
    /// The file that was brought in, where there is one.
    #[serde(default)]
    pub(crate) import: Option<Import>,
    /// The last check, where the document has not changed since.
    #[serde(default)]
    pub(crate) check: Option<Check>,
    /// What nobody can guess of the private link to its preview.
    pub(crate) token: String,
    pub(crate) state: DraftState,
    /// It was begun for what places say by their private links.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) of_places: bool,
}

impl Draft {
    /// The values that it points to, by their names.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &str> {
        let of_import = self.import.iter().flat_map(|Import { file, into, gave, .. }| {
            [Some(file.as_str()), into.as_deref(), Some(gave.as_str())]
        });
        let of_check = self
            .check
            .iter()
            .flat_map(|Check { findings, comparison, .. }| [Some(findings.as_str()), comparison.as_deref()]);
        let before = self.before.iter().map(|step| step.document.as_deref());
        before.chain([self.document.as_deref()]).chain(of_import).chain(of_check).flatten()
    }

    /// The snapshots that it points to.
    pub(crate) fn snapshots(&self) -> impl Iterator<Item = &SnapshotId> {
        self.check.iter().filter_map(|check| check.snapshot.as_ref()).chain([&self.base])
    }

    /// Whether this is the secret part of the link to its preview.
    pub(crate) fn is_at(&self, token: &str) -> bool {
        super::keys::is_same(&self.token, token) && self.state != DraftState::Abandoned
    }
}

/// A step back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) document: Option<String>,
    /// What was done then, in plain French.
    pub(crate) done: String,
}

/// Where a draft is in its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DraftState {
    Open,
    /// Its editor is done, and waits for the Region.
    Proposed,
    /// As this version.
    Published(u64),
    Abandoned,
}

/// A file that was brought into a draft. The findings are what reading it again gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Import {
    /// Its name on the administrator's desk.
    pub(crate) name: String,
    pub(crate) bytes: usize,
    /// The value that holds it.
    pub(crate) file: String,
    /// The document that it was brought into.
    pub(crate) into: Option<String>,
    /// The document that it gave.
    pub(crate) gave: String,
    /// How it is read: the columns, what was accepted and refused.
    pub(crate) options: Options,
}

/// What a check said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Check {
    /// The day that it was made for.
    pub(crate) today: String,
    /// What the draft was compiled to, where it may be published.
    pub(crate) snapshot: Option<SnapshotId>,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    /// The value that holds the findings.
    pub(crate) findings: String,
    /// The value that holds the comparison with what was live then.
    #[serde(default)]
    pub(crate) comparison: Option<String>,
}

/// A finding as it is kept with a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptFinding {
    pub(crate) code: String,
    /// `error` or `warning`.
    pub(crate) severity: String,
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) value: String,
    pub(crate) expected: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) repair: Option<String>,
}

/// What somebody wants to change of a draft, and how it is told afterwards.
pub(crate) struct Changed {
    pub(crate) done: Done,
    pub(crate) detail: String,
}

impl Changed {
    pub(crate) fn to(detail: impl Into<String>) -> Self {
        Self { done: Done::DraftChanged, detail: detail.into() }
    }
}

impl Desk<'_> {
    /// The drafts that the person may open, the last changed first.
    pub(crate) async fn drafts(&self) -> Result<Vec<Kept<Draft>>, Failure> {
        let read = self.ledger.read(&Reading::default().all(Name::Draft(""))).await.map_err(unread)?;
        let mut drafts: Vec<Kept<Draft>> = read.all(Name::Draft(""))?;
        drafts.retain(|draft| self.person.role.opens(draft.value.territory.as_deref()));
        drafts.sort_by(|one, other| other.value.changed_at.cmp(&one.value.changed_at));
        Ok(drafts)
    }

    /// A draft. Those of others are as if they were not there.
    pub(crate) async fn draft(&self, id: &str) -> Result<Kept<Draft>, Failure> {
        let read = self.ledger.read(&Reading::default().name(Name::Draft(id))).await.map_err(unread)?;
        let draft: Option<Kept<Draft>> = read.get(Name::Draft(id))?;
        draft.filter(|draft| self.person.role.opens(draft.value.territory.as_deref())).ok_or_else(|| {
            let detail = "Ce brouillon n’existe pas, ou n’est pas à vous.";
            Problem::new(404, "unknown-draft", detail).into()
        })
    }

    /// Begins a draft from what is live.
    pub(crate) async fn begin(&self, title: &str, territory: Option<String>) -> Result<Kept<Draft>, Failure> {
        self.begin_for(title, territory, false).await
    }

    /// The same; where `of_places`, for what places say by their private links.
    pub(crate) async fn begin_for(
        &self,
        title: &str,
        territory: Option<String>,
        of_places: bool,
    ) -> Result<Kept<Draft>, Failure> {
        let territory = match self.person.role.territory() {
            Some(own) => Some(own.to_owned()),
            None => territory,
        };
        let state = State::read(&self.ledger, &self.store).await?;
        if let Some(id) = &territory {
            let live = self.parse(&document(Some(&self.store), &state.live).await?)?;
            if !live.territories.iter().any(|one| one.id == *id) {
                let detail = format!("Le territoire « {id} » n’est pas dans l’annuaire en ligne.");
                return Err(Problem::new(422, "unknown-territory", detail).into());
            }
        }
        let now = clock::timestamp();
        let title = title.trim();
        let draft = Draft {
            id: random::hexadecimal::<ID_BYTES>(),
            title: if title.is_empty() {
                format!("Brouillon du {}", &now[..10])
            } else {
                title.chars().take(LONGEST_TITLE).collect()
            },
            territory,
            begun_by: self.person.who(),
            begun_at: now.clone(),
            changed_by: self.person.who(),
            changed_at: now,
            base: state.live,
            document: None,
            before: Vec::new(),
            import: None,
            check: None,
            token: random::hexadecimal::<TOKEN_BYTES>(),
            state: DraftState::Open,
            of_places,
        };
        let done = Changed { done: Done::DraftBegun, detail: draft.title.clone() };
        self.keep(Kept { revision: 0, value: draft }, done).await
    }

    /// Writes a draft back, where nobody has changed it meanwhile.
    pub(crate) async fn keep(
        &self,
        mut draft: Kept<Draft>,
        changed: Changed,
    ) -> Result<Kept<Draft>, Failure> {
        let now = clock::timestamp();
        draft.value.changed_at.clone_from(&now);
        draft.value.changed_by = self.person.who();
        let id = draft.value.id.clone();
        let trace = Trace {
            at: now,
            by: Some(self.person.who()),
            done: changed.done,
            subject: id.clone(),
            detail: changed.detail,
        };
        let writing = Writing::default()
            .expect(Name::Draft(&id), draft.revision)
            .put(Name::Draft(&id), &draft.value)
            .append(Log::Audit, &trace);
        let writing = self.notes.take().iter().fold(writing, |writing, note| note.with(writing));
        match self.ledger.write(&writing).await.map_err(storage)? {
            Written::Done(revisions) => {
                draft.revision = revisions.first().copied().unwrap_or_default();
                Ok(draft)
            }
            Written::Conflict => Err(overtaken()),
        }
    }

    /// The document of a draft.
    pub(crate) async fn document(&self, draft: &Draft) -> Result<Vec<u8>, Failure> {
        self.stored(draft, draft.document.as_deref()).await
    }

    /// A document that a draft has or had: that of its base where no value is named.
    pub(crate) async fn stored(&self, draft: &Draft, part: Option<&str>) -> Result<Vec<u8>, Failure> {
        match part {
            Some(part) => self.part(draft, part).await,
            None => document(Some(&self.store), &draft.base).await,
        }
    }

    /// A value of a draft.
    pub(crate) async fn part(&self, draft: &Draft, part: &str) -> Result<Vec<u8>, Failure> {
        let stored = self.store.get(Key::Draft(&draft.id, part), AT_LENGTH).await.map_err(unread)?;
        stored
            .and_then(|bytes| decompress(&Uint8Array::from(&*bytes)))
            .map(|bytes| bytes.to_vec())
            .ok_or_else(|| {
                let detail = "Une partie de ce brouillon n’est plus enregistrée. Si vous venez de l’enregistrer ailleurs, attendez une minute ; sinon, revenez à l’étape d’avant.";
                Problem::new(409, "part-lost", detail).into()
            })
    }

    /// Writes a value of a draft, and returns its name.
    pub(crate) async fn write_part(&self, draft: &Draft, bytes: &[u8]) -> Result<String, Failure> {
        let part = random::hexadecimal::<PART_BYTES>();
        let note = Note::part(&self.ledger, &draft.id, &part).await?;
        self.notes.borrow_mut().push(note);
        self.store.put(Key::Draft(&draft.id, &part), &compress(bytes)?).await.map_err(storage)?;
        Ok(part)
    }

    /// Gives a draft another document, and writes it back. The one before stays a step back.
    pub(crate) async fn replace(
        &self,
        mut draft: Kept<Draft>,
        directory: &Directory,
        changed: Changed,
    ) -> Result<Kept<Draft>, Failure> {
        self.give(&mut draft.value, directory, &changed).await?;
        self.keep(draft, changed).await
    }

    /// Gives a draft another document. Nothing points to it before the draft is written back.
    pub(crate) async fn give(
        &self,
        draft: &mut Draft,
        directory: &Directory,
        changed: &Changed,
    ) -> Result<(), Failure> {
        only_open(draft)?;
        self.only_own(draft, directory).await?;
        let part = self.write_part(draft, directory.to_json().as_bytes()).await?;
        let before = draft.document.replace(part);
        draft.before.push(Step { document: before, done: changed.detail.clone() });
        let too_many = draft.before.len().saturating_sub(STEPS_KEPT);
        draft.before.drain(..too_many);
        draft.check = None;
        draft.state = DraftState::Open;
        Ok(())
    }

    /// Goes a step back.
    pub(crate) async fn undo(&self, mut draft: Kept<Draft>) -> Result<Kept<Draft>, Failure> {
        only_open(&draft.value)?;
        let Some(step) = draft.value.before.pop() else {
            let detail = "Il n’y a pas d’étape avant celle-ci.";
            return Err(Problem::new(409, "no-step-before", detail).into());
        };
        if draft
            .value
            .import
            .as_ref()
            .is_some_and(|import| Some(&import.gave) == draft.value.document.as_ref())
        {
            draft.value.import = None;
        }
        draft.value.document = step.document;
        draft.value.check = None;
        draft.value.state = DraftState::Open;
        self.keep(draft, Changed::to(format!("annulé : {}", step.done))).await
    }

    /// Gives up a draft. Nothing points to its values any more; who did what with it stays in the
    /// trail.
    pub(crate) async fn abandon(&self, mut draft: Kept<Draft>) -> Result<Kept<Draft>, Failure> {
        only_open(&draft.value)?;
        draft.value.state = DraftState::Abandoned;
        draft.value.document = None;
        draft.value.before.clear();
        draft.value.import = None;
        draft.value.check = None;
        let detail = draft.value.title.clone();
        self.keep(draft, Changed { done: Done::DraftAbandoned, detail }).await
    }

    /// Changes, adds or removes one place.
    pub(crate) async fn change_place(
        &self,
        draft: Kept<Draft>,
        id: &str,
        place: Option<Structure>,
    ) -> Result<Kept<Draft>, Failure> {
        let mut directory = self.parse(&self.document(&draft.value).await?)?;
        let at = directory.structures.iter().position(|structure| structure.id == id);
        let detail = match (at, place) {
            (Some(at), Some(place)) => {
                let detail = format!("lieu modifié : {}", place.name);
                directory.structures[at] = place;
                detail
            }
            (None, Some(place)) => {
                let detail = format!("lieu ajouté : {}", place.name);
                directory.structures.push(place);
                detail
            }
            (Some(at), None) => format!("lieu retiré : {}", directory.structures.remove(at).name),
            (None, None) => {
                let detail = format!("Le lieu « {id} » n’est pas dans ce brouillon.");
                return Err(Problem::new(404, "unknown-place", detail).into());
            }
        };
        self.replace(draft, &directory, Changed::to(detail)).await
    }

    /// Changes, adds or removes one place as a program writes it. What differs from the place before was
    /// written by a person, as on a page; leaving `corrections` out releases none of them.
    pub(crate) async fn write_place(
        &self,
        draft: Kept<Draft>,
        id: &str,
        place: Option<Structure>,
    ) -> Result<Kept<Draft>, Failure> {
        let Some(mut place) = place else { return self.change_place(draft, id, None).await };
        let directory = self.parse(&self.document(&draft.value).await?)?;
        let before = directory.structures.iter().find(|structure| structure.id == id);
        if let Some(before) = before.filter(|_| place.corrections.is_empty()) {
            place.corrections.clone_from(&before.corrections);
        }
        place.correct(before, &clock::today());
        self.change_place(draft, id, Some(place)).await
    }

    /// What a draft changes, against what is live; and what is live.
    pub(crate) async fn against_live(&self, draft: &Draft) -> Result<Compared, Failure> {
        let state = State::read(&self.ledger, &self.store).await?;
        let before = self.parse(&document(Some(&self.store), &state.live).await?)?;
        let after = self.parse(&self.document(draft).await?)?;
        let difference = difference(&before, &after);
        Ok(Compared { live: state.live, version: state.version, before, after, difference })
    }

    /// Checks a draft: everything that a publication would check. What it compiles to is
    /// stored, so that it can be previewed, and so that publishing it only has to point at it.
    pub(crate) async fn check(&self, mut draft: Kept<Draft>) -> Result<(Kept<Draft>, Vec<Finding>), Failure> {
        let today = clock::today();
        let bytes = self.document(&draft.value).await?;
        let geography = shipped::geography()?;
        let mut compared = None;
        let (snapshot, findings) = match examine(self.parse(&bytes)?, &geography, &today) {
            Ok(examined) => {
                let note = crate::archive::write(&self.store, &self.ledger, &examined.snapshot).await?;
                self.notes.borrow_mut().push(note);
                let live = State::read(&self.ledger, &self.store).await?.live;
                let before = self.parse(&document(Some(&self.store), &live).await?)?;
                let comparison = comparison(live, before, &examined, &geography, &today);
                let json =
                    serde_json::to_vec(&comparison).map_err(|error| Failure::ours("a comparison", &error))?;
                compared = Some(self.write_part(&draft.value, &json).await?);
                (Some(examined.snapshot.id), examined.findings)
            }
            Err(refused) => (None, refused.findings),
        };
        let json =
            serde_json::to_vec(&listed(&findings)).map_err(|error| Failure::ours("findings", &error))?;
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        draft.value.check = Some(Check {
            today,
            snapshot,
            errors,
            warnings: findings.len() - errors,
            findings: self.write_part(&draft.value, &json).await?,
            comparison: compared,
        });
        let detail = if errors == 0 {
            "rien ne s’oppose à la publication".to_owned()
        } else {
            format!("erreurs : {errors}")
        };
        let draft = self.keep(draft, Changed { done: Done::DraftChecked, detail }).await?;
        Ok((draft, findings))
    }

    /// What the last check said that a draft changes for people; nothing where there is none.
    pub(crate) async fn comparison(&self, draft: &Draft) -> Result<Option<Comparison>, Failure> {
        let Some(part) = draft.check.as_ref().and_then(|check| check.comparison.as_deref()) else {
            return Ok(None);
        };
        serde_json::from_slice(&self.part(draft, part).await?)
            .map(Some)
            .map_err(|error| Failure::ours("the comparison of a draft", &error))
    }

    /// The check of a draft, made today and of what it holds now; makes one where there is none.
    pub(crate) async fn checked(&self, draft: Kept<Draft>) -> Result<(Kept<Draft>, Check), Failure> {
        let today = clock::today();
        if let Some(check) = draft.value.check.clone().filter(|check| check.today == today) {
            return Ok((draft, check));
        }
        let (draft, _) = self.check(draft).await?;
        let check = draft.value.check.clone();
        check.map(|check| (draft, check)).ok_or(Failure::Ours)
    }

    /// Refuses what a territory's editor changes outside their territory.
    async fn only_own(&self, draft: &Draft, after: &Directory) -> Result<(), Failure> {
        let Some(territory) = &draft.territory else { return Ok(()) };
        let before = self.parse(&document(Some(&self.store), &draft.base).await?)?;
        let foreign = foreign(&difference(&before, after), &before, after, territory)?;
        if foreign.is_empty() {
            return Ok(());
        }
        let some: Vec<&str> = foreign.iter().take(5).map(String::as_str).collect();
        let more = if foreign.len() > some.len() { "…" } else { "" };
        let detail = format!(
            "Ce brouillon ne peut changer que les lieux de son territoire. Sont en dehors : {}{more}. Rien n’a été changé.",
            some.join(", ")
        );
        Err(Problem::new(403, "outside-territory", detail).into())
    }

    /// Reads a stored document, which was a directory when it was stored.
    #[expect(clippy::unused_self, reason = "documents are read at the desk")]
    pub(crate) fn parse(&self, document: &[u8]) -> Result<Directory, Failure> {
        Directory::from_json(document).map_err(|finding| {
            let detail = "Un document enregistré ne peut plus être lu par cette version du service.";
            Problem::new(409, "document-unreadable", detail).with("findings", listed(&[finding])).into()
        })
    }
}

/// A draft beside what is live.
pub(crate) struct Compared {
    pub(crate) live: SnapshotId,
    /// The number of its version; 0 before the first publication.
    pub(crate) version: u64,
    pub(crate) before: Directory,
    pub(crate) after: Directory,
    pub(crate) difference: Difference,
}

/// Somebody else has changed the draft.
pub(crate) fn overtaken() -> Failure {
    let detail = "Ce brouillon a changé entre-temps : quelqu’un d’autre y travaille, ou vous avez cliqué deux fois. Rien de ce qui y est n’est perdu ; rechargez-le, puis recommencez.";
    Problem::new(412, "draft-changed", detail).into()
}

/// Refuses to change a draft that is over.
pub(crate) fn only_open(draft: &Draft) -> Result<(), Failure> {
    match draft.state {
        DraftState::Open | DraftState::Proposed => Ok(()),
        DraftState::Published(_) | DraftState::Abandoned => {
            let detail = "Ce brouillon est terminé : il a été publié ou abandonné. Commencez-en un autre.";
            Err(Problem::new(409, "draft-over", detail).into())
        }
    }
}
