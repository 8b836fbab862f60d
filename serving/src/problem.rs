//! Two kinds of failure. The caller's fault has a stable code, a sentence in plain French
//! and a status of its own. Ours is logged in full where it is noticed, and opaque outside.

use crate::runtime::log_error;
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt::{self, Display};

/// Why a request has no ordinary answer.
#[derive(Debug)]
pub enum Failure {
    /// Something that the caller can mend, or that we announce as it is.
    Problem(Box<Problem>),
    /// Our fault. Nothing more is known outside: it has been logged.
    Ours,
}

impl Failure {
    /// Logs a failure of ours.
    #[cold]
    pub fn ours(context: &str, cause: &dyn Display) -> Self {
        log(context, cause);
        Self::Ours
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

/// Writes to the log that operators read. No answer of a visitor ever gets here.
#[cold]
pub fn log(context: &str, cause: &dyn Display) {
    log_error(&format!("{context}: {cause}"));
}

/// What JavaScript threw, as a log shows it.
pub struct Thrown<'a>(pub &'a wasm_bindgen::JsValue);

impl Display for Thrown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// A problem document (RFC 9457).
#[derive(Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable machine code.
    code: &'static str,
    /// One or two sentences for a person.
    detail: String,
    /// Further members.
    members: Map<String, Value>,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
}

impl Problem {
    /// Whether this is its code.
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// A problem with its sentence.
    pub fn new(status: u16, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), members: Map::new(), headers: Vec::new() }
    }

    /// Nothing is at this address.
    pub fn not_found() -> Self {
        Self::new(404, "not-found", "Il n’y a rien à cette adresse.")
    }

    /// The address answers other methods, as `Allow` lists them.
    pub fn not_allowed(methods: &str) -> Self {
        let detail = format!("Cette adresse n’admet que : {methods}.");
        Self::new(405, "method-not-allowed", detail).header("allow", methods)
    }

    /// Something of ours does not answer now and may later.
    pub fn unavailable(code: &'static str, detail: &str) -> Self {
        Self::new(503, code, detail).header("Retry-After", "10")
    }

    /// The opaque face of our own failures.
    pub fn internal() -> Self {
        Self::new(
            500,
            "internal",
            "Une erreur est survenue de notre côté. Elle a été enregistrée ; réessayez dans un instant.",
        )
    }

    /// The same problem with a further member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// The same problem with a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// What it is, in two words.
    pub const fn title(&self) -> &'static str {
        title(self.status)
    }

    /// What happened, in plain French.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// One of the further fields.
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// The document. Its type is `about:blank`: `code` says which problem it is, and the
    /// title is the status in words, as the standard wants it.
    pub fn to_json(&self) -> Vec<u8> {
        let document = Document {
            kind: "about:blank",
            title: title(self.status),
            status: self.status,
            detail: &self.detail,
            code: self.code,
            members: &self.members,
        };
        serde_json::to_vec(&document).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'static str,
    #[serde(flatten)]
    members: &'a Map<String, Value>,
}

const fn title(status: u16) -> &'static str {
    match status {
        400 => "Requête mal formée",
        401 => "Identification nécessaire",
        403 => "Droit insuffisant",
        404 => "Introuvable",
        405 => "Méthode non admise",
        409 => "Impossible dans l’état actuel",
        412 => "L’état a changé entre-temps",
        413 => "Contenu trop volumineux",
        415 => "Type de contenu non admis",
        411 => "Longueur nécessaire",
        422 => "Contenu non valable",
        429 => "Trop d’essais",
        503 => "Momentanément indisponible",
        _ => "Erreur interne",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_what_it_is() {
        let problem = Problem::new(412, "not-live", "Trop tard.").with("live", "abc");
        let document: Value = serde_json::from_slice(&problem.to_json()).unwrap();
        assert_eq!(document["type"], "about:blank");
        assert_eq!(document["status"], 412);
        assert_eq!(document["code"], "not-live");
        assert_eq!(document["live"], "abc");
        assert_eq!(document["detail"], "Trop tard.");
    }

    #[test]
    fn every_status_that_is_used_has_a_title() {
        for status in [400, 401, 403, 404, 405, 409, 411, 412, 413, 415, 422, 429, 503] {
            assert_ne!(title(status), title(500), "{status}");
        }
    }
}
