//! What is asked of the server, in which proportion.

/// One kind of thing that is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A message is posted over HTTP.
    Post,
    /// A page of history is read over HTTP, of the channel that is posted in.
    Read,
    /// A guest says something in the lobby.
    Say,
}

impl Kind {
    /// All kinds, each at the place of its number.
    pub(super) const ALL: [Self; 3] = [Self::Post, Self::Read, Self::Say];

    /// Its number.
    pub(super) fn number(self) -> usize {
        self as usize
    }
}

/// The order in which things are asked, again and again: of sixteen, eight are posts, seven are pages of history, and one is
/// said in the lobby, where everyone is told of everything.
pub(super) const MIX: [Kind; 16] = {
    use Kind::{Post, Read, Say};
    [Post, Read, Post, Read, Post, Read, Post, Read, Post, Read, Post, Read, Post, Read, Post, Say]
};
