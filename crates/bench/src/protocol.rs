//! What differs between the protocols in which a room can be driven.

use std::fmt::Debug;

use anyhow::Result;

use crate::inbox::Piece;

/// As much of a protocol as both ends of a room need.
pub trait Protocol: Debug + Sync {
    /// Splits the first whole piece off `bytes`; `None` while it is not all there.
    fn split<'a>(&self, bytes: &'a [u8]) -> Result<Option<(Piece<'a>, &'a [u8])>>;

    /// Appends the answer to a ping that carried `question`.
    fn put_pong(&self, question: &[u8], out: &mut Vec<u8>);

    /// Appends what a client sends to say `content` to everyone.
    fn put_message(&self, content: &str, out: &mut Vec<u8>);

    /// How a message looks to whoever receives it.
    fn look(&self) -> Look;

    /// Whether everyone sees the messages of all senders in one order; those of one sender always keep theirs.
    fn has_one_order(&self) -> bool {
        true
    }
}

/// How a message looks to whoever receives it.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// What it may begin with.
    pub heads: &'static [&'static [u8]],
    /// What stands just before the content, and nowhere earlier.
    pub before: &'static [u8],
}
