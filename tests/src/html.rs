//! Reading pages of ours as a browser without scripts does: their forms and their words.

/// Undoes what markup escapes.
pub fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// What a person reads of some markup.
pub fn words(markup: &str) -> String {
    let mut words = String::new();
    for (index, part) in markup.split('<').enumerate() {
        words.push_str(if index == 0 { part } else { part.split_once('>').map_or("", |(_, text)| text) });
    }
    unescape(words.trim())
}

/// What stands between two marks, the first time; `None` where one is missing.
pub fn between<'a>(markup: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let start = markup.find(from)? + from.len();
    Some(&markup[start..start + markup[start..].find(to)?])
}

/// Every part of some markup between two marks.
pub fn all_between<'a>(markup: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    markup.split(from).skip(1).filter_map(|rest| rest.split(to).next()).collect()
}

/// The value of an attribute of a tag.
pub fn attribute(tag: &str, name: &str) -> Option<String> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    Some(unescape(&tag[from..from + tag[from..].find('"')?]))
}

/// The fields of a form as the page has them, in its order, without its buttons.
pub fn fields(form: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for tag in form.split('<') {
        let Some(name) = attribute(tag, "name") else { continue };
        let kind = attribute(tag, "type").unwrap_or_default();
        if tag.starts_with("textarea") {
            let text = tag.split_once('>').map_or("", |(_, text)| text);
            found.push((name, unescape(text.strip_prefix('\n').unwrap_or(text))));
        } else if tag.starts_with("select") {
            let options = form.split(tag).nth(1).and_then(|rest| rest.split("</select>").next());
            let mut options = options.unwrap_or_default().split('<');
            let chosen = options.find(|option| option.starts_with("option") && option.contains(" selected"));
            found.push((name, chosen.and_then(|option| attribute(option, "value")).unwrap_or_default()));
        } else if tag.starts_with("input")
            && (!matches!(&*kind, "checkbox" | "radio") || tag.contains(" checked"))
        {
            found.push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
    found
}
