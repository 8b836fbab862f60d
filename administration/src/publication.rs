//! Publishing and going back. Pieces are written first, under the new snapshot's own keys;
//! then the version becomes live ([`crate::versions`]). Whatever fails before that leaves
//! the live version as it was.

use crate::admin::person::Person;
use crate::archive::{document, is_whole, storage, unread, write, write_shipped};
use crate::ledger::Ledger;
use crate::versions::unchanged;
use crate::versions::{Change, State, Whole, go_live, history, not_live, of_snapshot};
use insight::compare::diff::{Summary, difference, removes_many, summary};
use insight::report::quality::QualitySummary;
use insight::verify::examine::{Examined, Refused, examine};
use insight::verify::proof::CounterExample;
use protocol::versions::{Action, Switched};
use serde_json::Value;
use serving::header::Precondition;
use serving::host::Host;
use serving::host::{self, Found};
use serving::problem::{Failure, Problem};
use serving::store::{AT_LENGTH, Key, Store, Unreachable};
use serving::{clock, shipped};
use shared::directory::Directory;
use shared::finding::{Finding, Severity};
use shared::snapshot::{Manifest, PIECE_FORMAT, SnapshotId};

/// Why a directory is not good.
pub(crate) enum Refusal {
    /// It has errors, or a case that must not be.
    Refused(Box<Refused>),
    /// It could not be checked.
    Failure(Failure),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Refused(refused) => not_published(&refused),
            Refusal::Failure(failure) => failure,
        }
    }
}

/// Reads, validates, analyses, compiles and proves a directory that was sent.
pub(crate) fn check(body: &[u8], today: &str) -> Result<Examined, Refusal> {
    let directory = Directory::from_json(body).map_err(|finding| {
        Refusal::Refused(Box::new(Refused { findings: vec![finding], counter_example: None }))
    })?;
    let geography = shipped::geography().map_err(Refusal::Failure)?;
    examine(directory, &geography, today).map_err(Refusal::Refused)
}

fn not_published(refused: &Refused) -> Failure {
    const UNTOUCHED: &str = "La version en ligne n’a pas changé.";
    let findings = listed(&refused.findings);
    if let Some(found) = &refused.counter_example {
        let detail = format!(
            "L’annuaire n’a pas été publié : la preuve a trouvé un contre-exemple ({}). {UNTOUCHED}",
            found.sentence()
        );
        return Problem::new(422, "counter-example", detail)
            .with("findings", findings)
            .with("counter_example", told(found))
            .into();
    }
    let errors = refused.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let detail = format!(
        "L’annuaire n’a pas été publié : il contient {errors} erreur{}. {UNTOUCHED}",
        if errors > 1 { "s" } else { "" }
    );
    Problem::new(422, "invalid-directory", detail).with("findings", findings).into()
}

/// A counter-example as JSON, with the text that a person reads.
pub(crate) fn told(found: &CounterExample) -> Value {
    let mut json = serde_json::to_value(found).unwrap_or_default();
    if let Value::Object(fields) = &mut json {
        fields.insert("text".to_owned(), found.to_string().into());
    }
    json
}

/// Findings as JSON.
pub(crate) fn listed(findings: &[Finding]) -> Value {
    serde_json::to_value(findings).unwrap_or_default()
}

/// What is kept with a version beside its name.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) changes: Option<Summary>,
    pub(crate) quality: Option<QualitySummary>,
}

/// How good the records of a directory are, as of today.
pub(crate) fn quality(directory: &Directory) -> Option<QualitySummary> {
    let geography = shipped::geography().ok()?;
    Some(insight::report::quality::summary(directory, &geography, &clock::today()))
}

