//! Asking whether an address leads somewhere: politely, and telling the causes apart.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, ErrorKind, Write};
use std::net::ToSocketAddrs;
use std::sync::Mutex;
use std::time::Duration;
use ureq::http::{Method, Request, Response};
use url::Url;

/// How many sites are asked at the same time; each gets one request after another.
const AT_ONCE: usize = 6;

/// How often a site may send elsewhere before it counts as a loop.
const HOPS: usize = 8;

/// Who asks, for whoever reads the logs of a site.
const USER_AGENT: &str = "spro-guide-links/1.0 (checks the links of a public directory; HEAD, then GET)";

/// What became of an address.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub(crate) enum Found {
    /// It leads to a page.
    Fine,
    /// It leads to a page, and the site says that its address is now another.
    Moved {
        /// The new address: the repair to propose.
        to: String,
    },
    /// The page is no longer there.
    Gone {
        /// 404 or 410.
        status: u16,
    },
    /// The name of the site does not exist.
    NoName,
    /// Nothing listens there.
    NoConnection,
    /// Its certificate is not valid.
    Certificate,
    /// It does not answer in time.
    Timeout,
    /// It sends from one address to the next without an end, or nowhere.
    Loop,
    /// It is not an address.
    Malformed,
    /// The site answers that it cannot, for now.
    Ailing {
        /// 5xx.
        status: u16,
    },
    /// The site refuses to answer a program; a person has to look.
    Refused {
        /// 401, 403, 429 and the like.
        status: u16,
    },
}

impl Found {
    /// Whether a visitor certainly gets nowhere.
    pub(crate) const fn is_dead(&self) -> bool {
        matches!(
            self,
            Self::Gone { .. }
                | Self::NoName
                | Self::NoConnection
                | Self::Certificate
                | Self::Timeout
                | Self::Loop
                | Self::Malformed
        )
    }

    /// The title of a group of them (French); the dead first, in the order of these.
    pub(crate) fn french(&self) -> (u8, &'static str) {
        match self {
            Self::Gone { .. } => (0, "page disparue (404 ou 410)"),
            Self::NoName => (1, "nom de site introuvable"),
            Self::Certificate => (2, "certificat refusé : le navigateur affichera une alerte"),
            Self::NoConnection => (3, "connexion impossible"),
            Self::Timeout => (4, "pas de réponse à temps"),
            Self::Loop => (5, "redirections sans fin, ou vers nulle part"),
            Self::Malformed => (6, "adresse mal écrite"),
            Self::Ailing { .. } => (7, "site en panne au moment de la vérification : à revoir"),
            Self::Refused { .. } => (8, "le site ne répond pas aux programmes : à regarder soi-même"),
            Self::Moved { .. } => (9, "adresse qui a changé : nouvelle adresse proposée"),
            Self::Fine => (10, "adresses en ordre"),
        }
    }

    /// What a person needs beside the title.
    pub(crate) fn detail(&self) -> String {
        match self {
            Self::Moved { to } => to.clone(),
            Self::Gone { status } | Self::Ailing { status } | Self::Refused { status } => status.to_string(),
            _ => String::new(),
        }
    }
}

/// Asks every address, and says on standard error how far it is.
pub(crate) fn check(addresses: &[String], patience: Duration) -> BTreeMap<String, Found> {
    let mut by_host: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for address in addresses {
        match Url::parse(address).ok().as_ref().and_then(Url::host_str) {
            Some(host) => by_host.entry(host.to_owned()).or_default().push(address),
            None => {
                found.insert(address.clone(), Found::Malformed);
            }
        }
    }
    let queue: Mutex<VecDeque<Vec<&String>>> = Mutex::new(by_host.into_values().collect());
    let found = Mutex::new(found);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let asker = Asker::new(patience);
                // The lock is released before anybody is asked.
                let next = || queue.lock().ok().and_then(|mut queue| queue.pop_front());
                while let Some(of_host) = next() {
                    for address in of_host {
                        let result = asker.ask(address);
                        if let Ok(mut found) = found.lock() {
                            found.insert(address.clone(), result);
                            progress(found.len(), addresses.len());
                        }
                    }
                }
            });
        }
    });
    found.into_inner().unwrap_or_default()
}

