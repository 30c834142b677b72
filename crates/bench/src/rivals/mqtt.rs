//! As much of MQTT 3.1.1 as a room needs; messages at quality of service 0.

use anyhow::{Result, bail, ensure};

use super::guest::{Guest, Step};
use crate::inbox::Piece;
use crate::protocol::{Look, Protocol};
use crate::websocket::{Frame, Opcode};

/// First bytes of packets: their kind, and flags.
const CONNECT: u8 = 0x10;
const CONNACK: u8 = 0x20;
const PUBLISH: u8 = 0x30;
const SUBSCRIBE: u8 = 0x82;
const SUBACK: u8 = 0x90;

/// In a length: more of it follows.
const MORE: u8 = 0x80;

/// Bytes of a length, at most.
const LENGTH_BYTES_MAX: usize = 4;

/// The protocol's name and level, a clean session, and no pings: what every CONNECT begins with.
const OPENING: &[u8] = b"\x00\x04MQTT\x04\x02\x00\x00";

/// The topic that is the room, as it stands in a packet.
const TOPIC: &[u8] = b"\x00\x04room";

/// The protocol.
#[derive(Debug)]
pub(super) struct Mqtt;

impl Protocol for Mqtt {
    fn split<'a>(&self, bytes: &'a [u8]) -> Result<Option<(Piece<'a>, &'a [u8])>> {
        let Some((_, after)) = bytes.split_first() else { return Ok(None) };
        let Some((length, length_bytes)) = length(after)? else { return Ok(None) };
        let Some((payload, rest)) = bytes.split_at_checked(1 + length_bytes + length) else {
            return Ok(None);
        };
        Ok(Some((Piece::Frame(Frame { opcode: Opcode::Text, mask: None, payload }), rest)))
    }

    /// Servers do not ask.
    fn put_pong(&self, _question: &[u8], _out: &mut Vec<u8>) {}

    fn put_message(&self, content: &str, out: &mut Vec<u8>) {
        put_packet(PUBLISH, &[TOPIC, content.as_bytes()], out);
    }

    fn look(&self) -> Look {
        Look { heads: &[&[PUBLISH]], before: TOPIC }
    }
}

impl Guest for Mqtt {
    fn hello(&self, name: &str, listens: bool) -> Vec<u8> {
        let mut out = Vec::new();
        put_packet(
            CONNECT,
            &[OPENING, &[0, u8::try_from(name.len()).unwrap_or(u8::MAX)], name.as_bytes()],
            &mut out,
        );
        if listens {
            put_packet(SUBSCRIBE, &[b"\x00\x01", TOPIC, b"\x00"], &mut out);
        }
        out
    }

    fn step(&self, payload: &[u8], listens: bool) -> Result<Step> {
        Ok(match payload {
            [CONNACK, _, _, 0] if listens => Step::Wait,
            [CONNACK, _, _, 0] | [SUBACK, _, _, _, 0] => Step::In,
            [CONNACK | SUBACK, ..] => bail!("refused: {payload:02x?}"),
            _ => Step::Wait,
        })
    }
}

/// Appends a packet of `parts`.
fn put_packet(kind: u8, parts: &[&[u8]], out: &mut Vec<u8>) {
    let mut length: usize = parts.iter().map(|part| part.len()).sum();
    out.push(kind);
    while length >= usize::from(MORE) {
        let [lowest, ..] = length.to_le_bytes();
        out.push(lowest | MORE);
        length >>= 7;
    }
    let [highest, ..] = length.to_le_bytes();
    out.push(highest);
    for part in parts {
        out.extend_from_slice(part);
    }
}

/// The length at the beginning of `bytes`, and how many of them tell it: seven bits each, the lowest first.
fn length(bytes: &[u8]) -> Result<Option<(usize, usize)>> {
    let mut length = 0;
    for (nth, byte) in bytes.iter().enumerate() {
        ensure!(nth < LENGTH_BYTES_MAX, "a length that never ends");
        length |= usize::from(byte & !MORE) << (7 * nth);
        if byte & MORE == 0 {
            return Ok(Some((length, nth + 1)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_split_off_once_it_is_all_there() {
        for content in ["hello", &"x".repeat(300)] {
            let mut bytes = Vec::new();
            Mqtt.put_message(content, &mut bytes);
            assert!(Mqtt.split(&bytes[..bytes.len() - 1]).unwrap().is_none());
            bytes.extend_from_slice(&[CONNACK]);
            let (piece, rest) = Mqtt.split(&bytes).unwrap().unwrap();
            let Piece::Frame(Frame { payload, .. }) = piece else { panic!("{piece:?}") };
            assert!(payload.ends_with(content.as_bytes()), "{payload:?}");
            assert_eq!(rest, &[CONNACK]);
        }
        assert!(Mqtt.split(&[PUBLISH, MORE, MORE, MORE, MORE, MORE]).is_err());
    }

    #[test]
    fn a_refusal_is_an_error() {
        assert_eq!(Mqtt.step(&[CONNACK, 2, 0, 0], true).unwrap(), Step::Wait);
        assert_eq!(Mqtt.step(&[CONNACK, 2, 0, 0], false).unwrap(), Step::In);
        assert_eq!(Mqtt.step(&[SUBACK, 3, 0, 1, 0], true).unwrap(), Step::In);
        assert!(Mqtt.step(&[CONNACK, 2, 0, 5], true).is_err());
        assert!(Mqtt.step(&[SUBACK, 3, 0, 1, 0x80], true).is_err());
    }
}
