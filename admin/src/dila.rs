//! The DILA's « base de données locales » as it is downloaded: one huge JSON in a
//! `.tar.bz2`, read as a stream. Nothing of it is held but the records that are wanted.

use crate::failure::Failure;
use exchange::import::dila::Extract;
use std::cell::Cell;
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// How much of a file says what it is: a tar has its mark at byte 257.
const HEAD: usize = 512;

/// Without a terminal, progress is a line each time that so many records were read.
const STEP: usize = 10_000;

/// On a terminal, the line is written again after this time.
const BEAT: Duration = Duration::from_millis(100);

/// Bytes on each side of the decompression.
#[derive(Clone, Default)]
struct Offsets {
    compressed: Rc<Cell<u64>>,
    plain: Rc<Cell<u64>>,
}

/// Counts what goes through.
struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.count.set(self.count.get() + length as u64);
        Ok(length)
    }
}

/// What became of reading a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    records: usize,
    bytes: u64,
    took: Duration,
}

impl Pace {
    /// How fast it was, and how much memory the program had at most.
    pub(crate) fn line(&self) -> String {
        let seconds = self.took.as_secs_f64();
        let memory =
            peak_memory().map_or(String::new(), |mebibytes| format!(", mémoire au plus {mebibytes} Mio"));
        format!(
            "{} fiches lues en {seconds:.1} s ({:.0} Mo/s){memory}",
            self.records,
            megabytes(self.bytes) / seconds.max(0.001)
        )
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown without decimals")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// The most memory that the program had, in mebibytes, where the system says it (Linux).
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes / 1024)
}

/// Whether a file is such an archive, or what is in one: by its bytes, never by its name.
pub(crate) fn is_dila(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let mut head = Vec::new();
    if BufReader::new(file).take(HEAD as u64).read_to_end(&mut head).is_err() {
        return false;
    }
    head.starts_with(b"BZh") || is_tar(&head) || is_document(&head)
}

fn is_tar(head: &[u8]) -> bool {
    head.get(257..262) == Some(b"ustar")
}

/// `{"service": [`, whatever white space is in it.
fn is_document(head: &[u8]) -> bool {
    let signs: Vec<u8> = head.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(12).collect();
    signs.starts_with(b"{\"service\":[")
}

/// Reads a file into an extract. Progress goes to standard error, unless it is `silent`.
pub(crate) fn read(path: &Path, extract: &mut Extract<'_>, silent: bool) -> Result<Pace, Failure> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let size = file.metadata().map(|metadata| metadata.len()).unwrap_or_default();
    let offsets = Offsets::default();
    let file = BufReader::with_capacity(1 << 16, Counted { inner: file, count: offsets.compressed.clone() });
    let mut progress = Progress::new(size, offsets.clone(), silent);
    let result = unpacked(file, &offsets, extract, &mut progress);
    progress.end();
    let told = |broken: Broken| broken.told(path, extract, &offsets);
    result.map_err(told)?;
    Ok(Pace { records: extract.read(), bytes: offsets.plain.get(), took: progress.elapsed() })
}

/// How many bytes a record may have: the largest of the State's counters have a few thousand.
const LARGEST_RECORD: u64 = 4 * 1024 * 1024;

/// A document that is read no further where a record does not end: one that unpacks to gigabytes
/// would be held as a whole.
struct Bounded<R> {
    inner: R,
    /// How many bytes were read since the last record.
    since: Rc<Cell<u64>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.since.get() > LARGEST_RECORD {
            return Err(std::io::Error::other("a record does not end"));
        }
        let read = self.inner.read(buffer)?;
        self.since.set(self.since.get() + read as u64);
        Ok(read)
    }
}

/// Why the reading stopped.
enum Broken {
    /// A record is too large to be one.
    LargeRecord,
    /// The file ends too early, or its bytes are damaged.
    Damaged(String),
    /// It is sound, but has no such document.
    NoDocument,
}

