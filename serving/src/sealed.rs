//! A compressed file as a value of KV, behind its SHA-256: a value that is cut short or overwritten
//! is never served.

use shared::snapshot::hash;

/// How many bytes the hash takes before the content.
const SEAL: usize = 64;

/// The value for a compressed file.
pub fn sealed(compressed: &[u8]) -> Vec<u8> {
    [hash(compressed).as_bytes(), compressed].concat()
}

/// The compressed file in a value; `None` where the value is not whole.
pub fn opened(value: &[u8]) -> Option<&[u8]> {
    let (seal, compressed) = value.split_at_checked(SEAL)?;
    (hash(compressed).as_bytes() == seal).then_some(compressed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_whole_or_nothing() {
        let value = sealed(b"compressed");
        assert_eq!(opened(&value), Some(&b"compressed"[..]));
        assert_eq!(opened(&sealed(b"")), Some(&b""[..]));
        let mut other = value.clone();
        *other.last_mut().unwrap() ^= 1;
        for broken in [&other[..], &value[..value.len() - 1], &value[..10], b""] {
            assert_eq!(opened(broken), None, "{broken:?}");
        }
    }
}
