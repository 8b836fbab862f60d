//! Turns the French texts into what `src/texts` is compiled with: the texts, and one name for
//! each, so that a typo in a name does not compile.
#![expect(clippy::disallowed_methods, reason = "a build script reads and writes files")]

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

#[expect(unreachable_pub, reason = "public in the crate that it is a module of")]
#[path = "src/texts/read.rs"]
mod read;

/// What the element says of itself, and what only pages say.
const FRENCH: [(&str, &str); 2] = [("texts/fr.txt", "fr.txt"), ("texts/pages/fr.txt", "pages.fr.txt")];

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::var("OUT_DIR")?;
    let mut keys = String::from(
        "/// What is said in each language: the element's texts in the order of `texts/fr.txt`, then\n\
         /// those of pages in the order of `texts/pages/fr.txt`.\n\
         #[derive(Debug, Clone, Copy, PartialEq, Eq)]\n\
         pub enum Key {\n",
    );
    for (source, made) in FRENCH {
        println!("cargo:rerun-if-changed={source}");
        let file = fs::read_to_string(source)?;
        let refused = |reason| format!("shared/{source}, {reason}");
        fs::write(Path::new(&out).join(made), read::in_order(&file, &file).map_err(refused)?)?;
        for (key, text) in read::read(&file).map_err(refused)? {
            let name: String = key.split('_').map(capitalised).collect();
            writeln!(keys, "    /// {text}\n    {name},")?;
        }
    }
    keys.push_str("}\n");
    fs::write(Path::new(&out).join("keys.rs"), keys)?;
    Ok(())
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
