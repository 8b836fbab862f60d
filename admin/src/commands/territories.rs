//! `territories`: those of what is live, and changing them in a draft.

use super::diff::{self, directory};
use super::drafts::Draft;
use super::drafts::said;
use crate::cli::desk::{SetTerritory, Territories};
use crate::failure::Failure;
use crate::output::Outcome;
use crate::reference;
use crate::server::{Call, Server};
use exchange::import::typed::{self, Communes};
use serde_json::{Value, json};
use shared::directory::{Directory, MAIN_LANGUAGE};
use std::collections::BTreeSet;
use std::fmt::Write;

pub(crate) fn run(what: Option<&Territories>, server: &Server) -> Result<Outcome, Failure> {
    match what {
        None => list(server),
        Some(Territories::Set(options)) => set(options, server),
        Some(Territories::Remove { draft, territory }) => {
            let draft = Draft::read(server, draft)?;
            let path = draft.part(&format!("territories/{territory}"));
            let told = draft.change(server, Call::delete(&path))?;
            let text = format!("Territoire « {territory} » retiré du brouillon {}.\n", said(&told, "id"));
            Ok(Outcome { text, json: told, refused: false })
        }
    }
}

fn list(server: &Server) -> Result<Outcome, Failure> {
    let Directory { territories, .. } = directory(server, None)?;
    let mut text = String::new();
    if territories.is_empty() {
        text.push_str(
            "Aucun territoire en ligne. « cargo spro territories set BROUILLON TERRITOIRE » en ajoute un.\n",
        );
    }
    for one in &territories {
        let contact = one.contact.as_ref();
        let contact = contact
            .and_then(|one| [&one.email, &one.phone, &one.website, &one.name].into_iter().flatten().next())
            .map_or("sans contact", String::as_str);
        let label =
            one.label.as_ref().map_or_else(String::new, |label| format!(" · label du {}", label.granted_on));
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{} · {} · {} communes, {} départements · {contact}{label}",
            one.id,
            one.name,
            one.communes.len(),
            one.departments.len()
        );
    }
    Ok(Outcome { text, json: json!({ "territories": territories }), refused: false })
}

/// Writes a territory into a draft: what it was there, with what was asked for.
fn set(options: &SetTerritory, server: &Server) -> Result<Outcome, Failure> {
    let draft = Draft::read(server, &options.draft)?;
    let document = server.ask(Call::get(&draft.part("directory")))?;
    let id = options.territory.as_str();
    let known = diff::read(server, &document)?.territories.into_iter().find(|one| one.id == id);
    let is_new = known.is_none();
    let mut territory = known.map_or_else(|| json!({ "id": id, "name": "" }), |known| json!(known));
    written(options, &mut territory)?;
    if said(&territory, "name").is_empty() {
        let failure = Failure::usage(
            "no-name",
            format!("Le territoire « {id} » n’est pas dans ce brouillon : donnez-lui un nom."),
        );
        return Err(failure.advising("Ajoutez --name NOM."));
    }
    let has = |list: &str| territory[list].as_array().is_some_and(|list| !list.is_empty());
    if !has("communes") && !has("departments") {
        let failure = Failure::usage(
            "no-commune",
            "Un territoire a au moins une commune, une intercommunalité ou un département.",
        );
        return Err(failure.advising("Ajoutez --commune, --intercommunality ou --department."));
    }
    let path = draft.part(&format!("territories/{id}"));
    let told = draft.change(server, Call::put(&path, &territory.to_string()))?;
    let text = format!(
        "Territoire « {} » {} dans le brouillon {}. « cargo spro drafts check {} » le contrôle.\n",
        said(&territory, "name"),
        if is_new { "ajouté" } else { "changé" },
        said(&told, "id"),
        said(&told, "id")
    );
    Ok(Outcome { text, json: told, refused: false })
}

/// Writes what was asked for into a territory as the document has it.
fn written(options: &SetTerritory, territory: &mut Value) -> Result<(), Failure> {
    let unreadable = |what: &str, value: &str, expected: &str| {
        Failure::usage("unreadable-value", format!("{what} « {value} » ne convient pas."))
            .advising(format!("Il faut : {expected}."))
    };
    if let Some(name) = &options.name {
        territory["name"] = json!(typed::plain(name));
    }
    if let Some(organisation) = &options.organisation {
        territory["description"][MAIN_LANGUAGE] = json!(organisation.trim());
    }
    if !options.commune.is_empty() || !options.intercommunality.is_empty() {
        let geography = reference::geography()?;
        let communes = Communes::new(&geography);
        let mut codes = Vec::new();
        for line in &options.commune {
            let code = communes.written(line.trim());
            codes.push(
                code.ok_or_else(|| unreadable("La commune", line, "« 26000 Valence », ou un code INSEE"))?,
            );
        }
        for line in &options.intercommunality {
            let own = communes.of_intercommunality(line.trim());
            if own.is_empty() {
                let expected = "un numéro SIREN, ou une de ses communes, « 26000 Valence »";
                return Err(unreadable("L’intercommunalité", line, expected));
            }
            codes.extend(own);
        }
        let mut known = BTreeSet::new();
        codes.retain(|code| known.insert(code.clone()));
        territory["communes"] = json!(codes);
    }
    for (field, values) in [
        ("departments", &options.department),
        ("sources", &options.source),
        ("unverified", &options.unverified),
    ] {
        if !values.is_empty() {
            territory[field] = json!(values);
        }
    }
    if let Some(name) = &options.contact_name {
        territory["contact"]["name"] = json!(typed::plain(name));
    }
    if let Some(email) = &options.contact_email {
        let read = typed::emails(email).ok().and_then(|emails| emails.into_iter().next());
        territory["contact"]["email"] =
            json!(read.ok_or_else(|| unreadable("Le courriel", email, "accueil@exemple.fr"))?);
    }
    if let Some(phone) = &options.contact_phone {
        let read = typed::phones(phone).ok().and_then(|phones| phones.into_iter().next());
        territory["contact"]["phone"] =
            json!(read.ok_or_else(|| unreadable("Le téléphone", phone, "un numéro à dix chiffres"))?);
    }
    if let Some(website) = &options.contact_website {
        let read = typed::website(website).ok().flatten();
        territory["contact"]["website"] =
            json!(read.ok_or_else(|| unreadable("La page", website, "une adresse complète"))?);
    }
    if let Some(day) = &options.granted_on {
        let read =
            typed::date(day).ok_or_else(|| unreadable("La date", day, "une date écrite 2026-11-24"))?;
        territory["label"] = json!({ "granted_on": read });
    }
    Ok(())
}
