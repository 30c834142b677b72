//! The way out to one client: its socket, and what waits for it.
//!
//! Whoever has something for a client writes it to the socket at once; only what the socket does not take waits, and
//! the client's own task sends it on. So a fan-out wakes nobody, and who reads too slowly holds up nobody.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{Buf, Bytes};
use decentra_model::limits::{
    BACKLOG_BYTES_MAX, BACKLOG_PIECE_BYTES, BACKLOG_PIECES_MAX, WAITING_BYTES_FREE,
};
use tokio::sync::Notify;

use super::frame;
use super::held::Held;
use super::stream::Stream;

/// Pieces that leave in one write, at most.
const PIECES_PER_WRITE: usize = 64;

/// The way out to one client.
///
/// Laid out as it stands here: what each write looks at comes first, and lies together.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Outlet {
    backlog: Mutex<Backlog>,
    stream: Stream,
    cut: Cut,
    /// What waits for all clients together.
    held: Arc<Held>,
    /// Told when the backlog needs its client's task.
    changed: Notify,
    /// When the client was last heard, in milliseconds of the clock.
    heard_ms: AtomicU64,
}

/// The code and the reason with which a client is cut off that reads too slowly.
pub(crate) type Cut = (u16, &'static str);

/// Whole frames in two parts: what is for this client alone, then what it shares with others. The second may be empty.
pub(crate) type Piece = [Bytes; 2];

/// Bytes of a piece.
pub(crate) fn length(piece: &Piece) -> usize {
    piece[0].len() + piece[1].len()
}

/// Takes `count` bytes off the front.
fn advance(piece: &mut Piece, count: usize) {
    let own = count.min(piece[0].len());
    piece[0].advance(own);
    piece[1].advance(count - own);
}

/// What waits for a client.
#[derive(Debug, Default)]
struct Backlog {
    pieces: VecDeque<Piece>,
    bytes: usize,
    /// Bytes of these that are held for this client alone, with what it takes to hold pieces.
    own_bytes: usize,
    /// Whether this client shares nothing with others, since all it is sent is compressed for it.
    shares_nothing: bool,
    /// What was noted of it in [`Held`]: nothing, while nothing waits.
    noted: Option<usize>,
    /// Whether the first piece is the rest of one that the socket has begun to take.
    torn: bool,
    /// Whether nothing more may be added: the end is written, or the socket is broken.
    ended: bool,
}

/// Whether a client kept up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// It did, or has room to catch up.
    Kept,
    /// It had to be cut off just now.
    TooSlow,
}

impl Outlet {
    /// The way out to `stream`, `cut` being what a client is told that reads too slowly.
    pub(crate) fn new(stream: Stream, now: Duration, cut: Cut, held: Arc<Held>) -> Self {
        let outlet = Self {
            stream,
            cut,
            held,
            backlog: Mutex::default(),
            changed: Notify::new(),
            heard_ms: AtomicU64::default(),
        };
        outlet.heard(now);
        outlet
    }

    /// The same, for a client that shares nothing of what it is sent with others.
    pub(crate) fn sharing_nothing(self) -> Self {
        self.backlog().shares_nothing = true;
        self
    }

    /// Sends `bytes`, whole frames for this client alone, after all that was sent before.
    pub(crate) fn push(&self, bytes: &Bytes) -> Pace {
        self.push_all(&[[bytes.clone(), Bytes::new()]])
    }

    /// The same for what is sent to others, too.
    pub(crate) fn push_shared(&self, bytes: &Bytes) -> Pace {
        self.push_all(&[[Bytes::new(), bytes.clone()]])
    }

    /// Sends `pieces` after all that was sent before, if possible in one write.
    pub(crate) fn push_all(&self, pieces: &[Piece]) -> Pace {
        let mut backlog = self.backlog();
        let bytes: usize = pieces.iter().map(length).sum();
        if backlog.ended || bytes == 0 {
            return Pace::Kept;
        }
        let written = if backlog.pieces.is_empty() { self.write_now(pieces) } else { Ok(0) };
        match written {
            Ok(count) if count == bytes => Pace::Kept,
            written => self.wait_with(&mut backlog, written.ok(), pieces),
        }
    }

