//! Why a command stopped, and the exit code that says so to a script.

use std::fmt;

/// What kind of failure it is; the number is the process's exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The file or the server has something to say against it.
    Refused = 1,
    /// The command was not called as it must be.
    Usage = 2,
    /// The server does not answer.
    Unreachable = 3,
}

/// A command that could not be carried out, as an administrator reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure.
    pub kind: Kind,
    /// Stable machine code, such as `no-such-file`.
    pub code: &'static str,
    /// What happened, as a French sentence.
    pub message: String,
    /// What to do about it, as a French sentence.
    pub advice: Option<String>,
}

impl Failure {
    /// The input is refused.
    pub fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self { kind: Kind::Refused, code, message: message.into(), advice: None }
    }

    /// The command was called wrongly.
    pub fn usage(code: &'static str, message: impl Into<String>) -> Self {
        Self { kind: Kind::Usage, ..Self::refused(code, message) }
    }

    /// The server cannot be reached.
    pub fn unreachable(code: &'static str, message: impl Into<String>) -> Self {
        Self { kind: Kind::Unreachable, ..Self::refused(code, message) }
    }

    /// The same failure with what to do about it.
    #[must_use]
    pub fn advising(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// The exit code.
    pub const fn exit_code(&self) -> u8 {
        self.kind as u8
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(advice) = &self.advice {
            write!(f, "\n→ {advice}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

impl From<exchange::refusal::Refusal> for Failure {
    fn from(refusal: exchange::refusal::Refusal) -> Self {
        Self { kind: Kind::Refused, code: refusal.code, message: refusal.message, advice: refusal.advice }
    }
}
