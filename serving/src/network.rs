//! Where a request comes from, as far as somebody who can be believed says it.

use crate::runtime::Env;
use std::net::IpAddr;
use web_sys::Request;

/// The network that a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Network {
    /// The network part of the address that the server in front has written.
    Known(String),
    /// Nobody in front says it, or what it says is no address.
    Unknown,
}

impl Network {
    /// The one that the server in front of this one names.
    pub fn of(env: &Env, request: &Request) -> Self {
        let address = client_field(env).and_then(|name| request.headers().get(&name).ok().flatten());
        Self::at(address.as_deref())
    }

    /// The network that an address is in: a whole address would say which person it was.
    pub fn at(address: Option<&str>) -> Self {
        match address.map(|address| address.trim().parse()) {
            Some(Ok(IpAddr::V4(v4))) => {
                let [a, b, c, _] = v4.octets();
                Self::Known(format!("{a}.{b}.{c}.0/24"))
            }
            Some(Ok(IpAddr::V6(v6))) => {
                let [a, b, c, ..] = v6.segments();
                Self::Known(format!("{a:x}:{b:x}:{c:x}::/48"))
            }
            _ => Self::Unknown,
        }
    }

    /// As the records name it.
    pub fn name(&self) -> &str {
        match self {
            Self::Known(name) => name,
            Self::Unknown => "réseau inconnu",
        }
    }
}

/// The field in which the server in front of this one writes the client's address, as the
/// configuration names it (`CLIENT_ADDRESS`). None is believed that is not named there: where
/// nobody in front writes it, a client may.
fn client_field(env: &Env) -> Option<String> {
    env.variable("CLIENT_ADDRESS").filter(|name| is_field_name(name))
}

/// Whether a header can have a field of this name (RFC 9110, 5.6.2).
fn is_field_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_network_of_an_address_is_kept() {
        let name = |address: Option<&str>| Network::at(address).name().to_owned();
        assert_eq!(name(Some("192.0.2.77")), "192.0.2.0/24");
        assert_eq!(name(Some("2001:db8:12:34::1")), "2001:db8:12::/48");
        assert_eq!(name(Some("x")), "réseau inconnu");
        assert_eq!(name(None), "réseau inconnu");
    }

    #[test]
    fn a_field_is_named_as_headers_name_them() {
        assert!(is_field_name("CF-Connecting-IP") && is_field_name("x-real-ip"));
        assert!(!is_field_name("") && !is_field_name("a b") && !is_field_name("é"));
    }
}
