//! First pages that are ready. They name the address at which they are served, which a
//! request says: nothing that one visitor is answered comes from what another has said, and
//! there are never many of them.

use crate::memory::{Live, Source};
use serving::answer::Ready;
use shared::snapshot::SnapshotId;
use std::cell::RefCell;
use std::rc::Rc;

/// Five languages, at a few addresses.
const MOST: usize = 24;

struct Kept {
    origin: String,
    language: String,
    snapshot: SnapshotId,
    source: Source,
    ready: Rc<Ready>,
}

thread_local! {
    static PAGES: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
}

/// The page that was made for this.
pub(super) fn find(live: &Live, origin: &str, language: &str) -> Option<Rc<Ready>> {
    PAGES.with_borrow(|pages| {
        let page = pages.iter().find(|page| {
            page.snapshot == live.id
                && page.source == live.source
                && page.language == language
                && page.origin == origin
        });
        page.map(|page| Rc::clone(&page.ready))
    })
}

/// Keeps a page; the oldest makes room.
pub(super) fn keep(live: &Live, origin: &str, language: &str, ready: Ready) -> Rc<Ready> {
    let ready = Rc::new(ready);
    PAGES.with_borrow_mut(|pages| {
        if pages.len() >= MOST {
            pages.remove(0);
        }
        pages.push(Kept {
            origin: origin.to_owned(),
            language: language.to_owned(),
            snapshot: live.id.clone(),
            source: live.source,
            ready: Rc::clone(&ready),
        });
    });
    ready
}
