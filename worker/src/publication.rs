//! Publishing and going back. Pieces are written first, under the new snapshot's own keys;
//! then the history; then the pointer, which alone changes what visitors get. Whatever
//! fails before that leaves the live version as it was.

use crate::archive::{State, is_whole, storage, write, write_shipped};
use crate::header::Precondition;
use crate::memory::{self, Live, Source};
use crate::pieces::{self, Host, Lack};
use crate::problem::{Failure, Problem};
use crate::store::{Action, Key, Pointer, Store, Unreachable, Version};
use crate::{bundled, clock};
use serde_json::{Value, json};
use shared::directory::Directory;
use shared::examine::{Examined, Refused, examine};
use shared::finding::{Finding, Severity};
use shared::proof::CounterExample;
use shared::snapshot::{Manifest, SnapshotId};
use std::time::Duration;
use worker::Delay;

/// How many versions the history keeps.
const VERSIONS_KEPT: usize = 200;

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
    let geography = bundled::geography().map_err(Refusal::Failure)?;
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

fn not_live(live: &SnapshotId) -> Failure {
    let detail = "La version en ligne n’est plus celle sur laquelle vous avez travaillé : quelqu’un a publié entre-temps. Comparez avec la version en ligne, puis recommencez.";
    Problem::new(412, "not-live", detail).with("live", live.as_str()).into()
}

/// Publishes a directory.
pub(crate) async fn publish(
    host: &Host<'_>,
    body: &[u8],
    precondition: &Precondition<'_>,
    reason: String,
) -> Result<Value, Failure> {
    let store = Store::open(host.env).map_err(storage)?;
    let state = State::read(&store).await.map_err(storage)?;
    if !precondition.allows(state.live.as_str()) {
        return Err(not_live(&state.live));
    }
    let Examined { snapshot, findings, .. } = check(body, &clock::today())?;
    let findings = listed(&findings);
    if let Some(version) = state.version_of(&snapshot.id) {
        // Publishing again mends what KV has lost of it.
        if !is_whole(&store, &snapshot.manifest).await.map_err(storage)? {
            write(&store, &snapshot, body).await?;
            memory::forgive();
        }
        if !state.is_stored {
            let pointer = Pointer { snapshot: snapshot.id.clone(), version };
            store.put(Key::Current, &pointer.to_json()).await.map_err(storage)?;
            memory::forgive();
        }
        return Ok(Switched::unchanged(&snapshot.id, version).to_json(Some(findings)));
    }
    write(&store, &snapshot, body).await?;
    let switched = switch(&store, precondition, &snapshot.manifest, Action::Publish, reason).await?;
    Ok(switched.to_json(Some(findings)))
}

/// Goes back to a snapshot that was live before: this one, or the one before the live one.
pub(crate) async fn roll_back(
    host: &Host<'_>,
    to: Option<SnapshotId>,
    precondition: &Precondition<'_>,
    reason: String,
) -> Result<Value, Failure> {
    let store = Store::open(host.env).map_err(storage)?;
    let state = State::read(&store).await.map_err(storage)?;
    if !precondition.allows(state.live.as_str()) {
        return Err(not_live(&state.live));
    }
    let target = match to {
        Some(target) => target,
        None => before_live(&state)?,
    };
    if let Some(version) = state.version_of(&target) {
        return Ok(Switched::unchanged(&target, version).to_json(None));
    }
    let is_listed = state.history.iter().any(|version| version.snapshot == target);
    if !is_listed && !bundled::is_shipped(&target) {
        let detail = "Cette version n’est pas dans l’historique. La version en ligne n’a pas changé.";
        return Err(Problem::new(404, "unknown-snapshot", detail).into());
    }
    let manifest = if bundled::is_shipped(&target) {
        write_shipped(&store).await?
    } else {
        match pieces::manifest(host, &target).await {
            Ok(manifest) if is_whole(&store, &manifest).await.map_err(storage)? => (*manifest).clone(),
            Err(Lack::Unreadable) => return Err(storage(Unreachable)),
            _ => {
                let detail = "Cette version n’est plus enregistrée en entier : on ne peut pas y revenir. La version en ligne n’a pas changé.";
                return Err(Problem::new(409, "snapshot-lost", detail).into());
            }
        }
    };
    Ok(switch(&store, precondition, &manifest, Action::Rollback, reason).await?.to_json(None))
}

