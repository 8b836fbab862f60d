//! Which hosts anybody may ask: the doctor asks no others, and no place has its site there.
//! Nothing here touches the network.

use super::Address;
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

/// Whether an address is on the public web, on a web server's own port.
pub fn is_public(address: &Address) -> bool {
    let own = if address.scheme == "https" { 443 } else { 80 };
    address.port == own && is_public_host(&address.host)
}

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
    fn only_the_public_web_is_asked() {
        let public = |url: &str| Address::parse(url).is_some_and(|address| is_public(&address));
        for yes in [
            "https://www.mairie.fr/",
            "http://mairie.fr/x?y",
            "https://8.8.8.8/",
            "https://[2a00:1450::1]/",
            "https://a.test.fr/",
        ] {
            assert!(public(yes), "{yes}");
        }
        for no in [
            "http://localhost/",
            "http://localhost./",
            "http://a.localhost/",
            "http://127.0.0.1/",
            "http://10.1.2.3/",
            "http://172.16.0.1/",
            "http://192.168.1.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://0.0.0.0/",
            "http://100.64.0.1/",
            "http://[::1]/",
            "http://[::]/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[2002:7f00:1::]/",
            "http://[64:ff9b::7f00:1]/",
            "http://intranet/",
            "http://nas.local/",
            "http://metadata.google.internal/",
            "http://mairie.fr:8080/",
            "https://mairie.fr:80/",
            "http://1.2.3.4.5/",
            "ftp://mairie.fr/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://0x7f.1/",
        ] {
            assert!(!public(no), "{no}");
        }
    }
}
