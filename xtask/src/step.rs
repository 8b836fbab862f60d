//! One line per step: what it does, and how long it took.
//!
//! ```text
//! wasm target … 1.9 s
//! npm packages … up to date
//! ```
//!
//! On a terminal a step that takes more than a second shows the seconds as they pass, and
//! the last thing that its tool said. Elsewhere the lines are plain.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How much of a tool's last line fits behind the seconds.
const DETAIL_WIDTH: usize = 60;

/// The time. The only place of this program that asks for it.
#[expect(clippy::disallowed_methods, reason = "durations are what this module is for")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// A step under way. Dropped unfinished, it says that it failed.
#[derive(Debug)]
pub(crate) struct Step {
    started: Instant,
    detail: Arc<Mutex<String>>,
    ticker: Option<(Sender<()>, JoinHandle<()>)>,
    finished: bool,
}

impl Step {
    /// Says what begins.
    pub(crate) fn begin(name: impl Into<String>) -> Self {
        let (name, started, detail) = (name.into(), now(), Arc::new(Mutex::new(String::new())));
        print(format_args!("{name} … "));
        let ticker = io::stdout().is_terminal().then(|| {
            let (stop, stopped) = mpsc::channel();
            let detail = Arc::clone(&detail);
            let thread = thread::spawn(move || {
                while stopped.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                    let detail = detail.lock().unwrap_or_else(PoisonError::into_inner);
                    print(format_args!("\r\x1b[2K{name} … {} s  {detail}", started.elapsed().as_secs()));
                }
                print(format_args!("\r\x1b[2K{name} … "));
            });
            (stop, thread)
        });
        Self { started, detail, ticker, finished: false }
    }

    /// Shows this behind the seconds, where there is a terminal to show it.
    pub(crate) fn detail(&self, text: &str) {
        let text =
            text.trim().chars().filter(|character| !character.is_control()).take(DETAIL_WIDTH).collect();
        *self.detail.lock().unwrap_or_else(PoisonError::into_inner) = text;
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
        self.stop_ticker();
        print(format_args!("{words}\n"));
    }

    fn stop_ticker(&mut self) {
        if let Some((stop, thread)) = self.ticker.take() {
            drop(stop);
            let _ = thread.join();
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if !self.finished {
            self.stop_ticker();
            print(format_args!("failed after {:.1} s\n", self.seconds()));
        }
    }
}

/// Nobody to read is no reason to stop.
fn print(text: std::fmt::Arguments<'_>) {
    let mut out = io::stdout().lock();
    let _ = out.write_fmt(text).and_then(|()| out.flush());
}
