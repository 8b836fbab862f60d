//! Why a file cannot be taken at all.

use std::fmt;

/// A file that cannot be read, as an administrator reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable machine code, such as `empty-file`.
    pub code: &'static str,
    /// What is wrong, as a French sentence.
    pub message: String,
    /// What to do about it, as a French sentence.
    pub advice: Option<String>,
}

impl Refusal {
    /// A refusal without advice.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), advice: None }
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn advising(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(advice) = &self.advice {
            write!(f, "\n→ {advice}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}