    /// Sends `joined` after all that was sent before; `pieces` give the same bytes, should they have to wait.
    pub(crate) fn push_joined(&self, joined: &[u8], pieces: impl FnOnce() -> Vec<Piece>) -> Pace {
        let mut backlog = self.backlog();
        if backlog.ended || joined.is_empty() {
            return Pace::Kept;
        }
        let written = if backlog.pieces.is_empty() {
            would_block_as_none(self.stream.try_write(joined))
        } else {
            Ok(0)
        };
        match written {
            Ok(count) if count == joined.len() => Pace::Kept,
            written => self.wait_with(&mut backlog, written.ok(), &pieces()),
        }
    }

    /// Lets wait what the socket did not take of `pieces`, having taken so many bytes; without a number, it is broken.
    fn wait_with(&self, backlog: &mut Backlog, written: Option<usize>, pieces: &[Piece]) -> Pace {
        match written {
            Some(count) => backlog.add_rest(pieces, count),
            None => backlog.end(),
        }
        self.note(backlog);
        let is_too_long =
            backlog.is_too_long() || (self.held.is_full() && backlog.own_bytes > WAITING_BYTES_FREE);
        let pace = if is_too_long && !backlog.ended { Pace::TooSlow } else { Pace::Kept };
        if pace == Pace::TooSlow {
            let (code, reason) = self.cut;
            backlog.replace(frame::close(code, reason));
            self.note(backlog);
        }
        self.changed.notify_one();
        pace
    }

    /// Waits until nothing is waiting to be sent, or nothing more may be added. Only the client's own task may call it.
    pub(crate) async fn flushed(&self) {
        loop {
            let waiting = {
                let backlog = self.backlog();
                !backlog.ended && !backlog.pieces.is_empty()
            };
            if !waiting {
                return;
            }
            let written = self.stream.writable().await.and_then(|()| self.write_waiting());
            if written.is_err() {
                self.end();
            }
        }
    }

    /// Sends a close frame after all that waits; nothing can be sent after it.
    pub(crate) fn close(&self, code: u16, reason: &str) {
        self.push(&frame::close(code, reason));
        self.backlog().ended = true;
        self.changed.notify_one();
    }

    /// Sends a close frame in place of what waits.
    pub(crate) fn cut(&self, code: u16, reason: &str) {
        let mut backlog = self.backlog();
        backlog.replace(frame::close(code, reason));
        self.note(&mut backlog);
        drop(backlog);
        self.changed.notify_one();
    }

    /// Sends on what waits, whenever the socket takes it; returns once nothing more may be added.
    pub(crate) async fn pump(&self) {
        while !self.backlog().ended {
            if self.backlog().pieces.is_empty() {
                self.changed.notified().await;
                continue;
            }
            let written = tokio::select! {
                biased;
                writable = self.stream.writable() => writable.and_then(|()| self.write_waiting()),
                () = self.changed.notified() => Ok(()),
            };
            if written.is_err() {
                self.end();
            }
        }
    }

    /// Sends all that waits, ends the stream, and reads until the client has ended it, too.
    ///
    /// Closing a socket with unread bytes in it would reset the connection, and the client might lose the last frames.
    pub(crate) async fn drain(&self) -> io::Result<()> {
        while !self.backlog().pieces.is_empty() {
            self.stream.writable().await?;
            self.write_waiting()?;
        }
        self.stream.end()?;
        let mut ignored = [0; 4_096];
        loop {
            self.stream.readable().await?;
            match self.stream.try_read(&mut ignored) {
                Ok(0) => return Ok(()),
                Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(error),
                _ => {}
            }
        }
    }

