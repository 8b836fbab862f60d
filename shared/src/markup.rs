//! Texts inside HTML and SVG.

use std::fmt::{self, Display, Write};

/// A text of a directory inside markup, in content or in a quoted attribute.
///
/// ```
/// assert_eq!(shared::markup::Escaped("l’« A&B » <i>").to_string(), "l’« A&amp;B » &lt;i&gt;");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Escaped<'a>(pub &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            // XML has no place for the other control characters, not even escaped.
            c if c.is_control() && !matches!(c, '\n' | '\t' | '\r') => Ok(()),
            c => f.write_char(c),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_dropped() {
        assert_eq!(Escaped("a\u{0}b\u{1b}\nc").to_string(), "ab\nc");
    }
}
