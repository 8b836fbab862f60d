//! `cargo spro sync`: sources on this machine that are followed, believed or not. No network.

mod days;
mod drafts;
mod faults;
mod site;

use crate::desk::{Desk, text};
use serde_json::{Value, json};
use spro_tests::documents;
use std::fs;

/// A directory of one department, with these places only.
fn directory(places: &Value) -> String {
    let mut directory = documents::small("Suivi").unwrap();
    directory["structures"] = places.clone();
    directory.to_string()
}

fn read(desk: &Desk, name: &str) -> Value {
    serde_json::from_slice(&fs::read(desk.path(name)).unwrap()).unwrap()
}

/// What is remembered of the sources, but for what is only on the way.
fn remembered(desk: &Desk) -> Vec<(String, String)> {
    let Ok(folder) = fs::read_dir(desk.path(".spro-sync/sources")) else { return Vec::new() };
    let mut files: Vec<(String, String)> = folder
        .map(|file| file.unwrap().path())
        .filter(|path| !path.to_string_lossy().contains(".part"))
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), text(&fs::read(path).unwrap()))
        })
        .collect();
    files.sort();
    files
}

/// A file of one source.
fn one(address: &str, more: &str) -> String {
    format!("[[source]]\nname = \"Liste\"\naddress = \"{address}\"\n{more}\n")
}

const TABLE: &str = "NOM;ADRESSE;CP;COMMUNE;TEL\n\
    Mission locale des Érables;1 rue des Érables;26000;Valence;04 75 00 00 01\n\
    CIO des Tilleuls;2 rue des Tilleuls;26000;Valence;04 75 00 00 02\n";

/// The command that brings the sources into a file, on a day.
fn sync<'a>(day: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut all = vec!["sync", "--into", "base.json", "--out", "base.json", "--force", "--on", day];
    all.extend(more);
    all
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("base.json", directory(&json!([])));
    desk
}
