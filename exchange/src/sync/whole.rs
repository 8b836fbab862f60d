//! Whether what came can be what a source publishes: not empty, not a page, not cut.

use crate::refusal::Refusal;

/// So much of a file says what it is.
pub const HEAD: usize = 1024;
/// So much of its end says whether it was cut.
pub const TAIL: usize = 64 * 1024;

/// Looks at the beginning of a file of `size` bytes and at its end, which overlap in a small one.
///
/// # Errors
/// Why it is not taken: `empty-source`, `page-instead-of-data`, `cut-source`.
pub fn look(head: &[u8], tail: &[u8], size: u64) -> Result<(), Refusal> {
    if size == 0 || size <= head.len() as u64 && head.trim_ascii().is_empty() {
        return Err(Refusal::new("empty-source", "Le fichier est vide."));
    }
    if is_page(head) {
        return Err(Refusal::new(
            "page-instead-of-data",
            "C’est une page web (HTML), pas des données.",
        )
        .advising("Ouvrez l’adresse dans un navigateur : elle mène peut-être à une page d’accueil, de connexion ou d’erreur. Donnez celle du fichier."));
    }
    if ends_inside(head, tail, size) {
        return Err(Refusal::new("cut-source", "Le fichier est coupé : il s’arrête au milieu d’une fiche."));
    }
    Ok(())
}

/// Whether a file is a page of the web.
fn is_page(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    // A page of XHTML has a declaration before its type.
    let text =
        text.split_once("?>").filter(|_| text.starts_with("<?xml")).map_or(text.as_str(), |(_, rest)| rest);
    let text = text.trim_start();
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| text.starts_with(tag))
}

/// Whether a document or a table ends where none does: a JSON without its last bracket, a line of
/// a table without a line break and with fewer cells than its titles.
fn ends_inside(head: &[u8], tail: &[u8], size: u64) -> bool {
    if head.contains(&0) || tail.contains(&0) {
        // A workbook, an archive or UTF-16: their own readers see it.
        return false;
    }
    let begin = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let end = tail.trim_ascii_end();
    match begin.first() {
        Some(b'{') => !end.ends_with(b"}"),
        Some(b'[') => !end.ends_with(b"]"),
        _ => is_row_cut(begin, tail, size),
    }
}

fn is_row_cut(begin: &[u8], tail: &[u8], size: u64) -> bool {
    if tail.ends_with(b"\n") || tail.ends_with(b"\r") {
        return false;
    }
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let Some(titles) = begin.split(is_break).next().filter(|titles| titles.len() < begin.len()) else {
        return false;
    };
    let count = |line: &[u8], separator: u8| {
        let mut is_quoted = false;
        let outside = line.iter().filter(|byte| {
            is_quoted ^= **byte == b'"';
            !is_quoted && **byte == separator
        });
        outside.count()
    };
    let Some(separator) = [b';', b',', b'\t'].into_iter().max_by_key(|separator| count(titles, *separator))
    else {
        return false;
    };
    let expected = count(titles, separator);
    let last = tail.rsplit(is_break).next().unwrap_or(tail);
    let quotes = |bytes: &[u8]| bytes.split(|byte| *byte == b'"').count() - 1;
    if quotes(last).is_multiple_of(2) {
        return expected > 0 && count(last, separator) < expected;
    }
    // A cell may hold line breaks: then the last line is no row, and only all quotes together tell.
    tail.len() as u64 == size && !quotes(tail).is_multiple_of(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(file: &[u8]) -> Option<&'static str> {
        let head = &file[..file.len().min(HEAD)];
        let tail = &file[file.len().saturating_sub(TAIL)..];
        look(head, tail, file.len() as u64).err().map(|refusal| refusal.code)
    }

    #[test]
    fn what_is_no_data_is_named() {
        for (file, expect) in [
            ("", Some("empty-source")),
            (" \n", Some("empty-source")),
            ("<!DOCTYPE html><p>", Some("page-instead-of-data")),
            ("\u{feff}\n<HTML lang=fr>", Some("page-instead-of-data")),
            ("<?xml version='1.0'?>\n<html>", Some("page-instead-of-data")),
            ("[{\"nom\": 1}, {\"no", Some("cut-source")),
            ("{\"features\": []", Some("cut-source")),
            ("[{\"nom\": 1}]\n", None),
            ("NOM;CP\nA;26100\nB", Some("cut-source")),
            ("NOM;CP\nA;26100\nB;26", None),
            ("NOM;CP\nA;26100\nB;\"place d", Some("cut-source")),
            ("NOM;CP\nA;\"26100\n\"", None),
            ("NOM;NOTE;CP\nA;\"sur\nrendez-vous\";26100", None),
            ("NOM\nA", None),
            ("NOM;CP\nA;26100\n", None),
        ] {
            assert_eq!(code(file.as_bytes()), expect, "{file}");
        }
    }
}
