//! The one reader of the files of texts, for the build scripts, for the build and for the tests.

/// Reads the lines `key = text`. Blank lines and those that begin with `#` say nothing.
///
/// # Errors
/// The first line that is neither, or a key that comes twice.
pub fn read(file: &str) -> Result<Vec<(&str, String)>, String> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let mut texts: Vec<(&str, String)> = Vec::new();
    for (number, line) in (1..).zip(file.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((key, text)) = line.split_once('=') else {
            return Err(format!("line {number} is not `key = text`: {line}"));
        };
        let key = key.trim();
        if key.is_empty() || !key.bytes().all(is_plain) {
            return Err(format!("line {number}: a key has small letters, digits and _ only: {key}"));
        }
        if texts.iter().any(|(known, _)| *known == key) {
            return Err(format!("line {number}: {key} comes twice"));
        }
        texts.push((key, keep_together(text.trim())));
    }
    Ok(texts)
}

/// The texts of a file in the order of the French one, a line each, empty where one is
/// missing: keys need not travel.
///
/// # Errors
/// See [`read`].
pub fn in_order(french: &str, file: &str) -> Result<String, String> {
    let texts = read(file)?;
    let line = |key: &str| texts.iter().find(|(known, _)| *known == key).map_or("", |(_, text)| text);
    Ok(read(french)?.iter().map(|(key, _)| line(key)).collect::<Vec<_>>().join("\n"))
}

/// A space before French punctuation becomes one that no line breaks at. Other languages
/// have none there.
fn keep_together(text: &str) -> String {
    [" :", " ;", " ?", " !", " »"]
        .iter()
        .fold(text.replace("« ", "«\u{a0}"), |text, mark| text.replace(mark, &mark.replace(' ', "\u{a0}")))
}
