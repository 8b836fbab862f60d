//! How names are compared: without accents, hyphens, apostrophes or capitals.

/// Folds a name for comparison: lower case, no accent, every run of anything but letters
/// and digits as one space, `st`, `ste` and their plurals as words spelled out.
///
/// The table holds the letters of French names only: the general Unicode tables weigh
/// twenty times this module in the element.
///
/// ```
/// assert_eq!(shared::spelling::fold("St-Étienne-d’Œuvres"), "saint etienne d oeuvres");
/// ```
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let mut word = 0;
    for letter in name.chars() {
        match letter {
            'a'..='z' | '0'..='9' => folded.push(letter),
            'A'..='Z' => folded.push(letter.to_ascii_lowercase()),
            'à' | 'â' | 'ä' | 'á' | 'ã' | 'À' | 'Â' | 'Ä' | 'Á' | 'Ã' => folded.push('a'),
            'ç' | 'Ç' => folded.push('c'),
            'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => folded.push('e'),
            'î' | 'ï' | 'í' | 'Î' | 'Ï' | 'Í' => folded.push('i'),
            'ñ' | 'Ñ' => folded.push('n'),
            'ô' | 'ö' | 'ó' | 'Ô' | 'Ö' | 'Ó' => folded.push('o'),
            'ù' | 'û' | 'ü' | 'ú' | 'Ù' | 'Û' | 'Ü' | 'Ú' => folded.push('u'),
            'ÿ' | 'Ÿ' => folded.push('y'),
            'œ' | 'Œ' => folded.push_str("oe"),
            'æ' | 'Æ' => folded.push_str("ae"),
            // An accent of its own, as some systems write « é »: its letter came before.
            '\u{300}'..='\u{36f}' => {}
            _ => end_word(&mut folded, &mut word),
        }
    }
    end_word(&mut folded, &mut word);
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// Keeps French punctuation with its word: a space before `: ; ? ! »` and after `«` becomes
/// one that no line breaks at. People type ordinary spaces; at 320 px a line must not begin
/// with a colon.
///
/// ```
/// assert_eq!(shared::spelling::keep_together("Pourquoi ?"), "Pourquoi\u{a0}?");
/// ```
pub fn keep_together(french: &str) -> String {
    let mut kept = String::with_capacity(french.len());
    let mut letters = french.chars().peekable();
    while let Some(letter) = letters.next() {
        let before = letters.peek().is_some_and(|next| matches!(next, ':' | ';' | '?' | '!' | '»'));
        let is_kept = letter == ' ' && (before || kept.ends_with('«'));
        kept.push(if is_kept { '\u{a0}' } else { letter });
    }
    kept
}

/// Closes the word that starts at `word`, spelling out the abbreviations of "saint".
fn end_word(folded: &mut String, word: &mut usize) {
    match &folded[*word..] {
        "" => return,
        "st" => folded.replace_range(*word.., "saint"),
        "ste" => folded.replace_range(*word.., "sainte"),
        "sts" => folded.replace_range(*word.., "saints"),
        "stes" => folded.replace_range(*word.., "saintes"),
        _ => {}
    }
    folded.push(' ');
    *word = folded.len();
}

#[cfg(test)]
mod tests {
    use super::{fold, keep_together};

    #[test]
    fn only_the_spaces_of_punctuation_are_kept() {
        assert_eq!(keep_together("« Oui » : non ; si !"), "«\u{a0}Oui\u{a0}»\u{a0}: non\u{a0}; si\u{a0}!");
        assert_eq!(keep_together("09:00, a b"), "09:00, a b");
        assert_eq!(keep_together(""), "");
    }

    #[test]
    fn spellings_of_one_name_fold_to_the_same() {
        for spelling in
            ["Saint-Martin-d'Hères", "saint martin d heres", "ST MARTIN D’HÈRES", "  St.-Martin d'Heres "]
        {
            assert_eq!(fold(spelling), "saint martin d heres", "{spelling}");
        }
        assert_eq!(fold("Sainte-Foy-lès-Lyon"), fold("STE FOY LES LYON"));
        assert_eq!(fold("L'Haÿ-les-Roses"), "l hay les roses");
        assert_eq!(fold("Stes-Maries"), "saintes maries");
        assert_eq!(fold("He\u{300}res"), "heres", "an accent apart");
        assert_eq!(fold("Estables"), "estables", "only whole words are abbreviations");
        assert_eq!(fold(" -'"), "");
    }
}
