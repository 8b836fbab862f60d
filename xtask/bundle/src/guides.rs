//! The guides for people: Markdown that is read in the repository, and HTML that the workers put
//! into their pages, from one text.
//!
//! An address of the guide's own is written `https://HOST/…`, as a code: the worker that serves it
//! puts its own in the place of `https://HOST`, and the page has a link there. A link to another
//! document of the repository is a text in the page, which the repository may be far from.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use std::collections::BTreeSet;
use std::mem;
use std::path::Path;

/// The guides, by the names of their files, and where each is served.
pub(crate) const SERVED: [(&str, &str); 2] =
    [("guide-du-site", "/embed/guide"), ("guide-de-l-administration", "/admin/guide")];

/// What stands for the address at which the guide is served.
const HOST: &str = "https://HOST";

/// A guide of the folder `docs` as a worker reads it: its title, then its HTML.
///
/// # Errors
/// A sentence about the file, or about what of it cannot be served.
pub(crate) fn read(docs: &Path, name: &str) -> Result<String, String> {
    let file = docs.join(format!("{name}.md"));
    let text = super::read(&file)?;
    page(&text, &|path| docs.join(path).is_file()).map_err(|reason| format!("{}: {reason}", file.display()))
}

/// The HTML of a guide. `is_there` says whether the repository has a document.
fn page(text: &str, is_there: &dyn Fn(&str) -> bool) -> Result<String, String> {
    let (title, text) =
        text.strip_prefix("# ").and_then(|text| text.split_once('\n')).ok_or("its first line is no title")?;
    let ids = ids(text)?;
    let mut events = Vec::new();
    let mut headings = ids.iter();
    // Whether each link that is open, of which there is one at most, is left out.
    let mut is_left_out = false;
    let mut is_in_link = false;
    let mut is_in_code = false;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        events.push(match event {
            Event::Html(html) | Event::InlineHtml(html) => return Err(format!("it holds HTML: {html}")),
            Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                let id = headings.next().map(|id| CowStr::from(id.clone()));
                Event::Start(Tag::Heading { level, id, classes, attrs })
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                is_in_link = true;
                match address(&dest_url, &ids, is_there)? {
                    None => {
                        is_left_out = true;
                        continue;
                    }
                    Some(address) => {
                        Event::Start(Tag::Link { link_type, dest_url: address.into(), title, id })
                    }
                }
            }
            Event::End(TagEnd::Link) => {
                is_in_link = false;
                if mem::take(&mut is_left_out) {
                    continue;
                }
                Event::End(TagEnd::Link)
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                is_in_code = true;
                Event::Start(Tag::CodeBlock(kind))
            }
            Event::End(TagEnd::CodeBlock) => {
                is_in_code = false;
                Event::End(TagEnd::CodeBlock)
            }
            Event::Text(text) if !is_in_code => Event::Text(unbroken(&text).into()),
            Event::Code(code) => match code.strip_prefix(HOST) {
                Some(path) if !is_in_link && is_path(path) => {
                    Event::InlineHtml(format!("<a href=\"{path}\"><code>{code}</code></a>").into())
                }
                _ => Event::Code(code),
            },
            other => other,
        });
    }
    let mut written = String::new();
    html::push_html(&mut written, events.into_iter());
    // No text of a guide is left as it is: these are tags.
    let written = written
        .replace("<table>", "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Tableau, à faire défiler sur un petit écran\"><table class=\"list told\">")
        .replace("</table>", "</table></div>")
        .replace("<th>", "<th scope=\"col\">");
    if written.contains("<th scope=\"col\"></th>") {
        return Err("a column of a table has no title".to_owned());
    }
    Ok(format!("{}\n{written}", unbroken(title)))
}

/// A French text whose signs stay with their words at the end of a line.
fn unbroken(text: &str) -> String {
    let mut text = text.replace("« ", "«\u{a0}");
    for sign in ["»", ":", ";", "?", "!", "%"] {
        text = text.replace(&format!(" {sign}"), &format!("\u{a0}{sign}"));
    }
    text
}

/// The ids of the headings, in their order, as forges make them: both lead to the same places.
fn ids(text: &str) -> Result<Vec<String>, String> {
    let mut ids: Vec<String> = Vec::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let id = slug(&heading.take().unwrap_or_default());
                if ids.contains(&id) {
                    return Err(format!("two headings have the id {id}"));
                }
                ids.push(id);
            }
            _ => {}
        }
    }
    Ok(ids)
}

