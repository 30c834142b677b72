//! What the server sends to a lobby client.

use serde::{Deserialize, Serialize};

use super::Line;
use crate::Id;

/// One frame to a client.
///
/// It is also read by our own client, from servers of any age: whatever Decentra added is optional.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ServerFrame {
    /// The answer to `join`.
    History(History),
    /// Something that was said.
    Message(PostedFrame),
    /// Something that happened, or that went wrong.
    System(SystemFrame),
    /// *Added.* The answer to `who`.
    Who(Who),
    /// A type that this version does not know.
    #[serde(other)]
    Unknown,
}

/// The newest messages, oldest first, and how one entered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct History {
    /// At most [`crate::limits::LOBBY_HISTORY_MAX`]; each a `message`.
    pub messages: Vec<ServerFrame>,
    /// *Added.* The name that one goes by here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub you: Option<String>,
    /// *Added.* Who is here, oneself included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Who>,
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PostedFrame {
    /// Who said it.
    pub username: String,
    /// What was said.
    pub content: String,
    /// When, as in `2026-01-31T12:34:56.789012`. Ours are in UTC; an older server's are in its own time.
    #[serde(default)]
    pub timestamp: String,
    /// *Added.* Its snowflake, which tells the exact time, in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// *Added.* The nonce with which it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
}

/// Something that happened, for people to read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SystemFrame {
    /// What to show.
    pub content: String,
    /// When, as in [`PostedFrame::timestamp`].
    #[serde(default)]
    pub timestamp: String,
    /// *Added.* Who came or went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
    /// *Added.* What was wrong with the frame that this answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorCode>,
    /// *Added.* The nonce of the message that was not taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// *Added.* Milliseconds after which the same frame may be sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// Someone came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// This name joined.
    Joined(String),
    /// This name left.
    Left(String),
}

/// What was wrong with a frame, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Not a frame of the protocol: not JSON, of the wrong shape, binary.
    BadFrame,
    /// A text that may not be posted, or no name.
    BadText,
    /// The frame is longer than [`crate::limits::LOBBY_FRAME_BYTES_MAX`].
    TooLong,
    /// More than the rate that is allowed, or than the server can take now.
    TooFast,
    /// A `join` is needed first, or was there already.
    OutOfOrder,
    /// The name is not to be had, or guests are not let in.
    Refused,
    /// The server could not store the message. It is not lost by sending it again.
    NotStored,
    /// A code that this version does not know.
    #[serde(other)]
    Other,
}

/// Who is in the lobby.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Who {
    /// How many are here.
    pub online: usize,
    /// Their names, sorted, at most [`crate::limits::ROSTER_NAMES_MAX`] of them.
    pub users: Vec<String>,
}

impl From<&Line> for PostedFrame {
    fn from(message: &Line) -> Self {
        Self {
            username: message.author.to_string(),
            content: message.body.as_str().to_owned(),
            timestamp: message.timestamp.to_string(),
            id: Some(message.id),
            nonce: message.nonce.as_ref().map(|nonce| nonce.as_str().to_owned()),
        }
    }
}

impl ServerFrame {
    /// Reads a frame of a server of any age; `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The frame as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and lists always serialise")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_keys_of_the_first_decentra_in_its_order() {
        let frame = ServerFrame::Message(PostedFrame {
            username: "Alice".into(),
            content: "hi".into(),
            timestamp: "2026-01-31T12:34:56.789012".into(),
            ..PostedFrame::default()
        });
        assert_eq!(
            frame.to_json(),
            r#"{"type":"message","username":"Alice","content":"hi","timestamp":"2026-01-31T12:34:56.789012"}"#
        );
    }

    #[test]
    fn frames_of_the_first_decentra_and_of_a_later_one_are_read() {
        let history = r#"{"type":"history","messages":[{"type":"message","username":"A","content":"x","timestamp":"t"}]}"#;
        assert!(
            matches!(ServerFrame::parse(history), Some(ServerFrame::History(h)) if h.messages.len() == 1)
        );
        assert_eq!(ServerFrame::parse(r#"{"type":"confetti","amount":3}"#), Some(ServerFrame::Unknown));
        let newer = r#"{"type":"system","content":"no","timestamp":"t","error":"too_loud"}"#;
        assert!(
            matches!(ServerFrame::parse(newer), Some(ServerFrame::System(s)) if s.error == Some(ErrorCode::Other))
        );
        assert_eq!(ServerFrame::parse("nonsense"), None);
    }
}
