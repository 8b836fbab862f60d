//! One file from one address: only where it changed, from where it broke off, and never more, later
//! or from elsewhere than it may.

use crate::clock::Deadline;
use crate::files;
use serde::{Deserialize, Serialize};
use shared::validate::is_public_host;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, IsTerminal, Read, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use ureq::http::header::{self, HeaderMap, HeaderName};
use ureq::http::{Request, Response};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::Url;

/// How often an address may send elsewhere.
const HOPS: usize = 5;

/// How often a file that broke off is asked for: once more, from there on.
const TRIES: usize = 2;

/// Who asks, for who reads the logs of a source.
const USER_AGENT: &str = "spro-guide-sync/1.0 (follows open lists of places)";

/// What a server says of a version of a file, to be asked later whether there is another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Version {
    /// Its `ETag`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) etag: Option<String>,
    /// Its `Last-Modified`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) modified: Option<String>,
}

impl Version {
    fn of(headers: &HeaderMap) -> Self {
        Self { etag: text(headers, header::ETAG), modified: text(headers, header::LAST_MODIFIED) }
    }

    /// Whether an answer does not say that it is of another version.
    fn may_be(&self, headers: &HeaderMap) -> bool {
        let other = Self::of(headers);
        let may_be = |own: &Option<String>, other: Option<String>| other.is_none() || *own == other;
        may_be(&self.etag, other.etag) && may_be(&self.modified, other.modified)
    }

    /// What `If-Range` may name: a weak tag says nothing of bytes.
    fn exact(&self) -> Option<&str> {
        let strong = self.etag.as_deref().filter(|tag| !tag.starts_with("W/"));
        strong.or(self.modified.as_deref())
    }
}

/// What is job.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job<'a> {
    /// The address.
    pub(crate) address: &'a str,
    /// How many bytes it may have.
    pub(crate) largest: u64,
    /// How long everything may take.
    pub(crate) patience: Duration,
    /// The version that is there already.
    pub(crate) known: Option<&'a Version>,
    /// Where to write, and what an earlier time left there.
    pub(crate) part: &'a Path,
    /// Whether to say nothing on standard error.
    pub(crate) silent: bool,
}

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fetched {
    /// The version that is there already.
    Same,
    /// Another: it is where it was to be written.
    New(Version),
}

/// Why nothing came, or nothing that may be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is no address, or what it leads to is none.
    Malformed,
    /// The name of the server leads nowhere.
    NoName,
    /// Nothing listens there, or it hung up.
    NoConnection(String),
    /// Its certificate is not valid.
    Certificate,
    /// It was not there in time.
    Late(Duration),
    /// It sends to an address inside a network.
    Inside(String),
    /// It sends from one address to the next.
    Hops,
    /// It answers that there is nothing, or that it may not or cannot.
    Status(u16),
    /// It is larger than it may be.
    Large(u64),
    /// It ended before its end.
    Cut {
        /// How many bytes came.
        came: u64,
        /// How many there should be, where the server said it.
        all: Option<u64>,
    },
    /// It is compressed in a way that nobody asked for.
    Encoded(String),
    /// It could not be written here.
    Disk(String),
}

/// What a part of a file is a part of.
#[derive(Debug, Serialize, Deserialize)]
struct Part {
    address: String,
    version: Version,
}

/// Fetches a file.
pub(crate) fn fetch(job: Job<'_>) -> Result<Fetched, Fault> {
    let deadline = Deadline::after(job.patience);
    let mut fault = Fault::Hops;
    for _ in 0..TRIES {
        match once(job, &deadline) {
            // There is more to have from where it broke off.
            Err(cut @ Fault::Cut { .. }) if broken_off(job).is_some() => fault = cut,
            other => return other,
        }
    }
    Err(fault)
}

fn note_of(part: &Path) -> PathBuf {
    part.with_extension("part.json")
}

/// What an earlier time left of this very file, and how much of it.
fn broken_off(job: Job<'_>) -> Option<(Version, u64)> {
    let length = fs::metadata(job.part).ok()?.len();
    let note: Part = serde_json::from_slice(&fs::read(note_of(job.part)).ok()?).ok()?;
    let is_usable = length > 0 && note.address == job.address && note.version.exact().is_some();
    is_usable.then_some((note.version, length))
}

/// Forgets what there is of a file.
pub(crate) fn forget(part: &Path) {
    // What is not there is forgotten.
    let _ = fs::remove_file(part);
    let _ = fs::remove_file(note_of(part));
}

