//! A partner's web server: the files of a folder, nothing clever. In its pages, `__WORKER__`
//! stands for the origin of ours. [`Server::watched`] has its pages reload when they are told.

use crate::Failure;
use std::fmt;
use std::fs;
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use tiny_http::{Header, Method, Request, Response};

/// What our origin is written as in the pages.
const PLACEHOLDER: &str = "__WORKER__";
/// Where a watched page asks whether it is still the one to show.
const VERSION: &str = "/__version";
/// What a watched page ends with.
const RELOAD: &str = r#"<script>
{
  let shown;
  const look = async () => {
    const now = await fetch("/__version").then((answer) => answer.text()).catch(() => shown);
    if ((shown ??= now) !== now) location.reload();
  };
  look();
  setInterval(look, 500);
}
</script>
"#;

/// A running server. It ends when dropped.
pub struct Server {
    listener: Arc<tiny_http::Server>,
    origin: String,
    thread: Option<JoinHandle<()>>,
    /// How often its pages were told to reload; nothing where they do not ask.
    version: Option<Arc<AtomicU32>>,
}

impl Server {
    /// Serves a folder at this address; port 0 is any free one.
    ///
    /// Beside `page.html`, a file `page.html.headers` may say which headers the page is
    /// served with, one a line: that is how a test page gets its content policy.
    pub fn start(address: SocketAddr, folder: PathBuf, worker: &str) -> Result<Self, Failure> {
        Self::serve(address, folder, worker, None)
    }

    /// The same, with pages that ask twice a second whether to reload.
    pub fn watched(address: SocketAddr, folder: PathBuf, worker: &str) -> Result<Self, Failure> {
        Self::serve(address, folder, worker, Some(Arc::default()))
    }

    fn serve(
        address: SocketAddr,
        folder: PathBuf,
        worker: &str,
        version: Option<Arc<AtomicU32>>,
    ) -> Result<Self, Failure> {
        let server = tiny_http::Server::http(address)
            .map_err(|error| Failure::new(format!("{address} cannot be served: {error}")))?;
        let listener = Arc::new(server);
        let origin = format!("http://{}", listener.server_addr());
        let (incoming, worker, asked) = (Arc::clone(&listener), worker.to_owned(), version.clone());
        let thread = thread::spawn(move || {
            for request in incoming.incoming_requests() {
                answer(request, &folder, &worker, asked.as_deref());
            }
        });
        Ok(Self { listener, origin, thread: Some(thread), version })
    }

    /// Where it answers, such as `http://127.0.0.1:8788`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Has the pages of a [`Server::watched`] reload.
    pub fn reload(&self) {
        if let Some(version) = &self.version {
            version.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.listener.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(request: Request, folder: &Path, worker: &str, version: Option<&AtomicU32>) {
    let response = match (request.method(), version) {
        (Method::Get, Some(version)) if request.url() == VERSION => {
            Response::from_data(version.load(Ordering::Relaxed).to_string())
        }
        (Method::Get | Method::Head, _) => file(folder, request.url(), worker, version.is_some()),
        _ => Response::from_data("Méthode refusée").with_status_code(405),
    };
    let never_kept = header("Cache-Control", "no-store").into_iter();
    // The visitor may have gone; a test server has nobody to tell.
    let _ = request.respond(never_kept.fold(response, Response::with_header));
}

fn file(folder: &Path, url: &str, worker: &str, watched: bool) -> Response<std::io::Cursor<Vec<u8>>> {
    let missing = || {
        let text = header("Content-Type", "text/plain; charset=utf-8").into_iter();
        text.fold(Response::from_data("Page introuvable").with_status_code(404), Response::with_header)
    };
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    // Plain names only: nothing outside the folder.
    if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
        return missing();
    }
    let path = folder.join(path);
    let Ok(bytes) = fs::read(&path) else { return missing() };
    let kind = content_type(&path);
    let bytes = if kind.starts_with("text/html") {
        let mut page = String::from_utf8_lossy(&bytes).replace(PLACEHOLDER, worker);
        if watched {
            page.push_str(RELOAD);
        }
        page.into_bytes()
    } else {
        bytes
    };
    let mut headers: Vec<Header> = header("Content-Type", kind).into_iter().collect();
    let beside = path.with_added_extension("headers");
    for line in fs::read_to_string(beside).unwrap_or_default().replace(PLACEHOLDER, worker).lines() {
        headers.extend(line.split_once(':').and_then(|(name, value)| header(name.trim(), value.trim())));
    }
    headers.into_iter().fold(Response::from_data(bytes), Response::with_header)
}

fn header(name: &str, value: &str) -> Option<Header> {
    Header::from_bytes(name, value).ok()
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Client;

    #[test]
    fn pages_are_served_as_a_partner_would() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("index.html"), "<script src=\"__WORKER__/x.js\"></script>").unwrap();
        fs::write(
            folder.path().join("index.html.headers"),
            "Content-Security-Policy: script-src __WORKER__\n",
        )
        .unwrap();
        fs::write(folder.path().join("host.css"), "/* __WORKER__ */").unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::start(address, folder.path().to_owned(), "http://our.test").unwrap();
        let client = Client::new(server.origin());

        let page = client.get("/?campagne=1").send().unwrap();
        assert_eq!(
            (page.status, page.text().as_str()),
            (200, "<script src=\"http://our.test/x.js\"></script>")
        );
        assert_eq!(page.header("Content-Type"), Some("text/html; charset=utf-8"));
        assert_eq!(page.header("Cache-Control"), Some("no-store"));
        assert_eq!(page.header("Content-Security-Policy"), Some("script-src http://our.test"));

        let style = client.get("/host.css").send().unwrap();
        assert_eq!(style.header("Content-Type"), Some("text/css; charset=utf-8"));
        assert_eq!(style.text(), "/* __WORKER__ */", "only pages are rewritten");
        for outside in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/missing.html", "//etc/passwd"] {
            assert_eq!(client.get(outside).send().unwrap().status, 404, "{outside}");
        }
        assert_eq!(client.get(VERSION).send().unwrap().status, 404, "nobody watches");
        assert_eq!(client.post("/").send().unwrap().status, 405);
    }

    #[test]
    fn watched_pages_are_told_to_reload() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("index.html"), "<p>a page").unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::watched(address, folder.path().to_owned(), "http://our.test").unwrap();
        let client = Client::new(server.origin());
        assert!(client.get("/").send().unwrap().text().contains("location.reload()"));
        let version = || client.get(VERSION).send().unwrap().text();
        let before = version();
        assert_eq!(version(), before);
        server.reload();
        assert_ne!(version(), before);
    }
}
