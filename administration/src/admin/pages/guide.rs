//! `/admin/guide`: the guide for administrators, which says nothing of what is kept here.

use super::frame::{GUIDE, Page, send};
use maud::PreEscaped;
use serving::host::Host;
use serving::problem::Failure;
use serving::shipped;
use web_sys::Response;

/// The page, the same for everybody.
pub(super) fn page(host: &Host<'_>) -> Result<Response, Failure> {
    let (title, text) = shipped::guide("guide-de-l-administration", host.cache.origin)?;
    let page = Page { title: &title, person: None, part: GUIDE, done: None, error: None };
    send(200, &page.html(&PreEscaped(text)))
}