    /// The socket, to read from.
    pub(crate) fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Notes that the client was heard.
    pub(crate) fn heard(&self, now: Duration) {
        self.heard_ms.store(now.as_millis().try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// How long nothing was heard.
    pub(crate) fn silence(&self, now: Duration) -> Duration {
        now.saturating_sub(Duration::from_millis(self.heard_ms.load(Ordering::Relaxed)))
    }

    fn backlog(&self) -> MutexGuard<'_, Backlog> {
        self.backlog.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what waits: the socket is broken.
    fn end(&self) {
        let mut backlog = self.backlog();
        backlog.end();
        self.note(&mut backlog);
    }

    /// Notes among what is held for all what `backlog` holds now.
    fn note(&self, backlog: &mut Backlog) {
        let now = (!backlog.pieces.is_empty()).then_some(backlog.own_bytes);
        self.held.change(std::mem::replace(&mut backlog.noted, now), now);
    }

    /// How many bytes of `pieces` the socket takes now.
    fn write_now(&self, pieces: &[Piece]) -> io::Result<usize> {
        match pieces {
            [[whole, rest] | [rest, whole]] if rest.is_empty() => {
                return would_block_as_none(self.stream.try_write(whole));
            }
            _ => {}
        }
        let mut written = 0;
        for group in pieces.chunks(PIECES_PER_WRITE) {
            let taken = self.write_group(group.iter())?;
            written += taken;
            if taken < group.iter().map(length).sum() {
                break;
            }
        }
        Ok(written)
    }

    /// Writes as much of at most [`PIECES_PER_WRITE`] pieces as the socket takes.
    fn write_group<'a>(&self, pieces: impl Iterator<Item = &'a Piece>) -> io::Result<usize> {
        let mut slices = [IoSlice::new(&[]); 2 * PIECES_PER_WRITE];
        let mut count = 0;
        for part in pieces.take(PIECES_PER_WRITE).flatten().filter(|part| !part.is_empty()) {
            slices[count] = IoSlice::new(part);
            count += 1;
        }
        would_block_as_none(self.stream.try_write_vectored(&slices[..count]))
    }

    fn write_waiting(&self) -> io::Result<()> {
        let mut backlog = self.backlog();
        let written = self.write_group(backlog.pieces.iter())?;
        backlog.advance(written);
        self.note(&mut backlog);
        Ok(())
    }
}

fn would_block_as_none(written: io::Result<usize>) -> io::Result<usize> {
    match written {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
        other => other,
    }
}

impl Drop for Outlet {
    fn drop(&mut self) {
        self.end();
    }
}

impl Backlog {
    /// Adds what is left of `pieces` when `taken` bytes of them have left.
    fn add_rest(&mut self, pieces: &[Piece], mut taken: usize) {
        for piece in pieces {
            if taken >= length(piece) {
                taken -= length(piece);
                continue;
            }
            self.torn |= taken > 0;
            let mut rest = piece.clone();
            advance(&mut rest, std::mem::take(&mut taken));
            self.bytes += length(&rest);
            self.own_bytes += self.own(&rest);
            self.pieces.push_back(rest);
        }
    }

    /// Takes off `count` bytes that the socket took.
    fn advance(&mut self, mut count: usize) {
        self.bytes -= count;
        while count > 0
            && let Some(mut first) = self.pieces.pop_front()
        {
            self.own_bytes -= self.own(&first);
            self.torn = count < length(&first);
            if self.torn {
                advance(&mut first, count);
                self.own_bytes += self.own(&first);
                self.pieces.push_front(first);
                return;
            }
            count -= length(&first);
        }
    }

    /// What `piece` takes that is held for this client alone.
    fn own(&self, piece: &Piece) -> usize {
        let shared = if self.shares_nothing { piece[1].len() } else { 0 };
        BACKLOG_PIECE_BYTES + piece[0].len() + shared
    }

    /// Whether more waits than may. One piece alone may always: it is as long as it is, however fast its client reads.
    fn is_too_long(&self) -> bool {
        self.pieces.len() > 1 && (self.bytes > BACKLOG_BYTES_MAX || self.pieces.len() > BACKLOG_PIECES_MAX)
    }

    /// Puts `last` in the place of all that has not begun to leave; nothing can be added after it.
    fn replace(&mut self, last: Bytes) {
        if self.ended {
            return;
        }
        self.pieces.truncate(usize::from(self.torn));
        self.pieces.shrink_to_fit();
        self.pieces.push_back([last, Bytes::new()]);
        self.bytes = self.pieces.iter().map(length).sum();
        self.own_bytes = self.pieces.iter().map(|piece| self.own(piece)).sum();
        self.ended = true;
    }

