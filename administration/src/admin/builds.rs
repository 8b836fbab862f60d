//! Keeping the files of a build of the element, for the partners who have pinned them.
//!
//! Only what is deployed at this moment is taken, byte for byte: whoever has stolen the
//! Region's key cannot put a script of theirs under our address. What was taken once is
//! taken again, which begins its two years anew.

use super::desk::Desk;
use crate::archive::{storage, unread};
use crate::builds::KEPT_DAYS;
use crate::ledger::{Kept, Ledger, Log, Name, Reading, Writing, Written};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use js_sys::Uint8Array;
use protocol::Who;
use protocol::builds::{FileAnswer, KeptBuild, KeptBuilds, KeptFile};
use protocol::trail::Done;
use serde::{Deserialize, Serialize};
use serving::body::Incoming;
use serving::brotli::decompress;
use serving::problem::{Failure, Problem, log};
use serving::runtime::Env;
use serving::sealed::{opened, sealed};
use serving::store::{AT_LENGTH, Key, Store};
use serving::{assets, clock};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

const SECONDS_A_DAY: u32 = 86_400;
const SECONDS: u32 = KEPT_DAYS * SECONDS_A_DAY;

/// What is kept of a build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Build {
    pub(crate) id: String,
    /// RFC 3339, UTC: when its first file was kept.
    pub(crate) kept_at: String,
    pub(crate) kept_by: Who,
    pub(crate) files: BTreeMap<String, KeptFile>,
}

impl Build {
    /// The last day on which all of it is there.
    pub(crate) fn until(&self) -> &str {
        self.files.values().map(|file| file.until.as_str()).min().unwrap_or_default()
    }
}

/// `GET /admin/v1/builds`.
pub(super) async fn listed(desk: &Desk<'_>) -> Result<KeptBuilds, Failure> {
    let shown = |build: Build| {
        let until = build.until().to_owned();
        let Build { id, kept_at, kept_by, files } = build;
        KeptBuild { build: id, until, kept_at, kept_by, files }
    };
    Ok(KeptBuilds { builds: desk.builds().await?.into_iter().map(shown).collect() })
}

/// `PUT /admin/v1/builds/{build}/{file}`.
pub(super) async fn keep(
    desk: &Desk<'_>,
    build: &str,
    file: &str,
    incoming: &Incoming<'_>,
) -> Result<FileAnswer, Failure> {
    let kept = desk.keep_file(build, file, &incoming.bytes().await?).await?;
    Ok(FileAnswer { build: build.to_owned(), file: file.to_owned(), kept })
}

impl Desk<'_> {
    /// What is kept, the newest first.
    async fn builds(&self) -> Result<Vec<Build>, Failure> {
        let today = clock::today();
        let mut builds: Vec<Build> = all(&self.ledger).await?.into_iter().map(|kept| kept.value).collect();
        builds.retain(|build| build.until() >= today.as_str());
        builds.sort_by(|one, other| other.kept_at.cmp(&one.kept_at));
        Ok(builds)
    }

    /// Keeps a file of a build, as it is sent to browsers that read brotli.
    async fn keep_file(&self, build: &str, file: &str, compressed: &[u8]) -> Result<KeptFile, Failure> {
        let path = format!("/{build}/{file}");
        if !assets::is_served(&path) {
            let detail = format!("« {file} » n’est pas un fichier de l’élément.");
            return Err(Problem::new(422, "unknown-file", detail).into());
        }
        let plain =
            decompress(&Uint8Array::from(compressed)).map(|plain| plain.to_vec()).ok_or_else(|| {
                let detail = format!("« {file} » est arrivé abîmé : renvoyez-le, compressé en brotli.");
                Problem::new(422, "damaged-value", detail)
            })?;
        let integrity = integrity(&plain);
        let other = || {
            let detail = format!(
                "« {file} » existe déjà avec d’autres octets sous cette version du guide. Rien n’a été changé."
            );
            Failure::from(Problem::new(409, "other-bytes", detail))
        };
        let mut found = self.build(build).await?;
        let known = found.as_ref().and_then(|kept| kept.value.files.get(file).cloned());
        let is_the_same = match known {
            Some(known) => known.integrity == integrity,
            None => self.is_deployed(&path, &plain, compressed).await?.ok_or_else(not_deployed)?,
        };
        if !is_the_same {
            return Err(other());
        }
        let until = clock::day_in(KEPT_DAYS);
        let kept = KeptFile { bytes: plain.len(), integrity, until };
        self.store.put_for(Key::Build(build, file), &sealed(compressed), SECONDS).await.map_err(storage)?;
        loop {
            let writing = self.noting(build, file, &kept, found);
            if matches!(self.ledger.write(&writing).await.map_err(storage)?, Written::Done(_)) {
                return Ok(kept);
            }
            // Several arrive at once: whoever comes second notes on top of the first.
            found = self.build(build).await?;
        }
    }

    /// The record with a file more, and the line of the trail where it is new or renewed
    /// for the first time on a day.
    fn noting(&self, build: &str, file: &str, kept: &KeptFile, found: Option<Kept<Build>>) -> Writing {
        let name = Name::Build(build);
        let (revision, mut value) = found.map_or_else(
            || {
                let (id, kept_at, kept_by) = (build.to_owned(), clock::timestamp(), self.person.who());
                (0, Build { id, kept_at, kept_by, files: BTreeMap::new() })
            },
            |kept| (kept.revision, kept.value),
        );
        let before = value.files.insert(file.to_owned(), kept.clone());
        let writing = Writing::default().expect(name, revision).put(name, &value);
        if before.is_some_and(|before| before.until == kept.until) {
            return writing;
        }
        let detail = format!("{file}, jusqu’au {}, {}", kept.until, kept.integrity);
        writing.append(Log::Audit, &self.trace(Done::BuildKept, build, &detail))
    }

    /// Whether the deployed file of this path has these bytes; `None` where none is deployed.
    async fn is_deployed(
        &self,
        path: &str,
        plain: &[u8],
        compressed: &[u8],
    ) -> Result<Option<bool>, Failure> {
        let Some(deployed) = assets::whole(self.host.env, path).await? else { return Ok(None) };
        // Browsers get the same entity tag for it tomorrow: its compressed form must not differ either.
        let sibling = assets::whole(self.host.env, &format!("{path}.br")).await?;
        Ok(Some(deployed == plain && sibling.is_none_or(|sibling| sibling == compressed)))
    }

    async fn build(&self, build: &str) -> Result<Option<Kept<Build>>, Failure> {
        let read = self.ledger.read(&Reading::default().name(Name::Build(build))).await.map_err(unread)?;
        read.get(Name::Build(build))
    }
}