fn slug(heading: &str) -> String {
    let letters = heading.chars().flat_map(char::to_lowercase);
    letters
        .filter_map(|letter| match letter {
            ' ' => Some('-'),
            '-' | '_' => Some(letter),
            letter => letter.is_alphanumeric().then_some(letter),
        })
        .collect()
}

/// Where a link of a guide leads in a page; nowhere where it is to a document that is not served.
fn address(written: &str, ids: &[String], is_there: &dyn Fn(&str) -> bool) -> Result<Option<String>, String> {
    if let Some(id) = written.strip_prefix('#') {
        let known: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        return if known.contains(id) {
            Ok(Some(written.to_owned()))
        } else {
            Err(format!("no heading has the id {id}"))
        };
    }
    if let Some((_, served)) = SERVED.iter().find(|(name, _)| written.strip_suffix(".md") == Some(*name)) {
        return Ok(Some((*served).to_owned()));
    }
    if written.starts_with("https://") && !written.starts_with(HOST) {
        return Ok(Some(written.to_owned()));
    }
    if is_there(written) { Ok(None) } else { Err(format!("{written} is not there")) }
}

/// Whether what follows the address of the guide is a path of ours, and needs no escape.
fn is_path(path: &str) -> bool {
    path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/.-_".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str) -> Result<String, String> {
        page(text, &|path| path == "other.md")
    }

    #[test]
    fn both_guides_can_be_served() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
        for (name, _) in SERVED {
            let html = read(&docs, name).unwrap();
            let (title, html) = html.split_once('\n').unwrap();
            assert!(!title.is_empty() && !html.contains("<h1"), "{name}");
            // The policies of the pages let none of these in.
            for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
                let name = tag.split(' ').next().unwrap_or_default();
                assert!(!["script", "style", "img", "iframe", "form"].contains(&name), "{tag}");
                assert!(!tag.contains(" style=") && !tag.contains(" onclick="), "{tag}");
            }
        }
    }

    #[test]
    fn an_address_of_the_guide_is_a_link_and_another_document_a_text() {
        let html =
            made("# A <b>\n\n`https://HOST/embed` [x](other.md) [y](guide-du-site.md) `https://HOST/{id}`\n")
                .unwrap();
        assert_eq!(
            html,
            "A <b>\n<p><a href=\"/embed\"><code>https://HOST/embed</code></a> x <a href=\"/embed/guide\">y</a> <code>https://HOST/{id}</code></p>\n"
        );
    }

    #[test]
    fn a_heading_has_the_id_that_forges_give_it() {
        let html = made("# A\n\n## L’état : `x` d’été\n\n[ici](#létat--x-dété)\n").unwrap();
        assert!(html.contains("<h2 id=\"létat--x-dété\">"), "{html}");
        assert_eq!(made("# A\n\n[là](#rien)\n").unwrap_err(), "no heading has the id rien");
        assert_eq!(made("# A\n\n## B\n\n## B\n").unwrap_err(), "two headings have the id b");
    }

    #[test]
    fn signs_stay_with_their_words_and_codes_as_they_are() {
        let html = made("# A : b\n\n« c » ? `d : e`\n\n```text\nf : g\n```\n").unwrap();
        assert_eq!(
            html,
            "A\u{a0}: b\n<p>«\u{a0}c\u{a0}»\u{a0}? <code>d : e</code></p>\n<pre><code class=\"language-text\">f : g\n</code></pre>\n"
        );
    }

    #[test]
    fn what_cannot_be_served_is_refused() {
        assert!(made("no title").is_err());
        assert!(made("# A\n\n<script>x</script>\n").is_err());
        assert_eq!(made("# A\n\n[x](missing.md)\n").unwrap_err(), "missing.md is not there");
        assert!(made("# A\n\n[x](javascript:alert)\n").is_err());
        assert!(made("# A\n\n| | b |\n| --- | --- |\n| 1 | 2 |\n").is_err());
    }

    #[test]
    fn a_wide_table_can_be_scrolled_with_the_keyboard() {
        let html = made("# A\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n").unwrap();
        assert!(html.contains("tabindex=\"0\"") && html.contains("<th scope=\"col\">a</th>"), "{html}");
        assert!(html.contains("</table></div>") && html.contains("<td>2</td>"), "{html}");
    }
}
