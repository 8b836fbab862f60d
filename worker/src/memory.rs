//! What an isolate remembers: which snapshot is live, and answers ready to be sent. All of
//! it can be worked out again: an isolate may end at any moment, and starts empty.

use serving::answer::Ready;
use serving::store::Pointer;
use shared::directory::MAIN_LANGUAGE;
use shared::snapshot::{Manifest, SnapshotId, texts_piece};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The pointer is read again after this long, in milliseconds.
const LOOK_EVERY: f64 = 1000.0;
/// The same after KV has failed to say, so that not every second has a visitor who waits.
const LOOK_AGAIN: f64 = 3000.0;
/// A snapshot that could not be read whole is not tried again before this long.
const BROKEN_FOR: f64 = 10_000.0;
/// The administration is not asked more often than this to publish again what cannot be read.
const RENEWAL: f64 = 60_000.0;
/// An edge location may see an older pointer for a minute after a newer one: for this long,
/// the newest that the isolate has seen is right.
const NEWEST_FOR: f64 = 120_000.0;
/// The ledger is asked again what is published after this long: whoever watches the service needs
/// no key, and must not keep the one ledger busy.
const PUBLISHED_FOR: f64 = 10_000.0;
/// How many snapshots are kept: the live one and those that open pages still ask for.
const SNAPSHOTS_KEPT: usize = 4;

/// Where data came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A publication.
    Kv,
    /// The snapshot shipped with the worker.
    Shipped,
}

impl Source {
    /// As the header and the health say it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Kv => "kv",
            Self::Shipped => "shipped",
        }
    }
}

/// The snapshot that visitors get.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    pub(crate) id: SnapshotId,
    /// The publication's number; `None` for the shipped snapshot.
    pub(crate) version: Option<u64>,
    pub(crate) manifest: Rc<Manifest>,
    pub(crate) source: Source,
}

impl Live {
    /// The language to answer in: the one asked for, else the nearest that is more general
    /// (`ar-MA`, then `ar`: RFC 4647, lookup), else French.
    pub(crate) fn language(&self, asked: Option<&str>) -> String {
        let mut asked = asked.unwrap_or_default();
        while !asked.is_empty() {
            if self.manifest.pieces.contains_key(&texts_piece(asked)) {
                return asked.to_owned();
            }
            asked = asked.rsplit_once(['-', '_']).map_or("", |(general, _)| general);
        }
        MAIN_LANGUAGE.to_owned()
    }
}

/// What the ledger says is published; nothing before the first publication.
#[derive(Debug, Clone)]
pub(crate) struct Published(pub(crate) Option<Pointer>);

/// Which answer of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A piece, compact.
    Bin,
    /// A piece as JSON.
    Json,
    /// The guide with the snapshot's id, as JSON.
    Guide,
    /// What an element reads first.
    First,
    /// The accessibility statement.
    Accessibility,
}