/// Stops a publication that takes away more than a tenth of the live places
/// ([`removes_many`]), unless somebody has said how many. Before the first publication (version 0)
/// the shipped directory may be replaced by anything: nobody has published it.
pub(crate) fn may_remove(
    version: u64,
    removed: usize,
    before: usize,
    removing: Option<usize>,
) -> Result<(), Problem> {
    if version == 0 || !removes_many(removed, before) || removing == Some(removed) {
        return Ok(());
    }
    let detail = format!(
        "Cette publication retire {removed} lieux sur {before}. Si c’est voulu, dites ce nombre avec « removing ». La version en ligne n’a pas changé."
    );
    Err(Problem::new(409, "removes-many", detail).with("removed", removed))
}

/// How many places there were before a change, from how many there are after it.
pub(crate) const fn before(after: usize, changes: &Summary) -> usize {
    (after + changes.removed).saturating_sub(changes.added)
}

/// Publishes the live document again where its pieces are in the form of another version of the
/// program, which this one does not read: visitors have the shipped directory until then.
///
/// Asked twice at once, both compile the same snapshot and one makes it live.
pub(crate) async fn renew(host: &Host<'_>) -> Result<(), Failure> {
    const REASON: &str = "Le même annuaire, compilé à nouveau par cette version du programme.";
    let (store, ledger) = (Store::open(host.env).map_err(unread)?, Ledger::open(host.env).map_err(unread)?);
    let state = State::read(&ledger, &store).await?;
    if state.version == 0 || shipped::is_shipped(&state.live) {
        return Ok(());
    }
    let manifest = store.get(Key::Manifest(&state.live), AT_LENGTH).await.map_err(unread)?;
    let format = manifest
        .filter(|bytes| Manifest::id_of(bytes) == state.live)
        .and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok())
        .map(|manifest| manifest.format);
    if format.is_none_or(|format| format == PIECE_FORMAT) {
        return Ok(());
    }
    let Examined { snapshot, directory, .. } =
        check(&document(Some(&store), &state.live).await?, &clock::today())?;
    let note = write(&store, &ledger, &snapshot).await?;
    let person = Person::program();
    let publisher = Publisher { host, store: &store, ledger: &ledger, person: &person };
    let whole = Whole { manifest: &snapshot.manifest, note: Some(&note) };
    let told = Told { changes: None, quality: quality(directory.directory()) };
    let precondition = Precondition::Live(vec![state.live.as_str()]);
    publisher.switch(&precondition, whole, Action::Renewed, REASON.to_owned(), told).await?;
    Ok(())
}

/// Where publications are written, and who asks for one.
pub(crate) struct Publisher<'a> {
    pub(crate) host: &'a Host<'a>,
    pub(crate) store: &'a Store,
    pub(crate) ledger: &'a Ledger,
    pub(crate) person: &'a Person,
}

