//! As much of RFC 6455 as both ends of a benchmark need, and no more: it must cost little beside a system call.

use anyhow::{Result, bail};

use crate::inbox::Piece;
use crate::protocol::{Look, Protocol};

/// Where the lobby is.
pub const LOBBY: &str = "/";

/// Where the gateway is.
pub const GATEWAY: &str = "/?v=10&encoding=json";

/// The upgrade at `path` that a connection begins with. The key is the example of RFC 6455, section 1.3.
pub fn upgrade(path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

/// The least answer to [`upgrade`].
pub const UPGRADED: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// What proves that a server understood [`upgrade`].
const ACCEPT: &[u8] = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// The mask of every frame that the load sends: a server has to undo it, whatever it is.
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// Marks a frame that is its own message.
const FINAL: u8 = 0x80;
/// Marks a frame as masked.
const MASKED: u8 = 0x80;

/// In place of a length: it follows in two bytes.
const LENGTH_16: u8 = 0x7e;
/// In place of a length: it follows in eight bytes.
const LENGTH_64: u8 = 0x7f;

/// WebSocket, after the HTTP that it begins with, as our server and the floors speak it.
#[derive(Debug)]
pub struct WebSocket;

impl Protocol for WebSocket {
    fn split<'a>(&self, bytes: &'a [u8]) -> Result<Option<(Piece<'a>, &'a [u8])>> {
        // A head begins with a word in capitals; no frame that we take begins with a byte like that.
        if bytes.first().is_some_and(u8::is_ascii_uppercase) {
            let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
            return Ok(end.map(|end| bytes.split_at(end + 4)).map(|(head, rest)| (Piece::Head(head), rest)));
        }
        Ok(split_frame(bytes)?.map(|(frame, rest)| (Piece::Frame(frame), rest)))
    }

    fn put_pong(&self, question: &[u8], out: &mut Vec<u8>) {
        put_client_frame(Opcode::Pong, question, out);
    }

    /// A message of the lobby; those of the gateway are posted over HTTP.
    fn put_message(&self, content: &str, out: &mut Vec<u8>) {
        let payload = format!(r#"{{"type":"message","content":"{content}"}}"#);
        put_client_frame(Opcode::Text, payload.as_bytes(), out);
    }

    fn look(&self) -> Look {
        Look {
            heads: &[br#"{"type":"message""#, br#"{"op":0,"t":"MESSAGE_CREATE""#],
            before: br#""content":""#,
        }
    }
}

/// What a frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opcode {
    /// Text: the frames of the lobby protocol.
    Text = 1,
    /// Bytes: the frames of a compressed stream.
    Binary = 2,
    /// The end of the connection.
    Close = 8,
    /// A question that wants a [`Opcode::Pong`].
    Ping = 9,
    /// An answer to a ping.
    Pong = 10,
}

/// One whole frame, as it lies in a buffer; or what comes closest to one in another protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// What it is for.
    pub opcode: Opcode,
    /// What its payload was masked with; clients mask, servers do not.
    pub mask: Option<[u8; 4]>,
    /// What it carries, still masked.
    pub payload: &'a [u8],
}

/// Splits the first frame off `bytes`; `None` while it is not all there.
pub fn split_frame(bytes: &[u8]) -> Result<Option<(Frame<'_>, &[u8])>> {
    let Some((&[first, second], rest)) = bytes.split_first_chunk() else { return Ok(None) };
    let Some((payload_bytes, rest)) = split_length(second & !MASKED, rest)? else { return Ok(None) };
    let (mask, rest) = match (second & MASKED, rest.split_first_chunk()) {
        (0, _) => (None, rest),
        (_, Some((mask, rest))) => (Some(*mask), rest),
        (_, None) => return Ok(None),
    };
    let Some((payload, rest)) = rest.split_at_checked(payload_bytes) else { return Ok(None) };
    Ok(Some((Frame { opcode: opcode(first)?, mask, payload }, rest)))
}