impl Broken {
    fn told(self, path: &Path, extract: &Extract<'_>, offsets: &Offsets) -> Failure {
        let shown = path.display();
        match self {
            Self::NoDocument => Failure::refused(
                "no-document",
                format!(
                    "« {shown} » ne contient pas la base de données locales de la DILA (un fichier JSON avec la liste « service »)."
                ),
            ),
            Self::LargeRecord => Failure::refused(
                "large-record",
                format!(
                    "La fiche {} de « {shown} » (à l’octet {} une fois décompressé) dépasse {} Mio : ce n’est pas une fiche. Rien n’a été importé.",
                    extract.read() + 1,
                    offsets.plain.get(),
                    LARGEST_RECORD / 1024 / 1024
                ),
            )
            .advising("Téléchargez le fichier de nouveau depuis le site de la DILA."),
            Self::Damaged(why) => {
                let last = extract.last_id().map_or_else(
                    || "aucune fiche n’a pu être lue".to_owned(),
                    |id| format!("la dernière fiche entière est la {}e, « {id} »", extract.read()),
                );
                Failure::refused(
                    "damaged-archive",
                    format!(
                        "« {shown} » est coupé ou abîmé : la lecture s’est arrêtée à la fiche {}, à l’octet {} du fichier ({} une fois décompressé) ; {last}. Rien n’a été importé ({why}).",
                        extract.read() + 1,
                        offsets.compressed.get(),
                        offsets.plain.get(),
                    ),
                )
                .advising("Téléchargez le fichier de nouveau, et comparez sa taille à celle que le site annonce.")
            }
        }
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::refused(
        "unreadable-file",
        format!("Le fichier « {} » ne peut pas être lu ({error}).", path.display()),
    )
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn damaged(error: impl ToString) -> Broken {
    Broken::Damaged(error.to_string())
}

fn unpacked(
    mut file: impl BufRead,
    offsets: &Offsets,
    extract: &mut Extract<'_>,
    progress: &mut Progress,
) -> Result<(), Broken> {
    let is_compressed = file.fill_buf().map_err(damaged)?.starts_with(b"BZh");
    if is_compressed {
        // Several streams one after another are one file (as parallel compressors write).
        let plain = bzip2::bufread::MultiBzDecoder::new(file);
        let plain = Counted { inner: plain, count: offsets.plain.clone() };
        contents(BufReader::with_capacity(1 << 16, plain), extract, progress)
    } else {
        let plain = Counted { inner: file, count: offsets.plain.clone() };
        contents(BufReader::with_capacity(1 << 16, plain), extract, progress)
    }
}

fn contents(
    mut plain: impl BufRead,
    extract: &mut Extract<'_>,
    progress: &mut Progress,
) -> Result<(), Broken> {
    if !is_tar(plain.fill_buf().map_err(damaged)?) {
        return document(plain, extract, progress);
    }
    let mut archive = tar::Archive::new(plain);
    let mut found = false;
    for entry in archive.entries().map_err(damaged)? {
        let entry = entry.map_err(damaged)?;
        let is_json = entry.path().is_ok_and(|path| path.extension().is_some_and(|kind| kind == "json"));
        if is_json && entry.header().entry_type().is_file() {
            found = true;
            document(BufReader::with_capacity(1 << 16, entry), extract, progress)?;
        }
    }
    if found { Ok(()) } else { Err(Broken::NoDocument) }
}

fn document(reader: impl Read, extract: &mut Extract<'_>, progress: &mut Progress) -> Result<(), Broken> {
    let since = Rc::new(Cell::new(0));
    let reader = Bounded { inner: reader, since: Rc::clone(&since) };
    let seen = &mut |extract: &Extract<'_>| {
        since.set(0);
        progress.seen(extract);
    };
    extract.read_from(reader, seen).map_err(|error| {
        if since.get() > LARGEST_RECORD {
            return Broken::LargeRecord;
        }

        if error.classify() == serde_json::error::Category::Data && extract.read() == 0 {
            Broken::NoDocument
        } else {
            damaged(error)
        }
    })
}

/// What is said while a file is read.
struct Progress {
    size: u64,
    offsets: Offsets,
    begun: Instant,
    told: Instant,
    is_terminal: bool,
    silent: bool,
}

impl Progress {
    fn new(size: u64, offsets: Offsets, silent: bool) -> Self {
        let now = now();
        Self { size, offsets, begun: now, told: now, is_terminal: std::io::stderr().is_terminal(), silent }
    }

    fn elapsed(&self) -> Duration {
        now().duration_since(self.begun)
    }

    fn seen(&mut self, extract: &Extract<'_>) {
        if self.silent || !self.is_terminal && !extract.read().is_multiple_of(STEP) {
            return;
        }
        let now = now();
        if self.is_terminal && now.duration_since(self.told) < BEAT {
            return;
        }
        self.told = now;
        let percent = (self.offsets.compressed.get() * 100).checked_div(self.size).unwrap_or_default();
        let speed = megabytes(self.offsets.plain.get()) / self.elapsed().as_secs_f64().max(0.001);
        let line = format!(
            "{percent:>3} % · {} fiches lues, {} retenues · {speed:.0} Mo/s",
            extract.read(),
            extract.wanted()
        );
        // Nobody is left to tell when standard error is closed.
        let _ = if self.is_terminal {
            write!(std::io::stderr(), "\r{line}   ")
        } else {
            writeln!(std::io::stderr(), "{line}")
        };
    }

    fn end(&self) {
        if self.is_terminal && !self.silent {
            let _ = write!(std::io::stderr(), "\r{:60}\r", "");
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how fast a file is read is shown to who waits, and decides nothing"
)]
fn now() -> Instant {
    Instant::now()
}
