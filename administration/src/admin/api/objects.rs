//! The objects that the API takes, and how keys and links are shown.

use crate::admin::keys::Key;
use crate::admin::place_links::PlaceLink;
use crate::admin::{short, snapshot_id};
use exchange::import::Options;
use exchange::sync::run::Run;
use protocol::access::{self, KeyRequest};
use protocol::drafts::{DraftPublication, DraftRequest};
use protocol::place_links::{self, PlaceLinksRequest};
use protocol::versions::{RollbackRequest, StagedPublication};
use serde::de::DeserializeOwned;
use serving::body::object;
use serving::clock;
use serving::problem::Failure;
use shared::directory::{Structure, Territory};
use shared::snapshot::SnapshotId;

/// An object that a body may hold.
pub(super) trait Object: DeserializeOwned {
    /// What it is made of, for whoever has sent anything else.
    const EXPECTED: &'static str;
}

impl Object for DraftRequest {
    const EXPECTED: &'static str = "Le contenu attendu est un objet avec « title » (un texte) et, pour la Région, « territory » (l’identifiant d’un territoire, ou null).";
}

impl Object for KeyRequest {
    const EXPECTED: &'static str = "Le contenu attendu est un objet avec « name » (à qui est la clé), « role » (region, territory ou reader), pour un territoire « territory » (son identifiant) et « may_publish » (true ou false), et « email » pour Cloudflare Access.";
}

impl Object for Run {
    const EXPECTED: &'static str = "Le contenu attendu est le compte rendu de « spro sync » : un objet avec « on » (le jour) et « sources » (une liste).";
}

impl Object for PlaceLinksRequest {
    const EXPECTED: &'static str =
        "Le contenu attendu est un objet avec « places » : les identifiants de lieux en ligne.";
}

impl Object for DraftPublication {
    const EXPECTED: &'static str = "Le contenu attendu est un objet avec « reason » (un texte) et, quand il le faut, « removing » (combien de lieux sont retirés) et « accept_losses » (vrai ou faux).";
}

impl Object for StagedPublication {
    const EXPECTED: &'static str = "Le contenu attendu est un objet avec « reason » (un texte), « summary » (ce qui change, ou null) et, quand plus d’un lieu sur dix est retiré, « removing » (combien).";
}

impl Object for Options {
    const EXPECTED: &'static str =
        "Le contenu attendu est la façon de lire le fichier, telle que l’import la donne sous « options ».";
}

impl Object for Structure {
    const EXPECTED: &'static str = "Le contenu attendu est un lieu, comme dans l’annuaire : au moins « id », « network », « name » et « commune ».";
}

impl Object for Territory {
    const EXPECTED: &'static str =
        "Le contenu attendu est un territoire, comme dans l’annuaire : au moins « id » et « name ».";
}

impl Object for RollbackRequest {
    const EXPECTED: &'static str = "Le contenu attendu est un objet avec « to » (l’identifiant d’une version, ou null) et « reason » (un texte).";
}

/// Where to go back to, the version before where the body does not say; and why.
pub(super) fn rollback(body: &[u8]) -> Result<(Option<SnapshotId>, String), Failure> {
    let RollbackRequest { to, reason } = object(body, RollbackRequest::EXPECTED)?;
    Ok((to.map(|id| snapshot_id(&id)).transpose()?, short(reason)))
}

/// A key as the API shows it, under the secret of this mark.
pub(super) fn shown_key(key: Key, mark: &str) -> access::Key {
    let suspended = key.revoked.is_none() && !key.is_of(mark);
    let Key { id, name, role, email, made_at, made_by, last_used_on, revoked, .. } = key;
    access::Key { id, name, role, email, made_at, made_by, last_used_on, revoked, suspended, key: None }
}

/// The private link of a place as the API shows it, under the secret of this mark.
pub(super) fn shown_link(link: PlaceLink, mark: &str) -> place_links::PlaceLink {
    let state = link.opens(&clock::today(), mark);
    let PlaceLink { place, name, made_at, made_by, territory, until, revoked, opened_on, answered, .. } =
        link;
    place_links::PlaceLink {
        place,
        name,
        made_at,
        made_by,
        territory,
        until,
        state,
        revoked,
        opened_on,
        answered,
        address: None,
    }
}

/// Reads a body as each of the objects.
#[cfg(fuzzing)]
pub(crate) fn fuzzed(body: &[u8]) {
    drop((
        object::<DraftRequest>(body, ""),
        object::<KeyRequest>(body, ""),
        object::<StagedPublication>(body, ""),
    ));
    drop((object::<Options>(body, ""), object::<DraftPublication>(body, ""), rollback(body)));
    drop((object::<Structure>(body, ""), object::<PlaceLinksRequest>(body, "")));
    drop((object::<Territory>(body, ""), object::<Run>(body, "")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rollback_says_where_to_and_why() {
        let id = "0123456789abcdef0123456789abcdef";
        let (to, reason) = rollback(format!("{{\"to\": \"{id}\", \"reason\": \"x\"}}").as_bytes()).unwrap();
        assert_eq!((to.unwrap().as_str(), reason.as_str()), (id, "x"));
        assert_eq!(rollback(b"{\"to\": null}").unwrap(), (None, String::new()));
        assert_eq!(rollback(b"{}").unwrap(), (None, String::new()));
        for bad in ["", "x", "[]", "{\"to\": 1}", "{\"to\": \"../x\"}", "{\"too\": null}"] {
            assert!(rollback(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
