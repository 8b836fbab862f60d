//! The folder beside the file of sources: what each source sent last, and what is remembered of it.
//! Nothing of it changes before a run has delivered what it made.

use super::fetch::{self, Fetched, Job, Version, fetch};
use crate::clock;
use crate::failure::Failure;
use crate::files;
use exchange::sync::sources::Source;
use exchange::sync::state::State;
use exchange::sync::whole;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The folder of all, beside the file of sources; each file has one of its own in it.
const NAME: &str = ".spro-sync";

/// What is remembered of a source.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Memory {
    /// Where it was fetched.
    pub(crate) address: String,
    /// What its server says of what came.
    pub(crate) version: Version,
    /// SHA-256 of what came.
    pub(crate) hash: String,
    /// The day for which it speaks.
    pub(crate) as_of: String,
    /// The day on which its server was last asked.
    pub(crate) fetched_on: String,
    /// What it said, and what became of it here.
    pub(crate) state: State,
}

/// The draft that the last run made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastDraft {
    /// The address of its server.
    pub(crate) server: String,
    /// Its id.
    pub(crate) id: String,
    /// Its revision: another says that a person has worked on it.
    pub(crate) revision: String,
}

/// What a source sent, now or the last time.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Whether it is not what came the last time.
    pub(crate) is_new: bool,
    /// What is to be remembered of it, but for its state.
    pub(crate) memory: Memory,
}

impl Body {
    /// Forgets it, where it is not what was memory the last time.
    pub(crate) fn discard(&self) {
        if self.is_new {
            fetch::forget(&self.path);
        }
    }
}

/// What became of asking a source.
#[derive(Debug, Clone)]
pub(crate) enum Gathered {
    /// It sent something else than the last time.
    New(Body),
    /// It has nothing else.
    Same(Body),
    /// It need not be asked yet.
    Early(Body),
    /// Nothing that can be taken; what it sent the last time, where there is any.
    Failed(Failure, Option<Body>),
}

/// The folder of one file of sources, while no other run uses it.
pub(crate) struct Folder {
    path: PathBuf,
    /// Paths of sources begin here.
    beside: PathBuf,
    /// Held, and released with it.
    _lock: File,
}

