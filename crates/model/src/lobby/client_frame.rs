//! What a lobby client sends.

use serde_json::{Map, Value, json};

/// One frame from a client, of the right shape; what its texts say has not been judged yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientFrame {
    /// The first frame: who is there.
    Join(Join),
    /// Something to say.
    Message(Post),
    /// *Added.* Asks who is in the lobby.
    Who,
    /// A type that this version does not know, and ignores.
    Unknown,
}

/// The body of a `join`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Join {
    /// The name that is wished for; none means `Anonymous`.
    pub username: Option<String>,
    /// A member's token: then the name is the account's.
    pub token: Option<String>,
}

/// The body of a `message`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Post {
    /// What is to be said.
    pub content: String,
    /// *Added.* What tells a repeat from a second message: see [`crate::Nonce`].
    pub nonce: Option<String>,
}

/// Why a frame could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Not JSON at all.
    #[error("That frame is not JSON. Send objects such as {{\"type\":\"message\",\"content\":\"hi\"}}.")]
    NotJson,
    /// JSON, but a list, a number, a text, …
    #[error("A frame is a JSON object, such as {{\"type\":\"message\",\"content\":\"hi\"}}.")]
    NotObject,
    /// A key holds a value of the wrong type.
    #[error("\"{0}\" must be a string.")]
    NotString(&'static str),
    /// A key that is needed is missing.
    #[error("\"{0}\" is missing.")]
    Missing(&'static str),
}

impl ClientFrame {
    /// Reads the frame in `bytes`.
    pub fn parse(bytes: &[u8]) -> Result<Self, FrameError> {
        let value: Value = serde_json::from_slice(bytes).map_err(|_| FrameError::NotJson)?;
        let Value::Object(mut keys) = value else { return Err(FrameError::NotObject) };
        let kind = take(&mut keys, "type")?.ok_or(FrameError::Missing("type"))?;
        Ok(match kind.as_str() {
            "join" => {
                Self::Join(Join { username: take(&mut keys, "username")?, token: take(&mut keys, "token")? })
            }
            "message" => Self::Message(Post {
                content: take(&mut keys, "content")?.ok_or(FrameError::Missing("content"))?,
                nonce: take(&mut keys, "nonce")?,
            }),
            "who" => Self::Who,
            _ => Self::Unknown,
        })
    }

    /// The frame as JSON. An [`ClientFrame::Unknown`] is an empty object.
    pub fn to_json(&self) -> String {
        let mut value = match self {
            Self::Join(join) => json!({"type": "join", "username": join.username, "token": join.token}),
            Self::Message(post) => json!({"type": "message", "content": post.content, "nonce": post.nonce}),
            Self::Who => json!({"type": "who"}),
            Self::Unknown => json!({}),
        };
        if let Value::Object(keys) = &mut value {
            keys.retain(|_, value| !value.is_null());
        }
        value.to_string()
    }
}

/// The text under `key`; `null` counts as absent.
fn take(keys: &mut Map<String, Value>, key: &'static str) -> Result<Option<String>, FrameError> {
    match keys.remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(FrameError::NotString(key)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_decentras_frames_are_read() {
        assert_eq!(
            ClientFrame::parse(br#"{"type":"join","username":"Alice"}"#),
            Ok(ClientFrame::Join(Join { username: Some("Alice".into()), token: None }))
        );
        assert_eq!(
            ClientFrame::parse(br#"{"type":"message","content":"hi","mood":7}"#),
            Ok(ClientFrame::Message(Post { content: "hi".into(), nonce: None }))
        );
    }

    #[test]
    fn unknown_types_are_no_error() {
        assert_eq!(ClientFrame::parse(br#"{"type":"dance"}"#), Ok(ClientFrame::Unknown));
    }

    #[test]
    fn a_bad_frame_says_what_is_wrong() {
        let deep = "[".repeat(10_000);
        for (bytes, error) in [
            (&b"hello"[..], FrameError::NotJson),
            (b"", FrameError::NotJson),
            (b"\xff\xfe", FrameError::NotJson),
            (deep.as_bytes(), FrameError::NotJson),
            (b"[]", FrameError::NotObject),
            (b"null", FrameError::NotObject),
            (b"{}", FrameError::Missing("type")),
            (br#"{"type":1}"#, FrameError::NotString("type")),
            (br#"{"type":"join","username":{}}"#, FrameError::NotString("username")),
            (br#"{"type":"message"}"#, FrameError::Missing("content")),
            (br#"{"type":"message","content":["hi"]}"#, FrameError::NotString("content")),
        ] {
            assert_eq!(ClientFrame::parse(bytes), Err(error));
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for frame in [
            ClientFrame::Join(Join { username: Some("Ana".into()), token: None }),
            ClientFrame::Message(Post { content: "\u{1b} \"x\"".into(), nonce: Some("n1".into()) }),
            ClientFrame::Who,
        ] {
            assert_eq!(ClientFrame::parse(frame.to_json().as_bytes()), Ok(frame));
        }
    }
}
