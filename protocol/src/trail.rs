//! The audit trail: who did what, when.

use crate::Who;
use serde::{Deserialize, Serialize};
use shared::spreadsheet::guarded;

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "`french` says each")]
pub enum Done {
    SignedIn,
    SignedOut,
    WrongKey,
    Forbidden,
    KeyMade,
    KeyConfirmed,
    KeyRevoked,
    DraftBegun,
    DraftChanged,
    DraftChecked,
    DraftAbandoned,
    Published,
    WentBack,
    Reminded,
    BuildKept,
    LinkMade,
    LinkRevoked,
    LinkOpened,
    WrongLink,
    ErrorSettled,
    ErrorReopened,
    /// What another version of the program has recorded.
    #[serde(untagged)]
    Other(String),
}

impl Done {
    /// As people read it; the code itself where it is not known here.
    pub fn french(&self) -> &str {
        match self {
            Self::SignedIn => "connexion",
            Self::SignedOut => "déconnexion",
            Self::WrongKey => "clé refusée",
            Self::Forbidden => "action refusée",
            Self::KeyMade => "clé d’accès créée",
            Self::KeyConfirmed => "clé d’accès confirmée",
            Self::KeyRevoked => "clé d’accès retirée",
            Self::DraftBegun => "brouillon commencé",
            Self::DraftChanged => "brouillon modifié",
            Self::DraftChecked => "brouillon contrôlé",
            Self::DraftAbandoned => "brouillon abandonné",
            Self::Published => "publication",
            Self::WentBack => "retour à une autre version",
            Self::Reminded => "rappel préparé",
            Self::BuildKept => "version du guide gardée",
            Self::LinkMade => "lien privé d’un lieu créé",
            Self::LinkRevoked => "lien privé d’un lieu retiré",
            Self::LinkOpened => "lien privé d’un lieu ouvert",
            Self::WrongLink => "lien privé refusé",
            Self::ErrorSettled => "signalement traité",
            Self::ErrorReopened => "signalement rouvert",
            Self::Other(code) => code,
        }
    }
}

/// One entry of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// RFC 3339, UTC.
    pub at: String,
    /// Who did it; nobody where nobody could be recognised.
    pub by: Option<Who>,
    /// What they did.
    pub done: Done,
    /// What it was done to: the id of a draft or a key, a version, the network part of an
    /// address.
    pub subject: String,
    /// In plain French, what else has to be known.
    #[serde(default)]
    pub detail: String,
}

/// Answer of `GET audit`: a part of the trail, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trail {
    /// The entries.
    pub entries: Vec<Trace>,
    /// The number to give as `before` for the next part; absent at the end.
    pub next: Option<u64>,
}

impl Trail {
    /// The trail as a table for a spreadsheet program: RFC 4180 with semicolons and a byte order mark,
    /// which opens by a double click on a French desk.
    pub fn csv(&self) -> String {
        let mut text = String::from("\u{feff}Date;Qui;Clé;Action;Objet;Détail\r\n");
        for Trace { at, by, done, subject, detail } in &self.entries {
            let (name, id) = by.as_ref().map_or(("", ""), |who| (who.name.as_str(), who.id.as_str()));
            let cells = [at, name, id, done.french(), subject, detail];
            text.push_str(&cells.map(|cell| format!("\"{}\"", guarded(cell.replace('"', "\"\"")))).join(";"));
            text.push_str("\r\n");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_what_people_wrote_and_runs_nothing() {
        let trace = Trace {
            at: "2026-11-24T12:00:00.000Z".into(),
            by: Some(Who { id: "k".into(), name: "=1+1".into() }),
            done: Done::Published,
            subject: "3".into(),
            detail: "« mise à jour » ; \"novembre\"".into(),
        };
        let trail = Trail { entries: vec![trace], next: None };
        let text = trail.csv();
        assert!(text.ends_with(
            "\"2026-11-24T12:00:00.000Z\";\"'=1+1\";\"k\";\"publication\";\"3\";\"« mise à jour » ; \"\"novembre\"\"\"\r\n"
        ));
    }

    #[test]
    fn what_a_newer_program_recorded_is_read_and_written_as_it_is() {
        let stored = r#""lieu-photographié""#;
        let done: Done = serde_json::from_str(stored).unwrap();
        assert_eq!(done.french(), "lieu-photographié");
        assert_eq!(serde_json::to_string(&done).unwrap(), stored);
        assert_eq!(serde_json::from_str::<Done>(r#""went-back""#).unwrap(), Done::WentBack);
    }
}
