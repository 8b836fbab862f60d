//! How wide a text will be, for drawings whose reader has fonts that nobody knows here.
//!
//! Widths are those of the widest of the usual sans-serif fonts (`DejaVu Sans` and
//! `Liberation Sans`, hence Arial and Helvetica), so that what fits here fits there. An estimate from
//! above: shaping only ever makes texts narrower.

/// Hundredths of an em, for the characters from the space to the tilde.
const REGULAR: [u8; 95] = [
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    34, 34, 84, 84, 84, 56, 102, 69, 69, 73, 78, 67, 62, 78, 76, 30, 50, 67, 56, 87, 75, 79, 67, 79, 73, 67,
    62, 74, 69, 99, 69, 67, 69, 40, 34, 40, 84, 56, 50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98,
    64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
];
/// The same in bold.
const BOLD: [u8; 95] = [
    35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 53, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70,
    40, 40, 84, 84, 84, 62, 100, 78, 77, 74, 84, 69, 69, 83, 84, 38, 56, 78, 64, 100, 84, 86, 74, 86, 78, 73,
    69, 82, 78, 111, 78, 73, 73, 46, 37, 46, 84, 56, 50, 68, 72, 60, 72, 68, 44, 72, 72, 35, 35, 67, 35, 105,
    72, 69, 72, 72, 50, 60, 48, 72, 66, 93, 65, 66, 59, 72, 37, 72, 84,
];

/// A size of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Font {
    /// In the units of the drawing.
    pub size: f32,
    /// Whether it is bold.
    pub bold: bool,
}

impl Font {
    /// A font of regular weight.
    pub const fn regular(size: f32) -> Self {
        Self { size, bold: false }
    }

    /// A bold font.
    pub const fn bold(size: f32) -> Self {
        Self { size, bold: true }
    }

    /// The width of a text on one line, from above, in the units of the drawing.
    pub fn width(self, text: &str) -> f32 {
        text.chars().map(|letter| hundredths(letter, self.bold)).sum::<f32>() * self.size / 100.0
    }

    /// Breaks a text into lines no wider than `width`: between words, and within a word only
    /// where it is wider than a whole line. Non-breaking spaces hold.
    pub fn wrap(self, text: &str, width: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()) {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in word.chars() {
                line.push(letter);
                if self.width(&line) > width && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }
}

fn hundredths(letter: char, bold: bool) -> f32 {
    let code = u32::from(letter);
    let regular: f32 = match letter {
        ' '..='~' => {
            let table = if bold { BOLD } else { REGULAR };
            // The range is that of the table.
            return table.get(code as usize - 32).copied().map_or(100.0, f32::from);
        }
        '\u{a0}' | '\u{202f}' => 32.0,
        '’' | '‘' | '·' => 34.0,
        '“' | '”' | '–' => 56.0,
        'Œ' | 'Æ' | 'œ' | 'æ' => 108.0,
        // Marks that stand on the letter before.
        '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{200b}'..='\u{200f}' => return 0.0,
        '\u{a1}'..='\u{17f}' if letter.is_lowercase() => 65.0,
        '\u{a1}'..='\u{17f}' => 84.0,
        '\u{400}'..='\u{52f}' if letter.is_lowercase() => 94.0,
        '\u{400}'..='\u{52f}' => 112.0,
        '\u{600}'..='\u{6ff}' => 92.0,
        // What the fonts borrow from others: ideographs and pictures are as wide as high.
        _ if code >= 0x2e80 => 140.0,
        _ => 104.0,
    };
    if bold { regular * 1.18 } else { regular }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_never_wider_than_asked() {
        let text = "Quelle est votre situation ? Anticonstitutionnellement, l’Œuvre «\u{a0}ici\u{a0}»";
        for font in [Font::regular(13.0), Font::bold(9.0)] {
            for width in [40.0, 90.0, 400.0] {
                let lines = font.wrap(text, width);
                assert!(lines.iter().all(|line| font.width(line) <= width), "{lines:?} at {width}");
                let together: String = lines.concat().replace(' ', "");
                assert_eq!(together, text.replace(' ', ""), "no letter is lost");
            }
        }
        assert!(Font::regular(13.0).wrap("  ", 10.0).is_empty());
    }

    #[test]
    fn what_must_hold_together_is_not_cut() {
        let font = Font::regular(10.0);
        let lines = font.wrap("aaaa «\u{a0}bb\u{a0}»", font.width("aaaa «"));
        assert_eq!(lines, ["aaaa", "«\u{a0}bb\u{a0}»"]);
    }

    #[test]
    fn widths_are_not_below_those_of_real_fonts() {
        // Measured in DejaVu Sans, the widest of the usual ones, at 1 000 units an em.
        for (text, bold, units) in
            [("Mission locale", false, 6896), ("É", false, 632), ("œ", true, 1095), ("Щ", true, 1326)]
        {
            let font = Font { size: 1000.0, bold };
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let real = units as f32;
            assert!(font.width(text) >= real * 0.995, "{text}: {} < {units}", font.width(text));
        }
    }
}
