//! The administration API. Who has the secret may do everything; nobody else learns
//! anything, not even what exists.

use crate::answer::{self, Field, JSON, NOT_KEPT};
use crate::archive::{State, document, unread};
use crate::header::{Precondition, bearer};
use crate::pieces::Host;
use crate::problem::{Failure, Problem};
use crate::publication::{Refusal, check, listed, publish, roll_back, told};
use crate::route::{Admin, Route, parameter};
use crate::store::Store;
use crate::{body, bundled, clock, seen};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use shared::diff::difference;
use shared::directory::Directory;
use shared::examine::Examined;
use shared::finding::Finding;
use shared::snapshot::SnapshotId;
use shared::validate::{Valid, validate};
use subtle::ConstantTimeEq;
use web_sys::{Request, Response};
use worker::Env;

/// The longest reason that the history keeps, in characters.
const LONGEST_REASON: usize = 1000;

/// Answers a request to the administration API.
pub(crate) async fn answer(
    host: &Host<'_>,
    request: &Request,
    method: &str,
    route: Admin,
    query: &str,
) -> Result<Response, Failure> {
    let header = |name: &str| request.headers().get(name).ok().flatten();
    authorise(host.env, header("authorization").as_deref())?;
    if route == Admin::Unknown {
        return Err(Problem::not_found().into());
    }
    let methods = Route::Admin(route).methods();
    if !Route::Admin(route).allows(method) {
        return Err(crate::not_allowed(methods).into());
    }
    let if_match = header("if-match");
    let precondition = Precondition::parse(if_match.as_deref()).ok_or_else(|| {
        let detail =
            "L’en-tête If-Match doit être * ou l’identifiant de la version en ligne entre guillemets droits.";
        Problem::new(400, "malformed-precondition", detail)
    })?;
    let value = match route {
        Admin::Validate => {
            let body = body::read(request, body::DIRECTORY).await?;
            match check(&body, &clock::today()) {
                Ok(Examined { snapshot, findings, proof, .. }) => json!({
                    "valid": true,
                    "snapshot": snapshot.id,
                    "findings": listed(&findings),
                    "proof": proof,
                }),
                Err(Refusal::Failure(failure)) => return Err(failure),
                Err(Refusal::Refused(refused)) => json!({
                    "valid": false,
                    "snapshot": null,
                    "findings": listed(&refused.findings),
                    "counter_example": refused.counter_example.as_ref().map(told),
                }),
            }
        }
        Admin::Publish => {
            let reason = short(parameter(query, "reason").unwrap_or_default());
            let body = body::read(request, body::DIRECTORY).await?;
            publish(host, &body, &precondition, reason).await?
        }
        Admin::Rollback => {
            let asked = rollback_asked(&body::read(request, body::SMALL).await?)?;
            roll_back(host, asked.0, &precondition, asked.1).await?
        }
        Admin::Versions => {
            let state = state(host).await?;
            json!({ "live": state.live, "versions": state.history })
        }
        Admin::Directory => {
            let asked = match parameter(query, "snapshot") {
                Some(id) => Some(snapshot_id(&id)?),
                None => None,
            };
            let document = match asked {
                Some(id) => document(Store::open(host.env).ok().as_ref(), &id).await?,
                None => live_document(host).await?,
            };
            return answer::once(200, &document, &FIELDS);
        }
        Admin::Diff => {
            let body = body::read(request, body::DIRECTORY).await?;
            let after = Directory::from_json(&body).map_err(|finding| unreadable(&finding))?;
            let before = parse(&live_document(host).await?)?;
            serde_json::to_value(difference(&before, &after))
                .map_err(|error| Failure::ours("a difference", &error))?
        }
        Admin::Diagnosis => {
            return seen::diagnosis(&valid(&live_document(host).await?)?, query);
        }
        Admin::Drawing | Admin::DrawingPage => {
            let directory = parse(&live_document(host).await?)?;
            return seen::drawing(&directory, query, route == Admin::DrawingPage);
        }
        Admin::Unknown => return Err(Problem::not_found().into()),
    };
    let bytes = serde_json::to_vec(&value).map_err(|error| Failure::ours("an answer", &error))?;
    answer::once(200, &bytes, &FIELDS)
}

const FIELDS: [Field; 2] = [("content-type", JSON), ("cache-control", NOT_KEPT)];

/// Lets through who has the secret. Digests have one length, and are compared in a time
/// that does not depend on where they differ.
fn authorise(env: &Env, authorization: Option<&str>) -> Result<(), Failure> {
    let secret = env.secret("ADMIN_TOKEN").map(|secret| secret.to_string()).unwrap_or_default();
    if secret.is_empty() {
        let detail = "L’administration n’est pas configurée ici : le secret ADMIN_TOKEN manque.";
        return Err(Problem::new(503, "no-secret", detail).into());
    }
    let given = Sha256::digest(bearer(authorization).unwrap_or_default());
    let is_same: bool = given.ct_eq(&Sha256::digest(&secret)).into();
    if is_same {
        return Ok(());
    }
    let detail = "Il faut le jeton d’administration, dans l’en-tête Authorization: Bearer.";
    Err(Problem::new(401, "unauthorised", detail)
        .header("www-authenticate", "Bearer realm=\"SPRO administration\"")
        .into())
}

async fn state(host: &Host<'_>) -> Result<State, Failure> {
    let store = Store::open(host.env).map_err(unread)?;
    State::read(&store).await.map_err(unread)
}

/// The document of the live version.
async fn live_document(host: &Host<'_>) -> Result<Vec<u8>, Failure> {
    let store = Store::open(host.env).map_err(unread)?;
    let live = State::read(&store).await.map_err(unread)?.live;
    document(Some(&store), &live).await
}

fn parse(document: &[u8]) -> Result<Directory, Failure> {
    Directory::from_json(document).map_err(|finding| lost(&[finding]))
}

fn valid(document: &[u8]) -> Result<Valid, Failure> {
    let geography = bundled::geography()?;
    validate(parse(document)?, &geography, &clock::today()).map_err(|findings| lost(&findings))
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RollbackAsked {
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    reason: String,
}

/// Where to go back to, and why.
fn rollback_asked(body: &[u8]) -> Result<(Option<SnapshotId>, String), Failure> {
    let expected = "Le contenu attendu est un objet avec « to » (l’identifiant d’une version, ou null) et « reason » (un texte).";
    let asked: RollbackAsked = body::object(body, expected)?;
    let to = match asked.to {
        Some(id) => Some(snapshot_id(&id)?),
        None => None,
    };
    Ok((to, short(asked.reason)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rollback_says_where_to_and_why() {
        let id = "0123456789abcdef0123456789abcdef";
        let (to, reason) =
            rollback_asked(format!("{{\"to\": \"{id}\", \"reason\": \"x\"}}").as_bytes()).unwrap();
        assert_eq!((to.unwrap().as_str(), reason.as_str()), (id, "x"));
        assert_eq!(rollback_asked(b"{\"to\": null}").unwrap(), (None, String::new()));
        assert_eq!(rollback_asked(b"{}").unwrap(), (None, String::new()));
        for bad in ["", "x", "[]", "{\"to\": 1}", "{\"to\": \"../x\"}", "{\"too\": null}"] {
            assert!(rollback_asked(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_reason_is_cut_between_characters() {
        assert_eq!(short("é".repeat(LONGEST_REASON + 5)).chars().count(), LONGEST_REASON);
        assert_eq!(short("mise à jour".into()), "mise à jour");
    }
}
