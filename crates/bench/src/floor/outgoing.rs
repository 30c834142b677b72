//! The frame that carries a message to everyone: always the same one, with another content.

use crate::stamp::CONTENT_BYTES;
use crate::websocket::server_text;

/// What stands before the content. The name is as long as those of the load.
const BEFORE: &str = r#"{"type":"message","username":"r00000","content":""#;
/// What stands after it.
const AFTER: &str = r#"","timestamp":"2026-01-31T12:34:56.789012","id":"1234567890123456789"}"#;

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

impl Default for Outgoing {
    fn default() -> Self {
        let frame = server_text(&[BEFORE, &"-".repeat(CONTENT_BYTES), AFTER].concat());
        let content_at = frame.len() - AFTER.len() - CONTENT_BYTES;
        Self { frame, content_at }
    }
}

impl Outgoing {
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
        let mut outgoing = Outgoing::default();
        let floors = outgoing.splice(frame.mask.unwrap(), frame.payload).unwrap();
        assert_eq!(floors.len(), server_text(&ours.to_json()).len());
        assert!(String::from_utf8_lossy(floors).contains(&content));
    }

    #[test]
    fn a_join_is_no_message() {
        assert_eq!(Outgoing::default().splice([0; 4], br#"{"type":"join","username":"r00042"}"#), None);
    }
}
