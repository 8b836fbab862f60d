//! Texts that people can read: in a directory nothing is invisible, nothing turns the direction of
//! what follows, and nothing is longer than anybody reads or a spreadsheet program holds.

use super::Check;
use crate::directory::{Edition, Resource, Structure, Territory};
use serde::Serialize;
use serde_json::Value;

/// The longest name of a place, in characters.
const LONGEST_NAME: usize = 200;
/// The longest text of a place.
const LONGEST: usize = 4000;
/// The longest text of an edition: the paper of a territory.
const LONGEST_OF_ALL: usize = 20_000;
/// How much of a text a finding shows.
const SHOWN: usize = 60;

impl Check<'_> {
    /// The texts of a place: of one language, so that no mark of direction has a use.
    pub(super) fn readable_place(&mut self, path: &str, structure: &Structure) {
        self.readable(
            path,
            structure,
            &|path| if path.rsplit('.').next() == Some("name") { LONGEST_NAME } else { LONGEST },
            false,
        );
    }

    /// The texts of an edition, which may be written from right to left.
    pub(super) fn readable_edition(&mut self, edition: &Edition) {
        self.readable("edition", edition, &|_| LONGEST_OF_ALL, true);
    }

    pub(super) fn readable_territory(&mut self, path: &str, territory: &Territory) {
        self.readable(path, territory, &|_| LONGEST_OF_ALL, true);
    }

    pub(super) fn readable_resource(&mut self, path: &str, resource: &Resource) {
        self.readable(path, resource, &|_| LONGEST_OF_ALL, true);
    }

    fn readable(&mut self, path: &str, thing: &impl Serialize, longest: &dyn Fn(&str) -> usize, marks: bool) {
        // What is a field of ours is plain JSON.
        let value = serde_json::to_value(thing).unwrap_or_default();
        self.walk(path, &value, longest, marks);
    }

    fn walk(&mut self, path: &str, value: &Value, longest: &dyn Fn(&str) -> usize, marks: bool) {
        match value {
            Value::String(text) => self.readable_text(path, text, longest(path), marks),
            Value::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    self.walk(&format!("{path}[{index}]"), value, longest, marks);
                }
            }
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.walk(&format!("{path}.{name}"), value, longest, marks);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn readable_text(&mut self, path: &str, text: &str, longest: usize, marks: bool) {
        let shown = || text.chars().filter(|c| !is_hidden(*c, false)).take(SHOWN).collect::<String>();
        if text.len() > longest && text.chars().count() > longest {
            self.error("text-too-long", path, &shown(), format!("un texte de {longest} caractères au plus"));
        }
        if let Some(hidden) = text.chars().find(|c| is_hidden(*c, marks)) {
            let expected = format!(
                "un texte sans caractère invisible ni de commande (ici U+{:04X}) : effacez-le et tapez-le de nouveau",
                u32::from(hidden)
            );
            self.error("unreadable-character", path, &shown(), expected);
        }
    }
}

/// Whether a character is not seen, turns what follows, or is none. `marks` are the two marks of
/// direction and the joiners that texts from right to left are written with.
fn is_hidden(c: char, marks: bool) -> bool {
    match c {
        // Joiners are how some names are written; a browser ends the lines of a field with both.
        '\r' | '\n' | '\t' | '\u{200c}' | '\u{200d}' => false,
        // Marks and soft hyphens have a use in texts that are set with care.
        '\u{ad}' | '\u{61c}' | '\u{200e}' | '\u{200f}' => !marks,
        '\u{180e}'
        | '\u{200b}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{fdd0}'..='\u{fdef}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{e0000}'..='\u{e007f}' => true,
        c => c.is_control() || u32::from(c) & 0xfffe == 0xfffe,
    }
}

#[cfg(test)]
mod tests {
    use super::is_hidden;

    #[test]
    fn what_people_type_is_seen() {
        for c in
            "Mission locale d’Émerainville, 1er étage – « accueil » œ ß ş ي 你 \u{a0}\u{202f}\n\t".chars()
        {
            assert!(!is_hidden(c, false), "{c:?}");
        }
    }

    #[test]
    fn what_nobody_sees_is_known() {
        for c in "\u{0}\u{7}\u{1b}\u{7f}\u{85}\u{ad}\u{200b}\u{200e}\u{202e}\u{2066}\u{feff}\u{fffe}\u{ffff}\u{1fffe}\u{e001}\u{e0041}".chars() {
            assert!(is_hidden(c, false), "{c:?}");
        }
        assert!(!is_hidden('\u{200f}', true) && is_hidden('\u{202e}', true));
    }
}
