//! As much of the protocol of NATS as a room needs.

use anyhow::{Context, Result, bail};

use super::guest::{Guest, Step};
use crate::inbox::Piece;
use crate::protocol::{Look, Protocol};
use crate::websocket::{Frame, Opcode};

/// What ends each line, and each message.
const END: &[u8] = b"\r\n";

/// The protocol.
#[derive(Debug)]
pub(super) struct Nats;

impl Protocol for Nats {
    fn split<'a>(&self, bytes: &'a [u8]) -> Result<Option<(Piece<'a>, &'a [u8])>> {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return Ok(None) };
        let (line, _) = bytes.split_at(end + 1);
        let whole = line.len() + if line.starts_with(b"MSG ") { body_bytes(line)? } else { 0 };
        let Some((payload, rest)) = bytes.split_at_checked(whole) else { return Ok(None) };
        let opcode = if payload == b"PING\r\n" { Opcode::Ping } else { Opcode::Text };
        Ok(Some((Piece::Frame(Frame { opcode, mask: None, payload }), rest)))
    }

    fn put_pong(&self, _question: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(b"PONG\r\n");
    }

    fn put_message(&self, content: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(format!("PUB room {}\r\n{content}\r\n", content.len()).as_bytes());
    }

    fn look(&self) -> Look {
        Look { heads: &[b"MSG room 1 "], before: END }
    }

    /// Order holds for each publisher, says the documentation, and for no more.
    fn has_one_order(&self) -> bool {
        false
    }
}

impl Guest for Nats {
    fn hello(&self, _name: &str, listens: bool) -> Vec<u8> {
        let subscribe = if listens { "SUB room 1\r\n" } else { "" };
        format!("CONNECT {{\"verbose\":false,\"pedantic\":false,\"echo\":true}}\r\n{subscribe}PING\r\n")
            .into_bytes()
    }

    fn step(&self, payload: &[u8], _listens: bool) -> Result<Step> {
        Ok(match payload {
            b"PONG\r\n" => Step::In,
            [b'-', ..] => bail!("{}", String::from_utf8_lossy(payload)),
            _ => Step::Wait,
        })
    }
}

/// Bytes that follow `line`, the first of a message: its last word tells how many there are before the end.
fn body_bytes(line: &[u8]) -> Result<usize> {
    let count = line.trim_ascii_end().rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    let count: usize = std::str::from_utf8(count)?.parse().context("a message without a length")?;
    Ok(count + END.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_split_off_with_what_it_announces() {
        let bytes = b"MSG room 1 7\r\nhel\r\nlo\r\nPING\r\n";
        assert!(Nats.split(&bytes[..22]).unwrap().is_none());
        let (piece, rest) = Nats.split(bytes).unwrap().unwrap();
        let Piece::Frame(Frame { opcode: Opcode::Text, payload, .. }) = piece else { panic!("{piece:?}") };
        assert_eq!(payload, b"MSG room 1 7\r\nhel\r\nlo\r\n");
        let (piece, rest) = Nats.split(rest).unwrap().unwrap();
        assert!(matches!(piece, Piece::Frame(Frame { opcode: Opcode::Ping, .. })), "{piece:?}");
        assert_eq!(rest, b"");
    }

    #[test]
    fn a_refusal_is_an_error() {
        assert_eq!(Nats.step(b"INFO {}\r\n", true).unwrap(), Step::Wait);
        assert_eq!(Nats.step(b"PONG\r\n", true).unwrap(), Step::In);
        assert!(Nats.step(b"-ERR 'maximum connections exceeded'\r\n", true).is_err());
    }
}
