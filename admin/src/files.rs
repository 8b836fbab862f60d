//! Reading and writing files, with French sentences for what goes wrong.

use crate::failure::Failure;
use insight::report::whereabouts::Whereabouts;
use shared::directory::Directory;
use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::path::Path;

/// Reads a whole file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let shown = path.display();
    if path.is_dir() {
        return Err(Failure::refused("is-a-folder", format!("« {shown} » est un dossier, pas un fichier."))
            .advising("Donnez le chemin d’un fichier de ce dossier."));
    }
    fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            Failure::refused("no-such-file", format!("Le fichier « {shown} » n’existe pas."))
                .advising("Vérifiez le chemin et l’orthographe du nom.")
        }
        ErrorKind::PermissionDenied => Failure::refused(
            "unreadable-file",
            format!("Le fichier « {shown} » ne peut pas être lu : accès refusé."),
        ),
        _ => Failure::refused(
            "unreadable-file",
            format!("Le fichier « {shown} » ne peut pas être lu ({error})."),
        ),
    })
}

/// What somebody who gives a spreadsheet for a directory should do.
pub(crate) const TABLE_ADVICE: &str =
    "Pour un tableau (XLSX, ODS, CSV, GeoJSON), utilisez d’abord « cargo spro import ».";

/// A path as a command line takes it.
pub(crate) fn quoted(path: &Path) -> String {
    let shown = path.display().to_string();
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-\\:".contains(letter);
    if shown.chars().all(is_plain) { shown } else { format!("\"{shown}\"") }
}

/// Reads a directory document.
pub(crate) fn read_directory(path: &Path) -> Result<Directory, Failure> {
    let bytes = read(path)?;
    Directory::from_json(&bytes).map_err(|finding| {
        let said = crate::output::line(&finding, &Whereabouts::default());
        let failure = Failure::refused(
            "unreadable-directory",
            format!("« {} » n’est pas un annuaire lisible : {said}", path.display()),
        );
        if finding.code == "not-json" { failure.advising(TABLE_ADVICE) } else { failure }
    })
}

/// What writing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// The file is new, or replaced.
    Yes,
    /// The file already held exactly this.
    Unchanged,
}

/// Whether [`write()`] would be refused because of what is already there.
pub(crate) fn check_target(
    path: &Path,
    content: impl AsRef<[u8]>,
    replace: bool,
) -> Result<Written, Failure> {
    if path.is_dir() {
        return Err(Failure::refused(
            "is-a-folder",
            format!("« {} » est un dossier : donnez un nom de fichier.", path.display()),
        ));
    }
    match holds(path, content.as_ref()) {
        Ok(true) => Ok(Written::Unchanged),
        Ok(_) if !replace => Err(Failure::refused(
            "file-exists",
            format!("« {} » existe déjà avec un autre contenu : il n’a pas été touché.", path.display()),
        )
        .advising("Choisissez un autre nom, ou ajoutez --force pour le remplacer.")),
        _ => Ok(Written::Yes),
    }
}

/// Whether a file has exactly this content. Part by part: a directory may be large.
fn holds(path: &Path, content: &[u8]) -> io::Result<bool> {
    let mut file = BufReader::new(fs::File::open(path)?);
    let mut left = content;
    loop {
        let part = file.fill_buf()?;
        if part.is_empty() {
            return Ok(left.is_empty());
        }
        let Some(rest) = left.strip_prefix(part) else { return Ok(false) };
        left = rest;
        let read = part.len();
        file.consume(read);
    }
}

/// Writes a file whole or not at all: a temporary file beside it, then a rename.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>, replace: bool) -> Result<Written, Failure> {
    if check_target(path, &content, replace)? == Written::Unchanged {
        return Ok(Written::Unchanged);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error: &std::io::Error| {
        Failure::refused(
            "cannot-write",
            format!("« {} » ne peut pas être écrit ({error}) : rien n’a changé.", path.display()),
        )
    };
    let mut file =
        tempfile::Builder::new().prefix(".spro-").tempfile_in(folder).map_err(|error| failed(&error))?;
    file.write_all(content.as_ref())
        .and_then(|()| file.as_file().sync_all())
        .map_err(|error| failed(&error))?;
    let kept = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    let kept = kept.map_err(|error| failed(&error.error))?;
    readable_by_all(&kept);
    Ok(Written::Yes)
}

/// Temporary files are private; a directory document is not a secret.
#[cfg(unix)]
fn readable_by_all(file: &fs::File) {
    use std::os::unix::fs::PermissionsExt;
    // A file that stays private is only less convenient.
    let _ = file.set_permissions(fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn readable_by_all(_: &fs::File) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_never_replaced_unless_asked_or_identical() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        assert_eq!(write(&path, "one", false).unwrap(), Written::Yes);
        assert_eq!(write(&path, "one", false).unwrap(), Written::Unchanged);
        assert_eq!(write(&path, "two", false).unwrap_err().code, "file-exists");
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(write(&path, "two", true).unwrap(), Written::Yes);
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file stays");
    }

    #[test]
    fn what_cannot_be_read_or_written_is_said() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()).unwrap_err().code, "is-a-folder");
        assert_eq!(read(&folder.path().join("none")).unwrap_err().code, "no-such-file");
        assert_eq!(write(folder.path(), "x", true).unwrap_err().code, "is-a-folder");
        assert_eq!(write(&folder.path().join("no/where.json"), "x", false).unwrap_err().code, "cannot-write");
    }
}
