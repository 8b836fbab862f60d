//! What a browser compares before it uses a file: Subresource Integrity,
//! <https://www.w3.org/TR/SRI/>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha384};

/// The value of an `integrity` attribute for a file's bytes, before they are compressed.
pub(super) fn of(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example of the specification, section 3.2.
    #[test]
    fn it_is_what_the_specification_says() {
        let expected = "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO";
        assert_eq!(of(b"alert('Hello, world.');"), expected);
    }
}
