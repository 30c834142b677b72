//! The frame that carries a message to everyone: always the same one, with another content.

use crate::stamp::CONTENT_BYTES;
use crate::websocket::server_text;

/// What stands before the content. The name is as long as those of the load.
const BEFORE: &str = r#"{"type":"message","username":"r00000","content":""#;
/// What stands after it.
const AFTER: &str = r#"","timestamp":"2026-01-31T12:34:56.789012","id":"1234567890123456789"}"#;

/// What stands around as much filler as a frame needs.
const PADDING: [&str; 2] = [r#","filler":""#, "\""];

/// What a client's message frame begins with, up to its content.
const SENT_BEFORE: &[u8] = br#"{"type":"message","content":""#;
/// Bytes of a client's message frame.
const SENT_BYTES: usize = SENT_BEFORE.len() + CONTENT_BYTES + br#""}"#.len();

/// The frame.
#[derive(Debug)]
pub(super) struct Outgoing {
    frame: Vec<u8>,
    content_at: usize,
}

impl Outgoing {
    /// The frame, with a payload of at least this many bytes.
    pub(super) fn new(payload_bytes_min: usize) -> Self {
        let plain = BEFORE.len() + CONTENT_BYTES + AFTER.len();
        let around = PADDING.iter().map(|part| part.len()).sum::<usize>();
        let after = match payload_bytes_min.checked_sub(plain + around) {
            Some(missing) => {
                let [before, behind] = PADDING;
                [&AFTER[..AFTER.len() - 1], before, &"-".repeat(missing), behind, "}"].concat()
            }
            None => AFTER.to_owned(),
        };
        let frame = server_text(&[BEFORE, &"-".repeat(CONTENT_BYTES), &after].concat());
        let content_at = frame.len() - after.len() - CONTENT_BYTES;
        Self { frame, content_at }
    }

    /// The frame with the content of the message that the load sent in `payload`; `None` if it sent something else.
    ///
    /// The load sends messages and joins, and they differ in length.
    pub(super) fn splice(&mut self, mask: [u8; 4], payload: &[u8]) -> Option<&[u8]> {
        if payload.len() != SENT_BYTES {
            return None;
        }
        let masked = &payload[SENT_BEFORE.len()..][..CONTENT_BYTES];
        let mask = mask.iter().cycle().skip(SENT_BEFORE.len() % mask.len());
        let content = &mut self.frame[self.content_at..][..CONTENT_BYTES];
        for ((to, from), mask) in content.iter_mut().zip(masked).zip(mask) {
            *to = from ^ mask;
        }
        Some(&self.frame)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use decentra_model::lobby::{PostedFrame, ServerFrame};
    use decentra_model::{Id, Timestamp};

    use super::*;
    use crate::stamp::Stamp;
    use crate::websocket::{client_text, split_frame};

    #[test]
    fn the_floor_writes_as_many_bytes_as_our_server() {
        let content = Stamp { sender: 3, sequence: 14, due: Duration::from_nanos(159) }.content();
        let now = Timestamp::from_unix_micros(1_769_862_896_789_012);
        let ours = ServerFrame::Message(PostedFrame {
            username: "r00042".into(),
            content: content.clone(),
            timestamp: now.to_string(),
            id: Some(Id::at(now)),
            nonce: None,
        });
        let sent = client_text(&format!(r#"{{"type":"message","content":"{content}"}}"#));
        let (frame, _) = split_frame(&sent).unwrap().unwrap();
        let mut outgoing = Outgoing::new(0);
        let floors = outgoing.splice(frame.mask.unwrap(), frame.payload).unwrap();
        assert_eq!(floors.len(), server_text(&ours.to_json()).len());
        assert!(String::from_utf8_lossy(floors).contains(&content));
    }

    #[test]
    fn a_frame_can_be_as_long_as_another_servers() {
        let (frame, _) = split_frame(&Outgoing::new(1_024).frame)
            .unwrap()
            .map(|(frame, rest)| (frame.payload.to_vec(), rest.len()))
            .unwrap();
        assert_eq!(frame.len(), 1_024);
        serde_json::from_slice::<serde_json::Value>(&frame).unwrap();
    }

    #[test]
    fn a_join_is_no_message() {
        assert_eq!(Outgoing::new(0).splice([0; 4], br#"{"type":"join","username":"r00042"}"#), None);
    }
}
