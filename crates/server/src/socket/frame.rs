//! Frames as a server sends them: unmasked, so the same bytes serve everyone.

use bytes::{BufMut, Bytes, BytesMut};
use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::{Control, Data, OpCode};

/// Bytes of a close frame's reason, at most: a control frame holds 125 bytes, two of them the code (RFC 6455, 5.5).
const REASON_BYTES_MAX: usize = 123;

/// Bytes for which room is made with a frame's head; longer ones are often shared, and stand elsewhere.
const SHORT: usize = 4_096;

/// Adds a text frame to `buffer`.
pub(crate) fn put_text(buffer: &mut BytesMut, text: &str) {
    put(buffer, OpCode::Data(Data::Text), text.as_bytes());
}

/// Adds a ping to `buffer`.
pub(crate) fn put_ping(buffer: &mut BytesMut) {
    put(buffer, OpCode::Control(Control::Ping), b"");
}

/// Adds the answer to a ping to `buffer`.
pub(crate) fn put_pong(buffer: &mut BytesMut, payload: &[u8]) {
    put(buffer, OpCode::Control(Control::Pong), payload);
}

/// A text frame.
pub(crate) fn text(text: &str) -> Bytes {
    let mut buffer = BytesMut::new();
    put_text(&mut buffer, text);
    buffer.freeze()
}

/// A close frame.
pub(crate) fn close(code: u16, reason: &str) -> Bytes {
    let reason = &reason[..reason.floor_char_boundary(REASON_BYTES_MAX)];
    let payload = [&code.to_be_bytes(), reason.as_bytes()].concat();
    let mut buffer = BytesMut::new();
    put(&mut buffer, OpCode::Control(Control::Close), &payload);
    buffer.freeze()
}

/// Adds the head of a frame of `length` bytes to `buffer`, a binary one or a text.
pub(crate) fn put_head(buffer: &mut BytesMut, length: usize, is_binary: bool) {
    let data = if is_binary { Data::Binary } else { Data::Text };
    put_header(buffer, OpCode::Data(data), length);
}

fn put(buffer: &mut BytesMut, opcode: OpCode, payload: &[u8]) {
    put_header(buffer, opcode, payload.len());
    buffer.put_slice(payload);
}

fn put_header(buffer: &mut BytesMut, opcode: OpCode, length: usize) {
    let header = FrameHeader { opcode, ..FrameHeader::default() };
    buffer.reserve(header.len(length as u64) + length.min(SHORT));
    header.format(length as u64, &mut buffer.writer()).expect("a buffer takes any bytes");
}
