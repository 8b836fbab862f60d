//! Where an administrator's request is carried out: who asks, and what it is done with. The
//! API and the pages call the same things here.

use super::drafts::{Changed, Compared, Draft, DraftState, Import, KeptFinding, only_open};
use super::keys::{Key, LONGEST_NAME};
use super::person::Person;
use super::territory::{foreign, sends_others_elsewhere};
use super::turn;
use super::who::{How, Secret};
use crate::archive::{document, storage, unread};
use crate::ledger::{Entry, Kept, Ledger, Log, Name, Reading, Writing, Written};
use crate::publication::{Publisher, Told, may_remove, quality};
use crate::values::Note;
use crate::versions::{State, Whole};
use exchange::import::report::Report;
use exchange::import::{Imported, Options};
use exchange::refusal::Refusal;
use insight::compare::diff::summary;
use protocol::Revoked;
use protocol::rights::{Right, Role};
use protocol::trail::{Done, Trace};
use protocol::versions::{Action, Switched};
use serving::clock;
use serving::header::Precondition;
use serving::host::Host;
use serving::problem::{Failure, Problem};
use serving::store::Store;
use shared::directory::Directory;
use shared::validate::Valid;
use std::cell::RefCell;
use std::rc::Rc;

/// Whoever asks, and what their request is carried out with.
pub(crate) struct Desk<'a> {
    pub(crate) host: &'a Host<'a>,
    pub(crate) store: Store,
    pub(crate) ledger: Ledger,
    pub(crate) person: Person,
    pub(crate) how: How,
    pub(crate) secret: Secret,
    /// What was written and nothing points to yet.
    pub(crate) notes: RefCell<Vec<Note>>,
}

/// How many rows of a file are read here: what an isolate of 128 MB has room for, ten times what
/// a region has.
const MOST_ROWS: usize = 10_000;

/// What whoever publishes a draft has answered for.
pub(crate) struct Answered {
    /// How many places it removes.
    pub(crate) removing: Option<usize>,
    /// Whoever publishes has seen what people lose by it, and wants it.
    pub(crate) accept_losses: bool,
}

/// Why a draft cannot be published as it is.
pub(crate) enum Unready {
    /// It has errors.
    Errors(usize),
    Failure(Failure),
}

impl From<Failure> for Unready {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<Unready> for Failure {
    fn from(unready: Unready) -> Self {
        match unready {
            Unready::Errors(errors) => {
                let s = if errors > 1 { "s" } else { "" };
                let detail = format!(
                    "Le brouillon n’a pas été publié : il contient {errors} erreur{s}. La version en ligne n’a pas changé."
                );
                Problem::new(422, "invalid-directory", detail).into()
            }
            Unready::Failure(failure) => failure,
        }
    }
}

impl Desk<'_> {
    /// Refuses whoever has not a right, and records it.
    pub(crate) async fn must(&self, right: Right, what: &str) -> Result<(), Failure> {
        if self.person.role.may(right) {
            return Ok(());
        }
        Err(self.forbidden(what).await)
    }

    /// The refusal of something that the person may not do.
    pub(crate) async fn forbidden(&self, what: &str) -> Failure {
        let trace = self.trace(Done::Forbidden, what, "");
        // The refusal stands whether or not it could be recorded.
        let _ = self.ledger.write(&Writing::default().append(Log::Audit, &trace)).await;
        let detail = format!("Votre clé d’accès ne permet pas cela ({}).", self.person.role.french());
        Problem::new(403, "forbidden", detail).into()
    }

    pub(crate) fn trace(&self, done: Done, subject: &str, detail: &str) -> Trace {
        Trace {
            at: clock::timestamp(),
            by: Some(self.person.who()),
            done,
            subject: subject.to_owned(),
            detail: detail.to_owned(),
        }
    }

