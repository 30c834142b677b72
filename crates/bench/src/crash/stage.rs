//! What those who take part in one life of the server tell each other.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

/// Time that a server that lives has to answer anything.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Pause between two looks at what others do.
pub(super) const LOOK: Duration = Duration::from_millis(1);

/// One life of the server.
#[derive(Debug)]
pub(super) struct Stage {
    /// Where the server listens.
    pub(super) address: SocketAddr,
    /// Whether the server is about to end.
    is_ending: AtomicBool,
    /// Whether nothing new is to be written: what is under way is brought to an end.
    is_closing: AtomicBool,
    /// How many readers have their sessions.
    open: AtomicUsize,
    /// How many have left, since the server is gone or they are done.
    left: AtomicUsize,
    /// The newest message that was acknowledged; 0 if none was.
    newest: AtomicI64,
    /// The message that everyone is to wait for; 0 if none.
    last: AtomicI64,
}

impl Stage {
    /// A life that begins.
    pub(super) fn new(address: SocketAddr) -> Self {
        Self {
            address,
            is_ending: AtomicBool::new(false),
            is_closing: AtomicBool::new(false),
            open: AtomicUsize::new(0),
            left: AtomicUsize::new(0),
            newest: AtomicI64::new(0),
            last: AtomicI64::new(0),
        }
    }

    /// Says that the server is about to end.
    pub(super) fn end(&self) {
        self.is_ending.store(true, Ordering::SeqCst);
    }

    /// Whether the server is about to end, or has.
    pub(super) fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::SeqCst)
    }

    /// Asks everyone to bring to an end what is under way, and to write nothing new.
    pub(super) fn close(&self) {
        self.is_closing.store(true, Ordering::SeqCst);
    }

    /// Whether nothing new is to be written.
    pub(super) fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::SeqCst)
    }

    /// Says how many readers have their sessions.
    pub(super) fn note_open(&self, count: usize) {
        self.open.store(count, Ordering::SeqCst);
    }

    /// Waits until `count` readers have their sessions: who asked for theirs must be told something.
    pub(super) fn wait_for_open(&self, count: usize) -> Result<()> {
        wait_for(&self.open, count, "sessions were told that they go on")
    }

    /// Plays a `part`, and notes that it is over.
    pub(super) fn leave_after<T>(&self, part: impl FnOnce() -> T) -> T {
        let played = part();
        self.left.fetch_add(1, Ordering::SeqCst);
        played
    }

    /// Waits until `count` have left.
    pub(super) fn wait_for_left(&self, count: usize) -> Result<()> {
        wait_for(&self.left, count, "of those who take part are done")
    }

    /// The newest message that was acknowledged so far; what is posted from now on must come after it.
    pub(super) fn newest(&self) -> i64 {
        self.newest.load(Ordering::SeqCst)
    }

    /// Says that the message `id` was acknowledged.
    pub(super) fn note_acknowledged(&self, id: i64) {
        self.newest.fetch_max(id, Ordering::SeqCst);
    }

    /// Asks the readers to go when they have heard of the message `id`.
    pub(super) fn wait_for_last(&self, id: i64) {
        self.last.store(id, Ordering::SeqCst);
    }

    /// The message after which the readers may go, once it is known.
    pub(super) fn last(&self) -> Option<i64> {
        Some(self.last.load(Ordering::SeqCst)).filter(|id| *id > 0)
    }
}

/// Waits until `number` is `count`, with some patience.
fn wait_for(number: &AtomicUsize, count: usize, what: &str) -> Result<()> {
    let start = Instant::now();
    while number.load(Ordering::SeqCst) < count {
        let now = number.load(Ordering::SeqCst);
        ensure!(start.elapsed() < PATIENCE, "within {PATIENCE:?}, only {now} of {count} {what}");
        std::thread::sleep(LOOK);
    }
    Ok(())
}
