//! Callers over HTTP, of whom there are always enough: what is due is asked on a connection that waits for nothing.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};
use rustix::fd::OwnedFd;
use rustix::io::Errno;

use crate::answer::Head;

/// Bytes of one read, at most.
const READ_BYTES_MAX: usize = 64 * 1024;

/// Connections that one look at the sockets tells of, at most: few, so that what is due next is asked on time.
const READY_MAX: usize = 64;

/// The connections.
pub struct Callers {
    address: SocketAddr,
    epoll: OwnedFd,
    ready: Vec<epoll::Event>,
    each: Vec<Caller>,
    /// Those that wait for nothing.
    idle: Vec<usize>,
    /// What is due, and for which no connection was idle.
    waiting: VecDeque<Call>,
    buffer: Vec<u8>,
}

/// Something that is asked.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// What it is, by a number of whoever calls.
    pub kind: usize,
    /// When it was due.
    pub due: Duration,
}

/// One connection.
#[derive(Debug, Default)]
struct Caller {
    /// None before it is needed, and when the server has let it go, as servers do with those that are idle for long.
    socket: Option<TcpStream>,
    under_way: Option<Call>,
    /// The beginning of a head that is not all there.
    head: Vec<u8>,
    /// What the answer says, once its head is there, and bytes of its body that are still to come.
    answer: Option<(Verdict, usize)>,
}

impl Callers {
    /// At most `count` connections to the server at `address`, each made when it is needed.
    pub fn new(address: SocketAddr, count: usize) -> Result<Self> {
        Ok(Self {
            address,
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            ready: Vec::with_capacity(READY_MAX),
            each: (0..count).map(|_| Caller::default()).collect(),
            idle: (0..count).rev().collect(),
            waiting: VecDeque::new(),
            buffer: vec![0; READ_BYTES_MAX],
        })
    }

    /// How many calls are not answered, also those that wait for a connection.
    pub fn under_way(&self) -> usize {
        self.each.len() - self.idle.len() + self.waiting.len()
    }

    /// Makes `call` when a connection is idle. `request` writes what is sent then.
    pub fn call(&mut self, call: Call, request: &mut impl FnMut(Call, &mut Vec<u8>)) -> Result<()> {
        self.waiting.push_back(call);
        self.send_waiting(request)
    }

    fn send_waiting(&mut self, request: &mut impl FnMut(Call, &mut Vec<u8>)) -> Result<()> {
        while let (Some(call), Some(nth)) = (self.waiting.front().copied(), self.idle.last().copied()) {
            self.waiting.pop_front();
            self.idle.pop();
            let mut bytes = Vec::with_capacity(512);
            request(call, &mut bytes);
            self.connect(nth)?;
            let caller = &mut self.each[nth];
            caller.under_way = Some(call);
            let socket = caller.socket.as_mut().context("it was just connected")?;
            match socket.write_all(&bytes) {
                Err(error) if is_gone(&error) => self.lose(nth),
                sent => sent.context("calling the server")?,
            }
        }
        Ok(())
    }

    /// Sees to it that there is the connection with this number.
    fn connect(&mut self, nth: usize) -> Result<()> {
        if self.each[nth].socket.is_some() {
            return Ok(());
        }
        let socket = TcpStream::connect(self.address).context("no connection for a caller")?;
        socket.set_nonblocking(true)?;
        socket.set_nodelay(true)?;
        let data = epoll::EventData::new_u64(nth as u64);
        epoll::add(&self.epoll, &socket, data, epoll::EventFlags::IN | epoll::EventFlags::ET)?;
        self.each[nth] = Caller { socket: Some(socket), ..Caller::default() };
        Ok(())
    }

    /// Notes that the server has let a connection go. What was asked on it at this very moment is asked again.
    fn lose(&mut self, nth: usize) {
        if let Some(call) = std::mem::take(&mut self.each[nth]).under_way {
            self.waiting.push_front(call);
            self.idle.push(nth);
        }
    }

