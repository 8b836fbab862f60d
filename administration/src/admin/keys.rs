//! Access keys: named, shown once, stored hashed, revocable, with their last use.

use super::person::Person;
use crate::random;
use protocol::Revoked;
use protocol::Who;
use protocol::rights::Role;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What every key begins with, so that a leaked one is recognised for what it is.
const PREFIX: &str = "spro";
/// Bytes of the part that nobody can guess.
const SECRET_BYTES: usize = 32;
/// Bytes of the part that names the key.
const ID_BYTES: usize = 5;
/// The longest name, in characters.
pub(crate) const LONGEST_NAME: usize = 80;

/// An access key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Key {
    pub(crate) id: String,
    /// Who has it, as people call them.
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) role: Role,
    /// SHA-256 of the whole key, hexadecimal. The key is random: it needs no slow hash.
    pub(crate) hash: String,
    /// The address by which Cloudflare Access knows the person, where it may vouch for them.
    #[serde(default)]
    pub(crate) email: Option<String>,
    /// RFC 3339, UTC.
    pub(crate) made_at: String,
    pub(crate) made_by: Who,
    /// The last day on which it was used. A day is enough, and spares a writing a request.
    #[serde(default)]
    pub(crate) last_used_on: Option<String>,
    #[serde(default)]
    pub(crate) revoked: Option<Revoked>,
    /// The mark of the installation's secret when the key was made, or confirmed. Another
    /// secret suspends it: whoever had the old one may have made it.
    #[serde(default)]
    pub(crate) mark: String,
}

/// A new key: what is kept, and the text that is shown once.
pub(crate) struct Made {
    pub(crate) key: Key,
    pub(crate) secret: String,
}

impl Key {
    /// Makes a key, under the secret of this mark.
    pub(crate) fn make(
        name: String,
        role: Role,
        email: Option<String>,
        by: &Person,
        at: String,
        mark: &str,
    ) -> Made {
        let id = random::hexadecimal::<ID_BYTES>();
        let secret = format!("{PREFIX}_{id}_{}", random::hexadecimal::<SECRET_BYTES>());
        let key = Self {
            id,
            name,
            role,
            hash: hash(&secret),
            email,
            made_at: at,
            made_by: by.who(),
            last_used_on: None,
            revoked: None,
            mark: mark.to_owned(),
        };
        Made { key, secret }
    }

    /// Whether this text is the key. Takes a time that does not depend on where it differs.
    pub(crate) fn is(&self, secret: &str) -> bool {
        is_same(&self.hash, &hash(secret))
    }

    /// Whether it was made or confirmed under the secret of this mark.
    pub(crate) fn is_of(&self, mark: &str) -> bool {
        self.mark == mark
    }

    /// Whether it opens anything, under the secret of this mark.
    pub(crate) fn opens(&self, mark: &str) -> bool {
        self.revoked.is_none() && self.is_of(mark)
    }

    /// Who has it.
    pub(crate) fn person(&self) -> Person {
        Person { id: self.id.clone(), name: self.name.clone(), role: self.role.clone() }
    }
}

/// The id of the key that a text claims to be.
pub(crate) fn claimed_id(secret: &str) -> Option<&str> {
    let (prefix, rest) = secret.split_once('_')?;
    let (id, _) = rest.split_once('_')?;
    let is_id = id.len() == 2 * ID_BYTES && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    (prefix == PREFIX && is_id).then_some(id)
}

/// SHA-256, hexadecimal.
pub(crate) fn hash(text: &str) -> String {
    random::hex(&Sha256::digest(text))
}

/// Compares two digests, or two texts through their digests, in constant time.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    Sha256::digest(one).ct_eq(&Sha256::digest(other)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &str) -> Key {
        Key {
            id: "0123456789".into(),
            name: "x".into(),
            role: Role::Reader,
            hash: hash(secret),
            email: None,
            made_at: String::new(),
            made_by: Who { id: String::new(), name: String::new() },
            last_used_on: None,
            revoked: None,
            mark: "m".into(),
        }
    }

    #[test]
    fn a_key_names_itself_and_is_only_itself() {
        let secret = "spro_0123456789_abc";
        assert_eq!(claimed_id(secret), Some("0123456789"));
        for other in
            ["", "spro", "spro_0123456789", "spro_../../key_x", "other_0123456789_abc", "spro_012_abc"]
        {
            assert_eq!(claimed_id(other), None, "{other}");
        }
        assert!(key(secret).is(secret));
        assert!(!key(secret).is("spro_0123456789_abd") && !key(secret).is(""));
        assert!(key(secret).opens("m") && !key(secret).opens("other"));
    }

    #[test]
    fn what_is_kept_does_not_hold_the_key() {
        let kept = serde_json::to_string(&key("spro_0123456789_abc")).unwrap();
        assert!(!kept.contains("abc\"") && kept.contains("\"role\":\"reader\""), "{kept}");
    }
}
