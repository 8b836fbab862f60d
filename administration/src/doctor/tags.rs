//! The tags of a page, without building the page: enough to find what was pasted into it.

/// A tag that opens something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    /// Its name, in lower case.
    pub(crate) name: String,
    /// Its attributes: the name in lower case, the value without character references.
    pub(crate) attributes: Vec<(String, String)>,
    /// Where what follows it begins.
    pub(crate) end: usize,
}

impl Tag {
    /// The value of an attribute; empty where it has none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Elements whose content is a text, whatever it looks like.
const TEXTS: [&str; 7] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed"];

/// Every tag that opens something, in the order of the page.
pub(crate) fn tags(page: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = page[at..].find('<') {
        at += next + 1;
        if let Some(comment) = page[at..].strip_prefix("!--") {
            at = comment.find("-->").map_or(page.len(), |end| at + 3 + end + 3);
            continue;
        }
        if !page[at..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let tag = read(page, at);
        at = tag.end;
        if TEXTS.contains(&tag.name.as_str()) {
            at = closing(page, at, &tag.name).unwrap_or(page.len());
        }
        found.push(tag);
    }
    found
}

/// Where the next closing tag of this name begins.
pub(crate) fn closing(page: &str, from: usize, name: &str) -> Option<usize> {
    let mut at = from;
    while let Some(next) = page[at..].find("</") {
        at += next;
        let rest = &page.as_bytes()[at + 2..];
        let is_it = rest.len() >= name.len() && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes());
        let ends = rest.get(name.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
        if is_it && ends {
            return Some(at);
        }
        at += 2;
    }
    None
}

/// Reads a tag from the first letter of its name.
fn read(page: &str, from: usize) -> Tag {
    let bytes = page.as_bytes();
    let until = |at: usize, ends: &dyn Fn(u8) -> bool| {
        bytes[at..].iter().position(|byte| ends(*byte)).map_or(bytes.len(), |length| at + length)
    };
    let name_end = until(from, &|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
    let mut tag =
        Tag { name: page[from..name_end].to_ascii_lowercase(), attributes: Vec::new(), end: bytes.len() };
    let mut at = name_end;
    loop {
        at = until(at, &|byte| !byte.is_ascii_whitespace() && byte != b'/');
        match bytes.get(at) {
            None => return tag,
            Some(b'>') => {
                tag.end = at + 1;
                return tag;
            }
            Some(_) => {}
        }
        // An equals sign that begins a name is part of it.
        let end = until(at + 1, &|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'='));
        let name = page.get(at..end).unwrap_or_default().to_ascii_lowercase();
        at = until(end, &|byte| !byte.is_ascii_whitespace());
        let mut value = "";
        if bytes.get(at) == Some(&b'=') {
            at = until(at + 1, &|byte| !byte.is_ascii_whitespace());
            (value, at) = if let Some(quote @ (b'"' | b'\'')) = bytes.get(at) {
                let end = until(at + 1, &|byte| byte == *quote);
                (page.get(at + 1..end).unwrap_or_default(), (end + 1).min(bytes.len()))
            } else {
                let end = until(at, &|byte| byte.is_ascii_whitespace() || byte == b'>');
                (page.get(at..end).unwrap_or_default(), end)
            };
        }
        if tag.get(&name).is_none() {
            tag.attributes.push((name, unescaped(value)));
        }
    }
}

/// Undoes the character references that attributes of ours have.
fn unescaped(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    let quotes =
        value.replace("&quot;", "\"").replace("&#34;", "\"").replace("&#39;", "'").replace("&#039;", "'");
    let others = quotes.replace("&apos;", "'").replace("&lt;", "<").replace("&gt;", ">");
    others.replace("&#038;", "&").replace("&#38;", "&").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_where_browsers_find_them() {
        let page = "<!doctype html><!-- <spro-guide> --><P Class=a>1 < 2</p><script>\"<spro-guide>\"</script >\
                    <spro-guide lang=fr data-x='a \"b\"' hidden lang=\"en\"><a href=\"/?a=1&amp;b=2\">x</a>\
                    </spro-guide><textarea><spro-guide></textarea><img src=é/><";
        let names: Vec<String> = tags(page).into_iter().map(|tag| tag.name).collect();
        assert_eq!(names, ["p", "script", "spro-guide", "a", "textarea", "img"]);
        let guide = tags(page).remove(2);
        assert_eq!(guide.get("lang"), Some("fr"));
        assert_eq!(guide.get("data-x"), Some("a \"b\""));
        assert_eq!(guide.get("hidden"), Some(""));
        assert_eq!(guide.get("theme"), None);
        assert_eq!(tags(page)[3].get("href"), Some("/?a=1&b=2"));
        let end = closing(page, guide.end, "spro-guide").unwrap();
        assert!(page[guide.end..end].starts_with("<a ") && page[guide.end..end].ends_with("</a>"));
    }

    #[test]
    fn nothing_that_is_cut_or_strange_stops_it() {
        for page in [
            "<",
            "<a",
            "<a ",
            "<a href",
            "<a href=",
            "<a href='",
            "<a href=\"é",
            "<a =é>",
            "<script>",
            "<!--",
            "</",
            "<é>",
            "<a é='à'é>",
            "<spro-guide/ / >",
            "<a\u{a0}b=c>",
            "<a x=\"\u{1f600}",
        ] {
            for end in (0..=page.len()).filter(|end| page.is_char_boundary(*end)) {
                let _ = tags(&page[..end]);
                let _ = closing(&page[..end], 0, "a");
            }
        }
    }
}
