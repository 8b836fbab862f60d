//! What columns hold, as people said it, remembered by name.

use crate::cli::Import;
use crate::failure::Failure;
use crate::files;
use exchange::import::columns::{Field, Mapping};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where mappings are remembered unless another file is named.
const USUAL: &str = ".spro/mappings.json";

/// Mappings by name, as their file holds them.
type Mappings = BTreeMap<String, Mapping>;

/// A mapping to remember once its import went well.
pub(super) struct Remembered {
    name: String,
    path: PathBuf,
    all: Mappings,
    /// Whether anything new was said.
    is_new: bool,
}

/// The mapping of an import: the one that was remembered by name, then what the command
/// says itself.
pub(super) fn mapping(options: &Import) -> Result<(Mapping, Option<Remembered>), Failure> {
    let said = options.column.iter().map(|pair| column(pair)).collect::<Result<Vec<_>, _>>()?;
    let Some(name) = &options.mapping else {
        return Ok((Mapping { columns: said.into_iter().collect() }, None));
    };
    let path = options.mappings.clone().unwrap_or_else(|| PathBuf::from(USUAL));
    let mut all = if path.exists() { read(&path)? } else { Mappings::new() };
    let known = all.get(name).cloned();
    if known.is_none() && said.is_empty() {
        let names: Vec<&str> = all.keys().map(String::as_str).collect();
        let advice = if names.is_empty() {
            "Dites ce que contiennent les colonnes avec --column : ce nom les retiendra.".to_owned()
        } else {
            format!("Sont retenus : {}. Pour un nouveau nom, ajoutez --column.", names.join(", "))
        };
        return Err(Failure::refused(
            "unknown-mapping",
            format!("Aucune colonne n’est retenue sous « {name} »."),
        )
        .advising(advice));
    }
    let mut mapping = known.clone().unwrap_or_default();
    mapping.columns.extend(said);
    let is_new = known.as_ref() != Some(&mapping);
    all.insert(name.clone(), mapping.clone());
    Ok((mapping, Some(Remembered { name: name.clone(), path, all, is_new })))
}

impl Remembered {
    /// Remembers it, and says so.
    pub(super) fn keep(self) -> Result<String, Failure> {
        let Self { name, path, all, is_new } = self;
        let shown = path.display();
        if !is_new {
            return Ok(format!("COLONNES reprises de « {name} » ({shown})."));
        }
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| {
                let message = format!("Le dossier « {} » ne peut pas être créé ({error}).", folder.display());
                Failure::refused("cannot-write", message)
            })?;
        }
        let text = serde_json::to_string_pretty(&all).unwrap_or_default() + "\n";
        files::write(&path, &text, true)?;
        Ok(format!("COLONNES retenues sous « {name} » ({shown}) : --mapping \"{name}\" les reprendra."))
    }
}

fn read(path: &Path) -> Result<Mappings, Failure> {
    serde_json::from_slice(&files::read(path)?).map_err(|error| {
        Failure::refused(
            "unreadable-mappings",
            format!("« {} » n’est pas un fichier de colonnes retenues ({error}).", path.display()),
        )
    })
}

/// Reads `Titre=champ`. A title may hold the sign itself: the last one counts.
/// What a column holds, as `--column` says it.
pub(super) fn column(pair: &str) -> Result<(String, Option<Field>), Failure> {
    let unreadable = |message: String| {
        let names: Vec<&str> = Field::all().map(Field::label).collect();
        Failure::usage("column", message).advising(format!(
            "Écrivez --column \"Titre=champ\", où le champ est l’un de : {}.",
            names.join(", ")
        ))
    };
    let Some((title, field)) = pair.rsplit_once('=') else {
        return Err(unreadable(format!("« {pair} » ne dit pas ce que contient la colonne.")));
    };
    if field.trim().is_empty() {
        return Ok((title.trim().to_owned(), None));
    }
    match Field::parse(field) {
        Some(field) => Ok((title.trim().to_owned(), Some(field))),
        None => Err(unreadable(format!("« {} » n’est pas un champ.", field.trim()))),
    }
}
