//! A message in the lobby, by what those who look for loss know it by; and how they write and read one.

use anyhow::{Context, Result, bail, ensure};
use decentra_model::lobby::{ClientFrame, History, Post, PostedFrame, ServerFrame};

use crate::websocket::{Frame, Opcode, client_text};

/// A message, by what identifies it to the server and to us.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Entry {
    /// Its snowflake.
    pub(crate) id: i64,
    /// Its text, which is unique among those of a run.
    pub(crate) content: String,
}

impl Entry {
    /// What identifies the message in `posted`.
    pub(crate) fn of(posted: &PostedFrame) -> Result<Self> {
        let id = posted.id.context("our server's messages have ids")?.to_i64();
        Ok(Self { id, content: posted.content.clone() })
    }

    /// What is in `history`.
    pub(crate) fn all_of(history: &History) -> Result<Vec<Self>> {
        let entries = history.messages.iter().map(|frame| match frame {
            ServerFrame::Message(posted) => Self::of(posted),
            other => bail!("a history of messages holds {other:?}"),
        });
        entries.collect()
    }
}

/// The name of writer `number`.
pub(crate) fn name(number: usize) -> String {
    format!("w{number:02}")
}

/// What the texts of writer `number` begin with.
pub(crate) fn prefix(number: usize) -> String {
    format!("{}-", name(number))
}

/// The text of the `serial`th message of writer `number`.
pub(crate) fn content(number: usize, serial: u64) -> String {
    format!("{}{serial:010}", prefix(number))
}

/// The frame that posts that message. Its text is unique, and so serves as its nonce.
pub(crate) fn post(number: usize, serial: u64) -> Vec<u8> {
    let content = content(number, serial);
    let post = ClientFrame::Message(Post { content: content.clone(), nonce: Some(content) });
    client_text(&post.to_json())
}

/// The lobby's frame in `frame`.
pub(crate) fn lobby_frame(frame: &Frame<'_>) -> Result<ServerFrame> {
    ensure!(frame.opcode == Opcode::Text, "not a text frame: {frame:?}");
    let text = std::str::from_utf8(frame.payload)?;
    ServerFrame::parse(text).with_context(|| format!("not a frame of the lobby: {text}"))
}
