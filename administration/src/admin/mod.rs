//! Administration: who may do what, drafts, versions, keys, the audit trail. The API is
//! answered in [`api`]; the pages under `/admin` do the same things with forms.

mod access;
mod api;
mod builds;
mod comparison;
mod counters;
mod desk;
pub(crate) mod drafts;
pub(crate) mod endpoints;
mod guesses;
mod keys;
pub(crate) mod pages;
pub(crate) mod person;
mod place_answer;
mod place_links;
mod prepared;
mod session;
mod sources;
mod territories;
mod territory;
mod turn;
mod who;

pub(crate) use api::{answer, limits};
pub(crate) use builds::renew_builds;
pub(crate) use drafts::Draft;
pub(crate) use pages::answer as page;
pub(crate) use pages::place_own::answer as place_page;

use crate::publication::listed;
use serving::problem::{Failure, Problem};
use serving::{clock, shipped};
use shared::directory::Directory;
use shared::finding::Finding;
use shared::snapshot::SnapshotId;
use shared::validate::{Valid, validate};
use web_sys::Request;

/// The longest reason that the history keeps, in characters.
const LONGEST_REASON: usize = 1000;

/// What the trail calls an address that was refused.
fn method_and_path(request: &Request, method: &str) -> String {
    let url = request.url();
    format!("{method} {}", serving::query::split_url(&url).1)
}

/// The live directory, where it still passes the checks of today.
pub(crate) fn validated_live(directory: Directory) -> Result<Valid, Failure> {
    let geography = shipped::geography()?;
    validate(directory, &geography, &clock::today()).map_err(|findings| lost(&findings))
}

fn unreadable(finding: &Finding) -> Failure {
    let detail = "Le document envoyé ne peut pas être lu comme un annuaire.";
    Problem::new(422, "invalid-directory", detail)
        .with("findings", listed(std::slice::from_ref(finding)))
        .into()
}

/// What is live was valid when it was published; the rules may have changed since.
fn lost(findings: &[Finding]) -> Failure {
    let detail = "L’annuaire en ligne ne passe plus le contrôle de cette version du service. Corrigez-le, puis publiez-le de nouveau.";
    Problem::new(409, "live-directory-invalid", detail).with("findings", listed(findings)).into()
}

fn snapshot_id(text: &str) -> Result<SnapshotId, Failure> {
    SnapshotId::parse(text).ok_or_else(|| {
        let detail = "L’identifiant d’une version s’écrit avec 32 chiffres hexadécimaux en minuscules.";
        Problem::new(422, "malformed-snapshot", detail).into()
    })
}

fn short(reason: String) -> String {
    match reason.char_indices().nth(LONGEST_REASON) {
        Some((end, _)) => reason[..end].to_owned(),
        None => reason,
    }
}

/// Reads a cookie's field, and a body as each of the objects that an address of the administration
/// takes.
#[cfg(fuzzing)]
pub(crate) fn fuzzed(field: Option<&str>, body: &[u8]) {
    drop((session::secret(field, true), session::secret(field, false)));
    api::fuzzed(body);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_cut_between_characters() {
        assert_eq!(short("é".repeat(LONGEST_REASON + 5)).chars().count(), LONGEST_REASON);
        assert_eq!(short("mise à jour".into()), "mise à jour");
    }
}
