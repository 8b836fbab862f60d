//! `whoami`, `keys` and `audit`: who may do what, and who did what.

use crate::cli::desk::{Audit, MakeKey, Role as Asked};
use crate::clock;
use crate::failure::Failure;
use crate::files::{self, Written};
use crate::output::Outcome;
use crate::server::{Call, Server, to_body};
use protocol::access::{Key, KeyRequest, Keys, Me};
use protocol::rights::Role;
use protocol::trail::{Trace, Trail};
use serde_json::{Value, json};
use std::fmt::Write;

/// How many lines of the trail are shown unless more are asked for.
const LINES: usize = 50;
/// How many the server gives at once.
const PAGE: usize = 1000;

pub(crate) fn who_am_i(server: &Server) -> Result<Outcome, Failure> {
    let answer = server.ask(Call::get("me"))?;
    let me: Me = server.read(&answer)?;
    let text = format!("{} · {} · sur {}\n", me.name, role(&me.role), server.address());
    Ok(Outcome { text, json: answer, refused: false })
}

pub(crate) fn list(server: &Server) -> Result<Outcome, Failure> {
    let answer = server.ask(Call::get("keys"))?;
    let Keys { keys } = server.read(&answer)?;
    let mut text = String::new();
    if keys.is_empty() {
        text.push_str("Aucune clé d’accès. « cargo spro keys make » en crée une.\n");
    }
    for Key { id, name, role: of, last_used_on, revoked, .. } in &keys {
        let used = last_used_on.as_ref().map_or_else(
            || "jamais utilisée".to_owned(),
            |day| format!("utilisée pour la dernière fois le {day}"),
        );
        let revoked = revoked
            .as_ref()
            .map_or_else(String::new, |revoked| format!(" · RETIRÉE le {}", clock::told(&revoked.at)));
        let _ = writeln!(text, "{id} · {name} · {} · {used}{revoked}", role(of));
    }
    Ok(Outcome { text, json: answer, refused: false })
}

pub(crate) fn make(options: &MakeKey, server: &Server) -> Result<Outcome, Failure> {
    let role_of = match options.role {
        Asked::Region => Role::Region,
        Asked::Reader => Role::Reader,
        Asked::Territory => Role::Territory {
            territory: options.territory.clone().unwrap_or_default(),
            may_publish: options.may_publish,
        },
    };
    let request = KeyRequest { name: options.name.clone(), role: role_of, email: options.email.clone() };
    let answer = server.ask(Call::post("keys", &to_body(&request)))?;
    let made: Key = server.read(&answer)?;
    let key = made.key.as_deref().ok_or_else(|| server.not_a_guide())?;
    // The key alone on standard output, so that `> file` keeps it and nothing else.
    eprintln!(
        "Clé de {} ({}), identifiant {id}. Elle n’est affichée que cette fois : gardez-la, ou retirez-la avec « cargo spro keys revoke {id} ».",
        made.name,
        role(&made.role),
        id = made.id
    );
    Ok(Outcome { text: format!("{key}\n"), json: answer, refused: false })
}

pub(crate) fn revoke(id: &str, server: &Server) -> Result<Outcome, Failure> {
    let answer = server.ask(Call::delete(&format!("keys/{id}")))?;
    let key: Key = server.read(&answer)?;
    let text = format!("La clé de {} ({id}) est retirée : elle n’ouvre plus rien.\n", key.name);
    Ok(Outcome { text, json: answer, refused: false })
}

pub(crate) fn audit(options: &Audit, server: &Server, all: bool) -> Result<Outcome, Failure> {
    let wanted = match options.limit {
        Some(limit) => limit as usize,
        None if all || options.csv.is_some() => usize::MAX,
        None => LINES,
    };
    let mut trail = Trail::default();
    let mut entries: Vec<Value> = Vec::new();
    while entries.len() < wanted {
        let limit = (wanted - entries.len()).min(PAGE).to_string();
        let before = trail.next.map(|number| number.to_string());
        let mut query = vec![("limit", limit.as_str())];
        query.extend(before.as_deref().map(|number| ("before", number)));
        let mut answer = server.ask(Call::get("audit").asking(&query))?;
        let page: Trail = server.read(&answer)?;
        trail.entries.extend(page.entries);
        trail.next = page.next;
        if let Value::Array(page) = answer["entries"].take() {
            entries.extend(page);
        }
        if trail.next.is_none() {
            break;
        }
    }
    if let Some(path) = &options.csv {
        let table = trail.csv().into_bytes();
        let text = match files::write(path, table, options.force)? {
            Written::Yes => format!("{} lignes écrites dans {}.\n", entries.len(), path.display()),
            Written::Unchanged => format!("{} contient déjà exactement cela.\n", path.display()),
        };
        let json = json!({ "written": path.display().to_string(), "entries": entries.len() });
        return Ok(Outcome { text, json, refused: false });
    }
    let mut text = String::new();
    for Trace { at, by, done, subject, detail } in &trail.entries {
        let who = by.as_ref().map_or("quelqu’un d’inconnu", |by| by.name.as_str());
        let _ = write!(text, "{} · {who} · {}", clock::told(at), done.french());
        for more in [subject, detail] {
            if !more.is_empty() {
                let _ = write!(text, " · {more}");
            }
        }
        text.push('\n');
    }
    if trail.next.is_some() {
        text.push_str("… et d’autres avant (--all pour tout voir, --csv FICHIER pour un tableau)\n");
    }
    let json = json!({ "entries": entries, "next": trail.next });
    Ok(Outcome { text, json, refused: false })
}

/// What a key allows, as people read it.
fn role(role: &Role) -> String {
    match role {
        Role::Region => "Région : tout".to_owned(),
        Role::Territory { territory, may_publish } => {
            let does = if *may_publish { "publie" } else { "propose" };
            format!("territoire « {territory} » : {does} ses lieux")
        }
        Role::Reader => "lecture seule".to_owned(),
    }
}
