//! The text of a file in any encoding that a spreadsheet program saves one in.
//!
//! Excel alone writes four: « CSV » (Windows-1252 in France), « CSV (Macintosh) », « CSV
//! (MS-DOS) » and « Texte Unicode » (UTF-16), which other programs write without its mark.

use crate::refusal::Refusal;
use std::borrow::Cow;

/// What the bytes from 128 on mean in MS-DOS in western Europe: `encoding_rs` has only what
/// browsers need.
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// The letters of French that are not ASCII.
const LETTERS: &str = "àâäæçéèêëîïôöœùûüÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸ";

/// The other signs that French texts have.
const SIGNS: &str = "’‘“”«»–—…•·°€²³½\u{a0}\u{202f}";

/// What an old program puts at the end of a text.
const END_OF_FILE: u8 = 0x1a;

/// The text of a file, and the usual name of its encoding.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static str), Refusal> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return if broken { Err(binary()) } else { Ok((text, encoding.name())) };
    }
    if let Some(encoding) = unmarked_utf_16(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        let text = text.trim_end_matches(char::from(END_OF_FILE));
        let is_text = !broken && !text.bytes().any(is_control);
        return if is_text { Ok((Cow::Owned(text.to_owned()), encoding.name())) } else { Err(binary()) };
    }
    let mut bytes = bytes;
    while let [rest @ .., END_OF_FILE] = bytes {
        bytes = rest;
    }
    if bytes.iter().copied().any(is_control) {
        return Err(binary());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((Cow::Borrowed(text), "UTF-8"));
    }
    let (windows, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
    let (mac, _) = encoding_rs::MACINTOSH.decode_without_bom_handling(bytes);
    let dos = Cow::Owned(dos(bytes));
    // The first of equals wins: most texts are Windows-1252.
    let mut best = (windows, "Windows-1252");
    for other in [(mac, "Mac Roman"), (dos, "MS-DOS (CP850)")] {
        if french(&other.0) > french(&best.0) {
            best = other;
        }
    }
    // Windows-1252 leaves five bytes without a letter, which are then controls.
    if best.0.chars().any(|letter| ('\u{80}'..'\u{a0}').contains(&letter)) {
        return Err(binary());
    }
    Ok(best)
}

fn binary() -> Refusal {
    Refusal::new(
        "binary-file",
        "Ce n’est pas un fichier texte : il contient des octets qu’aucun tableau n’a.",
    )
    .advising("Donnez un classeur (XLSX, ODS), un fichier CSV ou GeoJSON.")
}

/// Whether a byte is none that a text has.
fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// UTF-16 that does not say so: nearly every letter of French has a zero on one side.
fn unmarked_utf_16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let most = pairs.len() * 9 / 10;
    let zeros = |side: usize| pairs.iter().filter(|pair| pair[side] == 0).count();
    if pairs.is_empty() || bytes.len() % 2 == 1 {
        None
    } else if zeros(1) > most && zeros(0) == 0 {
        Some(encoding_rs::UTF_16LE)
    } else if zeros(0) > most && zeros(1) == 0 {
        Some(encoding_rs::UTF_16BE)
    } else {
        None
    }
}

