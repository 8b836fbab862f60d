//! What validation has to say about a document.

use serde::Serialize;
use std::fmt;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The document can be published; somebody should look.
    Warning,
    /// The document cannot be published as it is.
    Error,
}

/// One thing that validation has to say: where, what it saw, what was expected.
///
/// The sentences are for administrators, in French; `code` is for programs and stays the
/// same from version to version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable machine code, such as `unknown-network`.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// Where in the document: `structures[12].network`.
    pub path: String,
    /// The value that was found there, as written; empty where there is none.
    pub value: String,
    /// What was expected, in French: what stands after « il faut », and what is there instead; a whole
    /// sentence for the codes of [`Finding::WHOLE`].
    pub expected: String,
    /// A repair that can be proposed, as the value to write; never applied by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repair: Option<String>,
}

impl Finding {
    /// The codes of the findings whose `expected` is a whole sentence.
    pub const WHOLE: [&str; 10] = [
        "truncated",
        "not-json",
        "unknown-field",
        "unknown-value",
        "missing-field",
        "wrong-type",
        "format",
        "counter-example",
        "asked-in-vain",
        "untranslated",
    ];

    /// A finding that forbids publication.
    pub fn error(
        code: &'static str,
        path: impl Into<String>,
        value: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity: Severity::Error,
            path: path.into(),
            value: value.into(),
            expected: expected.into(),
            repair: None,
        }
    }

    /// A finding that somebody should look at.
    pub fn warning(
        code: &'static str,
        path: impl Into<String>,
        value: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, path, value, expected) }
    }

    /// The same finding with a proposed repair.
    #[must_use]
    pub fn with_repair(mut self, repair: impl Into<String>) -> Self {
        self.repair = Some(repair.into());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.severity {
            Severity::Error => "erreur",
            Severity::Warning => "attention",
        };
        write!(f, "{kind} · {}", self.path)?;
        if !self.value.is_empty() {
            write!(f, " · « {} »", self.value)?;
        }
        write!(f, " : {}", self.expected)?;
        if let Some(repair) = &self.repair {
            write!(f, " (proposition : « {repair} »)")?;
        }
        Ok(())
    }
}
