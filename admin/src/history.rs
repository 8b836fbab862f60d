//! What a server has published, and which of it is live.

use crate::clock;
use crate::failure::Failure;
use crate::server::{Call, Server};
use insight::compare::diff::Summary;
use protocol::versions::Version;
use serde::Deserialize;
use serde_json::Value;

/// From this many digits on, the beginning of a snapshot's id says which it is; anything
/// shorter can only be a number.
const SHORTEST_BEGINNING: usize = 6;

/// How long the id of a snapshot is.
const ID: usize = 32;

/// Who did it and what it changed, each where it is known.
pub(crate) fn by_and_changes(version: &Version) -> Vec<String> {
    let by = Some(&version.by.name).filter(|name| !name.is_empty()).map(|name| format!("par {name}"));
    by.into_iter().chain(version.changes.as_ref().map(Summary::french)).collect()
}

/// The versions of a server.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct History {
    /// The snapshot that is live.
    pub(crate) live: String,
    /// The versions, newest first.
    pub(crate) versions: Vec<Version>,
}

impl History {
    /// Asks a server, and gives its answer as it was as well.
    pub(crate) fn ask(server: &Server) -> Result<(Self, Value), Failure> {
        Self::page(server, None)
    }

    /// Asks for every version there ever was, page after page.
    pub(crate) fn ask_all(server: &Server) -> Result<(Self, Value), Failure> {
        let (mut all, mut answer) = Self::page(server, None)?;
        while let Some(before) = answer["next"].as_u64() {
            let (page, mut said) = Self::page(server, Some(before))?;
            all.versions.extend(page.versions);
            answer["next"] = said["next"].take();
            if let (Some(list), Value::Array(more)) =
                (answer["versions"].as_array_mut(), said["versions"].take())
            {
                list.extend(more);
            }
        }
        Ok((all, answer))
    }

    fn page(server: &Server, before: Option<u64>) -> Result<(Self, Value), Failure> {
        let before = before.map(|number| number.to_string());
        let query = before.as_deref().map(|number| ("before", number));
        let answer = server.ask(Call::get("versions").asking(query.as_slice()))?;
        Ok((server.read(&answer)?, answer))
    }

    /// The newest version of a snapshot.
    fn of(&self, snapshot: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.snapshot.as_str() == snapshot)
    }

    /// How to call what is live in a command: its number, its id where it has none.
    pub(crate) fn live_name(&self) -> String {
        self.of(&self.live).map_or_else(|| self.live.clone(), |version| version.version.to_string())
    }

    /// The snapshot that somebody names by a version's number, by its id or by the
    /// beginning of it.
    pub(crate) fn named(&self, text: &str) -> Result<String, Failure> {
        let text = text.trim();
        let is_id = text.len() == ID && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if is_id {
            return Ok(text.to_owned());
        }
        let mut found: Vec<&str> = if text.len() < SHORTEST_BEGINNING {
            let number = text.parse::<u64>().ok();
            self.versions
                .iter()
                .filter(|version| Some(version.version) == number)
                .map(|version| version.snapshot.as_str())
                .collect()
        } else {
            let ids =
                self.versions.iter().map(|version| version.snapshot.as_str()).chain([self.live.as_str()]);
            ids.filter(|id| id.starts_with(text)).collect()
        };
        found.sort_unstable();
        found.dedup();
        match found[..] {
            [snapshot] => Ok(snapshot.to_owned()),
            _ => Err(Failure::refused(
                "unknown-version",
                format!("« {text} » n’est pas une version de ce serveur. Rien n’a été changé."),
            )
            .advising("« cargo spro versions » les montre : donnez le numéro, ou l’identifiant.")),
        }
    }

    /// A snapshot as people know it.
    pub(crate) fn told(&self, snapshot: &str) -> String {
        match self.of(snapshot) {
            Some(version) => {
                let reason = if version.reason.is_empty() {
                    String::new()
                } else {
                    format!(", « {} »", version.reason)
                };
                format!(
                    "la version {} du {}{reason}, {} lieux",
                    version.version,
                    clock::told(&version.published_at),
                    version.structures
                )
            }
            None => "l’annuaire livré avec le serveur".to_owned(),
        }
    }

    /// Somebody published since.
    pub(crate) fn overtaken(&self) -> Failure {
        Failure::refused(
            "precondition-failed",
            format!(
                "Quelqu’un a publié entre-temps. En ligne maintenant : {} ({}). Rien n’a été changé.",
                self.told(&self.live),
                self.live
            ),
        )
        .advising("« cargo spro diff FICHIER » montre ce que votre fichier changerait maintenant, et la commande pour le publier ensuite.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn history() -> History {
        let version =
            |number: u64, snapshot: &str| json!({ "version": number, "snapshot": snapshot.repeat(16) });
        serde_json::from_value(json!({
            "live": "ab".repeat(16),
            "versions": [version(4, "ab"), version(3, "12"), version(2, "ab"), version(1, "12")],
        }))
        .unwrap()
    }

    #[test]
    fn a_version_is_named_by_its_number_or_its_id() {
        let history = history();
        for (text, snapshot) in [("1", "12"), ("2", "ab"), (" 3 ", "12"), ("ababab", "ab"), ("121212", "12")]
        {
            assert_eq!(history.named(text).unwrap(), snapshot.repeat(16), "{text}");
        }
        let other = "f".repeat(32);
        assert_eq!(history.named(&other).unwrap(), other, "the server knows more than its list");
        for wrong in ["", "0", "9", "abab", "zz", "fffffff", "AB", &"AB".repeat(16), "../../x"] {
            assert_eq!(history.named(wrong).unwrap_err().code, "unknown-version", "{wrong}");
        }
        assert_eq!(history.live_name(), "4", "the newest of one snapshot");
    }

    #[test]
    fn what_was_never_published_is_what_ships() {
        assert_eq!(history().told(&"0".repeat(32)), "l’annuaire livré avec le serveur");
        assert!(history().told(&"12".repeat(16)).starts_with("la version 3 "));
    }
}
