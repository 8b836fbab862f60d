//! Documents with a style sheet of their own.

pub use shared::markup::Escaped;

/// The policy under which a document with this one style sheet, inside it, does all it
/// does: no script, no picture, no request. For a `Content-Security-Policy` header.
pub fn policy(style: &str) -> String {
    use base64::Engine as _;
    use sha2::Digest as _;
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(style));
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_the_style_sheet_by_its_hash() {
        // `printf '' | openssl dgst -sha256 -binary | base64`
        assert!(policy("").contains("'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"));
    }
}
