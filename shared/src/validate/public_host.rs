//! Which hosts anybody may ask: the doctor asks no others, and no place has its site there.
//! Nothing here touches the network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Endings of names that mean something inside a network only.
const PRIVATE: [&str; 12] = [
    "local",
    "localhost",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "home.arpa",
    "localdomain",
    "test",
    "onion",
];

/// Whether anybody may ask a host, in lower case: not what is inside a network, nor this machine.
pub fn is_public_host(host: &str) -> bool {
    if let Some(v6) = host.strip_prefix('[') {
        return v6.strip_suffix(']').and_then(|v6| v6.parse().ok()).is_some_and(is_public_v6);
    }
    if let Ok(v4) = host.parse() {
        return is_public_v4(v4);
    }
    let name = host.trim_end_matches('.');
    let is_under = |end: &&str| name.strip_suffix(*end).is_some_and(|rest| rest.ends_with('.'));
    name.contains('.') && !PRIVATE.iter().any(is_under)
        // What a URL parser would have made an address of, had it seen it.
        && name.rsplit('.').next().is_some_and(|last| !last.starts_with(|c: char| c.is_ascii_digit()))
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_unspecified()
        || ip.is_documentation()
        || a == 0
        || a >= 224
        || a == 100 && (64..128).contains(&b)
        || a == 192 && b == 0 && c == 0
        // Relays to another way of writing addresses (RFC 7526 has ended them).
        || a == 192 && b == 88 && c == 99
        || a == 198 && (b == 18 || b == 19))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    let inside = match ip.to_canonical() {
        IpAddr::V4(v4) => Some(v4),
        IpAddr::V6(_) => None,
    };
    // 2000::/3 is what is routed; what carries an older address, and examples, are not.
    inside.is_none()
        && first & 0xe000 == 0x2000
        && first != 0x2002
        && !(first == 0x2001 && (second < 0x200 || second == 0xdb8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_of_the_public_web_are_public() {
        for yes in ["www.mairie.fr", "mairie.fr", "8.8.8.8", "[2a00:1450::1]", "a.test.fr"] {
            assert!(is_public_host(yes), "{yes}");
        }
        for no in [
            "localhost",
            "localhost.",
            "a.localhost",
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:127.0.0.1]",
            "[2002:7f00:1::]",
            "[64:ff9b::7f00:1]",
            "intranet",
            "nas.local",
            "metadata.google.internal",
            "1.2.3.4.5",
            "224.0.0.1",
            "255.255.255.255",
            "0x7f.1",
        ] {
            assert!(!is_public_host(no), "{no}");
        }
    }
}
