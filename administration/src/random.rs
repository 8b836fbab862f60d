//! Randomness of the host, for what nobody may guess.

use js_sys::global;
use wasm_bindgen::JsCast;
use web_sys::WorkerGlobalScope;

/// `N` random bytes, hexadecimal.
pub(crate) fn hexadecimal<const N: usize>() -> String {
    let mut bytes = [0; N];
    let scope: WorkerGlobalScope = global().unchecked_into();
    // The runtime always has it, and fails only beyond 64 KiB.
    let given = scope.crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    assert!(given.is_ok(), "the host gives no random bytes");
    hex(&bytes)
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_are_written_with_two_digits_each() {
        assert_eq!(super::hex(&[0, 15, 160, 255]), "000fa0ff");
    }
}