#[derive(Default)]
struct Memory {
    live: Option<Rc<Live>>,
    /// When the pointer may be read again.
    next_look: f64,
    /// When the administration may be asked to publish again what cannot be read.
    next_renewal: f64,
    /// The last look did not find what it should have.
    is_degraded: bool,
    /// A snapshot that could not be read whole, and until when that counts.
    broken: Option<(SnapshotId, f64)>,
    /// The newest version that was seen, and when.
    newest: (u64, f64),
    /// Snapshots that something is kept of, the latest asked for first.
    recent: Vec<SnapshotId>,
    manifests: BTreeMap<SnapshotId, Rc<Manifest>>,
    /// What the administration has said is live.
    moved: Option<Pointer>,
    /// How often [`forgive`] was called.
    looks: u32,
    /// Something was published: nobody is answered from memory before the pointer was read.
    must_look: bool,
    /// What the ledger said is published, and when it was asked.
    published: Option<(Published, f64)>,
    ready: BTreeMap<String, Rc<Ready>>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

fn key(snapshot: &SnapshotId, piece: &str, kind: Kind) -> String {
    let kind = match kind {
        Kind::Bin => "bin",
        Kind::Json => "json",
        Kind::Guide => "guide",
        Kind::First => "first",
        Kind::Accessibility => "accessibility",
    };
    [snapshot.as_str(), "/", piece, "/", kind].concat()
}

/// The live snapshot, if the pointer was read recently enough.
pub(crate) fn fresh(now: f64) -> Option<Rc<Live>> {
    MEMORY.with_borrow(|memory| memory.live.clone().filter(|_| now < memory.next_look && !memory.must_look))
}

/// The live snapshot as last known. The caller is about to read the pointer: until it has,
/// others are answered from memory.
pub(crate) fn about_to_look(now: f64) -> Option<Rc<Live>> {
    MEMORY.with_borrow_mut(|memory| {
        memory.next_look = now + LOOK_EVERY;
        memory.live.clone()
    })
}

/// What the ledger said is published, where it was asked a short while ago.
pub(crate) fn published(now: f64) -> Option<Published> {
    MEMORY.with_borrow(|memory| {
        let (published, at) = memory.published.as_ref()?;
        (now - at < PUBLISHED_FOR).then(|| published.clone())
    })
}

/// Notes what the ledger says is published.
pub(crate) fn keep_published(published: Published, now: f64) {
    MEMORY.with_borrow_mut(|memory| memory.published = Some((published, now)));
}

/// What is known of the live snapshot, however old.
pub(crate) fn last_known() -> (Option<Rc<Live>>, bool) {
    MEMORY.with_borrow(|memory| (memory.live.clone(), memory.is_degraded))
}

/// Makes a snapshot the live one.
pub(crate) fn set_live(live: Live, is_degraded: bool, now: f64) -> Rc<Live> {
    let live = Rc::new(live);
    MEMORY.with_borrow_mut(|memory| {
        let is_same = |before: &Rc<Live>| before.id == live.id && before.source != live.source;
        if memory.live.as_ref().is_some_and(is_same) {
            // The answers say where they came from.
            memory.forget_answers_of(&live.id);
        }
        memory.live = Some(Rc::clone(&live));
        memory.must_look = false;
        memory.is_degraded = is_degraded;
        memory.next_look = now + if is_degraded { LOOK_AGAIN } else { LOOK_EVERY };
        if let Some(version) = live.version {
            memory.newest = (version, now);
        }
        memory.touch(&live.id);
    });
    live
}

/// Says that the live snapshot stays as it is, and whether that is as it should be.
pub(crate) fn keep_live(is_degraded: bool, now: f64) {
    MEMORY.with_borrow_mut(|memory| {
        memory.must_look = false;
        memory.is_degraded = is_degraded;
        memory.next_look = now + if is_degraded { LOOK_AGAIN } else { LOOK_EVERY };
    });
}

/// The newest version that the isolate has seen, while that still counts.
pub(crate) fn newest(now: f64) -> Option<u64> {
    MEMORY.with_borrow(|memory| {
        let (version, seen) = memory.newest;
        (version > 0 && now - seen < NEWEST_FOR).then_some(version)
    })
}

/// Notes that a snapshot cannot be read whole: it is no longer live here, and not tried
/// again for a while.
pub(crate) fn give_up(snapshot: &SnapshotId, now: f64) {
    MEMORY.with_borrow_mut(|memory| {
        memory.broken = Some((snapshot.clone(), now + BROKEN_FOR));
        if memory.live.as_ref().is_some_and(|live| live.id == *snapshot) {
            memory.live = None;
        }
        memory.is_degraded = true;
        memory.forget_answers_of(snapshot);
        memory.manifests.remove(snapshot);
    });
}

/// Whether the administration may be asked now to publish again what this version cannot read; it is
/// then taken to be asked.
pub(crate) fn may_renew(now: f64) -> bool {
    MEMORY.with_borrow_mut(|memory| {
        let may = now >= memory.next_renewal;
        if may {
            memory.next_renewal = now + RENEWAL;
        }
        may
    })
}

/// Whether a snapshot was given up recently.
pub(crate) fn is_given_up(snapshot: &SnapshotId, now: f64) -> bool {
    MEMORY.with_borrow(|memory| {
        memory.broken.as_ref().is_some_and(|(broken, until)| broken == snapshot && now < *until)
    })
}

/// The administration says what is live, or is whole again: whatever was given up is tried once more,
/// and the next request looks.
pub(crate) fn forgive(moved: Pointer) {
    MEMORY.with_borrow_mut(|memory| {
        memory.broken = None;
        memory.next_look = 0.0;
        memory.published = None;
        memory.looks += 1;
        memory.must_look = true;
        memory.moved = Some(moved);
    });
}

/// What the administration has said is live, where that is newer than this.
pub(crate) fn moved(since: Option<u64>) -> Option<Pointer> {
    MEMORY.with_borrow(|memory| memory.moved.clone()).filter(|moved| Some(moved.version) > since)
}

/// Forgets what the administration has said: it cannot be read, and KV may know something newer.
pub(crate) fn forget_moved() {
    MEMORY.with_borrow_mut(|memory| memory.moved = None);
}

/// How often the administration has said so: a look that began before may have seen what was before.
pub(crate) fn looks() -> u32 {
    MEMORY.with_borrow(|memory| memory.looks)
}

/// An answer that is ready.
pub(crate) fn ready(snapshot: &SnapshotId, piece: &str, kind: Kind) -> Option<Rc<Ready>> {
    MEMORY.with_borrow(|memory| memory.ready.get(&key(snapshot, piece, kind)).cloned())
}

/// Keeps an answer.
pub(crate) fn keep(snapshot: &SnapshotId, piece: &str, kind: Kind, ready: Ready) -> Rc<Ready> {
    let ready = Rc::new(ready);
    MEMORY.with_borrow_mut(|memory| {
        memory.touch(snapshot);
        memory.ready.insert(key(snapshot, piece, kind), Rc::clone(&ready));
    });
    ready
}

/// A manifest that is known.
pub(crate) fn manifest(snapshot: &SnapshotId) -> Option<Rc<Manifest>> {
    MEMORY.with_borrow(|memory| memory.manifests.get(snapshot).cloned())
}

/// Keeps a manifest.
pub(crate) fn keep_manifest(snapshot: &SnapshotId, manifest: Manifest) -> Rc<Manifest> {
    let manifest = Rc::new(manifest);
    MEMORY.with_borrow_mut(|memory| {
        memory.touch(snapshot);
        memory.manifests.insert(snapshot.clone(), Rc::clone(&manifest));
    });
    manifest
}

impl Memory {
    fn forget_answers_of(&mut self, snapshot: &SnapshotId) {
        self.ready.retain(|key, _| !key.starts_with(snapshot.as_str()));
    }

