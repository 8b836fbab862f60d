//! Who does something here.

use protocol::Who;
use protocol::rights::Role;

/// Whoever does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    /// The id of the key, [`ROOT`] for the secret of the installation.
    pub(crate) id: String,
    /// The name of the key, or the address that Cloudflare Access vouches for.
    pub(crate) name: String,
    /// What they may do.
    pub(crate) role: Role,
}

/// The id of the secret of the installation, which no key has.
pub(crate) const ROOT: &str = "installation";

impl Person {
    /// The program itself, where it does what no person asked for.
    pub(crate) fn program() -> Self {
        Self { id: "program".to_owned(), name: "le programme".to_owned(), role: Role::Reader }
    }

    /// As the records name them.
    pub(crate) fn who(&self) -> Who {
        Who { id: self.id.clone(), name: self.name.clone() }
    }
}