fn once(job: Job<'_>, deadline: &Deadline) -> Result<Fetched, Fault> {
    let left = broken_off(job);
    let mut headers: Vec<(HeaderName, String)> = Vec::new();
    if let Some((version, length)) = &left {
        headers.push((header::RANGE, format!("bytes={length}-")));
        headers.extend(version.exact().map(|exact| (header::IF_RANGE, exact.to_owned())));
    } else if let Some(known) = job.known {
        headers.extend(known.etag.clone().map(|tag| (header::IF_NONE_MATCH, tag)));
        headers.extend(known.modified.clone().map(|day| (header::IF_MODIFIED_SINCE, day)));
    }
    let response = follow(job, &headers, deadline)?;
    let status = response.status().as_u16();
    let start = match (status, &left) {
        (304, None) if job.known.is_some() => return Ok(Fetched::Same),
        (200, _) => 0,
        (206, Some((version, length)))
            if begins_at(response.headers()) == Some(*length) && version.may_be(response.headers()) =>
        {
            *length
        }
        // What is there is no beginning of what the server has.
        (206 | 416, Some(_)) => {
            forget(job.part);
            return once(job, deadline);
        }
        (status, _) => return Err(Fault::Status(status)),
    };
    receive(job, response, start)
}

/// Where a part that came begins: `bytes 100-199/200`.
fn begins_at(headers: &HeaderMap) -> Option<u64> {
    let range = text(headers, header::CONTENT_RANGE)?;
    range.strip_prefix("bytes ")?.split_once('-')?.0.parse().ok()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// Asks an address, and the ones that it sends to.
fn follow(
    job: Job<'_>,
    headers: &[(HeaderName, String)],
    deadline: &Deadline,
) -> Result<Response<ureq::Body>, Fault> {
    let first = Url::parse(job.address).map_err(|_| Fault::Malformed)?;
    let mut url = first.clone();
    for hop in 0..=HOPS {
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        // Who wrote the address of the source may have meant a server inside the network; who
        // answers there may not send to another.
        let is_own = hop == 0 || url.host_str() == first.host_str() && url.port() == first.port();
        if !is_own && !is_public_host(&host) {
            return Err(Fault::Inside(host));
        }
        let patience = deadline.left().ok_or(Fault::Late(job.patience))?;
        let agent = agent(patience, !is_own, is_public_host(&host));
        let mut request = Request::builder().uri(url.as_str()).header(header::ACCEPT_ENCODING, "identity");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(()).map_err(|_| Fault::Malformed)?;
        let response = agent.run(request).map_err(|error| cause(&error, job.patience, &host))?;
        if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Ok(response);
        }
        let target = text(response.headers(), header::LOCATION).ok_or(Fault::Malformed)?;
        url = url.join(&target).map_err(|_| Fault::Malformed)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Fault::Malformed);
        }
    }
    Err(Fault::Hops)
}

/// A client for one request. `public_only`: the name must lead to public addresses, whatever it
/// looks like.
fn agent(patience: Duration, public_only: bool, through_proxy: bool) -> ureq::Agent {
    let mut config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(patience))
        .user_agent(USER_AGENT);
    if !through_proxy {
        config = config.proxy(None);
    }
    if public_only {
        let resolver = PublicOnly(DefaultResolver::default());
        return ureq::Agent::with_parts(config.build(), DefaultConnector::default(), resolver);
    }
    config.build().into()
}

/// Looks names up, and hides the addresses that are inside a network.
#[derive(Debug)]
struct PublicOnly(DefaultResolver);

impl Resolver for PublicOnly {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let all = self.0.resolve(uri, config, timeout)?;
        let mut public = self.empty();
        for address in &all {
            let host = match address.ip() {
                IpAddr::V4(v4) => v4.to_string(),
                IpAddr::V6(v6) => format!("[{v6}]"),
            };
            if is_public_host(&host) {
                public.push(*address);
            }
        }
        if public.is_empty() {
            return Err(ureq::Error::Io(io::Error::new(ErrorKind::PermissionDenied, INSIDE)));
        }
        Ok(public)
    }
}

/// What [`PublicOnly`] says where nothing is left.
const INSIDE: &str = "every address is inside a network";

/// Why nothing came.
fn cause(error: &ureq::Error, patience: Duration, host: &str) -> Fault {
    match error {
        ureq::Error::Timeout(_) => Fault::Late(patience),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => Fault::Certificate,
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => Fault::Malformed,
        ureq::Error::HostNotFound => Fault::NoName,
        ureq::Error::Io(error) if error.kind() == ErrorKind::TimedOut => Fault::Late(patience),
        ureq::Error::Io(error) => {
            let inner = error.get_ref().map(ToString::to_string).unwrap_or_default();
            if inner == INSIDE {
                Fault::Inside(host.to_owned())
            // What TLS has to say about a certificate comes wrapped.
            } else if inner.contains("ertificate") {
                Fault::Certificate
            } else if inner.contains("lookup") {
                Fault::NoName
            } else {
                Fault::NoConnection(error.to_string())
            }
        }
        other => Fault::NoConnection(other.to_string()),
    }
}

