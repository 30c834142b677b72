//! As much of IRC (RFC 2812) as a room needs.
//!
//! A server sends no one their own messages back. So those who send are not in the channel, which lets anyone speak, and
//! those who are in it receive everything.

use anyhow::{Result, bail};

use super::guest::{Guest, Step};
use crate::inbox::Piece;
use crate::protocol::{Look, Protocol};
use crate::websocket::{Frame, Opcode};

/// What ends each line.
const END: &[u8] = b"\r\n";

/// Replies that a client waits for: it is registered; it has the names of all in the channel.
const WELCOME: &[u8] = b"001";
const END_OF_NAMES: &[u8] = b"366";

/// The protocol.
#[derive(Debug)]
pub(super) struct Irc;

impl Protocol for Irc {
    fn split<'a>(&self, bytes: &'a [u8]) -> Result<Option<(Piece<'a>, &'a [u8])>> {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return Ok(None) };
        let (line, rest) = bytes.split_at(end + 1);
        let line = line.strip_suffix(END).unwrap_or(line);
        let (opcode, payload) = match line.strip_prefix(b"PING ") {
            Some(question) => (Opcode::Ping, question),
            None => (Opcode::Text, line),
        };
        Ok(Some((Piece::Frame(Frame { opcode, mask: None, payload }), rest)))
    }

    fn put_pong(&self, question: &[u8], out: &mut Vec<u8>) {
        out.extend([b"PONG ", question, END].concat());
    }

    fn put_message(&self, content: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(format!("PRIVMSG #room :{content}\r\n").as_bytes());
    }

    fn look(&self) -> Look {
        Look { heads: &[b":"], before: b" PRIVMSG #room :" }
    }
}

impl Guest for Irc {
    fn hello(&self, name: &str, _listens: bool) -> Vec<u8> {
        format!("NICK {name}\r\nUSER {name} 0 * :{name}\r\n").into_bytes()
    }

    fn step(&self, payload: &[u8], listens: bool) -> Result<Step> {
        let mut words = payload.split(|byte| *byte == b' ');
        let (prefix, command) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        Ok(match command {
            WELCOME if listens => Step::Say(b"JOIN #room\r\n"),
            WELCOME | END_OF_NAMES => Step::In,
            // What went wrong has a number from 400 on; that there is no message of the day is none of it.
            b"422" => Step::Wait,
            [b'4' | b'5', ..] => bail!("{}", String::from_utf8_lossy(payload)),
            _ if prefix == b"ERROR" => bail!("{}", String::from_utf8_lossy(payload)),
            _ => Step::Wait,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_off_once_it_is_all_there() {
        assert!(Irc.split(b":a PRIVMSG #room :hello\r").unwrap().is_none());
        let (piece, rest) = Irc.split(b"PING :token\r\nPING").unwrap().unwrap();
        let Piece::Frame(Frame { opcode: Opcode::Ping, payload: b":token", .. }) = piece else {
            panic!("{piece:?}")
        };
        assert_eq!(rest, b"PING");
    }

    #[test]
    fn one_is_in_after_the_names() {
        let step = |line: &str, listens| Irc.step(line.as_bytes(), listens).unwrap();
        assert_eq!(step(":host 001 r00000 :Welcome", true), Step::Say(b"JOIN #room\r\n"));
        assert_eq!(step(":host 001 s00000 :Welcome", false), Step::In);
        assert_eq!(step(":host 422 r00000 :No message of the day", true), Step::Wait);
        assert_eq!(step(":r00001!r@h JOIN :#room", true), Step::Wait);
        assert_eq!(step(":host 366 r00000 #room :End of /NAMES list.", true), Step::In);
        assert!(Irc.step(b":host 433 * r00000 :Nickname already in use", true).is_err());
        assert!(Irc.step(b"ERROR :Closing link", true).is_err());
    }
}
