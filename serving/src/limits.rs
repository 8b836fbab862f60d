//! What the body of a request may be: each route says it, before a byte is decoded.

/// Bytes.
pub const KIB: usize = 1024;
/// Bytes.
pub const MIB: usize = 1024 * KIB;
/// The largest directory or file of an administrator: what KV takes as one value.
pub const DIRECTORY: usize = 25 * MIB;

/// What the body of a request may be. It is checked before anything is decoded.
///
/// How deep JSON may go needs no line here: its reader stops at 128 levels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole body.
    pub bytes: usize,
    /// Fields of a form, files included; 0 where no form is read.
    pub fields: usize,
    /// Files among them.
    pub files: usize,
}

impl Limits {
    /// A body that is no form.
    pub const fn bytes(bytes: usize) -> Self {
        Self { bytes, fields: 0, files: 0 }
    }

    /// A form without files.
    pub const fn form(bytes: usize, fields: usize) -> Self {
        Self { bytes, fields, files: 0 }
    }
}