fn dos(bytes: &[u8]) -> String {
    let letters: Vec<char> = CP850.chars().collect();
    let letter = |byte: u8| match byte.checked_sub(128) {
        None => char::from(byte),
        Some(place) => letters.get(usize::from(place)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    bytes.iter().map(|byte| letter(*byte)).collect()
}

/// How French a text looks, by its letters that are not ASCII.
fn french(text: &str) -> i64 {
    let mut score = 0;
    for (before, letter, after) in neighbours(text).filter(|(_, letter, _)| !letter.is_ascii()) {
        // « CitÈ » is no way of writing: capitals begin words or fill them.
        let is_astray = letter.is_uppercase() && before.is_lowercase()
            || letter.is_lowercase() && before.is_uppercase() && after.is_uppercase();
        let is_inside = before.is_alphabetic() && after.is_alphabetic() && letter != '’';
        score += if LETTERS.contains(letter) {
            if is_astray { -2 } else { 2 }
        } else if SIGNS.contains(letter) {
            if is_inside { -1 } else { 1 }
        } else {
            -2
        };
    }
    score
}

/// A sign that no French word has, inside a word of a text: its encoding was misread, here or
/// before.
pub(super) fn odd_sign(text: &str) -> Option<char> {
    if text.is_ascii() {
        return None;
    }
    neighbours(text)
        .find(|(before, letter, after)| {
            *letter == char::REPLACEMENT_CHARACTER
                || ODD_LETTERS.contains(*letter) && (before.is_alphabetic() || after.is_alphabetic())
                || ODD_SIGNS.contains(*letter) && before.is_alphabetic() && after.is_alphabetic()
        })
        .map(|(_, letter, _)| letter)
}

/// Letters that one encoding makes of the accents of another, and no French word has.
const ODD_LETTERS: &str = "ŽžŠšƒÐðÞþı";

/// Signs that one encoding makes of the accents of another.
const ODD_SIGNS: &str = "™‡†‰ˆ˜¿¡‚„¤¦¬¶§±µ×÷¢£¥©®◊∆√≈∞∏∑∫";

/// The letters of a text, each between its neighbours.
fn neighbours(text: &str) -> impl Iterator<Item = (char, char, char)> {
    let before = std::iter::once(' ').chain(text.chars());
    let after = text.chars().skip(1).chain(std::iter::once(' '));
    before.zip(text.chars()).zip(after).map(|((before, letter), after)| (before, letter, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "Nom;Ville\r\nÉcole à l’Œuvre, « été »;Saint-Étienne-la-Forêt\r\nCITÉ DE L’ÎLE ÇÀ;Bourg\r\n";

    /// The same in an encoding of one byte a letter.
    fn bytes(text: &str, table: impl Fn(char) -> u8) -> Vec<u8> {
        text.chars()
            .map(|letter| u8::try_from(letter).ok().filter(u8::is_ascii).unwrap_or_else(|| table(letter)))
            .collect()
    }

    fn mac(letter: char) -> u8 {
        (128..=255)
            .find(|byte| encoding_rs::MACINTOSH.decode_without_bom_handling(&[*byte]).0.starts_with(letter))
            .unwrap()
    }

    fn dos_byte(letter: char) -> u8 {
        (128..=255).find(|byte| dos(&[*byte]).starts_with(letter)).unwrap()
    }

    #[test]
    fn every_text_of_a_spreadsheet_program_is_read() {
        assert_eq!(CP850.chars().count(), 128);
        let windows = encoding_rs::WINDOWS_1252.encode(TEXT).0.into_owned();
        let without_dos = TEXT.replace('’', "'").replace('Œ', "Oe");
        let utf_16: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf_16_be: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (bytes, text, name) in [
            (TEXT.as_bytes().to_vec(), TEXT, "UTF-8"),
            (windows, TEXT, "Windows-1252"),
            (bytes(TEXT, mac), TEXT, "Mac Roman"),
            (bytes(&without_dos, dos_byte), &without_dos, "MS-DOS (CP850)"),
            (utf_16, TEXT, "UTF-16LE"),
            (utf_16_be, TEXT, "UTF-16BE"),
        ] {
            assert_eq!(
                decode(&bytes).map(|(text, name)| (text.into_owned(), name)),
                Ok((text.to_owned(), name))
            );
            let end: &[u8] = if name.ends_with("LE") {
                b"\x1a\0"
            } else if name.ends_with("BE") {
                b"\0\x1a"
            } else {
                b"\x1a"
            };
            assert_eq!(decode(&[&bytes, end].concat()).unwrap().0, text, "{name} with its end of file");
        }
    }

    #[test]
    fn few_accents_are_enough_and_windows_stays_windows() {
        for (word, name) in [
            (&b"Cit\xe9"[..], "Windows-1252"),
            (b"CIT\xc9", "Windows-1252"),
            (b"BO\xceTE", "Windows-1252"),
            (b"gar\xe7on", "Windows-1252"),
            (b"l\x92\xe9t\xe9 \x96 20 \x80", "Windows-1252"),
            (b"\xc0 c\xf4t\xe9, le N\xb0 2", "Windows-1252"),
            (b"Cit\x8e", "Mac Roman"),
            (b"CIT\x83", "Mac Roman"),
            (b"l\xd5\x8et\x8e", "Mac Roman"),
            (b"gar\x8don", "Mac Roman"),
            (b"Cit\x82", "MS-DOS (CP850)"),
            (b"Ch\x83teau", "MS-DOS (CP850)"),
        ] {
            assert_eq!(decode(word).unwrap().1, name, "{word:?}");
        }
    }

    #[test]
    fn signs_that_no_french_word_has_are_seen() {
        for (text, odd) in [
            ("CitŽ", Some('Ž')),
            ("1 rue de l'ƒglise", Some('ƒ')),
            ("l™association", Some('™')),
            ("Cit\u{fffd}", Some('\u{fffd}')),
            ("Œuvre de l’été n° 5", None),
            ("SPRO™", None),
            ("Ångström, Nuñez, Müller", None),
        ] {
            assert_eq!(odd_sign(text), odd, "{text}");
        }
    }
}
