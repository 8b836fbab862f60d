//! Speaking to the worker's administration API.

use crate::failure::Failure;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::ErrorKind;
use std::net::ToSocketAddrs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use ureq::http::{Request, Uri};

/// Where `cargo xtask run` serves the worker.
pub const LOCAL: &str = "http://127.0.0.1:8787";

/// Where a local worker's token is kept, from the current folder or one above.
const LOCAL_TOKEN: &str = ".spro/admin-token";

/// A publication compiles the whole country's communes: seconds, on a small machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// The largest answer that is read: a directory of tens of thousands of places.
const LARGEST_ANSWER: u64 = 256 << 20;

const JSON: &str = "application/json";
const BYTES: &str = "application/octet-stream";

/// The administration API of one server.
pub struct Server {
    agent: ureq::Agent,
    base: String,
    token: Token,
}

/// The administrator's secret.
struct Token {
    secret: String,
    /// Where it was found, as people say it; nothing where none was.
    origin: Option<String>,
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, as JSON; null where it is not.
    pub body: Value,
}

/// The body of a request, as the protocol has it.
pub fn to_body(request: &impl Serialize) -> String {
    serde_json::to_string(request).unwrap_or_default()
}

/// One request.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    method: &'static str,
    path: &'a str,
    query: &'a [(&'a str, &'a str)],
    if_match: Option<&'a str>,
    content: Option<(&'static str, &'a [u8])>,
}

impl<'a> Call<'a> {
    /// Reads what is at a path, which comes after `/admin/v1/`.
    pub const fn get(path: &'a str) -> Self {
        Self { method: "GET", path, query: &[], if_match: None, content: None }
    }

    /// Sends JSON, which may be empty where the path says it all.
    pub const fn post(path: &'a str, json: &'a str) -> Self {
        Self { method: "POST", content: Some((JSON, json.as_bytes())), ..Self::get(path) }
    }

    /// Puts JSON there.
    pub const fn put(path: &'a str, json: &'a str) -> Self {
        Self { method: "PUT", ..Self::post(path, json) }
    }

    /// Puts a file there, whatever it is.
    pub const fn put_file(path: &'a str, bytes: &'a [u8]) -> Self {
        Self { method: "PUT", content: Some((BYTES, bytes)), ..Self::get(path) }
    }

    /// Removes what is there.
    pub const fn delete(path: &'a str) -> Self {
        Self { method: "DELETE", ..Self::get(path) }
    }

    /// With the parameters of a query.
    #[must_use]
    pub const fn asking(self, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { query, ..self }
    }

    /// Only where this is still live, or still the revision.
    #[must_use]
    pub const fn expecting(self, tag: Option<&'a str>) -> Self {
        Self { if_match: tag, ..self }
    }
}

