//! `keep`: the files of the build that is deployed, sent to where they outlive the next
//! deployment.

use crate::cli::partners::Keep;
use crate::failure::Failure;
use crate::files;
use crate::output::Outcome;
use crate::server::{Call, Server};
use protocol::builds::{FileAnswer, KeptBuild, KeptBuilds};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The file that says which build it is.
const BUILD: &str = "build.txt";
/// What a compressed file has at the end of its name.
const COMPRESSED: &str = "br";

/// Where the deployed files are, unless an option says so: after `cargo xtask build`, and in
/// the archive of `cargo xtask dist`.
const FOLDERS: [&str; 2] = ["target/spro/assets", "assets"];

/// Keeps what a folder has of the deployed build.
pub(crate) fn run(options: &Keep, server: &Server) -> Result<Outcome, Failure> {
    if options.list {
        return list(server);
    }
    let folder = options.folder.clone().unwrap_or_else(usual_folder);
    let build = build(&folder)?;
    let folder = folder.join(&build);
    let mut kept = Vec::new();
    let mut bytes = 0;
    for name in compressed(&folder)? {
        let compressed = files::read(&folder.join(format!("{name}.{COMPRESSED}")))?;
        let path = format!("builds/{build}/{name}");
        let answer =
            server.ask(Call::put_file(&path, &compressed)).map_err(|failure| advised(failure, &name))?;
        bytes += compressed.len();
        let FileAnswer { file, kept: of_file, .. } = server.read(&answer)?;
        kept.push((file, of_file));
    }
    let until = kept.iter().map(|(_, file)| file.until.as_str()).min().unwrap_or_default().to_owned();
    let s = if kept.len() < 2 { "" } else { "s" };
    let text = format!(
        "Version {build} du guide : {} fichier{s}, {} Kio, gardé{s} jusqu’au {until} au moins.\n\
         Tant qu’elle reste déployée, ces deux ans recommencent chaque mois.\n",
        kept.len(),
        bytes.div_ceil(1024)
    );
    let files: Vec<Value> = kept.iter().map(|(file, kept)| json!({ "file": file, "kept": kept })).collect();
    Ok(Outcome { text, json: json!({ "build": build, "until": until, "files": files }), refused: false })
}

/// The first of [`FOLDERS`] that has a build; the first of all where none has.
fn usual_folder() -> PathBuf {
    let there = FOLDERS.into_iter().find(|folder| Path::new(folder).join(BUILD).is_file());
    there.unwrap_or(FOLDERS[0]).into()
}

/// Which build a folder has.
fn build(folder: &Path) -> Result<String, Failure> {
    let path = folder.join(BUILD);
    if !path.is_file() {
        let message = format!("« {} » n’a pas les fichiers du guide.", folder.display());
        return Err(Failure::refused("not-built", message).advising(
            "Lancez « cargo xtask build », déployez, puis relancez cette commande du même dossier ; dans l’archive, lancez-la du dossier où est « assets ».",
        ));
    }
    Ok(String::from_utf8_lossy(&files::read(&path)?).trim().to_owned())
}

/// The files of a build, each by the name under which it is served.
fn compressed(folder: &Path) -> Result<Vec<String>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::refused("not-built", format!("« {} » ne peut pas être lu ({error}).", folder.display()))
            .advising("Lancez « cargo xtask build ».")
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == COMPRESSED) {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    if names.is_empty() {
        let message = format!("« {} » n’a aucun fichier compressé.", folder.display());
        return Err(Failure::refused("not-built", message).advising("Lancez « cargo xtask build »."));
    }
    Ok(names)
}

fn advised(failure: Failure, name: &str) -> Failure {
    let message = format!("{} (fichier {name})", failure.message);
    let advised = Failure { message, ..failure };
    match advised.advice {
        Some(_) => advised,
        None => advised.advising(
            "Gardez la version que vous venez de déployer, du dossier d’où elle l’a été. Ce qui était gardé le reste.",
        ),
    }
}

fn list(server: &Server) -> Result<Outcome, Failure> {
    let json = server.ask(Call::get("builds"))?;
    let KeptBuilds { builds } = server.read(&json)?;
    let mut text = match builds.len() {
        0 => {
            "Aucune version du guide n’est gardée : « cargo spro keep » après un déploiement en garde une.\n"
                .to_owned()
        }
        1 => "1 version du guide est gardée :\n".to_owned(),
        several => format!("{several} versions du guide sont gardées :\n"),
    };
    for KeptBuild { build, until, kept_at, kept_by, files } in builds {
        let _ = writeln!(
            text,
            "  {build}   jusqu’au {until}   {} fichiers   {} par {}",
            files.len(),
            crate::clock::told(&kept_at),
            kept_by.name,
        );
    }
    Ok(Outcome { text, json, refused: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_build_are_those_with_a_compressed_sibling() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(build(folder.path()).unwrap_err().code, "not-built");
        fs::write(folder.path().join("build.txt"), "0123456789abcdef\n").unwrap();
        assert_eq!(build(folder.path()).unwrap(), "0123456789abcdef");
        let own = folder.path().join("0123456789abcdef");
        assert_eq!(compressed(&own).unwrap_err().code, "not-built");
        fs::create_dir(&own).unwrap();
        assert_eq!(compressed(&own).unwrap_err().code, "not-built");
        for name in ["element.js", "element.js.br", "element_bg.wasm.br", "notes.md"] {
            fs::write(own.join(name), "x").unwrap();
        }
        assert_eq!(compressed(&own).unwrap(), ["element.js", "element_bg.wasm"]);
    }
}
