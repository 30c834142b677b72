//! The way out to one gateway session: what is its own goes before what all share, and is compressed if it asked for that.

use std::cell::RefCell;
use std::fmt::Write;
use std::io;
use std::sync::{Mutex, PoisonError};

use bytes::BytesMut;
use flate2::{Compress, Compression, FlushCompress, Status};
use zstd::stream::raw::{CParameter, Encoder, InBuffer, Operation, OutBuffer};

use super::encoded::Encoded;
use crate::socket::frame;
use crate::socket::outlet::{Outlet, Pace, Piece};

/// How frames are compressed: one stream over the whole connection, flushed after each payload.
/// Source: Discord's documentation, "Transport Compression".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Plain,
    Zlib,
    Zstd,
}

/// Windows of 32 KiB: a session's compressor then takes about a quarter of a mebibyte, not several.
const ZSTD_WINDOW_LOG: u32 = 15;

/// Bytes that are copied together into one write, at most.
const JOINED_BYTES_MAX: usize = 16 * 1024;

thread_local! {
    /// Where they are copied to.
    static JOINED: RefCell<BytesMut> = RefCell::new(BytesMut::new());
}

/// The way out to one session.
pub(crate) struct Way {
    outlet: Outlet,
    compressor: Option<Mutex<Compressor>>,
}

/// What compresses a session's stream.
pub(crate) enum Compressor {
    Zlib(Box<Compress>),
    Zstd(Encoder<'static>),
}

impl Way {
    pub(crate) fn new(outlet: Outlet, transport: Transport) -> io::Result<Self> {
        let compressor = match transport {
            Transport::Plain => None,
            Transport::Zlib => Some(Compressor::Zlib(Box::new(Compress::new(Compression::fast(), true)))),
            Transport::Zstd => {
                let mut encoder = Encoder::new(1)?;
                encoder.set_parameter(CParameter::WindowLog(ZSTD_WINDOW_LOG))?;
                Some(Compressor::Zstd(encoder))
            }
        };
        Ok(Self { outlet, compressor: compressor.map(Mutex::new) })
    }

    pub(crate) fn outlet(&self) -> &Outlet {
        &self.outlet
    }

    /// Sends dispatches, each with its sequence.
    pub(crate) fn push<'a>(&self, dispatches: impl Iterator<Item = (u64, &'a Encoded)> + Clone) -> Pace {
        let Some(compressor) = &self.compressor else { return self.push_plain(&dispatches) };
        let mut compressor = compressor.lock().unwrap_or_else(PoisonError::into_inner);
        let pieces: Vec<Piece> = dispatches
            .filter_map(|(sequence, encoded)| {
                compressed(&mut compressor, &own_part(sequence, encoded), &encoded.after)
            })
            .collect();
        self.outlet.push_all(&pieces)
    }

    /// What is short is copied together: one plain write costs the kernel less than a gathering one, and mostly the socket
    /// takes it all. What it does not take waits in pieces, of which the long ones are shared with others.
    fn push_plain<'a>(&self, dispatches: &(impl Iterator<Item = (u64, &'a Encoded)> + Clone)) -> Pace {
        let pieces = || dispatches.clone().map(plain).collect::<Vec<_>>();
        let bytes: usize = dispatches.clone().map(|(sequence, encoded)| length(sequence, encoded)).sum();
        if bytes > JOINED_BYTES_MAX {
            return self.outlet.push_all(&pieces());
        }
        JOINED.with_borrow_mut(|joined| {
            joined.clear();
            for (sequence, encoded) in dispatches.clone() {
                frame::put_head(joined, length(sequence, encoded), false);
                put_own_part(joined, sequence, encoded);
                joined.extend_from_slice(&encoded.after);
            }
            self.outlet.push_joined(joined, pieces)
        })
    }

    /// Sends one payload that is the session's own.
    pub(crate) fn say(&self, payload: &str) -> Pace {
        match &self.compressor {
            None => self.outlet.push(&frame::text(payload)),
            Some(compressor) => {
                let mut compressor = compressor.lock().unwrap_or_else(PoisonError::into_inner);
                let piece = compressed(&mut compressor, payload.as_bytes(), &[]);
                self.outlet.push_all(piece.as_slice())
            }
        }
    }
}

/// Bytes of a dispatch with its sequence.
fn length(sequence: u64, encoded: &Encoded) -> usize {
    let digits = sequence.checked_ilog10().unwrap_or_default() as usize + 1;
    encoded.before.len() + digits + encoded.after.len()
}

/// Adds what is the session's own of a dispatch: all up to its sequence.
fn put_own_part(bytes: &mut BytesMut, sequence: u64, encoded: &Encoded) {
    bytes.extend_from_slice(&encoded.before);
    bytes.write_fmt(format_args!("{sequence}")).expect("a buffer takes any text");
}

