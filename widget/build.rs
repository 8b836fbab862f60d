//! Turns `texts/fr.txt` into what the element is compiled with: the French texts, and one
//! name for each, so that a typo in a name does not compile.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

#[path = "texts/read.rs"]
mod read;

const FRENCH: &str = "texts/fr.txt";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=texts");
    let out = env::var("OUT_DIR")?;
    let file = fs::read_to_string(FRENCH)?;
    let refused = |reason| format!("widget/{FRENCH}, {reason}");
    fs::write(Path::new(&out).join("fr.txt"), read::in_order(&file, &file).map_err(refused)?)?;

    let mut keys = String::from(
        "/// The texts of the element, in the order of `texts/fr.txt`.\n\
         #[derive(Debug, Clone, Copy, PartialEq, Eq)]\n\
         #[allow(dead_code, reason = \"translations may come before what says them\")]\n\
         pub(crate) enum Key {\n",
    );
    for (key, text) in read::read(&file).map_err(refused)? {
        let name: String = key.split('_').map(capitalised).collect();
        writeln!(keys, "    /// {text}\n    {name},")?;
    }
    keys.push_str("}\n");
    fs::write(Path::new(&out).join("keys.rs"), keys)?;
    Ok(())
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
