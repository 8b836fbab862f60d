//! Addresses: their parts, their parameters, and the names that may stand in them.

/// The parts of an absolute URL that a URL parser has serialised: origin, path, query.
pub fn split_url(url: &str) -> (&str, &str, &str) {
    let host = url.find("://").map_or(0, |at| at + 3);
    let path = url[host..].find('/').map_or(url.len(), |at| host + at);
    let (origin, target) = url.split_at(path);
    let target = target.split('#').next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    (origin, if path.is_empty() { "/" } else { path }, query)
}

/// The first value of a query parameter, decoded; `None` when it is not there.
pub fn parameter(query: &str, name: &str) -> Option<String> {
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key == name).then(|| decode(value))
    })
}

/// Undoes the percent-encoding of a query. What is not valid is kept as it is, and what is
/// not UTF-8 is replaced: these are texts that people read.
pub fn decode(text: &str) -> String {
    let hex = |at: usize| text.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], hex(at + 1)) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 2;
            }
            (b'+', _) => decoded.push(b' '),
            (byte, _) => decoded.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// A name without anything that a path, a key or a header would read otherwise.
pub fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// `/{16 hexadecimal digits}/{plain file names}`.
pub fn is_asset(path: &str) -> bool {
    let Some((build, file)) = path.strip_prefix('/').and_then(|path| path.split_once('/')) else {
        return false;
    };
    build.len() == 16
        && build.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        && file.split('/').all(is_name)
        // The compressed sibling is how a file is sent, not a file of its own.
        && file.rsplit_once('.').is_none_or(|(_, extension)| extension != "br")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_cut_where_it_should_be() {
        assert_eq!(split_url("https://h.fr:8/a/b?c=d?e#f"), ("https://h.fr:8", "/a/b", "c=d?e"));
        assert_eq!(split_url("http://h/"), ("http://h", "/", ""));
        assert_eq!(split_url("http://h"), ("http://h", "/", ""));
    }

    #[test]
    fn a_parameter_is_decoded() {
        assert_eq!(parameter("a=1&reason=mise+%C3%A0%20jour", "reason").unwrap(), "mise à jour");
        assert_eq!(parameter("reason", "reason").unwrap(), "");
        assert_eq!(parameter("reasons=x", "reason"), None);
        assert_eq!(parameter("r=100%&r=2", "r").unwrap(), "100%");
        assert_eq!(parameter("r=%é%ff", "r").unwrap(), "%é\u{fffd}");
    }
}
