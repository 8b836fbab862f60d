//! One line per step: what it does, and how long it took.
//!
//! ```text
//! wasm target … 1.9 s
//! npm packages … up to date
//! ```
//!
//! On a terminal a step that takes more than a second shows the seconds as they pass, and
//! the last thing that its tool said. Elsewhere the lines are plain. Where several steps run
//! at once ([`side_by_side`]), each prints its line when it is done.
//!
//! What each took is noted, for the table at the end of `cargo xtask test` ([`taken`]).

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How much of a tool's last line fits behind the seconds.
const DETAIL_WIDTH: usize = 60;

/// How many [`SideBySide`] there are.
static SIDE_BY_SIDE: AtomicUsize = AtomicUsize::new(0);
/// The steps that have ended.
static ENDED: Mutex<Vec<Taken>> = Mutex::new(Vec::new());

/// The time. The only place of this program that asks for it.
#[expect(clippy::disallowed_methods, reason = "durations are what this module is for")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// While there is one, several steps may run at once.
#[must_use]
pub(crate) struct SideBySide(());

/// Says that several steps may run at once, until it is dropped.
pub(crate) fn side_by_side() -> SideBySide {
    SIDE_BY_SIDE.fetch_add(1, Ordering::Relaxed);
    SideBySide(())
}

impl Drop for SideBySide {
    fn drop(&mut self) {
        SIDE_BY_SIDE.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What a step took.
#[derive(Debug)]
pub(crate) struct Taken {
    /// What it is called.
    pub(crate) name: String,
    /// Seconds on the clock.
    pub(crate) seconds: f64,
    /// Seconds of processor time.
    pub(crate) processor: f64,
}

/// What each step took that has ended since this was last asked.
pub(crate) fn taken() -> Vec<Taken> {
    std::mem::take(&mut ENDED.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A step under way. Dropped unfinished, it says that it failed.
#[derive(Debug)]
pub(crate) struct Step {
    name: String,
    started: Instant,
    detail: Arc<Mutex<String>>,
    processor: Mutex<f64>,
    /// Whether its line was begun, and is to be ended.
    begun: bool,
    ticker: Option<(Sender<()>, JoinHandle<()>)>,
    finished: bool,
}

impl Step {
    /// Says what begins.
    pub(crate) fn begin(name: impl Into<String>) -> Self {
        let (name, started, detail) = (name.into(), now(), Arc::new(Mutex::new(String::new())));
        let begun = SIDE_BY_SIDE.load(Ordering::Relaxed) == 0;
        if begun {
            print(format_args!("{name} … "));
        }
        let ticker = (begun && io::stdout().is_terminal()).then(|| {
            let (stop, stopped) = mpsc::channel();
            let (name, detail) = (name.clone(), Arc::clone(&detail));
            let thread = thread::spawn(move || {
                while stopped.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                    let detail = detail.lock().unwrap_or_else(PoisonError::into_inner);
                    print(format_args!("\r\x1b[2K{name} … {} s  {detail}", started.elapsed().as_secs()));
                }
                print(format_args!("\r\x1b[2K{name} … "));
            });
            (stop, thread)
        });
        Self { name, started, detail, processor: Mutex::new(0.0), begun, ticker, finished: false }
    }

    /// Shows this behind the seconds, where there is a terminal to show it.
    pub(crate) fn detail(&self, text: &str) {
        let text =
            text.trim().chars().filter(|character| !character.is_control()).take(DETAIL_WIDTH).collect();
        *self.detail.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }

    /// Adds the processor time of a program that it ran.
    pub(crate) fn spent(&self, processor: f64) {
        *self.processor.lock().unwrap_or_else(PoisonError::into_inner) += processor;
    }

    /// Finished: prints how long it took.
    pub(crate) fn done(self) {
        let seconds = self.seconds();
        self.finish(&format_args!("{seconds:.1} s"));
    }

    /// Finished, with something to say about it.
    pub(crate) fn done_with(self, note: &dyn Display) {
        let seconds = self.seconds();
        self.finish(&format_args!("{seconds:.1} s ({note})"));
    }

    /// There was nothing to do.
    pub(crate) fn skip(self, why: &dyn Display) {
        self.finish(why);
    }

    /// How long it has been under way.
    pub(crate) fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    fn finish(mut self, words: &dyn Display) {
        self.finished = true;
        self.end(words);
    }

    fn end(&mut self, words: &dyn Display) {
        if let Some((stop, thread)) = self.ticker.take() {
            drop(stop);
            let _ = thread.join();
        }
        if self.begun {
            print(format_args!("{words}\n"));
        } else {
            print(format_args!("{} … {words}\n", self.name));
        }
        let processor = *self.processor.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = Taken { name: self.name.clone(), seconds: self.seconds(), processor };
        ENDED.lock().unwrap_or_else(PoisonError::into_inner).push(taken);
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if !self.finished {
            self.end(&format_args!("failed after {:.1} s", self.seconds()));
        }
    }
}

/// Nobody to read is no reason to stop.
fn print(text: std::fmt::Arguments<'_>) {
    let mut out = io::stdout().lock();
    let _ = out.write_fmt(text).and_then(|()| out.flush());
}
