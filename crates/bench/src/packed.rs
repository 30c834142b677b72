//! What comes on one connection of the gateway as a compressed stream.
//!
//! To unpack it costs the load more than to receive it, and would slow down the server that is measured. So frames are
//! kept as they come, and unpacked when the measurement is over: every one of them, on every connection.

use std::io;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use flate2::{Decompress, FlushDecompress, Status};
use zstd::stream::raw::{Decoder, InBuffer, Operation, OutBuffer};

/// Bytes of one payload, unpacked, at most. READY of an account in a hundred guilds takes a tenth of that.
const PAYLOAD_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Bytes by which the room for a payload grows.
const GROWTH_BYTES: usize = 16 * 1024;

/// How a stream is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Zlib, flushed after each payload.
    Zlib,
    /// Zstandard, in the same way.
    Zstd,
}

impl Transport {
    /// Where the gateway is that compresses like this.
    pub fn path(self) -> &'static str {
        match self {
            Self::Zlib => "/?v=10&encoding=json&compress=zlib-stream",
            Self::Zstd => "/?v=10&encoding=json&compress=zstd-stream",
        }
    }
}

/// One stream, and what came of it since it was last unpacked.
pub struct Packed {
    unpacker: Unpacker,
    /// The frames, one after the other.
    kept: Vec<u8>,
    /// For each frame, where it ends among them, and when it came.
    ends: Vec<(usize, Duration)>,
    volume: Volume,
    payload: Vec<u8>,
}

/// How much was ever kept.
#[derive(Debug, Clone, Copy, Default)]
pub struct Volume {
    /// How many frames.
    pub frames: u64,
    /// Their bytes, as they came.
    pub bytes: u64,
}

enum Unpacker {
    Zlib(Box<Decompress>),
    Zstd(Decoder<'static>),
}

impl Packed {
    /// A stream from its beginning.
    pub fn new(transport: Transport) -> io::Result<Self> {
        let unpacker = match transport {
            Transport::Zlib => Unpacker::Zlib(Box::new(Decompress::new(true))),
            Transport::Zstd => Unpacker::Zstd(Decoder::new()?),
        };
        Ok(Self {
            unpacker,
            kept: Vec::new(),
            ends: Vec::new(),
            volume: Volume::default(),
            payload: Vec::new(),
        })
    }

    /// Keeps a frame that came at `now`.
    pub fn keep(&mut self, frame: &[u8], now: Duration) {
        self.kept.extend_from_slice(frame);
        self.ends.push((self.kept.len(), now));
        self.volume.frames += 1;
        self.volume.bytes += frame.len() as u64;
    }

    /// How much was ever kept.
    pub fn volume(&self) -> Volume {
        self.volume
    }

    /// Unpacks what is kept, and hands each payload to `each`, with the time at which it came.
    pub fn unpack(&mut self, mut each: impl FnMut(&[u8], Duration) -> Result<()>) -> Result<()> {
        let mut start = 0;
        for (end, came) in self.ends.drain(..) {
            self.payload.clear();
            self.unpacker.add(&self.kept[start..end], &mut self.payload).context("a compressed stream")?;
            each(&self.payload, came)?;
            start = end;
        }
        self.kept.clear();
        Ok(())
    }
}

impl Unpacker {
    /// Appends to `payload` what `frame` holds. A frame is one whole payload: nothing of it may be left inside.
    fn add(&mut self, mut frame: &[u8], payload: &mut Vec<u8>) -> Result<()> {
        loop {
            payload.reserve(GROWTH_BYTES);
            let taken = match self {
                Self::Zlib(zlib) => inflate(zlib, frame, payload)?,
                Self::Zstd(zstd) => expand(zstd, frame, payload)?,
            };
            frame = &frame[taken..];
            ensure!(payload.len() <= PAYLOAD_BYTES_MAX, "a payload of more than {PAYLOAD_BYTES_MAX} bytes");
            // With room left in the output, all that was in the frame is out.
            if payload.len() < payload.capacity() {
                ensure!(frame.is_empty(), "{} bytes of a frame that cannot be unpacked", frame.len());
                return Ok(());
            }
        }
    }
}

/// Unpacks as much of `frame` as `payload` has room for; how many of its bytes that were.
fn inflate(zlib: &mut Decompress, frame: &[u8], payload: &mut Vec<u8>) -> Result<usize> {
    let before = zlib.total_in();
    let status = zlib.decompress_vec(frame, payload, FlushDecompress::Sync)?;
    ensure!(status != Status::StreamEnd, "the stream ended");
    Ok(usize::try_from(zlib.total_in() - before)?)
}

/// Unpacks as much of `frame` as `payload` has room for; how many of its bytes that were.
fn expand(zstd: &mut Decoder<'static>, frame: &[u8], payload: &mut Vec<u8>) -> Result<usize> {
    let mut from = InBuffer::around(frame);
    let start = payload.len();
    zstd.run(&mut from, &mut OutBuffer::around_pos(payload, start))?;
    Ok(from.pos())
}

#[cfg(test)]
mod tests {
    use flate2::{Compress, Compression, FlushCompress};
    use zstd::stream::raw::Encoder;

    use super::*;

    /// `payloads`, each as a frame of one stream.
    fn frames(transport: Transport, payloads: &[&str]) -> Vec<Vec<u8>> {
        let mut zlib = Compress::new(Compression::fast(), true);
        let mut zstd = Encoder::new(1).unwrap();
        let pack = |payload: &&str| {
            let mut frame = Vec::with_capacity(1 << 20);
            match transport {
                Transport::Zlib => {
                    zlib.compress_vec(payload.as_bytes(), &mut frame, FlushCompress::Sync).unwrap();
                }
                Transport::Zstd => {
                    let mut out = OutBuffer::around(&mut frame);
                    zstd.run(&mut InBuffer::around(payload.as_bytes()), &mut out).unwrap();
                    assert_eq!(zstd.flush(&mut out).unwrap(), 0);
                }
            }
            frame
        };
        payloads.iter().map(pack).collect()
    }

    #[test]
    fn what_was_packed_comes_out_one_payload_for_each_frame() {
        let long: String = (0..20_000).map(|number| number.to_string()).collect();
        let payloads = ["one", &long, "", "one"];
        for transport in [Transport::Zlib, Transport::Zstd] {
            let mut packed = Packed::new(transport).unwrap();
            let mut out = Vec::new();
            for (nth, frame) in frames(transport, &payloads).iter().enumerate() {
                packed.keep(frame, Duration::from_secs(nth as u64));
            }
            let each = |payload: &[u8], came: Duration| {
                out.push((String::from_utf8_lossy(payload).into_owned(), came.as_secs()));
                Ok(())
            };
            packed.unpack(each).unwrap();
            let expected: Vec<_> = payloads.iter().map(ToString::to_string).zip(0..).collect();
            assert_eq!(out, expected, "{transport:?}");
        }
    }

    #[test]
    fn what_is_no_stream_is_found() {
        for transport in [Transport::Zlib, Transport::Zstd] {
            let mut packed = Packed::new(transport).unwrap();
            packed.keep(b"not compressed at all", Duration::ZERO);
            assert!(packed.unpack(|_, _| Ok(())).is_err(), "{transport:?}");
        }
    }
}