impl Server {
    /// Prepares to speak to a server: its address, and its token from a file, from
    /// `SPRO_TOKEN`, or from the local worker's own file.
    pub fn new(address: &str, token_file: Option<&Path>) -> Result<Self, Failure> {
        let base = address.trim_end_matches('/').to_owned();
        let is_address = base
            .split_once("://")
            .is_some_and(|(scheme, host)| matches!(scheme, "http" | "https") && !host.is_empty());
        if !is_address {
            return Err(Failure::usage(
                "server-address",
                format!("« {address} » n’est pas l’adresse d’un serveur."),
            )
            .advising("Écrivez par exemple --server https://guide.exemple.fr"));
        }
        let token = token(token_file)?;
        let host = base.split_once("://").map_or("", |(_, rest)| rest);
        let is_local = ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| host.starts_with(name));
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_global(Some(PATIENCE))
            .user_agent("cargo-spro");
        if is_local {
            config = config.proxy(None);
        }
        Ok(Self { agent: config.build().into(), base, token })
    }

    /// The server's address.
    pub fn address(&self) -> &str {
        &self.base
    }

    /// The option that makes another command speak to this server; nothing where it would
    /// anyway.
    pub fn option(&self) -> String {
        let usual = std::env::var("SPRO_SERVER").unwrap_or_else(|_| LOCAL.to_owned());
        if usual.trim_end_matches('/') == self.base {
            String::new()
        } else {
            format!(" --server {}", self.base)
        }
    }

    /// Sends a request. Only a server that does not answer is a failure here.
    pub fn call(&self, call: Call<'_>) -> Result<Answer, Failure> {
        let mut query = String::new();
        for (rank, (name, value)) in call.query.iter().enumerate() {
            let sign = if rank == 0 { '?' } else { '&' };
            // Writing to a string cannot fail.
            let _ = write!(query, "{sign}{name}={}", shared::percent::encoded(value));
        }
        let mut request = Request::builder()
            .method(call.method)
            .uri(format!("{}/admin/v1/{}{query}", self.base, call.path))
            .header("authorization", format!("Bearer {}", self.token.secret));
        if let Some(tag) = call.if_match {
            request = request.header("if-match", format!("\"{tag}\""));
        }
        let malformed = |error: ureq::http::Error| {
            Failure::usage("malformed-request", format!("La requête ne peut pas être écrite ({error})."))
                .advising("Le jeton et l’adresse ne doivent contenir ni saut de ligne ni caractère accentué.")
        };
        let sent = match call.content {
            Some((kind, bytes)) => {
                let request = request.header("content-type", kind).body(bytes).map_err(malformed)?;
                self.agent.run(request)
            }
            None => self.agent.run(request.body(()).map_err(malformed)?),
        };
        let may_have_changed = call.method != "GET";
        let mut response = sent.map_err(|error| self.unreachable(&error, may_have_changed))?;
        let status = response.status().as_u16();
        let bytes = response
            .body_mut()
            .with_config()
            .limit(LARGEST_ANSWER)
            .read_to_vec()
            .map_err(|error| self.unreachable(&error, may_have_changed))?;
        Ok(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or_default() })
    }

    /// Sends a request and wants a success.
    pub fn ask(&self, call: Call<'_>) -> Result<Value, Failure> {
        let answer = self.call(call)?;
        if (200..300).contains(&answer.status) && !answer.body.is_null() {
            return Ok(answer.body);
        }
        Err(self.refusal(&answer))
    }

    /// Reads an answer as what the protocol says it is.
    pub fn read<T: DeserializeOwned>(&self, answer: &Value) -> Result<T, Failure> {
        T::deserialize(answer).map_err(|_| self.not_a_guide())
    }

    /// What an answer that is not a success means.
    pub fn refusal(&self, answer: &Answer) -> Failure {
        let base = &self.base;
        let code = answer.body["code"].as_str().unwrap_or_default();
        let Some(detail) = answer.body["detail"].as_str() else {
            return match answer.status {
                401 | 403 => self.unauthorised(),
                300..=399 => {
                    Failure::refused("redirected", format!("{base} renvoie vers une autre adresse."))
                        .advising("Donnez à --server l’adresse définitive, le plus souvent en https://.")
                }
                500.. => Failure::refused(
                    "server-refused",
                    format!("{base} ne peut pas répondre (erreur {}).", answer.status),
                ),
                _ => self.not_a_guide(),
            };
        };
        match (answer.status, code) {
            (401, _) => self.unauthorised(),
            (412, "draft-changed") => Failure::refused("draft-changed", detail)
                .advising("« cargo spro drafts show ID » montre où il en est ; puis recommencez."),
            (412, _) => {
                let live = answer.body["live"].as_str().unwrap_or("inconnu");
                Failure::refused(
                    "precondition-failed",
                    format!("Quelqu’un a publié entre-temps : la version en ligne est maintenant {live}. Rien n’a été changé."),
                )
                .advising("« cargo spro versions » montre ce qui est en ligne ; puis recommencez.")
            }
            (404, "not-found") => self.not_a_guide(),
            (403, "forbidden") => Failure::refused("forbidden", detail)
                .advising("« cargo spro whoami » dit ce que votre clé permet. La Région en donne d’autres avec « cargo spro keys make »."),
            (403, "outside-territory") => Failure::refused("outside-territory", detail)
                .advising("Retirez de votre fichier ce qui n’est pas de votre territoire, ou demandez à la Région."),
            (404, "unknown-draft") => Failure::refused("unknown-draft", detail)
                .advising("« cargo spro drafts » liste les vôtres."),
            (404, "unknown-territory") => Failure::refused("unknown-territory", detail)
                .advising("« cargo spro territories » liste ceux qui sont en ligne."),
            (404, "unknown-place-link") => Failure::refused("unknown-place-link", detail)
                .advising("« cargo spro place-links » les liste."),
            (404, "unknown-key") => Failure::refused("unknown-key", detail)
                .advising("« cargo spro keys » les liste, avec leur identifiant."),
            (409, "draft-over") => Failure::refused("draft-over", detail)
                .advising("« cargo spro drafts begin --title TITRE » en commence un."),
            (409, "part-lost") => Failure::refused("part-lost", detail)
                .advising("« cargo spro drafts undo ID » revient à l’étape d’avant."),
            (503, "no-secret") => Failure::refused("no-secret", format!("{base} : {detail}"))
                .advising("Définissez le secret ADMIN_TOKEN du serveur (voir README)."),
            (500.., _) => {
                Failure::refused("server-refused", format!("{base} ne peut pas répondre : {detail}"))
            }
            _ => Failure::refused("server-refused", format!("{base} refuse : {detail}")),
        }
    }

    /// The address leads to something else.
    pub(crate) fn not_a_guide(&self) -> Failure {
        Failure::refused("not-found", format!("{} ne répond pas comme un serveur du guide.", self.base))
            .advising("Vérifiez l’adresse donnée à --server : celle du site, sans rien derrière.")
    }

    fn unauthorised(&self) -> Failure {
        match &self.token.origin {
            Some(origin) => Failure::refused(
                "unauthorised",
                format!("{} refuse le jeton d’administration ({origin}).", self.base),
            )
            .advising("Donnez le bon jeton avec --token-file FICHIER ou la variable SPRO_TOKEN."),
            None => Failure::refused(
                "no-token",
                format!("{} demande le jeton d’administration, et aucun n’a été donné.", self.base),
            )
            .advising("Donnez-le avec --token-file FICHIER ou la variable SPRO_TOKEN."),
        }
    }

    /// `may_have_changed`: whether the request could change what is live, had it arrived.
    fn unreachable(&self, error: &ureq::Error, may_have_changed: bool) -> Failure {
        let never_arrived = matches!(
            error,
            ureq::Error::HostNotFound | ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect)
        );
        let (why, never_arrived) = match error {
            ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => {
                ("connexion refusée, aucun serveur n’écoute là".to_owned(), true)
            }
            ureq::Error::Io(_) | ureq::Error::HostNotFound if self.has_no_address() => {
                ("ce nom de serveur est introuvable".to_owned(), true)
            }
            ureq::Error::Timeout(_) => ("il ne répond pas à temps".to_owned(), never_arrived),
            other => (format!("la connexion a échoué ({other})"), never_arrived),
        };
        let failure = Failure::unreachable(
            "server-unreachable",
            format!("Impossible de joindre {} : {why}.", self.base),
        );
        if may_have_changed && !never_arrived {
            failure.advising(
                "Rien ne dit si le changement a eu lieu avant la coupure : « cargo spro versions » le montrera.",
            )
        } else if self.base == LOCAL {
            failure.advising("Démarrez le serveur local dans un autre terminal : cargo xtask run")
        } else {
            failure.advising("Vérifiez l’adresse (--server) et votre connexion ; en local : cargo xtask run")
        }
    }

    /// Whether the server's name leads nowhere.
    fn has_no_address(&self) -> bool {
        let uri: Option<Uri> = self.base.parse().ok();
        let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
        // The port does not matter: only the name is looked up.
        (host.trim_matches(['[', ']']), 443).to_socket_addrs().is_err()
    }
}

