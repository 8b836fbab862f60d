//! `whoami`, `keys` and `audit`: who may do what, and who did what.

use crate::cli::desk::{Audit, MakeKey, Role};
use crate::clock;
use crate::failure::Failure;
use crate::files::{self, Written};
use crate::output::Outcome;
use crate::server::{Call, Server};
use serde_json::{Value, json};
use std::fmt::Write;

/// How many lines of the trail are shown unless more are asked for.
const LINES: usize = 50;
/// How many the server gives at once.
const PAGE: usize = 1000;

pub(crate) fn who_am_i(server: &Server) -> Result<Outcome, Failure> {
    let me = server.ask(Call::get("me"))?;
    let text = format!("{} · {} · sur {}\n", said(&me, "name"), role(&me), server.address());
    Ok(Outcome { text, json: me, refused: false })
}

pub(crate) fn list(server: &Server) -> Result<Outcome, Failure> {
    let answer = server.ask(Call::get("keys"))?;
    let keys = answer["keys"].as_array().ok_or_else(|| server.not_a_guide())?;
    let mut text = String::new();
    if keys.is_empty() {
        text.push_str("Aucune clé d’accès. « cargo spro keys make » en crée une.\n");
    }
    for key in keys {
        let used = key["last_used_on"].as_str().map_or_else(
            || "jamais utilisée".to_owned(),
            |day| format!("utilisée pour la dernière fois le {day}"),
        );
        let revoked = key["revoked"]["at"]
            .as_str()
            .map_or_else(String::new, |at| format!(" · RETIRÉE le {}", clock::told(at)));
        let _ =
            writeln!(text, "{} · {} · {} · {used}{revoked}", said(key, "id"), said(key, "name"), role(key));
    }
    Ok(Outcome { text, json: answer, refused: false })
}

pub(crate) fn make(options: &MakeKey, server: &Server) -> Result<Outcome, Failure> {
    let mut body = json!({ "name": options.name, "email": options.email });
    match options.role {
        Role::Region => body["role"] = json!("region"),
        Role::Reader => body["role"] = json!("reader"),
        Role::Territory => {
            body["role"] = json!("territory");
            body["territory"] = json!(options.territory);
            body["may_publish"] = json!(options.may_publish);
        }
    }
    let made = server.ask(Call::post("keys", &body.to_string()))?;
    let key = made["key"].as_str().ok_or_else(|| server.not_a_guide())?;
    // The key alone on standard output, so that `> file` keeps it and nothing else.
    eprintln!(
        "Clé de {} ({}), identifiant {}. Elle n’est affichée que cette fois : gardez-la, ou retirez-la avec « cargo spro keys revoke {} ».",
        said(&made, "name"),
        role(&made),
        said(&made, "id"),
        said(&made, "id")
    );
    Ok(Outcome { text: format!("{key}\n"), json: made, refused: false })
}

pub(crate) fn revoke(id: &str, server: &Server) -> Result<Outcome, Failure> {
    let key = server.ask(Call::delete(&format!("keys/{id}")))?;
    let text = format!("La clé de {} ({id}) est retirée : elle n’ouvre plus rien.\n", said(&key, "name"));
    Ok(Outcome { text, json: key, refused: false })
}

pub(crate) fn audit(options: &Audit, server: &Server, all: bool) -> Result<Outcome, Failure> {
    let wanted = match options.limit {
        Some(limit) => limit as usize,
        None if all || options.csv.is_some() => usize::MAX,
        None => LINES,
    };
    let mut entries: Vec<Value> = Vec::new();
    let mut next: Option<u64> = None;
    while entries.len() < wanted {
        let limit = (wanted - entries.len()).min(PAGE).to_string();
        let before = next.map(|number| number.to_string());
        let mut query = vec![("limit", limit.as_str())];
        query.extend(before.as_deref().map(|number| ("before", number)));
        let mut answer = server.ask(Call::get("audit").asking(&query))?;
        let Value::Array(page) = answer["entries"].take() else { return Err(server.not_a_guide()) };
        entries.extend(page);
        next = answer["next"].as_u64();
        if next.is_none() {
            break;
        }
    }
    let json = json!({ "entries": entries, "next": next });
    if let Some(path) = &options.csv {
        let text = match files::write(path, table(&entries)?, options.force)? {
            Written::Yes => format!("{} lignes écrites dans {}.\n", entries.len(), path.display()),
            Written::Unchanged => format!("{} contient déjà exactement cela.\n", path.display()),
        };
        let json = json!({ "written": path.display().to_string(), "entries": entries.len() });
        return Ok(Outcome { text, json, refused: false });
    }
    let mut text = String::new();
    for entry in &entries {
        let who = entry["by"]["name"].as_str().unwrap_or("quelqu’un d’inconnu");
        let _ = write!(text, "{} · {who} · {}", clock::told(said(entry, "at")), done(entry));
        for field in ["subject", "detail"] {
            if !said(entry, field).is_empty() {
                let _ = write!(text, " · {}", said(entry, field));
            }
        }
        text.push('\n');
    }
    if next.is_some() {
        text.push_str("… et d’autres avant (--all pour tout voir, --csv FICHIER pour un tableau)\n");
    }
    Ok(Outcome { text, json, refused: false })
}

/// The trail for a French spreadsheet program. No cell begins like a formula.
fn table(entries: &[Value]) -> Result<Vec<u8>, Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::refused("cannot-write", format!("Le tableau ne peut pas être écrit ({error})."))
    };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let mut row = |cells: [&str; 6]| {
        writer.write_record(cells.map(|cell| {
            let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
            format!("{guard}{cell}")
        }))
    };
    row(["Date", "Qui", "Clé", "Action", "Objet", "Détail"]).map_err(|error| failed(&error))?;
    for entry in entries {
        let by = &entry["by"];
        row([
            said(entry, "at"),
            said(by, "name"),
            said(by, "id"),
            done(entry),
            said(entry, "subject"),
            said(entry, "detail"),
        ])
        .map_err(|error| failed(&error))?;
    }
    writer.into_inner().map_err(|error| failed(&error))
}

/// What was done, as people read it; the code itself where a newer server has others.
fn done(entry: &Value) -> &str {
    match said(entry, "done") {
        "signed-in" => "connexion",
        "signed-out" => "déconnexion",
        "wrong-key" => "clé refusée",
        "forbidden" => "action refusée",
        "key-made" => "clé d’accès créée",
        "key-revoked" => "clé d’accès retirée",
        "draft-begun" => "brouillon commencé",
        "draft-changed" => "brouillon modifié",
        "draft-checked" => "brouillon contrôlé",
        "draft-abandoned" => "brouillon abandonné",
        "published" => "publication",
        "went-back" => "retour à une autre version",
        "reminded" => "rappel préparé",
        "link-made" => "lien privé d’un lieu créé",
        "link-revoked" => "lien privé d’un lieu retiré",
        "link-opened" => "lien privé d’un lieu ouvert",
        "wrong-link" => "lien privé refusé",
        "build-kept" => "version du guide gardée",
        other => other,
    }
}

/// What a key allows, as people read it.
fn role(key: &Value) -> String {
    match said(key, "role") {
        "region" => "Région : tout".to_owned(),
        "territory" => {
            let does = if key["may_publish"] == true { "publie" } else { "propose" };
            format!("territoire « {} » : {does} ses lieux", said(key, "territory"))
        }
        "reader" => "lecture seule".to_owned(),
        other => other.to_owned(),
    }
}

/// A text of an answer; empty where there is none.
pub(crate) fn said<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}
