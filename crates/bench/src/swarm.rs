//! Many connections, held by one thread that spins.

use std::io::{self, ErrorKind};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};
use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::net::sockopt::set_socket_recv_buffer_size;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketType, recv, send, socket};

use crate::inbox::{Inbox, Piece};
use crate::protocol::Protocol;
use crate::websocket::{Frame, Opcode, WebSocket, upgrade};

/// Bytes of one read, at most. Shared by all connections, so that ten thousand of them cost little.
const READ_BYTES_MAX: usize = 256 * 1024;

/// Connections that one look at the sockets tells of, at most.
///
/// Few, so that the load comes back soon to what else is due: sending the next message on time.
const READY_MAX: usize = 64;

/// What a look at the sockets waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Nothing. The load spins, since waking a sleeper would cost the server under test, not the load.
    Spin,
    /// Until something arrives, or until this time is over. For what is not measured.
    Sleep(Duration),
}

/// How reading from a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Nothing more is there yet.
    Drained,
    /// The server ended the connection.
    Ended,
}

/// The connections, numbered from 0 in the order in which they were made.
pub struct Swarm {
    epoll: OwnedFd,
    ready: Vec<epoll::Event>,
    connections: Vec<Connection>,
    buffer: Vec<u8>,
    /// Bytes that the kernel keeps for each, unless it is to choose.
    receive_bytes: Option<usize>,
}

/// One connection.
#[derive(Debug)]
struct Connection {
    socket: TcpStream,
    protocol: &'static dyn Protocol,
    inbox: Inbox,
}

impl Swarm {
    /// A swarm without connections.
    pub fn new() -> Result<Self> {
        Ok(Self {
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            ready: Vec::with_capacity(READY_MAX),
            connections: Vec::new(),
            buffer: vec![0; READ_BYTES_MAX],
            receive_bytes: None,
        })
    }

    /// A swarm without connections, for each of which the kernel will keep about so many bytes that are not read.
    pub fn keeping(receive_bytes: usize) -> Result<Self> {
        Ok(Self { receive_bytes: Some(receive_bytes), ..Self::new()? })
    }

    /// How many connections there are.
    pub fn connections(&self) -> usize {
        self.connections.len()
    }

    /// Makes one more connection, and asks for the upgrade at `path`. What comes back is for [`Swarm::read`].
    pub fn connect(&mut self, address: SocketAddr, path: &str) -> Result<()> {
        self.connect_by(&WebSocket, address, upgrade(path).as_bytes())
    }

    /// Makes one more connection, by `protocol`, and sends `hello`.
    pub fn connect_by(
        &mut self,
        protocol: &'static dyn Protocol,
        address: SocketAddr,
        hello: &[u8],
    ) -> Result<()> {
        let connection = self.open(self.connections.len(), protocol, address)?;
        self.connections.push(connection);
        self.send(self.connections.len() - 1, hello)
    }

    /// Makes `connection` anew, and asks for the upgrade at `path`.
    pub fn connect_again(&mut self, connection: usize, address: SocketAddr, path: &str) -> Result<()> {
        self.connections[connection] = self.open(connection, &WebSocket, address)?;
        self.send(connection, upgrade(path).as_bytes())
    }

    fn open(
        &self,
        number: usize,
        protocol: &'static dyn Protocol,
        address: SocketAddr,
    ) -> Result<Connection> {
        let socket =
            connect(address, self.receive_bytes).with_context(|| format!("no connection to {address}"))?;
        socket.set_nonblocking(true)?;
        socket.set_nodelay(true)?;
        let data = epoll::EventData::new_u64(number as u64);
        epoll::add(&self.epoll, &socket, data, epoll::EventFlags::IN | epoll::EventFlags::ET)?;
        Ok(Connection { socket, protocol, inbox: Inbox::new(protocol) })
    }

    /// Looks which connections have something to read; returns how many: [`Swarm::ready`] tells which.
    pub fn poll(&mut self, wait: Wait) -> Result<usize> {
        let timeout = match wait {
            Wait::Spin => Timespec::default(),
            Wait::Sleep(time) => Timespec::try_from(time)?,
        };
        self.ready.clear();
        match epoll::wait(&self.epoll, spare_capacity(&mut self.ready), Some(&timeout)) {
            Err(Errno::INTR) => Ok(0),
            ready => Ok(ready?),
        }
    }

