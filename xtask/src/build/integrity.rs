//! What a browser compares before it uses a file: Subresource Integrity,
//! <https://www.w3.org/TR/SRI/>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// The value of an `integrity` attribute for a file's bytes, before they are compressed. SHA-256,
/// the shortest that browsers take: the loader holds a few, and they do not compress.
pub(super) fn of(bytes: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The first test vector of FIPS 180-4, in base64.
    #[test]
    fn it_is_the_standards_hash() {
        assert_eq!(of(b"abc"), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }
}