async fn all(ledger: &Ledger) -> Result<Vec<Kept<Build>>, Failure> {
    let read = ledger.read(&Reading::default().all(Name::Build(""))).await.map_err(unread)?;
    read.all(Name::Build(""))
}

/// Begins the two years of what is deployed anew, and forgets what is over.
pub(crate) async fn renew_builds(env: &Env, ledger: &Ledger, store: &Store) -> Result<(), Failure> {
    let (today, until) = (clock::today(), clock::day_in(KEPT_DAYS));
    for kept in all(ledger).await? {
        let Build { id, files, .. } = &kept.value;
        let name = Name::Build(id);
        if kept.value.until() < today.as_str() {
            let writing = Writing::default().expect(name, kept.revision).remove(name);
            ledger.write(&writing).await.map_err(storage)?;
            continue;
        }
        let mut renewed = kept.value.clone();
        for file in files.keys() {
            if assets::whole(env, &format!("/{id}/{file}")).await?.is_none() {
                continue;
            }
            let key = Key::Build(id, file);
            let Some(value) = store.get(key, AT_LENGTH).await.map_err(unread)? else { continue };
            if opened(&value).is_none() {
                log(&key.to_string(), &"the kept file is damaged: keep the build again");
                continue;
            }
            store.put_for(key, &value, SECONDS).await.map_err(storage)?;
            if let Some(file) = renewed.files.get_mut(file) {
                file.until.clone_from(&until);
            }
        }
        if renewed != kept.value {
            // Where somebody keeps it at this moment, they have renewed it.
            let writing = Writing::default().expect(name, kept.revision).put(name, &renewed);
            ledger.write(&writing).await.map_err(storage)?;
        }
    }
    Ok(())
}

fn not_deployed() -> Failure {
    let detail = "Cette version du guide n’est pas celle qui est déployée ici : rien ne dit que ces octets sont les siens. Déployez-la, puis gardez-la.";
    Problem::new(409, "not-deployed", detail).into()
}

fn integrity(plain: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(plain)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integrity_is_what_browsers_compare_with() {
        // `printf abc | openssl dgst -sha256 -binary | base64`
        assert_eq!(integrity(b"abc"), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }

    #[test]
    fn a_build_is_whole_until_its_first_file_goes() {
        let file = |until: &str| KeptFile { bytes: 1, integrity: String::new(), until: until.to_owned() };
        let files = [("a.js".to_owned(), file("2028-12-02")), ("b.js".to_owned(), file("2028-11-30"))];
        let kept_by = Who { id: String::new(), name: String::new() };
        let mut build = Build { id: String::new(), kept_at: String::new(), kept_by, files: files.into() };
        assert_eq!(build.until(), "2028-11-30");
        build.files.clear();
        assert_eq!(build.until(), "");
    }
}