    /// Takes the answers that are there, and tells `answered` of each; then makes the calls that waited for a connection.
    pub fn turn(
        &mut self,
        request: &mut impl FnMut(Call, &mut Vec<u8>),
        mut answered: impl FnMut(Call, Verdict),
    ) -> Result<()> {
        self.ready.clear();
        match epoll::wait(&self.epoll, spare_capacity(&mut self.ready), Some(&Timespec::default())) {
            Ok(0) | Err(Errno::INTR) => return Ok(()),
            found => found?,
        };
        for at in 0..self.ready.len() {
            let nth = usize::try_from(self.ready[at].data.u64())?;
            match self.each[nth].read(&mut self.buffer)? {
                Read::Answer(call, verdict) => {
                    self.idle.push(nth);
                    answered(call, verdict);
                }
                Read::Nothing => {}
                Read::Ended => self.lose(nth),
            }
        }
        self.send_waiting(request)
    }
}

/// What reading from a connection gave.
enum Read {
    /// An answer.
    Answer(Call, Verdict),
    /// Nothing whole yet.
    Nothing,
    /// Its end.
    Ended,
}

/// Whether the other end is gone.
fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset)
}

impl Caller {
    /// Reads all that is there.
    fn read(&mut self, buffer: &mut [u8]) -> Result<Read> {
        loop {
            let Some(socket) = &mut self.socket else { return Ok(Read::Nothing) };
            let bytes = match socket.read(buffer) {
                Ok(0) => 0,
                Err(error) if is_gone(&error) => 0,
                Ok(bytes) => bytes,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Read::Nothing),
                Err(error) => return Err(error.into()),
            };
            if bytes == 0 {
                ensure!(self.head.is_empty() && self.answer.is_none(), "the server broke off an answer");
                return Ok(Read::Ended);
            }
            if let Some(verdict) = self.take(&buffer[..bytes])? {
                let call = self.under_way.take().context("an answer to no call")?;
                return Ok(Read::Answer(call, verdict));
            }
            if bytes < buffer.len() {
                return Ok(Read::Nothing);
            }
        }
    }

    /// Takes bytes of an answer; what it says, if it is complete with them.
    fn take(&mut self, bytes: &[u8]) -> Result<Option<Verdict>> {
        let (verdict, missing) = if let Some((verdict, missing)) = self.answer.take() {
            (verdict, missing.checked_sub(bytes.len()))
        } else {
            self.head.extend_from_slice(bytes);
            let Some(head) = Head::parse(&self.head)? else { return Ok(None) };
            let verdict = Verdict::of(head.status, &self.head[..head.body_at])?;
            let missing = (head.body_at + head.body_bytes).checked_sub(self.head.len());
            self.head.clear();
            (verdict, missing)
        };
        let missing = missing.context("more than one answer to one call")?;
        if missing == 0 {
            return Ok(Some(verdict));
        }
        self.answer = Some((verdict, missing));
        Ok(None)
    }
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was taken.
    Taken,
    /// It was turned down as too fast.
    Limited,
    /// It was turned down, since the server is busy.
    Busy,
}

impl Verdict {
    /// What an answer over HTTP means. One that turns down must say when to come back.
    pub fn of(status: u16, head: &[u8]) -> Result<Self> {
        let verdict = match status {
            200..300 => return Ok(Self::Taken),
            429 => Self::Limited,
            503 => Self::Busy,
            _ => bail!("neither taken nor turned down: {}", String::from_utf8_lossy(head)),
        };
        let says_when = head.windows(PAUSE.len()).any(|window| window == PAUSE);
        ensure!(
            says_when,
            "turned down without a word on when to come back: {}",
            String::from_utf8_lossy(head)
        );
        Ok(verdict)
    }
}

/// The header that says when to come back.
const PAUSE: &[u8] = b"\r\nretry-after: ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_turned_down_must_be_told_when_to_come_back() {
        let verdict = |status, head: &str| Verdict::of(status, head.as_bytes());
        assert_eq!(verdict(204, "HTTP/1.1 204 No Content\r\n\r\n").unwrap(), Verdict::Taken);
        assert_eq!(verdict(503, "HTTP/1.1 503 No\r\nretry-after: 1\r\n\r\n").unwrap(), Verdict::Busy);
        assert_eq!(verdict(429, "HTTP/1.1 429 No\r\nretry-after: 1\r\n\r\n").unwrap(), Verdict::Limited);
        assert!(verdict(503, "HTTP/1.1 503 No\r\n\r\n").is_err());
        assert!(verdict(500, "HTTP/1.1 500 No\r\nretry-after: 1\r\n\r\n").is_err());
    }
}