    /// The connections to read from, after waiting as `wait` says: those that have something to read; or all, if the
    /// server `is_ending`, since an end that came together with the last bytes is seen only by reading once more.
    pub fn to_read(&mut self, wait: Wait, is_ending: bool) -> Result<Vec<usize>> {
        let ready = self.poll(wait)?;
        let connections = if is_ending { self.connections.len() } else { ready };
        Ok((0..connections).map(|nth| if is_ending { nth } else { self.ready(nth) }).collect())
    }

    /// The number of the connection in the `nth` place of the last [`Swarm::poll`].
    pub fn ready(&self, nth: usize) -> usize {
        usize::try_from(self.ready[nth].data.u64()).expect("a number that `connect` gave")
    }

    /// Reads all that is there on `connection`, and hands each whole piece to `each`. Pings are answered here.
    pub fn read(
        &mut self,
        connection: usize,
        mut each: impl FnMut(Piece<'_>) -> Result<()>,
    ) -> Result<Reading> {
        loop {
            match self.sip(connection, READ_BYTES_MAX, &mut each)? {
                // The sockets are edge-triggered: a read that did not fill the buffer took all, and more would be news.
                Some(bytes) if bytes < READ_BYTES_MAX => return Ok(Reading::Drained),
                Some(_) => {}
                None => return Ok(Reading::Ended),
            }
        }
    }

    /// Reads once, at most so many bytes; how many they were, or `None` if the server ended the connection.
    pub fn sip(
        &mut self,
        connection: usize,
        bytes_max: usize,
        mut each: impl FnMut(Piece<'_>) -> Result<()>,
    ) -> Result<Option<usize>> {
        let Connection { socket, protocol, inbox } = &mut self.connections[connection];
        let bytes = match recv(&*socket, &mut self.buffer[..bytes_max], RecvFlags::empty()) {
            Ok((0, _)) | Err(Errno::CONNRESET) => return Ok(None),
            Ok((bytes, _)) => bytes,
            Err(Errno::AGAIN) => return Ok(Some(0)),
            Err(error) => return Err(error.into()),
        };
        inbox.feed(&self.buffer[..bytes], |piece| match piece {
            Piece::Frame(Frame { opcode: Opcode::Ping, payload, .. }) => {
                let mut answer = Vec::new();
                protocol.put_pong(payload, &mut answer);
                send_all(socket, &answer)
            }
            piece => each(piece),
        })?;
        Ok(Some(bytes))
    }

    /// Ends `connection`, as a client does that is done.
    pub fn end(&self, connection: usize) -> Result<()> {
        match self.connections[connection].socket.shutdown(Shutdown::Both) {
            Err(error) if error.kind() != ErrorKind::NotConnected => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Sends `bytes` on `connection`. Little is ever under way, so a server that reads always leaves room.
    pub fn send(&self, connection: usize, bytes: &[u8]) -> Result<()> {
        send_all(&self.connections[connection].socket, bytes)
    }
}

/// A connection for which the kernel keeps about `receive_bytes` that are not read, if it is not to choose.
fn connect(address: SocketAddr, receive_bytes: Option<usize>) -> io::Result<TcpStream> {
    let Some(bytes) = receive_bytes else { return TcpStream::connect(address) };
    let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    let socket = socket(family, SocketType::STREAM, None)?;
    // Before it connects: later, it would have promised the other end more.
    set_socket_recv_buffer_size(&socket, bytes)?;
    rustix::net::connect(&socket, &address)?;
    Ok(socket.into())
}

/// Sends `bytes` in one call.
fn send_all(socket: &TcpStream, bytes: &[u8]) -> Result<()> {
    let sent = send(socket, bytes, SendFlags::NOSIGNAL).context("sending to the server")?;
    ensure!(sent == bytes.len(), "the server has stopped reading");
    Ok(())
}
