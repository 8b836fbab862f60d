//! Reading the snapshot's pieces from the public API.
//!
//! Pieces are immutable: each is read once for the whole page, whatever the number of
//! elements. What is asked for is a whole region's names or a whole department: no request
//! tells more.

use shared::commune_index::{CommuneIndex, Search};
use shared::snapshot::{
    About, COMMUNES_PIECE, DepartmentPiece, Guide, SnapshotId, about_piece, department_piece, guide_piece,
    read,
};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReferrerPolicy, RequestCredentials, RequestInit, Response};

/// After this the visitor is told, and can try again. Milliseconds.
const PATIENCE: u32 = 15_000;

/// The piece did not come, or is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unavailable;

/// Where a snapshot is served.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Origin of the API, without a final slash.
    pub(crate) origin: String,
    /// The snapshot that the guide belongs to.
    pub(crate) snapshot: SnapshotId,
}

/// What has been read, by address. A page needs one or two departments: a list will do.
type Cache<T> = RefCell<Vec<(String, Rc<T>)>>;

thread_local! {
    static SEARCHES: Cache<Search> = const { RefCell::new(Vec::new()) };
    static DEPARTMENTS: Cache<DepartmentPiece> = const { RefCell::new(Vec::new()) };
}

fn find<T>(cache: &Cache<T>, url: &str) -> Option<Rc<T>> {
    cache.borrow().iter().find(|(key, _)| key == url).map(|(_, value)| Rc::clone(value))
}

impl Source {
    /// The communes' names, ready to be searched.
    pub(crate) async fn communes(&self) -> Result<Rc<Search>, Unavailable> {
        let url = self.url(COMMUNES_PIECE);
        if let Some(search) = SEARCHES.with(|cache| find(cache, &url)) {
            return Ok(search);
        }
        let index: CommuneIndex = read(&fetch(&url).await?).map_err(|_| Unavailable)?;
        let search = Rc::new(Search::new(index));
        SEARCHES.with_borrow_mut(|cache| cache.push((url, Rc::clone(&search))));
        Ok(search)
    }

    /// A department's places.
    pub(crate) async fn department(&self, code: &str) -> Result<Rc<DepartmentPiece>, Unavailable> {
        let url = self.url(&department_piece(code));
        if let Some(piece) = DEPARTMENTS.with(|cache| find(cache, &url)) {
            return Ok(piece);
        }
        let piece: Rc<DepartmentPiece> = Rc::new(read(&fetch(&url).await?).map_err(|_| Unavailable)?);
        DEPARTMENTS.with_borrow_mut(|cache| cache.push((url, Rc::clone(&piece))));
        Ok(piece)
    }

    /// The guide in another language, for what is read by somebody else than the visitor.
    pub(crate) async fn guide(&self, language: &str) -> Result<Guide, Unavailable> {
        read(&fetch(&self.url(&guide_piece(language))).await?).map_err(|_| Unavailable)
    }

    /// What surrounds the guide.
    pub(crate) async fn about(&self, language: &str) -> Result<About, Unavailable> {
        read(&fetch(&self.url(&about_piece(language))).await?).map_err(|_| Unavailable)
    }

    fn url(&self, piece: &str) -> String {
        format!("{}/v1/{}/{piece}.bin", self.origin, self.snapshot)
    }
}

#[wasm_bindgen]
extern "C" {
    /// Browsers of before the middle of 2022 do not have it: they wait as long as it takes.
    #[wasm_bindgen(catch, js_namespace = AbortSignal, js_name = timeout)]
    fn abort_after(milliseconds: u32) -> Result<AbortSignal, JsValue>;
}

/// The body of an answer. Straight through `fetch`: a client crate costs 2 KB of brotli for
/// what these lines do.
async fn fetch(url: &str) -> Result<Vec<u8>, Unavailable> {
    let init = RequestInit::new();
    // No cookie either way, and no page's address in the request.
    init.set_credentials(RequestCredentials::Omit);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    if let Ok(signal) = abort_after(PATIENCE) {
        init.set_signal(Some(&signal));
    }
    let window = web_sys::window().ok_or(Unavailable)?;
    let response: Response = wait(window.fetch_with_str_and_init(url, &init)).await?.unchecked_into();
    if !response.ok() {
        return Err(Unavailable);
    }
    let body = wait(response.array_buffer().map_err(|_| Unavailable)?).await?;
    Ok(js_sys::Uint8Array::new(&body).to_vec())
}

async fn wait(promise: js_sys::Promise) -> Result<JsValue, Unavailable> {
    JsFuture::from(promise).await.map_err(|_| Unavailable)
}
