//! Reading a list takes seconds. It is done in slices, between which others are answered, and of one
//! list after the other: an isolate has no room for two.
//!
//! The runtime says nothing to a request that it has given up, because whoever sent it is gone: its
//! timers just never come. The reading would stay in memory for ever, so it lies here, and whoever
//! waits for their turn takes it away once it stands still.

use exchange::import::{Imported, Options, import_in_slices, typed::Communes};
use exchange::refusal::Refusal;
use serving::problem::{Failure, log};
use serving::runtime::Delay;
use serving::{clock, shipped};
use shared::directory::Directory;
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

/// How often whoever waits looks whether it is their turn.
const A_LOOK: Duration = Duration::from_millis(20);
/// A reading that has stood still for so many looks is one that the runtime has given up: its own
/// timers have no duration, and come before.
const LOOKS: u32 = 25;

/// What a file cannot be read for is told apart from what went wrong here.
type Read = Result<Result<Imported, Refusal>, Failure>;

/// What is being read.
struct Reading {
    /// Tells it from those before and after.
    number: u64,
    slices: u64,
    work: Pin<Box<dyn Future<Output = Read>>>,
}

thread_local! {
    /// Not there while a slice of it is done: nobody else looks then.
    static READING: RefCell<Option<Reading>> = const { RefCell::new(None) };
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// Reads a list into a directory, when it is its turn.
pub(super) async fn read(bytes: Rc<Vec<u8>>, base: Directory, options: Options) -> Read {
    let work = Box::pin(async move {
        let geography = shipped::geography()?;
        let pause = async || Delay::from(Duration::ZERO).await;
        let communes = Communes::new(&geography);
        Ok(import_in_slices(bytes.as_slice(), base, &communes, &options, &clock::today(), &pause).await)
    });
    wait().await;
    let number = COUNT.get() + 1;
    COUNT.set(number);
    READING.set(Some(Reading { number, slices: 0, work }));
    poll_fn(|context| {
        let mine = |reading: &mut Option<Reading>| reading.take_if(|reading| reading.number == number);
        let Some(mut reading) = READING.with_borrow_mut(mine) else {
            return Poll::Ready(Err(Failure::Ours));
        };
        let read = reading.work.as_mut().poll(context);
        if read.is_pending() {
            reading.slices += 1;
            READING.set(Some(reading));
        }
        read
    })
    .await
}

/// Waits until nothing is being read.
async fn wait() {
    let (mut seen, mut stood) = (None, 0);
    while let Some(now) = READING.with_borrow(|all| all.as_ref().map(|one| (one.number, one.slices))) {
        stood = if seen == Some(now) { stood + 1 } else { 0 };
        if stood == LOOKS {
            drop(READING.take());
            log("a list is not read any further", &"nobody waits for it");
            return;
        }
        seen = Some(now);
        Delay::from(A_LOOK).await;
    }
}
