//! Calls over HTTP, on connections that stay: each has one call under way, and makes the next when it has its answer.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};
use rustix::fd::OwnedFd;
use rustix::io::Errno;

use crate::answer::Head;
use crate::figure::number;
use crate::swarm::Wait;

/// Time without an answer after which a server counts as stuck.
const STALL: Duration = Duration::from_secs(10);

/// Bytes of one read, at most.
const READ_BYTES_MAX: usize = 256 * 1024;

/// The connections.
pub struct Calls {
    epoll: OwnedFd,
    ready: Vec<epoll::Event>,
    callers: Vec<Caller>,
    buffer: Vec<u8>,
    request: Vec<u8>,
}

/// One connection.
#[derive(Debug)]
struct Caller {
    socket: TcpStream,
    /// Bytes of the answer that are still to come; `None` before its head is there.
    missing: Option<usize>,
    /// The beginning of a head that is not all there.
    head: Vec<u8>,
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub struct Driven {
    /// How many calls were answered.
    pub calls: u64,
    /// How long it took.
    pub wall: Duration,
}

impl Driven {
    /// Answers in each second.
    pub fn per_second(&self) -> f64 {
        number(self.calls) / self.wall.as_secs_f64()
    }
}

impl Calls {
    /// This many connections to the server at `address`.
    pub fn connect(address: SocketAddr, count: usize) -> Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let mut callers = Vec::with_capacity(count);
        for nth in 0..count {
            let socket =
                TcpStream::connect(address).with_context(|| format!("no connection to {address}"))?;
            socket.set_nonblocking(true)?;
            socket.set_nodelay(true)?;
            let data = epoll::EventData::new_u64(nth as u64);
            epoll::add(&epoll, &socket, data, epoll::EventFlags::IN | epoll::EventFlags::ET)?;
            callers.push(Caller { socket, missing: None, head: Vec::new() });
        }
        let ready = Vec::with_capacity(count);
        Ok(Self { epoll, ready, callers, buffer: vec![0; READ_BYTES_MAX], request: Vec::new() })
    }

    /// The body that one call is answered with.
    pub fn one(&mut self, request: &str) -> Result<Vec<u8>> {
        let caller = &mut self.callers[0];
        caller.socket.set_nonblocking(false)?;
        caller.socket.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        let (body_at, length) = loop {
            let bytes = caller.socket.read(&mut self.buffer)?;
            ensure!(bytes > 0, "the server ended the connection");
            answer.extend_from_slice(&self.buffer[..bytes]);
            if let Some(found) = head_of(&answer)? {
                break found;
            }
        };
        while answer.len() < body_at + length {
            let bytes = caller.socket.read(&mut self.buffer)?;
            ensure!(bytes > 0, "the server ended the connection");
            answer.extend_from_slice(&self.buffer[..bytes]);
        }
        caller.socket.set_nonblocking(true)?;
        Ok(answer.split_off(body_at))
    }

    /// Makes calls for `window`, the next of each connection being what `request` writes; ends when all are answered.
    pub fn drive(
        &mut self,
        window: Duration,
        wait: Wait,
        mut request: impl FnMut(usize, &mut Vec<u8>),
    ) -> Result<Driven> {
        let timeout = match wait {
            Wait::Spin => Timespec::default(),
            Wait::Sleep(time) => Timespec::try_from(time)?,
        };
        let start = Instant::now();
        let mut arrived = start;
        let mut calls = 0;
        let mut under_way = 0;
        for nth in 0..self.callers.len() {
            self.send(nth, &mut request)?;
            under_way += 1;
        }
        while under_way > 0 {
            self.ready.clear();
            match epoll::wait(&self.epoll, spare_capacity(&mut self.ready), Some(&timeout)) {
                Ok(0) | Err(Errno::INTR) => {
                    ensure!(arrived.elapsed() < STALL, "{under_way} calls are not answered");
                    continue;
                }
                found => found?,
            };
            arrived = Instant::now();
            for at in 0..self.ready.len() {
                let nth = usize::try_from(self.ready[at].data.u64())?;
                if !self.callers[nth].read(&mut self.buffer)? {
                    continue;
                }
                calls += 1;
                under_way -= 1;
                if arrived.duration_since(start) < window {
                    self.send(nth, &mut request)?;
                    under_way += 1;
                }
            }
        }
        Ok(Driven { calls, wall: start.elapsed() })
    }

    fn send(&mut self, nth: usize, request: &mut impl FnMut(usize, &mut Vec<u8>)) -> Result<()> {
        self.request.clear();
        request(nth, &mut self.request);
        self.callers[nth].socket.write_all(&self.request).context("calling the server")
    }
}

impl Caller {
    /// Reads all that is there; whether an answer is complete with it.
    fn read(&mut self, buffer: &mut [u8]) -> Result<bool> {
        let mut is_done = false;
        loop {
            let bytes = match self.socket.read(buffer) {
                Ok(0) => bail!("the server ended the connection"),
                Ok(bytes) => bytes,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(is_done),
                Err(error) => return Err(error.into()),
            };
            is_done |= self.take(&buffer[..bytes])?;
            if bytes < buffer.len() {
                return Ok(is_done);
            }
        }
    }

    /// Takes bytes of an answer; whether it is complete with them.
    fn take(&mut self, bytes: &[u8]) -> Result<bool> {
        let missing = if let Some(missing) = self.missing {
            missing.checked_sub(bytes.len())
        } else {
            self.head.extend_from_slice(bytes);
            let Some((body_at, length)) = head_of(&self.head)? else { return Ok(false) };
            let missing = (body_at + length).checked_sub(self.head.len());
            self.head.clear();
            missing
        };
        let Some(missing) = missing else { bail!("more than one answer to one call") };
        self.missing = Some(missing).filter(|missing| *missing > 0);
        Ok(missing == 0)
    }
}

/// Where the body of an answer begins, and its length; `None` while its head is not all there. All must be well.
fn head_of(answer: &[u8]) -> Result<Option<(usize, usize)>> {
    let Some(head) = Head::parse(answer)? else { return Ok(None) };
    ensure!(head.is_well(), "not an answer that all is well: {}", String::from_utf8_lossy(answer));
    Ok(Some((head.body_at, head.body_bytes)))
}
