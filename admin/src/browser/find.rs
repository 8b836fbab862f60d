//! Which browser: the one that `CHROME` names, else what is installed where such things are.

use crate::failure::Failure;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// As systems call it.
const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

/// Where it is without being on the search path.
const PLACES: [&str; 5] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
];

/// The browser to start.
pub(super) fn browser() -> Result<PathBuf, Failure> {
    if let Some(named) = env::var_os("CHROME").filter(|named| !named.is_empty()).map(PathBuf::from) {
        return if named.is_file() {
            Ok(named)
        } else {
            Err(none(format!("La variable CHROME nomme « {} », qui n’est pas un fichier.", named.display())))
        };
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name)));
    on_path
        .chain(PLACES.map(PathBuf::from))
        .find(|candidate| candidate.is_file())
        .ok_or_else(|| none("Aucun navigateur Chromium ou Chrome n’est installé ici.".to_owned()))
}

fn none(message: String) -> Failure {
    Failure::unreachable("no-browser", message).advising(
        "Installez Chromium ou Chrome, ou nommez-le : CHROME=/chemin/du/navigateur cargo spro watch …",
    )
}

/// Whether we run as the superuser of a system that has one.
pub(super) fn is_root() -> bool {
    Path::new("/").is_dir()
        && Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