    /// Forgets all: the socket is broken.
    fn end(&mut self) {
        let Self { shares_nothing, noted, .. } = *self;
        *self = Self { ended: true, shares_nothing, noted, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use decentra_model::limits::WAITING_BYTES_MAX;
    use tokio::io::AsyncReadExt;
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    const PIECE_BYTES: usize = 10_000;
    const CUT: Cut = (decentra_model::close::TOO_SLOW, "too slow");

    async fn outlet() -> (Arc<Outlet>, TcpStream) {
        outlet_among(Arc::default()).await
    }

    async fn outlet_among(held: Arc<Held>) -> (Arc<Outlet>, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        (Arc::new(Outlet::new(Stream::Tcp(stream), Duration::ZERO, CUT, held)), client)
    }

    /// The piece with this number, no two alike.
    fn piece(nth: usize) -> Bytes {
        format!("{nth:>PIECE_BYTES$}").into()
    }

    /// Pushes pieces until `done` says so; how many they were.
    fn push_until(outlet: &Outlet, mut done: impl FnMut(Pace) -> bool) -> usize {
        (1..100_000).find(|nth| done(outlet.push(&piece(*nth)))).unwrap()
    }

    /// All that comes while the outlet is pumped and drained.
    async fn read_all(outlet: Arc<Outlet>, mut client: TcpStream) -> Vec<u8> {
        let pumping = tokio::spawn(async move {
            outlet.pump().await;
            outlet.drain().await
        });
        let mut bytes = Vec::new();
        client.read_to_end(&mut bytes).await.unwrap();
        drop(client);
        pumping.await.unwrap().unwrap();
        bytes
    }

    #[tokio::test]
    async fn what_a_socket_does_not_take_at_once_waits_and_leaves_in_order() {
        let (outlet, client) = outlet().await;
        let stuck = push_until(&outlet, |_| outlet.backlog().pieces.len() > 3);
        outlet.close(1000, "bye");
        let mut expected: Vec<u8> = (1..=stuck).flat_map(piece).collect();
        expected.extend(frame::close(1000, "bye"));
        assert!(read_all(outlet, client).await == expected, "the bytes differ");
    }

    #[tokio::test]
    async fn who_is_too_slow_gets_whole_pieces_and_the_reason() {
        let (outlet, client) = outlet().await;
        push_until(&outlet, |pace| pace == Pace::TooSlow);
        assert!(outlet.backlog().bytes < 2 * PIECE_BYTES, "what waited is still held");
        assert_eq!(outlet.push(&piece(0)), Pace::Kept, "it is cut off once");
        let bytes = read_all(outlet, client).await;
        let end = bytes.len() - bytes.len() % PIECE_BYTES;
        let expected: Vec<u8> = (1..=end / PIECE_BYTES).flat_map(piece).collect();
        assert!(bytes[..end] == expected, "the bytes differ");
        assert_eq!(&bytes[end + 2..end + 4], decentra_model::close::TOO_SLOW.to_be_bytes());
    }

    #[tokio::test]
    async fn a_client_that_is_gone_takes_nothing_more() {
        let (outlet, client) = outlet().await;
        drop(client);
        push_until(&outlet, |_| outlet.backlog().ended);
        assert_eq!(outlet.backlog().bytes, 0);
        outlet.pump().await;
    }

    #[tokio::test]
    async fn when_too_much_is_held_for_all_whoever_holds_more_than_a_little_is_cut_off() {
        let held = Arc::new(Held::default());
        held.change(None, Some(WAITING_BYTES_MAX + 1));
        let (outlet, _client) = outlet_among(held).await;
        push_until(&outlet, |pace| pace == Pace::TooSlow);
        let stuck = outlet.backlog().own_bytes;
        assert!(stuck < WAITING_BYTES_FREE, "what waited is still held");
    }

    #[tokio::test]
    async fn what_others_are_sent_too_counts_only_for_its_place() {
        let (outlet, _client) = outlet().await;
        let shared = piece(0);
        while outlet.backlog().pieces.len() < 10 {
            assert_eq!(outlet.push_shared(&shared), Pace::Kept);
        }
        assert_eq!(outlet.backlog().own_bytes, 10 * BACKLOG_PIECE_BYTES);
    }
}
