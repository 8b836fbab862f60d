//! Markup (HTML) in cells: visitors read text.

use super::repair::{Notes, Repair, is_space};
use super::table::Table;

/// Turns markup into the lines of text that it stands for. What a directory has comes back as it
/// was: its texts are shown letter by letter.
pub(super) fn leave_out(table: &mut Table, notes: &mut Notes) {
    for row in table.rows.iter_mut().filter(|row| !row.is_own()) {
        for (title, cell) in table.titles.iter().zip(&mut row.cells) {
            if let Some(text) = without(cell)
                && notes.mend(Repair::Markup, row.number, title, cell, &text)
            {
                *cell = text;
            }
        }
    }
}

/// A cell without markup, what it sets apart on lines of their own; nothing where it has none.
pub(crate) fn without(cell: &str) -> Option<String> {
    if !cell.contains(['<', '&']) {
        return None;
    }
    let mut text = String::with_capacity(cell.len());
    let mut rest = cell;
    let mut is_markup = false;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((name, after)) = tag(rest) {
            is_markup = true;
            if !INLINE.contains(&name.as_str()) {
                text.push('\n');
            }
            rest = after;
        } else if let Some((letter, after)) = entity(rest) {
            is_markup = true;
            text.push(letter);
            rest = after;
        } else {
            text.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    is_markup.then(|| {
        let lines = text.lines().map(|line| line.trim_matches(is_space));
        // The dash of an empty point of a list says nothing.
        lines.filter(|line| line.contains(char::is_alphanumeric)).collect::<Vec<_>>().join("\n")
    })
}

/// The name of the tag that a text begins with, and what follows it: its content too, where
/// that is no text.
fn tag(text: &str) -> Option<(String, &str)> {
    if let Some(comment) = text.strip_prefix("<!--") {
        return Some(("!".to_owned(), comment.split_once("-->").map_or("", |(_, after)| after)));
    }
    let inside = text.strip_prefix('<')?;
    let is_closing = inside.starts_with('/');
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let length = inside
        .find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == ':'))
        .filter(|_| inside.starts_with(|first: char| first.is_ascii_alphabetic()))?;
    let (name, attributes) = inside.split_at(length);
    // `<accueil@exemple.fr>` and `<https://exemple.fr>` are none.
    if !attributes.starts_with([' ', '\t', '\r', '\n', '/', '>']) || attributes.starts_with("//") {
        return None;
    }
    let (_, after) = attributes.split_once('>')?;
    let name = name.to_ascii_lowercase();
    let is_code = !is_closing && matches!(name.as_str(), "script" | "style");
    let end = if is_code { after.to_ascii_lowercase().find(&format!("</{name}")) } else { Some(0) };
    Some((name, end.map_or("", |end| &after[end..])))
}

/// The letter that the entity at the start of a text stands for, and what follows it.
fn entity(text: &str) -> Option<(char, &str)> {
    let (name, after) = text.strip_prefix('&')?.split_once(';')?;
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let letter = match name.strip_prefix('#') {
        Some(code) => match code.strip_prefix(['x', 'X']) {
            Some(digits) => number(digits, 16),
            None => number(code, 10),
        },
        None => ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, letter)| *letter),
    }?;
    (!letter.is_control()).then_some((letter, after))
}

/// Tags that stand within a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strike",
    "strong", "sub", "sup", "time", "u", "wbr",
];

/// The entities of French texts.
const ENTITIES: &[(&str, char)] = &[
    ("nbsp", ' '),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("agrave", 'à'),
    ("acirc", 'â'),
    ("ccedil", 'ç'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("ecirc", 'ê'),
    ("euml", 'ë'),
    ("icirc", 'î'),
    ("iuml", 'ï'),
    ("ocirc", 'ô'),
    ("ugrave", 'ù'),
    ("ucirc", 'û'),
    ("oelig", 'œ'),
    ("Agrave", 'À'),
    ("Ccedil", 'Ç'),
    ("Eacute", 'É'),
    ("Egrave", 'È'),
    ("Ecirc", 'Ê'),
    ("Icirc", 'Î'),
    ("Ocirc", 'Ô'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("rsquo", '’'),
    ("lsquo", '‘'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("euro", '€'),
    ("deg", '°'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_lines_of_text() {
        for (cell, expect) in [
            ("<p>Lundi&nbsp;: 9h</p><p>Mardi</p>", Some("Lundi : 9h\nMardi")),
            ("<UL class=\"a\"><LI>Un<br/>deux</LI><LI>- </LI></UL>", Some("Un\ndeux")),
            (
                "Maison <b>des</b> m&eacute;tiers &amp; de l&#8217;emploi",
                Some("Maison des métiers & de l’emploi"),
            ),
            ("<style>p { color: red }</style>Ici<!-- là -->", Some("Ici")),
            ("<o:p></o:p>1 rue du Buis", Some("1 rue du Buis")),
            ("<br>", Some("")),
            ("<accueil@exemple.fr>", None),
            ("<mailto:accueil@exemple.fr>", None),
            ("<https://exemple.fr>", None),
            ("moins de 26 ans (<26) & plus", None),
            ("A&B; C", None),
            ("a < b > c", None),
            ("1 rue du Buis", None),
            ("<é", None),
        ] {
            assert_eq!(without(cell).as_deref(), expect, "{cell}");
        }
    }
}
