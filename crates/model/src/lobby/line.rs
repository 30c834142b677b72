//! What is said in the lobby, as its protocol knows it.

use crate::{Body, Id, Message, Name, Nonce, Timestamp};

/// A message of the lobby.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place among all messages: later ones have greater ids.
    pub id: Id,
    /// Who said it, as they were called then.
    pub author: Name,
    /// What was said.
    pub body: Body,
    /// When the server took it.
    pub timestamp: Timestamp,
    /// The mark that its author's client put on it.
    pub nonce: Option<Nonce>,
}

/// Text that has not yet become a [`Line`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who wants to say it.
    pub author: Name,
    /// What they want to say.
    pub body: Body,
    /// The mark that their client put on it.
    pub nonce: Option<Nonce>,
}

impl Line {
    /// A message of the channel behind the lobby, `author` being what whoever wrote it is called.
    ///
    /// What could act on a terminal is taken out, and what is not text is said in words: `None`, if nothing is left.
    pub fn of(message: &Message, author: Name, nonce: Option<&str>) -> Option<Self> {
        let printable: String =
            message.content.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        let embeds = message.extra.embeds.iter();
        let shown = embeds.flat_map(|embed| [embed.title.as_deref(), embed.description.as_deref()]).flatten();
        let body = Body::parse(&printable).or_else(|_| {
            let text: Vec<&str> = shown.collect();
            let text: String = text.join("\n").chars().filter(|c| !c.is_control()).take(2_000).collect();
            Body::parse(&text)
        });
        let nonce = nonce.and_then(|nonce| Nonce::parse(nonce).ok());
        Some(Self { id: message.id, author, body: body.ok()?, timestamp: message.timestamp, nonce })
    }
}
