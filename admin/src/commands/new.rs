//! `new`: what a region starts with, in a folder: its file, its directory, and the sources to follow.

use crate::cli::region::New;
use crate::commands::compose::unusable;
use crate::failure::Failure;
use crate::files::{self, Written};
use crate::output::Outcome;
use crate::reference;
use serde_json::json;
use shared::french::grouped;
use shared::region::{Region, compose};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// What is written, and what it is for.
const FILES: [(&str, &str); 3] = [
    ("region.json", "ce que la région a en propre : à compléter, et à garder"),
    ("annuaire.json", "l’annuaire entier, sans lieux : prêt à publier"),
    ("sources.toml", "les listes publiques de lieux, prêtes à suivre"),
];

pub(crate) fn run(options: &New) -> Result<Outcome, Failure> {
    let (region, file) = reference::region(&options.region)?;
    let national = reference::national(&region.edition)?;
    let composed = compose(national.as_bytes(), file.as_bytes())
        .map_err(|finding| unusable(Path::new(&region.code), &finding))?;
    let name = reference::french_name(&region);
    let sources = reference::SOURCES.replace("{region}", name);
    let contents = [file, &composed.to_json(), &sources];

    let folder = options.out.clone().unwrap_or_else(|| PathBuf::from(&region.slug));
    let paths = FILES.map(|(name, _)| folder.join(name));
    // All of them or none.
    for (path, content) in paths.iter().zip(contents) {
        files::check_target(path, content, options.force)?;
    }
    fs::create_dir_all(&folder).map_err(|error| {
        Failure::refused(
            "cannot-write",
            format!("Le dossier « {} » ne peut pas être créé ({error}).", folder.display()),
        )
    })?;
    let mut text = told(&region)?;
    let _ = writeln!(text, "\nDans {} :", folder.display());
    for ((path, content), (name, what)) in paths.iter().zip(contents).zip(FILES) {
        let same = match files::write(path, content, options.force)? {
            Written::Yes => "",
            Written::Unchanged => " (déjà là, exactement)",
        };
        let _ = writeln!(text, "  {name:<14} {what}{same}");
    }
    let missing = missing(&region);
    if !missing.is_empty() {
        let _ = writeln!(text, "\nÀ COMPLÉTER dans region.json, avec une source pour chaque chose");
        for (field, what) in &missing {
            let _ = writeln!(text, "  {field:<14} {what}");
        }
    }
    let unverified = unverified(&region);
    if !unverified.is_empty() {
        let _ = writeln!(text, "\nÀ VÉRIFIER dans region.json");
        for (field, what) in &unverified {
            let _ = writeln!(text, "  {field} : {what}");
        }
    }
    let [file, directory, sources] = paths.each_ref().map(|path| files::quoted(path));
    let _ = write!(
        text,
        "\nENSUITE\n  \
         cargo spro compose {file} --into {directory} --out {directory} --force\n      \
         après chaque changement de region.json\n  \
         cargo spro sync {sources} --into {directory} --out {directory} --force\n      \
         pour y mettre les lieux que les listes publiques donnent\n  \
         cargo spro validate {directory}\n      \
         pour contrôler, et prouver que personne ne rencontre d’impasse\n  \
         cargo spro publish {directory} --accept-losses --reason \"Premier annuaire\" --server https://…\n      \
         ce qui se perd, la première fois, est l’annuaire livré avec le programme\n"
    );
    let json = json!({
        "region": region.code,
        "name": name,
        "departments": region.departments.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(),
        "files": paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
        "missing": missing.iter().map(|(field, _)| *field).collect::<Vec<_>>(),
        "unverified": unverified.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(),
    });
    Ok(Outcome { text, json, refused: false })
}

/// Which region it is: a code is easily that of a department.
fn told(region: &Region) -> Result<String, Failure> {
    let geography = reference::geography()?;
    let is_here = |department: &str| region.departments.iter().any(|one| one.code == department);
    let communes = geography.communes().iter().filter(|commune| is_here(commune.department())).count();
    let departments: Vec<String> =
        region.departments.iter().map(|one| format!("{} {}", one.code, one.name)).collect();
    let plural = if departments.len() == 1 { "" } else { "s" };
    Ok(format!(
        "{} (région {}) : {} département{plural}, {} communes.\n  {}\n",
        reference::french_name(region),
        region.code,
        departments.len(),
        grouped(communes as u64),
        departments.join(", ")
    ))
}

/// What nobody has found for this region, and what the guide does meanwhile.
fn missing(region: &Region) -> Vec<(&'static str, &'static str)> {
    let fields = [
        (
            region.agency.is_none(),
            "agency",
            "l’agence ou le service qui informe sur les métiers pour la Région ; sans elle, le guide n’en nomme aucune",
        ),
        (
            region.contact.is_none(),
            "contact",
            "à qui signaler une erreur ; sans cela, au contact de chaque lieu",
        ),
        (
            region.cep_operator.is_none(),
            "cep_operator",
            "qui donne le conseil en évolution professionnelle ; sans cela, le guide mène à l’adresse nationale",
        ),
        (
            region.networks.is_empty(),
            "networks",
            "les sites régionaux de réseaux nationaux ; sans eux, l’adresse nationale",
        ),
    ];
    fields.into_iter().filter(|(is_missing, ..)| *is_missing).map(|(_, field, what)| (field, what)).collect()
}

/// What the region's file says that no source confirms yet.
fn unverified(region: &Region) -> Vec<(String, &str)> {
    let operator = region.cep_operator.iter().flat_map(|operator| &operator.unverified);
    let operator = operator.map(|what| ("cep_operator".to_owned(), what.as_str()));
    let networks = region.networks.iter().flat_map(|(id, known)| {
        known.unverified.iter().map(move |what| (format!("networks.{id}"), what.as_str()))
    });
    operator.chain(networks).collect()
}