fn own_part(sequence: u64, encoded: &Encoded) -> BytesMut {
    let mut bytes = BytesMut::with_capacity(encoded.before.len() + 20);
    put_own_part(&mut bytes, sequence, encoded);
    bytes
}

fn plain((sequence, encoded): (u64, &Encoded)) -> Piece {
    let mut head = BytesMut::new();
    frame::put_head(&mut head, length(sequence, encoded), false);
    put_own_part(&mut head, sequence, encoded);
    [head.freeze(), encoded.after.clone()]
}

/// The payload, compressed; nothing, if the compressor is broken, after which the client finds its stream broken, too.
pub(crate) fn compressed(compressor: &mut Compressor, own: &[u8], shared: &[u8]) -> Option<Piece> {
    let mut packed = Vec::with_capacity(own.len().midpoint(shared.len()) + 64);
    compressor.add(own, shared.is_empty(), &mut packed).ok()?;
    if !shared.is_empty() {
        compressor.add(shared, true, &mut packed).ok()?;
    }
    let mut head = BytesMut::new();
    frame::put_head(&mut head, packed.len(), true);
    Some([head.freeze(), packed.into()])
}

impl Compressor {
    /// Adds `bytes` to the stream, and sees them all out if they are the last of a payload.
    fn add(&mut self, bytes: &[u8], is_last: bool, packed: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Zlib(zlib) => deflate(zlib, bytes, is_last, packed),
            Self::Zstd(zstd) => squeeze(zstd, bytes, is_last, packed),
        }
    }
}

fn deflate(zlib: &mut Compress, mut bytes: &[u8], is_last: bool, packed: &mut Vec<u8>) -> io::Result<()> {
    let flush = if is_last { FlushCompress::Sync } else { FlushCompress::None };
    loop {
        packed.reserve(bytes.len() / 2 + 64);
        let before = zlib.total_in();
        let status = zlib.compress_vec(bytes, packed, flush).map_err(io::Error::other)?;
        let taken = usize::try_from(zlib.total_in() - before).unwrap_or(bytes.len());
        bytes = &bytes[taken..];
        // With room left in the output, all that was asked for is done.
        if bytes.is_empty() && (packed.len() < packed.capacity() || status == Status::BufError) {
            return Ok(());
        }
    }
}

fn squeeze(zstd: &mut Encoder<'_>, bytes: &[u8], is_last: bool, packed: &mut Vec<u8>) -> io::Result<()> {
    let mut room = vec![0; bytes.len() + 512];
    let mut input = InBuffer::around(bytes);
    while input.pos() < bytes.len() {
        let mut output = OutBuffer::around(&mut room);
        zstd.run(&mut input, &mut output)?;
        packed.extend_from_slice(output.as_slice());
    }
    let mut left = usize::from(is_last);
    while left > 0 {
        let mut output = OutBuffer::around(&mut room);
        left = zstd.flush(&mut output)?;
        packed.extend_from_slice(output.as_slice());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn payloads() -> Vec<(Vec<u8>, Vec<u8>)> {
        let long: String =
            (0..20_000).map(|nth| char::from(b'a' + u8::try_from(nth * nth % 26).unwrap())).collect();
        vec![
            ("{\"s\":1}".into(), Vec::new()),
            ("{\"s\":2,\"d\":".into(), (long + "}").into()),
            ("{\"s\":3,\"d\":".into(), b"{}}".into()),
        ]
    }

    fn whole() -> Vec<u8> {
        payloads().iter().flat_map(|(own, shared)| [own.clone(), shared.clone()].concat()).collect()
    }

    #[test]
    fn a_zlib_stream_ends_each_payload_with_the_marker_that_clients_wait_for() {
        let mut compressor = Compressor::Zlib(Box::new(Compress::new(Compression::fast(), true)));
        let mut stream = Vec::new();
        for payload in payloads() {
            let [_, packed] = compressed(&mut compressor, &payload.0, &payload.1).unwrap();
            assert!(packed.ends_with(&[0, 0, 0xff, 0xff]));
            stream.extend_from_slice(&packed);
        }
        let mut out = vec![0; whole().len()];
        flate2::read::ZlibDecoder::new(&stream[..]).read_exact(&mut out).unwrap();
        assert!(out == whole(), "the bytes differ");
    }

    #[test]
    fn each_zstd_payload_can_be_read_when_it_comes() {
        let mut compressor = Compressor::Zstd(Encoder::new(1).unwrap());
        let mut decoder = zstd::stream::raw::Decoder::new().unwrap();
        for payload in payloads() {
            let [_, packed] = compressed(&mut compressor, &payload.0, &payload.1).unwrap();
            let mut out = vec![0; 30_000];
            let mut output = OutBuffer::around(&mut out);
            decoder.run(&mut InBuffer::around(&packed), &mut output).unwrap();
            assert!(output.as_slice() == [&payload.0[..], &payload.1].concat(), "the bytes differ");
        }
    }
}
