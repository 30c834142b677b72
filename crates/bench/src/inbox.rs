//! What arrives on one connection, cut into whole pieces.

use anyhow::{Result, ensure};

use crate::protocol::Protocol;
use crate::websocket::{Frame, WebSocket};

/// Bytes of one piece, at most. A history of 100 messages of ours takes about 18 KiB; this leaves room for any.
const PIECE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// One whole piece of what arrived.
#[derive(Debug, Clone, Copy)]
pub enum Piece<'a> {
    /// The head of the HTTP request or answer that comes before all frames.
    Head(&'a [u8]),
    /// A WebSocket frame, or what comes closest to one in another protocol.
    Frame(Frame<'a>),
}

/// The state of one connection's reading: how far it is, and the start of a piece that is not all there.
#[derive(Debug)]
pub struct Inbox {
    /// How it is cut.
    protocol: &'static dyn Protocol,
    /// The bytes of a piece that is not all there yet; mostly empty, since servers write whole frames.
    partial: Vec<u8>,
}

impl Default for Inbox {
    fn default() -> Self {
        Self::new(&WebSocket)
    }
}

impl Inbox {
    /// An inbox to which nothing has come.
    pub fn new(protocol: &'static dyn Protocol) -> Self {
        Self { protocol, partial: Vec::new() }
    }

    /// Takes `bytes` as they came from the socket, and hands each whole piece to `each`.
    pub fn feed(&mut self, bytes: &[u8], mut each: impl FnMut(Piece<'_>) -> Result<()>) -> Result<()> {
        if self.partial.is_empty() {
            let rest = walk(self.protocol, bytes, &mut each)?;
            self.partial.extend_from_slice(rest);
        } else {
            self.partial.extend_from_slice(bytes);
            let rest_bytes = walk(self.protocol, &self.partial, &mut each)?.len();
            self.partial.drain(..self.partial.len() - rest_bytes);
        }
        ensure!(self.partial.len() <= PIECE_BYTES_MAX, "a piece of more than {PIECE_BYTES_MAX} bytes");
        Ok(())
    }
}

/// Hands each whole piece in `bytes` to `each`; returns what is left.
fn walk<'a>(
    protocol: &dyn Protocol,
    mut bytes: &'a [u8],
    each: &mut impl FnMut(Piece<'_>) -> Result<()>,
) -> Result<&'a [u8]> {
    while let Some((piece, rest)) = protocol.split(bytes)? {
        each(piece)?;
        bytes = rest;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::websocket::{UPGRADED, server_text};

    /// What an inbox makes of `stream` when it comes in reads of `read_bytes`.
    fn pieces(stream: &[u8], read_bytes: usize) -> Vec<String> {
        let mut inbox = Inbox::default();
        let mut pieces = Vec::new();
        for bytes in stream.chunks(read_bytes) {
            let each = |piece: Piece<'_>| {
                pieces.push(match piece {
                    Piece::Head(_) => "head".to_owned(),
                    Piece::Frame(frame) => String::from_utf8_lossy(frame.payload).into_owned(),
                });
                Ok(())
            };
            inbox.feed(bytes, each).unwrap();
        }
        assert!(inbox.partial.is_empty());
        pieces
    }

    #[test]
    fn pieces_are_the_same_however_the_reads_cut_them() {
        let long = "y".repeat(300);
        let stream = [UPGRADED, &server_text("one"), &server_text(&long), &server_text("")].concat();
        for read_bytes in 1..=stream.len() {
            assert_eq!(pieces(&stream, read_bytes), ["head", "one", &long, ""], "reads of {read_bytes}");
        }
    }
}