/// The snapshot that was live before the live one: the shipped one before the first
/// publication.
fn before_live(state: &State) -> Result<SnapshotId, Failure> {
    let Some(pointer) = &state.pointer else {
        let detail = "Rien n’a encore été publié : il n’y a pas de version précédente.";
        return Err(Problem::new(409, "no-previous-version", detail).into());
    };
    let before = state.history.iter().find(|version| version.version < pointer.version);
    Ok(before.map_or_else(bundled::snapshot, |version| version.snapshot.clone()))
}

/// What a switch made live.
struct Switched {
    snapshot: SnapshotId,
    version: u64,
    previous: SnapshotId,
    is_unchanged: bool,
}

impl Switched {
    fn unchanged(live: &SnapshotId, version: u64) -> Self {
        Self { snapshot: live.clone(), version, previous: live.clone(), is_unchanged: true }
    }

    fn to_json(&self, findings: Option<Value>) -> Value {
        let mut json = json!({
            "snapshot": self.snapshot,
            "version": self.version,
            "previous": self.previous,
            "unchanged": self.is_unchanged,
        });
        if let (Value::Object(fields), Some(findings)) = (&mut json, findings) {
            fields.insert("findings".to_owned(), findings);
        }
        json
    }
}

/// Makes a snapshot that is stored whole the live one. In an isolate, one request at a time
/// does it; between two isolates, KV has nothing better than reading again right before.
async fn switch(
    store: &Store,
    precondition: &Precondition<'_>,
    manifest: &Manifest,
    action: Action,
    reason: String,
) -> Result<Switched, Failure> {
    const A_MOMENT: Duration = Duration::from_millis(20);
    while !memory::lease(clock::now()) {
        Delay::from(A_MOMENT).await;
    }
    let switched = move_pointer(store, precondition, manifest, action, reason).await;
    memory::release();
    switched
}

async fn move_pointer(
    store: &Store,
    precondition: &Precondition<'_>,
    manifest: &Manifest,
    action: Action,
    reason: String,
) -> Result<Switched, Failure> {
    // Somebody else may have published while the pieces were being written.
    let state = State::read(store).await.map_err(storage)?;
    if !precondition.allows(state.live.as_str()) {
        return Err(not_live(&state.live));
    }
    if let Some(version) = state.version_of(&manifest.id()) {
        return Ok(Switched::unchanged(&manifest.id(), version));
    }
    let pointer = Pointer { snapshot: manifest.id(), version: state.next_version() };
    let mut history = state.history;
    let before = encode(&history)?;
    history.insert(
        0,
        Version {
            version: pointer.version,
            snapshot: pointer.snapshot.clone(),
            published_at: clock::timestamp(),
            reason,
            title: manifest.title.clone(),
            edition: manifest.edition.clone(),
            structures: manifest.structures,
            action,
        },
    );
    history.truncate(VERSIONS_KEPT);
    store.put(Key::Versions, &encode(&history)?).await.map_err(storage)?;
    if let Err(unreachable) = store.put(Key::Current, &pointer.to_json()).await {
        // The history must not tell of what never was. Where this fails as well, the next
        // publication still takes a number of its own.
        let _ = store.put(Key::Versions, &before).await;
        return Err(storage(unreachable));
    }
    memory::forgive();
    let live = Live {
        id: pointer.snapshot.clone(),
        version: Some(pointer.version),
        manifest: memory::keep_manifest(&pointer.snapshot, manifest.clone()),
        source: Source::Kv,
    };
    memory::set_live(live, false, clock::now());
    Ok(Switched {
        snapshot: pointer.snapshot,
        version: pointer.version,
        previous: state.live,
        is_unchanged: false,
    })
}

fn encode(history: &[Version]) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(history).map_err(|error| Failure::ours("the history", &error))
}
