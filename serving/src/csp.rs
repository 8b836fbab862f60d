//! What a Content-Security-Policy names our own style sheets and scripts by.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// The hash of an inline sheet or script, as a policy writes it after `sha256-`: base64.
pub fn source_hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_hash_is_what_browsers_compare_with() {
        // `printf abc | openssl dgst -sha256 -binary | base64`
        assert_eq!(super::source_hash("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }
}
