//! Where connections come in.

use std::io;
use std::net::SocketAddr;

use decentra_model::limits::UNSENT_BYTES_MAX;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::mpsc;

use super::stream::{Pipe, Stream};

/// Connections that wait to be taken, at most; the kernel caps it at `net.core.somaxconn`.
const ACCEPT_QUEUE: u32 = 4_096;

/// Where connections come in: a port of the operating system, or what a simulation puts in its place.
#[derive(Debug)]
pub enum Port {
    /// A TCP port.
    Tcp(TcpListener),
    /// A simulated one: its address, and who connects to it from where.
    Simulated(SocketAddr, mpsc::Receiver<(Box<dyn Pipe>, SocketAddr)>),
}

impl Port {
    /// Listens on `address`.
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // Without it, a restarted server would wait for the last connections of the one before to be forgotten.
        socket.set_reuseaddr(true)?;
        // Those that it takes have this, too. Where it cannot be set, the kernel holds more.
        let _ = SockRef::from(&socket).set_tcp_notsent_lowat(UNSENT_BYTES_MAX);
        socket.bind(address)?;
        Ok(Self::Tcp(socket.listen(ACCEPT_QUEUE)?))
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Tcp(listener) => listener.local_addr(),
            Self::Simulated(address, _) => Ok(*address),
        }
    }

    /// The next connection, and where it comes from.
    pub(crate) async fn accept(&mut self) -> io::Result<(Stream, SocketAddr)> {
        match self {
            Self::Tcp(listener) => listener.accept().await.map(|(stream, peer)| (Stream::Tcp(stream), peer)),
            Self::Simulated(_, arriving) => match arriving.recv().await {
                Some((pipe, peer)) => Ok((Stream::Simulated(pipe), peer)),
                // Nobody can come any more.
                None => std::future::pending().await,
            },
        }
    }
}