    /// Puts a snapshot first, and forgets what nobody has asked for in a while.
    fn touch(&mut self, snapshot: &SnapshotId) {
        if self.recent.first() == Some(snapshot) {
            return;
        }
        self.recent.retain(|recent| recent != snapshot);
        self.recent.insert(0, snapshot.clone());
        while self.recent.len() > SNAPSHOTS_KEPT {
            let live = self.live.as_ref().map(|live| &live.id);
            let Some(at) = self.recent.iter().rposition(|recent| Some(recent) != live) else { return };
            let oldest = self.recent.remove(at);
            self.manifests.remove(&oldest);
            self.forget_answers_of(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::snapshot::PIECE_FORMAT;

    fn live(languages: &[&str]) -> Live {
        let manifest = Manifest {
            format: PIECE_FORMAT,
            title: String::new(),
            edition: String::new(),
            structures: 0,
            pieces: languages.iter().map(|language| (texts_piece(language), String::new())).collect(),
            document: None,
        };
        Live { id: manifest.id(), version: Some(1), manifest: Rc::new(manifest), source: Source::Kv }
    }

    #[test]
    fn a_language_that_is_missing_falls_back() {
        let live = live(&["fr", "en", "pt-BR"]);
        for (asked, language) in [
            (None, "fr"),
            (Some("en"), "en"),
            (Some("en-GB"), "en"),
            (Some("en-Latn-GB"), "en"),
            (Some("pt-BR-abl1943"), "pt-BR"),
            (Some("pt-BR"), "pt-BR"),
            (Some("pt"), "fr"),
            (Some("../x"), "fr"),
            (Some(""), "fr"),
        ] {
            assert_eq!(live.language(asked), language, "{asked:?}");
        }
    }

    #[test]
    fn a_pointer_is_good_for_a_second() {
        let id = set_live(live(&["fr"]), false, 5000.0).id.clone();
        assert_eq!(fresh(5999.0).map(|live| live.id.clone()), Some(id.clone()));
        assert!(fresh(6000.0).is_none());
        assert_eq!(newest(5000.0 + NEWEST_FOR - 1.0), Some(1));
        assert_eq!(newest(5000.0 + NEWEST_FOR), None);
        about_to_look(6000.0);
        assert!(fresh(6500.0).is_some());
        give_up(&id, 7000.0);
        assert!(fresh(6500.0).is_none());
        assert!(is_given_up(&id, 16_999.0) && !is_given_up(&id, 17_000.0));
    }

    #[test]
    fn snapshots_are_forgotten_but_never_the_live_one() {
        let first = set_live(live(&["fr"]), false, 0.0).id.clone();
        let others: Vec<SnapshotId> = (0..6).map(|n| live(&[&format!("l{n}")]).id).collect();
        for id in &others {
            keep_manifest(id, (*live(&["fr"]).manifest).clone());
        }
        keep_manifest(&first, (*live(&["fr"]).manifest).clone());
        assert!(manifest(&first).is_some());
        assert!(manifest(&others[5]).is_some());
        assert!(manifest(&others[0]).is_none());
    }
}
