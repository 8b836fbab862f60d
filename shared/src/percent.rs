//! Texts in addresses.

use std::fmt::Write;

/// A text as a part of an address or of a form may carry it: what RFC 3986 reserves, and whatever is
/// not ASCII, as bytes.
///
/// ```
/// assert_eq!(shared::percent::encoded("Cité & co"), "Cit%C3%A9%20%26%20co");
/// ```
pub fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
