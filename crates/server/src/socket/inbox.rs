//! Frames from the wire, put together from whatever pieces the socket gives.
//!
//! tungstenite reads the headers. What it cannot do is to go on after a frame that is too long, which the lobby
//! protocol asks for: here such a frame is skipped as it comes, and none of it is kept.

use std::io::Cursor;

use decentra_core::Incoming;
use decentra_model::close;
use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::{Control, Data, OpCode};

/// Bytes of a frame's header, at most: two, a length of eight, a mask of four.
const HEADER_BYTES_MAX: usize = 14;

/// Bytes of a control frame's payload, at most (RFC 6455, 5.5).
const CONTROL_BYTES_MAX: u64 = 125;

/// What the client sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A frame for the lobby.
    Frame(Incoming),
    /// A ping, to be answered with the same payload.
    Ping(Vec<u8>),
    /// It closes the connection, with this code if it gave one.
    Close(Option<u16>),
    /// It broke the protocol: close with this code, for this reason.
    Violation(u16, &'static str),
}

/// Puts frames together. What it holds is at most one frame's header and one message's bytes.
#[derive(Debug)]
pub(crate) struct Inbox {
    /// Bytes of a message, at most.
    bytes_max: usize,
    /// The header that is coming in.
    header: Vec<u8>,
    /// The frame that is coming in, once its header is whole.
    frame: Option<Frame>,
    /// The message whose frames are coming in.
    message: Option<Message>,
    /// The payload of a control frame that is coming in.
    control: Vec<u8>,
}

#[derive(Debug)]
struct Frame {
    opcode: OpCode,
    is_final: bool,
    mask: [u8; 4],
    /// Payload bytes taken so far, and still to come.
    taken: usize,
    left: u64,
}

#[derive(Debug)]
struct Message {
    is_text: bool,
    /// Empty once the message is too long.
    bytes: Vec<u8>,
    too_long: bool,
}

impl Inbox {
    /// An inbox for messages of at most `bytes_max` bytes.
    pub(crate) fn new(bytes_max: usize) -> Self {
        Self { bytes_max, header: Vec::new(), frame: None, message: None, control: Vec::new() }
    }

    /// Takes bytes off the front of `input` until something is whole; `None` when all are taken.
    ///
    /// What follows a [`Event::Close`] or [`Event::Violation`] means nothing, and is dropped.
    pub(crate) fn next(&mut self, input: &mut &[u8]) -> Option<Event> {
        while !input.is_empty() {
            let event = match self.frame.take() {
                None => self.take_header(input),
                Some(frame) => self.take_payload(frame, input),
            };
            if matches!(event, Some(Event::Close(_) | Event::Violation(..))) {
                *input = &[];
            }
            if event.is_some() {
                return event;
            }
        }
        None
    }

    fn take_header(&mut self, input: &mut &[u8]) -> Option<Event> {
        let had = self.header.len();
        let more = input.len().min(HEADER_BYTES_MAX - had);
        self.header.extend_from_slice(&input[..more]);
        let mut cursor = Cursor::new(&self.header);
        let parsed = FrameHeader::parse(&mut cursor);
        let used = usize::try_from(cursor.position()).expect("a header is short");
        let Ok(parsed) = parsed else {
            return Some(Event::Violation(close::PROTOCOL_ERROR, "That is no WebSocket frame."));
        };
        let Some((header, length)) = parsed else {
            *input = &input[more..];
            return None;
        };
        *input = &input[used - had..];
        self.header = Vec::new();
        self.begin(&header, length)
    }

