//! The floors: the least that a program could do to bring one message to everyone. They store nothing.
//!
//! Both put the same number of bytes on the wire as our server does for a message, and differ in when they write:
//! - the *one-write floor* writes each message to each socket as soon as it has read it, with one call each;
//! - the *gathering floor* reads all that is ready, appends each message to what waits for everyone, and writes what
//!   waits to each socket with one call. Since the same waits for all, there is one copy of it.
//!
//! Neither allocates anything for a message, once its buffers have grown.

mod outgoing;

use std::mem;
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Result, bail, ensure};
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::net::{self, AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, sockopt};
use rustix::process::{Signal, set_parent_process_death_signal};

use crate::inbox::{Inbox, Piece};
use crate::websocket::{Frame, Opcode, UPGRADED, server_text};
use outgoing::Outgoing;

/// Connections that may wait to be accepted.
const BACKLOG: i32 = 4_096;
/// Sockets that one look tells of, at most.
const READY_MAX: usize = 1_024;
/// Bytes of one read, at most.
const READ_BYTES_MAX: usize = 64 * 1024;
/// The number of the listening socket among the sockets that are looked at.
const LISTENER: u64 = u64::MAX;

/// A floor that is running.
struct Floor {
    gather: bool,
    epoll: OwnedFd,
    listener: OwnedFd,
    ready: Vec<epoll::Event>,
    buffer: Vec<u8>,
    /// All who are connected, by the number under which their socket is looked at; none where one has gone.
    guests: Vec<Option<Guest>>,
    outgoing: Outgoing,
    /// What waits to be written to all who joined. Only the gathering floor uses it.
    waiting: Vec<u8>,
}

/// One connection.
#[derive(Debug)]
struct Guest {
    socket: OwnedFd,
    inbox: Inbox,
    joined: bool,
}

/// Serves at `port` of this machine until the process is ended: by its parent, or together with it.
/// Each message takes `frame_bytes`, or as many as one of the lobby.
pub fn serve(port: u16, gather: bool, frame_bytes: Option<usize>) -> Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    let mut floor = Floor::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), gather, frame_bytes)?;
    loop {
        floor.turn()?;
    }
}

impl Floor {
    /// A floor that listens at `address`.
    fn listen(address: SocketAddr, gather: bool, frame_bytes: Option<usize>) -> Result<Self> {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let listener = net::socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)?;
        sockopt::set_socket_reuseaddr(&listener, true)?;
        net::bind(&listener, &address)?;
        net::listen(&listener, BACKLOG)?;
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        epoll::add(&epoll, &listener, EventData::new_u64(LISTENER), EventFlags::IN)?;
        Ok(Self {
            gather,
            epoll,
            listener,
            ready: Vec::with_capacity(READY_MAX),
            buffer: vec![0; READ_BYTES_MAX],
            guests: Vec::new(),
            outgoing: Outgoing::new(frame_bytes.unwrap_or_default()),
            waiting: Vec::new(),
        })
    }

    /// Waits until something is ready, reads it, and writes what follows.
    fn turn(&mut self) -> Result<()> {
        let mut ready = mem::take(&mut self.ready);
        match epoll::wait(&self.epoll, spare_capacity(&mut ready), None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        for event in ready.drain(..) {
            match event.data.u64() {
                LISTENER => self.accept()?,
                guest => self.read(usize::try_from(guest)?)?,
            }
        }
        self.ready = ready;
        self.flush()
    }

    /// Lets one in.
    fn accept(&mut self) -> Result<()> {
        let socket = match net::accept_with(&self.listener, SocketFlags::NONBLOCK | SocketFlags::CLOEXEC) {
            Err(Errno::AGAIN) => return Ok(()),
            socket => socket?,
        };
        sockopt::set_tcp_nodelay(&socket, true)?;
        let number = EventData::new_u64(self.guests.len() as u64);
        epoll::add(&self.epoll, &socket, number, EventFlags::IN | EventFlags::ET)?;
        self.guests.push(Some(Guest { socket, inbox: Inbox::default(), joined: false }));
        Ok(())
    }

    /// Reads once from the guest of this `number`: what the load sends is never more than one read.
    fn read(&mut self, number: usize) -> Result<()> {
        let Some(guest) = &mut self.guests[number] else { return Ok(()) };
        let bytes = match net::recv(&guest.socket, self.buffer.as_mut_slice(), RecvFlags::empty()) {
            Err(Errno::AGAIN) => return Ok(()),
            Ok((0, _)) | Err(Errno::CONNRESET) => {
                self.guests[number] = None;
                return Ok(());
            }
            read => read?.1,
        };
        // Both go back to their places: what comes in is handled with all of the floor at hand.
        let (mut inbox, buffer) = (mem::take(&mut guest.inbox), mem::take(&mut self.buffer));
        inbox.feed(&buffer[..bytes], |piece| self.take(piece, number))?;
        self.buffer = buffer;
        if let Some(guest) = &mut self.guests[number] {
            guest.inbox = inbox;
        }
        Ok(())
    }

    /// Does what `piece`, from the guest of this `number`, asks for.
    fn take(&mut self, piece: Piece<'_>, number: usize) -> Result<()> {
        match piece {
            Piece::Head(_) => answer(&self.guests, number, UPGRADED),
            Piece::Frame(Frame { opcode: Opcode::Text, mask: Some(mask), payload }) => {
                match self.outgoing.splice(mask, payload) {
                    Some(message) if self.gather => self.waiting.extend_from_slice(message),
                    Some(message) => write(&self.guests, message)?,
                    None => join(&mut self.guests, number)?,
                }
                Ok(())
            }
            Piece::Frame(frame) => bail!("the load never sends {frame:?}"),
        }
    }

    /// Writes what waits, if anything does.
    fn flush(&mut self) -> Result<()> {
        if !self.waiting.is_empty() {
            write(&self.guests, &self.waiting)?;
            self.waiting.clear();
        }
        Ok(())
    }
}

/// Lets the guest of this `number` into the room, and sends the history, which is empty.
fn join(guests: &mut [Option<Guest>], number: usize) -> Result<()> {
    answer(guests, number, &server_text(r#"{"type":"history","messages":[]}"#))?;
    if let Some(guest) = &mut guests[number] {
        guest.joined = true;
    }
    Ok(())
}

/// Sends `bytes` to the guest of this `number` alone.
fn answer(guests: &[Option<Guest>], number: usize, bytes: &[u8]) -> Result<()> {
    guests[number].as_ref().map_or(Ok(()), |guest| send(&guest.socket, bytes))
}

/// Writes `bytes` to each who joined.
fn write(guests: &[Option<Guest>], bytes: &[u8]) -> Result<()> {
    guests.iter().flatten().filter(|guest| guest.joined).try_for_each(|guest| send(&guest.socket, bytes))
}

/// Writes `bytes` in one call. The load keeps so little under way that they always fit.
fn send(socket: &OwnedFd, bytes: &[u8]) -> Result<()> {
    match net::send(socket, bytes, SendFlags::NOSIGNAL) {
        // Whoever has gone is noticed by the next read.
        Err(Errno::CONNRESET | Errno::PIPE) => Ok(()),
        sent => {
            ensure!(sent? == bytes.len(), "the load has stopped reading");
            Ok(())
        }
    }
}