impl Folder {
    /// Opens the folder of a file of sources.
    pub(crate) fn open(sources: &Path) -> Result<Self, Failure> {
        let beside = sources.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        let stem = sources.file_stem().unwrap_or_default();
        let path = beside.join(NAME).join(stem);
        let failed = |error: &io::Error| {
            let message = format!("Le dossier « {} » ne peut pas servir ({error}).", path.display());
            Failure::refused("cannot-write", message)
        };
        fs::create_dir_all(&path).map_err(|error| failed(&error))?;
        let lock = File::create(path.join("lock")).map_err(|error| failed(&error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, beside, _lock: lock }),
            Err(fs::TryLockError::WouldBlock) => {
                Err(Failure::refused("sync-runs", "Un autre « cargo spro sync » lit déjà ces sources.")
                    .advising("Attendez qu’il ait fini."))
            }
            Err(fs::TryLockError::Error(error)) => Err(failed(&error)),
        }
    }

    fn file(&self, slug: &str, kind: &str) -> PathBuf {
        // A name may hold a full stop: it is no extension.
        self.path.join(format!("{slug}.{kind}"))
    }

    /// What is remembered of a source.
    pub(crate) fn memory(&self, source: &Source) -> Result<Option<Memory>, Failure> {
        let memory: Option<Memory> = read(&self.file(&source.slug(), "json"))?;
        Ok(memory)
    }

    /// The draft that the last run made.
    pub(crate) fn draft(&self) -> Result<Option<LastDraft>, Failure> {
        read(&self.path.join("_draft.json"))
    }

    /// Remembers the draft that a run made.
    pub(crate) fn store_draft(&self, draft: &LastDraft) -> Result<(), Failure> {
        write(&self.path.join("_draft.json"), draft)
    }

    /// Remembers what a source sent, and what is remembered of it.
    pub(crate) fn store(&self, source: &Source, body: &Body, state: State) -> Result<(), Failure> {
        let slug = source.slug();
        if body.is_new {
            fs::rename(&body.path, self.file(&slug, "data")).map_err(|error| {
                let message = format!("« {} » ne peut pas être gardé ({error}).", source.name);
                Failure::refused("cannot-write", message)
            })?;
        }
        write(&self.file(&slug, "json"), &Memory { state, ..body.memory.clone() })
    }

    /// Asks a source, unless it need not be asked yet.
    pub(crate) fn gather(
        &self,
        source: &Source,
        memory: Option<Memory>,
        today: &str,
        now: bool,
        silent: bool,
    ) -> Gathered {
        let last = memory.and_then(|memory| self.last(source, memory));
        let age = last.as_ref().and_then(|last| clock::days_between(&last.memory.fetched_on, today));
        if let (Some(last), Some(0..)) = (&last, age)
            && source.is_online()
            && !now
            && age < Some(source.every.days())
        {
            return Gathered::Early(last.clone());
        }
        match self.ask(source, last.as_ref(), today, silent) {
            Ok(body) if body.is_new => Gathered::New(body),
            Ok(body) => Gathered::Same(body),
            Err(failure) => Gathered::Failed(failure, last),
        }
    }

    /// What a source sent the last time, where it is still there as it came.
    pub(crate) fn last(&self, source: &Source, memory: Memory) -> Option<Body> {
        let path = self.file(&source.slug(), "data");
        let is_it = hash(&path).is_ok_and(|hash| hash == memory.hash) && memory.address == source.address;
        is_it.then_some(Body { path, is_new: false, memory })
    }

    fn ask(&self, source: &Source, last: Option<&Body>, today: &str, silent: bool) -> Result<Body, Failure> {
        let slug = source.slug();
        let (part, new) = (self.file(&slug, "part"), self.file(&slug, "new"));
        let largest = source.largest << 20;
        let version = if source.is_online() {
            let job = Job {
                address: &source.address,
                largest,
                patience: Duration::from_secs(source.timeout),
                known: last.map(|last| &last.memory.version),
                part: &part,
                silent,
            };
            match (fetch(job)?, last) {
                (Fetched::New(version), _) => version,
                (Fetched::Same, Some(last)) => return Ok(unchanged(last, None, today)),
                (Fetched::Same, None) => return Err(fetch::Fault::Status(304).into()),
            }
        } else {
            copy(&self.beside.join(&source.address), &part, largest)?;
            Version::default()
        };
        let checked = check(&part).and_then(|()| hash(&part).map_err(|error| unreadable(&part, &error)));
        let hash = checked.inspect_err(|_| fetch::forget(&part))?;
        if let Some(last) = last.filter(|last| last.memory.hash == hash) {
            fetch::forget(&part);
            return Ok(unchanged(last, Some(version), today));
        }
        fs::rename(&part, &new).map_err(|error| unreadable(&part, &error))?;
        // A list of tomorrow is a clock that is wrong.
        let modified =
            version.modified.as_deref().and_then(clock::day_of).filter(|day| day.as_str() <= today);
        let as_of = modified.unwrap_or_else(|| today.to_owned());
        let (address, fetched_on) = (source.address.clone(), today.to_owned());
        let memory = Memory { address, version, hash, as_of, fetched_on, state: State::default() };
        Ok(Body { path: new, is_new: true, memory })
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Failure> {
    if !path.exists() {
        return Ok(None);
    }
    serde_json::from_slice(&files::read(path)?).map(Some).map_err(|error| {
        Failure::refused(
            "unreadable-state",
            format!("« {} », ce qui est retenu d’une source, est illisible ({error}).", path.display()),
        )
        .advising(
            "Reprenez-le d’une sauvegarde, ou supprimez-le : la source sera lue comme la première fois.",
        )
    })
}

fn write(path: &Path, what: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(what).unwrap_or_default() + "\n";
    files::write(path, text, true).map(drop)
}

/// The same body, asked again.
fn unchanged(last: &Body, version: Option<Version>, today: &str) -> Body {
    let mut body = last.clone();
    today.clone_into(&mut body.memory.fetched_on);
    if let Some(version) = version {
        body.memory.version = version;
    }
    body
}

/// Copies a file that is no longer than it may be.
fn copy(from: &Path, to: &Path, largest: u64) -> Result<(), Failure> {
    if from.is_dir() || !from.exists() {
        // It says which of both.
        return files::read(from).map(drop);
    }
    let file = File::open(from).map_err(|error| unreadable(from, &error))?;
    let mut target = File::create(to).map_err(|error| unreadable(to, &error))?;
    let came =
        io::copy(&mut file.take(largest + 1), &mut target).map_err(|error| unreadable(from, &error))?;
    if came > largest {
        fetch::forget(to);
        return Err(fetch::Fault::Large(largest).into());
    }
    Ok(())
}

/// Looks at both ends of a file.
fn check(path: &Path) -> Result<(), Failure> {
    let read = || -> io::Result<(Vec<u8>, Vec<u8>, u64)> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        let (mut head, mut tail) = (Vec::new(), Vec::new());
        Read::by_ref(&mut file).take(whole::HEAD as u64).read_to_end(&mut head)?;
        file.seek(SeekFrom::Start(size.saturating_sub(whole::TAIL as u64)))?;
        file.read_to_end(&mut tail)?;
        Ok((head, tail, size))
    };
    let (head, tail, size) = read().map_err(|error| unreadable(path, &error))?;
    Ok(whole::look(&head, &tail, size)?)
}

fn hash(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(format!("{:x}", hasher.finalize()));
        }
        hasher.update(&buffer[..count]);
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("Le fichier « {} » ne peut pas être lu ({error}).", path.display());
    Failure::refused("unreadable-file", message)
}
