//! The path of a value in a document of JSON, from the place where a reader stopped.
//!
//! serde says the line and the column. A reader that follows the path itself would compile what reads
//! a document twice: for every type once more, a sixth of this crate.

/// An object or a list that is open where the reader stopped.
enum Open {
    /// Its last key; none before the first, and after a comma.
    Object(Option<String>),
    /// The index of the value.
    List(usize),
}

/// The path of the value that ends at a line and a column, both from 1 as serde counts them:
/// `structures[0].phones`; `.` for the document itself.
pub(super) fn path(json: &[u8], line: usize, column: usize) -> String {
    let before: usize =
        json.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    let end = (before + column).min(json.len());
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while at < end {
        let begin = at;
        at += 1;
        match json[begin] {
            b'"' => {
                at = string_end(json, at);
                if let Some(Open::Object(key @ None)) = open.last_mut() {
                    *key = Some(serde_json::from_slice(&json[begin..at]).unwrap_or_default());
                }
            }
            b'{' => open.push(Open::Object(None)),
            b'[' => open.push(Open::List(0)),
            b'}' | b']' => drop(open.pop()),
            b',' => match open.last_mut() {
                Some(Open::Object(key)) => *key = None,
                Some(Open::List(index)) => *index += 1,
                None => {}
            },
            _ => {}
        }
    }
    written(&open)
}

/// Where a string ends whose first character is here.
fn string_end(json: &[u8], mut at: usize) -> usize {
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

fn written(open: &[Open]) -> String {
    let mut path = String::new();
    for level in open {
        match level {
            Open::Object(None) => {}
            Open::Object(Some(key)) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
            Open::List(index) => {
                path.push('[');
                path.push_str(&index.to_string());
                path.push(']');
            }
        }
    }
    if path.is_empty() { ".".to_owned() } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_that_of_the_value_where_reading_stopped() {
        let json = "{\"a\": 1,\n \"b, \\\"{[\": [[], {\"c\": {}, \"é\": [true,\n  2]}],\n \"d\": 3}";
        let check = |line: usize, until: &str, expected: &str| {
            let column = json.lines().nth(line - 1).unwrap().find(until).unwrap() + until.len();
            assert_eq!(path(json.as_bytes(), line, column), expected, "{line}: {until}");
        };
        check(1, "{", ".");
        check(1, "\"a\"", "a");
        check(1, "1", "a");
        check(1, ",", ".");
        check(2, "[[", "b, \"{[[0][0]");
        check(2, "[[]", "b, \"{[[0]");
        check(2, "{\"c\"", "b, \"{[[1].c");
        check(2, "{}", "b, \"{[[1].c");
        check(2, "true", "b, \"{[[1].é[0]");
        check(3, "2", "b, \"{[[1].é[1]");
        check(3, "}", "b, \"{[[1]");
        check(4, "3", "d");
        check(4, "}", ".");
    }

    #[test]
    fn any_bytes_have_a_path() {
        for json in ["", "]", "}}", "\"", "[\"\\", "{\"a", "{\"a\\\"", "\u{feff}[1"] {
            for column in 0..10 {
                for line in 0..3 {
                    let _ = path(json.as_bytes(), line, column);
                }
            }
        }
    }
}