impl Publisher<'_> {
    /// Publishes a directory.
    pub(crate) async fn publish(
        &self,
        body: &[u8],
        precondition: &Precondition<'_>,
        reason: String,
        removing: Option<usize>,
    ) -> Result<Switched, Failure> {
        let state = State::read(self.ledger, self.store).await?;
        if !precondition.allows(state.live.as_str()) {
            return Err(not_live(&state.live));
        }
        let Examined { snapshot, findings, directory, .. } = check(body, &clock::today())?;
        let findings = listed(&findings);
        if state.version > 0 && state.live == snapshot.id {
            // Publishing again mends what KV has lost of it.
            if !is_whole(self.store, &snapshot.manifest).await.map_err(storage)? {
                write(self.store, self.ledger, &snapshot).await?;
                state.mended();
            }
            return Ok(Switched { findings: Some(findings), ..unchanged(&state) });
        }
        let changes = self.changes(&state.live, directory.directory()).await;
        if let Some(changes) = &changes {
            let before = before(directory.directory().structures.len(), changes);
            may_remove(state.version, changes.removed, before, removing)?;
        }
        let note = write(self.store, self.ledger, &snapshot).await?;
        let told = Told { changes, quality: quality(directory.directory()) };
        let whole = Whole { manifest: &snapshot.manifest, note: Some(&note) };
        let switched = self.switch(precondition, whole, Action::Publish, reason, told).await?;
        Ok(Switched { findings: Some(findings), ..switched })
    }

    /// Makes a snapshot that is stored whole the live one.
    pub(crate) async fn switch(
        &self,
        precondition: &Precondition<'_>,
        whole: Whole<'_>,
        action: Action,
        reason: String,
        told: Told,
    ) -> Result<Switched, Failure> {
        let by = self.person;
        let Told { changes, quality } = told;
        let change = Change { by, precondition, whole, action, reason, changes, quality };
        go_live(self.ledger, self.store, &change).await
    }

    /// What a directory changes against a stored one; nothing where that cannot be read.
    pub(crate) async fn changes(&self, before: &SnapshotId, after: &Directory) -> Option<Summary> {
        let before = document(Some(self.store), before).await.ok()?;
        let before = Directory::from_json(&before).ok()?;
        Some(summary(&difference(&before, after), None, None))
    }

    /// Goes back to a snapshot that was live before: this one, or the one before the live one.
    pub(crate) async fn roll_back(
        &self,
        to: Option<SnapshotId>,
        precondition: &Precondition<'_>,
        reason: String,
    ) -> Result<Switched, Failure> {
        let state = State::read(self.ledger, self.store).await?;
        let target = match to {
            Some(target) => target,
            None => self.before_live(&state).await?,
        };
        if state.version > 0 && state.live == target {
            return Ok(unchanged(&state));
        }
        if !precondition.allows(state.live.as_str()) {
            return Err(not_live(&state.live));
        }
        let is_shipped = shipped::is_shipped(&target);
        let is_listed = async || of_snapshot(self.ledger, |version| version.snapshot == target).await;
        if !is_shipped && is_listed().await?.is_none() {
            let detail = "Cette version n’est pas dans l’historique. La version en ligne n’a pas changé.";
            return Err(Problem::new(404, "unknown-snapshot", detail).into());
        }
        let (manifest, note) = if is_shipped {
            let (manifest, note) = write_shipped(self.store, self.ledger).await?;
            (manifest, Some(note))
        } else {
            // The history points to it.
            (self.whole(&target).await?, None)
        };
        let after = match document(Some(self.store), &target).await {
            Ok(after) => Directory::from_json(&after).ok(),
            Err(_) => None,
        };
        let told = match &after {
            Some(after) => Told { changes: self.changes(&state.live, after).await, quality: quality(after) },
            None => Told::default(),
        };
        let whole = Whole { manifest: &manifest, note: note.as_ref() };
        self.switch(precondition, whole, Action::Rollback, reason, told).await
    }

    /// The manifest of a snapshot that KV has whole.
    pub(crate) async fn whole(&self, target: &SnapshotId) -> Result<Manifest, Failure> {
        match host::manifest(self.host, target).await {
            Found::Good(manifest) if is_whole(self.store, &manifest).await.map_err(storage)? => Ok(manifest),
            Found::Unreachable => Err(storage(Unreachable)),
            _ => {
                let detail = "Cette version n’est plus enregistrée en entier : on ne peut pas y revenir. La version en ligne n’a pas changé.";
                Err(Problem::new(409, "snapshot-lost", detail).into())
            }
        }
    }

    /// The snapshot that was live before the live one: the shipped one before the first
    /// publication.
    async fn before_live(&self, state: &State) -> Result<SnapshotId, Failure> {
        if state.version == 0 {
            let detail = "Rien n’a encore été publié : il n’y a pas de version précédente.";
            return Err(Problem::new(409, "no-previous-version", detail).into());
        }
        let newest = history(self.ledger, None, 2).await?;
        let before = newest.into_iter().find(|entry| entry.value.version < state.version);
        Ok(before.map_or_else(shipped::snapshot, |entry| entry.value.snapshot))
    }
}
