//! The audit trail: who did what, when. It only grows.

use super::rights::Role;
use serde::{Deserialize, Serialize};

/// Whoever does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    /// The id of the key, [`ROOT`] for the secret of the installation.
    pub(crate) id: String,
    /// The name of the key, or the address that Cloudflare Access vouches for.
    pub(crate) name: String,
    /// What they may do.
    pub(crate) role: Role,
}

/// The id of the secret of the installation, which no key has.
pub(crate) const ROOT: &str = "installation";

impl Person {
    /// The program itself, where it does what no person asked for.
    pub(crate) fn program() -> Self {
        Self { id: "program".to_owned(), name: "le programme".to_owned(), role: Role::Reader }
    }

    /// As the records name them.
    pub(crate) fn who(&self) -> Who {
        Who { id: self.id.clone(), name: self.name.clone() }
    }
}

/// Whoever did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Who {
    /// The id of their key.
    pub(crate) id: String,
    /// The name of their key at that time.
    pub(crate) name: String,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Done {
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
}

impl Done {
    /// As people read it.
    pub(crate) const fn french(self) -> &'static str {
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
        }
    }
}

/// One entry of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trace {
    /// RFC 3339, UTC.
    pub(crate) at: String,
    /// Who did it; nobody where nobody could be recognised.
    pub(crate) by: Option<Who>,
    pub(crate) done: Done,
    /// What it was done to: the id of a draft or a key, a version, the network part of an
    /// address.
    pub(crate) subject: String,
    /// In plain French, what else has to be known.
    #[serde(default)]
    pub(crate) detail: String,
}

/// The trail as a table for a spreadsheet program: RFC 4180 with semicolons and a byte
/// order mark, which opens by a double click on a French desk. No cell begins like a
/// formula.
pub(crate) fn csv(traces: &[Trace]) -> String {
    let mut text = String::from("\u{feff}Date;Qui;Clé;Action;Objet;Détail\r\n");
    for trace in traces {
        let (name, id) = trace.by.as_ref().map_or(("", ""), |who| (who.name.as_str(), who.id.as_str()));
        let cells = [&trace.at, name, id, trace.done.french(), &trace.subject, &trace.detail];
        text.push_str(&cells.map(cell).join(";"));
        text.push_str("\r\n");
    }
    text
}

/// A cell of such a table.
pub(crate) fn cell(text: &str) -> String {
    format!("\"{}\"", exchange::export::guarded(text.replace('"', "\"\"")))
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
        let text = csv(&[trace]);
        assert!(text.ends_with(
            "\"2026-11-24T12:00:00.000Z\";\"'=1+1\";\"k\";\"publication\";\"3\";\"« mise à jour » ; \"\"novembre\"\"\"\r\n"
        ));
    }
}