fn token(file: Option<&Path>) -> Result<Token, Failure> {
    let read = |path: &Path| -> Result<Token, Failure> {
        let secret = String::from_utf8_lossy(&crate::files::read(path)?).trim().to_owned();
        if secret.is_empty() {
            return Err(Failure::refused(
                "empty-token",
                format!("Le fichier du jeton « {} » est vide.", path.display()),
            ));
        }
        Ok(Token { secret, origin: Some(format!("lu dans {}", path.display())) })
    };
    if let Some(path) = file {
        return read(path);
    }
    if let Ok(token) = std::env::var("SPRO_TOKEN")
        && !token.trim().is_empty()
    {
        let origin = Some("de la variable SPRO_TOKEN".to_owned());
        return Ok(Token { secret: token.trim().to_owned(), origin });
    }
    match local_token() {
        Some(path) => read(&path),
        None => Ok(Token { secret: String::new(), origin: None }),
    }
}

fn local_token() -> Option<PathBuf> {
    let folder = std::env::current_dir().ok()?;
    folder.ancestors().map(|folder| folder.join(LOCAL_TOKEN)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_travels_whole() {
        assert_eq!(shared::percent::encoded("mise à jour & co"), "mise%20%C3%A0%20jour%20%26%20co");
    }

    #[test]
    fn an_address_is_one() {
        for wrong in ["guide.exemple.fr", "ftp://x", "annuaire.json", "http://"] {
            assert_eq!(
                Server::new(wrong, None).err().map(|failure| failure.code),
                Some("server-address"),
                "{wrong}"
            );
        }
    }
}