/// Writes what comes behind the `start` bytes that are there.
fn receive(job: Job<'_>, response: Response<ureq::Body>, start: u64) -> Result<Fetched, Fault> {
    let headers = response.headers();
    if let Some(encoding) = text(headers, header::CONTENT_ENCODING).filter(|name| name != "identity") {
        return Err(Fault::Encoded(encoding));
    }
    let version = Version::of(headers);
    let length = text(headers, header::CONTENT_LENGTH).and_then(|length| length.trim().parse::<u64>().ok());
    let all = length.map(|length| length.saturating_add(start));
    if all.is_some_and(|all| all > job.largest) {
        forget(job.part);
        return Err(Fault::Large(job.largest));
    }
    let disk = |error: &io::Error| Fault::Disk(error.to_string());
    let mut file = opened(job.part, start).map_err(|error| disk(&error))?;
    if start == 0 {
        // Before the first byte: what breaks off is known for what it is.
        let note = Part { address: job.address.to_owned(), version: version.clone() };
        let note = serde_json::to_string(&note).unwrap_or_default();
        files::write(&note_of(job.part), note, true).map_err(|failure| Fault::Disk(failure.message))?;
    }
    let mut body = response.into_body();
    let mut reader = body.as_reader();
    let mut buffer = vec![0; 1 << 16];
    let mut came = start;
    let mut progress = Progress { all, told: 0, is_terminal: io::stderr().is_terminal(), silent: job.silent };
    let ended = loop {
        match reader.read(&mut buffer) {
            Ok(0) => break Ok(()),
            Ok(count) => {
                came += count as u64;
                if came > job.largest {
                    forget(job.part);
                    break Err(Fault::Large(job.largest));
                }
                if let Err(error) = file.write_all(&buffer[..count]) {
                    break Err(disk(&error));
                }
                progress.seen(came);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                let is_late = error.kind() == ErrorKind::TimedOut
                    || error.get_ref().is_some_and(|inner| inner.to_string().contains("timeout"));
                break Err(if is_late { Fault::Late(job.patience) } else { Fault::Cut { came, all } });
            }
        }
    };
    progress.end();
    file.sync_all().map_err(|error| disk(&error))?;
    ended?;
    if all.is_some_and(|all| all != came) {
        return Err(Fault::Cut { came, all });
    }
    // It is whole: nothing has to be resumed.
    let _ = fs::remove_file(note_of(job.part));
    Ok(Fetched::New(version))
}

fn opened(part: &Path, start: u64) -> io::Result<File> {
    if start == 0 { File::create(part) } else { OpenOptions::new().append(true).open(part) }
}

/// What is said while a file comes.
struct Progress {
    all: Option<u64>,
    told: u64,
    is_terminal: bool,
    silent: bool,
}

/// After how many bytes progress is told again.
const STEP: u64 = 4 << 20;

impl Progress {
    fn seen(&mut self, came: u64) {
        if self.silent || came < self.told + STEP {
            return;
        }
        self.told = came;
        let of = self.all.map_or(String::new(), |all| format!(" sur {}", all >> 20));
        let begin = if self.is_terminal { "\r" } else { "" };
        let end = if self.is_terminal { "   " } else { "\n" };
        // Nobody is left to tell when standard error is closed.
        let _ = write!(io::stderr(), "{begin}  {} Mio{of}{end}", came >> 20);
    }

    fn end(&self) {
        if self.is_terminal && self.told > 0 {
            let _ = write!(io::stderr(), "\r{:30}\r", "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// A name that looks public may lead inside: its addresses decide, before anything connects.
    #[test]
    fn the_addresses_of_a_name_decide_whether_it_is_inside() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("http://{}/a.csv", listener.local_addr().unwrap());
        let patience = Duration::from_secs(5);
        let request = Request::builder().uri(&address).body(()).unwrap();
        let error = agent(patience, true, false).run(request).unwrap_err();
        assert_eq!(cause(&error, patience, "exemple.fr"), Fault::Inside("exemple.fr".to_owned()));
        assert!(listener.accept().is_err(), "nothing connected");
    }

    #[test]
    fn a_part_begins_where_it_says() {
        let begins = |range: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_RANGE, range.parse().unwrap());
            begins_at(&headers)
        };
        assert_eq!(begins("bytes 100-199/200"), Some(100));
        assert_eq!((begins("bytes */200"), begins("lines 1-2/3")), (None, None));
    }

    #[test]
    fn only_an_exact_version_is_resumed() {
        let version = |etag: Option<&str>, modified: Option<&str>| Version {
            etag: etag.map(str::to_owned),
            modified: modified.map(str::to_owned),
        };
        assert_eq!(version(Some("\"a\""), Some("day")).exact(), Some("\"a\""));
        assert_eq!(version(Some("W/\"a\""), Some("day")).exact(), Some("day"));
        assert_eq!(version(Some("W/\"a\""), None).exact(), None);
    }
}