/// The length that the seven bits in `short` stand for, and what follows it.
fn split_length(short: u8, bytes: &[u8]) -> Result<Option<(usize, &[u8])>> {
    Ok(match short {
        LENGTH_16 => {
            bytes.split_first_chunk().map(|(length, rest)| (u16::from_be_bytes(*length).into(), rest))
        }
        LENGTH_64 => match bytes.split_first_chunk() {
            Some((length, rest)) => Some((usize::try_from(u64::from_be_bytes(*length))?, rest)),
            None => None,
        },
        short => Some((short.into(), bytes)),
    })
}

/// The kind in the first byte of a frame. No server has a reason to split frames as short as ours.
fn opcode(first: u8) -> Result<Opcode> {
    Ok(match first ^ FINAL {
        1 => Opcode::Text,
        2 => Opcode::Binary,
        8 => Opcode::Close,
        9 => Opcode::Ping,
        10 => Opcode::Pong,
        _ => bail!("a frame that begins with the byte {first:#04x}: neither a whole message nor control"),
    })
}

/// Whether `head` accepts [`upgrade`].
pub fn is_accepted(head: &[u8]) -> bool {
    head.starts_with(b"HTTP/1.1 101 ") && head.windows(ACCEPT.len()).any(|window| window == ACCEPT)
}

/// Appends `payload` to `out` as a client's frame, masked.
pub fn put_client_frame(opcode: Opcode, payload: &[u8], out: &mut Vec<u8>) {
    put_head(opcode, MASKED, payload.len(), out);
    out.extend_from_slice(&MASK);
    out.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
}

/// `payload` as a client's text frame.
pub fn client_text(payload: &str) -> Vec<u8> {
    let mut frame = Vec::new();
    put_client_frame(Opcode::Text, payload.as_bytes(), &mut frame);
    frame
}

/// `payload` as a server's text frame.
pub fn server_text(payload: &str) -> Vec<u8> {
    let mut frame = Vec::new();
    put_head(Opcode::Text, 0, payload.len(), &mut frame);
    frame.extend_from_slice(payload.as_bytes());
    frame
}

/// Appends the first bytes of a frame, up to its length.
fn put_head(opcode: Opcode, masked: u8, payload_bytes: usize, out: &mut Vec<u8>) {
    out.push(FINAL | opcode as u8);
    match (u8::try_from(payload_bytes), u16::try_from(payload_bytes)) {
        (Ok(short @ ..LENGTH_16), _) => out.push(masked | short),
        (_, Ok(long)) => {
            out.push(masked | 0x7e);
            out.extend_from_slice(&long.to_be_bytes());
        }
        _ => {
            out.push(masked | 0x7f);
            out.extend_from_slice(&(payload_bytes as u64).to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_split_off_once_it_is_all_there() {
        for payload_bytes in [0, 5, 125, 126, 65_535, 65_536] {
            let payload = "x".repeat(payload_bytes);
            let mut bytes = server_text(&payload);
            for end in [0, 1, 2, bytes.len() - 1].into_iter().filter(|end| *end < bytes.len()) {
                assert_eq!(split_frame(&bytes[..end]).unwrap(), None, "{payload_bytes}, first {end}");
            }
            bytes.extend_from_slice(b"next");
            let (frame, rest) = split_frame(&bytes).unwrap().unwrap();
            assert_eq!((frame.payload, rest), (payload.as_bytes(), &b"next"[..]));
        }
    }

    #[test]
    fn a_masked_frame_holds_what_was_put_in() {
        let bytes = client_text(r#"{"type":"who"}"#);
        let (frame, rest) = split_frame(&bytes).unwrap().unwrap();
        let mask = frame.mask.unwrap();
        let text: Vec<u8> = frame.payload.iter().zip(mask.iter().cycle()).map(|(a, b)| a ^ b).collect();
        assert_eq!((text.as_slice(), rest), (&br#"{"type":"who"}"#[..], &b""[..]));
    }

    #[test]
    fn a_fragment_is_refused() {
        assert!(split_frame(&[0x01, 0x00]).is_err());
    }

    #[test]
    fn our_own_answer_is_accepted() {
        assert!(is_accepted(UPGRADED));
        assert!(!is_accepted(b"HTTP/1.1 429 Too Many Requests\r\n\r\n"));
    }
}
