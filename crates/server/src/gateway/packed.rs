//! Compressed streams, whose pieces are made once for all sessions that are told the same.
//!
//! A compressor for each session would take a quarter of a mebibyte, and several times as long as all the rest: most of it
//! to fetch its memory. There is none. What is told leaves in blocks that each end at a whole byte, and such a block of one
//! stream may stand in another, as long as what it refers to stands as far before it there. Ours refer to themselves and to
//! the dispatch just before: that is the same for all who were told the same twice, as most were. What is a session's own, a
//! few digits, stands between them as it is.
//!
//! `deflate` and `squeeze` are what the two formats make of that.

mod deflate;
mod squeeze;

use bytes::{BufMut, Bytes, BytesMut};

use super::encoded::{Encoded, digits};
use crate::socket::frame;
use crate::socket::outlet::Piece;

/// Bytes of a payload of a session's own that is not worth compressing, at most.
const SHORT: usize = 128;

/// Bytes of a dispatch to which the next one refers, at most, since it stays in memory for that.
const REFERRED_BYTES_MAX: usize = 4 * 1024;

/// A byte that stands in none of our payloads, since it is none of JSON: nothing refers to where it stands.
const UNKNOWN: u8 = 0;

/// The format of a stream. One stream is the whole connection, and each payload can be read when it has come.
/// Source: Discord's documentation, "Transport Compression".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codec {
    Zlib,
    Zstd,
}

/// What stands before a dispatch in a session's stream, as far as it matters to how it is compressed: the dispatch before
/// it with the digits of its sequence, if there is one to refer to, and the digits of its own.
pub(super) type Past = Option<((u64, usize), usize)>;

/// The stream of one session.
#[derive(Debug)]
pub(crate) struct Stream {
    codec: Codec,
    has_begun: bool,
    /// The dispatch that was told last, with its sequence, if the next one may refer to it.
    last: Option<(Encoded, u64)>,
}

impl Stream {
    pub(crate) fn new(codec: Codec) -> Self {
        Self { codec, has_begun: false, last: None }
    }

    /// A dispatch with its sequence, as the next payload of the stream.
    pub(crate) fn dispatch(&mut self, sequence: u64, encoded: &Encoded) -> Piece {
        let last = self.last.take();
        let past = last.as_ref().map(|(last, its)| ((last.number(), digits(*its)), digits(sequence)));
        let after = encoded.packed(self.codec, past, |past: Past| {
            let last = last.as_ref().filter(|_| past.is_some());
            self.codec.pack(&self.known(last, sequence, encoded), encoded.after())
        });
        let mut own = BytesMut::new();
        encoded.put_own(&mut own, sequence);
        if encoded.after().len() <= REFERRED_BYTES_MAX {
            self.last = Some((encoded.clone(), sequence));
        }
        [self.head(&own, after.len()), after]
    }

    /// A payload that is the session's own, as the next one of the stream.
    pub(crate) fn payload(&mut self, payload: &[u8]) -> Piece {
        self.last = None;
        if payload.len() <= SHORT {
            let end = self.codec.end();
            return [self.head(payload, end.len()), Bytes::from_static(end)];
        }
        let (own, rest) = payload.split_at(1);
        let packed = self.codec.pack(&[], rest);
        [self.head(own, packed.len()), packed]
    }

    /// What the compressor is to know that stands before the last part of `encoded`: nothing, if there is no dispatch
    /// before it to refer to.
    fn known(&self, last: Option<&(Encoded, u64)>, sequence: u64, encoded: &Encoded) -> Vec<u8> {
        let Some((last, its)) = last else { return Vec::new() };
        let unknown = [UNKNOWN; 20];
        let between = self.codec.between();
        [
            last.before(),
            &unknown[..digits(*its)],
            between,
            last.after(),
            encoded.before(),
            &unknown[..digits(sequence)],
            between,
        ]
        .concat()
    }

    /// The frame's head, and `own` bytes as they are; `rest` more bytes are to come.
    fn head(&mut self, own: &[u8], rest: usize) -> Bytes {
        let mut stored = BytesMut::new();
        if !std::mem::replace(&mut self.has_begun, true) {
            stored.put_slice(self.codec.begin());
        }
        self.codec.put_stored(&mut stored, own);
        let mut head = BytesMut::new();
        frame::put_head(&mut head, stored.len() + rest, true);
        head.put_slice(&stored);
        head.freeze()
    }
}

