//! A site with files, for as long as a test runs: whole, and in every way in which it may not be.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What is at a path.
#[derive(Debug, Clone)]
pub(super) enum Page {
    /// A file with a tag: unchanged, or a part of it, where somebody asks so.
    File(Vec<u8>, &'static str),
    /// The same, but the connection ends after so many bytes, each time.
    Cut(Vec<u8>, &'static str, usize),
    /// The same, but only the first time.
    CutOnce(Vec<u8>, &'static str, usize),
    /// Bytes under a length that is not theirs.
    Lying(Vec<u8>, usize),
    /// Bytes without a length.
    Endless(Vec<u8>),
    /// A status with a header.
    Status(u16, String),
    /// A connection that stays open, after these bytes.
    Silent(Vec<u8>),
}

pub(super) struct Site {
    pub(super) address: String,
    pages: Arc<Mutex<BTreeMap<String, Page>>>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Site {
    pub(super) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let site = Self { address, pages: Arc::default(), seen: Arc::default() };
        let (pages, seen) = (Arc::clone(&site.pages), Arc::clone(&site.seen));
        std::thread::spawn(move || {
            let mut open = Vec::new();
            for stream in listener.incoming() {
                open.extend(answer(stream.unwrap(), &pages, &seen));
            }
        });
        site
    }

    pub(super) fn put(&self, path: &str, page: Page) {
        self.pages.lock().unwrap().insert(path.to_owned(), page);
    }

    /// The requests since the last time: path, then the headers that say what is known already.
    pub(super) fn seen(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }
}

/// Answers one request; a connection that is to stay open is handed back.
fn answer(
    mut stream: TcpStream,
    pages: &Mutex<BTreeMap<String, Page>>,
    seen: &Mutex<Vec<String>>,
) -> Option<TcpStream> {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let (mut headers, mut header) = (BTreeMap::new(), String::new());
    while reader.read_line(&mut header).is_ok_and(|read| read > 2) {
        if let Some((name, value)) = header.split_once(':') {
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
        header.clear();
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let known: String = ["if-none-match", "if-range", "range"]
        .iter()
        .filter_map(|name| Some(format!(" {name}={}", headers.get(*name)?)))
        .collect();
    seen.lock().unwrap().push(format!("{path}{known}"));
    let mut all = pages.lock().unwrap();
    let page = all.get(&path).cloned().unwrap_or(Page::Status(404, String::new()));
    if let Page::CutOnce(bytes, tag, _) = &page {
        all.insert(path, Page::File(bytes.clone(), tag));
    }
    drop(all);
    let mut send = |status: u16, head: &str, body: &[u8]| {
        let head = format!("HTTP/1.1 {status} X\r\n{head}Connection: close\r\n\r\n");
        // Who has read enough hangs up.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    };
    match page {
        Page::File(bytes, tag) | Page::Cut(bytes, tag, _) | Page::CutOnce(bytes, tag, _)
            if headers.get("if-none-match").is_some_and(|known| known == tag) =>
        {
            _ = bytes;
            send(304, "", b"");
        }
        Page::File(bytes, tag) => {
            let range =
                headers.get("range").filter(|_| headers.get("if-range").is_some_and(|one| one == tag));
            let start = range.and_then(|range| range["bytes=".len()..].strip_suffix('-')?.parse().ok());
            let (status, start): (u16, usize) = start.map_or((200, 0), |start| (206, start));
            let rest = &bytes[start..];
            let range = format!("Content-Range: bytes {start}-{}/{}\r\n", bytes.len() - 1, bytes.len());
            let range = if status == 206 { range } else { String::new() };
            send(status, &format!("ETag: {tag}\r\n{range}Content-Length: {}\r\n", rest.len()), rest);
        }
        Page::Cut(bytes, tag, at) | Page::CutOnce(bytes, tag, at) => {
            send(200, &format!("ETag: {tag}\r\nContent-Length: {}\r\n", bytes.len()), &bytes[..at]);
        }
        Page::Lying(bytes, length) => send(200, &format!("Content-Length: {length}\r\n"), &bytes),
        Page::Endless(bytes) => send(200, "", &bytes),
        Page::Status(status, head) => send(status, &format!("{head}Content-Length: 0\r\n"), b""),
        Page::Silent(bytes) => {
            stream.write_all(&bytes).unwrap();
            return Some(stream);
        }
    }
    None
}
