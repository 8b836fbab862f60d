//! Reading the snapshot's pieces from the public API.
//!
//! Pieces are immutable: each is read once for the whole page, whatever the number of
//! elements. What is asked for is a whole region's names or a whole department: no request
//! tells more. The custom element fetches them, because it is the one that knows their hashes.

use crate::page::Calls;
use shared::commune_index::{CommuneIndex, Search};
use shared::snapshot::{
    About, COMMUNES_PIECE, DepartmentPiece, GuideTexts, SnapshotId, about_piece, communes_piece,
    department_piece, read, texts_piece,
};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// The piece did not come, or is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unavailable;

/// Where a snapshot is served.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The snapshot that the guide belongs to.
    pub(crate) snapshot: SnapshotId,
    /// Who fetches.
    pub(crate) calls: Calls,
}

/// What has been read, by snapshot and name. A page needs one or two departments: a list will do.
type Cache<T> = RefCell<Vec<(String, Rc<T>)>>;

thread_local! {
    static SEARCHES: Cache<Search> = const { RefCell::new(Vec::new()) };
    static DEPARTMENTS: Cache<DepartmentPiece> = const { RefCell::new(Vec::new()) };
}

fn find<T>(cache: &Cache<T>, piece: &str) -> Option<Rc<T>> {
    cache.borrow().iter().find(|(key, _)| key == piece).map(|(_, value)| Rc::clone(value))
}

impl Source {
    /// The communes' names, ready to be searched; of a wide directory those of a department, which are a
    /// piece of their own.
    pub(crate) async fn communes(&self, department: &str) -> Result<Rc<Search>, Unavailable> {
        let (mut piece, mut hash) = (COMMUNES_PIECE.to_owned(), None);
        loop {
            let key = self.key(&piece);
            let search = if let Some(search) = SEARCHES.with(|cache| find(cache, &key)) {
                search
            } else {
                let index: CommuneIndex =
                    read(&self.fetch(&piece, hash.as_deref()).await?).map_err(|_| Unavailable)?;
                let search = Rc::new(Search::new(index));
                SEARCHES.with_borrow_mut(|cache| cache.push((key, Rc::clone(&search))));
                search
            };
            match search.part(department) {
                Some(part) if hash.is_none() => {
                    (piece, hash) = (communes_piece(department), Some(part.hash.clone()));
                }
                _ => return Ok(search),
            }
        }
    }

    /// A department's places.
    pub(crate) async fn department(
        &self,
        code: &str,
        hash: Option<&str>,
    ) -> Result<Rc<DepartmentPiece>, Unavailable> {
        let name = department_piece(code);
        let key = self.key(&name);
        if let Some(piece) = DEPARTMENTS.with(|cache| find(cache, &key)) {
            return Ok(piece);
        }
        let piece: Rc<DepartmentPiece> =
            Rc::new(read(&self.fetch(&name, hash).await?).map_err(|_| Unavailable)?);
        DEPARTMENTS.with_borrow_mut(|cache| cache.push((key, Rc::clone(&piece))));
        Ok(piece)
    }

    /// The guide's words in another language, for what is read by somebody else than the visitor.
    pub(crate) async fn texts(&self, language: &str) -> Result<GuideTexts, Unavailable> {
        read(&self.fetch(&texts_piece(language), None).await?).map_err(|_| Unavailable)
    }

    /// What surrounds the guide.
    pub(crate) async fn about(&self, language: &str) -> Result<About, Unavailable> {
        read(&self.fetch(&about_piece(language), None).await?).map_err(|_| Unavailable)
    }

    fn key(&self, piece: &str) -> String {
        [self.snapshot.as_str(), "/", piece].concat()
    }

    /// The bytes of a piece, checked against its hash.
    async fn fetch(&self, piece: &str, hash: Option<&str>) -> Result<Vec<u8>, Unavailable> {
        let unavailable = |_: JsValue| Unavailable;
        let promise = self.calls.piece(self.snapshot.as_str(), piece, hash).map_err(unavailable)?;
        let body = JsFuture::from(promise).await.map_err(unavailable)?;
        Ok(js_sys::Uint8Array::new(&body).to_vec())
    }
}
