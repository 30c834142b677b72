//! What happens in the lobby, for people to see.

use decentra_model::Nonce;
use decentra_model::lobby::{Presence, Who};

use super::When;

/// Something that a screen should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A connection is being made.
    Connecting,
    /// One is in the lobby. What was missed follows as [`Event::Said`].
    Entered(Entered),
    /// The connection is gone, and why; it is made again by itself.
    Away(String),
    /// Someone said something that was not shown before.
    Said(Said),
    /// The server tells something, or one's own program does.
    Noticed(Notice),
    /// Between what was shown and what follows, the server's history has a hole.
    Missed,
    /// The answer to the question who is here.
    Who(Who),
    /// A message of one's own waits to be confirmed.
    Queued(Pending),
    /// The message with this nonce waits, for this reason.
    Held(Nonce, String),
    /// The message with this nonce is confirmed, and was shown before.
    Settled(Nonce),
    /// A message of one's own will not be said.
    Failed(Failure),
}

/// How one entered the lobby.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// The name that one goes by.
    pub you: String,
    /// Who is here, oneself included, where the server tells.
    pub who: Option<Who>,
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Who said it.
    pub by: String,
    /// What was said.
    pub text: String,
    /// When.
    pub when: When,
    /// Whether it is one's own.
    pub mine: bool,
    /// The [`Pending`] message that this confirms.
    pub confirms: Option<Nonce>,
}

/// Something to tell that nobody said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What to show.
    pub text: String,
    /// When.
    pub when: When,
    /// Who came or went, where it is known.
    pub presence: Option<Presence>,
    /// How it is meant.
    pub tone: Tone,
}

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Plain,
    /// Something went wrong.
    Trouble,
}

/// A message that waits to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// What tells it from every other.
    pub nonce: Nonce,
    /// What is to be said.
    pub text: String,
}

/// A message that will not be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The message.
    pub pending: Pending,
    /// Why not, in a sentence.
    pub why: String,
}