impl Codec {
    /// What a stream begins with.
    fn begin(self) -> &'static [u8] {
        match self {
            Self::Zlib => &deflate::HEADER,
            Self::Zstd => &squeeze::HEADER,
        }
    }

    /// What a payload ends with that is not compressed.
    fn end(self) -> &'static [u8] {
        match self {
            Self::Zlib => &deflate::NOTHING,
            Self::Zstd => &[],
        }
    }

    /// What clients read between bytes that stand as they are and what follows compressed.
    fn between(self) -> &'static [u8] {
        match self {
            Self::Zlib => &[],
            Self::Zstd => &squeeze::SPACES,
        }
    }

    /// Adds bytes as they are, at most [`u16::MAX`].
    fn put_stored(self, stream: &mut BytesMut, bytes: &[u8]) {
        match self {
            Self::Zlib => deflate::put_stored(stream, bytes),
            Self::Zstd => squeeze::put_stored(stream, bytes),
        }
    }

    /// `bytes`, compressed; they may refer to what is `known` to stand just before them.
    fn pack(self, known: &[u8], bytes: &[u8]) -> Bytes {
        match self {
            Self::Zlib => deflate::pack(known, bytes),
            Self::Zstd => squeeze::pack(known, bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use serde_json::Value;
    use zstd::stream::raw::{Decoder, InBuffer, Operation, OutBuffer};

    use super::*;

    const CODECS: [Codec; 2] = [Codec::Zlib, Codec::Zstd];

    /// What the client reads, payload by payload.
    fn read(codec: Codec, payloads: &[Vec<u8>]) -> Vec<String> {
        let mut zstd = Decoder::new().unwrap();
        let mut zlib = flate2::Decompress::new(true);
        let unpack = |payload: &Vec<u8>| {
            let mut out = vec![0; 300_000];
            let length = match codec {
                Codec::Zlib => {
                    assert!(payload.ends_with(&[0, 0, 0xff, 0xff]));
                    let before = zlib.total_out();
                    zlib.decompress(payload, &mut out, flate2::FlushDecompress::Sync).unwrap();
                    usize::try_from(zlib.total_out() - before).unwrap()
                }
                Codec::Zstd => {
                    let mut input = InBuffer::around(payload);
                    let mut output = OutBuffer::around(&mut out[..]);
                    while input.pos() < payload.len() {
                        zstd.run(&mut input, &mut output).unwrap();
                    }
                    output.pos()
                }
            };
            String::from_utf8(out[..length].to_vec()).unwrap()
        };
        payloads.iter().map(unpack).collect()
    }

    /// The payload in a frame.
    fn payload(piece: &Piece) -> Vec<u8> {
        let frame = piece.concat();
        let head = match frame[1] {
            126 => 4,
            127 => 10,
            _ => 2,
        };
        frame[head..].to_vec()
    }

    fn message(nth: u32) -> Encoded {
        let content = format!(r#"{{"content":"this is number {nth}, aaaaaaaaaaaa","channel":"general"}}"#);
        Encoded::new("MESSAGE_CREATE", content.as_bytes())
    }

    fn plain(sequence: u64, encoded: &Encoded) -> String {
        let mut bytes = BytesMut::new();
        encoded.put_own(&mut bytes, sequence);
        String::from_utf8([&bytes[..], encoded.after()].concat()).unwrap()
    }

    fn json(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn whatever_came_before_each_stream_can_be_read() {
        let long: String = (0..200_000_u32)
            .map(|nth| char::from(b'a' + u8::try_from(nth.wrapping_mul(nth) % 26).unwrap()))
            .collect();
        let (one, two) = (message(1), message(2));
        let three = Encoded::new("LONG", format!(r#""{long}""#).as_bytes());
        let hello = r#"{"op":10}"#;
        let own = format!(r#"{{"op":11,"d":"{}"}}"#, &long[..300]);
        // Other sessions were told the same, with other sequences, and more or less of it.
        let tellings: [&[(u64, &Encoded)]; 5] = [
            &[(8, &one), (9, &two), (10, &one), (11, &three), (12, &two)],
            &[(998, &one), (999, &two), (1_000, &two), (1_001, &one)],
            &[(1, &two), (2, &two), (3, &one)],
            &[(1, &three), (2, &three)],
            &[(98, &one), (99, &two), (100, &one), (101, &two), (102, &one), (103, &two)],
        ];
        for (codec, telling) in CODECS.into_iter().flat_map(|codec| tellings.map(|telling| (codec, telling)))
        {
            let mut stream = Stream::new(codec);
            let mut payloads = vec![payload(&stream.payload(hello.as_bytes()))];
            let mut expected = vec![json(hello)];
            for (sequence, encoded) in telling {
                payloads.push(payload(&stream.dispatch(*sequence, encoded)));
                expected.push(json(&plain(*sequence, encoded)));
                if sequence.is_multiple_of(3) {
                    payloads.push(payload(&stream.payload(own.as_bytes())));
                    expected.push(json(&own));
                }
            }
            let read: Vec<_> = read(codec, &payloads).iter().map(|text| json(text)).collect();
            assert!(read == expected, "the payloads differ");
        }
    }

    #[test]
    fn a_zlib_stream_is_one_as_others_read_it() {
        let mut stream = Stream::new(Codec::Zlib);
        let pieces = [(1, message(1)), (2, message(2))];
        let bytes: Vec<u8> = pieces.iter().flat_map(|(s, one)| payload(&stream.dispatch(*s, one))).collect();
        let expected: String = pieces.iter().map(|(sequence, one)| plain(*sequence, one)).collect();
        let mut out = vec![0; expected.len()];
        flate2::read::ZlibDecoder::new(&bytes[..]).read_exact(&mut out).unwrap();
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }

    #[test]
    fn what_resembles_the_dispatch_before_it_is_short() {
        for codec in CODECS {
            let mut stream = Stream::new(codec);
            stream.dispatch(1, &message(1));
            let [_, after] = stream.dispatch(2, &message(2));
            assert!(after.len() < message(2).after().len() / 2, "{} bytes", after.len());
        }
    }

    #[test]
    fn it_is_compressed_once_for_all_with_the_same_past() {
        for codec in CODECS {
            let (one, two) = (message(1), message(2));
            let pieces = [5, 7].map(|sequence| {
                let mut stream = Stream::new(codec);
                stream.dispatch(sequence, &one);
                stream.dispatch(sequence + 1, &two)
            });
            assert_eq!(pieces[0][1].as_ptr(), pieces[1][1].as_ptr());
        }
    }
}
