//! Blocks of a zstd stream: of one frame, which never ends.
//!
//! Format: RFC 8878.

use std::io;

use bytes::{BufMut, Bytes, BytesMut};
use zstd::stream::raw::{CParameter, Encoder, InBuffer, Operation, OutBuffer};

/// How far back in a stream one may refer, as a power of two: 128 KiB. What clients keep for it.
const WINDOW_LOG: u8 = 17;

/// What a stream begins with: a frame of unknown length, without a checksum, with this window.
pub(super) const HEADER: [u8; 6] = [0x28, 0xb5, 0x2f, 0xfd, 0, (WINDOW_LOG - 10) << 3];

/// A block after which any reader is as at the beginning of a frame.
///
/// A compressor names the last three distances by a number each; at the beginning they are 1, 4 and 8. So this block uses
/// the distances 8, 4 and 1: three matches of three bytes, each after eight literals, all of them spaces, which may stand
/// between two tokens of JSON. In it are, by RFC 8878: the block's header; 24 literals that are one byte, repeated; three
/// sequences, whose lengths have one code each, and whose distances the predefined codes; and their bits.
const RESET: [u8; 12] = [0x4c, 0, 0, 0xc1, b' ', 3, 0x44, 8, 0, 0xb8, 0xdd, 0x4a];

/// What readers make of [`RESET`].
pub(super) const SPACES: [u8; 33] = [b' '; 33];

/// Bytes of output that are taken at once.
const ROOM: usize = 4 * 1024;

/// Adds a raw block, that is of `bytes` as they are.
pub(super) fn put_stored(stream: &mut BytesMut, bytes: &[u8]) {
    const RAW: u64 = 0;
    stream.put_uint_le((bytes.len() as u64) << 3 | RAW, 3);
    stream.put_slice(bytes);
}

/// `bytes`, compressed, after [`RESET`].
pub(super) fn pack(known: &[u8], bytes: &[u8]) -> Bytes {
    try_pack(known, bytes).expect("there is memory, and a compressor takes any bytes")
}

fn try_pack(known: &[u8], bytes: &[u8]) -> io::Result<Bytes> {
    let mut encoder = if known.is_empty() { Encoder::new(1)? } else { Encoder::with_ref_prefix(1, known)? };
    encoder.set_parameter(CParameter::WindowLog(WINDOW_LOG.into()))?;
    let mut packed = Vec::with_capacity(RESET.len() + bytes.len() / 2 + 64);
    let mut room = [0; ROOM];
    let mut input = InBuffer::around(bytes);
    while input.pos() < bytes.len() {
        let mut output = OutBuffer::around(&mut room[..]);
        encoder.run(&mut input, &mut output)?;
        packed.extend_from_slice(output.as_slice());
    }
    loop {
        let mut output = OutBuffer::around(&mut room[..]);
        let left = encoder.flush(&mut output)?;
        packed.extend_from_slice(output.as_slice());
        if left == 0 {
            break;
        }
    }
    // A frame of its own, which only its header makes one.
    debug_assert!(packed.starts_with(&HEADER[..5]));
    packed.splice(..HEADER.len(), RESET);
    Ok(packed.into())
}
