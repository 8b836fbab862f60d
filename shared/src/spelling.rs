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

/// A folded name of a town in full, where the post or a list shortens it: `s` is « sur », `n d`
/// « Notre-Dame », `fd` « Ferrand », an article at its end stands before it, and what the post
/// says of its own delivery (« Cedex 2 ») is no part of it. Nothing where nothing is short.
///
/// ```
/// use shared::spelling::in_full;
/// assert_eq!(in_full("tour du pin la").as_deref(), Some("la tour du pin"));
/// assert_eq!(in_full("63038 clermont fd cedex 2").as_deref(), Some("63 clermont ferrand"));
/// assert_eq!(in_full("valence"), None);
/// ```
pub fn in_full(folded: &str) -> Option<String> {
    let mut words: Vec<&str> = folded.split(' ').collect();
    if let Some(at) = words.iter().position(|word| *word == "cedex") {
        words.truncate(at);
        // A Cedex has a postcode of its own, which only tells the department.
        if let Some(first) = words.first_mut().filter(|first| is_postcode(first)) {
            *first = first.get(..2)?;
        }
    }
    let mut full = String::with_capacity(folded.len() + 8);
    if words.len() > 1
        && let Some(article) = words.pop_if(|last| matches!(*last, "l" | "le" | "la" | "les"))
    {
        full.push_str(article);
    }
    let mut before = "";
    for (at, word) in words.iter().enumerate() {
        let after = words.get(at + 1).copied().unwrap_or_default();
        let long = match (before, *word, after) {
            ("s", "s", _) => "",
            (_, "s", "s") | (_, "ss", _) => "sous",
            ("", "s", _) => "s",
            (_, "s", _) => "sur",
            (_, "n", "d") => "notre",
            ("n", "d", _) => "dame",
            (_, "nd", _) => "notre dame",
            (_, "fd", _) => "ferrand",
            (_, word, _) => word,
        };
        if !full.is_empty() && !long.is_empty() {
            full.push(' ');
        }
        full.push_str(long);
        before = word;
    }
    (full != folded).then_some(full)
}

/// Whether a word has the form of a postcode.
pub fn is_postcode(word: &str) -> bool {
    word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit())
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
    use super::{fold, in_full, keep_together};

    #[test]
    fn what_the_post_shortens_is_written_in_full() {
        for (written, full) in [
            ("MONASTIER (LE)", "le monastier"),
            ("Isle d'Abeau (L')", "l isle d abeau"),
            ("ROCHE S/FORON (LA)", "la roche sur foron"),
            ("St-Cyr s/ Loire", "saint cyr sur loire"),
            ("MONTREUIL S/S BOIS", "montreuil sous bois"),
            ("FONTENAY SS BOIS", "fontenay sous bois"),
            ("N.-D. DE MESAGE", "notre dame de mesage"),
            ("ND DE MESAGE", "notre dame de mesage"),
            ("MONTFERRAND FD", "montferrand ferrand"),
            ("ECHELLES (LES) CEDEX", "les echelles"),
            ("42006 ST ETIENNE CEDEX 1", "42 saint etienne"),
        ] {
            assert_eq!(in_full(&fold(written)).as_deref(), Some(full), "{written}");
        }
        for whole in ["", "s", "la", "le puy en velay", "saint jean d angely", "69003 lyon 3"] {
            assert_eq!(in_full(whole), None, "{whole}");
        }
    }

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
