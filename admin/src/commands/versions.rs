//! `versions` and `rollback`.

use crate::clock;
use crate::failure::Failure;
use crate::history::History;
use crate::output::Outcome;
use crate::server::{Call, Server};
use serde_json::{Value, json};
use std::fmt::Write;

/// How many versions are shown unless all are asked for.
const SHOWN: usize = 20;

pub(crate) fn list(server: &Server, all: bool) -> Result<Outcome, Failure> {
    let (history, answer) = if all { History::ask_all(server)? } else { History::ask(server)? };
    let versions = &history.versions;
    let mut text = String::new();
    if versions.is_empty() {
        let _ = writeln!(
            text,
            "Rien n’a encore été publié sur {} : l’annuaire livré avec le serveur est en ligne.",
            server.address()
        );
    }
    // A snapshot that came back is in the list twice: the newest is the one that is live.
    let live = versions.iter().position(|version| version.snapshot == history.live);
    for (rank, version) in versions.iter().enumerate().take(if all { usize::MAX } else { SHOWN }) {
        let mark = if Some(rank) == live { "→" } else { " " };
        let kind = match version.action.as_str() {
            "rollback" => "retour en arrière",
            "found" => "trouvée en ligne",
            "renewed" => "mise à jour du programme",
            _ => "publication",
        };
        let reason =
            if version.reason.is_empty() { String::new() } else { format!(" · {}", version.reason) };
        let now = if Some(rank) == live { " · EN LIGNE" } else { "" };
        let _ = writeln!(
            text,
            "{mark} version {} · {} · {kind} · {} lieux{now}{reason}\n    {}",
            version.number,
            clock::told(&version.published_at),
            version.structures,
            version.snapshot
        );
        let told = version.by_and_changes();
        if !told.is_empty() {
            let _ = writeln!(text, "    {}", told.join(" · "));
        }
        if all {
            for sentence in version.headline() {
                let _ = writeln!(text, "    {sentence}");
            }
        }
    }
    if versions.len() > SHOWN && !all {
        // The server tells a page at a time: there may be more than it has told.
        let at_least = if answer["next"].is_null() { "" } else { "au moins " };
        let _ =
            writeln!(text, "… et {at_least}{} plus anciennes (--all pour tout voir)", versions.len() - SHOWN);
    }
    if versions.len() > 1 {
        let _ = writeln!(
            text,
            "\nPour remettre une version en ligne : cargo spro rollback --to NUMÉRO{}",
            server.option()
        );
    }
    Ok(Outcome { text, json: answer, refused: false })
}

pub(crate) fn roll_back(server: &Server, to: Option<&str>, reason: &str) -> Result<Outcome, Failure> {
    let (history, _) = if to.is_some() { History::ask_all(server)? } else { History::ask(server)? };
    let to = to.map(|to| history.named(to)).transpose()?;
    let body = json!({ "to": to, "reason": reason }).to_string();
    let answer = server.call(Call::post("rollback", &body).expecting(Some(&history.live)))?;
    if answer.status != 200 {
        return Err(server.refusal(&answer));
    }
    let answer = answer.body;
    let said = |field: &str| answer[field].as_str().unwrap_or_default();
    let text = if answer["unchanged"] == Value::Bool(true) {
        format!(
            "Rien à changer : {} est déjà en ligne ({}).\n",
            history.told(said("snapshot")),
            said("snapshot")
        )
    } else {
        let option = server.option();
        format!(
            "De nouveau en ligne : {} ({}). C’est maintenant la version {}.\nN’est plus en ligne : {}.\n\nPour annuler ce retour : cargo spro rollback{option}\nPour revenir plus loin : cargo spro versions{option}, puis cargo spro rollback --to NUMÉRO{option}\n",
            history.told(said("snapshot")),
            said("snapshot"),
            answer["version"],
            history.told(said("previous")),
        )
    };
    Ok(Outcome { text, json: answer, refused: false })
}
