//! A connection that is given up when its client takes nothing for too long, so that nobody holds answers by not reading.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use decentra_model::limits::RESPONSE_TIMEOUT;
use hyper::rt::{Sleep, Timer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::clock::Clock;
use crate::socket::stream::Stream;

/// A connection, and the patience with it.
pub(crate) struct Patient {
    stream: Stream,
    clock: Clock,
    /// When it is over; none, as long as the client takes what it is sent.
    end: Option<Pin<Box<dyn Sleep>>>,
}

impl Patient {
    pub(crate) fn new(stream: Stream, clock: Clock) -> Self {
        Self { stream, clock, end: None }
    }

    /// The connection, for who has a patience of their own.
    pub(crate) fn into_inner(self) -> Stream {
        self.stream
    }

    /// What came of writing, unless the client has taken nothing for too long.
    fn judge<T>(&mut self, context: &mut Context<'_>, came: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if came.is_ready() {
            self.end = None;
            return came;
        }
        let end = self.end.get_or_insert_with(|| Timer::sleep(&self.clock, RESPONSE_TIMEOUT));
        end.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let came = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(context, came)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let came = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.judge(context, came)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