    /// What publishes in this person's name.
    pub(crate) const fn publisher(&self) -> Publisher<'_> {
        Publisher { host: self.host, store: &self.store, ledger: &self.ledger, person: &self.person }
    }

    /// The document of the live version.
    pub(crate) async fn live_document(&self) -> Result<Vec<u8>, Failure> {
        let live = State::read(&self.ledger, &self.store).await?.live;
        document(Some(&self.store), &live).await
    }

    /// The live directory, where it still passes the checks of today.
    pub(crate) async fn valid(&self) -> Result<Valid, Failure> {
        super::validated_live(self.parse(&self.live_document().await?)?)
    }

    /// Brings a file into a draft. One that was brought in before, and what was changed since,
    /// stays a step back.
    pub(crate) async fn bring_in(
        &self,
        mut draft: Kept<Draft>,
        name: &str,
        bytes: Rc<Vec<u8>>,
        options: Options,
    ) -> Result<(Kept<Draft>, Report), Failure> {
        only_open(&draft.value)?;
        let into = draft.value.document.clone();
        let (directory, report) =
            self.read_file(&draft.value, into.as_deref(), Rc::clone(&bytes), &options).await?;
        let file = self.write_part(&draft.value, &bytes).await?;
        let changed = Changed::to(format!("fichier importé : {name}"));
        self.give(&mut draft.value, &directory, &changed).await?;
        let gave = draft.value.document.clone().unwrap_or_default();
        let bytes = bytes.len();
        draft.value.import = Some(Import { name: name.to_owned(), bytes, file, into, gave, options });
        // In one writing: whoever is gone by now leaves all of it, or nothing.
        Ok((self.keep(draft, changed).await?, report))
    }

    /// Reads the file of a draft again, in another way: other columns, other decisions.
    pub(crate) async fn read_again(
        &self,
        mut draft: Kept<Draft>,
        options: Options,
    ) -> Result<(Kept<Draft>, Report), Failure> {
        only_open(&draft.value)?;
        let mut import = imported(&draft.value)?.clone();
        let bytes = Rc::new(self.part(&draft.value, &import.file).await?);
        let (mut directory, report) =
            self.read_file(&draft.value, import.into.as_deref(), bytes, &options).await?;
        // What was changed by hand since the file was read is carried over.
        if draft.value.document.as_ref() != Some(&import.gave) {
            let gave = self.parse(&self.part(&draft.value, &import.gave).await?)?;
            let mine = self.parse(&self.document(&draft.value).await?)?;
            directory = insight::compare::rebase::rebase(&gave, &mine, &directory).directory;
        }
        import.options = options;
        let changed = Changed::to("fichier relu autrement");
        self.give(&mut draft.value, &directory, &changed).await?;
        import.gave = draft.value.document.clone().unwrap_or_default();
        draft.value.import = Some(import);
        Ok((self.keep(draft, changed).await?, report))
    }

    /// What reading the file of a draft said: reading it again says the same.
    pub(crate) async fn report(&self, draft: &Draft) -> Result<Report, Failure> {
        let import = imported(draft)?;
        let bytes = Rc::new(self.part(draft, &import.file).await?);
        Ok(self.read_file(draft, import.into.as_deref(), bytes, &import.options).await?.1)
    }

    async fn read_file(
        &self,
        draft: &Draft,
        into: Option<&str>,
        bytes: Rc<Vec<u8>>,
        options: &Options,
    ) -> Result<(Directory, Report), Failure> {
        let base = self.parse(&self.stored(draft, into).await?)?;
        let options = Options { most_rows: Some(MOST_ROWS), ..options.clone() };
        let Imported { directory, report } = turn::read(bytes, base, options).await?.map_err(unreadable)?;
        Ok((directory, report))
    }

    /// Puts a draft forward to the Region.
    pub(crate) async fn propose(&self, mut draft: Kept<Draft>) -> Result<Kept<Draft>, Failure> {
        only_open(&draft.value)?;
        draft.value.state = DraftState::Proposed;
        self.keep(draft, Changed::to("proposé à la Région")).await
    }

    /// Brings a draft up to what is live: what it changes stays, and so does what others
    /// have published since. Returns what both have changed differently, where the live
    /// version won.
    pub(crate) async fn bring_up_to_date(
        &self,
        mut draft: Kept<Draft>,
    ) -> Result<(Kept<Draft>, Vec<insight::compare::rebase::Conflict>), Failure> {
        only_open(&draft.value)?;
        let state = State::read(&self.ledger, &self.store).await?;
        if state.live == draft.value.base {
            return Ok((draft, Vec::new()));
        }
        let base = self.parse(&document(Some(&self.store), &draft.value.base).await?)?;
        let mine = self.parse(&self.document(&draft.value).await?)?;
        let theirs = self.parse(&document(Some(&self.store), &state.live).await?)?;
        let rebased = insight::compare::rebase::rebase(&base, &mine, &theirs);
        let part = self.write_part(&draft.value, rebased.directory.to_json().as_bytes()).await?;
        // The steps before were taken from another version: going back to them would undo
        // what others have published.
        draft.value.before.clear();
        draft.value.import = None;
        draft.value.document = Some(part);
        draft.value.base = state.live;
        draft.value.check = None;
        let draft = self.keep(draft, Changed::to("mis à jour sur la version en ligne")).await?;
        Ok((draft, rebased.conflicts))
    }

    /// Publishes a draft, where what it started from is still live, and where somebody answers for
    /// what people lose by it.
    pub(crate) async fn publish_draft(
        &self,
        draft: Kept<Draft>,
        reason: String,
        answered: Answered,
    ) -> Result<(Kept<Draft>, Switched), Unready> {
        if !self.person.role.may(Right::PublishOwnPlaces) {
            return Err(self.forbidden(&draft.value.id).await.into());
        }
        only_open(&draft.value)?;
        let (draft, check) = self.checked(draft).await?;
        let Some(snapshot) = check.snapshot else { return Err(Unready::Errors(check.errors)) };
        // Noted first: once it has been found whole, it stays.
        let note = Note::again(&self.ledger, &snapshot).await?;
        let manifest = self.publisher().whole(&snapshot).await?;
        let Compared { live, version, before, after, difference } = self.against_live(&draft.value).await?;
        let known = self.comparison(&draft.value).await?.filter(|known| known.live == live);
        if let Some(territory) = self.person.role.territory()
            && live == draft.value.base
        {
            if !foreign(&difference, &before, &after, territory)?.is_empty() {
                return Err(self.forbidden(&draft.value.id).await.into());
            }
            if let Some(refusal) = sends_others_elsewhere(known.as_ref(), &before, territory)? {
                self.forbidden(&draft.value.id).await;
                return Err(Failure::from(refusal).into());
            }
        }
        if live == draft.value.base {
            may_remove(version, difference.removed.len(), before.structures.len(), answered.removing)
                .map_err(Failure::from)?;
            let losses = known.as_ref().map_or(&[][..], |known| &known.losses);
            if !(losses.is_empty() || answered.accept_losses) {
                return Err(Failure::from(unanswered(losses)).into());
            }
        }
        let base = draft.value.base.as_str().to_owned();
        let precondition = Precondition::Live(vec![&base]);
        let reason = if reason.trim().is_empty() { draft.value.title.clone() } else { reason };
        let changes = known.map_or_else(|| summary(&difference, None, None), |known| known.summary);
        let told = Told { changes: Some(changes), quality: quality(&after) };
        let whole = Whole { manifest: &manifest, note: note.as_ref() };
        let switched = self.publisher().switch(&precondition, whole, Action::Publish, reason, told).await?;
        let mut published = draft;
        published.value.state = DraftState::Published(switched.version);
        // What it was made of may hold more than what is published.
        published.value.before.clear();
        published.value.import = None;
        let detail = format!("publié : version {}", switched.version);
        Ok((self.keep(published, Changed::to(detail)).await?, switched))
    }

    /// The access keys, the newest first.
    pub(crate) async fn keys(&self) -> Result<Vec<Kept<Key>>, Failure> {
        let read = self.ledger.read(&Reading::default().all(Name::Key(""))).await.map_err(unread)?;
        let mut keys: Vec<Kept<Key>> = read.all(Name::Key(""))?;
        keys.sort_by(|one, other| other.value.made_at.cmp(&one.value.made_at));
        Ok(keys)
    }

    /// Makes an access key. The text that is returned is shown once, and kept nowhere.
    pub(crate) async fn make_key(
        &self,
        name: &str,
        role: Role,
        email: Option<String>,
    ) -> Result<(Key, String), Failure> {
        let name: String = name.trim().chars().take(LONGEST_NAME).collect();
        if name.is_empty() {
            let detail = "Donnez un nom à la clé : la personne ou le service qui l’aura.";
            return Err(Problem::new(422, "key-without-name", detail).into());
        }
        if let Some(id) = role.territory() {
            let live = self.parse(&self.live_document().await?)?;
            if !live.territories.iter().any(|territory| territory.id == id) {
                let detail = format!("Le territoire « {id} » n’est pas dans l’annuaire en ligne.");
                return Err(Problem::new(422, "unknown-territory", detail).into());
            }
        }
        let email = email.map(|email| email.trim().to_owned()).filter(|email| !email.is_empty());
        let made = Key::make(name, role, email, &self.person, clock::timestamp(), self.secret.mark());
        let subject = made.key.id.clone();
        let trace =
            self.trace(Done::KeyMade, &subject, &format!("{} ({})", made.key.name, made.key.role.french()));
        let writing = Writing::default()
            .expect(Name::Key(&subject), 0)
            .put(Name::Key(&subject), &made.key)
            .append(Log::Audit, &trace);
        match self.ledger.write(&writing).await.map_err(storage)? {
            Written::Done(_) => Ok((made.key, made.secret)),
            Written::Conflict => Err(Failure::ours("a random id was given twice", &subject)),
        }
    }

    /// Revokes an access key: it opens nothing from now on, nor do the browsers that signed
    /// in with it.
    pub(crate) async fn revoke_key(&self, id: &str) -> Result<Key, Failure> {
        let revoked = Revoked { at: clock::timestamp(), by: self.person.who() };
        self.change_key(id, Done::KeyRevoked, &|key| {
            let is_new = key.revoked.is_none();
            Ok(is_new.then(|| Key { revoked: Some(revoked.clone()), ..key.clone() }))
        })
        .await
    }

    /// Confirms a key that another secret has suspended.
    pub(crate) async fn confirm_key(&self, id: &str) -> Result<Key, Failure> {
        let mark = self.secret.mark();
        self.change_key(id, Done::KeyConfirmed, &|key| {
            if key.revoked.is_some() {
                let detail =
                    "Cette clé a été retirée : elle ne peut plus être confirmée. Créez-en une autre.";
                return Err(Problem::new(409, "revoked-key", detail));
            }
            Ok((!key.is_of(mark)).then(|| Key { mark: mark.to_owned(), ..key.clone() }))
        })
        .await
    }

    /// Changes a key, and records it; a key that is already so stays as it is.
    async fn change_key(
        &self,
        id: &str,
        done: Done,
        change: &dyn Fn(&Key) -> Result<Option<Key>, Problem>,
    ) -> Result<Key, Failure> {
        loop {
            let read = self.ledger.read(&Reading::default().name(Name::Key(id))).await.map_err(unread)?;
            let key: Kept<Key> = read
                .get(Name::Key(id))?
                .ok_or_else(|| Problem::new(404, "unknown-key", "Cette clé d’accès n’existe pas."))?;
            let Some(value) = change(&key.value)? else { return Ok(key.value) };
            let writing = Writing::default()
                .expect(Name::Key(id), key.revision)
                .put(Name::Key(id), &value)
                .append(Log::Audit, &self.trace(done.clone(), id, &value.name));
            // A conflict: it was used, or changed, at this very moment, in the same record.
            if let Written::Done(_) = self.ledger.write(&writing).await.map_err(storage)? {
                return Ok(value);
            }
        }
    }

    /// The audit trail, newest first.
    pub(crate) async fn trail(&self, before: Option<u64>, limit: u32) -> Result<Vec<Entry<Trace>>, Failure> {
        self.ledger.read(&Reading::default().log(Log::Audit, before, limit)).await.map_err(unread)?.log()
    }

    /// The findings of the last check of a draft.
    pub(crate) async fn findings(&self, draft: &Draft) -> Result<Vec<KeptFinding>, Failure> {
        let Some(check) = &draft.check else { return Ok(Vec::new()) };
        serde_json::from_slice(&self.part(draft, &check.findings).await?)
            .map_err(|error| Failure::ours("the findings of a draft", &error))
    }
}

/// The file that was brought into a draft.
fn imported(draft: &Draft) -> Result<&Import, Failure> {
    draft.import.as_ref().ok_or_else(|| {
        Problem::new(404, "no-file", "Aucun fichier n’a été importé dans ce brouillon.").into()
    })
}

/// A file that cannot be read at all.
fn unreadable(refusal: Refusal) -> Failure {
    let mut problem = Problem::new(422, refusal.code, refusal.message);
    if let Some(advice) = refusal.advice {
        problem = problem.with("advice", advice);
    }
    problem.into()
}

/// Stops a draft by which people lose something that nobody has answered for.
fn unanswered(losses: &[KeptFinding]) -> Problem {
    let names: Vec<&str> = losses.iter().map(|loss| loss.value.as_str()).collect();
    let detail = format!(
        "Ce brouillon enlève quelque chose à des personnes ({}). Il n’est publié que si quelqu’un l’a vu et le veut. La version en ligne n’a pas changé.",
        names.join(", ")
    );
    let losses = serde_json::to_value(losses).unwrap_or_default();
    Problem::new(409, "losses-unanswered", detail).with("losses", losses)
}