/// A line now and then: standard error may be a log as well as a terminal.
fn progress(done: usize, all: usize) {
    const EVERY: usize = 25;
    if done.is_multiple_of(EVERY) || done == all {
        // Nobody is left to tell when standard error is closed.
        let _ = writeln!(io::stderr(), "  {done} adresses sur {all}");
    }
}

/// Asks one address after another.
struct Asker {
    agent: ureq::Agent,
    /// For this machine: no proxy stands between.
    local: ureq::Agent,
}

/// Where one request led.
enum Step {
    There,
    To { address: Url, is_permanent: bool },
    Not(Found),
}

impl Asker {
    fn new(patience: Duration) -> Self {
        let config = || {
            ureq::Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .timeout_global(Some(patience))
                .user_agent(USER_AGENT)
        };
        Self { agent: config().build().into(), local: config().proxy(None).build().into() }
    }

    fn ask(&self, address: &str) -> Found {
        let Ok(mut url) = Url::parse(address) else { return Found::Malformed };
        // The address to propose: as far as the site says that it moved for good.
        let (mut moved, mut is_permanent_so_far) = (None, true);
        for _ in 0..HOPS {
            match self.step(&url) {
                Step::There => return moved.map_or(Found::Fine, |to| Found::Moved { to }),
                Step::Not(found) => return found,
                Step::To { address, is_permanent } => {
                    is_permanent_so_far &= is_permanent;
                    if is_permanent_so_far {
                        moved = Some(address.to_string());
                    }
                    url = address;
                }
            }
        }
        Found::Loop
    }

    /// HEAD, which costs a site the least; GET where it is not understood, and once more
    /// where nothing came.
    fn step(&self, url: &Url) -> Step {
        match self.request(Method::HEAD, url) {
            Ok(response) if response.status().as_u16() < 400 => return step_of(&response, url),
            // Asking otherwise would not help.
            Err(found @ (Found::Certificate | Found::NoName | Found::Malformed)) => return Step::Not(found),
            Ok(_) | Err(_) => {}
        }
        match self.request(Method::GET, url) {
            Ok(response) => step_of(&response, url),
            Err(found) => Step::Not(found),
        }
    }

    fn request(&self, method: Method, url: &Url) -> Result<Response<ureq::Body>, Found> {
        let mut address = url.clone();
        address.set_fragment(None);
        let request = Request::builder()
            .method(method)
            .uri(address.as_str())
            .header("accept", "text/html,*/*")
            .body(())
            .map_err(|_| Found::Malformed)?;
        let is_local = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        let agent = if is_local { &self.local } else { &self.agent };
        agent.run(request).map_err(|error| cause(&error, url))
    }
}

fn step_of(response: &Response<ureq::Body>, url: &Url) -> Step {
    let status = response.status().as_u16();
    match status {
        301 | 302 | 303 | 307 | 308 => {
            let location = response.headers().get("location").and_then(|value| value.to_str().ok());
            match location.and_then(|location| url.join(location).ok()) {
                Some(address) if matches!(address.scheme(), "http" | "https") => {
                    Step::To { address, is_permanent: matches!(status, 301 | 308) }
                }
                _ => Step::Not(Found::Loop),
            }
        }
        404 | 410 => Step::Not(Found::Gone { status }),
        500.. => Step::Not(Found::Ailing { status }),
        400.. => Step::Not(Found::Refused { status }),
        _ => Step::There,
    }
}

/// Why nothing came.
fn cause(error: &ureq::Error, url: &Url) -> Found {
    match error {
        ureq::Error::Timeout(_) => Found::Timeout,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => Found::Certificate,
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => Found::Malformed,
        ureq::Error::HostNotFound => Found::NoName,
        ureq::Error::Io(error) if error.kind() == ErrorKind::TimedOut => Found::Timeout,
        // What TLS has to say about a certificate comes wrapped.
        ureq::Error::Io(error)
            if error.get_ref().is_some_and(|inner| inner.to_string().contains("ertificate")) =>
        {
            Found::Certificate
        }
        _ if has_no_address(url) => Found::NoName,
        _ => Found::NoConnection,
    }
}

fn has_no_address(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    (host.trim_matches(['[', ']']), 443).to_socket_addrs().is_err()
}
