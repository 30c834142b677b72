//! WebSocket frames: whatever pieces they come in, the same comes of them, and what tungstenite hears.
#![no_main]

use std::io::{self, Read, Write};

use decentra_core::Incoming;
use decentra_fuzz::memory;
use decentra_server::fuzzing::{Heard, close_frame, heard, text_frame};
use libfuzzer_sys::fuzz_target;
use tungstenite::protocol::{Role, WebSocketConfig};
use tungstenite::{Error, Message, WebSocket};

/// Bytes that a message may have; one of them is taken.
const BYTES_MAX: [usize; 4] = [16, 125, 300, 70_000];

// The first byte chooses how long messages may be, the next three where the rest is cut.
fuzz_target!(|data: &[u8]| {
    let Some((head, wire)) = data.split_at_checked(4) else { return };
    let bytes_max = BYTES_MAX[usize::from(head[0]) % BYTES_MAX.len()];
    let whole = memory::within(bytes_max + 8 * wire.len() + 100_000, || heard(bytes_max, [wire]));
    assert_eq!(heard(bytes_max, wire.chunks(1)), whole, "byte by byte");
    assert_eq!(heard(bytes_max, cut(wire, &head[1..])), whole, "in pieces");
    for heard in &whole {
        look(heard, bytes_max);
    }
    compare(&whole, wire, bytes_max);
});

fn cut<'a>(mut wire: &'a [u8], sizes: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    for size in sizes.iter().cycle() {
        let (piece, rest) = wire.split_at(usize::from(*size).max(1).min(wire.len()));
        pieces.push(piece);
        wire = rest;
        if wire.is_empty() {
            return pieces;
        }
    }
    pieces
}

fn look(heard: &Heard, bytes_max: usize) {
    match heard {
        Heard::Frame(Incoming::Text(bytes)) => {
            assert!(bytes.len() <= bytes_max);
            let text = std::str::from_utf8(bytes).expect("a text is UTF-8");
            assert_eq!(read_back(&text_frame(text)), Message::text(text));
            let Message::Close(Some(close)) = read_back(&close_frame(4_000, text)) else {
                panic!("no close")
            };
            assert!(u16::from(close.code) == 4_000 && text.starts_with(close.reason.as_str()));
        }
        Heard::Frame(Incoming::Binary(bytes)) => assert!(bytes.len() <= bytes_max),
        Heard::Ping(bytes) => assert!(bytes.len() <= 125),
        Heard::Frame(Incoming::TooLong) | Heard::Close(_) | Heard::Violation(_) => {}
    }
}

/// What a client reads of a frame of the server's.
fn read_back(frame: &[u8]) -> Message {
    let mut client = WebSocket::from_raw_socket(Wire(frame), Role::Client, None);
    client.read().expect("a client understands it")
}

/// Holds what we heard against what tungstenite hears, as far as both go on.
fn compare(ours: &[Heard], wire: &[u8], bytes_max: usize) {
    let end = |heard: &Heard| {
        matches!(heard, Heard::Frame(Incoming::TooLong) | Heard::Close(_) | Heard::Violation(_))
    };
    let before_end = ours.iter().position(end).unwrap_or(ours.len());
    let (theirs, error) = theirs(wire, bytes_max);
    // A text that is not UTF-8 is noticed by tungstenite before its last frame has come, and so earlier.
    let is_early = matches!(error, Some(Error::Utf8(_)));
    assert!(ours[..before_end].starts_with(&theirs), "{ours:?}, and by tungstenite {theirs:?}");
    assert!(is_early || theirs.len() == before_end, "{ours:?}, and by tungstenite {theirs:?}, {error:?}");
}

fn theirs(wire: &[u8], bytes_max: usize) -> (Vec<Heard>, Option<Error>) {
    let config =
        WebSocketConfig::default().max_message_size(Some(bytes_max)).max_frame_size(Some(bytes_max.max(125)));
    let mut socket = WebSocket::from_raw_socket(Wire(wire), Role::Server, Some(config));
    let mut theirs = Vec::new();
    loop {
        theirs.push(match socket.read() {
            Ok(Message::Text(text)) => Heard::Frame(Incoming::Text(text.as_bytes().into())),
            Ok(Message::Binary(bytes)) => Heard::Frame(Incoming::Binary(bytes.into())),
            Ok(Message::Ping(bytes)) => Heard::Ping(bytes.into()),
            Ok(Message::Pong(_) | Message::Frame(_)) => continue,
            Ok(Message::Close(_)) => return (theirs, None),
            Err(error) => return (theirs, Some(error)),
        });
    }
}

/// Bytes to be read, then an error, so that it is not taken for the end of a connection; what is written is dropped.
struct Wire<'a>(&'a [u8]);

impl Read for Wire<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::ErrorKind::WouldBlock.into()),
            read => Ok(read),
        }
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
