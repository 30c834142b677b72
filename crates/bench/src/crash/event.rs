//! What happens to messages, as the gateway and the database's log tell it.

use std::borrow::Cow;

use anyhow::{Context, Result};
use serde::Deserialize;

/// One thing that happened to a message. Within a run, none happens twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// What.
    pub(super) kind: Kind,
    /// The channel that the message stands in.
    pub(super) channel: i64,
    /// The message.
    pub(super) message: i64,
    /// Its text, if that is new; the emoji, if it is about one.
    pub(super) words: String,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It was posted.
    Created,
    /// Its text was changed.
    Edited,
    /// It was deleted.
    Deleted,
    /// An emoji was put under it.
    Reacted,
    /// An emoji was taken away.
    Unreacted,
}

/// The `d` of such a dispatch.
#[derive(Debug, Deserialize)]
pub(super) struct Body<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    message_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    channel_id: Cow<'a, str>,
    #[serde(borrow)]
    content: Option<Cow<'a, str>>,
    #[serde(borrow)]
    emoji: Option<Emoji<'a>>,
}

#[derive(Debug, Deserialize)]
struct Emoji<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
}

impl Kind {
    /// What a dispatch of this name says; `None` if it is not about a message.
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "MESSAGE_CREATE" => Self::Created,
            "MESSAGE_UPDATE" => Self::Edited,
            "MESSAGE_DELETE" => Self::Deleted,
            "MESSAGE_REACTION_ADD" => Self::Reacted,
            "MESSAGE_REACTION_REMOVE" => Self::Unreacted,
            _ => return None,
        })
    }

    /// What happened by this, `body` being the `d` of the dispatch.
    pub(super) fn event(self, body: Body<'_>) -> Result<Event> {
        let message = body.message_id.or(body.id).context("a dispatch about no message")?.parse()?;
        let words = match self {
            Self::Created | Self::Edited => body.content.context("a message without text")?.into_owned(),
            Self::Deleted => String::new(),
            Self::Reacted | Self::Unreacted => {
                body.emoji.context("a reaction without emoji")?.name.into_owned()
            }
        };
        Ok(Event { kind: self, channel: body.channel_id.parse()?, message, words })
    }
}

#[cfg(test)]
pub(super) fn created(message: i64) -> Event {
    Event { kind: Kind::Created, channel: 1, message, words: format!("text {message}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_what_its_dispatch_says() {
        let read = |name, body| Kind::of(name).unwrap().event(serde_json::from_str(body).unwrap()).unwrap();
        let create = r#"{"id":"7","channel_id":"1","content":"text 7","author":{"id":"9"}}"#;
        assert_eq!(read("MESSAGE_CREATE", create), created(7));
        let reaction = r#"{"user_id":"9","channel_id":"1","message_id":"7","emoji":{"id":null,"name":"x"}}"#;
        let words = "x".to_owned();
        let expected = Event { kind: Kind::Reacted, channel: 1, message: 7, words };
        assert_eq!(read("MESSAGE_REACTION_ADD", reaction), expected);
        assert_eq!(Kind::of("TYPING_START"), None);
    }
}
