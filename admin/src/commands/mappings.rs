//! What columns hold and which networks the places are of, as people said it, remembered by name.

use crate::cli::Import;
use crate::failure::Failure;
use crate::files;
use exchange::import::columns::{Field, Mapping};
use shared::directory::{MAIN_LANGUAGE, Network};
use shared::spelling::fold;
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
    let Some(name) = &options.mapping else {
        let mut mapping = Mapping::default();
        say(&mut mapping, &options.column, &options.network)?;
        return Ok((mapping, None));
    };
    let path = options.mappings.clone().unwrap_or_else(|| PathBuf::from(USUAL));
    let mut all = if path.exists() { read(&path)? } else { Mappings::new() };
    let known = all.get(name).cloned();
    if known.is_none() && options.column.is_empty() && options.network.is_empty() {
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
    say(&mut mapping, &options.column, &options.network)?;
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

/// Adds what the command itself says of columns and networks.
pub(super) fn say(mapping: &mut Mapping, columns: &[String], networks: &[String]) -> Result<(), Failure> {
    for pair in columns {
        let (title, field) = column(pair)?;
        mapping.columns.insert(title, field);
    }
    for said in networks {
        // A name may hold the sign itself: the last one counts.
        match said.rsplit_once('=') {
            Some((text, id)) => {
                mapping.networks.insert(text.trim().to_owned(), id.trim().to_owned());
            }
            None => mapping.network = Some(said.trim().to_owned()),
        }
    }
    Ok(())
}

/// Refuses a network that the edition does not have, by id or by name.
pub(super) fn check_networks(mapping: &Mapping, networks: &[Network]) -> Result<(), Failure> {
    let called = |network: &Network| network.name.get(MAIN_LANGUAGE).cloned().unwrap_or_default();
    let is_known = |said: &str| {
        let is_it =
            |network: &Network| fold(&network.id) == fold(said) || fold(&called(network)) == fold(said);
        networks.iter().any(is_it)
    };
    let mut said = mapping.network.iter().chain(mapping.networks.values());
    said.find(|said| !is_known(said)).map_or(Ok(()), |said| {
        let known: Vec<String> = networks.iter().map(called).collect();
        Err(Failure::usage("network", format!("« {said} » n’est pas un réseau de l’édition."))
            .advising(format!("Ses réseaux : {}.", known.join(", "))))
    })
}

/// Reads `Titre=champ`. A title may hold the sign itself: the last one counts.
fn column(pair: &str) -> Result<(String, Option<Field>), Failure> {
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