    /// Starts a frame; an event comes of it when it is wrong, too long, or empty and thus whole.
    fn begin(&mut self, header: &FrameHeader, length: u64) -> Option<Event> {
        let broken = |reason| Some(Event::Violation(close::PROTOCOL_ERROR, reason));
        let Some(mask) = header.mask else { return broken("Frames from a client must be masked.") };
        if header.rsv1 || header.rsv2 || header.rsv3 {
            return broken("No extension was agreed on.");
        }
        let is_control = matches!(header.opcode, OpCode::Control(_));
        if is_control && (!header.is_final || length > CONTROL_BYTES_MAX) {
            return broken("Control frames are short and whole.");
        }
        match (header.opcode, &self.message) {
            (OpCode::Data(Data::Continue), None) => return broken("There is nothing to continue."),
            (OpCode::Data(Data::Text | Data::Binary), Some(_)) => {
                return broken("The last message was not finished.");
            }
            (OpCode::Data(Data::Text | Data::Binary), None) => {
                let is_text = header.opcode == OpCode::Data(Data::Text);
                self.message = Some(Message { is_text, bytes: Vec::new(), too_long: false });
            }
            _ => {}
        }
        let event = if is_control {
            None
        } else {
            self.message.as_mut().and_then(|message| message.expect(length, self.bytes_max))
        };
        let frame = Frame { opcode: header.opcode, is_final: header.is_final, mask, taken: 0, left: length };
        if length == 0 && event.is_none() {
            return self.finish(&frame);
        }
        // An empty frame cannot be what made a message too long, so this one has bytes to come.
        self.frame = Some(frame);
        event
    }

    fn take_payload(&mut self, mut frame: Frame, input: &mut &[u8]) -> Option<Event> {
        let here = usize::try_from(frame.left).unwrap_or(usize::MAX).min(input.len());
        let (bytes, rest) = input.split_at(here);
        *input = rest;
        let unmasked =
            bytes.iter().zip(frame.mask.iter().cycle().skip(frame.taken % 4)).map(|(byte, mask)| byte ^ mask);
        match (&frame.opcode, &mut self.message) {
            (OpCode::Control(_), _) => self.control.extend(unmasked),
            (OpCode::Data(_), Some(message)) if !message.too_long => message.bytes.extend(unmasked),
            (OpCode::Data(_), _) => {}
        }
        frame.taken = (frame.taken + here) % 4;
        frame.left -= here as u64;
        if frame.left > 0 {
            self.frame = Some(frame);
            return None;
        }
        self.finish(&frame)
    }

    /// What a frame that is whole now amounts to.
    fn finish(&mut self, frame: &Frame) -> Option<Event> {
        match frame.opcode {
            OpCode::Control(Control::Ping) => Some(Event::Ping(std::mem::take(&mut self.control))),
            OpCode::Control(Control::Close) => {
                let code = self.control.first_chunk().map(|code| u16::from_be_bytes(*code));
                Some(Event::Close(code))
            }
            OpCode::Control(_) => {
                self.control.clear();
                None
            }
            OpCode::Data(_) if frame.is_final => self.message.take().and_then(Message::finish),
            OpCode::Data(_) => None,
        }
    }
}

impl Message {
    /// Makes room for `length` more bytes, or gives the message up, which is told once.
    fn expect(&mut self, length: u64, bytes_max: usize) -> Option<Event> {
        let fits = length <= (bytes_max - self.bytes.len()) as u64;
        if fits || self.too_long {
            return None;
        }
        self.too_long = true;
        self.bytes = Vec::new();
        Some(Event::Frame(Incoming::TooLong))
    }

    fn finish(self) -> Option<Event> {
        if self.too_long {
            return None;
        }
        if !self.is_text {
            return Some(Event::Frame(Incoming::Binary(self.bytes)));
        }
        if std::str::from_utf8(&self.bytes).is_err() {
            return Some(Event::Violation(close::INVALID_TEXT, "That text frame is not UTF-8."));
        }
        Some(Event::Frame(Incoming::Text(self.bytes)))
    }
}

#[cfg(test)]
mod tests {
    use decentra_model::limits::LOBBY_FRAME_BYTES_MAX;

    use super::*;

    const MASK: [u8; 4] = [1, 2, 3, 4];

