//! What the host page asks for, through the element's attributes.

pub(crate) use shared::options::Options;

use web_sys::HtmlElement;

/// Reads the attributes.
pub(crate) fn of(host: &HtmlElement) -> Options {
    Options::read(|name| host.get_attribute(name))
}
