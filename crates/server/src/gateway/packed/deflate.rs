//! Blocks of a zlib stream. The checksum that ends it never comes, since it ends with the connection.
//!
//! Formats: RFC 1950 (zlib), RFC 1951 (deflate).

use std::cell::RefCell;

use bytes::{BufMut, Bytes, BytesMut};
use flate2::{Compress, Compression, FlushCompress, Status};

/// What a zlib stream begins with: it is deflated, in a window of 32 KiB.
pub(super) const HEADER: [u8; 2] = [0x78, 0x9c];

/// A stored block of no bytes. Its last four are what clients know the end of a payload by.
pub(super) const NOTHING: [u8; 5] = [0, 0, 0, 0xff, 0xff];

thread_local! {
    static DEFLATER: RefCell<Compress> = RefCell::new(Compress::new(Compression::default(), false));
}

/// Adds a stored block, that is of `bytes` as they are.
pub(super) fn put_stored(stream: &mut BytesMut, bytes: &[u8]) {
    let length = u16::try_from(bytes.len()).expect("what is a session's own is short");
    stream.put_u8(0);
    stream.put_u16_le(length);
    stream.put_u16_le(!length);
    stream.put_slice(bytes);
}

/// `bytes`, deflated; the last block is [`NOTHING`], as far as it begins at a whole byte.
pub(super) fn pack(known: &[u8], bytes: &[u8]) -> Bytes {
    DEFLATER.with_borrow_mut(|compress| {
        compress.reset();
        if !known.is_empty() {
            compress.set_dictionary(known).expect("nothing was deflated yet");
        }
        let mut packed = Vec::new();
        let mut rest = bytes;
        loop {
            packed.reserve(rest.len() / 2 + 64);
            let before = compress.total_in();
            let status = compress.compress_vec(rest, &mut packed, FlushCompress::Sync);
            let status = status.expect("what is deflated has not ended");
            let taken = usize::try_from(compress.total_in() - before).unwrap_or(rest.len());
            rest = &rest[taken..];
            // With room left in the output, all that was asked for is done.
            if rest.is_empty() && (packed.len() < packed.capacity() || status == Status::BufError) {
                return packed.into();
            }
        }
    })
}