    /// A masked frame: its first byte, and its payload.
    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let length = payload.len();
        let mut bytes = vec![first];
        match length {
            0..126 => bytes.push(0x80 | u8::try_from(length).unwrap()),
            126..65_536 => {
                bytes.push(0xfe);
                bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
            _ => {
                bytes.push(0xff);
                bytes.extend((length as u64).to_be_bytes());
            }
        }
        bytes.extend(MASK);
        bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        bytes
    }

    /// What comes of `bytes`, given in pieces of `size`.
    fn events(bytes: &[u8], size: usize) -> Vec<Event> {
        let mut inbox = Inbox::new(LOBBY_FRAME_BYTES_MAX);
        let mut events = Vec::new();
        for mut piece in bytes.chunks(size) {
            while let Some(event) = inbox.next(&mut piece) {
                events.push(event);
            }
        }
        events
    }

    fn text(text: &str) -> Event {
        Event::Frame(Incoming::Text(text.into()))
    }

    #[test]
    fn frames_are_the_same_however_they_are_cut() {
        let bytes = [
            frame(0x81, b"hello"),
            frame(0x01, b"in "),
            frame(0x89, b"ping"),
            frame(0x00, "thr\u{e9}".as_bytes()),
            frame(0x80, b"e"),
            frame(0x8a, b"pong"),
            frame(0x82, &[0; 300]),
            frame(0x81, b""),
            frame(0x88, b""),
        ]
        .concat();
        let expected = [
            text("hello"),
            Event::Ping(b"ping".into()),
            text("in thr\u{e9}e"),
            Event::Frame(Incoming::Binary(vec![0; 300])),
            text(""),
            Event::Close(None),
        ];
        for size in [1, 2, 3, 7, 100, bytes.len()] {
            assert_eq!(events(&bytes, size), expected, "in pieces of {size}");
        }
    }

    #[test]
    fn a_frame_that_is_too_long_is_told_once_and_skipped() {
        let long = vec![b'x'; LOBBY_FRAME_BYTES_MAX + 1];
        let in_parts =
            [frame(0x01, &long[..20_000]), frame(0x00, &long[..20_000]), frame(0x80, b"end")].concat();
        for bytes in [frame(0x81, &long), in_parts] {
            let bytes = [bytes, frame(0x81, b"after")].concat();
            assert_eq!(events(&bytes, 4_096), [Event::Frame(Incoming::TooLong), text("after")]);
        }
        let fits = &long[..LOBBY_FRAME_BYTES_MAX];
        assert_eq!(events(&frame(0x81, fits), 999), [Event::Frame(Incoming::Text(fits.into()))]);
    }

    #[test]
    fn a_frame_of_an_impossible_length_takes_no_memory() {
        let mut bytes = vec![0x82, 0xff];
        bytes.extend(u64::MAX.to_be_bytes());
        bytes.extend(MASK);
        let mut inbox = Inbox::new(LOBBY_FRAME_BYTES_MAX);
        assert_eq!(inbox.next(&mut &bytes[..]), Some(Event::Frame(Incoming::TooLong)));
        for _ in 0..1_000 {
            assert_eq!(inbox.next(&mut &[0_u8; 8_192][..]), None);
        }
        assert_eq!(inbox.message.unwrap().bytes.capacity(), 0);
    }

    #[test]
    fn what_breaks_the_protocol_is_told() {
        let unmasked = vec![0x81, 1, b'x'];
        for bytes in [
            unmasked,
            frame(0xc1, b"compressed"),
            frame(0x83, b"reserved"),
            frame(0x80, b"nothing to continue"),
            frame(0x09, b"a ping in parts"),
            frame(0x89, &[0; 126]),
            [frame(0x01, b"one"), frame(0x81, b"two")].concat(),
        ] {
            let events = events(&bytes, bytes.len());
            assert!(matches!(events.last(), Some(Event::Violation(close::PROTOCOL_ERROR, _))), "{events:?}");
        }
        let invalid = events(&frame(0x81, b"\xff"), 64);
        assert!(matches!(invalid[..], [Event::Violation(close::INVALID_TEXT, _)]));
    }
}
