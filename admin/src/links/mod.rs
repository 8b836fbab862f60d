//! Whether the addresses of a directory still lead somewhere.
//!
//! [`collect`] lists them with everything that names them, [`check`] asks each once, a few
//! sites at a time and each site one address after another.

pub(crate) mod check;
pub(crate) mod collect;
