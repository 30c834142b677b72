//! The socket beneath a connection: TCP, or what a simulation puts in its place.

use std::io::{self, IoSlice};
use std::net::Shutdown;
use std::pin::Pin;
use std::task::{Context, Poll};

use rustix::net::SendFlags;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A stream of bytes both ways, with what the server asks of one.
///
/// An enum, so that a write to TCP costs one branch more than without it.
#[derive(Debug)]
pub enum Stream {
    /// A connection of the operating system.
    Tcp(TcpStream),
    /// A simulated one.
    Simulated(Box<dyn Pipe>),
}

/// One end of a simulated connection. It behaves as a TCP socket does: what is not ready gives
/// [`io::ErrorKind::WouldBlock`], and reading gives 0 bytes when the other end has ended.
///
/// One task at a time waits for each direction.
pub trait Pipe: std::fmt::Debug + Send + Sync {
    /// Takes bytes that have come.
    fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Sends as many of the bytes as there is room for.
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize>;

    /// Ready when there is something to read, be it the end.
    fn poll_readable(&self, context: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Ready when there is room for something to be written, or writing fails.
    fn poll_writable(&self, context: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Sends the end after all that was written.
    fn end(&self) -> io::Result<()>;
}

impl Stream {
    pub(crate) async fn readable(&self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.readable().await,
            Self::Simulated(pipe) => std::future::poll_fn(|context| pipe.poll_readable(context)).await,
        }
    }

    pub(crate) async fn writable(&self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.writable().await,
            Self::Simulated(pipe) => std::future::poll_fn(|context| pipe.poll_writable(context)).await,
        }
    }

    pub(crate) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.try_read(buffer),
            Self::Simulated(pipe) => pipe.try_read(buffer),
        }
    }

    pub(crate) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => send(stream, bytes),
            Self::Simulated(pipe) => pipe.try_write(bytes),
        }
    }

    pub(crate) fn try_write_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.try_write_vectored(slices),
            Self::Simulated(pipe) => pipe.try_write(&joined(slices)),
        }
    }

    /// Sends the end after all that was written.
    pub(crate) fn end(&self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => SockRef::from(stream).shutdown(Shutdown::Write),
            Self::Simulated(pipe) => pipe.end(),
        }
    }
}

/// For hyper, which serves on it until it is upgraded.
impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let pipe = match self.get_mut() {
            Self::Tcp(stream) => return Pin::new(stream).poll_read(context, buffer),
            Self::Simulated(pipe) => pipe,
        };
        when_ready(|| pipe.try_read(buffer.initialize_unfilled()), || pipe.poll_readable(context))
            .map_ok(|count| buffer.advance(count))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Simulated(pipe) => when_ready(|| pipe.try_write(bytes), || pipe.poll_writable(context)),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write_vectored(context, slices),
            Self::Simulated(pipe) => {
                when_ready(|| pipe.try_write(&joined(slices)), || pipe.poll_writable(context))
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp(stream) => stream.is_write_vectored(),
            Self::Simulated(_) => true,
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(context),
            Self::Simulated(_) => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Simulated(pipe) => Poll::Ready(pipe.end()),
        }
    }
}

/// Sends without asking the runtime first whether the socket takes anything, which costs more memory to look at than it
/// saves: mostly it does. If it does not, whoever waits with [`Stream::writable`] and tries again by
/// [`Stream::try_write_vectored`] tells the runtime so.
fn send(stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
    Ok(rustix::net::send(stream, bytes, SendFlags::DONTWAIT | SendFlags::NOSIGNAL)?)
}

/// What `attempt` gives, once `ready` says that it gives something.
fn when_ready(
    mut attempt: impl FnMut() -> io::Result<usize>,
    mut ready: impl FnMut() -> Poll<io::Result<()>>,
) -> Poll<io::Result<usize>> {
    loop {
        match attempt() {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                std::task::ready!(ready())?;
            }
            done => return Poll::Ready(done),
        }
    }
}

fn joined(slices: &[IoSlice<'_>]) -> Vec<u8> {
    slices.iter().flat_map(|slice| slice.iter().copied()).collect()
}
