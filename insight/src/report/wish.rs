//! What a finding wants, as a sentence.

use shared::finding::Finding;

/// What a finding expects, as people read it: « il faut » what keeps a directory from being
/// published, « il faudrait » the rest.
pub fn wish(code: &str, is_error: bool, expected: &str) -> String {
    match is_error {
        _ if Finding::WHOLE.contains(&code) => expected.to_owned(),
        true => format!("il faut {expected}"),
        false => format!("il faudrait {expected}"),
    }
}

#[cfg(test)]
mod tests {
    use super::wish;

    #[test]
    fn what_is_missing_is_a_sentence() {
        for (code, is_error, expected, told) in [
            ("no-contact", false, "un site", "il faudrait un site"),
            ("phone", true, "un numéro court", "il faut un numéro court"),
            ("format", true, "cette version lit le format 1", "cette version lit le format 1"),
        ] {
            assert_eq!(wish(code, is_error, expected), told);
        }
    }
}
