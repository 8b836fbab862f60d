//! `versions` and `rollback`.

use crate::clock;
use crate::failure::Failure;
use crate::history::{History, by_and_changes};
use crate::output::Outcome;
use crate::server::{Call, Server, to_body};
use protocol::versions::{RollbackRequest, Switched};
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
    let live = versions.iter().position(|version| version.snapshot.as_str() == history.live);
    for (rank, version) in versions.iter().enumerate().take(if all { usize::MAX } else { SHOWN }) {
        let mark = if Some(rank) == live { "→" } else { " " };
        let kind = version.action.french();
        let reason =
            if version.reason.is_empty() { String::new() } else { format!(" · {}", version.reason) };
        let now = if Some(rank) == live { " · EN LIGNE" } else { "" };
        let _ = writeln!(
            text,
            "{mark} version {} · {} · {kind} · {} lieux{now}{reason}\n    {}",
            version.version,
            clock::told(&version.published_at),
            version.structures,
            version.snapshot
        );
        let told = by_and_changes(version);
        if !told.is_empty() {
            let _ = writeln!(text, "    {}", told.join(" · "));
        }
        if all {
            for sentence in version.changes.iter().flat_map(|changes| &changes.headline) {
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
    let body = to_body(&RollbackRequest { to, reason: reason.to_owned() });
    let answer = server.call(Call::post("rollback", &body).expecting(Some(&history.live)))?;
    if answer.status != 200 {
        return Err(server.refusal(&answer));
    }
    let Switched { snapshot, version, previous, unchanged, .. } = server.read(&answer.body)?;
    let now = history.told(snapshot.as_str());
    let text = if unchanged {
        format!("Rien à changer : {now} est déjà en ligne ({snapshot}).\n")
    } else {
        let option = server.option();
        format!(
            "De nouveau en ligne : {now} ({snapshot}). C’est maintenant la version {version}.\nN’est plus en ligne : {}.\n\nPour annuler ce retour : cargo spro rollback{option}\nPour revenir plus loin : cargo spro versions{option}, puis cargo spro rollback --to NUMÉRO{option}\n",
            history.told(previous.as_str()),
        )
    };
    Ok(Outcome { text, json: answer.body, refused: false })
}
