//! What a payload of the gateway is, told from its first bytes: whoever reads a million cannot parse them.

use anyhow::{Context, Result};

use crate::stamp::{CONTENT_BYTES, Stamp};

/// What a dispatch begins with, up to its name.
const DISPATCH: &[u8] = br#"{"op":0,"t":""#;

/// What follows the name of a dispatch, up to its sequence.
const SEQUENCE_KEY: &[u8] = br#"","s":"#;

/// What any other payload begins with, up to its number.
const OTHER: &[u8] = br#"{"op":"#;

/// A payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload<'a> {
    /// A dispatch.
    Dispatch {
        /// Its name.
        name: &'a [u8],
        /// Its place among those of its session.
        sequence: u64,
        /// What it tells.
        d: &'a [u8],
    },
    /// Anything else, by its number.
    Other(u64),
}

impl<'a> Payload<'a> {
    /// What is in `bytes`.
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        let found = || {
            let Some(rest) = bytes.strip_prefix(DISPATCH) else {
                return Some(Self::Other(number(bytes.strip_prefix(OTHER)?)?.0));
            };
            let (name, rest) = rest.split_at(rest.iter().position(|byte| *byte == b'"')?);
            let (sequence, d) = number(rest.strip_prefix(SEQUENCE_KEY)?)?;
            Some(Self::Dispatch { name, sequence, d })
        };
        found().with_context(|| format!("not a payload: {}", String::from_utf8_lossy(bytes)))
    }
}

/// The text that follows `key` in `bytes`, up to the next quotation mark.
pub fn text_at<'a>(key: &[u8], bytes: &'a [u8]) -> Option<&'a [u8]> {
    let begin = bytes.windows(key.len()).position(|window| window == key)? + key.len();
    let end = begin + bytes[begin..].iter().position(|byte| *byte == b'"')?;
    Some(&bytes[begin..end])
}

/// The stamp in the content of the message in `bytes`, which may go on after it.
pub fn stamp_in(bytes: &[u8]) -> Result<Stamp> {
    let content = text_at(br#""content":""#, bytes).and_then(<[u8]>::first_chunk::<CONTENT_BYTES>);
    let content = content.with_context(|| format!("no content: {}", String::from_utf8_lossy(bytes)))?;
    Ok(Stamp::read(content))
}

/// The number that `bytes` begin with, and what follows it.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let end = bytes.iter().position(|byte| !byte.is_ascii_digit())?;
    let digits = std::str::from_utf8(&bytes[..end]).ok()?;
    Some((digits.parse().ok()?, &bytes[end..]))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn payloads_are_told_apart() {
        let dispatch = br#"{"op":0,"t":"READY","s":12,"d":{"session_id":"abc"}}"#;
        let Payload::Dispatch { name: b"READY", sequence: 12, d } = Payload::read(dispatch).unwrap() else {
            panic!("not READY");
        };
        assert_eq!(text_at(br#""session_id":""#, d), Some(&b"abc"[..]));
        assert_eq!(Payload::read(br#"{"op":10,"t":null}"#).unwrap(), Payload::Other(10));
        assert!(Payload::read(b"{}").is_err());
    }

    #[test]
    fn a_stamp_is_found_in_a_message() {
        let stamp = Stamp { sender: 3, sequence: 7, due: Duration::from_nanos(99) };
        let message = format!(r#"{{"id":"1","content":"{}","tts":false}}"#, stamp.content());
        assert_eq!(stamp_in(message.as_bytes()).unwrap(), stamp);
    }
}
